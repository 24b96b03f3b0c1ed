package pades

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("update", false, "write golden files")

func TestSignThenVerify(t *testing.T) {
	p := people(t)
	pdf := signed2(t)
	r, err := Verify(pdf, p.ca.Pool(), checkAt)
	require.NoError(t, err)
	require.True(t, r.Valid())
	require.Equal(t, 4, r.Revisions)
	require.Equal(t, []Signature{
		{
			Field: "QA", Revision: 3, Page: 1, Signer: "María Ñúñez", Serial: serial(p.qa.Certificate.SerialNumber),
			Name: "María Ñúñez", Reason: "Geprüft", Location: "Sevilla", ClaimedTime: r.Signatures[0].ClaimedTime,
			SubFilter: "ETSI.CAdES.detached", DocMDP: 2,
		},
		{
			Field: "QP", Revision: 4, Page: 1, Signer: "Jürgen Weiß", Serial: serial(p.qp.Certificate.SerialNumber),
			Name: "Jürgen Weiß", Reason: "Certified", ClaimedTime: r.Signatures[1].ClaimedTime,
			SubFilter: "ETSI.CAdES.detached", WholeFile: true,
		},
	}, r.Signatures)
	require.Equal(t, "2026-11-07T10:00:00+01:00", r.Signatures[0].ClaimedTime.Format(time.RFC3339))
	require.Equal(t, "2026-11-07T11:00:00+01:00", r.Signatures[1].ClaimedTime.Format(time.RFC3339))
}

func TestASignatureOnlyAppends(t *testing.T) {
	base := certificate()
	one, err := Sign(base, people(t).qa, qaOptions())
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(one, base))
	two, err := Sign(one, people(t).qp, qpOptions())
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(two, one))
	require.Equal(t, certificate(), base, "the input is not touched")
}

func TestFieldsMayBeAddedByTheSignature(t *testing.T) {
	one, err := Sign(certificate(), people(t).qa, qaOptions())
	require.NoError(t, err)
	two, err := Sign(one, people(t).qp, qpOptions())
	require.NoError(t, err)
	r, err := Verify(two, people(t).ca.Pool(), checkAt)
	require.NoError(t, err)
	require.False(t, r.Signatures[0].AddedLater)
	require.True(t, r.Signatures[1].AddedLater, "a box that the first one did not sign is pointed out")
	require.Equal(t, 1, strings.Count(bodyOf(t, two, 6), "/Version"), "once, not once per signature")
}

func TestManySignatures(t *testing.T) {
	pdf := certificate()
	for i, name := range []string{"A", "B", "C", "D", "E"} {
		var err error
		o := qaOptions()
		o.Field = Field{name, 1, Points(50, float64(50+40*i), 100, 30)}
		o.Time = signAt.Add(time.Duration(i) * time.Minute)
		pdf, err = Sign(pdf, people(t).qa, o)
		require.NoError(t, err)
	}
	r, err := Verify(pdf, people(t).ca.Pool(), checkAt)
	require.NoError(t, err)
	require.Len(t, r.Signatures, 5)
}

func TestCertificationLevels(t *testing.T) {
	p := people(t)
	for _, c := range []struct {
		level   Certification
		p       int
		further error
	}{{CertifySigning, 2, nil}, {CertifyFinal, 1, ErrCertified}, {ApprovalOnly, 0, nil}} {
		o := qaOptions()
		o.Certification = c.level
		pdf, err := Sign(certificate(), p.qa, o)
		require.NoError(t, err)
		r, err := Verify(pdf, p.ca.Pool(), checkAt)
		require.NoError(t, err)
		require.Equal(t, c.p, r.Signatures[0].DocMDP)
		_, err = Sign(pdf, p.qp, qpOptions())
		require.ErrorIs(t, err, c.further)
	}
	o := qpOptions()
	o.Certification = CertifyFinal
	_, err := Sign(signed1(t), p.qp, o)
	require.ErrorIs(t, err, ErrOption, "only the first can certify")
}

func TestRSA(t *testing.T) {
	s := rsaSigner(t, 2048)
	pdf, err := Sign(certificate(), s, qaOptions())
	require.NoError(t, err)
	r, err := Verify(pdf, people(t).ca.Pool(), checkAt)
	require.NoError(t, err)
	require.Equal(t, "Test Person", r.Signatures[0].Signer)
	_, err = Sign(certificate(), rsaSigner(t, 1024), qaOptions())
	require.ErrorIs(t, err, ErrSigner)
}

