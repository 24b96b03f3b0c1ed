package batch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// Allowance is a change for one batch alone (AT-5: "no change mid-batch except by approved batch-specific deviation").
// Production proposes it under a deviation of the batch, QA approves it by signature, and from then on it is in force for
// this batch. The recipe that the batch has pinned stays as it is: the state of the batch lies over it.
type Allowance struct {
	ID         string // "DEV-SVQ26-00001/1"
	Deviation  string
	Kind       AllowanceKind
	Target     string // "S21.rcf", "S26", "hold-manual"
	Was, To    string // what the recipe says, and what holds instead; To is empty for a step that is skipped
	Reason     string
	Risk       string // assessment of the risk for product and patient
	By, Role   string // who proposed it
	At         time.Time
	Seq        uint64
	Approved   *people.Signature
	ApprovedAt time.Time
	Declined   string // reason for which QA declined it; empty while nobody did
	DeclinedBy string
	DeclinedAt time.Time

	limit quantity.Limit
	span  time.Duration
}

// AllowanceKind is what an allowance changes. The set is closed: everything else that the recipe says is never changed for
// a batch alone.
type AllowanceKind string

// The kinds of allowance.
const (
	AllowLimit  AllowanceKind = "limit"  // another limit of an in-process field, for values captured from then on
	AllowSkip   AllowanceKind = "skip"   // a step is not done
	AllowRepeat AllowanceKind = "repeat" // a step that was interrupted may be repeated once more
	AllowTime   AllowanceKind = "time"   // a clock that has not ended may take longer
	AllowDevice AllowanceKind = "device" // a device may be used in a field though its calibration is due (scenario 22)
)

// AllowanceKinds are all kinds.
func AllowanceKinds() []AllowanceKind {
	return []AllowanceKind{AllowLimit, AllowSkip, AllowRepeat, AllowTime, AllowDevice}
}

// InForce tells whether QA approved the allowance.
func (a *Allowance) InForce() bool { return a.Approved != nil }

// Pending tells whether nobody has decided on the allowance.
func (a *Allowance) Pending() bool { return a.Approved == nil && a.Declined == "" }

// Step is the step that the allowance is about; empty for a clock.
func (a *Allowance) Step() string {
	if a.Kind == AllowTime {
		return ""
	}
	step, _, _ := strings.Cut(a.Target, ".")
	return step
}

type proposed struct {
	ID        string        `json:"id"`
	Deviation string        `json:"deviation"`
	Kind      AllowanceKind `json:"kind"`
	Target    string        `json:"target"`
	Was       string        `json:"was,omitempty"`
	To        string        `json:"to,omitempty"`
	Reason    string        `json:"reason"`
	Risk      string        `json:"risk"`
}

type allowed struct {
	Allowance string           `json:"allowance"`
	Signature people.Signature `json:"signature"`
}

type declined struct {
	Allowance string `json:"allowance"`
	Reason    string `json:"reason"`
}

// inheritedAllowance is one that was in force in the batch from which this one was split.
type inheritedAllowance struct {
	proposed
	By        string           `json:"by"`
	Role      string           `json:"role"`
	At        time.Time        `json:"at"`
	Entry     uint64           `json:"entry"`
	Signature people.Signature `json:"signature"`
	Approved  time.Time        `json:"approved_at"`
}

// Allowance finds an allowance of the batch by its id.
func (b *Batch) Allowance(id string) (*Allowance, bool) {
	i := slices.IndexFunc(b.Allowances, func(a *Allowance) bool { return a.ID == id })
	if i < 0 {
		return nil, false
	}
	return b.Allowances[i], true
}

// AllowancesOf are the allowances of a deviation, in order.
func (b *Batch) AllowancesOf(deviation string) []*Allowance {
	return slices.DeleteFunc(slices.Clone(b.Allowances), func(a *Allowance) bool { return a.Deviation != deviation })
}

// AllowancesAt are the allowances in force for a step: of its fields, of itself, and of the clocks that it ends.
func (b *Batch) AllowancesAt(step string) []*Allowance {
	return slices.DeleteFunc(slices.Clone(b.Allowances), func(a *Allowance) bool {
		if a.Kind != AllowTime {
			return !a.InForce() || a.Step() != step
		}
		i := slices.IndexFunc(b.Recipe.Clocks, func(c mbr.Clock) bool { return c.ID == a.Target })
		return !a.InForce() || i < 0 || stepOf(b.Recipe.Clocks[i].To) != step
	})
}

