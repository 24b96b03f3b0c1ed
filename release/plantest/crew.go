package plantest

import (
	"context"
	"slices"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// Crew is the people of a scenario at a plant, who do the steps as the scenario says.
type Crew struct {
	*Plant
	Scenario
	Sessions map[string]people.Session
}

// NewCrew enrols the people of a scenario at a furnished plant.
func NewCrew(p *Plant, s Scenario, lang string) *Crew {
	p.T.Helper()
	c := &Crew{Plant: p, Scenario: s, Sessions: p.Enrol(s, lang)}
	p.Furnish(s)
	return c
}

// As is the author of what a person does in a role.
func (c *Crew) As(role people.Role, second bool) ledger.Author {
	c.T.Helper()
	by, err := c.Sessions[c.Who(role, second)].Author(role)
	require.NoError(c.T, err, "%s as %s", c.Who(role, second), role)
	return by
}

// Sign is how a person gives their signature.
func (c *Crew) Sign(username string, role people.Role) batch.Signer {
	return func(ctx context.Context, m people.Meaning, d ledger.Digest) (people.Signed, error) {
		return c.Staff.Sign(ctx, c.Sessions[username], Password, role, m, d)
	}
}

// Order opens a batch.
func (c *Crew) Order(subject string) string {
	c.T.Helper()
	number, _, err := c.Batches.Open(context.Background(), c.As(people.Coordinator, false), subject)
	require.NoError(c.T, err)
	return number
}

// State is a batch and its therapy event as the ledger says.
func (c *Crew) State(number string) (*batch.Batch, *chainofcustody.TherapyEvent) {
	c.T.Helper()
	b, event, err := c.Batches.LoadWithEvent(context.Background(), number)
	require.NoError(c.T, err)
	return b, event
}

// Play takes a batch up to a step, which is then the current one; to the first signed act when there is no such.
func (c *Crew) Play(number, until string) {
	c.T.Helper()
	for {
		b, _ := c.State(number)
		st, ok := b.Current()
		if !ok || st.Step.ID == until || st.Step.Act != "" {
			return
		}
		c.Step(number, st.Step)
	}
}

// Step does a whole step, second person included.
func (c *Crew) Step(number string, st *mbr.Step) {
	c.T.Helper()
	c.Perform(number, st)
	require.NoError(c.T, c.Batches.Complete(context.Background(), c.As(st.Performer, false), number, 0, st.ID), st.ID)
	c.Verify(number, st)
}

// Perform does what the performer of a step does before completing it.
func (c *Crew) Perform(number string, st *mbr.Step) {
	t, ctx, by := c.T, context.Background(), c.As(st.Performer, false)
	t.Helper()
	require.NoError(t, c.Batches.Start(ctx, by, number, 0, st.ID), st.ID)
	labelled := len(st.Creates) == 0 && len(st.Relabels) == 0
	for _, f := range st.FieldsAt(c.Profile.Site) {
		b, _ := c.State(number)
		if !b.Asked(f) {
			continue
		}
		v, given := c.Values[st.ID][f.ID]
		if f.Type == mbr.TypeScan {
			if !labelled && slices.ContainsFunc(st.Creates, func(made mbr.Creation) bool { return made.Kind == f.Expect }) {
				c.Label(number, st)
				labelled = true
			}
			for _, raw := range c.Labels(number, f) {
				require.NoError(t, c.Batches.Scan(ctx, by, number, 0, st.ID, f.ID, raw), f.Ref())
			}
			continue
		}
		if _, ordered := b.Value(f.Ref()); ordered && st.ID == "S01" {
			continue
		}
		if given && f.Type != mbr.TypeComputed && f.ID != "subject_no" {
			require.NoError(t, c.Batches.Enter(ctx, by, number, 0, st.ID, f.ID, batch.Input{Text: c.Value(v)}), f.Ref())
		}
	}
	if !labelled {
		c.Label(number, st)
	}
	c.ScanBack(number, st)
	c.HandOver(number, st)
	c.Comment(number, st)
}

// Label issues and prints the labels of a step.
func (c *Crew) Label(number string, st *mbr.Step) {
	c.T.Helper()
	by := c.As(st.Performer, false)
	require.NoError(c.T, c.Batches.Labels(context.Background(), by, number, 0, st.ID), st.ID)
	require.NoError(c.T, c.Batches.Print(context.Background(), by, number, st.ID), st.ID)
}

// ScanBack scans the labels of a step that wait for it.
func (c *Crew) ScanBack(number string, st *mbr.Step) {
	c.T.Helper()
	b, event := c.State(number)
	state, _ := b.Step(st.ID)
	for _, l := range state.Prints {
		if l.State == batch.ScannedBack || l.State == batch.Scrapped {
			continue
		}
		container, _ := event.Container(l.Container)
		require.NoError(c.T, c.Batches.ScanBack(context.Background(), c.As(st.Performer, false), number, 0, st.ID, c.Batches.CodeOf(b, container, l)), st.ID)
	}
}

// Comment says of each value beyond its limit why it is so.
func (c *Crew) Comment(number string, st *mbr.Step) {
	c.T.Helper()
	b, _ := c.State(number)
	for _, f := range st.FieldsAt(c.Profile.Site) {
		if _, said := b.Remark(f); b.Asked(f) && b.Beyond(f) && !said {
			require.NoError(c.T, c.Batches.Comment(context.Background(), c.As(st.Performer, false), number, 0, st.ID, f.ID, "seen and checked, it is as it is"), f.Ref())
		}
	}
}

// Labels are what a scanner reads for a scan field: the newest container of its kind, or each of them.
func (c *Crew) Labels(number string, f *mbr.Field) []string {
	c.T.Helper()
	b, event := c.State(number)
	if f.Expect == string(chainofcustody.AnyLabel) || f.Expect == string(chainofcustody.Wristband) {
		return []string{event.CoI.Label()}
	}
	var out []string
	for _, container := range b.Containers(event, f.Expect) {
		out = append(out, c.Batches.CodeOf(b, container, nil))
	}
	require.NotEmpty(c.T, out, f.Ref())
	if !f.Each {
		out = out[len(out)-1:]
	}
	return out
}

// Sides are giver and receiver of the steps that end in other hands.
var Sides = map[string][2]people.Role{
	"S07": {people.Nurse, people.Courier}, "S09": {people.Courier, people.Operator},
	"S46": {people.Operator, people.Courier}, "S47": {people.Courier, people.Interventionist},
}

// HandOver hands the containers of a step over to whom the recipe says, where that has not been done.
func (c *Crew) HandOver(number string, st *mbr.Step) {
	if st.Custody == nil {
		return
	}
	c.T.Helper()
	ctx, side := context.Background(), Sides[st.ID]
	b, event := c.State(number)
	for _, container := range b.Containers(event, st.Custody.Container) {
		label := c.Batches.CodeOf(b, container, nil)
		if string(container.Custodian.Party) == st.Custody.Holder {
			continue // with its shipment
		}
		h := chainofcustody.Handover{Container: container.ID.String(), Seals: []string{"SEAL-1"}, Place: "loading bay"}
		require.NoError(c.T, c.Batches.Give(ctx, c.As(side[0], false), b.CoI, h, chainofcustody.Party(st.Custody.Holder), label), st.ID)
		require.NoError(c.T, c.Batches.Accept(ctx, c.As(side[1], false), b.CoI, h, label), st.ID)
	}
}

// Verify lets the second person of a step check it and sign.
func (c *Crew) Verify(number string, st *mbr.Step) {
	if st.Second == nil {
		return
	}
	c.T.Helper()
	who := c.Who(st.Second.Role, true)
	require.NoError(c.T, c.Batches.Verify(context.Background(), c.As(st.Second.Role, true), number, 0, c.Check(number, st), c.Sign(who, st.Second.Role)), "second person of %s", st.ID)
}

// Check is what the second person of a step gives: what they saw, their own scan, their own entries.
func (c *Crew) Check(number string, st *mbr.Step) batch.Check {
	c.T.Helper()
	b, _ := c.State(number)
	shown, err := b.Show(st.ID)
	require.NoError(c.T, err)
	digest, err := shown.Digest()
	require.NoError(c.T, err)
	check := batch.Check{Step: st.ID, Shown: digest}
	switch st.Second.Mode {
	case mbr.ScansAgain:
		f, _ := st.Field(st.Second.Field, c.Profile.Site)
		labels := c.Labels(number, f)
		check.Raw = labels[len(labels)-1]
	case mbr.Retypes:
		check.Values = map[string]batch.Input{}
		for _, id := range st.Second.Fields {
			first, ok := b.Value(st.ID + "." + id)
			if ok {
				check.Values[id] = batch.Input{Text: retyped(first.Value)}
			}
		}
	}
	return check
}

// retyped is a value as another person types it.
func retyped(v batch.Value) string {
	if q, ok := v.Quantity(); ok {
		return q.Number()
	}
	return v.Text
}

// Act signs an act as the release page shows it.
func (c *Crew) Act(number string, act mbr.Act) error {
	c.T.Helper()
	ctx := context.Background()
	role, _, _ := release.RoleOf(act)
	by := c.As(role, false)
	prompt, err := c.Release.Prompt(ctx, release.Signer{Account: by.Account, Role: role}, number, act)
	require.NoError(c.T, err)
	return c.Release.Sign(ctx, by, number, act, prompt.Digest, c.Sign(by.Account, role))
}
