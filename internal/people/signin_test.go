package people_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

func (s *site) fail(t failer, username string, times int) {
	t.Helper()
	for range times {
		_, token, err := s.SignIn(s.ctx, username, "not the password", "T9")
		refused(t, err, "CS-75", "credentials-wrong")
		require.Empty(t, token)
	}
}

func TestSignIn_CS39_CS75(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator, people.QA)
	session, token, err := s.SignIn(s.ctx, " Ana ", password, "T1") // as a phone writes it
	require.NoError(t, err)
	require.Len(t, token, 43, "256 bits")
	require.Equal(t, "ana", session.Account)
	require.Equal(t, "Ana Ruiz", session.Name)
	require.Equal(t, "T1", session.Terminal)
	require.Equal(t, "ES-SVQ", session.Site)
	require.Equal(t, s.now(), session.Since)
	all := s.entries(t, "ana")
	last := all[len(all)-1]
	require.Equal(t, people.TypeSignedIn, last.Type)
	require.Equal(t, "ana", last.Author.Account)
	require.Equal(t, "T1", last.Author.Terminal)
	require.JSONEq(t, `{"session":"`+session.ID+`"}`, string(last.Data))

	for _, terminal := range []string{"", " ", "T\n1", strings.Repeat("T", 65)} {
		_, _, err := s.SignIn(s.ctx, "ana", password, terminal)
		refused(t, err, "I3", "terminal-unknown")
	}
}

func TestLockAfterFiveFailures_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	before := len(s.entries(t, "ana"))
	s.fail(t, "ana", 5)
	require.Equal(t, []string{
		people.TypeSignInFailed, people.TypeSignInFailed, people.TypeSignInFailed, people.TypeSignInFailed,
		people.TypeSignInFailed, people.TypeLocked,
	}, s.types(t, "ana")[before:])
	last := s.entries(t, "ana")[before]
	require.Equal(t, people.System("T9"), last.Author, "nobody is authenticated; the terminal is known")

	// The right password no longer opens, signs, or keeps a session.
	_, _, err := s.SignIn(s.ctx, "ana", password, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "I3", "no-session")
	_, _, err = s.SignAs(s.ctx, "T1", "ana", password, people.Operator, people.Performed, shown)
	refused(t, err, "CS-75", "credentials-wrong")

	// Time does not unlock, nor does opening the log again, nor a new password; only an administrator does.
	s.pass(1000 * time.Hour)
	s.reopen()
	_, issued, err := s.ResetPassword(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, _, err = s.SignIn(s.ctx, "ana", issued, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
	_, err = s.Unlock(s.ctx, root, "ana", people.Why{})
	refused(t, err, "CS-16", "reason-missing")
	p, err := s.Unlock(s.ctx, root, "ana", people.Why{Reason: "rang Ana, she had mistyped"})
	require.NoError(t, err)
	require.False(t, p.Locked)
	require.Zero(t, p.Failures)
	_, _, err = s.SignIn(s.ctx, "ana", issued, "T1")
	require.NoError(t, err)
}

func TestSessionOfBeforeTheLockStaysOver_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	s.fail(t, "ana", 5)
	_, err := s.Unlock(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
	s.enter(t, "ana")
}

func TestRightPasswordForgetsFailures_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	for range 3 {
		s.fail(t, "ana", 4)
		s.enter(t, "ana")
	}
	s.fail(t, "ana", 4)
	p, err := s.Person(s.ctx, "ana")
	require.NoError(t, err)
	require.Equal(t, 4, p.Failures)
	require.False(t, p.Locked)
}

