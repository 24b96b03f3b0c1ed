package web

import (
	"context"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type onCallOut struct {
	Account string    `json:"account,omitempty" example:"jorge" doc:"Who is on call; empty when nobody is"`
	Since   string    `json:"since,omitempty"`
	NamedBy string    `json:"named_by,omitempty"`
	Calls   []callOut `json:"calls" doc:"Calls that nobody has taken yet"`
	Version uint64    `json:"version"`
}

type callOut struct {
	Shipment  string `json:"shipment" example:"SHP-SVQ2600001X"`
	Account   string `json:"account,omitempty" doc:"Who was on call then; empty when nobody was"`
	At        string `json:"at"`
	AnswerBy  string `json:"answer_by"`
	Escalated bool   `json:"escalated" doc:"It waits for the leads of production and QA as well"`
}

// onCallShow is who answers for the plant out of hours, and what waits for them (scenario 16).
func (a *api) onCallShow(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[onCallOut], error) {
	book := at.Plant.Batches.OnCall()
	d, err := book.Load(ctx)
	if err != nil {
		return nil, err
	}
	out := onCallOut{Calls: []callOut{}, Version: d.Version}
	if d.Now != nil {
		out.Account, out.Since, out.NamedBy = d.Now.Account, utc(d.Now.Since), d.Now.By
	}
	for _, c := range d.Calls {
		if c.Open() {
			out.Calls = append(out.Calls, callOut{c.About, c.Account, utc(c.At), utc(c.AnswerBy), c.Escalated(book.Clock())})
		}
	}
	return &answer[onCallOut]{Body: out}, nil
}

type onCallIn struct {
	Body struct {
		Account string `json:"account" example:"jorge" doc:"Who is on call from now on"`
		Role    string `json:"role,omitempty" example:"production-lead"`
	}
}

func (a *api) onCallName(ctx context.Context, at *desk.Desk, in *onCallIn) (*answer[onCallOut], error) {
	duty, err := at.Plant.Batches.OnCall().Load(ctx)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return duty.MayName(at.Session.Account, r) })
	if err != nil {
		return nil, err
	}
	err = at.Plant.Batches.OnCall().Name(ctx, by, in.Body.Account)
	if err != nil {
		return nil, err
	}
	return a.onCallShow(ctx, at, nil)
}

type callTakeIn struct {
	ShipmentPath
	Body struct {
		Role string `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) callTake(ctx context.Context, at *desk.Desk, in *callTakeIn) (*answer[shipmentOut], error) {
	fits, err := at.Called(ctx, in.Shipment)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(in.Body.Role, fits)
	if err != nil {
		return nil, err
	}
	id, err := shipment.ParseID(in.Shipment)
	if err == nil {
		err = at.Plant.Batches.OnCall().Take(ctx, by, string(id))
	}
	if err != nil {
		return nil, err
	}
	return shipmentNow(ctx, at, in.Shipment)
}
