package equipment_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/equipment"
)

// The check that runs out first is the one that a list is sorted by.
func TestNextDueIsTheFirst_CS67(t *testing.T) {
	for _, c := range []struct {
		days map[equipment.Check]string
		want equipment.Check
	}{
		{map[equipment.Check]string{equipment.Qualification: "2027-03-01", equipment.Calibration: "2027-01-01", equipment.Cleaning: "2027-02-01"}, equipment.Calibration},
		{map[equipment.Check]string{equipment.Qualification: "2027-01-01", equipment.Calibration: "2027-03-01", equipment.Cleaning: "2027-02-01"}, equipment.Qualification},
		{map[equipment.Check]string{equipment.Qualification: "2027-03-01", equipment.Calibration: "", equipment.Cleaning: "2027-02-01"}, equipment.Cleaning},
		{map[equipment.Check]string{equipment.Qualification: "", equipment.DailyControl: ""}, ""},
	} {
		r := equipment.Registration{ID: "CEN-03", Kind: "centrifuge", Name: "X-Pro", Area: "A1", Checks: map[equipment.Check]equipment.Due{}}
		for check, day := range c.days {
			r.Checks[check] = due(t, day, time.UTC)
		}
		d := &equipment.Device{}
		drafts, err := r.Register(lead)
		apply(t, d, lead, noon, drafts, err)
		check, next, ok := d.NextDue()
		require.Equal(t, c.want, check)
		require.Equal(t, c.want != "", ok)
		require.Equal(t, c.days[c.want], next.Day)
	}
}

// A day of the plant begins and ends at its own midnight.
func TestDayOfThePlant_CS67(t *testing.T) {
	for _, c := range []struct{ zone, at, day, end string }{
		{"Europe/Madrid", "2026-11-22T22:59:59Z", "2026-11-22", "2026-11-22T23:00:00Z"},
		{"Europe/Madrid", "2026-11-22T23:00:00Z", "2026-11-23", "2026-11-23T23:00:00Z"},
		{"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29", "2026-03-29T22:00:00Z"}, // 23 hours
		{"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25", "2026-10-25T23:00:00Z"}, // 25 hours
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		k := &equipment.Book{Zone: zone(t, c.zone)}
		got := k.Day(at)
		require.Equal(t, c.day, got.Day)
		require.Equal(t, c.end, got.End.Format(time.RFC3339))
		same, err := k.Due(c.day)
		require.NoError(t, err)
		require.Equal(t, same, got)
	}
}

// An approval that was taken back is none.
func TestWithdrawnProgrammeIsNotApproved_CS67(t *testing.T) {
	d := balance(t)
	approve("07", "v2")(t, d)
	drafts, err := d.SetProgramme(lead, "07", "", "fails at 4 degrees")
	apply(t, d, lead, noon, drafts, err)
	require.Equal(t, []string{"device-programme"}, codes(d.MayUse(noon, equipment.Want{Kind: "balance", Programme: "07", ProgrammeVersion: "v2"})))
	require.Equal(t, []string{"device-programme"}, codes(d.MayUse(noon, equipment.Want{Kind: "balance", Programme: "07"})))
	require.Len(t, d.Approvals, 2)
}

func TestOpenAlarmsAreBounded(t *testing.T) {
	d := balance(t)
	for range 50 {
		drafts, err := d.Alarm(operator, noon, equipment.Report{Code: "E", Text: "E", At: noon})
		apply(t, d, operator, noon, drafts, err)
	}
	_, err := d.Alarm(operator, noon, equipment.Report{Code: "E", Text: "E", At: noon})
	require.Equal(t, []string{"alarm-too-many"}, codes(err))
	drafts, err := d.CloseAlarm(lead, 50, equipment.Continue, "looked at it")
	apply(t, d, lead, noon, drafts, err)
	_, err = d.Alarm(operator, noon, equipment.Report{Code: "E", Text: "E", At: noon})
	require.NoError(t, err)
}

// Only a calibration speaks of how it found the device.
func TestOnlyCalibrationsSayAsFound(t *testing.T) {
	d := balance(t)
	far := due(t, "2027-06-30", time.UTC)
	drafts, err := d.Qualify(qa, noon, equipment.Checking{At: noon, Passed: true, Due: far, AsFound: equipment.OutOfTolerance, Reference: "PQ-12"})
	apply(t, d, qa, noon, drafts, err)
	require.Empty(t, d.Records[len(d.Records)-1].AsFound)
}
