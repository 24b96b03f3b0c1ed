package release_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release"
	"rexbatch/release/plantest"
	"rexbatch/release/record"
)

// A change for one batch alone: proposed by production under a deviation, approved by QA, in force for that batch (AT-5).

const (
	wanted = "the rotor of the second centrifuge runs slower"
	risk   = "cells settle as well, as three runs of the qualification show"
)

// deviate opens a deviation that no rule found.
func (s *shift) deviate() string {
	number, err := s.Batches.OpenDeviation(bg, s.As(people.ProductionLead, false), s.number, 0, nil, "another centrifuge has to be used")
	require.NoError(s.t, err)
	return number
}

func (s *shift) propose(deviation string, kind batch.AllowanceKind, target, to string) error {
	return s.Batches.Propose(bg, s.As(people.ProductionLead, false), s.number, 0, deviation, kind, target, to, wanted, risk)
}

// allow lets QA approve the newest proposal.
func (s *shift) allow() string {
	s.t.Helper()
	all := s.batch().Allowances
	id := all[len(all)-1].ID
	qa := s.As(people.QA, false)
	require.NoError(s.t, s.Batches.Allow(bg, qa, s.number, 0, id, s.Sign(qa.Account, people.QA)))
	return id
}

func TestBatchSpecificLimit_AT5_25(t *testing.T) {
	s := before(t, "S25", map[string]map[string]string{"S25": {"rcf": "480"}, "S26": {"rcf": "480"}})
	recipe := s.batch().Recipe
	refusedAs(t, "no-deviation", s.propose("DEV-SVQ26-99999", batch.AllowLimit, "S25.rcf", "450..800"))
	d := s.deviate()
	refusedAs(t, "may-not-propose", s.Batches.Propose(bg, s.As(people.Operator, false), s.number, 0, d, batch.AllowLimit, "S25.rcf", "450..800", wanted, risk))
	refusedAs(t, "assessment-text", s.Batches.Propose(bg, s.As(people.ProductionLead, false), s.number, 0, d, batch.AllowLimit, "S25.rcf", "450..800", wanted, "none"))
	require.NoError(t, s.propose(d, batch.AllowLimit, "S25.rcf", "450..800"))
	refusedAs(t, "already-proposed", s.propose(d, batch.AllowLimit, "S25.rcf", "400..800"))

	// What is proposed is not in force, and the deviation stays open over it.
	b := s.batch()
	require.Equal(t, "500..800 xg", b.LimitOf(field(t, s, "S25", "rcf")).String())
	dev, _ := b.Deviation(d)
	require.False(t, b.Closed(dev))

	// QA signs over exactly what is shown, and is not who proposed it.
	id := b.Allowances[0].ID
	require.Equal(t, d+"/1", id)
	lead := s.As(people.ProductionLead, false)
	refusedAs(t, "allowance-not-qa", s.Batches.Allow(bg, lead, s.number, 0, id, s.Sign(lead.Account, people.ProductionLead)))
	require.Equal(t, id, s.allow())
	b = s.batch()
	a, _ := b.Allowance(id)
	digest, err := b.AllowanceDigest(id)
	require.NoError(t, err)
	require.True(t, a.Approved.Over(digest), "I8")
	refusedAs(t, "allowance-decided", s.Batches.Decline(bg, s.As(people.QA, false), s.number, 0, id, "thought better of it"))

	// In force for this batch; the recipe is as it was, and another batch is judged by it.
	require.Equal(t, "450..800 xg", b.LimitOf(field(t, s, "S25", "rcf")).String())
	require.Equal(t, "500..800 xg", field(t, s, "S25", "rcf").Limit.String())
	require.Same(t, recipe, b.Recipe)
	s.Step(s.number, s.step("S25").Step)
	found := s.found(batch.Allowed)
	require.Len(t, found, 1, "an exception of its own")
	require.True(t, found[0].Open())
	require.False(t, s.classes()[batch.OutOfLimit], "480 is within 450..800")
	s.Step(s.number, s.step("S26").Step)
	require.True(t, s.classes()[batch.OutOfLimit], "the other wash keeps its limit")

	// The reviewer sees it, and QA assesses it.
	r := release.ReviewOf(s.batch())
	require.Len(t, r.Deviations[0].Allowances, 1)
	require.Equal(t, "500..800", r.Deviations[0].Allowances[0].Was)
	qa := s.As(people.QA, false)
	require.NoError(t, s.Batches.Assess(bg, qa, s.number, 0, found[0].ID, batch.Minor, "seen in the review, risk as assessed", s.Sign(qa.Account, people.QA)))
}

