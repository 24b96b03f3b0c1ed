package web

import (
	"context"

	"rexbatch/batch/equipment"
	"rexbatch/internal/web/desk"
)

type deviceIn struct {
	Body struct {
		ID    string `json:"id" example:"CEN-03" doc:"As on its tag: A–Z, 0–9 and hyphens"`
		Kind  string `json:"kind" example:"centrifuge" doc:"As recipes name it"`
		Name  string `json:"name" example:"Heraeus Multifuge X3" doc:"Make and model"`
		Area  string `json:"area" example:"SVQ-07"`
		Needs []struct {
			Check string `json:"check" enum:"qualification,calibration,cleaning,daily-control"`
			Due   string `json:"due,omitempty" example:"2027-06-30" doc:"The day until which it is passed already; none where it has to be done first"`
		} `json:"needs,omitempty" doc:"What the device has to pass again and again"`
		Role string `json:"role,omitempty" example:"production-lead"`
	}
}

func (a *api) deviceRegister(ctx context.Context, at *desk.Desk, in *deviceIn) (*answer[deviceOut], error) {
	by, err := at.Acting(in.Body.Role, anyRole)
	if err != nil {
		return nil, err
	}
	book := at.Plant.Batches.Equipment()
	r := equipment.Registration{
		ID: equipment.ID(in.Body.ID), Kind: in.Body.Kind, Name: in.Body.Name, Area: in.Body.Area, Checks: map[equipment.Check]equipment.Due{},
	}
	for _, n := range in.Body.Needs {
		due, err := book.Due(n.Due)
		if err != nil {
			return nil, err
		}
		r.Checks[equipment.Check(n.Check)] = due
	}
	id, err := book.Register(ctx, by, r)
	if err != nil {
		return nil, err
	}
	return deviceNow(ctx, at, id)
}
