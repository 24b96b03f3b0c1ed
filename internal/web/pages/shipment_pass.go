package pages

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// passesPage is who may act for a shipment from a phone, and what gives another person the right.
type passesPage struct {
	frame
	ID     string
	Over   bool // cancelled: no link is given, and none opens
	Lines  []passLine
	People []choice // "account role"
	Hours  []choice
	Typed  map[string]string
	Roles  *picker
	Issued *issuedPass
}

type passLine struct {
	ID, Name, Role, Until, IssuedBy string
	State                           state
	Phones                          []phoneLine
	Open                            bool // may be revoked
}

type phoneLine struct {
	ID     string
	Events int
	Last   string
}

// issuedPass is shown once: the link as a code for the other phone's camera, and the PIN, which goes another way.
type issuedPass struct {
	Name, Link, PIN, Until string
	Code                   template.HTML
}

// passHours are how long phones may be enrolled with a pass.
var passHours = []int{24, 48, 96, 168}

// passesShow is GET /shipments/:shipment/passes.
func (v *visit) passesShow() error { return v.passesPage(http.StatusOK, nil) }

func (v *visit) passesPage(code int, issued *issuedPass, problems ...Problem) error {
	s, err := v.shipment()
	if err != nil {
		return err
	}
	p := passesPage{frame: v.frame("shipments", v.T("passes.title", "id", string(s.ID)), problems...), ID: string(s.ID), Typed: v.typed(), Issued: issued}
	p.Roles, _ = v.rolesFor(passer)
	p.Over = s.MayCarry() != nil
	passes, err := v.plant().People.Passes(v.ctx(), shipment.Stream(s.ID))
	if err != nil {
		return err
	}
	for _, pass := range passes {
		line, err := v.passLine(pass)
		if err != nil {
			return err
		}
		if p.Over && !pass.Revoked {
			line.State = state{Icon: "octagon", Tone: "stop", Word: v.T("pass.cancelled")}
		}
		p.Lines = append(p.Lines, line)
	}
	p.People, err = v.carriers()
	if err != nil {
		return err
	}
	for _, h := range passHours {
		p.Hours = append(p.Hours, choice{Code: itoa(h), Name: v.span(time.Duration(h) * time.Hour), Chosen: v.FormValue("hours") == itoa(h)})
	}
	return v.render(code, "passes", p)
}

func (v *visit) passLine(p people.Pass) (passLine, error) {
	out := passLine{
		ID: p.ID, Name: v.full(p.Account), Role: v.word("role", string(p.Role)), Until: moment(p.Until, v.zone()), IssuedBy: v.full(p.IssuedBy), Open: !p.Revoked,
		State: state{Icon: "tick", Word: v.T("pass.open")},
	}
	switch {
	case p.Revoked:
		out.State = state{Icon: "octagon", Tone: "stop", Word: v.T("pass.revoked")}
	case p.Locked:
		out.State = state{Icon: "lock", Tone: "att", Word: v.T("pass.locked")}
	case !p.Until.After(v.now()):
		out.State = state{Icon: "clock", Word: v.T("pass.over")}
	}
	for _, phone := range p.Phones {
		record, err := v.plant().Phones().Load(v.ctx(), phone.ID)
		if err != nil {
			return out, err
		}
		line := phoneLine{ID: phone.ID, Events: len(record.Events)}
		if n := len(record.Events); n > 0 {
			line.Last = moment(record.Events[n-1].Received, v.zone())
		}
		out.Phones = append(out.Phones, line)
	}
	return out, nil
}

// carriers are the persons to whom a pass may be given, with the role in which they carry.
func (v *visit) carriers() ([]choice, error) {
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return nil, err
	}
	var out []choice
	for _, p := range all {
		if p.Disabled {
			continue
		}
		for _, r := range p.Roles {
			if r.May(people.HoldCustody) {
				code := p.Account + " " + string(r)
				out = append(out, choice{Code: code, Name: p.Name + " · " + v.word("role", string(r)), Chosen: v.FormValue("person") == code})
			}
		}
	}
	return out, nil
}

// passIssue is POST /shipments/:shipment/passes. The answer is the one page that ever shows link and PIN.
func (v *visit) passIssue() error {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return err
	}
	by, err := v.desk.Acting(v.FormValue("role"), passer)
	if err != nil {
		return v.passesPage(status(err), nil, v.problems(err, nil)...)
	}
	account, role, _ := strings.Cut(v.FormValue("person"), " ")
	pass, secrets, err := v.desk.CarryPass(v.ctx(), by, id, account, people.Role(role), v.now().Add(time.Duration(number(v.FormValue("hours")))*time.Hour))
	if err != nil {
		return v.passesPage(status(err), nil, v.problems(err, nil)...)
	}
	scheme := "http"
	if desk.Encrypted(v.Request()) {
		scheme = "https"
	}
	issued := &issuedPass{
		Name: v.full(pass.Account), PIN: secrets.PIN, Until: moment(pass.Until, v.zone()),
		Link: scheme + "://" + v.Request().Host + "/courier/#" + desk.PassLink(v.plant(), secrets.Token),
	}
	code, err := qr.Encode(issued.Link, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("code of a pass: %w", err)
	}
	issued.Code = modules(code, "QR", "pass-code", 4)
	return v.passesPage(http.StatusOK, issued)
}

// passRevoke is POST /shipments/:shipment/passes/:pass/revoke, for example when a phone is lost (CS-80).
func (v *visit) passRevoke() error {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return err
	}
	by, err := v.desk.Acting(v.FormValue("role"), passer)
	if err != nil {
		return v.passesPage(status(err), nil, v.problems(err, nil)...)
	}
	p, err := v.plant().People.Pass(v.ctx(), v.Param("pass"))
	if err == nil && p.Scope != shipment.Stream(id) {
		err = ledger.Refuse(ledger.Missing, "CS-67", "pass-missing", "There is no pass {pass}.", "Look at the shipment's passes.", "pass", p.ID)
	}
	if err == nil {
		_, err = v.plant().People.RevokePass(v.ctx(), by, p.ID, people.Why{Reason: v.FormValue("reason")})
	}
	if err != nil {
		return v.passesPage(status(err), nil, v.problems(err, nil)...)
	}
	return v.to("/shipments/" + string(id) + "/passes?done=pass-revoked")
}