// found are the exceptions of a class.
func (s *shift) found(class batch.Class) []batch.Exception {
	var out []batch.Exception
	all, _ := s.batch().Exceptions()
	for _, e := range all {
		if e.Class == class {
			out = append(out, e)
		}
	}
	return out
}

// A value that was captured before stays judged by the limit of its time.
func TestAllowanceIsNotRetroactive_AT5(t *testing.T) {
	s := before(t, "S25")
	s.scan("S25")
	require.NoError(t, s.enter("S25", "rcf", "480"))
	require.Len(t, s.found(batch.OutOfLimit), 1)
	require.NoError(t, s.propose(s.deviate(), batch.AllowLimit, "S25.rcf", "450..800"))
	s.allow()
	require.Len(t, s.found(batch.OutOfLimit), 1)
	require.Equal(t, "500..800 xg", s.batch().JudgedBy(field(t, s, "S25", "rcf")).String())
	require.NoError(t, s.correct("S25", "rcf", "470"))
	require.Empty(t, s.found(batch.OutOfLimit), "what is captured from now on is judged by the new one")
	require.Len(t, s.found(batch.Corrected), 1, "and the change of the value is seen")
}

func TestStepIsSkippedByDeviation_AT5_26(t *testing.T) {
	s := before(t, "S26")
	require.NoError(t, s.propose(s.deviate(), batch.AllowSkip, "S26", ""))
	s.allow()
	require.Equal(t, batch.Skipped, s.step("S26").Status)
	refusedAs(t, "step-skipped", s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S26"))
	st, _ := s.batch().Current()
	require.Equal(t, "S27", st.Step.ID)
	s.Play(s.number, "S28")
	found := s.found(batch.Allowed)
	require.Len(t, found, 1)
	require.Equal(t, "S26", found[0].Step)
	refusedAs(t, "allowance-late", s.propose(s.deviate(), batch.AllowSkip, "S26", ""))
}

func TestOneMoreRepeat_AT5_19(t *testing.T) {
	s := before(t, "S25")
	op, lead := s.As(people.Operator, false), s.As(people.ProductionLead, false)
	s.Values["S25"]["cells_before_repeat"] = "18.0"
	for range 2 {
		s.scan("S25")
		require.NoError(t, s.Batches.Interrupt(bg, op, s.number, 0, "S25", "power cut"))
		err := s.Batches.Resume(bg, lead, s.number, 0, "S25", batch.Again, "cells counted")
		if err != nil {
			refusedAs(t, "repeated-enough", err)
			require.NoError(t, s.propose(s.deviate(), batch.AllowRepeat, "S25", ""))
			s.allow()
			require.NoError(t, s.Batches.Resume(bg, lead, s.number, 0, "S25", batch.Again, "cells counted"))
		}
	}
	require.Equal(t, 2, s.step("S25").Attempt)
	a := s.batch().Allowances[0]
	require.Equal(t, []string{"1", "2"}, []string{a.Was, a.To})
	s.scan("S25")
	require.NoError(t, s.Batches.Interrupt(bg, op, s.number, 0, "S25", "power cut"))
	refusedAs(t, "repeated-enough", s.Batches.Resume(bg, lead, s.number, 0, "S25", batch.Again, "cells counted"))
}

func TestLongerHold_AT5_27(t *testing.T) {
	s := before(t, "S25")
	d := s.deviate()
	refusedAs(t, "allowance-longer", s.propose(d, batch.AllowTime, "hold-manual", "45 min"))
	refusedAs(t, "allowance-span", s.propose(d, batch.AllowTime, "hold-manual", "90 mL"))
	require.NoError(t, s.propose(d, batch.AllowTime, "hold-manual", "90 min"))
	s.allow()
	s.Clock.Pass(80 * time.Minute)
	s.Step(s.number, s.step("S25").Step)
	require.False(t, s.classes()[batch.TimeLimit], "80 minutes are within 90")
	require.Len(t, s.found(batch.Allowed), 1)
	refusedAs(t, "allowance-clock-ended", s.propose(d, batch.AllowTime, "hold-manual", "3 h"))
}

// What keeps patients and persons apart, what is signed, the specification and the expiry are never changed for one batch.
func TestNeverForOneBatch_AT5(t *testing.T) {
	s := before(t, "S25")
	d := s.deviate()
	for _, c := range []struct {
		kind       batch.AllowanceKind
		target, to string
		code, rule string
	}{
		{batch.AllowLimit, "S37.mnc", "20..90", "allowance-never", "AT-33"},
		{batch.AllowLimit, "S20.tubes", ">=1", "allowance-never", "I4"},
		{batch.AllowLimit, "S16.foreign_labels_found", "<=1", "allowance-never", "I5"},
		{batch.AllowLimit, "S36.label_balance", "<=1", "allowance-never", "LB-1"},
		{batch.AllowLimit, "S27.clumps", ">0", "allowance-no-limit", "AT-5"},
		{batch.AllowLimit, "S21.rcf", "300..800", "allowance-late", "AT-5"},
		{batch.AllowLimit, "S25.time", ">=9", "allowance-open", "AT-5"},
		{batch.AllowLimit, "S25.time", "9..11", "allowance-same", "AT-5"},
		{batch.AllowLimit, "S99.time", "9..12", "allowance-target", "AT-5"},
		{batch.AllowSkip, "S35", "", "allowance-never", "I4"},
		{batch.AllowSkip, "S36", "", "allowance-never", "LB-1"},
		{batch.AllowSkip, "S29", "", "allowance-never", "I7"},
		{batch.AllowSkip, "S28", "", "allowance-never", "I6"},
		{batch.AllowSkip, "S31", "", "allowance-never", "CS-65"},
		{batch.AllowSkip, "S42", "", "allowance-never", "I8"},
		{batch.AllowSkip, "S45", "", "allowance-never", "I11"},
		{batch.AllowSkip, "S48", "", "allowance-never", "I9"},
		{batch.AllowSkip, "S25", "", "allowance-needed", "AT-55"},
		{batch.AllowSkip, "S26", "half", "allowance-value", "AT-5"},
		{batch.AllowRepeat, "S27", "", "no-repeat", "AT-14"},
		{batch.AllowTime, "shelf-life", "60 h", "allowance-never", "I10"},
		{batch.AllowTime, "culture-d7", "200 h", "allowance-never", "I9"},
		{batch.AllowTime, "transport", "60 h", "allowance-clock-ended", "AT-5"},
		{"second-person", "S33", "", "allowance-kind", "AT-5"},
	} {
		err := s.propose(d, c.kind, c.target, c.to)
		refusedAs(t, c.code, err)
		require.Contains(t, rules(err), c.rule, "%s %s", c.kind, c.target)
	}
	for _, a := range s.batch().Allowable() {
		require.NotEqual(t, "S35", a.Step())
		require.False(t, s.batch().Spec.Fields()[a.Target], a.Target)
	}
}

// Two proposals under one deviation: QA declines one, and the deviation cannot be approved before both are decided.
func TestDeclinedProposalChangesNothing_AT5(t *testing.T) {
	s := before(t, "S25")
	d, qa := s.deviate(), s.As(people.QA, false)
	require.NoError(t, s.Batches.Classify(bg, qa, s.number, 0, d, batch.Major, "2026-12-24"))
	require.NoError(t, s.Batches.Investigate(bg, s.As(people.ProductionLead, false), s.number, 0, d, "the first centrifuge is broken", "none, the other one is qualified", ""))
	require.NoError(t, s.propose(d, batch.AllowTime, "hold-manual", "90 min"))
	refusedAs(t, "allowance-pending", s.Batches.Approve(bg, qa, s.number, 0, d, s.Sign(qa.Account, people.QA)))
	require.NoError(t, s.Batches.Decline(bg, qa, s.number, 0, d+"/1", "the wash can start in time"))
	require.NoError(t, s.Batches.Approve(bg, qa, s.number, 0, d, s.Sign(qa.Account, people.QA)))
	s.Clock.Pass(80 * time.Minute)
	s.Step(s.number, s.step("S25").Step)
	require.True(t, s.classes()[batch.TimeLimit])
	require.Empty(t, s.found(batch.Allowed))
	refusedAs(t, "deviation-closed", s.propose(d, batch.AllowSkip, "S26", ""))
}

// A step that began since it was proposed to be skipped is not skipped.
func TestApprovalIsHeldAgainstTheRecordAsItStands_AT5(t *testing.T) {
	s := before(t, "S26")
	require.NoError(t, s.propose(s.deviate(), batch.AllowSkip, "S26", ""))
	require.NoError(t, s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S26"))
	qa := s.As(people.QA, false)
	refusedAs(t, "allowance-late", s.Batches.Allow(bg, qa, s.number, 0, s.batch().Allowances[0].ID, s.Sign(qa.Account, people.QA)))
}

// Batches that are split from one take its allowances with them.
func TestAllowanceGoesIntoTheChildren_7(t *testing.T) {
	s := before(t, "S15")
	d := s.deviate()
	require.NoError(t, s.propose(d, batch.AllowTime, "separation-manual", "40 h"))
	s.allow()
	qa, ml := s.As(people.QA, false), func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	require.NoError(t, s.Batches.Assess(bg, qa, s.number, 0, s.found(batch.Allowed)[0].ID, batch.Minor, "the cells are stable for 48 hours", s.Sign(qa.Account, people.QA)))
	_, err := s.Batches.Split(bg, s.As(people.ProductionLead, false), s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	refusedAs(t, "deviation-open", err)
	require.NoError(t, s.Batches.Classify(bg, qa, s.number, 0, d, batch.Minor, "2026-12-24"))
	children, err := s.Batches.Split(bg, s.As(people.ProductionLead, false), s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	for _, number := range children {
		child, _ := s.State(number)
		require.Len(t, child.Allowances, 1)
		for _, timer := range child.Timers(s.Clock.Now()) {
			if timer.Of.ID == "separation-manual" {
				require.Equal(t, 40*time.Hour, timer.Clock.Limit)
			}
		}
		seen := false
		found, _ := child.Exceptions()
		for _, e := range found {
			seen = seen || e.Class == batch.Allowed && e.Open()
		}
		require.True(t, seen, "whoever reviews a child sees it there too")
	}
}

// The printed record shows the change beside the step, with QA's signature, and the limit by which the value was judged.
func TestAllowanceIsPrinted_AT5(t *testing.T) {
	s := before(t, "S25", map[string]map[string]string{"S25": {"rcf": "480"}})
	require.NoError(t, s.propose(s.deviate(), batch.AllowLimit, "S25.rcf", "450..800"))
	s.allow()
	require.NoError(t, s.propose(s.deviate(), batch.AllowSkip, "S26", ""))
	s.allow()
	s.Step(s.number, s.step("S25").Step)
	source, err := record.Load(bg, s.Batches, s.Profile, s.number, func(account string) string { return account })
	require.NoError(t, err)
	pdf, err := record.Print(bg, source, record.Copy{Lang: "es", Name: "A Person", Account: "person", At: s.Clock.Now()}, nil)
	require.NoError(t, err)
	kept(t, "allowance-record.pdf", pdf)
	text := strings.Join(strings.Fields(papertest.Text(t, pdf)), " ")
	for _, want := range []string{"Cambiado para este lote: Otro límite", "450 – 800", "en lugar de", "Paso que no se hace: S26", s.batch().Deviations[0].Number + "/1"} {
		require.Contains(t, strings.ReplaceAll(text, "\u00a0", " "), want)
	}
}

// A device whose calibration is due is used where QA has approved that for the batch, and there alone.
func TestDeviceWithADueCalibrationNeedsQA_22(t *testing.T) {
	s := before(t, "S21")
	lead := s.As(people.ProductionLead, false)
	due, err := s.Batches.Equipment().Due("2026-11-22")
	require.NoError(t, err)
	for _, id := range []equipment.ID{"CEN-22", "CEN-23"} {
		_, err = s.Batches.Equipment().Register(bg, lead, equipment.Registration{
			ID: id, Kind: "centrifuge", Name: "centrifuge " + string(id), Area: "A", Checks: map[equipment.Check]equipment.Due{equipment.Calibration: due},
		})
		require.NoError(t, err)
		require.NoError(t, s.Batches.Equipment().SetProgramme(bg, lead, id, "07", "v2", "validated programme"))
	}
	s.Clock.Pass(time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC).Sub(s.Clock.Now())) // half past midnight in Seville: due since then
	qa := s.Who(people.QA, false)
	session, _, err := s.Staff.SignIn(bg, qa, plantest.Password, plantest.Terminal)
	require.NoError(t, err)
	s.Sessions[qa] = session
	s.scan("S21")
	refusedAs(t, "device-calibration-due", s.enter("S21", "centrifuge_id", "CEN-22"))
	d := s.deviate()
	refusedAs(t, "allowance-target", s.propose(d, batch.AllowDevice, "S21.rcf", "CEN-22"))
	refusedAs(t, "allowance-late", s.propose(d, batch.AllowDevice, "S13.analyser_id", "CEN-22"))
	require.Error(t, s.propose(d, batch.AllowDevice, "S21.centrifuge_id", "no tag"))
	require.NoError(t, s.propose(d, batch.AllowDevice, "S21.centrifuge_id", "CEN-22"))
	refusedAs(t, "device-calibration-due", s.enter("S21", "centrifuge_id", "CEN-22"))
	s.allow()
	refusedAs(t, "device-calibration-due", s.enter("S21", "centrifuge_id", "CEN-23"))
	s.Values["S21"]["centrifuge_id"] = "CEN-22"
	s.Step(s.number, s.step("S21").Step)
	require.Len(t, s.device("CEN-22").Uses, 1)
	found := s.found(batch.Allowed)
	require.Len(t, found, 1)
	require.True(t, found[0].Open(), "QA assesses it with the batch")
	require.Contains(t, found[0].What, "CEN-22 in S21.centrifuge_id though its calibration is due")

	fail := equipment.Checking{At: s.Clock.Now(), Passed: false, Reference: "CAL-22", Remark: "the speed is off", AsFound: equipment.OutOfTolerance}
	require.NoError(t, s.Batches.CheckDevice(bg, lead, "CEN-22", func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) { return d.Calibrate(lead, now, fail) }))
	require.True(t, s.classes()[batch.DeviceOut], "what the calibration finds is carried to the batch")
	require.Error(t, s.device("CEN-22").MayUse(s.Clock.Now(), equipment.Want{Kind: "centrifuge", PastDue: true}), "one that failed is used by nobody")
}

// What QA has approved of a device holds as well when a value is measured again with it after its step; what nobody has approved is
// refused then as at the step itself (scenarios 22 and 33).
func TestValueIsMeasuredAgainWithADueDeviceOnlyAsQAApproved_22(t *testing.T) {
	const id = equipment.ID("HEM-22")
	night := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC) // half past midnight in Seville: due since then
	for name, c := range map[string]struct{ approved bool }{"approved for the batch": {true}, "due since the step": {false}} {
		t.Run(name, func(t *testing.T) {
			s := before(t, "S37")
			lead := s.As(people.ProductionLead, false)
			due, err := s.Batches.Equipment().Due("2026-11-22")
			require.NoError(t, err)
			_, err = s.Batches.Equipment().Register(bg, lead, equipment.Registration{
				ID: id, Kind: "hematology-analyser", Name: "analyser", Area: "QC", Checks: map[equipment.Check]equipment.Due{equipment.Calibration: due, equipment.DailyControl: {}},
			})
			require.NoError(t, err)
			s.Values["S37"]["analyser_id"] = string(id)
			control := func(passed bool) {
				t.Helper()
				analyst := s.As(people.QCAnalyst, false)
				s.Clock.Pass(time.Minute)
				require.NoError(t, s.Batches.CheckDevice(bg, analyst, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
					return d.DailyControl(analyst, now, equipment.Checking{At: now, Passed: passed, Due: s.Batches.Equipment().Day(now), Remark: "CONTROL_FAILED"})
				}))
			}
			pass := func() {
				s.Clock.Pass(night.Sub(s.Clock.Now()))
				for who := range s.Sessions {
					session, _, err := s.Staff.SignIn(bg, who, plantest.Password, plantest.Terminal) // that of the day has ended
					require.NoError(t, err)
					s.Sessions[who] = session
				}
			}
			if c.approved {
				pass()
				require.NoError(t, s.propose(s.deviate(), batch.AllowDevice, "S37.analyser_id", string(id)))
				s.allow()
			}
			control(true)
			s.Step(s.number, s.step("S37").Step)
			require.Len(t, s.device(string(id)).Uses, 1)
			if !c.approved {
				pass()
			}
			control(false)
			control(true)
			lymph := s.step("S37").Fields["lymph"].Values[0].Value.Number.Number()
			if !c.approved {
				refusedAs(t, "device-calibration-due", s.correct("S37", "lymph", lymph))
				require.Len(t, s.device(string(id)).Uses, 1)
				return
			}
			require.NoError(t, s.correct("S37", "lymph", lymph))
			require.Len(t, s.device(string(id)).Uses, 2, "a control that fails later finds it")
		})
	}
}
