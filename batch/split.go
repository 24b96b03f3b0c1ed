package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// split says that a batch goes on as several, each with its own record and clocks (scenario 7).
type split struct {
	Children []string            `json:"children"`
	Shares   []quantity.Quantity `json:"shares"`
	Waste    quantity.Quantity   `json:"waste"`
	Reason   string              `json:"reason"`
}

// inherited is what a batch that was split from another one takes over: everything up to the split, with the persons,
// times and entries of the record it comes from.
type inherited struct {
	Steps      []inheritedStep      `json:"steps"`
	Allowances []inheritedAllowance `json:"allowances,omitempty"`
	Proofs     []inheritedProof     `json:"proofs,omitempty"`
	Hands      []string             `json:"hands"` // everybody who performed or verified a step: none of them reviews or certifies
}

type inheritedStep struct {
	Step      string            `json:"step"`
	Status    Status            `json:"status"`
	Performer string            `json:"performer,omitempty"`
	Started   time.Time         `json:"started,omitzero"`
	Completed time.Time         `json:"completed,omitzero"`
	Hands     []string          `json:"hands,omitempty"`
	Scanned   bool              `json:"second_scanned,omitempty"`
	Values    []inheritedValue  `json:"values,omitempty"`
	Unscanned *inheritedAbsence `json:"unscanned,omitempty"`
	Risks     []Risk            `json:"risks,omitempty"`
	Lots      []LotUse          `json:"lots,omitempty"`    // of another plant: those of this one are found in the batch that was split
	Devices   []DeviceUse       `json:"devices,omitempty"` // likewise
}

