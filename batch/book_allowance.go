package batch

import (
	"context"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Propose records what production wants to be changed for a batch alone, under a deviation of the batch (AT-5).
func (k *Book) Propose(ctx context.Context, by ledger.Author, number string, seen Seen, deviation string, kind AllowanceKind, target, to, reason, risk string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Propose(by, deviation, kind, target, to, strings.TrimSpace(reason), strings.TrimSpace(risk))
		return change{batch: drafts}, err
	})
}

// Allow records QA's signed approval of a proposed change: from then on it is in force for the batch.
func (k *Book) Allow(ctx context.Context, by ledger.Author, number string, seen Seen, id string, sign Signer) error {
	b, err := k.Load(ctx, number)
	if err != nil {
		return err
	}
	err = b.mayAllowNow(by.Account, people.Role(by.Role), id)
	if err != nil {
		return err
	}
	digest, err := b.AllowanceDigest(id)
	if err != nil {
		return err
	}
	signed, err := sign.as(ctx, by, people.Approved, digest)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Allow(id, signed)
		return change{batch: drafts}, err
	})
}

// Decline records that QA does not allow what was proposed.
func (k *Book) Decline(ctx context.Context, by ledger.Author, number string, seen Seen, id, reason string) error {
	return k.command(ctx, by, number, seen, "AT-5", reason, func(b *Batch, reason string) ([]ledger.Draft, error) {
		return b.Decline(by, id, reason)
	})
}
