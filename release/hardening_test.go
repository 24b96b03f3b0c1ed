package release_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/people"
)

var bg = context.Background()

func typed(text string) batch.Input { return batch.Input{Text: text} }

// ofClass are the exceptions of a class.
func (p *plant) ofClass(number string, class batch.Class) []batch.Exception {
	p.t.Helper()
	found, _ := p.load(number).Exceptions()
	var out []batch.Exception
	for _, e := range found {
		if e.Class == class {
			out = append(out, e)
		}
	}
	return out
}

// confirm is a second person's signature over a step as it stands.
func (p *plant) confirm(s people.Session, role people.Role, number, step, raw string) error {
	p.t.Helper()
	shown, err := p.load(number).Show(step)
	require.NoError(p.t, err)
	digest, err := shown.Digest()
	require.NoError(p.t, err)
	return p.batches.Verify(bg, p.author(s, role), number, 0, batch.Check{Step: step, Shown: digest, Raw: raw}, p.signer(s, role))
}

type verifiedEntry struct{ Step, Scanned string }

// verified is the entry with which a second person confirmed a step.
func (p *plant) verified(number, step string) verifiedEntry {
	p.t.Helper()
	for e, err := range p.log.Stream(bg, batch.Stream(number), 0) {
		require.NoError(p.t, err)
		var d verifiedEntry
		if e.Type == "batch.step-verified" {
			require.NoError(p.t, json.Unmarshal(e.Data, &d))
		}
		if d.Step == step {
			return d
		}
	}
	require.Fail(p.t, "not verified", step)
	return verifiedEntry{}
}

func (p *plant) status(number, step string) batch.Status {
	p.t.Helper()
	st, ok := p.load(number).Step(step)
	require.True(p.t, ok, step)
	return st.Status
}

func TestValueThatCannotBeComputedHasNone_AT55(t *testing.T) {
	p, s, ss, n := reviewed(t, nil)
	require.NoError(t, p.batches.Correct(bg, p.by(s, ss, people.QCAnalyst), n, 0, "S37", "wbc_conc", typed("<0.1"), "analyser reported below range"))
	b := p.load(n)
	for _, f := range []string{"S37.wbc_total", "S37.rbc_per_wbc", "S37.plt_per_wbc"} {
		_, ok := b.Value(f)
		require.False(t, ok, f)
	}
	reviewer := ss[s.who(people.QCReviewer, true)]
	require.NoError(t, p.confirm(reviewer, people.QCReviewer, n, "S37", ""))
	undecidable := p.ofClass(n, batch.Undecidable)
	require.Len(t, undecidable, 4, "what was typed, and three that followed from it")
	found, _ := p.load(n).Exceptions()
	for _, e := range found {
		require.NoError(t, p.assess(s, ss, n, e.ID))
	}
	require.NoError(t, p.act(s, n, mbr.ActQAReview, ss))
	require.Equal(t, []string{"AT-33", "AT-33", "AT-33"}, rules(p.act(s, n, mbr.ActCertification, ss)), "an assessment makes no result")
}

// optional is a plant whose recipe leaves the nucleated red cells and what follows from them optional.
func optional(t *testing.T) (*plant, scenario, map[string]people.Session) {
	t.Helper()
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	var edits [][2]string
	for _, f := range []string{"{id: nrbc,", "{id: wbc_corrected,", "{id: tnc_in,"} {
		edits = append(edits, [2]string{f, f + " required: false,"})
	}
	p.ByRecipe(edits...)
	return p, s, p.enrol(s)
}

func TestOptionalComputedValueIsNotKeptWithoutItsInput_AT55(t *testing.T) {
	p, s, ss := optional(t)
	n := p.open(s, ss, "3401-001", "S31")
	_, ok := p.load(n).Value("S30.tnc_in")
	require.True(t, ok)
	require.NoError(t, p.batches.Correct(bg, p.by(s, ss, people.QCAnalyst), n, 0, "S13", "nrbc", typed("<0.5"), "below the range of the analyser"))
	for _, f := range []string{"S13.wbc_corrected", "S30.tnc_in", "S30.mnc_in", "S30.tnc_recovery"} {
		_, ok := p.load(n).Value(f)
		require.False(t, ok, f)
	}
	require.Equal(t, batch.ToVerify, p.status(n, "S30"))
}

