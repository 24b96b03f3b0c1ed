package pages

import (
	"net/http"
	"strings"

	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// patientPage is a patient by pseudonym: who looked, and what this person may do. Who it is stands on it only in the answer
// to a look.
type patientPage struct {
	frame
	Subject, Hospital, Enrolled string
	Known                       bool
	Alike, Restricted           string
	Destroyed                   string
	Looks                       []lookLine
	MayLook, MayDestroy         bool
	Shown                       *patientForm
	Patient                     patientForm // typed into the form to correct or to enrol
	Seconds                     []choice
	Why, Reason, Form, Username string
}

type lookLine struct{ By, Role, Why, At, How string }

// patientsShow is GET /patients: find a patient by the hospital number.
func (v *visit) patientsShow() error { return v.patientsPage(http.StatusOK) }

func (v *visit) patientsPage(code int, problems ...Problem) error {
	p := patientPage{frame: v.frame("patient", v.T("patient.find.title"), problems...), Why: v.FormValue("why"), MayLook: true}
	p.Path = "/patients"
	return v.render(code, "patients", p)
}

// patientFind is POST /patients/search. The hospital number is in the body, never in an address.
func (v *visit) patientFind() error {
	author, err := v.as(having(people.SeeIdentity))
	var subject string
	if err == nil {
		var known *vault.Vault
		known, err = v.plant().Vault()
		if err == nil {
			subject, err = known.Find(v.ctx(), author, v.FormValue("number"), v.FormValue("why"))
		}
	}
	if err != nil {
		return v.patientsPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/patients/" + subject)
}

// patientShow is GET /patients/:subject.
func (v *visit) patientShow() error { return v.patientPage(http.StatusOK, nil) }

func (v *visit) patientPage(code int, shown *patientForm, problems ...Problem) error {
	known, err := v.plant().Vault()
	if err != nil {
		return err
	}
	subject := v.Param("subject")
	p := patientPage{
		frame: v.frame("patient", v.T("patient.title", "subject", subject), problems...), Subject: subject, Shown: shown, Patient: v.typedPatient(),
		Why: v.FormValue("why"), Reason: v.FormValue("reason"), Form: v.FormValue("form"), Username: v.FormValue("username"),
	}
	p.Path = "/patients/" + subject
	one, err := known.Patient(v.ctx(), subject)
	for _, r := range ledger.RefusalsOf(err) {
		if r.Code == "no-patient" {
			p.MayLook = v.knows() && v.desk.Session.May(people.OpenOrder)
			return v.render(code, "patient", p)
		}
	}
	if err != nil {
		return err
	}
	alike, err := known.Alike(subject)
	if err != nil {
		return err
	}
	gone := !one.DestroyedAt.IsZero()
	p.Known, p.Hospital, p.Enrolled, p.Alike = true, one.Hospital, moment(one.EnrolledAt, v.zone())+" · "+v.full(one.EnrolledBy), strings.Join(alike, ", ")
	p.MayLook, p.MayDestroy = v.knows() && !gone, v.has(people.QA) && !gone
	if !one.RestrictedAt.IsZero() {
		p.Restricted = v.T("patient.restricted", "at", moment(one.RestrictedAt, v.zone()))
	}
	if gone {
		p.Destroyed = v.T("patient.destroyed", "at", moment(one.DestroyedAt, v.zone()), "reason", one.Destroyed)
	}
	for _, l := range one.Looks {
		line := lookLine{By: v.full(l.By), Role: v.word("role", l.Role), Why: l.Why, At: moment(l.At, v.zone())}
		if l.Found {
			line.How = v.T("patient.found")
		}
		p.Looks = append(p.Looks, line)
	}
	for _, r := range []people.Role{people.Admin, people.QA, people.Investigator} {
		p.Seconds = append(p.Seconds, choice{Code: string(r), Name: v.word("role", string(r)), Chosen: v.FormValue("second") == string(r)})
	}
	v.Response().Header().Set("Cache-Control", "no-store")
	return v.render(code, "patient", p)
}
