package record

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/formula"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The entries that the chapters about steps know by their types. Every other type is printed from its data alone.
const (
	typeEntered    = "batch.field-entered"
	typeCorrected  = "batch.field-corrected"
	typeComputed   = "batch.field-computed"
	typeNoValue    = "batch.field-not-computable"
	typeStarted    = "batch.step-started"
	typeCompleted  = "batch.step-completed"
	typeVerified   = "batch.step-verified"
	typeScanned    = "custody.scanned"
	typePrefix     = "batch."
	outcomeMatched = "matched"
)

// chronicle is the entries in order, and where in it a step and a field is spoken of.
type chronicle struct {
	entries []ledger.Entry
	steps   map[string]*passage
	digest  ledger.Digest // SHA-256 of all leaf hashes in order
}

// passage is what the entries say of one step.
type passage struct {
	started, completed, verified []ledger.Entry
	events                       []ledger.Entry // everything else that is no value
	values                       map[string][]capture
}

// capture is one value of a field as it was entered, corrected or computed (CS-11).
type capture struct {
	entry   ledger.Entry
	attempt int // how often the step had been started
	remarks []remark
	captured
}

// captured is the data of the entries that hold values.
type captured struct {
	Step    string                `json:"step"`
	Field   string                `json:"field"`
	Value   batch.Value           `json:"value"`
	Source  batch.Origin          `json:"source"`
	Reason  string                `json:"reason"`
	Formula formula.ID            `json:"formula"`
	Version int                   `json:"formula_version"`
	Inputs  []batch.ComputedInput `json:"inputs"`
	Why     string                `json:"why"`
}

// remark is what an entry says about the value of another one.
type remark struct {
	entry ledger.Entry
	text  string
}

// mention is where an entry belongs; what its data does not say is empty.
type mention struct {
	Step      string           `json:"step"`
	Field     string           `json:"field"`
	Purpose   string           `json:"purpose"`
	Outcome   string           `json:"outcome"`
	Text      string           `json:"text"`
	Signature people.Signature `json:"signature"`
	Scanned   string           `json:"scanned"`
}

// mentioned reads what every entry may say. A key that means something else in an entry of another type is passed over.
func mentioned(e ledger.Entry) mention {
	var keys map[string]json.RawMessage
	var m mention
	if json.Unmarshal(e.Data, &keys) != nil {
		return m
	}
	for key, into := range map[string]any{
		"step": &m.Step, "field": &m.Field, "purpose": &m.Purpose, "outcome": &m.Outcome, "text": &m.Text,
		"signature": &m.Signature, "scanned": &m.Scanned,
	} {
		if raw, ok := keys[key]; ok && json.Unmarshal(raw, into) != nil {
			return mention{}
		}
	}
	return m
}

// read takes the entries into memory: a batch has some thousand, and all chapters speak of the same ones.
func read(ctx context.Context, entries iter.Seq2[ledger.Entry, error]) (*chronicle, error) {
	c := &chronicle{steps: map[string]*passage{}}
	h := sha256.New()
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		if n := len(c.entries); n > 0 && c.entries[n-1].Seq >= e.Seq {
			return nil, fmt.Errorf("entry %d follows entry %d", e.Seq, c.entries[n-1].Seq)
		}
		h.Write(e.Leaf[:])
		c.entries = append(c.entries, e)
		err = c.sort(e)
		if err != nil {
			return nil, fmt.Errorf("entry %d (%s): %w", e.Seq, e.Type, err)
		}
	}
	h.Sum(c.digest[:0])
	return c, ctx.Err()
}

// sort puts an entry where the chapter about its step looks for it.
func (c *chronicle) sort(e ledger.Entry) error {
	m := mentioned(e)
	step := m.Step
	if step == "" {
		step = stepOf(m.Purpose)
	}
	if step == "" {
		return nil
	}
	p := c.of(step)
	switch e.Type {
	case typeEntered, typeCorrected, typeComputed, typeNoValue:
		v := capture{entry: e, attempt: len(p.started)}
		err := json.Unmarshal(e.Data, &v.captured)
		if err != nil {
			return err
		}
		p.values[v.Field] = append(p.values[v.Field], v)
	case typeStarted:
		p.started = append(p.started, e)
	case typeCompleted:
		p.completed = append(p.completed, e)
	case typeVerified:
		p.verified = append(p.verified, e)
	case typeScanned:
		if m.Outcome != outcomeMatched { // a match is a value of the step as well
			p.events = append(p.events, e)
		}
	default:
		p.events = append(p.events, e)
		if values := p.values[m.Field]; len(values) > 0 && m.Text != "" {
			last := &values[len(values)-1]
			last.remarks = append(last.remarks, remark{e, m.Text})
		}
	}
	return nil
}

// of is what is said of a step.
func (c *chronicle) of(step string) *passage {
	p, ok := c.steps[step]
	if !ok {
		p = &passage{values: map[string][]capture{}}
		c.steps[step] = p
	}
	return p
}

// stepOf is the step in a purpose such as "SVQ2600001X/S19/bag_scan" or "SVQ2600001X/S19#2"; empty for a handoff.
func stepOf(purpose string) string {
	parts := strings.Split(purpose, "/")
	if len(parts) < 2 || parts[0] == "handoff" {
		return ""
	}
	step, _, _ := strings.Cut(parts[1], "#")
	return step
}
