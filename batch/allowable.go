package batch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/clock"
	"rexbatch/batch/equipment"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// allowable says why something cannot be changed for this batch alone, and fills in what the recipe says of it. A batch
// that is settled takes no change; nor does what keeps patients and persons apart (I4, I5, I7), what is signed (I8), the
// specification (AT-33), and the expiry (scenario 42).
func (b *Batch) allowable(a *Allowance) error {
	err := b.settled()
	if err != nil {
		return err
	}
	a.To = strings.TrimSpace(a.To)
	a.Was, err = b.target(a.Kind, a.Target)
	if err != nil {
		return err
	}
	switch a.Kind {
	case AllowLimit:
		err = b.toLimit(a)
	case AllowTime:
		err = toSpan(a)
	case AllowDevice:
		err = toDevice(a)
	case AllowRepeat:
		a.To = fmt.Sprint(b.Repeats(b.steps[a.Target]) + 1)
	case AllowSkip:
		if a.To != "" {
			err = ledger.Refuse(ledger.Invalid, "AT-5", "allowance-value", "a step is skipped, there is nothing else to enter", "leave the value empty")
		}
	}
	return err
}

// settled says why nothing of the batch is changed any more; nil when it may be.
func (b *Batch) settled() error {
	switch {
	case !b.ClosedAt.IsZero():
		return b.closedAlready()
	case b.Ending != nil:
		return ledger.Refuse(ledger.Unmet, "AT-5", "allowance-ended", "batch {batch} is not made any further ({cause})", "nothing of it is changed any more", "batch", b.Number, "cause", string(b.Ending.Cause))
	case b.certified():
		return ledger.Refuse(ledger.Unmet, "I9", "allowance-certified", "batch {batch} is certified as it was made", "nothing of it is changed any more", "batch", b.Number)
	}
	return nil
}

// target finds what is to be changed, and says what the recipe says of it, or why it is not changed for a batch alone.
func (b *Batch) target(kind AllowanceKind, target string) (was string, err error) {
	switch kind {
	case AllowLimit:
		return b.limitTarget(target)
	case AllowSkip:
		return "", b.skipTarget(target)
	case AllowRepeat:
		return b.repeatTarget(target)
	case AllowTime:
		return b.timeTarget(target)
	case AllowDevice:
		return "", b.deviceTarget(target)
	}
	return "", ledger.Refuse(ledger.Invalid, "AT-5", "allowance-kind", "for one batch a limit, a step, a repetition, a time limit or a device can be changed, not {got}", "choose one of them, or have a version of the recipe approved", "got", string(kind))
}

// Allowable is what could be changed for this batch alone now, in order of kind and recipe: nothing for a settled batch.
func (b *Batch) Allowable() []Allowance {
	if b.settled() != nil {
		return nil
	}
	var out []Allowance
	add := func(kind AllowanceKind, target string) {
		was, err := b.target(kind, target)
		if err == nil {
			out = append(out, Allowance{Kind: kind, Target: target, Was: was})
		}
	}
	for _, s := range b.order {
		for _, f := range s.FieldsAt(b.Site) {
			add(AllowLimit, f.Ref())
			add(AllowDevice, f.Ref())
		}
	}
	for _, kind := range []AllowanceKind{AllowSkip, AllowRepeat} {
		for _, s := range b.order {
			add(kind, s.ID)
		}
	}
	for _, c := range b.Recipe.Clocks {
		add(AllowTime, c.ID)
	}
	return out
}

// never refuses a change of what the batch has to keep, and names the rule.
func never(rule, target, why string) *ledger.Refusal {
	return ledger.Refuse(ledger.Forbidden, rule, "allowance-never", "{target} is not changed for one batch: {why}", "make the batch as the recipe says, or have a version of the recipe approved", "target", target, "why", why)
}

// kept says by which rule a step is done as the recipe says in every batch; nil when none does.
func (b *Batch) kept(s *mbr.Step, target string) *ledger.Refusal {
	switch {
	case s.Is("coi-check"):
		return never("I4", target, "identity-check")
	case s.Is("label-recon"), slices.ContainsFunc(s.Fields, func(f *mbr.Field) bool { return f.Captured == mbr.FromLedger }):
		return never("LB-1", target, "label-reconciliation")
	case s.Line != "":
		return never("I5", target, "line-clearance")
	case s.Act != "":
		return never("I8", target, "signature")
	case s.Blind:
		return never("I11", target, "blinded")
	case !b.beforeCertification(s.ID) || s.Closing:
		return never("I9", target, "after-certification")
	}
	return nil
}

func (b *Batch) limitTarget(target string) (string, error) {
	f, ok := b.Recipe.FieldAt(target, b.Site)
	if !ok {
		return "", b.unknownTarget(target)
	}
	st := b.steps[f.Step]
	if f.Limit.IsZero() {
		return "", ledger.Refuse(ledger.Invalid, "AT-5", "allowance-no-limit", "{target} has no limit in the recipe", "nothing has to be changed", "target", target)
	}
	if b.specified(f) {
		return "", never("AT-33", target, "specification")
	}
	if refusal := b.kept(st.Step, target); refusal != nil {
		return "", refusal
	}
	if st.Finished() {
		return "", b.tooLate(st, target)
	}
	return b.LimitOf(f).Source(), nil
}

