package web_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// scenario is the part of a scenario file that this test needs: who acts, and what they enter.
type scenario struct {
	People map[string]struct {
		Name  string
		Roles []people.Role
	}
	Cast   map[people.Role]struct{ Performer, Second string }
	Values map[string]map[string]string
}

func load(t testing.TB, name string) scenario {
	t.Helper()
	raw, err := os.ReadFile("../../testdata/scenarios/" + name + ".yaml")
	require.NoError(t, err)
	var s scenario
	require.NoError(t, yaml.Unmarshal(raw, &s))
	return s
}

func (s scenario) who(role people.Role, second bool) string {
	c, ok := s.Cast[role]
	switch {
	case ok && second:
		return c.Second
	case ok:
		return c.Performer
	}
	for key, p := range s.People {
		for _, r := range p.Roles {
			if r == role {
				return key
			}
		}
	}
	return ""
}

// crew is the people of a scenario, signed in.
type crew struct {
	*site
	scenario
	at map[string]*client
}

func enrol(s *site, sc scenario) *crew {
	c := &crew{site: s, scenario: sc, at: map[string]*client{}}
	for key, p := range sc.People {
		c.at[key] = s.hireNamed(key, p.Name, p.Roles...)
	}
	return c
}

func (c *crew) as(role people.Role) *client       { return c.at[c.who(role, false)] }
func (c *crew) secondAs(role people.Role) *client { return c.at[c.who(role, true)] }

// value is what a person types for a scenario's value.
func (c *crew) value(v string) string {
	now := c.clock()
	if after, ok := strings.CutPrefix(v, "now"); ok {
		d, err := time.ParseDuration(after)
		if err == nil || after == "" {
			return now.Add(d).Format(time.RFC3339)
		}
	}
	if strings.HasPrefix(v, "today") {
		var days int
		_, err := fmt.Sscanf(v, "today%dd", &days)
		if err != nil {
			days = 0
		}
		return now.AddDate(0, 0, days).Format(time.DateOnly)
	}
	if v == "auto" {
		return "AUTO-1"
	}
	return v
}

func (c *crew) open() string {
	r := c.as(people.Coordinator).post("/batches", map[string]any{"subject_no": "ES01-003"})
	require.Equal(c.t, http.StatusCreated, r.status, r.text())
	return r.str("batch")
}

func (c *crew) state(number string) (*batch.Batch, *chainofcustody.TherapyEvent) {
	b, event, err := c.plant.Batches.LoadWithEvent(context.Background(), number)
	require.NoError(c.t, err)
	return b, event
}

// play takes a batch through the API up to the first step that is a signed act, or behind the step named last.
func (c *crew) play(number, last string) {
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

func (c *crew) perform(number string, st *mbr.Step) {
	c.t.Helper()
	by, path := c.as(st.Performer), c.path(number, st)
	by.post(path+"/start", nil).ok()
	labelled := len(st.Creates) == 0
	for _, f := range st.FieldsAt(c.plant.Site()) {
		v, given := c.Values[st.ID][f.ID]
		if f.Type == mbr.TypeScan {
			if f.Each && !labelled && creates(st, f.Expect) {
				by.post(path+"/labels", nil).ok()
				labelled = true
			}
			for _, raw := range c.labels(number, f) {
				by.post(path+"/fields/"+f.ID+"/scan", map[string]any{"raw": raw}).ok()
			}
			continue
		}
		if !given || f.Type == mbr.TypeComputed || f.ID == "subject_no" {
			continue
		}
		by.post(path+"/fields/"+f.ID, map[string]any{"value": c.value(v), "unit": string(f.Unit)}).ok()
	}
	if !labelled {
		by.post(path+"/labels", nil).ok()
	}
	c.handOver(number, st)
	by.post(path+"/complete", nil).ok()
}

func creates(st *mbr.Step, kind string) bool {
	for _, c := range st.Creates {
		if c.Kind == kind {
			return true
		}
	}
	return false
}

func (c *crew) labels(number string, f *mbr.Field) []string {
	_, event := c.state(number)
	if f.Expect == "coi" || f.Expect == "wristband" {
		return []string{event.CoI.Label()}
	}
	var out []string
	for _, container := range event.OfKind(chainofcustody.Kind(f.Expect)) {
		out = append(out, container.Label)
	}
	require.NotEmpty(c.t, out, f.Ref())
	if !f.Each {
		out = out[len(out)-1:]
	}
	return out
}

var giver = map[string]people.Role{"S07": people.Nurse, "S09": people.Courier, "S46": people.Operator, "S47": people.Courier}
var receiver = map[string]people.Role{"S07": people.Courier, "S09": people.Operator, "S46": people.Courier, "S47": people.Interventionist}

func (c *crew) handOver(number string, st *mbr.Step) {
	if st.Custody == nil {
		return
	}
	_, event := c.state(number)
	for _, container := range event.OfKind(chainofcustody.Kind(st.Custody.Container)) {
		path := "/therapy-events/" + event.CoI.String() + "/containers/" + strings.ReplaceAll(container.ID.String(), "/", "-")
		same := map[string]any{"seals": []string{"SEAL-1"}, "place": "loading bay", "to": st.Custody.Holder}
		c.as(giver[st.ID]).post(path+"/offer", same).ok()
		c.as(receiver[st.ID]).post(path+"/accept", map[string]any{"seals": []string{"SEAL-1"}, "place": "loading bay", "raw": container.Label}).ok()
	}
}

// verify signs as second person: at their own terminal, or, for every other step, at the performer's.
func (c *crew) verify(number string, st *mbr.Step) {
	c.t.Helper()
	if st.Second == nil {
		return
	}
	path, second, first := c.path(number, st), c.secondAs(st.Second.Role), c.as(st.Performer)
	sign := map[string]any{"shown_digest": second.get(path).ok().str("shown_digest"), "password": password}
	if st.Second.Mode == mbr.ScansAgain {
		f, _ := st.Field(st.Second.Field, c.plant.Site())
		labels := c.labels(number, f)
		sign["raw"] = labels[len(labels)-1]
	}
	at := second
	if st.ID[len(st.ID)-1]%2 == 0 {
		at, sign["username"] = first, second.username
	}
	at.post(path+"/verify", sign).ok()
}

func (c *crew) act(number string, act mbr.Act) *reply {
	role, _, _ := release.RoleOf(act)
	who, path := c.as(role), "/batches/"+number+"/acts/"+string(act)
	digest := who.get(path).ok().str("digest")
	return who.post(path, map[string]any{"digest": digest, "password": password})
}
