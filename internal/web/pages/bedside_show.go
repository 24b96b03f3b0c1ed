package pages

import (
	"net/http"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
	"rexbatch/release"
)

// bedsidePage is what was done at the bedside of a batch, what phones there go by, and what this person may do about it.
type bedsidePage struct {
	frame
	Strip      strip
	Batch      string
	Statement  *bedStatement
	Recall     *bedRecall
	Infusions  []infusionView
	Stops      []bedLine
	Scans      []bedScanView
	Requests   []bedRequestView
	Passes     []bedPassView
	Given      *bedPassGiven // shown once
	Roles      []choice      // that a pass may have, where this person gives any
	Recalling  *bedRecalling // what this person may recall
	Kept       bedKept
	DosesShown bool
}

type bedKept struct{ Form, Account, Role, Reason, Text string }

type bedStatement struct {
	Certificate, By, Expiry, Limb string
	Containers                    []string
}

// bedRecalling is what a recall withdraws, and the digest of it that its signer states (I8).
type bedRecalling struct {
	Certificates []string
	Begun        bool
	Shown        string
}

type bedRecall struct{ Reason, By, At string }

// bedLine is something that a phone says happened: when, as far as it is known, and who.
type bedLine struct {
	When, Received, By string
	What               string
	WrongClock         bool
}

type infusionView struct {
	bedLine
	Limb, Age                     string
	Containers                    []string
	Against                       []string
	Running                       bool
	Ended, How, Given, Left, Dose string
	Residual, Reaction, Reference string
	Faults                        []string
}

type bedScanView struct {
	bedLine
	Expect, Outcome, Raw, Said string
	Bad                        bool
}

type bedRequestView struct {
	bedLine
	Entry        uint64
	Reason, Risk string
	Answer       *bedAnswerView
	MayAnswer    bool
}

type bedAnswerView struct{ Decision, Text, By, At string }

type bedPassView struct {
	Name, Role, Phones, State string
}

type bedPassGiven struct{ Link, PIN, Until string }

// bedsideShow is GET /batches/:batch/bedside.
func (v *visit) bedsideShow() error { return v.bedsidePage(http.StatusOK, nil) }

func (v *visit) bedsidePage(code int, given *bedPassGiven, problems ...Problem) error {
	b, t, err := v.load()
	if err != nil {
		return err
	}
	at, err := v.plant().Batches.Bedside().Load(v.ctx(), b.Number)
	if err != nil {
		return err
	}
	passes, err := v.plant().People.Passes(v.ctx(), phone.BedScope(b.Number))
	if err != nil {
		return err
	}
	p := bedsidePage{
		frame: v.frame("bedside", v.T("bed.title")+" "+b.Number, problems...), Strip: v.strip(b, v.leads()), Batch: b.Number, Given: given, DosesShown: v.reads(),
		Kept: bedKept{v.FormValue("form"), v.FormValue("account"), v.FormValue("role"), v.FormValue("reason"), v.FormValue("text")},
	}
	s, stated, err := v.plant().Release.Statement(b, t)
	if err != nil {
		return err
	}
	if stated {
		p.Statement = &bedStatement{Certificate: s.Certificate, By: s.CertifiedBy, Expiry: moment(s.Expiry, v.zone()), Limb: v.word("bed.limb", s.Limb)}
		for _, c := range s.Containers {
			p.Statement.Containers = append(p.Statement.Containers, c.Label+" · "+c.Volume.Format(v.lang))
		}
	}
	if r := at.Recall; r != nil {
		p.Recall = &bedRecall{r.Reason, r.Signature.Name, moment(r.At, v.zone())}
	}
	for _, s := range at.Starts {
		p.Infusions = append(p.Infusions, v.infusion(b, t, s))
	}
	for _, s := range at.Stops {
		line := v.bedLine(s.Source)
		line.What = strings.Join(v.bedWords(s.Rules), "; ")
		p.Stops = append(p.Stops, line)
	}
	for _, s := range at.Scans {
		p.Scans = append(p.Scans, v.bedScan(s))
	}
	for _, r := range at.Requests {
		p.Requests = append(p.Requests, v.bedRequest(r))
	}
	for _, pass := range passes {
		p.Passes = append(p.Passes, v.bedPassView(pass))
	}
	if v.desk.Session.May(people.HoldCustody) || v.desk.Session.May(people.Schedule) || v.desk.Session.May(people.IssueKit) {
		for _, r := range []people.Role{people.Interventionist, people.Nurse, people.Physician} {
			p.Roles = append(p.Roles, choice{Code: string(r), Name: v.word("role", string(r)), Chosen: p.Kept.Role == string(r)})
		}
	}
	recalling, err := release.Recallable(b, at)
	if err == nil && v.has(people.QP) {
		shown, err := recalling.Digest("")
		if err != nil {
			return err
		}
		p.Recalling = &bedRecalling{recalling.Certificates, recalling.Begun, shown.String()}
	}
	return v.render(code, "bedside", p)
}

// bedLine says when something at the bedside was done: between two times, where the phone's clock leaves it open.
func (v *visit) bedLine(s bedside.Source) bedLine {
	return bedLine{When: v.momentSpan(s.Moment), Received: moment(s.Received, v.zone()), By: v.full(s.By) + " · " + v.word("role", s.Role), WrongClock: s.Off}
}

