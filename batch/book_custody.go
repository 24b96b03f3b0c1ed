package batch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Of is the number of the active batch of a therapy event.
func (k *Book) Of(ctx context.Context, coi isbt128.CoI) (string, error) {
	seq, err := k.Log.Claim(ctx, ClaimActive(coi))
	if errors.Is(err, ledger.ErrNotFound) {
		return "", ledger.Refuse(ledger.Missing, "AT-1", "no-active-batch", "there is no active batch of {coi} at this plant", "check the identifier and the plant", "coi", coi.Print())
	}
	if err != nil {
		return "", fmt.Errorf("batch of %s: %w", coi, err)
	}
	e, err := k.Log.Entry(ctx, seq)
	if err != nil {
		return "", fmt.Errorf("batch of %s: %w", coi, err)
	}
	return strings.TrimPrefix(e.Stream, streamPrefix), nil
}

// Offer records that the present custodian's side gives a container to another party (I6).
func (k *Book) Offer(ctx context.Context, by ledger.Author, coi isbt128.CoI, h chainofcustody.Handover, to chainofcustody.Party) error {
	number, err := k.Of(ctx, coi)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, 0, func(_ *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		draft, err := t.Offer(people.Role(by.Role), h, to)
		return change{therapy: []ledger.Draft{draft}}, err
	})
}

// Accept records that the receiver took a container over, with their own scan of its label. A label that does not
// match is recorded, refused, and an exception of the batch (I4); so is what giver and receiver state differently.
func (k *Book) Accept(ctx context.Context, by ledger.Author, coi isbt128.CoI, h chainofcustody.Handover, raw string) error {
	number, err := k.Of(ctx, coi)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, 0, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		r, err := t.Receive(by, h, raw)
		if err != nil {
			return change{}, err
		}
		c := change{therapy: r.Drafts, after: r.Refusal}
		e := custodyException{Container: h.Container}
		if st, ok := b.Current(); ok {
			e.Step = st.Step.ID
		}
		switch {
		case r.Refusal != nil && r.Refusal.Kind == ledger.Stop:
			e.Class, e.Want, e.Got = Identity, r.Refusal.Args["want"], r.Refusal.Args["got"]
			e.What = fmt.Sprintf("at the handoff %s was scanned, expected was %s", e.Got, e.Want)
		case r.Disagrees != "":
			e.Class, e.What, e.Want, e.Got = CustodyDiffers, r.Disagrees, r.Given.String(), h.String()
		default:
			return c, nil
		}
		c.batch = []ledger.Draft{{Type: typeCustody, Data: e}}
		return c, nil
	})
}
