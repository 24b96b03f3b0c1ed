package batch

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// Apply folds one entry of the batch's stream into the state.
func (b *Batch) Apply(e ledger.Entry, masters Masters) error {
	b.Version, b.last = e.Version, e.Time
	var err error
	switch e.Type {
	case typeOpened:
		err = b.applyOpened(e, masters)
	case typeStarted:
		err = apply(e, b.applyStarted)
	case typeEntered, typeCorrected:
		err = apply(e, b.applyEntered)
	case typeComputed:
		err = apply(e, b.applyComputed)
	case typeStopped:
		err = apply(e, b.applyStopped)
	case typeInvalid:
		err = apply(e, b.applyNotComputable)
	case typeTakenOver:
		err = apply(e, b.applyTakenOver)
	case typeCustody:
		err = apply(e, b.applyCustody)
	case typeLabels:
		err = apply(e, b.applyLabels)
	case typeCompleted:
		err = apply(e, b.applyCompleted)
	case typeVerified:
		err = apply(e, b.applyVerified)
	case typeAssessed:
		err = apply(e, b.applyAssessed)
	case typeActed:
		err = apply(e, b.applyActed)
	case typeRevealed:
		err = nil // a look changes nothing; it stands in the record
	default:
		err = b.applyCourse(e)
	}
	if err == nil {
		err = b.branch()
	}
	if err != nil {
		return fmt.Errorf("batch entry %d (%s): %w", e.Seq, e.Type, err)
	}
	b.inspected = &inspection{}
	return nil
}

// apply decodes an entry's data and hands it to the fold of its type.
func apply[T any](e ledger.Entry, fold func(ledger.Entry, T) error) error {
	var data T
	err := json.Unmarshal(e.Data, &data)
	if err != nil {
		return err
	}
	return fold(e, data)
}

func (b *Batch) applyOpened(e ledger.Entry, masters Masters) error {
	var d opened
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	b.Number, b.Subject, b.Site, b.OpenedAt = d.Number, d.Subject, d.Site, e.Time
	b.Parent, b.Harvest, b.Further = d.Parent, max(1, d.Harvest), d.Further
	b.Thaws, b.TakenOn = d.Thaw, d.TakenOn
	b.CoI, err = isbt128.ParseCoI(d.CoI)
	if err != nil {
		return err
	}
	b.Recipe, err = masters.Recipe(d.Recipe)
	if err != nil {
		return err
	}
	b.Spec, err = masters.Specification(d.Spec)
	if err != nil {
		return err
	}
	b.steps, b.assessed, b.hands = map[string]*StepState{}, map[string]Assessment{}, map[string]bool{}
	b.Disposed, b.Areas = map[string]Disposal{}, map[string]string{}
	for _, s := range b.Recipe.Steps() {
		st := &StepState{Step: s, Status: Waiting, Fields: map[string]*FieldState{}, Scans: map[string]map[string]ScanEntry{}, hands: map[string]bool{}, stopped: map[string]bool{}}
		if !s.Applies(b.Site) {
			st.Status = NotApplicable
		}
		for _, f := range s.FieldsAt(b.Site) {
			st.Fields[f.ID] = &FieldState{Field: f}
		}
		b.steps[s.ID] = st
		b.order = append(b.order, s)
	}
	b.chain(e)
	return nil
}

// chain takes an entry into the record digest.
func (b *Batch) chain(e ledger.Entry) {
	h := sha256.New()
	h.Write(b.Record[:])
	h.Write(e.Leaf[:])
	h.Sum(b.Record[:0])
}

// chainOpen takes an entry that belongs to no step into the record digest, while nobody has certified the batch: what
// becomes known later does not withdraw a certificate, it opens the batch for assessment.
func (b *Batch) chainOpen(e ledger.Entry) {
	if !b.certified() {
		b.chain(e)
	}
}

