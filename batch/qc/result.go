package qc

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/quantity"
)

// Evaluation is what became of a test.
type Evaluation string

// The evaluations. "Invalid" is neither pass nor fail; "pending" has no final result yet.
const (
	Pass    Evaluation = "pass"
	Fail    Evaluation = "fail"
	Pending Evaluation = "pending"
	Invalid Evaluation = "invalid"
	Info    Evaluation = "information"
)

// Observation is a value of the record as the evaluation sees it.
type Observation struct {
	Number *quantity.Quantity
	Text   string
	Entry  uint64
	At     time.Time
}

func (o Observation) String() string {
	if o.Number != nil {
		return o.Number.String()
	}
	return o.Text
}

// Result is one attribute judged: the raw value, the reported one (rounded once, to the decimals of the
// limit, F22), the verdict and where it stands in the record.
type Result struct {
	Attribute  Attribute
	Evaluation Evaluation
	Raw        string
	Reported   string
	Number     *quantity.Quantity // reported, when it is a number
	Why        string             // of invalid, or of a side: "above", "below"
	Entry      uint64
	At         time.Time
	Due        time.Time // of a pending result
}

// Evaluate judges every attribute over the record. Pending results are due so many days after opened.
func (s *Specification) Evaluate(observe func(ref string) (Observation, bool), opened time.Time) []Result {
	out := make([]Result, 0, len(s.Attributes))
	for _, a := range s.Attributes {
		out = append(out, evaluate(a, observe, opened))
	}
	return out
}

// Fails tells whether a value is out of specification, whether its test was valid or not.
func (a Attribute) Fails(o Observation) bool {
	a.ValidIf = nil
	return evaluate(a, func(string) (Observation, bool) { return o, true }, time.Time{}).Evaluation == Fail
}

func evaluate(a Attribute, observe func(ref string) (Observation, bool), opened time.Time) Result {
	r := Result{Attribute: a, Evaluation: Pending}
	o, ok := observe(a.Field)
	if !ok {
		if a.DueDays > 0 {
			r.Due = begun(a, observe, opened).AddDate(0, 0, a.DueDays)
		}
		return r
	}
	r.Raw, r.Reported, r.Number, r.Entry, r.At = o.String(), o.String(), o.Number, o.Entry, o.At
	for _, c := range a.ValidIf {
		why := unmet(c, observe)
		if why != "" {
			r.Evaluation, r.Why = Invalid, why
			return r
		}
	}
	switch {
	case a.Information:
		r.Evaluation = Info
	case len(a.Accept) > 0:
		r.Evaluation = passIf(slices.Contains(a.Accept, o.Text))
	case o.Number == nil:
		r.Evaluation, r.Why = Invalid, "not a number"
	default:
		judge(&r, a, *o.Number)
	}
	return r
}

// begun is when the test of an attribute began, as far as the record says.
func begun(a Attribute, observe func(ref string) (Observation, bool), opened time.Time) time.Time {
	o, ok := observe(a.DueFrom)
	if !ok {
		return opened
	}
	t, err := time.Parse(time.RFC3339, o.Text)
	if err != nil {
		return opened
	}
	return t
}

func judge(r *Result, a Attribute, q quantity.Quantity) {
	verdict, err := a.Limit.Judge(q)
	if err != nil {
		r.Evaluation, r.Why = Invalid, err.Error()
		return
	}
	r.Number, r.Reported = &verdict.Reported, verdict.Reported.String()
	switch {
	case verdict.Undecided:
		r.Evaluation, r.Why = Invalid, "the qualified value cannot be judged by the limit"
	case verdict.High:
		r.Evaluation, r.Why = Fail, "above"
	case verdict.Low:
		r.Evaluation, r.Why = Fail, "below"
	default:
		r.Evaluation = passIf(verdict.Pass)
	}
}

func passIf(ok bool) Evaluation {
	if ok {
		return Pass
	}
	return Fail
}

func unmet(c Condition, observe func(ref string) (Observation, bool)) string {
	o, ok := observe(c.Field)
	if !ok || o.Number == nil {
		return fmt.Sprintf("%s has no value", c.Field)
	}
	verdict, err := c.Limit.Judge(*o.Number)
	if err != nil || verdict.Undecided || !verdict.Pass {
		return fmt.Sprintf("%s is %s, valid is %s", c.Field, o, c.Limit)
	}
	return ""
}

// Cause is one reason for which results failed or were not valid: one cause, one OOS.
type Cause struct {
	ID      string
	Invalid bool
	Results []Result
}

// Causes groups failed and invalid results by cause, in order of the specification.
func Causes(results []Result) []Cause {
	var out []Cause
	at := map[string]int{}
	for _, r := range results {
		if r.Evaluation != Fail && r.Evaluation != Invalid {
			continue
		}
		id := r.Attribute.Cause
		if id == "" {
			id = r.Attribute.ID
		}
		key := id + string(r.Evaluation)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, Cause{ID: id, Invalid: r.Evaluation == Invalid})
		}
		out[i].Results = append(out[i].Results, r)
	}
	return out
}
