package people_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

var gowning = people.Training{
	Procedure: "GOWN-B", Version: "3", From: "2026-10-01", Until: "2026-12-31", Trainer: "Inés Ortega", Evidence: "TR-2026-118",
}

func at(t testing.TB, rfc string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, rfc)
	require.NoError(t, err)
	return v
}

// Check 18 of the inspector.
func TestTrainingGateNamesTheCourse_CS2_AT52(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "ines", "Inés Ortega", people.QA)
	now := s.now()
	err := s.Training(s.ctx, "ana", "GOWN-B", now)
	refused(t, err, "CS-2", "training-missing")
	require.Contains(t, err.Error(), "GOWN-B")
	require.Contains(t, err.Error(), "Ana Ruiz")

	by := s.author(t, "ines", people.QA)
	p, err := s.RecordTraining(s.ctx, by, "ana", gowning)
	require.NoError(t, err)
	require.Equal(t, []people.Training{gowning}, p.Trainings)
	require.NoError(t, s.Training(s.ctx, "ana", "GOWN-B", now))
	refused(t, s.Training(s.ctx, "ana", "GOWN-A", now), "CS-2", "training-missing")

	// The days are days of the site: 31 December ends in Madrid, an hour before it ends in UTC.
	require.NoError(t, s.Training(s.ctx, "ana", "GOWN-B", at(t, "2026-09-30T22:00:00Z")))
	refused(t, s.Training(s.ctx, "ana", "GOWN-B", at(t, "2026-09-30T21:59:59Z")), "CS-2", "training-early")
	require.NoError(t, s.Training(s.ctx, "ana", "GOWN-B", at(t, "2026-12-31T22:59:59Z")))
	err = s.Training(s.ctx, "ana", "GOWN-B", at(t, "2026-12-31T23:00:00Z"))
	refused(t, err, "CS-2", "training-expired")
	require.Contains(t, err.Error(), "2026-12-31")
	refused(t, s.Training(s.ctx, "nobody", "GOWN-B", now), "CS-74", "account-unknown")
}

func TestRenewalLeavesNoGap_CS2(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	renewed := gowning
	renewed.Version, renewed.From, renewed.Until = "4", "2027-01-01", "2027-12-31"
	for _, one := range []people.Training{gowning, renewed} {
		_, err := s.RecordTraining(s.ctx, root, "ana", one)
		require.NoError(t, err)
	}
	for _, day := range []string{"2026-12-31T12:00:00Z", "2027-01-01T12:00:00Z"} {
		require.NoError(t, s.Training(s.ctx, "ana", "GOWN-B", at(t, day)))
	}
	// One that covers what was there takes its place.
	whole := gowning
	whole.Until = "2028-01-31"
	p, err := s.RecordTraining(s.ctx, root, "ana", whole)
	require.NoError(t, err)
	require.Equal(t, []people.Training{whole}, p.Trainings)
	for year := 2028; year < 2034; year++ {
		yearly := gowning
		yearly.From, yearly.Until = fmt.Sprint(year, "-03-01"), fmt.Sprint(year, "-12-31")
		p, err = s.RecordTraining(s.ctx, root, "ana", yearly)
		require.NoError(t, err)
	}
	require.Len(t, p.Trainings, 4, "the view does not grow for ever")
	require.Equal(t, "2033-12-31", p.Trainings[3].Until)
	s.rebuilt(t)
}

