package release_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/plantest"
)

// These tests hold the failure modes of the process (domain description 4, "Harvest, receipt, process" and on), each
// under its number there.

// shift is a crew in the middle of a batch.
type shift struct {
	*plantest.Crew
	t      *testing.T
	number string
}

// before plays a fresh batch in Seville up to a step, with some values other than in the scenario.
func before(t *testing.T, step string, values ...map[string]map[string]string) *shift {
	t.Helper()
	s := plantest.Load(t, "seville-fresh")
	for _, change := range values {
		for step, fields := range change {
			for field, v := range fields {
				s.Values[step][field] = v
			}
		}
	}
	crew := plantest.NewCrew(plantest.New(t, "es-svq", plantest.NewClock(plantest.Morning)), s, "en")
	sh := &shift{Crew: crew, t: t, number: crew.Order("3401-001")}
	crew.Play(sh.number, step)
	return sh
}

func (s *shift) batch() *batch.Batch {
	b, _ := s.State(s.number)
	return b
}

func (s *shift) step(id string) *batch.StepState {
	st, ok := s.batch().Step(id)
	require.True(s.t, ok)
	return st
}

// fill does everything of a step but completing it.
func (s *shift) fill(id string) { s.Perform(s.number, s.step(id).Step) }

func (s *shift) complete(id string) error {
	return s.Batches.Complete(bg, s.As(s.step(id).Step.Performer, false), s.number, 0, id)
}

func (s *shift) enter(id, field, text string) error {
	return s.Batches.Enter(bg, s.As(s.step(id).Step.Performer, false), s.number, 0, id, field, batch.Input{Text: text})
}

func (s *shift) correct(id, field, text string) error {
	return s.Batches.Correct(bg, s.As(s.step(id).Step.Performer, false), s.number, 0, id, field, batch.Input{Text: text}, "the first one was wrong")
}

// classes are the classes of the batch's exceptions, each once.
func (s *shift) classes() map[batch.Class]bool {
	out := map[batch.Class]bool{}
	found, _ := s.batch().Exceptions()
	for _, e := range found {
		out[e.Class] = true
	}
	return out
}

// refusedAs requires that an error refuses with a code.
func refusedAs(t *testing.T, code string, err error) {
	t.Helper()
	var codes []string
	for _, r := range ledger.RefusalsOf(err) {
		codes = append(codes, r.Code)
	}
	require.Contains(t, codes, code, "%v", err)
}

func TestClottedHarvest_13(t *testing.T) {
	s := before(t, "S14", map[string]map[string]string{"S09": {"clots": "many"}, "S14": {"clot_choice": "filter", "decision": "process_with_deviation", "reason": "filtered, TNC is compared after filtration"}})
	require.True(t, s.batch().Asked(field(t, s, "S14", "clot_choice")), "the choice is asked for")
	s.Step(s.number, s.step("S14").Step)
	require.True(t, s.classes()[batch.Decision])
	require.NotEmpty(t, s.batch().Deviations, "it goes on under a deviation")
	st, _ := s.batch().Current()
	require.Equal(t, "S15", st.Step.ID)

	share, ok := s.batch().Value("S05.anticoagulant_share")
	require.True(t, ok, "anticoagulant and its ratio stand in the record")
	require.False(t, share.Value.IsZero())
	_, lot := s.batch().Value("S05.anticoagulant_lot")
	require.True(t, lot)
	s.Values["S19"]["tnc_after_filter"] = "17.0"
	s.Play(s.number, "S20")
	after, ok := s.batch().Value("S19.tnc_after_filter")
	require.True(t, ok, "the cells are counted again after filtration")
	require.Equal(t, "17.0 10^6/mL", after.Value.String())
}

// The harvests of each hospital are counted: with clots, of low volume, with few cells.
func TestTrendPerHospital_13(t *testing.T) {
	s := before(t, "S15", map[string]map[string]string{"S09": {"clots": "few"}, "S14": {"clot_choice": "filter"}})
	first := s.Values["S01"]["hospital"]
	trends := func() []batch.HospitalTrend {
		out, err := s.Batches.HospitalTrends(bg)
		require.NoError(t, err)
		return out
	}
	require.Equal(t, []batch.HospitalTrend{{Hospital: first, Harvests: 1, Clots: 1}}, trends())
	s.Values["S01"]["hospital"], s.Values["S09"]["clots"] = strings.ToUpper(first), "none"
	s.Values["S05"]["gross_volume"], s.Values["S11"]["gross_mass"] = "61.0", "74.7" // 41.0 mL
	low := s.Order("3401-002")
	s.Play(low, "S14")
	require.Equal(t, []batch.HospitalTrend{{Hospital: first, Harvests: 2, Clots: 1, LowVolume: 1}}, trends(), "one hospital, however it is written")
	alone, known, err := s.Batches.HospitalTrend(bg, strings.ToLower(first))
	require.NoError(t, err)
	require.True(t, known)
	require.Equal(t, 2, alone.Harvests, "what the gate shows is read of that hospital alone")
	require.Equal(t, 1, alone.LowVolume)
	s.Values["S01"]["hospital"] = "Hospital of another town"
	s.Order("3401-003")
	require.Len(t, trends(), 1, "nothing was received of it yet")
	_, known, err = s.Batches.HospitalTrend(bg, "Hospital of another town")
	require.NoError(t, err)
	require.False(t, known)
}