func (v *visit) momentSpan(m chainofcustody.Moment) string {
	if m.Certain() && m.Width() < 2*time.Minute {
		return moment(m.Latest, v.zone())
	}
	from := "?"
	if !m.Earliest.IsZero() {
		from = moment(m.Earliest, v.zone())
	}
	return v.T("bed.moment", "from", from, "to", moment(m.Latest, v.zone()))
}

func (v *visit) bedWords(codes []string) []string {
	var out []string
	for _, c := range codes {
		out = append(out, v.word("bedside", c))
	}
	return out
}

func (v *visit) infusion(b *batch.Batch, t *chainofcustody.TherapyEvent, s *bedside.Start) infusionView {
	out := infusionView{bedLine: v.bedLine(s.Source), Limb: v.word("bed.limb", s.Limb), Against: v.bedWords(s.Doubts), Running: s.End == nil}
	for _, id := range s.Containers {
		if c, ok := t.Container(id); ok {
			id = c.ID.Print()
		}
		out.Containers = append(out.Containers, id)
	}
	if age, ok := s.Age(); ok {
		out.Age = v.span(age)
	}
	e := s.End
	if e == nil {
		return out
	}
	out.Ended, out.How, out.Given, out.Left = v.momentSpan(e.Moment), v.word("bed.how", e.How), e.Given.Format(v.lang), e.Left.Format(v.lang)
	out.Residual, out.Reaction, out.Reference, out.Faults = v.word("bed.residual", e.Residual), e.Reaction, e.Reference, v.bedWords(e.Faults)
	if dose, ok := release.Dose(b, e); ok && v.reads() {
		out.Dose = dose.FormatNumber(v.lang) + " " + v.unit(dose.Unit())
	}
	return out
}

func (v *visit) bedScan(s bedside.Scan) bedScanView {
	out := bedScanView{
		bedLine: v.bedLine(s.Source), Expect: v.word("bed.expect", string(s.Expect)), Outcome: v.word("bed.outcome", string(s.Outcome)), Raw: s.Raw, Bad: s.Outcome != chainofcustody.Matched,
	}
	if s.Said != "" {
		out.Said = v.T("bed.said", "found", v.word("bed.outcome", s.Said))
	}
	return out
}

func (v *visit) bedRequest(r *bedside.Request) bedRequestView {
	out := bedRequestView{bedLine: v.bedLine(r.Source), Entry: r.Seq, Reason: r.Reason, Risk: r.Risk, MayAnswer: r.Answer == nil && v.has(people.QP)}
	out.What = strings.Join(v.bedWords(append(append([]string{}, r.Rules...), r.Doubts...)), "; ")
	if a := r.Answer; a != nil {
		decision := "no"
		if a.Supply {
			decision = "yes"
		}
		out.Answer = &bedAnswerView{v.word("bed.supply", decision), a.Text, a.Signature.Name, moment(a.Signature.At, v.zone())}
	}
	return out
}

func (v *visit) bedPassView(p people.Pass) bedPassView {
	out := bedPassView{Name: v.full(p.Account), Role: v.word("role", string(p.Role)), Phones: v.T("bed.pass-phones", "n", itoa(len(p.Phones)))}
	switch {
	case p.Revoked:
		out.State = v.T("bed.pass-revoked")
	case p.Locked:
		out.State = v.T("bed.pass-locked")
	}
	return out
}

// bedPass is POST /batches/:batch/bedside/passes. Link and PIN are in this answer and nowhere else.
func (v *visit) bedPass() error {
	by, err := v.as(func(r people.Role) bool {
		return r.May(people.HoldCustody) || r.May(people.Schedule) || r.May(people.IssueKit)
	})
	if err != nil {
		return v.bedsidePage(status(err), nil, v.problems(err, nil)...)
	}
	pass, secrets, err := v.desk.BedPass(v.ctx(), by, v.Param("batch"), v.FormValue("account"), people.Role(v.FormValue("role")), v.now().Add(passFor))
	if err != nil {
		return v.bedsidePage(status(err), nil, v.problems(err, nil)...)
	}
	return v.bedsidePage(http.StatusOK, &bedPassGiven{Link: courierPath + "#" + desk.PassLink(v.plant(), secrets.Token), PIN: secrets.PIN, Until: moment(pass.Until, v.zone())})
}

const (
	passFor     = 48 * time.Hour // as long as the product lives
	courierPath = "/courier/"
)

// bedRecall is POST /batches/:batch/bedside/recall: the Qualified Person's signature over certificate and reason (AT-57).
func (v *visit) bedRecall() error {
	return v.onBedside("recalled", func(by ledger.Author) error {
		shown, err := v.wasShown()
		if err != nil {
			return err
		}
		return v.plant().Release.Recall(v.ctx(), by, v.Param("batch"), shown, v.FormValue("reason"), v.desk.Signer(by.Role, v.FormValue("password")))
	})
}

// bedAnswer is POST /batches/:batch/bedside/requests/:request/answer.
func (v *visit) bedAnswer() error {
	return v.onBedside("answered", func(by ledger.Author) error {
		return v.plant().Release.Answer(v.ctx(), by, v.Param("batch"), number(v.Param("request")), v.FormValue("supply") == "yes", v.FormValue("text"), v.desk.Signer(by.Role, v.FormValue("password")))
	})
}

func (v *visit) onBedside(done string, do func(ledger.Author) error) error {
	by, err := v.desk.Acting("", desk.Is(people.QP))
	if err == nil {
		err = do(by)
	}
	if err != nil {
		return v.bedsidePage(status(err), nil, v.problems(err, nil)...)
	}
	return v.to("/batches/" + v.Param("batch") + "/bedside?done=" + done)
}
