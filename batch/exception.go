package batch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Class sorts exceptions by the rule that found them.
type Class string

// The classes of exception.
const (
	OutOfLimit     Class = "out-of-limit"    // an in-process control beyond its limit (AT-59)
	Unexpected     Class = "unexpected"      // a choice other than the expected one
	Undecidable    Class = "undecidable"     // a qualified value ("<", ">") that the limit cannot judge
	Corrected      Class = "corrected"       // a value changed after first entry (CS-11)
	Retested       Class = "retested"        // a failed result was replaced because the test was invalid (AT-33, scenario 35)
	Identity       Class = "identity"        // a label that did not match (I4)
	OOS            Class = "oos"             // a released attribute out of specification
	InvalidTest    Class = "invalid-test"    // a result whose test was not valid: neither pass nor fail
	KeyedIdentity  Class = "keyed-identity"  // an identifier was typed instead of scanned (ID-12)
	Late           Class = "late"            // entered after the step was finished (DI-11)
	TakenOver      Class = "taken-over"      // another person went on with the step
	BegunAtRisk    Class = "at-risk"         // a step was begun before an earlier one was done, as the recipe lets it (scenario 26)
	Unreleased     Class = "unreleased"      // handled when it was not, or no longer, released (I10)
	CustodyDiffers Class = "custody-differs" // giver and receiver did not state the same
	Implausible    Class = "implausible"     // a value against a check of the recipe
	TimeLimit      Class = "time-limit"      // a clock of the recipe ended late; a deviation opens by itself
	LateClock      Class = "late-clock"      // a clock ended late that the recipe takes lightly
	Unscanned      Class = "unscanned"       // nothing was scanned where the identity should have been proven (AT-11, scenario 4)
	BrokenOff      Class = "broken-off"      // a step was interrupted (scenario 19)
	Differing      Class = "differing"       // performer and second person disagreed three times (I7)
	Decision       Class = "decision"        // a gate was passed under a deviation
	OnHold         Class = "on-hold"         // the batch was held
	DeviceOut      Class = "device-out"      // a device that gave values was found out of calibration (scenario 23)
	Allowed        Class = "allowed"         // the recipe was changed for this batch by an approved deviation (AT-5)
	Environment    Class = "environment"     // a reading of the work area was beyond its limit while the batch was in it (scenario 28)
	PlantChanged   Class = "plant-changed"   // the batch was taken on from another plant, with what was found there (scenario 53)
	AtBedside      Class = "bedside"         // an infusion was stopped, or given with something against it (scenarios 12, 43, 51, 52)
)

// Classes are all classes of exception.
func Classes() []Class {
	return []Class{
		OutOfLimit, Unexpected, Undecidable, Corrected, Retested, Identity, OOS, InvalidTest, KeyedIdentity, Late, TakenOver, BegunAtRisk, Unreleased,
		CustodyDiffers, Implausible, TimeLimit, LateClock, Unscanned, BrokenOff, Differing, Decision, OnHold, DeviceOut, Environment, Allowed, PlantChanged, AtBedside,
	}
}

// Exception is anything a reviewer must see. It is found by rule from the entries; its id is stable, so an
// assessment can speak of it.
type Exception struct {
	ID         string // "identity:S19:1042"
	Class      Class
	Step       string
	Field      string // empty where the whole step is meant
	What       string // English; pages translate by Class and the parts below
	Value      string
	Limit      string
	At         time.Time
	By         string
	Seq        uint64
	Assessment *Assessment
	Deviation  *Deviation // under which it is investigated; nil when there is none
	Steps      []string   // of an environment: all that were being done then
	Containers []string   // of an environment: those that were made or handled then
	Attributes []string   // of an OOS: the attributes that one cause put out of specification
}

// Open tells whether the exception still waits for QA. An out-of-specification result is never closed by an
// assessment: it keeps the batch from being certified (AT-33, AT-39).
func (e Exception) Open() bool {
	if e.Class == OOS || e.Class == InvalidTest {
		return true
	}
	return e.Assessment == nil && (e.Deviation == nil || e.Deviation.Approved == nil)
}

// Classification is the weight of an exception as QA judged it.
type Classification string

// The classifications of a deviation.
const (
	Minor    Classification = "minor"
	Major    Classification = "major"
	Critical Classification = "critical"
)

// Assessment is QA's signed judgement of an exception.
type Assessment struct {
	Classification Classification
	Text           string
	Signature      people.Signature
	Seq            uint64
}

