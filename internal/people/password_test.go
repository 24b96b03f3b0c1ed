package people_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/people"
)

func TestWeakPasswordsAreRefused_CS35(t *testing.T) {
	for _, c := range []struct{ password, why string }{
		{"", "fewer than twelve"},
		{"elevenchars", "fewer than twelve"},
		{"ñññññññññññ", "fewer than twelve"}, // characters, not bytes
		{"aaaaaaaaaaaaaaaa", "repeats"},
		{"abababababababab", "repeats"},
		{"121212121212 !!", "repeats"},
		{"123456789012", "row"},
		{"098765432109", "row"},
		{"abcdefghijklm", "row"},
		{"qwertyuiopasdf", "row"},
		{"Qwertzuiopasdf", "row"},
		{"begona mueller 77", "username or the name"},
		{"xx-Müller-xx-77", "username or the name"},
		{"B.Mueller_tango", "username or the name"},
		{"passwordpassword", "tried first"},
		{"Passwort2026!!!!", "tried first"},
		{"P4ssw0rdP4ssw0rd", "tried first"},
		{"Welcome-Sevilla-1", "tried first"},
		{"BetisSevilla2026", "tried first"},
		{"1qaz2wsx3edc", "tried first"},
		{"correct horse battery staple", "tried first"},
		{"contraseña1234", "tried first"},
		{"rexbatch-admin-1", "tried first"},
		{"twelve\x00chars!", "typed again"},
		{"twelve chars \xff", "typed again"},
		{strings.Repeat("wichtige Zeichen ", 40), "too long"},
	} {
		require.Contains(t, people.PasswordFault(c.password, "b.mueller", "Begoña Müller"), c.why, "%q", c.password)
	}
	for _, good := range []string{
		password, "otra frase bien distinta", "tXq7-0vLm-92Ke", "vier Stühle aus Bast", "ñandú y ñu comen té",
	} {
		require.Empty(t, people.PasswordFault(good, "b.mueller", "Begoña Müller"), "%q", good)
	}
}

func TestPasswordFaultNeverRepeatsThePassword(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringMatching(`[a-z0-9]{8,20}`).Draw(t, "password")
		require.NotContains(t, people.PasswordFault(p, "ana", "Ana Ruiz"), p)
	})
}

func TestPasswordIsTheSameHoweverItIsComposed(t *testing.T) {
	s := newSite(t)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	_, token := s.enter(t, "ana")
	require.NoError(t, s.ChangePassword(s.ctx, token, password, "el a\u00f1o del \u00f1and\u00fa"))
	_, _, err := s.SignIn(s.ctx, "ana", "el an\u0303o del n\u0303andu\u0301", "T1") // as another system types it
	require.NoError(t, err)
}
