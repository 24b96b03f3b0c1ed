package scenario

import (
	"fmt"
	"time"
)

// dueDays is how long an investigation may take.
const dueDays = 30

// deviations classifies every open deviation, has the production lead investigate it, and QA approve that.
func (h *happening) deviations() error {
	lead, err := h.as(h.ctx, "production-lead", false)
	if err != nil {
		return err
	}
	var r review
	err = h.who.get(h.ctx, h.path+"/review", &r)
	if err != nil {
		return err
	}
	due := h.stage.Clock().In(h.zone).AddDate(0, 0, dueDays).Format(time.DateOnly)
	for _, d := range r.Deviations {
		if !d.Open {
			continue
		}
		path := at("deviations", d.Number)
		err = h.post(path+"/classification", map[string]any{"classification": h.Deviations, "due": due})
		if err != nil {
			return fmt.Errorf("%s: %w", d.Number, err)
		}
		err = lead.send(h.ctx, h.path+path+"/investigation", map[string]any{"cause": h.Cause, "risk": h.Risk}, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Number, err)
		}
		err = h.post(path+"/approval", map[string]any{"password": h.who.password()})
		if err != nil {
			return fmt.Errorf("%s: %w", d.Number, err)
		}
	}
	return nil
}

// assess lets QA judge what is open and may be judged so: not what is out of specification, nor what is under a
// deviation that weighs more.
func (h *happening) assess() error {
	var r review
	err := h.who.get(h.ctx, h.path+"/review", &r)
	if err != nil {
		return err
	}
	for _, e := range r.Exceptions {
		if !e.Open || e.Class == classOOS || e.Class == classInvalid {
			continue
		}
		err = h.post(at("exceptions", e.ID)+"/assessment", map[string]any{
			"classification": "minor", "assessment": h.Assess, "password": h.who.password(),
		})
		if err != nil {
			return fmt.Errorf("%s: %w", e.ID, err)
		}
	}
	return nil
}
