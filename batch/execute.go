package batch

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// Start decides that a person begins a step.
func (b *Batch) Start(by ledger.Author, now time.Time, step string) ([]ledger.Draft, error) {
	st, drafts, err := b.start(by, now, step)
	if err != nil {
		return nil, err
	}
	if drafts == nil {
		return nil, b.performer(by, st)
	}
	return drafts, nil
}

// Enter decides that a value is captured in a field of the open step. A value out of its limit is accepted
// and becomes an exception (AT-59). source says whether it was typed, or scanned as the code of a lot is. A field that has a value takes a correction instead.
func (b *Batch) Enter(h Handling, field string, v Value, source Origin) ([]ledger.Draft, error) {
	st, drafts, err := h.at(b)
	if err != nil {
		return nil, err
	}
	f, err := b.field(st, field)
	if err != nil {
		return nil, err
	}
	if !b.Asked(f.Field) {
		return nil, ledger.Refuse(ledger.Unmet, "CS-65", "not-asked", "{field} is not asked for as the record stands", "go on with the step", "field", f.Field.Ref())
	}
	if f.Field.Captured == mbr.FromLedger {
		return nil, ledger.Refuse(ledger.Invalid, "DI-18", "counted-only", "{field} is counted by the system from the record", "complete the step", "field", f.Field.Ref())
	}
	if current, ok := f.Current(); ok {
		return nil, ledger.Refuse(ledger.Unmet, "CS-12", "already-entered", "{field} already holds {value}", "correct it, with a reason", "field", f.Field.Ref(), "value", current.Value.String())
	}
	return append(drafts, ledger.Draft{Type: typeEntered, Data: entered{Step: st.Step.ID, Field: field, Value: v, Source: source}}), nil
}

// Correct decides that a captured value is replaced, or that one is entered late in a finished step. The first value
// stays readable; a reason is required (CS-12, DI-11, AMWHV 10(1)). What was computed from it is computed again, and
// what was signed over it is unsigned. performed says of a late entry when it was done; zero where nobody knows.
func (b *Batch) Correct(by ledger.Author, now time.Time, step, field string, v Value, reason string, in Input) ([]ledger.Draft, error) {
	st, ok := b.steps[step]
	if !ok || st.Absent() || st.Status == Waiting && !st.holds(field) {
		return nil, ledger.Refuse(ledger.Unmet, "CS-12", "nothing-to-correct", "step {step} has no entries", "enter the value in its step", "step", step)
	}
	if string(st.Step.Performer) != by.Role {
		return nil, notPerformer(st, by)
	}
	if st.Status == Stopped {
		return nil, st.stop()
	}
	if st.Status == Interrupted {
		return nil, st.brokenOff()
	}
	if b.HandedOn != nil {
		return nil, b.here()
	}
	if st.Inherited && b.TakenOn != nil && st.Step.ID != warningStep { // results of the patient come late, and are entered where it is made
		return nil, ledger.Refuse(ledger.Unmet, "TR-8", "taken-on-step", "step {step} was done at {site}, in batch {parent}: that record stays as it was handed on", "the investigator amends what was ordered; of anything else QA opens a deviation", "step", step, "site", b.TakenOn.From, "parent", b.TakenOn.Batch)
	}
	if st.Inherited && b.TakenOn == nil {
		return nil, ledger.Refuse(ledger.Unmet, "AT-14", "inherited-step", "step {step} was done in batch {parent}, before it was split", "correct it in {parent}: every batch that was split from it takes it over", "step", step, "parent", b.Parent)
	}
	f, err := b.field(st, field)
	if err != nil {
		return nil, err
	}
	if f.Field.Type == mbr.TypeComputed || f.Field.Type == mbr.TypeScan {
		return nil, ledger.Refuse(ledger.Invalid, "AT-55", "computed-only", "{field} is not typed, so it is not corrected", "correct what it is computed from, or scan again", "field", f.Field.Ref())
	}
	current, captured := f.Current()
	if !captured && st.Status == Open {
		return nil, ledger.Refuse(ledger.Unmet, "CS-12", "nothing-to-correct", "{field} holds no value yet", "enter the value", "field", f.Field.Ref())
	}
	if current.Origin == Ordered {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-13", "identity-fixed", "{field} comes from the order of the treatment and is not changed in the record", "raise it with QA: the order itself would have to be cancelled", "field", f.Field.Ref())
	}
	err = b.fixed(st)
	if err != nil {
		return nil, err
	}
	if captured && v.Sealed == "" && current.Value.String() == v.String() && !b.uncontrolled(f.Field.Ref()) {
		return nil, ledger.Refuse(ledger.Invalid, "CS-12", "no-change", "{field} already holds {value}", "leave it as it is", "field", f.Field.Ref(), "value", v.String())
	}
	if in.Performed.After(now) {
		return nil, ledger.Refuse(ledger.Invalid, "DI-11", "performed-later", "{field} cannot have been done at {at}: that is still to come", "enter when it was done", "field", f.Field.Ref(), "at", in.Performed.UTC().Format(time.RFC3339))
	}
	ground, err := b.ground(f, in.Ground)
	if err != nil {
		return nil, err
	}
	draft := ledger.Draft{Type: typeCorrected, Data: entered{Step: step, Field: field, Value: v, Source: Typed, Reason: reason, Ground: ground}}
	if !captured {
		draft = ledger.Draft{Type: typeEntered, Data: entered{Step: step, Field: field, Value: v, Source: Typed, Reason: reason, Performed: in.Performed.UTC().Truncate(time.Second)}}
	}
	drafts, err := b.prefilled(by, now, st, field)
	if err != nil {
		return nil, err
	}
	return append(append(drafts, draft), b.recompute(f.Field.Ref(), v)...), nil
}

