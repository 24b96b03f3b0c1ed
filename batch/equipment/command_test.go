package equipment_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// What a command on a device refuses, and with which rule.
func TestCommandsRefuse_CS67(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	far := due(t, "2027-06-30", madrid)
	passed := equipment.Checking{At: noon, Passed: true, AsFound: equipment.InTolerance, Due: far, Reference: "C-2"}
	with := func(change func(*equipment.Checking)) equipment.Checking {
		c := passed
		change(&c)
		return c
	}
	alarm := equipment.Report{Code: "E-17", Text: "Overload", At: noon}
	type result = []ledger.Draft
	for name, c := range map[string]struct {
		code string
		do   func(d *equipment.Device) (result, error)
	}{
		"calibration by an operator":  {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.Calibrate(operator, noon, passed) }},
		"qualification by an analyst": {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.Qualify(analyst, noon, passed) }},
		"cleaning by QA":              {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.Clean(qa, noon, passed) }},
		"control by QA":               {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.DailyControl(qa, noon, passed) }},
		"alarm by QA":                 {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.Alarm(qa, noon, alarm) }},
		"retired by an operator":      {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.Retire(operator, "worn out") }},
		"programme by a courier":      {"equipment-not-allowed", func(d *equipment.Device) (result, error) { return d.SetProgramme(courier, "07", "v2", "validated") }},
		"calibration without as-found": {"device-as-found", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.AsFound = "" }))
		}},
		"calibration of tomorrow": {"device-time", func(d *equipment.Device) (result, error) { return d.Calibrate(lead, noon.Add(-time.Second), passed) }},
		"calibration before the last": {"device-time", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.At = noon.AddDate(0, 0, -31) }))
		}},
		"calibration without a day": {"device-due-needed", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.Due = equipment.Due{} }))
		}},
		"calibration due before it": {"device-due-past", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.Due = due(t, "2026-11-21", madrid) }))
		}},
		"calibration without reference": {"device-text", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.Reference = " " }))
		}},
		"failed without a remark": {"reason-missing", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.Passed = false }))
		}},
		"found out without a remark": {"reason-missing", func(d *equipment.Device) (result, error) {
			return d.Calibrate(lead, noon, with(func(c *equipment.Checking) { c.AsFound = equipment.OutOfTolerance }))
		}},
		"failed control without remark": {"reason-missing", func(d *equipment.Device) (result, error) {
			return d.DailyControl(operator, noon, with(func(c *equipment.Checking) { c.Passed = false }))
		}},
		"remark that cannot be printed": {"not-printable", func(d *equipment.Device) (result, error) {
			return d.Clean(operator, noon, with(func(c *equipment.Checking) { c.Remark = "clean\x00ed" }))
		}},
		"remark that is too long": {"device-text", func(d *equipment.Device) (result, error) {
			return d.Clean(operator, noon, with(func(c *equipment.Checking) { c.Remark = strings.Repeat("a", 501) }))
		}},
		"alarm of tomorrow": {"alarm-time", func(d *equipment.Device) (result, error) { return d.Alarm(operator, noon.Add(-time.Second), alarm) }},
		"alarm without text": {"device-text", func(d *equipment.Device) (result, error) {
			return d.Alarm(operator, noon, equipment.Report{Code: "E", At: noon})
		}},
		"alarm without code": {"device-text", func(d *equipment.Device) (result, error) {
			return d.Alarm(operator, noon, equipment.Report{Text: "E", At: noon})
		}},
		"no such alarm": {"no-alarm", func(d *equipment.Device) (result, error) {
			return d.CloseAlarm(lead, 2, equipment.Continue, "looked at it")
		}},
		"alarm zero": {"no-alarm", func(d *equipment.Device) (result, error) {
			return d.CloseAlarm(lead, 0, equipment.Continue, "looked at it")
		}},
		"alarm closed by an operator": {"alarm-lead", func(d *equipment.Device) (result, error) {
			return d.CloseAlarm(operator, 1, equipment.Continue, "looked at it")
		}},
		"alarm closed by QA": {"alarm-lead", func(d *equipment.Device) (result, error) {
			return d.CloseAlarm(qa, 1, equipment.Continue, "looked at it")
		}},
		"alarm closed anyhow":           {"alarm-decision", func(d *equipment.Device) (result, error) { return d.CloseAlarm(lead, 1, "ignore", "looked at it") }},
		"alarm closed without a reason": {"reason-missing", func(d *equipment.Device) (result, error) { return d.CloseAlarm(lead, 1, equipment.Continue, "ok") }},
		"retired without a reason":      {"reason-missing", func(d *equipment.Device) (result, error) { return d.Retire(lead, "") }},
		"programme without a reason":    {"reason-missing", func(d *equipment.Device) (result, error) { return d.SetProgramme(lead, "07", "v2", "") }},
		"programme without a name":      {"device-text", func(d *equipment.Device) (result, error) { return d.SetProgramme(lead, "", "v2", "validated") }},
		"withdrawal of what is not there": {"programme-unchanged", func(d *equipment.Device) (result, error) {
			return d.SetProgramme(lead, "07", "", "not needed any more")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := balance(t)
			drafts, err := d.Alarm(operator, noon, alarm)
			apply(t, d, operator, noon, drafts, err)
			drafts, err = c.do(d)
			require.Equal(t, []string{c.code}, codes(err))
			require.Empty(t, drafts)
		})
	}
}

