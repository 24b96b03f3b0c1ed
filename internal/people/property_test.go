package people_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// modelAccount is what an account should be, by the rules alone.
type modelAccount struct {
	password string
	expires  time.Time // of an issued password
	must     bool
	disabled bool
	locked   bool
	failures int
	entries  int
}

func (m *modelAccount) open() bool { return !m.disabled && !m.locked }

// fail is one wrong password.
func (m *modelAccount) fail() {
	if !m.open() {
		return // no entry: an outsider does not fill the record
	}
	m.failures++
	m.entries++
	if m.failures == 5 {
		m.locked = true
		m.entries++
	}
}

type modelSession struct {
	username    string
	since, seen time.Time
	over        bool
}

// model drives a directory with random commands and compares each answer with the rules.
type model struct {
	s        *site
	accounts map[string]*modelAccount
	sessions map[string]*modelSession
	chosen   int
}

func (m *model) account(t *rapid.T) (string, *modelAccount) {
	name := rapid.SampledFrom([]string{"ana", "eva", "leo"}).Draw(t, "username")
	if m.accounts[name] == nil {
		t.Skip("no such account")
	}
	return name, m.accounts[name]
}

func (m *model) session(t *rapid.T) (string, *modelSession) {
	if len(m.sessions) == 0 {
		t.Skip("no session")
	}
	var tokens []string
	for token := range m.sessions {
		tokens = append(tokens, token)
	}
	slices.Sort(tokens)
	token := rapid.SampledFrom(tokens).Draw(t, "token")
	return token, m.sessions[token]
}

func (m *model) endAll(username, but string) {
	for token, session := range m.sessions {
		if session.username == username && token != but {
			session.over = true
		}
	}
}

func (m *model) live(session *modelSession) bool {
	now := m.s.now()
	return !session.over && now.Sub(session.seen) <= 15*time.Minute && now.Sub(session.since) <= 12*time.Hour
}

func (m *model) create(t *rapid.T) {
	name := rapid.SampledFrom([]string{"ana", "eva", "leo"}).Draw(t, "username")
	_, issued, err := m.s.Create(m.s.ctx, root, people.NewAccount{
		Username: name, Name: "Any Body", Lang: "es", Roles: []people.Role{people.Operator},
	})
	if m.accounts[name] != nil {
		refused(t, err, "CS-74", "username-taken")
		return
	}
	require.NoError(t, err)
	m.accounts[name] = &modelAccount{password: issued, must: true, expires: m.s.now().Add(72 * time.Hour), entries: 1}
}

func (m *model) signIn(t *rapid.T) {
	name, a := m.account(t)
	if !rapid.Bool().Draw(t, "right") {
		_, _, err := m.s.SignIn(m.s.ctx, name, "wrong", "T1")
		refused(t, err, "CS-75", "credentials-wrong")
		a.fail()
		m.endIfLocked(name, a)
		return
	}
	_, token, err := m.s.SignIn(m.s.ctx, name, a.password, "T1")
	switch {
	case !a.open():
		refused(t, err, "CS-75", "credentials-wrong")
	case a.must && m.s.now().After(a.expires):
		refused(t, err, "CS-35", "one-time-expired")
	default:
		require.NoError(t, err)
		a.failures = 0
		a.entries++
		m.sessions[token] = &modelSession{username: name, since: m.s.now(), seen: m.s.now()}
	}
}

func (m *model) endIfLocked(name string, a *modelAccount) {
	if a.locked {
		m.endAll(name, "")
	}
}

func (m *model) changePassword(t *rapid.T) {
	token, session := m.session(t)
	a := m.accounts[session.username]
	m.chosen++
	replacement := fmt.Sprintf("cuatro sillas numero %d", m.chosen)
	err := m.s.ChangePassword(m.s.ctx, token, a.password, replacement)
	if !m.live(session) {
		require.Error(t, err)
		return
	}
	require.NoError(t, err)
	a.password, a.must, a.failures = replacement, false, 0
	a.entries++
	m.endAll(session.username, token)
}

