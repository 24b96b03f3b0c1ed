package batch

import (
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// ClaimActive is the claim that makes a therapy event have one active batch (AT-1).
func ClaimActive(coi isbt128.CoI) string { return "active-batch/" + coi.String() }

// Issue decides the opening of a batch record from an approved recipe version for a therapy event (AT-3). The
// number comes from the plant's series; it tells neither arm nor patient (AT-2).
func Issue(number string, coi isbt128.CoI, subject, site string, recipe *mbr.Recipe, spec ledger.Digest) []ledger.Draft {
	first := opening(opened{
		Number: number, CoI: coi.String(), Subject: subject, Site: site, Recipe: recipe.Digest, Version: recipe.Version, Spec: spec,
	})
	first.Takes = append(first.Takes, ClaimActive(coi))
	return []ledger.Draft{first}
}

// opening is the first entry of a batch's stream: its number is taken once.
func opening(o opened) ledger.Draft {
	return ledger.Draft{Type: typeOpened, Data: o, Takes: []string{"batch/" + o.Number}, Blobs: []ledger.Digest{o.Recipe, o.Spec}}
}

// step finds a step's state; a refusal of kind Missing when the record has none.
func (b *Batch) step(step string) (*StepState, error) {
	st, ok := b.steps[step]
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", b.Number, "step", step)
	}
	return st, nil
}

// start opens a step for its performer (CS-65: steps run in order).
func (b *Batch) start(by ledger.Author, now time.Time, step string) (*StepState, []ledger.Draft, error) {
	st, waits, err := b.mayStart(by, now, step)
	if err != nil || !waits {
		return st, nil, err
	}
	err = b.risk(st)
	if err != nil {
		return nil, nil, err
	}
	return st, []ledger.Draft{{Type: typeStarted, Data: started{Step: step}}}, nil
}

// mayStart says why a person may not begin a step, or whether it waits to be begun: one that has begun is not begun again.
func (b *Batch) mayStart(by ledger.Author, now time.Time, step string) (st *StepState, waits bool, err error) {
	st, err = b.step(step)
	if err != nil {
		return nil, false, err
	}
	if st.Status == NotApplicable {
		return nil, false, ledger.Refuse(ledger.Unmet, "CS-65", "not-applicable", "step {step} is not part of the recipe at {site}", "go on with the current step", "step", step, "site", b.Site)
	}
	if st.Status == Skipped {
		return nil, false, ledger.Refuse(ledger.Unmet, "AT-5", "step-skipped", "step {step} is not done in batch {batch}, by an approved deviation", "go on with the current step", "step", step, "batch", b.Number)
	}
	if string(st.Step.Performer) != by.Role {
		return nil, false, notPerformer(st, by)
	}
	if st.Step.Act != "" {
		return nil, false, ledger.Refuse(ledger.Unmet, "CS-20", "act-only", "step {step} is done by a signature", "open the release page", "step", step)
	}
	if refusal := b.release(st, now); refusal != nil && !st.inUse() && !b.begun(st) {
		return nil, false, refusal
	}
	if st.Status != Waiting && st.Status != Cancelled {
		return st, false, nil // what is being done is recorded, also when the batch is held meanwhile
	}
	err = b.standing(st)
	if err != nil {
		return nil, false, err
	}
	err = b.ready(st)
	if err != nil {
		return nil, false, err
	}
	err = b.overdue(st, now)
	if err != nil {
		return nil, false, err
	}
	return st, true, nil
}

// release says why the product may not be handled in a step after certification now (I10): no shipment to a
// patient before certification and sponsor release, and no administration after expiry. It is nil for other steps.
func (b *Batch) release(st *StepState, now time.Time) *ledger.Refusal {
	if b.beforeCertification(st.Step.ID) || st.Step.Custody == nil {
		return nil
	}
	return b.MayLeave(now)
}

// inUse tells whether the material of the step was scanned at all, also when a stop or a change of the performer has made
// that scan void since: what is being done with it then has to be recorded.
func (st *StepState) inUse() bool {
	for _, f := range st.Fields {
		if f.Field.Type == mbr.TypeScan && len(f.Values) > 0 {
			return true
		}
	}
	return false
}

// begun tells whether a step records what has begun at the bed, so that it is recorded whatever holds the batch since.
func (b *Batch) begun(st *StepState) bool { return b.Begun && st.Step.ID == infusionStep }

// MayLeave says why the product may not leave the plant or be given now; nil when it may (I10).
func (b *Batch) MayLeave(now time.Time) *ledger.Refusal {
	if refusal, _ := b.barred(); refusal != nil {
		return refusal
	}
	expiry, ok := b.Expiry()
	if !ok || !now.Before(expiry) {
		return ledger.Refuse(ledger.Unmet, "I10", "expired", "batch {batch} expired at {expiry}", "it cannot be shipped or given", "batch", b.Number, "expiry", expiry.Format(time.RFC3339))
	}
	return nil
}

// barred says why the product may not leave, whatever the time, and since when: the zero time where that is not known.
func (b *Batch) barred() (*ledger.Refusal, time.Time) {
	for _, act := range []mbr.Act{mbr.ActCertification, mbr.ActSponsor} {
		if _, standing := b.Act(act); !standing {
			return ledger.Refuse(ledger.Unmet, "I10", "ship-before-release", "{batch} cannot leave: {act} is missing or no longer stands", "obtain the {act} first", "batch", b.Number, "act", string(act)), time.Time{}
		}
	}
	if h, ok := b.Held(); ok {
		return ledger.Refuse(ledger.Unmet, "AT-59", "batch-held", "batch {batch} is held ({cause}): {what}", "QA has to let it go on", "batch", b.Number, "cause", string(h.Cause), "what", h.What), h.At
	}
	if b.Ending != nil {
		return ledger.Refuse(ledger.Unmet, "I10", "stopped-stays", "batch {batch} was stopped ({cause}) and does not leave", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause)), b.Ending.At
	}
	return nil, time.Time{}
}

// Released tells whether containers of a kind are the product that certification releases.
func (b *Batch) Released(kind string) bool {
	for _, s := range b.order {
		if s.Custody != nil && s.Custody.Container == kind && !b.beforeCertification(s.ID) {
			return true
		}
	}
	return false
}

// Expiry is when the product may no longer be given (F11), in UTC; false while it is not computed.
func (b *Batch) Expiry() (time.Time, bool) {
	c, ok := b.Value(expiryRef)
	if !ok {
		return time.Time{}, false
	}
	t, err := c.Value.Time()
	return t, err == nil
}

// expiryParam is the recipe's longest time from the collection to the infusion.
const expiryParam = "expiry_from_collection"

// LatestExpiry is the latest that the expiry can be by a recipe: that of the batch, or the variant of another plant that is to
// make it (process scenario 53). False while nothing was collected, or where the recipe has no such time.
func (b *Batch) LatestExpiry(r *mbr.Recipe) (time.Time, bool) {
	p, known := r.Parameters[expiryParam]
	collected := b.moment(collectedRef)
	if collected.IsZero() || !known {
		return time.Time{}, false
	}
	d, err := p.Value.Duration()
	return collected.Add(d), err == nil
}
