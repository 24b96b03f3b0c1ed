package release

import (
	"context"
	"fmt"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/foreign"
	"rexbatch/internal/ledger"
	"rexbatch/release/fhir"
)

// FHIR is the bundle of the final product of a batch (FHIR R5): of the plant's own record, or the newest that was imported of it.
func (k *Book) FHIR(ctx context.Context, number string) ([]byte, error) {
	b, t, err := k.Batches.LoadWithEvent(ctx, number)
	if err != nil {
		if !isMissing(err) {
			return nil, err
		}
		kept, found := k.foreignBundle(ctx, number)
		if found != nil {
			return nil, found
		}
		if kept == nil {
			return nil, err
		}
		return kept, nil
	}
	containers := b.Containers(t, finalContainer)
	if len(containers) == 0 {
		return nil, ledger.Refuse(ledger.Missing, "CS-65", "no-product-yet", "batch {batch} has no final container yet", "ask again when it is filled", "batch", number)
	}
	return k.product(b, t, containers).Document()
}

func isMissing(err error) bool {
	for _, r := range ledger.RefusalsOf(err) {
		if r.Kind == ledger.Missing {
			return true
		}
	}
	return false
}

func (k *Book) product(b *batch.Batch, t *chainofcustody.TherapyEvent, containers []*chainofcustody.Container) fhir.Product {
	p := fhir.Product{
		Site: k.Plant.Site, Plant: k.Plant.Name["en"], Batch: b.Number, CoI: b.CoI.String(), DIN: containers[0].ID.DIN().String(),
		Collected: b.Collected(), Prepared: b.Prepared(), StorageMin: k.Plant.Label.StorageMin, StorageMax: k.Plant.Label.StorageMax, Zone: k.Plant.Location,
	}
	p.Expires, _ = b.Expiry()
	last := func(at time.Time) {
		if at.After(p.LastChange) {
			p.LastChange = at
		}
	}
	for _, c := range t.OfKind("harvest-bag") {
		if !p.Collected.IsZero() && c.ID.DIN() == containers[0].ID.DIN() {
			p.Marrow = append(p.Marrow, c.ID.String())
			last(p.Collected)
		}
	}
	givenAt, given, wasGiven := b.Given()
	released := b.Signed(mbr.ActSponsor)
	if wasGiven {
		last(givenAt)
	}
	last(released)
	for _, c := range containers {
		last(c.CreatedAt)
		out := fhir.Container{ID: c.ID.String(), Division: c.ID.Division().String(), State: fhir.Preparation}
		disposed, gone := b.Disposed[c.ID.String()]
		for _, o := range t.Offers {
			if o.Container == c.ID.String() && !o.AcceptedAt.IsZero() && o.To.Party == chainofcustody.Hospital {
				out.HandedOver = o.AcceptedAt
				last(o.AcceptedAt)
			}
		}
		for _, g := range given {
			out.Gone = out.Gone || g == c.ID.String()
		}
		switch {
		case !out.HandedOver.IsZero() || out.Gone:
			out.State = fhir.Issued
		case gone || b.Ending != nil:
			out.State = fhir.Unfulfilled
		case !released.IsZero():
			out.State = fhir.Allocated
		}
		if gone {
			last(disposed.At)
		}
		if b.Ending != nil {
			last(b.Ending.At)
		}
		out.Gone = out.Gone || gone
		p.Containers = append(p.Containers, out)
	}
	return p
}

// ImportFHIR takes a bundle of a product from elsewhere as evidence. The plant's own record says of its own batches what they are.
func (k *Book) ImportFHIR(ctx context.Context, by ledger.Author, text []byte, reason string) (foreign.Result, error) {
	b, err := fhir.Parse(text, k.Clock())
	if err != nil {
		return foreign.Result{}, err
	}
	own := false
	_, err = k.Batches.Load(ctx, b.Of())
	switch {
	case err == nil:
		again, err := k.FHIR(ctx, b.Of())
		if err != nil {
			return foreign.Result{}, err
		}
		same, err := fhir.Parse(again, k.Clock())
		own = err == nil && same.Identifier == b.Identifier
		if !own {
			return foreign.Result{}, ledger.Refuse(ledger.Unmet, "I2", "own-batch", "batch {batch} is of this plant, and its record says something else", "the record stands; look where the document is from", "batch", b.Of())
		}
	case !isMissing(err):
		return foreign.Result{}, err
	}
	return foreign.Keep(ctx, k.Batches.Log, by, foreign.FHIR, text, []string{b.Identifier.Value}, reason, func(string) bool { return own })
}

// foreignBundle is the newest imported bundle of a batch, in the form that is exported; nil when there is none.
func (k *Book) foreignBundle(ctx context.Context, number string) ([]byte, error) {
	shelf, err := foreign.Load(ctx, k.Batches.Log, foreign.FHIR)
	if err != nil {
		return nil, err
	}
	var newest fhir.Bundle
	for _, d := range shelf.Documents {
		text, err := k.Batches.Log.Blob(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("imported document %s: %w", d, err)
		}
		b, err := fhir.Parse(text, k.Clock())
		if err != nil {
			return nil, fmt.Errorf("imported document %s: %w", d, err)
		}
		if b.Of() == number && b.Later(newest) {
			newest = b
		}
	}
	if newest.Of() == "" {
		return nil, nil
	}
	return newest.Bytes()
}
