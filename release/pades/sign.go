package pades

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"
)

// Signer is a person's key with its certificate. The key may live in a token:
// only crypto.Signer is used. Chain holds the issuing certificates, which travel
// in the signature (ETSI EN 319 142-1, 6.3).
type Signer struct {
	Key         crypto.Signer
	Certificate *x509.Certificate
	Chain       []*x509.Certificate
}

// Certification says what the first signature permits afterwards (DocMDP,
// ISO 32000-1, 12.8.2.2). A later signature is always an approval signature.
type Certification int

const (
	// CertifySigning certifies with P=2: only further signatures may follow.
	CertifySigning Certification = iota
	// CertifyFinal certifies with P=1: nothing may follow.
	CertifyFinal
	// ApprovalOnly does not certify.
	ApprovalOnly
)

// Options describe one signature.
type Options struct {
	// Field is filled in when an empty field of this name exists (its page and
	// box then count), otherwise it is added.
	Field Field
	// Appearance is a finished one-page PDF of the size of the field, with its
	// fonts embedded; it is what readers of the page see.
	Appearance []byte
	// Time is the claimed time of signing; its offset is kept.
	Time time.Time
	// Name, Reason and Location go into the signature dictionary (ISO 32000-1,
	// table 252). An empty Name becomes the certificate's common name.
	Name, Reason, Location string
	// Certification counts for the first signature of a file.
	Certification Certification
}

// contentsRoom is the fixed room for the CMS. It never grows silently: a larger
// signature is an error that somebody looks at.
const contentsRoom = 16 << 10

// byteRangeRoom holds "[0 a b c]" for any file below maxFile.
const byteRangeRoom = len("[0 33554432 33554432 33554432]")

// Sign adds one PAdES B-B signature (ETSI EN 319 142-1, 6; ISO 32000-1, 12.8)
// as an incremental update. It refuses a file whose earlier signatures do not
// hold, so nobody signs on top of a forged page. The result was read back and
// checked before it is returned.
func Sign(pdf []byte, s Signer, o Options) ([]byte, error) {
	in, err := open(pdf)
	if err != nil {
		return nil, err
	}
	out, err := in.sign(s, o)
	if err != nil {
		return nil, err
	}
	return recheck(out)
}

// sign is Sign without the question whether the file holds.
func (in *inspection) sign(s Signer, o Options) ([]byte, error) {
	err := s.check(o.Time)
	if err != nil {
		return nil, err
	}
	p, err := in.certifies(o)
	if err != nil {
		return nil, err
	}
	u := newUpdate(in.f)
	w, err := u.field(o.Field)
	if err != nil {
		return nil, err
	}
	form, err := u.importPage(o.Appearance, w.rect)
	if err != nil {
		return nil, err
	}
	sig := u.alloc()
	body, err := signatureBody(s, o, p)
	if err != nil {
		return nil, err
	}
	u.body[sig] = body
	u.set(w.num, w.dict.with("V", ref(sig)).with("AP", makeDict("N", ref(form))))
	if p != 0 {
		u.set(in.f.root, u.dict(in.f.root).with("Perms", makeDict("DocMDP", ref(sig))))
	}
	u.version()
	out, err := u.finish(o.Field.Name + pdfDate(o.Time))
	if err != nil {
		return nil, err
	}
	err = fill(out, u.at[sig], s)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// recheck reads a finished file back, so that nothing leaves this package that
// Verify would refuse.
func recheck(out []byte) ([]byte, error) {
	_, err := open(out)
	if err != nil {
		return nil, fmt.Errorf("read back: %w", err)
	}
	return out, nil
}

func (s Signer) check(at time.Time) error {
	switch {
	case s.Key == nil || s.Certificate == nil:
		return fmt.Errorf("%w: key or certificate is missing", ErrSigner)
	case at.IsZero() || at.Year() < 2000 || at.Year() > 9999:
		return fmt.Errorf("%w: time of signing is missing", ErrOption)
	}
	pub, ok := s.Certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !pub.Equal(s.Key.Public()) {
		return fmt.Errorf("%w: the certificate is for another key", ErrSigner)
	}
	if c := s.Certificate; at.Before(c.NotBefore) || at.After(c.NotAfter) {
		return fmt.Errorf("%w: certificate is valid from %s to %s only", ErrSigner, c.NotBefore, c.NotAfter)
	}
	err := suitable(s.Certificate)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSigner, err)
	}
	return nil
}

