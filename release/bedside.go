package release

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Where the recipe's values stand that the bedside needs.
const (
	limbRef          = "S01.index_limb"
	volumeRef        = "S33.volume_each"
	concentrationRef = "S37.wbc_conc"
)

// AtBed is what a phone at the bedside is told of a batch: the statement that it may go by without a network, with its
// proof, and whether it stands. Proof is nil while there is no certificate.
type AtBed struct {
	Batch    string
	Standing bedside.Standing
	Proof    *ledger.EntryProof
	At       *bedside.Administration // as it stood with the statement
}

// AtBed states to the bedside of a batch what its certificate is and what has to agree. What is said anew becomes an
// entry by who asked; the same again does not.
func (k *Book) AtBed(ctx context.Context, by ledger.Author, number string) (AtBed, error) {
	out := AtBed{Batch: number}
	_, err := ledger.Decide(ctx, k.Batches.Log, func(ctx context.Context) (ledger.Append, error) {
		b, t, err := k.Batches.LoadWithEvent(ctx, number)
		if err != nil {
			return ledger.Append{}, err
		}
		at, err := k.Batches.Bedside().Load(ctx, number)
		if err != nil {
			return ledger.Append{}, err
		}
		out.Standing = k.standing(b, at)
		s, ok, err := k.Statement(b, t)
		if err != nil || !ok {
			return ledger.Append{Author: by}, err
		}
		draft, fresh, err := at.State(s)
		if err != nil || !fresh {
			return ledger.Append{Author: by}, err
		}
		return ledger.Append{Author: by, Streams: []ledger.StreamAppend{at.Add(draft), {Stream: batch.Stream(number), Expected: b.Version}}}, nil
	})
	if err != nil {
		return AtBed{}, err
	}
	at, err := k.Batches.Bedside().Load(ctx, number)
	if err != nil {
		return AtBed{}, err
	}
	out.At = at
	now := at.Current()
	if now == nil {
		return out, nil
	}
	e, err := k.Batches.Log.Entry(ctx, now.Seq)
	if err != nil {
		return AtBed{}, fmt.Errorf("statement of %s: %w", number, err)
	}
	proof, err := ledger.ProveEntry(ctx, k.Batches.Log, e)
	if err != nil {
		return AtBed{}, err
	}
	out.Proof = &proof
	return out, nil
}

// standing is whether the product may be given, but for its expiry, which every clock can tell.
func (k *Book) standing(b *batch.Batch, at *bedside.Administration) bedside.Standing {
	s, _ := b.AtBed(k.Clock())
	if at.Recall != nil {
		s.State, s.Why = bedside.Recalled, at.Recall.Reason
	}
	return s
}

// Statement is what the record says to the bedside now; false while the batch is not certified.
func (k *Book) Statement(b *batch.Batch, t *chainofcustody.TherapyEvent) (bedside.Statement, bool, error) {
	act, ok := b.Act(mbr.ActCertification)
	if !ok {
		return bedside.Statement{}, false, nil
	}
	var d certified
	err := json.Unmarshal(act.Details, &d)
	if err != nil {
		return bedside.Statement{}, false, fmt.Errorf("certification at entry %d: %w", act.Seq, err)
	}
	expiry, ok := b.Expiry()
	limb, limbed := b.Value(limbRef)
	filling, _ := b.Value(volumeRef)
	volume, filled := filling.Value.Quantity()
	if !ok || !limbed || !filled {
		return bedside.Statement{}, false, nil
	}
	s := bedside.Statement{
		Batch: b.Number, CoI: b.CoI.String(), Certificate: d.Certificate, PDF: d.PDF, CertifiedBy: act.Signature.Name, CertifiedAt: act.Signature.At.UTC(),
		Expiry: expiry.UTC(), Limb: limb.Value.Text, Containers: []bedside.Filled{}, Tolerance: k.Plant.tolerance,
	}
	for _, c := range b.Containers(t, phone.FinalContainer) {
		if c.State != chainofcustody.Whole {
			continue // frozen, emptied or destroyed: not to be given
		}
		filled := bedside.Filled{ID: c.ID.String(), Label: c.ID.Print(), Volume: volume}
		if c.Volume != nil {
			filled.Volume = *c.Volume
		}
		s.Containers = append(s.Containers, filled)
	}
	return s, true, nil
}

