package people_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

func (s *site) hash(t failer, username string) string {
	t.Helper()
	doc, err := s.log.Secret(s.ctx, "credential/"+username)
	require.NoError(t, err)
	var c struct{ Hash string }
	require.NoError(t, json.Unmarshal(doc, &c))
	return c.Hash
}

func (s *site) plant(t failer, username, hash string) {
	t.Helper()
	doc, err := json.Marshal(map[string]string{"hash": hash})
	require.NoError(t, err)
	_, err = s.log.Append(s.ctx, ledger.Append{Author: root, Secrets: map[string][]byte{"credential/" + username: doc}})
	require.NoError(t, err)
}

func TestRealCost(t *testing.T) {
	s := newSite(t, func(o *people.Options) { o.Cost = people.Cost{} })
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	require.True(t, strings.HasPrefix(s.hash(t, "ana"), "$argon2id$v=19$m=65536,t=2,p=2$"))
	session, _ := s.enter(t, "ana")
	_, err := s.Sign(s.ctx, session, password, people.Operator, people.Performed, shown)
	require.NoError(t, err)
	s.fail(t, "ana", 1)
}

func TestHashIsRenewedWhenTheCostHasChanged(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.enter(t, "ana")
	old := s.hash(t, "ana")
	s.enter(t, "ana")
	require.Equal(t, old, s.hash(t, "ana"), "the cost is the same")
	s.opt.Cost = people.Cost{Time: 2, Memory: 16, Threads: 1}
	s.reopen()
	s.fail(t, "ana", 1)
	require.Equal(t, old, s.hash(t, "ana"), "only with the right password")
	s.enter(t, "ana")
	require.True(t, strings.HasPrefix(s.hash(t, "ana"), "$argon2id$v=19$m=16,t=2,p=1$"))
	s.enter(t, "ana")
}

func TestSamePasswordHasAnotherHash(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	require.NotEqual(t, s.hash(t, "ana"), s.hash(t, "eva"))
}

func TestDamagedHashOpensNothing(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	good := s.hash(t, "ana")
	for _, bad := range []string{
		"", "$", good[1:], good + "x", good + "\n", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=8", "m=999999999", 1), // would exhaust the memory
		strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "m=8", "m=08", 1),
		good[:strings.LastIndex(good, "$")+1],
		good[:len(good)-2],
	} {
		s.plant(t, "ana", bad)
		_, _, err := s.SignIn(s.ctx, "ana", password, "T1")
		require.Error(t, err, bad)
		if bad != "" {
			require.NotContains(t, err.Error(), bad)
		}
	}
	s.plant(t, "ana", good)
	p, err := s.Person(s.ctx, "ana")
	require.NoError(t, err)
	require.LessOrEqual(t, p.Failures, 1)
}

func TestUnknownUserTakesTheSameWork_CS63(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	s.hire(t, "eva", "Eva Sanz", people.Operator)
	s.fail(t, "eva", 5)
	for _, username := range []string{"ana", "nobody", "eva", "not even a name"} {
		before := s.Hashes()
		_, _, err := s.SignIn(s.ctx, username, "wrong", "T1")
		refused(t, err, "CS-75", "credentials-wrong")
		require.Equal(t, before+1, s.Hashes(), username)
		before = s.Hashes()
		_, _, err = s.SignAs(s.ctx, "T1", username, "wrong", people.Operator, people.Verified, shown)
		refused(t, err, "CS-75", "credentials-wrong")
		require.Equal(t, before+1, s.Hashes(), username)
	}
}