func TestAlarmIsClosedOnce_Scenario21(t *testing.T) {
	d := balance(t)
	drafts, err := d.Alarm(operator, noon, equipment.Report{Code: "P-03", Text: "Pressure high", At: noon, Batch: "SVQ2600001K", Step: "S24"})
	apply(t, d, operator, noon, drafts, err)
	drafts, err = d.Alarm(operator, noon, equipment.Report{Code: "P-04", Text: "Pressure low", At: noon})
	apply(t, d, operator, noon, drafts, err)
	drafts, err = d.CloseAlarm(lead, 1, equipment.NewKit, "valve of the kit stuck")
	apply(t, d, lead, noon, drafts, err)
	require.Equal(t, equipment.NewKit, d.Alarms[0].Decision)
	require.Equal(t, lead, d.Alarms[0].ClosedBy)
	require.Len(t, d.Open, 1)
	require.Equal(t, 2, d.Open[0].Number, "the other one still blocks")
	_, err = d.CloseAlarm(lead, 1, equipment.Continue, "looked at it again")
	require.Equal(t, []string{"alarm-closed"}, codes(err))
}

func TestRetiredDeviceTakesNothingMore_CS67(t *testing.T) {
	d := balance(t)
	drafts, err := d.Retire(lead, "worn out")
	apply(t, d, lead, noon, drafts, err)
	require.Equal(t, equipment.OutOfService, d.Status())
	c := equipment.Checking{At: noon, Passed: true, AsFound: equipment.InTolerance, Due: due(t, "2027-06-30", time.UTC), Reference: "C-2"}
	for name, do := range map[string]func() ([]ledger.Draft, error){
		"calibrate": func() ([]ledger.Draft, error) { return d.Calibrate(lead, noon, c) },
		"clean":     func() ([]ledger.Draft, error) { return d.Clean(operator, noon, c) },
		"programme": func() ([]ledger.Draft, error) { return d.SetProgramme(lead, "07", "v2", "validated") },
		"retire":    func() ([]ledger.Draft, error) { return d.Retire(lead, "worn out") },
		"alarm": func() ([]ledger.Draft, error) {
			return d.Alarm(operator, noon, equipment.Report{Code: "E", Text: "E", At: noon})
		},
	} {
		_, err := do()
		require.Equal(t, []string{"device-retired"}, codes(err), name)
	}
}

func TestRegistrationRefuses_CS67(t *testing.T) {
	good := equipment.Registration{ID: "CEN-03", Kind: "centrifuge", Name: "X-Pro", Area: "A1"}
	for name, c := range map[string]struct {
		code   string
		change func(*equipment.Registration)
	}{
		"identifier": {"device-id", func(r *equipment.Registration) { r.ID = "C 3" }},
		"kind":       {"device-kind", func(r *equipment.Registration) { r.Kind = "Zentrifuge 3" }},
		"name":       {"device-text", func(r *equipment.Registration) { r.Name = strings.Repeat("x", 81) }},
		"area":       {"device-text", func(r *equipment.Registration) { r.Area = "" }},
		"script":     {"not-printable", func(r *equipment.Registration) { r.Name = "遠心機" }},
		"check":      {"device-check", func(r *equipment.Registration) { r.Checks = map[equipment.Check]equipment.Due{"painting": {}} }},
		"control's date": {"device-check", func(r *equipment.Registration) {
			r.Checks = map[equipment.Check]equipment.Due{equipment.DailyControl: due(t, "2026-11-22", time.UTC)}
		}},
	} {
		r := good
		c.change(&r)
		_, err := r.Register(lead)
		require.Equal(t, []string{c.code}, codes(err), name)
	}
	_, err := good.Register(operator)
	require.Equal(t, []string{"equipment-not-allowed"}, codes(err))
	_, err = good.Register(qa)
	require.NoError(t, err)
}

func TestParseID_CS67(t *testing.T) {
	for in, want := range map[string]equipment.ID{"CEN-03": "CEN-03", " cen-03\r\n": "CEN-03", "]d1CEN-03": "CEN-03", "b1": "B1", strings.Repeat("A", 24): equipment.ID(strings.Repeat("A", 24))} {
		id, err := equipment.ParseID(in)
		require.NoError(t, err, "%q", in)
		require.Equal(t, want, id)
	}
	for _, in := range []string{"", "A", "-A", "CEN_03", "CEN 03", "ÜB-1", "CEN/03", "]d1", "]d1]d1CEN-03", strings.Repeat("A", 25), "ſ1"} {
		_, err := equipment.ParseID(in)
		require.Equal(t, []string{"device-id"}, codes(err), "%q", in)
	}
}

func TestDueOn_CS67(t *testing.T) {
	for _, in := range []string{"30.11.2026", "2026-13-01", "2026-02-30", "1999-12-31", "2200-01-01", "2026-11-30T00:00:00Z", "x"} {
		_, err := equipment.DueOn(in, time.UTC)
		require.Equal(t, []string{"device-day"}, codes(err), "%q", in)
	}
	none, err := equipment.DueOn("", time.UTC)
	require.NoError(t, err)
	require.True(t, none.IsZero())
}

func FuzzParseID(f *testing.F) {
	f.Add("CEN-03")
	f.Add(" cen-03\x00")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := equipment.ParseID(s)
		if err != nil {
			return
		}
		again, err := equipment.ParseID(string(id))
		require.NoError(t, err)
		require.Equal(t, id, again)
	})
}
