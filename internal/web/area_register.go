package web

import (
	"context"
	"time"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

type areaRegisterIn struct {
	Body struct {
		ID      string        `json:"id" example:"SVQ-A1" doc:"As it stands on the door"`
		Kind    string        `json:"kind" example:"aseptic" doc:"What recipes call such an area"`
		Name    string        `json:"name" example:"Aseptic room 1"`
		Grade   string        `json:"grade" example:"A/B"`
		Minutes int           `json:"clearance_minutes" minimum:"0" maximum:"10000" example:"240" doc:"How long a clearance is valid until a batch begins"`
		Limits  []areaLimitIn `json:"limits,omitempty" maxItems:"20" doc:"Of the environment; those of the grade when none are given"`
		Role    string        `json:"role,omitempty" example:"production-lead"`
	}
}

type areaLimitIn struct {
	Kind   string `json:"kind" example:"settle-plate"`
	Alert  string `json:"alert,omitempty" example:"<=2"`
	Action string `json:"action" example:"<=5"`
}

func (a *api) areaRegister(ctx context.Context, at *desk.Desk, in *areaRegisterIn) (*answer[areaOut], error) {
	r := area.Registration{
		ID: in.Body.ID, Kind: in.Body.Kind, Name: in.Body.Name, Grade: area.Grade(in.Body.Grade), ValidFor: time.Duration(in.Body.Minutes) * time.Minute,
	}
	for _, l := range in.Body.Limits {
		parsed, err := l.parse()
		if err != nil {
			return nil, err
		}
		r.Limits = append(r.Limits, parsed)
	}
	return a.onArea(ctx, at, AreaPath{Area: r.ID}, in.Body.Role, func(k *area.Book, by ledger.Author) error {
		return k.Register(ctx, by, r)
	})
}

func (l areaLimitIn) parse() (area.Limits, error) {
	out := area.Limits{Kind: area.Kind(l.Kind)}
	var err error
	out.Action, err = quantity.ParseLimit(l.Action, out.Kind.Unit())
	if err != nil || l.Alert == "" {
		return out, err
	}
	out.Alert, err = quantity.ParseLimit(l.Alert, out.Kind.Unit())
	return out, err
}
