package pades

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDemoCertificates(t *testing.T) {
	p := people(t)
	root, qa := p.ca.Certificate, p.qa.Certificate
	require.Equal(t, "REXBATCH DEMO CA – NOT FOR CLINICAL USE", root.Subject.CommonName)
	require.True(t, root.IsCA)
	require.NoError(t, root.CheckSignatureFrom(root))
	require.Equal(t, x509.KeyUsageCertSign|x509.KeyUsageCRLSign, root.KeyUsage)

	require.Equal(t, "María Ñúñez", qa.Subject.CommonName)
	require.Equal(t, []string{"ES"}, qa.Subject.Country)
	require.False(t, qa.IsCA)
	require.Equal(t, x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment, qa.KeyUsage)
	require.Equal(t, []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, qa.ExtKeyUsage)
	require.Equal(t, []asn1.ObjectIdentifier{oidDocumentSigning}, qa.UnknownExtKeyUsage)
	require.Equal(t, root.SubjectKeyId, qa.AuthorityKeyId)
	require.NotEqual(t, root.SubjectKeyId, qa.SubjectKeyId)
	require.NotEqual(t, qa.SerialNumber, p.qp.Certificate.SerialNumber)
	require.Contains(t, string(qa.RawSubject), "\x0c\x0fMaría Ñúñez", "a UTF8String of 15 bytes")
	require.Contains(t, string(p.qp.Certificate.RawSubject), "\x0c\x0dJürgen Weiß")
}

func TestIssueRefuses(t *testing.T) {
	ca := people(t).ca
	from, to := signAt, signAt.AddDate(1, 0, 0)
	for name, c := range map[string]struct {
		cn, o, country string
		from, to       time.Time
	}{
		"no name":         {"", "O", "ES", from, to},
		"long name":       {strings.Repeat("x", 65), "O", "ES", from, to},
		"name not UTF-8":  {"\xff", "O", "ES", from, to},
		"control":         {"A\nB", "O", "ES", from, to},
		"long country":    {"A", "O", "ESP", from, to},
		"ends before":     {"A", "O", "ES", to, from},
		"before the root": {"A", "O", "ES", from.AddDate(-1, 0, 0), to},
		"after the root":  {"A", "O", "ES", from, to.AddDate(10, 0, 0)},
	} {
		_, err := ca.Issue(c.cn, c.o, c.country, c.from, c.to)
		require.ErrorIs(t, err, ErrDemoCA, name)
	}
	_, err := ca.Issue("Only A Name", "", "", from, to)
	require.NoError(t, err)
}

func TestTheStoreKeepsWhatItMade(t *testing.T) {
	dir := t.TempDir()
	ca, err := LoadOrCreateDemoCA(dir, signAt)
	require.NoError(t, err)
	qa, err := ca.LoadOrIssue(dir, "maria", "María Ñúñez", "Planta Sevilla", "ES", signAt)
	require.NoError(t, err)

	again, err := LoadOrCreateDemoCA(dir, signAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, ca.Certificate.Raw, again.Certificate.Raw)
	same, err := again.LoadOrIssue(dir, "maria", "María Ñúñez", "Planta Sevilla", "ES", signAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	require.Equal(t, qa.Certificate.Raw, same.Certificate.Raw)

	pdf, err := Sign(certificate(), same, qaOptions())
	require.NoError(t, err)
	_, err = Verify(pdf, again.Pool(), checkAt)
	require.NoError(t, err)

	for file, mode := range map[string]os.FileMode{"ca.pem": 0o644, "ca.key": 0o600, "maria.pem": 0o644, "maria.key": 0o600} {
		info, err := os.Stat(filepath.Join(dir, file))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), file)
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 4, "no temporary file stays")
}