func TestOutsiderCannotFillTheLedger_CS81(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	_, err := s.Disable(s.ctx, root, "eva", why)
	require.NoError(t, err)
	s.fail(t, "ana", 5)
	before, err := s.log.Head(s.ctx)
	require.NoError(t, err)
	s.fail(t, "ana", 20)
	s.fail(t, "eva", 7)
	s.fail(t, "my secret typed in the wrong field", 3)
	s.fail(t, "nobody", 3)
	s.fail(t, "system", 1)
	after, err := s.log.Head(s.ctx)
	require.NoError(t, err)
	require.Equal(t, before.Size, after.Size)

	tried, err := s.Misuses(s.ctx)
	require.NoError(t, err)
	counts := map[string]int{}
	for _, m := range tried {
		counts[m.Account] = m.Count
		require.Equal(t, "T9", m.Terminal)
	}
	require.Equal(t, map[string]int{"ana": 20, "eva": 7, "": 7}, counts)
	for doc, err := range s.log.Secrets(s.ctx, "") {
		require.NoError(t, err)
		require.NotContains(t, doc.Key+string(doc.Data), "wrong field")
	}

	_, err = s.Unlock(s.ctx, root, "ana", why)
	require.NoError(t, err)
	all := s.entries(t, "ana")
	var data struct{ Tried int }
	require.NoError(t, json.Unmarshal(all[len(all)-1].Data, &data))
	require.Equal(t, 20, data.Tried, "what was tried becomes part of the record when somebody has looked at it")
}

func TestOutsiderLearnsNothing_CS63(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	s.hire(t, "leo", "Leo Mas", people.Operator)
	s.fail(t, "eva", 5)
	_, err := s.Disable(s.ctx, root, "leo", why)
	require.NoError(t, err)
	answer := func(username, password string) string {
		_, _, err := s.SignIn(s.ctx, username, password, "T9")
		require.Error(t, err)
		return err.Error()
	}
	wrong := answer("ana", "wrong")
	for _, username := range []string{"nobody", "eva", "leo", "", "system", "no such/name", strings.Repeat("x", 10000)} {
		require.Equal(t, wrong, answer(username, password), username)
	}
	require.Equal(t, wrong, answer("ana", strings.Repeat("x", 100000)))
}

func TestParallelGuessesDoNotOutrunTheLock_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	errs := make([]error, 24)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = s.SignIn(s.ctx, "ana", "not the password", "T9") })
	}
	wg.Wait()
	require.NotContains(t, errs, nil)
	s.fail(t, "ana", 5) // if many conflicts left some uncounted
	_, _, err := s.SignIn(s.ctx, "ana", password, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
	failures := 0
	for _, kind := range s.types(t, "ana") {
		if kind == people.TypeSignInFailed {
			failures++
		}
	}
	require.Equal(t, 5, failures)
}

func TestNoPasswordIsCheckedForWhoHasGone(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	before := len(s.entries(t, "ana"))
	_, _, err := s.SignIn(ctx, "ana", "wrong", "T9")
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, s.entries(t, "ana"), before)
}

func TestNoSecretInRecordViewOrError_CS78(t *testing.T) {
	s := newSite(t, func(o *people.Options) { o.Statement = "I answer for what I sign." })
	_, issued, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QP}})
	require.NoError(t, err)
	session, token, err := s.SignIn(s.ctx, "ana", issued, "T1")
	require.NoError(t, err)
	var errs []error
	keep := func(err error) { errs = append(errs, err) }
	keep(s.ChangePassword(s.ctx, token, "wrong-old-secret", password))
	keep(s.ChangePassword(s.ctx, token, issued, "short-pass1"))
	require.NoError(t, s.ChangePassword(s.ctx, token, issued, password))
	_, err = s.Sign(s.ctx, session, "typed-secret", people.QP, people.Certified, shown)
	keep(err)
	_, _, err = s.SignIn(s.ctx, "typed-secret", "typed-secret", "T1")
	keep(err)
	require.NoError(t, s.SignOut(s.ctx, token))

	secrets := []string{issued, password, token, "wrong-old-secret", "short-pass1", "typed-secret", "argon2"}
	check := func(text string) {
		for _, secret := range secrets {
			require.NotContains(t, text, secret)
		}
	}
	for _, err := range errs {
		require.Error(t, err)
		check(err.Error())
	}
	for e, err := range s.log.Entries(s.ctx, 0) {
		require.NoError(t, err)
		check(string(e.Data))
	}
	for doc, err := range s.log.Views(s.ctx, "") {
		require.NoError(t, err)
		check(string(doc.Data))
	}
	for doc, err := range s.log.Secrets(s.ctx, "") {
		require.NoError(t, err)
		for _, secret := range secrets[:6] {
			require.NotContains(t, doc.Key+string(doc.Data), secret)
		}
	}
}
