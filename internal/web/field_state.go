package web

import (
	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// fieldOut is one field: what is asked for, and every value that it has held.
type fieldOut struct {
	Field    string            `json:"field" example:"gross_mass"`
	Label    mbr.Text          `json:"label"`
	Type     mbr.FieldType     `json:"type" example:"decimal"`
	Unit     string            `json:"unit,omitempty" example:"g"`
	Limit    string            `json:"limit,omitempty" example:"100..250 g" doc:"A value beyond it is recorded and becomes an exception"`
	Expect   string            `json:"expect,omitempty" doc:"Expected choice; of a scan, the kind of container or coi"`
	Each     bool              `json:"each,omitempty" doc:"Every container of the kind is scanned"`
	Options  []optionOut       `json:"options,omitempty"`
	Optional bool              `json:"optional,omitempty"`
	Formula  string            `json:"formula,omitempty"`
	Inputs   map[string]string `json:"inputs,omitempty"`
	Demo     bool              `json:"demo,omitempty" doc:"The number is for demonstration"`
	Value    *valueOut         `json:"value,omitempty" doc:"What counts now"`
	Before   []valueOut        `json:"corrections,omitempty" doc:"What it held before, oldest first (CS-11)"`
	Scans    []scanOut         `json:"scans,omitempty"`
}

type optionOut struct {
	Code string   `json:"code"`
	Name mbr.Text `json:"name"`
}

// valueOut is a captured value. Of a blinded value nothing is shown but that it is there (I11).
type valueOut struct {
	Value   string       `json:"value,omitempty" example:"143.6 g" doc:"With unit and qualifier, as recorded (I13)"`
	Number  string       `json:"number,omitempty" example:"143.6"`
	Unit    string       `json:"unit,omitempty" example:"g"`
	Sealed  bool         `json:"sealed,omitempty"`
	Origin  batch.Origin `json:"origin" example:"typed"`
	By      string       `json:"by"`
	Role    string       `json:"role"`
	At      string       `json:"at"`
	Entry   uint64       `json:"entry" doc:"Position in the ledger"`
	Reason  string       `json:"reason,omitempty" doc:"Of a correction"`
	Formula string       `json:"formula,omitempty" example:"F05 v1"`
	Inputs  []inputOut   `json:"inputs,omitempty" doc:"What it was computed from (AT-55)"`
}

type inputOut struct {
	Name  string `json:"name"`
	Ref   string `json:"ref"`
	Value string `json:"value"`
	Entry uint64 `json:"entry,omitempty"`
}

type scanOut struct {
	Container string `json:"container"`
	By        string `json:"by"`
	At        string `json:"at"`
	Entry     uint64 `json:"entry"`
}

func fieldState(f *mbr.Field, st *batch.StepState) fieldOut {
	out := fieldOut{
		Field: f.ID, Label: f.Label, Type: f.Type, Unit: string(f.Unit), Expect: f.Expect, Each: f.Each, Optional: f.Optional,
		Formula: string(f.Formula), Inputs: f.Inputs, Demo: f.Demo,
	}
	if !f.Limit.IsZero() {
		out.Limit = f.Limit.String()
	}
	for _, o := range f.Options {
		out.Options = append(out.Options, optionOut{o.Code, o.Name})
	}
	values := st.Fields[f.ID].Values
	for i, c := range values {
		v := valueOf(c)
		if i == len(values)-1 {
			out.Value = &v
			break
		}
		out.Before = append(out.Before, v)
	}
	for _, s := range st.Scans[f.ID] {
		out.Scans = append(out.Scans, scanOut{s.Container, s.By, utc(s.At), s.Seq})
	}
	byEntry(out.Scans)
	return out
}

func valueOf(c batch.Captured) valueOut {
	v := valueOut{Origin: c.Origin, By: c.By, Role: c.Role, At: utc(c.At), Entry: c.Seq, Reason: c.Reason, Formula: c.Formula}
	v.show(c.Value)
	for _, in := range c.Inputs {
		v.Inputs = append(v.Inputs, inputOut{in.Name, in.Ref, in.Value.String(), in.Entry})
	}
	return v
}

func (v *valueOut) show(value batch.Value) {
	if value.Sealed != "" {
		v.Sealed = true
		return
	}
	v.Value = value.String()
	if q, ok := value.Quantity(); ok {
		v.Number, v.Unit = q.Number(), string(q.Unit())
	}
}
