package pages

import (
	"slices"

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
	doComment  = "comment" // on a value beyond its limit
	doMend     = "mend"    // a value with which the recipe does not let the step go on
	doLabels   = "labels"
	doBack     = "back" // applied labels are scanned back
	doOffer    = "offer"
	doAccept   = "accept"
	doWait     = "wait" // for the other party of a handoff
	doComplete = "complete"
	doVerify   = "verify"
	doResume   = "resume" // how an interrupted step goes on
	doRisk     = "risk"   // begin a step before what it comes after is done
	doSign     = "sign"   // on the release page
)

// todo is the one thing to do next.
type todo struct {
	do    string
	field string // of scan, enter, comment and mend
	why   error  // what keeps this person from it

	stopped error // why nothing but a scan goes on
}

// next finds the one thing that this person can do next in a step. It asks the pure decisions of the batch
// whether they would be refused, and takes what is missing from the refusal; nothing is decided here.
func (v *visit) next(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, wanted string) todo {
	if !slices.Contains(b.Now(), st) {
		return todo{}
	}
	if st.Step.Act != "" {
		return todo{do: doSign}
	}
	if st.Status == batch.ToVerify {
		return todo{do: doVerify}
	}
	if st.Status == batch.Interrupted {
		return v.resumption(b, st)
	}
	if !v.has(st.Step.Performer) {
		return v.handover(b, t, st, todo{why: notPerformer(st, v.desk.Session.Roles)})
	}
	by := ledger.Author{Account: v.desk.Session.Account, Role: string(st.Step.Performer), Terminal: v.desk.Session.Terminal}
	if len(b.AtRisk(st)) > 0 {
		_, err := b.BeginAtRisk(by, v.now(), st.Step.ID, "?")
		return todo{do: doRisk, why: err}
	}
	probe := prober{b: b, t: t, by: by, now: v.now(), st: st}
	if st.Status == batch.Stopped {
		_, err := b.Handle(by, v.now(), st.Step.ID)
		return todo{do: doScan, field: st.Stops[len(st.Stops)-1].Field, stopped: err}
	}
	if out, found := probe.beyond(wanted); found {
		return out
	}
	if out, found := probe.field(wanted); found {
		return out
	}
	if out, found := probe.labels(); found {
		return out
	}
	if out := v.handover(b, t, st, todo{do: doComplete}); out.do != doComplete {
		return out
	}
	return probe.guard(todo{do: doComplete})
}

// resumption is what a person can do about an interrupted step: the production lead or QA decide how it goes on.
func (v *visit) resumption(b *batch.Batch, st *batch.StepState) todo {
	role := v.leads()
	if role == "" {
		role = st.Step.Performer
	}
	_, err := b.Resume(ledger.Author{Account: v.desk.Session.Account, Role: string(role)}, st.Step.ID, batch.GoesOn, "?")
	return todo{do: doResume, why: err}
}

// leads is the role in which the person decides about a step or a batch that left the straight way; empty when none of theirs does.
func (v *visit) leads() people.Role {
	for _, role := range []people.Role{people.ProductionLead, people.QA} {
		if v.has(role) {
			return role
		}
	}
	return ""
}

func notPerformer(st *batch.StepState, roles []people.Role) error {
	role := ""
	if len(roles) > 0 {
		role = string(roles[0])
	}
	return ledger.Refuse(ledger.Forbidden, "CS-66", "not-performer", "step {step} is done by the role {want}, not by {role}",
		"a person with that role has to do it", "step", st.Step.ID, "want", string(st.Step.Performer), "role", role)
}

// handover is what this person can do about the custody with which a step ends (I6); otherwise what was to be
// done anyway.
func (v *visit) handover(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, otherwise todo) todo {
	container, offer := misplaced(b, t, st)
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
func misplaced(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState) (*chainofcustody.Container, *chainofcustody.Offer) {
	if st.Step.Custody == nil {
		return nil, nil
	}
	for _, c := range b.Containers(t, st.Step.Custody.Container) {
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

// unapplied are the labels of a step that are not scanned back yet.
func unapplied(st *batch.StepState) []*batch.Label {
	return slices.DeleteFunc(slices.Clone(st.Prints), func(l *batch.Label) bool {
		return l.State == batch.ScannedBack || l.State == batch.Scrapped
	})
}

// onFloor tells whether a field names a lot or a device of the plant, which is scanned.
func onFloor(f *mbr.Field) bool {
	return f.Type == mbr.TypeLot && f.Material != "" || f.Type == mbr.TypeDevice && f.Device != ""
}
