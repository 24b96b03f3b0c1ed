package pages

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// coursePage is where a batch left the straight way: holds, its end and what became of its material, interruptions,
// deviations, and the batches that belong to it.
type coursePage struct {
	frame
	Strip      strip
	Batch      string
	Seen       uint64
	Holds      []holdView
	Identity   *proofView // nil where every scan was made
	Packs      []packView // of paper
	Issues     bool       // this person may issue a paper pack now
	TakesBack  bool
	Ending     *endingView
	Moved      *movedView // to another plant, or from one
	Left       []leftView // containers of which nobody has said what became of them
	Gone       []goneView
	Broken     []breakView
	SentBack   []sentBackView // steps that wait for their second person once more
	Deviations []deviationLine
	Loose      []exceptionView // exceptions without a deviation
	Relatives  []relativeView
	Stored     *storedView // of a thaw: the record that it comes from
	Doing      doings
	Kept       courseForm
}

// doings are what this person may do about the whole batch.
type doings struct {
	Hold, Stop, Dispose, Further, Deviate, Thaw bool
	Split                                       *splitForm
	Causes, Hows, Whys                          []choice
}

// courseForm is what was typed before a refusal.
type courseForm struct{ Form, Reason, Cause, How, Why, What, Hold, Pack, Used string }

// holdView is a hold of the batch.
type holdView struct {
	ID, Cause, Text, Step, By, At string
	Stands                        bool
	LetGo, Reason                 string
	MayLetGo, MayRead             bool
	Incident                      bool   // the hospital is told of it
	Read                          string // who of the hospital has read it, and when
}

type endingView struct {
	Cause, Reason, Step, By, At string
	Effective, Closed           bool
}

// leftView is a container that waits for a word about it.
type leftView struct{ ID, Kind, Holder string }

type goneView struct{ ID, Kind, How, Reason, By, At string }

type breakView struct {
	Step, Link, Cause, By, At string
	Decision, Reason, Decided string
}

// sentBackView is a step that was confirmed, and has changed since: by whom, and who has to confirm it again (I8).
type sentBackView struct{ Step, Link, Why, By, At, Role string }

// relativeView is another batch of the same therapy event.
type relativeView struct{ Number, How, Link string }

// splitForm asks for the shares of a batch.
type splitForm struct {
	Volume, Unit, Tolerance string
	Shares                  []string // typed before a refusal
	Waste                   string
	Why                     *Problem // what stands against it now
}

// courseShow is GET /batches/:batch/course.
func (v *visit) courseShow() error { return v.coursePage(http.StatusOK) }

// courseAgain shows the page with what stood against a command.
func (v *visit) courseAgain(err error) error {
	b, loadErr := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if loadErr != nil {
		return loadErr
	}
	return v.coursePage(status(err), v.problems(err, b)...)
}

// onCourse does a command on the whole batch and goes back to the page.
func (v *visit) onCourse(done string, may func(people.Role) bool, do func(ledger.Author) error) error {
	author, err := v.as(may)
	if err == nil {
		err = do(author)
	}
	if err != nil {
		return v.courseAgain(err)
	}
	return v.to("/batches/" + v.Param("batch") + "/course?done=" + done)
}

// as authors in the first of the person's roles that may: where several do, it makes no difference which.
func (v *visit) as(may func(people.Role) bool) (ledger.Author, error) {
	for _, r := range v.desk.Session.Roles {
		if may(r) {
			return v.desk.Acting(string(r), may)
		}
	}
	return v.desk.Acting("", may)
}

// having is the choice of roles that have a permission.
func having(p people.Permission) func(people.Role) bool {
	return func(r people.Role) bool { return r.May(p) }
}

func isLead(r people.Role) bool { return r == people.ProductionLead || r == people.QA }

func isQA(r people.Role) bool { return r == people.QA }

func (v *visit) coursePage(code int, problems ...Problem) error {
	b, t, err := v.load()
	if err != nil {
		return err
	}
	holds, err := v.holds(b)
	if err != nil {
		return err
	}
	p := coursePage{
		frame: v.frame("course", v.T("course.title")+" "+b.Number, problems...), Strip: v.strip(b, v.leads()), Batch: b.Number, Seen: b.Version,
		Holds: holds, Identity: v.proof(b), Ending: v.ending(b), Moved: v.moved(b), Broken: v.broken(b), SentBack: v.sentBack(b, t),
		Kept: courseForm{v.FormValue("form"), v.FormValue("reason"), v.FormValue("cause"), v.FormValue("how"), v.FormValue("why"), cmp.Or(v.FormValue("what"), v.FormValue("dose")), v.FormValue("hold"), v.Param("pack"), v.FormValue("used")},
	}
	if b.Over() {
		p.Left, p.Gone = v.left(b, t), v.gone(b, t)
	}
	if v.reads() {
		p.Deviations, p.Loose = v.deviations(b), v.loose(b)
	}
	p.Relatives, err = v.relatives(b)
	if err != nil {
		return err
	}
	p.Stored, err = v.stored(b)
	if err != nil {
		return err
	}
	p.Packs, p.Issues, p.TakesBack = v.packs(b)
	p.Doing = v.doings(b, len(p.Left) > 0)
	return v.render(code, "course", p)
}

