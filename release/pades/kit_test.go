package pades

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The world of all tests: one afternoon in Seville, one root, two persons.
var (
	seville = time.FixedZone("", 3600)
	signAt  = time.Date(2026, 11, 7, 10, 0, 0, 0, seville)
	checkAt = signAt.AddDate(0, 0, 1)
)

type persons struct {
	ca     *DemoCA
	qa, qp Signer
}

var world = sync.OnceValues(func() (persons, error) {
	ca, err := NewDemoCA(signAt.AddDate(0, -1, 0))
	if err != nil {
		return persons{}, err
	}
	qa, err := ca.Issue("María Ñúñez", "Planta Sevilla", "ES", signAt.AddDate(0, 0, -1), signAt.AddDate(1, 0, 0))
	if err != nil {
		return persons{}, err
	}
	qp, err := ca.Issue("Jürgen Weiß", "Werk Frankfurt", "DE", signAt.AddDate(0, 0, -1), signAt.AddDate(1, 0, 0))
	return persons{ca, qa, qp}, err
})

func people(t testing.TB) persons {
	t.Helper()
	p, err := world()
	require.NoError(t, err)
	return p
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return b
}

// smallPDF writes objects the way gofpdf does; the last one is the catalog.
// It is readable text from end to end, so that tests can cut it up.
func smallPDF(objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.3\n")
	var at []int
	for i, o := range objects {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<<\n/Size %d\n/Root %d 0 R\n>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, len(objects), xref)
	return out.Bytes()
}

func textPage(text string) string {
	content := "BT /F1 9 Tf 4 10 Td (" + text + ") Tj ET"
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

const (
	pagesObject   = "<</Type /Pages\n/Kids [3 0 R ]\n/Count 1\n/MediaBox [0 0 595.28 841.89]\n>>"
	resources     = "<<\n/ProcSet [/PDF /Text]\n/Font <<\n/F1 5 0 R\n>>\n/XObject <<\n>>\n>>"
	pageObject    = "<</Type /Page\n/Parent 1 0 R\n/Resources 2 0 R\n/Contents 4 0 R>>"
	fontObject    = "<</Type /Font\n/BaseFont /Helvetica\n/Subtype /Type1\n/Encoding /WinAnsiEncoding\n>>"
	catalogObject = "<<\n/Type /Catalog\n/Pages 1 0 R\n/Names <<\n/EmbeddedFiles <</Names []>>\n>>\n>>"
)

// certificate is a one-page document of six objects: 1 pages, 2 resources,
// 3 page, 4 its content, 5 font, 6 catalog.
func certificate() []byte {
	return smallPDF(pagesObject, resources, pageObject, textPage("Viability 68 %: NOT MET"), fontObject, catalogObject)
}

// stamp is a mini page of 100 x 30 points.
func stamp(text string) []byte {
	return smallPDF(strings.Replace(pagesObject, "595.28 841.89", "100.00 30.00", 1), resources, pageObject, textPage(text), fontObject, catalogObject)
}

func qaOptions() Options {
	return Options{
		Field:      Field{"QA", 1, Points(50, 100, 100, 30)},
		Appearance: stamp("QA"), Time: signAt, Reason: "Geprüft", Location: "Sevilla",
	}
}

func qpOptions() Options {
	return Options{
		Field:      Field{"QP", 1, Points(50, 50, 100, 30)},
		Appearance: stamp("QP"), Time: signAt.Add(time.Hour), Reason: "Certified",
	}
}

func signed1(t testing.TB) []byte {
	t.Helper()
	prepared, err := Prepare(certificate(), qaOptions().Field, qpOptions().Field)
	require.NoError(t, err)
	out, err := Sign(prepared, people(t).qa, qaOptions())
	require.NoError(t, err)
	return out
}

func signed2(t testing.TB) []byte {
	t.Helper()
	out, err := Sign(signed1(t), people(t).qp, qpOptions())
	require.NoError(t, err)
	return out
}

// resign signs whatever the file's state, as an insider with a real key would.
func resign(t testing.TB, pdf []byte, s Signer, o Options) []byte {
	t.Helper()
	in, err := inspect(pdf)
	require.NoError(t, err)
	out, err := in.sign(s, o)
	require.NoError(t, err)
	return out
}

// appendUpdate appends a well-formed update with the given bodies. The trailer may
// be changed by replacing text in it.
func appendUpdate(t testing.TB, pdf []byte, bodies map[int]string, replace ...string) []byte {
	t.Helper()
	f, err := readFile(pdf)
	require.NoError(t, err)
	u := newUpdate(f)
	for n, b := range bodies {
		u.body[n] = []byte(b)
		u.next = max(u.next, n+1)
	}
	out, err := u.finish("test")
	require.NoError(t, err)
	increment := strings.NewReplacer(replace...).Replace(string(out[len(pdf):]))
	return append(slices.Clone(pdf), increment...)
}

// refused asserts that a file is refused, and returns the faults.
func refused(t testing.TB, pdf []byte) []*Fault {
	t.Helper()
	r, err := Verify(pdf, people(t).ca.Pool(), checkAt)
	require.ErrorIs(t, err, ErrRefused)
	require.False(t, r.Valid())
	var f *Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, r.Faults[0], f)
	return r.Faults
}

// bodyOf returns the text of an object's value as it stands at the end.
func bodyOf(t testing.TB, pdf []byte, n int) string {
	t.Helper()
	f, err := readFile(pdf)
	require.NoError(t, err)
	o := f.get(n, f.last())
	require.NotNil(t, o)
	return string(appendValue(nil, o.val))
}

// rsaSigner is a person under the same root whose key is RSA.
func rsaSigner(t testing.TB, bits int) Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	require.NoError(t, err)
	ca := people(t).ca
	return Signer{Key: key, Certificate: leaf(t, key.Public(), nil), Chain: []*x509.Certificate{ca.Certificate}}
}

// leaf makes a certificate under the root, changed as a test needs it.
func leaf(t testing.TB, pub any, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	ca := people(t).ca
	c := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Test Person"}, SerialNumber: big.NewInt(77),
		NotBefore: signAt.AddDate(0, 0, -1), NotAfter: signAt.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
	if change != nil {
		change(c)
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, ca.Certificate, pub, ca.key)
	require.NoError(t, err)
	out, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	return out
}
