package web

import (
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// StepCourse is what a step needs from the floor, how it may leave the straight way, and where it did.
type StepCourse struct {
	Parallel  string       `json:"parallel,omitempty" doc:"Steps of one group that stand together are done in any order"`
	AtRisk    []string     `json:"at_risk,omitempty" doc:"Earlier steps for whose end it need not wait"`
	Gate      *gateOut     `json:"gate,omitempty" doc:"A decision of the step, and what follows from each choice"`
	Repeat    *repeatOut   `json:"repeat,omitempty" doc:"From where the work begins again after an interruption"`
	Materials []needOut    `json:"materials,omitempty"`
	Equipment []machineOut `json:"equipment,omitempty"`
	Area      string       `json:"area,omitempty" doc:"Kind of work area in which it is done (I5)"`
	Line      mbr.LineAct  `json:"line,omitempty" enum:"clear,free"`
	Training  []string     `json:"training,omitempty" doc:"Procedures in which the performer has to be trained (CS-2)"`
	Duration  int64        `json:"duration_s,omitempty" doc:"Planned, in seconds"`
	Critical  bool         `json:"critical,omitempty"`
	Safe      bool         `json:"safe,omitempty" doc:"A stop of the batch takes effect when it is done"`
	Closing   bool         `json:"closing,omitempty" doc:"Done also when the batch was stopped before"`

	Attempt       int               `json:"attempt,omitempty" doc:"How often it was begun again"`
	Risks         []riskOut         `json:"begun_at_risk,omitempty" doc:"Begun before earlier steps were done"`
	Interruptions []interruptionOut `json:"interruptions,omitempty"`
	Disagreements []disagreementOut `json:"disagreements,omitempty" doc:"Of the second person's own entries with the first ones (I7)"`
	Lots          []lotUsedOut      `json:"lots_used,omitempty"`
	Devices       []deviceUsedOut   `json:"equipment_used,omitempty"`
	Prints        []labelPrintOut   `json:"prints,omitempty" doc:"Printed labels, in order of issue"`
}

type gateOut struct {
	Field     string        `json:"field"`
	Decisions []decisionOut `json:"decisions"`
}

type decisionOut struct {
	Code string   `json:"code"`
	Then mbr.Then `json:"then" enum:"continue,deviation,hold,reject"`
}

type repeatOut struct {
	From  string `json:"from"`
	Times int    `json:"times"`
	Left  int    `json:"left"`
}

// needOut is a material that the step takes.
type needOut struct {
	Material string   `json:"material"`
	Name     mbr.Text `json:"name"`
	Field    string   `json:"field" doc:"That names the lot"`
	Quantity string   `json:"quantity,omitempty" example:"150 mL" doc:"So much of it; empty while it is not known, or not counted"`
	From     string   `json:"quantity_field,omitempty" doc:"The field that says how much"`
}

type machineOut struct {
	Kind      string   `json:"kind"`
	Name      mbr.Text `json:"name"`
	Field     string   `json:"field" doc:"That names the device"`
	Programme string   `json:"programme_field,omitempty"`
}

type riskOut struct {
	Before []string `json:"before"`
	Reason string   `json:"reason"`
	By     string   `json:"by"`
	At     string   `json:"at"`
	Entry  uint64   `json:"entry"`
}

type interruptionOut struct {
	Cause    string           `json:"cause"`
	By       string           `json:"by"`
	At       string           `json:"at"`
	Entry    uint64           `json:"entry"`
	Decision batch.Resumption `json:"decision,omitempty"`
	Reason   string           `json:"reason,omitempty"`
	Decided  string           `json:"decided_by,omitempty"`
	Resumed  string           `json:"resumed_at,omitempty"`
}

type disagreementOut struct {
	Fields []string `json:"fields"`
	By     string   `json:"by"`
	At     string   `json:"at"`
	Entry  uint64   `json:"entry"`
}

type lotUsedOut struct {
	Lot      string `json:"lot"`
	Material string `json:"material"`
	Field    string `json:"field"`
	Quantity string `json:"quantity,omitempty"`
	By       string `json:"by"`
	At       string `json:"at"`
	Entry    uint64 `json:"entry"`
}

type deviceUsedOut struct {
	Device    string `json:"device"`
	Kind      string `json:"kind"`
	Field     string `json:"field"`
	Programme string `json:"programme,omitempty"`
	By        string `json:"by"`
	At        string `json:"at"`
	Entry     uint64 `json:"entry"`
}

type labelPrintOut struct {
	Container string           `json:"container"`
	Path      string           `json:"path" doc:"The identifier as it is written in addresses"`
	Serial    int              `json:"serial" doc:"Of this container: one more for each reprint"`
	State     batch.LabelState `json:"state" enum:"queued,sending,unknown,printed,failed,scanned-back,destroyed"`
	Why       string           `json:"why,omitempty" doc:"Of a failure or a reprint"`
	At        string           `json:"at"`
}

// stepRules is what the recipe says of the step.
func stepRules(b *batch.Batch, st *batch.StepState) StepCourse {
	s := st.Step
	out := StepCourse{
		Parallel: s.Parallel, AtRisk: s.AtRisk, Area: s.Area, Line: s.Line, Training: s.Training, Duration: int64(s.Duration / time.Second),
		Critical: s.Critical, Safe: s.Safe, Closing: s.Closing, Attempt: st.Attempt,
	}
	if s.Gate != nil {
		out.Gate = &gateOut{Field: s.Gate.Field}
		for _, d := range s.Gate.Decisions {
			out.Gate.Decisions = append(out.Gate.Decisions, decisionOut{d.Code, d.Then})
		}
	}
	if r := s.Repeat; r != nil {
		out.Repeat = &repeatOut{r.From, r.Times, max(0, r.Times-st.Attempt)}
	}
	for _, u := range s.Materials {
		if _, ok := st.Fields[u.Field]; ok {
			out.Materials = append(out.Materials, needOf(b, st, u))
		}
	}
	for _, u := range s.Equipment {
		if _, ok := st.Fields[u.Field]; ok {
			out.Equipment = append(out.Equipment, machineOut{u.Kind, b.Recipe.Equipment[u.Kind].Name, u.Field, u.Programme})
		}
	}
	return out
}

func needOf(b *batch.Batch, st *batch.StepState, u mbr.MaterialUse) needOut {
	out := needOut{Material: u.Material, Name: b.Recipe.Materials[u.Material].Name, Field: u.Field, Quantity: u.Quantity}
	if _, isField := st.Fields[u.Quantity]; isField {
		out.From, out.Quantity = u.Quantity, ""
	}
	return out
}

// happened is what the record says of the step's course. Where the person is blind it tells no quantity.
func (out *StepCourse) happened(st *batch.StepState, blind bool) {
	for _, r := range st.Risks {
		out.Risks = append(out.Risks, riskOut{r.Before, r.Reason, r.By, utc(r.At), r.Seq})
	}
	for _, i := range st.Interruptions {
		out.Interruptions = append(out.Interruptions, interruptionOut{i.Cause, i.By, utc(i.At), i.Seq, i.Decision, i.Reason, i.Decided, utc(i.Resumed)})
	}
	for _, d := range st.Disagreements {
		out.Disagreements = append(out.Disagreements, disagreementOut{d.Fields, d.By, utc(d.At), d.Seq})
	}
	for _, u := range st.Lots {
		if blind {
			break // how much was used is what the second person measures
		}
		one := lotUsedOut{Lot: u.Lot, Material: u.Material, Field: u.Field, By: u.By, At: utc(u.At), Entry: u.Seq}
		if !u.Quantity.IsZero() {
			one.Quantity = u.Quantity.String()
		}
		out.Lots = append(out.Lots, one)
	}
	for _, u := range st.Devices {
		out.Devices = append(out.Devices, deviceUsedOut{u.Device, u.Kind, u.Field, u.Programme, u.By, utc(u.At), u.Seq})
	}
	for _, l := range st.Prints {
		out.Prints = append(out.Prints, labelPrintOut{l.Container, strings.ReplaceAll(l.Container, "/", "-"), l.Serial, l.State, l.Why, utc(l.At)})
	}
}
