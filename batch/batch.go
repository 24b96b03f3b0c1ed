// Package batch is the life of a batch: the master batch record (the recipe), its execution step by step,
// and the exceptions that a reviewer must see.
//
// A batch is one stream of entries. State is their fold (Apply); every command is decided by a pure function of
// the state that returns drafts or a refusal with its rule. Values out of limits are accepted and become
// exceptions, never silently and never refused away. Nothing here knows about HTTP, storage engines or clocks.
//
// Read it in the order of a batch's life: master.go, open.go, execute.go, compute.go, verify.go, exception.go, act.go.
package batch

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/batch/qc"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Batch is the state of one batch as its entries say.
type Batch struct {
	Number   string
	CoI      isbt128.CoI
	Subject  string
	Site     string
	Recipe   *Recipe
	Spec     *qc.Specification
	OpenedAt time.Time
	Version  uint64
	// Record is the running digest over every entry up to certification that is not a signed act: what the
	// review and certification signatures are made over. A later change gives another digest, and so makes
	// them unsigned (I8).
	Record ledger.Digest
	Acts   []SignedAct

	steps    map[string]*StepState
	order    []*Step
	assessed map[string]Assessment
	hands    map[string]bool // accounts that performed or verified a step
	last     time.Time
}

// Status is where a step stands.
type Status string

// The statuses of a step.
const (
	NotApplicable Status = "not-applicable" // the plant's variant does not have it
	Waiting       Status = "waiting"
	Open          Status = "open"
	Stopped       Status = "stopped"   // an identity did not match; only the right container opens it again
	ToVerify      Status = "to-verify" // the performer is done, the second person is not
	Done          Status = "done"
)

// StepState is what happened in a step.
type StepState struct {
	Step        *Step
	Status      Status
	Performer   string
	StartedAt   time.Time
	CompletedAt time.Time
	Verified    *people.Signature
	Fields      map[string]*FieldState
	Scans       map[string]map[string]ScanEntry // field → container → newest match
	Stops       []Stop
	Labels      []string // containers whose labels were issued here
}

// FieldState is every value that a field has held; the last one counts, the first one stays (CS-11).
type FieldState struct {
	Field  *Field
	Values []Captured
}

// Captured is one captured value.
type Captured struct {
	Value   Value
	Origin  Origin
	By      string
	Role    string
	At      time.Time
	Seq     uint64
	Reason  string // of a correction
	Formula string // e.g. "F05 v1"
	Inputs  []ComputedInput
}

// Current is the value that counts now.
func (f *FieldState) Current() (Captured, bool) {
	if f == nil || len(f.Values) == 0 {
		return Captured{}, false
	}
	return f.Values[len(f.Values)-1], true
}

// ScanEntry is a matching scan within a step.
type ScanEntry struct {
	Container string
	By        string
	At        time.Time
	Seq       uint64
}

// Stop is a hard stop by a label that did not match (I4).
type Stop struct {
	Field, Want, Got, Why string
	By                    string
	At                    time.Time
	Seq                   uint64
}

// Stream is the stream of a batch.
func Stream(number string) string { return streamPrefix + number }

const streamPrefix = "batch/"

// Masters finds pinned master data by digest.
type Masters interface {
	Recipe(d ledger.Digest) (*Recipe, error)
	Specification(d ledger.Digest) (*qc.Specification, error)
}

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
		err = fmt.Errorf("unknown entry type %q", e.Type)
	}
	if err != nil {
		return fmt.Errorf("batch entry %d (%s): %w", e.Seq, e.Type, err)
	}
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
	for _, s := range b.Recipe.Steps() {
		st := &StepState{Step: s, Status: Waiting, Fields: map[string]*FieldState{}, Scans: map[string]map[string]ScanEntry{}}
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
		if s.Act == ActCertification {
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
	st.Status, st.Performer, st.StartedAt = Open, e.Author.Account, e.Time
	return nil
}

func (b *Batch) applyEntered(e ledger.Entry, d entered) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	f, ok := st.Fields[d.Field]
	if !ok {
		return fmt.Errorf("step %s has no field %q", d.Step, d.Field)
	}
	if d.Source == Scanned {
		if st.Scans[d.Field] == nil {
			st.Scans[d.Field] = map[string]ScanEntry{}
		}
		st.Scans[d.Field][d.Value.Text] = ScanEntry{Container: d.Value.Text, By: e.Author.Account, At: e.Time, Seq: e.Seq}
		if st.Status == Stopped {
			st.Status = Open
		}
	}
	f.Values = append(f.Values, Captured{Value: d.Value, Origin: d.Source, By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq, Reason: d.Reason})
	if e.Type == typeCorrected && st.Status == Done && st.Step.Second != nil {
		st.Status, st.Verified = ToVerify, nil // what the second person signed is no longer what stands there
	}
	return nil
}

