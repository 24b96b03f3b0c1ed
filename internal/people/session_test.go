package people_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

func secretKeys(t *testing.T, s *site, prefix string) []string {
	t.Helper()
	var keys []string
	for doc, err := range s.log.Secrets(s.ctx, prefix) {
		require.NoError(t, err)
		keys = append(keys, doc.Key)
	}
	return keys
}

func TestSessionEndsWhenIdle_CS38(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	for range 20 { // activity keeps it
		s.pass(14 * time.Minute)
		_, err := s.Session(s.ctx, token)
		require.NoError(t, err)
	}
	s.pass(15*time.Minute + time.Second)
	_, err := s.Session(s.ctx, token)
	refused(t, err, "CS-38", "session-expired")
}

func TestSessionEndsHoweverActive_CS38(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	require.Equal(t, s.now().Add(12*time.Hour), session.Ends)
	for range 12 * 6 {
		s.pass(10 * time.Minute)
		_, err := s.Session(s.ctx, token)
		require.NoError(t, err)
	}
	s.pass(time.Second)
	_, err := s.Session(s.ctx, token)
	refused(t, err, "CS-38", "session-expired")
}

func TestPeekIsNoActivity_CS38(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	for range 15 {
		s.pass(time.Minute)
		_, err := s.Peek(s.ctx, token)
		require.NoError(t, err)
	}
	s.pass(time.Second)
	_, err := s.Peek(s.ctx, token)
	refused(t, err, "CS-38", "session-expired")
}

func TestClockSetBackDoesNotLengthenASession_CS38(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	s.pass(-2 * time.Minute)
	_, err := s.Session(s.ctx, token)
	refused(t, err, "CS-38", "session-expired")
}

func TestLastSeenIsWrittenOnceAMinute(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	key := secretKeys(t, s, "session-seen/")[0]
	read := func() string {
		_, err := s.Session(s.ctx, token)
		require.NoError(t, err)
		doc, err := s.log.Secret(s.ctx, key)
		require.NoError(t, err)
		return string(doc)
	}
	first := read()
	s.pass(59 * time.Second)
	require.Equal(t, first, read())
	s.pass(time.Second)
	require.NotEqual(t, first, read())
}

func TestSessionSurvivesReopening(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	before, token := s.enter(t, "ana")
	s.pass(5 * time.Minute)
	s.reopen()
	after, err := s.Session(s.ctx, token)
	require.NoError(t, err)
	require.Equal(t, before, after)
	_, err = s.Sign(s.ctx, after, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
}

func TestSignOut_CS39(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	_, other := s.enter(t, "ana")
	require.NoError(t, s.SignOut(s.ctx, token))
	all := s.entries(t, "ana")
	last := all[len(all)-1]
	require.Equal(t, people.TypeSignedOut, last.Type)
	require.JSONEq(t, `{"session":"`+session.ID+`"}`, string(last.Data))
	_, err := s.Session(s.ctx, token)
	refused(t, err, "I3", "no-session")
	_, err = s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	refused(t, err, "I3", "no-session")
	_, err = s.Session(s.ctx, other)
	require.NoError(t, err)
	require.NoError(t, s.SignOut(s.ctx, token), "twice is no error")
	require.NoError(t, s.SignOut(s.ctx, "no token"))
	require.Len(t, s.entries(t, "ana"), len(all))
}

func TestTokenIsNotStored(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	for _, key := range secretKeys(t, s, "session/") {
		require.NotContains(t, key, token)
		_, err := s.Session(s.ctx, strings.TrimPrefix(key, "session/"))
		refused(t, err, "I3", "no-session") // who reads the store cannot use it
	}
	for _, wrong := range []string{"", token + "x", token[1:], strings.ToUpper(token)} {
		_, err := s.Session(s.ctx, wrong)
		refused(t, err, "I3", "no-session")
	}
}

func TestAuthorNeedsTheRole_I3_CS66(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	author, err := session.Author(people.Operator)
	require.NoError(t, err)
	require.Equal(t, "ana", author.Account)
	require.Equal(t, "operator", author.Role)
	require.Equal(t, "T1", author.Terminal)
	for _, role := range []people.Role{people.QP, people.Admin, "", people.SystemRole, people.HolderRole} {
		_, err = session.Author(role)
		refused(t, err, "CS-66", "role-not-held")
	}
	made := people.Session{Person: session.Person, Terminal: "T1"}
	_, err = made.Author(people.Operator)
	refused(t, err, "I3", "no-session") // not from a directory

	_, err = s.SetRoles(s.ctx, root, "ana", []people.Role{people.QA}, why)
	require.NoError(t, err)
	session, err = s.Session(s.ctx, token)
	require.NoError(t, err)
	_, err = session.Author(people.Operator)
	refused(t, err, "CS-66", "role-not-held") // at once, in the open session
	_, err = session.Author(people.QA)
	require.NoError(t, err)
}

func TestSessionIsNotSpelledOut(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	session, token := s.enter(t, "ana")
	doc, err := json.Marshal(session)
	require.NoError(t, err)
	require.NotContains(t, string(doc), token)
	require.NotContains(t, string(doc), strings.TrimPrefix(secretKeys(t, s, "session/")[0], "session/"))
}

func TestExpiredSessionsAreSwept(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	for range 100 {
		s.enter(t, "ana")
	}
	require.Len(t, secretKeys(t, s, "session/"), 100)
	s.pass(time.Hour)
	for range 150 { // each looks at a sixteenth
		_, token := s.enter(t, "ana")
		require.NoError(t, s.SignOut(s.ctx, token))
	}
	require.Empty(t, secretKeys(t, s, "session/"))
	require.Empty(t, secretKeys(t, s, "session-seen/"))
}

func TestChangePassword_CS35(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, mine := s.enter(t, "ana")
	_, other := s.enter(t, "ana")
	err := s.ChangePassword(s.ctx, mine, "wrong", "otra frase bien distinta")
	refused(t, err, "CS-47", "password-wrong")
	err = s.ChangePassword(s.ctx, mine, password, password)
	refused(t, err, "CS-35", "password-same")
	err = s.ChangePassword(s.ctx, mine, password, "demasiado")
	refused(t, err, "CS-35", "password-weak")
	err = s.ChangePassword(s.ctx, "no token", password, "otra frase bien distinta")
	refused(t, err, "I3", "no-session")

	require.NoError(t, s.ChangePassword(s.ctx, mine, password, "otra frase bien distinta"))
	_, err = s.Session(s.ctx, mine)
	require.NoError(t, err)
	_, err = s.Session(s.ctx, other)
	refused(t, err, "I3", "no-session")
	_, _, err = s.SignIn(s.ctx, "ana", password, "T1")
	refused(t, err, "CS-75", "credentials-wrong")
	_, _, err = s.SignIn(s.ctx, "ana", "otra frase bien distinta", "T1")
	require.NoError(t, err)

	for range 4 {
		err = s.ChangePassword(s.ctx, mine, "wrong", "otra frase mas distinta")
		refused(t, err, "CS-47", "password-wrong")
	}
	err = s.ChangePassword(s.ctx, mine, "wrong", "otra frase mas distinta")
	refused(t, err, "CS-37", "account-locked")
}
