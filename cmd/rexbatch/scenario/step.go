package scenario

import (
	"context"
	"errors"
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
	captured map[string]bool // fields
	labelled bool
	again    string // the step at which the work begins anew, after errAgain
}

// errAgain says that a step is not finished, because the work begins anew at an earlier one.
var errAgain = errors.New("the work begins again")

// doStep plays the step at that position of the record, with what happens around it, and says at which position it goes
// on.
func (p *play) doStep(ctx context.Context, position int) (next int, err error) {
	s := p.steps[position]
	if s.Status == notApplicable {
		return position + 1, nil
	}
	err = p.events(ctx, s.ID, "", nil)
	if err != nil {
		return 0, err
	}
	if s.Act != "" {
		err = p.sign(ctx, s)
		if err != nil {
			return 0, err
		}
		return position + 1, p.events(ctx, "", s.ID, nil)
	}
	began := p.stage.Clock()
	d := &doing{play: p, step: s, position: position, path: at("batches", p.batch, "steps", s.ID), captured: map[string]bool{}}
	err = d.do(ctx)
	if errors.Is(err, errAgain) {
		p.result.Steps++
		return p.position(d.again), nil
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.ID, err)
	}
	p.result.Steps++
	p.stage.Progress.Step(d.progress(true, p.stage.Clock().Sub(began)))
	return position + 1, p.events(ctx, "", s.ID, nil)
}

// do is the step as people do it: start, take over what is handed in, enter and scan in order, issue labels and scan
// them back, hand out, say why a value is beyond its limit, complete; then the second person.
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
	for f, more := d.next(); more; f, more = d.next() {
		err = d.field(ctx, f)
		if err != nil {
			return err
		}
	}
	err = d.unused()
	if err != nil {
		return err
	}
	err = d.labels(ctx)
	if err != nil {
		return err
	}
	err = d.scanBack(ctx)
	if err != nil {
		return err
	}
	if d.step.Custody != nil && !receives {
		err = d.handOver(ctx)
		if err != nil {
			return err
		}
	}
	err = d.comment(ctx)
	if err != nil {
		return err
	}
	err = d.send(ctx, "complete")
	if err != nil {
		return err
	}
	return d.second(ctx, d.step.ID)
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

// look takes the step as it stands now.
func (d *doing) look(ctx context.Context) error {
	var now stepAnswer
	err := d.who.get(ctx, d.path, &now)
	if err != nil {
		return err
	}
	d.step, d.version = now.Step, now.Version
	return nil
}

// wanted tells whether somebody has to enter or scan something in a field.
func (d *doing) wanted(f field) bool {
	_, given := d.s.Values[d.step.ID][f.ID]
	if !f.Asked || d.captured[f.ID] {
		return false
	}
	return f.Type == scanned || f.Type != computed && !f.Counted && f.Value == nil && (given || !f.Optional)
}

// next is the first field that somebody has to do something in. Whether a field is asked for depends on those before.
func (d *doing) next() (field, bool) {
	i := slices.IndexFunc(d.step.Fields, d.wanted)
	if i < 0 {
		return field{}, false
	}
	return d.step.Fields[i], true
}

// unused finds values of the scenario that nobody was asked for: they would be left out in silence.
func (d *doing) unused() error {
	for _, id := range slices.Sorted(maps.Keys(d.s.Values[d.step.ID])) {
		held := slices.ContainsFunc(d.step.Fields, func(f field) bool { return f.ID == id && f.Value != nil })
		if !d.captured[id] && !held {
			return fmt.Errorf("the scenario has a value for %s, which the step does not ask for", id)
		}
	}
	return nil
}

// field enters the value of one field, or scans for it, after what happens before.
func (d *doing) field(ctx context.Context, f field) error {
	err := d.events(ctx, d.step.ID+"."+f.ID, "", d)
	if err == nil && d.wanted(f) {
		err = d.capture(ctx, f)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.ID, err)
	}
	d.captured[f.ID] = true
	d.stage.Progress.Step(d.progress(false, 0))
	return nil
}

func (d *doing) capture(ctx context.Context, f field) error {
	if f.Type == scanned {
		return d.scan(ctx, f)
	}
	given, ok := d.s.Values[d.step.ID][f.ID]
	if !ok {
		return fmt.Errorf("the scenario has no value for it")
	}
	err := d.control(ctx, given)
	if err != nil {
		return err
	}
	value, err := d.value(given)
	if err != nil {
		return err
	}
	d.typed[d.step.ID+"."+f.ID] = value
	return d.command(ctx, at("fields", f.ID), map[string]any{"value": value, "scanned": floorForm.MatchString(given)})
}

// scan scans what the field expects; when the field is about every container of a kind, each of them.
func (d *doing) scan(ctx context.Context, f field) error {
	if slices.ContainsFunc(d.step.Creates, func(c creation) bool { return c.Kind == f.Expect }) {
		err := d.labels(ctx)
		if err != nil {
			return err
		}
	}
	if act, wrong := d.s.act(d.step.ID, f.ID); wrong {
		return d.scanWrong(ctx, f, d.wrong[act.Scan])
	}
	labels, err := d.expected(f)
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

// expected are the labels that a field asks for, as they stand on what the people have in their hands.
func (p *play) expected(f field) ([]string, error) {
	if f.Expect == "coi" || f.Expect == "wristband" {
		return []string{p.wristband}, nil
	}
	labels := p.made[f.Expect]
	if len(labels) == 0 {
		return nil, fmt.Errorf("there is no %s to scan", f.Expect)
	}
	if !f.Each {
		labels = labels[len(labels)-1:]
	}
	return labels, nil
}

// labels issues the labels of the containers that the step makes, once. What was made in an attempt that is repeated is
// worked with no more.
func (d *doing) labels(ctx context.Context) error {
	if d.labelled || len(d.step.Creates)+len(d.step.Relabels) == 0 {
		return nil
	}
	d.labelled = true
	before := len(d.step.Labels)
	err := d.send(ctx, "labels")
	if err != nil {
		return err
	}
	fresh := map[string][]string{}
	for _, c := range d.step.Labels[before:] {
		fresh[c.Kind] = append(fresh[c.Kind], c.Label)
	}
	maps.Copy(d.made, fresh)
	return nil
}

// scanBack scans the labels that were printed and not read since: each is on its container now (LB-3).
func (d *doing) scanBack(ctx context.Context) error {
	for _, l := range d.step.Prints {
		i := slices.IndexFunc(d.step.Labels, func(c container) bool { return c.ID == l.Container })
		if !l.open() || i < 0 {
			continue
		}
		err := d.command(ctx, "/labels/scan", map[string]any{"raw": d.step.Labels[i].Label})
		if err != nil {
			return fmt.Errorf("label of %s: %w", l.Container, err)
		}
	}
	return nil
}

// remark is what is said about a value beyond its limit where the scenario says nothing.
const remark = "Made-up remark of a scenario: seen and checked, it is as it is."

// comment says why values are beyond their limits, where the recipe lets the work go on with them (AT-59).
func (d *doing) comment(ctx context.Context) error {
	for _, f := range d.step.Fields {
		if !f.Beyond || f.Remark != nil || f.OnBeyond == barred {
			continue
		}
		text, ok := d.s.Comments[d.step.ID+"."+f.ID]
		if !ok {
			text = remark
		}
		err := d.command(ctx, at("fields", f.ID)+"/comment", map[string]any{"text": text})
		if err != nil {
			return fmt.Errorf("comment on %s: %w", f.ID, err)
		}
	}
	return nil
}
