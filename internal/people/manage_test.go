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

func TestBootstrapMakesTheFirstAdministratorOnce(t *testing.T) {
	s := newSite(t)
	username, issued, created, err := s.Bootstrap(s.ctx)
	require.NoError(t, err)
	require.True(t, created)
	require.Equal(t, "admin", username)
	require.Regexp(t, `^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$`, issued)

	_, again, created, err := s.Bootstrap(s.ctx)
	require.NoError(t, err)
	require.False(t, created)
	require.Empty(t, again)

	s.pass(10000 * time.Hour) // the first password does not expire: nobody could issue another
	session, token, err := s.SignIn(s.ctx, username, issued, "console")
	require.NoError(t, err)
	require.True(t, session.MustChange)
	require.NoError(t, s.ChangePassword(s.ctx, token, issued, password))
	session, err = s.Session(s.ctx, token)
	require.NoError(t, err)
	author, err := session.Author(people.Admin)
	require.NoError(t, err)
	_, _, err = s.Create(s.ctx, author, people.NewAccount{Username: "ana", Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QP}})
	require.NoError(t, err)
}

func TestIssuedPasswordMustBeChangedFirst_CS35(t *testing.T) {
	s := newSite(t)
	_, issued, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QP}})
	require.NoError(t, err)
	session, token, err := s.SignIn(s.ctx, "ana", issued, "T1")
	require.NoError(t, err)
	require.True(t, session.MustChange)
	require.False(t, session.May(people.Certify))

	_, err = session.Author(people.QP)
	refused(t, err, "CS-35", "password-must-change")
	_, err = s.Sign(s.ctx, session, issued, people.QP, people.Certified, shown)
	refused(t, err, "CS-35", "password-must-change")
	_, _, err = s.SignAs(s.ctx, "T1", "ana", issued, people.QP, people.Certified, shown)
	refused(t, err, "CS-35", "password-must-change")

	require.NoError(t, s.ChangePassword(s.ctx, token, issued, password))
	session, err = s.Session(s.ctx, token)
	require.NoError(t, err)
	_, err = s.Sign(s.ctx, session, password, people.QP, people.Certified, shown)
	require.NoError(t, err)
	_, _, err = s.SignIn(s.ctx, "ana", issued, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
}

func TestIssuedPasswordExpires_CS35(t *testing.T) {
	s := newSite(t)
	_, issued, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QP}})
	require.NoError(t, err)
	s.pass(72*time.Hour + time.Second)
	_, _, err = s.SignIn(s.ctx, "ana", issued, "T1")
	refused(t, err, "CS-35", "one-time-expired")

	_, issued, err = s.ResetPassword(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, _, err = s.SignIn(s.ctx, "ana", issued, "T1")
	require.NoError(t, err)
}

func TestUsernamesAreRetiredForEver_CS74(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, err := s.Disable(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, _, err = s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Ana Otra", Lang: "es", Roles: []people.Role{people.Operator}})
	refused(t, err, "CS-74", "username-taken")
	holder, err := s.log.Claim(s.ctx, "account/ana")
	require.NoError(t, err)
	entry, err := s.log.Entry(s.ctx, holder)
	require.NoError(t, err)
	require.Equal(t, people.TypeCreated, entry.Type)
}

func TestUsernames_CS74(t *testing.T) {
	s := newSite(t)
	for _, wrong := range []string{
		"", "an", "Ana", "1ana", "ana ruiz", "ana/ruiz", "añá", "system", "ana\n", "../ana", strings.Repeat("a", 33), "-an", "\xffana",
	} {
		_, _, err := s.Create(s.ctx, root, people.NewAccount{Username: wrong, Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QA}})
		refused(t, err, "CS-74", "username-invalid")
	}
	for _, right := range []string{"ana", "ana.ruiz", "a-2", "ana_r", strings.Repeat("a", 32)} {
		_, _, err := s.Create(s.ctx, root, people.NewAccount{Username: right, Name: "Ana Ruiz", Lang: "es", Roles: []people.Role{people.QA}})
		require.NoError(t, err, right)
	}
}

func TestNameMustBePrintable_CS72(t *testing.T) {
	s := newSite(t, func(o *people.Options) {
		o.Printable = func(name string) error {
			if strings.ContainsRune(name, '李') {
				return errors.New("the font has no such letter")
			}
			return nil
		}
	})
	for _, wrong := range []string{"", " ", "Ana ", "Ana\tRuiz", "Ana \xff", "12", "Ana\u202eziuR", "Ana\u200bRuiz", "李", "🧬", strings.Repeat("a", 81)} {
		_, _, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: wrong, Lang: "es", Roles: []people.Role{people.QA}})
		refused(t, err, "CS-72", "name-unprintable")
	}
	p, _, err := s.Create(s.ctx, root, people.NewAccount{Username: "ana", Name: "Begoña Müller-Ortíz", Lang: "es", Roles: []people.Role{people.QA}})
	require.NoError(t, err)
	require.Equal(t, "Begoña Müller-Ortíz", p.Name)
}

func TestEveryFaultOfANewAccountIsToldAtOnce(t *testing.T) {
	s := newSite(t)
	_, _, err := s.Create(s.ctx, root, people.NewAccount{Username: "A", Lang: "español"})
	require.Len(t, ledger.RefusalsOf(err), 4)
}

