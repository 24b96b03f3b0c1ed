package pages

import (
	"slices"
	"strconv"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// allowanceView is a change for one batch alone, as people read it.
type allowanceView struct {
	ID, Path        string
	Deviation, Link string
	Kind, Target    string
	Was, To         string
	Reason, Risk    string
	By, At          string
	State           state
	Approved        *assessmentView
	Declined        string
	DeclinedBy      string
	Decide          *approveView // QA decides on it now
	Pending         bool
	Inherited       bool // from the batch from which this one was split
}

// allowanceForm is what production can propose.
type allowanceForm struct {
	Path   string
	Groups []allowanceGroup
	To     string
	Reason string
	Risk   string
}

// allowanceGroup are the targets of one kind.
type allowanceGroup struct {
	Name    string
	Options []choice
}

func (v *visit) allowanceView(b *batch.Batch, a *batch.Allowance) allowanceView {
	at := strings.LastIndexByte(a.ID, '/')
	own, _ := b.Deviation(a.Deviation)
	out := allowanceView{
		ID: a.ID, Deviation: a.Deviation, Link: "/batches/" + b.Number + "/deviations/" + a.Deviation, Kind: v.word("allowance-kind", string(a.Kind)),
		Target: v.allowanceTarget(b, a.Kind, a.Target), Was: v.allowanceValue(b, a, a.Was), To: v.allowanceValue(b, a, a.To),
		Reason: a.Reason, Risk: a.Risk, By: v.full(a.By), At: moment(a.At, v.zone()), Pending: a.Pending(), Inherited: own == nil,
	}
	out.Path = out.Link + "/allowances/" + a.ID[at+1:]
	if out.Inherited {
		out.Link = ""
	}
	switch {
	case a.InForce():
		out.State = state{Icon: "seal", Word: v.T("allowance.inforce")}
		out.Approved = &assessmentView{Text: v.word("meaning", slug(a.Approved.Meaning)), By: a.Approved.Name, At: moment(a.Approved.At, v.zone())}
	case a.Declined != "":
		out.State = state{Icon: "dash", Word: v.T("allowance.declined")}
		out.Declined, out.DeclinedBy = a.Declined, v.full(a.DeclinedBy)+" · "+moment(a.DeclinedAt, v.zone())
	default:
		out.State = state{Icon: "triangle", Tone: "att", Word: v.T("allowance.proposed")}
	}
	if a.Pending() && v.has(people.QA) {
		out.Decide = v.decideView(b, a)
	}
	return out
}

func (v *visit) decideView(b *batch.Batch, a *batch.Allowance) *approveView {
	out := &approveView{}
	err := b.MayAllow(v.desk.Session.Account, people.QA, a.ID)
	var digest ledger.Digest
	if err == nil {
		digest, err = b.AllowanceDigest(a.ID)
	}
	if err != nil {
		out.Why = &v.problems(err, b)[0]
		return out
	}
	out.Digest = digest.String()[:digestLetters]
	return out
}

// allowanceTarget names a field, a step or a clock in the person's language.
func (v *visit) allowanceTarget(b *batch.Batch, kind batch.AllowanceKind, target string) string {
	n := namer{visit: v, batch: b}
	switch kind {
	case batch.AllowLimit, batch.AllowDevice:
		step, _, _ := strings.Cut(target, ".")
		return step + " " + strings.Trim(n.field(target, ""), "«»")
	case batch.AllowTime:
		return strings.Trim(n.clock(target), "«»")
	}
	return n.step(target)
}

// allowanceValue is a limit with its unit, a time, or a number of repetitions; a step that is skipped has none.
func (v *visit) allowanceValue(b *batch.Batch, a *batch.Allowance, text string) string {
	if a.Kind != batch.AllowLimit || text == "" {
		return text
	}
	f, ok := b.Recipe.FieldAt(a.Target, b.Site)
	if !ok {
		return text
	}
	limit, err := quantity.ParseLimit(text, f.Unit)
	if err != nil {
		return text
	}
	return v.limit(limit)
}

// allowances are those of a deviation, what this person can propose under it, or nothing.
func (v *visit) allowances(b *batch.Batch, d *batch.Deviation, p *deviationPage) {
	for _, a := range b.AllowancesOf(d.Number) {
		p.Allowances = append(p.Allowances, v.allowanceView(b, a))
	}
	if b.Closed(d) || !v.desk.Session.May(people.ProposeAllowance) {
		return
	}
	form := allowanceForm{Path: p.Path + "/allowances", To: v.FormValue("to"), Reason: v.FormValue("reason"), Risk: v.FormValue("assessment")}
	for _, kind := range batch.AllowanceKinds() {
		g := allowanceGroup{Name: v.word("allowance-kind", string(kind))}
		for _, a := range b.Allowable() {
			if a.Kind != kind {
				continue
			}
			code := string(kind) + " " + a.Target
			name := v.allowanceTarget(b, kind, a.Target)
			if was := v.allowanceValue(b, &a, a.Was); was != "" {
				name += " · " + was
			}
			g.Options = append(g.Options, choice{Code: code, Name: name, Chosen: v.FormValue("target") == code})
		}
		if len(g.Options) > 0 {
			form.Groups = append(form.Groups, g)
		}
	}
	if len(form.Groups) > 0 {
		p.Propose = &form
	}
}

// allowancesAt are those in force for a step, to be seen where it is done.
func (v *visit) allowancesAt(b *batch.Batch, s *mbr.Step) []allowanceView {
	var out []allowanceView
	for _, a := range b.AllowancesAt(s.ID) {
		out = append(out, v.allowanceView(b, a))
	}
	return out
}

// allowanceText says what was changed by which deviation.
func (v *visit) allowanceText(b *batch.Batch, e batch.Exception) string {
	i := slices.IndexFunc(b.Allowances, func(a *batch.Allowance) bool { return e.ID == string(batch.Allowed)+":"+a.ID })
	if i < 0 {
		return e.What
	}
	a := v.allowanceView(b, b.Allowances[i])
	key := "exception.allowed"
	if kind := b.Allowances[i].Kind; kind == batch.AllowSkip || kind == batch.AllowDevice {
		key += "." + string(kind)
	}
	return v.T(key, "kind", a.Kind, "target", a.Target, "was", a.Was, "to", a.To, "deviation", a.Deviation)
}

// allowanceID is the id of the allowance that a request is about.
func (v *visit) allowanceID(deviation string) string {
	n, err := strconv.Atoi(v.Param("allowance"))
	if err != nil {
		return deviation + "/0"
	}
	return deviation + "/" + strconv.Itoa(n)
}
