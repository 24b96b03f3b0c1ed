package web

import (
	"time"

	"rexbatch/batch/area"
	"rexbatch/internal/quantity"
)

// areaLineOut is a work area without its history.
type areaLineOut struct {
	ID       string      `json:"id" example:"SVQ-A1"`
	Kind     string      `json:"kind" example:"aseptic" doc:"What recipes call such an area"`
	Name     string      `json:"name"`
	Grade    area.Grade  `json:"grade" example:"A/B"`
	Status   area.Status `json:"status" enum:"uncleared,cleared,expired,occupied"`
	Batch    string      `json:"batch,omitempty" doc:"The batch that is open in it"`
	CoI      string      `json:"coi,omitempty"`
	Until    string      `json:"clear_until,omitempty" doc:"Last moment at which a batch may begin on the standing clearance"`
	ValidFor int         `json:"clearance_minutes"`
	Waiting  int         `json:"plates_waiting"`
	Version  uint64      `json:"version"`
}

func areaLine(i area.Item, now time.Time) areaLineOut {
	return areaLineOut{
		ID: i.ID, Kind: i.Kind, Name: i.Name, Grade: i.Grade, Status: i.Status(now), Batch: i.Batch, CoI: i.CoI.String(), Until: utc(i.Until),
		ValidFor: i.ValidFor, Waiting: i.Waiting, Version: i.Version,
	}
}

// areaOut is a work area with its history.
type areaOut struct {
	areaLineOut
	Limits      []areaLimitOut  `json:"limits"`
	Clearances  []clearanceOut  `json:"clearances" doc:"All, those that were not passed too"`
	Occupations []occupationOut `json:"occupations"`
	Readings    []readingOut    `json:"readings" doc:"Those whose window overlaps the one asked for"`
	Plates      []plateOut      `json:"plates_without_result"`
}

type areaLimitOut struct {
	Kind   area.Kind `json:"kind" example:"settle-plate"`
	Unit   string    `json:"unit"`
	Alert  string    `json:"alert,omitempty"`
	Action string    `json:"action" example:"<=5"`
}

type clearanceOut struct {
	At        string         `json:"at"`
	Passed    bool           `json:"passed"`
	Until     string         `json:"until,omitempty"`
	First     string         `json:"first"`
	Second    string         `json:"second,omitempty"`
	Checklist area.Checklist `json:"checklist"`
	Entry     uint64         `json:"entry"`
}

type occupationOut struct {
	Batch  string `json:"batch"`
	CoI    string `json:"coi"`
	From   string `json:"from"`
	To     string `json:"to,omitempty"`
	Reason string `json:"reason,omitempty" doc:"Of QA, where the batch did not free the area itself"`
	Entry  uint64 `json:"entry"`
}

type readingOut struct {
	Kind     area.Kind         `json:"kind"`
	Value    quantity.Quantity `json:"value"`
	Limit    string            `json:"limit,omitempty" doc:"Action limit as it was then"`
	Level    area.Level        `json:"level" enum:"within,alert,action,not-judged,undecidable"`
	From     string            `json:"from"`
	To       string            `json:"to"`
	Source   string            `json:"source"`
	Plate    string            `json:"plate,omitempty"`
	Position string            `json:"position,omitempty"`
	Note     string            `json:"note,omitempty"`
	By       string            `json:"by"`
	At       string            `json:"at"`
	Entry    uint64            `json:"entry"`
	Batches  []string          `json:"batches" doc:"That were in the area meanwhile"`
}

type plateOut struct {
	ID       string    `json:"id"`
	Kind     area.Kind `json:"kind"`
	Position string    `json:"position"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	By       string    `json:"by"`
	Entry    uint64    `json:"entry"`
}

func areaState(w *area.Area, from, to, now time.Time) areaOut {
	out := areaOut{
		areaLineOut: areaLine(w.Item(), now), Limits: []areaLimitOut{}, Clearances: []clearanceOut{}, Occupations: []occupationOut{},
		Readings: []readingOut{}, Plates: []plateOut{},
	}
	for _, l := range w.Limits {
		out.Limits = append(out.Limits, areaLimitOut{Kind: l.Kind, Unit: string(l.Kind.Unit()), Alert: l.Alert.Source(), Action: l.Action.Source()})
	}
	for _, c := range w.Clearances {
		out.Clearances = append(out.Clearances, clearanceOut{
			At: utc(c.At), Passed: c.Passed, Until: utc(c.Until), First: c.First, Second: c.Second.Account, Checklist: c.Checklist, Entry: c.Seq,
		})
	}
	for _, o := range w.Taken {
		out.Occupations = append(out.Occupations, occupationOut{Batch: o.Batch, CoI: o.CoI.String(), From: utc(o.From), To: utc(o.To), Reason: o.Reason, Entry: o.Seq})
	}
	for _, r := range w.Overlay(from, to) {
		out.Readings = append(out.Readings, readingState(w, r))
	}
	for _, p := range w.Waiting() {
		out.Plates = append(out.Plates, plateOut{ID: p.ID, Kind: p.Kind, Position: p.Position, From: utc(p.From), To: utc(p.To), By: p.By, Entry: p.Seq})
	}
	return out
}

func readingState(w *area.Area, r area.Reading) readingOut {
	out := readingOut{
		Kind: r.Kind, Value: r.Value, Level: r.Level(), From: utc(r.From), To: utc(r.To), Source: r.Source, Plate: r.Plate, Position: r.Position,
		Note: r.Note, By: r.By, At: utc(r.At), Entry: r.Seq, Batches: []string{},
	}
	if !r.Limits.Action.IsZero() {
		out.Limit = r.Limits.Action.String()
	}
	for _, o := range w.Occupations(r.From, r.To) {
		out.Batches = append(out.Batches, o.Batch)
	}
	return out
}
