package people_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

const pin = "482915"

func notEmoji(s string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return r > 0xffff }) {
		return errors.New("it cannot be printed")
	}
	return nil
}

// equip gives a person a badge and lets them choose pin. It returns the badge's code.
func (s *site) equip(t failer, username string) string {
	t.Helper()
	_, badge, err := s.IssueBadge(s.ctx, root, username, why)
	require.NoError(t, err)
	session, _ := s.enter(t, username)
	require.NoError(t, s.SetPIN(s.ctx, session, password, pin))
	return badge.Code
}

func TestBadgeAndPINOpenASession_CS34(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	require.Regexp(t, `^RB-B-[0-9A-HJKMNP-TV-Z]{29}$`, badge)

	who, err := s.Identify(s.ctx, terminal, "]d1"+badge) // the badge alone tells whose it is, and opens nothing
	require.NoError(t, err)
	require.Equal(t, "Ana Ruiz", who.Name)
	session, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	require.Equal(t, people.ByBadge, session.By)
	require.Equal(t, "SVQ-07", session.Terminal)
	again, err := s.Session(s.ctx, token)
	require.NoError(t, err)
	require.Equal(t, people.ByBadge, again.By)
	author, err := again.Author(people.Operator)
	require.NoError(t, err)
	require.Equal(t, ledger.Author{Account: "ana", Role: "operator", Terminal: "SVQ-07"}, author)

	all := s.entries(t, "ana")
	last := all[len(all)-1]
	require.Equal(t, people.TypeSignedIn, last.Type)
	require.JSONEq(t, fmt.Sprintf(`{"session":%q,"by":"badge","badge":%q}`, session.ID, who.Badge), string(last.Data))
	byPassword, _ := s.enter(t, "ana")
	require.Equal(t, people.ByPassword, byPassword.By)
	s.rebuilt(t)
	s.noSecretInTheRecord(t, badge, badge[5:], pin, token, terminal)
}

func TestBadgeNeedsARegisteredTerminal_CS34_CS67(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	for _, token := range []string{"", "SVQ-07", terminal + "x"} {
		_, _, err := s.SignInByBadge(s.ctx, token, badge, pin)
		refused(t, err, "CS-67", "terminal-unregistered")
		_, err = s.Identify(s.ctx, token, badge)
		refused(t, err, "CS-67", "terminal-unregistered")
	}
	_, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	_, err = s.RevokeTerminal(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
	_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
	refused(t, err, "CS-67", "terminal-unregistered")
	s.register(t, "SVQ-07") // another browser: the session does not come back
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
}

// A PIN never signs: signing is the password, also in a session that a badge opened.
func TestPINNeverSigns_CS47(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	s.equip(t, "eva")
	session, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	for _, wrong := range []string{pin, badge, badge + pin} {
		signed, err := s.Sign(s.ctx, session, wrong, people.Operator, people.Performed, shown)
		refused(t, err, "CS-47", "password-wrong")
		require.False(t, signed.Valid())
	}
	signed, _, err := s.SignAs(s.ctx, "SVQ-07", "eva", pin, people.Operator, people.Verified, shown)
	refused(t, err, "CS-75", "credentials-wrong")
	require.False(t, signed.Valid())
	refused(t, s.ChangePassword(s.ctx, token, pin, "otra frase bien larga"), "CS-47", "password-wrong")

	signed, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
	require.Equal(t, "SVQ-07", signed.Author().Terminal)
}

func TestFiveWrongPINsLockThePIN_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	_, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	for left := 4; left > 0; left-- {
		_, _, err = s.SignInByBadge(s.ctx, terminal, badge, "111222")
		refused(t, err, "CS-34", "pin-wrong")
		require.Contains(t, err.Error(), fmt.Sprint(left))
	}
	s.fail(t, "ana", 2) // passwords have a count of their own
	_, _, err = s.SignInByBadge(s.ctx, terminal, badge, "111222")
	refused(t, err, "CS-37", "pin-locked")
	_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
	refused(t, err, "CS-37", "pin-locked")
	_, err = s.Identify(s.ctx, terminal, badge)
	refused(t, err, "CS-37", "pin-locked")
	p, err := s.Person(s.ctx, "ana")
	require.NoError(t, err)
	require.True(t, p.PINLocked)
	require.False(t, p.Locked, "the account stays open")
	require.Equal(t, 2, p.Failures)
	_, err = s.Session(s.ctx, token)
	require.NoError(t, err, "who is at work stays at work")

	session, _ := s.enter(t, "ana")
	refused(t, s.SetPIN(s.ctx, session, "wrong", pin), "CS-47", "password-wrong")
	require.NoError(t, s.SetPIN(s.ctx, session, password, pin))
	_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	s.rebuilt(t)
}

