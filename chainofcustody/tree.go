package chainofcustody

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// The types of entry that change a container in the tree.
const (
	typeDivided   = "custody.container-divided"
	typePooled    = "custody.containers-pooled"
	typeFrozen    = "custody.container-frozen"
	typeThawed    = "custody.container-thawed"
	typeDestroyed = "custody.container-destroyed"
)

// State is what a container is now.
type State string

// The states of a container.
const (
	Whole     State = ""          // as it was made, or what samples have left of it
	Frozen    State = "frozen"    // nothing is taken from it before it is thawed
	Emptied   State = "emptied"   // all of it went into others
	Destroyed State = "destroyed" // and nothing comes of it any more
)

// Gone tells that nothing is in the container any more.
func (c *Container) Gone() bool { return c.State == Emptied || c.State == Destroyed }

// Manner is how material leaves a container for others.
type Manner string

// The manners of a division.
const (
	Split  Manner = "split"  // all of it into several
	Fill   Manner = "fill"   // all of it into final containers
	Sample Manner = "sample" // a part of it; the rest stays
)

// Portion is what one new container receives.
type Portion struct {
	Kind   Kind              `json:"kind"`
	Volume quantity.Quantity `json:"volume"`
}

// Division is what is done with the content of one container. Volumes are decimals of one unit; Tolerance is what measuring
// may lose, from the recipe. Before is what was in the container; where the record knows it, it is that.
type Division struct {
	Manner    Manner
	Before    quantity.Quantity
	Portions  []Portion
	Waste     quantity.Quantity
	Tolerance quantity.Quantity
	Purpose   string // "<batch>/<step>"
}

type divided struct {
	Container string             `json:"container"`
	Manner    Manner             `json:"manner"`
	Before    quantity.Quantity  `json:"before"`
	Children  []string           `json:"children"`
	Waste     quantity.Quantity  `json:"waste"`
	Left      *quantity.Quantity `json:"left,omitempty"` // of a sample
	Tolerance quantity.Quantity  `json:"tolerance"`
}

type pooled struct {
	From  []string          `json:"from"`
	Into  string            `json:"into"`
	Waste quantity.Quantity `json:"waste"`
}

type changed struct {
	Container string `json:"container"`
	Reason    string `json:"reason,omitempty"`
}

// Divide decides that the content of a scanned container goes into new ones: parent = children + waste, within the tolerance;
// a sample leaves the rest where it was. The children belong to whoever holds the parent.
func (t *TherapyEvent) Divide(by ledger.Author, now time.Time, m Match, d Division) ([]ledger.Draft, error) {
	c, err := t.workable(by, now, m)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]Manner{Split, Fill, Sample}, d.Manner) || len(d.Portions) == 0 || len(d.Portions) > 50 || len(t.Containers)+len(d.Portions) > maxContainers {
		return nil, ledger.Refuse(ledger.Invalid, "AT-14", "division", "{container} cannot be divided like this", "split, fill or sample it into 1 to 50 containers", "container", c.ID.Print())
	}
	before := d.Before
	if c.Volume != nil {
		before = *c.Volume
	}
	sum := d.Waste
	if !measured(before, before) || before.Sign() <= 0 || !measured(d.Waste, before) || !measured(d.Tolerance, before) {
		return nil, unmeasured(before)
	}
	for _, p := range d.Portions {
		if !measured(p.Volume, before) || p.Volume.Sign() == 0 || p.Kind == "" {
			return nil, unmeasured(p.Volume)
		}
		sum, err = sum.Add(p.Volume)
		if err != nil {
			return nil, fmt.Errorf("sum of portions: %w", err)
		}
	}
	left, err := before.Sub(sum)
	if err != nil {
		return nil, fmt.Errorf("balance of %s: %w", c.ID, err)
	}
	off := left
	if d.Manner == Sample && left.Sign() >= 0 {
		off = quantity.New(0, 0, before.Unit())
	}
	if !within(off, d.Tolerance) {
		return nil, ledger.Refuse(ledger.Unmet, "AT-14", "volume-balance", "{before} was in {container}, {sum} is accounted for: the difference of {left} is beyond the tolerance of {tolerance}",
			"measure again, or state the waste", "before", before.String(), "container", c.ID.Print(), "sum", sum.String(), "left", left.String(), "tolerance", d.Tolerance.String())
	}
	record := divided{Container: c.ID.String(), Manner: d.Manner, Before: before, Waste: d.Waste, Tolerance: d.Tolerance}
	if d.Manner == Sample {
		if left.Sign() < 0 { // within the tolerance: nothing is left
			left = quantity.New(0, 0, before.Unit())
		}
		record.Left = &left
	}
	var drafts []ledger.Draft
	for i, p := range d.Portions {
		draft, id, err := t.newContainer(p.Kind, c, i, d.Purpose, &p.Volume)
		if err != nil {
			return nil, err
		}
		record.Children, drafts = append(record.Children, id), append(drafts, draft)
	}
	return append(drafts, ledger.Draft{Type: typeDivided, Data: record}), nil
}

