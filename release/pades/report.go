package pades

import (
	"fmt"
	"strings"
	"time"
)

// Code tells faults apart; the values are stable and may be stored.
type Code string

// The faults, in the order in which the questions are asked.
const (
	// FaultStructure: the file is not of the form this package reads.
	FaultStructure Code = "structure"
	// FaultUnsigned: there is no signature at all.
	FaultUnsigned Code = "unsigned"
	// FaultRevision: an increment after a signature does more than signing needs.
	FaultRevision Code = "revision"
	// FaultDictionary: the signature dictionary is not of baseline form
	// (ETSI EN 319 142-1, 6.3).
	FaultDictionary Code = "dictionary"
	// FaultByteRange: /ByteRange is not everything but /Contents, up to the end
	// of a revision (ISO 32000-1, 12.8.1).
	FaultByteRange Code = "byte-range"
	// FaultContents: /Contents is not lower-case hexadecimal with zeros behind.
	FaultContents Code = "contents"
	// FaultCMS: the CMS cannot be read, or is not encoded as DER in our form.
	FaultCMS Code = "cms"
	// FaultAttributes: the signed attributes are not those of level B-B.
	FaultAttributes Code = "attributes"
	// FaultDigest: a signed byte was changed.
	FaultDigest Code = "digest"
	// FaultSigningCertificate: signing-certificate-v2 (RFC 5035) names another.
	FaultSigningCertificate Code = "signing-certificate"
	// FaultSignature: the signature value is wrong.
	FaultSignature Code = "signature"
	// FaultDocMDP: the certification forbids what happened, or stands where it
	// must not.
	FaultDocMDP Code = "docmdp"
	// FaultTime: the claimed time is in the future or runs backwards.
	FaultTime Code = "time"
	// FaultKeyUsage: the certificate is not one for signing documents.
	FaultKeyUsage Code = "key-usage"
	// FaultChain: the certificate was not trusted at the claimed time.
	FaultChain Code = "chain"
	// FaultNotWhole: something follows the last signature.
	FaultNotWhole Code = "not-whole-file"
)

// Fault is one reason to refuse a file. It is an error; find it in what Verify
// and Sign return with errors.As.
type Fault struct {
	Code     Code
	Revision int    // counted from 1, 0 for the whole file
	Object   int    // object number, 0 when it is not about one object
	Field    string // signature field, "" when it is not about one signature
	Detail   string
	cause    error
}

// Unwrap returns what made the file unreadable, nil for all other faults.
func (f *Fault) Unwrap() error { return f.cause }

// Error names the place first.
func (f *Fault) Error() string {
	var where []string
	if f.Revision > 0 {
		where = append(where, fmt.Sprintf("revision %d", f.Revision))
	}
	if f.Object > 0 {
		where = append(where, fmt.Sprintf("object %d", f.Object))
	}
	if f.Field != "" {
		where = append(where, "field "+f.Field)
	}
	if where == nil {
		return fmt.Sprintf("%s: %s", f.Code, f.Detail)
	}
	return fmt.Sprintf("%s: %s: %s", strings.Join(where, ", "), f.Code, f.Detail)
}

// Signature is what one signature says and what was found about it.
type Signature struct {
	Field       string
	Revision    int    // counted from 1
	Page        int    // counted from 1
	AddedLater  bool   // the field was added after an earlier signature: look at its box
	Signer      string // common name in the certificate
	Serial      string // of the certificate, hexadecimal
	Name        string // as the signature dictionary says
	Reason      string
	Location    string
	ClaimedTime time.Time // /M: claimed by the signer, proved by nothing
	SubFilter   string
	WholeFile   bool // covers every byte of the file but its own /Contents
	DocMDP      int  // certification level P, 0 for an approval signature
	Expired     bool // certificate has expired since; no fault by itself
	Faults      []*Fault
}

// Report is the outcome of Verify. It is filled as far as the file could be read.
type Report struct {
	SHA256     string // of the whole file, hexadecimal: compare with the one on record
	Revisions  int
	Signatures []Signature
	Faults     []*Fault // all of them, those of the signatures included, in order
}

// Valid reports whether there is at least one signature and nothing to object.
func (r Report) Valid() bool { return len(r.Signatures) > 0 && len(r.Faults) == 0 }

// err is nil for a valid report; a caller who looks at nothing but the error is
// safe.
func (r Report) err() error {
	if r.Valid() {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrRefused, r.Faults[0])
}
