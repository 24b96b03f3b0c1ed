package release_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/pades"
	"rexbatch/templates"
)

// plant is one site with the real parts: ledger, accounts, recipe, specification, demo keys.
type plant struct {
	t       *testing.T
	log     *bolt.Log
	people  *people.Directory
	custody *chainofcustody.Book
	batches *batch.Book
	release *release.Book
	ca      *pades.DemoCA

	mu  sync.Mutex // of now
	now time.Time
}

type demoKeys struct {
	ca  *pades.DemoCA
	dir string
}

func (k demoKeys) Roots() *x509.CertPool { return k.ca.Pool() }

func (k demoKeys) Signer(account, name string, p *release.Plant, now time.Time) (pades.Signer, error) {
	return k.ca.LoadOrIssue(k.dir, p.Site+"-"+account, name, p.Manufacturer, p.Site[:2], now)
}

func file(t *testing.T, fsys fs.FS, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	require.NoError(t, err)
	return b
}

func newPlant(t *testing.T, profile string) *plant {
	t.Helper()
	p := &plant{t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.now = p.now.Add(time.Millisecond)
		return p.now
	}
	pl, err := release.LoadPlant(file(t, templates.Plants, "plants/"+profile+".yaml"))
	require.NoError(t, err)
	dir := t.TempDir()
	p.log, err = bolt.Open(filepath.Join(dir, "log"), bolt.Options{Site: pl.Site, Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.log.Close()) })
	p.people, err = people.Open(p.log, people.Options{
		Site: pl.Site, Zone: pl.Location, Clock: clock, Printable: paper.Printable, Statement: "My signature binds me as if written by hand.",
		Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	require.NoError(t, err)
	library := batch.NewLibrary(func(d ledger.Digest) ([]byte, error) { return p.log.Blob(context.Background(), d) })
	recipe, err := library.AddRecipe(file(t, templates.MBR, "mbr/rex-001.yaml"))
	require.NoError(t, err)
	spec, err := library.AddSpecification(file(t, templates.Specifications, "spec/demo-p1.yaml"))
	require.NoError(t, err)
	require.NoError(t, mbr.CheckSpecification(recipe, spec))
	seal, err := batch.NewSeal(make([]byte, batch.SealKeySize), strings.NewReader(strings.Repeat("n", 1<<16)))
	require.NoError(t, err)
	p.custody = &chainofcustody.Book{Log: p.log, Site: pl.Site, FIN: pl.FIN, Clock: clock}
	p.batches = &batch.Book{
		Log: p.log, Site: pl.Site, Zone: pl.Location, Prefix: pl.BatchPrefix, Custody: p.custody,
		Library: library, Recipe: recipe, Spec: spec, Seal: seal, Clock: clock,
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "keys"), 0o700))
	p.ca, err = pades.LoadOrCreateDemoCA(filepath.Join(dir, "keys"), p.now)
	require.NoError(t, err)
	p.release = &release.Book{Batches: p.batches, Plant: pl, Keys: demoKeys{p.ca, filepath.Join(dir, "keys")}, Clock: clock}
	return p
}

// scenario is the part of a scenario file that this test needs: who acts, and what they enter.
type scenario struct {
	People map[string]struct {
		Name  string
		Roles []string
	}
	Cast   map[string]struct{ Performer, Second string }
	Values map[string]map[string]string
}

func load(t *testing.T, name string) scenario {
	t.Helper()
	raw, err := os.ReadFile("../testdata/scenarios/" + name + ".yaml")
	require.NoError(t, err)
	var s scenario
	require.NoError(t, yaml.Unmarshal(raw, &s))
	return s
}

func (s scenario) who(role people.Role, second bool) string {
	if c, ok := s.Cast[string(role)]; ok {
		if second {
			return c.Second
		}
		return c.Performer
	}
	for key, p := range s.People {
		for _, r := range p.Roles {
			if r == string(role) {
				return key
			}
		}
	}
	return ""
}

const password = "korrekt-horse-9-batería"