// PoolRule is the recipe's leave to put several containers of one kind, of one patient, into one. Without a rule nothing is
// pooled, and no rule speaks of two patients: a pool is an entry of one therapy event, which knows only its own containers.
type PoolRule struct {
	From, Into Kind
	Tolerance  quantity.Quantity
}

// Pool decides that several scanned containers of this therapy event go into one new one. Each has its own match.
func (t *TherapyEvent) Pool(by ledger.Author, now time.Time, matches []Match, rule *PoolRule, into, waste quantity.Quantity, purpose string) ([]ledger.Draft, error) {
	if rule == nil {
		return nil, ledger.Refuse(ledger.Unmet, "I5", "no-pooling", "the recipe does not say that containers are pooled here", "keep them apart")
	}
	if len(matches) < 2 {
		return nil, ledger.Refuse(ledger.Invalid, "AT-14", "pool-of-one", "a pool needs at least two containers", "scan each of them")
	}
	record := pooled{Waste: waste}
	var sum quantity.Quantity
	var first *Container
	for i, m := range matches {
		c, err := t.workable(by, now, m)
		if err != nil {
			return nil, err
		}
		switch {
		case c.Kind != rule.From || slices.Contains(record.From, c.ID.String()):
			return nil, ledger.Refuse(ledger.Unmet, "AT-14", "not-to-pool", "{container} is not one of the {kind} to pool, or was scanned twice", "scan each container once", "container", c.ID.Print(), "kind", string(rule.From))
		case c.Volume == nil:
			return nil, unmeasured(quantity.Quantity{})
		case i == 0:
			first, sum = c, *c.Volume
		default:
			sum, err = sum.Add(*c.Volume)
			if err != nil {
				return nil, fmt.Errorf("sum of the pool: %w", err)
			}
		}
		record.From = append(record.From, c.ID.String())
	}
	if !measured(into, sum) || into.Sign() == 0 || !measured(waste, sum) || !measured(rule.Tolerance, sum) {
		return nil, unmeasured(into)
	}
	off, err := sum.Sub(into)
	if err == nil {
		off, err = off.Sub(waste)
	}
	if err != nil {
		return nil, fmt.Errorf("balance of the pool: %w", err)
	}
	if !within(off, rule.Tolerance) {
		return nil, ledger.Refuse(ledger.Unmet, "AT-14", "volume-balance", "{before} was in {container}, {sum} is accounted for: the difference of {left} is beyond the tolerance of {tolerance}",
			"measure again, or state the waste", "before", sum.String(), "container", fmt.Sprint(len(matches)), "sum", into.String(), "left", off.String(), "tolerance", rule.Tolerance.String())
	}
	draft, id, err := t.newContainer(rule.Into, first, 0, purpose, &into)
	if err != nil {
		return nil, err
	}
	record.Into = id
	return []ledger.Draft{draft, {Type: typePooled, Data: record}}, nil
}

