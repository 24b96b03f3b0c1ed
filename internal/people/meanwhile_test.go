package people_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// between is the real log with something that happens once, at a chosen moment inside a command.
type between struct {
	ledger.Log
	beforeHash  func() // after the account was read, before the password is checked
	afterHash   func() // after the password was checked, before anything is written
	onceHash    sync.Once
	onceWritten sync.Once
}

func (b *between) Secret(ctx context.Context, key string) ([]byte, error) {
	doc, err := b.Log.Secret(ctx, key)
	if b.beforeHash != nil && strings.HasPrefix(key, "credential/") {
		b.onceHash.Do(b.beforeHash)
	}
	return doc, err
}

func (b *between) Append(ctx context.Context, a ledger.Append) (ledger.Receipt, error) {
	if b.afterHash != nil {
		b.onceWritten.Do(b.afterHash)
	}
	return b.Log.Append(ctx, a)
}

func (s *site) interposed(t *testing.T, b *between) *people.Directory {
	t.Helper()
	b.Log = s.log
	d, err := people.Open(b, s.opt)
	require.NoError(t, err)
	return d
}

func TestDisabledWhileThePasswordIsChecked_CS80(t *testing.T) {
	for name, act := range map[string]func(*people.Directory, people.Session) error{
		"sign": func(d *people.Directory, session people.Session) error {
			_, err := d.Sign(context.Background(), session, password, people.Operator, people.Performed, shown)
			return err
		},
		"sign as second person": func(d *people.Directory, _ people.Session) error {
			_, _, err := d.SignAs(context.Background(), "T1", "ana", password, people.Operator, people.Performed, shown)
			return err
		},
		"sign in": func(d *people.Directory, _ people.Session) error {
			_, _, err := d.SignIn(context.Background(), "ana", password, "T1")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.hire(t, "ana", "Ana Ruiz", people.Operator)
			session, _ := s.enter(t, "ana")
			d := s.interposed(t, &between{beforeHash: func() {
				_, err := s.Disable(s.ctx, root, "ana", why)
				require.NoError(t, err)
			}})
			require.NotEmpty(t, ledger.RefusalsOf(act(d, session)))
		})
	}
}

func TestSignedWithAPasswordThatIsJustBeingReplaced_CS47(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	d := s.interposed(t, &between{beforeHash: func() {
		require.NoError(t, s.ChangePassword(s.ctx, token, password, "otra frase bien distinta"))
	}})
	_, err := d.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "I3", "no-session")
}

func TestSignedOutWhileThePasswordIsChanged(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	d := s.interposed(t, &between{afterHash: func() { require.NoError(t, s.SignOut(s.ctx, token)) }})
	err := d.ChangePassword(s.ctx, token, password, "otra frase bien distinta")
	refused(t, err, "I3", "no-session")
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session") // it has not come back
	s.enter(t, "ana")
}

func TestActivityNotedLateDoesNotBringASessionBack(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	s.pass(14 * time.Minute)
	d := s.interposed(t, &between{afterHash: func() { require.NoError(t, s.SignOut(s.ctx, token)) }})
	_, err := d.Session(s.ctx, token)
	require.NoError(t, err, "it was open when it was asked for")
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
}

func TestPasswordChangedWhileTheOldOneIsChecked(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	d := s.interposed(t, &between{afterHash: func() {
		require.NoError(t, s.ChangePassword(s.ctx, token, password, "otra frase bien distinta"))
	}})
	_, _, err := d.SignIn(s.ctx, "ana", password, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
}

func TestFailureIsRecordedWhenTheCallerHasGone_CS81(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	ctx, cancel := context.WithCancel(s.ctx)
	d := s.interposed(t, &between{afterHash: cancel})
	_, _, err := d.SignIn(ctx, "ana", "wrong", "T1")
	refused(t, err, "CS-75", "credentials-wrong")
	p, err := s.Person(s.ctx, "ana")
	require.NoError(t, err)
	require.Equal(t, 1, p.Failures)
}

func TestTwoCopiesStartOnOneEmptyLog(t *testing.T) {
	s := newSite(t)
	var created bool
	d := s.interposed(t, &between{afterHash: func() {
		var err error
		_, _, created, err = s.Bootstrap(s.ctx)
		require.NoError(t, err)
	}})
	_, issued, late, err := d.Bootstrap(s.ctx)
	require.NoError(t, err)
	require.True(t, created)
	require.False(t, late)
	require.Empty(t, issued)
}

func TestManyPeopleAtOnce(t *testing.T) {
	s := newSite(t)
	names := []string{"ana", "eva", "leo"}
	for _, name := range names {
		s.hire(t, name, "Any Body", people.Operator)
	}
	work := func(name string) error {
		session, token, err := s.SignIn(s.ctx, name, password, "T1")
		if err != nil {
			return err
		}
		signed, err := s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
		if err != nil {
			return err
		}
		if signed.Author().Account != name {
			return fmt.Errorf("%s signed for %s", signed.Author().Account, name)
		}
		return s.SignOut(s.ctx, token)
	}
	errs := make([]error, 12)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = work(names[i%len(names)]) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	s.rebuilt(t)
}
