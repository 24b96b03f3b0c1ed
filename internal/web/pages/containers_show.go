package pages

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// containersPage shows what was made of what, and does something with a container that is scanned.
type containersPage struct {
	frame
	Strip  strip
	Batch  string
	Seen   uint64
	Tree   []branchView
	Makes  []makingView // what the step at which the batch stands makes of containers, when this person works in it
	Tends  bool
	Tend   []choice
	Manner []choice
	Kept   treeForm
}

// branchView is a container below the one it was made from.
type branchView struct {
	Depth            int
	ID, Kind, Step   string
	Volume, From     string
	State, StateName string // empty while it is whole
	Holder           string
}

// makingView is a kind that is made of another.
type makingView struct {
	Kind, Name, From string
	Pools            bool // several of them make one
}

// treeForm is what was entered before a refusal.
type treeForm struct {
	Form, Kind, Manner, Do, Raws, Before, Waste, Reason string
	Volumes                                             []string
}

// containersShow is GET /batches/:batch/containers.
func (v *visit) containersShow() error { return v.containersPage(http.StatusOK) }

func (v *visit) containersPage(code int, problems ...Problem) error {
	b, t, err := v.load()
	if err != nil {
		return err
	}
	p := containersPage{
		frame: v.frame("containers", v.T("tree.title")+" "+b.Number, problems...), Strip: v.strip(b, ""), Batch: b.Number, Seen: b.Version,
		Tends: !b.Over() && slices.ContainsFunc(v.desk.Session.Roles, disposes),
		Kept: treeForm{
			Form: v.FormValue("form"), Kind: v.FormValue("kind"), Manner: v.FormValue("manner"), Do: v.FormValue("do"), Raws: v.FormValue("raw"),
			Before: v.FormValue("before"), Waste: v.FormValue("waste"), Reason: v.FormValue("reason"),
		},
	}
	form, err := v.FormParams()
	if err == nil {
		p.Kept.Volumes = form["volume"]
	}
	for len(p.Kept.Volumes) < 6 {
		p.Kept.Volumes = append(p.Kept.Volumes, "")
	}
	p.Tree = v.branches(b, t)
	p.Makes = v.makings(b, t)
	for _, do := range []string{"freeze", "thaw", "destroy"} {
		p.Tend = append(p.Tend, choice{Code: do, Name: v.T("tree.do." + do), Chosen: p.Kept.Do == do})
	}
	for _, m := range []chainofcustody.Manner{chainofcustody.Split, chainofcustody.Fill, chainofcustody.Sample} {
		p.Manner = append(p.Manner, choice{Code: string(m), Name: v.T("tree.manner." + string(m)), Chosen: p.Kept.Manner == string(m)})
	}
	return v.render(code, "containers", p)
}

func (v *visit) branches(b *batch.Batch, t *chainofcustody.TherapyEvent) []branchView {
	n := namer{visit: v, batch: b}
	var out []branchView
	for _, br := range chainofcustody.Lines(t.Tree(nil)) {
		one := branchView{
			Depth: min(br.Depth, 6), ID: br.ID.Print(), Kind: v.word("kind", string(br.Kind)), Holder: v.word("party", string(br.Custodian.Party)), State: string(br.State),
		}
		if br.State != chainofcustody.Whole {
			one.StateName = v.T("tree.state." + string(br.State))
		}
		if br.Volume != nil {
			one.Volume = v.quantity(*br.Volume)
		}
		for _, id := range br.Pooled {
			one.From = strings.TrimPrefix(one.From+", "+printed(id), ", ")
		}
		number, step, _ := strings.Cut(br.Purpose, "/")
		step, _, _ = strings.Cut(step, "#")
		switch st, ok := b.Step(step); {
		case number != b.Number && number != b.Parent:
			one.Step = number
		case ok && v.desk.Sees(st.Step):
			one.Step = n.step(step)
		}
		out = append(out, one)
	}
	return out
}

