package people_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

func TestRoleNamesReadBack_CS66(t *testing.T) {
	require.Len(t, people.Roles(), 21)
	for _, r := range people.Roles() {
		got, err := people.ParseRole(string(r))
		require.NoError(t, err)
		require.Equal(t, r, got)
	}
	got, err := people.ParseRole(" QP ")
	require.NoError(t, err)
	require.Equal(t, people.QP, got)
	for _, wrong := range []string{"", "root", "q p", "system", "account-holder", "\xff"} {
		_, err := people.ParseRole(wrong)
		refused(t, err, "CS-66", "role-unknown")
	}
}

// content is every permission that touches a record.
var content = []people.Permission{
	people.ReadRecord, people.ReadOwnShipments, people.SeeBlinded, people.OpenOrder, people.Schedule, people.IssueKit,
	people.Collect, people.HoldCustody, people.ExecuteStep, people.VerifyStep, people.RaiseException, people.RecordResult,
	people.ReviewResult, people.WriteMaster, people.ApproveMaster, people.Review, people.AssessDeviation,
	people.ApproveManufacture, people.ApproveTesting, people.Certify, people.SponsorRelease, people.RequestSupply,
	people.Administer, people.ExportRecord, people.ManageEquipment, people.ManageMaterials, people.ReleaseMaterial,
}

func TestAdministratorHasNoContentRole_CS40(t *testing.T) {
	for _, p := range content {
		require.False(t, people.Admin.May(p), p)
	}
	for _, r := range people.Roles() {
		manages := r.May(people.ManageAccounts) || r.May(people.ConfigureSystem)
		require.Equal(t, r == people.Admin, manages, r)
	}
	s := newSite(t)
	for _, r := range people.Roles() {
		if r == people.Admin {
			continue
		}
		_, _, err := s.Create(s.ctx, root, people.NewAccount{
			Username: "both", Name: "Bea Both", Lang: "es", Roles: []people.Role{r, people.Admin},
		})
		refused(t, err, "CS-40", "roles-apart")
	}
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, err := s.SetRoles(s.ctx, root, "ana", []people.Role{people.Operator, people.Admin}, why)
	refused(t, err, "CS-40", "roles-apart")
}

func TestInspectorReadsAndWritesNothing_CS40(t *testing.T) {
	may := []people.Permission{people.ReadRecord, people.ReadOwnShipments, people.ExportRecord}
	for _, p := range content {
		require.Equal(t, slices.Contains(may, p), people.Inspector.May(p), p)
	}
	for _, m := range []people.Meaning{people.Performed, people.Verified, people.Reviewed, people.Certified, people.Approved} {
		require.False(t, people.Inspector.MaySign(m), m)
	}
}

func TestOnlyUnblindedRolesSeeTheArm_I11(t *testing.T) {
	for _, r := range people.Roles() {
		require.Equal(t, r == people.UnblindedOperator || r == people.Custodian, r.May(people.SeeBlinded), r)
	}
}

func TestOnlyTheRoleOfTheLawSigns_CS20_QP7(t *testing.T) {
	only := map[people.Meaning]people.Role{
		people.Certified: people.QP, people.SponsorReleased: people.Sponsor,
		people.ApprovedManufacture: people.HeadProduction, people.ApprovedTesting: people.HeadQC,
	}
	for meaning, role := range only {
		for _, r := range people.Roles() {
			require.Equal(t, r == role, r.MaySign(meaning), "%s as %s", r, meaning)
		}
	}
	require.False(t, people.QP.May(people.ExecuteStep), "who certifies performs no step (I9)")
	require.False(t, people.QP.May(people.VerifyStep), "who certifies performs no step (I9)")
}

func TestRolesThatOnePersonMayNotHold(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		rule  string
		roles []people.Role
	}{
		{"QP-7", []people.Role{people.HeadProduction, people.HeadQC}},
		{"I11", []people.Role{people.Custodian, people.Investigator}},
		{"I11", []people.Role{people.Nurse, people.UnblindedOperator}},
		{"CS-40", []people.Role{people.Inspector, people.QA}},
	} {
		_, _, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Ana Ruiz", Lang: "es", Roles: c.roles})
		refused(t, err, c.rule, "roles-apart")
	}
	_, _, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Ana Ruiz", Lang: "es"})
	refused(t, err, "CS-40", "role-missing")
	p, _, err := s.Create(s.ctx, root, people.NewAccount{
		Username: "ana", Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QA, people.Operator, people.QA},
	})
	require.NoError(t, err)
	require.Equal(t, []people.Role{people.Operator, people.QA}, p.Roles, "once each, in listing order")
}

func TestWhoCannotActMayNothing_CS35_CS37(t *testing.T) {
	p := people.Person{Roles: []people.Role{people.Operator}}
	require.True(t, p.May(people.ExecuteStep))
	for _, blocked := range []people.Person{
		{Roles: p.Roles, MustChange: true}, {Roles: p.Roles, Disabled: true}, {Roles: p.Roles, Locked: true},
	} {
		require.False(t, blocked.May(people.ExecuteStep))
	}
}
