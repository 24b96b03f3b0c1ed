package release

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release/pades"
)

// Keys gives the key and certificate with which a person signs PDF files, and the roots that are trusted.
type Keys interface {
	Signer(account, name string, plant *Plant, now time.Time) (pades.Signer, error)
	Roots() *x509.CertPool
}

// Book loads what is to be released, lets the rules decide, and appends what was signed.
type Book struct {
	Batches *batch.Book
	Plant   *Plant
	Keys    Keys
	Clock   func() time.Time
}

// Prompt is what a person sees before signing an act: the content, its digest, and every rule that stands
// against it.
type Prompt struct {
	Shown    Shown
	Digest   ledger.Digest
	Refusals ledger.Refusals
}

// Prompt shows an act to a person before they sign.
func (k *Book) Prompt(ctx context.Context, who Signer, number string, act mbr.Act) (Prompt, error) {
	b, err := k.Batches.Load(ctx, number)
	if err != nil {
		return Prompt{}, err
	}
	shown := Show(b, act)
	digest, err := shown.Digest()
	if err != nil {
		return Prompt{}, err
	}
	return Prompt{Shown: shown, Digest: digest, Refusals: MaySign(b, act, who, k.Plant, k.Clock())}, nil
}

// Sign signs the QA review, a head's statement or the sponsor's release over what was shown (I8). Every rule
// that stands against it is told at once; nothing is signed then (I9).
func (k *Book) Sign(ctx context.Context, by ledger.Author, number string, act mbr.Act, shown ledger.Digest, sign batch.Signer) error {
	if act == mbr.ActCertification {
		_, err := k.Certify(ctx, by, number, shown, sign)
		return err
	}
	signed, err := k.ask(ctx, by, number, act, shown, sign)
	if err != nil {
		return err
	}
	return k.Batches.Sign(ctx, by, number, 0, func(b *batch.Batch, _ *chainofcustody.TherapyEvent) (batch.ActDraft, error) {
		err := k.decide(b, by, act, signed)
		if err != nil {
			return batch.ActDraft{}, err
		}
		return batch.ActDraft{Act: act, Record: b.Record, Signature: signed}, nil
	})
}

// ask checks the rules before the password is asked for, then asks for the signature.
func (k *Book) ask(ctx context.Context, by ledger.Author, number string, act mbr.Act, shown ledger.Digest, sign batch.Signer) (people.Signed, error) {
	prompt, err := k.Prompt(ctx, signer(by), number, act)
	if err != nil {
		return people.Signed{}, err
	}
	err = prompt.Refusals.Err()
	if err != nil {
		return people.Signed{}, err
	}
	if prompt.Digest != shown {
		return people.Signed{}, changedSince(number)
	}
	_, meaning, _ := RoleOf(act)
	return sign(ctx, meaning, shown)
}

func changedSince(number string) *ledger.Refusal {
	return ledger.Refuse(ledger.Stale, "I8", "changed-since-shown", "batch {batch} has changed since it was shown", "look at it again, then sign", "batch", number)
}

// decide repeats rules and digest on the state that the append is decided on.
func (k *Book) decide(b *batch.Batch, by ledger.Author, act mbr.Act, signed people.Signed) error {
	err := MaySign(b, act, signer(by), k.Plant, k.Clock()).Err()
	if err != nil {
		return err
	}
	digest, err := Show(b, act).Digest()
	if err != nil {
		return err
	}
	_, meaning, _ := RoleOf(act)
	return signed.For(meaning, digest)
}

func signer(by ledger.Author) Signer {
	return Signer{Account: by.Account, Role: people.Role(by.Role)}
}

// certified is what the certification's entry holds beside the signature.
type certified struct {
	Certificate string        `json:"certificate"`
	Register    uint64        `json:"register"`
	Stage       int           `json:"stage"`
	Pending     []string      `json:"pending_tests"`
	PDF         ledger.Digest `json:"pdf"`
	Checkpoint  string        `json:"checkpoint"`
}

// Certify signs the certification of a batch by the Qualified Person: the decision, the register entry and the
// signed certificate become part of the record in one append, or none of them (AT-31, QP-8).
func (k *Book) Certify(ctx context.Context, by ledger.Author, number string, shown ledger.Digest, sign batch.Signer) (CertificateRef, error) {
	signed, err := k.ask(ctx, by, number, mbr.ActCertification, shown, sign)
	if err != nil {
		return CertificateRef{}, err
	}
	var ref CertificateRef
	err = k.Batches.Sign(ctx, by, number, 0, func(b *batch.Batch, t *chainofcustody.TherapyEvent) (batch.ActDraft, error) {
		err := k.decide(b, by, mbr.ActCertification, signed)
		if err != nil {
			return batch.ActDraft{}, err
		}
		var draft batch.ActDraft
		draft, ref, err = k.certification(ctx, b, t, signed)
		return draft, err
	})
	return ref, err
}