// token stands for a hardware key that fails or holds another key.
type token struct {
	public crypto.PublicKey
	sign   func(digest []byte) ([]byte, error)
}

func (k token) Public() crypto.PublicKey { return k.public }
func (k token) Sign(_ io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if o.HashFunc() != crypto.SHA256 {
		return nil, errors.New("wrong hash")
	}
	return k.sign(digest)
}

func TestSignerIsChecked(t *testing.T) {
	p := people(t)
	away := errors.New("token is away")
	edPub, edKey, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	pub := p.qa.Key.Public()
	for name, s := range map[string]Signer{
		"nothing":       {},
		"no key":        {Certificate: p.qa.Certificate},
		"other key":     {Key: p.qp.Key, Certificate: p.qa.Certificate},
		"authority":     {Key: p.ca.key, Certificate: p.ca.Certificate},
		"ed25519":       {Key: edKey, Certificate: leaf(t, edPub, nil)},
		"key usage":     {Key: p.qa.Key, Certificate: leaf(t, pub, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })},
		"for servers":   {Key: p.qa.Key, Certificate: leaf(t, pub, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })},
		"expired":       {Key: p.qa.Key, Certificate: leaf(t, pub, func(c *x509.Certificate) { c.NotAfter = signAt.Add(-time.Second) })},
		"not yet valid": {Key: p.qa.Key, Certificate: leaf(t, pub, func(c *x509.Certificate) { c.NotBefore = signAt.Add(time.Second) })},
		"token fails":   {Key: token{pub, func([]byte) ([]byte, error) { return nil, away }}, Certificate: p.qa.Certificate},
		"token's key":   {Key: token{pub, func(d []byte) ([]byte, error) { return p.qp.Key.Sign(rand.Reader, d, crypto.SHA256) }}, Certificate: p.qa.Certificate},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Sign(certificate(), s, qaOptions())
			require.ErrorIs(t, err, ErrSigner)
			if name == "token fails" {
				require.ErrorIs(t, err, away)
			}
		})
	}
	for name, usage := range map[string]func(*x509.Certificate){
		"document signing": func(c *x509.Certificate) { c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oidDocumentSigning} },
		"commitment":       func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment },
		"any":              func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} },
	} {
		_, err := Sign(certificate(), Signer{Key: p.qa.Key, Certificate: leaf(t, pub, usage)}, qaOptions())
		require.NoError(t, err, name)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Options)
		want   error
	}{
		"no time":              {func(o *Options) { o.Time = time.Time{} }, ErrOption},
		"certification":        {func(o *Options) { o.Certification = 7 }, ErrOption},
		"reason with newline":  {func(o *Options) { o.Reason = "a\nb" }, ErrOption},
		"reason not UTF-8":     {func(o *Options) { o.Reason = "\xff" }, ErrOption},
		"location too long":    {func(o *Options) { o.Location = strings.Repeat("x", maxText+1) }, ErrOption},
		"no field name":        {func(o *Options) { o.Field.Name = "" }, ErrField},
		"field name not ASCII": {func(o *Options) { o.Field.Name = "Prüfer" }, ErrField},
		"field name hierarchy": {func(o *Options) { o.Field.Name = "QA.1" }, ErrField},
		"page 0":               {func(o *Options) { o.Field.Page = 0 }, ErrField},
		"page 2 of 1":          {func(o *Options) { o.Field.Page = 2 }, ErrField},
		"no box":               {func(o *Options) { o.Field.Box = Box{} }, ErrField},
		"invisible box":        {func(o *Options) { o.Field.Box = Points(50, 50, 100, 0.1) }, ErrField},
		"box not a number":     {func(o *Options) { o.Field.Box = Points(math.NaN(), 50, 100, 30) }, ErrField},
		"box without end":      {func(o *Options) { o.Field.Box = Points(0, 0, math.Inf(1), 30) }, ErrField},
		"box off the page":     {func(o *Options) { o.Field.Box = Points(550, 50, 100, 30) }, ErrField},
		"box above the page":   {func(o *Options) { o.Field.Box = Millimetres(10, -1, 35, 11) }, ErrField},
		"no appearance":        {func(o *Options) { o.Appearance = nil }, ErrAppearance},
	} {
		t.Run(name, func(t *testing.T) {
			o := qaOptions()
			c.change(&o)
			_, err := Sign(certificate(), people(t).qa, o)
			require.ErrorIs(t, err, c.want)
		})
	}
}

