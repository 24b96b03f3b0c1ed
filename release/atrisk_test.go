package release_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/plantest"
)

// A step waits for what comes before it, unless the recipe lets it begin at risk: with a reason, as an exception for QA, and
// named in the certificate.
func TestStepBegunAtRisk_26(t *testing.T) {
	s := beforeBy(t, "S29", plantest.YieldAtRisk...)
	start := func(id string) error {
		return s.Batches.Start(bg, s.As(s.step(id).Step.Performer, false), s.number, 0, id)
	}
	risk := func(id, reason string) error {
		return s.Batches.BeginAtRisk(bg, s.As(s.step(id).Step.Performer, false), s.number, 0, id, reason)
	}
	const why = "the counter is being serviced and the product would expire"
	refusedAs(t, "out-of-order", start("S33"))
	refusedAs(t, "out-of-order", risk("S31", why)) // its dose is computed from the count

	s.Step(s.number, s.step("S29").Step)
	refusedAs(t, "at-risk", start("S31"))
	refusedAs(t, "out-of-order", risk("S33", why)) // the steps between come first
	refusedAs(t, "no-risk", risk("S30", why))
	refusedAs(t, "reason-missing", risk("S31", " "))
	require.Equal(t, []batch.Task{{Step: "S30", Status: batch.Waiting, Role: "qc-analyst"}}, s.batch().Worklist().Waiting, "nobody is asked to take a risk")
	for _, id := range []string{"S31", "S32", "S33"} {
		require.NoError(t, risk(id, why), id)
		s.Step(s.number, s.step(id).Step)
	}
	refusedAs(t, "out-of-order", start("S34"))
	s.Play(s.number, "")
	found := s.found(batch.BegunAtRisk)
	require.Len(t, found, 3)
	require.Equal(t, "S30", found[2].Value)
	require.Contains(t, found[2].What, why)
	require.Equal(t, people.QA, found[2].Class.Owner())

	require.ErrorContains(t, s.Act(s.number, mbr.ActQAReview), "is not assessed")
	qa := s.As(people.QA, false)
	for _, e := range found {
		require.NoError(t, s.Batches.Assess(bg, qa, s.number, 0, e.ID, batch.Minor, "the yield was within its limits", s.Sign(qa.Account, people.QA)))
	}
	require.NoError(t, s.Act(s.number, mbr.ActQAReview))
	require.NoError(t, s.Act(s.number, mbr.ActCertification))
	for ref, err := range s.Release.Certificates(bg) {
		require.NoError(t, err)
		pdf, _, err := s.Release.Certificate(bg, ref.Number)
		require.NoError(t, err)
		text := strings.Join(strings.Fields(papertest.Text(t, pdf)), " ")
		require.Contains(t, text, "S33: begun at risk before S30 was done: "+why)
	}
	s.rebuilt(t, s.number)
}

// What was split from a batch keeps that a step before the split was begun at risk.
func TestRiskIsKeptAfterASplit_26(t *testing.T) {
	s := beforeBy(t, "S10", [2]string{"            performer: operator\n            material: true\n            area: receipt\n            training: [SOP-PR-002]\n            duration: 5 min\n            equipment:\n              - {kind: balance,", "            performer: operator\n            material: true\n            at_risk: [S10]\n            area: receipt\n            training: [SOP-PR-002]\n            duration: 5 min\n            equipment:\n              - {kind: balance,"})
	require.NoError(t, s.Batches.BeginAtRisk(bg, s.As(people.Operator, false), s.number, 0, "S11", "the reader of loggers is being repaired"))
	s.Step(s.number, s.step("S11").Step)
	s.Play(s.number, "S15")
	whole := s.found(batch.BegunAtRisk)
	require.Len(t, whole, 1)
	qa := s.As(people.QA, false)
	require.NoError(t, s.Batches.Assess(bg, qa, s.number, 0, whole[0].ID, batch.Minor, "the logger was read before the work began", s.Sign(qa.Account, people.QA)))
	ml := func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	children, err := s.Batches.Split(bg, s.As(people.ProductionLead, false), s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	s.number = children[0]
	kept := s.found(batch.BegunAtRisk)
	require.Equal(t, whole, kept, "to be assessed for what was split from it as well, and named in its certificate")
	s.rebuilt(t, s.number)
}
