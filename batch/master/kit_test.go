package master_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
	"rexbatch/internal/people"
)

const password = "cuatro sillas de rafia" // nobody's real one

// recipe is the one of the plant: a small one with everything in it, of which version 1 is shipped.
const recipe = "BASE-1"

// morning is when the tests begin.
var morning = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

func as(account string, role people.Role) ledger.Author {
	return ledger.Author{Account: account, Role: string(role), Terminal: "T1"}
}

var (
	lea  = as("lea", people.ProductionLead)
	eva  = as("eva", people.QA)
	ines = as("ines", people.QA)
	ana  = as("ana", people.Operator)
)

// plant is a book on a real log with its people, and a clock that only moves when told.
type plant struct {
	*master.Book
	t      testing.TB
	ctx    context.Context
	time   time.Time
	staff  *people.Directory
	signed map[string]people.Session
}

func newPlant(t testing.TB) *plant {
	t.Helper()
	p := &plant{t: t, ctx: context.Background(), time: morning, signed: map[string]people.Session{}}
	now := func() time.Time { return p.time }
	dir := filepath.Join(t.TempDir(), "log")
	log, err := bolt.Open(dir, bolt.Options{Site: "ES-SVQ", Clock: now})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, log.Close())
		_, err := verify.Dir(p.ctx, dir, verify.Options{Projections: []ledger.Projection{master.Projection(), people.Projection()}})
		require.NoError(t, err, "the views are what the entries give")
	})
	p.staff, err = people.Open(log, people.Options{Site: "ES-SVQ", Zone: time.UTC, Clock: now, Cost: people.Cost{Time: 1, Memory: 8, Threads: 1}})
	require.NoError(t, err)
	shipped, err := mbr.Load([]byte(shippedFile(t)))
	require.NoError(t, err)
	p.Book = &master.Book{Log: log, Clock: now, Shipped: shipped, File: []byte(shippedFile(t))}
	for _, by := range []ledger.Author{lea, eva, ines} {
		p.hire(by)
	}
	return p
}

func (p *plant) hire(by ledger.Author) {
	p.t.Helper()
	_, once, err := p.staff.Create(p.ctx, people.System("test"), people.NewAccount{Username: by.Account, Name: "Name of " + by.Account, Lang: "es", Roles: []people.Role{people.Role(by.Role)}})
	require.NoError(p.t, err)
	_, token, err := p.staff.SignIn(p.ctx, by.Account, once, "T1")
	require.NoError(p.t, err)
	require.NoError(p.t, p.staff.ChangePassword(p.ctx, token, once, password))
}

// signer signs as somebody, who is asked for their password.
func (p *plant) signer(by ledger.Author) master.Signer {
	return func(ctx context.Context, m people.Meaning, d ledger.Digest) (people.Signed, error) {
		signed, _, err := p.staff.SignAs(ctx, "T1", by.Account, password, people.Role(by.Role), m, d)
		return signed, err
	}
}

// start drafts a version of the shipped file, with changes.
func (p *plant) start(number string, changes ...string) master.ID {
	p.t.Helper()
	id, _, err := p.Start(p.ctx, lea, version(p.t, number, changes...), "CC-2026-014", "Tighter limit of the net volume.")
	require.NoError(p.t, err)
	return id
}

// approve takes a draft through review to its approval.
func (p *plant) approve(id master.ID, from time.Time) {
	p.t.Helper()
	require.NoError(p.t, p.Submit(p.ctx, lea, id, 0))
	require.NoError(p.t, p.Approve(p.ctx, eva, id, 0, from, p.signer(eva)))
}

// inForce is the number of the version in force; zero for none of the log.
func (p *plant) inForce(at time.Time) int {
	p.t.Helper()
	_, number, ok, err := p.Effective(p.ctx, recipe, at)
	require.NoError(p.t, err)
	require.Equal(p.t, number > 0, ok)
	return number
}

// status is where a version stands now.
func (p *plant) status(number int) master.Status {
	p.t.Helper()
	versions, err := p.Versions(p.ctx, recipe)
	require.NoError(p.t, err)
	for _, v := range versions {
		if v.Number == number {
			return v.StatusAt(versions, p.time)
		}
	}
	return ""
}

func shippedFile(t testing.TB) string {
	t.Helper()
	file, err := os.ReadFile("../../testdata/masters/base.yaml")
	require.NoError(t, err)
	return string(file)
}

// version is the shipped file under another number, with changes: old, new, old, new.
func version(t testing.TB, number string, changes ...string) []byte {
	t.Helper()
	file := shippedFile(t)
	all := append([]string{"\nversion: 1\n", "\nversion: " + number + "\n"}, changes...)
	for i := 0; i < len(all); i += 2 {
		require.Contains(t, file, all[i], "the change must take place")
		file = strings.Replace(file, all[i], all[i+1], 1)
	}
	return []byte(file)
}

// refused asserts that one of the refusals has a rule and a code, and that no placeholder is left in it.
func refused(t require.TestingT, err error, kind ledger.Kind, rule, code string) {
	if h, ok := t.(*testing.T); ok {
		h.Helper()
	}
	for _, r := range ledger.RefusalsOf(err) {
		require.NotContains(t, r.What+r.Next, "{")
		if r.Code == code {
			require.Equal(t, rule, r.Rule)
			require.Equal(t, kind, r.Kind)
			return
		}
	}
	require.Fail(t, "not refused with "+code, "%v", err)
}