func (k *Book) certification(ctx context.Context, b *batch.Batch, t *chainofcustody.TherapyEvent, signed people.Signed) (batch.ActDraft, CertificateRef, error) {
	log := k.Batches.Log
	fail := func(err error) (batch.ActDraft, CertificateRef, error) {
		return batch.ActDraft{}, CertificateRef{}, fmt.Errorf("certify %s: %w", b.Number, err)
	}
	register := RegisterStream(k.Plant.Site)
	entry, err := chainofcustody.Next(ctx, log, register)
	if err != nil {
		return fail(err)
	}
	year := k.Clock().In(k.Plant.Location).Year()
	series := chainofcustody.SeriesStream(fmt.Sprintf("certificate/%s/%d", k.Plant.Site, year))
	n, err := chainofcustody.Next(ctx, log, series)
	if err != nil {
		return fail(err)
	}
	checkpoint, err := log.Checkpoint(ctx)
	if err != nil {
		return fail(err)
	}
	earlier, err := certificates(b)
	if err != nil {
		return fail(err)
	}
	c := issue{
		earlier: earlier,
		number:  fmt.Sprintf("%s-%d-%04d", k.Plant.BatchPrefix, year, n), register: entry, checkpoint: checkpoint,
		batch: b, event: t, signature: signed.Signature(), at: signed.Signature().At,
	}
	pdf, err := k.print(c)
	if err != nil {
		return fail(err)
	}
	line := registered{
		Product: k.Plant.Product.English, Batch: b.Number, CoI: b.CoI.String(), Trial: k.Plant.EudraCT, Decision: decisionOf(b),
		Certificate: c.number, PDF: ledger.DigestOf(pdf), QP: c.signature.Name, Signed: c.signature.Digest,
	}
	details, err := json.Marshal(certified{
		Certificate: c.number, Register: entry, Stage: Stage(b), Pending: pendingTests(b), PDF: line.PDF, Checkpoint: string(checkpoint),
	})
	if err != nil {
		return fail(err)
	}
	refs := map[string]CertificateRef{}
	refer(entry, line, refs)
	shown, err := views(refs)
	if err != nil {
		return fail(err)
	}
	return batch.ActDraft{
		Act: mbr.ActCertification, Record: b.Record, Signature: signed, Details: details, Blobs: [][]byte{pdf}, Views: shown,
		Streams: []ledger.StreamAppend{
			chainofcustody.Issue(series, n, c.number),
			{Stream: register, Expected: entry - 1, Drafts: []ledger.Draft{{Type: typeRegistered, Data: line, Blobs: []ledger.Digest{line.PDF}}}},
		},
	}, refs[c.number], nil
}

func decisionOf(b *batch.Batch) Decision {
	if Stage(b) == 1 {
		return InitialCertification
	}
	return FinalCertification
}

// Certificate is the signed PDF with that number.
func (k *Book) Certificate(ctx context.Context, number string) ([]byte, CertificateRef, error) {
	var ref CertificateRef
	doc, err := k.Batches.Log.View(ctx, certificatePrefix+number)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return nil, ref, fmt.Errorf("certificate %s: %w", number, err)
	}
	if err != nil {
		return nil, ref, ledger.Refuse(ledger.Missing, "QP-1", "no-certificate", "there is no certificate {number} at this plant", "check the number", "number", number)
	}
	err = json.Unmarshal(doc, &ref)
	if err != nil {
		return nil, ref, fmt.Errorf("certificate %s: %w", number, err)
	}
	pdf, err := k.Batches.Log.Blob(ctx, ref.PDF)
	if err != nil {
		return nil, ref, fmt.Errorf("certificate %s: %w", number, err)
	}
	return pdf, ref, nil
}

// Certificates are the references of all certificates of the plant, in order of number.
func (k *Book) Certificates(ctx context.Context) iter.Seq2[CertificateRef, error] {
	return func(yield func(CertificateRef, error) bool) {
		for doc, err := range k.Batches.Log.Views(ctx, certificatePrefix) {
			var ref CertificateRef
			if err == nil {
				err = json.Unmarshal(doc.Data, &ref)
			}
			if !yield(ref, err) || err != nil {
				return
			}
		}
	}
}

// Register yields the register of the plant, in order.
func (k *Book) Register(ctx context.Context) iter.Seq2[RegisterEntry, error] {
	return func(yield func(RegisterEntry, error) bool) {
		for e, err := range k.Batches.Log.Stream(ctx, RegisterStream(k.Plant.Site), 0) {
			var r RegisterEntry
			if err == nil {
				r, err = registerEntry(e)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}
