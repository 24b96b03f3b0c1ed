package batch

import (
	"context"
	"slices"

	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// taking is the batch as a lot knows it while a step has the lot at hand.
func (b *Batch) taking(st *StepState, field string) material.Taking {
	return material.Taking{Batch: b.Number, CoI: b.CoI.String(), Subject: b.Subject, Step: st.Step.ID, Field: field}
}

// atHand tells a lot in the same append that a step which is not completed names it: from then on whoever blocks the lot
// finds this batch (AT-20, scenario 24). A lot that was named before goes back. A step of one arm tells no lot (I11).
func (k *Book) atHand(ctx context.Context, by ledger.Author, b *Batch, step, field string, v Value, reason string, c *change) error {
	st, ok := b.Step(step)
	if !ok || st.Step.Blind || !st.CompletedAt.IsZero() {
		return nil
	}
	i := slices.IndexFunc(st.Step.Materials, func(u mbr.MaterialUse) bool { return u.Field == field })
	if i < 0 {
		return nil
	}
	u, fl, t := st.Step.Materials[i], k.floor(by), b.taking(st, field)
	before, had := st.Fields[field].Current()
	if had && before.Value.Text == v.Text {
		return nil
	}
	if had {
		number, err := material.ParseNumber(before.Value.Text)
		if err != nil {
			return err
		}
		was, err := fl.lot(ctx, number)
		if err != nil {
			return err
		}
		err = fl.change(was, was.lot.PutBack(t, reason))
		if err != nil {
			return err
		}
	}
	number, err := material.ParseNumber(v.Text)
	if err != nil {
		return err
	}
	is, err := fl.lot(ctx, number)
	if err != nil {
		return err
	}
	drafts, err := is.lot.Take(fl.now, material.Want{Material: u.Material, Until: st.until(fl.now), OpenFor: b.Recipe.Materials[u.Material].OpenFor}, t)
	if err != nil {
		return err
	}
	err = fl.change(is, drafts)
	if err != nil {
		return err
	}
	return fl.into(c)
}
