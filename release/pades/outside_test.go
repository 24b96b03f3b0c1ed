package pades

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"image"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Here programs that share no code with this package judge its files. They are
// required: a file that only we find valid is worth nothing.

// run runs a program and returns what it printed.
func run(t testing.TB, program, debian string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%s is missing; install the package %s (apt-get install %s)", program, debian, debian)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "TZ=UTC")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", program, args, out)
	return string(out)
}

// signedCertificate is a document of gofpdf with both visible signatures, and
// the same with the first alone.
func signedCertificate(t testing.TB, qa, qp Signer) (one, two []byte) {
	t.Helper()
	pdf, err := Prepare(testdata(t, "certificate.pdf"),
		Field{"QA", 2, Millimetres(20, 40, 80, 24)}, Field{"QP", 2, Millimetres(20, 70, 80, 24)})
	require.NoError(t, err)
	one, err = Sign(pdf, qa, Options{Field: Field{Name: "QA"}, Appearance: testdata(t, "appearance-qa.pdf"),
		Time: signAt, Reason: "Geprüft", Location: "Sevilla"})
	require.NoError(t, err)
	two, err = Sign(one, qp, Options{Field: Field{Name: "QP"}, Appearance: testdata(t, "appearance-qp.pdf"),
		Time: signAt.Add(90 * time.Minute), Reason: "Certified", Location: "Frankfurt"})
	require.NoError(t, err)
	return one, two
}

func write(t testing.TB, dir, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, b, 0o644))
	return path
}

