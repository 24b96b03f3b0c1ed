package scenario

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// floor is what stands ready at a plant.
type floor struct {
	lots     map[string]string // by material
	devices  map[string]string // by kind
	controls map[string]string // day of the newest passed control, by kind; only of those that need one
}

// What the player reads of the effective recipe.
type recipe struct {
	Materials []struct {
		Material string            `json:"material"`
		Name     map[string]string `json:"name"`
		Unit     string            `json:"unit"`
	} `json:"materials"`
	Equipment []deviceKind `json:"equipment"`
	Areas     []struct {
		Kind      string            `json:"kind"`
		Name      map[string]string `json:"name"`
		Clearance int               `json:"clearance_minutes"`
		Locks     bool              `json:"locks"`
	} `json:"areas"`
	Steps []recipeStep `json:"steps"`
}

type recipeStep struct {
	Step       string   `json:"step"`
	Role       string   `json:"role"`
	SecondRole string   `json:"second_role"`
	Training   []string `json:"training"`
	Equipment  []struct {
		Kind      string `json:"kind"`
		Programme string `json:"programme_field"`
	} `json:"equipment"`
}

type lot struct {
	Lot         string    `json:"lot"`
	Status      string    `json:"status"`
	UsableUntil time.Time `json:"usable_until"`
	Remaining   *struct {
		Value string `json:"value"`
	} `json:"remaining"`
	Material string `json:"material"`
}

const (
	delivered = "5000"        // of a material, in its unit
	enough    = 1000          // for one batch
	ahead     = 4 * time.Hour // what is used has to be good for longer than a play takes
	validDays = 180
)

// furnish gives a plant what the effective recipe asks for before a batch is made: released lots, devices that have
// passed their checks, work areas, trained people. What is there already is taken.
func (p *play) furnish(ctx context.Context) error {
	lead, err := p.as(ctx, "production-lead", false)
	if err != nil {
		return err
	}
	var r recipe
	err = lead.get(ctx, "/recipe", &r)
	if err != nil {
		return fmt.Errorf("recipe: %w", err)
	}
	p.floor = &floor{lots: map[string]string{}, devices: map[string]string{}, controls: map[string]string{}}
	for _, prepare := range []func(context.Context, *actor, recipe) error{p.stock, p.equip, p.rooms, p.train} {
		err = prepare(ctx, lead, r)
		if err != nil {
			return fmt.Errorf("furnish %s: %w", p.s.Site, err)
		}
	}
	return nil
}

// stock has a lot of each material ready. A lot that the story blocks is one that no other batch has seen.
func (p *play) stock(ctx context.Context, lead *actor, r recipe) error {
	logistics, err := p.as(ctx, "logistics", false)
	if err != nil {
		return err
	}
	qa, err := p.as(ctx, "qa", false)
	if err != nil {
		return err
	}
	var there struct {
		Lots []lot `json:"lots"`
	}
	err = lead.get(ctx, "/lots", &there)
	if err != nil {
		return err
	}
	received := 0
	for _, m := range r.Materials {
		i := slices.IndexFunc(there.Lots, func(l lot) bool { return l.Material == m.Material && l.ready(p.stage.Clock()) })
		own := slices.ContainsFunc(p.s.Events, func(e Event) bool { return e.Block == m.Material })
		if i >= 0 && !own {
			p.floor.lots[m.Material] = there.Lots[i].Lot
			continue
		}
		var l lot
		unit := m.Unit
		if unit == "" {
			unit = "pcs"
		}
		code, err := newCode("SUP")
		if err != nil {
			return err
		}
		err = logistics.send(ctx, "/lots", map[string]string{
			"material": m.Material, "name": m.Name[p.language()], "supplier": "Demonstration supplier", "supplier_lot": code,
			"expiry": p.day(validDays), "quantity": delivered, "unit": unit,
		}, &l)
		if err == nil {
			err = qa.send(ctx, at("lots", l.Lot)+"/release", map[string]string{}, nil)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Material, err)
		}
		p.floor.lots[m.Material] = l.Lot
		received++
	}
	p.say(fmt.Sprintf("%s: %d materials, %d lots received and released", p.s.Site, len(r.Materials), received))
	return nil
}

// ready tells whether a lot may be used, and is enough for a batch.
func (l lot) ready(now time.Time) bool {
	if l.Status != "released" || l.UsableUntil.Before(now.Add(ahead)) || l.Remaining == nil {
		return false
	}
	left, ok := new(big.Rat).SetString(l.Remaining.Value)
	return ok && left.Cmp(big.NewRat(enough, 1)) >= 0
}

// rooms makes the work areas known that batches open for themselves.
func (p *play) rooms(ctx context.Context, lead *actor, r recipe) error {
	var there struct {
		Areas []area `json:"areas"`
	}
	err := lead.get(ctx, "/areas", &there)
	if err != nil {
		return err
	}
	locked, made := 0, 0
	for _, k := range r.Areas {
		if !k.Locks {
			continue
		}
		locked++
		if slices.ContainsFunc(there.Areas, func(a area) bool { return a.Kind == k.Kind }) {
			continue
		}
		grade, ok := p.s.Areas[k.Kind]
		if !ok {
			return fmt.Errorf("the scenario does not say under areas of which grade the kind %s is", k.Kind)
		}
		err = lead.send(ctx, "/areas", map[string]any{
			"id": p.tag(k.Kind), "kind": k.Kind, "name": k.Name[p.language()], "grade": grade, "clearance_minutes": k.Clearance,
		}, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", k.Kind, err)
		}
		made++
	}
	p.say(fmt.Sprintf("%s: %d work areas, %d registered", p.s.Site, locked, made))
	return nil
}

type area struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Batch string `json:"batch"`
}

// leaveAreas lets QA take back the work areas in which a story has left its batch: the next batch needs them.
func (p *play) leaveAreas(ctx context.Context) error {
	if p.batch == "" {
		return nil
	}
	qa, err := p.as(ctx, "qa", true)
	if err != nil {
		return err
	}
	var there struct {
		Areas []area `json:"areas"`
	}
	err = qa.get(ctx, "/areas", &there)
	if err != nil {
		return err
	}
	for _, a := range there.Areas {
		if a.Batch != p.batch {
			continue
		}
		err = qa.send(ctx, at("areas", a.ID)+"/free", map[string]string{"reason": "scenario " + p.s.Name + " is over, the room is cleared"}, nil)
		if err != nil {
			return fmt.Errorf("work area %s: %w", a.ID, err)
		}
		p.say(fmt.Sprintf("%s: QA takes work area %s from the batch", p.s.Site, a.ID))
	}
	return nil
}

// day is a day of the plant's calendar, so many days from now.
func (p *play) day(days int) string {
	return p.stage.Clock().In(p.zone).AddDate(0, 0, days).Format(time.DateOnly)
}

// tag is what stands on the first device, or on the door of the first room, of a kind: "SVQ-CENTRIFUGE".
func (p *play) tag(kind string) string {
	_, plant, _ := strings.Cut(p.s.Site, "-")
	tag := strings.ToUpper(plant + "-" + kind)
	return strings.TrimRight(tag[:min(len(tag), longestTag)], "-")
}

// longestTag is how many characters a tag may have.
const longestTag = 20