// touch takes an entry of a step into the record digest, when the step belongs to what is certified, and
// remembers whose hands were on the batch.
func (b *Batch) touch(e ledger.Entry, step string) (*StepState, error) {
	st, ok := b.steps[step]
	if !ok {
		return nil, fmt.Errorf("unknown step %q", step)
	}
	if b.beforeCertification(step) {
		b.chain(e)
		b.hands[e.Author.Account] = true
	}
	return st, nil
}

func (b *Batch) beforeCertification(step string) bool {
	for _, s := range b.order {
		if s.Act == mbr.ActCertification {
			return false
		}
		if s.ID == step {
			return true
		}
	}
	return true
}

func (b *Batch) applyStarted(e ledger.Entry, d started) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Status, st.Performer, st.StartedAt, st.CompletedAt = Open, e.Author.Account, e.Time, time.Time{}
	st.hands[e.Author.Account] = true
	st.begunAtRisk(e, d)
	return nil
}

// capture finds the field that an entry speaks of.
func (b *Batch) capture(e ledger.Entry, step, field string) (*StepState, *FieldState, error) {
	st, err := b.touch(e, step)
	if err != nil {
		return nil, nil, err
	}
	f, ok := st.Fields[field]
	if !ok {
		return nil, nil, fmt.Errorf("step %s has no field %q", step, field)
	}
	return st, f, nil
}

func (b *Batch) applyEntered(e ledger.Entry, d entered) error {
	st, f, err := b.capture(e, d.Step, d.Field)
	if err != nil {
		return err
	}
	st.hands[e.Author.Account] = true
	if f.Field.Type == mbr.TypeScan && (d.Source == Scanned || d.Source == Keyed) {
		if st.Scans[d.Field] == nil {
			st.Scans[d.Field] = map[string]ScanEntry{}
		}
		st.Scans[d.Field][d.Value.Text] = ScanEntry{Container: d.Value.Text, By: e.Author.Account, At: e.Time, Seq: e.Seq}
		delete(st.stopped, d.Field)
		if st.Status == Stopped && len(st.stopped) == 0 {
			st.Status = Open
		}
	}
	if e.Type == typeEntered && d.Reason == "" {
		b.handled(e, st)
	}
	f.Values = append(f.Values, Captured{Value: d.Value, Origin: d.Source, By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq, Version: e.Version, Attempt: st.Attempt, Reason: d.Reason, Performed: d.Performed, Ref: d.Ref, Ground: d.Ground, Limit: b.allowedLimit(f.Field)})
	st.unverify()
	if e.Type == typeCorrected {
		b.reviewGates(st)
	}
	return nil
}

// unverify sends a finished step back to its second person: what they signed is no longer what stands there (I8).
func (st *StepState) unverify() {
	if st.Status == Done && st.Step.Second != nil {
		st.Status, st.Verified, st.SentBack = ToVerify, nil, true
	}
}

func (b *Batch) applyComputed(e ledger.Entry, d computed) error {
	st, f, err := b.capture(e, d.Step, d.Field)
	if err != nil {
		return err
	}
	f.Values = append(f.Values, Captured{
		Value: d.Value, Origin: Computed, By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq, Version: e.Version, Attempt: st.Attempt,
		Formula: d.formula(), Inputs: d.Inputs, Limit: b.allowedLimit(f.Field),
	})
	st.unverify()
	return nil
}

// formula names how a value was computed, e.g. "F05 v1".
func (d computed) formula() string {
	if d.Expression != "" {
		return d.Expression
	}
	return fmt.Sprintf("%s v%d", d.Formula, d.Version)
}

func (b *Batch) applyNotComputable(e ledger.Entry, d notComputable) error {
	st, f, err := b.capture(e, d.Step, d.Field)
	if err != nil {
		return err
	}
	f.Values = append(f.Values, Captured{Origin: Computed, By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq, Version: e.Version, Attempt: st.Attempt, Reason: d.Why})
	st.unverify()
	return nil
}

