package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/plantest"
)

func load(t testing.TB, name string) plantest.Scenario { return plantest.Load(t, name) }

// crew is the people of a scenario, signed in at the API of a plant that has what their batches need.
type crew struct {
	*site
	book *plantest.Crew // what the ledger says, for what a person reads off labels and screens
	plantest.Scenario
	at map[string]*client
}

func enrol(s *site, sc plantest.Scenario) *crew {
	s.t.Helper()
	c := &crew{site: s, book: plantest.NewCrew(s.parts, sc, "en"), Scenario: sc, at: map[string]*client{}}
	for username := range sc.People {
		c.at[username] = s.signIn(username)
	}
	return c
}

func (c *crew) who(role people.Role, second bool) string { return c.Who(role, second) }
func (c *crew) as(role people.Role) *client              { return c.at[c.who(role, false)] }
func (c *crew) secondAs(role people.Role) *client        { return c.at[c.who(role, true)] }

// value is what a person types for a scenario's value.
func (c *crew) value(v string) string { return c.parts.Value(v) }

func (c *crew) open() string {
	c.t.Helper()
	r := c.as(people.Coordinator).post("/batches", map[string]any{"subject_no": "ES01-003"})
	require.Equal(c.t, http.StatusCreated, r.status, r.text())
	return r.str("batch")
}

func (c *crew) state(number string) (*batch.Batch, *chainofcustody.TherapyEvent) {
	c.t.Helper()
	return c.book.State(number)
}

// play takes a batch through the API up to the first step that is a signed act, or behind the step named last.
func (c *crew) play(number, last string) {
	c.t.Helper()
	for {
		b, _ := c.state(number)
		st, ok := b.Current()
		if !ok || st.Step.Act != "" {
			return
		}
		c.perform(number, st.Step)
		c.verify(number, st.Step)
		if st.Step.ID == last {
			return
		}
	}
}

func (c *crew) path(number string, st *mbr.Step) string {
	return "/batches/" + number + "/steps/" + st.ID
}

// perform does a step and completes it.
func (c *crew) perform(number string, st *mbr.Step) {
	c.t.Helper()
	by, path := c.as(st.Performer), c.path(number, st)
	by.post(path+"/start", nil).ok()
	labelled := len(st.Creates) == 0 && len(st.Relabels) == 0
	for _, f := range st.FieldsAt(c.plant.Site()) {
		b, _ := c.state(number)
		if !b.Asked(f) {
			continue
		}
		if f.Type == mbr.TypeScan {
			if !labelled && slices.ContainsFunc(st.Creates, func(made mbr.Creation) bool { return made.Kind == f.Expect }) {
				by.post(path+"/labels", nil).ok()
				labelled = true
			}
			for _, raw := range c.labels(number, f) {
				by.post(path+"/fields/"+f.ID+"/scan", map[string]any{"raw": raw}).ok()
			}
			continue
		}
		v, given := c.Values[st.ID][f.ID]
		if !given || f.Type == mbr.TypeComputed || f.ID == "subject_no" {
			continue
		}
		by.post(path+"/fields/"+f.ID, map[string]any{"value": c.value(v), "unit": string(f.Unit)}).ok()
	}
	if !labelled {
		by.post(path+"/labels", nil).ok()
	}
	c.scanBack(number, st)
	c.handOver(number, st)
	c.comment(number, st)
	by.post(path+"/complete", nil).ok()
}

// scanBack scans the labels of a step that wait for it.
func (c *crew) scanBack(number string, st *mbr.Step) {
	c.t.Helper()
	b, event := c.state(number)
	state, _ := b.Step(st.ID)
	for _, l := range state.Prints {
		if l.State == batch.ScannedBack || l.State == batch.Scrapped {
			continue
		}
		container, _ := event.Container(l.Container)
		c.as(st.Performer).post(c.path(number, st)+"/labels/scan", map[string]any{"raw": c.book.Batches.CodeOf(b, container, l)}).ok()
	}
}

// comment says of each value beyond its limit why it is so.
func (c *crew) comment(number string, st *mbr.Step) {
	c.t.Helper()
	b, _ := c.state(number)
	for _, f := range st.FieldsAt(c.plant.Site()) {
		if b.Asked(f) && b.Beyond(f) {
			c.as(st.Performer).post(c.path(number, st)+"/fields/"+f.ID+"/comment", map[string]any{"text": "seen and checked, it is as it is"}).ok()
		}
	}
}

func (c *crew) labels(number string, f *mbr.Field) []string {
	c.t.Helper()
	return c.book.Labels(number, f)
}

func (c *crew) handOver(number string, st *mbr.Step) {
	c.t.Helper()
	if st.Custody == nil {
		return
	}
	b, event := c.state(number)
	side := plantest.Sides[st.ID]
	for _, container := range b.Containers(event, st.Custody.Container) {
		path := "/therapy-events/" + event.CoI.String() + "/containers/" + strings.ReplaceAll(container.ID.String(), "/", "-")
		same := map[string]any{"seals": []string{"SEAL-1"}, "place": "loading bay", "to": st.Custody.Holder, "raw": container.Label}
		c.as(side[0]).post(path+"/offer", same).ok()
		c.as(side[1]).post(path+"/accept", map[string]any{"seals": []string{"SEAL-1"}, "place": "loading bay", "raw": container.Label}).ok()
	}
}

// verify signs as second person: at their own terminal, or, for every other step, at the performer's.
func (c *crew) verify(number string, st *mbr.Step) {
	c.t.Helper()
	if st.Second == nil {
		return
	}
	path, second, first := c.path(number, st), c.secondAs(st.Second.Role), c.as(st.Performer)
	check := c.book.Check(number, st)
	sign := map[string]any{"shown_digest": second.get(path).ok().str("shown_digest"), "password": password, "raw": check.Raw}
	if len(check.Values) > 0 {
		retyped := map[string]string{}
		for field, in := range check.Values {
			retyped[field] = in.Text
		}
		sign["values"] = retyped
	}
	at := second
	if st.ID[len(st.ID)-1]%2 == 0 {
		at, sign["username"] = first, second.username
	}
	at.post(path+"/verify", sign).ok()
}

func (c *crew) act(number string, act mbr.Act) *reply {
	c.t.Helper()
	role, _, _ := release.RoleOf(act)
	who, path := c.as(role), "/batches/"+number+"/acts/"+string(act)
	digest := who.get(path).ok().str("digest")
	return who.post(path, map[string]any{"digest": digest, "password": password})
}
