package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/batch/oncall"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Book loads batches from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log     ledger.Log
	Site    string
	Zone    *time.Location
	Prefix  string // of batch numbers, e.g. "SVQ"
	Custody *chainofcustody.Book
	Library *Library
	Recipe  *mbr.Recipe       // effective version, for batches opened now
	Spec    *qc.Specification // effective version, for batches opened now
	Seal    *Seal

	ThawRecipe *mbr.Recipe       // by which frozen product is thawed; nil where the plant thaws nothing
	ThawSpec   *qc.Specification // its specification

	Clock func() time.Time

	Layouts      *label.Set                                                               // templates and wordings of labels
	LabelPlant   label.Plant                                                              // what they say about trial and plant
	Language     string                                                                   // of the plant, for labels
	Trained      func(ctx context.Context, account, procedure string, at time.Time) error // refuses who is not (CS-2); nil asks nobody
	TerminalArea func(ctx context.Context, terminal string) (string, error)               // the work area in which a terminal stands; empty when it stands in none
	Printer      Printer                                                                  // nil: labels stay queued until they are scanned back

	Lanes      []shipment.Lane // of the plant
	Processing time.Duration   // how long the work from receipt to formulation takes at least

	FellowLogs func(site string) []string // keys of the logs of other plants that this one knows, as sumdb/note writes them; nil knows none

	AnswerWithin time.Duration                                                    // until a call out of hours comes to others
	Person       func(ctx context.Context, account string) (people.Person, error) // of the plant's directory

	folded    ledger.Folded[*Batch]
	shipping  sync.Once // the book of shipments lives as long as this one: what it folded is kept
	shipments *shipment.Book
	calling   sync.Once // as with shipments
	duty      *oncall.Book
}

// Load folds a batch; a refusal of kind Missing when there is none. The state is shared with other readers: nobody applies
// entries to it.
func (k *Book) Load(ctx context.Context, number string) (*Batch, error) {
	stream := Stream(number)
	kept, ok := k.folded.Get(stream)
	if !ok {
		kept = &Batch{}
	}
	b := kept
	for e, err := range k.Log.Stream(ctx, stream, kept.Version) {
		if err != nil {
			return nil, fmt.Errorf("batch %s: %w", number, err)
		}
		if b == kept {
			b = kept.clone()
		}
		err = b.Apply(e, k.Library)
		if err != nil {
			return nil, err
		}
	}
	if b.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "AT-2", "no-batch", "there is no batch {batch} at this plant", "check the number and the plant", "batch", number)
	}
	if b != kept {
		k.folded.Put(stream, b.Version, b)
	}
	return b, nil
}

// LoadWithEvent folds a batch and its therapy event.
func (k *Book) LoadWithEvent(ctx context.Context, number string) (*Batch, *chainofcustody.TherapyEvent, error) {
	b, err := k.Load(ctx, number)
	if err != nil {
		return nil, nil, err
	}
	t, err := k.Custody.Load(ctx, b.CoI)
	return b, t, err
}

// Effective is the version of the recipe by which a batch is opened now (AT-5): the one in force that was approved here,
// else the one that came with the program.
func (k *Book) Effective(ctx context.Context) (*mbr.Recipe, error) {
	r, _, err := k.pin(ctx)
	return r, err
}

// pin is the version by which a batch is opened now, and on what that rests.
func (k *Book) pin(ctx context.Context) (*mbr.Recipe, master.Pinned, error) {
	p, err := k.Masters().Pin(ctx, k.Recipe.ID, k.Clock())
	if err != nil || p.Number == 0 {
		return k.Recipe, p, err
	}
	r, err := k.Library.Recipe(p.File)
	return r, p, err
}

// nextNumber is what the plant's series of batch numbers gives out next.
func (k *Book) nextNumber(ctx context.Context) (series string, n uint64, year int, err error) {
	year = k.Clock().UTC().Year() % 100
	series = chainofcustody.SeriesStream(fmt.Sprintf("batch/%s/%02d", k.Prefix, year))
	n, err = chainofcustody.Next(ctx, k.Log, series)
	return series, n, year, err
}

// provisional applies drafts to a state as if they had been appended. What views hold depends on neither position nor
// leaf hash, so they are the same once the entries have theirs.
func (k *Book) provisional(b *Batch, by ledger.Author, at time.Time, drafts []ledger.Draft) error {
	for i, d := range drafts {
		e, err := ledger.Provisional(d, by, at, b.Version+1)
		if err != nil {
			return fmt.Errorf("draft %d: %w", i, err)
		}
		err = b.Apply(e, k.Library)
		if err != nil {
			return err
		}
	}
	return nil
}