func TestPersonsAreCertifiedAgainForTheSameKey(t *testing.T) {
	dir := t.TempDir()
	ca, err := LoadOrCreateDemoCA(dir, signAt)
	require.NoError(t, err)
	old, err := ca.LoadOrIssue(dir, "maria", "María Ñúñez", "Planta", "ES", signAt)
	require.NoError(t, err)
	renamed, err := ca.LoadOrIssue(dir, "maria", "María Núñez Weiß", "Planta", "ES", signAt)
	require.NoError(t, err)
	late := signAt.AddDate(9, 6, 0)
	renewed, err := ca.LoadOrIssue(dir, "maria", "María Núñez Weiß", "Planta", "ES", late)
	require.NoError(t, err)
	require.Equal(t, ca.Certificate.NotAfter, renewed.Certificate.NotAfter, "not beyond the root")
	for _, s := range []Signer{renamed, renewed} {
		require.Equal(t, old.Certificate.PublicKey, s.Certificate.PublicKey)
		require.NotEqual(t, old.Certificate.Raw, s.Certificate.Raw)
	}
}

// A crash between key and certificate leaves the key alone.
func TestAHalfWrittenStoreIsCompleted(t *testing.T) {
	dir := t.TempDir()
	ca, err := LoadOrCreateDemoCA(dir, signAt)
	require.NoError(t, err)
	_, err = ca.LoadOrIssue(dir, "maria", "María", "", "", signAt)
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, "ca.pem")))
	require.NoError(t, os.Remove(filepath.Join(dir, "maria.pem")))
	again, err := LoadOrCreateDemoCA(dir, signAt)
	require.NoError(t, err)
	require.Equal(t, ca.Certificate.PublicKey, again.Certificate.PublicKey)
	_, err = again.LoadOrIssue(dir, "maria", "María", "", "", signAt)
	require.NoError(t, err)
}

func TestTheStoreRefuses(t *testing.T) {
	write := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	otherKey := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	for name, damage := range map[string]func(*testing.T, string){
		"key of another":        write("ca.key", otherKey),
		"key missing":           func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "ca.key"))) },
		"key garbage":           write("ca.key", "hello"),
		"key not PKCS 8":        write("ca.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
		"key of another kind":   write("ca.key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"),
		"two keys":              write("ca.key", otherKey+otherKey),
		"key readable by all":   func(t *testing.T, dir string) { require.NoError(t, os.Chmod(filepath.Join(dir, "ca.key"), 0o644)) },
		"certificate garbage":   write("ca.pem", "hello"),
		"certificate not X.509": write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := LoadOrCreateDemoCA(dir, signAt)
			require.NoError(t, err)
			damage(t, dir)
			_, err = LoadOrCreateDemoCA(dir, signAt)
			require.ErrorIs(t, err, ErrDemoCA)
		})
	}
	dir := t.TempDir()
	_, err = LoadOrCreateDemoCA(dir, signAt)
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, "ca.key")))
	_, err = LoadOrCreateDemoCA(dir, signAt)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoFileExists(t, filepath.Join(dir, "ca.key"), "a lost key is not replaced")

	dir = t.TempDir()
	ca, err := LoadOrCreateDemoCA(dir, signAt)
	require.NoError(t, err)
	_, err = LoadOrCreateDemoCA(dir, signAt.AddDate(11, 0, 0))
	require.ErrorIs(t, err, ErrDemoCA, "expired")
	_, err = LoadOrCreateDemoCA(filepath.Join(dir, "missing"), signAt)
	require.ErrorIs(t, err, ErrDemoCA)
	for _, user := range []string{"", "ca", "../x", ".hidden", "a/b", "ñ", strings.Repeat("x", 65)} {
		_, err = ca.LoadOrIssue(dir, user, "A", "", "", signAt)
		require.ErrorIs(t, err, ErrDemoCA, user)
	}
	write("maria.pem", "hello")(t, dir)
	_, err = ca.LoadOrIssue(dir, "maria", "María", "", "", signAt)
	require.ErrorIs(t, err, ErrDemoCA)
	_, err = ca.LoadOrIssue(dir, "hans", "", "", "", signAt)
	require.ErrorIs(t, err, ErrDemoCA)
}