func (v *visit) doings(b *batch.Batch, left bool) doings {
	s := v.desk.Session
	open := b.ClosedAt.IsZero()
	out := doings{
		Hold: open && s.May(people.HoldBatch), Stop: open && b.Ending == nil && s.May(people.StopBatch), Further: s.May(people.OpenOrder) && b.Harvest > 0 && collected(b),
		Dispose: left && slices.ContainsFunc(s.Roles, disposes), Deviate: s.May(people.RaiseException) && v.reads(), Split: v.splitForm(b),
		Thaw: s.May(people.SeeBlinded) && thawable(b),
	}
	for _, c := range []batch.EndCause{batch.EndWithdrawn, batch.EndDied, batch.EndFailed} {
		out.Causes = append(out.Causes, choice{Code: string(c), Name: v.word("ending", string(c)), Chosen: v.FormValue("cause") == string(c)})
	}
	for _, h := range []batch.Disposition{batch.Destroyed, batch.Retained, batch.Research, batch.UsedUp} {
		out.Hows = append(out.Hows, choice{Code: string(h), Name: v.word("disposition", string(h)), Chosen: v.FormValue("how") == string(h)})
	}
	for _, w := range []batch.Further{batch.Replaces, batch.Supplements, batch.CrossesOver} {
		out.Whys = append(out.Whys, choice{Code: string(w), Name: v.word("further", string(w)), Chosen: v.FormValue("why") == string(w)})
	}
	return out
}

// collected tells whether something was harvested: before that there is nothing that a further harvest could add to.
func collected(b *batch.Batch) bool {
	_, ok := b.Value(collectedRef)
	return ok
}

// splitForm is offered to whom the recipe lets split a batch, from the step on after which it does.
func (v *visit) splitForm(b *batch.Batch) *splitForm {
	rule, role := b.Recipe.Split, v.leads()
	if rule == nil || role == "" || b.Ending != nil {
		return nil
	}
	whole, ok := b.Value(rule.Volume)
	volume, isNumber := whole.Value.Quantity()
	if !ok || !isNumber {
		return nil
	}
	by := ledger.Author{Account: v.desk.Session.Account, Role: string(role)}
	half := []quantity.Quantity{volume, volume}
	out := &splitForm{Volume: v.quantity(volume), Unit: v.unit(volume.Unit()), Tolerance: rule.Tolerance, Waste: v.FormValue("waste")}
	for _, r := range ledger.RefusalsOf(b.MaySplit(by, half, quantity.New(0, 0, volume.Unit()))) {
		if r.Code != "split-balance" { // the shares are still to be entered
			out.Why = &v.problems(r, b)[0]
		}
	}
	form, err := v.FormParams()
	if err == nil {
		out.Shares = form["share"]
	}
	for len(out.Shares) < 6 {
		out.Shares = append(out.Shares, "")
	}
	return out
}

func (v *visit) holds(b *batch.Batch) ([]holdView, error) {
	n := namer{visit: v, batch: b}
	var out []holdView
	for _, h := range slices.Backward(b.Holds) {
		one := holdView{ID: h.ID, Cause: v.word("hold", string(h.Cause)), By: v.full(h.By), At: moment(h.At, v.zone()), Stands: h.LetGo == "", MayLetGo: h.LetGo == "" && v.has(people.QA)}
		if h.Step != "" {
			one.Step = n.step(h.Step)
		}
		one.Incident = h.Cause == batch.HoldIdentity
		if v.reads() || one.Incident {
			one.Text, one.Reason = v.holdText(b, h), h.Reason
		}
		for _, r := range h.Read {
			one.Read = v.full(r.By) + " · " + moment(r.At, v.zone())
		}
		var err error
		one.MayRead, err = v.mayReadHold(b, h.ID)
		if err != nil {
			return nil, err
		}
		if h.LetGo != "" {
			one.LetGo = v.full(h.LetGo) + " · " + moment(h.LetAt, v.zone())
		}
		out = append(out, one)
	}
	return out, nil
}

