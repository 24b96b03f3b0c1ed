package pages_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web"
	"rexbatch/release"
)

// crew is the people of a scenario at one plant, and what they enter.
type crew struct {
	*floor
	plant  *web.Plant
	People map[string]struct {
		Name  string
		Roles []people.Role
	}
	Cast   map[people.Role]struct{ Performer, Second string }
	Values map[string]map[string]string
}

// enrol gives everybody of a scenario an account with their own password, in one language.
func enrol(f *floor, plant *web.Plant, scenario, lang string) *crew {
	t, ctx := f.t, context.Background()
	t.Helper()
	raw, err := os.ReadFile("../../../testdata/scenarios/" + scenario + ".yaml")
	require.NoError(t, err)
	c := &crew{floor: f, plant: plant}
	require.NoError(t, yaml.Unmarshal(raw, c))
	for username, p := range c.People {
		_, once, err := plant.People.Create(ctx, people.System("test"), people.NewAccount{Username: username, Name: p.Name, Lang: lang, Roles: p.Roles})
		require.NoError(t, err)
		_, token, err := plant.People.SignIn(ctx, username, once, "T1")
		require.NoError(t, err)
		require.NoError(t, plant.People.ChangePassword(ctx, token, once, password))
		session, err := plant.People.Session(ctx, token)
		require.NoError(t, err)
		require.NoError(t, plant.People.AcceptStatement(ctx, session, password))
	}
	return c
}

func (c *crew) who(role people.Role, second bool) string {
	if cast, ok := c.Cast[role]; ok {
		if second {
			return cast.Second
		}
		return cast.Performer
	}
	for username, p := range c.People {
		for _, r := range p.Roles {
			if r == role {
				return username
			}
		}
	}
	return ""
}

func (c *crew) author(role people.Role, second bool) ledger.Author {
	return ledger.Author{Account: c.who(role, second), Role: string(role), Terminal: "SVQ-07"}
}

func (c *crew) open(subject string) string {
	c.t.Helper()
	number, _, err := c.plant.Batches.Open(context.Background(), c.author(people.Coordinator, false), subject)
	require.NoError(c.t, err)
	return number
}

func (c *crew) state(number string) (*batch.Batch, *chainofcustody.TherapyEvent) {
	c.t.Helper()
	b, event, err := c.plant.Batches.LoadWithEvent(context.Background(), number)
	require.NoError(c.t, err)
	return b, event
}

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
		require.NoError(c.t, err)
		return now.AddDate(0, 0, days).Format(time.DateOnly)
	}
	if v == "auto" {
		return "AUTO-1"
	}
	return v
}

// play takes a batch up to a step, which is then the current one; to the first signed act when there is no such.
func (c *crew) play(number, until string) {
	c.t.Helper()
	for {
		b, _ := c.state(number)
		st, ok := b.Current()
		if !ok || st.Step.ID == until || st.Step.Act != "" {
			return
		}
		c.perform(number, st.Step)
		c.verify(number, st.Step)
	}
}

func (c *crew) perform(number string, st *mbr.Step) {
	ctx, k, by := context.Background(), c.plant.Batches, c.author(st.Performer, false)
	labelled := len(st.Creates) == 0
	for _, f := range st.FieldsAt(c.plant.Site()) {
		v, given := c.Values[st.ID][f.ID]
		if f.Type == mbr.TypeScan {
			if f.Each && !labelled && creates(st, f.Expect) {
				require.NoError(c.t, k.Labels(ctx, by, number, 0, st.ID))
				labelled = true
			}
			for _, raw := range c.labels(number, f) {
				require.NoError(c.t, k.Scan(ctx, by, number, 0, st.ID, f.ID, raw))
			}
			continue
		}
		if given && f.Type != mbr.TypeComputed && f.ID != "subject_no" {
			require.NoError(c.t, k.Enter(ctx, by, number, 0, st.ID, f.ID, batch.Input{Text: c.value(v)}), f.Ref())
		}
	}
	if !labelled {
		require.NoError(c.t, k.Labels(ctx, by, number, 0, st.ID))
	}
	c.handOver(number, st)
	require.NoError(c.t, k.Complete(ctx, by, number, 0, st.ID))
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

var sides = map[string][2]people.Role{
	"S07": {people.Nurse, people.Courier}, "S09": {people.Courier, people.Operator},
	"S46": {people.Operator, people.Courier}, "S47": {people.Courier, people.Interventionist},
}

func (c *crew) handOver(number string, st *mbr.Step) {
	if st.Custody == nil {
		return
	}
	ctx, side := context.Background(), sides[st.ID]
	_, event := c.state(number)
	for _, container := range event.OfKind(chainofcustody.Kind(st.Custody.Container)) {
		h := chainofcustody.Handover{Container: container.ID.String(), Seals: []string{"S-1"}, Place: "dock"}
		require.NoError(c.t, c.plant.Batches.Offer(ctx, c.author(side[0], false), event.CoI, h, chainofcustody.Party(st.Custody.Holder)))
		require.NoError(c.t, c.plant.Batches.Accept(ctx, c.author(side[1], false), event.CoI, h, container.Label))
	}
}

// as is a signer who gives the password of an account.
func (c *crew) as(username string, role people.Role) batch.Signer {
	return func(ctx context.Context, meaning people.Meaning, shown ledger.Digest) (people.Signed, error) {
		signed, _, err := c.plant.People.SignAs(ctx, "SVQ-07", username, password, role, meaning, shown)
		return signed, err
	}
}

func (c *crew) verify(number string, st *mbr.Step) {
	if st.Second == nil {
		return
	}
	b, _ := c.state(number)
	shown, err := b.Show(st.ID)
	require.NoError(c.t, err)
	digest, err := shown.Digest()
	require.NoError(c.t, err)
	check := batch.Check{Step: st.ID, Shown: digest}
	if st.Second.Mode == mbr.ScansAgain {
		f, _ := st.Field(st.Second.Field, c.plant.Site())
		labels := c.labels(number, f)
		check.Raw = labels[len(labels)-1]
	}
	who := c.who(st.Second.Role, true)
	require.NoError(c.t, c.plant.Batches.Verify(context.Background(), c.author(st.Second.Role, true), number, 0, check, c.as(who, st.Second.Role)))
}

// act signs an act as the release page would show it.
func (c *crew) act(number string, act mbr.Act) {
	c.t.Helper()
	role, _, _ := release.RoleOf(act)
	b, _ := c.state(number)
	digest, err := release.Show(b, act).Digest()
	require.NoError(c.t, err)
	require.NoError(c.t, c.plant.Release.Sign(context.Background(), c.author(role, false), number, act, digest, c.as(c.who(role, false), role)))
}
