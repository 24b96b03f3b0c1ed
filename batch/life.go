package batch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Hold keeps a batch from being worked on until QA lets it go on.
type Hold struct {
	ID     string
	Cause  HoldCause
	Step   string // at whose gate it was decided
	Ref    string // the lot or the device
	What   string
	By     string
	At     time.Time
	Seq    uint64
	LetGo  string        // account that let the batch go on; empty while the hold stands
	LetAt  time.Time     // when it did
	Reason string        // why it may go on
	Read   []HoldReading // who was told of it and has read it: an incident of identity
}

// HoldCause is why a batch is held.
type HoldCause string

// The causes of a hold.
const (
	HoldGate     HoldCause = "gate"     // decided at a gate
	HoldLot      HoldCause = "lot"      // a lot that it was made with was blocked (scenario 24)
	HoldDevice   HoldCause = "device"   // a device that worked on it or measured it failed a check (scenarios 23 and 33)
	HoldIdentity HoldCause = "identity" // material of another patient was taken for this one's (scenario 1)
	HoldDecided  HoldCause = "decided"  // by QA or the production lead

	HoldTransport HoldCause = "transport" // what was wrong at the receipt of its material (AT-12)
	// HoldExcursion lets the control of the start material be done, whose viability QA has to see before deciding
	// (TR-2, scenario 17).
	HoldExcursion HoldCause = "excursion"
	// HoldUnproven lets the control of the start material be done; QA lets the batch go on at risk (AT-11, scenario 4).
	HoldUnproven HoldCause = "unproven"
	HoldRecall   HoldCause = "recall" // its certificate was recalled: nobody lets it go on (AT-57)
)

// Ending is how a batch stops being made before its recipe is at its end.
type Ending struct {
	Cause     EndCause
	Step      string // at whose gate it was rejected
	Reason    string
	By        string
	At        time.Time
	Seq       uint64
	Effective bool // false until the next safe step is done: nothing is left half way
	// Consent is what may be done with the material beside destroying it; nil where nobody said (scenarios 47 and 48).
	Consent []Disposition
}

// EndCause is why a batch is not made any further.
type EndCause string

// The causes of an ending.
const (
	EndRejected  EndCause = "rejected"
	EndWithdrawn EndCause = "patient-withdrew" // scenario 47
	EndDied      EndCause = "patient-died"     // scenario 48
	EndFailed    EndCause = "failed"           // nothing usable came of it
	EndSplit     EndCause = "split"            // it goes on as the batches that were split from it
	EndSwitched  EndCause = "plant-switched"   // it goes on at another plant (scenario 53)
	EndCancelled EndCause = "order-cancelled"  // before anything was collected
)

// Disposal is what was done with a container whose batch has ended.
type Disposal struct {
	Container string
	How       Disposition
	Reason    string
	By        string
	At        time.Time
	Seq       uint64
}

// Disposition is what becomes of material that is not used.
type Disposition string

// The dispositions of material.
const (
	Destroyed Disposition = "destroyed"
	Retained  Disposition = "retained"
	Research  Disposition = "research" // where the consent covers it
	UsedUp    Disposition = "used-up"  // empty: its content went on into another container
)

type held struct {
	ID    string    `json:"id"`
	Cause HoldCause `json:"cause"`
	Ref   string    `json:"ref,omitempty"`
	What  string    `json:"what"`
}

type letGo struct {
	Hold   string `json:"hold"`
	Reason string `json:"reason"`
}

type stopAsked struct {
	Cause   EndCause      `json:"cause"`
	Reason  string        `json:"reason"`
	Consent []Disposition `json:"consent,omitzero"`
}

type disposed struct {
	Container string      `json:"container"`
	How       Disposition `json:"how"`
	Reason    string      `json:"reason"`
}

type closed struct {
	Reason string `json:"reason,omitempty"`
}

// Held is the oldest hold that still stands; false when the batch may be worked on.
func (b *Batch) Held() (Hold, bool) {
	for _, h := range b.Holds {
		if h.LetGo == "" {
			return h, true
		}
	}
	return Hold{}, false
}

// Over tells whether the batch is not made any further.
func (b *Batch) Over() bool { return b.Ending != nil && b.Ending.Effective }

// end takes the ending into effect: what was not begun is not done any more. Steps that close the record stay.
func (b *Batch) end() {
	b.Ending.Effective = true
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Status == Waiting && !s.Closing {
			st.Status = Cancelled
		}
	}
}

