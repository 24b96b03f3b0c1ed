package batch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// correctUse brings the floor in line with a correction, or with what was entered late: another lot or device was used, or
// another quantity, also where the quantity is computed from what was corrected, in whichever step. again is the step of which a
// value was measured again; empty for none.
func (k *Book) correctUse(ctx context.Context, by ledger.Author, b *Batch, drafts []ledger.Draft, reason, again string, c *change) error {
	after := b.clone()
	err := k.provisional(after, by, k.Clock(), drafts)
	if err != nil {
		return err
	}
	fl := k.floor(by)
	for _, s := range after.order {
		st := after.steps[s.ID]
		if st.CompletedAt.IsZero() || st.Status == Open || st.Inherited || s.Blind {
			continue // the use is recorded when the step is completed; one of the batch it was split from is kept there
		}
		for _, u := range s.Materials {
			if st.changed(b.steps[s.ID], u.Field) || st.changed(b.steps[s.ID], u.Quantity) {
				err = fl.correctLot(ctx, after, st, u, reason)
			}
			if err != nil {
				return err
			}
		}
		for _, u := range s.Equipment {
			if st.changed(b.steps[s.ID], u.Field) || st.changed(b.steps[s.ID], u.Programme) {
				err = fl.correctDevice(ctx, after, st, u, reason)
			}
			if err != nil {
				return err
			}
		}
	}
	if again != "" {
		err = fl.useAgain(ctx, after, again)
		if err != nil {
			return err
		}
	}
	return fl.into(c)
}

// useAgain records that a value of a completed step was measured again now: a control that fails later throws doubt on it as on
// any other (scenarios 23 and 33). Which of the step's devices gave it is not known: each counts that may be used now.
func (fl *floor) useAgain(ctx context.Context, b *Batch, step string) error {
	st := b.steps[step]
	if st.CompletedAt.IsZero() || st.Status == Open || st.Step.Blind {
		return nil // recorded when the step is completed; a use in a step of one arm would tell the arm (I11)
	}
	var refused error
	used := map[string]bool{}
	for _, u := range st.Devices {
		if u.Attempt != st.Attempt || used[u.Device] {
			continue
		}
		t, err := fl.device(ctx, equipment.ID(u.Device))
		if err != nil {
			return err
		}
		use := mbr.EquipmentUse{Kind: u.Kind, Field: u.Field}
		if i := slices.IndexFunc(st.Step.Equipment, func(e mbr.EquipmentUse) bool { return e.Field == u.Field }); i >= 0 {
			use = st.Step.Equipment[i]
		}
		_, drafts, err := fl.useOf(b, st, use, t, fl.now, time.Time{})
		if ledger.RefusalsOf(err) != nil {
			refused = err
			continue
		}
		if err != nil {
			return err
		}
		used[u.Device] = true
		err = fl.changeDevice(t, drafts)
		if err != nil {
			return err
		}
	}
	if len(used) == 0 {
		return refused
	}
	return nil
}

// measurable refuses to replace what a device gave, while its control still fails: it was not measured again, but typed again
// (scenario 33). Which device was used may be corrected.
func (k *Book) measurable(ctx context.Context, b *Batch, step, field string) error {
	st, err := b.step(step)
	if err != nil || len(st.uncontrolled) == 0 {
		return err
	}
	f, err := b.field(st, field)
	if err != nil || fromFloor(f.Field) {
		return err
	}
	for _, u := range st.Devices {
		if u.Attempt != st.Attempt {
			continue
		}
		d, err := k.Equipment().Load(ctx, equipment.ID(u.Device))
		if err != nil {
			return err
		}
		err = d.ControlStands()
		if err != nil {
			return err
		}
	}
	return nil
}

// changed tells whether a field of the step holds more values than before.
func (st *StepState) changed(before *StepState, field string) bool {
	f, ok := st.Fields[field]
	return ok && len(f.Values) > len(before.Fields[field].Values)
}

