package people_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/people"
)

// cheap is a cost for tests: what is tested is not how slow a hash is.
var cheap = people.Cost{Time: 1, Memory: 8, Threads: 1}

const password = "cuatro sillas de rafia" // nobody's real one

var why = people.Why{Reason: "access request 12"}

// site is a directory on a real log, with a clock that only moves when told.
type site struct {
	*people.Directory
	tb   testing.TB
	ctx  context.Context
	dir  string
	log  *bolt.Log
	opt  people.Options
	mu   sync.Mutex
	time time.Time
}

// failer is what testing.TB and rapid.T share.
type failer interface {
	require.TestingT
	Helper()
}

func newSite(tb testing.TB, change ...func(*people.Options)) *site {
	tb.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	require.NoError(tb, err)
	s := &site{tb: tb, ctx: context.Background(), dir: tb.TempDir(), time: time.Date(2026, 10, 8, 6, 0, 0, 0, time.UTC)}
	s.opt = people.Options{Site: "ES-SVQ", Zone: zone, Clock: s.now, Rand: rand.NewChaCha8([32]byte{7}), Cost: cheap, Hashers: 2}
	for _, f := range change {
		f(&s.opt)
	}
	s.open()
	tb.Cleanup(func() { require.NoError(tb, s.log.Close()) })
	return s
}

func (s *site) open() {
	s.tb.Helper()
	var err error
	s.log, err = bolt.Open(s.dir, bolt.Options{Site: s.opt.Site, Clock: s.now})
	require.NoError(s.tb, err)
	s.Directory, err = people.Open(s.log, s.opt)
	require.NoError(s.tb, err)
}

// reopen drops everything that lives in the process.
func (s *site) reopen() {
	s.tb.Helper()
	require.NoError(s.tb, s.log.Close())
	s.open()
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.time = s.time.Add(d)
}

var root = people.System("server console")

// hire creates an account and changes its issued password to password.
func (s *site) hire(t failer, username, name string, roles ...people.Role) {
	t.Helper()
	_, issued, err := s.Create(s.ctx, root, people.NewAccount{Username: username, Name: name, Lang: "es", Roles: roles})
	require.NoError(t, err)
	_, token, err := s.SignIn(s.ctx, username, issued, "T1")
	require.NoError(t, err)
	require.NoError(t, s.ChangePassword(s.ctx, token, issued, password))
	require.NoError(t, s.SignOut(s.ctx, token))
}

// enter signs in with password.
func (s *site) enter(t failer, username string) (people.Session, string) {
	t.Helper()
	session, token, err := s.SignIn(s.ctx, username, password, "T1")
	require.NoError(t, err)
	return session, token
}

// author signs in and acts in the role.
func (s *site) author(t failer, username string, role people.Role) ledger.Author {
	t.Helper()
	session, _ := s.enter(t, username)
	author, err := session.Author(role)
	require.NoError(t, err)
	return author
}

// entries returns the account's stream.
func (s *site) entries(t failer, username string) []ledger.Entry {
	t.Helper()
	var all []ledger.Entry
	for e, err := range s.log.Stream(s.ctx, "account/"+username, 0) {
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}

func (s *site) types(t failer, username string) []string {
	t.Helper()
	var types []string
	for _, e := range s.entries(t, username) {
		types = append(types, e.Type)
	}
	return types
}

// refused asserts that err is one refusal with that code, by that rule.
func refused(t failer, err error, rule, code string) {
	t.Helper()
	require.Error(t, err)
	rs := ledger.RefusalsOf(err)
	require.NotEmpty(t, rs, "not a refusal: %v", err)
	for _, r := range rs {
		if r.Code == code {
			require.Equal(t, rule, r.Rule)
			require.NotEmpty(t, r.What)
			require.NotEmpty(t, r.Next)
			require.NotContains(t, r.What+r.Next, "{", "a placeholder is not filled")
			return
		}
	}
	require.Failf(t, "another refusal", "%v has no %s", err, code)
}

var shown = ledger.DigestOf([]byte("what the screen showed"))
