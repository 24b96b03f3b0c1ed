package batch

import (
	"context"
	"errors"
	"maps"
	"slices"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The steps of a recipe that the order is about: where it stands, and where it is carried out.
const (
	orderStep    = "S01"
	infusionStep = "S47"
)

// Order is what a hospital orders for one treatment of one patient.
type Order struct {
	Subject string // trial subject number, never a name (AT-13)
	Backup  string // the plant that makes it when this one cannot; may be empty
	Slot    chainofcustody.Slot
	// Values are what is known when it is ordered, by field of the recipe's order step: index_limb, body_weight, weighed_on,
	// hospital, country, planned_harvest, planned_infusion. They are entered there, so that nobody types them twice.
	Values map[string]Input
}

// OrderFields are the fields of the order step that an order can fill: all that a person types but the plant itself.
func OrderFields(r *mbr.Recipe, site string) []*mbr.Field {
	s, ok := r.Step(orderStep)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.FieldsAt(site)), func(f *mbr.Field) bool {
		return f.Captured == mbr.FromOrder || f.ID == primaryField || f.Type == mbr.TypeComputed || f.Type == mbr.TypeScan
	})
}

// primaryField says at which plant it is made: the one that is asked.
const primaryField = "plant_primary"

// Backups are the plants that may be named as back-up: the others that the recipe knows.
func Backups(r *mbr.Recipe, site string) []string {
	s, ok := r.Step(orderStep)
	if !ok {
		return nil
	}
	f, ok := s.Field(primaryField, site)
	if !ok {
		return nil
	}
	return slices.DeleteFunc(f.Codes(), func(code string) bool { return code == site })
}

// check holds an order against the recipe, without its values.
func (o Order) check(r *mbr.Recipe, site string) error {
	if o.Backup != "" && !slices.Contains(Backups(r, site), o.Backup) {
		return ledger.Refuse(ledger.Invalid, "S01", "backup-plant", "{plant} is no back-up of {site}", "choose another plant of the recipe, or none", "plant", o.Backup, "site", site)
	}
	return nil
}

// prefill takes what the order says into the order step. All that is wrong is told at once.
func (k *Book) prefill(r *mbr.Recipe, o Order) ([]ledger.Draft, error) {
	s, ok := r.Step(orderStep)
	if !ok {
		return nil, nil
	}
	var drafts []ledger.Draft
	enter := func(field string, v Value, from Origin) {
		drafts = append(drafts, ledger.Draft{Type: typeEntered, Data: entered{Step: orderStep, Field: field, Value: v, Source: from}})
	}
	if _, ok := s.Field("subject_no", k.Site); ok {
		enter("subject_no", Value{Text: o.Subject}, Ordered)
	}
	var faults ledger.Refusals
	left := len(o.Values)
	for _, f := range OrderFields(r, k.Site) {
		in, given := o.Values[f.ID]
		if !given {
			continue
		}
		left--
		v, err := Parse(f, in, k.Zone)
		if refused := ledger.RefusalsOf(err); refused != nil {
			faults = append(faults, refused...)
			continue
		}
		if err != nil {
			return nil, err
		}
		enter(f.ID, v, Typed)
	}
	if left > 0 {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "S01", "order-field", "the order names a field that the recipe's order does not have", "see the recipe's step S01"))
	}
	if f, ok := s.Field(primaryField, k.Site); ok && len(o.Values) > 0 && slices.Contains(f.Codes(), k.Site) {
		enter(primaryField, Value{Text: k.Site}, Typed)
	}
	return drafts, faults.Err()
}

// Open orders a therapy event and opens its batch record, with nothing but the subject number.
func (k *Book) Open(ctx context.Context, by ledger.Author, subject string) (number string, coi isbt128.CoI, err error) {
	return k.Place(ctx, by, Order{Subject: subject})
}

// Place orders a therapy event and opens its batch record: CoI, batch number, recipe and specification version, and the slot
// where one is asked for, are fixed in one append, before anything is collected (ID-10, AT-3).
func (k *Book) Place(ctx context.Context, by ledger.Author, o Order) (number string, coi isbt128.CoI, err error) {
	return k.PlaceWith(ctx, by, o, ledger.Append{})
}