func TestLateInputIsComputedWith_AT55(t *testing.T) {
	p, s, ss := optional(t)
	delete(s.Values["S13"], "nrbc")
	n := p.open(s, ss, "3401-001", "S14")
	_, ok := p.load(n).Value("S13.wbc_corrected")
	require.False(t, ok)
	require.NoError(t, p.batches.Correct(bg, p.by(s, ss, people.QCAnalyst), n, 0, "S13", "nrbc", typed("2"), "was left out by mistake"))
	c, ok := p.load(n).Value("S13.wbc_corrected")
	require.True(t, ok)
	require.Equal(t, "F18 v1", c.Formula)
}

func TestExpiryFollowsItsInputsOrIsNone_I10(t *testing.T) {
	p, s, ss, n := reviewed(t, nil)
	before, ok := p.load(n).Expiry()
	require.True(t, ok)
	f, _ := p.load(n).Value("S32.formulated_at")
	formulated, err := f.Value.Time()
	require.NoError(t, err)
	ph := p.by(s, ss, people.Physician)
	require.NoError(t, p.batches.Correct(bg, ph, n, 0, "S05", "last_pull_at", typed(formulated.Add(time.Hour).Format(time.RFC3339)), "wrong time of the last pull"))
	_, ok = p.load(n).Expiry()
	require.False(t, ok, "a collection after formulation gives no expiry")
	require.Equal(t, batch.ToVerify, p.status(n, "S35"))
	require.Len(t, p.ofClass(n, batch.Undecidable), 1)
	err = p.act(s, n, mbr.ActCertification, ss)
	require.Contains(t, rules(err), "I10")
	require.Contains(t, rules(err), "CS-65")
	require.NoError(t, p.batches.Correct(bg, ph, n, 0, "S05", "last_pull_at", typed(formulated.Add(-24*time.Hour).Format(time.RFC3339)), "wrong time of the last pull"))
	after, ok := p.load(n).Expiry()
	require.True(t, ok)
	require.True(t, after.Before(before))
	require.Equal(t, batch.ToVerify, p.status(n, "S35"), "the labels show another expiry")
	require.NoError(t, p.confirm(ss["jorge"], people.Operator, n, "S35", ""), "who scanned once confirms what is computed without the container")
}

func TestRecomputedStepsGoBackToTheirSecondPerson_I8(t *testing.T) {
	p, s, ss, n := upTo(t, "S32")
	require.NoError(t, p.batches.Correct(bg, p.by(s, ss, people.QCAnalyst), n, 0, "S29", "tnc_conc_1", typed("10.6"), "misread the print"))
	b := p.load(n)
	for id, want := range map[string]batch.Status{"S12": batch.Done, "S13": batch.Done, "S29": batch.ToVerify, "S30": batch.ToVerify, "S31": batch.ToVerify} {
		st, _ := b.Step(id)
		require.Equal(t, want, st.Status, id)
		require.Equal(t, want == batch.Done, st.Verified != nil, id)
	}
	require.Equal(t, []string{"CS-65"}, rules(p.batches.Start(bg, p.by(s, ss, people.Operator), n, 0, "S32")))
	for _, step := range []string{"S29", "S30"} {
		require.NoError(t, p.confirm(ss[s.who(people.QCReviewer, true)], people.QCReviewer, n, step, ""))
	}
	require.NoError(t, p.confirm(ss["hector"], people.QA, n, "S31", ""))
	require.NoError(t, p.batches.Start(bg, p.by(s, ss, people.Operator), n, 0, "S32"))
}

func TestWhoCorrectedDoesNotVerify_I7(t *testing.T) {
	p, _, ss, n := upTo(t, "S17")
	jorge := ss["jorge"]
	require.NoError(t, p.batches.Correct(bg, p.author(jorge, people.Operator), n, 0, "S16", "foreign_labels_found", typed("3"), "counted again"))
	require.Equal(t, batch.ToVerify, p.status(n, "S16"))
	require.Equal(t, []string{"I7"}, rules(p.confirm(jorge, people.Operator, n, "S16", "")))
}

