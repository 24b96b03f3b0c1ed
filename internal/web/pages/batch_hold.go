package pages

import (
	"slices"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// batchHold is POST /batches/:batch/hold: nothing is done with the batch until QA lets it go on.
func (v *visit) batchHold() error {
	return v.onCourse("held", having(people.HoldBatch), func(by ledger.Author) error {
		return v.plant().Batches.Hold(v.ctx(), by, v.Param("batch"), v.seen(), v.FormValue("reason"))
	})
}

// holdRelease is POST /batches/:batch/release-hold: QA lets the batch go on, with the reason.
func (v *visit) holdRelease() error {
	return v.onCourse("let-go", isQA, func(by ledger.Author) error {
		return v.plant().Batches.LetGoOn(v.ctx(), by, v.Param("batch"), v.seen(), v.FormValue("hold"), v.FormValue("reason"))
	})
}

// holdRead is POST /batches/:batch/read-hold: the hospital has read of an incident of identity.
func (v *visit) holdRead() error {
	return v.onCourse("told", ofHospital, func(by ledger.Author) error {
		return v.plant().Batches.ReadHold(v.ctx(), by, v.Param("batch"), v.seen(), v.FormValue("hold"))
	})
}

// mayReadHold tells whether this person is one who says that they have read of an incident: somebody of the patient's own
// hospital.
func (v *visit) mayReadHold(b *batch.Batch, hold string) (bool, error) {
	i := slices.IndexFunc(v.desk.Session.Roles, ofHospital)
	if i < 0 {
		return false, nil
	}
	by := ledger.Author{Account: v.desk.Session.Account, Role: string(v.desk.Session.Roles[i])}
	err := v.plant().Batches.MayReadHold(v.ctx(), by, b, hold)
	if len(ledger.RefusalsOf(err)) > 0 {
		return false, nil
	}
	return err == nil, err
}

// ofHospital tells whether a role is one of the hospital's.
func ofHospital(r people.Role) bool {
	party, ok := chainofcustody.PartyOf(r)
	return ok && party == chainofcustody.Hospital
}
