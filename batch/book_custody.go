package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// holder is the batch that a container was made for; the active one of the therapy event for a container that nobody
// knows, so that the attempt is recorded with it.
func (k *Book) holder(ctx context.Context, coi isbt128.CoI, container string) (string, error) {
	t, err := k.Custody.Load(ctx, coi)
	if err != nil {
		return "", err
	}
	if c, ok := t.Container(container); ok && c.Batch() != "" {
		return c.Batch(), nil
	}
	return k.Of(ctx, coi)
}

// Give records that the present custodian hands a container over, with their own scan of its label: both sides of a handoff
// confirm the same by a scan (I4, I6, TR-6). A label that does not match is recorded, refused, and an exception of the batch.
func (k *Book) Give(ctx context.Context, by ledger.Author, coi isbt128.CoI, h chainofcustody.Handover, to chainofcustody.Party, raw string) error {
	number, err := k.holder(ctx, coi, h.Container)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, 0, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		err := errors.Join(b.here(), k.mayHandOver(ctx, b, t, h.Container))
		if err != nil {
			return change{}, allRefusals(err)
		}
		r, err := t.Give(by, k.Clock(), h, to, raw)
		if err != nil {
			return change{}, err
		}
		c := change{therapy: r.Drafts, after: r.Refusal, holds: true}
		if r.Refusal != nil && r.Refusal.Kind == ledger.Stop {
			step := ""
			if st, ok := b.Current(); ok {
				step = st.Step.ID
			}
			c.batch = []ledger.Draft{{Type: typeCustody, Data: mismatched(step, h.Container, r.Refusal)}}
			err = k.mixedUpHanding(ctx, b, t, h.Container, raw, &c)
			return c, err
		}
		return c, nil
	})
}

// Accept records that the receiver took a container over, with their own scan of its label. A label that does not
// match is recorded, refused, and an exception of the batch (I4); so is what giver and receiver state differently.
func (k *Book) Accept(ctx context.Context, by ledger.Author, coi isbt128.CoI, h chainofcustody.Handover, raw string) error {
	number, err := k.holder(ctx, coi, h.Container)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, 0, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		err := errors.Join(b.here(), k.mayHandOver(ctx, b, t, h.Container))
		if err != nil {
			return change{}, allRefusals(err)
		}
		r, err := t.Receive(by, k.Clock(), h, raw)
		if err != nil {
			return change{}, err
		}
		c := change{therapy: r.Drafts, after: r.Refusal, holds: true}
		if r.Refusal == nil {
			carrying, err := k.carrying(ctx, h.Container)
			if err != nil {
				return change{}, err
			}
			if offer, ok := t.Open(h.Container); ok && carrying != nil {
				err = k.handedOver(ctx, by, carrying, offer, h, &c)
				if err != nil {
					return change{}, err
				}
			}
		}
		e := custodyException{Container: h.Container}
		if st, ok := b.Current(); ok {
			e.Step = st.Step.ID
		}
		switch {
		case r.Refusal != nil && r.Refusal.Kind == ledger.Stop:
			e = mismatched(e.Step, h.Container, r.Refusal)
		case r.Disagrees != "":
			e.Class, e.What, e.Want, e.Got = CustodyDiffers, r.Disagrees, r.Given.String(), h.String()
		default:
			return c, nil
		}
		c.batch = []ledger.Draft{{Type: typeCustody, Data: e}}
		err = k.mixedUpHanding(ctx, b, t, h.Container, raw, &c)
		return c, err
	})
}

// mixedUpHanding is mixedUp where start material changes hands: there a swap shows first (scenario 1).
func (k *Book) mixedUpHanding(ctx context.Context, b *Batch, t *chainofcustody.TherapyEvent, container, raw string, c *change) error {
	if of, ok := t.Container(container); !ok || b.Released(string(of.Kind)) {
		return nil
	}
	return k.mixedUp(ctx, b, "handoff", raw, c)
}

// mayHandOver holds that the product changes hands only when it is released (I10).
func (k *Book) mayHandOver(ctx context.Context, b *Batch, t *chainofcustody.TherapyEvent, container string) error {
	c, ok := t.Container(container)
	if !ok || !b.Released(string(c.Kind)) {
		return nil
	}
	refusal := b.MayLeave(k.Clock())
	if refusal == nil {
		return nil
	}
	at, err := k.Bedside().Load(ctx, b.Number)
	if err != nil {
		return err
	}
	if slices.Contains(at.Given(), container) {
		return nil // it is at the bed: that it changed hands is to be recorded
	}
	return refusal
}

// Withdraw ends an offer that nobody accepted, by either side, with a reason.
func (k *Book) Withdraw(ctx context.Context, by ledger.Author, coi isbt128.CoI, container, reason string) error {
	number, err := k.holder(ctx, coi, container)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, 0, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		reason, err := reasonOf("I6", reason)
		err = errors.Join(b.here(), err)
		if err != nil {
			return change{}, allRefusals(err)
		}
		draft, err := t.Withdraw(people.Role(by.Role), container, reason)
		return change{therapy: []ledger.Draft{draft}}, err
	})
}

// mismatched is the exception of a label that did not match outside of the step's own scan.
func mismatched(step, container string, r *ledger.Refusal) custodyException {
	return custodyException{
		Class: Identity, Step: step, Container: container, Want: r.Args["want"], Got: r.Args["got"],
		What: fmt.Sprintf("%s was scanned, expected was %s (%s)", r.Args["got"], r.Args["want"], r.Args["why"]),
	}
}