func TestRightPINForgetsWrongOnes_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	for range 3 {
		for range 4 {
			_, _, err := s.SignInByBadge(s.ctx, terminal, badge, "111222")
			refused(t, err, "CS-34", "pin-wrong")
		}
		_, _, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
		require.NoError(t, err)
	}
	s.fail(t, "ana", 3)
	_, _, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	p, err := s.Person(s.ctx, "ana")
	require.NoError(t, err)
	require.Equal(t, 3, p.Failures, "a PIN does not forget wrong passwords")
}

func TestBadgeAndPINAreTakenBackAtOnce_CS80(t *testing.T) {
	for name, c := range map[string]struct {
		take func(*site, *testing.T)
		code string
	}{
		"badge withdrawn": {func(s *site, t *testing.T) {
			_, err := s.WithdrawBadge(s.ctx, root, "ana", why)
			require.NoError(t, err)
		}, "badge-withdrawn"},
		"another badge": {func(s *site, t *testing.T) {
			_, _, err := s.IssueBadge(s.ctx, root, "ana", why)
			require.NoError(t, err)
		}, "badge-withdrawn"},
		"reported lost": {func(s *site, t *testing.T) {
			session, _ := s.enter(t, "ana")
			require.NoError(t, s.ReportBadgeLost(s.ctx, session))
			refused(t, s.ReportBadgeLost(s.ctx, session), "CS-80", "badge-none")
		}, "badge-withdrawn"},
		"PIN withdrawn": {func(s *site, t *testing.T) {
			_, err := s.WithdrawPIN(s.ctx, root, "ana", why)
			require.NoError(t, err)
		}, "pin-none"},
		"account disabled and enabled": {func(s *site, t *testing.T) {
			_, err := s.Disable(s.ctx, root, "ana", why)
			require.NoError(t, err)
			_, _, err = s.Enable(s.ctx, root, "ana", why)
			require.NoError(t, err)
		}, "badge-withdrawn"},
		"account locked": {func(s *site, t *testing.T) { s.fail(t, "ana", 5) }, "badge-closed"},
		"password reset": {func(s *site, t *testing.T) {
			_, _, err := s.ResetPassword(s.ctx, root, "ana", why)
			require.NoError(t, err)
		}, "badge-closed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.hire(t, "ana", "Ana Ruiz", people.Operator)
			terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
			_, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
			require.NoError(t, err)
			c.take(s, t)
			_, err = s.Session(s.ctx, token)
			refused(t, err, "I3", "no-session")
			_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
			require.Error(t, err)
			require.Equal(t, c.code, ledger.RefusalsOf(err)[0].Code)
			s.rebuilt(t)
		})
	}
}

// Whoever uses a lost badge is noted for the administrator.
func TestLostBadgeIsNoticed_CS81(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	_, err := s.WithdrawBadge(s.ctx, root, "ana", why)
	require.NoError(t, err)
	before := len(s.entries(t, "ana"))
	for range 3 {
		_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
		refused(t, err, "CS-80", "badge-withdrawn")
	}
	require.Len(t, s.entries(t, "ana"), before)
	misuses, err := s.Misuses(s.ctx)
	require.NoError(t, err)
	require.Len(t, misuses, 1)
	require.Equal(t, "ana", misuses[0].Account)
	require.Equal(t, 3, misuses[0].Count)
	require.Equal(t, "SVQ-07", misuses[0].Terminal)
}

