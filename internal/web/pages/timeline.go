package pages

import (
	"slices"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// group is a unit procedure in the timeline.
type group struct {
	Name        string
	Done, Count int
	State       state
	Open        bool // the step that is shown stands in it
	Steps       []timelineStep
}

// timelineStep is one step in the timeline.
type timelineStep struct {
	ID, Name string
	State    state
	Link     string
	Shown    bool
	Flag     string // tone of an exception in it
}

// timeline is all steps of the recipe by unit procedure.
func (v *visit) timeline(b *batch.Batch, shown string, found []batch.Exception) []group {
	flags := map[string]string{}
	for _, e := range found {
		if e.Open() && flags[e.Step] != "stop" {
			flags[e.Step] = tone(e)
		}
	}
	states := map[string]*batch.StepState{}
	for _, st := range b.Steps() {
		states[st.Step.ID] = st
	}
	now := b.Now()
	var out []group
	for _, up := range b.Recipe.UnitProcedures {
		g := group{Name: up.Name.In(v.lang), State: state{Icon: "ring"}}
		for _, s := range up.Steps() {
			st := states[s.ID]
			inHand := slices.Contains(now, st)
			mine := inHand && v.mayAct(st)
			line := timelineStep{
				ID: s.ID, Name: s.Name.In(v.lang), State: v.state(st.Status, mine), Link: "/batches/" + b.Number + "?step=" + s.ID,
				Shown: s.ID == shown, Flag: flags[s.ID],
			}
			g.Steps = append(g.Steps, line)
			g.Open = g.Open || line.Shown
			if !st.Absent() {
				g.Count++
			}
			if st.Status == batch.Done {
				g.Done++
			}
			if inHand && (g.State.Tone == "" || line.State.Tone == "now") {
				g.State = line.State
			}
		}
		if g.Done == g.Count {
			g.State = state{Icon: "tick"}
		}
		out = append(out, g)
	}
	return out
}

// mayAct tells whether the step waits for a role that this person has.
func (v *visit) mayAct(st *batch.StepState) bool {
	want := st.Step.Performer
	if st.Status == batch.Interrupted {
		return v.leads() != ""
	}
	if st.Status == batch.ToVerify {
		return v.has(want) || v.has(st.Step.Second.Role)
	}
	return v.has(want)
}

// acting is the role in which the person works on a step; empty when none of theirs fits.
func (v *visit) acting(st *batch.StepState) people.Role {
	if v.has(st.Step.Performer) {
		return st.Step.Performer
	}
	if st.Step.Second != nil && v.has(st.Step.Second.Role) {
		return st.Step.Second.Role
	}
	return ""
}