func (b *Batch) unknownTarget(target string) error {
	return ledger.Refuse(ledger.Missing, "AT-5", "allowance-target", "{target} is nothing of the recipe at {site}", "choose from the list", "target", target, "site", b.Site)
}

func (b *Batch) toLimit(a *Allowance) error {
	f, _ := b.Recipe.FieldAt(a.Target, b.Site)
	limit, err := quantity.ParseLimit(a.To, f.Unit)
	if err != nil {
		return fmt.Errorf("%s: %w", a.Target, err)
	}
	now := b.LimitOf(f)
	if limit.Source() == now.Source() {
		return ledger.Refuse(ledger.Invalid, "AT-5", "allowance-same", "{target} already is {limit}", "nothing has to be changed", "target", a.Target, "limit", now.String())
	}
	if !limit.Bounds(now) {
		return ledger.Refuse(ledger.Invalid, "AT-5", "allowance-open", "{limit} leaves a side open that {was} bounds", "give a limit for each side that the recipe bounds", "limit", limit.String(), "was", now.String())
	}
	a.To = limit.Source()
	return nil
}

func (b *Batch) tooLate(st *StepState, target string) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "AT-5", "allowance-late", "step {step} is {status}: {target} is not changed afterwards", "let QA assess what happened", "step", st.Step.ID, "status", string(st.Status), "target", target)
}

func (b *Batch) skipTarget(target string) error {
	st, err := b.step(target)
	if err != nil {
		return err
	}
	s := st.Step
	if refusal := b.kept(s, target); refusal != nil {
		return refusal
	}
	switch {
	case s.Is("blocking"):
		return never("CS-65", target, "blocking")
	case s.Gate != nil:
		return never("CS-65", target, "decision")
	case s.Second != nil:
		return never("I7", target, "second-person")
	case s.Custody != nil:
		return never("I6", target, "custody")
	case len(s.Creates) > 0, len(s.Relabels) > 0:
		return never("I6", target, "containers")
	}
	if reader := b.reads(s); reader != "" {
		return ledger.Refuse(ledger.Forbidden, "AT-55", "allowance-needed", "step {step} is not skipped: {reader} rests on it", "change its limits instead", "step", s.ID, "reader", reader)
	}
	if st.Status != Waiting {
		return b.tooLate(st, target)
	}
	return nil
}

// reads is what of the record rests on a field of a step: a computed value or a condition elsewhere, a clock that it ends,
// the specification, a split. Empty when nothing does.
func (b *Batch) reads(s *mbr.Step) string {
	of := func(refs []string) bool {
		return slices.ContainsFunc(refs, func(ref string) bool { return stepOf(ref) == s.ID })
	}
	for _, c := range b.Recipe.Clocks {
		if c.Applies(b.Site) && stepOf(c.To) == s.ID {
			return c.ID
		}
	}
	if r := b.Recipe.Split; r != nil && (r.After == s.ID || stepOf(r.Volume) == s.ID) {
		return "split"
	}
	for ref := range b.Spec.Fields() {
		if stepOf(ref) == s.ID {
			return "specification"
		}
	}
	for _, other := range b.order {
		if other == s || !other.Applies(b.Site) {
			continue
		}
		if other.When != nil && of(other.When.References()) {
			return other.ID
		}
		for _, f := range other.FieldsAt(b.Site) {
			if of(f.Reads()) {
				return f.Ref()
			}
		}
	}
	return ""
}

// stepOf is the step of a reference such as "S21.rcf" or "S21@started".
func stepOf(ref string) string {
	step, _, _ := strings.Cut(strings.Replace(ref, "@", ".", 1), ".")
	return step
}

func (b *Batch) repeatTarget(target string) (string, error) {
	st, err := b.step(target)
	if err != nil {
		return "", err
	}
	if refusal := b.kept(st.Step, target); refusal != nil {
		return "", refusal
	}
	if st.Step.Repeat == nil {
		return "", ledger.Refuse(ledger.Forbidden, "AT-14", "no-repeat", "the recipe does not allow step {step} to be repeated", "let it continue, or have QA hold the batch", "step", target)
	}
	if st.Finished() || st.Status == ToVerify {
		return "", b.tooLate(st, target)
	}
	return fmt.Sprint(b.Repeats(st)), nil
}

// Repeats is how often a step may be repeated in this batch; never where the recipe does not let it.
func (b *Batch) Repeats(st *StepState) int {
	if st.Step.Repeat == nil {
		return 0
	}
	times := st.Step.Repeat.Times
	for _, a := range b.Allowances {
		if a.InForce() && a.Kind == AllowRepeat && a.Target == st.Step.ID {
			times++
		}
	}
	return times
}

// maxSpan bounds a time limit: longer than any clock of a product that lives two days.
const maxSpan = 30 * 24 * time.Hour

