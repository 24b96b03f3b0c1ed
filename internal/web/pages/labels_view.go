package pages

import (
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// printView is one printed label: where it is, as a shape and a word.
type printView struct {
	Container string // as people read it
	Path      string // as it is written in addresses
	State     state
	Why       string
	Serial    int
	At        string
	Waits     bool // to be scanned back
	Again     bool // it is not on paper: it can be printed again
	Scrap     bool // this person may destroy it
	Unknown   bool // nobody knows whether it is on paper: a person looks
	Outdated  bool // it says something else of the material than the record does now
}

var labelStates = map[batch.LabelState]state{
	batch.Queued: {Icon: "clock"}, batch.Sending: {Icon: "printer", Tone: "now"}, batch.Unknown: {Icon: "triangle", Tone: "att"}, batch.Printed: {Icon: "printer", Tone: "now"}, batch.Failed: {Icon: "triangle", Tone: "att"},
	batch.ScannedBack: {Icon: "tick"}, batch.Scrapped: {Icon: "cross"},
}

// prints are the printed labels of a step, in order of issue.
func (v *visit) prints(b *batch.Batch, st *batch.StepState) []printView {
	var out []printView
	for _, l := range st.Prints {
		out = append(out, v.print(b, st, l))
	}
	return out
}

func (v *visit) print(b *batch.Batch, st *batch.StepState, l *batch.Label) printView {
	one := printView{
		Container: printed(l.Container), Path: strings.ReplaceAll(l.Container, "/", "-"), State: labelStates[l.State], Why: l.Why, Serial: l.Serial,
		At: moment(l.At, v.zone()), Waits: slices.Contains(unapplied(st), l), Outdated: b.Outdated(l),
	}
	one.State.Word = v.word("label-state", string(l.State))
	works := v.has(st.Step.Performer) && !st.Finished()
	one.Again = works && (l.State == batch.Queued || l.State == batch.Failed) && v.plant().Batches.Printer != nil
	one.Scrap = works && l.State != batch.Queued && l.State != batch.Sending && l.State != batch.Scrapped
	one.Unknown = l.State == batch.Unknown
	return one
}

// newest is the label of a container that counts, as it is now; nil where none is printed.
func (v *visit) newest(b *batch.Batch, st *batch.StepState, container string) *printView {
	for _, l := range slices.Backward(st.Prints) {
		if l.Container == container {
			one := v.print(b, st, l)
			return &one
		}
	}
	return nil
}

// seconds are the roles in which a second person can sign for a reprint: that of the step's second person, and that of its performer.
func (v *visit) seconds(st *batch.StepState) []choice {
	roles := []people.Role{st.Step.Performer}
	if st.Step.Second != nil && st.Step.Second.Role != st.Step.Performer {
		roles = append(roles, st.Step.Second.Role)
	}
	var out []choice
	for i, r := range roles {
		out = append(out, choice{Code: string(r), Name: v.word("role", string(r)), Chosen: i == 0})
	}
	return out
}

// containerOf reads an identifier from an address, where a hyphen stands for the slash.
func containerOf(path string) string { return strings.Replace(path, "-", "/", 1) }
