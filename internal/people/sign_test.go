package people_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

func TestSignatureShowsWhoWhatWhen_CS48_CS72(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.QP)
	session, _ := s.enter(t, "ana")
	s.pass(time.Minute + 1234*time.Nanosecond)
	signed, err := s.Sign(s.ctx, session, password, people.QP, people.Certified, shown)
	require.NoError(t, err)
	require.Equal(t, people.Signature{
		Account: "ana", Name: "Ana Ruiz", Role: "qp", Meaning: "certified", Digest: shown,
		At: time.Date(2026, 10, 8, 6, 1, 0, 1000, time.UTC), Offset: "+02:00", Zone: "Europe/Madrid",
	}, signed.Signature())
	require.Equal(t, ledger.Author{Account: "ana", Role: "qp", Terminal: "T1"}, signed.Author())
	require.Equal(t, "2026-10-08 08:01 +0200", signed.Signature().Local().Format("2006-01-02 15:04 -0700"))
	require.NoError(t, signed.For(people.Certified, shown))

	s.pass(60 * 24 * time.Hour) // winter
	session, _ = s.enter(t, "ana")
	signed, err = s.Sign(s.ctx, session, password, people.QP, people.Certified, shown)
	require.NoError(t, err)
	require.Equal(t, "+01:00", signed.Signature().Offset)
}

func TestSigningIsReAuthentication_CS47(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, _ := s.enter(t, "ana")
	for _, wrong := range []string{"", "wrong", password + " ", "Cuatro sillas de rafia"} {
		signed, err := s.Sign(s.ctx, session, wrong, people.Operator, people.Performed, shown)
		refused(t, err, "CS-47", "password-wrong")
		require.False(t, signed.Valid())
	}
	all := s.entries(t, "ana")
	last := all[len(all)-1]
	require.Equal(t, people.TypeSignInFailed, last.Type)
	require.JSONEq(t, `{"at":"signature","session":"`+session.ID+`"}`, string(last.Data))

	// A right one forgets the failures, which is a fact of its own.
	signed, err := s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
	require.True(t, signed.Valid())
	types := s.types(t, "ana")
	require.Equal(t, people.TypeReauthenticated, types[len(types)-1])
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
	require.Len(t, s.types(t, "ana"), len(types), "the signature itself is an entry of its own room")
}

func TestWrongSignaturesLock_CS37(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, _ := s.enter(t, "ana")
	s.fail(t, "ana", 2)
	for range 2 {
		_, err := s.Sign(s.ctx, session, "wrong", people.Operator, people.Performed, shown)
		refused(t, err, "CS-47", "password-wrong")
	}
	_, err := s.Sign(s.ctx, session, "wrong", people.Operator, people.Performed, shown)
	refused(t, err, "CS-37", "account-locked")
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "I3", "no-session")
}

func TestSecondPersonSignsAtTheSameTerminal_I7(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	_, token := s.enter(t, "ana")
	signed, person, err := s.SignAs(s.ctx, "T1", "Eva", password, people.Operator, people.Verified, shown)
	require.NoError(t, err)
	require.Equal(t, "eva", person.Account)
	require.Equal(t, "Eva Sanz", signed.Signature().Name)
	require.Equal(t, ledger.Author{Account: "eva", Role: "operator", Terminal: "T1"}, signed.Author())
	first, err := s.Session(s.ctx, token)
	require.NoError(t, err)
	require.Equal(t, "ana", first.Account, "the first person stays signed in")

	_, _, err = s.SignAs(s.ctx, "T1", "eva", "wrong", people.Operator, people.Verified, shown)
	refused(t, err, "CS-75", "credentials-wrong")
	_, _, err = s.SignAs(s.ctx, "T1", "nobody", password, people.Operator, people.Verified, shown)
	refused(t, err, "CS-75", "credentials-wrong")
	_, _, err = s.SignAs(s.ctx, "T1", "nobody", password, people.QP, people.Certified, shown)
	refused(t, err, "CS-75", "credentials-wrong") // the role is looked at after the password
	_, _, err = s.SignAs(s.ctx, "T1", "eva", password, people.QP, people.Certified, shown)
	refused(t, err, "CS-66", "role-not-held")
	_, _, err = s.SignAs(s.ctx, "", "eva", password, people.Operator, people.Verified, shown)
	refused(t, err, "I3", "terminal-unknown")
}

