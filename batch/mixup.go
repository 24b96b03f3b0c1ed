package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Another patient's label at the harvest or at the receipt may mean that this patient's marrow is in the other's bag. Both
// orders freeze in the entry that says so, and go on only when the incident is investigated and approved (scenario 1).

// beside is what a command records in another batch.
type beside struct {
	batch  *Batch
	drafts []ledger.Draft
}

// identifiesStart tells whether a step finds out whose the start material is: a check of identity that blocks, up to the
// receipt at the plant.
func (b *Batch) identifiesStart(id string) bool {
	receipt := -1
	for i, s := range b.order {
		if s.Custody != nil && !b.Released(s.Custody.Container) {
			receipt = i
		}
	}
	i := slices.IndexFunc(b.order, func(s *mbr.Step) bool { return s.ID == id })
	return i >= 0 && i <= receipt && b.order[i].Is("coi-check") && b.order[i].Is("blocking")
}

// mixedUp adds to what a mismatch records that everything freezes which belongs to either treatment: this one's batches, and
// those of the one whose label was read in its place. Nothing follows from a label that names no other treatment but the stop
// that it is anyway, nor from the same label read again. at is the step, or the handoff.
func (k *Book) mixedUp(ctx context.Context, b *Batch, at, raw string, c *change) error {
	if c.after == nil || c.after.Kind != ledger.Stop {
		return nil
	}
	coi, err := k.treatment(ctx, raw)
	if err != nil || coi.IsZero() || coi == b.CoI {
		return err
	}
	c.batch = append(c.batch, b.freeze(len(c.batch), coi.String(), fmt.Sprintf("%s: the label of %s was read", at, coi.Print()))...)
	c.beside, err = k.freezeOthers(ctx, b, at, coi)
	return err
}

// freezeOthers freezes every batch but b that is made of the material of either treatment: first and further harvests, and what
// was split from them (scenarios 5 and 7).
func (k *Book) freezeOthers(ctx context.Context, b *Batch, at string, coi isbt128.CoI) ([]beside, error) {
	var out []beside
	for _, of := range []struct {
		coi, with isbt128.CoI
		what      string
	}{
		{coi, b.CoI, fmt.Sprintf("its label was read for batch %s (%s)", b.Number, at)},
		{b.CoI, coi, fmt.Sprintf("the label of %s was read for batch %s (%s)", coi.Print(), b.Number, at)},
	} {
		numbers, err := k.batchesOf(ctx, of.coi)
		if err != nil {
			return nil, err
		}
		for _, number := range numbers {
			if number == b.Number {
				continue
			}
			other, err := k.Load(ctx, number)
			if err != nil {
				return nil, err
			}
			if drafts := other.freeze(0, of.with.String(), of.what); len(drafts) > 0 {
				out = append(out, beside{other, drafts})
			}
		}
	}
	return out, nil
}

// treatment is the therapy event that a label names, by itself or by a container that this plant knows; zero when it names none.
func (k *Book) treatment(ctx context.Context, raw string) (isbt128.CoI, error) {
	scan, err := isbt128.ParseScan(people.Masked(raw))
	if err != nil {
		return isbt128.CoI{}, nil //nolint:nilerr // the scan itself says that it could not be read
	}
	if !scan.CoI.IsZero() {
		return scan.CoI, nil
	}
	return k.Custody.Holding(ctx, scan.ContainerID())
}

// strays freezes every batch whose container came in the box of another one's marrow.
func (k *Book) strays(ctx context.Context, x shipping, raws []string) ([]beside, error) {
	if x.s.Plan.Direction != shipment.ToPlant {
		return nil, nil
	}
	others, err := k.treatments(ctx, x.b, raws[:min(len(raws), maxScans)])
	if err != nil {
		return nil, err
	}
	return k.freezeAll(ctx, x.b, string(x.s.ID), others)
}

// treatments are the therapy events that labels name, but for the batch's own; each once.
func (k *Book) treatments(ctx context.Context, b *Batch, raws []string) ([]isbt128.CoI, error) {
	var out []isbt128.CoI
	for _, raw := range raws {
		coi, err := k.treatment(ctx, raw)
		if err != nil {
			return nil, err
		}
		if !coi.IsZero() && coi != b.CoI && !slices.Contains(out, coi) {
			out = append(out, coi)
		}
	}
	return out, nil
}

