package scenario

import (
	"context"
	"fmt"
	"slices"
)

// second lets the second person look at a step that waits for it, scan for themselves or enter values again where that
// is asked, and sign.
func (p *play) second(ctx context.Context, id string) error {
	s := p.steps[p.position(id)]
	if s.Second == nil {
		return nil
	}
	who, err := p.as(ctx, s.Second.Role, s.Second.Role == s.Role)
	if err != nil {
		return err
	}
	path := at("batches", p.batch, "steps", id)
	var seen stepAnswer
	err = who.get(ctx, path, &seen)
	if err != nil {
		return fmt.Errorf("second person: %w", err)
	}
	if seen.Step.Status != toVerify {
		return nil
	}
	body := map[string]any{"shown_digest": seen.ShownDigest, "version": seen.Version, "password": who.password()}
	switch s.Second.Mode {
	case "scan":
		body["raw"], err = p.readAgain(seen.Step)
	case "retype":
		body["values"], err = p.retype(seen.Step)
	}
	if err == nil {
		err = who.send(ctx, path+"/verify", body, nil)
	}
	if err != nil {
		return fmt.Errorf("second person: %w", err)
	}
	return nil
}

// readAgain is what the second person scans for themselves.
func (p *play) readAgain(s step) (string, error) {
	i := slices.IndexFunc(s.Fields, func(f field) bool { return f.ID == s.Second.Field })
	if i < 0 {
		return "", fmt.Errorf("the step has no field %s to scan", s.Second.Field)
	}
	labels, err := p.expected(s.Fields[i])
	if err != nil {
		return "", err
	}
	return labels[len(labels)-1], nil
}

// retype is what the second person reads off the device or counts for themselves: the same as the first one did.
func (p *play) retype(s step) (map[string]string, error) {
	again := map[string]string{}
	for _, id := range s.Second.Fields {
		if !slices.ContainsFunc(s.Fields, func(f field) bool { return f.ID == id && f.Asked }) {
			continue
		}
		value, ok := p.typed[s.ID+"."+id]
		if !ok {
			return nil, fmt.Errorf("nobody has typed %s", id)
		}
		again[id] = value
	}
	return again, nil
}

// verifyAgain lets the second persons of all steps sign that wait for it: what they signed before has changed.
func (p *play) verifyAgain(ctx context.Context) error {
	for _, s := range p.steps {
		if s.Status == notApplicable || s.Second == nil {
			continue
		}
		err := p.second(ctx, s.ID)
		if err != nil {
			return fmt.Errorf("%s: %w", s.ID, err)
		}
	}
	return nil
}
