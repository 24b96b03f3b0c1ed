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
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Batch is the state of one batch as its entries say.
type Batch struct {
	Number   string
	CoI      isbt128.CoI
	Subject  string
	Site     string
	Recipe   *mbr.Recipe
	Spec     *qc.Specification
	OpenedAt time.Time
	Version  uint64
	// Record is the running digest over every entry up to certification that is not a signed act: what the
	// review and certification signatures are made over. A later change gives another digest, and so makes
	// them unsigned (I8).
	Record ledger.Digest
	Acts   []SignedAct

	Holds      []Hold
	Ending     *Ending             // nil while the batch is made as the recipe says
	Disposed   map[string]Disposal // container → what was done with it
	ClosedAt   time.Time
	Begun      bool              // a phone said that the infusion began
	Areas      map[string]string // kind of work area → the one that is open for this batch
	Deviations []*Deviation
	Allowances []*Allowance        // changes for this batch alone, proposed and approved
	Parent     string              // the batch from which this one was split
	Harvest    int                 // of the therapy event, from 1
	Packs      []*Pack             // of paper, in order of issue (CS-21)
	Proofs     []*Proof            // of an identity that missing scans left in doubt
	Further    Further             // why the patient was harvested again; empty for the first harvest
	ThawedAs   string              // the batch in which the frozen product of this one is thawed; empty while it is not
	Thaws      *Thaw               // the frozen product of another batch of which this one is made; nil where it is made fresh
	HandedOn   *HandedOn           // to another plant, at which the material is made (scenario 53)
	TakenOn    *TakenOn            // from another plant; nil where it was ordered here
	Children   []string            // the batches that were split from this one
	Shares     []quantity.Quantity // of its children, in their order
	Waste      quantity.Quantity   // of the split

	steps    map[string]*StepState
	order    []*mbr.Step
	assessed map[string]Assessment
	found    []Exception     // at handoffs, by devices, areas and lots: what entries of other streams brought
	hands    map[string]bool // accounts that performed or verified a step
	last     time.Time

	inspected *inspection // of the state as it is now; copies of the same state share it
}

// Status is where a step stands.
type Status string

// The statuses of a step.
const (
	NotApplicable Status = "not-applicable" // the plant's variant does not have it, or its condition does not hold
	Skipped       Status = "skipped"        // not done in this batch, by an approved deviation
	Cancelled     Status = "cancelled"      // not done, because the batch was stopped or rejected before
	Waiting       Status = "waiting"
	Open          Status = "open"
	Stopped       Status = "stopped"     // an identity did not match; only the right container opens it again
	Interrupted   Status = "interrupted" // broken off, such as by a power cut; someone has to decide how it goes on
	ToVerify      Status = "to-verify"   // the performer is done, the second person is not
	Done          Status = "done"
)

// StepState is what happened in a step.
type StepState struct {
	uncontrolled []failedControl // of its devices: what they gave since the last good one is not usable (scenario 33)

	Step        *mbr.Step
	Status      Status
	Performer   string
	StartedAt   time.Time
	CompletedAt time.Time
	Verified    *people.Signature
	Fields      map[string]*FieldState
	Scans       map[string]map[string]ScanEntry // field → container → newest match
	Stops       []Stop
	Labels      []string // containers whose labels were issued here
	// SecondScanned tells whether a second person has scanned independently here: a correction that scans nothing
	// is confirmed without the container, which may be gone by then.
	SecondScanned bool
	SentBack      bool     // what the second person signed has changed since: they sign again (I8)
	Unscanned     *Absence // nothing was scanned here; nil where it was, or where it is still to come
	Inherited     bool     // done in the batch from which this one was split: corrected there, and carried over
	Risks         []Risk   // begun before earlier steps were done
	TakenOver     []TakeOver
	Interruptions []Interruption
	Disagreements []Disagreement // of the second person's own entries with the first ones
	Lots          []LotUse
	Devices       []DeviceUse
	Prints        []*Label // in order of issue
	Attempt       int      // how often the step was begun again

	hands   map[string]bool // who entered, scanned or corrected anything in the step
	stopped map[string]bool // scan fields whose mismatch is not answered by a match yet
}

