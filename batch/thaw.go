package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// The fields of the first record on which a thaw rests, and what its order fills in the recipe of the thaw.
const (
	frozenStep      = "S45"
	frozenBranchRef = "S45.branch"
	frozenBranch    = "prepared" // placebo was given, the REX-001 was frozen
	cellsRef        = "S37.wbc_total"
	viabilityRef    = "S38.viability_cd45"

	identityStep = "T01" // of the thaw: where the frozen container is identified
)

// crossOverMonths is how long after freezing the product may be given at the earliest (process scenario 49).
const crossOverMonths = 12

// Thaw is what a batch is made of that is thawed: the product of another one, and by whose order.
type Thaw struct {
	First       string            `json:"first"`       // batch
	Certificate string            `json:"certificate"` // of the first batch
	PDF         ledger.Digest     `json:"pdf"`         // of that certificate
	FrozenAt    time.Time         `json:"frozen_at"`
	Container   string            `json:"container"` // of the first batch, from whose content it was frozen
	Dose        quantity.Quantity `json:"dose"`      // viable cells ordered
	Reason      string            `json:"reason"`
	Ordered     people.Signature  `json:"ordered"`   // the investigator's
	Disclosed   people.Signature  `json:"disclosed"` // the custodian's: with the order the arm is known (I11)
}

// ThawOrder is the order to thaw the product of a finished batch for its patient.
type ThawOrder struct {
	First  string // batch
	Dose   string // viable cells, "4e8"
	Reason string
}

// MayThaw holds that the product of a batch was frozen and may be thawed now: certified, finished, nothing open against it, long
// enough ago. branch is what the sealed step says.
func (b *Batch) MayThaw(branch Value, now time.Time) error {
	frozen := b.steps[frozenStep]
	_, open := b.Current()
	held, isHeld := b.Held()
	_, certified := b.Act(mbr.ActCertification)
	switch {
	case b.ThawedAs != "":
		return ledger.Refuse(ledger.Unmet, "AT-1", "thawed-already", "the product of batch {batch} is thawed in batch {other}", "go on there", "batch", b.Number, "other", b.ThawedAs)
	case b.Thaws != nil || b.Ending != nil || !certified:
		return ledger.Refuse(ledger.Unmet, "AT-31", "thaw-not-certified", "batch {batch} has no standing certificate by which its product could be thawed", "only the product of a certified batch is thawed, once", "batch", b.Number)
	case open:
		return ledger.Refuse(ledger.Unmet, "AT-1", "thaw-not-finished", "batch {batch} is not finished", "enter its final results first", "batch", b.Number)
	case isHeld:
		return ledger.Refuse(ledger.Unmet, "AT-59", "batch-held", "batch {batch} is held ({cause}): {what}", "QA has to let it go on", "batch", b.Number, "cause", string(held.Cause), "what", held.What)
	case frozen == nil || branch.Text != frozenBranch:
		return ledger.Refuse(ledger.Unmet, "AT-1", "thaw-nothing-frozen", "nothing of batch {batch} was frozen", "check the number of the batch", "batch", b.Number)
	}
	earliest := frozen.CompletedAt.AddDate(0, crossOverMonths, 0)
	if now.Before(earliest) {
		return ledger.Refuse(ledger.Unmet, "AT-1", "thaw-early", "the product of batch {batch} may be thawed from {from} on", "wait until then: {months} months after freezing", "batch", b.Number, "from", earliest.UTC().Format(time.DateOnly), "months", fmt.Sprint(crossOverMonths))
	}
	return nil
}

// digest is what investigator and custodian sign.
func (t Thaw) digest(b *Batch) (ledger.Digest, error) {
	return Shown{Batch: b.Number, CoI: b.CoI.String(), Step: "thaw-order", Values: []ShownValue{
		{Field: "dose", Value: t.Dose.String()}, {Field: "certificate", Value: t.Certificate + " " + t.PDF.String()}, {Field: "reason", Value: t.Reason},
	}}.Digest()
}

