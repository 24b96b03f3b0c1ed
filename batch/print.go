package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Label is one printed label of a container. A container has one that counts; a reprint makes a new serial, and the one
// before has to be destroyed (LB-1, F23).
type Label struct {
	Container string
	Serial    int // of this container: 1, then one more for each reprint
	State     LabelState
	Why       string // of a failure, or of a reprint
	At        time.Time
	Warnings  []string // codes of the warnings that were printed on it
}

// LabelState is where a label is.
type LabelState string

// The states of a label.
const (
	Queued      LabelState = "queued"
	Sending     LabelState = "sending" // on its way to the printer: from here on it may be on paper
	Unknown     LabelState = "unknown" // it was sent, and nobody knows what came of it: a person looks (LB-1)
	Printed     LabelState = "printed"
	Failed      LabelState = "failed"
	ScannedBack LabelState = "scanned-back" // it is on its container, and says what it should (LB-3)
	Scrapped    LabelState = "destroyed"
)

// Printer prints labels at a plant. It is a boundary: a network printer, or a folder.
type Printer interface {
	// Print returns when the label is on paper, or says why it is not. An error that is the one of the context says that
	// nothing was sent; one that says MayBeOnPaper, that nobody knows.
	Print(ctx context.Context, job PrintJob) error
}

// PrintJob is one label to print.
type PrintJob struct {
	Site, Area, Batch, CoI string
	Container              string // as people read it
	Code                   string // what the Data Matrix says
	Kind                   string
	Text                   string // the approved wording of the label, in the plant's language
	Serial                 int
	Label                  *label.Label // laid out, with its accompanying document
	Warnings               []string     // what the label has to say of the material, in the plant's language (Batch.Warnings)
}

// LabelBalance is how many labels were printed, and where they are (F23).
type LabelBalance struct{ Printed, ScannedBack, Destroyed, Open int }

// sending says that a label goes to its printer, before it does: what comes of it is known from a later entry, or from nobody.
type sending struct {
	Step      string `json:"step"`
	Container string `json:"container"`
	Serial    int    `json:"serial"`
}

type printed struct {
	Step      string `json:"step"`
	Container string `json:"container"`
	Serial    int    `json:"serial"`
	Failed    string `json:"failed,omitempty"`   // why; empty when it is on paper
	Unsure    bool   `json:"unsure,omitempty"`   // it failed, and may be on paper all the same
	NotSent   bool   `json:"not_sent,omitempty"` // it was called off before anything was sent

	Warnings []string `json:"warnings,omitempty"` // codes of the warnings on it
}

type scannedBack struct {
	Step      string `json:"step"`
	Container string `json:"container"`
}

// labelDestroyed says that a label is gone; with a reprint, a new one is queued in its place.
type labelDestroyed struct {
	Step      string            `json:"step"`
	Container string            `json:"container"`
	Reason    string            `json:"reason"`
	Reprint   bool              `json:"reprint"`
	Second    *people.Signature `json:"second,omitempty"`
}

// issue queues the labels that have to be printed.
func (st *StepState) issue(e ledger.Entry, d labelsIssued, serial func(container string) int, warnings []string) {
	for _, c := range d.Print {
		st.Prints = append(st.Prints, &Label{Container: c, Serial: serial(c), State: Queued, At: e.Time, Warnings: warnings})
	}
}

// Queued tells whether a label of the step waits for its printer, or was on its way to it and nothing is known of it since.
func (st *StepState) Queued() bool {
	return slices.ContainsFunc(st.Prints, func(l *Label) bool { return l.State == Queued || l.State == Sending })
}

// nextSerial is the serial that the next label of a container has: no two labels of one container have the same, whichever
// steps print them (LB-1).
func (b *Batch) nextSerial(container string) int {
	next := 1
	for _, s := range b.order {
		for _, l := range b.steps[s.ID].Prints {
			if l.Container == container {
				next = max(next, l.Serial+1)
			}
		}
	}
	return next
}

// label is the label of a container that counts; nil when none is printed for it.
func (st *StepState) label(container string) *Label {
	for _, l := range slices.Backward(st.Prints) {
		if l.Container == container && l.State != Scrapped {
			return l
		}
	}
	return nil
}

