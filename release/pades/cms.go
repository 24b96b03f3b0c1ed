package pades

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
)

var (
	oidData             = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertV2    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256           = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA256WithRSA    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidECDSAWithSHA256  = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidDocumentSigning  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
	oidAdobeSigning     = asn1.ObjectIdentifier{1, 2, 840, 113583, 1, 1, 5}
	oidMicrosoftSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 12}
)

// algorithm returns the CMS signature algorithm for a certificate's key:
// RSA PKCS #1 v1.5 (RFC 5754, 3.2) or ECDSA (RFC 5754, 3.3), both with SHA-256.
func algorithm(c *x509.Certificate) ([]byte, x509.SignatureAlgorithm, error) {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return nil, 0, fmt.Errorf("RSA key of %d bits, at least 2048 needed", k.N.BitLen())
		}
		return der(tagSequence, derOID(oidSHA256WithRSA), der(tagNull)), x509.SHA256WithRSA, nil
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize < 256 {
			return nil, 0, fmt.Errorf("curve of %d bits, at least 256 needed", k.Curve.Params().BitSize)
		}
		return der(tagSequence, derOID(oidECDSAWithSHA256)), x509.ECDSAWithSHA256, nil
	}
	return nil, 0, fmt.Errorf("key of type %T, RSA or ECDSA needed", c.PublicKey)
}

// signingCertificate is the SigningCertificateV2 of RFC 5035, clause 3, with
// issuerSerial; the hash algorithm is left out because SHA-256 is the default.
func signingCertificate(c *x509.Certificate) []byte {
	hash := sha256.Sum256(c.Raw)
	issuerSerial := der(tagSequence,
		der(tagSequence, der(tagContext4, c.RawIssuer)), // GeneralNames { directoryName }
		derInteger(c.SerialNumber))
	return der(tagSequence, der(tagSequence, der(tagSequence, der(tagOctets, hash[:]), issuerSerial)))
}

func attribute(oid asn1.ObjectIdentifier, val []byte) []byte {
	return der(tagSequence, derOID(oid), der(tagSet, val))
}

// signedAttributes are the three that ETSI EN 319 142-1, 6.3 demands. The time
// of signing is in /M only: signing-time shall not be used.
func signedAttributes(c *x509.Certificate, digest []byte) []byte {
	return derSet(tagSet,
		attribute(oidContentType, derOID(oidData)),
		attribute(oidMessageDigest, der(tagOctets, digest)),
		attribute(oidSigningCertV2, signingCertificate(c)))
}

// encodeCMS is the detached SignedData of RFC 5652, clause 5. Given the same
// parts it gives the same bytes, which verification relies on.
func encodeCMS(signer *x509.Certificate, certs []*x509.Certificate, attrs, sigAlg, sig []byte) []byte {
	var raw [][]byte
	for _, c := range certs {
		raw = append(raw, c.Raw)
	}
	hashAlg := der(tagSequence, derOID(oidSHA256)) // parameters absent: RFC 5754, 2
	version := der(tagInteger, []byte{1})
	info := der(tagSequence, version,
		der(tagSequence, signer.RawIssuer, derInteger(signer.SerialNumber)),
		hashAlg,
		append([]byte{tagContext0}, attrs[1:]...), // [0] IMPLICIT SET
		sigAlg,
		der(tagOctets, sig))
	signed := der(tagSequence, version,
		der(tagSet, hashAlg),
		der(tagSequence, derOID(oidData)),
		derSet(tagContext0, raw...),
		der(tagSet, info))
	return der(tagSequence, derOID(oidSignedData), der(tagContext0, signed))
}

// signCMS signs the digest of the document.
func signCMS(s Signer, digest []byte) ([]byte, error) {
	sigAlg, check, err := algorithm(s.Certificate)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSigner, err)
	}
	attrs := signedAttributes(s.Certificate, digest)
	hash := sha256.Sum256(attrs)
	sig, err := s.Key.Sign(rand.Reader, hash[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("%w: sign: %w", ErrSigner, err)
	}
	// A token may hold another key than the certificate says.
	err = s.Certificate.CheckSignature(check, attrs, sig)
	if err != nil {
		return nil, fmt.Errorf("%w: the key's signature does not fit the certificate: %w", ErrSigner, err)
	}
	certs := []*x509.Certificate{s.Certificate}
	for _, c := range s.Chain {
		if !slices.ContainsFunc(certs, c.Equal) {
			certs = append(certs, c)
		}
	}
	return encodeCMS(s.Certificate, certs, attrs, sigAlg, sig), nil
}

// message is a CMS signature taken apart.
type message struct {
	certs  []*x509.Certificate
	signer *x509.Certificate
}