// makings are offered to whoever performs the step at which the batch stands.
func (v *visit) makings(b *batch.Batch, t *chainofcustody.TherapyEvent) []makingView {
	st, ok := b.Current()
	if !ok || !v.desk.Session.Has(st.Step.Performer) {
		return nil
	}
	var out []makingView
	seen := map[chainofcustody.Kind]bool{}
	for _, c := range t.Containers {
		if seen[c.Kind] {
			continue
		}
		seen[c.Kind] = true
		for _, m := range b.Makes(c.Kind) {
			out = append(out, makingView{
				Kind: m.Kind, Name: v.word("kind", m.Kind), From: v.word("kind", m.From), Pools: m.Count == "" && len(b.Containers(t, m.From)) > 1,
			})
		}
	}
	return out
}

// containerDivide is POST /batches/:batch/containers/division.
func (v *visit) containerDivide() error {
	return v.onContainer("divided", v.performs, func(by ledger.Author) error {
		p, err := v.portions()
		if err != nil {
			return err
		}
		return v.plant().Batches.Divide(v.ctx(), by, v.Param("batch"), v.seen(), v.raw(), chainofcustody.Manner(v.FormValue("manner")), p)
	})
}

// containerPool is POST /batches/:batch/containers/pool: one label a line.
func (v *visit) containerPool() error {
	return v.onContainer("pooled", v.performs, func(by ledger.Author) error {
		p, err := v.portions()
		if err != nil {
			return err
		}
		return v.plant().Batches.Pool(v.ctx(), by, v.Param("batch"), v.seen(), v.scans("raw"), p)
	})
}

// containerTend is POST /batches/:batch/containers/tend: a container was frozen, thawed or destroyed.
func (v *visit) containerTend() error {
	k, number := v.plant().Batches, v.Param("batch")
	return v.onContainer("tended", disposes, func(by ledger.Author) error {
		switch v.FormValue("do") {
		case "freeze":
			return k.Freeze(v.ctx(), by, number, v.seen(), v.raw())
		case "thaw":
			return k.Thaw(v.ctx(), by, number, v.seen(), v.raw())
		case "destroy":
			return k.Destroy(v.ctx(), by, number, v.seen(), v.raw(), v.FormValue("reason"))
		}
		return ledger.Refuse(ledger.Invalid, "AT-59", "no-such-act", "a container is frozen, thawed or destroyed", "choose one of these")
	})
}

// performs chooses the role of the step at which the batch stands.
func (v *visit) performs(r people.Role) bool {
	b, _, err := v.load()
	if err != nil {
		return false
	}
	st, ok := b.Current()
	return ok && r == st.Step.Performer
}

// portions reads the volumes of the form; a waste that is left empty is none.
func (v *visit) portions() (batch.Portions, error) {
	form, err := v.FormParams()
	if err != nil {
		return batch.Portions{}, err
	}
	var volumes []string
	for _, text := range form["volume"] {
		if strings.TrimSpace(text) != "" {
			volumes = append(volumes, text)
		}
	}
	waste := v.FormValue("waste")
	if waste == "" {
		waste = "0"
	}
	return batch.ReadPortions(chainofcustody.Kind(v.FormValue("kind")), v.FormValue("before"), volumes, waste, quantity.Unit("mL"))
}

// onContainer does a command for which a container was scanned, and stops the whole screen where it was another patient's.
func (v *visit) onContainer(done string, may func(people.Role) bool, do func(ledger.Author) error) error {
	by, err := v.as(may)
	if err == nil {
		err = do(by)
	}
	if err == nil {
		return v.to("/batches/" + v.Param("batch") + "/containers?done=" + done)
	}
	b, _, loadErr := v.load()
	if loadErr != nil {
		return loadErr
	}
	var stop *ledger.Refusal
	if errors.As(err, &stop) && stop.Kind == ledger.Stop {
		return v.stoppedHere(b, stop)
	}
	return v.containersPage(status(err), v.problems(err, b)...)
}