func TestAFieldIsSignedOnce(t *testing.T) {
	o := qpOptions()
	o.Field = qaOptions().Field
	_, err := Sign(signed1(t), people(t).qp, o)
	require.ErrorIs(t, err, ErrFieldSigned)
}

func TestFieldsDoNotCoverEachOther(t *testing.T) {
	_, err := Prepare(certificate(), Field{"A", 1, Points(50, 50, 100, 30)}, Field{"B", 1, Points(140, 70, 100, 30)})
	require.ErrorIs(t, err, ErrField)
	_, err = Prepare(certificate(), Field{"A", 1, Points(50, 50, 100, 30)}, Field{"A", 1, Points(50, 90, 100, 30)})
	require.ErrorIs(t, err, ErrField)
	_, err = Prepare(certificate())
	require.ErrorIs(t, err, ErrField)
}

func TestMillimetresCountFromTheTop(t *testing.T) {
	pdf, err := Prepare(certificate(), Field{"A", 1, Millimetres(20, 10, 50.8, 25.4)})
	require.NoError(t, err)
	in, err := inspect(pdf)
	require.NoError(t, err)
	w, err := in.f.widgets(1)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float64{56.693, 741.544, 200.693, 813.544}, w[0].rect[:], 0.001)
}

func TestTimeDoesNotRunBackwards(t *testing.T) {
	o := qpOptions()
	o.Time = signAt.Add(-time.Second)
	_, err := Sign(signed1(t), people(t).qp, o)
	require.ErrorIs(t, err, ErrOption)
	o.Time = signAt.UTC().Add(time.Nanosecond)
	_, err = Sign(signed1(t), people(t).qp, o)
	require.NoError(t, err)
}

func TestNoRoomIsAnError(t *testing.T) {
	s := people(t).qa
	for i := range 20 {
		s.Chain = append(s.Chain, leaf(t, s.Key.Public(), func(c *x509.Certificate) {
			c.Subject.CommonName = strings.Repeat("long ", 200)
			c.SerialNumber.SetInt64(int64(1000 + i))
		}))
	}
	_, err := Sign(certificate(), s, qaOptions())
	require.ErrorIs(t, err, ErrNoRoom)
}

func TestNobodySignsOnTopOfAForgedPage(t *testing.T) {
	forged := appendUpdate(t, signed1(t), map[int]string{4: textPage("Viability 99 %: MET")})
	_, err := Sign(forged, people(t).qp, qpOptions())
	require.ErrorIs(t, err, ErrRefused)
	_, err = Prepare(forged, Field{"X", 1, Points(300, 300, 100, 30)})
	require.ErrorIs(t, err, ErrRefused)
}

func TestDatesAndTexts(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{signAt, "D:20261107100000+01'00'"},
		{signAt.UTC(), "D:20261107090000Z"},
		{signAt.In(time.FixedZone("", -12600)), "D:20261107053000-03'30'"},
	} {
		require.Equal(t, c.want, pdfDate(c.at))
		back, err := parseDate(str{b: []byte(c.want)})
		require.NoError(t, err)
		require.True(t, back.Equal(c.at))
		require.Equal(t, c.want, pdfDate(back))
	}
	for _, bad := range []string{"", "D:20261107100000", "D:20261307100000Z", "D:20260231100000Z", "D:20261107100000+01:00'", "D:20261107100000+0100  ", "X:20261107100000Z"} {
		_, err := parseDate(str{b: []byte(bad)})
		require.Error(t, err, bad)
	}
	for _, s := range []string{"", "plain (text) \\", "Ñúñez", "Weiß ≥ 10⁶", "𝄞"} {
		v, err := textString("/Reason", s)
		require.NoError(t, err)
		written, _, err := parse(string(appendValue(nil, v)))
		require.NoError(t, err)
		back, err := decodeText(written)
		require.NoError(t, err)
		require.Equal(t, s, back)
	}
	for _, bad := range []value{nil, number("1"), str{b: []byte("\xC3\xB1")}, str{b: []byte("\xFE\xFF\x00")}, str{b: []byte("\xFE\xFF\x00A")}, str{b: []byte("a\tb")}} {
		_, err := decodeText(bad)
		require.Error(t, err)
	}
}

// The increment of a certification, as text; only the CMS is left out, it is
// different for every key.
func TestTheIncrementIsGolden(t *testing.T) {
	pdf := signed1(t)
	text := regexp.MustCompile(`/Contents <[0-9a-f]+>`).ReplaceAllString(string(pdf), "/Contents <...>")
	require.NotEqual(t, string(pdf), text)
	path := filepath.Join("testdata", "signed.golden")
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}
