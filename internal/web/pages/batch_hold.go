package pages

import (
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

// ofHospital tells whether a role is one of the hospital's.
func ofHospital(r people.Role) bool {
	party, ok := chainofcustody.PartyOf(r)
	return ok && party == chainofcustody.Hospital
}
