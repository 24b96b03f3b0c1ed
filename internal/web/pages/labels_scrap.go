package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// labelsScrap is POST /batches/:batch/steps/:step/labels/:container/scrap: a label is destroyed, and printed anew where a
// second person signs for it beside the performer (LB-1).
func (v *visit) labelsScrap() error {
	reprint := v.FormValue("what") == "reprint"
	return v.onLabels(map[bool]string{true: "reprinted", false: "scrapped"}[reprint], func(by ledger.Author) error {
		var second batch.Signer
		if reprint {
			second = v.desk.Beside(v.FormValue("username"), v.FormValue("password"), people.Role(v.FormValue("role")))
		}
		container := containerOf(v.Param("container"))
		err := v.plant().Batches.Scrap(v.ctx(), by, v.Param("batch"), v.seen(), v.Param("step"), container, v.FormValue("reason"), second)
		if err != nil || !reprint {
			return err
		}
		return v.printLabels(by)
	})
}