func field(t *testing.T, s *shift, step, id string) *mbr.Field {
	t.Helper()
	f, ok := s.step(step).Step.Field(id, "ES-SVQ")
	require.True(t, ok)
	return f
}

func TestLowVolume_14(t *testing.T) {
	s := before(t, "S14", map[string]map[string]string{
		"S05": {"gross_volume": "61.0"}, "S11": {"gross_mass": "74.7"}, // 41.0 mL
		"S14": {"low_volume_choice": "stop", "low_volume_decided_by": "sponsor and investigator", "decision": "reject", "reason": "too little for a dose"},
	})
	v, ok := s.batch().Value("S11.net_volume")
	require.True(t, ok)
	q, _ := v.Value.Quantity()
	require.Equal(t, "41.0 mL", q.Round(1).String())
	s.fill("S14")
	yield, err := s.batch().Preview(field(t, s, "S14", "projected_yield"))
	require.NoError(t, err, "the projected yield is shown beside the choice")
	n, ok := yield.Quantity()
	require.True(t, ok)
	verdict, err := field(t, s, "S14", "projected_yield").Limit.Judge(n)
	require.NoError(t, err)
	require.Equal(t, ">=4e8", field(t, s, "S14", "projected_yield").Limit.Source(), "against the smallest dose")
	above, err := n.Cmp(quantity.MustParse("400000000", "cells"))
	require.NoError(t, err)
	require.Equal(t, above >= 0, verdict.Pass)
	require.Equal(t, []string{"process", "second_harvest", "stop"}, field(t, s, "S14", "low_volume_choice").Codes())
	by, ok := s.batch().Value("S14.low_volume_decided_by")
	require.True(t, ok, "the choice of sponsor or physician is recorded")
	require.Equal(t, "sponsor and investigator", by.Value.Text)
	require.NoError(t, s.complete("S14"))
	s.Verify(s.number, s.step("S14").Step)
	b := s.batch()
	require.True(t, b.Over())
	require.Equal(t, batch.EndRejected, b.Ending.Cause)
	require.Equal(t, batch.Cancelled, s.step("S15").Status)
	s.disposeAll()
	require.False(t, s.batch().ClosedAt.IsZero())
	for i, err := range s.Batches.Areas().Items(bg) {
		require.NoError(t, err)
		require.Empty(t, i.Batch, "the area is given back")
	}
}

func (s *shift) disposeAll() {
	s.t.Helper()
	b, event := s.State(s.number)
	for _, c := range b.Undisposed(event) {
		require.NoError(s.t, s.Batches.Dispose(bg, s.As(people.Operator, false), s.number, 0, c.ID.String(), c.Label, batch.Destroyed, "incinerated"))
	}
}

func TestLowCells_15(t *testing.T) {
	s := before(t, "S31", map[string]map[string]string{
		"S29": {"tnc_conc_1": "11.6", "tnc_conc_2": "11.4"},
		"S31": {"branch": "low_dose", "physician_informed_at": "now-1m", "physician_name_role": "Dr. Castañeda, vascular surgeon", "agreement": "make_all", "reason": "no second harvest possible"},
	})
	s.Step(s.number, s.step("S31").Step)
	require.True(t, s.classes()[batch.Decision], "the OOS path is open before the result")
	require.NotEmpty(t, s.batch().Deviations)
	for _, d := range s.batch().Deviations {
		require.True(t, d.ByRule)
	}
	for ref, said := range map[string]string{"S31.agreement": "make_all", "S31.physician_name_role": "Dr. Castañeda, vascular surgeon", "S31.reason": "no second harvest possible"} {
		c, ok := s.batch().Value(ref)
		require.True(t, ok, ref)
		require.Equal(t, said, c.Value.Text, "the physician agreed: the patient may not be able to give again")
	}
	st, _ := s.batch().Current()
	require.Equal(t, "S32", st.Step.ID)
}

