package batch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// command changes a batch by a decision of a person with a reason.
func (k *Book) command(ctx context.Context, by ledger.Author, number string, seen Seen, rule, reason string, decide func(b *Batch, reason string) ([]ledger.Draft, error)) error {
	reason, err := reasonOf(rule, reason)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := decide(b, reason)
		return change{batch: drafts}, err
	})
}

// Hold keeps a batch from being worked on until QA lets it go on.
func (k *Book) Hold(ctx context.Context, by ledger.Author, number string, seen Seen, reason string) error {
	return k.command(ctx, by, number, seen, "AT-59", reason, func(b *Batch, reason string) ([]ledger.Draft, error) {
		return b.Hold(by, HoldDecided, "", reason)
	})
}

// LetGoOn ends a hold.
func (k *Book) LetGoOn(ctx context.Context, by ledger.Author, number string, seen Seen, hold, reason string) error {
	return k.command(ctx, by, number, seen, "AT-59", reason, func(b *Batch, reason string) ([]ledger.Draft, error) {
		return b.LetGoOn(by, hold, reason)
	})
}

// ReadHold records that the patient's own hospital has read of an incident of identity (scenario 1).
func (k *Book) ReadHold(ctx context.Context, by ledger.Author, number string, seen Seen, hold string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		err := k.MayReadHold(ctx, by, b, hold)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.ReadHold(by, hold)
		return change{batch: drafts}, err
	})
}

// MayReadHold says why somebody cannot say that they have read of an incident: it is for the patient's own hospital (I12). Nil
// when they can.
func (k *Book) MayReadHold(ctx context.Context, by ledger.Author, b *Batch, hold string) error {
	_, err := b.ReadHold(by, hold)
	if err != nil || k.Custody.Vault == nil {
		return err
	}
	return k.Custody.Vault.Treats(ctx, by.Account, b.Subject)
}

// AskToStop stops a batch where nothing is left half way (scenarios 47 and 48), or cancels its order before anything was
// collected. The slot at the plant is free again; where the patient withdrew or died, only the investigator sees from now
// on who it was: the identifiers are kept, as the law wants, but restricted.
func (k *Book) AskToStop(ctx context.Context, by ledger.Author, number string, seen Seen, cause EndCause, reason string, consent ...Disposition) error {
	reason, err := reasonOf("AT-59", reason)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.AskToStop(by, t, cause, consent, reason)
		if err != nil {
			return change{}, err
		}
		c := change{batch: drafts, guard: true}
		slot, taken, err := k.Custody.FreeSlot(ctx, b.CoI, string(cause))
		if err != nil {
			return change{}, err
		}
		if taken {
			c.streams = append(c.streams, slot)
		}
		if k.Custody.Vault != nil && (cause == EndWithdrawn || cause == EndDied) {
			restrict, known, err := k.Custody.Vault.Restrict(ctx, b.Subject, string(cause))
			if err != nil {
				return change{}, err
			}
			if known {
				c.streams = append(c.streams, restrict)
			}
		}
		if len(drafts) > 1 {
			return k.leaveAll(ctx, by, b, c)
		}
		return c, nil
	})
}

// leaveAll frees the work areas of a batch that closes.
func (k *Book) leaveAll(ctx context.Context, by ledger.Author, b *Batch, c change) (change, error) {
	fl := k.floor(by)
	for kind := range b.Areas {
		err := fl.leaveArea(ctx, b, "", kind)
		if err != nil {
			return change{}, err
		}
	}
	return c, fl.into(&c)
}

// Interrupt says that an open step was broken off (scenario 19).
func (k *Book) Interrupt(ctx context.Context, by ledger.Author, number string, seen Seen, step, cause string) error {
	return k.command(ctx, by, number, seen, "AT-59", cause, func(b *Batch, cause string) ([]ledger.Draft, error) {
		return b.Interrupt(by, step, cause)
	})
}

// Resume says how an interrupted step goes on.
func (k *Book) Resume(ctx context.Context, by ledger.Author, number string, seen Seen, step string, d Resumption, reason string) error {
	return k.command(ctx, by, number, seen, "AT-59", reason, func(b *Batch, reason string) ([]ledger.Draft, error) {
		return b.Resume(by, step, d, reason)
	})
}

// Dispose says what is done with a container of an ended batch, whose label raw is. The scan is recorded whatever came of it
// (I4); container is the one that was meant, where the person chose it before they scanned. With the last one the batch is
// closed and leaves its work areas.
func (k *Book) Dispose(ctx context.Context, by ledger.Author, number string, seen Seen, container, raw string, how Disposition, reason string) error {
	reason, err := reasonOf("AT-59", reason)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		draft, match, mismatch := t.Scan(by, k.Clock(), disposalPurpose(number), chainofcustody.AnyLabel, raw)
		if got := match.Container().String(); mismatch == nil && container != "" && got != container {
			mismatch = ledger.Refuse(ledger.Stop, "I4", "scan-mismatch", "STOP: the scanned label is {got}, expected is {want} ({why})", "put the container aside, scan the right one; the mismatch is recorded and QA has to assess it",
				"got", got, "want", container, "why", "another container")
		}
		c := keepsScans([]ledger.Draft{draft}, container, mismatch)
		if mismatch != nil {
			return c, nil
		}
		drafts, err := b.Dispose(by, k.Clock(), t, match, how, reason)
		if errors.As(err, &c.after) {
			return c, nil
		}
		if err != nil {
			return change{}, err
		}
		c.batch = drafts
		if len(drafts) < 2 {
			return c, nil
		}
		return k.leaveAll(ctx, by, b, c)
	})
}

