package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Event is something that happens beside the steps. It has one place and one act; an act that must not be possible
// says with which code it is refused.
type Event struct {
	Before string `yaml:"before"` // a step ("S21"), or a field of it ("S21.time")
	After  string `yaml:"after"`  // a step, second person included; or "end", when nothing more is done with the batch

	Values     map[string]map[string]string `yaml:"values"`     // from here on these are entered
	Correct    string                       `yaml:"correct"`    // a field ("S13.viability") gets the value, with the reason
	Interrupt  string                       `yaml:"interrupt"`  // the step in hand is broken off: by what
	Resume     string                       `yaml:"resume"`     // "continue" or "repeat", with the reason
	Block      string                       `yaml:"block"`      // the lot of this material, with the reason
	Hold       string                       `yaml:"hold"`       // the batch: why
	LetGo      string                       `yaml:"let-go"`     // every hold of the batch: why
	Stop       string                       `yaml:"stop"`       // the batch: cause, with the reason
	Dispose    string                       `yaml:"dispose"`    // of every container of the ended batch: how, with the reason
	Further    string                       `yaml:"further"`    // another harvest of the patient: why, with the reason
	Deviations string                       `yaml:"deviations"` // all open ones are classified so, investigated (cause, risk) and approved
	Assess     string                       `yaml:"assess"`     // every other open exception as minor: why
	Try        string                       `yaml:"try"`        // "start" or "complete" the step of the place
	Expect     string                       `yaml:"expect"`     // status of the step of the place

	Value   string `yaml:"value"`
	Reason  string `yaml:"reason"`
	Cause   string `yaml:"cause"`
	Risk    string `yaml:"risk"`
	By      string `yaml:"by"` // role, where it is not the usual one
	Refused string `yaml:"refused"`
}

// atEnd is the place behind everything.
const atEnd = "end"

// deed is one sort of act: what it needs beside itself, and who usually does it.
type deed struct {
	name  string
	of    func(Event) string
	needs []string // other keys
	by    string   // role; empty for the performer of the step
	do    func(*happening) error
}

// deed is the act of an event; an error when it has none, or several.
func (e Event) deed() (deed, error) {
	var found []deed
	var names []string
	for _, d := range deeds() {
		names = append(names, d.name)
		if d.of(e) != "" {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		return deed{}, fmt.Errorf("an event is one of %s", strings.Join(names, ", "))
	}
	return found[0], nil
}

// check finds what cannot be played.
func (e Event) check() error {
	d, err := e.deed()
	errs := []error{err, checkValues(e.Values), checkValue(e.Value)}
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if (e.Before == "") == (e.After == "") {
		bad("an event happens before or after something")
	}
	place, inStep := e.Before+e.After, fieldForm.MatchString(e.Before)
	if !stepForm.MatchString(place) && !inStep && e.After != atEnd {
		bad("%q is no place: write a step, a field such as S21.time after before, or end after after", place)
	}
	given := map[string]string{"value": e.Value, "reason": e.Reason, "cause": e.Cause, "risk": e.Risk}
	for _, key := range []string{"value", "reason", "cause", "risk"} {
		if needed := slices.Contains(d.needs, key); needed != (given[key] != "") && d.name != "" {
			bad("%s: it needs %v beside itself, and nothing else", d.name, d.needs)
			break
		}
	}
	if e.Correct != "" && !fieldForm.MatchString(e.Correct) {
		bad("correct: %q is no field: write it as S13.viability", e.Correct)
	}
	for _, name := range []string{e.Block, e.By, e.Refused, e.Expect, e.Stop} {
		if name != "" && !nameForm.MatchString(name) {
			bad("%q has other than small letters, digits and hyphens", name)
		}
	}
	if e.Try != "" && (e.Try != "start" && e.Try != "complete" || e.Refused == "") {
		bad("try: it is start or complete, and says with refused what comes of it")
	}
	if e.Interrupt != "" && !inStep {
		bad("interrupt: a step is broken off before one of its fields")
	}
	return errors.Join(errs...)
}

// changed is the act of an event that changes values.
func (e Event) changed() string {
	if len(e.Values) == 0 {
		return ""
	}
	return "changed"
}

// at tells whether the event happens at a place.
func (e Event) at(before, after string) bool {
	return before != "" && e.Before == before || after != "" && e.After == after
}
