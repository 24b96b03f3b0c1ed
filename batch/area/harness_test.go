package area_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/area"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
	"rexbatch/internal/people"
)

const password = "cuatro sillas de rafia" // nobody's real one

// morning is when every test begins.
var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// plant is a plant's log with its people and areas, and a clock that only moves when told.
type plant struct {
	*area.Book
	tb     testing.TB
	ctx    context.Context
	dir    string
	log    *bolt.Log
	people *people.Directory

	mu   sync.Mutex
	time time.Time
}

func newPlant(tb testing.TB) *plant {
	tb.Helper()
	p := &plant{tb: tb, ctx: context.Background(), dir: filepath.Join(tb.TempDir(), "log"), time: morning}
	p.open()
	var err error
	p.people, err = people.Open(p.log, people.Options{
		Site: "ES-SVQ", Zone: time.UTC, Clock: p.now, Cost: people.Cost{Time: 1, Memory: 8, Threads: 1},
	})
	require.NoError(tb, err)
	for _, name := range []string{"ana", "ben"} {
		p.hire(name)
	}
	tb.Cleanup(func() { require.NoError(tb, p.log.Close()) })
	return p
}

func (p *plant) open() {
	p.tb.Helper()
	var err error
	p.log, err = bolt.Open(p.dir, bolt.Options{Site: "ES-SVQ", Clock: p.now})
	require.NoError(p.tb, err)
	p.Book = &area.Book{Log: p.log, Site: "ES-SVQ", Clock: p.now}
}

// restart drops everything that lives in the process.
func (p *plant) restart() {
	p.tb.Helper()
	require.NoError(p.tb, p.log.Close())
	p.open()
}

func (p *plant) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.time
}

func (p *plant) pass(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.time = p.time.Add(d)
}

func (p *plant) hire(username string) {
	p.tb.Helper()
	_, issued, err := p.people.Create(p.ctx, people.System("test"), people.NewAccount{
		Username: username, Name: "Name of " + username, Lang: "es", Roles: []people.Role{people.Operator},
	})
	require.NoError(p.tb, err)
	_, token, err := p.people.SignIn(p.ctx, username, issued, "T1")
	require.NoError(p.tb, err)
	require.NoError(p.tb, p.people.ChangePassword(p.ctx, token, issued, password))
}

// signed is the signature of a second person.
func (p *plant) signed(username string, digest ledger.Digest) people.Signed {
	p.tb.Helper()
	s, _, err := p.people.SignAs(p.ctx, "T1", username, password, people.Operator, people.Verified, digest)
	require.NoError(p.tb, err)
	return s
}

// verifies is the signature of a second person over the checklist that ana filled in.
func (p *plant) verifies(username, id string, c area.Checklist) people.Signed {
	p.tb.Helper()
	digest, err := area.Shown{Area: id, First: "ana", Checklist: c}.Digest()
	require.NoError(p.tb, err)
	return p.signed(username, digest)
}

func (p *plant) area(id string) *area.Area {
	p.tb.Helper()
	a, err := p.Load(p.ctx, id)
	require.NoError(p.tb, err)
	return a
}

// do makes one decision of the pure kind durable, as the batch does within its own append.
func (p *plant) do(by ledger.Author, id string, decide func(*area.Area) (ledger.Draft, error)) error {
	a, err := p.Load(p.ctx, id)
	if err != nil {
		return err
	}
	draft, err := decide(a)
	if err != nil {
		return err
	}
	c := a.Change(by, p.now())
	err = c.Add(draft)
	if err != nil {
		return err
	}
	stream, views, err := c.Append()
	if err != nil {
		return err
	}
	_, err = p.log.Append(p.ctx, ledger.Append{Author: by, Streams: []ledger.StreamAppend{stream}, Views: views})
	return err
}

// check is the independent checker: the log, its claims, and views that follow from the entries.
func (p *plant) check() {
	p.tb.Helper()
	require.NoError(p.tb, p.log.Close()) // the checker wants the file for itself
	defer p.open()
	report, err := verify.Dir(p.ctx, p.dir, verify.Options{Projections: []ledger.Projection{area.Projection(), people.Projection()}})
	require.NoError(p.tb, err)
	require.True(p.tb, report.ViewsChecked)
}

func as(account string, role people.Role) ledger.Author {
	return ledger.Author{Account: account, Role: string(role), Terminal: "T1"}
}

var (
	ana  = as("ana", people.Operator)
	lead = as("lea", people.ProductionLead)
	qa   = as("quinn", people.QA)
)

var clean = area.Checklist{NothingForeign: true, PreviousClosed: true}

// lab registers an aseptic area.
func (p *plant) lab(id string) {
	p.tb.Helper()
	require.NoError(p.tb, p.Register(p.ctx, lead, area.Registration{
		ID: id, Kind: "aseptic", Name: "Aseptic room 1", Grade: area.AInB, ValidFor: 4 * time.Hour,
	}))
}

// clear has ana and ben clear an area.
func (p *plant) clear(id string) {
	p.tb.Helper()
	require.NoError(p.tb, p.Clear(p.ctx, ana, id, clean, p.verifies("ben", id, clean)))
}

func (p *plant) occupy(id, batch string, coi isbt128.CoI) error {
	return p.do(ana, id, func(a *area.Area) (ledger.Draft, error) { return a.Occupy(p.now(), batch, coi) })
}

func (p *plant) free(id, batch string) error {
	return p.do(ana, id, func(a *area.Area) (ledger.Draft, error) { return a.Free(batch) })
}

func coi(tb require.TestingT, text string) isbt128.CoI {
	c, err := isbt128.ParseCoI(text)
	require.NoError(tb, err)
	return c
}

// refused asserts that err is a refusal with that code, by that rule, with nothing left to fill in.
func refused(t require.TestingT, err error, rule, code string) *ledger.Refusal {
	if h, ok := t.(interface{ Helper() }); ok {
		h.Helper()
	}
	require.Error(t, err)
	for _, r := range ledger.RefusalsOf(err) {
		if r.Code == code {
			require.Equal(t, rule, r.Rule)
			require.NotEmpty(t, r.Next)
			require.NotContains(t, r.What+r.Next, "{")
			return r
		}
	}
	require.Failf(t, "another error", "%v has no %s", err, code)
	return nil
}