// Exceptions are all exceptions of the batch, in order of the record, with their assessments; and the number
// of checks that had something to look at (DI-14).
func (b *Batch) Exceptions() (found []Exception, checks int) {
	if b.inspected == nil { // without an entry
		return b.inspect()
	}
	i := b.inspected
	i.once.Do(func() { i.found, i.checks = b.inspect() })
	return slices.Clone(i.found), i.checks
}

// inspection is what Exceptions finds in one state of a batch. It follows from the entries alone, so it is worked out
// once for a state, and only when somebody asks.
type inspection struct {
	once   sync.Once
	found  []Exception
	checks int
}

func (b *Batch) inspect() (found []Exception, checks int) {
	specified := b.Spec.Fields()
	for _, st := range b.Steps() {
		for _, stop := range st.Stops {
			found = append(found, Exception{
				ID: fmt.Sprintf("identity:%s:%d", st.Step.ID, stop.Version), Class: Identity, Step: st.Step.ID, Field: stop.Field,
				What:  fmt.Sprintf("%s was scanned, expected was %s (%s)", stop.Got, stop.Want, stop.Why),
				Value: stop.Got, Limit: stop.Want, At: stop.At, By: stop.By, Seq: stop.Seq,
			})
		}
		for _, o := range st.TakenOver {
			found = append(found, Exception{
				ID: fmt.Sprintf("%s:%s:%d", TakenOver, st.Step.ID, o.Version), Class: TakenOver, Step: st.Step.ID,
				What: fmt.Sprintf("%s went on for %s: %s", o.By, o.From, o.Reason), Value: o.By, Limit: o.From, At: o.At, By: o.By, Seq: o.Seq,
			})
		}
		found = append(found, st.risked()...)
		found = append(found, st.absence()...)
		found = append(found, st.interruptions()...)
		found = append(found, st.disagreements()...)
		if st.Status == NotApplicable || st.Status == Skipped {
			continue
		}
		for _, f := range st.Step.FieldsAt(b.Site) {
			held := len(st.Fields[f.ID].Values) > 0
			if held || st.Status == Done {
				checks++
			}
			if !held {
				continue
			}
			found = append(found, b.fieldExceptions(st, f, specified[f.Ref()])...)
		}
	}
	found = append(found, b.allowances()...)
	found = append(found, b.found...)
	found = append(found, b.overruns()...)
	results := b.Results()
	found = append(found, outOfSpecification(results)...)
	for _, r := range results {
		if r.Evaluation != qc.Pending {
			checks++
		}
	}
	for i := range found {
		if a, ok := b.assessed[found[i].ID]; ok {
			found[i].Assessment = &a
		}
		found[i].Deviation = b.deviationOf(found[i].ID)
	}
	return found, checks
}

// Checks is how many checks there are: the fields of the plant's steps, and the attributes of the specification.
func (b *Batch) Checks() int {
	n := len(b.Spec.Attributes)
	for _, st := range b.Steps() {
		if st.Status != NotApplicable && st.Status != Skipped {
			n += len(st.Step.FieldsAt(b.Site))
		}
	}
	return n
}

func (b *Batch) fieldExceptions(st *StepState, f *mbr.Field, specified bool) []Exception {
	var out []Exception
	state := st.Fields[f.ID]
	for i, c := range state.Values {
		if c.Origin == Keyed {
			out = append(out, keyedIdentity(f, c.Value.Text, c.By, c.At, c.Seq, c.Version))
		}
		first := i == 0 || state.Values[i-1].Attempt != c.Attempt
		if first && c.Origin == Typed && c.Reason != "" {
			out = append(out, Exception{
				ID: fmt.Sprintf("%s:%s:%d", Late, f.Ref(), c.Version), Class: Late, Step: f.Step, Field: f.ID,
				What: fmt.Sprintf("%s was entered after the step was finished: %s", f.ID, c.Reason), Value: c.Value.String(), Limit: performedAt(c), At: c.At, By: c.By, Seq: c.Seq,
			})
		}
		if !first && c.Origin == Typed {
			before, class := state.Values[i-1], Corrected
			if c.Ground == TestInvalid {
				class = Retested
			}
			id := fmt.Sprintf("%s:%s:%d", class, f.Ref(), c.Version)
			if i+1 < len(state.Values) && state.Values[i+1].Version == c.Version { // both came with the split
				id += fmt.Sprintf(":%d", i)
			}
			out = append(out, Exception{
				ID: id, Class: class, Step: f.Step, Field: f.ID,
				What:  fmt.Sprintf("%s was %s, is %s: %s", f.ID, before.Value, c.Value, c.Reason),
				Value: c.Value.String(), Limit: before.Value.String(), At: c.At, By: c.By, Seq: c.Seq,
			})
		}
	}
	c, ok := state.Current()
	if !ok && c.Origin == Computed {
		return append(out, Exception{
			ID: fmt.Sprintf("%s:%s:%d", Undecidable, f.Ref(), c.Version), Class: Undecidable, Step: f.Step, Field: f.ID,
			What: fmt.Sprintf("%s cannot be computed: %s", f.ID, c.Reason), Limit: b.limitOf(f, c).String(), At: c.At, By: c.By, Seq: c.Seq,
		})
	}
	if !ok || c.Value.Sealed != "" {
		return out
	}
	if specified {
		return out
	}
	e := Exception{Step: f.Step, Field: f.ID, Value: c.Value.String(), At: c.At, By: c.By, Seq: c.Seq}
	switch e.Class = b.beyond(f, c); e.Class {
	case "":
		return append(out, b.implausible(f, c)...)
	case Unexpected:
		e.Limit = f.Expect
	default:
		e.Limit = b.limitOf(f, c).String()
	}
	e.ID = fmt.Sprintf("%s:%s:%d", e.Class, f.Ref(), c.Version)
	e.What = fmt.Sprintf("%s is %s, limit is %s", f.ID, e.Value, e.Limit)
	return append(append(out, e), b.implausible(f, c)...)
}