func (b *Batch) applyTakenOver(e ledger.Entry, d takenOver) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.TakenOver = append(st.TakenOver, TakeOver{From: d.From, By: e.Author.Account, Reason: d.Reason, At: e.Time, Seq: e.Seq, Version: e.Version})
	st.Performer = e.Author.Account
	st.hands[e.Author.Account] = true
	st.Scans = map[string]map[string]ScanEntry{} // who goes on scans for themselves (I4)
	return nil
}

// handled notes what is done with a product that is not, or no longer, released. Before the first scan of the step it is
// refused; once the product is in use the truth has to be recorded, and seen (I10).
func (b *Batch) handled(e ledger.Entry, st *StepState) {
	refusal := b.release(st, e.Time)
	if refusal == nil {
		return
	}
	for _, x := range b.found {
		if x.Class == Unreleased && x.Step == st.Step.ID {
			return
		}
	}
	b.found = append(b.found, Exception{
		ID: fmt.Sprintf("%s:%s:%d", Unreleased, st.Step.ID, e.Version), Class: Unreleased, Step: st.Step.ID,
		What: refusal.What, At: e.Time, By: e.Author.Account, Seq: e.Seq,
	})
}

func (b *Batch) applyStopped(e ledger.Entry, d stopped) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Stops = append(st.Stops, Stop{Field: d.Field, Want: d.Want, Got: d.Got, Why: d.Why, By: e.Author.Account, At: e.Time, Seq: e.Seq, Version: e.Version})
	if st.Status == Open || st.Status == Stopped {
		st.Status = Stopped
		st.stopped[d.Field] = true
		delete(st.Scans, d.Field) // an earlier match of that field proves nothing any more
	}
	return nil
}

func (b *Batch) applyCustody(e ledger.Entry, d custodyException) error {
	if b.beforeCertification(d.Step) {
		b.chain(e)
	}
	b.found = append(b.found, Exception{
		ID: fmt.Sprintf("%s:%s:%d", d.Class, d.Step, e.Version), Class: d.Class, Step: d.Step, What: d.What,
		Value: d.Got, Limit: d.Want, At: e.Time, By: e.Author.Account, Seq: e.Seq,
	})
	return nil
}

func (b *Batch) applyLabels(e ledger.Entry, d labelsIssued) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Labels = append(st.Labels, d.Containers...)
	st.issue(e, d, b.nextSerial, codes(b.Warnings()))
	st.hands[e.Author.Account] = true
	return nil
}

func (b *Batch) applyCompleted(e ledger.Entry, d completed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Status, st.CompletedAt = Done, e.Time
	if st.Step.Second != nil {
		st.Status = ToVerify
		return nil
	}
	b.finished(e, st)
	return nil
}

func (b *Batch) applyVerified(e ledger.Entry, d verified) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Status, st.Verified, st.SentBack = Done, &d.Signature, false
	st.SecondScanned = st.SecondScanned || d.Scanned != ""
	if d.Keyed {
		f := st.Fields[st.Step.Second.Field]
		b.found = append(b.found, keyedIdentity(f.Field, d.Scanned, d.Signature.Account, e.Time, e.Seq, e.Version))
	}
	b.finished(e, st)
	return nil
}

func (b *Batch) applyAssessed(e ledger.Entry, d assessed) error {
	if b.beforeCertification(d.Step) { // what happens after certification does not withdraw it
		b.chain(e)
	}
	b.assessed[d.Exception] = Assessment{
		Classification: d.Classification, Text: d.Assessment, Signature: d.Signature, Seq: e.Seq,
	}
	return nil
}

func (b *Batch) applyActed(e ledger.Entry, d acted) error {
	_, standing := b.Act(d.Act)
	b.Acts = append(b.Acts, SignedAct{Act: d.Act, Record: d.Record, Signature: d.Signature, Details: d.Details, Seq: e.Seq, At: e.Time})
	for _, s := range b.order {
		if s.Act == d.Act && !standing { // the final certification does not do the step of the initial one again
			st := b.steps[s.ID]
			st.Status, st.Performer, st.CompletedAt = Done, e.Author.Account, e.Time
		}
	}
	return nil
}
