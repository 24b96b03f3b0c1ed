package pages

import (
	"slices"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
)

// stepView is the one step on the screen.
type stepView struct {
	ID, Group, Name, Instruction string
	Batch                        string
	Path                         string // under which its commands stand
	Seen                         uint64
	State                        state
	Performer, Second            string
	DoneBy, DoneAt               string
	Finished                     bool // the performer is done
	VerifiedBy, VerifiedAt       string
	Current                      bool
	Hidden                       bool // this person does not read its values (I11)
	Fields                       []fieldView
	Do                           string
	Field                        *fieldView // to scan, to enter or to correct
	Correcting                   bool
	Action                       string // the verb on the one big button
	Why                          *Problem
	Stopped                      *Problem  // the identity did not match; only the right label goes on
	Take                         *takeView // values that the shipment has for this step
	TakeOver                     bool      // another person does it; this one may go on
	Fixable                      bool      // some value can be corrected or chosen here
	Labels                       int
	LabelsWanted                 []string
	Handoff                      *handoffView
	Verify                       *verifyView
	Entry                        entryForm
	Open                         int // required entries that are missing

	Remarked  *beyondView // a value beyond its limit that asks for a comment, or bars the step
	Gate      *gateView
	Deciding  bool         // the decision at the gate is in hand
	Broken    *brokenView  // interrupted
	Risk      []stepChoice // the steps that are not done, of one that would begin at risk
	Risked    []riskView   // that it began so
	MayBreak  bool         // this person may say that it is broken off
	MayUnscan bool         // this person may say that nothing could be scanned here (scenario 4)
	UnscanAt  []picker     // when it was done
	Unscanned string       // why nothing was
	Attempt   int          // how often it was begun again
	Choices   []stepChoice
	Allowed   []allowanceView // what an approved deviation changed here
	Prints    []printView
	Finishing bool // labels wait to be scanned back
}

// handoffView is a change of custody that waits for one of the two sides.
type handoffView struct {
	Container, Print, Kind string
	From, To               string
	ToCode                 string
	Offered                bool // the receiver has to confirm; either side may end it
}

// step is a step as this person sees it. wanted is a field they chose; correct one that they want to correct.
func (v *visit) step(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, wanted, correct string) (stepView, error) {
	inHand := slices.Contains(b.Now(), st)
	out := stepView{
		ID: st.Step.ID, Name: st.Step.Name.In(v.lang), Instruction: st.Step.Instruction.In(v.lang), Batch: b.Number, Seen: b.Version,
		Path: "/batches/" + b.Number + "/steps/" + st.Step.ID, State: v.state(st.Status, inHand && v.mayAct(st)),
		Performer: v.word("role", string(st.Step.Performer)), Current: inHand, Hidden: !v.desk.Sees(st.Step), Labels: len(st.Labels), Attempt: st.Attempt,
		Choices: v.beside(b, st), Allowed: v.allowancesAt(b, st.Step),
	}
	out.Group = groupName(b.Recipe, st.Step.UnitProcedure, v.lang)
	if st.Step.Second != nil {
		out.Second = v.word("role", string(st.Step.Second.Role))
	}
	if st.Performer != "" {
		out.DoneBy, out.DoneAt = v.full(st.Performer), moment(orElse(st.CompletedAt, st.StartedAt), v.zone())
		out.Finished = !st.CompletedAt.IsZero()
	}
	if st.Verified != nil {
		out.VerifiedBy, out.VerifiedAt = st.Verified.Name, moment(st.Verified.At, v.zone())
	}
	n := v.next(b, t, st, wanted)
	if out.Hidden && n.do != doOffer && n.do != doAccept { // a courier hands over at a step of the plant
		return out, nil
	}
	out.Do = n.do
	if !out.Hidden {
		out.Fields = v.fields(b, t, st)
	}
	if n.why != nil && n.do != doResume {
		p := v.problems(n.why, b)[0]
		out.Why = &p
		out.TakeOver = p.Code == "other-performer"
	}
	if n.stopped != nil {
		p := v.problems(n.stopped, b)[0]
		out.Stopped = &p
	}
	if n.do == doEnter && correct == "" && v.has(st.Step.Performer) {
		from, err := v.plant().Batches.TakenFields(v.ctx(), b, st)
		if err != nil {
			return out, err
		}
		out.Take = v.takeView(from)
	}
	v.offerField(b, st, &out, n, correct)
	v.offerCourse(b, st, &out, n)
	if out.Gate != nil && st.Step.ID == harvestStep {
		var err error
		out.Gate.Harvest, err = v.harvestFacts(b)
		if err != nil {
			return out, err
		}
	}
	err := v.withDrafts(b, st, &out)
	if err != nil {
		return out, err
	}
	err = v.offerPanels(b, t, st, &out)
	return out, err
}

// takeView offers to take values from the shipment, or from the bedside, instead of typing them. From ends the path that
// takes them.
type takeView struct{ From, Text, Act, Look, Link string }