func TestAnotherPersonTakesOver_DI9(t *testing.T) {
	p, s, ss, n := upTo(t, "S19")
	ana, jorge := p.by(s, ss, people.Operator), p.author(ss["jorge"], people.Operator)
	bag := p.labelOf(n, "harvest-bag")
	require.Equal(t, []string{"DI-9"}, rules(p.batches.TakeOver(bg, jorge, n, 0, "S19", "nobody is doing it")))
	require.NoError(t, p.batches.Scan(bg, ana, n, 0, "S19", "bag_scan", bag))
	require.Equal(t, []string{"DI-9"}, rules(p.batches.Enter(bg, jorge, n, 0, "S19", "volume_in", typed("98.0"))))
	require.Equal(t, []string{"CS-12"}, rules(p.batches.TakeOver(bg, jorge, n, 0, "S19", " ")), "not without a reason")
	require.Equal(t, []string{"CS-66"}, rules(p.batches.TakeOver(bg, p.by(s, ss, people.Nurse), n, 0, "S19", "happens to be here")))
	require.NoError(t, p.batches.TakeOver(bg, jorge, n, 0, "S19", "ana was called away"))
	require.Equal(t, []string{"I4"}, rules(p.batches.Enter(bg, jorge, n, 0, "S19", "volume_in", typed("98.0"))), "ana's scan is not jorge's")
	require.Equal(t, []string{"DI-9"}, rules(p.batches.Enter(bg, ana, n, 0, "S19", "volume_in", typed("98.0"))))
	require.NoError(t, p.batches.Scan(bg, jorge, n, 0, "S19", "bag_scan", bag))
	for f, v := range s.Values["S19"] {
		require.NoError(t, p.batches.Enter(bg, jorge, n, 0, "S19", f, typed(p.Value(v))), f)
	}
	require.NoError(t, p.batches.Complete(bg, jorge, n, 0, "S19"))
	found := p.ofClass(n, batch.TakenOver)
	require.Len(t, found, 1)
	require.Contains(t, found[0].What, "ana was called away")
}

func TestLateEntryHasAReasonAndIsSeen_DI11(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	delete(s.Values["S48"], "cfu_f")
	ss := p.enrol(s)
	n := p.open(s, ss, "3401-001", "S42")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(t, p.act(s, n, act, ss), act)
	}
	p.playTo(s, n, ss, "")
	analyst := p.by(s, ss, people.QCAnalyst)
	require.Equal(t, []string{"CS-65"}, rules(p.batches.Enter(bg, analyst, n, 0, "S48", "cfu_f", typed("37"))))
	require.Equal(t, []string{"CS-12"}, rules(p.batches.Correct(bg, analyst, n, 0, "S48", "cfu_f", typed("37"), "")))
	require.NoError(t, p.batches.Correct(bg, analyst, n, 0, "S48", "cfu_f", typed("37"), "late colony count"))
	found := p.ofClass(n, batch.Late)
	require.Len(t, found, 1)
	require.Contains(t, found[0].What, "late colony count")
	require.Equal(t, batch.ToVerify, p.status(n, "S48"))
	_, standing := p.load(n).Act(mbr.ActCertification)
	require.True(t, standing, "what comes after certification does not withdraw it")
}

func TestTrueObservationsDoNotBlockAStep_DI8(t *testing.T) {
	for name, c := range map[string]struct {
		step, field, value, next string
		none                     []string
	}{
		"platelets below the range":       {"S37", "plt", "<5", "S38", []string{"S37.plt_per_wbc"}},
		"red cells below the range":       {"S29", "rbc", "<0.010", "S31", []string{"S30.rbc_out", "S30.rbc_depletion"}},
		"no living cell":                  {"S29", "live_cells", "0", "S32", []string{"S31.dose_volume"}},
		"more tubes pooled than existing": {"S22", "tubes_pooled", "9", "S25", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
			s.Values[c.step][c.field] = c.value
			ss := p.enrol(s)
			n := p.open(s, ss, "3401-001", c.next)
			st, _ := p.load(n).Current()
			require.Equal(t, c.next, st.Step.ID)
			for _, ref := range c.none {
				_, ok := p.load(n).Value(ref)
				require.False(t, ok, ref)
			}
			without := 0
			for _, e := range p.ofClass(n, batch.Undecidable) {
				if e.Value == "" {
					without++
				}
			}
			require.GreaterOrEqual(t, without, len(c.none))
		})
	}
}