// OpenThaw opens the batch of a thaw under the Chain of Identity of the first one (scenario 49). The custodian, who sees the arm,
// acts: the look at what was frozen is an entry of the first batch (I11). The investigator orders by signature; from then on the
// arm of this patient is known to whoever sees the batch.
func (k *Book) OpenThaw(ctx context.Context, by ledger.Author, o ThawOrder, ordering, disclosing Signer) (string, error) {
	if !people.Role(by.Role).May(people.SeeBlinded) {
		return "", ledger.Refuse(ledger.Forbidden, "I11", "blinded", "the role {role} is blinded", "only unblinded roles may look", "role", by.Role)
	}
	if k.ThawRecipe == nil || k.ThawSpec == nil {
		return "", ledger.Refuse(ledger.Unmet, "AT-3", "thaw-no-recipe", "this plant has no master batch record for thawing", "ask QA")
	}
	reason, err := reasonOf("AT-1", o.Reason)
	if err != nil {
		return "", err
	}
	o.Reason = reason
	dose, err := quantity.Parse(o.Dose, "cells")
	if err == nil && (dose.Sign() <= 0 || dose.Qualifier() != quantity.Exactly) {
		err = ledger.Refuse(ledger.Invalid, "AT-1", "thaw-dose", "{got} is no dose", "enter the viable cells that are ordered, such as 4e8", "got", o.Dose)
	}
	if err != nil {
		return "", err
	}
	b, err := k.Load(ctx, o.First)
	if err != nil {
		return "", err
	}
	err = k.mayThaw(b)
	if err != nil {
		return "", err
	}
	act, _ := b.Act(mbr.ActCertification)
	certificate, pdf, err := certificateOf(act)
	if err != nil {
		return "", fmt.Errorf("certificate of %s: %w", b.Number, err)
	}
	thaw := Thaw{First: o.First, Certificate: certificate, PDF: pdf, Dose: dose, Reason: o.Reason}
	digest, err := thaw.digest(b)
	if err != nil {
		return "", err
	}
	ordered, err := signedFor(ctx, ordering, people.Performed, digest)
	if err != nil {
		return "", err
	}
	if ordered.Role != string(people.Investigator) {
		return "", ledger.Refuse(ledger.Forbidden, "CS-66", "thaw-not-investigator", "a thaw is ordered by the investigator, not by {role}", "the investigator has to sign", "role", ordered.Role)
	}
	disclosed, err := signedFor(ctx, disclosing, people.Verified, digest)
	if err == nil && (disclosed.Account != by.Account || disclosed.Account == ordered.Account) {
		err = ledger.Refuse(ledger.Forbidden, "I7", "thaw-one-person", "the order is signed by two persons, the investigator and the custodian who acts", "sign with your own password", "account", by.Account)
	}
	if err != nil {
		return "", err
	}
	thaw.Ordered, thaw.Disclosed = ordered, disclosed
	var number string
	err = k.change(ctx, by, o.First, 0, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		err := k.mayThaw(b)
		if err != nil {
			return change{}, err
		}
		var c change
		number, c, err = k.thawing(ctx, by, b, t, thaw)
		return c, err
	})
	return number, err
}

// mayThaw opens the seal of the step that froze it.
func (k *Book) mayThaw(b *Batch) error {
	var branch Value
	sealed, ok := b.Value(frozenBranchRef)
	if ok && sealed.Value.Sealed != "" {
		var err error
		branch, err = k.Seal.Open(b.Number, frozenBranchRef, sealed.Value)
		if err != nil {
			return err
		}
	}
	return b.MayThaw(branch, k.Clock())
}

func signedFor(ctx context.Context, sign Signer, meaning people.Meaning, digest ledger.Digest) (people.Signature, error) {
	if sign == nil {
		return people.Signature{}, ledger.Refuse(ledger.Unmet, "I8", "signature-missing", "a signature is missing", "sign with your password")
	}
	signed, err := sign(ctx, meaning, digest)
	if err == nil {
		err = signed.For(meaning, digest)
	}
	if err != nil {
		return people.Signature{}, err
	}
	return signed.Signature(), nil
}