// begun is the views of a batch that begins with drafts.
func (k *Book) begun(by ledger.Author, drafts []ledger.Draft) (map[string][]byte, error) {
	b := &Batch{}
	err := k.provisional(b, by, k.Clock(), drafts)
	if err != nil {
		return nil, err
	}
	return b.views()
}

// change is what one command wants to append.
type change struct {
	batch   []ledger.Draft
	therapy []ledger.Draft
	beside  []beside
	streams []ledger.StreamAppend // of other aggregates
	blobs   [][]byte
	views   map[string][]byte // of other aggregates
	holds   bool              // the decision rests on the batch as it was loaded, though it may change nothing there
	guard   bool              // the decision rests on the therapy event as loaded, though it changes nothing there
	after   *ledger.Refusal   // appended all the same, then refused: a mismatch stands in the record
	refused ledger.Refusals   // the same, by several rules
}

// Seen is the version of the batch that the person saw when they decided; zero when they do not say.
type Seen uint64

// change loads, decides and appends, again when another person's entry came in between.
func (k *Book) change(ctx context.Context, by ledger.Author, number string, seen Seen, decide func(*Batch, *chainofcustody.TherapyEvent) (change, error)) error {
	var after *ledger.Refusal
	var refused ledger.Refusals
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		b, t, err := k.LoadWithEvent(ctx, number)
		if err != nil {
			return ledger.Append{}, err
		}
		if seen != 0 && uint64(seen) != b.Version {
			return ledger.Append{}, ledger.Refuse(ledger.Stale, "CS-65", "stale-version", "batch {batch} is at version {is}, you decided on version {seen}", "look at the batch again, then repeat", "batch", number, "is", fmt.Sprint(b.Version), "seen", fmt.Sprint(uint64(seen)))
		}
		c, err := decide(b, t)
		if err != nil {
			return ledger.Append{}, err
		}
		after, refused = c.after, c.refused
		a := ledger.Append{Author: by, Streams: c.streams, Blobs: c.blobs}
		if len(c.therapy) > 0 || c.guard {
			a.Streams = append(a.Streams, ledger.StreamAppend{Stream: chainofcustody.Stream(t.CoI), Expected: t.Version, Drafts: c.therapy})
		}
		if len(c.batch) == 0 && c.holds {
			a.Streams = append(a.Streams, ledger.StreamAppend{Stream: Stream(number), Expected: b.Version})
		}
		a.Views = c.views
		if len(c.therapy) > 0 {
			views, err := t.Views(by, k.Clock(), c.therapy)
			if err != nil {
				return ledger.Append{}, err
			}
			if a.Views == nil {
				a.Views = map[string][]byte{}
			}
			maps.Copy(a.Views, views)
		}
		if len(c.batch) > 0 {
			err = k.record(ctx, by, b, t, c.batch, &a)
		}
		for _, o := range c.beside {
			if err != nil {
				break
			}
			err = k.record(ctx, by, o.batch, nil, o.drafts, &a)
		}
		return a, err
	})
	if err != nil {
		return err
	}
	if after != nil {
		return after
	}
	return refused.Err()
}

// record puts drafts of a batch into an append, with the views that follow. What they bring to light that needs a
// deviation opens one with them, under the next number of the plant (AT-59).
// event is the therapy event on which they were decided; nil where the drafts end no batch.
func (k *Book) record(ctx context.Context, by ledger.Author, b *Batch, event *chainofcustody.TherapyEvent, drafts []ledger.Draft, a *ledger.Append) error {
	s := ledger.StreamAppend{Stream: Stream(b.Number), Expected: b.Version, Drafts: drafts}
	after, at := b.clone(), k.Clock()
	err := k.provisional(after, by, at, drafts)
	if err != nil {
		return err
	}
	if event != nil && !b.Over() && after.leavesNothing(event) {
		end, err := k.closeEmpty(ctx, by, after, event, a)
		if err != nil {
			return err
		}
		s.Drafts = append(slices.Clip(s.Drafts), end...)
		err = k.provisional(after, by, at, end)
		if err != nil {
			return err
		}
	}
	found := after.undeclared()
	if len(found) > 0 {
		number, err := k.numberDeviation(ctx, a)
		if err != nil {
			return err
		}
		open := declare(number, found)
		s.Drafts = append(s.Drafts, open)
		err = k.provisional(after, by, at, []ledger.Draft{open})
		if err != nil {
			return err
		}
	}
	views, err := after.views()
	if err != nil {
		return err
	}
	if a.Views == nil {
		a.Views = map[string][]byte{}
	}
	maps.Copy(a.Views, views)
	a.Streams = append(a.Streams, s)
	a.Within = a.Within.Narrow(after.asDecided(at))
	return nil
}

