package scenario

import (
	"context"
	"fmt"
	"slices"
)

// scanWrong scans a label of another patient and makes sure of what must follow (I4): a hard stop, nothing lost,
// nothing more possible in the step, and an open exception. The story ends here.
func (d *doing) scanWrong(ctx context.Context, f field, raw string) error {
	qa, err := d.as(ctx, "qa", true)
	if err != nil {
		return err
	}
	before, err := d.audit(ctx, qa)
	if err != nil {
		return err
	}
	err = d.command(ctx, at("fields", f.ID)+"/scan", map[string]any{"raw": raw})
	p := problemOf(err)
	if p == nil {
		if err != nil {
			return err
		}
		d.result.fault("%s: the label of another patient was accepted", d.step.ID)
		return errEnd
	}
	d.result.Outcome, d.result.Step, d.result.Rules = Stopped, d.step.ID, p.Rules()
	d.result.Summary = fmt.Sprintf("stopped at %s by %v", d.step.ID, p.Rules())
	d.say(fmt.Sprintf("%s: %s", d.step.ID, p.Detail))
	err = d.blocked(ctx)
	if err != nil {
		return err
	}
	err = d.nothingLost(ctx, qa, before)
	if err != nil {
		return err
	}
	err = d.standsOpen(ctx, qa)
	if err != nil {
		return err
	}
	return errEnd
}

func (d *doing) audit(ctx context.Context, who *actor) ([]auditEntry, error) {
	var a audit
	err := who.get(ctx, at("batches", d.batch, "audit"), &a)
	return a.Entries, err
}

// blocked tries what nobody may do now: enter a value, complete the step, go on to the next one.
func (d *doing) blocked(ctx context.Context) error {
	for _, f := range d.step.Fields {
		value, given := d.s.Values[d.step.ID][f.ID]
		if !given || f.Type == scanned || f.Type == computed {
			continue
		}
		value, err := d.value(value)
		if err != nil {
			return err
		}
		err = d.refusedBy(ctx, d.who, "entering "+f.ID, d.path+at("fields", f.ID), map[string]any{"value": value}, "I4")
		if err != nil {
			return err
		}
		break
	}
	err := d.refusedBy(ctx, d.who, "completing the step", d.path+"/complete", map[string]any{}, "I4")
	if err != nil {
		return err
	}
	for _, next := range d.steps[d.position+1:] {
		if next.Status == notApplicable || next.Act != "" {
			continue
		}
		who, err := d.as(ctx, next.Role, false)
		if err != nil {
			return err
		}
		return d.refusedBy(ctx, who, "starting "+next.ID, at("batches", d.batch, "steps", next.ID)+"/start", map[string]any{}, "")
	}
	return nil
}

// refusedBy tries a command that must be refused; by that rule, where one is named.
func (d *doing) refusedBy(ctx context.Context, who *actor, what, path string, body any, rule string) error {
	err := who.send(ctx, path, body, nil)
	p := problemOf(err)
	switch {
	case p == nil && err != nil:
		return err
	case p == nil:
		d.result.fault("%s: %s was possible after the stop", d.step.ID, what)
	case rule != "" && !slices.Contains(p.Rules(), rule):
		d.result.fault("%s: %s was refused by %v, not by %s", d.step.ID, what, p.Rules(), rule)
	}
	return nil
}

// nothingLost compares the audit trail: every entry from before is still there, and what came since is the
// scan, the stop and its deviation, no value and no completion.
func (d *doing) nothingLost(ctx context.Context, qa *actor, before []auditEntry) error {
	after, err := d.audit(ctx, qa)
	if err != nil {
		return err
	}
	for _, e := range before {
		if !slices.Contains(after, e) {
			d.result.fault("%s: entry %d (%s) is lost", d.step.ID, e.Seq, e.Type)
		}
	}
	allowed := []string{"custody.scanned", "batch.identity-stopped", "batch.step-started", "batch.deviation-opened"}
	for _, e := range after {
		if !slices.Contains(before, e) && !slices.Contains(allowed, e.Type) {
			d.result.fault("%s: entry %d (%s) was made after the stop", d.step.ID, e.Seq, e.Type)
		}
	}
	d.say(fmt.Sprintf("%s: %d entries from before the stop are all there", d.step.ID, len(before)))
	return nil
}

func (d *doing) standsOpen(ctx context.Context, qa *actor) error {
	var r review
	err := qa.get(ctx, at("batches", d.batch, "review"), &r)
	if err != nil {
		return err
	}
	d.result.counts(r)
	for _, e := range r.Exceptions {
		if e.Class == classIdentity && e.Step == d.step.ID && e.Open {
			return nil
		}
	}
	d.result.fault("%s: the mismatch is no open exception", d.step.ID)
	return nil
}
