package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// exceptionAssess is POST /batches/:batch/exceptions: QA's signed judgement of one exception (AT-59).
func (v *visit) exceptionAssess() error {
	author, err := v.desk.Acting("", desk.Is(people.QA))
	if err != nil {
		return v.releaseAgain(err)
	}
	err = v.plant().Batches.Assess(v.ctx(), author, v.Param("batch"), v.seen(), v.FormValue("exception"),
		batch.Classification(v.FormValue("classification")), v.FormValue("text"), v.desk.Signer(author.Role, v.FormValue("password")))
	if err != nil {
		return v.releaseAgain(err)
	}
	return v.to("/batches/" + v.Param("batch") + "/release?done=assessed")
}