// numberDeviation takes the next deviation number of the plant within an append.
func (k *Book) numberDeviation(ctx context.Context, a *ledger.Append) (string, error) {
	return k.draw(ctx, a, "deviation", "DEV")
}

// draw takes the next number of one of the plant's yearly series within an append, such as "DEV-SVQ26-00001".
func (k *Book) draw(ctx context.Context, a *ledger.Append, kind, mark string) (string, error) {
	year := k.Clock().UTC().Year() % 100
	series := chainofcustody.SeriesStream(fmt.Sprintf("%s/%s/%02d", kind, k.Prefix, year))
	name := func(n uint64) string { return fmt.Sprintf("%s-%s%02d-%05d", mark, k.Prefix, year, n) }
	for i, s := range a.Streams {
		if s.Stream == series {
			n := s.Expected + uint64(len(s.Drafts)) + 1
			a.Streams[i].Drafts = append(s.Drafts, chainofcustody.Issue(series, n, name(n)).Drafts...)
			return name(n), nil
		}
	}
	n, err := chainofcustody.Next(ctx, k.Log, series)
	if err != nil {
		return "", err
	}
	a.Streams = append(a.Streams, chainofcustody.Issue(series, n, name(n)))
	return name(n), nil
}

// enter holds what the floor has against a person beginning a step now: training and work area.
func (k *Book) enter(ctx context.Context, by ledger.Author, b *Batch, step string) error {
	st, err := b.step(step)
	if err != nil || st.Status != Waiting || string(st.Step.Performer) != by.Role {
		return nil //nolint:nilerr // the decision itself says so, in its own order
	}
	err = k.trained(ctx, by, st.Step)
	if err != nil {
		return err
	}
	return k.mayEnterArea(ctx, by, b, st)
}

// enterPrefilled is enter where what is said of a value begins the step that the order filled.
func (k *Book) enterPrefilled(ctx context.Context, by ledger.Author, b *Batch, step, field string) error {
	st, err := b.step(step)
	if err != nil || !st.holds(field) {
		return nil //nolint:nilerr // the decision itself says so, in its own order
	}
	return k.enter(ctx, by, b, step)
}

// Start begins a step.
func (k *Book) Start(ctx context.Context, by ledger.Author, number string, seen Seen, step string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		err := k.enter(ctx, by, b, step)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.Start(by, k.Clock(), step)
		return change{batch: drafts}, err
	})
}

// Enter captures a value. What a scanner read of a lot or a device stands in the record, also when it is refused.
func (k *Book) Enter(ctx context.Context, by ledger.Author, number string, seen Seen, step, field string, in Input) error {
	if in.Scanned {
		in.Text = people.Masked(in.Text)
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		v, drafts, err := k.captured(ctx, by, b, step, field, in)
		c := change{batch: drafts}
		if in.Scanned {
			c, err = k.scanned(b, step, field, in.Text, drafts, err)
		}
		if err != nil || len(c.batch) == 0 {
			return c, err
		}
		err = k.atHand(ctx, by, b, step, field, v, "", &c)
		return c, err
	})
}

func (k *Book) captured(ctx context.Context, by ledger.Author, b *Batch, step, field string, in Input) (Value, []ledger.Draft, error) {
	err := k.enter(ctx, by, b, step)
	if err != nil {
		return Value{}, nil, err
	}
	v, err := k.value(ctx, b, step, field, in)
	if err != nil {
		return Value{}, nil, err
	}
	h, err := b.Handle(by, k.Clock(), step)
	if err != nil {
		return Value{}, nil, err
	}
	drafts, err := b.Enter(h, field, v, in.source())
	return v, drafts, err
}