// Propose decides that production proposes an allowance under an open deviation.
func (b *Batch) Propose(by ledger.Author, deviation string, kind AllowanceKind, target, to, reason, risk string) ([]ledger.Draft, error) {
	if !people.Role(by.Role).May(people.ProposeAllowance) {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-5", "may-not-propose", "a change for one batch is proposed by production, not by {role}", "tell the production lead", "role", by.Role)
	}
	d, err := b.openDeviation(deviation)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{reason, risk} {
		err = judgement(text)
		if err != nil {
			return nil, err
		}
	}
	a := &Allowance{Kind: kind, Target: target, To: to}
	err = b.allowable(a)
	if err != nil {
		return nil, err
	}
	for _, other := range b.Allowances {
		if other.Pending() && other.Kind == kind && other.Target == target {
			return nil, ledger.Refuse(ledger.Unmet, "AT-5", "already-proposed", "{allowance} already proposes that", "QA decides on it first", "allowance", other.ID)
		}
	}
	id := fmt.Sprintf("%s/%d", d.Number, len(b.AllowancesOf(d.Number))+1)
	return []ledger.Draft{{Type: typeProposed, Data: proposed{
		ID: id, Deviation: d.Number, Kind: kind, Target: target, Was: a.Was, To: a.To, Reason: reason, Risk: risk,
	}}}, nil
}

// MayAllow says why a person cannot decide on an allowance now; nil when they can (I7: not who proposed it).
func (b *Batch) MayAllow(account string, role people.Role, id string) error {
	a, ok := b.Allowance(id)
	if !ok {
		return ledger.Refuse(ledger.Missing, "AT-5", "no-allowance", "batch {batch} has no proposed change {allowance}", "look at its deviations again", "batch", b.Number, "allowance", id)
	}
	if !a.Pending() {
		return ledger.Refuse(ledger.Unmet, "AT-5", "allowance-decided", "{allowance} is decided", "a decision stands as it was signed", "allowance", id)
	}
	if role != people.QA {
		return ledger.Refuse(ledger.Forbidden, "AT-5", "allowance-not-qa", "a change for one batch is approved by QA, not by {role}", "a QA reviewer has to", "role", string(role))
	}
	if account == a.By {
		return ledger.Refuse(ledger.Forbidden, "I7", "own-proposal", "{account} proposed {allowance} and cannot decide on it", "another person of QA has to", "account", account, "allowance", id)
	}
	return nil
}

// AllowanceDigest is what QA's signature is over: all that is shown of the proposal (I8).
func (b *Batch) AllowanceDigest(id string) (ledger.Digest, error) {
	a, ok := b.Allowance(id)
	if !ok {
		return ledger.Digest{}, b.MayAllow("", people.QA, id)
	}
	doc, err := json.Marshal(map[string]any{
		"batch": b.Number, "coi": b.CoI.String(), "recipe": b.Recipe.Digest,
		"proposal": proposed{ID: a.ID, Deviation: a.Deviation, Kind: a.Kind, Target: a.Target, Was: a.Was, To: a.To, Reason: a.Reason, Risk: a.Risk},
		"by":       a.By, "role": a.Role, "at": a.At, "entry": a.Seq,
	})
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("approve %s: %w", id, err)
	}
	return ledger.DigestOf(doc), nil
}

// Allow decides QA's signed approval of an allowance. It is held once more against the record as it stands: a step may
// have begun since it was proposed to be skipped.
func (b *Batch) Allow(id string, signed people.Signed) ([]ledger.Draft, error) {
	s := signed.Signature()
	err := b.mayAllowNow(s.Account, people.Role(s.Role), id)
	if err != nil {
		return nil, err
	}
	digest, err := b.AllowanceDigest(id)
	if err != nil {
		return nil, err
	}
	err = signed.For(people.Approved, digest)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeAllowed, Data: allowed{Allowance: id, Signature: s}}}, nil
}

func (b *Batch) mayAllowNow(account string, role people.Role, id string) error {
	err := b.MayAllow(account, role, id)
	if err != nil {
		return err
	}
	a, _ := b.Allowance(id)
	again := *a
	return b.allowable(&again)
}

// Decline decides that QA does not allow what was proposed, with the reason.
func (b *Batch) Decline(by ledger.Author, id, reason string) ([]ledger.Draft, error) {
	err := b.MayAllow(by.Account, people.Role(by.Role), id)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeDeclined, Data: declined{Allowance: id, Reason: reason}}}, nil
}

// pendingUnder is a proposal of a deviation on which nobody has decided; nil when there is none.
func (b *Batch) pendingUnder(deviation string) *Allowance {
	for _, a := range b.Allowances {
		if a.Deviation == deviation && a.Pending() {
			return a
		}
	}
	return nil
}

