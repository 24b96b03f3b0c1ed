package pages

import (
	"strings"

	"rexbatch/internal/people"
)

// trainingRecord is POST /training.
func (v *visit) trainingRecord() error {
	by, err := v.desk.Acting("", func(r people.Role) bool { return r.May(people.RecordTraining) })
	if err != nil {
		return v.trainingPage(status(err), v.problems(err, nil)...)
	}
	_, err = v.plant().People.RecordTraining(v.ctx(), by, v.FormValue("username"), people.Training{
		Procedure: strings.ToUpper(strings.TrimSpace(v.FormValue("procedure"))), Version: strings.TrimSpace(v.FormValue("version")),
		From: v.date("from"), Until: v.date("until"), Trainer: strings.TrimSpace(v.FormValue("trainer")), Evidence: strings.TrimSpace(v.FormValue("evidence")),
	})
	if err != nil {
		return v.trainingPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/training?done=training")
}