// freezeAll is freezeOthers for more than one treatment in the place of the batch's; each batch freezes once.
func (k *Book) freezeAll(ctx context.Context, b *Batch, at string, others []isbt128.CoI) ([]beside, error) {
	var out []beside
	for _, coi := range others {
		more, err := k.freezeOthers(ctx, b, at, coi)
		if err != nil {
			return nil, err
		}
		for _, o := range more {
			if !slices.ContainsFunc(out, func(had beside) bool { return had.batch.Number == o.batch.Number }) {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// Phoned adds to an append what a phone's event does elsewhere: at a bed, or on the way, where it moves custody and brings a
// swap to light. Nothing of it is refused.
func (k *Book) Phoned(phones *phone.Book, staff *people.Directory) func(context.Context, *ledger.Append, phone.Delivered) error {
	carried := &shipment.Phones{Shipments: k.Shipments(), Phones: phones, People: staff}
	return func(ctx context.Context, a *ledger.Append, e phone.Delivered) error {
		if e.Bed != nil {
			return k.AtBedside(ctx, a, e)
		}
		err := carried.Moves(ctx, a, e)
		if err != nil {
			return err
		}
		s, labels, err := carried.Read(ctx, e)
		if err != nil || s == nil {
			return err
		}
		return k.mixedUpOnTheWay(ctx, a, s, labels)
	}
}

// mixedUpOnTheWay is mixedUp where start material is carried: a phone tells late what it read, and what it read is true all the
// same. A treatment that is not known here freezes nobody: whose it is, its own plant has to say.
func (k *Book) mixedUpOnTheWay(ctx context.Context, a *ledger.Append, s *shipment.Shipment, labels []string) error {
	if s.Plan.Direction != shipment.ToPlant || s.Plan.Batch == "" {
		return nil
	}
	b, err := k.Load(ctx, s.Plan.Batch)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	named, err := k.treatments(ctx, b, labels)
	if err != nil {
		return err
	}
	var own []ledger.Draft
	var others []isbt128.CoI
	for _, coi := range named {
		_, err := k.Custody.Load(ctx, coi)
		if missing(err) {
			continue
		}
		if err != nil {
			return err
		}
		others = append(others, coi)
		own = append(own, b.freeze(len(own), coi.String(), fmt.Sprintf("%s: the label of %s was read", s.ID, coi.Print()))...)
	}
	frozen, err := k.freezeAll(ctx, b, string(s.ID), others)
	if err != nil {
		return err
	}
	if len(own) > 0 {
		frozen = append(frozen, beside{b, own})
	}
	for _, o := range frozen {
		err = k.record(ctx, a.Author, o.batch, nil, o.drafts, a)
		if err != nil {
			return err
		}
	}
	return nil
}

// missing tells whether a load found nothing.
func missing(err error) bool {
	var refused *ledger.Refusal
	return errors.As(err, &refused) && refused.Kind == ledger.Missing
}

// freeze holds a batch for a mix-up with another treatment; nothing when it stands frozen for that one already, or is closed.
func (b *Batch) freeze(before int, with, what string) []ledger.Draft {
	if !b.ClosedAt.IsZero() || b.Over() && b.Ending.Cause == EndSplit || slices.ContainsFunc(b.Holds, func(h Hold) bool { return h.Cause == HoldIdentity && h.Ref == with && h.LetGo == "" }) {
		return nil
	}
	return []ledger.Draft{b.holdDraft(before, HoldIdentity, with, what)}
}

// HoldReading is that a side was told of an incident and has read it.
type HoldReading struct {
	Party chainofcustody.Party
	By    string // account
	At    time.Time
	Seq   uint64
}

type holdRead struct {
	Hold  string               `json:"hold"`
	Party chainofcustody.Party `json:"party"`
}

// Untold is the standing incident of identity that the hospital has not read yet; false when there is none.
func (b *Batch) Untold() (Hold, bool) {
	i := slices.IndexFunc(b.Holds, func(h Hold) bool { return h.Cause == HoldIdentity && h.LetGo == "" && len(h.Read) == 0 })
	if i < 0 {
		return Hold{}, false
	}
	return b.Holds[i], true
}

// ReadHold decides that somebody of the hospital has read of an incident of identity (scenario 1: the hospital is told).
func (b *Batch) ReadHold(by ledger.Author, hold string) ([]ledger.Draft, error) {
	party, ok := chainofcustody.PartyOf(people.Role(by.Role))
	if !ok || party != chainofcustody.Hospital {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-11", "not-told", "the role {role} was not told of this", "the hospital acknowledges it", "role", by.Role)
	}
	i := slices.IndexFunc(b.Holds, func(h Hold) bool { return h.ID == hold && h.Cause == HoldIdentity && h.LetGo == "" })
	switch {
	case i < 0:
		return nil, ledger.Refuse(ledger.Missing, "AT-59", "no-hold", "batch {batch} has no standing hold {hold}", "look at the batch again", "batch", b.Number, "hold", hold)
	case len(b.Holds[i].Read) > 0:
		return nil, ledger.Refuse(ledger.Unmet, "AT-11", "acknowledged-before", "the {party} has acknowledged this already", "nothing is left to do", "party", string(party))
	}
	return []ledger.Draft{{Type: typeHoldRead, Data: holdRead{Hold: hold, Party: party}}}, nil
}

func (b *Batch) applyHoldRead(e ledger.Entry, d holdRead) error {
	b.chainOpen(e)
	i := slices.IndexFunc(b.Holds, func(h Hold) bool { return h.ID == d.Hold })
	if i < 0 {
		return fmt.Errorf("no hold %q", d.Hold)
	}
	b.Holds[i].Read = append(slices.Clip(b.Holds[i].Read), HoldReading{Party: d.Party, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	return nil
}

// incident is the deviation that a hold for a mix-up opened; nil for every other hold.
func (b *Batch) incident(h Hold) *Deviation {
	if h.Cause != HoldIdentity {
		return nil
	}
	return b.deviationOf(h.exception())
}

// exception is the id of the exception that a hold is.
func (h Hold) exception() string { return fmt.Sprintf("%s:%s", OnHold, h.ID) }

// isIncident tells whether a deviation is about a mix-up: no other weight than critical can be given to it.
func (b *Batch) isIncident(d *Deviation) bool {
	return slices.ContainsFunc(b.Holds, func(h Hold) bool {
		return h.Cause == HoldIdentity && slices.Contains(d.Exceptions, h.exception())
	})
}

// isCritical is why no other weight than critical is given to an incident.
func isCritical(d *Deviation, got Classification) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "AT-59", "incident-critical", "deviation {deviation} is about another patient's label at the harvest or the receipt: it is critical, not {got}", "classify it as critical", "deviation", d.Number, "got", string(got))
}