func (p *plant) enrol(s scenario) map[string]people.Session {
	p.t.Helper()
	ctx := context.Background()
	admin, once, _, err := p.people.Bootstrap(ctx)
	require.NoError(p.t, err)
	_, token, err := p.people.SignIn(ctx, admin, once, "terminal-1")
	require.NoError(p.t, err)
	by := p.author(p.settle(admin, token, once), people.Admin)
	sessions := map[string]people.Session{}
	for key, person := range s.People {
		var roles []people.Role
		for _, r := range person.Roles {
			roles = append(roles, people.Role(r))
		}
		_, once, err := p.people.Create(ctx, by, people.NewAccount{Username: key, Name: person.Name, Lang: "en", Roles: roles})
		require.NoError(p.t, err, key)
		_, token, err := p.people.SignIn(ctx, key, once, "terminal-1")
		require.NoError(p.t, err, key)
		sessions[key] = p.settle(key, token, once)
	}
	return sessions
}

func (p *plant) settle(key, token, once string) people.Session {
	ctx := context.Background()
	require.NoError(p.t, p.people.ChangePassword(ctx, token, once, password))
	_, token, err := p.people.SignIn(ctx, key, password, "terminal-1")
	require.NoError(p.t, err, key)
	s, err := p.people.Session(ctx, token)
	require.NoError(p.t, err, key)
	require.NoError(p.t, p.people.AcceptStatement(ctx, s, password))
	s, err = p.people.Session(ctx, token)
	require.NoError(p.t, err, key)
	return s
}

func (p *plant) signer(s people.Session, role people.Role) batch.Signer {
	return func(ctx context.Context, m people.Meaning, d ledger.Digest) (people.Signed, error) {
		return p.people.Sign(ctx, s, password, role, m, d)
	}
}

func at(now time.Time, v string) string {
	switch {
	case v == "now":
		return now.Format(time.RFC3339)
	case strings.HasPrefix(v, "now"):
		d, err := time.ParseDuration(v[3:])
		if err != nil {
			return v
		}
		return now.Add(d).Format(time.RFC3339)
	case strings.HasPrefix(v, "today"):
		var days int
		_, err := fmt.Sscanf(v, "today%dd", &days)
		if err != nil {
			days = 0
		}
		return now.AddDate(0, 0, days).Format(time.DateOnly)
	case v == "auto":
		return "AUTO-1"
	}
	return v
}

func (p *plant) author(s people.Session, role people.Role) ledger.Author {
	p.t.Helper()
	by, err := s.Author(role)
	require.NoError(p.t, err, "%s as %s", s.Account, role)
	return by
}

// play takes a batch through its steps up to the first that is not done by entries, or to the end.
func (p *plant) play(s scenario, number string, sessions map[string]people.Session) {
	for {
		b, err := p.batches.Load(context.Background(), number)
		require.NoError(p.t, err)
		st, ok := b.Current()
		if !ok || st.Step.Act != "" {
			return
		}
		p.step(s, number, st.Step, sessions)
	}
}

func (p *plant) step(s scenario, number string, st *mbr.Step, sessions map[string]people.Session) {
	t, ctx := p.t, context.Background()
	performer := sessions[s.who(st.Performer, false)]
	by := p.author(performer, st.Performer)
	require.NoError(t, p.batches.Start(ctx, by, number, 0, st.ID), st.ID)
	labelled := len(st.Creates) == 0
	for _, f := range st.FieldsAt(p.release.Plant.Site) {
		v, given := s.Values[st.ID][f.ID]
		if f.Type == mbr.TypeScan {
			if f.Each && !labelled && madeHere(st, f.Expect) {
				require.NoError(t, p.batches.Labels(ctx, by, number, 0, st.ID), st.ID)
				labelled = true
			}
			p.scan(by, number, st, f)
			continue
		}
		if !given || f.Type == mbr.TypeComputed || f.ID == "subject_no" {
			continue
		}
		require.NoError(t, p.batches.Enter(ctx, by, number, 0, st.ID, f.ID, batch.Input{Text: at(p.now, v)}), f.Ref())
	}
	if !labelled {
		require.NoError(t, p.batches.Labels(ctx, by, number, 0, st.ID), st.ID)
	}
	p.handOver(s, number, st, sessions)
	require.NoError(t, p.batches.Complete(ctx, by, number, 0, st.ID), st.ID)
	if st.Second == nil {
		return
	}
	b, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	shown, err := b.Show(st.ID)
	require.NoError(t, err)
	digest, err := shown.Digest()
	require.NoError(t, err)
	check := batch.Check{Step: st.ID, Shown: digest}
	if st.Second.Mode == mbr.ScansAgain {
		check.Raw = label(event, st, st.Second.Field, p.release.Plant.Site)
	}
	second := sessions[s.who(st.Second.Role, true)]
	err = p.batches.Verify(ctx, p.author(second, st.Second.Role), number, 0, check, p.signer(second, st.Second.Role))
	require.NoError(t, err, "second person of %s", st.ID)
}