func TestArrivalOutOfHours_16(t *testing.T) {
	s := before(t, "S09", map[string]map[string]string{"S09": {"arrival": "on_call", "storage_place": "Fridge 2", "storage_temp": "4.0", "storage_from": "now"}})
	s.Perform(s.number, s.step("S09").Step)
	require.True(t, s.classes()[batch.Unexpected], "arrival on call is seen")
	_, stored := s.batch().Value("S09.storage_place")
	require.True(t, stored)
	var runs bool
	for _, c := range s.batch().Timers(s.Clock.Now()) {
		runs = runs || c.Of.ID == "separation-manual" && c.State.Runs()
	}
	require.True(t, runs, "the clock from the last pull runs on while it is stored")
	last, ok := s.batch().Value("S05.last_pull_at")
	require.True(t, ok)
	pulled, err := last.Value.Time()
	require.NoError(t, err)
	for _, c := range s.batch().Timers(s.Clock.Now()) {
		if c.Of.ID == "separation-manual" {
			require.Equal(t, pulled.Add(30*time.Hour), c.Due, "the latest start of the separation is shown")
		}
	}
}

func TestTemperatureExcursionInbound_17(t *testing.T) {
	s := before(t, "S11", map[string]map[string]string{"S10": {"max_T": "24.3", "min_T": "0.9", "minutes_out": "219", "mkt": "10.5", "stability_ref": "ST-2026-04"}})
	found, _ := s.batch().Exceptions()
	fields := map[string]bool{}
	for _, e := range found {
		fields[e.Field] = e.Class == batch.OutOfLimit
	}
	require.Equal(t, map[string]bool{"max_T": true, "min_T": true, "minutes_out": true}, fields)
	require.NotEmpty(t, s.batch().Deviations, "QA decides")
}

func TestLoggerDoesNotMatch_18(t *testing.T) {
	s := before(t, "S11", map[string]map[string]string{"S10": {"logger_serial_match": "false"}})
	require.True(t, s.classes()[batch.Unexpected])
}

func TestPowerOutageMidSpin_19(t *testing.T) {
	s := before(t, "S21")
	op, lead := s.As(people.Operator, false), s.As(people.ProductionLead, false)
	s.scan("S21")
	require.NoError(t, s.enter("S21", "rpm", "1760"))
	require.NoError(t, s.Batches.Interrupt(bg, op, s.number, 0, "S21", "power cut after 12 of 20 minutes"))
	require.Equal(t, batch.Interrupted, s.step("S21").Status, "not done")
	refusedAs(t, "step-interrupted", s.complete("S21"))
	s.Clock.Pass(7 * time.Minute)
	for _, c := range s.batch().Timers(s.Clock.Now()) {
		if c.Of.ID == "separation-manual" {
			require.GreaterOrEqual(t, c.Elapsed, 7*time.Minute, "the time that it has been held is shown")
		}
	}
	require.GreaterOrEqual(t, s.Clock.Now().Sub(s.step("S21").Interruptions[0].At), 7*time.Minute)
	refusedAs(t, "may-not-resume", s.Batches.Resume(bg, op, s.number, 0, "S21", batch.Again, "spin again please"))
	require.NoError(t, s.Batches.Resume(bg, lead, s.number, 0, "S21", batch.Again, "cells counted, repeat from dilution"))
	st, _ := s.batch().Current()
	require.Equal(t, "S19", st.Step.ID, "from dilution")
	require.True(t, s.classes()[batch.BrokenOff])
	first := s.step("S20").Fields["tubes"].Values
	require.NotEmpty(t, first, "what was captured before stays in the record")
	_, counts := s.step("S20").Fields["tubes"].Current()
	require.False(t, counts, "and counts no more")
	s.Values["S19"]["cells_before_repeat"] = "1.8e9"
	s.Play(s.number, "S21")
	s.scan("S21")
	require.NoError(t, s.Batches.Interrupt(bg, op, s.number, 0, "S21", "power cut again"))
	refusedAs(t, "repeated-enough", s.Batches.Resume(bg, lead, s.number, 0, "S21", batch.Again, "once more please"))
	require.NoError(t, s.Batches.Resume(bg, lead, s.number, 0, "S21", batch.GoesOn, "eight minutes are left"))
}

// scan scans what the first field of a step asks for.
func (s *shift) scan(id string) {
	st := s.step(id).Step
	f := st.FieldsAt("ES-SVQ")[0]
	for _, raw := range s.Labels(s.number, f) {
		require.NoError(s.t, s.Batches.Scan(bg, s.As(st.Performer, false), s.number, 0, id, f.ID, raw))
	}
}