// PlaceWith is Place with streams and secrets that are recorded with the order or not at all: the enrolment of its patient,
// of whom nothing stands in a batch (AT-13, I12).
func (k *Book) PlaceWith(ctx context.Context, by ledger.Author, o Order, with ledger.Append) (number string, coi isbt128.CoI, err error) {
	if !people.Role(by.Role).May(people.OpenOrder) {
		return "", coi, ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-order", "the role {role} does not order treatments", "the hospital's coordinator orders", "role", by.Role)
	}
	spec, _ := k.Library.File(k.Spec.Digest)
	_, err = ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		var streams []ledger.StreamAppend
		var err error
		coi, streams, err = k.Custody.DraftOrder(ctx, o.Subject, o.Backup)
		if err != nil {
			return ledger.Append{}, err
		}
		series, n, year, err := k.nextNumber(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		number, err = batchNumber(k.Prefix, year, n)
		if err != nil {
			return ledger.Append{}, err
		}
		master, pin, err := k.pin(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		values, err := k.prefill(master, o)
		err = errors.Join(o.check(master, k.Site), err)
		if err != nil {
			return ledger.Append{}, allRefusals(err)
		}
		recipe, _ := k.Library.File(master.Digest)
		drafts := append(Issue(number, coi, o.Subject, k.Site, master, k.Spec.Digest), values...)
		views, err := k.begun(by, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		connected, err := (&chainofcustody.TherapyEvent{}).Views(by, k.Clock(), streams[len(streams)-1].Drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		maps.Copy(views, connected)
		streams = append(streams, chainofcustody.Issue(series, n, number), ledger.StreamAppend{Stream: Stream(number), Drafts: drafts})
		if !o.Slot.IsZero() {
			slot, err := k.Custody.DraftSlot(ctx, k.Zone, coi, o.Subject, o.Slot)
			if err != nil {
				return ledger.Append{}, err
			}
			streams = append(streams, slot)
		}
		streams = slices.Concat(streams, pin.Guards, with.Streams)
		return ledger.Append{Author: by, Streams: streams, Blobs: [][]byte{recipe, spec}, Views: views, Secrets: with.Secrets, Within: pin.Within}, nil
	})
	return number, coi, err
}

// allRefusals makes one list of the refusals of joined errors, so that a person sees all of them at once.
func allRefusals(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var all ledger.Refusals
	for _, one := range joined.Unwrap() {
		refused := ledger.RefusalsOf(one)
		if refused == nil {
			return err
		}
		all = append(all, refused...)
	}
	return all
}

// ordered is the state of the order step; false when the recipe has none.
func (b *Batch) ordered() (*StepState, bool) {
	st, ok := b.steps[orderStep]
	return st, ok
}

// fixed holds that what was ordered is changed by an amendment and not by a correction, once the plant has accepted it.
func (b *Batch) fixed(st *StepState) error {
	if st.Step.ID == orderStep && st.Status == Done {
		return ledger.Refuse(ledger.Forbidden, "S01", "order-accepted", "the order is accepted by the plant, it is not corrected any more", "the investigator amends the order, and signs")
	}
	return nil
}

// MayAmend says why the order cannot be amended now.
func (b *Batch) MayAmend(by ledger.Author) error {
	if people.Role(by.Role) != people.Investigator {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-amend", "an order is changed by the investigator, not by {role}", "ask the investigator", "role", by.Role)
	}
	if !b.ClosedAt.IsZero() {
		return b.closedAlready()
	}
	if b.Ending != nil {
		return ledger.Refuse(ledger.Unmet, "AT-59", "already-stopped", "batch {batch} is already being stopped ({cause})", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause))
	}
	if st, ok := b.steps[infusionStep]; ok && st.Status == Done {
		return ledger.Refuse(ledger.Unmet, "S01", "order-carried-out", "the product was given: its order is not changed any more", "raise an exception where something was wrong")
	}
	st, ok := b.ordered()
	if !ok || st.Status != Done && st.Status != ToVerify {
		return ledger.Refuse(ledger.Unmet, "S01", "order-not-placed", "the order is not finished yet", "correct it where it is entered, in step S01")
	}
	return nil
}

// Amend changes what was ordered, with the investigator's signature over what was and what will be (scenario 52). The plant
// has to accept the order again: its second person's signature no longer stands for what stands there (I8).
func (k *Book) Amend(ctx context.Context, by ledger.Author, number string, seen Seen, values map[string]Input, reason string, sign Signer) error {
	reason, err := reasonOf("S01", reason)
	if err != nil {
		return err
	}
	b, err := k.Load(ctx, number)
	if err != nil {
		return err
	}
	changes, _, err := k.amendment(b, by, values, reason)
	if err != nil {
		return err
	}
	digest, err := amendmentDigest(b, changes, reason)
	if err != nil {
		return err
	}
	signed, err := sign.as(ctx, by, people.Performed, digest)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		changes, drafts, err := k.amendment(b, by, values, reason)
		if err != nil {
			return change{}, err
		}
		digest, err := amendmentDigest(b, changes, reason)
		if err != nil {
			return change{}, err
		}
		err = signed.For(people.Performed, digest)
		if err != nil {
			return change{}, err
		}
		entry, err := t.Amend(number, changes, reason, signed.Signature())
		return change{batch: drafts, therapy: []ledger.Draft{entry}}, err
	})
}