// FieldState is every value that a field has held; the last one counts, the first one stays (CS-11).
type FieldState struct {
	Field    *mbr.Field
	Values   []Captured
	Comments map[string]Remark // by the value of which they speak

	since int // values before it belong to an earlier attempt of the step
}

// Captured is one captured value.
type Captured struct {
	Value     Value
	Origin    Origin
	By        string
	Role      string
	At        time.Time
	Seq       uint64
	Version   uint64    // of the entry in the batch's stream: known before it is appended
	Attempt   int       // of the step
	Reason    string    // of a correction
	Performed time.Time // of a late entry: when it was done, as the person says
	Formula   string    // e.g. "F05 v1"
	Inputs    []ComputedInput
	Ref       string         // where it was taken from, of a value that nobody typed (I14)
	Ground    Ground         // of a correction that replaces a failed result
	Limit     quantity.Limit // that an allowance had set when it was captured; none where the recipe's counts
}

// Current is the value that counts now; false when there is none, or when it cannot be computed any more.
func (f *FieldState) Current() (Captured, bool) {
	if f == nil || len(f.Values) <= f.since {
		return Captured{}, false
	}
	last := f.Values[len(f.Values)-1]
	return last, !last.Value.IsZero()
}

// attempt is every value that the field held in this attempt of its step.
func (f *FieldState) attempt() []Captured {
	if f == nil || len(f.Values) <= f.since {
		return nil
	}
	return f.Values[f.since:]
}

// TakeOver is a change of the performer within a step.
type TakeOver struct {
	From, By, Reason string
	At               time.Time
	Seq, Version     uint64
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
	Seq, Version          uint64
}

// Stream is the stream of a batch.
func Stream(number string) string { return streamPrefix + number }

const streamPrefix = "batch/"

// Masters finds pinned master data by digest.
type Masters interface {
	Recipe(d ledger.Digest) (*mbr.Recipe, error)
	Specification(d ledger.Digest) (*qc.Specification, error)
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

// Finished tells whether nothing has to be done in the step any more.
func (st *StepState) Finished() bool {
	return st.Status == Done || st.Absent()
}

// Absent tells whether the step is not part of how this batch is made: the plant, the record, an approved deviation or the
// end of the batch have it so.
func (st *StepState) Absent() bool {
	return st.Status == NotApplicable || st.Status == Skipped || st.Status == Cancelled
}

// Current is the first step that has to be done now; false when all are done.
func (b *Batch) Current() (*StepState, bool) {
	for _, s := range b.order {
		st := b.steps[s.ID]
		if !st.Finished() {
			return st, true
		}
	}
	return nil, false
}

// Now are the steps that can be worked on now: the current one, those beside which it stands in parallel, and those that the
// recipe lets begin at risk.
func (b *Batch) Now() []*StepState {
	var out []*StepState
	var before []*mbr.Step
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Finished() {
			continue
		}
		if _, ok := passes(s, before); ok {
			out = append(out, st)
		}
		before = append(before, s)
	}
	return out
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
func (b *Batch) Act(a mbr.Act) (SignedAct, bool) {
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

// Closing are the steps that close the record, with the results that come after certification.
func (b *Batch) Closing() []*StepState {
	var out []*StepState
	for _, st := range b.Steps() {
		if st.Step.Closing && !st.Absent() {
			out = append(out, st)
		}
	}
	return out
}

// HadHandsOn tells whether an account performed or verified this step.
func (st *StepState) HadHandsOn(account string) bool {
	return st.hands[account] || st.Performer == account || st.Verified != nil && st.Verified.Account == account
}
