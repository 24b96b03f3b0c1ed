package desk

import (
	"context"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// HasField refuses a field that the batch does not have, or whose values the person does not see (I11).
func (d *Desk) HasField(ctx context.Context, number, step, field string) error {
	b, err := d.Plant.Batches.Load(ctx, number)
	if err != nil {
		return err
	}
	st, ok := b.Step(step)
	if ok && d.Sees(st.Step) {
		_, ok = st.Step.Field(field, b.Site)
	}
	if !ok {
		return ledger.Refuse(ledger.Missing, "CS-65", "draft-nowhere", "batch {batch} has no field {place} for you",
			"open the step again", "batch", number, "place", step+"."+field)
	}
	return nil
}

// Confirmed forgets what was typed into a field, now that it has a value. The value stands whether or not this
// succeeds, so a failure is noted and not answered.
func (d *Desk) Confirmed(ctx context.Context, number, step, field string) {
	err := d.Plant.People.EndDrafts(ctx, d.Session, people.Place{Batch: number, Step: step, Field: field})
	if err != nil {
		d.deps.Logger.WarnContext(ctx, "a draft outlives its value", "request", RequestID(ctx), "cause", err.Error())
	}
}