func (b *Batch) applyProposed(e ledger.Entry, d proposed) error {
	b.chainOpen(e)
	b.Allowances = append(b.Allowances, &Allowance{
		ID: d.ID, Deviation: d.Deviation, Kind: d.Kind, Target: d.Target, Was: d.Was, To: d.To, Reason: d.Reason, Risk: d.Risk,
		By: e.Author.Account, Role: e.Author.Role, At: e.Time, Seq: e.Seq,
	})
	return nil
}

func (b *Batch) changeAllowance(e ledger.Entry, id string, alter func(*Allowance)) (*Allowance, error) {
	i := slices.IndexFunc(b.Allowances, func(a *Allowance) bool { return a.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("no proposed change %q", id)
	}
	b.chainOpen(e)
	changed := *b.Allowances[i]
	alter(&changed)
	b.Allowances = slices.Clone(b.Allowances)
	b.Allowances[i] = &changed
	return &changed, nil
}

func (b *Batch) applyAllowed(e ledger.Entry, d allowed) error {
	a, err := b.changeAllowance(e, d.Allowance, func(a *Allowance) { a.Approved, a.ApprovedAt = &d.Signature, e.Time })
	if err != nil {
		return err
	}
	return b.enforce(a)
}

// enforce brings an approved allowance into force.
func (b *Batch) enforce(a *Allowance) error {
	var err error
	switch a.Kind {
	case AllowLimit:
		f, ok := b.Recipe.FieldAt(a.Target, b.Site)
		if !ok {
			return fmt.Errorf("no field %q", a.Target)
		}
		a.limit, err = quantity.ParseLimit(a.To, f.Unit)
	case AllowTime:
		a.span, err = spanOf(a.To)
	case AllowSkip:
		st, ok := b.steps[a.Target]
		if !ok {
			return fmt.Errorf("no step %q", a.Target)
		}
		st.Status = Skipped
	}
	return err
}

func (b *Batch) applyDeclined(e ledger.Entry, d declined) error {
	_, err := b.changeAllowance(e, d.Allowance, func(a *Allowance) {
		a.Declined, a.DeclinedBy, a.DeclinedAt = d.Reason, e.Author.Account, e.Time
	})
	return err
}

// inheritance are the allowances in force, for a batch that is split from this one.
func (b *Batch) inheritance() []inheritedAllowance {
	var out []inheritedAllowance
	for _, a := range b.Allowances {
		if a.InForce() {
			out = append(out, inheritedAllowance{
				proposed: proposed{ID: a.ID, Deviation: a.Deviation, Kind: a.Kind, Target: a.Target, Was: a.Was, To: a.To, Reason: a.Reason, Risk: a.Risk},
				By:       a.By, Role: a.Role, At: a.At, Entry: a.Seq, Signature: *a.Approved, Approved: a.ApprovedAt,
			})
		}
	}
	return out
}

func (b *Batch) inherit(all []inheritedAllowance) error {
	for _, i := range all {
		a := &Allowance{
			ID: i.ID, Deviation: i.Deviation, Kind: i.Kind, Target: i.Target, Was: i.Was, To: i.To, Reason: i.Reason, Risk: i.Risk,
			By: i.By, Role: i.Role, At: i.At, Seq: i.Entry, Approved: &i.Signature, ApprovedAt: i.Approved,
		}
		err := b.enforce(a)
		if err != nil {
			return err
		}
		b.Allowances = append(b.Allowances, a)
	}
	return nil
}

// allowances are exceptions of their own: whoever reviews the batch sees that it was not made as the recipe says.
func (b *Batch) allowances() []Exception {
	var out []Exception
	for _, a := range b.Allowances {
		if !a.InForce() {
			continue
		}
		_, field, _ := strings.Cut(a.Target, ".")
		what := fmt.Sprintf("%s: %s %s instead of %s, by deviation %s", a.Kind, a.Target, orSkipped(a.To), a.Was, a.Deviation)
		if a.Kind == AllowDevice {
			what = fmt.Sprintf("%s: %s in %s though its calibration is due, by deviation %s", a.Kind, a.To, a.Target, a.Deviation)
		}
		out = append(out, Exception{
			ID: fmt.Sprintf("%s:%s", Allowed, a.ID), Class: Allowed, Step: a.Step(), Field: field, What: what,
			Value: a.To, Limit: a.Was, At: a.ApprovedAt, By: a.Approved.Account, Seq: a.Seq,
		})
	}
	return out
}

func orSkipped(to string) string {
	if to == "" {
		return "skipped"
	}
	return to
}
