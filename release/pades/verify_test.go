package pades

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func codes(faults []*Fault) []Code {
	var out []Code
	for _, f := range faults {
		out = append(out, f.Code)
	}
	return out
}

func TestUnsignedIsNotValid(t *testing.T) {
	prepared, err := Prepare(certificate(), qaOptions().Field)
	require.NoError(t, err)
	for _, pdf := range [][]byte{certificate(), prepared} {
		require.Equal(t, []Code{FaultUnsigned}, codes(refused(t, pdf)))
	}
}

func TestTrust(t *testing.T) {
	p := people(t)
	pdf := signed2(t)
	other, err := NewDemoCA(signAt.AddDate(0, -1, 0))
	require.NoError(t, err)
	person := x509.NewCertPool()
	person.AddCert(p.qa.Certificate)
	for name, c := range map[string]struct {
		roots *x509.CertPool
		at    time.Time
		want  []Code
	}{
		"other root":           {other.Pool(), checkAt, []Code{FaultChain, FaultChain}},
		"no roots":             {nil, checkAt, []Code{FaultChain, FaultChain}},
		"only the person":      {person, checkAt, []Code{FaultChain, FaultChain}},
		"before the second":    {p.ca.Pool(), signAt, []Code{FaultTime}},
		"before both":          {p.ca.Pool(), signAt.Add(-time.Second), []Code{FaultTime, FaultTime}},
		"at the last second":   {p.ca.Pool(), signAt.Add(time.Hour), nil},
		"after the root's end": {p.ca.Pool(), signAt.AddDate(20, 0, 0), nil},
		"without a clock":      {p.ca.Pool(), time.Time{}, []Code{FaultTime, FaultTime}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Verify(pdf, c.roots, c.at)
			require.Equal(t, c.want, codes(r.Faults))
			require.Equal(t, c.want == nil, err == nil)
			require.Len(t, r.Signatures, 2)
			require.Equal(t, c.at.After(p.qa.Certificate.NotAfter), r.Signatures[0].Expired)
		})
	}
}

// The key is right and the certificate is not: Sign refuses to do this, so the
// test goes below it.
func TestCertificatesThatMayNotSign(t *testing.T) {
	p := people(t)
	pub := p.qa.Key.Public()
	for name, c := range map[string]struct {
		change func(*x509.Certificate)
		want   Code
	}{
		"expired":   {func(c *x509.Certificate) { c.NotAfter = signAt.Add(-time.Second) }, FaultChain},
		"too early": {func(c *x509.Certificate) { c.NotBefore = signAt.Add(time.Second) }, FaultChain},
		"key usage": {func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, FaultKeyUsage},
		"no usage":  {func(c *x509.Certificate) { c.KeyUsage = 0 }, FaultKeyUsage},
		"server":    {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, FaultKeyUsage},
		"authority": {func(c *x509.Certificate) {
			c.IsCA, c.KeyUsage = true, x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign
		}, FaultKeyUsage},
	} {
		t.Run(name, func(t *testing.T) {
			s := Signer{Key: p.qa.Key, Certificate: leaf(t, pub, c.change), Chain: p.qa.Chain}
			pdf := withCMS(t, signed1(t), func(d []byte) []byte {
				cms, err := signCMS(s, d)
				require.NoError(t, err)
				return cms
			})
			require.Equal(t, c.want, refused(t, pdf)[0].Code)
		})
	}
}