// Dose is how many cells an infusion gave; false while the concentration is not known (scenario 51). It tells the arm.
func Dose(b *batch.Batch, e *bedside.End) (quantity.Quantity, bool) {
	counted, _ := b.Value(concentrationRef)
	conc, ok := counted.Value.Quantity()
	if !ok || e == nil {
		return quantity.Quantity{}, false
	}
	dose, err := bedside.Dose(e.Given, conc)
	return dose, err == nil
}

// Recalling is what a recall of a batch withdraws, as it is shown to who signs it (I8).
type Recalling struct {
	Batch        string
	Certificates []string // every one of the batch, the newest last
	Begun        bool     // it was given, or is being given: the recall is told then, and holds nothing
	newest       certified
}

// Recallable is what a recall would withdraw now, or why there is nothing to.
func Recallable(b *batch.Batch, at *bedside.Administration) (Recalling, error) {
	r := Recalling{Batch: b.Number, Begun: b.BegunAt(at)}
	err := certifications(b, func(_ batch.SignedAct, c certified) {
		r.Certificates, r.newest = append(r.Certificates, c.Certificate), c
	})
	if err != nil {
		return r, err
	}
	if len(r.Certificates) == 0 {
		return r, ledger.Refuse(ledger.Unmet, "AT-57", "nothing-to-recall", "batch {batch} was not certified", "hold it instead", "batch", b.Number)
	}
	_, err = at.Withdraw(bedside.Recall{})
	return r, err
}

// Digest is over what a Qualified Person signs to recall the certificates; over what is shown, while no reason was given.
func (r Recalling) Digest(reason string) (ledger.Digest, error) {
	s := batch.Shown{Batch: r.Batch, Step: "recall", Values: []batch.ShownValue{{Field: "begun", Value: fmt.Sprint(r.Begun)}, {Field: "reason", Value: reason}}}
	for _, c := range r.Certificates {
		s.Values = append(s.Values, batch.ShownValue{Field: "certificate", Value: c})
	}
	return s.Digest()
}

// Recall withdraws every certificate of a batch (AT-57, QP-8): a line of the register, what the bedside is told from now
// on, and a hold of the batch where it was not given, in one append. The certificate itself stays as it was signed. shown is
// over what the signer had before them; a batch that was certified or begun meanwhile is shown again first.
func (k *Book) Recall(ctx context.Context, by ledger.Author, number string, shown ledger.Digest, reason string, sign batch.Signer) error {
	reason = strings.TrimSpace(reason)
	if people.Role(by.Role) != people.QP {
		return ledger.Refuse(ledger.Forbidden, "CS-20", "may-not-recall", "a certificate is recalled by the Qualified Person, not by {role}", "ask the Qualified Person", "role", by.Role)
	}
	if reason == "" || len(reason) > maxReason {
		return ledger.Refuse(ledger.Invalid, "AT-57", "recall-reason", "a recall needs a reason of up to 500 characters", "say why it must not be given")
	}
	b, err := k.Batches.Load(ctx, number)
	if err != nil {
		return err
	}
	_, _, signs, err := k.recalling(ctx, b, shown, reason)
	if err != nil {
		return err
	}
	signed, err := sign(ctx, people.Recalled, signs)
	if err != nil {
		return err
	}
	return k.Batches.Recall(ctx, by, number, reason, func(b *batch.Batch) (batch.Recalled, error) {
		r, at, signs, err := k.recalling(ctx, b, shown, reason)
		if err == nil {
			err = signed.For(people.Recalled, signs)
		}
		if err != nil {
			return batch.Recalled{}, err
		}
		a, err := k.recall(ctx, b, at, r.newest, reason, signed.Signature())
		return batch.Recalled{Certificate: r.newest.Certificate, Begun: r.Begun, Append: a}, err
	})
}

