package pages

import (
	"fmt"
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// strip is the identity that stays on top of every page of a batch (screens, rules 1 and 2).
type strip struct {
	Mark           Mark
	CoI            string // without its check character: that is on the label alone, and stands for having read it (ID-12)
	Subject, Batch string
	Plant          string
	Recipe         string
	Expiry         *clock
	Who, Role      string
	Alike          string    // who could be mixed up with this patient (scenario 6); a warning when that is not known
	Halt           *haltView // the batch is held, or not made any further
	Timers         []timerView
	Stands         uint64   // version of the batch
	Around         string   // where an open page gets what stands around it anew
	Warnings       []string // what every label says of the material
}

// haltView says that nothing, or nothing new, is done with a batch: why, and what to do.
type haltView struct {
	State state
	What  string
	Next  string
	Link  string
}

// halt is why a batch is not worked on; nil when it is. Those who do not read records learn the cause and no more.
func (v *visit) halt(b *batch.Batch) *haltView {
	link := "/batches/" + b.Number + "/course"
	if h, held := b.Held(); held {
		out := &haltView{State: state{Icon: "pause", Tone: "att", Word: v.T("halt.held")}, What: v.word("hold", string(h.Cause)), Next: v.T("halt.held.next"), Link: link}
		if v.reads() {
			out.What += ": " + v.holdText(b, h)
		}
		return out
	}
	e := b.Ending
	if e == nil {
		return nil
	}
	out := &haltView{State: state{Icon: "octagon", Tone: "stop", Word: v.T("halt.stopped")}, What: v.word("ending", string(e.Cause)), Link: link}
	switch {
	case !e.Effective:
		out.State, out.Next = state{Icon: "triangle", Tone: "att", Word: v.T("halt.stopping")}, v.T("halt.stopping.next")
	case e.Cause == batch.EndSplit:
		out.State, out.Next = state{Icon: "dash", Word: v.T("halt.split")}, v.T("halt.split.next", "batches", strings.Join(b.Children, ", "))
	case e.Cause == batch.EndSwitched && b.HandedOn != nil:
		out.State, out.Next = state{Icon: "dash", Word: v.T("takeon.handed")}, v.T("halt.switched.next", "site", b.HandedOn.To)
	case b.ClosedAt.IsZero():
		out.Next = v.T("halt.stopped.next")
	default:
		out.Next = v.T("halt.closed.next")
	}
	return out
}

// strip is the identity of a batch; acting is the role in which the person works on it.
func (v *visit) strip(b *batch.Batch, acting people.Role) strip {
	role := v.roles(v.desk.Session.Roles)
	if v.has(acting) {
		role = v.word("role", string(acting))
	}
	return strip{
		Mark: MarkOf(b.CoI), CoI: strings.TrimSpace(strings.TrimSuffix(b.CoI.Print(), string(b.CoI.Check()))), Subject: b.Subject, Batch: b.Number, Plant: v.plantName(),
		Recipe: fmt.Sprintf("%s v%d", b.Recipe.ID, b.Recipe.Version), Expiry: v.expiry(b), Who: v.desk.Session.Name, Role: role, Halt: v.halt(b), Alike: v.alike(b),
		Timers: v.timers(b), Stands: b.Version, Warnings: v.warnings(b), Around: "/batches/" + b.Number + "/timeline?as=" + string(acting),
	}
}

// alike warns of patients with the same name and year of birth who are treated at about the same time. It names the
// pseudonym and nothing else.
func (v *visit) alike(b *batch.Batch) string {
	others, err := v.plant().Custody.Near(v.ctx(), b.CoI, b.Subject)
	if err != nil {
		return v.T("strip.alike.unknown")
	}
	if len(others) == 0 {
		return ""
	}
	return v.T("strip.alike", "others", strings.Join(others, ", "))
}

// warnings are what every label of the batch says of its material, once the donor's markers are known.
func (v *visit) warnings(b *batch.Batch) []string {
	if !b.WarnedOf() {
		return nil
	}
	var out []string
	for _, w := range b.Warnings() {
		out = append(out, w.Text.In(v.lang))
	}
	return out
}

// Fields of the recipe from which clocks are read. A recipe without them has no such clock.
const (
	collectedRef = "S05.last_pull_at"
	expiryRef    = "S35.expiry"
	expiryParam  = "expiry_from_collection"
)

// expiry is the computed expiry, or before that the latest that it can be.
func (v *visit) expiry(b *batch.Batch) *clock {
	if c, ok := b.Value(expiryRef); ok {
		t, err := c.Value.Time()
		if err == nil {
			out := v.deadline(v.T("clock.expiry"), t, v.now(), v.zone(), soon)
			out.Source = v.T("clock.from", "formula", c.Formula)
			return &out
		}
	}
	t, ok := b.LatestExpiry(b.Recipe)
	if !ok {
		return nil
	}
	out := v.deadline(v.T("clock.latest"), t, v.now(), v.zone(), soon)
	out.Source = v.T("clock.latest.from", "span", v.quantity(b.Recipe.Parameters[expiryParam].Value))
	return &out
}
