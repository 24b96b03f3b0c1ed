package pades

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// inspection is everything about a file that needs neither trust nor a clock.
type inspection struct {
	f      *file
	sigs   []*signed
	faults []*Fault
}

// signed is one signature with what later questions need.
type signed struct {
	Signature
	num    int // object of the signature dictionary
	rev    int // index of the revision that holds it
	field  *widget
	msg    *message
	faults *[]*Fault
}

func (in *inspection) add(f *Fault) { in.faults = append(in.faults, f) }

// fault records a finding with the signature and with the file.
func (s *signed) fault(f *Fault) {
	f.Revision, f.Object, f.Field = s.rev+1, s.num, s.Field
	s.Faults = append(s.Faults, f)
	*s.faults = append(*s.faults, f)
}

func (s *signed) faultf(code Code, format string, args ...any) {
	s.fault(&Fault{Code: code, Detail: fmt.Sprintf(format, args...)})
}

// open reads a file for signing: it may be unsigned, but what is signed must hold.
func open(pdf []byte) (*inspection, error) {
	in, err := inspect(pdf)
	if err != nil {
		return nil, err
	}
	if len(in.faults) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrRefused, in.faults[0])
	}
	return in, nil
}

// inspect goes through the revisions in order. An error means that the file
// could not be read as a whole; findings are collected.
func inspect(pdf []byte) (*inspection, error) {
	f, err := readFile(pdf)
	if err != nil {
		return nil, err
	}
	in := &inspection{f: f}
	_, err = f.pages(f.last())
	if err != nil {
		return nil, err
	}
	err = in.collect()
	if err != nil {
		return nil, err
	}
	in.checkPerms()
	next := 0
	for rev := range f.revs {
		if len(in.sigs) > 0 && rev > in.sigs[0].rev {
			in.checkIncrement(rev)
		}
		for ; next < len(in.sigs) && in.sigs[next].rev == rev; next++ {
			in.checkSignature(in.sigs[next])
		}
	}
	in.checkOrder()
	if n := len(in.sigs); n > 0 && !in.sigs[n-1].WholeFile {
		in.add(&Fault{Code: FaultNotWhole, Revision: len(f.revs), Detail: "the last signature does not cover the whole file"})
	}
	return in, nil
}

// collect finds the signatures of every revision, not only those that the last
// one still shows: else an update could empty a signed field and with it all
// questions about what was done since.
func (in *inspection) collect() error {
	owner := map[int]int{} // signature -> field
	for rev := range in.f.revs {
		widgets, err := in.f.widgets(rev)
		if err != nil {
			return fmt.Errorf("revision %d: %w", rev+1, err)
		}
		for _, w := range widgets {
			if w.sig == 0 || owner[w.sig] == w.num {
				continue
			}
			h := in.f.history[w.sig]
			switch {
			case owner[w.sig] != 0:
				return fmt.Errorf("%w: field %s borrows the signature of another", ErrUnreadable, w.name)
			case len(h) != 1 || in.f.get(w.sig, h[0]).plain() == nil:
				return fmt.Errorf("%w: field %s: object %d is not one signature dictionary", ErrUnreadable, w.name, w.sig)
			case h[0] != rev || in.f.get(w.num, rev-1).plain().has("V"):
				return fmt.Errorf("%w: field %s was not filled in by the revision that signs it", ErrUnreadable, w.name)
			}
			owner[w.sig] = w.num
			in.sigs = append(in.sigs, &signed{num: w.sig, rev: rev, field: w, faults: &in.faults})
		}
	}
	pages, err := in.f.pages(in.f.last())
	if err != nil {
		return err
	}
	for i, s := range in.sigs {
		if i > 0 && in.sigs[i-1].rev == s.rev {
			return fmt.Errorf("%w: two signatures in revision %d", ErrUnreadable, s.rev+1)
		}
		s.Field, s.Revision = s.field.name, s.rev+1
		s.Page = slices.Index(pages, s.field.page) + 1
		s.AddedLater = i > 0 && in.f.get(s.field.num, in.sigs[0].rev) == nil
	}
	return nil
}

// checkSignature asks all that concerns one signature alone.
func (in *inspection) checkSignature(s *signed) {
	d := in.f.get(s.num, s.rev).dict()
	err := s.read(d)
	if err != nil {
		s.faultf(FaultDictionary, "%v", err)
	}
	contents, _ := d.get("Contents").(str)
	f := byteRange(d, contents, in.f.revs[s.rev].end)
	if f != nil {
		s.fault(f)
		return
	}
	s.WholeFile = in.f.revs[s.rev].end == len(in.f.data)
	raw, err := unpad(in.f.data[contents.start:contents.end])
	if err != nil {
		s.faultf(FaultContents, "%v", err)
		return
	}
	h := sha256.New()
	h.Write(in.f.data[:contents.start])
	h.Write(in.f.data[contents.end:in.f.revs[s.rev].end])
	s.msg, f = readCMS(raw, h.Sum(nil))
	if s.msg != nil && s.msg.signer != nil {
		s.Signer = s.msg.signer.Subject.CommonName
		s.Serial = serial(s.msg.signer.SerialNumber)
	}
	if f != nil {
		s.fault(f)
	}
}