// closeEmpty closes a batch that ends with nothing left of it, and gives its work areas back, in the append that ends it.
func (k *Book) closeEmpty(ctx context.Context, by ledger.Author, b *Batch, event *chainofcustody.TherapyEvent, a *ledger.Append) ([]ledger.Draft, error) {
	fl := k.floor(by)
	for kind := range b.Areas {
		err := fl.leaveArea(ctx, b, "", kind)
		if err != nil {
			return nil, err
		}
	}
	c := change{}
	err := fl.into(&c)
	if err != nil {
		return nil, err
	}
	a.Streams = append(a.Streams, c.streams...)
	if len(c.views) > 0 {
		if a.Views == nil {
			a.Views = map[string][]byte{}
		}
		maps.Copy(a.Views, c.views)
	}
	stream := chainofcustody.Stream(event.CoI)
	if !slices.ContainsFunc(a.Streams, func(s ledger.StreamAppend) bool { return s.Stream == stream }) {
		a.Streams = append(a.Streams, ledger.StreamAppend{Stream: stream, Expected: event.Version}) // a container that is made meanwhile is left
	}
	return append(c.batch, b.closing(b.Ending.Cause)), nil
}

// ScanBack records that an applied label was scanned: the right one takes it out of the queue, another one stops the step (LB-3).
func (k *Book) ScanBack(ctx context.Context, by ledger.Author, number string, seen Seen, step, raw string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		draft, match, mismatch := t.Scan(by, k.Clock(), number+"/"+step+"/label", chainofcustody.AnyLabel, raw)
		match, mismatch = b.own(t, match, mismatch)
		c := change{therapy: []ledger.Draft{draft}, after: mismatch}
		if mismatch != nil {
			if mismatch.Kind == ledger.Stop {
				c.batch = []ledger.Draft{{Type: typeCustody, Data: mismatched(step, "", mismatch)}}
			}
			return c, nil
		}
		h, err := b.Handle(by, k.Clock(), step)
		if err != nil {
			return change{}, err
		}
		c.batch, err = b.ScanBack(h, match)
		return c, err
	})
}

// Scrap destroys a label, and queues a new one with the next serial where that is wanted: then second is asked to sign.
func (k *Book) Scrap(ctx context.Context, by ledger.Author, number string, seen Seen, step, container, reason string, second Signer) error {
	reason, err := reasonOf("LB-1", reason)
	if err != nil {
		return err
	}
	var signed people.Signed
	if second != nil {
		b, err := k.Load(ctx, number)
		if err != nil {
			return err
		}
		digest, err := b.ReprintDigest(step, container, reason)
		if err != nil {
			return err
		}
		signed, err = second(ctx, people.Verified, digest)
		if err != nil {
			return err
		}
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Scrap(by, step, container, reason, second != nil, signed)
		return change{batch: drafts}, err
	})
}

// OpenDeviation opens a deviation for exceptions that have none, and gives its number.
func (k *Book) OpenDeviation(ctx context.Context, by ledger.Author, number string, seen Seen, exceptions []string, what string) (string, error) {
	what, err := reasonOf("AT-59", what)
	if err != nil {
		return "", err
	}
	var deviation string
	err = k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		var a ledger.Append
		deviation, err = k.numberDeviation(ctx, &a)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.OpenDeviation(by, deviation, exceptions, what)
		return change{batch: drafts, streams: a.Streams}, err
	})
	return deviation, err
}

// Classify records the weight of a deviation and until when it has to be closed.
func (k *Book) Classify(ctx context.Context, by ledger.Author, number string, seen Seen, deviation string, c Classification, due string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Classify(by, deviation, c, due)
		return change{batch: drafts}, err
	})
}

// Investigate records what was found out about a deviation.
func (k *Book) Investigate(ctx context.Context, by ledger.Author, number string, seen Seen, deviation, cause, risk, capa string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Investigate(by, deviation, strings.TrimSpace(cause), strings.TrimSpace(risk), strings.TrimSpace(capa))
		return change{batch: drafts}, err
	})
}

// Approve records QA's signed approval of a deviation.
func (k *Book) Approve(ctx context.Context, by ledger.Author, number string, seen Seen, deviation string, sign Signer) error {
	b, err := k.Load(ctx, number)
	if err != nil {
		return err
	}
	err = b.MayApprove(by.Account, people.Role(by.Role), deviation)
	if err != nil {
		return err
	}
	digest, err := b.DeviationDigest(deviation)
	if err != nil {
		return err
	}
	signed, err := sign.as(ctx, by, people.Approved, digest)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Approve(deviation, signed)
		return change{batch: drafts}, err
	})
}
