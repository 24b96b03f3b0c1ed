package equipment_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/equipment"
)

func batches(uses []equipment.Use) []string {
	out := []string{}
	for _, u := range uses {
		out = append(out, u.Batch)
	}
	return out
}

// A balance that a calibration finds out of tolerance: every use since the last good calibration is in doubt, whether the
// balance could be adjusted or not (process scenario 23).
func TestFoundOutOfCalibration_Scenario23(t *testing.T) {
	for _, adjusted := range []bool{true, false} {
		d := balance(t) // last good calibration 30 days before noon
		good := noon.AddDate(0, 0, -30)
		use(t, d, noon.Add(-2*time.Hour), "SVQ2600001K")
		use(t, d, noon.Add(-time.Hour), "SVQ2600002H")
		use(t, d, noon.Add(-time.Hour), "SVQ2600001K")
		require.Empty(t, d.Affected())
		found := noon.Add(time.Hour)
		c := equipment.Checking{At: found, Passed: adjusted, AsFound: equipment.OutOfTolerance, Reference: "C-2", Remark: "0.4 g too heavy at 200 g"}
		if adjusted {
			c.Due = due(t, "2027-11-30", zone(t, "Europe/Madrid"))
		}
		drafts, err := d.Calibrate(lead, found, c)
		apply(t, d, lead, found, drafts, err)
		require.Equal(t, []string{"SVQ2600001K", "SVQ2600002H", "SVQ2600001K"}, batches(d.Affected()))
		require.Len(t, d.Findings, 1)
		f := d.Findings[0]
		require.Equal(t, equipment.Calibration, f.Check)
		require.Equal(t, good, f.Since)
		require.Equal(t, found, f.At)
		require.Equal(t, "0.4 g too heavy at 200 g", f.Remark)
		require.Equal(t, []string{"SVQ2600001K", "SVQ2600002H"}, f.Batches(), "each batch once")
		if adjusted {
			require.Equal(t, equipment.InService, d.Status())
			use(t, d, found.Add(time.Hour), "SVQ2600003F")
			require.Len(t, d.Affected(), 3, "what comes after the adjustment is not in doubt")
			drafts, err = d.Calibrate(lead, found.Add(2*time.Hour), equipment.Checking{
				At: found.Add(2 * time.Hour), AsFound: equipment.OutOfTolerance, Reference: "C-3", Remark: "drifts away again",
			})
			apply(t, d, lead, found.Add(2*time.Hour), drafts, err)
			require.Equal(t, []string{"SVQ2600003F"}, batches(d.Affected()), "only what came since the last good one")
			continue
		}
		require.Equal(t, equipment.OutOfService, d.Status())
		drafts, err = d.Calibrate(lead, found.Add(time.Hour), equipment.Checking{
			At: found.Add(time.Hour), AsFound: equipment.OutOfTolerance, Reference: "C-3", Remark: "still cannot be adjusted",
		})
		apply(t, d, lead, found.Add(time.Hour), drafts, err)
		require.Len(t, d.Findings, 1, "the same uses are not found twice")
	}
}

// A calibration that fails though the device was found in tolerance says nothing against earlier uses.
func TestFoundInTolerance_Scenario23(t *testing.T) {
	d := balance(t)
	use(t, d, noon, "SVQ2600001K")
	drafts, err := d.Calibrate(lead, noon, equipment.Checking{At: noon, AsFound: equipment.InTolerance, Reference: "C-2", Remark: "broke while adjusting"})
	apply(t, d, lead, noon, drafts, err)
	require.Equal(t, equipment.OutOfService, d.Status())
	require.Empty(t, d.Findings)
}

// A device that never passed a calibration here is in doubt for all that it did.
func TestNeverCalibrated_Scenario23(t *testing.T) {
	d := &equipment.Device{}
	drafts, err := equipment.Registration{ID: "PIP-01", Kind: "pipette", Name: "P1000", Area: "A1"}.Register(lead)
	apply(t, d, lead, noon, drafts, err)
	use(t, d, noon, "SVQ2600001K")
	drafts, err = d.Calibrate(lead, noon, equipment.Checking{At: noon, AsFound: equipment.OutOfTolerance, Reference: "C-1", Remark: "gives 4 % too little"})
	apply(t, d, lead, noon, drafts, err)
	require.True(t, d.Findings[0].Since.IsZero())
	require.Equal(t, []string{"SVQ2600001K"}, d.Findings[0].Batches())
}

// After a failed control, what the device said since its last good control is not usable (process scenario 33).
func TestFailedControl_Scenario33(t *testing.T) {
	d := balance(t)
	last, ok := d.LastGoodControl()
	require.True(t, ok)
	require.Equal(t, noon.Add(-3*time.Hour), last)
	use(t, d, noon.Add(-time.Hour), "SVQ2600001K")
	control(t, d, noon, true)
	use(t, d, noon, "SVQ2600002H") // in the same moment: rather in doubt than not
	control(t, d, noon.Add(2*time.Hour), false)
	last, _ = d.LastGoodControl()
	require.Equal(t, noon, last, "a failed control is not a good one")
	require.Equal(t, []string{"SVQ2600002H"}, batches(d.Affected()))
	require.Equal(t, equipment.DailyControl, d.Findings[0].Check)
	control(t, d, noon.Add(3*time.Hour), false)
	require.Len(t, d.Findings, 1)
	control(t, d, noon.Add(4*time.Hour), true)
	use(t, d, noon.Add(5*time.Hour), "SVQ2600003F")
	control(t, d, noon.Add(6*time.Hour), false)
	require.Len(t, d.Findings, 2)
	require.Equal(t, []string{"SVQ2600003F"}, batches(d.Affected()))
	require.Equal(t, []string{"SVQ2600002H"}, d.Findings[0].Batches(), "an older finding stays as it was")
}

func TestNeverControlled_Scenario33(t *testing.T) {
	_, ok := (&equipment.Device{}).LastGoodControl()
	require.False(t, ok)
}
