package plantest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Furnish gives the plant what its recipe asks for: a released lot of each material, a good device of each kind, a work
// area of each kind that is locked, and training for everybody of the scenario.
func (p *Plant) Furnish(s Scenario) {
	p.T.Helper()
	p.stock(s)
	p.equip(s)
	p.rooms(s)
	p.train(s)
}

func (p *Plant) by(s Scenario, role people.Role) ledger.Author {
	return ledger.Author{Account: s.Who(role, false), Role: string(role), Terminal: Terminal}
}

func (p *Plant) stock(s Scenario) {
	r := p.Batches.Recipe
	for _, id := range slices.Sorted(maps.Keys(r.Materials)) {
		p.lots[id] = p.Deliver(s, id, 1_000_000).String()
	}
}

// Deliver receives and releases a lot of a material of the recipe.
func (p *Plant) Deliver(s Scenario, id string, amount int64) material.Number {
	p.T.Helper()
	ctx, m := context.Background(), p.Batches.Recipe.Materials[id]
	unit := m.Unit
	if unit == "" {
		unit = "pcs"
	}
	n, err := p.Batches.Materials().Receive(ctx, p.by(s, people.Logistics), material.Delivery{
		Material: id, Name: m.Name.In("en"), Supplier: "Demo supplier", SupplierLot: "SUP-" + id, Expiry: p.Clock.Now().AddDate(1, 0, 0), Quantity: quantity.New(amount, 0, unit),
	})
	require.NoError(p.T, err, id)
	require.NoError(p.T, p.Batches.Materials().Release(ctx, p.by(s, people.QA), n, 0), id)
	return n
}

func (p *Plant) equip(s Scenario) {
	for _, kind := range slices.Sorted(maps.Keys(p.Batches.Recipe.Equipment)) {
		p.devices[kind] = string(p.Install(s, kind, "DEV-"+tag(kind)))
	}
}

// Install registers a device of a kind that has passed its checks, with every programme of the scenario approved.
func (p *Plant) Install(s Scenario, kind, id string) equipment.ID {
	p.T.Helper()
	ctx, book := context.Background(), p.Batches.Equipment()
	due, err := book.Due(p.Clock.Now().AddDate(0, 6, 0).Format(time.DateOnly))
	require.NoError(p.T, err)
	checks := map[equipment.Check]equipment.Due{equipment.Qualification: due, equipment.Calibration: due}
	control := p.Batches.Recipe.Equipment[kind].Control
	if control {
		checks[equipment.DailyControl] = equipment.Due{}
	}
	lead := p.by(s, people.ProductionLead)
	tagged, err := book.Register(ctx, lead, equipment.Registration{ID: equipment.ID(id), Kind: kind, Name: p.Batches.Recipe.Equipment[kind].Name.In("en"), Area: "demo", Checks: checks})
	require.NoError(p.T, err, kind)
	if control {
		passed := equipment.Checking{At: p.Clock.Now(), Passed: true}
		passed.Due = book.Day(passed.At)
		by := p.by(s, people.Operator)
		require.NoError(p.T, p.Batches.CheckDevice(ctx, by, tagged, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
			return d.DailyControl(by, now, passed)
		}), kind)
	}
	for _, pr := range [][3]string{{"centrifuge", "07", "v2"}, {"centrifuge", "08", "v1"}, {"sepax", "DGBS", "v1.0"}} {
		if pr[0] == kind {
			require.NoError(p.T, book.SetProgramme(ctx, lead, tagged, pr[1], pr[2], "validated programme"))
		}
	}
	return tagged
}

func tag(kind string) string {
	out := []byte{}
	for _, c := range []byte(kind) {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		out = append(out, c)
	}
	if len(out) > 18 {
		out = out[:18]
	}
	return string(out)
}

func (p *Plant) rooms(s Scenario) {
	for _, kind := range slices.Sorted(maps.Keys(p.Batches.Recipe.Areas)) {
		if !p.Batches.Recipe.Locks(kind, p.Profile.Site) {
			continue
		}
		a := p.Batches.Recipe.Areas[kind]
		require.NoError(p.T, p.Batches.Areas().Register(context.Background(), p.by(s, people.ProductionLead), area.Registration{
			ID: p.Profile.BatchPrefix + "-" + tag(kind), Kind: kind, Name: a.Name.In("en"), Grade: area.AInB, ValidFor: a.Clearance,
		}), kind)
	}
}

// train records what everybody of the scenario has to be trained in for the steps of their roles.
// Return is the crew a long time later: everybody signs in again and is trained anew.
func (c *Crew) Return() {
	c.T.Helper()
	ctx := context.Background()
	for username := range c.People {
		_, token, err := c.Staff.SignIn(ctx, username, Password, Terminal)
		require.NoError(c.T, err, username)
		c.Sessions[username], err = c.Staff.Session(ctx, token)
		require.NoError(c.T, err, username)
	}
	c.train(c.Scenario)
}

func (p *Plant) train(s Scenario) {
	ctx := context.Background()
	for username, person := range s.People {
		needed := map[string]bool{}
		for _, st := range p.Batches.Recipe.Steps() {
			if slices.ContainsFunc(person.Roles, func(r people.Role) bool { return takesPart(st, r) }) {
				for _, procedure := range st.Training {
					needed[procedure] = true
				}
			}
		}
		trainer := p.by(s, people.HeadProduction)
		if trainer.Account == username {
			trainer = p.by(s, people.HeadQC)
		}
		for _, procedure := range slices.Sorted(maps.Keys(needed)) {
			_, err := p.Staff.RecordTraining(ctx, trainer, username, people.Training{
				Procedure: procedure, Version: "1", From: p.Clock.Now().AddDate(0, -1, 0).Format(time.DateOnly),
				Until: p.Clock.Now().AddDate(1, 0, 0).Format(time.DateOnly), Trainer: "Demo trainer", Evidence: "TR-1",
			})
			require.NoError(p.T, err, "%s in %s", username, procedure)
		}
	}
}

func takesPart(st *mbr.Step, r people.Role) bool {
	return st.Performer == r || st.Second != nil && st.Second.Role == r
}

// Remember takes over what another opening of the same plant was furnished with.
func (p *Plant) Remember(o *Plant) { p.lots, p.devices = o.lots, o.devices }

// Lots are the lots of a material, as lists show them.
func (p *Plant) Lots(id string) []material.Item {
	p.T.Helper()
	items, err := p.Batches.Materials().Find(context.Background(), material.Filter{Material: id})
	require.NoError(p.T, err)
	return items
}
