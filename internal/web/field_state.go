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

	Asked    bool       `json:"asked" doc:"False for a field that holds a value and is not asked for any more"`
	Counted  bool       `json:"counted,omitempty" doc:"By the system from the record, when the step is completed"`
	Material string     `json:"material,omitempty" doc:"Of a lot: see materials of the step"`
	Device   string     `json:"equipment,omitempty" doc:"Of a device: its kind"`
	OnBeyond mbr.Beyond `json:"on_beyond,omitempty" doc:"What a value beyond its limit asks for: a comment, or block"`
	Beyond   bool       `json:"beyond,omitempty" doc:"The value is beyond its limit, not the expected one, or against a check"`
	Faults   []mbr.Text `json:"faults,omitempty" doc:"The checks of the recipe that the value does not meet, in words"`
	Remark   *remarkOut `json:"remark,omitempty" doc:"What was said about the value, so that the step can go on with it (AT-59)"`
	Blind    bool       `json:"blind,omitempty" doc:"The person enters it again without seeing the first value, so none is shown (I7)"`
}

type remarkOut struct {
	Text  string `json:"text"`
	By    string `json:"by"`
	At    string `json:"at"`
	Entry uint64 `json:"entry"`
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

// fieldState is a field as the record stands. Of a blind one nothing is told that was entered.
func fieldState(b *batch.Batch, f *mbr.Field, st *batch.StepState, blind bool) fieldOut {
	out := fieldOut{
		Field: f.ID, Label: f.Label, Type: f.Type, Unit: string(f.Unit), Expect: f.Expect, Each: f.Each, Optional: f.Optional,
		Formula: string(f.Formula), Inputs: f.Inputs, Demo: f.Demo, Asked: b.Asked(f), Counted: f.Captured == mbr.FromLedger,
		Material: f.Material, Device: f.Device, OnBeyond: f.Beyond, Blind: blind,
	}
	if limit := b.JudgedBy(f); !limit.IsZero() {
		out.Limit = limit.String()
	}
	for _, o := range f.Options {
		out.Options = append(out.Options, optionOut{o.Code, o.Name})
	}
	if blind {
		return out
	}
	values := st.Fields[f.ID].Values
	current, holds := st.Fields[f.ID].Current()
	for i, c := range values {
		v := valueOf(c)
		if i == len(values)-1 && (holds || c.Attempt == st.Attempt) {
			out.Value = &v
			break
		}
		out.Before = append(out.Before, v)
	}
	for _, s := range st.Scans[f.ID] {
		out.Scans = append(out.Scans, scanOut{s.Container, s.By, utc(s.At), s.Seq})
	}
	byEntry(out.Scans)
	out.judged(b, f, current.Value)
	return out
}

func (out *fieldOut) judged(b *batch.Batch, f *mbr.Field, v batch.Value) {
	out.Beyond = b.Beyond(f)
	if r, ok := b.Remark(f); ok && out.Beyond {
		out.Remark = &remarkOut{r.Text, r.By, utc(r.At), r.Seq}
	}
	if !out.Beyond || len(f.Checks) == 0 {
		return
	}
	if v.IsZero() {
		v, _ = b.Preview(f)
	}
	out.Faults = b.Faults(f, v)
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