func (m *model) sign(t *rapid.T) {
	token, session := m.session(t)
	a := m.accounts[session.username]
	right := rapid.Bool().Draw(t, "right")
	given := "wrong"
	if right {
		given = a.password
	}
	who, err := m.s.Peek(m.s.ctx, token)
	if !m.live(session) {
		require.Error(t, err)
		return
	}
	require.NoError(t, err)
	signed, err := m.s.Sign(m.s.ctx, who, given, people.Operator, people.Performed, shown)
	require.Equal(t, right && !a.must, err == nil, "%v", err)
	require.Equal(t, err == nil, signed.Valid())
	switch {
	case a.must: // not even asked
	case !right:
		a.fail()
		m.endIfLocked(session.username, a)
	case a.failures > 0:
		a.failures = 0
		a.entries++
	}
}

func (m *model) use(t *rapid.T) {
	token, session := m.session(t)
	got, err := m.s.Session(m.s.ctx, token)
	require.Equal(t, m.live(session), err == nil, "%v", err)
	if err != nil {
		return
	}
	require.Equal(t, session.username, got.Account)
	if m.s.now().Sub(session.seen) >= time.Minute {
		session.seen = m.s.now()
	}
}

func (m *model) signOut(t *rapid.T) {
	token, session := m.session(t)
	require.NoError(t, m.s.SignOut(m.s.ctx, token))
	delete(m.sessions, token)
	_, err := m.s.Session(m.s.ctx, token)
	require.Error(t, err)
	if types := m.s.types(t, session.username); len(types) > m.accounts[session.username].entries {
		require.Equal(t, people.TypeSignedOut, types[len(types)-1])
		m.accounts[session.username].entries++
	}
}

// administer makes one act of an administrator, which must succeed exactly when the state allows it.
func (m *model) administer(t *rapid.T) {
	name, a := m.account(t)
	var err error
	var issued string
	allowed := true
	switch rapid.SampledFrom([]string{"unlock", "disable", "enable", "reset"}).Draw(t, "act") {
	case "unlock":
		allowed = a.locked
		_, err = m.s.Unlock(m.s.ctx, root, name, why)
		if allowed {
			a.locked, a.failures = false, 0
		}
	case "disable":
		allowed = !a.disabled
		_, err = m.s.Disable(m.s.ctx, root, name, why)
		a.disabled = true
		m.endAll(name, "")
	case "enable":
		allowed = a.disabled
		_, issued, err = m.s.Enable(m.s.ctx, root, name, why)
		a.disabled = false
	case "reset":
		allowed = !a.disabled
		_, issued, err = m.s.ResetPassword(m.s.ctx, root, name, why)
	}
	if !allowed {
		require.NotEmpty(t, ledger.RefusalsOf(err))
		return
	}
	require.NoError(t, err)
	a.entries++
	if issued != "" {
		a.password, a.must, a.expires = issued, true, m.s.now().Add(72*time.Hour)
		m.endAll(name, "")
	}
}

// check compares the whole state after every command.
func (m *model) check(t *rapid.T) {
	for name, a := range m.accounts {
		p, err := m.s.Person(m.s.ctx, name)
		require.NoError(t, err)
		require.Equal(t, a.locked, p.Locked)
		require.Equal(t, a.disabled, p.Disabled)
		require.Equal(t, a.must, p.MustChange)
		require.Equal(t, a.failures, p.Failures)
		require.Len(t, m.s.entries(t, name), a.entries)
	}
	for token, session := range m.sessions {
		_, err := m.s.Peek(m.s.ctx, token)
		require.Equal(t, m.live(session), err == nil, "%v", err)
	}
}

// Whatever people, outsiders and administrators do in whatever order: never a session or a signature without the
// right password, and a lock holds until it is opened.
func TestRandomHistories_CS37_CS47(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{s: newSite(t), accounts: map[string]*modelAccount{}, sessions: map[string]*modelSession{}}
		defer func() { m.s.rebuilt(rt) }()
		rt.Repeat(map[string]func(*rapid.T){
			"":              m.check,
			"create":        m.create,
			"sign in":       m.signIn,
			"sign in again": m.signIn,
			"change":        m.changePassword,
			"sign":          m.sign,
			"use":           m.use,
			"sign out":      m.signOut,
			"administer":    m.administer,
			"reopen":        func(*rapid.T) { m.s.reopen() },
			"minutes":       func(t *rapid.T) { m.s.pass(time.Duration(rapid.IntRange(0, 16*60).Draw(t, "seconds")) * time.Second) },
			"days":          func(t *rapid.T) { m.s.pass(time.Duration(rapid.IntRange(0, 80).Draw(t, "hours")) * time.Hour) },
		})
	})
}
