package pades

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// gapOf returns the places of < and just after > of the last signature.
func gapOf(t testing.TB, pdf []byte) (start, end int) {
	t.Helper()
	start = bytes.LastIndex(pdf, []byte(contentsKey)) + len(contentsKey) - 1
	return start, start + 2*contentsRoom + 2
}

// withCMS replaces the CMS of the last signature by what make gives for the
// digest of the document.
func withCMS(t testing.TB, pdf []byte, make func(digest []byte) []byte) []byte {
	t.Helper()
	out := bytes.Clone(pdf)
	start, end := gapOf(t, pdf)
	h := sha256.New()
	h.Write(pdf[:start])
	h.Write(pdf[end:])
	cms := make(h.Sum(nil))
	copy(out[start+1:], bytes.Repeat([]byte("0"), 2*contentsRoom))
	hex.Encode(out[start+1:], cms)
	return out
}

func sign(t testing.TB, s Signer, attrs []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(attrs)
	sig, err := s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	require.NoError(t, err)
	return sig
}

// What a program with the right key could produce that is no B-B signature.
func TestOnlyBaselineSignaturesAreAccepted(t *testing.T) {
	p := people(t)
	qa, root := p.qa.Certificate, p.ca.Certificate
	alg, _, err := algorithm(qa)
	require.NoError(t, err)
	content := attribute(oidContentType, derOID(oidData))
	cert := attribute(oidSigningCertV2, signingCertificate(qa))
	digestOf := func(d []byte) []byte { return attribute(oidMessageDigest, der(tagOctets, d)) }
	// with signs a set of attributes made for the digest.
	with := func(attrs func(d []byte) [][]byte) func([]byte) []byte {
		return func(d []byte) []byte {
			set := derSet(tagSet, attrs(d)...)
			return encodeCMS(qa, []*x509.Certificate{qa, root}, set, alg, sign(t, p.qa, set))
		}
	}
	utcTime, err := asn1.Marshal(signAt)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		make func([]byte) []byte
		want Code
	}{
		"as we do it": {with(func(d []byte) [][]byte { return [][]byte{content, digestOf(d), cert} }), ""},
		"signing-time": {with(func(d []byte) [][]byte {
			return [][]byte{content, digestOf(d), cert, attribute(oidSigningTime, utcTime)}
		}), FaultAttributes},
		"other attribute": {with(func(d []byte) [][]byte { return [][]byte{content, digestOf(d), cert, attribute(oidData, utcTime)} }), FaultAttributes},
		"no certificate":  {with(func(d []byte) [][]byte { return [][]byte{content, digestOf(d)} }), FaultAttributes},
		"no digest":       {with(func(d []byte) [][]byte { return [][]byte{content, cert} }), FaultAttributes},
		"digest twice":    {with(func(d []byte) [][]byte { return [][]byte{content, digestOf(d), digestOf(make([]byte, 32)), cert} }), FaultAttributes},
		"other content": {with(func(d []byte) [][]byte {
			return [][]byte{attribute(oidContentType, derOID(oidSignedData)), digestOf(d), cert}
		}), FaultAttributes},
		"other digest": {with(func(d []byte) [][]byte { return [][]byte{content, digestOf(make([]byte, 32)), cert} }), FaultDigest},
		"other certificate": {with(func(d []byte) [][]byte {
			return [][]byte{content, digestOf(d), attribute(oidSigningCertV2, signingCertificate(p.qp.Certificate))}
		}), FaultSigningCertificate},
		"without serial": {with(func(d []byte) [][]byte {
			return [][]byte{content, digestOf(d), attribute(oidSigningCertV2, withoutSerial(qa))}
		}), FaultSigningCertificate},
		"attributes garbage": {with(func(d []byte) [][]byte { return [][]byte{content, digestOf(d), {5, 0}} }), FaultAttributes},
		"signed by another": {func(d []byte) []byte {
			set := signedAttributes(qa, d)
			return encodeCMS(qa, []*x509.Certificate{qa, root}, set, alg, sign(t, p.qp, set))
		}, FaultSignature},
		"algorithm of RSA": {func(d []byte) []byte {
			set := signedAttributes(qa, d)
			return encodeCMS(qa, []*x509.Certificate{qa, root}, set, der(tagSequence, derOID(oidSHA256WithRSA), der(tagNull)), sign(t, p.qa, set))
		}, FaultSignature},
		"certificate missing": {func(d []byte) []byte {
			set := signedAttributes(qa, d)
			return encodeCMS(qa, []*x509.Certificate{root}, set, alg, sign(t, p.qa, set))
		}, FaultCMS},
		"certificate garbage": {func(d []byte) []byte {
			set := signedAttributes(qa, d)
			bad := *root
			bad.Raw = der(tagSequence, []byte{5, 0})
			return encodeCMS(qa, []*x509.Certificate{qa, &bad}, set, alg, sign(t, p.qa, set))
		}, FaultCMS},
		"stranger's certificate": {func(d []byte) []byte {
			set := signedAttributes(qa, d)
			return encodeCMS(qa, []*x509.Certificate{qa, root, p.qp.Certificate}, set, alg, sign(t, p.qa, set))
		}, FaultChain},
		"version 3": {func(d []byte) []byte {
			set := signedAttributes(qa, d)
			cms := encodeCMS(qa, []*x509.Certificate{qa, root}, set, alg, sign(t, p.qa, set))
			return bytes.Replace(cms, []byte{tagInteger, 1, 1}, []byte{tagInteger, 1, 3}, 1)
		}, FaultCMS},
		"nothing":      {func([]byte) []byte { return nil }, FaultContents},
		"only a tag":   {func([]byte) []byte { return der(tagSequence) }, FaultCMS},
		"no signature": {func([]byte) []byte { return der(tagSequence, derOID(oidSignedData), der(tagContext0)) }, FaultCMS},
	} {
		t.Run(name, func(t *testing.T) {
			pdf := withCMS(t, signed1(t), c.make)
			if c.want == "" {
				_, err := Verify(pdf, p.ca.Pool(), checkAt)
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.want, refused(t, pdf)[0].Code)
		})
	}
}

