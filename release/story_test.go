package release_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/pades"
	"rexbatch/release/plantest"
)

// plant is one site with the real parts, under the names that these tests use.
type plant struct {
	*plantest.Plant
	t       testing.TB
	log     *bolt.Log
	people  *people.Directory
	custody *chainofcustody.Book
	batches *batch.Book
	release *release.Book
	ca      *pades.DemoCA
}

type scenario struct{ plantest.Scenario }

const password = plantest.Password

func newPlant(t testing.TB, profile string) *plant {
	t.Helper()
	p := plantest.New(t, profile, plantest.NewClock(plantest.Morning))
	return &plant{Plant: p, t: t, log: p.Log, people: p.Staff, custody: p.Custody, batches: p.Batches, release: p.Release, ca: p.CA}
}

func load(t testing.TB, name string) scenario {
	t.Helper()
	return scenario{plantest.Load(t, name)}
}

func (s scenario) who(role people.Role, second bool) string { return s.Who(role, second) }

// enrol signs the people of a scenario in, at a plant that has what their batches need.
func (p *plant) enrol(s scenario) map[string]people.Session {
	p.t.Helper()
	return plantest.NewCrew(p.Plant, s.Scenario, "en").Sessions
}

func (p *plant) crew(s scenario, sessions map[string]people.Session) *plantest.Crew {
	return &plantest.Crew{Plant: p.Plant, Scenario: s.Scenario, Sessions: sessions}
}

func (p *plant) signer(s people.Session, role people.Role) batch.Signer {
	return func(ctx context.Context, m people.Meaning, d ledger.Digest) (people.Signed, error) {
		return p.people.Sign(ctx, s, password, role, m, d)
	}
}

func (p *plant) author(s people.Session, role people.Role) ledger.Author {
	p.t.Helper()
	by, err := s.Author(role)
	require.NoError(p.t, err, "%s as %s", s.Account, role)
	return by
}

// play takes a batch through its steps up to the first that is not done by entries, or to the end.
func (p *plant) play(s scenario, number string, sessions map[string]people.Session) {
	p.t.Helper()
	p.crew(s, sessions).Play(number, "")
}

func (p *plant) step(s scenario, number string, st *mbr.Step, sessions map[string]people.Session) {
	p.t.Helper()
	p.crew(s, sessions).Step(number, st)
}

// comment says of each value beyond its limit in a step why it is so.
func (p *plant) comment(s scenario, sessions map[string]people.Session, number, step string) {
	p.t.Helper()
	b, err := p.batches.Load(context.Background(), number)
	require.NoError(p.t, err)
	st, _ := b.Step(step)
	p.crew(s, sessions).Comment(number, st.Step)
}

// check is what the second person of a step gives to verify it.
func (p *plant) check(s scenario, sessions map[string]people.Session, number, step string) batch.Check {
	p.t.Helper()
	b, err := p.batches.Load(context.Background(), number)
	require.NoError(p.t, err)
	st, _ := b.Step(step)
	return p.crew(s, sessions).Check(number, st.Step)
}

func (p *plant) act(s scenario, number string, act mbr.Act, sessions map[string]people.Session) error {
	p.t.Helper()
	return p.crew(s, sessions).Act(number, act)
}

func TestOneBatchFromHarvestToCertificate(t *testing.T) {
	for _, c := range []struct{ scenario, profile string }{{"seville-fresh", "es-svq"}, {"frankfurt-fresh", "de-fra"}} {
		t.Run(c.scenario, func(t *testing.T) {
			p, s := newPlant(t, c.profile), load(t, c.scenario)
			ctx := context.Background()
			sessions := p.enrol(s)
			number, _, err := p.batches.Open(ctx, p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator), "3401-001")
			require.NoError(t, err)
			p.play(s, number, sessions)
			b, err := p.batches.Load(ctx, number)
			require.NoError(t, err)
			found, checks := b.Exceptions()
			require.Empty(t, found)
			require.Greater(t, checks, 200)
			require.NoError(t, p.act(s, number, mbr.ActQAReview, sessions))
			if p.release.Plant.TwoHeads {
				err = p.act(s, number, mbr.ActCertification, sessions)
				require.ErrorContains(t, err, "QP-7")
				require.NoError(t, p.act(s, number, mbr.ActProduction, sessions))
				require.NoError(t, p.act(s, number, mbr.ActQuality, sessions))
			}
			require.NoError(t, p.act(s, number, mbr.ActCertification, sessions))
			b, err = p.batches.Load(ctx, number)
			require.NoError(t, err)
			st, _ := b.Current()
			require.Equal(t, "S44", st.Step.ID)
			require.NoError(t, p.act(s, number, mbr.ActSponsor, sessions))
			p.play(s, number, sessions)
			b, err = p.batches.Load(ctx, number)
			require.NoError(t, err)
			_, open := b.Current()
			require.False(t, open, "all 48 steps are done")
			for ref, err := range p.release.Certificates(ctx) {
				require.NoError(t, err)
				pdf, _, err := p.release.Certificate(ctx, ref.Number)
				require.NoError(t, err)
				_, err = pades.Verify(pdf, p.ca.Pool(), p.Clock.Now())
				require.NoError(t, err)
				proof, err := p.release.Proof(ctx, ref.Number)
				require.NoError(t, err)
				require.NoError(t, proof.Check(p.log.Key(), ledger.DigestOf(pdf)))
				pdf[len(pdf)/2] ^= 1
				require.Error(t, proof.Check(p.log.Key(), ledger.DigestOf(pdf)))
				pdf[len(pdf)/2] ^= 1
				kept(t, ref.Number+".pdf", pdf)
			}
		})
	}
}

// giver is who hands over before a step whose custody ends elsewhere.
var giver = map[string]people.Role{"S07": people.Nurse, "S09": people.Courier, "S46": people.Operator, "S47": people.Courier}