const maxReason = 500

// recalling is what is recalled and what is signed for it, as long as it is what was shown.
func (k *Book) recalling(ctx context.Context, b *batch.Batch, shown ledger.Digest, reason string) (Recalling, *bedside.Administration, ledger.Digest, error) {
	at, err := k.Batches.Bedside().Load(ctx, b.Number)
	if err != nil {
		return Recalling{}, nil, ledger.Digest{}, err
	}
	r, err := Recallable(b, at)
	if err != nil {
		return r, at, ledger.Digest{}, err
	}
	is, err := r.Digest("")
	if err == nil && is != shown {
		err = changedSince(b.Number)
	}
	if err != nil {
		return r, at, ledger.Digest{}, err
	}
	signs, err := r.Digest(reason)
	return r, at, signs, err
}

func (k *Book) recall(ctx context.Context, b *batch.Batch, at *bedside.Administration, d certified, reason string, signature people.Signature) (ledger.Append, error) {
	log := k.Batches.Log
	withdrawn, err := at.Withdraw(bedside.Recall{Certificate: d.Certificate, Reason: reason, Signature: signature})
	if err != nil {
		return ledger.Append{}, err
	}
	register := RegisterStream(k.Plant.Site)
	entry, err := chainofcustody.Next(ctx, log, register)
	if err != nil {
		return ledger.Append{}, err
	}
	line := registered{
		Product: k.Plant.Product.English, Batch: b.Number, CoI: b.CoI.String(), Trial: k.Plant.EudraCT, Decision: Recall,
		Certificate: d.Certificate, PDF: d.PDF, QP: signature.Name, Signed: signature.Digest, Remark: reason,
	}
	all, err := certificates(b)
	if err != nil {
		return ledger.Append{}, err
	}
	refs := map[string]CertificateRef{}
	for _, number := range all {
		_, refs[number], err = k.Certificate(ctx, number)
		if err != nil {
			return ledger.Append{}, err
		}
	}
	refer(entry, line, refs)
	shown, err := views(refs)
	if err != nil {
		return ledger.Append{}, err
	}
	return ledger.Append{
		Streams: []ledger.StreamAppend{at.Add(withdrawn), {Stream: register, Expected: entry - 1, Drafts: []ledger.Draft{{Type: typeRegistered, Data: line}}}},
		Views:   shown,
	}, nil
}

// Answer is the Qualified Person's signed answer to what a physician asked for at the bedside (scenarios 40 and 43). It
// lifts no rule there: a product that is supplied out of its rules has its own document.
func (k *Book) Answer(ctx context.Context, by ledger.Author, number string, request uint64, supply bool, text string, sign batch.Signer) error {
	text = strings.TrimSpace(text)
	if people.Role(by.Role) != people.QP {
		return ledger.Refuse(ledger.Forbidden, "CS-20", "may-not-answer", "a physician's request is answered by the Qualified Person, not by {role}", "ask the Qualified Person", "role", by.Role)
	}
	if text == "" || len(text) > maxReason {
		return ledger.Refuse(ledger.Invalid, "AT-37", "answer-text", "an answer needs a text of up to 500 characters", "say what is decided and why")
	}
	shown, err := batch.Shown{Batch: number, Step: "bedside-request", Values: []batch.ShownValue{
		{Field: "request", Entry: request}, {Field: "supply", Value: fmt.Sprint(supply)}, {Field: "text", Value: text},
	}}.Digest()
	if err != nil {
		return err
	}
	signed, err := sign(ctx, people.Answered, shown)
	if err != nil {
		return err
	}
	_, err = ledger.Decide(ctx, k.Batches.Log, func(ctx context.Context) (ledger.Append, error) {
		at, err := k.Batches.Bedside().Load(ctx, number)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, err := at.Reply(bedside.Answer{Request: request, Supply: supply, Text: text, Signature: signed.Signature()})
		return ledger.Append{Author: by, Streams: []ledger.StreamAppend{at.Add(draft)}}, err
	})
	return err
}
