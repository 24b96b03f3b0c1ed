package web

import (
	"context"
	"encoding/json"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type batchIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
}

// batchOut is a batch as its record stands.
type batchOut struct {
	Batch         string    `json:"batch"`
	CoI           string    `json:"coi"`
	CoIPrint      string    `json:"coi_print"`
	Subject       string    `json:"subject"`
	Site          string    `json:"site"`
	Recipe        masterOut `json:"recipe"`
	Specification masterOut `json:"specification"`
	OpenedAt      string    `json:"opened_at"`
	Version       uint64    `json:"version" doc:"State it in a command to be refused when somebody else was faster"`
	Record        string    `json:"record" doc:"Digest that review and certification are signed over"`
	Current       string    `json:"current,omitempty" doc:"The step to do now; none when all are done"`
	Exceptions    int       `json:"exceptions"`
	Open          int       `json:"open_exceptions"`
	Expiry        string    `json:"expiry,omitempty"`
	Warnings      []warning `json:"warnings,omitempty" doc:"What every label and document says of the material: infectious markers that are positive or not known"`
	Steps         []stepOut `json:"steps"`
	Acts          []actOut  `json:"acts"`
	Course        courseOut `json:"course"`
	Alike         []string  `json:"look_alikes,omitempty" doc:"Subject numbers of patients with the same name and year of birth who are treated at about the same time (scenario 6)"`
	Order         orderOut  `json:"order"`
}

// orderOut is what was ordered beside the values of step S01.
type orderOut struct {
	Backup     string         `json:"backup_plant,omitempty"`
	Slot       *SlotIn        `json:"slot,omitempty"`
	Amendments []amendmentOut `json:"amendments,omitempty"`
}

type amendmentOut struct {
	Changes   []orderChangeOut `json:"changes"`
	Reason    string           `json:"reason"`
	Signature people.Signature `json:"signature"`
	Entry     uint64           `json:"entry"`
}

type masterOut struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Digest  string `json:"digest"`
}

// warning is a statement about the donor's infectious markers.
type warning struct {
	Code string            `json:"code" example:"not_evaluated" enum:"biohazard,not_evaluated"`
	Text map[string]string `json:"text" doc:"As the recipe words it, by language"`
}

// actOut is a signed act, and whether it still stands over the record as it is (I8).
type actOut struct {
	Act       mbr.Act          `json:"act"`
	Stands    bool             `json:"stands"`
	Signature people.Signature `json:"signature"`
	Entry     uint64           `json:"entry"`
	Details   any              `json:"details,omitempty"`
}

type orderChangeOut struct {
	Field string `json:"field" example:"index_limb"`
	From  string `json:"from"`
	To    string `json:"to"`
}

func (a *api) batchShow(ctx context.Context, at *desk.Desk, in *batchIn) (*answer[batchOut], error) {
	return batchNow(ctx, at, in.Batch)
}

// batchNow is a batch as the record stands: the answer to reading it and to every command on it.
func batchNow(ctx context.Context, at *desk.Desk, number string) (*answer[batchOut], error) {
	b, event, err := at.Plant.Batches.LoadWithEvent(ctx, number)
	if err != nil {
		return nil, err
	}
	out := batchState(at, b, event)
	out.Course, err = courseOf(ctx, at, b, event)
	if err != nil {
		return nil, err
	}
	out.Alike, err = at.Plant.Custody.Near(ctx, b.CoI, b.Subject)
	if err != nil {
		return nil, err
	}
	out.Order, err = orderState(ctx, at, event)
	return &answer[batchOut]{Body: out}, err
}

func orderState(ctx context.Context, at *desk.Desk, event *chainofcustody.TherapyEvent) (orderOut, error) {
	out := orderOut{Backup: event.Backup}
	c, err := at.Plant.Custody.Calendar(ctx)
	if err != nil {
		return out, err
	}
	if had, ok := c.Of(event.CoI); ok {
		out.Slot = &SlotIn{Day: had.Day, Part: string(had.Part)}
	}
	for _, am := range event.Amendments {
		line := amendmentOut{Reason: am.Reason, Signature: am.Signature, Entry: am.Seq}
		for _, c := range am.Changes {
			line.Changes = append(line.Changes, orderChangeOut(c))
		}
		out.Amendments = append(out.Amendments, line)
	}
	return out, nil
}

func batchState(at *desk.Desk, b *batch.Batch, event *chainofcustody.TherapyEvent) batchOut {
	line := b.Worklist()
	out := batchOut{
		Batch: b.Number, CoI: b.CoI.String(), CoIPrint: b.CoI.Print(), Subject: b.Subject, Site: b.Site,
		Recipe:        masterOut{b.Recipe.ID, b.Recipe.Version, b.Recipe.Digest.String()},
		Specification: masterOut{b.Spec.ID, b.Spec.Version, b.Spec.Digest.String()},
		OpenedAt:      utc(b.OpenedAt), Version: b.Version, Record: b.Record.String(),
		Current: line.Step, Exceptions: line.Exceptions, Open: line.Open, Expiry: line.Expiry,
		Steps: []stepOut{}, Acts: []actOut{},
	}
	if b.WarnedOf() {
		for _, w := range b.Warnings() {
			out.Warnings = append(out.Warnings, warning{w.Code, w.Text})
		}
	}
	for _, st := range b.Steps() {
		out.Steps = append(out.Steps, stepState(at, b, st, event))
	}
	for _, act := range b.Acts {
		newest, standing := b.Act(act.Act)
		out.Acts = append(out.Acts, actOut{
			Act: act.Act, Stands: standing && newest.Seq == act.Seq, Signature: act.Signature, Entry: act.Seq, Details: raw(act.Details),
		})
	}
	return out
}

// raw keeps stored JSON as it is; nothing when there is none.
func raw(doc json.RawMessage) any {
	if len(doc) == 0 {
		return nil
	}
	return doc
}