func TestPasswordChangedElsewhereEndsTheBadgesSession_CS35(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	_, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	_, own := s.enter(t, "ana")
	require.NoError(t, s.ChangePassword(s.ctx, own, password, "otra frase bien larga"))
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
}

func TestWhoIssuesBadges_CS40(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "root-admin", "Radia Admin", people.Admin)
	by := s.author(t, "root-admin", people.Admin)
	_, _, err := s.IssueBadge(s.ctx, s.author(t, "ana", people.Operator), "root-admin", why)
	refused(t, err, "CS-40", "not-administrator")
	_, _, err = s.IssueBadge(s.ctx, by, "root-admin", why)
	refused(t, err, "CS-40", "own-account")
	_, _, err = s.IssueBadge(s.ctx, by, "ana", people.Why{})
	refused(t, err, "CS-16", "reason-missing")
	_, err = s.WithdrawBadge(s.ctx, by, "ana", why)
	refused(t, err, "CS-80", "badge-none")
	_, err = s.WithdrawPIN(s.ctx, by, "ana", why)
	refused(t, err, "CS-80", "pin-not-chosen")
	p, badge, err := s.IssueBadge(s.ctx, by, "ana", why)
	require.NoError(t, err)
	require.Equal(t, badge.Serial, p.Badge)
	terminal := s.terminal(t, "SVQ-07")
	_, err = s.Identify(s.ctx, terminal, badge.Code)
	refused(t, err, "CS-34", "pin-none")
	_, err = s.Disable(s.ctx, by, "ana", why)
	require.NoError(t, err)
	_, _, err = s.IssueBadge(s.ctx, by, "ana", why)
	refused(t, err, "CS-16", "account-unchanged")
}

func TestPINIsChosenByItsPerson_CS35(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, _ := s.enter(t, "ana")
	for _, weak := range []string{"", "48291", "48291530264", "48291a", "111111", "123123", "121212", "123456", "654321", "987654", "４８２９１５"} {
		refused(t, s.SetPIN(s.ctx, session, password, weak), "CS-35", "pin-weak")
	}
	require.NotContains(t, s.types(t, "ana"), people.TypePINSet)
	require.NoError(t, s.SetPIN(s.ctx, session, password, "4829153026"))
	_, issued, err := s.Create(s.ctx, root, people.NewAccount{Username: "eva", Name: "Eva Sanz", Lang: "es", Roles: []people.Role{people.QP}})
	require.NoError(t, err)
	first, _, err := s.SignIn(s.ctx, "eva", issued, "T1")
	require.NoError(t, err)
	refused(t, s.SetPIN(s.ctx, first, issued, pin), "CS-35", "password-must-change")
}

func TestNewPINEndsTheOtherSessions_CS80(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	_, other, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	session, own, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	require.NoError(t, s.SetPIN(s.ctx, session, password, "739105"))
	_, err = s.Session(s.ctx, own)
	require.NoError(t, err)
	_, err = s.Session(s.ctx, other)
	refused(t, err, "I3", "no-session")
	_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
	refused(t, err, "CS-34", "pin-wrong")
}

func TestBadgesSessionIsShorter_CS38(t *testing.T) {
	s := newSite(t, func(o *people.Options) { o.Idle, o.BadgeAbsolute = 24*time.Hour, 2*time.Hour })
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	_, long := s.enter(t, "ana")
	session, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	require.Equal(t, s.now().Add(2*time.Hour), session.Ends)
	s.pass(2 * time.Hour)
	_, err = s.Session(s.ctx, token)
	require.NoError(t, err)
	s.pass(time.Second)
	_, err = s.Session(s.ctx, token)
	refused(t, err, "CS-38", "session-expired")
	_, err = s.Session(s.ctx, long)
	require.NoError(t, err)
}

func TestBadgeSurvivesARestart(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	terminal, badge := s.terminal(t, "SVQ-07"), s.equip(t, "ana")
	_, token, err := s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
	s.reopen()
	_, err = s.Session(s.ctx, token)
	require.NoError(t, err)
	_, _, err = s.SignInByBadge(s.ctx, terminal, badge, pin)
	require.NoError(t, err)
}
