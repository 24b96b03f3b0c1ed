package pages

import (
	"net/http"

	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// onPatient does a command on the patient of the request and goes back to the page.
func (v *visit) onPatient(done string, may func(people.Role) bool, do func(*vault.Vault, ledger.Author, string) error) error {
	known, err := v.plant().Vault()
	if err != nil {
		return err
	}
	subject := v.Param("subject")
	author, err := v.as(may)
	if err == nil {
		err = do(known, author, subject)
	}
	if err != nil {
		return v.patientPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.to("/patients/" + subject + "?done=" + done)
}

// patientEnrol is POST /patients/:subject/enrol.
func (v *visit) patientEnrol() error {
	may := func(r people.Role) bool { return r.May(people.SeeIdentity) && r.May(people.OpenOrder) }
	return v.onPatient("enrolled", may, func(known *vault.Vault, by ledger.Author, subject string) error {
		return known.Enrol(v.ctx(), by, subject, v.typedPatient().identity())
	})
}

// patientLook is POST /patients/:subject/look: the answer itself shows who it is, once.
func (v *visit) patientLook() error {
	known, err := v.plant().Vault()
	if err != nil {
		return err
	}
	author, err := v.as(having(people.SeeIdentity))
	var id vault.Identity
	if err == nil {
		id, err = known.Look(v.ctx(), author, v.Param("subject"), v.FormValue("why"))
	}
	if err != nil {
		return v.patientPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.patientPage(http.StatusOK, &patientForm{Number: id.Number, Family: id.Family, Given: id.Given, Birth: v.dayText(id.Birth), Country: id.Country})
}

// patientCorrect is POST /patients/:subject/correct.
func (v *visit) patientCorrect() error {
	return v.onPatient("patient-corrected", having(people.SeeIdentity), func(known *vault.Vault, by ledger.Author, subject string) error {
		return known.Correct(v.ctx(), by, subject, v.typedPatient().identity(), v.FormValue("reason"))
	})
}

// patientDestroy is POST /patients/:subject/destroy: QA signs, and another person beside (I7).
func (v *visit) patientDestroy() error {
	return v.onPatient("key-destroyed", isQA, func(known *vault.Vault, by ledger.Author, subject string) error {
		second := v.desk.Beside(v.FormValue("username"), v.FormValue("second_password"), people.Role(v.FormValue("second")))
		return known.Destroy(v.ctx(), subject, v.FormValue("reason"), v.desk.Signer(by.Role, v.FormValue("password")), second)
	})
}