// withoutSerial is signing-certificate-v2 as some write it, without issuerSerial.
func withoutSerial(c *x509.Certificate) []byte {
	hash := sha256.Sum256(c.Raw)
	return der(tagSequence, der(tagSequence, der(tagSequence, der(tagOctets, hash[:]))))
}

func TestContentsHaveOneSpelling(t *testing.T) {
	pdf := signed1(t)
	start, end := gapOf(t, pdf)
	for name, change := range map[string]func([]byte){
		"upper case":      func(g []byte) { copy(g, bytes.ToUpper(g)) },
		"last digit":      func(g []byte) { g[len(g)-2] = '1' },
		"space inside":    func(g []byte) { g[len(g)-2], g[len(g)-3] = ' ', ' ' },
		"shorter":         func(g []byte) { g[len(g)-3], g[len(g)-2], g[len(g)-1] = '>', ' ', ' ' },
		"a literal":       func(g []byte) { g[0], g[len(g)-1] = '(', ')' },
		"broken digit":    func(g []byte) { g[100] = 'x' },
		"indefinite form": func(g []byte) { copy(g[3:], "80") },
	} {
		t.Run(name, func(t *testing.T) {
			bad := bytes.Clone(pdf)
			change(bad[start:end])
			require.NotEqual(t, pdf, bad)
			refused(t, bad)
		})
	}
}

func TestDERIsWhatEncodingASN1Writes(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536} {
		want, err := asn1.Marshal(make([]byte, n))
		require.NoError(t, err)
		require.Equal(t, want, der(tagOctets, make([]byte, n)))
		r := &derReader{want}
		content, whole, err := r.next(tagOctets)
		require.NoError(t, err)
		require.Len(t, content, n)
		require.Equal(t, want, whole)
		require.True(t, r.empty())
	}
	for _, oid := range []asn1.ObjectIdentifier{oidData, oidSHA256, oidDocumentSigning, oidMicrosoftSigning, {2, 5, 29, 15}, {1, 2, 840, 113549, 1, 9, 16, 2, 47}} {
		want, err := asn1.Marshal(oid)
		require.NoError(t, err)
		require.Equal(t, want, derOID(oid))
	}
	for _, s := range []string{"0", "1", "127", "128", "32768", "148045340611977243736286773637597995214"} {
		n, ok := new(big.Int).SetString(s, 10)
		require.True(t, ok)
		want, err := asn1.Marshal(n)
		require.NoError(t, err)
		require.Equal(t, want, derInteger(n))
	}
	want, err := asn1.MarshalWithParams([]int{3, 200, 1}, "set")
	require.NoError(t, err)
	require.Equal(t, want, derSet(tagSet, derInteger(big.NewInt(3)), derInteger(big.NewInt(200)), derInteger(big.NewInt(1))))
}

func TestDERThatIsCutIsRefused(t *testing.T) {
	for _, s := range []string{"", "30", "3001", "3080", "3084", "308401000000", "3082ff", "0400", "30820100"} {
		b, err := hex.DecodeString(s)
		require.NoError(t, err)
		_, _, err = (&derReader{b}).next(tagSequence)
		require.Error(t, err, s)
	}
}

// What is accepted is signed and has one encoding, so it is the seed itself. (The
// seed is a fixed file: every fuzzing process has people of its own.)
func FuzzCMS(f *testing.F) {
	pdf := testdata(f, "release-1.pdf")
	start, end := gapOf(f, pdf)
	good, err := unpad(pdf[start:end])
	require.NoError(f, err)
	h := sha256.New()
	h.Write(pdf[:start])
	h.Write(pdf[end:])
	digest := h.Sum(nil)
	f.Add(good)
	f.Add([]byte(strings.Repeat("0\x80", 50)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, fault := readCMS(slices.Clone(raw), digest)
		require.Equal(t, bytes.Equal(raw, good), fault == nil)
	})
}