// holdText is what a hold is about, in the person's language where the system itself said it.
func (v *visit) holdText(b *batch.Batch, h batch.Hold) string {
	if b.TakenOn != nil && h.Ref == b.TakenOn.Batch {
		return v.T("takeon.holds", "site", b.TakenOn.From, "batch", h.Ref)
	}
	switch h.Cause {
	case batch.HoldGate:
		st, ok := b.Step(h.Step)
		if ok && st.Step.Gate != nil {
			f, _ := st.Step.Field(st.Step.Gate.Field, b.Site)
			return v.optionName(f, h.What)
		}
	case batch.HoldLot:
		_, why, _ := strings.Cut(h.What, " was blocked: ")
		return v.T("hold.text.lot", "lot", h.Ref, "why", why)
	case batch.HoldDevice:
		_, check, _ := strings.Cut(h.What, " failed its ")
		return v.T("hold.text.device", "device", h.Ref, "check", v.word("check", check))
	case batch.HoldTransport, batch.HoldExcursion, batch.HoldIdentity:
		if text := v.transportText(h); text != "" {
			return text
		}
		if coi, err := isbt128.ParseCoI(h.Ref); err == nil {
			return v.T("hold.text.identity", "coi", coi.Print())
		}
	}
	return h.What
}

func (v *visit) ending(b *batch.Batch) *endingView {
	e := b.Ending
	if e == nil {
		return nil
	}
	n := namer{visit: v, batch: b}
	out := &endingView{
		Cause: v.word("ending", string(e.Cause)), By: v.full(e.By), At: moment(e.At, v.zone()), Effective: e.Effective, Closed: !b.ClosedAt.IsZero(),
	}
	if e.Step != "" {
		out.Step = n.step(e.Step)
	}
	if v.reads() {
		out.Reason = e.Reason
	}
	if st, ok := b.Step(e.Step); ok && st.Step.Gate != nil {
		f, _ := st.Step.Field(st.Step.Gate.Field, b.Site)
		out.Reason = v.optionName(f, e.Reason)
	}
	return out
}

func (v *visit) left(b *batch.Batch, t *chainofcustody.TherapyEvent) []leftView {
	var out []leftView
	for _, c := range b.Undisposed(t) {
		out = append(out, leftView{ID: c.ID.Print(), Kind: v.word("kind", string(c.Kind)), Holder: v.word("party", string(c.Custodian.Party))})
	}
	return out
}

func (v *visit) gone(b *batch.Batch, t *chainofcustody.TherapyEvent) []goneView {
	var out []goneView
	for _, id := range slices.Sorted(maps.Keys(b.Disposed)) {
		d := b.Disposed[id]
		one := goneView{ID: printed(id), How: v.word("disposition", string(d.How)), Reason: d.Reason, By: v.full(d.By), At: moment(d.At, v.zone())}
		if c, ok := t.Container(id); ok {
			one.Kind = v.word("kind", string(c.Kind))
		}
		out = append(out, one)
	}
	return out
}

func (v *visit) broken(b *batch.Batch) []breakView {
	n := namer{visit: v, batch: b}
	var out []breakView
	for _, st := range b.Steps() {
		if !v.desk.Sees(st.Step) {
			continue
		}
		for _, i := range st.Interruptions {
			one := breakView{
				Step: n.step(st.Step.ID), Link: "/batches/" + b.Number + "?step=" + st.Step.ID, Cause: i.Cause, By: v.full(i.By), At: moment(i.At, v.zone()),
				Decision: v.word("resumption", orOpen(string(i.Decision))), Reason: i.Reason,
			}
			if i.Decided != "" {
				one.Decided = v.full(i.Decided) + " · " + moment(i.Resumed, v.zone())
			}
			out = append(out, one)
		}
	}
	return out
}

// sentBack are the steps of a batch that wait for their second person again, since what they signed has changed.
func (v *visit) sentBack(b *batch.Batch, t *chainofcustody.TherapyEvent) []sentBackView {
	if b.Over() {
		return nil
	}
	n := namer{visit: v, batch: b}
	var out []sentBackView
	for _, st := range b.Steps() {
		if !st.SentBack || !v.desk.Sees(st.Step) {
			continue
		}
		one := sentBackView{
			Step: n.step(st.Step.ID), Link: "/batches/" + b.Number + "?step=" + st.Step.ID, Role: v.word("role", string(st.Step.Second.Role)), Why: v.T("course.changed"),
		}
		if last := len(t.Amendments) - 1; last >= 0 && st.Step.ID == "S01" {
			a := t.Amendments[last]
			one.Link, one.Why, one.By, one.At = "/batches/"+b.Number+"/order", v.T("course.amended"), a.Signature.Name, moment(a.At, v.zone())
		}
		out = append(out, one)
	}
	return out
}

// relatives are the batches that belong to the same treatment, never merged with this one (AT-1).
func (v *visit) relatives(b *batch.Batch) ([]relativeView, error) {
	beside, err := v.plant().Batches.Beside(v.ctx(), b)
	if err != nil {
		return nil, err
	}
	var out []relativeView
	for _, number := range beside {
		how := "beside"
		if number == b.Parent {
			how = "parent"
		}
		if slices.Contains(b.Children, number) {
			how = "child"
		}
		if number == b.ThawedAs {
			how = "thaw"
		}
		if b.Thaws != nil && number == b.Thaws.First {
			how = "thawed"
		}
		out = append(out, relativeView{Number: number, How: v.word("relative", how), Link: "/batches/" + number})
	}
	return out, nil
}
