package people_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

func phoneKey(t failer) []byte {
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&pair.PublicKey)
	require.NoError(t, err)
	return der
}

// carried makes a courier and a pass for them.
func (s *site) carried(t failer) (people.Pass, people.PassSecrets) {
	s.hire(t, "luis", "Luis Vega", people.Courier)
	s.hire(t, "marta", "Marta Gil", people.Logistics)
	p, secrets, err := s.IssuePass(s.ctx, s.author(t, "marta", people.Logistics), people.NewPass{
		Account: "Luis", Role: people.Courier, Scope: "shipment/A", Until: s.now().Add(48 * time.Hour),
	})
	require.NoError(t, err)
	return p, secrets
}

func TestLinkAndPINEnrolAPhone_CS34(t *testing.T) {
	s := newSite(t)
	p, secrets := s.carried(t)
	require.Regexp(t, `^\d{6}$`, secrets.PIN)
	key := phoneKey(t)
	p, phone, err := s.EnrolPhone(s.ctx, secrets.Token, secrets.PIN, key)
	require.NoError(t, err)
	require.Equal(t, key, phone.Key)
	require.Equal(t, "phone/"+p.ID+"-1", phone.Terminal())
	again, same, err := s.EnrolPhone(s.ctx, secrets.Token, secrets.PIN, key)
	require.NoError(t, err, "the answer was lost and the phone asks again")
	require.Equal(t, phone, same)
	require.Equal(t, p.Version, again.Version)

	found, of, err := s.PassOfPhone(s.ctx, phone.ID)
	require.NoError(t, err)
	require.Equal(t, phone, of)
	require.Equal(t, "luis", found.Account)
	all, err := s.Passes(s.ctx, "shipment/A")
	require.NoError(t, err)
	require.Equal(t, []people.Pass{found}, all)
	s.reopen()
	found, _, err = s.PassOfPhone(s.ctx, phone.ID)
	require.NoError(t, err)
	require.Equal(t, all[0], found)
}

func TestWrongPINsLockAPass_CS37(t *testing.T) {
	s := newSite(t)
	_, secrets := s.carried(t)
	for range 4 {
		_, _, err := s.EnrolPhone(s.ctx, secrets.Token, "000000", phoneKey(t))
		refused(t, err, "CS-34", "pass-pin-wrong")
	}
	for range 2 {
		_, _, err := s.EnrolPhone(s.ctx, secrets.Token, "000000", phoneKey(t))
		refused(t, err, "CS-37", "pass-locked")
	}
	_, _, err := s.EnrolPhone(s.ctx, secrets.Token, secrets.PIN, phoneKey(t))
	refused(t, err, "CS-37", "pass-locked")
}

func TestAPassOpensNothing(t *testing.T) {
	for name, c := range map[string]struct {
		do         func(*testing.T, *site, people.Pass, *people.PassSecrets)
		rule, code string
	}{
		"another link": {func(_ *testing.T, _ *site, _ people.Pass, secrets *people.PassSecrets) {
			secrets.Token = "x" + secrets.Token[1:]
		}, "CS-34", "link-unknown"},
		"over": {func(_ *testing.T, s *site, _ people.Pass, _ *people.PassSecrets) { s.pass(49 * time.Hour) }, "CS-38", "pass-over"},
		"withdrawn": {func(t *testing.T, s *site, p people.Pass, _ *people.PassSecrets) {
			_, err := s.RevokePass(s.ctx, s.author(t, "marta", people.Logistics), p.ID, why)
			require.NoError(t, err)
			_, err = s.RevokePass(s.ctx, s.author(t, "marta", people.Logistics), p.ID, why)
			refused(t, err, "CS-80", "pass-ended")
		}, "CS-80", "pass-revoked"},
		"three phones": {func(t *testing.T, s *site, _ people.Pass, secrets *people.PassSecrets) {
			for range 3 {
				_, _, err := s.EnrolPhone(s.ctx, secrets.Token, secrets.PIN, phoneKey(t))
				require.NoError(t, err)
			}
		}, "CS-67", "phones-enough"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			p, secrets := s.carried(t)
			c.do(t, s, p, &secrets)
			_, _, err := s.EnrolPhone(s.ctx, secrets.Token, secrets.PIN, phoneKey(t))
			refused(t, err, c.rule, c.code)
		})
	}
}

func TestOnlyWhoHoldsCustodyGetsAPass_CS66(t *testing.T) {
	s := newSite(t)
	s.carried(t)
	s.hire(t, "vera", "Vera Sanz", people.QP)
	n := people.NewPass{Account: "luis", Role: people.Courier, Scope: "shipment/A", Until: s.now().Add(time.Hour)}
	_, _, err := s.IssuePass(s.ctx, s.author(t, "vera", people.QP), n)
	refused(t, err, "CS-66", "may-not-issue-pass")
	n.Account, n.Role = "vera", people.QP
	_, _, err = s.IssuePass(s.ctx, s.author(t, "marta", people.Logistics), n)
	refused(t, err, "CS-66", "pass-person")
	n.Account, n.Role, n.Until = "luis", people.Courier, s.now().Add(8*24*time.Hour)
	_, _, err = s.IssuePass(s.ctx, s.author(t, "marta", people.Logistics), n)
	refused(t, err, "CS-38", "pass-time")
	_, _, err = s.EnrolPhone(s.ctx, "token", "482915", []byte("no key"))
	refused(t, err, "TR-10", "phone-key")
	_, err = s.Pass(s.ctx, "../../etc")
	refused(t, err, "CS-67", "pass-missing")
}

func TestPassesAreRebuiltFromTheirEntries(t *testing.T) {
	s := newSite(t)
	p, secrets := s.carried(t)
	_, _, err := s.EnrolPhone(s.ctx, secrets.Token, secrets.PIN, phoneKey(t))
	require.NoError(t, err)
	stored, err := s.log.View(s.ctx, "pass/"+p.ID)
	require.NoError(t, err)
	rebuilt, err := people.PassProjection().Views(nil, s.log.Stream(s.ctx, "pass/"+p.ID, 0))
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"pass/" + p.ID: stored}, rebuilt)
}