// holds tells whether a field of the step has a value.
func (st *StepState) holds(field string) bool {
	if st.Fields[field] == nil {
		return false
	}
	_, ok := st.Fields[field].Current()
	return ok
}

// prefilled begins a step whose values came with the order, for its performer who says something about one of them: nobody
// has begun it, and there is nothing left to enter with which it would begin (CS-12, AT-59). Nil for every other step.
func (b *Batch) prefilled(by ledger.Author, now time.Time, st *StepState, field string) ([]ledger.Draft, error) {
	if st.Status != Waiting || !st.holds(field) {
		return nil, nil
	}
	_, drafts, err := b.start(by, now, st.Step.ID)
	return drafts, err
}

// reasonOf checks a reason that a person gives: it stands in the record and on paper for ever.
func reasonOf(rule, text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) < 5 || len(text) > maxText {
		return "", ledger.Refuse(ledger.Invalid, rule, "reason-missing", "a reason of 5 to 500 characters is needed", "say why")
	}
	err := paper.Printable(text)
	if err != nil {
		return "", ledger.Refuse(ledger.Invalid, "CS-10", "not-printable", "{field} has a character that cannot be printed in the record ({why})", "use letters, digits and common signs", "field", "reason", "why", err.Error())
	}
	return text, nil
}

func notPerformer(st *StepState, by ledger.Author) *ledger.Refusal {
	return ledger.Refuse(ledger.Forbidden, "CS-66", "not-performer", "step {step} is done by the role {want}, not by {role}", "a person with that role has to do it", "step", st.Step.ID, "want", string(st.Step.Performer), "role", by.Role)
}

// stop is the refusal of everything but the right scan while a step is stopped (I4).
func (st *StepState) stop() *ledger.Refusal {
	last := st.Stops[len(st.Stops)-1]
	return ledger.Refuse(ledger.Stop, "I4", "step-stopped", "step {step} is stopped: {got} was scanned instead of {want}", "scan the right container", "step", st.Step.ID, "got", last.Got, "want", last.Want)
}

