package batch

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Disagreement is a blind second entry that was not what the performer had entered (I7).
type Disagreement struct {
	Fields       []string
	By           string
	At           time.Time
	Seq, Version uint64
}

// disagreementsBearable is how often performer and second person may differ before it is an exception.
const disagreementsBearable = 3

type disagreed struct {
	Step   string   `json:"step"`
	Fields []string `json:"fields"` // never the values: the next try is blind too
}

// RetypesBlind tells whether the second person enters values of the step again without seeing the first ones.
func (st *StepState) RetypesBlind() bool {
	return st.Step.Second != nil && st.Step.Second.Mode == mbr.Retypes
}

// Differs are the fields in which a second person's own entries are not what the performer entered. Numbers are compared
// as numbers with their unit: 5.0 is 5.
func (b *Batch) Differs(step string, again map[string]Value) ([]string, error) {
	st, err := b.step(step)
	if err != nil {
		return nil, err
	}
	var differ, missing []string
	for _, id := range st.Step.Second.Fields {
		f, ok := st.Fields[id]
		if !ok || !b.Asked(f.Field) {
			continue
		}
		second, entered := again[id]
		if !entered {
			missing = append(missing, id)
			continue
		}
		first, captured := f.Current()
		if !captured || !first.Value.same(second) {
			differ = append(differ, id)
		}
	}
	if len(missing) > 0 {
		return nil, ledger.Refuse(ledger.Unmet, "I7", "retype-first", "step {step} needs the second person's own entries of {fields}", "read and enter them yourself, then sign", "step", step, "fields", strings.Join(missing, ", "))
	}
	return differ, nil
}

// Disagree decides what a blind second entry leaves in the record that was not the first one.
func (b *Batch) Disagree(by ledger.Author, step string, differ []string) ([]ledger.Draft, *ledger.Refusal, error) {
	err := b.MayVerify(by.Account, people.Role(by.Role), step)
	if err != nil {
		return nil, nil, err
	}
	n := len(b.steps[step].Disagreements) + 1
	return []ledger.Draft{{Type: typeDisagreed, Data: disagreed{Step: step, Fields: differ}}},
		ledger.Refuse(ledger.Unmet, "I7", "second-differs", "your entry of {fields} is not what was entered first (attempt {n})", "read it again; if it stays so, the performer has to look again and correct", "fields", strings.Join(differ, ", "), "n", fmt.Sprint(n)), nil
}

func (b *Batch) applyDisagreed(e ledger.Entry, d disagreed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Disagreements = append(st.Disagreements, Disagreement{Fields: d.Fields, By: e.Author.Account, At: e.Time, Seq: e.Seq, Version: e.Version})
	return nil
}

// disagreements are an exception from the third one on.
func (st *StepState) disagreements() []Exception {
	if len(st.Disagreements) < disagreementsBearable {
		return nil
	}
	d := st.Disagreements[disagreementsBearable-1]
	return []Exception{{
		ID: fmt.Sprintf("%s:%s:%d", Differing, st.Step.ID, d.Version), Class: Differing, Step: st.Step.ID,
		What:  fmt.Sprintf("performer and second person entered %s differently %d times", strings.Join(d.Fields, ", "), len(st.Disagreements)),
		Value: strings.Join(d.Fields, ", "), At: d.At, By: d.By, Seq: d.Seq,
	}}
}

// same tells whether two values say the same.
func (v Value) same(w Value) bool {
	a, aNumber := v.Quantity()
	c, cNumber := w.Quantity()
	if aNumber && cNumber && a.Unit() == c.Unit() && a.Qualifier() == c.Qualifier() {
		n, err := a.Cmp(c)
		return err == nil && n == 0
	}
	return v.String() == w.String()
}
