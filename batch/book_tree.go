package batch

import (
	"context"
	"errors"
	"strings"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// Divide puts the content of a scanned container into new ones, as the step at which the batch stands makes them; their labels
// are issued in the same append. What was in it, what is in them and the waste have to be the same, within the tolerance of the
// recipe (AT-14).
func (k *Book) Divide(ctx context.Context, by ledger.Author, number string, seen Seen, raw string, manner chainofcustody.Manner, p Portions) error {
	return k.withContainers(ctx, by, number, seen, []string{raw}, func(b *Batch, t *chainofcustody.TherapyEvent, matches []chainofcustody.Match) (change, error) {
		parent, err := scannedIn(t, matches[0])
		if err != nil {
			return change{}, err
		}
		creation, tolerance, err := b.making(parent.Kind, p.Kind, p.Waste.Unit())
		if err != nil {
			return change{}, err
		}
		h, st, err := k.handles(ctx, by, b)
		if err != nil {
			return change{}, err
		}
		err = b.room(st, t, creation, len(p.Volumes))
		if err != nil {
			return change{}, err
		}
		d := chainofcustody.Division{Manner: manner, Before: p.Before, Waste: p.Waste, Tolerance: tolerance, Purpose: b.made(st)}
		for _, v := range p.Volumes {
			d.Portions = append(d.Portions, chainofcustody.Portion{Kind: p.Kind, Volume: v})
		}
		drafts, err := t.Divide(by, k.Clock(), matches[0], d)
		if err != nil {
			return change{}, err
		}
		return issuing(h, st, creation, drafts), nil
	})
}

// Pool puts the content of several scanned containers of one kind into one new one, where the step at which the batch stands
// makes that. All of them are of one therapy event: a pool over two cannot be written down (I5).
func (k *Book) Pool(ctx context.Context, by ledger.Author, number string, seen Seen, raws []string, p Portions) error {
	return k.withContainers(ctx, by, number, seen, raws, func(b *Batch, t *chainofcustody.TherapyEvent, matches []chainofcustody.Match) (change, error) {
		first, err := scannedIn(t, matches[0])
		if err != nil {
			return change{}, err
		}
		creation, tolerance, err := b.making(first.Kind, p.Kind, p.Waste.Unit())
		if err != nil {
			return change{}, err
		}
		if creation.Count != "" || len(p.Volumes) != 1 {
			return change{}, ledger.Refuse(ledger.Unmet, "I5", "no-pooling", "the recipe does not say that containers are pooled here", "keep them apart")
		}
		h, st, err := k.handles(ctx, by, b)
		if err != nil {
			return change{}, err
		}
		drafts, err := t.Pool(by, k.Clock(), matches, &chainofcustody.PoolRule{From: first.Kind, Into: p.Kind, Tolerance: tolerance}, p.Volumes[0], p.Waste, b.made(st))
		if err != nil {
			return change{}, err
		}
		return issuing(h, st, creation, drafts), nil
	})
}

// Freeze records that a scanned container was frozen: nothing is taken from it before it is thawed.
func (k *Book) Freeze(ctx context.Context, by ledger.Author, number string, seen Seen, raw string) error {
	return k.tend(ctx, by, number, seen, raw, (*Batch).mayFreeze, func(t *chainofcustody.TherapyEvent, m chainofcustody.Match) (ledger.Draft, error) {
		return t.Freeze(by, k.Clock(), m)
	})
}

// Thaw records that a scanned container was thawed.
func (k *Book) Thaw(ctx context.Context, by ledger.Author, number string, seen Seen, raw string) error {
	return k.tend(ctx, by, number, seen, raw, (*Batch).mayFreeze, func(t *chainofcustody.TherapyEvent, m chainofcustody.Match) (ledger.Draft, error) {
		return t.Thaw(by, k.Clock(), m)
	})
}

// Destroy records that a scanned container of a batch that is being made was destroyed with what is in it, and why. What
// becomes of the material of an ended batch is for Dispose.
func (k *Book) Destroy(ctx context.Context, by ledger.Author, number string, seen Seen, raw, reason string) error {
	reason, err := reasonOf("AT-59", reason)
	if err != nil {
		return err
	}
	return k.tend(ctx, by, number, seen, raw, nil, func(t *chainofcustody.TherapyEvent, m chainofcustody.Match) (ledger.Draft, error) {
		return t.Destroy(by, k.Clock(), m, reason)
	})
}

func (k *Book) tend(ctx context.Context, by ledger.Author, number string, seen Seen, raw string, may func(*Batch, *chainofcustody.Container) error, do func(*chainofcustody.TherapyEvent, chainofcustody.Match) (ledger.Draft, error)) error {
	return k.withContainers(ctx, by, number, seen, []string{raw}, func(b *Batch, t *chainofcustody.TherapyEvent, matches []chainofcustody.Match) (change, error) {
		c, err := scannedIn(t, matches[0])
		if err != nil {
			return change{}, err
		}
		err = b.mayTend(by, c)
		if err == nil && may != nil {
			err = may(b, c)
		}
		if err != nil {
			return change{}, err
		}
		draft, err := do(t, matches[0])
		return change{therapy: []ledger.Draft{draft}}, err
	})
}

// maxPooled bounds the containers of one pool.
const maxPooled = 20

// withContainers does what needs the scan of containers of the batch. Every scan is kept whatever comes of it, and the label of
// another patient is an exception of the batch (I4).
func (k *Book) withContainers(ctx context.Context, by ledger.Author, number string, seen Seen, raws []string, do func(*Batch, *chainofcustody.TherapyEvent, []chainofcustody.Match) (change, error)) error {
	if len(raws) == 0 || len(raws) > maxPooled {
		return ledger.Refuse(ledger.Invalid, "I4", "scan-containers", "between 1 and 20 containers are scanned at once", "scan the containers")
	}
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		var scans []ledger.Draft
		var matches []chainofcustody.Match
		for _, raw := range raws {
			draft, match, mismatch := t.ScanTree(by, k.Clock(), raw)
			match, mismatch = b.own(t, match, mismatch)
			scans, matches = append(scans, draft), append(matches, match)
			if mismatch != nil {
				return keepsScans(scans, "", mismatch), nil
			}
		}
		c, err := do(b, t, matches)
		c.therapy, c.holds = append(scans, c.therapy...), true
		if errors.As(err, &c.after) {
			return keepsScans(scans, "", c.after), nil
		}
		return c, err
	})
}

