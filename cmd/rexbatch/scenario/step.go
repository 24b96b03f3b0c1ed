package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// doing is one step in hand.
type doing struct {
	*play
	step     step
	position int
	who      *actor // the performer
	path     string
	version  uint64
	done, of int
	labelled bool
}

// step plays the step at that position of the record.
func (p *play) step(ctx context.Context, position int) error {
	s := p.steps[position]
	if s.Status == notApplicable {
		return nil
	}
	if s.Act != "" {
		return p.sign(ctx, s)
	}
	began := p.stage.Clock()
	d := &doing{play: p, step: s, position: position, path: at("batches", p.batch, "steps", s.ID)}
	err := d.do(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", s.ID, err)
	}
	p.result.Steps++
	p.stage.Progress.Step(d.progress(true, p.stage.Clock().Sub(began)))
	return nil
}

// do is the step as people do it: start, take over what is handed in, enter and scan in order, issue labels, hand
// out, complete; then the second person.
func (d *doing) do(ctx context.Context) error {
	err := d.start(ctx)
	if err != nil {
		return err
	}
	receives := d.step.Custody != nil && party(d.step.Role) == d.step.Custody.Holder
	if receives {
		err = d.handOver(ctx)
		if err != nil {
			return err
		}
	}
	for _, f := range d.step.Fields {
		err = d.field(ctx, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.ID, err)
		}
	}
	err = d.labels(ctx)
	if err != nil {
		return err
	}
	if d.step.Custody != nil && !receives {
		err = d.handOver(ctx)
		if err != nil {
			return err
		}
	}
	err = d.send(ctx, "complete")
	if err != nil {
		return err
	}
	return d.second(ctx)
}

func (d *doing) start(ctx context.Context) error {
	var err error
	d.who, err = d.as(ctx, d.step.Role, false)
	if err != nil {
		return err
	}
	err = d.send(ctx, "start")
	if err != nil {
		return err
	}
	for _, f := range d.step.Fields {
		if d.wanted(f) {
			d.of++
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.s.Values[d.step.ID])) {
		if !slices.ContainsFunc(d.step.Fields, func(f field) bool { return f.ID == id }) {
			return fmt.Errorf("the scenario has a value for %s, which the step does not have", id)
		}
	}
	d.stage.Progress.Step(d.progress(false, 0))
	return nil
}

// send sends a command without a body of its own, decided on the version that was seen, and takes the step from
// the answer.
func (d *doing) send(ctx context.Context, command string) error {
	body := map[string]any{}
	if d.version != 0 {
		body["version"] = d.version
	}
	return d.command(ctx, "/"+command, body)
}

func (d *doing) command(ctx context.Context, path string, body any) error {
	var now stepAnswer
	err := d.who.send(ctx, d.path+path, body, &now)
	if err != nil {
		return err
	}
	d.step, d.version = now.Step, now.Version
	return nil
}

// wanted tells whether somebody has to enter or scan something in a field.
func (d *doing) wanted(f field) bool {
	_, given := d.s.Values[d.step.ID][f.ID]
	return f.Type == scanned || f.Type != computed && f.Value == nil && (given || !f.Optional)
}

// field enters the value of one field, or scans for it.
func (d *doing) field(ctx context.Context, f field) error {
	if !d.wanted(f) {
		return nil
	}
	err := d.capture(ctx, f)
	if err != nil {
		return err
	}
	d.done++
	d.stage.Progress.Step(d.progress(false, 0))
	return nil
}

func (d *doing) capture(ctx context.Context, f field) error {
	if f.Type == scanned {
		return d.scan(ctx, f)
	}
	value, given := d.s.Values[d.step.ID][f.ID]
	if !given {
		return fmt.Errorf("the scenario has no value for it")
	}
	value, err := d.value(ctx, f, value)
	if err != nil {
		return err
	}
	return d.command(ctx, at("fields", f.ID), map[string]any{"value": value})
}

// value fills a template. What is "auto" is made up.
func (d *doing) value(ctx context.Context, f field, value string) (string, error) {
	if value != auto {
		return expand(value, d.stage.Clock(), d.zone)
	}
	return newCode("X")
}

// scan scans what the field expects; when the field is about every container of a kind, each of them.
func (d *doing) scan(ctx context.Context, f field) error {
	if slices.ContainsFunc(d.step.Creates, func(c creation) bool { return c.Kind == f.Expect }) {
		err := d.labels(ctx)
		if err != nil {
			return err
		}
	}
	if act, wrong := d.s.act(d.step.ID, f.ID); wrong && d.batch == d.result.Batch {
		return d.scanWrong(ctx, f, d.wrong[act.Scan])
	}
	labels, err := d.expected(ctx, d.who, f)
	if err != nil {
		return err
	}
	for _, raw := range labels {
		err = d.command(ctx, at("fields", f.ID)+"/scan", map[string]any{"raw": raw})
		if err != nil {
			return err
		}
	}
	return nil
}

// expected are the labels that a field asks for, as this person reads them.
func (d *doing) expected(ctx context.Context, who *actor, f field) ([]string, error) {
	event, err := d.event(ctx, who)
	if err != nil {
		return nil, err
	}
	if f.Expect == "coi" || f.Expect == "wristband" {
		return []string{event.CoILabel}, nil
	}
	var labels []string
	for _, c := range event.Containers {
		if c.Kind == f.Expect {
			labels = append(labels, c.Label)
		}
	}
	if len(labels) == 0 {
		return nil, fmt.Errorf("there is no %s to scan", f.Expect)
	}
	if !f.Each {
		labels = labels[len(labels)-1:]
	}
	return labels, nil
}

// labels issues the labels of the containers that the step makes, once.
func (d *doing) labels(ctx context.Context) error {
	if d.labelled || len(d.step.Creates) == 0 {
		return nil
	}
	d.labelled = true
	return d.send(ctx, "labels")
}

// second lets the second person look at the step, scan for themselves where that is asked, and sign.
func (d *doing) second(ctx context.Context) error {
	if d.step.Second == nil || d.step.Status != toVerify {
		return nil
	}
	who, err := d.as(ctx, d.step.Second.Role, d.step.Second.Role == d.step.Role)
	if err != nil {
		return err
	}
	var seen stepAnswer
	err = who.get(ctx, d.path, &seen)
	if err != nil {
		return fmt.Errorf("second person: %w", err)
	}
	body := map[string]any{"shown_digest": seen.ShownDigest, "version": seen.Version, "password": who.password()}
	if d.step.Second.Mode == "scan" {
		i := slices.IndexFunc(seen.Step.Fields, func(f field) bool { return f.ID == d.step.Second.Field })
		if i < 0 {
			return fmt.Errorf("second person: the step has no field %s to scan", d.step.Second.Field)
		}
		labels, err := d.expected(ctx, who, seen.Step.Fields[i])
		if err != nil {
			return fmt.Errorf("second person: %w", err)
		}
		body["raw"] = labels[len(labels)-1]
	}
	err = who.send(ctx, d.path+"/verify", body, nil)
	if err != nil {
		return fmt.Errorf("second person: %w", err)
	}
	return nil
}