// TakeOver decides that another person with the performer's role goes on with an open step, because the performer
// cannot. It is an exception for the reviewer; what is handled has to be scanned again.
func (b *Batch) TakeOver(by ledger.Author, step, reason string) ([]ledger.Draft, error) {
	st, ok := b.steps[step]
	if !ok || st.Status != Open && st.Status != Stopped {
		return nil, ledger.Refuse(ledger.Unmet, "DI-9", "nothing-to-take-over", "step {step} is not being done by anybody", "start the step", "step", step)
	}
	if string(st.Step.Performer) != by.Role {
		return nil, notPerformer(st, by)
	}
	if st.Performer == by.Account {
		return nil, ledger.Refuse(ledger.Unmet, "DI-9", "own-step", "you are already doing step {step}", "go on with it", "step", step)
	}
	return []ledger.Draft{{Type: typeTakenOver, Data: takenOver{Step: step, From: st.Performer, Reason: reason}}}, nil
}

// Scan decides a scan for a step: with a match the value is captured, with a mismatch the step is stopped.
// want and got come from the comparison that the therapy event made.
func (b *Batch) Scan(by ledger.Author, now time.Time, step, field string, match chainofcustody.Match, mismatch *ledger.Refusal) ([]ledger.Draft, error) {
	st, drafts, err := b.start(by, now, step)
	if err != nil {
		return nil, err
	}
	err = b.performer(by, st)
	if err != nil {
		return nil, err
	}
	f, err := b.field(st, field)
	if err != nil {
		return nil, err
	}
	if f.Field.Type != mbr.TypeScan {
		return nil, ledger.Refuse(ledger.Invalid, "I4", "not-a-scan", "{field} is not scanned", "enter the value", "field", f.Field.Ref())
	}
	switch {
	case match.IsZero() && mismatch != nil && mismatch.Kind == ledger.Stop:
		return append(drafts, ledger.Draft{Type: typeStopped, Data: stopped{
			Step: step, Field: field, Want: mismatch.Args["want"], Got: mismatch.Args["got"], Why: mismatch.Args["why"],
		}}), nil
	case match.IsZero():
		return drafts, nil // unreadable: the scan itself is in the therapy event's stream
	}
	refusal := match.For(b.CoI, scanPurpose(b.Number, step, field), by.Account, now)
	if refusal != nil {
		return nil, refusal
	}
	e := entered{Step: step, Field: field, Value: Value{Text: scannedText(match)}, Source: Scanned}
	if match.Keyed() {
		e.Source = Keyed
	}
	drafts = append(drafts, ledger.Draft{Type: typeEntered, Data: e})
	return append(drafts, st.scansBack(b.Number, match)...), nil
}

// Expects is the container kind that a scan field asks for.
func (b *Batch) Expects(step, field string) (chainofcustody.Kind, error) {
	st, err := b.step(step)
	if err != nil {
		return "", err
	}
	f, err := b.field(st, field)
	if err != nil {
		return "", err
	}
	if f.Field.Type != mbr.TypeScan {
		return "", ledger.Refuse(ledger.Invalid, "I4", "not-a-scan", "{field} is not scanned", "enter the value", "field", f.Field.Ref())
	}
	return chainofcustody.Kind(f.Field.Expect), nil
}

// performer holds that one step has one performer and is still open.
func (b *Batch) performer(by ledger.Author, st *StepState) error {
	switch st.Status {
	case Stopped:
		if st.Performer == by.Account {
			return nil // only a scan gets through matched
		}
		return st.stop()
	case Interrupted:
		return st.brokenOff()
	case Done, ToVerify:
		return ledger.Refuse(ledger.Unmet, "CS-65", "step-completed", "step {step} is already completed", "correct a value with a reason, or go on", "step", st.Step.ID)
	case Open:
		if st.Performer != by.Account {
			return ledger.Refuse(ledger.Unmet, "DI-9", "other-performer", "step {step} is being done by {performer}", "let {performer} finish it, or take the step over with a reason", "step", st.Step.ID, "performer", st.Performer)
		}
	}
	return nil
}

// brokenOff is the refusal of everything while nobody has decided how an interrupted step goes on.
func (st *StepState) brokenOff() *ledger.Refusal {
	last := st.Interruptions[len(st.Interruptions)-1]
	return ledger.Refuse(ledger.Unmet, "AT-59", "step-interrupted", "step {step} was interrupted: {cause}", "the production lead decides how it goes on", "step", st.Step.ID, "cause", last.Cause)
}

