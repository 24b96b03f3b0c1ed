package pages

import (
	"net/url"

	"rexbatch/internal/people"
)

// trainingRevoke is POST /people/:username/training/revoke.
func (v *visit) trainingRevoke() error {
	by, err := v.desk.Acting("", func(r people.Role) bool { return r.May(people.RecordTraining) })
	if err == nil {
		_, err = v.plant().People.RevokeTraining(v.ctx(), by, v.Param("username"), v.FormValue("procedure"), v.why())
	}
	if err != nil {
		return v.personPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.to("/people/" + url.PathEscape(v.Param("username")) + "?done=training-revoked")
}