// standing holds that a batch may be worked on: it has not ended, and nothing holds it.
func (b *Batch) standing(st *StepState) error {
	if st.Status == Cancelled || b.Over() && !st.Step.Closing && st.Status == Waiting {
		return ledger.Refuse(ledger.Unmet, "CS-65", "batch-ended", "batch {batch} is not made any further ({cause}), so step {step} is not done", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause), "step", st.Step.ID)
	}
	for _, h := range b.Holds {
		if h.LetGo != "" || (h.Cause == HoldExcursion || h.Cause == HoldUnproven) && b.beforeGate(st) || h.Cause == HoldRecall && b.Begun || b.begun(st) {
			continue
		}
		return ledger.Refuse(ledger.Unmet, "AT-59", "batch-held", "batch {batch} is held ({cause}): {what}", "QA has to let it go on", "batch", b.Number, "cause", string(h.Cause), "what", h.What)
	}
	return nil
}

// beforeGate tells whether a step comes before the next gate that nobody has decided at, such as the control of the start
// material.
func (b *Batch) beforeGate(st *StepState) bool {
	for _, s := range b.order {
		if s.Gate != nil && !b.steps[s.ID].Finished() {
			return false
		}
		if s.ID == st.Step.ID {
			return true
		}
	}
	return true
}

// Hold decides that the batch is held.
func (b *Batch) Hold(by ledger.Author, cause HoldCause, ref, what string) ([]ledger.Draft, error) {
	if !people.Role(by.Role).May(people.HoldBatch) {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "may-not-hold", "the role {role} does not hold batches", "tell the production lead or QA", "role", by.Role)
	}
	if !b.ClosedAt.IsZero() {
		return nil, b.closedAlready()
	}
	return []ledger.Draft{b.holdDraft(0, cause, ref, what)}, nil
}

// holdDraft holds the batch. The id of a hold is that of the version at which it comes to stand; before is how many entries
// of the same append come first.
func (b *Batch) holdDraft(before int, cause HoldCause, ref, what string) ledger.Draft {
	return ledger.Draft{Type: typeHeld, Data: held{ID: fmt.Sprintf("%s:%d", cause, b.Version+uint64(before)+1), Cause: cause, Ref: ref, What: what}}
}

// LetGoOn decides that QA lets a held batch go on, with the reason.
func (b *Batch) LetGoOn(by ledger.Author, hold, reason string) ([]ledger.Draft, error) {
	if people.Role(by.Role) != people.QA {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "may-not-let-go", "a held batch goes on when QA says so, not {role}", "ask QA", "role", by.Role)
	}
	for _, h := range b.Holds {
		if h.ID == hold && h.Cause == HoldRecall {
			return nil, ledger.Refuse(ledger.Unmet, "AT-57", "recalled-stays", "batch {batch} was recalled and does not go on", "say what is done with its material", "batch", b.Number)
		}
		if h.ID == hold && h.LetGo == "" {
			if d := b.incident(h); d != nil && d.Approved == nil {
				return nil, ledger.Refuse(ledger.Unmet, "AT-59", "incident-open", "the incident {deviation} of batch {batch} is not approved", "it has to be investigated, and approved by another person of QA, before the batch goes on", "deviation", d.Number, "batch", b.Number)
			}
			err := b.answered(h)
			if err != nil {
				return nil, err
			}
			return []ledger.Draft{{Type: typeLetGo, Data: letGo{Hold: hold, Reason: reason}}}, nil
		}
	}
	return nil, ledger.Refuse(ledger.Missing, "AT-59", "no-hold", "batch {batch} has no standing hold {hold}", "look at the batch again", "batch", b.Number, "hold", hold)
}

// answered holds that a certified batch does not go on with results of a device whose control failed, before they are measured
// again or what stands in their place is approved (scenario 33). One that is not certified goes on: its certification asks.
func (b *Batch) answered(h Hold) error {
	if h.Cause != HoldDevice || !b.certified() {
		return nil
	}
	unusable := b.restingOn(h.Ref)
	d := b.deviationOf(h.exception())
	if len(unusable) == 0 || d != nil && d.Approved != nil {
		return nil
	}
	number := "–"
	if d != nil {
		number = d.Number
	}
	return ledger.Refuse(ledger.Unmet, "AT-59", "results-unusable", "batch {batch} is certified by results that are not usable: the control of {device} failed ({fields})", "have them measured again, or have deviation {deviation} investigated and approved", "batch", b.Number, "device", h.Ref, "fields", strings.Join(unusable, ", "), "deviation", number)
}