// Freeze decides that a scanned container was frozen.
func (t *TherapyEvent) Freeze(by ledger.Author, now time.Time, m Match) (ledger.Draft, error) {
	c, err := t.workable(by, now, m)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeFrozen, Data: changed{Container: c.ID.String()}}, nil
}

// Thaw decides that a frozen container was thawed.
func (t *TherapyEvent) Thaw(by ledger.Author, now time.Time, m Match) (ledger.Draft, error) {
	c, err := t.scanned(by, now, m)
	if err != nil {
		return ledger.Draft{}, err
	}
	if c.State != Frozen {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "CS-65", "not-frozen", "{container} is not frozen", "go on with it", "container", c.ID.Print())
	}
	return ledger.Draft{Type: typeThawed, Data: changed{Container: c.ID.String()}}, nil
}

// Destroy decides that a container and what is in it was destroyed, and why. It is the end of it.
func (t *TherapyEvent) Destroy(by ledger.Author, now time.Time, m Match, reason string) (ledger.Draft, error) {
	c, err := t.scanned(by, now, m)
	if err != nil {
		return ledger.Draft{}, err
	}
	if c.State == Destroyed {
		return ledger.Draft{}, gone(c)
	}
	return ledger.Draft{Type: typeDestroyed, Data: changed{Container: c.ID.String(), Reason: reason}}, nil
}

// TreePurpose is what the scan of a container is for, with which something is done in the tree.
func TreePurpose(container string) string { return purposeTree + "/" + container }

const purposeTree = "tree"

// ScanTree is the scan of a container of this therapy event, whichever, for something to be done with it in the tree. The draft
// is appended whatever came of it.
func (t *TherapyEvent) ScanTree(by ledger.Author, now time.Time, raw string) (ledger.Draft, Match, *ledger.Refusal) {
	draft, match, refusal := t.Scan(by, now, purposeTree, AnyLabel, raw)
	if refusal == nil && !match.Container().IsZero() {
		match.purpose = TreePurpose(match.container.String())
	}
	return draft, match, refusal
}

// Created are the containers that drafts of this package make, in their order.
func Created(drafts []ledger.Draft) []string {
	var out []string
	for _, d := range drafts {
		if c, ok := d.Data.(containerCreated); ok {
			out = append(out, c.ID)
		}
	}
	return out
}

// scanned is the container that a match is of: of this treatment, scanned for the tree by this person just now (I4).
func (t *TherapyEvent) scanned(by ledger.Author, now time.Time, m Match) (*Container, error) {
	c, ok := t.byID[m.container.String()]
	refusal := m.For(t.CoI, TreePurpose(m.container.String()), by.Account, now)
	if refusal != nil || !ok {
		return nil, ledger.Refuse(ledger.Unmet, "I4", "scan-first", "{container} was not scanned at this handoff", "scan the container", "container", m.container.Print())
	}
	return c, nil
}

// workable is a scanned container with which something can be done now.
func (t *TherapyEvent) workable(by ledger.Author, now time.Time, m Match) (*Container, error) {
	c, err := t.scanned(by, now, m)
	if err != nil {
		return nil, err
	}
	switch {
	case c.State == Frozen:
		return nil, ledger.Refuse(ledger.Unmet, "CS-65", "frozen", "{container} is frozen", "thaw it first", "container", c.ID.Print())
	case c.Gone():
		return nil, gone(c)
	}
	return c, nil
}

func gone(c *Container) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "CS-65", "container-gone", "{container} is {state}: nothing is in it any more", "scan a container with material", "container", c.ID.Print(), "state", string(c.State))
}

func measured(q, like quantity.Quantity) bool {
	return !q.IsZero() && q.Unit() == like.Unit() && q.Qualifier() == quantity.Exactly && q.Sign() >= 0
}

func unmeasured(q quantity.Quantity) *ledger.Refusal {
	return ledger.Refuse(ledger.Invalid, "AT-14", "volume", "{got} is no volume here", "enter every volume as a plain number above zero, all in one unit; the waste may be 0", "got", q.String())
}

