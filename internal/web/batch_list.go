package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

func (a *api) batches() {
	register(a, "GET /batches", "batches", "The worklist: every batch with the step to do now", a.batchList)
	register(a, "POST /batches", "open-batch", "Order a therapy event and open its batch record (ID-10, AT-3)", a.batchOpen, makes)
	register(a, "GET /batches/{batch}", "batch", "A batch as its record stands", a.batchShow)
	register(a, "GET /batches/{batch}/audit", "audit", "The entries of batch and therapy event, in order (CS-44)", a.batchAudit)
	register(a, "POST /batches/{batch}/exceptions/{exception}/assessment", "assess-exception", "QA's signed judgement of an exception (AT-59)", a.exceptionAssess)
}

type worklistOut struct {
	Batches []batch.WorklistItem `json:"batches"`
}

func (a *api) batchList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[worklistOut], error) {
	out := worklistOut{Batches: []batch.WorklistItem{}}
	for item, err := range at.Plant.Batches.Worklists(ctx) {
		if err != nil {
			return nil, err
		}
		out.Batches = append(out.Batches, item)
	}
	return &answer[worklistOut]{Body: out}, nil
}

type openIn struct {
	Body struct {
		Subject string            `json:"subject_no" example:"ES01-003" doc:"Trial subject number, never a name (AT-13)"`
		Values  map[string]string `json:"values,omitempty" doc:"What is known already, by field of the recipe's step S01: index_limb, body_weight, weighed_on, hospital, country, planned_harvest, planned_infusion"`
		Backup  string            `json:"backup_plant,omitempty" example:"DE-FRA"`
		Slot    *SlotIn           `json:"slot,omitempty" doc:"At the plant"`
		Patient *Identity         `json:"patient,omitempty" doc:"Enrols the patient with the order: an order that is refused enrols nobody"`
		Role    string            `json:"role,omitempty" example:"coordinator"`
	}
}

type openOut struct {
	Batch    string `json:"batch" example:"SVQ2600001X"`
	CoI      string `json:"coi" example:"CHA999926000001"`
	CoICheck string `json:"coi_check" example:"G" doc:"Check character of the Chain of Identity"`
	CoIPrint string `json:"coi_print" example:"CH A9999 26 000001 G"`
}

func (a *api) batchOpen(ctx context.Context, at *desk.Desk, in *openIn) (*answer[openOut], error) {
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return r.May(people.OpenOrder) })
	if err != nil {
		return nil, err
	}
	o := batch.Order{Subject: in.Body.Subject, Backup: in.Body.Backup, Values: inputs(in.Body.Values)}
	if in.Body.Slot != nil {
		o.Slot = in.Body.Slot.slot()
	}
	var who *vault.Identity
	if in.Body.Patient != nil {
		id := in.Body.Patient.of()
		who = &id
	}
	number, coi, err := at.Plant.Order(ctx, by, o, who)
	if err != nil {
		return nil, err
	}
	return &answer[openOut]{Body: openOut{
		Batch: number, CoI: coi.String(), CoICheck: string(coi.Check()), CoIPrint: coi.Print(),
	}}, nil
}
