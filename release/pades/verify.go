package pades

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"time"
)

// Verify says whether every signature of the file holds, and whether nothing was
// done to the file but signing it. It checks form and revisions (ISO 32000-1,
// 7.5.6 and 12.8), the CMS (RFC 5652, 5.6; RFC 5035, 5) and each certificate's
// chain to roots (RFC 5280, 6) at the claimed time in /M; there is no time stamp
// at level B-B, so a stolen key could claim another time. A claim later than at,
// the time of verification, is a fault.
//
// The error is nil only for a valid file; otherwise it is ErrRefused with the
// first Fault. The report is filled either way, as far as the file can be read.
func Verify(pdf []byte, roots *x509.CertPool, at time.Time) (Report, error) {
	sum := sha256.Sum256(pdf)
	r := Report{SHA256: hex.EncodeToString(sum[:])}
	in, err := inspect(pdf)
	if err != nil {
		r.Faults = []*Fault{{Code: FaultStructure, Detail: err.Error(), cause: err}}
		return r, r.err()
	}
	r.Revisions = len(in.f.revs)
	if len(in.sigs) == 0 {
		in.add(&Fault{Code: FaultUnsigned, Detail: "no signature"})
	}
	for _, s := range in.sigs {
		if s.msg != nil && s.msg.signer != nil {
			s.trust(roots, at)
		}
		r.Signatures = append(r.Signatures, s.Signature)
	}
	r.Faults = in.faults
	return r, r.err()
}

// trust asks what needs the verifier's roots and clock.
func (s *signed) trust(roots *x509.CertPool, at time.Time) {
	c := s.msg.signer
	s.Expired = at.After(c.NotAfter)
	if s.ClaimedTime.After(at) {
		s.faultf(FaultTime, "claims %s, which is later than now", s.ClaimedTime)
	}
	err := suitable(c)
	if err != nil {
		s.faultf(FaultKeyUsage, "%v", err)
	}
	if roots == nil {
		roots = x509.NewCertPool() // nil would mean the roots of the computer
	}
	between := x509.NewCertPool()
	for _, x := range s.msg.certs {
		between.AddCert(x)
	}
	chains, err := c.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: s.ClaimedTime,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		s.faultf(FaultChain, "at the claimed time %s: %v", s.ClaimedTime, err)
		return
	}
	// A certificate that belongs to no chain is checked by nobody.
	for _, x := range s.msg.certs {
		if !slices.ContainsFunc(chains, func(chain []*x509.Certificate) bool { return slices.ContainsFunc(chain, x.Equal) }) {
			s.faultf(FaultChain, "certificate %s of %q belongs to no chain", serial(x.SerialNumber), x.Subject.CommonName)
		}
	}
}