func (b *Batch) applyComputed(e ledger.Entry, d computed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	f, ok := st.Fields[d.Field]
	if !ok {
		return fmt.Errorf("step %s has no field %q", d.Step, d.Field)
	}
	f.Values = append(f.Values, Captured{
		Value: d.Value, Origin: Computed, By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq,
		Formula: fmt.Sprintf("%s v%d", d.Formula, d.Version), Inputs: d.Inputs,
	})
	return nil
}

func (b *Batch) applyStopped(e ledger.Entry, d stopped) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Stops = append(st.Stops, Stop{Field: d.Field, Want: d.Want, Got: d.Got, Why: d.Why, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	if st.Status == Open {
		st.Status = Stopped
	}
	return nil
}

func (b *Batch) applyLabels(e ledger.Entry, d labelsIssued) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Labels = append(st.Labels, d.Containers...)
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
	}
	return nil
}

func (b *Batch) applyVerified(e ledger.Entry, d verified) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Status, st.Verified = Done, &d.Signature
	return nil
}

func (b *Batch) applyAssessed(e ledger.Entry, d assessed) error {
	b.chain(e)
	b.assessed[d.Exception] = Assessment{
		Classification: d.Classification, Text: d.Assessment, Signature: d.Signature, Seq: e.Seq,
	}
	return nil
}

func (b *Batch) applyActed(e ledger.Entry, d acted) error {
	b.Acts = append(b.Acts, SignedAct{Act: d.Act, Record: d.Record, Signature: d.Signature, Details: d.Details, Seq: e.Seq, At: e.Time})
	for _, s := range b.order {
		if s.Act == d.Act {
			st := b.steps[s.ID]
			st.Status, st.Performer, st.CompletedAt = Done, e.Author.Account, e.Time
		}
	}
	return nil
}

// Steps are the step states in order of execution.
func (b *Batch) Steps() []*StepState {
	out := make([]*StepState, len(b.order))
	for i, s := range b.order {
		out[i] = b.steps[s.ID]
	}
	return out
}

// Step finds a step's state.
func (b *Batch) Step(id string) (*StepState, bool) {
	st, ok := b.steps[id]
	return st, ok
}

// Current is the step that has to be done now; false when all are done.
func (b *Batch) Current() (*StepState, bool) {
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Status != Done && st.Status != NotApplicable {
			return st, true
		}
	}
	return nil, false
}

// Value is the current value of a field by reference, e.g. "S29.mnc_pct".
func (b *Batch) Value(ref string) (Captured, bool) {
	if len(ref) < 5 {
		return Captured{}, false
	}
	for i := range ref {
		if ref[i] == '.' {
			st, ok := b.steps[ref[:i]]
			if !ok {
				return Captured{}, false
			}
			return st.Fields[ref[i+1:]].Current()
		}
	}
	return Captured{}, false
}

// Act is the newest signed act of a kind that still stands over the record as it is; false when there is
// none, or when the record has changed since (I8).
func (b *Batch) Act(a Act) (SignedAct, bool) {
	for i := len(b.Acts) - 1; i >= 0; i-- {
		if b.Acts[i].Act == a {
			return b.Acts[i], b.Acts[i].Record == b.Record
		}
	}
	return SignedAct{}, false
}

// HadHandsOn tells whether an account performed or verified a step that is certified: such a person may
// not certify the batch (I9).
func (b *Batch) HadHandsOn(account string) bool { return b.hands[account] }
