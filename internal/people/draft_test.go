package people_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

var mass = people.Place{Batch: "SVQ26000001K", Step: "S11", Field: "gross_mass"}

func (s *site) size(t failer) uint64 {
	t.Helper()
	head, err := s.log.Head(s.ctx)
	require.NoError(t, err)
	return head.Size
}

func TestDraftOutlivesSessionAndServer_DI19(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	ana, token := s.enter(t, "ana")
	before := s.size(t)
	require.NoError(t, s.KeepDraft(s.ctx, ana, mass, "143"))
	require.NoError(t, s.KeepDraft(s.ctx, ana, mass, "143.6"))
	require.Equal(t, before, s.size(t), "a draft is no entry")
	at := s.now()
	require.NoError(t, s.SignOut(s.ctx, token))
	s.pass(16 * time.Minute)
	s.reopen()
	refused(t, s.KeepDraft(s.ctx, ana, mass, "1"), "I3", "no-session")
	ana, _ = s.enter(t, "ana")
	got, err := s.Drafts(s.ctx, ana, mass.Batch)
	require.NoError(t, err)
	require.Equal(t, []people.Draft{{Batch: mass.Batch, Step: "S11", Field: "gross_mass", Account: "ana", Text: "143.6", At: at}}, got)
}

func TestDraftIsItsAuthorsAlone_DI19_I7(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	ana, _ := s.enter(t, "ana")
	require.NoError(t, s.KeepDraft(s.ctx, ana, mass, "143.6"))
	s.pass(time.Second)
	eva, _ := s.enter(t, "eva")
	require.NoError(t, s.DropDraft(s.ctx, eva, mass)) // she has none
	require.NoError(t, s.KeepDraft(s.ctx, eva, mass, "99"))
	got, err := s.Drafts(s.ctx, eva, mass.Batch)
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.Equal(t, "99", got[0].Text)
	require.Equal(t, "ana", got[1].Account)
	require.Empty(t, got[1].Text, "who and when, not what")
	require.NoError(t, s.DropDraft(s.ctx, eva, mass))
	got, err = s.Drafts(s.ctx, ana, mass.Batch)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "143.6", got[0].Text)
	require.NoError(t, s.EndDrafts(s.ctx, eva, mass)) // she confirmed the field
	got, err = s.Drafts(s.ctx, ana, mass.Batch)
	require.NoError(t, err)
	require.Empty(t, got)
	require.NoError(t, s.EndDrafts(s.ctx, eva, mass))
}

func TestDraftsAreBounded_DI19(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	ana, _ := s.enter(t, "ana")
	refused(t, s.KeepDraft(s.ctx, ana, mass, strings.Repeat("x", 501)), "DI-19", "draft-large")
	refused(t, s.KeepDraft(s.ctx, ana, mass, "\xff"), "DI-19", "draft-large")
	for _, place := range []people.Place{{}, {Batch: "B/1", Step: "S", Field: "f"}, {Batch: "B", Step: "S", Field: strings.Repeat("f", 49)}, {Batch: "B", Step: "S", Field: "f\n"}} {
		refused(t, s.KeepDraft(s.ctx, ana, place, "1"), "DI-19", "draft-place")
		refused(t, s.DropDraft(s.ctx, ana, place), "DI-19", "draft-place")
		refused(t, s.EndDrafts(s.ctx, ana, place), "DI-19", "draft-place")
	}
	_, err := s.Drafts(s.ctx, ana, "a/b")
	refused(t, err, "DI-19", "draft-place")
	for i := range 96 {
		require.NoError(t, s.KeepDraft(s.ctx, ana, people.Place{Batch: "B", Step: "S", Field: fmt.Sprint("f", i)}, "1"))
	}
	refused(t, s.KeepDraft(s.ctx, ana, people.Place{Batch: "B", Step: "S", Field: "f96"}, "1"), "DI-19", "draft-many")
	require.NoError(t, s.KeepDraft(s.ctx, ana, people.Place{Batch: "B", Step: "S", Field: "f7"}, "2"), "one's own is replaced")
	require.NoError(t, s.KeepDraft(s.ctx, ana, people.Place{Batch: "B2", Step: "S", Field: "f"}, "1"))
}

func TestOldDraftsAreDropped_DI19(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	ana, _ := s.enter(t, "ana")
	require.NoError(t, s.KeepDraft(s.ctx, ana, mass, "143.6"))
	s.pass(7 * 24 * time.Hour)
	ana, _ = s.enter(t, "ana")
	got, err := s.Drafts(s.ctx, ana, mass.Batch)
	require.NoError(t, err)
	require.Len(t, got, 1)
	s.pass(time.Second)
	got, err = s.Drafts(s.ctx, ana, mass.Batch)
	require.NoError(t, err)
	require.Empty(t, got)
	other := mass
	other.Field = "tare"
	require.NoError(t, s.KeepDraft(s.ctx, ana, other, "1"))
	kept := 0
	for _, err := range s.log.Secrets(s.ctx, "draft/") {
		require.NoError(t, err)
		kept++
	}
	require.Equal(t, 1, kept, "what is too old is destroyed with the next change")
}