// LabelBalance counts the labels that were printed in the plant's steps up to now. What may be on paper is accounted for as if it were.
func (b *Batch) LabelBalance() LabelBalance {
	var n LabelBalance
	for _, s := range b.order {
		for _, l := range b.steps[s.ID].Prints {
			if l.State != Queued && l.State != Failed {
				n.Printed++
			}
			switch l.State {
			case ScannedBack:
				n.ScannedBack++
			case Scrapped:
				n.Destroyed++
			case Printed, Queued, Sending, Unknown, Failed:
				n.Open++
			}
		}
	}
	return n
}

// unapplied holds that the step goes on only after each label of it was printed, applied and scanned back (LB-3).
func (st *StepState) unapplied() error {
	var open []string
	for _, l := range st.Prints {
		if l.State != ScannedBack && l.State != Scrapped {
			open = append(open, l.Container)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return ledger.Refuse(ledger.Unmet, "LB-3", "scan-back-open", "{n} labels of step {step} are not scanned back: {containers}", "apply each label, then scan it", "n", fmt.Sprint(len(open)), "step", st.Step.ID, "containers", strings.Join(open, ", "))
}

// ScanBack decides that an applied label was read and says what it should: match is the scan of it, whose serial is zero
// when it was typed.
func (b *Batch) ScanBack(h Handling, match chainofcustody.Match) ([]ledger.Draft, error) {
	st, drafts, err := h.at(b)
	if err != nil {
		return nil, err
	}
	step, container, serial := st.Step.ID, match.Container().String(), match.Serial()
	refusal := match.For(b.CoI, scanPurpose(b.Number, step, "label"), h.by.Account, h.now)
	if refusal != nil {
		return nil, refusal
	}
	l := st.label(container)
	if l == nil {
		return nil, ledger.Refuse(ledger.Missing, "LB-3", "no-label", "step {step} printed no label for {container}", "scan a label that was printed here", "step", step, "container", container)
	}
	if serial != 0 && serial != l.Serial {
		return nil, ledger.Refuse(ledger.Unmet, "LB-1", "old-label", "the label with the serial {got} of {container} was scanned, the one that counts has the serial {want}", "find the label with the serial {want}; destroy the other one", "container", container, "got", fmt.Sprint(serial), "want", fmt.Sprint(l.Serial))
	}
	if said := match.Batch(); said != "" && said != b.Number {
		return nil, ledger.Refuse(ledger.Unmet, "LB-3", "label-of-batch", "the label of {container} says batch {got}, this is batch {want}", "destroy the label and print it anew", "container", container, "got", said, "want", b.Number)
	}
	if l.State == ScannedBack {
		return nil, ledger.Refuse(ledger.Unmet, "LB-3", "scanned-already", "the label of {container} is already scanned back", "scan the next one", "container", container)
	}
	return append(drafts, ledger.Draft{Type: typeScannedBack, Data: scannedBack{Step: step, Container: container}}), nil
}

// scansBack is the draft that a scan of a container is worth for its label, when it is waited for. A label with another serial
// or batch is not the one that is waited for.
func (st *StepState) scansBack(batch string, match chainofcustody.Match) []ledger.Draft {
	container, serial := match.Container().String(), match.Serial()
	l := st.label(container)
	if l == nil || l.State == ScannedBack || serial != 0 && serial != l.Serial || match.Batch() != "" && match.Batch() != batch {
		return nil
	}
	return []ledger.Draft{{Type: typeScannedBack, Data: scannedBack{Step: st.Step.ID, Container: container}}}
}

// Scrap decides that a label is destroyed, and printed again with a new serial where that is wanted. A reprint needs a
// reason and a second person (LB-1).
func (b *Batch) Scrap(by ledger.Author, step, container, reason string, reprint bool, second people.Signed) ([]ledger.Draft, error) {
	st, err := b.step(step)
	if err != nil {
		return nil, err
	}
	if string(st.Step.Performer) != by.Role {
		return nil, notPerformer(st, by)
	}
	l := st.label(container)
	if l == nil || l.State == Queued || l.State == Sending {
		return nil, ledger.Refuse(ledger.Missing, "LB-1", "nothing-to-scrap", "{container} has no printed label in step {step}", "choose a label that was printed", "container", container, "step", step)
	}
	if st.Status != Open {
		return nil, ledger.Refuse(ledger.Unmet, "CS-65", "step-completed", "step {step} is already completed", "correct a value with a reason, or go on", "step", step)
	}
	d := labelDestroyed{Step: step, Container: container, Reason: reason, Reprint: reprint}
	if reprint {
		if !second.Valid() || second.Signature().Account == by.Account {
			return nil, ledger.Refuse(ledger.Unmet, "LB-1", "reprint-second", "a reprint needs the signature of a second person", "another qualified person has to sign", "container", container)
		}
		role := st.Step.Performer
		if st.Step.Second != nil {
			role = st.Step.Second.Role
		}
		if people.Role(second.Signature().Role) != role {
			return nil, ledger.Refuse(ledger.Forbidden, "I7", "not-second-role", "step {step} is verified by the role {want}, not by {role}", "a person with that role has to verify", "step", step, "want", string(role), "role", second.Signature().Role)
		}
		digest, err := b.ReprintDigest(step, container, reason)
		if err != nil {
			return nil, err
		}
		err = second.For(people.Verified, digest)
		if err != nil {
			return nil, err
		}
		s := second.Signature()
		d.Second = &s
	}
	return []ledger.Draft{{Type: typeDestroyed, Data: d}}, nil
}

// ReprintDigest is what the second person of a reprint signs.
func (b *Batch) ReprintDigest(step, container, reason string) (ledger.Digest, error) {
	return Shown{Batch: b.Number, CoI: b.CoI.String(), Step: step, Values: []ShownValue{{Field: container, Value: reason}}}.Digest()
}

func (b *Batch) applyPrinted(e ledger.Entry, d printed) error {
	return b.changeLabel(e, d.Step, d.Container, func(l *Label) {
		if d.NotSent {
			l.State = Queued
			return
		}
		l.State, l.Why, l.Warnings = Printed, d.Failed, d.Warnings
		switch {
		case d.Unsure:
			l.State = Unknown
		case d.Failed != "":
			l.State = Failed
		}
	})
}

func (b *Batch) applySending(e ledger.Entry, d sending) error {
	return b.changeLabel(e, d.Step, d.Container, func(l *Label) { l.State = Sending })
}

func (b *Batch) applyUnknown(e ledger.Entry, d sending) error {
	return b.changeLabel(e, d.Step, d.Container, func(l *Label) { l.State = Unknown })
}

func (b *Batch) applyScannedBack(e ledger.Entry, d scannedBack) error {
	return b.changeLabel(e, d.Step, d.Container, func(l *Label) { l.State = ScannedBack })
}

func (b *Batch) applyDestroyed(e ledger.Entry, d labelDestroyed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	old := st.label(d.Container)
	if old == nil {
		return fmt.Errorf("no label of %q", d.Container)
	}
	serial := old.Serial
	err = b.changeLabel(e, d.Step, d.Container, func(l *Label) { l.State, l.Why = Scrapped, d.Reason })
	if err != nil || !d.Reprint {
		return err
	}
	st.Prints = append(st.Prints, &Label{Container: d.Container, Serial: serial + 1, State: Queued, Why: d.Reason, At: e.Time, Warnings: codes(b.Warnings())})
	return nil
}

// changeLabel replaces the label that counts by an altered copy.
func (b *Batch) changeLabel(e ledger.Entry, step, container string, alter func(*Label)) error {
	st, ok := b.steps[step]
	if !ok {
		return fmt.Errorf("unknown step %q", step)
	}
	l := st.label(container)
	if l == nil {
		return fmt.Errorf("step %s has no label of %q", step, container)
	}
	if e.Type != typeDestroyed {
		_, err := b.touch(e, step)
		if err != nil {
			return err
		}
	}
	st.Prints = slices.Clone(st.Prints)
	changed := *l
	changed.At = e.Time
	alter(&changed)
	st.Prints[slices.Index(st.Prints, l)] = &changed
	return nil
}

// recording bounds how long the outcome of a print may take to be recorded once nobody waits for it any more.
const recording = 5 * time.Second

// outcome says whether anything was sent, and within which time what came of a print is recorded, also when it was called off
// meanwhile (LB-1).
func outcome(ctx context.Context, printed error) (within context.Context, done func(), sent bool) {
	within, done = context.WithTimeout(context.WithoutCancel(ctx), recording)
	return within, done, ctx.Err() == nil || !errors.Is(printed, ctx.Err())
}

// Print prints the labels of a step that are queued or failed, and records what became of each. It is asked for by the
// person who issued them; a plant without a printer keeps them queued until they are scanned back.
func (k *Book) Print(ctx context.Context, by ledger.Author, number, step string) error {
	return k.print(ctx, by, number, step, Queued, Failed)
}

// PrintQueued prints the labels of a step that nobody has tried to print, after a start. What was on its way when the program
// ended may be on paper: it is unknown from now on, and a person looks before it is printed again (LB-1). Where another copy of the
// program still sends it, what that one says of it counts.
func (k *Book) PrintQueued(ctx context.Context, by ledger.Author, number, step string) error {
	if k.Printer == nil {
		return nil
	}
	err := k.change(ctx, by, number, 0, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		st, err := b.step(step)
		if err != nil {
			return change{}, err
		}
		var c change
		for _, l := range st.Prints {
			if l.State == Sending {
				c.batch = append(c.batch, ledger.Draft{Type: typeUnknown, Data: sending{Step: step, Container: l.Container, Serial: l.Serial}})
			}
		}
		return c, nil
	})
	if err != nil {
		return err
	}
	return k.print(ctx, by, number, step, Queued)
}

// unsure tells whether a print that failed may have put something on paper all the same.
func unsure(err error) bool {
	var may interface{ MayBeOnPaper() bool }
	return errors.As(err, &may) && may.MayBeOnPaper()
}

func (k *Book) print(ctx context.Context, by ledger.Author, number, step string, states ...LabelState) error {
	if k.Printer == nil {
		return nil
	}
	b, event, err := k.LoadWithEvent(ctx, number)
	if err != nil {
		return err
	}
	st, err := b.step(step)
	if err != nil {
		return err
	}
	var faults []error
	for _, l := range st.Prints {
		if !slices.Contains(states, l.State) {
			continue
		}
		if ctx.Err() != nil {
			return errors.Join(append(faults, ctx.Err())...)
		}
		job, err := k.job(b, st, event, l)
		if err != nil {
			return errors.Join(append(faults, err)...)
		}
		goes, err := k.follow(ctx, by, number, step, l, states, ledger.Draft{Type: typeSending, Data: sending{Step: step, Container: l.Container, Serial: l.Serial}})
		if err != nil {
			return errors.Join(append(faults, err)...)
		}
		if !goes {
			continue // somebody else prints it, or it was scanned back or destroyed meanwhile
		}
		result := printed{Step: step, Container: l.Container, Serial: l.Serial, Warnings: codes(b.Warnings())}
		err = k.Printer.Print(ctx, job)
		within, done, sent := outcome(ctx, err)
		switch {
		case !sent:
			result.NotSent = true
		case err != nil:
			result.Failed, result.Unsure = firstLine(err.Error()), unsure(err)
		}
		_, told := k.follow(within, by, number, step, l, []LabelState{Sending, Unknown}, ledger.Draft{Type: typePrinted, Data: result})
		done()
		faults = append(faults, told)
		if !sent {
			return errors.Join(append(faults, err)...)
		}
	}
	return errors.Join(faults...)
}

// follow records what becomes of a label that is in one of those states still; false where it is not.
func (k *Book) follow(ctx context.Context, by ledger.Author, number, step string, l *Label, states []LabelState, d ledger.Draft) (told bool, err error) {
	err = k.change(ctx, by, number, 0, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		st, err := b.step(step)
		if err != nil {
			return change{}, err
		}
		now := st.label(l.Container)
		told = now != nil && now.Serial == l.Serial && slices.Contains(states, now.State)
		if !told {
			return change{}, nil
		}
		return change{batch: []ledger.Draft{d}}, nil
	})
	return told && err == nil, err
}

func (k *Book) job(b *Batch, st *StepState, event *chainofcustody.TherapyEvent, l *Label) (PrintJob, error) {
	laid, err := k.layOut(b, st, event, l)
	if err != nil {
		return PrintJob{}, err
	}
	job := PrintJob{
		Site: k.Site, Area: b.Areas[st.Step.Area], Batch: b.Number, CoI: b.CoI.Print(), Container: laid.Content.ID.Print(), Code: laid.Content.String(),
		Serial: l.Serial, Label: laid,
	}
	if c, ok := event.Container(l.Container); ok {
		job.Kind, job.Text = string(c.Kind), b.named(st, c, k.Language)
	}
	for _, w := range b.Warnings() {
		job.Warnings = append(job.Warnings, w.Text.In(k.Language))
	}
	return job, nil
}

// firstLine bounds what a device says about itself.
func firstLine(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if len(text) > 120 {
		text = strings.ToValidUTF8(text[:120], "")
	}
	return text
}
