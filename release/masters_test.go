package release_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
	"rexbatch/templates"
)

// approveNext drafts, reviews and approves the shipped recipe as version 3 with a tighter limit of the net volume, in force
// from a time.
func (p *plant) approveNext(s scenario, sessions map[string]people.Session, from time.Time) master.ID {
	p.t.Helper()
	id, approve := p.submitNext(s, sessions)
	approve(from)
	return id
}

// submitNext does so up to the approval, which it returns.
func (p *plant) submitNext(s scenario, sessions map[string]people.Session) (master.ID, func(from time.Time)) {
	p.t.Helper()
	ctx, k := context.Background(), p.batches.Masters()
	file := plantest.File(p.t, templates.MBR, "mbr/rex-001.yaml")
	for _, c := range [][2]string{{"\nversion: 2\n", "\nversion: 3\n"}, {`limit: ">=60", source: C`, `limit: ">=110", source: C`}} {
		require.True(p.t, bytes.Contains(file, []byte(c[0])), "the change must take place")
		file = bytes.Replace(file, []byte(c[0]), []byte(c[1]), 1)
	}
	lead := p.author(p.Hire("lead", "Production Lead", "en", people.ProductionLead), people.ProductionLead)
	id, _, err := k.Start(ctx, lead, file, "CC-2026-014", "At least 110 mL of marrow.")
	require.NoError(p.t, err)
	require.NoError(p.t, k.Submit(ctx, lead, id, 0))
	qa := sessions[s.who(people.QA, false)]
	return id, func(from time.Time) {
		require.NoError(p.t, k.Approve(ctx, p.author(qa, people.QA), id, 0, from, p.signer(qa, people.QA)))
	}
}

// Process scenario 25: version 3 is in force from 08:00, a batch was opened by version 2 at 07:50. It stays with version 2
// to its end, also after a restart; the next batch is made by version 3.
func TestRunningBatchKeepsItsVersion_AT5(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	clock := plantest.NewClock(time.Date(2026, 11, 22, 7, 49, 0, 0, zone))
	bare := plantest.New(t, "es-svq", clock)
	p := &plant{Plant: bare, t: t, log: bare.Log, people: bare.Staff, custody: bare.Custody, batches: bare.Batches, release: bare.Release, ca: bare.CA}
	s, ctx := load(t, "seville-fresh"), context.Background()
	sessions := p.enrol(s)
	at8 := time.Date(2026, 11, 22, 8, 0, 0, 0, zone)
	id := p.approveNext(s, sessions, at8)

	clock.Pass(time.Date(2026, 11, 22, 7, 50, 0, 0, zone).Sub(clock.Now()))
	coordinator := p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator)
	first, _, err := p.batches.Open(ctx, coordinator, "3401-001")
	require.NoError(t, err)
	clock.Pass(at8.Sub(clock.Now()))
	second, _, err := p.batches.Open(ctx, coordinator, "3401-002")
	require.NoError(t, err)

	old, err := p.batches.Load(ctx, first)
	require.NoError(t, err)
	require.Equal(t, 2, old.Recipe.Version)
	next, err := p.batches.Load(ctx, second)
	require.NoError(t, err)
	require.Equal(t, 3, next.Recipe.Version)
	running, err := p.batches.Running(ctx)
	require.NoError(t, err)
	require.Equal(t, map[ledger.Digest][]string{old.Recipe.Digest: {first}, next.Recipe.Digest: {second}}, running)

	// The same 106.0 mL: within the limit of version 2, below that of version 3.
	require.NoError(t, p.batches.Masters().Withdraw(ctx, p.author(sessions[s.who(people.QA, false)], people.QA), id, 0, "The limit was set too high."))
	p.play(s, first, sessions)
	old, err = p.batches.Load(ctx, first)
	require.NoError(t, err)
	require.Equal(t, 2, old.Recipe.Version)
	found, _ := old.Exceptions()
	require.Empty(t, found)
	require.NoError(t, p.act(s, first, mbr.ActQAReview, sessions))
	require.NoError(t, p.act(s, first, mbr.ActCertification, sessions), "made to the end by the old version")

	p.crew(s, sessions).Play(second, "S12")
	next, err = p.batches.Load(ctx, second)
	require.NoError(t, err)
	found, _ = next.Exceptions()
	require.NotEmpty(t, found, "judged by the version that it pins, which was withdrawn meanwhile")
	require.Equal(t, "S11", found[0].Step)

	third, _, err := p.batches.Open(ctx, coordinator, "3401-003")
	require.NoError(t, err)
	after, err := p.batches.Load(ctx, third)
	require.NoError(t, err)
	require.Equal(t, 2, after.Recipe.Version, "version 3 was withdrawn")
}

// A server that starts anew knows the versions of the log, and still executes those that nobody opens batches by any more.
func TestVersionsOutliveTheProcess_AT5(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	ctx := context.Background()
	sessions := p.enrol(s)
	p.approveNext(s, sessions, p.Clock.Now())
	coordinator := p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator)
	number, _, err := p.batches.Open(ctx, coordinator, "3401-001")
	require.NoError(t, err)
	p.crew(s, sessions).Play(number, "S03")

	require.NoError(t, p.Log.Close())
	again := plantest.Open(t, "es-svq", p.Dir, p.Clock)
	*p.Plant = *again // its log is closed at the end
	b, err := again.Batches.Load(ctx, number)
	require.NoError(t, err)
	require.Equal(t, 3, b.Recipe.Version)
	effective, err := again.Batches.Effective(ctx)
	require.NoError(t, err)
	require.Equal(t, b.Recipe.Digest, effective.Digest)
}
