package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// What is found out when the product has been given already reaches the batch all the same: a balance out of tolerance
// (scenario 23), a recalled lot (24) and a plate that turns positive (29). The certificate stays as it was signed.
func TestFoundOutAfterTheInfusion_23_24_29(t *testing.T) {
	p, s, ss, number := released(t, "S48")
	sh := &shift{Crew: p.crew(s, ss), t: t, number: number}
	st, _ := sh.batch().Step("S47")
	require.Equal(t, batch.Done, st.Status, "it was given")
	certified, standing := sh.batch().Act(mbr.ActCertification)
	require.True(t, standing)

	id, lead := equipment.ID(sh.Value("device:balance")), sh.As(people.ProductionLead, false)
	due, err := sh.Batches.Equipment().Due("2027-11-22")
	require.NoError(t, err)
	require.NoError(t, sh.Batches.CheckDevice(bg, lead, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
		return d.Calibrate(lead, now, equipment.Checking{At: now, Passed: true, Due: due, AsFound: equipment.OutOfTolerance, Reference: "CAL-9", Remark: "as found 0.9 g off"})
	}))
	d := sh.device(string(id))
	require.Equal(t, []string{number}, d.Findings[0].Batches(), "all batches since the last good check")
	doubts := sh.found(batch.DeviceOut)
	require.NotEmpty(t, doubts)
	for _, e := range doubts {
		at, _ := sh.batch().Step(e.Step)
		values := 0
		for _, f := range at.Fields {
			if _, ok := f.Current(); ok {
				values++
			}
		}
		require.Positive(t, values, "%s has the values that were measured with it", e.Step)
	}

	lot, err := sh.Batches.Materials().Load(bg, sh.Lots("gradient-medium")[0].Number)
	require.NoError(t, err)
	require.Equal(t, "3401-001", lot.Uses[0].Subject, "listed by patient")
	open := sh.batch().Worklist().Open
	require.NoError(t, sh.Batches.Materials().Block(bg, sh.As(people.QA, false), lot.Number, 0, "recalled by its maker"))
	_, held := sh.batch().Held()
	require.False(t, held, "there is nothing to hold any more")
	require.Len(t, sh.found(batch.OnHold), 1)
	require.Equal(t, open+1, sh.batch().Worklist().Open, "a task for QA")
	require.Equal(t, people.QA, batch.OnHold.Owner())

	fill, room := sh.step("S33"), ""
	for i, err := range sh.Batches.Areas().Items(bg) {
		require.NoError(t, err)
		if i.Kind == "aseptic" {
			room = i.ID
		}
	}
	require.NoError(t, sh.Batches.Areas().Place(bg, sh.As(people.Operator, false), room, area.Plate{ID: "GLO-9", Kind: area.GlovePlate, Position: "right glove", From: fill.StartedAt, To: fill.CompletedAt}))
	require.NoError(t, sh.Batches.Areas().Read(bg, sh.As(people.QCAnalyst, false), room, "GLO-9", 2, "S. epidermidis"))
	linked := sh.found(batch.Environment)
	require.Len(t, linked, 1)
	require.Contains(t, linked[0].Steps, "S33")
	require.NotEmpty(t, sh.batch().Deviations, "under a deviation, to be assessed before the final certification")

	again, standing := sh.batch().Act(mbr.ActCertification)
	require.True(t, standing, "what becomes known later does not withdraw the certificate")
	require.Equal(t, certified.Seq, again.Seq)
	sh.rebuilt(t, number)
}

// A control that fails when the product is certified and released, but not given, holds it: what the certificate rests on is in
// doubt, and the product does not leave (scenario 33, I10). The certificate stays as it was signed.
func TestFailedControlAfterCertificationHoldsTheBatch_33(t *testing.T) {
	p, s, ss, number := released(t, "S46")
	sh := &shift{Crew: p.crew(s, ss), t: t, number: number}
	require.Nil(t, sh.batch().MayLeave(p.Clock.Now()))
	sh.control(false)
	h, held := sh.batch().Held()
	require.True(t, held)
	require.Equal(t, batch.HoldDevice, h.Cause)
	refusedAs(t, "batch-held", sh.batch().MayLeave(p.Clock.Now()))
	require.NotEmpty(t, sh.found(batch.InvalidTest), "its results are not usable until they are measured again")
	_, standing := sh.batch().Act(mbr.ActCertification)
	require.True(t, standing)
	sh.control(false)
	require.Len(t, sh.batch().Holds, 1, "the same doubt is not raised twice")
	sh.rebuilt(t, number)
}

// QA does not let a certified batch go on with results that are not usable: they are measured again, or the deviation on them is
// approved (scenario 33, AT-59).
func TestCertifiedBatchDoesNotGoOnWithUnusableResults_33(t *testing.T) {
	doubted := func(t *testing.T) (*plant, *shift, func() error) {
		p, s, ss, number := released(t, "S46")
		sh := &shift{Crew: p.crew(s, ss), t: t, number: number}
		sh.control(false)
		h, held := sh.batch().Held()
		require.True(t, held)
		goOn := func() error {
			return p.batches.LetGoOn(bg, sh.As(people.QA, false), number, 0, h.ID, "the other analyser counted the same")
		}
		refusedAs(t, "results-unusable", goOn())
		return p, sh, goOn
	}
	t.Run("measured again", func(t *testing.T) {
		_, sh, goOn := doubted(t)
		sh.control(true)
		refusedAs(t, "results-unusable", goOn())
		for _, step := range []string{"S13", "S29", "S37"} {
			for _, f := range sh.step(step).Step.FieldsAt("ES-SVQ") {
				if c, ok := sh.step(step).Fields[f.ID].Current(); ok && (f.Type == mbr.TypeDecimal || f.Type == mbr.TypeInt) {
					require.NoError(t, sh.correct(step, f.ID, c.Value.Number.Number()), f.ID)
				}
			}
		}
		require.NoError(t, goOn())
		refusedAs(t, "ship-before-release", sh.batch().MayLeave(sh.Clock.Now()))
	})
	t.Run("the deviation is approved", func(t *testing.T) {
		p, sh, goOn := doubted(t)
		b := sh.batch()
		d, qa := b.Deviations[len(b.Deviations)-1], sh.As(people.QA, false)
		require.NoError(t, p.batches.Classify(bg, qa, b.Number, 0, d.Number, batch.Major, "2026-12-24"))
		require.NoError(t, p.batches.Investigate(bg, sh.As(people.ProductionLead, false), b.Number, 0, d.Number, "the control blood had run out of date", "none, the patient's samples were counted right", ""))
		refusedAs(t, "results-unusable", goOn())
		require.NoError(t, p.batches.Approve(bg, qa, b.Number, 0, d.Number, p.signer(sh.Sessions[sh.Scenario.Who(people.QA, false)], people.QA)))
		require.NoError(t, goOn())
	})
	t.Run("before it is certified", func(t *testing.T) {
		s := before(t, "S42")
		s.control(false)
		h, _ := s.batch().Held()
		require.NoError(t, s.Batches.LetGoOn(bg, s.As(people.QA, false), s.number, 0, h.ID, "its certification asks for the results"))
	})
}