func TestSignatureIsRefused(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, _ := s.enter(t, "ana")
	for _, c := range []struct {
		rule, code string
		role       people.Role
		meaning    people.Meaning
		digest     ledger.Digest
	}{
		{"CS-66", "role-not-held", people.QP, people.Certified, shown},
		{"CS-66", "meaning-not-allowed", people.Operator, people.Certified, shown},
		{"CS-48", "meaning-unknown", people.Operator, "glanced at", shown},
		{"I8", "nothing-shown", people.Operator, people.Performed, ledger.Digest{}},
	} {
		signed, err := s.Sign(s.ctx, session, password, c.role, c.meaning, c.digest)
		refused(t, err, c.rule, c.code)
		require.False(t, signed.Valid())
	}
	_, err := s.Sign(s.ctx, people.Session{Person: session.Person}, password, people.Operator, people.Performed, shown)
	refused(t, err, "I3", "no-session")
	s.pass(16 * time.Minute)
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "CS-38", "session-expired")
}

func TestSignatureCannotBeForged_CS73(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, _ := s.enter(t, "ana")
	signed, err := s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
	doc, err := json.Marshal(signed)
	require.NoError(t, err)

	var display people.Signature // what an entry is read into
	require.NoError(t, json.Unmarshal(doc, &display))
	require.Equal(t, signed.Signature(), display)
	require.True(t, display.Over(shown))
	require.False(t, display.Over(ledger.DigestOf([]byte("changed since"))), "then it is unsigned (CS-49)")

	var forged people.Signed // what a command takes
	require.Error(t, json.Unmarshal(doc, &forged))
	require.False(t, forged.Valid())
	_, err = json.Marshal(people.Signed{})
	require.Error(t, err)
	refused(t, people.Signed{}.For(people.Performed, shown), "I8", "signature-missing")
	refused(t, signed.For(people.Verified, shown), "I8", "signature-elsewhere")
	refused(t, signed.For(people.Performed, ledger.DigestOf([]byte("other"))), "I8", "signature-elsewhere")
}

func TestStatementBeforeTheFirstSignature_CS69(t *testing.T) {
	s := newSite(t, func(o *people.Options) { o.Statement = "I answer for what I sign." })
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, _ := s.enter(t, "ana")
	_, err := s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "CS-69", "statement-not-accepted")
	_, _, err = s.SignAs(s.ctx, "T1", "ana", password, people.Operator, people.Performed, shown)
	refused(t, err, "CS-69", "statement-not-accepted")
	err = s.AcceptStatement(s.ctx, session, "wrong")
	refused(t, err, "CS-47", "password-wrong")
	require.NoError(t, s.AcceptStatement(s.ctx, session, password))
	all := s.entries(t, "ana")
	require.Contains(t, string(all[len(all)-1].Data), s.Statement())
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
	err = s.AcceptStatement(s.ctx, session, password)
	refused(t, err, "CS-69", "statement-not-asked")

	s.opt.Statement = "I answer for what I sign, and for my password."
	s.reopen()
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "CS-69", "statement-not-accepted") // a new text is accepted anew
}

func TestLanguage(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	require.NoError(t, s.SetLang(s.ctx, session, "de"))
	session, err := s.Session(s.ctx, token)
	require.NoError(t, err)
	require.Equal(t, "de", session.Lang)
	refused(t, s.SetLang(s.ctx, session, "deutsch"), "CS-66", "language-invalid")
	refused(t, s.SetLang(s.ctx, people.Session{Person: session.Person}, "de"), "I3", "no-session")
}