func TestServerDownMidProcess_20(t *testing.T) {
	s := before(t, "S28")
	refusedAs(t, "reason-missing", s.Batches.Correct(bg, s.As(people.Operator, false), s.number, 0, "S27", "supernatant_kept_mL", batch.Input{Text: "9.0"}, ""))
	require.NoError(t, s.correct("S27", "supernatant_kept_mL", "9.0"), "from the fall-back sheet, with its reason")
	v := s.step("S27").Fields["supernatant_kept_mL"].Values
	require.Len(t, v, 2, "both stay; a person looks at the conflict")
	require.True(t, s.classes()[batch.Corrected])
}

func TestEquipmentAlarm_21(t *testing.T) {
	s := before(t, "S21")
	op, lead := s.As(people.Operator, false), s.As(people.ProductionLead, false)
	id := equipment.ID(s.Value("device:centrifuge"))
	require.NoError(t, s.Batches.Equipment().Alarm(bg, op, id, equipment.Report{Code: "E-17", Text: "imbalance", At: s.Clock.Now(), Batch: s.number, Step: "S21"}))
	s.scan("S21")
	require.Error(t, s.enter("S21", "centrifuge_id", string(id)), "the step is blocked")
	require.NoError(t, s.Batches.CloseAlarm(bg, lead, id, 1, equipment.Continue, "tubes were balanced", ""))
	other := s.Order("3401-002")
	s.Play(other, "S04")
	kit, err := s.Batches.Materials().Load(bg, s.Lots("collection-kit")[0].Number)
	require.NoError(t, err)
	require.Equal(t, []string{s.number, other}, kit.UsedBy(), "the other batches with a kit of that lot are listed")
	require.NoError(t, s.enter("S21", "centrifuge_id", string(id)))

	require.NoError(t, s.Batches.Equipment().Alarm(bg, op, id, equipment.Report{Code: "E-18", Text: "pressure too high", At: s.Clock.Now(), Batch: s.number, Step: "S21"}))
	refusedAs(t, "alarm-kit", s.Batches.CloseAlarm(bg, lead, id, 2, equipment.NewKit, "valve of the kit stuck", ""))
	refusedAs(t, "alarm-lead", s.Batches.CloseAlarm(bg, op, id, 2, equipment.NewKit, "valve of the kit stuck", kit.Number.String()))
	require.NoError(t, s.Batches.CloseAlarm(bg, lead, id, 2, equipment.NewKit, "valve of the kit stuck", kit.Number.String()))
	kit, err = s.Batches.Materials().Load(bg, kit.Number)
	require.NoError(t, err)
	require.Equal(t, "E-18 pressure too high", kit.Suspected[0].Text, "the kit's lot is pointed out to maintenance")
	require.True(t, kit.Item().Suspected)
	refusedAs(t, "lot-role", s.Batches.Materials().Clear(bg, lead, kit.Number, 0, "the valves of the others are in order"))
	require.NoError(t, s.Batches.Materials().Clear(bg, s.As(people.QA, false), kit.Number, 0, "the valves of the others are in order"))
	refusedAs(t, "lot-not-suspected", s.Batches.Materials().Clear(bg, s.As(people.QA, false), kit.Number, 0, "the valves of the others are in order"))
}

func TestCalibrationDueDuringTheBatch_22(t *testing.T) {
	s := before(t, "S21")
	due, err := s.Batches.Equipment().Due("2026-11-22")
	require.NoError(t, err)
	_, err = s.Batches.Equipment().Register(bg, s.As(people.ProductionLead, false), equipment.Registration{
		ID: "CEN-22", Kind: "centrifuge", Name: "second centrifuge", Area: "A", Checks: map[equipment.Check]equipment.Due{equipment.Calibration: due},
	})
	require.NoError(t, err)
	late := time.Date(2026, 11, 22, 22, 50, 0, 0, time.UTC) // 23:50 in Seville: due at midnight, the spin takes longer
	s.Clock.Pass(late.Sub(s.Clock.Now()))
	s.scan("S21")
	refusedAs(t, "device-calibration-due", s.enter("S21", "centrifuge_id", "CEN-22"))
}