func (b *Batch) field(st *StepState, id string) (*FieldState, error) {
	f, ok := st.Fields[id]
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "DI-8", "no-field", "step {step} has no field {field} at {site}", "use a field of the step", "step", st.Step.ID, "field", id, "site", b.Site)
	}
	return f, nil
}

// Labels decides that the labels of the step's containers are issued: those that are not there yet. The containers are
// created in the therapy event in the same append.
func (b *Batch) Labels(h Handling, event *chainofcustody.TherapyEvent) ([]ledger.Draft, []Wanted, error) {
	st, drafts, err := h.at(b)
	if err != nil {
		return nil, nil, err
	}
	if len(st.Step.Creates) == 0 && len(st.Step.Relabels) == 0 {
		return nil, nil, ledger.Refuse(ledger.Unmet, "LB-1", "no-labels", "step {step} issues no labels", "go on with the step", "step", st.Step.ID)
	}
	wanted, err := b.unlabelled(st, event)
	if err == nil {
		err = st.toldToLabel()
	}
	if err != nil {
		return nil, nil, err
	}
	if len(wanted) == 0 && len(b.Relabelled(st, event)) == 0 {
		return nil, nil, ledger.Refuse(ledger.Unmet, "LB-1", "labels-issued", "the labels of step {step} are already issued", "apply them; a reprint needs a reason and a second person", "step", st.Step.ID)
	}
	return drafts, wanted, nil
}

// unlabelled are the containers of the step whose labels are still to be issued.
func (b *Batch) unlabelled(st *StepState, event *chainofcustody.TherapyEvent) ([]Wanted, error) {
	var wanted []Wanted
	for _, c := range st.Step.Creates {
		if !c.Applies(b.Site) {
			continue
		}
		n, err := b.lacking(st, event, c)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			wanted = append(wanted, Wanted{Kind: chainofcustody.Kind(c.Kind), From: chainofcustody.Kind(c.From), Count: n, Print: c.Print})
		}
	}
	return wanted, nil
}

// lacking is how many containers of a creation the step has still to make; below zero when it made more than it says now.
func (b *Batch) lacking(st *StepState, event *chainofcustody.TherapyEvent, c mbr.Creation) (int, error) {
	n := 1
	if c.Count != "" {
		captured, ok := st.Fields[c.Count].Current()
		q, isNumber := captured.Value.Quantity()
		if !ok || !isNumber {
			return 0, ledger.Refuse(ledger.Unmet, "LB-1", "count-first", "the number of {kind} labels comes from {field}, which is empty", "enter {field} first", "kind", c.Kind, "field", c.Count)
		}
		var err error
		n, err = q.Int()
		if err != nil {
			return 0, fmt.Errorf("containers of %s: %w", st.Step.ID, err)
		}
	}
	for _, container := range event.OfKind(chainofcustody.Kind(c.Kind)) {
		if container.Purpose == b.made(st) {
			n--
		}
	}
	return n, nil
}

// Relabelled are the containers for which the step prints the product's label, and has not yet: those that are there to be
// given, in the order in which they were made.
func (b *Batch) Relabelled(st *StepState, event *chainofcustody.TherapyEvent) []*chainofcustody.Container {
	var out []*chainofcustody.Container
	for _, r := range st.Step.Relabels {
		for _, c := range b.Containers(event, r.Kind) {
			if !c.Gone() && st.label(c.ID.String()) == nil {
				out = append(out, c)
			}
		}
	}
	return out
}

// toldToLabel holds that what the product's label says was entered before it is printed (LB-3).
func (st *StepState) toldToLabel() error {
	for _, r := range st.Step.Relabels {
		if r.After == "" {
			continue
		}
		if _, ok := st.Fields[r.After].Current(); !ok {
			return ledger.Refuse(ledger.Unmet, "LB-3", "label-after", "the label of {kind} is printed after {field} is entered", "enter {field} first", "kind", r.Kind, "field", r.After)
		}
	}
	return nil
}

// Wanted is a number of containers of a kind whose labels a step issues.
type Wanted struct {
	Kind, From chainofcustody.Kind
	Count      int
	Print      bool // the labels are printed and have to be scanned back
}

