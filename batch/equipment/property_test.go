package equipment_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// modelDevice is what a device should allow, by the rules alone.
type modelDevice struct {
	retired      bool
	calibrated   bool      // the last calibration passed
	until        time.Time // and holds until then
	control      bool      // the last control passed
	controlledOn string    // day of the last control
	alarms       []bool    // open
	uses         int       // since the last good calibration
	sinceControl int       // uses since the last good control
	found        bool      // a calibration found it out since the last good one
	lost         bool      // a control failed since the last good one
	programme    string
}

func (m *modelDevice) open() int {
	n := 0
	for _, open := range m.alarms {
		if open {
			n++
		}
	}
	return n
}

// The device allows a use exactly when no rule stands against it, and doubts exactly what came since the last good check.
func TestDeviceFollowsItsRules_CS67(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom([]string{"Europe/Madrid", "Europe/Berlin"}).Draw(t, "zone"))
		now := time.Date(2026, 10, 23, 20, 0, 0, 0, z) // two days before the clocks change
		d := &equipment.Device{}
		m := &modelDevice{}
		act := func(who ledger.Author, drafts []ledger.Draft, err error, allowed bool) bool {
			require.Equal(t, allowed, err == nil, "%v", err)
			if err == nil {
				apply(t, d, who, now, drafts, nil)
			}
			return err == nil
		}
		drafts, err := equipment.Registration{ID: "BAL-01", Kind: "balance", Name: "XPR", Area: "A1", Checks: map[equipment.Check]equipment.Due{
			equipment.Calibration: {}, equipment.DailyControl: {},
		}}.Register(lead)
		act(lead, drafts, err, true)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				until := now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours")) * time.Hour)
				version := rapid.SampledFrom([]string{"", "v1", "v2"}).Draw(t, "version")
				w := equipment.Want{Kind: "balance", Until: until}
				if version != "" {
					w.Programme, w.ProgrammeVersion = "07", version
				}
				fine := !m.retired && m.calibrated && !m.until.Before(until) && m.control && m.controlledOn == now.In(z).Format("2006-01-02") &&
					m.open() == 0 && (version == "" || version == m.programme)
				err := d.MayUse(now, w)
				require.Equal(t, fine, err == nil, "%v", err)
				require.Equal(t, m.open(), len(d.Open))
				require.Equal(t, m.retired || d.Standing[equipment.Calibration].At.After(time.Time{}) && !m.calibrated, d.Status() == equipment.OutOfService)
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes")) * time.Minute)
			},
			"use": func(t *rapid.T) {
				drafts, err := d.Use(operator, now, equipment.Want{Kind: "balance"}, equipment.For{Batch: "B", Step: "S11"})
				allowed := d.MayUse(now, equipment.Want{Kind: "balance"}) == nil
				if act(operator, drafts, err, allowed) {
					m.uses++
					m.sinceControl++
				}
				now = now.Add(time.Minute)
			},
			"calibrate": func(t *rapid.T) {
				day := due(t, now.AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days")).In(z).Format("2006-01-02"), z)
				c := equipment.Checking{At: now, Due: day, Reference: "C", Remark: "as the certificate says"}
				c.Passed = rapid.Bool().Draw(t, "passed")
				c.AsFound = rapid.SampledFrom([]equipment.AsFound{equipment.InTolerance, equipment.OutOfTolerance}).Draw(t, "found")
				drafts, err := d.Calibrate(lead, now, c)
				if !act(lead, drafts, err, !m.retired) {
					return
				}
				if c.AsFound == equipment.OutOfTolerance && !m.found {
					require.Len(t, d.Affected(), m.uses)
				}
				m.calibrated, m.until, m.found = c.Passed, day.End, m.found || c.AsFound == equipment.OutOfTolerance
				if c.Passed {
					m.uses, m.found = 0, false
				}
				now = now.Add(time.Minute)
			},
			"control": func(t *rapid.T) {
				passed := rapid.Bool().Draw(t, "passed")
				today := now.In(z).Format("2006-01-02")
				drafts, err := d.DailyControl(operator, now, equipment.Checking{At: now, Passed: passed, Due: due(t, today, z), Remark: "check weight"})
				if !act(operator, drafts, err, !m.retired) {
					return
				}
				if !passed && !m.lost {
					require.Len(t, d.Affected(), m.sinceControl)
				}
				m.control, m.controlledOn, m.lost = passed, today, !passed
				if passed {
					m.sinceControl = 0
				}
				now = now.Add(time.Minute)
			},
			"alarm": func(t *rapid.T) {
				drafts, err := d.Alarm(operator, now, equipment.Report{Code: "E", Text: "E", At: now})
				if act(operator, drafts, err, !m.retired && m.open() < 50) {
					m.alarms = append(m.alarms, true)
				}
			},
			"close": func(t *rapid.T) {
				n := rapid.IntRange(0, len(m.alarms)+1).Draw(t, "alarm")
				drafts, err := d.CloseAlarm(lead, n, equipment.Restart, "looked at the device")
				if act(lead, drafts, err, n >= 1 && n <= len(m.alarms) && m.alarms[n-1]) {
					m.alarms[n-1] = false
				}
			},
			"programme": func(t *rapid.T) {
				version := rapid.SampledFrom([]string{"", "v1", "v2"}).Draw(t, "approved")
				drafts, err := d.SetProgramme(qa, "07", version, "validated")
				if act(qa, drafts, err, !m.retired && version != m.programme) {
					m.programme = version
				}
			},
			"retire": func(t *rapid.T) {
				if rapid.IntRange(0, 19).Draw(t, "die") > 0 {
					t.Skip("rarely")
				}
				drafts, err := d.Retire(lead, "worn out")
				m.retired = act(lead, drafts, err, !m.retired) || m.retired
			},
		})
		require.Equal(t, fmt.Sprint(len(m.alarms)), fmt.Sprint(len(d.Alarms)))
	})
}