// The signature dictionary is signed by its owner, and yet only what a baseline
// signature holds is accepted.
func TestSignatureDictionariesOfOtherForms(t *testing.T) {
	for name, pair := range map[string][2]string{
		"filter":     {"/Adobe.PPKLite", "/Adobe.PPKMS  "},
		"sub filter": {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached"},
		"type":       {"/Type /Sig /F", "/Type /Doc /F"},
		"date":       {"(D:20261107100000+01'00')", "(D:20261307100000+01'00')"},
		"no date":    {"/M (D:", "/N (D:"},
		"entry":      {"/Location", "/Lokation"},
		"name":       {"(Sevilla)", "(Sev\\tll)"},
		"reference":  {"/P 2 /V /1.2", "/P 3 /V /1.2"},
		"method":     {"/TransformMethod /DocMDP", "/TransformMethod /FieldM"},
	} {
		t.Run(name, func(t *testing.T) {
			pdf := signed1(t)
			require.Equal(t, len(pair[0]), len(pair[1]))
			bad := bytes.Replace(pdf, []byte(pair[0]), []byte(pair[1]), 1)
			require.NotEqual(t, pdf, bad)
			bad = withCMS(t, bad, func(d []byte) []byte {
				cms, err := signCMS(people(t).qa, d)
				require.NoError(t, err)
				return cms
			})
			require.Equal(t, FaultDictionary, refused(t, bad)[0].Code)
		})
	}
}

func TestTimeRunningBackwardsIsAFault(t *testing.T) {
	in, err := inspect(signed1(t))
	require.NoError(t, err)
	o := qpOptions()
	o.Time = signAt.Add(-time.Minute)
	in.sigs[0].ClaimedTime = time.Time{}
	pdf, err := in.sign(people(t).qp, o)
	require.NoError(t, err)
	require.Equal(t, []Code{FaultTime}, codes(refused(t, pdf)))
}

// Every byte counts: a bit changed at any place is refused. Samples are taken all
// over the file, densest in the last CMS, which no signature covers.
func TestAByteFlippedAnywhereIsRefused(t *testing.T) {
	pdf := signed2(t)
	roots := people(t).ca.Pool()
	start, end := gapOf(t, pdf)
	step, inCMS := 11, 3
	if testing.Short() {
		step, inCMS = 97, 29
	}
	cmsEnd := start + len(bytes.TrimRight(pdf[start:end-1], "0")) + 16
	next := 0
	for i := range pdf {
		if i < next {
			continue
		}
		switch {
		case i > start-40 && i < cmsEnd || i > end-16 && i < end+40:
			next = i + inCMS
		case i > 16 && strings.Trim(string(pdf[i-16:i+1]), "0") == "":
			next = i + 97 // inside a padding
		default:
			next = i + step
		}
		bad := bytes.Clone(pdf)
		for _, bit := range []byte{1, 0x20} { // another digit; another case
			bad[i] = pdf[i] ^ bit
			_, err := Verify(bad, roots, checkAt)
			require.ErrorIs(t, err, ErrRefused, "byte %d of %d, %q", i, len(pdf), pdf[i])
		}
	}
}

func TestReportKeepsTheDigestOfTheFile(t *testing.T) {
	pdf := signed1(t)
	sum := sha256.Sum256(pdf)
	r, err := Verify(pdf, people(t).ca.Pool(), checkAt)
	require.NoError(t, err)
	require.Equal(t, hex.EncodeToString(sum[:]), r.SHA256)
}

// Rolling back is the one attack that a file cannot show; the digest on record
// does.
func TestAnEarlierRevisionIsValidByItself(t *testing.T) {
	one, two := signed1(t), []byte(nil)
	two, err := Sign(one, people(t).qp, qpOptions())
	require.NoError(t, err)
	r1, err := Verify(two[:len(one)], people(t).ca.Pool(), checkAt)
	require.NoError(t, err)
	r2, err := Verify(two, people(t).ca.Pool(), checkAt)
	require.NoError(t, err)
	require.NotEqual(t, r1.SHA256, r2.SHA256)
}

func releaseRoots(t testing.TB) *x509.CertPool {
	t.Helper()
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(testdata(t, "release-1.pem")))
	return roots
}

// Files signed by a past release must verify with every later one.
func TestFilesOfPastReleases(t *testing.T) {
	r, err := Verify(testdata(t, "release-1.pdf"), releaseRoots(t), checkAt)
	require.NoError(t, err)
	require.Equal(t, "María Ñúñez", r.Signatures[0].Signer)
	require.Equal(t, "Jürgen Weiß", r.Signatures[1].Signer)
}

func TestFaultsNameTheirPlace(t *testing.T) {
	for want, f := range map[string]Fault{
		"digest: x":                         {Code: FaultDigest, Detail: "x"},
		"revision 2, object 7: revision: x": {Code: FaultRevision, Revision: 2, Object: 7, Detail: "x"},
		"field QA: time: x":                 {Code: FaultTime, Field: "QA", Detail: "x"},
	} {
		require.Equal(t, want, f.Error())
	}
}

// Verify and Sign answer to any bytes with an error or with a file that verifies.
func FuzzVerify(f *testing.F) {
	p := people(f)
	roots := releaseRoots(f)
	roots.AddCert(p.ca.Certificate)
	prepared, err := Prepare(certificate(), qaOptions().Field)
	require.NoError(f, err)
	for _, pdf := range [][]byte{certificate(), stamp("x"), prepared, appendUpdateUnchecked(certificate()), testdata(f, "release-1.pdf")} {
		f.Add(pdf)
	}
	f.Fuzz(func(t *testing.T, pdf []byte) {
		r, err := Verify(pdf, roots, checkAt)
		require.Equal(t, err == nil, r.Valid())
		out, err := Sign(pdf, p.qp, Options{Field: Field{"Z", 1, Points(20, 20, 100, 30)}, Appearance: stamp("Z"), Time: checkAt})
		if err != nil {
			return
		}
		_, err = Verify(out, roots, checkAt)
		require.NoError(t, err)
	})
}