// correctLot makes what the lots know of a step's use what the step says now.
func (fl *floor) correctLot(ctx context.Context, b *Batch, st *StepState, u mbr.MaterialUse, reason string) error {
	var was *LotUse
	for i := range st.Lots {
		if st.Lots[i].Field == u.Field && st.Lots[i].Attempt == st.Attempt && !st.Lots[i].none() {
			was = &st.Lots[i]
		}
	}
	if was == nil {
		return fl.takeLot(ctx, b, st, u) // entered late, or nothing was taken before
	}
	q, err := b.taken(st, u)
	if err != nil {
		return err
	}
	c, _ := st.Fields[u.Field].Current()
	if q.IsZero() { // not counted, or not known any more: what was taken stays
		q = was.Quantity
	}
	if c.Value.Text == was.Lot && (q.IsZero() || !was.Quantity.IsZero() && q.Equal(was.Quantity)) {
		return nil
	}
	number, err := material.ParseNumber(was.Lot)
	if err != nil {
		return err
	}
	lot, err := fl.lot(ctx, number)
	if err != nil {
		return err
	}
	entry, err := standing(lot.lot, b.Number, st.Step.ID)
	if err != nil {
		return err
	}
	if c.Value.Text == was.Lot && q.Sign() != 0 {
		drafts, err := lot.lot.Correct(entry, q, reason)
		if err != nil {
			return err
		}
		fl.batch = append(fl.batch, lotDraft(st, u, was.Lot, q))
		return fl.change(lot, drafts)
	}
	drafts, err := lot.lot.Reverse(entry, reason)
	if err != nil {
		return err
	}
	err = fl.change(lot, drafts)
	if err != nil {
		return err
	}
	if !q.IsZero() && q.Sign() == 0 {
		fl.batch = append(fl.batch, lotDraft(st, u, c.Value.Text, q))
		return nil
	}
	number, err = material.ParseNumber(c.Value.Text)
	if err != nil {
		return err
	}
	next, err := fl.lot(ctx, number)
	if err != nil {
		return err
	}
	drafts, err = next.lot.Use(fl.now, material.Want{Material: u.Material, Until: fl.now}, material.Use{
		Batch: b.Number, CoI: b.CoI.String(), Subject: b.Subject, Step: st.Step.ID, Quantity: q,
	})
	if err != nil {
		return err
	}
	fl.batch = append(fl.batch, lotDraft(st, u, number.String(), q))
	return fl.change(next, drafts)
}

// none tells whether a use turned out to be none: nothing of the lot was taken.
func (u LotUse) none() bool { return !u.Quantity.IsZero() && u.Quantity.Sign() == 0 }

func lotDraft(st *StepState, u mbr.MaterialUse, lot string, q quantity.Quantity) ledger.Draft {
	return ledger.Draft{Type: typeLotUsed, Data: lotUsed{Step: st.Step.ID, Field: u.Field, Lot: lot, Material: u.Material, Quantity: q}}
}

// standing is the newest use of a lot by a step that was not reversed: an attempt before keeps its own.
func standing(lot *material.Lot, batch, step string) (uint64, error) {
	for i := len(lot.Uses) - 1; i >= 0; i-- {
		if u := lot.Uses[i]; !u.Reversed && u.Batch == batch && u.Step == step {
			return u.Entry, nil
		}
	}
	return 0, fmt.Errorf("lot %s has no standing use by %s %s", lot.Number, batch, step)
}

// correctDevice makes what the devices know of a step's use what the step says now. The device that was used indeed is
// held against its checks as for any use; it was used when the step was done.
func (fl *floor) correctDevice(ctx context.Context, b *Batch, st *StepState, u mbr.EquipmentUse, reason string) error {
	for _, was := range st.Devices {
		if was.Field != u.Field || was.Attempt != st.Attempt || st.elsewhere(was.Device, u.Field) {
			continue
		}
		t, err := fl.device(ctx, equipment.ID(was.Device))
		if err != nil {
			return err
		}
		for _, use := range t.device.Uses {
			if use.Reversed != "" || use.Batch != b.Number || use.Step != st.Step.ID {
				continue
			}
			drafts, err := t.device.Reverse(fl.by, use.Entry, reason)
			if err != nil {
				return err
			}
			err = fl.changeDevice(t, drafts)
			if err != nil {
				return err
			}
		}
	}
	return fl.takeDevice(ctx, b, st, u, st.CompletedAt)
}

// elsewhere tells whether another field of the step names a device too.
func (st *StepState) elsewhere(device, field string) bool {
	for _, u := range st.Step.Equipment {
		if c, ok := st.Fields[u.Field].Current(); ok && u.Field != field && c.Value.Text == device {
			return true
		}
	}
	return false
}