func TestDeviceFoundOutLater_23(t *testing.T) {
	s := before(t, "S15")
	id := equipment.ID(s.Value("device:balance"))
	due, err := s.Batches.Equipment().Due("2027-11-22")
	require.NoError(t, err)
	lead := s.As(people.ProductionLead, false)
	require.NoError(t, s.Batches.CheckDevice(bg, lead, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
		return d.Calibrate(lead, now, equipment.Checking{At: now, Passed: true, Due: due, AsFound: equipment.OutOfTolerance, Reference: "CAL-9", Remark: "as found 0.9 g off"})
	}))
	require.True(t, s.classes()[batch.DeviceOut], "the batch that was weighed with it is told")
	found, _ := s.batch().Exceptions()
	require.Equal(t, "S11", found[0].Step)
}

func TestRecalledMaterial_24(t *testing.T) {
	s := before(t, "S21")
	lots := s.Lots("gradient-medium")
	lot, err := s.Batches.Materials().Load(bg, lots[0].Number)
	require.NoError(t, err)
	require.Equal(t, []string{s.number}, lot.UsedBy(), "where used")
	require.Equal(t, "3401-001", lot.Uses[0].Subject)
	require.NoError(t, s.Batches.Materials().Block(bg, s.As(people.QA, false), lots[0].Number, 0, "recalled by its maker"))
	h, held := s.batch().Held()
	require.True(t, held, "the open batch is held in the same append")
	refusedAs(t, "batch-held", s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S21"))
	refusedAs(t, "may-not-let-go", s.Batches.LetGoOn(bg, s.As(people.ProductionLead, false), s.number, 0, h.ID, "we are in a hurry"))
	require.NoError(t, s.Batches.LetGoOn(bg, s.As(people.QA, false), s.number, 0, h.ID, "the recall concerns another fill"))
	require.NoError(t, s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S21"))
}

func TestExpiredLotIsRefusedAtTheScan_24(t *testing.T) {
	s := before(t, "S20")
	s.scan("S20")
	other := s.Deliver(s.Scenario, "wash-buffer", 100)
	refusedAs(t, "lot-wrong-material", s.enter("S20", "gradient_lot", other.String()))
	refusedAs(t, "lot-check-character", s.enter("S20", "gradient_lot", "L-SVQ26-99999-0"))
}

func TestStepsRunInOrder_26(t *testing.T) {
	s := before(t, "S29")
	refusedAs(t, "out-of-order", s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S33"))
	b := s.batch()
	require.Len(t, b.Now(), 1)
	s.Play(s.number, "S37")
	require.Len(t, s.batch().Now(), 5, "the tests of the laboratory in any order")
	s.Step(s.number, s.step("S39").Step)
	require.Len(t, s.batch().Now(), 4)
	refusedAs(t, "act-only", s.Batches.Start(bg, s.As(people.QA, false), s.number, 0, "S42"))
}

func TestTimeLimitPassed_27(t *testing.T) {
	s := before(t, "S25")
	s.Clock.Pass(62 * time.Minute)
	var late bool
	for _, c := range s.batch().Timers(s.Clock.Now()) {
		late = late || c.Of.ID == "hold-manual" && c.State == "late"
	}
	require.True(t, late, "shown as late while it runs")
	s.Step(s.number, s.step("S25").Step)
	require.True(t, s.classes()[batch.TimeLimit])
	require.Len(t, s.batch().Deviations, 1)
	require.True(t, s.batch().Deviations[0].ByRule, "a deviation opened by itself")
}

func TestEnvironmentalAlarm_28(t *testing.T) {
	s := before(t, "S33")
	begun := s.Clock.Now()
	s.fill("S33")
	s.Clock.Pass(3 * time.Minute)
	a := s.batch().Areas["aseptic"]
	require.NotEmpty(t, a)
	require.NoError(t, s.Batches.Areas().Record(bg, s.As(people.Operator, false), a, []area.Reading{{
		Kind: area.Particles05, Value: quantity.New(9000, 0, "/m3"), From: begun, To: begun.Add(3 * time.Minute), Source: "APC-04",
	}}))
	found, _ := s.batch().Exceptions()
	e := found[len(found)-1]
	require.Equal(t, batch.Environment, e.Class)
	require.Equal(t, []string{"S33"}, e.Steps, "the window is laid over the steps")
	_, event := s.State(s.number)
	for _, c := range s.batch().Containers(event, "final-container") {
		require.Contains(t, e.Containers, c.ID.String(), "the affected containers are flagged")
	}
	require.NotContains(t, e.Containers, s.batch().Containers(event, "harvest-bag")[0].ID.String())
}

func TestPlatePositiveDaysLater_29(t *testing.T) {
	s := before(t, "S37")
	from := s.step("S33").StartedAt
	var id string
	for i, err := range s.Batches.Areas().Items(bg) {
		require.NoError(t, err)
		if i.Kind == "aseptic" {
			id = i.ID
		}
	}
	qc := s.As(people.Operator, false)
	require.NoError(t, s.Batches.Areas().Place(bg, qc, id, area.Plate{ID: "GLO-1", Kind: area.GlovePlate, Position: "right glove", From: from, To: from.Add(time.Millisecond)}))
	s.Clock.Pass(72 * time.Hour)
	require.NoError(t, s.Batches.Areas().Read(bg, s.As(people.QCAnalyst, false), id, "GLO-1", 2, "S. epidermidis"))
	require.True(t, s.classes()[batch.Environment], "linked to the batch that was there")
}

func TestNotTrained_30(t *testing.T) {
	s := before(t, "S11")
	ana := s.Who(people.Operator, false)
	_, err := s.Staff.RevokeTraining(bg, s.As(people.HeadProduction, false), ana, s.step("S11").Step.Training[0], people.Why{Reason: "assessment not passed", Approver: s.Who(people.QA, false)})
	require.NoError(t, err)
	refusedAs(t, "training-missing", s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S11"))
	jorge := s.As(people.Operator, true)
	require.NoError(t, s.Batches.Start(bg, jorge, s.number, 0, "S11"), "a trained person may")
}

func TestDataCorrection_31(t *testing.T) {
	s := before(t, "S32", map[string]map[string]string{"S13": {"viability": "39.0"}, "S14": {"decision": "process_with_deviation", "reason": "typing to be checked"}})
	require.NoError(t, s.correct("S13", "viability", "93.0"))
	require.Len(t, s.step("S13").Fields["viability"].Values, 2, "old and new stay")
	require.Equal(t, batch.ToVerify, s.step("S14").Status, "the decision goes to re-review")
	require.Equal(t, batch.ToVerify, s.step("S31").Status)
	refusedAs(t, "out-of-order", s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S32"))
}

// control is the daily control of the analyser that counts the cells.
func (s *shift) control(passed bool) {
	s.t.Helper()
	s.controlOf("hematology-analyser", passed)
}

// controlOf is the daily control of a device.
func (s *shift) controlOf(kind string, passed bool) {
	s.t.Helper()
	by := s.As(people.QCAnalyst, false)
	s.Clock.Pass(time.Minute)
	require.NoError(s.t, s.Batches.CheckDevice(bg, by, equipment.ID(s.Value("device:"+kind)), func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
		return d.DailyControl(by, now, equipment.Checking{At: now, Passed: passed, Due: s.Batches.Equipment().Day(now), Remark: "CONTROL_FAILED"})
	}))
}

func TestFailedAnalyserControl_33(t *testing.T) {
	s := before(t, "S29")
	s.control(false)
	require.True(t, s.classes()[batch.DeviceOut], "results after the last good control are in doubt")
	refusedAs(t, "batch-held", s.Batches.Start(bg, s.As(s.step("S29").Step.Performer, false), s.number, 0, "S29"))
	h, held := s.batch().Held()
	require.True(t, held)
	require.Equal(t, batch.HoldDevice, h.Cause)
	require.NoError(t, s.Batches.LetGoOn(bg, s.As(people.QA, false), s.number, 0, h.ID, "what it counted is measured again"))
	s.scan("S29")
	require.Error(t, s.enter("S29", "analyser_id", s.Value("device:hematology-analyser")), "and no further ones are taken")
}

func TestResultsAfterAFailedControl_33(t *testing.T) {
	s := before(t, "S42")
	invalid := func() (out []string) {
		for _, r := range s.batch().Results() {
			if r.Evaluation == qc.Invalid {
				out = append(out, r.Attribute.Field)
			}
		}
		return out
	}
	require.Empty(t, invalid())
	s.control(false)
	require.Contains(t, invalid(), "S37.lymph")
	require.Contains(t, invalid(), "S37.wbc_total", "also what is computed from it")
	require.NotContains(t, invalid(), "S38.viability_cd45", "which another device gave")
	require.True(t, s.classes()[batch.InvalidTest], "it keeps the batch from being certified")
	lymph := s.step("S37").Fields["lymph"].Values[0].Value.Number.Number()
	refusedAs(t, "device-control-failed", s.correct("S37", "lymph", lymph))
	refusedAs(t, "device-control-failed", s.correct("S37", "lymph", "31.0"))
	require.Contains(t, invalid(), "S37.lymph", "typed again is not measured again: the device still fails")
	s.control(true)
	require.NotEmpty(t, invalid(), "a control that passes later proves nothing of before")
	remeasure := func() {
		for _, f := range s.step("S37").Step.FieldsAt("ES-SVQ") {
			if c, ok := s.step("S37").Fields[f.ID].Current(); ok && (f.Type == mbr.TypeDecimal || f.Type == mbr.TypeInt) {
				require.NoError(t, s.correct("S37", f.ID, c.Value.Number.Number()), f.ID)
			}
		}
	}
	remeasure()
	require.Empty(t, invalid(), "measured again")
	s.control(false)
	require.Contains(t, invalid(), "S37.lymph", "the next control throws doubt on what was measured again, too")
	require.Len(t, s.batch().Holds, 2)
	s.control(true)
	remeasure()
	require.Empty(t, invalid(), "measured once more")
	s.control(true)
	s.control(false)
	require.Empty(t, invalid(), "what stands between two good controls is usable")
	require.Equal(t, batch.ToVerify, s.step("S37").Status, "the QC reviewer signs what was measured again")
	refusedAs(t, "no-change", s.correct("S37", "lymph", lymph))
}

func TestDuplicateResult_34(t *testing.T) {
	s := before(t, "S39")
	s.scan("S39")
	require.NoError(t, s.enter("S39", "endotoxin", "<0.50"))
	refusedAs(t, "already-entered", s.enter("S39", "endotoxin", "<0.50"))
	require.NoError(t, s.correct("S39", "endotoxin", "<0.60"))
	require.Len(t, s.step("S39").Fields["endotoxin"].Values, 2, "the old one is kept")
	delete(s.Values["S39"], "endotoxin")
	s.scan("S39")
	for _, f := range s.step("S39").Step.FieldsAt("ES-SVQ") {
		if v, ok := s.Values["S39"][f.ID]; ok {
			require.NoError(t, s.enter("S39", f.ID, s.Value(v)))
		}
	}
	s.Comment(s.number, s.step("S39").Step)
	require.NoError(t, s.complete("S39"))
	s.Verify(s.number, s.step("S39").Step)
	refusedAs(t, "no-change", s.correct("S39", "endotoxin", "<0.60"))
	require.NoError(t, s.correct("S39", "endotoxin", "<0.55"))
	require.Equal(t, batch.ToVerify, s.step("S39").Status, "a replaced result opens its review again")
}

func TestViabilityBelow_35(t *testing.T) {
	s := before(t, "S42", map[string]map[string]string{"S38": {"viability_cd45": "69.6"}})
	var evaluated bool
	for _, r := range s.batch().Results() {
		if r.Attribute.Field == "S38.viability_cd45" {
			evaluated = true
			require.Equal(t, "69.6 %", r.Raw)
			require.Contains(t, r.Reported, "70", "rounded once, to the decimals of the limit")
			require.Contains(t, r.Attribute.LimitText(), ">=70", "the rule")
			require.Equal(t, qc.Pass, r.Evaluation, "the verdict")
		}
	}
	require.True(t, evaluated)
}

// A failed result is not tested into compliance: it is replaced when something else was typed than the test gave, or once,
// when the test itself was invalid. Both results stay, and nothing is averaged.
func TestFailedResultIsNotTestedAway_35(t *testing.T) {
	s := before(t, "S42", map[string]map[string]string{"S38": {"viability_cd45": "69.4"}})
	failed := func() bool {
		for _, r := range s.batch().Results() {
			if r.Attribute.Field == "S38.viability_cd45" {
				return r.Evaluation == qc.Fail
			}
		}
		return false
	}
	replace := func(text string, ground batch.Ground, reason string) error {
		return s.Batches.Correct(bg, s.As(s.step("S38").Step.Performer, false), s.number, 0, "S38", "viability_cd45", batch.Input{Text: text, Ground: ground}, reason)
	}
	require.True(t, failed())
	refusedAs(t, "result-ground", replace("71.0", "", "tested again"))
	refusedAs(t, "result-ground", replace("71.0", "better", "tested again"))
	refusedAs(t, "reason-missing", replace("71.0", batch.TestInvalid, ""))
	require.NoError(t, replace("69.3", batch.TestInvalid, "7-AAD lot had not been mixed, assignable cause OOS-2026-11"))
	require.True(t, s.classes()[batch.Retested], "QA sees that and why")
	require.Equal(t, batch.ToVerify, s.step("S38").Status, "and the QC reviewer signs it")
	require.True(t, failed(), "the second test decides, not the mean of both")
	refusedAs(t, "retested-already", replace("71.0", batch.TestInvalid, "tested a third time"))
	require.NoError(t, replace("96.3", batch.Mistyped, "the print says 96.3, two digits were swapped"))
	require.False(t, failed())
	require.Len(t, s.step("S38").Fields["viability_cd45"].Values, 3, "every result stays")
	refusedAs(t, "result-ground", replace("96.4", "", "misread once more"))
	refusedAs(t, "retested-already", replace("96.4", batch.TestInvalid, "tested a third time"))
	require.NoError(t, replace("96.4", batch.Mistyped, "misread once more"), "once failed, it says why for good")
}

// A test that is repeated is repeated once, whatever was corrected as mistyped in between; and a failed result is not got rid of
// by making its test invalid for a while (scenario 35).
func TestFailedResultIsNotTestedAwayInSteps_35(t *testing.T) {
	values := map[string]map[string]string{"S38": {"viability_cd45": "69.4"}}
	correct := func(s *shift, field, text string, ground batch.Ground) error {
		return s.Batches.Correct(bg, s.As(s.step("S38").Step.Performer, false), s.number, 0, "S38", field, batch.Input{Text: text, Ground: ground}, "some reason given")
	}
	s := before(t, "S42", values)
	require.NoError(t, correct(s, "viability_cd45", "69.3", batch.TestInvalid))
	require.NoError(t, correct(s, "viability_cd45", "69.2", batch.Mistyped))
	refusedAs(t, "retested-already", correct(s, "viability_cd45", "71.0", batch.TestInvalid))

	s = before(t, "S42", values)
	refusedAs(t, "result-ground", correct(s, "cd45_events", "10", ""))
	require.NoError(t, correct(s, "cd45_events", "10", batch.Mistyped))
	refusedAs(t, "result-ground", correct(s, "viability_cd45", "71.0", ""))
}

func TestTooPure_36(t *testing.T) {
	s := before(t, "S42", map[string]map[string]string{"S37": {"lymph": "50.0", "mono": "22.0", "gran": "15.9", "other": "12.1", "mnc": "84.1"}})
	found, _ := s.batch().Exceptions()
	oos := 0
	for _, e := range found {
		if e.Class == batch.OOS {
			oos++
			require.Len(t, e.Attributes, 2, "both fail as one cause")
		}
	}
	require.Equal(t, 1, oos)
}

func TestBatchSplit_7(t *testing.T) {
	s := before(t, "S15")
	lead := s.As(people.ProductionLead, false)
	ml := func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	_, err := s.Batches.Split(bg, s.As(people.Operator, false), s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	refusedAs(t, "may-not-split", err)
	_, err = s.Batches.Split(bg, lead, s.number, 0, []quantity.Quantity{ml(500), ml(400)}, ml(0), "two lots of kits")
	refusedAs(t, "split-balance", err)
	children, err := s.Batches.Split(bg, lead, s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	require.Len(t, children, 2)
	require.True(t, s.batch().Over())
	child, _ := s.State(children[0])
	require.Equal(t, s.number, child.Parent)
	v, _ := child.Value("S12.volume_after_sampling")
	require.Equal(t, "50.0 mL", v.Value.String())
	st, _ := child.Current()
	require.Equal(t, "S15", st.Step.ID, "each child has its own record")
	s.Step(children[0], st.Step)
}

func TestSecondHarvest_5(t *testing.T) {
	s := before(t, "S15")
	b := s.batch()
	coordinator := s.As(people.Coordinator, false)
	second, err := s.Batches.OpenFurther(context.Background(), coordinator, b.CoI, batch.Supplements, "too few cells in the first harvest", s.Sign(coordinator.Account, people.Coordinator))
	require.NoError(t, err)
	s.Play(second, "S09")
	other, event := s.State(second)
	require.Equal(t, b.CoI, other.CoI, "the same chain of identity")
	require.Len(t, event.Donations, 2, "its own donation")
	require.Equal(t, event.Donations[1].DIN, other.Containers(event, "harvest-bag")[0].ID.DIN())
	beside, err := s.Batches.Beside(bg, other)
	require.NoError(t, err)
	require.Equal(t, []string{s.number}, beside, "the first one is visible beside it")
	first := s.batch().Containers(event, "harvest-bag")[0]
	s.Perform(second, s.bag(second))
	err = s.Batches.Scan(bg, s.As(people.Operator, false), second, 0, "S09", "bag_scan", first.Label)
	require.Equal(t, []string{"I4"}, rules(err), "material of the first batch is not taken for the second")
}

func (s *shift) bag(number string) *mbr.Step {
	b, _ := s.State(number)
	st, _ := b.Step("S09")
	return st.Step
}
