package equipment_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// What stands against a use, one rule at a time (CS-67).
func TestMayUse_CS67(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	want := equipment.Want{Kind: "balance", Until: noon.Add(time.Hour)}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, d *equipment.Device)
		want   func(w *equipment.Want)
		now    time.Time
		codes  []string
	}{
		{name: "all in order"},
		{name: "another kind", want: func(w *equipment.Want) { w.Kind = "centrifuge" }, codes: []string{"device-wrong-kind"}},
		{name: "retired", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Retire(lead, "worn out")
			apply(t, d, lead, noon, drafts, err)
		}, codes: []string{"device-retired"}},
		{name: "failed calibration", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Calibrate(lead, noon, equipment.Checking{At: noon, AsFound: equipment.InTolerance, Reference: "C-2", Remark: "display broken"})
			apply(t, d, lead, noon, drafts, err)
		}, codes: []string{"device-out-of-service"}},
		{name: "failed qualification", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Qualify(qa, noon, equipment.Checking{At: noon, Reference: "Q-2", Remark: "test 4 not met"})
			apply(t, d, qa, noon, drafts, err)
		}, codes: []string{"device-out-of-service"}},
		{name: "qualification runs out", now: noon.AddDate(1, 0, 0), want: func(w *equipment.Want) { w.Until = time.Time{} },
			codes: []string{"device-qualification-due", "device-calibration-due", "device-cleaning-due", "device-control-missing"}},
		{name: "calibration runs out", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Calibrate(lead, noon, equipment.Checking{
				At: noon, Passed: true, AsFound: equipment.InTolerance, Due: due(t, "2026-11-22", madrid), Reference: "C-2",
			})
			apply(t, d, lead, noon, drafts, err)
		}, want: func(w *equipment.Want) { w.Until = noon.Add(12*time.Hour + time.Second) }, codes: []string{"device-calibration-due"}},
		{name: "cleaning runs out", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Clean(operator, noon, equipment.Checking{At: noon, Due: due(t, "2026-11-22", madrid)})
			apply(t, d, operator, noon, drafts, err)
		}, want: func(w *equipment.Want) { w.Until = noon.AddDate(0, 0, 1) }, codes: []string{"device-cleaning-due"}},
		{name: "control of yesterday", now: noon.Add(13 * time.Hour), codes: []string{"device-control-missing"}},
		{name: "control at a quarter to midnight", now: noon.Add(11*time.Hour + 45*time.Minute),
			want: func(w *equipment.Want) { w.Until = noon.Add(13 * time.Hour) }},
		{name: "failed control", change: func(t *testing.T, d *equipment.Device) { control(t, d, noon, false) }, codes: []string{"device-control-failed"}},
		{name: "failed control, repeated and passed", change: func(t *testing.T, d *equipment.Device) {
			control(t, d, noon, false)
			control(t, d, noon, true)
		}},
		{name: "open alarm", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Alarm(operator, noon, equipment.Report{Code: "E-17", Text: "Overload", At: noon})
			apply(t, d, operator, noon, drafts, err)
		}, codes: []string{"device-alarm-open"}},
		{name: "closed alarm", change: func(t *testing.T, d *equipment.Device) {
			drafts, err := d.Alarm(operator, noon, equipment.Report{Code: "E-17", Text: "Overload", At: noon})
			apply(t, d, operator, noon, drafts, err)
			drafts, err = d.CloseAlarm(lead, 1, equipment.Continue, "pan was touched")
			apply(t, d, lead, noon, drafts, err)
		}},
		{name: "programme that nobody approved", want: func(w *equipment.Want) { w.Programme, w.ProgrammeVersion = "07", "v2" }, codes: []string{"device-programme"}},
		{name: "another version", change: approve("07", "v2"), want: func(w *equipment.Want) { w.Programme, w.ProgrammeVersion = "07", "v1" },
			codes: []string{"device-programme-version"}},
		{name: "the approved version", change: approve("07", "v2"), want: func(w *equipment.Want) { w.Programme, w.ProgrammeVersion = "07", "v2" }},
		{name: "several at once", change: func(t *testing.T, d *equipment.Device) {
			control(t, d, noon, false)
			drafts, err := d.Alarm(operator, noon, equipment.Report{Code: "E-17", Text: "Overload", At: noon})
			apply(t, d, operator, noon, drafts, err)
		}, codes: []string{"device-control-failed", "device-alarm-open"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, w, now := balance(t), want, noon
			if c.change != nil {
				c.change(t, d)
			}
			if c.want != nil {
				c.want(&w)
			}
			if !c.now.IsZero() {
				now = c.now
			}
			err := d.MayUse(now, w)
			require.Equal(t, c.codes, codes(err))
			require.Equal(t, len(c.codes) == 0, err == nil, "what is refused names its rule: %v", err)
			_, err = d.Use(operator, now, w, equipment.For{Batch: "SVQ2600001K", Step: "S11"})
			require.Equal(t, c.codes, codes(err), "a use is refused like the question")
		})
	}
}

func approve(programme, version string) func(*testing.T, *equipment.Device) {
	return func(t *testing.T, d *equipment.Device) {
		drafts, err := d.SetProgramme(qa, programme, version, "validated in PQ-12")
		apply(t, d, qa, noon, drafts, err)
	}
}

