package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// deviationOpen is POST /batches/:batch/deviations.
func (v *visit) deviationOpen() error {
	author, err := v.as(having(people.RaiseException))
	if err != nil {
		return v.courseAgain(err)
	}
	form, err := v.FormParams()
	if err != nil {
		return err
	}
	number, err := v.plant().Batches.OpenDeviation(v.ctx(), author, v.Param("batch"), v.seen(), form["exception"], v.FormValue("what"))
	if err != nil {
		return v.courseAgain(err)
	}
	return v.to("/batches/" + v.Param("batch") + "/deviations/" + number + "?done=deviation-opened")
}

// onDeviation does a command on the deviation of the request and goes back to its page.
func (v *visit) onDeviation(done string, may func(people.Role) bool, do func(by ledger.Author, number, deviation string) error) error {
	author, err := v.as(may)
	if err == nil {
		err = do(author, v.Param("batch"), v.Param("deviation"))
	}
	if err != nil {
		b, loadErr := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
		if loadErr != nil {
			return loadErr
		}
		return v.deviationPage(status(err), v.problems(err, b)...)
	}
	return v.to("/batches/" + v.Param("batch") + "/deviations/" + v.Param("deviation") + "?done=" + done)
}

// deviationClassify is POST /batches/:batch/deviations/:deviation/classify.
func (v *visit) deviationClassify() error {
	return v.onDeviation("classified", isQA, func(by ledger.Author, number, deviation string) error {
		return v.plant().Batches.Classify(v.ctx(), by, number, v.seen(), deviation, batch.Classification(v.FormValue("classification")), v.localDate())
	})
}

// deviationInvestigate is POST /batches/:batch/deviations/:deviation/investigate.
func (v *visit) deviationInvestigate() error {
	return v.onDeviation("investigated", having(people.InvestigateDeviation), func(by ledger.Author, number, deviation string) error {
		return v.plant().Batches.Investigate(v.ctx(), by, number, v.seen(), deviation, v.FormValue("cause"), v.FormValue("risk"), v.FormValue("capa"))
	})
}

// deviationApprove is POST /batches/:batch/deviations/:deviation/approve: QA signs what was found out (I8).
func (v *visit) deviationApprove() error {
	return v.onDeviation("approved", isQA, func(by ledger.Author, number, deviation string) error {
		return v.plant().Batches.Approve(v.ctx(), by, number, v.seen(), deviation, v.desk.Signer(by.Role, v.FormValue("password")))
	})
}