// Correct replaces a value, with a reason.
func (k *Book) Correct(ctx context.Context, by ledger.Author, number string, seen Seen, step, field string, in Input, reason string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		v, err := k.value(ctx, b, step, field, in)
		if err != nil {
			return change{}, err
		}
		reason, err := reasonOf("CS-12", reason)
		if err != nil {
			return change{}, err
		}
		if v.Sealed != "" { // why it changes would tell what it is
			sealed, err := k.Seal.Close(b.Number, step+"."+field+"#reason", Value{Text: reason})
			if err != nil {
				return change{}, err
			}
			reason = "sealed " + sealed.Sealed
		}
		err = k.enterPrefilled(ctx, by, b, step, field)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.Correct(by, k.Clock(), step, field, v, reason, in)
		if err != nil {
			return change{}, err
		}
		err = k.measurable(ctx, b, step, field)
		if err != nil {
			return change{}, err
		}
		c := change{batch: drafts}
		st, _ := b.Step(step)
		again := ""
		if b.remeasured(st.Fields[field].Field, in.Ground) {
			again = step
		}
		err = k.correctUse(ctx, by, b, drafts, reason, again, &c)
		if err != nil {
			return change{}, err
		}
		err = k.carry(ctx, by, b, st.Fields[field].Field, v, drafts, &c)
		if err != nil {
			return change{}, err
		}
		err = k.atHand(ctx, by, b, step, field, v, reason, &c)
		return c, err
	})
}

// value checks an input against its field and seals it where the step is blinded.
func (k *Book) value(ctx context.Context, b *Batch, step, field string, in Input) (Value, error) {
	st, err := b.step(step)
	if err != nil {
		return Value{}, err
	}
	f, err := b.field(st, field)
	if err != nil {
		return Value{}, err
	}
	v, err := Parse(f.Field, in, k.Zone)
	if err == nil && fromFloor(f.Field) {
		v, err = k.floorValue(ctx, b, st, f.Field, v.Text)
	}
	if err != nil || !st.Step.Blind {
		return v, err
	}
	return k.Seal.Close(b.Number, f.Field.Ref(), v)
}

// Scan compares a scanned label with what the step's field expects. The scan is recorded in any case; a
// mismatch stops the step and is refused with I4.
func (k *Book) Scan(ctx context.Context, by ledger.Author, number string, seen Seen, step, field, raw string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		expected, err := b.Expects(step, field)
		if err != nil {
			return change{}, err
		}
		draft, match, mismatch := t.Scan(by, k.Clock(), scanPurpose(number, step, field), expected, raw)
		match, mismatch = b.own(t, match, mismatch)
		var drafts []ledger.Draft
		err = k.enter(ctx, by, b, step)
		if err == nil {
			drafts, err = b.Scan(by, k.Clock(), step, field, match, mismatch)
		}
		var refused *ledger.Refusal
		if errors.As(err, &refused) { // not this person's step, or not their turn or place: the scan itself stands all the same
			c := change{therapy: []ledger.Draft{draft}, after: refused}
			if mismatch != nil && mismatch.Kind == ledger.Stop {
				c.batch = []ledger.Draft{{Type: typeCustody, Data: mismatched(step, "", mismatch)}}
			}
			return c, nil
		}
		if err != nil {
			return change{}, err
		}
		c := change{batch: drafts, therapy: []ledger.Draft{draft}, after: mismatch}
		if b.identifiesStart(step) {
			err = k.mixedUp(ctx, b, step, raw, &c)
			if err != nil {
				return change{}, err
			}
		}
		if lock := b.failed(t, step, field, raw, mismatch); lock != nil {
			c.batch, c.after = append(c.batch, lock...), lockedEntries(step)
		}
		return c, nil
	})
}

