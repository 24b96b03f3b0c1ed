package area

import (
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The types of entry in a work area's stream.
const (
	typeRegistered = "area.registered"
	typeCleared    = "area.cleared"
	typeNotClear   = "area.clearance-failed"
	typeOccupied   = "area.occupied"
	typeFreed      = "area.freed"
	typeReading    = "area.environment-recorded"
	typePlaced     = "area.plate-placed"
	typePlateRead  = "area.plate-read"
)

type registered struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Grade   Grade    `json:"grade"`
	Minutes int      `json:"clearance_minutes"`
	Limits  []Limits `json:"limits"`
}

type cleared struct {
	Checklist Checklist        `json:"checklist"`
	First     string           `json:"first"`
	Second    people.Signature `json:"second"`
	Until     time.Time        `json:"until"` // as the area's validity was then
}

type notClear struct {
	Checklist Checklist `json:"checklist"`
	First     string    `json:"first"`
}

type occupied struct {
	Batch string      `json:"batch"`
	CoI   isbt128.CoI `json:"coi"`
}

type freed struct {
	Batch  string `json:"batch"`
	Reason string `json:"reason,omitempty"` // of QA, who freed it for a batch that could not
}

type recorded struct {
	Readings []Reading `json:"readings"`
}

type placed struct {
	Plate Plate `json:"plate"`
}

type plateRead struct {
	Reading Reading `json:"reading"` // what the plate says of the window in which it stood open
}

// Apply folds one entry of the area's stream into the state.
func (a *Area) Apply(e ledger.Entry) error {
	var err error
	switch e.Type {
	case typeRegistered:
		err = apply(e, a.applyRegistered)
	case typeCleared:
		err = apply(e, a.applyCleared)
	case typeNotClear:
		err = apply(e, a.applyNotClear)
	case typeOccupied:
		err = apply(e, a.applyOccupied)
	case typeFreed:
		err = apply(e, a.applyFreed)
	case typeReading:
		err = apply(e, a.applyReadings)
	case typePlaced:
		err = apply(e, a.applyPlaced)
	case typePlateRead:
		err = apply(e, a.applyPlateRead)
	default:
		err = fmt.Errorf("unknown entry type %q", e.Type)
	}
	if err != nil {
		return fmt.Errorf("work area %s entry %d: %w", a.ID, e.Seq, err)
	}
	a.Version = e.Version
	return nil
}

func apply[T any](e ledger.Entry, fold func(ledger.Entry, T)) error {
	var d T
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	fold(e, d)
	return nil
}

func (a *Area) applyRegistered(_ ledger.Entry, d registered) {
	a.ID, a.Kind, a.Name, a.Grade, a.Limits = d.ID, d.Kind, d.Name, d.Grade, d.Limits
	a.ValidFor = time.Duration(d.Minutes) * time.Minute
}

func (a *Area) applyCleared(e ledger.Entry, d cleared) {
	a.clear = true
	a.Clearances = append(a.Clearances, Clearance{
		Checklist: d.Checklist, First: d.First, Second: d.Second, At: e.Time, Until: d.Until, Seq: e.Seq, Passed: true,
	})
}

func (a *Area) applyNotClear(e ledger.Entry, d notClear) {
	a.clear = false
	a.Clearances = append(a.Clearances, Clearance{Checklist: d.Checklist, First: d.First, At: e.Time, Seq: e.Seq})
}

func (a *Area) applyOccupied(e ledger.Entry, d occupied) {
	a.Batch, a.CoI, a.clear = d.Batch, d.CoI, false
	a.Taken = append(a.Taken, Occupation{Batch: d.Batch, CoI: d.CoI, From: e.Time, Seq: e.Seq, By: e.Author.Account})
}

func (a *Area) applyFreed(e ledger.Entry, d freed) {
	a.Batch, a.CoI = "", isbt128.CoI{}
	last := &a.Taken[len(a.Taken)-1]
	last.To, last.Freed, last.Reason = e.Time, e.Author.Account, d.Reason
}

func (a *Area) applyReadings(e ledger.Entry, d recorded) {
	for _, r := range d.Readings {
		r.By, r.At, r.Seq = e.Author.Account, e.Time, e.Seq
		a.Readings = append(a.Readings, r)
	}
}

func (a *Area) applyPlaced(e ledger.Entry, d placed) {
	d.Plate.By, d.Plate.Seq = e.Author.Account, e.Seq
	a.Plates = append(a.Plates, d.Plate)
}

func (a *Area) applyPlateRead(e ledger.Entry, d plateRead) {
	d.Reading.By, d.Reading.At, d.Reading.Seq = e.Author.Account, e.Time, e.Seq
	a.Readings = append(a.Readings, d.Reading)
	for i := range a.Plates {
		if a.Plates[i].ID == d.Reading.Plate {
			r := d.Reading
			a.Plates[i].Result = &r
		}
	}
}