func TestLabelsFollowACorrectedCount_LB1(t *testing.T) {
	p, s, ss, n := upTo(t, "S20")
	op := p.by(s, ss, people.Operator)
	require.NoError(t, p.batches.Scan(bg, op, n, 0, "S20", "bag_scan", p.labelOf(n, "harvest-bag")))
	require.NoError(t, p.batches.Enter(bg, op, n, 0, "S20", "tubes", typed("2")))
	require.NoError(t, p.batches.Labels(bg, op, n, 0, "S20"))
	require.Equal(t, []string{"LB-1"}, rules(p.batches.Labels(bg, op, n, 0, "S20")), "issued once")
	require.NoError(t, p.batches.Correct(bg, op, n, 0, "S20", "tubes", typed("8"), "two digits mixed up"))
	for _, f := range []string{"gradient_lot", "tube_lot", "ficoll_per_tube", "cells_per_tube"} {
		require.NoError(t, p.batches.Enter(bg, op, n, 0, "S20", f, typed(p.Value(s.Values["S20"][f]))))
	}
	scanAll := func() (tubes int) {
		_, event, err := p.batches.LoadWithEvent(bg, n)
		require.NoError(t, err)
		for _, c := range event.OfKind("tube") {
			require.NoError(t, p.batches.Scan(bg, op, n, 0, "S20", "tube_labels_scan", c.Label))
			tubes++
		}
		return tubes
	}
	require.Equal(t, 2, scanAll())
	require.Equal(t, []string{"LB-1"}, rules(p.batches.Complete(bg, op, n, 0, "S20")), "six tubes have no label")
	require.NoError(t, p.batches.Labels(bg, op, n, 0, "S20"))
	require.Equal(t, []string{"CS-65"}, rules(p.batches.Complete(bg, op, n, 0, "S20")), "the new ones are not scanned")
	require.Equal(t, 8, scanAll())
	require.NoError(t, p.batches.Complete(bg, op, n, 0, "S20"))
}

func TestSubjectOfTheOrderIsNotCorrected_AT13(t *testing.T) {
	p, s, ss, n := upTo(t, "S02")
	err := p.batches.Correct(bg, p.by(s, ss, people.Coordinator), n, 0, "S01", "subject_no", typed("9999-666"), "typing mistake")
	require.Equal(t, []string{"AT-13"}, rules(err))
	v, _ := p.load(n).Value("S01.subject_no")
	require.Equal(t, "3401-001", v.Value.Text)
}

func TestDueDateCountsFromTheStartOfTheTest(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	s.Values["S40"]["loaded_at"] = "now+480h"
	ss := p.enrol(s)
	n := p.open(s, ss, "3401-001", "S42")
	b := p.load(n)
	loaded, _ := b.Value("S40.loaded_at")
	began, err := loaded.Value.Time()
	require.NoError(t, err)
	due := map[string]time.Time{}
	for _, r := range b.Results() {
		if r.Evaluation == qc.Pending {
			due[r.Attribute.ID] = r.Due
		}
	}
	require.Equal(t, began.AddDate(0, 0, 14), due["sterility"])
}

func TestTimeWithOffsetNeedsNoSeconds_DI9(t *testing.T) {
	p, s, ss, n := upTo(t, "S16")
	op := p.by(s, ss, people.Operator)
	require.Equal(t, []string{"DI-9"}, rules(p.batches.Enter(bg, op, n, 0, "S16", "clear_at", typed("2026-10-25T02:30"))), "that hour came twice")
	require.NoError(t, p.batches.Enter(bg, op, n, 0, "S16", "clear_at", typed("2026-10-25T02:30+01:00")))
	v, _ := p.load(n).Value("S16.clear_at")
	require.Equal(t, "2026-10-25T01:30:00Z", v.Value.Text)
}