// implausible gives one exception for each check of the recipe that a value does not meet. Its id names the check, the
// value and the newest value that the check looks at: whoever assessed one has not assessed another, nor the same check
// once something it looks at is another.
func (b *Batch) implausible(f *mbr.Field, c Captured) []Exception {
	var out []Exception
	for i, check := range f.Checks {
		if b.meets(f, check, c.Value) {
			continue
		}
		e := Exception{Class: Implausible, Step: f.Step, Field: f.ID, Value: c.Value.String(), Limit: check.Else.In("en"), At: c.At, By: c.By, Seq: c.Seq}
		e.ID = fmt.Sprintf("%s:%s:%d:%d:%d", Implausible, f.Ref(), c.Version, i+1, b.newest(check.That.References()))
		e.What = fmt.Sprintf("%s is %s: %s", f.ID, e.Value, e.Limit)
		out = append(out, e)
	}
	return out
}

// newest is the newest entry, by its version, of the values that fields hold now; zero when none holds one.
func (b *Batch) newest(refs []string) uint64 {
	version := uint64(0)
	for _, ref := range refs {
		if c, ok := b.Value(ref); ok {
			version = max(version, c.Version)
		}
	}
	return version
}

// performedAt is when a late entry was done, as its person says; empty when nobody did.
func performedAt(c Captured) string {
	if c.Performed.IsZero() {
		return ""
	}
	return c.Performed.Format(time.RFC3339)
}

// keyedIdentity is the exception of an identifier that was typed: whoever reviews has to know that no label was read.
func keyedIdentity(f *mbr.Field, value, by string, at time.Time, seq, version uint64) Exception {
	return Exception{
		ID: fmt.Sprintf("%s:%s:%d", KeyedIdentity, f.Ref(), version), Class: KeyedIdentity, Step: f.Step, Field: f.ID,
		What: fmt.Sprintf("%s: %s was typed, not scanned", f.ID, value), Value: value, At: at, By: by, Seq: seq,
	}
}

func judge(limit quantity.Limit, v Value) Class {
	q, ok := v.Quantity()
	if !ok {
		return ""
	}
	verdict, err := limit.Judge(q)
	switch {
	case err != nil || verdict.Undecided:
		return Undecidable
	case !verdict.Pass:
		return OutOfLimit
	}
	return ""
}

// Results evaluates the pinned specification over the record as it stands.
func (b *Batch) Results() []qc.Result {
	out := b.Spec.Evaluate(func(ref string) (qc.Observation, bool) {
		c, ok := b.Value(ref)
		if !ok {
			return qc.Observation{}, false
		}
		return qc.Observation{Number: c.Value.Number, Text: c.Value.Text, Entry: c.Seq, At: c.At}, true
	}, b.OpenedAt)
	for i, r := range out {
		if r.Evaluation != qc.Pending && b.uncontrolled(r.Attribute.Field) {
			out[i].Evaluation, out[i].Why = qc.Invalid, "the control of its device failed"
		}
		if r.Attribute.Information && r.Number != nil { // no limit says in how many decimals it stands
			out[i].Number = b.inDecimals(r.Attribute.Field, *r.Number)
		}
	}
	return out
}

