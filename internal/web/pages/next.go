package pages

import (
	"errors"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// What a step page offers to do. There is always one thing (screens, rule 1).
const (
	doNothing  = ""
	doScan     = "scan"
	doEnter    = "enter"
	doLabels   = "labels"
	doOffer    = "offer"
	doAccept   = "accept"
	doWait     = "wait" // for the other party of a handoff
	doComplete = "complete"
	doVerify   = "verify"
	doSign     = "sign" // on the release page
)

// todo is the one thing to do next.
type todo struct {
	do    string
	field string // of scan and enter
	why   error  // what keeps this person from it

	stopped error // why nothing but a scan goes on
}

// next finds the one thing that this person can do next in a step. It asks the pure decisions of the batch
// whether they would be refused, and takes what is missing from the refusal; nothing is decided here.
func (v *visit) next(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, wanted string) todo {
	current, ok := b.Current()
	if !ok || current != st || st.Status == batch.NotApplicable {
		return todo{}
	}
	if st.Step.Act != "" {
		return todo{do: doSign}
	}
	if st.Status == batch.ToVerify {
		return todo{do: doVerify}
	}
	if !v.has(st.Step.Performer) {
		return v.handover(t, st, todo{why: notPerformer(st, v.desk.Session.Roles)})
	}
	by := ledger.Author{Account: v.desk.Session.Account, Role: string(st.Step.Performer), Terminal: v.desk.Session.Terminal}
	probe := prober{b: b, t: t, by: by, now: v.now(), st: st}
	if st.Status == batch.Stopped {
		_, err := b.Complete(by, v.now(), st.Step.ID, t)
		return todo{do: doScan, field: st.Stops[len(st.Stops)-1].Field, stopped: err}
	}
	if out, found := probe.field(wanted); found {
		return out
	}
	if createsAt(st, b.Site) && len(st.Labels) == 0 {
		return todo{do: doLabels}
	}
	if out := v.handover(t, st, todo{do: doComplete}); out.do != doComplete {
		return out
	}
	return probe.guard(todo{do: doComplete})
}

func notPerformer(st *batch.StepState, roles []people.Role) error {
	role := ""
	if len(roles) > 0 {
		role = string(roles[0])
	}
	return ledger.Refuse(ledger.Forbidden, "CS-66", "not-performer", "step {step} is done by the role {want}, not by {role}",
		"a person with that role has to do it", "step", st.Step.ID, "want", string(st.Step.Performer), "role", role)
}

// prober asks the batch what it would say.
type prober struct {
	b   *batch.Batch
	t   *chainofcustody.TherapyEvent
	by  ledger.Author
	now time.Time
	st  *batch.StepState
}

// field finds the field to capture next: the one the person chose, or the first one that is open.
func (p prober) field(wanted string) (todo, bool) {
	for _, f := range p.st.Step.FieldsAt(p.b.Site) {
		open := p.open(f) && !f.Optional
		if f.ID == wanted && p.open(f) {
			open = true
		} else if wanted != "" {
			if _, ok := p.st.Fields[wanted]; ok && p.open(p.st.Fields[wanted].Field) {
				open = false
			}
		}
		if !open {
			continue
		}
		if f.Type == mbr.TypeScan && p.unlabelled(f) {
			return p.guard(todo{do: doLabels}), true
		}
		if f.Type == mbr.TypeScan {
			return p.guard(todo{do: doScan, field: f.ID}), true
		}
		return p.guard(todo{do: doEnter, field: f.ID}), true
	}
	return todo{}, false
}

// open tells whether a field waits for a value.
func (p prober) open(f *mbr.Field) bool {
	if f.Type == mbr.TypeComputed {
		return false
	}
	if f.Each {
		for _, c := range p.t.OfKind(chainofcustody.Kind(f.Expect)) {
			if _, ok := p.st.Scans[f.ID][c.ID.String()]; !ok {
				return true
			}
		}
		return p.unlabelled(f)
	}
	_, ok := p.st.Fields[f.ID].Current()
	return !ok
}

// unlabelled tells whether the step itself makes the containers that the field scans, and has not yet.
func (p prober) unlabelled(f *mbr.Field) bool {
	for _, c := range p.st.Step.Creates {
		if c.Kind == f.Expect && len(p.st.Labels) == 0 {
			return true
		}
	}
	return false
}

// guard asks the batch about what is to be done. When a scan has grown too old, the scan comes first (I4).
func (p prober) guard(want todo) todo {
	var err error
	switch want.do {
	case doScan:
		_, err = p.b.Scan(p.by, p.now, p.st.Step.ID, want.field, chainofcustody.Match{}, nil)
	case doEnter:
		_, err = p.b.Enter(p.by, p.now, p.st.Step.ID, want.field, batch.Value{Text: "?"}, batch.Typed)
	case doLabels:
		_, _, err = p.b.Labels(p.by, p.now, p.st.Step.ID, p.t)
	default:
		_, err = p.b.Complete(p.by, p.now, p.st.Step.ID, p.t)
	}
	var r *ledger.Refusal
	if errors.As(err, &r) && r.Code == "scan-first" {
		return todo{do: doScan, field: r.Args["field"]}
	}
	if errors.As(err, &r) && r.Code == "count-first" {
		return todo{do: doEnter, field: r.Args["field"]}
	}
	want.why = err
	return want
}

func createsAt(st *batch.StepState, site string) bool {
	for _, c := range st.Step.Creates {
		if len(c.Only) == 0 {
			return true
		}
		for _, only := range c.Only {
			if only == site {
				return true
			}
		}
	}
	return false
}

// handover is what this person can do about the custody with which a step ends (I6); otherwise what was to be
// done anyway.
func (v *visit) handover(t *chainofcustody.TherapyEvent, st *batch.StepState, otherwise todo) todo {
	container, offer := misplaced(t, st)
	if container == nil {
		return otherwise
	}
	party := v.party(st)
	switch {
	case party == "":
		return otherwise
	case offer != nil && offer.To.Party == party:
		return todo{do: doAccept}
	case offer == nil && container.Custodian.Party == party:
		return todo{do: doOffer}
	case otherwise.do == doComplete:
		return todo{do: doWait}
	}
	return otherwise
}

// party is the side for which the person acts in a step.
func (v *visit) party(st *batch.StepState) chainofcustody.Party {
	if role := v.acting(st); role != "" {
		party, _ := chainofcustody.PartyOf(role)
		return party
	}
	for _, role := range v.desk.Session.Roles {
		if party, ok := chainofcustody.PartyOf(role); ok {
			return party
		}
	}
	return ""
}

// misplaced is the first container that is not yet where the step ends, and its open handoff.
func misplaced(t *chainofcustody.TherapyEvent, st *batch.StepState) (*chainofcustody.Container, *chainofcustody.Offer) {
	if st.Step.Custody == nil {
		return nil, nil
	}
	for _, c := range t.OfKind(chainofcustody.Kind(st.Step.Custody.Container)) {
		if string(c.Custodian.Party) == st.Step.Custody.Holder {
			continue
		}
		for i := range t.Offers {
			if t.Offers[i].Container == c.ID.String() && t.Offers[i].AcceptedAt.IsZero() && t.Offers[i].Withdrawn == "" {
				return c, &t.Offers[i]
			}
		}
		return c, nil
	}
	return nil, nil
}