// certifies returns the level P that this signature is to state, 0 for none.
func (in *inspection) certifies(o Options) (int, error) {
	if o.Certification < CertifySigning || o.Certification > ApprovalOnly {
		return 0, fmt.Errorf("%w: certification %d", ErrOption, o.Certification)
	}
	if n := len(in.sigs); n > 0 {
		last := in.sigs[n-1]
		switch {
		case in.sigs[0].DocMDP == 1:
			return 0, fmt.Errorf("%w: by %s in field %s", ErrCertified, in.sigs[0].Signer, in.sigs[0].Field)
		case o.Certification == CertifyFinal:
			return 0, fmt.Errorf("%w: only the first signature can certify", ErrOption)
		case o.Time.Truncate(time.Second).Before(last.ClaimedTime):
			return 0, fmt.Errorf("%w: time %s is before the last signature's, %s", ErrOption, o.Time, last.ClaimedTime)
		}
		return 0, nil
	}
	return map[Certification]int{CertifySigning: 2, CertifyFinal: 1}[o.Certification], nil
}

// field finds the empty field to fill in, or adds it.
func (u *update) field(fd Field) (*widget, error) {
	for _, w := range u.fields {
		if w.name != fd.Name {
			continue
		}
		if w.sig != 0 {
			return nil, fmt.Errorf("%w: %s", ErrFieldSigned, fd.Name)
		}
		return w, nil
	}
	return u.addField(fd)
}

// signatureBody is the signature dictionary of ISO 32000-1, table 252, with
// room for /ByteRange and /Contents. These two come first, at places that are
// then known; the rest is covered by the signature as it stands.
func signatureBody(s Signer, o Options, p int) ([]byte, error) {
	d := makeDict("Type", name("Sig"), "Filter", name("Adobe.PPKLite"),
		"SubFilter", name(subFilter), "M", str{b: []byte(pdfDate(o.Time))})
	if o.Name == "" {
		o.Name = s.Certificate.Subject.CommonName
	}
	for _, t := range []struct {
		key  name
		text string
	}{{"Name", o.Name}, {"Reason", o.Reason}, {"Location", o.Location}} {
		if t.text == "" {
			continue
		}
		v, err := textString("/"+string(t.key), t.text)
		if err != nil {
			return nil, err
		}
		d = d.with(t.key, v)
	}
	if p != 0 {
		d = d.with("Reference", docMDP(p))
	}
	b := []byte(byteRangeKey)
	b = append(b, bytes.Repeat([]byte(" "), byteRangeRoom)...)
	b = append(b, contentsKey...)
	b = append(b, bytes.Repeat([]byte("0"), 2*contentsRoom)...)
	b = append(b, ">\n"...)
	return append(b, appendValue(nil, d)[len("<<"):]...), nil
}

const (
	subFilter    = "ETSI.CAdES.detached"
	byteRangeKey = "<</ByteRange "
	contentsKey  = "\n/Contents <"
)

// docMDP is the signature reference of a certification (ISO 32000-1, 12.8.2.2).
func docMDP(p int) array {
	return array{makeDict("Type", name("SigRef"), "TransformMethod", name("DocMDP"),
		"TransformParams", makeDict("Type", name("TransformParams"), "P", num(p), "V", name("1.2")))}
}

// fill computes the byte range, signs it and puts the CMS into its room.
func fill(out []byte, at int, s Signer) error {
	rangeAt := at + len(byteRangeKey)
	gap := rangeAt + byteRangeRoom + len(contentsKey) - 1 // at "<"
	end := gap + 2*contentsRoom + 2                       // after ">"
	copy(out[rangeAt:], fmt.Sprintf("[0 %d %d %d]", gap, end, len(out)-end))
	h := sha256.New()
	h.Write(out[:gap])
	h.Write(out[end:])
	cms, err := signCMS(s, h.Sum(nil))
	if err != nil {
		return err
	}
	if len(cms) > contentsRoom {
		return fmt.Errorf("%w: %d bytes", ErrNoRoom, len(cms))
	}
	hex.Encode(out[gap+1:], cms)
	return nil
}
