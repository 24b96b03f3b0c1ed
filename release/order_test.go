package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/people"
)

// known enrols the patient of the shift's batch.
func (s *shift) known() {
	s.t.Helper()
	require.NoError(s.t, s.Vault.Enrol(bg, s.As(people.Coordinator, false), "3401-001", vault.Identity{Number: "NHC 1", Family: "Ruiz", Given: "Ana", Birth: "1950-01-02", Country: "ES"}))
}

func (s *shift) amend(values map[string]batch.Input, role people.Role) error {
	by := s.As(role, false)
	return s.Batches.Amend(bg, by, s.number, 0, values, "the wound is on the other leg", s.Sign(by.Account, role))
}

func TestWithdrawalAfterHarvest_47(t *testing.T) {
	s := before(t, "S15")
	s.known()
	investigator := s.As(people.Investigator, false)
	refusedAs(t, "collected-already", s.Batches.AskToStop(bg, investigator, s.number, 0, batch.EndCancelled, "the patient changed her mind"))
	require.NoError(t, s.Batches.AskToStop(bg, investigator, s.number, 0, batch.EndWithdrawn, "withdrew on the telephone", batch.Retained))
	require.True(t, s.batch().Over(), "it stops at once where nothing is half way")
	b, event := s.State(s.number)
	left := b.Undisposed(event)
	require.NotEmpty(t, left, "a task for each container")
	operator := s.As(people.Operator, false)
	refusedAs(t, "beyond-consent", s.Batches.Dispose(bg, operator, s.number, 0, left[0].ID.String(), left[0].Label, batch.Research, "given to the biobank"))
	require.NoError(t, s.Batches.Dispose(bg, operator, s.number, 0, left[0].ID.String(), left[0].Label, batch.Retained, "kept as the consent says"))
	s.disposeAll()
	require.False(t, s.batch().ClosedAt.IsZero())
	nurse := s.As(people.Nurse, false)
	_, err := s.Vault.Look(bg, nurse, "3401-001", "question of a relative")
	refusedAs(t, "identity-restricted", err)
	_, err = s.Vault.Look(bg, investigator, "3401-001", "safety report of the trial")
	require.NoError(t, err, "restricted, not erased")
}

func TestDeathBeforeInfusion_48(t *testing.T) {
	s := before(t, "S46")
	s.known()
	require.NoError(t, s.Batches.AskToStop(bg, s.As(people.Investigator, false), s.number, 0, batch.EndDied, "died in hospital", []batch.Disposition{}...))
	require.True(t, s.batch().Over())
	b, event := s.State(s.number)
	left := b.Undisposed(event)
	require.NotEmpty(t, left, "a task for each container")
	require.NotNil(t, b.MayLeave(s.Clock.Now()), "not administered")
	refusedAs(t, "beyond-consent", s.Batches.Dispose(bg, s.As(people.Operator, false), s.number, 0, left[0].ID.String(), left[0].Label, batch.Retained, "kept for nothing"))
	s.disposeAll()
	require.False(t, s.batch().ClosedAt.IsZero(), "the last container closes the batch")
}

func TestWrongLimb_52(t *testing.T) {
	s := before(t, "S02")
	refusedAs(t, "order-accepted", s.correct("S01", "body_weight", "71.0"))
	left := map[string]batch.Input{"index_limb": {Text: "left"}}
	was, _ := s.batch().Value("S01.index_limb")
	if was.Value.Text == "left" {
		left["index_limb"] = batch.Input{Text: "right"}
	}
	for _, role := range []people.Role{people.Coordinator, people.QA} {
		refusedAs(t, "may-not-amend", s.amend(left, role))
	}
	require.NoError(t, s.amend(left, people.Investigator))
	now, _ := s.batch().Value("S01.index_limb")
	require.Equal(t, left["index_limb"].Text, now.Value.Text)
	_, event := s.State(s.number)
	require.Len(t, event.Amendments, 1)
	require.Equal(t, was.Value.Text, event.Amendments[0].Changes[0].From)
	require.Equal(t, "investigator", event.Amendments[0].Signature.Role)
	require.Equal(t, batch.ToVerify, s.step("S01").Status, "the plant accepts the order again")
	refusedAs(t, "nothing-changed", s.amend(left, people.Investigator))
	s.Verify(s.number, s.step("S01").Step)
	require.Equal(t, batch.Done, s.step("S01").Status)
}

func TestCancelledOrder(t *testing.T) {
	s := before(t, "S02")
	coordinator := s.As(people.Coordinator, false)
	require.NoError(t, s.Batches.AskToStop(bg, coordinator, s.number, 0, batch.EndCancelled, "the patient has a fever"))
	require.False(t, s.batch().ClosedAt.IsZero(), "nothing was made, so nothing is left to do")
	refusedAs(t, "batch-closed", s.amend(map[string]batch.Input{"body_weight": {Text: "70.0"}}, people.Investigator))
	treated, err := s.Batches.Treated(bg, "3401-001")
	require.NoError(t, err)
	require.False(t, treated)
}
