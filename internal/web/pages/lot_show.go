package pages

import (
	"html/template"
	"net/http"

	"rexbatch/batch/material"
	"rexbatch/chainofcustody/isbt128"
)

// lotPage is one lot: what it is, what may be done with it, and every batch and patient it went to (AT-20).
type lotPage struct {
	frame
	Suspicions []suspectedView
	lotLine
	Seen        uint64
	BlockedFor  string
	OpenFor     string
	Code        template.HTML // the number as the lot's label carries it
	UsedBy      int
	Uses        []lotUse
	Waste       []lotWaste
	Decisions   []lotDecision
	Actions     []lotAction
	Kept        string // path of the act that was refused
	KeptReason  string
	KeptNumber  string
	Unit, Units string
}

// lotUse is one use.
type lotUse struct {
	Mark              Mark
	Batch, Subject    string
	CoI, Step, Amount string
	Who, Account, At  string
	Seq               uint64
	Reversed          bool
	AtHand            bool // its step is not completed
	Corrections       []lotCorrection
}

type lotCorrection struct{ Was, Reason, Who, At string }

type lotWaste struct {
	Amount, Reason, Who, At string
	Seq                     uint64
}

type lotDecision struct {
	Word, Reason, Who, Role, At, UTC string
	Seq                              uint64
}

// lotShow is GET /lots/:lot.
func (v *visit) lotShow() error { return v.lotPage(http.StatusOK) }

// lotPage shows the lot, after a refusal with its problems.
func (v *visit) lotPage(code int, problems ...Problem) error {
	n, err := material.ParseNumber(v.Param("lot"))
	if err != nil {
		return err
	}
	l, err := v.plant().Batches.Materials().Load(v.ctx(), n)
	if err != nil {
		return err
	}
	p := lotPage{
		frame: v.frame("lots", l.Name, problems...), lotLine: v.lotLine(l.Item()), Seen: l.Version, BlockedFor: l.BlockedFor(), OpenFor: v.quantity(l.OpenFor),
		Suspicions: v.suspectedViews(l), UsedBy: len(l.UsedBy()), Actions: v.lotActions(l), KeptReason: v.FormValue("reason"), KeptNumber: v.FormValue("quantity"),
		Kept: v.Request().URL.Path, Unit: string(l.Quantity.Unit()), Units: v.unit(l.Quantity.Unit()),
	}
	p.Code, err = matrix(l.Number.String())
	if err != nil {
		return err
	}
	for i := range l.Uses {
		u, err := v.lotUse(&l.Uses[i])
		if err != nil {
			return err
		}
		p.Uses = append(p.Uses, u)
	}
	for i := range l.Taken {
		t := &l.Taken[i]
		u, err := v.lotUse(&material.Used{Use: material.Use{Batch: t.Batch, CoI: t.CoI, Subject: t.Subject, Step: t.Step}, By: t.By, At: t.At, Seq: t.Seq})
		if err != nil {
			return err
		}
		u.AtHand = true
		p.Uses = append(p.Uses, u)
	}
	for _, w := range l.Waste {
		p.Waste = append(p.Waste, lotWaste{v.quantity(w.Quantity), w.Reason, v.full(w.By), moment(w.At, v.zone()), w.Seq})
	}
	for _, d := range l.Decisions {
		p.Decisions = append(p.Decisions, lotDecision{
			Word: v.word("lot-entry", d.Type), Reason: d.Reason, Who: v.full(d.By), Role: v.word("role", d.Role), At: moment(d.At, v.zone()), UTC: momentUTC(d.At), Seq: d.Seq,
		})
	}
	return v.render(code, "lot", p)
}

func (v *visit) lotUse(u *material.Used) (lotUse, error) {
	coi, err := isbt128.ParseCoI(u.CoI)
	if err != nil {
		return lotUse{}, err
	}
	out := lotUse{
		Mark: MarkOf(coi), Batch: u.Batch, Subject: u.Subject, CoI: coi.Print(), Step: u.Step, Amount: v.quantity(u.Quantity),
		Who: v.full(u.By), Account: u.By, At: moment(u.At, v.zone()), Seq: u.Seq, Reversed: u.Reversed,
	}
	for _, c := range u.Corrections {
		out.Corrections = append(out.Corrections, lotCorrection{v.quantity(c.Was), c.Reason, v.full(c.By), moment(c.At, v.zone())})
	}
	return out, nil
}