func TestOnlyAnAdministratorManages_CS40(t *testing.T) {
	s := newSite(t)
	s.hire(t, "boss", "Berta Boss", people.Admin)
	s.hire(t, "ana", "Ana Ruiz", people.QA)
	ana := s.author(t, "ana", people.QA)
	for _, by := range []ledger.Author{
		ana,
		{Account: "ana", Role: "admin", Terminal: "T1"}, // says so, is not
		{Account: "boss", Role: "qa", Terminal: "T1"},
		{Account: "nobody", Role: "admin", Terminal: "T1"},
		{Account: "system", Role: "admin", Terminal: "T1"},
		{},
	} {
		_, _, err := s.Create(s.ctx, by, people.NewAccount{Username: "eva", Name: "Eva", Lang: "es", Roles: []people.Role{people.QA}})
		refused(t, err, "CS-40", "not-administrator")
		_, err = s.SetRoles(s.ctx, by, "ana", []people.Role{people.QP}, why)
		refused(t, err, "CS-40", "not-administrator")
		_, err = s.Disable(s.ctx, by, "ana", why)
		refused(t, err, "CS-40", "not-administrator")
		_, _, err = s.ResetPassword(s.ctx, by, "ana", why)
		refused(t, err, "CS-40", "not-administrator")
	}
	boss := s.author(t, "boss", people.Admin)
	_, err := s.SetRoles(s.ctx, boss, "boss", []people.Role{people.QP}, why)
	refused(t, err, "CS-40", "own-account")
	_, err = s.Disable(s.ctx, root, "boss", why)
	require.NoError(t, err)
	_, err = s.Disable(s.ctx, boss, "ana", why) // decided on what the record says now
	refused(t, err, "CS-40", "not-administrator")
}

func TestAccessChangesSayWhoWhomWhenWhy_CS16(t *testing.T) {
	s := newSite(t)
	s.hire(t, "boss", "Berta Boss", people.Admin)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	boss := s.author(t, "boss", people.Admin)
	for _, empty := range []people.Why{{}, {Reason: "  "}, {Reason: "x"}, {Reason: "a\nb c"}, {Reason: "fine", Approver: "\x00"}} {
		_, err := s.SetRoles(s.ctx, boss, "ana", []people.Role{people.QA}, empty)
		refused(t, err, "CS-16", "reason-missing")
	}
	s.pass(time.Hour)
	p, err := s.SetRoles(s.ctx, boss, "ana", []people.Role{people.QA}, people.Why{Reason: "moved to quality", Approver: "Dr. Sol"})
	require.NoError(t, err)
	require.Equal(t, []people.Role{people.QA}, p.Roles)
	all := s.entries(t, "ana")
	last := all[len(all)-1]
	require.Equal(t, people.TypeRolesSet, last.Type)
	require.Equal(t, boss, last.Author)
	require.Equal(t, s.now(), last.Time)
	require.JSONEq(t, `{"before":["operator"],"roles":["qa"],"reason":"moved to quality","approver":"Dr. Sol"}`, string(last.Data))

	_, err = s.SetRoles(s.ctx, boss, "ana", []people.Role{people.QA}, why)
	refused(t, err, "CS-16", "account-unchanged")
	_, err = s.Unlock(s.ctx, boss, "ana", why)
	refused(t, err, "CS-16", "account-unchanged")
	_, _, err = s.Enable(s.ctx, boss, "ana", why)
	refused(t, err, "CS-16", "account-unchanged")
	_, err = s.Disable(s.ctx, boss, "nobody", why)
	refused(t, err, "CS-74", "account-unknown")
}

func TestDisabledPersonIsOutAtOnce_CS80(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	_, err := s.Disable(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "I3", "no-session")
	_, _, err = s.SignIn(s.ctx, "ana", password, "T1")
	refused(t, err, "CS-75", "credentials-wrong")

	_, issued, err := s.Enable(s.ctx, root, "ana", why)
	require.NoError(t, err)
	_, err = s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
	_, _, err = s.SignIn(s.ctx, "ana", password, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
	again, _, err := s.SignIn(s.ctx, "ana", issued, "T1")
	require.NoError(t, err)
	require.True(t, again.MustChange)
}

func TestPeopleListsEverybody_CS41(t *testing.T) {
	s := newSite(t)
	none, err := s.People(s.ctx)
	require.NoError(t, err)
	require.Empty(t, none)
	for i, role := range []people.Role{people.QP, people.Admin, people.Courier} {
		s.hire(t, fmt.Sprintf("p%d.x", 9-i), "Pia", role)
	}
	_, err = s.Disable(s.ctx, root, "p9.x", why)
	require.NoError(t, err)
	all, err := s.People(s.ctx)
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, "p7.x", all[0].Account)
	require.True(t, all[2].Disabled)
	for _, listed := range all {
		alone, err := s.Person(s.ctx, listed.Account)
		require.NoError(t, err)
		require.Equal(t, alone, listed)
	}
	_, err = s.Person(s.ctx, "nobody")
	refused(t, err, "CS-74", "account-unknown")
}
