package web

import (
	"context"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type destroyIn struct {
	PatientPath
	Body struct {
		Reason   string       `json:"reason" example:"retention ended on 2059-01-31" doc:"Stands in the record: it may not name the patient"`
		Password string       `json:"password"`
		Second   secondPerson `json:"second" doc:"An administrator, the investigator, or another person of QA; role is needed"`
	}
}

func (a *api) patientDestroy(ctx context.Context, at *desk.Desk, in *destroyIn) (*answer[patientOut], error) {
	by, err := at.Acting("", desk.Is(people.QA))
	if err != nil {
		return nil, err
	}
	v, err := at.Plant.Vault()
	if err != nil {
		return nil, err
	}
	second := in.Body.Second
	err = v.Destroy(ctx, in.Subject, in.Body.Reason, at.Signer(by.Role, in.Body.Password), at.Beside(second.Username, second.Password, people.Role(second.Role)))
	if err != nil {
		return nil, err
	}
	return patientNow(ctx, at, in.Subject)
}