// A device that needs a check which nobody recorded yet may not be used.
func TestNewDeviceWaitsForItsChecks_CS67(t *testing.T) {
	d := &equipment.Device{}
	drafts, err := equipment.Registration{ID: "CEN-03", Kind: "centrifuge", Name: "X-Pro", Area: "SVQ-07", Checks: map[equipment.Check]equipment.Due{
		equipment.Qualification: {}, equipment.Calibration: {}, equipment.Cleaning: {},
	}}.Register(lead)
	apply(t, d, lead, noon, drafts, err)
	require.Equal(t, []string{"device-check-missing", "device-check-missing", "device-check-missing"}, codes(d.MayUse(noon, equipment.Want{Kind: "centrifuge"})))
	require.Equal(t, equipment.InService, d.Status())

	plain := &equipment.Device{}
	drafts, err = equipment.Registration{ID: "PRN-01", Kind: "label-printer", Name: "ZD621", Area: "SVQ-02"}.Register(lead)
	apply(t, plain, lead, noon, drafts, err)
	require.NoError(t, plain.MayUse(noon, equipment.Want{Kind: "label-printer"}))
	require.Equal(t, []string{"device-control-missing"}, codes(plain.MayUse(noon, equipment.Want{Kind: "label-printer", DailyControl: true})),
		"a step may ask for a control that the device does not need by itself")
}

// The planned end counts, not the start: process scenario 22, on ordinary nights and on those with 23 and 25 hours.
func TestCalibrationDueDuringWork_Scenario22(t *testing.T) {
	for _, plant := range []string{"Europe/Madrid", "Europe/Berlin"} {
		z := zone(t, plant)
		for _, night := range []struct {
			day  string
			long time.Duration // of the day that ends
		}{{"2026-11-30", 24 * time.Hour}, {"2026-03-29", 23 * time.Hour}, {"2026-10-25", 25 * time.Hour}, {"2026-12-31", 24 * time.Hour}, {"2028-02-29", 24 * time.Hour}} {
			t.Run(plant+" "+night.day, func(t *testing.T) {
				midnight := due(t, night.day, z)
				begin, err := time.ParseInLocation("2006-01-02", night.day, z)
				require.NoError(t, err)
				require.Equal(t, begin.Add(night.long).UTC(), midnight.End, "the day ends when the next one begins")
				d := &equipment.Device{}
				drafts, err := equipment.Registration{ID: "CEN-03", Kind: "centrifuge", Name: "X-Pro", Area: "A1",
					Checks: map[equipment.Check]equipment.Due{equipment.Calibration: midnight}}.Register(lead)
				apply(t, d, lead, begin, drafts, err)
				start := midnight.End.Add(-10 * time.Minute)
				for _, c := range []struct {
					until time.Time
					fine  bool
				}{
					{time.Time{}, true}, {start, true}, {midnight.End.Add(-time.Second), true}, {midnight.End, true},
					{midnight.End.Add(time.Microsecond), false}, {midnight.End.Add(10 * time.Minute), false},
				} {
					err := d.MayUse(start, equipment.Want{Kind: "centrifuge", Until: c.until})
					require.Equal(t, c.fine, err == nil, "%s: %v", c.until, err)
				}
				r := ledger.RefusalsOf(d.MayUse(start, equipment.Want{Kind: "centrifuge", Until: midnight.End.Add(time.Hour)}))
				require.Len(t, r, 1)
				require.Equal(t, "device-calibration-due", r[0].Code)
				require.Equal(t, night.day, r[0].Args["due"])
				require.Equal(t, midnight.End.Add(time.Hour).UTC().Format(time.RFC3339), r[0].Args["until"])
			})
		}
	}
}

// A control counts on its calendar day at the plant, whatever day it is in UTC.
func TestDailyControlCountsOnItsDay_CS67(t *testing.T) {
	for _, plant := range []string{"Europe/Madrid", "Europe/Berlin"} {
		z := zone(t, plant)
		for _, day := range []string{"2026-03-29", "2026-07-01", "2026-10-25"} {
			begin, err := time.ParseInLocation("2006-01-02", day, z)
			require.NoError(t, err)
			today := due(t, day, z)
			d := &equipment.Device{}
			drafts, err := equipment.Registration{ID: "HEM-01", Kind: "hematology-analyser", Name: "H500", Area: "QC",
				Checks: map[equipment.Check]equipment.Due{equipment.DailyControl: {}}}.Register(lead)
			apply(t, d, lead, begin, drafts, err)
			at := begin.Add(time.Minute) // still yesterday in UTC
			drafts, err = d.DailyControl(analyst, at, equipment.Checking{At: at, Passed: true, Due: today})
			apply(t, d, analyst, at, drafts, err)
			want := equipment.Want{Kind: "hematology-analyser"}
			require.NoError(t, d.MayUse(at, want), "%s %s", plant, day)
			require.NoError(t, d.MayUse(today.End.Add(-time.Microsecond), want), "%s %s", plant, day)
			require.Equal(t, []string{"device-control-missing"}, codes(d.MayUse(today.End, want)), "%s %s", plant, day)
		}
	}
}

// What a device was used for stands in its record, with person and time.
func TestUseStandsInTheRecord_AT24(t *testing.T) {
	d := balance(t)
	approve("07", "v2")(t, d)
	w := equipment.Want{Kind: "balance", Until: noon.Add(time.Hour), Programme: "07", ProgrammeVersion: "v2"}
	drafts, err := d.Use(operator, noon, w, equipment.For{Batch: "SVQ2600001K", CoI: "CHA999926000001", Subject: "3401-001", Step: "S11"})
	apply(t, d, operator, noon, drafts, err)
	require.Equal(t, []equipment.Use{{
		Batch: "SVQ2600001K", CoI: "CHA999926000001", Subject: "3401-001", Step: "S11", Until: noon.Add(time.Hour), Programme: "07",
		ProgrammeVersion: "v2", At: noon, By: operator, Entry: d.Version,
	}}, d.Uses)
	_, err = d.Use(qa, noon, w, equipment.For{Batch: "SVQ2600001K"})
	require.Equal(t, []string{"equipment-not-allowed"}, codes(err))
}