func (v *visit) takeView(t batch.Takeable) *takeView {
	n := itoa(len(t.Fields))
	switch {
	case len(t.Fields) == 0:
		return nil
	case t.Origin == batch.AtTheBed:
		return &takeView{string(t.Origin), v.T("take.bed.text", "n", n), v.T("take.bed.act"), v.T("take.bed.look"), "/batches/" + t.From + "/bedside"}
	}
	return &takeView{string(t.Origin), v.T("take.text", "shipment", t.From, "n", n), v.T("take.act"), v.T("take.look"), "/shipments/" + t.From}
}

func orElse(t, other time.Time) time.Time {
	if t.IsZero() {
		return other
	}
	return t
}

func groupName(r *mbr.Recipe, id, lang string) string {
	for _, up := range r.UnitProcedures {
		if up.ID == id {
			return up.Name.In(lang)
		}
	}
	return ""
}

// offerField marks the field to capture or to correct, and counts what is missing.
func (v *visit) offerField(b *batch.Batch, st *batch.StepState, out *stepView, n todo, correct string) {
	for i := range out.Fields {
		f := &out.Fields[i]
		if !f.Has && !f.Optional && !f.ByItself {
			out.Open++
		}
		switch {
		case correct != "" && f.ID == correct && f.Correct:
			out.Correcting, out.Do, out.Field, out.Why = true, doEnter, f, nil
		case correct == "" && f.ID == n.field:
			out.Field = f
		case correct == "" && (n.do == doEnter || n.do == doComplete || n.do == doMend) && n.why == nil:
			f.Choose = !f.Has && !f.ByItself && f.Type != string(mbr.TypeScan)
		}
	}
	for _, f := range out.Fields {
		out.Fixable = out.Fixable || f.Correct || f.Choose
	}
	if out.Field == nil {
		return
	}
	out.Field.Active = true
	field, ok := st.Step.Field(out.Field.ID, b.Site)
	if ok {
		out.Entry = v.entryForm(field, out)
		if out.Correcting && out.Field.Has && b.NeedsGround(field) {
			for _, g := range batch.Grounds() {
				out.Entry.Grounds = append(out.Entry.Grounds, choice{Code: string(g), Name: v.word("ground", string(g)), Chosen: v.FormValue("ground") == string(g)})
			}
		}
	}
}

// offerPanels fills the panel of the one thing to do, and the verb on its button.
func (v *visit) offerPanels(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState, out *stepView) error {
	switch out.Do {
	case doEnter:
		out.Action = v.confirm(out)
		if out.Correcting {
			out.Action = v.T("act.correct", "field", v.small(out.Field.Label))
		}
	case doScan:
		out.Action = v.T("act.typed")
	case doComment:
		out.Action = v.T("act.comment")
	case doLabels:
		out.Action = v.T("act.labels")
		out.LabelsWanted = v.wanted(b, st)
	case doBack:
		out.Action, out.Finishing = v.T("act.typed"), true
	case doResume:
		out.Action = v.T("act.resume-step")
	case doComplete:
		out.Action = v.T("act.complete")
	case doOffer, doAccept, doWait:
		out.Action = v.T("act." + out.Do)
		out.Handoff = v.handoff(b, t, st)
	case doRisk:
		out.Action = v.T("act.risk")
	case doSign:
		out.Action = v.T("act.release")
	case doVerify:
		out.Action = v.T("act.verify")
		verify, err := v.verifyView(b, st)
		out.Verify = verify
		return err
	}
	return nil
}

// confirm is the verb on the button that saves one entry. A label that is a phrase of its own, such as "Picked up
// at", makes no sentence behind a verb.
func (v *visit) confirm(step *stepView) string {
	switch step.Entry.Kind {
	case "moment":
		return v.T("act.confirm.time")
	case "date":
		return v.T("act.confirm.date")
	case "choice", "several":
		return v.T("act.confirm.choice")
	}
	return v.T("act.confirm", "field", v.small(step.Field.Label))
}

// wanted are the labels that the step issues, in words.
func (v *visit) wanted(b *batch.Batch, st *batch.StepState) []string {
	var out []string
	for _, c := range st.Step.Creates {
		if !c.Applies(b.Site) {
			continue
		}
		text := c.Label.In(v.lang)
		if captured, ok := st.Fields[c.Count].Current(); ok {
			text += " × " + captured.Value.Number.FormatNumber(v.lang)
		}
		out = append(out, text)
	}
	for _, r := range st.Step.Relabels {
		out = append(out, r.Label.In(v.lang))
	}
	return out
}

func (v *visit) handoff(b *batch.Batch, t *chainofcustody.TherapyEvent, st *batch.StepState) *handoffView {
	container, offer := misplaced(b, t, st)
	if container == nil {
		return nil
	}
	out := &handoffView{
		Container: container.ID.String(), Print: container.ID.Print(), Kind: v.word("kind", string(container.Kind)),
		From: v.word("party", string(container.Custodian.Party)), To: v.word("party", st.Step.Custody.Holder), ToCode: st.Step.Custody.Holder,
	}
	if offer != nil {
		out.To, out.Offered = v.word("party", string(offer.To.Party)), true
	}
	return out
}
