package people_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// rebuilt asserts that every view of an account or a terminal is what its stream alone gives.
func (s *site) rebuilt(t failer) {
	t.Helper()
	stored, derived := map[string]string{}, map[string]string{}
	for doc, err := range s.log.Views(s.ctx, "") {
		require.NoError(t, err)
		stored[doc.Key] = string(doc.Data)
	}
	for _, p := range []ledger.Projection{people.Projection(), people.TerminalProjection()} {
		for head, err := range s.log.Streams(s.ctx, p.Prefix) {
			require.NoError(t, err)
			views, err := p.Views(nil, s.log.Stream(s.ctx, head.Stream, 0))
			require.NoError(t, err)
			for key, doc := range views {
				derived[key] = string(doc)
			}
		}
	}
	require.Equal(t, derived, stored)
}

func TestViewsAreRebuiltToTheSameBytes(t *testing.T) {
	s := newSite(t, func(o *people.Options) { o.Statement = "I answer for what I sign." })
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.QA, people.QP)
	session, _ := s.enter(t, "eva")
	require.NoError(t, s.AcceptStatement(s.ctx, session, password))
	require.NoError(t, s.SetLang(s.ctx, session, "de"))
	s.fail(t, "ana", 5)
	_, err := s.Unlock(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, err = s.Disable(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, _, err = s.Enable(s.ctx, root, "ana", why)
	require.NoError(t, err)
	s.rebuilt(t)

	// Without any view everything still works: the entries are the record.
	before, err := s.People(s.ctx)
	require.NoError(t, err)
	require.NoError(t, s.log.ReplaceViews(s.ctx, nil))
	person, err := s.Person(s.ctx, "eva")
	require.NoError(t, err)
	require.Equal(t, before[1], person)
	s.enter(t, "eva")
	s.enter(t, "eva")
}

func TestUnknownEntryTypeIsNotPassedOver(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, err := s.log.Append(s.ctx, ledger.Append{Author: root, Streams: []ledger.StreamAppend{{
		Stream: "account/ana", Expected: uint64(len(s.entries(t, "ana"))), Drafts: []ledger.Draft{{Type: "account.of-tomorrow", Data: struct{}{}}},
	}}})
	require.NoError(t, err)
	_, _, err = s.SignIn(s.ctx, "ana", password, "T1")
	require.ErrorContains(t, err, "account.of-tomorrow")
}

func TestCopiesOfTheDirectoryAgree(t *testing.T) {
	s := newSite(t)
	other, err := people.Open(s.log, s.opt)
	require.NoError(t, err)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token, err := other.SignIn(s.ctx, "ana", password, "T2")
	require.NoError(t, err)
	_, err = s.Session(s.ctx, token)
	require.NoError(t, err)
	s.fail(t, "ana", 5)
	_, err = other.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
}

func TestOpenNamesTheWrongOption(t *testing.T) {
	s := newSite(t)
	good := s.opt
	for _, c := range []struct {
		name   string
		change func(*people.Options)
	}{
		{"Site", func(o *people.Options) { o.Site = "" }},
		{"Zone", func(o *people.Options) { o.Zone = nil }},
		{"Cost", func(o *people.Options) { o.Cost.Memory = 1 << 30 }},
		{"Idle", func(o *people.Options) { o.Idle = -1 }},
		{"Failures", func(o *people.Options) { o.Failures = -1 }},
	} {
		opt := good
		c.change(&opt)
		_, err := people.Open(s.log, opt)
		require.ErrorContains(t, err, "Options."+c.name)
	}
	_, err := people.Open(nil, good)
	require.Error(t, err)
	directory, err := people.Open(s.log, people.Options{Site: good.Site, Zone: good.Zone})
	require.NoError(t, err)
	require.Equal(t, "ES-SVQ", directory.Site())
}
