package equipment_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

var (
	lead     = by("marta", people.ProductionLead)
	operator = by("ana", people.Operator)
	analyst  = by("ines", people.QCAnalyst)
	qa       = by("rosa", people.QA)
	courier  = by("paco", people.Courier)
)

func by(account string, role people.Role) ledger.Author {
	return ledger.Author{Account: account, Role: string(role), Terminal: "t1"}
}

// noon is a moment of a working day; days before and after are counted from it.
var noon = time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)

func zone(t require.TestingT, name string) *time.Location {
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func due(t require.TestingT, day string, z *time.Location) equipment.Due {
	d, err := equipment.DueOn(day, z)
	require.NoError(t, err)
	return d
}

// apply folds drafts as if they had been appended.
func apply(t require.TestingT, d *equipment.Device, who ledger.Author, at time.Time, drafts []ledger.Draft, err error) {
	require.NoError(t, err)
	require.NotEmpty(t, drafts)
	for _, draft := range drafts {
		e, err := ledger.Provisional(draft, who, at, d.Version+1)
		require.NoError(t, err)
		require.NoError(t, d.Apply(e))
	}
}

// balance is a device that needs everything and has passed everything, in Seville, on the day of noon.
func balance(t *testing.T) *equipment.Device {
	t.Helper()
	madrid := zone(t, "Europe/Madrid")
	far := due(t, "2027-06-30", madrid)
	d := &equipment.Device{}
	drafts, err := equipment.Registration{
		ID: "bal-01", Kind: "balance", Name: "Balance XPR-2002", Area: "SVQ-07", Checks: map[equipment.Check]equipment.Due{
			equipment.Qualification: far, equipment.Calibration: far, equipment.Cleaning: far, equipment.DailyControl: {},
		},
	}.Register(lead)
	apply(t, d, lead, noon.AddDate(0, 0, -60), drafts, err)
	drafts, err = d.Calibrate(lead, noon, equipment.Checking{
		At: noon.AddDate(0, 0, -30), Passed: true, AsFound: equipment.InTolerance, Due: far, Reference: "CERT-4711",
	})
	apply(t, d, lead, noon.AddDate(0, 0, -30), drafts, err)
	control(t, d, noon.Add(-3*time.Hour), true)
	return d
}

func control(t require.TestingT, d *equipment.Device, at time.Time, passed bool) {
	c := equipment.Checking{At: at, Passed: passed, Due: due(t, at.In(zone(t, "Europe/Madrid")).Format("2006-01-02"), zone(t, "Europe/Madrid"))}
	if !passed {
		c.Remark = "check weight 200.4 g instead of 200.0 g"
	}
	drafts, err := d.DailyControl(operator, at, c)
	apply(t, d, operator, at, drafts, err)
}

func use(t require.TestingT, d *equipment.Device, at time.Time, batch string) {
	drafts, err := d.Use(operator, at, equipment.Want{Kind: d.Kind}, equipment.For{Batch: batch, CoI: "CHA999926000001", Subject: "3401-001", Step: "S11"})
	apply(t, d, operator, at, drafts, err)
}

// codes are the codes of all refusals in an error.
func codes(err error) []string {
	var out []string
	for _, r := range ledger.RefusalsOf(err) {
		out = append(out, r.Code)
	}
	return out
}
