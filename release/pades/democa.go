package pades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

// DemoCAName is the common name of every demonstration root.
const DemoCAName = "REXBATCH DEMO CA – NOT FOR CLINICAL USE"

// personYears and rootYears are how long LoadOrIssue and NewDemoCA make
// certificates last.
const (
	personYears = 2
	rootYears   = 10
)

// DemoCA is a certificate authority for demonstrations and tests: one root that
// issues signing certificates for persons. In use on patients, certificates come
// from a qualified trust service provider, and keys live in a token.
type DemoCA struct {
	// Certificate is the root, self-signed.
	Certificate *x509.Certificate
	key         crypto.Signer
}

// NewDemoCA makes a root with an ECDSA P-256 key that is valid for ten years from
// now (RFC 5280, 4.2). Randomness is crypto/rand's: since Go 1.26 key generation
// takes no other.
func NewDemoCA(now time.Time) (*DemoCA, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	return selfSign(key, now)
}

func newKey() (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("%w: make key: %w", ErrDemoCA, err)
	}
	return key, nil
}

func selfSign(key crypto.Signer, now time.Time) (*DemoCA, error) {
	id, err := keyID(key)
	if err != nil {
		return nil, err
	}
	// An hour back: a clock that runs a little behind must not distrust it.
	t := &x509.Certificate{
		Subject:               pkix.Name{CommonName: DemoCAName, Organization: []string{"REXBATCH DEMO"}},
		NotBefore:             now.Add(-time.Hour).UTC(),
		NotAfter:              now.AddDate(rootYears, 0, 0).UTC(),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId:          id,
	}
	c, err := certify(t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &DemoCA{Certificate: c, key: key}, nil
}

// Pool returns the root as the only trusted one, for Verify.
func (ca *DemoCA) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(ca.Certificate)
	return p
}

// Issue makes a key and a signing certificate for a person: key usage
// digitalSignature and contentCommitment (ETSI EN 319 412-2, 4.3.2), extended
// usage e-mail protection and document signing (RFC 9336), names as UTF8String
// where they are not ASCII (RFC 5280, 4.1.2.4).
func (ca *DemoCA) Issue(commonName, organisation, country string, notBefore, notAfter time.Time) (Signer, error) {
	key, err := newKey()
	if err != nil {
		return Signer{}, err
	}
	return ca.issueFor(key, commonName, organisation, country, notBefore, notAfter)
}

func (ca *DemoCA) issueFor(key crypto.Signer, commonName, organisation, country string, notBefore, notAfter time.Time) (Signer, error) {
	for what, s := range map[string]string{"common name": commonName, "organisation": organisation, "country": country} {
		_, err := textString(what, s)
		if err != nil {
			return Signer{}, fmt.Errorf("%w: %w", ErrDemoCA, err)
		}
	}
	switch {
	case commonName == "" || len(commonName) > 64 || len(organisation) > 64: // RFC 5280, A.1
		return Signer{}, fmt.Errorf("%w: common name %q or organisation is empty or longer than 64 bytes", ErrDemoCA, commonName)
	case country != "" && len(country) != 2:
		return Signer{}, fmt.Errorf("%w: country %q has not two letters", ErrDemoCA, country)
	case !notBefore.Before(notAfter) || notBefore.Before(ca.Certificate.NotBefore) || notAfter.After(ca.Certificate.NotAfter):
		return Signer{}, fmt.Errorf("%w: validity %s to %s is not within that of the root", ErrDemoCA, notBefore, notAfter)
	}
	id, err := keyID(key)
	if err != nil {
		return Signer{}, err
	}
	subject := pkix.Name{CommonName: commonName}
	if organisation != "" {
		subject.Organization = []string{organisation}
	}
	if country != "" {
		subject.Country = []string{country}
	}
	t := &x509.Certificate{
		Subject:               subject,
		NotBefore:             notBefore.UTC(),
		NotAfter:              notAfter.UTC(),
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		UnknownExtKeyUsage:    []asn1.ObjectIdentifier{oidDocumentSigning},
		SubjectKeyId:          id,
		AuthorityKeyId:        ca.Certificate.SubjectKeyId,
	}
	c, err := certify(t, ca.Certificate, key.Public(), ca.key)
	if err != nil {
		return Signer{}, err
	}
	return Signer{Key: key, Certificate: c, Chain: []*x509.Certificate{ca.Certificate}}, nil
}

// certify gives the certificate a random serial number of 127 bits.
func certify(t, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	limit := new(big.Int).Lsh(big.NewInt(1), 127)
	n, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return nil, fmt.Errorf("%w: make serial number: %w", ErrDemoCA, err)
	}
	t.SerialNumber = n.Add(n, big.NewInt(1))
	raw, err := x509.CreateCertificate(rand.Reader, t, parent, pub, key)
	if err != nil {
		return nil, fmt.Errorf("%w: certify %s: %w", ErrDemoCA, t.Subject, err)
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: certify %s: %w", ErrDemoCA, t.Subject, err)
	}
	return c, nil
}

func keyID(key crypto.Signer) ([]byte, error) {
	pub, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("%w: key: %w", ErrDemoCA, err)
	}
	sum := sha256.Sum256(pub)
	return sum[:20], nil // RFC 7093, 2 method 4: any hash of the key
}