// thawing is the new batch: its number, its first entry with what it takes from the first record, and the look at that one.
func (k *Book) thawing(ctx context.Context, by ledger.Author, b *Batch, t *chainofcustody.TherapyEvent, thaw Thaw) (string, change, error) {
	look, err := b.Reveal(frozenStep, thaw.Reason)
	if err != nil {
		return "", change{}, err
	}
	series, n, year, err := k.nextNumber(ctx)
	if err != nil {
		return "", change{}, err
	}
	number, err := batchNumber(k.Prefix, year, n)
	if err != nil {
		return "", change{}, err
	}
	of := b.Containers(t, string(finalContainer))
	if len(of) == 0 {
		return "", change{}, ledger.Refuse(ledger.Unmet, "AT-1", "thaw-nothing-frozen", "nothing of batch {batch} was frozen", "check the number of the batch", "batch", b.Number)
	}
	thaw.FrozenAt, thaw.Container = b.steps[frozenStep].CompletedAt, of[len(of)-1].ID.String()
	open := opening(opened{
		Number: number, CoI: b.CoI.String(), Subject: b.Subject, Site: b.Site, Recipe: k.ThawRecipe.Digest, Version: k.ThawRecipe.Version, Spec: k.ThawSpec.Digest,
		Harvest: b.Harvest, Reason: thaw.Reason, Thaw: &thaw,
	})
	open.Takes = append(open.Takes, "thaw/"+b.Number) // what was thawed is not thawed again
	drafts := []ledger.Draft{open}
	take := func(ref string, v Value, from Captured) {
		step, field, _ := strings.Cut(ref, ".")
		drafts = append(drafts, ledger.Draft{Type: typeEntered, Data: entered{Step: step, Field: field, Value: v, Source: Ordered, Ref: fmt.Sprintf("%s entry %d", b.Number, from.Seq)}})
	}
	for _, ref := range []string{cellsRef, viabilityRef, collectedRef} {
		if _, ok := b.Value(ref); !ok {
			return "", change{}, ledger.Refuse(ledger.Unmet, "AT-1", "thaw-no-value", "the record of batch {batch} has no {field}", "the order needs it: ask QA", "batch", b.Number, "field", ref)
		}
	}
	cells, _ := b.Value(cellsRef)
	viable, _ := b.Value(viabilityRef)
	pulled, _ := b.Value(collectedRef)
	act, _ := b.Act(mbr.ActCertification)
	signed := Captured{Seq: act.Seq}
	take("S01.subject_no", Value{Text: b.Subject}, signed)
	take("S01.first_batch", Value{Text: b.Number}, signed)
	take("S01.first_certificate", Value{Text: thaw.Certificate}, signed)
	take("S01.cells_frozen", cells.Value, cells)
	take("S01.viability_before", viable.Value, viable)
	take("S01.dose_ordered", Value{Number: &thaw.Dose}, signed)
	take("S05.last_pull_at", pulled.Value, pulled)
	views, err := k.begun(by, drafts)
	if err != nil {
		return "", change{}, err
	}
	recipe, _ := k.Library.File(k.ThawRecipe.Digest)
	spec, _ := k.Library.File(k.ThawSpec.Digest)
	return number, change{
		batch: []ledger.Draft{look, {Type: typeThawing, Data: thawing{Batch: number}}}, views: views, blobs: [][]byte{recipe, spec}, guard: true,
		streams: []ledger.StreamAppend{chainofcustody.Issue(series, n, number), {Stream: Stream(number), Drafts: drafts}},
	}, nil
}

// thawing says in the record of the first batch in which one its frozen product is thawed.
type thawing struct {
	Batch string `json:"batch"`
}

func (b *Batch) applyThawing(_ ledger.Entry, d thawing) error {
	b.ThawedAs = d.Batch
	return nil
}

// finalContainer is the kind in which the product is.
const finalContainer = chainofcustody.Kind("final-container")

// identifies tells whether a match was made where the frozen container of a thaw is identified: there its label, which is one of
// the first batch, is what is looked for.
func (b *Batch) identifies(c *chainofcustody.Container, m chainofcustody.Match) bool {
	return b.Thaws != nil && c.Batch() == b.Thaws.First && strings.HasPrefix(m.Purpose(), b.Number+"/"+identityStep+"/")
}

// origin is the batch of whose product this one is made, by a split or by a thaw; empty for none. What comes to light of that one
// later concerns this one too.
func (b *Batch) origin() string {
	if b.Thaws != nil {
		return b.Thaws.First
	}
	return b.Parent
}

// creating makes the containers of a step. The first one of a thaw is made of what the plant has in store: it comes from the product
// of the first batch, whoever had the rest of it last.
func (b *Batch) creating(t *chainofcustody.TherapyEvent, w Wanted, purpose string) ([]ledger.Draft, error) {
	if b.Thaws != nil && w.From == "" {
		return t.FromStore(w.Kind, b.Thaws.Container, w.Count, purpose)
	}
	return t.Create(w.Kind, w.From, w.Count, purpose, b.mine, b.counts)
}

// Stored is the first batch of a thaw, whose stored results are shown beside it (scenario 49); a refusal for a batch that is none.
func (k *Book) Stored(ctx context.Context, number string) (Thaw, *Batch, error) {
	b, err := k.Load(ctx, number)
	if err != nil {
		return Thaw{}, nil, err
	}
	if b.Thaws == nil {
		return Thaw{}, nil, ledger.Refuse(ledger.Missing, "AT-1", "no-thaw", "batch {batch} was not thawed", "choose the batch of a thaw", "batch", number)
	}
	first, err := k.Load(ctx, b.Thaws.First)
	return *b.Thaws, first, err
}

// certificateOf reads number and file of the certificate that an act of certification holds.
func certificateOf(act SignedAct) (certificate string, pdf ledger.Digest, err error) {
	var d struct {
		Certificate string        `json:"certificate"`
		PDF         ledger.Digest `json:"pdf"`
	}
	err = json.Unmarshal(act.Details, &d)
	if err == nil && d.Certificate == "" {
		err = errors.New("it names no certificate")
	}
	return d.Certificate, d.PDF, err
}
