package web

import (
	"slices"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

// stepOut is one step: what the recipe says, and what the record holds.
type stepOut struct {
	Step        string                    `json:"step" example:"S11"`
	Procedure   string                    `json:"unit_procedure"`
	Name        mbr.Text                  `json:"name"`
	Instruction mbr.Text                  `json:"instruction"`
	Role        people.Role               `json:"role" doc:"Who performs it"`
	Second      *secondOut                `json:"second,omitempty" doc:"Second person (I7)"`
	Material    bool                      `json:"material" doc:"Needs a matching scan first (I4)"`
	Blind       bool                      `json:"blind" doc:"Content is sealed from blinded roles (I11)"`
	Act         mbr.Act                   `json:"act,omitempty" doc:"Done by a signature: see acts"`
	Custody     *custodyOut               `json:"custody,omitempty" doc:"Who must hold which container when it is completed (I6)"`
	Creates     []createOut               `json:"creates,omitempty" doc:"Containers whose labels the step issues"`
	Relabels    []string                  `json:"relabels,omitempty" doc:"Kinds of container that get the product's label here"`
	Status      batch.Status              `json:"status" example:"open"`
	Performer   string                    `json:"performer,omitempty"`
	StartedAt   string                    `json:"started_at,omitempty"`
	CompletedAt string                    `json:"completed_at,omitempty"`
	Verified    *people.Signature         `json:"verified,omitempty"`
	Withheld    bool                      `json:"withheld,omitempty" doc:"The person's roles do not read what this step holds"`
	Fields      []fieldOut                `json:"fields"`
	Stops       []stopOut                 `json:"stops,omitempty" doc:"Labels that did not match (I4)"`
	Labels      []containerOut            `json:"labels,omitempty" doc:"Issued in this step"`
	Allowances  []release.ReviewAllowance `json:"allowances,omitempty" doc:"What an approved deviation changed here, for this batch alone (AT-5)"`
	StepCourse
}

type secondOut struct {
	Role  people.Role    `json:"role"`
	Mode  mbr.SecondMode `json:"mode"`
	Field string         `json:"field,omitempty" doc:"Scanned again independently"`

	Fields []string `json:"fields,omitempty" doc:"Entered again without seeing the first values; send them as values when verifying"`
}

type custodyOut struct {
	Container string `json:"container" example:"harvest-bag"`
	Holder    string `json:"holder" example:"courier"`
}

type stopOut struct {
	Field string `json:"field"`
	Want  string `json:"want"`
	Got   string `json:"got"`
	Why   string `json:"why"`
	By    string `json:"by"`
	At    string `json:"at"`
	Entry uint64 `json:"entry"`
}

type createOut struct {
	Kind  string   `json:"kind"`
	From  string   `json:"from,omitempty"`
	Count string   `json:"count,omitempty"`
	Label mbr.Text `json:"label"`
	Print bool     `json:"print,omitempty" doc:"Printed, and scanned back before the step goes on (LB-3)"`
}

func stepState(at *desk.Desk, b *batch.Batch, st *batch.StepState, event *chainofcustody.TherapyEvent) stepOut {
	s := st.Step
	out := stepOut{
		Step: s.ID, Procedure: s.UnitProcedure, Name: s.Name, Instruction: s.Instruction, Role: s.Performer, Material: s.Material,
		Blind: s.Blind, Act: s.Act, Status: st.Status, Performer: st.Performer,
		StartedAt: utc(st.StartedAt), CompletedAt: utc(st.CompletedAt), Verified: st.Verified, Fields: []fieldOut{},
	}
	if s.Second != nil {
		out.Second = &secondOut{s.Second.Role, s.Second.Mode, s.Second.Field, s.Second.Fields}
	}
	if s.Custody != nil {
		out.Custody = &custodyOut{s.Custody.Container, s.Custody.Holder}
	}
	for _, c := range s.Creates {
		if len(c.Only) == 0 || slices.Contains(c.Only, b.Site) {
			out.Creates = append(out.Creates, createOut{c.Kind, c.From, c.Count, c.Label, c.Print})
		}
	}
	for _, r := range s.Relabels {
		out.Relabels = append(out.Relabels, r.Kind)
	}
	out.StepCourse = stepRules(b, st)
	out.Allowances = release.AllowancesOf(b.AllowancesAt(s.ID))
	if !at.Sees(s) {
		out.Withheld = true
		return out
	}
	blind := at.Blind(b, st)
	out.happened(st, blind != nil)
	for _, x := range st.Stops {
		out.Stops = append(out.Stops, stopOut{x.Field, x.Want, x.Got, x.Why, x.By, utc(x.At), x.Seq})
	}
	for _, f := range s.FieldsAt(b.Site) {
		_, holds := st.Fields[f.ID].Current()
		if b.Asked(f) || holds {
			out.Fields = append(out.Fields, fieldState(b, f, st, blind[f.ID]))
		}
	}
	for _, id := range st.Labels {
		if c, ok := event.Container(id); ok {
			one := containerState(at, b.CoI, c)
			one.Label = at.Plant.Batches.CodeOf(b, c, st.Label(id))
			out.Labels = append(out.Labels, one)
		}
	}
	return out
}