// AskToStop decides that the batch is stopped: at once when nothing is being done, else when the next safe step is done
// (scenarios 47 and 48). consent is what the patient's consent lets be done with the material beside destroying it; nil
// when it is not known. Where there is no material, the batch is closed with it.
func (b *Batch) AskToStop(by ledger.Author, event *chainofcustody.TherapyEvent, cause EndCause, consent []Disposition, reason string) ([]ledger.Draft, error) {
	role := people.Role(by.Role)
	if !role.May(people.StopBatch) && !(cause == EndCancelled && role.May(people.OpenOrder)) {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "may-not-stop", "the role {role} does not stop batches", "tell QA", "role", by.Role)
	}
	if !slices.Contains([]EndCause{EndWithdrawn, EndDied, EndFailed, EndCancelled}, cause) {
		return nil, ledger.Refuse(ledger.Invalid, "AT-59", "stop-cause", "a batch is stopped because the patient withdrew or died, or because it failed, not for {got}", "choose one of them", "got", string(cause))
	}
	for _, how := range consent {
		if how != Retained && how != Research {
			return nil, ledger.Refuse(ledger.Invalid, "AT-59", "consent-scope", "a consent lets material be kept or used in research, not {got}", "choose what the consent says, or nothing", "got", string(how))
		}
	}
	if b.Ending != nil {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "already-stopped", "batch {batch} is already being stopped ({cause})", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause))
	}
	if !b.ClosedAt.IsZero() {
		return nil, b.closedAlready()
	}
	if cause == EndCancelled && b.collected() {
		return nil, ledger.Refuse(ledger.Unmet, "S01", "collected-already", "the collection for batch {batch} has begun: its order is not cancelled any more", "stop the batch, and say what is done with the material", "batch", b.Number)
	}
	drafts := []ledger.Draft{{Type: typeStopAsked, Data: stopAsked{Cause: cause, Reason: reason, Consent: consent}}}
	if (cause == EndCancelled || b.atRest()) && len(b.Undisposed(event)) == 0 {
		drafts = append(drafts, b.closing(cause))
	}
	return drafts, nil
}

// collected tells whether anything was done with the patient's material, or with the patient for it.
func (b *Batch) collected() bool {
	for _, s := range b.order {
		if st := b.steps[s.ID]; s.Material && st.Status != Waiting && st.Status != NotApplicable {
			return true
		}
	}
	return false
}

// closing is the last entry of a batch that is not made to its end.
func (b *Batch) closing(cause EndCause) ledger.Draft {
	end := ledger.Draft{Type: typeClosed, Data: closed{Reason: string(cause)}}
	if b.Parent == "" && (b.Further == "" || b.TakenOn != nil) && b.Thaws == nil { // whoever took the claim gives it back
		end.Frees = []string{ClaimActive(b.CoI)}
	}
	return end
}

func (b *Batch) closedAlready() error {
	return ledger.Refuse(ledger.Unmet, "CS-65", "batch-closed", "batch {batch} is closed", "its record can be read", "batch", b.Number)
}

// atRest tells whether nothing is being done: no step is open, and the last one that was done leaves nothing half way.
func (b *Batch) atRest() bool {
	safe := true
	for _, s := range b.order {
		st := b.steps[s.ID]
		switch st.Status {
		case Open, Stopped, Interrupted, ToVerify:
			return false
		case Done:
			safe = s.Safe || !s.Material
		}
	}
	return safe
}

// Undisposed are the containers of an ended batch of which nobody has said what became of them.
func (b *Batch) Undisposed(event *chainofcustody.TherapyEvent) []*chainofcustody.Container {
	if b.HandedOn != nil {
		return nil // they are the other plant's to account for
	}
	var out []*chainofcustody.Container
	for _, c := range event.Containers {
		number, _, _ := strings.Cut(c.Purpose, "/")
		_, done := b.Disposed[c.ID.String()]
		if number == b.Number && !done && !c.Gone() {
			out = append(out, c)
		}
	}
	return out
}