// LabelsIssued is the draft that says which containers came of it, and of which the label is printed.
func LabelsIssued(step string, containers, print []string) ledger.Draft {
	return ledger.Draft{Type: typeLabels, Data: labelsIssued{Step: step, Containers: containers, Print: print}}
}

// Complete decides that the performer is done with a step: every required field is captured, every container
// scanned, custody where it belongs, computed values computed.
func (b *Batch) Complete(h Handling, event *chainofcustody.TherapyEvent) ([]ledger.Draft, error) {
	st, drafts, err := h.at(b)
	if err != nil {
		return nil, err
	}
	err = b.missing(st, event)
	if err != nil {
		return nil, err
	}
	err = st.unapplied()
	if err != nil {
		return nil, err
	}
	drafts = append(drafts, b.counted(st)...)
	drafts = append(drafts, b.compute(st)...)
	return append(drafts, ledger.Draft{Type: typeCompleted, Data: completed{Step: st.Step.ID}}), nil
}

// silent holds, over the step as it will stand when it is completed, that no value beyond its limit is passed over.
func (b *Batch) silent(step string) error { return b.uncommented(b.steps[step]) }

// counted fills the fields that the system counts from the record itself.
func (b *Batch) counted(st *StepState) []ledger.Draft {
	var drafts []ledger.Draft
	balance := b.LabelBalance()
	for _, f := range st.Step.FieldsAt(b.Site) {
		if f.Captured != mbr.FromLedger || !b.Asked(f) {
			continue
		}
		n := map[string]int{"labels_issued": balance.Printed, "labels_scanned_back": balance.ScannedBack, "labels_scrapped": balance.Destroyed}[f.ID]
		q := quantity.New(int64(n), 0, f.Unit)
		drafts = append(drafts, ledger.Draft{Type: typeEntered, Data: entered{Step: st.Step.ID, Field: f.ID, Value: Value{Number: &q}, Source: Counted}})
	}
	return drafts
}

func (b *Batch) missing(st *StepState, event *chainofcustody.TherapyEvent) error {
	var open []string
	for _, f := range st.Step.FieldsAt(b.Site) {
		if f.Type == mbr.TypeComputed || f.Captured == mbr.FromLedger || f.Optional || !b.Asked(f) || f.Type == mbr.TypeScan && st.Unscanned != nil {
			continue
		}
		if f.Type == mbr.TypeScan && f.Each {
			for _, c := range b.Containers(event, f.Expect) {
				if _, ok := st.Scans[f.ID][c.ID.String()]; !ok {
					open = append(open, f.ID+" "+c.ID.String())
				}
			}
			continue
		}
		_, captured := st.Fields[f.ID].Current()
		if !captured || f.Type == mbr.TypeScan && len(st.Scans[f.ID]) == 0 {
			open = append(open, f.ID)
		}
	}
	if len(open) > 0 {
		return ledger.Refuse(ledger.Unmet, "CS-65", "fields-open", "step {step} cannot be completed, {n} entries are missing: {fields}", "enter or scan them", "step", st.Step.ID, "n", fmt.Sprint(len(open)), "fields", strings.Join(open, ", "))
	}
	unlabelled, err := b.unlabelled(st, event)
	if err != nil {
		return err
	}
	if len(unlabelled) > 0 {
		return ledger.Refuse(ledger.Unmet, "LB-1", "labels-open", "the labels of step {step} are not issued", "issue the labels", "step", st.Step.ID)
	}
	c := st.Step.Custody
	if c == nil {
		return nil
	}
	for _, container := range b.Containers(event, c.Container) {
		if string(container.Custodian.Party) != c.Holder {
			return ledger.Refuse(ledger.Unmet, "I6", "custody-open", "step {step} ends with the {kind} in the hands of the {want}; {container} is held by the {holder}", "hand it over: giver and receiver both confirm", "step", st.Step.ID, "kind", c.Container, "want", c.Holder, "container", container.ID.Print(), "holder", string(container.Custodian.Party))
		}
	}
	return nil
}