func TestRevokedTrainingIsOverAtOnce_CS2(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "ines", "Inés Ortega", people.HeadQC)
	by := s.author(t, "ines", people.HeadQC)
	_, err := s.RevokeTraining(s.ctx, by, "ana", "GOWN-B", why)
	refused(t, err, "CS-2", "training-none")
	for _, procedure := range []string{"GOWN-B", "SOP-PRD-013"} {
		one := gowning
		one.Procedure = procedure
		_, err = s.RecordTraining(s.ctx, by, "ana", one)
		require.NoError(t, err)
	}
	_, err = s.RevokeTraining(s.ctx, by, "ana", "GOWN-B", people.Why{})
	refused(t, err, "CS-16", "reason-missing")
	_, err = s.RevokeTraining(s.ctx, by, "ana", "GOWN-B", people.Why{Reason: "failed the media fill"})
	require.NoError(t, err)
	refused(t, s.Training(s.ctx, "ana", "GOWN-B", s.now()), "CS-2", "training-missing")
	require.NoError(t, s.Training(s.ctx, "ana", "SOP-PRD-013", s.now()))
	all := s.entries(t, "ana")
	last := all[len(all)-1]
	require.Equal(t, people.TypeTrainingRevoked, last.Type)
	require.Equal(t, ledger.Author{Account: "ines", Role: "head-qc", Terminal: "T1"}, last.Author)
	require.JSONEq(t, `{"procedure":"GOWN-B","reason":"failed the media fill"}`, string(last.Data))
	s.rebuilt(t)
}

func TestWhoRecordsTraining_CS2(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	for role, allowed := range map[people.Role]bool{
		people.QA: true, people.HeadProduction: true, people.HeadQC: true,
		people.Operator: false, people.ProductionLead: false, people.QP: false, people.Admin: false, people.Inspector: false,
	} {
		require.Equal(t, allowed, role.May(people.RecordTraining), role)
		username := "who-" + string(role)
		s.hire(t, username, "Some Body", role)
		by := s.author(t, username, role)
		_, err := s.RecordTraining(s.ctx, by, "ana", gowning)
		if !allowed {
			refused(t, err, "CS-2", "training-not-yours")
			continue
		}
		require.NoError(t, err)
		_, err = s.RecordTraining(s.ctx, by, username, gowning)
		refused(t, err, "CS-2", "training-own")
		_, err = s.RevokeTraining(s.ctx, by, username, "GOWN-B", why)
		refused(t, err, "CS-2", "training-own")
	}
	// The record is asked, not the caller.
	_, err := s.RecordTraining(s.ctx, ledger.Author{Account: "ana", Role: "qa", Terminal: "T1"}, "who-qa", gowning)
	refused(t, err, "CS-2", "training-not-yours")
	_, err = s.RecordTraining(s.ctx, root, "nobody", gowning)
	refused(t, err, "CS-74", "account-unknown")
}

func TestTrainingIsRecordedWhole_CS2(t *testing.T) {
	s := newSite(t, func(o *people.Options) { o.Printable = notEmoji })
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	for name, c := range map[string]struct {
		change func(*people.Training)
		code   string
	}{
		"lower case":      {func(t *people.Training) { t.Procedure = "gown-b" }, "procedure-invalid"},
		"no procedure":    {func(t *people.Training) { t.Procedure = "" }, "procedure-invalid"},
		"long procedure":  {func(t *people.Training) { t.Procedure = "A123456789012345678901234" }, "procedure-invalid"},
		"no version":      {func(t *people.Training) { t.Version = "" }, "training-incomplete"},
		"no trainer":      {func(t *people.Training) { t.Trainer = "" }, "training-incomplete"},
		"no evidence":     {func(t *people.Training) { t.Evidence = " " }, "training-incomplete"},
		"not for paper":   {func(t *people.Training) { t.Evidence = "TR 😀" }, "training-incomplete"},
		"no day":          {func(t *people.Training) { t.From = "" }, "training-period"},
		"no such day":     {func(t *people.Training) { t.Until = "2026-02-30" }, "training-period"},
		"backwards":       {func(t *people.Training) { t.Until = "2026-09-30" }, "training-period"},
		"for ever":        {func(t *people.Training) { t.Until = "2031-10-02" }, "training-period"},
		"a time of day":   {func(t *people.Training) { t.From = "2026-10-01T00:00:00Z" }, "training-period"},
		"an empty record": {func(t *people.Training) { *t = people.Training{} }, "training-period"},
	} {
		t.Run(name, func(t *testing.T) {
			one := gowning
			c.change(&one)
			_, err := s.RecordTraining(s.ctx, root, "ana", one)
			refused(t, err, "CS-2", c.code)
		})
	}
	require.NotContains(t, s.types(t, "ana"), people.TypeTrained)
}
