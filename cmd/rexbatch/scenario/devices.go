package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

type deviceKind struct {
	Kind    string            `json:"kind"`
	Name    map[string]string `json:"name"`
	Control bool              `json:"daily_control"`
}

type device struct {
	ID         string            `json:"id"`
	Kind       string            `json:"kind"`
	Status     string            `json:"status"`
	Retired    string            `json:"retired"`
	Alarms     int               `json:"open_alarms"`
	Programmes map[string]string `json:"programmes"`
	Checks     []struct {
		Check  string `json:"check"`
		Needed bool   `json:"needed"`
		Passed bool   `json:"passed"`
		Due    string `json:"due"`
	} `json:"checks"`
}

const dailyControl = "daily-control"

// equip has a device of each kind ready: its checks are passed but for the daily control, and the programmes that the
// scenario runs are approved.
func (p *play) equip(ctx context.Context, lead *actor, r recipe) error {
	var there struct {
		Devices []device `json:"devices"`
	}
	err := lead.get(ctx, "/equipment", &there)
	if err != nil {
		return err
	}
	registered := 0
	for _, kind := range r.Equipment {
		var d device
		i := slices.IndexFunc(there.Devices, func(d device) bool { return d.Kind == kind.Kind && d.ready(p.day(1)) })
		if i >= 0 {
			d = there.Devices[i]
		} else {
			d, err = p.register(ctx, lead, kind, len(there.Devices))
			registered++
		}
		if err == nil {
			err = p.approve(ctx, lead, d, r)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", kind.Kind, err)
		}
		p.floor.devices[kind.Kind] = d.ID
		if kind.Control {
			p.floor.controls[kind.Kind] = d.controlled()
		}
	}
	p.say(fmt.Sprintf("%s: %d kinds of equipment, %d devices registered", p.s.Site, len(r.Equipment), registered))
	return nil
}

// register enters a device that is qualified and calibrated, as its stickers say. Tags are never used again.
func (p *play) register(ctx context.Context, lead *actor, kind deviceKind, known int) (device, error) {
	id := p.tag(kind.Kind)
	if known > 0 {
		id = fmt.Sprintf("%s-%d", id, known)
	}
	due := p.day(validDays)
	needs := []map[string]string{{"check": "qualification", "due": due}, {"check": "calibration", "due": due}}
	if kind.Control {
		needs = append(needs, map[string]string{"check": dailyControl})
	}
	var d device
	err := lead.send(ctx, "/equipment", map[string]any{
		"id": id, "kind": kind.Kind, "name": kind.Name[p.language()], "area": "demonstration", "needs": needs,
	}, &d)
	return d, err
}

// approve makes sure that the programmes are approved which the scenario's values name, such as "07, v2".
func (p *play) approve(ctx context.Context, lead *actor, d device, r recipe) error {
	programmes := map[string]string{}
	for _, s := range r.Steps {
		for _, e := range s.Equipment {
			number, version, ok := strings.Cut(p.s.Values[s.Step][e.Programme], ", ")
			if e.Kind == d.Kind && ok {
				programmes[number] = version
			}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(programmes)) {
		if d.Programmes[number] == programmes[number] {
			continue
		}
		err := lead.send(ctx, at("equipment", d.ID)+"/programme", map[string]string{
			"programme": number, "version": programmes[number], "reason": "validated for the demonstration",
		}, nil)
		if err != nil {
			return fmt.Errorf("programme %s: %w", number, err)
		}
	}
	return nil
}

// ready tells whether a device may be used until a day; today's control can still be made.
func (d device) ready(until string) bool {
	if d.Status != "in-service" || d.Retired != "" || d.Alarms > 0 {
		return false
	}
	for _, c := range d.Checks {
		if c.Needed && c.Check != dailyControl && (!c.Passed || c.Due < until) {
			return false
		}
	}
	return true
}

// controlled is the day of the newest control that was passed; empty when none was.
func (d device) controlled() string {
	for _, c := range d.Checks {
		if c.Check == dailyControl && c.Passed {
			return c.Due
		}
	}
	return ""
}

// control makes the control of the day that a device needs before it is used. A play can go on past midnight.
func (p *play) control(ctx context.Context, value string) error {
	kind := strings.TrimPrefix(value, "device:")
	day, needed := p.floor.controls[kind]
	if !needed || day == p.day(0) {
		return nil
	}
	operator, err := p.as(ctx, "operator", false)
	if err == nil {
		err = operator.send(ctx, at("equipment", p.floor.devices[kind])+"/control", map[string]string{"result": "pass"}, nil)
	}
	if err != nil {
		return fmt.Errorf("daily control of %s: %w", kind, err)
	}
	p.floor.controls[kind] = p.day(0)
	return nil
}