func madeHere(st *mbr.Step, kind string) bool {
	for _, c := range st.Creates {
		if c.Kind == kind {
			return true
		}
	}
	return false
}

func label(event *chainofcustody.TherapyEvent, st *mbr.Step, field, site string) string {
	f, _ := st.Field(field, site)
	if f.Expect == "coi" || f.Expect == "wristband" {
		return event.CoI.Label()
	}
	of := event.OfKind(chainofcustody.Kind(f.Expect))
	return of[len(of)-1].Label
}

func (p *plant) scan(by ledger.Author, number string, st *mbr.Step, f *mbr.Field) {
	t, ctx := p.t, context.Background()
	_, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	labels := []string{event.CoI.Label()}
	if f.Expect != "coi" && f.Expect != "wristband" {
		labels = nil
		for _, c := range event.OfKind(chainofcustody.Kind(f.Expect)) {
			labels = append(labels, c.Label)
		}
		require.NotEmpty(t, labels, "%s expects %s", f.Ref(), f.Expect)
		if !f.Each {
			labels = labels[len(labels)-1:]
		}
	}
	for _, raw := range labels {
		require.NoError(t, p.batches.Scan(ctx, by, number, 0, st.ID, f.ID, raw), f.Ref())
	}
}

// giver is who hands over before a step whose custody ends elsewhere.
var giver = map[string]people.Role{"S07": people.Nurse, "S09": people.Courier, "S46": people.Operator, "S47": people.Courier}
var receiver = map[string]people.Role{"S07": people.Courier, "S09": people.Operator, "S46": people.Courier, "S47": people.Interventionist}

func (p *plant) handOver(s scenario, number string, st *mbr.Step, sessions map[string]people.Session) {
	if st.Custody == nil {
		return
	}
	t, ctx := p.t, context.Background()
	b, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	from, to := giver[st.ID], receiver[st.ID]
	for _, c := range event.OfKind(chainofcustody.Kind(st.Custody.Container)) {
		h := chainofcustody.Handover{Container: c.ID.String(), Seals: []string{"SEAL-1"}, Place: "loading bay"}
		require.NoError(t, p.batches.Offer(ctx, p.author(sessions[s.who(from, false)], from), b.CoI, h, chainofcustody.Party(st.Custody.Holder)), st.ID)
		require.NoError(t, p.batches.Accept(ctx, p.author(sessions[s.who(to, false)], to), b.CoI, h, c.Label), st.ID)
	}
}

func (p *plant) act(s scenario, number string, act mbr.Act, sessions map[string]people.Session) error {
	ctx := context.Background()
	role, _, _ := release.RoleOf(act)
	who := sessions[s.who(role, false)]
	by := p.author(who, role)
	prompt, err := p.release.Prompt(ctx, release.Signer{Account: by.Account, Role: role}, number, act)
	require.NoError(p.t, err)
	return p.release.Sign(ctx, by, number, act, prompt.Digest, p.signer(who, role))
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
				_, err = pades.Verify(pdf, p.ca.Pool(), p.now)
				require.NoError(t, err)
				proof, err := p.release.Proof(ctx, ref.Number)
				require.NoError(t, err)
				require.NoError(t, proof.Check(p.log.Key(), ledger.DigestOf(pdf)))
				pdf[len(pdf)/2] ^= 1
				require.Error(t, proof.Check(p.log.Key(), ledger.DigestOf(pdf)))
				if dir := os.Getenv("REXBATCH_KEEP"); dir != "" {
					pdf[len(pdf)/2] ^= 1
					require.NoError(t, os.WriteFile(filepath.Join(dir, ref.Number+".pdf"), pdf, 0o600))
				}
			}
		})
	}
}
