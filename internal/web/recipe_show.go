package web

import (
	"context"
	"maps"
	"slices"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

func (a *api) recipe() {
	register(a, "GET /recipe", "recipe", "The effective recipe and what it needs at this plant: materials, equipment, areas, procedures", a.recipeShow)
}

// recipeOut is what a plant has to have before a batch is made by the effective version of the recipe. What only other
// plants need is not in it.
type recipeOut struct {
	Recipe     masterOut            `json:"recipe"`
	Title      mbr.Text             `json:"title"`
	Materials  []recipeMaterialOut  `json:"materials"`
	Equipment  []recipeDeviceOut    `json:"equipment"`
	Areas      []recipeAreaOut      `json:"areas"`
	Procedures []recipeProcedureOut `json:"procedures"`
	Steps      []recipeStepOut      `json:"steps"`
}

type recipeMaterialOut struct {
	Material string   `json:"material" example:"gradient-medium"`
	Name     mbr.Text `json:"name"`
	Unit     string   `json:"unit,omitempty" example:"mL"`
	OpenFor  int64    `json:"open_for_s,omitempty" doc:"How long it may be used after opening, in seconds"`
}

type recipeDeviceOut struct {
	Kind    string   `json:"kind" example:"centrifuge"`
	Name    mbr.Text `json:"name"`
	Control bool     `json:"daily_control,omitempty" doc:"Needs today's passed control"`
}

type recipeAreaOut struct {
	Kind      string   `json:"kind" example:"aseptic"`
	Name      mbr.Text `json:"name"`
	Grade     mbr.Text `json:"grade"`
	Clearance int64    `json:"clearance_minutes" doc:"How long a line clearance is valid"`
	Locks     bool     `json:"locks,omitempty" doc:"A batch opens it for itself alone (I5)"`
}

type recipeProcedureOut struct {
	Procedure string   `json:"procedure" example:"SOP-PR-020"`
	Name      mbr.Text `json:"name"`
}

// recipeStepOut is who does a step, and with what.
type recipeStepOut struct {
	Step       string       `json:"step" example:"S21"`
	Name       mbr.Text     `json:"name"`
	Role       people.Role  `json:"role"`
	SecondRole people.Role  `json:"second_role,omitempty"`
	Training   []string     `json:"training,omitempty" doc:"Procedures in which both have to be trained (CS-2)"`
	Equipment  []machineOut `json:"equipment,omitempty"`
}

func (a *api) recipeShow(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[recipeOut], error) {
	r, err := at.Plant.Batches.Effective(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[recipeOut]{Body: recipeState(r, at.Plant.Site())}, nil
}

func recipeState(r *mbr.Recipe, site string) recipeOut {
	out := recipeOut{
		Recipe: masterOut{r.ID, r.Version, r.Digest.String()}, Title: r.Title, Materials: []recipeMaterialOut{}, Equipment: []recipeDeviceOut{},
		Areas: []recipeAreaOut{}, Procedures: []recipeProcedureOut{}, Steps: []recipeStepOut{},
	}
	needs := map[string]bool{} // such as "material heparin"
	for _, s := range r.Steps() {
		if s.Applies(site) {
			out.Steps = append(out.Steps, recipeStep(r, s, site, needs))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Materials)) {
		if m := r.Materials[id]; needs["material "+id] {
			out.Materials = append(out.Materials, recipeMaterialOut{id, m.Name, string(m.Unit), seconds(m.OpenFor)})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Equipment)) {
		if k := r.Equipment[id]; needs["equipment "+id] {
			out.Equipment = append(out.Equipment, recipeDeviceOut{id, k.Name, k.Control})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Areas)) {
		if k := r.Areas[id]; needs["area "+id] {
			out.Areas = append(out.Areas, recipeAreaOut{id, k.Name, k.Grade, int64(k.Clearance / time.Minute), r.Locks(id, site)})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Procedures)) {
		if needs["procedure "+id] {
			out.Procedures = append(out.Procedures, recipeProcedureOut{id, r.Procedures[id]})
		}
	}
	return out
}

// recipeStep is one step, with what it needs at the plant marked as needed.
func recipeStep(r *mbr.Recipe, s *mbr.Step, site string, needs map[string]bool) recipeStepOut {
	out := recipeStepOut{Step: s.ID, Name: s.Name, Role: s.Performer, Training: s.Training}
	if s.Second != nil {
		out.SecondRole = s.Second.Role
	}
	for _, code := range s.Training {
		needs["procedure "+code] = true
	}
	needs["area "+s.Area] = true
	for _, f := range s.FieldsAt(site) {
		needs["material "+f.Material] = true
		needs["equipment "+f.Device] = true
	}
	for _, u := range s.Equipment {
		if _, ok := s.Field(u.Field, site); ok {
			out.Equipment = append(out.Equipment, machineOut{u.Kind, r.Equipment[u.Kind].Name, u.Field, u.Programme})
		}
	}
	return out
}