func serial(n *big.Int) string { return fmt.Sprintf("%x", n) }

// read takes over what the signature dictionary says, and refuses entries that
// are not in our form (ETSI EN 319 142-1, 6.3; ISO 32000-1, table 252).
func (s *signed) read(d *dict) error {
	key, ok := d.only("ByteRange", "Contents", "Type", "Filter", "SubFilter", "M", "Name", "Reason", "Location", "Reference")
	if !ok {
		return fmt.Errorf("entry /%s", key)
	}
	s.SubFilter = string(d.name("SubFilter"))
	if d.name("Type") != "Sig" || d.name("Filter") != "Adobe.PPKLite" || s.SubFilter != subFilter {
		return fmt.Errorf("type or filter is not that of a PAdES signature, /SubFilter is %q", s.SubFilter)
	}
	var err error
	s.ClaimedTime, err = parseDate(d.get("M"))
	if err != nil {
		return fmt.Errorf("/M: %w", err)
	}
	for _, t := range []struct {
		key name
		to  *string
	}{{"Name", &s.Name}, {"Reason", &s.Reason}, {"Location", &s.Location}} {
		if !d.has(t.key) {
			continue
		}
		*t.to, err = decodeText(d.get(t.key))
		if err != nil {
			return fmt.Errorf("/%s: %w", t.key, err)
		}
	}
	if !d.has("Reference") {
		return nil
	}
	for _, p := range []int{1, 2} {
		if same(d.get("Reference"), docMDP(p)) {
			s.DocMDP = p
			return nil
		}
	}
	return errors.New("/Reference is not a certification with P=1 or P=2")
}

// byteRange holds /ByteRange against the place of /Contents. The gap must be
// exactly that one string, from < to >: a wider one would leave bytes that
// nobody signed.
func byteRange(d *dict, contents str, end int) *Fault {
	a, _ := d.get("ByteRange").(array)
	want := array{num(0), num(contents.start), num(contents.end), num(end - contents.end)}
	if !contents.hex || !same(a, want) {
		return &Fault{Code: FaultByteRange, Detail: fmt.Sprintf(
			"%s, but all but /Contents up to the end of the revision is %s", appendValue(nil, a), appendValue(nil, want))}
	}
	return nil
}

// unpad takes the CMS out of the token <…>. What is behind it must be zeros and
// the digits lower case, because no signature covers them.
func unpad(token []byte) ([]byte, error) {
	digits := token[1 : len(token)-1]
	if len(digits) != 2*contentsRoom {
		return nil, fmt.Errorf("%d hexadecimal digits, %d expected", len(digits), 2*contentsRoom)
	}
	raw := make([]byte, contentsRoom)
	_, err := hex.Decode(raw, digits)
	if err != nil {
		return nil, err
	}
	if hex.EncodeToString(raw) != string(digits) {
		return nil, errors.New("upper-case digits")
	}
	_, whole, err := (&derReader{raw}).next(tagSequence)
	if err != nil {
		return nil, err
	}
	for _, c := range raw[len(whole):] {
		if c != 0 {
			return nil, errors.New("something stands in the padding")
		}
	}
	return whole, nil
}

// checkOrder asks what concerns signatures together.
func (in *inspection) checkOrder() {
	for i, s := range in.sigs[min(1, len(in.sigs)):] {
		if s.DocMDP != 0 {
			s.faultf(FaultDocMDP, "only the first signature may certify")
		}
		if before := in.sigs[i]; s.ClaimedTime.Before(before.ClaimedTime) {
			s.faultf(FaultTime, "claims %s, before %s of field %s", s.ClaimedTime, before.ClaimedTime, before.Field)
		}
	}
}

// checkPerms: /Perms names the first signature exactly when that one certifies
// (ISO 32000-1, 12.8.4).
func (in *inspection) checkPerms() {
	perms := in.f.catalog(in.f.last()).get("Perms")
	var want value
	if len(in.sigs) > 0 && in.f.get(in.sigs[0].num, in.sigs[0].rev).dict().has("Reference") {
		want = makeDict("DocMDP", ref(in.sigs[0].num))
	}
	if !same(perms, want) {
		in.add(&Fault{Code: FaultDocMDP, Object: in.f.root, Detail: "/Perms does not name the first signature, or names one that does not certify"})
	}
}

// suitable asks whether a certificate may sign documents at all (RFC 5280,
// 4.2.1.3 and 4.2.1.12; ETSI EN 319 412-2, 4.3.2).
func suitable(c *x509.Certificate) error {
	_, _, err := algorithm(c)
	if err != nil {
		return err
	}
	if c.IsCA {
		return errors.New("certificate of an authority, not of a person")
	}
	if c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return errors.New("key usage is neither digitalSignature nor contentCommitment")
	}
	if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 {
		return nil
	}
	for _, u := range c.ExtKeyUsage {
		if u == x509.ExtKeyUsageEmailProtection || u == x509.ExtKeyUsageAny {
			return nil
		}
	}
	for _, u := range c.UnknownExtKeyUsage {
		if u.Equal(oidDocumentSigning) || u.Equal(oidAdobeSigning) || u.Equal(oidMicrosoftSigning) {
			return nil
		}
	}
	return errors.New("extended key usage is not for documents")
}