// readCMS checks everything about a CMS signature that needs no trust. The first
// finding is returned as a Fault without place.
func readCMS(raw, digest []byte) (*message, *Fault) {
	fault := func(code Code, format string, args ...any) *Fault {
		return &Fault{Code: code, Detail: fmt.Sprintf(format, args...)}
	}
	m := &message{}
	info, err := m.open(raw)
	if err != nil {
		return nil, fault(FaultCMS, "SignedData: %v", err)
	}
	attrs, sigAlg, sig, err := m.signerInfo(info)
	if err != nil {
		return nil, fault(FaultCMS, "SignerInfo: %v", err)
	}
	vals, err := attributes(attrs)
	if err != nil {
		return m, fault(FaultAttributes, "%v", err)
	}
	if !bytes.Equal(vals[oidContentType.String()], derOID(oidData)) {
		return m, fault(FaultAttributes, "content type is not data")
	}
	if !bytes.Equal(vals[oidMessageDigest.String()], der(tagOctets, digest)) {
		return m, fault(FaultDigest, "the signed bytes are not the bytes of the file")
	}
	if !bytes.Equal(vals[oidSigningCertV2.String()], signingCertificate(m.signer)) {
		return m, fault(FaultSigningCertificate, "signing-certificate-v2 names another certificate")
	}
	wantAlg, check, err := algorithm(m.signer)
	if err != nil {
		return m, fault(FaultSignature, "%v", err)
	}
	if !bytes.Equal(wantAlg, sigAlg) {
		return m, fault(FaultSignature, "algorithm is not the one of the key with SHA-256")
	}
	err = m.signer.CheckSignature(check, attrs, sig)
	if err != nil {
		return m, fault(FaultSignature, "%v", err)
	}
	// What no signature covers (versions, order, algorithm lists) can have only
	// one value: so no bit of /Contents can change unseen.
	if !bytes.Equal(raw, encodeCMS(m.signer, m.certs, attrs, sigAlg, sig)) {
		return m, fault(FaultCMS, "encoding is not the one this package writes")
	}
	return m, nil
}

// open goes down to the only SignerInfo and collects the certificates.
func (m *message) open(raw []byte) (*derReader, error) {
	r := &derReader{raw}
	var steps = []struct {
		tag  byte
		into bool
	}{{tagSequence, true}, {tagOID, false}, {tagContext0, true}, {tagSequence, true},
		{tagInteger, false}, {tagSet, false}, {tagSequence, false}}
	for _, s := range steps {
		content, _, err := r.next(s.tag)
		if err != nil {
			return nil, err
		}
		if s.into {
			r = &derReader{content}
		}
	}
	certs, err := r.into(tagContext0)
	if err != nil {
		return nil, err
	}
	for !certs.empty() {
		_, whole, err := certs.next(tagSequence)
		if err != nil {
			return nil, err
		}
		c, err := x509.ParseCertificate(whole)
		if err != nil {
			return nil, err
		}
		m.certs = append(m.certs, c)
	}
	r, err = r.into(tagSet)
	if err != nil {
		return nil, err
	}
	return r.into(tagSequence)
}

func (m *message) signerInfo(r *derReader) (attrs, sigAlg, sig []byte, err error) {
	_, _, err = r.next(tagInteger)
	if err != nil {
		return nil, nil, nil, err
	}
	_, sid, err := r.next(tagSequence)
	if err != nil {
		return nil, nil, nil, err
	}
	i := slices.IndexFunc(m.certs, func(c *x509.Certificate) bool {
		return bytes.Equal(sid, der(tagSequence, c.RawIssuer, derInteger(c.SerialNumber)))
	})
	if i < 0 {
		return nil, nil, nil, errors.New("the signer's certificate is missing")
	}
	m.signer = m.certs[i]
	_, _, err = r.next(tagSequence)
	if err != nil {
		return nil, nil, nil, err
	}
	body, _, err := r.next(tagContext0)
	if err != nil {
		return nil, nil, nil, err
	}
	_, sigAlg, err = r.next(tagSequence)
	if err != nil {
		return nil, nil, nil, err
	}
	sig, _, err = r.next(tagOctets)
	return der(tagSet, body), sigAlg, sig, err // signed as SET: RFC 5652, 5.4
}

// attributes returns each attribute's one value, and refuses any that is not
// among the three of signedAttributes.
func attributes(set []byte) (map[string][]byte, error) {
	r, err := (&derReader{set}).into(tagSet)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for !r.empty() {
		a, err := r.into(tagSequence)
		if err != nil {
			return nil, err
		}
		_, whole, err := a.next(tagOID)
		if err != nil {
			return nil, err
		}
		val, _, err := a.next(tagSet)
		if err != nil {
			return nil, err
		}
		var oid asn1.ObjectIdentifier
		_, err = asn1.Unmarshal(whole, &oid)
		if err != nil {
			return nil, err
		}
		switch {
		case oid.Equal(oidSigningTime):
			return nil, errors.New("signing-time is not allowed, the time is in /M")
		case !oid.Equal(oidContentType) && !oid.Equal(oidMessageDigest) && !oid.Equal(oidSigningCertV2):
			return nil, fmt.Errorf("unexpected attribute %s", oid)
		case out[oid.String()] != nil:
			return nil, fmt.Errorf("attribute %s is there twice", oid)
		}
		out[oid.String()] = val
	}
	if len(out) != 3 {
		return nil, fmt.Errorf("%d of the three attributes of a B-B signature", len(out))
	}
	return out, nil
}