func rootPEM(t testing.TB, dir string) string {
	t.Helper()
	return write(t, dir, "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: people(t).ca.Certificate.Raw}))
}

func TestPopplerFindsTheSignaturesValidAndTrusted(t *testing.T) {
	p := people(t)
	dir := t.TempDir()
	db := "sql:" + dir
	run(t, "certutil", "libnss3-tools", "-N", "-d", db, "--empty-password")
	run(t, "certutil", "libnss3-tools", "-A", "-d", db, "-n", "demo", "-t", "C,C,C", "-i", rootPEM(t, dir))

	one, two := signedCertificate(t, p.qa, p.qp)
	out := run(t, "pdfsig", "poppler-utils", "-nssdir", db, write(t, dir, "one.pdf", one))
	require.Equal(t, 1, strings.Count(out, "Signature is Valid."), out)
	require.Equal(t, 1, strings.Count(out, "Certificate is Trusted."), out)
	require.Contains(t, out, "Total document signed")

	out = run(t, "pdfsig", "poppler-utils", "-nssdir", db, write(t, dir, "two.pdf", two))
	require.Equal(t, 2, strings.Count(out, "Signature is Valid."), out)
	require.Equal(t, 2, strings.Count(out, "Certificate is Trusted."), out)
	require.Equal(t, 2, strings.Count(out, "ETSI.CAdES.detached"), out)
	require.Contains(t, out, "Signature Field Name: QA")
	require.Contains(t, out, "Common Name: María Ñúñez")
	require.Contains(t, out, "Common Name: Jürgen Weiß")
	require.Contains(t, out, "Signing Time: Nov 07 2026 09:00:00")
	require.Contains(t, out, "Signing Time: Nov 07 2026 10:30:00")

	rsa, err := Sign(certificate(), rsaSigner(t, 3072), qaOptions())
	require.NoError(t, err)
	out = run(t, "pdfsig", "poppler-utils", "-nssdir", db, write(t, dir, "rsa.pdf", rsa))
	require.Contains(t, out, "Signature is Valid.")

	// And why Verify is needed: the forged page is as good to this reader.
	forged := appendUpdate(t, two, map[int]string{8: textPage(better)})
	out = run(t, "pdfsig", "poppler-utils", "-nssdir", db, write(t, dir, "forged.pdf", forged))
	require.Equal(t, 2, strings.Count(out, "Signature is Valid."), out)
	refused(t, forged)
}

func TestQpdfFindsTheFilesClean(t *testing.T) {
	p := people(t)
	dir := t.TempDir()
	one, two := signedCertificate(t, p.qa, p.qp)
	added, err := Sign(certificate(), p.qa, qaOptions())
	require.NoError(t, err)
	for i, pdf := range [][]byte{one, two, added, signed2(t)} {
		out := run(t, "qpdf", "qpdf", "--check", write(t, dir, fmt.Sprint(i, ".pdf"), pdf))
		require.Contains(t, out, "No syntax or stream encoding errors found")
		require.NotContains(t, out, "WARNING")
	}
	catalog := run(t, "qpdf", "qpdf", "--show-object=17", write(t, dir, "two.pdf", two))
	require.Equal(t, 1, strings.Count(catalog, "/Version /1.7"), catalog)
}

func TestOpenSSLVerifiesTheCMS(t *testing.T) {
	p := people(t)
	dir := t.TempDir()
	root := rootPEM(t, dir)
	one, two := signedCertificate(t, p.qa, p.qp)
	rsa, err := Sign(certificate(), rsaSigner(t, 2048), qaOptions())
	require.NoError(t, err)
	for _, pdf := range [][]byte{one, two, rsa} {
		start, end := gapOf(t, pdf)
		raw, err := hex.DecodeString(string(pdf[start+1 : end-1]))
		require.NoError(t, err)
		_, whole, err := (&derReader{raw}).next(tagSequence)
		require.NoError(t, err)
		cms := write(t, dir, "sig.der", whole)
		content := write(t, dir, "content", append(bytes.Clone(pdf[:start]), pdf[end:]...))
		// -cades also holds signing-certificate-v2 against the signer's certificate.
		out := run(t, "openssl", "openssl", "cms", "-verify", "-cades", "-inform", "DER", "-in", cms, "-binary", "-content", content,
			"-CAfile", root, "-purpose", "any", "-attime", fmt.Sprint(signAt.Unix()), "-out", filepath.Join(dir, "out"))
		require.Contains(t, out, "CAdES Verification successful")
		out = run(t, "openssl", "openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", cms, "-noout")
		require.Contains(t, out, "id-smime-aa-signingCertificateV2")
		require.NotContains(t, out, "signingTime")
	}
}

func TestTheVisibleFieldsShowTheNames(t *testing.T) {
	p := people(t)
	dir := t.TempDir()
	one, two := signedCertificate(t, p.qa, p.qp)
	path := write(t, dir, "two.pdf", two)
	text := run(t, "pdftotext", "poppler-utils", "-layout", path, "-")
	for _, s := range []string{"María Ñúñez", "Quality Assurance, Sevilla", "Jürgen Weiß", "Qualified Person, Frankfurt", "Viability 68 % (≥ 70 %): NOT MET"} {
		require.Contains(t, text, s)
	}
	require.NotContains(t, run(t, "pdftotext", "poppler-utils", write(t, dir, "one.pdf", one), "-"), "Jürgen")
	fonts := run(t, "pdffonts", "poppler-utils", path)
	require.Equal(t, 3, strings.Count(fonts, "Identity-H       yes"), "every font is embedded: %s", fonts)

	// The field must look like the mini page, dot for dot but for rounding.
	signed := render(t, dir, path, "two", 2)
	for name, at := range map[string]image.Point{"appearance-qa.pdf": {20, 40}, "appearance-qp.pdf": {20, 70}} {
		mini := render(t, dir, filepath.Join("testdata", name), name, 1)
		corner := image.Pt(at.X*dpi*10/254, at.Y*dpi*10/254)
		inside := mini.Bounds().Inset(8) // a thin frame is rounded to 2 or 3 dots
		want := ink(mini, inside)
		got := ink(signed, inside.Add(corner))
		require.Greater(t, want, 1500, "there is something to see")
		require.InEpsilon(t, want, got, 0.05, name)
	}
	require.Less(t, ink(signed, image.Rect(0, 110*dpi*10/254, signed.Bounds().Dx(), signed.Bounds().Dy())), 1, "and nothing elsewhere")
}

const dpi = 150

func render(t testing.TB, dir, pdf, name string, page int) image.Image {
	t.Helper()
	out := filepath.Join(dir, name)
	run(t, "pdftoppm", "poppler-utils", "-r", fmt.Sprint(dpi), "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), "-singlefile", "-png", pdf, out)
	b, err := os.ReadFile(out + ".png")
	require.NoError(t, err)
	img, _, err := image.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	return img
}

// ink is how many dots would be full black.
func ink(img image.Image, r image.Rectangle) int {
	var sum uint64
	r = r.Intersect(img.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			red, green, blue, _ := img.At(x, y).RGBA()
			sum += 3*0xFFFF - uint64(red) - uint64(green) - uint64(blue)
		}
	}
	return int(sum / (3 * 0xFFFF))
}