// Dispose decides what is done with a container of an ended batch. With the last one the batch is closed, so that a
// further harvest of the same therapy event can have a batch (scenario 5). match is the scan of the container, by the person
// who does it, just now (I4).
func (b *Batch) Dispose(by ledger.Author, now time.Time, event *chainofcustody.TherapyEvent, match chainofcustody.Match, how Disposition, reason string) ([]ledger.Draft, error) {
	container := match.Container().String()
	err := mayDispose(by)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]Disposition{Destroyed, Retained, Research, UsedUp}, how) {
		return nil, ledger.Refuse(ledger.Invalid, "AT-59", "disposition", "material is destroyed, retained, given to research or used up, not {got}", "choose one of them", "got", string(how))
	}
	if !b.Over() {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "not-ended", "batch {batch} is still being made", "its material is used as the recipe says", "batch", b.Number)
	}
	if b.Ending.Consent != nil && how != Destroyed && how != UsedUp && !slices.Contains(b.Ending.Consent, how) {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "beyond-consent", "the patient's consent does not let this material be {how}", "destroy it, or do what the consent says", "how", string(how))
	}
	refusal := match.For(b.CoI, disposalPurpose(b.Number), by.Account, now)
	if refusal != nil {
		return nil, refusal
	}
	left := b.Undisposed(event)
	i := slices.IndexFunc(left, func(c *chainofcustody.Container) bool { return c.ID.String() == container })
	if i < 0 {
		return nil, ledger.Refuse(ledger.Missing, "AT-59", "nothing-to-dispose", "{container} is no container of batch {batch} that waits for it", "scan one of its containers", "container", container, "batch", b.Number)
	}
	drafts := []ledger.Draft{{Type: typeDisposed, Data: disposed{Container: container, How: how, Reason: reason}}}
	if len(left) == 1 {
		drafts = append(drafts, b.closing(b.Ending.Cause))
	}
	return drafts, nil
}

// mayDispose holds who says what becomes of material.
func mayDispose(by ledger.Author) error {
	role := people.Role(by.Role)
	if !role.May(people.ExecuteStep) && role != people.QA {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-dispose", "the role {role} does not dispose of material", "production or QA has to do it", "role", by.Role)
	}
	return nil
}

// leavesNothing tells whether the batch has ended before anything was collected or made for it, so that nobody has to say
// what becomes of its material. One that was split goes on in its children, and does not close before its bag is empty.
func (b *Batch) leavesNothing(event *chainofcustody.TherapyEvent) bool {
	return b.Over() && b.Ending.Cause != EndSplit && b.ClosedAt.IsZero() && len(b.Undisposed(event)) == 0
}

// disposalPurpose is what the scan of a container is for, of which it is said what became of it.
func disposalPurpose(number string) string { return number + "/disposal" }

// certified tells whether a Qualified Person has certified the batch.
func (b *Batch) certified() bool {
	_, standing := b.Act(mbr.ActCertification)
	return standing
}

func (b *Batch) applyHeld(e ledger.Entry, d held) error {
	b.chainOpen(e)
	b.Holds = append(b.Holds, Hold{ID: d.ID, Cause: d.Cause, Ref: d.Ref, What: d.What, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	b.found = append(b.found, Exception{
		ID: fmt.Sprintf("%s:%s:%d", OnHold, d.Cause, e.Version), Class: OnHold, What: d.What, Value: d.Ref, At: e.Time, By: e.Author.Account, Seq: e.Seq,
	})
	return nil
}

func (b *Batch) applyLetGo(e ledger.Entry, d letGo) error {
	b.chainOpen(e)
	for i := range b.Holds {
		if b.Holds[i].ID == d.Hold {
			b.Holds[i].LetGo, b.Holds[i].LetAt, b.Holds[i].Reason = e.Author.Account, e.Time, d.Reason
			return nil
		}
	}
	return fmt.Errorf("no hold %q", d.Hold)
}

func (b *Batch) applyStopAsked(e ledger.Entry, d stopAsked) error {
	b.chainOpen(e)
	b.Ending = &Ending{Cause: d.Cause, Reason: d.Reason, By: e.Author.Account, At: e.Time, Seq: e.Seq, Consent: d.Consent}
	if d.Cause == EndCancelled { // nothing was collected, so nothing can be left half way
		for _, s := range b.order {
			if st := b.steps[s.ID]; !s.Closing && slices.Contains([]Status{Open, Stopped, Interrupted, ToVerify}, st.Status) {
				st.Status = Cancelled
			}
		}
	}
	if b.atRest() {
		b.end()
	}
	return nil
}

func (b *Batch) applyDisposed(e ledger.Entry, d disposed) error {
	b.Disposed[d.Container] = Disposal{Container: d.Container, How: d.How, Reason: d.Reason, By: e.Author.Account, At: e.Time, Seq: e.Seq}
	return nil
}

func (b *Batch) applyClosed(e ledger.Entry, _ closed) error {
	b.ClosedAt = e.Time
	return nil
}
