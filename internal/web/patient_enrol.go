package web

import (
	"context"

	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// Identity is who a patient is, as it goes in and out. It is never part of an address.
type Identity struct {
	Number  string `json:"hospital_number" example:"NHC 004711"`
	Family  string `json:"family_names"`
	Given   string `json:"given_names"`
	Birth   string `json:"birth_date" example:"1951-03-14"`
	Country string `json:"country" example:"ES" doc:"Of the hospital, ISO 3166-1 alpha-2"`
}

func (i Identity) of() vault.Identity {
	return vault.Identity{Number: i.Number, Family: i.Family, Given: i.Given, Birth: i.Birth, Country: i.Country}
}

type enrolIn struct {
	Body struct {
		Subject string `json:"subject_no" example:"3401-007" doc:"Trial subject number, the pseudonym"`
		Identity
		Role string `json:"role,omitempty" example:"coordinator"`
	}
}

func seesIdentity(r people.Role) bool { return r.May(people.SeeIdentity) }

func (a *api) patientEnrol(ctx context.Context, at *desk.Desk, in *enrolIn) (*answer[patientOut], error) {
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return seesIdentity(r) && r.May(people.OpenOrder) })
	if err != nil {
		return nil, err
	}
	v, err := at.Plant.Vault()
	if err != nil {
		return nil, err
	}
	err = v.Enrol(ctx, by, in.Body.Subject, in.Body.of())
	if err != nil {
		return nil, err
	}
	return patientNow(ctx, at, in.Body.Subject)
}

type patientCorrectIn struct {
	PatientPath
	Body struct {
		Identity
		Reason string `json:"reason" doc:"Stands in the record: it may not name the patient"`
		Role   string `json:"role,omitempty" example:"coordinator"`
	}
}

func (a *api) patientCorrect(ctx context.Context, at *desk.Desk, in *patientCorrectIn) (*answer[patientOut], error) {
	by, err := at.Acting(in.Body.Role, seesIdentity)
	if err != nil {
		return nil, err
	}
	v, err := at.Plant.Vault()
	if err != nil {
		return nil, err
	}
	err = v.Correct(ctx, by, in.Subject, in.Body.of(), in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return patientNow(ctx, at, in.Subject)
}