func (b *Batch) timeTarget(target string) (string, error) {
	timers := b.Timers(b.last)
	i := slices.IndexFunc(timers, func(t Timer) bool { return t.Of.ID == target })
	if i < 0 {
		return "", b.unknownTarget(target)
	}
	t := timers[i]
	if b.limitsExpiry(t.Of) {
		return "", never("I10", target, "expiry")
	}
	to := b.steps[stepOf(t.Of.To)]
	if to == nil || !b.beforeCertification(to.Step.ID) || to.Step.Closing {
		return "", never("I9", target, "after-certification")
	}
	if t.State == clock.Stopped || t.State == clock.StoppedLate {
		return "", ledger.Refuse(ledger.Unmet, "AT-5", "allowance-clock-ended", "{target} has ended", "let QA assess what happened", "target", target)
	}
	return written(t.Clock.Limit), nil
}

func toSpan(a *Allowance) error {
	span, err := spanOf(a.To)
	if err != nil {
		return ledger.Refuse(ledger.Invalid, "AT-5", "allowance-span", "{got} is no time such as \"90 min\" or \"26 h\"", "enter a number and min or h", "got", a.To)
	}
	was, err := spanOf(a.Was)
	if err != nil {
		return err
	}
	if span <= was || span > maxSpan {
		return ledger.Refuse(ledger.Invalid, "AT-5", "allowance-longer", "{got} is not longer than {was}", "enter the whole time that is allowed, at most 720 h", "got", a.To, "was", a.Was)
	}
	a.To = written(span)
	return nil
}

// limitsExpiry tells whether a clock runs as the product's expiry does: by a parameter from which the expiry is computed.
func (b *Batch) limitsExpiry(c mbr.Clock) bool {
	f, ok := b.Recipe.FieldAt(expiryRef, b.Site)
	return ok && slices.Contains(f.Reads(), c.Limit)
}

// spanOf reads "90 min" or "26 h".
func spanOf(text string) (time.Duration, error) {
	q, err := mbr.ParseAmount(text)
	if err != nil {
		return 0, err
	}
	return q.Duration()
}

// deviceTarget is a field of a step still to be done that names a device.
func (b *Batch) deviceTarget(target string) error {
	f, ok := b.Recipe.FieldAt(target, b.Site)
	if !ok || f.Type != mbr.TypeDevice || f.Device == "" {
		return b.unknownTarget(target)
	}
	st := b.steps[f.Step]
	if refusal := b.kept(st.Step, target); refusal != nil {
		return refusal
	}
	if st.Finished() {
		return b.tooLate(st, target)
	}
	return nil
}

func toDevice(a *Allowance) error {
	id, err := equipment.ParseID(a.To)
	if err != nil {
		return err
	}
	a.To = string(id)
	return nil
}

// mayBeDue tells whether QA approved that a device is used in a field though its calibration is due.
func (b *Batch) mayBeDue(field string, id equipment.ID) bool {
	return slices.ContainsFunc(b.Allowances, func(a *Allowance) bool {
		return a.InForce() && a.Kind == AllowDevice && a.Target == field && a.To == string(id)
	})
}

// written is a time limit in minutes, or in hours where it is whole ones.
func written(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

// LimitOf is the limit that a field has in this batch now.
func (b *Batch) LimitOf(f *mbr.Field) quantity.Limit {
	if allowed := b.allowedLimit(f); !allowed.IsZero() {
		return allowed
	}
	return f.Limit
}

// allowedLimit is the limit that an allowance sets in place of the recipe's; none when there is no such allowance.
func (b *Batch) allowedLimit(f *mbr.Field) quantity.Limit {
	for _, a := range slices.Backward(b.Allowances) {
		if a.InForce() && a.Kind == AllowLimit && a.Target == f.Ref() {
			return a.limit
		}
	}
	return quantity.Limit{}
}

// limitOf is the limit by which a value of a field is judged: the one that was in force when it was captured.
func (b *Batch) limitOf(f *mbr.Field, c Captured) quantity.Limit {
	if c.Version == 0 { // not captured yet
		return b.LimitOf(f)
	}
	if !c.Limit.IsZero() {
		return c.Limit
	}
	return f.Limit
}

// Judging is a field as it is judged in this batch: the recipe's own, or a copy with the limit that an allowance set. The
// recipe itself is never altered.
func (b *Batch) Judging(f *mbr.Field) *mbr.Field {
	limit := b.JudgedBy(f)
	if limit == f.Limit {
		return f
	}
	judged := *f
	judged.Limit = limit
	return &judged
}

// JudgedBy is the limit by which the current value of a field is judged, or will be.
func (b *Batch) JudgedBy(f *mbr.Field) quantity.Limit {
	if st, ok := b.steps[f.Step]; ok {
		if c, has := st.Fields[f.ID].Current(); has {
			return b.limitOf(f, c)
		}
	}
	return b.LimitOf(f)
}

// extended is a clock's limit in this batch: longer where QA allowed it before the clock ended.
func (b *Batch) extended(id string, limit time.Duration, ended time.Time) time.Duration {
	for _, a := range b.Allowances {
		if a.InForce() && a.Kind == AllowTime && a.Target == id && (ended.IsZero() || !ended.Before(a.ApprovedAt)) {
			limit = a.span
		}
	}
	return limit
}