// amendment is what an amendment changes, in the order of the recipe, and the corrections in the record.
func (k *Book) amendment(b *Batch, by ledger.Author, values map[string]Input, reason string) ([]chainofcustody.Change, []ledger.Draft, error) {
	err := b.MayAmend(by)
	if err != nil {
		return nil, nil, err
	}
	st, _ := b.ordered()
	var changes []chainofcustody.Change
	var drafts []ledger.Draft
	var faults ledger.Refusals
	for _, f := range OrderFields(b.Recipe, b.Site) {
		in, given := values[f.ID]
		if !given {
			continue
		}
		v, err := Parse(f, in, k.Zone)
		if refused := ledger.RefusalsOf(err); refused != nil {
			faults = append(faults, refused...)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		was, _ := st.Fields[f.ID].Current()
		if was.Value.String() == v.String() {
			continue
		}
		changes = append(changes, chainofcustody.Change{Field: f.ID, From: was.Value.String(), To: v.String()})
		drafts = append(drafts, ledger.Draft{Type: typeCorrected, Data: entered{Step: orderStep, Field: f.ID, Value: v, Source: Typed, Reason: reason}})
		drafts = append(drafts, b.recompute(f.Ref(), v)...)
	}
	if len(faults) == 0 && len(changes) == 0 {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "CS-12", "nothing-changed", "nothing is different", "leave it as it is"))
	}
	return changes, drafts, faults.Err()
}

// amendmentDigest is over what the investigator signs: which order, what was, what will be, and why.
func amendmentDigest(b *Batch, changes []chainofcustody.Change, reason string) (ledger.Digest, error) {
	shown := Shown{Batch: b.Number, CoI: b.CoI.String(), Step: "order-amendment", Values: []ShownValue{{Field: "reason", Value: reason}}}
	for _, c := range changes {
		shown.Values = append(shown.Values, ShownValue{Field: c.Field, Value: c.From + " > " + c.To})
	}
	return shown.Digest()
}

// Treated tells whether a patient has a batch that is not closed: their material has to be traced to them (AT-22). A batch
// that was given is closed when its last result is.
func (k *Book) Treated(ctx context.Context, subject string) (bool, error) {
	for w, err := range k.Worklists(ctx) {
		if err != nil {
			return false, err
		}
		if w.Subject == subject && !w.Closed && w.Ended != string(EndSplit) && (len(w.Waiting) > 0 || w.Ended != "") {
			return true, nil
		}
	}
	return false, nil
}
