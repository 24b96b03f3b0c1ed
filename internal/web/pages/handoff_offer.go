package pages

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
)

// handoffOffer is POST /batches/:batch/handoff/offer.
func (v *visit) handoffOffer() error {
	b, st, err := v.handoffStep()
	if err != nil {
		return err
	}
	author, err := v.desk.Acting("", v.holder(st))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Give(v.ctx(), author, b.CoI, v.stated(), chainofcustody.Party(v.FormValue("to")), v.raw())
	if isMismatch(err) {
		return v.stopped(b, st, err)
	}
	if err != nil {
		return v.again(err)
	}
	return v.done("offered")
}

// handoffStep is the batch and the step at which it stands.
func (v *visit) handoffStep() (*batch.Batch, *batch.StepState, error) {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return nil, nil, err
	}
	return b, v.lastStep(b), nil
}

// holder chooses the role in which the person takes part in a handoff: the one of the step, or any that may.
func (v *visit) holder(st *batch.StepState) func(people.Role) bool {
	acting := v.acting(st)
	return func(r people.Role) bool {
		_, party := chainofcustody.PartyOf(r)
		return party && (acting == "" || r == acting)
	}
}

// stated is what this side of a handoff states.
func (v *visit) stated() chainofcustody.Handover {
	h := chainofcustody.Handover{Container: v.FormValue("container"), Seals: v.lines("seals"), Place: strings.TrimSpace(v.FormValue("place"))}
	return h
}
