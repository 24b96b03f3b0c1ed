package web

import (
	"context"
	"time"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

type areaReadingsIn struct {
	AreaPath
	Body struct {
		Readings []readingIn `json:"readings" minItems:"1" maxItems:"100"`
		Role     string      `json:"role,omitempty" example:"operator"`
	}
}

type readingIn struct {
	Kind   string    `json:"kind" enum:"particles-0.5,particles-5,pressure,temperature,humidity"`
	Value  string    `json:"value" example:"3520" doc:"As text, so that its decimals are kept (I13)"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Source string    `json:"source" example:"APC-04" doc:"Device, or who read it"`
}

func (a *api) areaReadings(ctx context.Context, at *desk.Desk, in *areaReadingsIn) (*answer[areaOut], error) {
	var readings []area.Reading
	for _, r := range in.Body.Readings {
		kind := area.Kind(r.Kind)
		value, err := quantity.Parse(r.Value, kind.Unit())
		if err != nil {
			return nil, err
		}
		readings = append(readings, area.Reading{Kind: kind, Value: value, From: r.From, To: r.To, Source: r.Source})
	}
	return a.onArea(ctx, at, in.AreaPath, in.Body.Role, func(k *area.Book, by ledger.Author) error {
		return k.Record(ctx, by, in.Area, readings)
	})
}

type platePlaceIn struct {
	AreaPath
	Body struct {
		Plate    string    `json:"plate" example:"P-0012" doc:"As it stands on the plate; never used again"`
		Kind     string    `json:"kind" enum:"settle-plate,contact-plate,glove-plate"`
		Position string    `json:"position" example:"left of the centrifuge"`
		From     time.Time `json:"from" doc:"Begin of the time for which it speaks"`
		To       time.Time `json:"to"`
		Role     string    `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) platePlace(ctx context.Context, at *desk.Desk, in *platePlaceIn) (*answer[areaOut], error) {
	b := in.Body
	return a.onArea(ctx, at, in.AreaPath, b.Role, func(k *area.Book, by ledger.Author) error {
		return k.Place(ctx, by, in.Area, area.Plate{ID: b.Plate, Kind: area.Kind(b.Kind), Position: b.Position, From: b.From, To: b.To})
	})
}

type plateReadIn struct {
	AreaPath
	Plate string `path:"plate" example:"P-0012"`
	Body  struct {
		Colonies int    `json:"colonies" minimum:"0" maximum:"9999"`
		Note     string `json:"note,omitempty" example:"Micrococcus luteus" doc:"What grew"`
		Role     string `json:"role,omitempty" example:"qc-analyst"`
	}
}

func (a *api) plateRead(ctx context.Context, at *desk.Desk, in *plateReadIn) (*answer[areaOut], error) {
	return a.onArea(ctx, at, in.AreaPath, in.Body.Role, func(k *area.Book, by ledger.Author) error {
		return k.Read(ctx, by, in.Area, in.Plate, in.Body.Colonies, in.Body.Note)
	})
}
