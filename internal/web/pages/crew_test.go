package pages_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/area"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/release/plantest"
)

// crew is the people of a scenario at one plant, and what they enter. The plant gets what a batch needs with its first
// batch: until then its stores and lists are empty.
type crew struct {
	*floor
	*plantest.Crew
	plant     *web.Plant
	furnished bool
	standing  string // the work area in which every terminal stands; empty: in none
}

// enrol gives everybody of a scenario an account with their own password, in one language.
func enrol(f *floor, plant *web.Plant, scenario, lang string) *crew {
	f.t.Helper()
	parts, s := f.parts[plant], plantest.Load(f.t, scenario)
	c := &crew{floor: f, plant: plant, Crew: &plantest.Crew{Plant: parts, Scenario: s, Sessions: parts.Enrol(s, lang)}}
	parts.Batches.TerminalArea = func(context.Context, string) (string, error) { return c.standing, nil }
	return c
}

// killed ends the server in the middle of what it does, and starts another one at the same address on what is left: the files.
func (c *crew) killed() {
	c.t.Helper()
	address := c.server.Listener.Addr().String()
	c.stop()
	parts := c.Plant.Killed()
	c.floor.plants, c.floor.parts = nil, map[*web.Plant]*plantest.Plant{}
	c.floor.add(parts)
	c.Plant, c.plant = parts, c.floor.plants[0]
	parts.Batches.TerminalArea = func(context.Context, string) (string, error) { return c.standing, nil }
	c.serve(address)
}

func (c *crew) who(role people.Role, second bool) string { return c.Who(role, second) }

func (c *crew) author(role people.Role, second bool) ledger.Author { return c.As(role, second) }

// open opens a batch at a plant that has what its steps ask for.
func (c *crew) open(subject string) string {
	c.t.Helper()
	if !c.furnished {
		c.Furnish(c.Scenario)
		c.furnished = true
	}
	return c.Order(subject)
}

func (c *crew) state(number string) (*batch.Batch, *chainofcustody.TherapyEvent) {
	c.t.Helper()
	return c.State(number)
}

// play takes a batch up to a step, which is then the current one; to the first signed act when there is no such. Where
// another batch is in the room, it goes to one of its own.
func (c *crew) play(number, until string) {
	c.t.Helper()
	for {
		b, _ := c.state(number)
		st, ok := b.Current()
		if !ok || st.Step.ID == until || st.Step.Act != "" {
			return
		}
		c.stand(b, st.Step)
		c.Step(number, st.Step)
		c.standing = ""
	}
}

// stand puts every terminal into the work area in which a step is done.
func (c *crew) stand(b *batch.Batch, st *mbr.Step) {
	c.t.Helper()
	c.standing = b.Areas[st.Area]
	if st.Line != mbr.LineClear {
		return
	}
	var rooms int
	for i, err := range c.plant.Batches.Areas().Items(c.t.Context()) {
		require.NoError(c.t, err)
		if i.Kind != st.Area {
			continue
		}
		rooms++
		a, err := c.plant.Batches.Areas().Load(c.t.Context(), i.ID)
		require.NoError(c.t, err)
		if a.Batch == "" {
			c.standing = i.ID
			return
		}
	}
	c.standing = fmt.Sprintf("%s-%s-%d", c.Profile.BatchPrefix, strings.ToUpper(st.Area), rooms+1)
	require.NoError(c.t, c.plant.Batches.Areas().Register(c.t.Context(), c.author(people.ProductionLead, false), area.Registration{
		ID: c.standing, Kind: st.Area, Name: c.standing, Grade: area.AInB, ValidFor: b.Recipe.Areas[st.Area].Clearance,
	}))
}

// perform does a step and completes it; its second person is still to come.
func (c *crew) perform(number string, st *mbr.Step) {
	c.t.Helper()
	b, _ := c.state(number)
	c.stand(b, st)
	defer func() { c.standing = "" }()
	c.Perform(number, st)
	require.NoError(c.t, c.plant.Batches.Complete(c.t.Context(), c.author(st.Performer, false), number, 0, st.ID), st.ID)
}

// act signs an act as the release page would show it.
func (c *crew) act(number string, act mbr.Act) {
	c.t.Helper()
	require.NoError(c.t, c.Act(number, act))
}
