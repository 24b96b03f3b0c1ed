package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type lookIn struct {
	PatientPath
	Body struct {
		Why  string `json:"why" example:"identity check before the harvest" doc:"Stands in the record: it may not name the patient"`
		Role string `json:"role,omitempty" example:"nurse"`
	}
}

// identityOut is who a patient is. It is not kept by anything on the way.
type identityOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Subject string `json:"subject_no"`
		Identity
	}
}

func (a *api) patientLook(ctx context.Context, at *desk.Desk, in *lookIn) (*identityOut, error) {
	by, err := at.Acting(in.Body.Role, seesIdentity)
	if err != nil {
		return nil, err
	}
	v, err := at.Plant.Vault()
	if err != nil {
		return nil, err
	}
	id, err := v.Look(ctx, by, in.Subject, in.Body.Why)
	if err != nil {
		return nil, err
	}
	out := &identityOut{CacheControl: "no-store"}
	out.Body.Subject, out.Body.Identity = in.Subject, Identity(id)
	return out, nil
}

type searchIn struct {
	Body struct {
		Number string `json:"hospital_number"`
		Why    string `json:"why" example:"the ward asks for the date of the infusion"`
		Role   string `json:"role,omitempty" example:"nurse"`
	}
}

type foundOut struct {
	Subject string `json:"subject_no"`
}

func (a *api) patientSearch(ctx context.Context, at *desk.Desk, in *searchIn) (*answer[foundOut], error) {
	by, err := at.Acting(in.Body.Role, seesIdentity)
	if err != nil {
		return nil, err
	}
	v, err := at.Plant.Vault()
	if err != nil {
		return nil, err
	}
	subject, err := v.Find(ctx, by, in.Body.Number, in.Body.Why)
	if err != nil {
		return nil, err
	}
	return &answer[foundOut]{Body: foundOut{subject}}, nil
}