// keepsScans is the change that keeps scans whatever came of them: of a label that did not match, with the exception of the batch
// (I4).
func keepsScans(scans []ledger.Draft, container string, refusal *ledger.Refusal) change {
	c := change{therapy: scans, after: refusal, holds: true}
	if refusal != nil && refusal.Kind == ledger.Stop {
		c.batch = []ledger.Draft{{Type: typeCustody, Data: mismatched("", container, refusal)}}
	}
	return c
}

// handles opens the step at which the batch stands for a person who makes containers in it.
func (k *Book) handles(ctx context.Context, by ledger.Author, b *Batch) (Handling, *StepState, error) {
	st := b.atStep()
	if st == nil {
		return Handling{}, nil, ledger.Refuse(ledger.Unmet, "AT-59", "batch-over", "batch {batch} is not made any further", "say on its course what becomes of the material", "batch", b.Number)
	}
	err := k.enter(ctx, by, b, st.Step.ID)
	if err != nil {
		return Handling{}, nil, err
	}
	h, err := b.Handle(by, k.Clock(), st.Step.ID)
	return h, st, err
}

// issuing is the change that makes containers in a step: with their labels, which are printed where the recipe says so.
func issuing(h Handling, st *StepState, creation mbr.Creation, drafts []ledger.Draft) change {
	ids := chainofcustody.Created(drafts)
	var print []string
	if creation.Print {
		print = ids
	}
	return change{therapy: drafts, batch: append(h.drafts, LabelsIssued(st.Step.ID, ids, print))}
}

// scannedIn is the container of a match; a label of the patient alone names none.
func scannedIn(t *chainofcustody.TherapyEvent, m chainofcustody.Match) (*chainofcustody.Container, error) {
	c, ok := t.Container(m.Container().String())
	if !ok {
		return nil, ledger.Refuse(ledger.Invalid, "I4", "no-container-label", "the label that was scanned names no container", "scan the label of the container", "label", strings.TrimSpace(m.CoI().Print()))
	}
	return c, nil
}
