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