// Labels issues the labels of the containers that a step makes. The first ones of a therapy event register the
// donation and draw its DIN.
func (k *Book) Labels(ctx context.Context, by ledger.Author, number string, seen Seen, step string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		err := k.enter(ctx, by, b, step)
		if err != nil {
			return change{}, err
		}
		h, err := b.Handle(by, k.Clock(), step)
		if err != nil {
			return change{}, err
		}
		drafts, wanted, err := b.Labels(h, t)
		if err != nil {
			return change{}, err
		}
		c := change{batch: drafts}
		t = t.Clone()
		add := func(draft ledger.Draft) error {
			e, err := ledger.Provisional(draft, by, k.Clock(), t.Version+1)
			if err != nil {
				return err
			}
			c.therapy = append(c.therapy, draft)
			return t.Apply(e)
		}
		if len(t.Donations) < b.Harvest {
			_, draft, series, err := k.Custody.DraftDonation(ctx, t)
			if err != nil {
				return change{}, err
			}
			c.streams = append(c.streams, series)
			err = add(draft)
			if err != nil {
				return change{}, err
			}
		}
		before := len(t.Containers)
		st, _ := b.Step(step)
		var print []string
		for _, w := range wanted {
			first := len(t.Containers)
			created, err := b.creating(t, w, b.made(st))
			if err != nil {
				return change{}, err
			}
			for _, draft := range created {
				err = add(draft)
				if err != nil {
					return change{}, err
				}
			}
			for _, container := range t.Containers[first:] {
				if w.Print {
					print = append(print, container.ID.String())
				}
			}
		}
		var ids []string
		for _, container := range t.Containers[before:] {
			ids = append(ids, container.ID.String())
		}
		for _, container := range b.Relabelled(st, t) {
			ids, print = append(ids, container.ID.String()), append(print, container.ID.String())
		}
		c.batch = append(c.batch, LabelsIssued(step, ids, print))
		return c, nil
	})
}

// TakeOver lets another person go on with an open step.
func (k *Book) TakeOver(ctx context.Context, by ledger.Author, number string, seen Seen, step, reason string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		reason, err := reasonOf("CS-12", reason)
		if err != nil {
			return change{}, err
		}
		st, err := b.step(step)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.TakeOver(by, step, reason)
		if err != nil {
			return change{}, err
		}
		err = k.trained(ctx, by, st.Step)
		if err != nil {
			return change{}, err
		}
		return change{batch: drafts}, k.mayEnterArea(ctx, by, b, st)
	})
}

// Complete ends a performer's part of a step.
func (k *Book) Complete(ctx context.Context, by ledger.Author, number string, seen Seen, step string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		err := k.enter(ctx, by, b, step)
		if err != nil {
			return change{}, err
		}
		h, err := b.Handle(by, k.Clock(), step)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.Complete(h, t)
		if err != nil {
			return change{}, err
		}
		blanks, err := k.blanks(b, step)
		if err != nil {
			return change{}, err
		}
		drafts = append(blanks, drafts...)
		err = k.silent(b, by, step, drafts)
		if err != nil {
			return change{}, err
		}
		st, _ := b.Step(step)
		c := change{batch: drafts, guard: true}
		err = k.heldAgainstBed(ctx, b, by, step, &c)
		if err != nil {
			return change{}, err
		}
		fl := k.floor(by)
		err = fl.uses(ctx, b, st)
		if err == nil && st.Step.Line == mbr.LineFree && st.Step.Second == nil {
			err = fl.leaveArea(ctx, b, step, st.Step.Area)
		}
		if err != nil {
			return change{}, err
		}
		return c, fl.into(&c)
	})
}

// silent holds that a step does not close silently over a value beyond its limit, computed ones included: they have
// their values only when the step is completed, so the step is looked at as it would stand.
func (k *Book) silent(b *Batch, by ledger.Author, step string, drafts []ledger.Draft) error {
	after := b.clone()
	err := k.provisional(after, by, k.Clock(), drafts[:len(drafts)-1])
	if err != nil {
		return err
	}
	return after.silent(step)
}

// Comment says why a value beyond its limit is as it is, so that the step can go on (AT-59).
func (k *Book) Comment(ctx context.Context, by ledger.Author, number string, seen Seen, step, field, text string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		text, err := reasonOf("AT-59", text)
		if err != nil {
			return change{}, err
		}
		err = k.enterPrefilled(ctx, by, b, step, field)
		if err != nil {
			return change{}, err
		}
		drafts, err := b.Comment(by, k.Clock(), step, field, text)
		return change{batch: drafts}, err
	})
}

// blanks fills what was left empty in a blinded step with sealed entries, so that which fields were filled does not
// tell the arm (I11).
func (k *Book) blanks(b *Batch, step string) ([]ledger.Draft, error) {
	st, ok := b.Step(step)
	if !ok || !st.Step.Blind {
		return nil, nil
	}
	var drafts []ledger.Draft
	for _, f := range st.Step.FieldsAt(b.Site) {
		if _, filled := st.Fields[f.ID].Current(); filled {
			continue
		}
		v, err := k.Seal.Close(b.Number, f.Ref(), Value{Text: "–"})
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, ledger.Draft{Type: typeEntered, Data: entered{Step: step, Field: f.ID, Value: v, Source: Typed}})
	}
	return drafts, nil
}