// within tells whether a difference, of either sign, is no more than the tolerance.
func within(off, tolerance quantity.Quantity) bool {
	if off.Sign() < 0 {
		zero := quantity.New(0, 0, off.Unit())
		positive, err := zero.Sub(off)
		if err != nil {
			return false
		}
		off = positive
	}
	order, err := off.Cmp(tolerance)
	return err == nil && order <= 0
}

// newContainer is the draft of the i-th container that one command makes from a parent.
func (t *TherapyEvent) newContainer(kind Kind, parent *Container, i int, purpose string, volume *quantity.Quantity) (ledger.Draft, string, error) {
	division, err := isbt128.NewDivision(fmt.Sprintf("%c%05d", letter(kind), len(t.Containers)+i+1))
	if err != nil {
		return ledger.Draft{}, "", fmt.Errorf("division of %s: %w", kind, err)
	}
	id, err := isbt128.NewContainerID(parent.ID.DIN(), division)
	if err != nil {
		return ledger.Draft{}, "", fmt.Errorf("container %s: %w", kind, err)
	}
	return ledger.Draft{
		Type:  typeContainer,
		Data:  containerCreated{ID: id.String(), Kind: kind, Parent: parent.ID.String(), Purpose: purpose, Party: parent.Custodian.Party, Volume: volume},
		Takes: []string{claimContainer + id.String()},
	}, id.String(), nil
}

func (t *TherapyEvent) applyDivided(e ledger.Entry) error {
	var d divided
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	c, ok := t.byID[d.Container]
	if !ok {
		return fmt.Errorf("division of unknown container %q", d.Container)
	}
	if d.Left != nil {
		c.Volume = d.Left
		return nil
	}
	zero := quantity.New(0, 0, d.Before.Unit())
	c.State, c.Volume = Emptied, &zero
	return nil
}

func (t *TherapyEvent) applyPooled(e ledger.Entry) error {
	var d pooled
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	into, ok := t.byID[d.Into]
	if !ok {
		return fmt.Errorf("pool into unknown container %q", d.Into)
	}
	into.Pooled = d.From
	for _, id := range d.From {
		c, ok := t.byID[id]
		if !ok {
			return fmt.Errorf("pool of unknown container %q", id)
		}
		zero := quantity.New(0, 0, c.Volume.Unit())
		c.State, c.Volume = Emptied, &zero
	}
	return nil
}

func (t *TherapyEvent) applyState(e ledger.Entry, to State) error {
	var d changed
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	c, ok := t.byID[d.Container]
	if !ok {
		return fmt.Errorf("unknown container %q", d.Container)
	}
	c.State = to
	c.Changes = append(slices.Clip(c.Changes), Turn{To: to, At: e.Time, Seq: e.Seq, Origin: e.Origin})
	return nil
}

// Branch is a container and what was made of it.
type Branch struct {
	*Container
	Depth    int
	Branches []*Branch
}

// Tree is the containers of the therapy event as they came from one another, in order of creation; keep narrows them, and a
// container whose parent is left out begins a tree of its own.
func (t *TherapyEvent) Tree(keep func(*Container) bool) []*Branch {
	nodes := map[string]*Branch{}
	var roots []*Branch
	for _, c := range t.Containers { // a parent was always there before its children
		if keep != nil && !keep(c) {
			continue
		}
		b := &Branch{Container: c}
		nodes[c.ID.String()] = b
		parent, ok := nodes[c.Parent]
		if !ok {
			roots = append(roots, b)
			continue
		}
		b.Depth = parent.Depth + 1
		parent.Branches = append(parent.Branches, b)
	}
	return roots
}

// Lines are the branches of a tree from the top down, each before what was made of it.
func Lines(tree []*Branch) []*Branch {
	var out []*Branch
	for _, b := range tree {
		out = append(append(out, b), Lines(b.Branches)...)
	}
	return out
}
