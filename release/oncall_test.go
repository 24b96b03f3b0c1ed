package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/oncall"
	"rexbatch/internal/people"
)

// process scenario 16: what arrives out of hours calls whoever is on call; when they do not answer in time, others are
// called, and whoever takes the call takes it from all of them.
func TestScenario16_WhoIsOnCallIsCalled(t *testing.T) {
	j := newJourney(t)
	duty := j.batches.OnCall()
	lead, second := j.by(j.s, j.sessions, people.ProductionLead), j.s.who(people.Operator, true)
	refusedAs(t, "oncall-not-yours", duty.Name(bg, j.op, second))
	refusedAs(t, "oncall-unfit", duty.Name(bg, lead, j.qa.Account))
	require.NoError(t, duty.Name(bg, j.qa, j.op.Account), "QA is called when nobody answers, and names who is to")
	require.NoError(t, duty.Name(bg, j.op, second), "the one on call hands the duty over")
	refusedAs(t, "oncall-not-yours", duty.Name(bg, j.op, j.op.Account))
	require.NoError(t, duty.Name(bg, j.by(j.s, j.sessions, people.HeadProduction), j.op.Account))
	require.NoError(t, duty.Name(bg, lead, second))
	refusedAs(t, "oncall-already", duty.Name(bg, lead, second))

	j.arrive(t)
	refusedAs(t, "no-call", duty.Take(bg, lead, string(j.id)))
	in := j.inspection()
	in.OnCall = true
	require.NoError(t, j.batches.ReceiveShipment(bg, j.op, j.id, []string{j.bag.Label}, in))
	waits := func(account string, role people.Role) bool {
		d, err := duty.Load(bg)
		require.NoError(t, err)
		c, ok := d.About(string(j.id))
		require.True(t, ok)
		return d.WaitsFor(c, account, []people.Role{role}, j.Clock.Now())
	}
	require.True(t, waits(second, people.Operator))
	require.False(t, waits(lead.Account, people.ProductionLead), "not yet")
	refusedAs(t, "call-not-yours", duty.Take(bg, lead, string(j.id)))

	j.Clock.Pass(15 * time.Minute)
	for _, role := range oncall.Further() {
		require.True(t, waits(j.s.who(role, false), role), "the time to answer is over")
	}
	require.True(t, waits(second, people.Operator), "and they are still called")
	require.False(t, waits(j.op.Account, people.Operator))
	require.NoError(t, duty.Take(bg, lead, string(j.id)))
	require.False(t, waits(second, people.Operator), "somebody comes")
	refusedAs(t, "call-taken", duty.Take(bg, lead, string(j.id)))
	d, err := duty.Load(bg)
	require.NoError(t, err)
	taken, _ := d.About(string(j.id))
	require.Equal(t, lead, taken.Answer.By, "I3")
	require.Empty(t, d.Calls, "nothing waits any more")
}

// Nobody was named: the call waits for the leads at once, never for nobody.
func TestScenario16_NobodyIsOnCall(t *testing.T) {
	j := newJourney(t)
	j.arrive(t)
	in := j.inspection()
	in.OnCall = true
	require.NoError(t, j.batches.ReceiveShipment(bg, j.op, j.id, []string{j.bag.Label}, in))
	require.NoError(t, j.batches.OnCall().Take(bg, j.qa, string(j.id)))
}
