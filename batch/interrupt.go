package batch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Interruption is a step that was broken off, and how it went on.
type Interruption struct {
	Cause    string // such as "power cut after 12 min"
	By       string
	At       time.Time
	Seq      uint64
	Version  uint64
	Decision Resumption // empty while nobody has decided
	Reason   string
	Decided  string // account
	Resumed  time.Time
}

// Resumption is how an interrupted step goes on.
type Resumption string

// How an interrupted step goes on.
const (
	GoesOn Resumption = "continue" // from where it stopped
	Again  Resumption = "repeat"   // from the step that the recipe names
)

type interrupted struct {
	Step  string `json:"step"`
	Cause string `json:"cause"`
}

type resumed struct {
	Step     string     `json:"step"`
	Decision Resumption `json:"decision"`
	Reason   string     `json:"reason"`
}

// Interrupt decides that an open step is broken off: it is not done, and nobody goes on before a decision (scenario 19).
// Whoever stands there may say so.
func (b *Batch) Interrupt(by ledger.Author, step, cause string) ([]ledger.Draft, error) {
	st, err := b.step(step)
	if err != nil {
		return nil, err
	}
	if !people.Role(by.Role).May(people.ExecuteStep) {
		return nil, notPerformer(st, by)
	}
	if st.Status != Open {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "nothing-to-interrupt", "step {step} is not being done", "a step is interrupted while it is open", "step", step)
	}
	return []ledger.Draft{{Type: typeInterrupted, Data: interrupted{Step: step, Cause: cause}}}, nil
}

// Resume decides how an interrupted step goes on: the production lead says whether it continues or is repeated, as
// often as the recipe allows.
func (b *Batch) Resume(by ledger.Author, step string, d Resumption, reason string) ([]ledger.Draft, error) {
	st, err := b.step(step)
	if err != nil {
		return nil, err
	}
	if people.Role(by.Role) != people.ProductionLead && people.Role(by.Role) != people.QA {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "may-not-resume", "how an interrupted step goes on is decided by the production lead or QA, not by {role}", "call the production lead", "role", by.Role)
	}
	if st.Status != Interrupted {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "not-interrupted", "step {step} is not interrupted", "go on with it", "step", step)
	}
	switch d {
	case GoesOn:
	case Again:
		r := st.Step.Repeat
		if r == nil {
			return nil, ledger.Refuse(ledger.Unmet, "AT-14", "no-repeat", "the recipe does not allow step {step} to be repeated", "let it continue, or have QA hold the batch", "step", step)
		}
		if st.Attempt >= b.Repeats(st) {
			return nil, ledger.Refuse(ledger.Unmet, "AT-14", "repeated-enough", "step {step} was repeated {n} times, the recipe allows {times}", "let it continue, or have QA hold the batch", "step", step, "n", fmt.Sprint(st.Attempt), "times", fmt.Sprint(b.Repeats(st)))
		}
	default:
		return nil, ledger.Refuse(ledger.Invalid, "AT-59", "resumption", "an interrupted step continues or is repeated, not {got}", "choose one of them", "got", string(d))
	}
	return []ledger.Draft{{Type: typeResumed, Data: resumed{Step: step, Decision: d, Reason: reason}}}, nil
}

func (b *Batch) applyInterrupted(e ledger.Entry, d interrupted) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Status = Interrupted
	st.Interruptions = append(st.Interruptions, Interruption{Cause: d.Cause, By: e.Author.Account, At: e.Time, Seq: e.Seq, Version: e.Version})
	return nil
}

func (b *Batch) applyResumed(e ledger.Entry, d resumed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	last := &st.Interruptions[len(st.Interruptions)-1]
	last.Decision, last.Reason, last.Decided, last.Resumed = d.Decision, d.Reason, e.Author.Account, e.Time
	st.Status = Open
	st.Scans = map[string]map[string]ScanEntry{} // who goes on scans again (I4)
	if d.Decision != Again {
		return nil
	}
	from := slices.IndexFunc(b.order, func(s *mbr.Step) bool { return s.ID == st.Step.Repeat.From })
	to := slices.Index(b.order, st.Step)
	if from < 0 {
		from = to
	}
	for _, s := range b.order[from : to+1] {
		b.steps[s.ID].again()
	}
	return nil
}

// again begins a step anew. What was captured before stays in the record and counts no more.
func (st *StepState) again() {
	if st.Absent() {
		return
	}
	st.Status, st.Performer, st.Verified, st.SecondScanned, st.SentBack = Waiting, "", nil, false, false
	st.StartedAt, st.CompletedAt = time.Time{}, time.Time{}
	st.Scans, st.stopped = map[string]map[string]ScanEntry{}, map[string]bool{}
	st.hands = map[string]bool{}
	st.Attempt++
	for _, f := range st.Fields {
		f.since = len(f.Values)
	}
}

// interruptions are exceptions: each was a moment in which the process left its course.
func (st *StepState) interruptions() []Exception {
	var out []Exception
	for _, i := range st.Interruptions {
		e := Exception{
			ID: fmt.Sprintf("%s:%s:%d", BrokenOff, st.Step.ID, i.Version), Class: BrokenOff, Step: st.Step.ID,
			What: i.Cause, Value: i.Cause, Limit: string(i.Decision), At: i.At, By: i.By, Seq: i.Seq,
		}
		out = append(out, e)
	}
	return out
}

// made is the purpose under which a step's containers stand, apart for each attempt.
func (b *Batch) made(st *StepState) string {
	purpose := b.Number + "/" + st.Step.ID
	if st.Attempt > 0 {
		purpose = fmt.Sprintf("%s#%d", purpose, st.Attempt+1)
	}
	return purpose
}

// counts tells whether a container belongs to the work that counts: it was not made in an attempt that was repeated.
func (b *Batch) counts(c *chainofcustody.Container) bool {
	for _, s := range b.order {
		st, plain := b.steps[s.ID], b.Number+"/"+s.ID
		if st.Attempt > 0 && (c.Purpose == plain || strings.HasPrefix(c.Purpose, plain+"#")) {
			return c.Purpose == b.made(st)
		}
	}
	return true
}

// Containers are the containers of a kind that the batch works on, in order of creation: its own, and not those of an
// attempt that was repeated.
func (b *Batch) Containers(event *chainofcustody.TherapyEvent, kind string) []*chainofcustody.Container {
	return slices.DeleteFunc(event.OfKind(chainofcustody.Kind(kind)), func(c *chainofcustody.Container) bool { return !b.mine(c) || !b.counts(c) })
}