// inheritedAbsence is that nothing was scanned in a step before the split: it is proven by whatever covers it there.
type inheritedAbsence struct {
	Reason  string    `json:"reason"`
	Done    time.Time `json:"done"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Entry   uint64    `json:"entry"`
	Version uint64    `json:"version"` // of the batch that was split
}

type inheritedProof struct {
	Proof Proof     `json:"proof"`
	At    time.Time `json:"at"`
	Entry uint64    `json:"entry"`
}

type inheritedValue struct {
	Field  string         `json:"field"`
	Value  Value          `json:"value"`
	Source Origin         `json:"source"`
	By     string         `json:"by"`
	Role   string         `json:"role"`
	At     time.Time      `json:"at"`
	Entry  uint64         `json:"entry"`
	Ref    string         `json:"ref,omitempty"`  // where it stands, of a value from another plant's log
	Limit  quantity.Limit `json:"limit,omitzero"` // by which it is judged in place of the recipe's

	Ground  Ground   `json:"ground,omitempty"`  // why it replaced a failed result
	Reason  string   `json:"reason,omitempty"`  // of such a correction
	Doubted []string `json:"doubted,omitempty"` // devices whose control failed after they gave it
}

// maxShares bounds a split.
const maxShares = 6

// MaySplit says why a batch cannot be split into shares now. The shares, the samples taken before and the waste have to
// be the volume that was there, within the tolerance of the recipe.
func (b *Batch) MaySplit(by ledger.Author, shares []quantity.Quantity, waste quantity.Quantity) error {
	rule := b.Recipe.Split
	if rule == nil {
		return ledger.Refuse(ledger.Unmet, "AT-14", "no-split", "the recipe does not allow batch {batch} to be split", "go on with it as one", "batch", b.Number)
	}
	role := people.Role(by.Role)
	if role != people.ProductionLead && role != people.QA {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-split", "a batch is split by the production lead or QA, not by {role}", "call the production lead", "role", by.Role)
	}
	err := b.mayPassOn()
	if err != nil {
		return err
	}
	found, _ := b.Exceptions()
	if i := slices.IndexFunc(found, Exception.Open); i >= 0 {
		return ledger.Refuse(ledger.Unmet, "AT-59", "split-open-exception", "exception {id} is not assessed: a batch is split when nothing is open that its children would not know", "QA assesses it first", "id", found[i].ID)
	}
	for _, d := range b.Deviations {
		if !b.Closed(d) {
			return ledger.Refuse(ledger.Unmet, "AT-59", "deviation-open", "deviation {deviation} is not closed: {what}", "QA assesses it as minor, or approves its investigation", "deviation", d.Number, "what", d.What)
		}
	}
	after, current := b.steps[rule.After], b.atStep()
	if b.Ending != nil || after == nil || after.Status != Done || current == nil || current.Status != Waiting || !b.follows(current.Step, after.Step) {
		return ledger.Refuse(ledger.Unmet, "CS-65", "not-at-split", "batch {batch} can be split when step {step} is done and the next one is not begun", "finish {step} first", "batch", b.Number, "step", rule.After)
	}
	if len(shares) < 2 || len(shares) > maxShares {
		return ledger.Refuse(ledger.Invalid, "AT-14", "shares", "a batch is split into 2 to 6 shares, not into {n}", "enter the volume of each share", "n", fmt.Sprint(len(shares)))
	}
	whole, _ := b.Value(rule.Volume)
	volume, ok := whole.Value.Quantity()
	if !ok {
		return ledger.Refuse(ledger.Unmet, "AT-55", "no-volume", "{field} holds no volume to split", "record it first", "field", rule.Volume)
	}
	for _, q := range append(slices.Clone(shares), waste) {
		if q.Unit() != volume.Unit() || q.Qualifier() != quantity.Exactly || q.Sign() < 0 {
			return ledger.Refuse(ledger.Invalid, "AT-14", "split-volume", "{got} is no volume in {unit}", "enter volumes as plain numbers in {unit}", "got", q.String(), "unit", string(volume.Unit()))
		}
	}
	for _, s := range shares {
		if s.Sign() <= 0 {
			return ledger.Refuse(ledger.Invalid, "AT-14", "empty-share", "a share of {share} is no share", "enter a volume above zero", "share", s.String())
		}
	}
	sum, balanced, err := balance(rule, volume, shares, waste)
	if err != nil {
		return err
	}
	if !balanced {
		return ledger.Refuse(ledger.Unmet, "AT-14", "split-balance", "shares and waste make {sum}, there are {volume}; they may differ by {tolerance}", "weigh again", "sum", sum.String(), "volume", volume.String(), "tolerance", rule.Tolerance)
	}
	return nil
}

// mayPassOn holds that nothing stands against a batch which the record that goes on from it would not know.
func (b *Batch) mayPassOn() error {
	if h, ok := b.Held(); ok {
		return ledger.Refuse(ledger.Unmet, "AT-59", "batch-held", "batch {batch} is held ({cause}): {what}", "QA has to let it go on", "batch", b.Number, "cause", string(h.Cause), "what", h.What)
	}
	if out := b.PacksOut(); len(out) > 0 {
		return ledger.Refuse(ledger.Unmet, "CS-21", "pack-out", "paper pack {serial} of batch {batch} has not come back", "enter late what stands on it, and take it back", "serial", out[0].Serial, "batch", b.Number)
	}
	if len(b.Unproven()) > 0 {
		return ledger.Refuse(ledger.Unmet, "AT-11", "split-unproven", "the identity of batch {batch} is not proven, and the record that goes on from it would not know", "QA signs the proof first", "batch", b.Number)
	}
	return nil
}

// balance adds shares and waste up, and tells whether they are the volume within the tolerance of the recipe.
func balance(rule *mbr.Split, volume quantity.Quantity, shares []quantity.Quantity, waste quantity.Quantity) (sum quantity.Quantity, balanced bool, err error) {
	sum = waste
	for _, s := range shares {
		sum, err = sum.Add(s)
		if err != nil {
			return sum, false, fmt.Errorf("sum of shares: %w", err)
		}
	}
	tolerance, err := mbr.ParseAmount(rule.Tolerance)
	if err != nil {
		return sum, false, fmt.Errorf("tolerance of the split: %w", err)
	}
	difference, err := volume.Sub(sum)
	if err == nil && difference.Sign() < 0 {
		difference, err = sum.Sub(volume)
	}
	if err != nil {
		return sum, false, fmt.Errorf("balance of the split: %w", err)
	}
	over, err := difference.Cmp(tolerance)
	if err != nil {
		return sum, false, fmt.Errorf("balance of the split: %w", err)
	}
	return sum, over <= 0, nil
}

// follows tells whether a step is the first one of the plant after another.
func (b *Batch) follows(s, after *mbr.Step) bool {
	i := slices.Index(b.order, after)
	for _, next := range b.order[i+1:] {
		if b.steps[next.ID].Status != NotApplicable {
			return next == s
		}
	}
	return false
}

func (b *Batch) atStep() *StepState {
	st, _ := b.Current()
	return st
}

// estate is what a record that goes on from this one takes over; a child of a split has its share in place of the whole volume.
func (b *Batch) estate(share *quantity.Quantity) inherited {
	d := inherited{Hands: slices.Sorted(maps.Keys(b.hands)), Allowances: b.inheritance()}
	for _, p := range b.Proofs {
		signed := *p
		signed.Batch = cmp.Or(p.Batch, b.Number)
		d.Proofs = append(d.Proofs, inheritedProof{Proof: signed, At: p.At, Entry: p.Seq})
	}
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Status != Done {
			continue
		}
		is := inheritedStep{Step: s.ID, Status: st.Status, Performer: st.Performer, Started: st.StartedAt, Completed: st.CompletedAt, Scanned: st.SecondScanned}
		for who := range st.hands {
			is.Hands = append(is.Hands, who)
		}
		slices.Sort(is.Hands)
		for _, f := range s.FieldsAt(b.Site) {
			is.Values = append(is.Values, b.bequeathed(st, f, share)...)
		}
		is.Risks = st.Risks
		if a := st.Unscanned; a != nil {
			is.Unscanned = &inheritedAbsence{Reason: a.Reason, Done: a.Done, By: a.By, At: a.At, Entry: a.Seq, Version: a.Version}
		}
		d.Steps = append(d.Steps, is)
	}
	return d
}

// bequeathed is the value of a field that a child takes over: with those before it where one replaced a failed result, so that it
// stays known as one that once failed (AT-33).
func (b *Batch) bequeathed(st *StepState, f *mbr.Field, share *quantity.Quantity) []inheritedValue {
	state := st.Fields[f.ID]
	current, ok := state.Current()
	if !ok {
		return nil
	}
	values := []Captured{current}
	if history := state.attempt(); slices.ContainsFunc(history, func(c Captured) bool { return c.Ground != "" }) {
		values = history
	}
	var out []inheritedValue
	for _, c := range values {
		v := inheritedValue{Field: f.ID, Value: c.Value, Source: c.Origin, By: c.By, Role: c.Role, At: c.At, Entry: c.Seq, Limit: c.Limit, Ground: c.Ground, Doubted: st.doubted(f.ID, c)}
		if share == nil { // it goes to another plant, with where it was taken from
			v.Ref = c.Ref
		}
		if share != nil && f.Ref() == b.Recipe.Split.Volume {
			v.Value = Value{Number: share}
		}
		if len(values) > 1 {
			v.Reason = c.Reason
		}
		out = append(out, v)
	}
	return out
}

func (b *Batch) applySplit(e ledger.Entry, d split) error {
	b.chainOpen(e)
	b.Children, b.Shares, b.Waste = d.Children, d.Shares, d.Waste
	b.Ending = &Ending{Cause: EndSplit, Reason: d.Reason, By: e.Author.Account, At: e.Time, Seq: e.Seq}
	b.end()
	for _, s := range b.order { // the record of the whole ends here: its children close their own
		if st := b.steps[s.ID]; st.Status == Waiting {
			st.Status = Cancelled
		}
	}
	return nil
}

func (b *Batch) applyInherited(e ledger.Entry, d inherited) error {
	b.chain(e)
	for _, who := range d.Hands {
		b.hands[who] = true
	}
	for _, is := range d.Steps {
		st, ok := b.steps[is.Step]
		if !ok {
			return fmt.Errorf("unknown step %q", is.Step)
		}
		st.Status, st.Performer, st.StartedAt, st.CompletedAt = is.Status, is.Performer, is.Started, is.Completed
		st.Inherited, st.SecondScanned = true, is.Scanned
		for _, who := range is.Hands {
			st.hands[who] = true
		}
		for _, v := range is.Values {
			f, ok := st.Fields[v.Field]
			if !ok {
				return fmt.Errorf("step %s has no field %q", is.Step, v.Field)
			}
			f.Values = append(f.Values, Captured{Value: v.Value, Origin: v.Source, By: v.By, Role: v.Role, At: v.At, Seq: v.Entry, Version: e.Version, Ref: v.Ref, Limit: v.Limit, Ground: v.Ground, Reason: v.Reason})
			if v.Ref != "" { // its position is one of the other log: here it stands in this entry
				f.Values[len(f.Values)-1].Seq = e.Seq
			}
			for _, device := range v.Doubted { // what replaces it comes later, and is not doubted by this
				st.uncontrolled = append(st.uncontrolled, failedControl{device: device, field: v.Field, version: e.Version + 1})
			}
		}
		st.Risks = is.Risks
		st.Lots, st.Devices = append(st.Lots, is.Lots...), append(st.Devices, is.Devices...)
		if a := is.Unscanned; a != nil {
			st.Unscanned = &Absence{Reason: a.Reason, Done: a.Done, By: a.By, At: a.At, Seq: a.Entry, Version: a.Version}
		}
	}
	for _, p := range d.Proofs {
		proof := p.Proof
		proof.At, proof.Seq = p.At, p.Entry
		b.Proofs = append(b.Proofs, &proof)
	}
	return b.inherit(d.Allowances)
}

// Split lets a batch go on as several, each with its own number, record and clocks (scenario 7).
func (k *Book) Split(ctx context.Context, by ledger.Author, number string, seen Seen, shares []quantity.Quantity, waste quantity.Quantity, reason string) ([]string, error) {
	reason, err := reasonOf("AT-14", reason)
	if err != nil {
		return nil, err
	}
	var children []string
	err = k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		err := b.MaySplit(by, shares, waste)
		if err != nil {
			return change{}, err
		}
		children = nil
		c := change{views: map[string][]byte{}}
		series, n, year, err := k.nextNumber(ctx)
		if err != nil {
			return change{}, err
		}
		issue := ledger.StreamAppend{Stream: series, Expected: n - 1}
		for i, share := range shares {
			child, err := batchNumber(k.Prefix, year, n+uint64(i))
			if err != nil {
				return change{}, err
			}
			children = append(children, child)
			issue.Drafts = append(issue.Drafts, chainofcustody.Issue(series, n+uint64(i), child).Drafts...)
			drafts := []ledger.Draft{
				opening(opened{
					Number: child, CoI: b.CoI.String(), Subject: b.Subject, Site: b.Site, Recipe: b.Recipe.Digest, Version: b.Recipe.Version, Spec: b.Spec.Digest,
					Parent: number, Harvest: b.Harvest,
				}),
				{Type: typeInherited, Data: b.estate(&share)},
			}
			views, err := k.begun(by, drafts)
			if err != nil {
				return change{}, err
			}
			for key, doc := range views {
				c.views[key] = doc
			}
			c.streams = append(c.streams, ledger.StreamAppend{Stream: Stream(child), Drafts: drafts})
		}
		c.streams = append(c.streams, issue)
		c.batch = []ledger.Draft{{Type: typeSplit, Data: split{Children: children, Shares: shares, Waste: waste, Reason: reason}}}
		return c, nil
	})
	return children, err
}

// carry takes a correction of a batch that was split over into the batches that were split from it, in the same append.
// Their shares were measured and stay; when the corrected volume is not that of the shares any more, that is an exception of
// each.
func (k *Book) carry(ctx context.Context, by ledger.Author, b *Batch, field *mbr.Field, v Value, drafts []ledger.Draft, c *change) error {
	if len(b.Children) == 0 {
		return nil
	}
	after := b.clone()
	err := k.provisional(after, by, k.Clock(), drafts)
	if err != nil {
		return err
	}
	off, err := after.imbalance()
	if err != nil {
		return err
	}
	was, err := b.imbalance()
	if err != nil {
		return err
	}
	var news []ledger.Draft
	if off != "" && off != was {
		news = []ledger.Draft{{Type: typeFloor, Data: floorException{Class: Implausible, Step: b.Recipe.Split.After, Ref: b.Number, What: off}}}
		c.batch = append(c.batch, news...)
	}
	return k.toChildren(ctx, by, b, c, func(child *Batch) []ledger.Draft {
		if child.isShare(field) {
			return news
		}
		return slices.Concat(drafts[:1], child.recompute(field.Ref(), v), news)
	})
}

// toChildren adds to a change what the batches that were split from this one learn of it.
func (k *Book) toChildren(ctx context.Context, by ledger.Author, b *Batch, c *change, draft func(*Batch) []ledger.Draft) error {
	if len(b.Children) == 0 {
		return nil
	}
	streams, views, err := k.tell(ctx, by, b.Children, draft)
	if err != nil {
		return err
	}
	c.streams = append(c.streams, streams...)
	if c.views == nil {
		c.views = map[string][]byte{}
	}
	maps.Copy(c.views, views)
	return nil
}

// imbalance says how the volume of a batch that was split is not that of its shares; empty while it is.
func (b *Batch) imbalance() (string, error) {
	rule := b.Recipe.Split
	c, _ := b.Value(rule.Volume)
	volume, ok := c.Value.Quantity()
	if !ok {
		return "the volume before the split is not known any more", nil
	}
	sum, balanced, err := balance(rule, volume, b.Shares, b.Waste)
	if err != nil || balanced {
		return "", err
	}
	return fmt.Sprintf("shares and waste make %s, there were %s", sum, volume), nil
}

// Further is why a patient who has a batch is harvested again (scenario 5).
type Further string

// The purposes of a further harvest.
const (
	Replaces    Further = "replace"
	Supplements Further = "supplement"
	CrossesOver Further = "cross-over"
)

// OpenFurther opens the batch of a further harvest under the same Chain of Identity: with its own DIN and number, the
// first batch visible beside it, never merged with it (AT-1). It needs a signed decision.
func (k *Book) OpenFurther(ctx context.Context, by ledger.Author, coi isbt128.CoI, why Further, reason string, sign Signer) (string, error) {
	if !people.Role(by.Role).May(people.OpenOrder) {
		return "", ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-order", "the role {role} does not order treatments", "the hospital's coordinator orders", "role", by.Role)
	}
	if !slices.Contains([]Further{Replaces, Supplements, CrossesOver}, why) {
		return "", ledger.Refuse(ledger.Invalid, "AT-1", "further-purpose", "a further harvest replaces, supplements or is for cross-over, not {got}", "choose one of them", "got", string(why))
	}
	reason, err := reasonOf("AT-1", reason)
	if err != nil {
		return "", err
	}
	event, err := k.Custody.Load(ctx, coi)
	if err != nil {
		return "", err
	}
	first, err := k.batchesOf(ctx, coi)
	if err != nil {
		return "", err
	}
	for _, number := range first {
		b, err := k.Load(ctx, number)
		if err == nil {
			err = b.here()
		}
		if err != nil {
			return "", err
		}
	}
	if len(first) == 0 || len(event.Donations) == 0 {
		return "", ledger.Refuse(ledger.Unmet, "AT-1", "no-first-harvest", "nothing was harvested under {coi} yet", "go on with its batch", "coi", coi.Print())
	}
	decision, err := (Shown{CoI: coi.String(), Step: "further-harvest", Values: []ShownValue{{Field: string(why), Value: reason}}}).Digest()
	if err != nil {
		return "", err
	}
	signed, err := sign(ctx, people.Performed, decision)
	if err != nil {
		return "", err
	}
	err = errors.Join(own(by, signed), signed.For(people.Performed, decision))
	if err != nil {
		return "", err
	}
	signature := signed.Signature()
	var number string
	_, err = ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		event, err := k.Custody.Load(ctx, coi)
		if err != nil {
			return ledger.Append{}, err
		}
		series, n, year, err := k.nextNumber(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		number, err = batchNumber(k.Prefix, year, n)
		if err != nil {
			return ledger.Append{}, err
		}
		recipe, pin, err := k.pin(ctx)
		if err != nil {
			return ledger.Append{}, err
		}
		file, _ := k.Library.File(recipe.Digest)
		spec, _ := k.Library.File(k.Spec.Digest)
		open := opening(opened{
			Number: number, CoI: coi.String(), Subject: event.Subject, Site: k.Site, Recipe: recipe.Digest, Version: recipe.Version, Spec: k.Spec.Digest,
			Harvest: len(event.Donations) + 1, Further: why, Reason: reason, Decision: &signature,
		})
		open.Takes = append(open.Takes, fmt.Sprintf("harvest/%s/%d", coi, len(event.Donations)+1))
		values, err := k.prefill(recipe, Order{Subject: event.Subject})
		if err != nil {
			return ledger.Append{}, err
		}
		drafts := append([]ledger.Draft{open}, values...)
		views, err := k.begun(by, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		return ledger.Append{Author: by, Blobs: [][]byte{file, spec}, Views: views, Within: pin.Within, Streams: append([]ledger.StreamAppend{
			chainofcustody.Issue(series, n, number),
			{Stream: Stream(number), Drafts: drafts},
			{Stream: chainofcustody.Stream(coi), Expected: event.Version},
		}, pin.Guards...)}, nil
	})
	return number, err
}

// batchesOf are the numbers of all batches of a therapy event at this plant, in order of number.
func (k *Book) batchesOf(ctx context.Context, coi isbt128.CoI) ([]string, error) {
	var out []string
	for w, err := range k.Worklists(ctx) {
		if err != nil {
			return nil, fmt.Errorf("batches of %s: %w", coi, err)
		}
		if w.CoI == coi.String() {
			out = append(out, w.Number)
		}
	}
	return out, nil
}

// Beside are the numbers of the other batches of the same therapy event.
func (k *Book) Beside(ctx context.Context, b *Batch) ([]string, error) {
	all, err := k.batchesOf(ctx, b.CoI)
	return slices.DeleteFunc(all, func(n string) bool { return n == b.Number }), err
}

// mine tells whether the batch works on a container: its own, or of the batch it was split from.
func (b *Batch) mine(c *chainofcustody.Container) bool {
	return c.Batch() == b.Number || b.Parent != "" && c.Batch() == b.Parent && !strings.Contains(c.Purpose, "#")
}

// own turns a match of a container that is the same patient's, but not this batch's, into a mismatch (AT-11).
func (b *Batch) own(t *chainofcustody.TherapyEvent, m chainofcustody.Match, mismatch *ledger.Refusal) (chainofcustody.Match, *ledger.Refusal) {
	if m.IsZero() || m.Container().IsZero() {
		return m, mismatch
	}
	c, ok := t.Container(m.Container().String())
	if !ok || b.mine(c) && b.counts(c) || b.identifies(c, m) {
		return m, mismatch
	}
	return chainofcustody.Match{}, ledger.Refuse(ledger.Stop, "I4", "other-batch", "STOP: {got} belongs to {other}, not to batch {want}", "put it aside and scan the right container", "got", c.ID.Print(), "other", c.Purpose, "want", b.Number, "why", "another batch")
}