// inDecimals is a value in the decimals in which the recipe shows what it computes.
func (b *Batch) inDecimals(ref string, q quantity.Quantity) *quantity.Quantity {
	f, ok := b.fieldOf(ref)
	if ok && f.Type == mbr.TypeComputed && q.Decimals() > f.Decimals {
		q = q.Round(f.Decimals)
	}
	return &q
}

// outOfSpecification gives one exception per cause, however many attributes it put out of specification
// (mononuclear cells and granulocytes are complements), and one per test that was not valid.
func outOfSpecification(results []qc.Result) []Exception {
	var out []Exception
	for _, cause := range qc.Causes(results) {
		first := cause.Results[0]
		class := OOS
		if cause.Invalid {
			class = InvalidTest
		}
		e := Exception{
			ID: fmt.Sprintf("%s:%s:%d", class, cause.ID, first.Entry), Class: class, Step: strings.SplitN(first.Attribute.Field, ".", 2)[0],
			At: first.At, Seq: first.Entry,
		}
		var parts []string
		for _, r := range cause.Results {
			e.Attributes = append(e.Attributes, r.Attribute.ID)
			parts = append(parts, fmt.Sprintf("%s %s (%s)", r.Attribute.ID, r.Reported, r.Attribute.LimitText()))
		}
		e.What = strings.Join(parts, ", ")
		e.Value, e.Limit = first.Reported, first.Attribute.LimitText()
		out = append(out, e)
	}
	return out
}

// MayAssess finds the exception that a person wants to judge, and says why it cannot be judged so (AT-59).
func (b *Batch) MayAssess(role people.Role, id string, c Classification, text string) (Exception, error) {
	if role != people.QA {
		return Exception{}, ledger.Refuse(ledger.Forbidden, "AT-59", "not-qa", "exceptions are assessed by QA, not by {role}", "a QA reviewer has to assess", "role", string(role))
	}
	if c != Minor && c != Major && c != Critical {
		return Exception{}, ledger.Refuse(ledger.Invalid, "AT-59", "classification", "a classification is minor, major or critical, not {got}", "choose one of them", "got", string(c))
	}
	err := judgement(text)
	if err != nil {
		return Exception{}, err
	}
	found, _ := b.Exceptions()
	for _, e := range found {
		if e.ID != id {
			continue
		}
		if e.Class == OOS || e.Class == InvalidTest {
			return e, ledger.Refuse(ledger.Unmet, "AT-39", "oos-not-assessable", "{id} is out of specification: an assessment cannot close it", "the product can only be supplied at the physician's request, with its own document", "id", id)
		}
		if e.Assessment != nil {
			return e, ledger.Refuse(ledger.Unmet, "AT-59", "already-assessed", "{id} is already assessed as {as} by {name}", "an assessment stands as it was signed", "id", id, "as", string(e.Assessment.Classification), "name", e.Assessment.Signature.Name)
		}
		if d := e.Deviation; d != nil && b.isIncident(d) {
			return e, isCritical(d, c)
		}
		if d := e.Deviation; d != nil && (c != Minor || d.Classification != "" && d.Classification != Minor) {
			return e, ledger.Refuse(ledger.Unmet, "AT-59", "deviation-needed", "{id} is under deviation {deviation}, which an assessment closes only as minor", "classify, investigate and approve the deviation", "id", id, "deviation", d.Number)
		}
		return e, nil
	}
	return Exception{}, ledger.Refuse(ledger.Missing, "AT-59", "no-exception", "batch {batch} has no exception {id}", "open the review list again", "batch", b.Number, "id", id)
}

// AssessmentDigest is what QA's signature of an assessment is over.
func (b *Batch) AssessmentDigest(id string, c Classification, text string) (ledger.Digest, error) {
	doc, err := json.Marshal(map[string]string{"batch": b.Number, "exception": id, "classification": string(c), "assessment": text})
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("assess %s: %w", id, err)
	}
	return ledger.DigestOf(doc), nil
}

// Assess decides QA's signed judgement of an exception.
func (b *Batch) Assess(id string, c Classification, text string, signed people.Signed) (ledger.Draft, error) {
	e, err := b.MayAssess(people.Role(signed.Signature().Role), id, c, text)
	if err != nil {
		return ledger.Draft{}, err
	}
	digest, err := b.AssessmentDigest(id, c, text)
	if err != nil {
		return ledger.Draft{}, err
	}
	err = signed.For(people.Assessed, digest)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeAssessed, Data: assessed{Exception: id, Step: e.Step, Classification: c, Assessment: text, Signature: signed.Signature()}}, nil
}
