package batch

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Shown is what the second person signs: the step as it stands on the screen (I8). Its canonical bytes are
// what Digest hashes.
type Shown struct {
	Batch  string       `json:"batch"`
	CoI    string       `json:"coi"`
	Step   string       `json:"step"`
	Values []ShownValue `json:"values"`
}

// ShownValue is one value as shown to a signer.
type ShownValue struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Entry uint64 `json:"entry"`
}

// Digest is the SHA-256 of what is shown.
func (s Shown) Digest() (ledger.Digest, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("digest of step %s: %w", s.Step, err)
	}
	return ledger.DigestOf(raw), nil
}

// Show is the step as a second person sees it before signing.
func (b *Batch) Show(step string) (Shown, error) {
	st, err := b.step(step)
	if err != nil {
		return Shown{}, err
	}
	s := Shown{Batch: b.Number, CoI: b.CoI.String(), Step: step, Values: []ShownValue{}}
	if a := st.Unscanned; a != nil { // who confirms the step signs for that as well
		s.Values = append(s.Values, ShownValue{Field: "scans-absent", Value: a.Reason, Entry: a.Seq})
	}
	for _, f := range st.Step.FieldsAt(b.Site) {
		if f.Type == mbr.TypeScan {
			for _, container := range slices.Sorted(maps.Keys(st.Scans[f.ID])) {
				s.Values = append(s.Values, ShownValue{Field: f.ID, Value: container, Entry: st.Scans[f.ID][container].Seq})
			}
			continue
		}
		if c, ok := st.Fields[f.ID].Current(); ok {
			text := c.Value.String()
			if c.Value.Sealed != "" {
				text = c.Value.Sealed // the signature is over the sealed bytes: whoever can open them can prove it
			}
			s.Values = append(s.Values, ShownValue{Field: f.ID, Value: text, Entry: c.Seq})
		}
	}
	return s, nil
}

// ScansAgain tells whether the second person has to scan the container independently now: once in a step.
func (st *StepState) ScansAgain() bool {
	return st.Step.Second != nil && st.Step.Second.Mode == mbr.ScansAgain && !st.SecondScanned && st.Unscanned == nil
}

// scannedText is the identity that a match proves: the container, or the CoI where any label was asked for.
func scannedText(m chainofcustody.Match) string {
	if m.Container().IsZero() {
		return m.CoI().String()
	}
	return m.Container().String()
}

// MayVerify tells whether a person can be the second person of a step now (I7): it waits for one, the person
// has the role, and did not perform it.
func (b *Batch) MayVerify(account string, role people.Role, step string) error {
	st, err := b.step(step)
	if err != nil {
		return err
	}
	if st.Step.Second == nil {
		return ledger.Refuse(ledger.Unmet, "I7", "no-second", "step {step} needs no second person", "go on with the next step", "step", step)
	}
	if st.Status == Done {
		return ledger.Refuse(ledger.Unmet, "I7", "already-verified", "step {step} is already verified", "go on with the next step", "step", step)
	}
	if st.Status != ToVerify {
		return ledger.Refuse(ledger.Unmet, "I7", "not-completed", "step {step} is not completed by its performer", "complete the step first", "step", step)
	}
	if role != st.Step.Second.Role {
		return ledger.Refuse(ledger.Forbidden, "I7", "not-second-role", "step {step} is verified by the role {want}, not by {role}", "a person with that role has to verify", "step", step, "want", string(st.Step.Second.Role), "role", string(role))
	}
	if account == st.Performer || st.hands[account] {
		return ledger.Refuse(ledger.Forbidden, "I7", "same-person", "{account} made entries in step {step} and cannot verify it", "another qualified person has to verify", "account", account, "step", step)
	}
	return nil
}

// Mismatched decides what a second person's scan of a wrong label leaves in the record: a stop to be assessed.
// An unreadable label leaves nothing here; the scan itself is in the therapy event's stream.
func (b *Batch) Mismatched(by ledger.Author, step string, mismatch *ledger.Refusal) ([]ledger.Draft, error) {
	err := b.MayVerify(by.Account, people.Role(by.Role), step)
	if err != nil || mismatch.Kind != ledger.Stop {
		return nil, err
	}
	return []ledger.Draft{{Type: typeStopped, Data: stopped{
		Step: step, Field: b.steps[step].Step.Second.Field, Want: mismatch.Args["want"], Got: mismatch.Args["got"], Why: mismatch.Args["why"],
	}}}, nil
}

// Verify decides that a second person confirms a step with their own signature, over what was shown. On
// steps with an independent scan the second person has scanned the container as well, for this and just now (match).
func (b *Batch) Verify(now time.Time, step string, signed people.Signed, match chainofcustody.Match) ([]ledger.Draft, error) {
	sig := signed.Signature()
	err := b.MayVerify(sig.Account, people.Role(sig.Role), step)
	if err != nil {
		return nil, err
	}
	second := b.steps[step].Step.Second
	if !match.IsZero() {
		refusal := match.For(b.CoI, scanPurpose(b.Number, step, "second/"+second.Field), sig.Account, now)
		if refusal != nil {
			return nil, refusal
		}
	}
	if b.steps[step].ScansAgain() && match.IsZero() {
		return nil, ledger.Refuse(ledger.Unmet, "I7", "independent-scan", "step {step} needs the second person's own scan", "scan the container, then sign", "step", step)
	}
	shown, err := b.Show(step)
	if err != nil {
		return nil, err
	}
	digest, err := shown.Digest()
	if err != nil {
		return nil, err
	}
	err = signed.For(people.Verified, digest)
	if err != nil {
		return nil, err
	}
	v := verified{Step: step, Signature: sig}
	if !match.IsZero() {
		v.Scanned, v.Keyed = scannedText(match), match.Keyed()
	}
	return []ledger.Draft{{Type: typeVerified, Data: v}}, nil
}
