package pages

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/oncall"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// callView is a call that waits for this person, on top of whatever page they look at (scenario 16).
type callView struct {
	Link, Shipment, Text string
	Clock                clock
	Icon                 string
}

// onCallView is who answers for the plant out of hours.
type onCallView struct {
	Name, Since string
	May         bool
	People      []choice
}

// answerSoon is when the time to answer a call asks for attention: always, it is short.
const answerSoon = 24 * time.Hour

// duty is the plant's on-call duty and the calls that wait for this person, looked up once. A page is shown without them
// where they cannot be read: what stands on it is no less true.
func (v *visit) duty() (*oncall.Duty, []oncall.Call) {
	if v.onDuty == nil {
		var err error
		v.onDuty, v.calls, err = v.desk.OnCall(v.ctx())
		if err != nil {
			if v.ctx().Err() == nil { // else the page was left
				v.site.deps.Logger.ErrorContext(v.ctx(), "on-call duty", "error", err)
			}
			v.onDuty = &oncall.Duty{}
		}
	}
	return v.onDuty, v.calls
}

// called are the calls that wait for this person, as every page shows them.
func (v *visit) called() []callView {
	_, calls := v.duty()
	var out []callView
	for _, c := range calls {
		out = append(out, callView{
			Link: "/shipments/" + c.About, Shipment: c.About, Text: v.callText(c), Icon: "clock",
			Clock: v.deadline(v.T("call.answer-by"), c.AnswerBy, v.now(), v.zone(), answerSoon),
		})
	}
	return out
}

// callText says who was called, and whether they have answered in time.
func (v *visit) callText(c oncall.Call) string {
	switch {
	case c.Account == "":
		return v.T("call.nobody")
	case c.Escalated(v.now()):
		return v.T("call.escalated", "name", v.full(c.Account))
	default:
		return v.T("call.waits", "name", v.full(c.Account))
	}
}

// calledAbout tells whether a call about a shipment waits for this person.
func (v *visit) calledAbout(id shipment.ID) bool {
	_, calls := v.duty()
	return slices.ContainsFunc(calls, func(c oncall.Call) bool { return c.About == string(id) })
}

// takesCall is the choice of a role in which this person may take the call about a shipment.
func (v *visit) takesCall(id shipment.ID) func(people.Role) bool {
	duty, _ := v.duty()
	c, _ := duty.About(string(id))
	return func(r people.Role) bool {
		return (r.May(people.HoldCustody) || r.May(people.Review)) && duty.WaitsFor(c, v.desk.Session.Account, []people.Role{r}, v.now())
	}
}

// callFacts are what became of the call about a shipment.
func (v *visit) callFacts(id shipment.ID) []trait {
	duty, _ := v.duty()
	c, ok := duty.About(string(id))
	if !ok {
		return nil
	}
	name := v.T("call.none")
	if c.Account != "" {
		name = v.full(c.Account)
	}
	out := []trait{{Name: v.T("call.called"), Value: name, Sub: moment(c.At, v.zone())}}
	if a := c.Answer; a != nil {
		return append(out, trait{Name: v.T("call.taken"), Value: v.full(a.By.Account), Sub: v.word("role", a.By.Role) + " · " + moment(a.At, v.zone())})
	}
	due := v.deadline(v.T("call.answer-by"), c.AnswerBy, v.now(), v.zone(), answerSoon)
	out = append(out, trait{Name: due.Name, Value: due.At, Sub: due.Left, Mono: true, Tone: due.Tone})
	if c.Escalated(v.now()) {
		out = append(out, trait{Name: v.T("call.further"), Value: v.roles(oncall.Further())})
	}
	return out
}

// onCall is who answers for the plant out of hours, for those who read its records; whoever may name the next one chooses
// among those who can be.
func (v *visit) onCall() (*onCallView, error) {
	if !v.reads() {
		return nil, nil
	}
	duty, _ := v.duty()
	out := &onCallView{}
	if now := duty.Now; now != nil {
		out.Name, out.Since = v.full(now.Account), v.T("call.since", "at", moment(now.Since, v.zone()), "by", v.full(now.By))
	}
	out.May = slices.ContainsFunc(v.desk.Session.Roles, v.namesOnCall)
	if !out.May {
		return out, nil
	}
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if oncall.Fit(p) && (duty.Now == nil || duty.Now.Account != p.Account) {
			out.People = append(out.People, choice{Code: p.Account, Name: p.Name + " · " + v.roles(p.Roles)})
		}
	}
	slices.SortFunc(out.People, func(a, b choice) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// namesOnCall tells whether this person names who is on call in a role.
func (v *visit) namesOnCall(r people.Role) bool {
	duty, _ := v.duty()
	return duty.MayName(v.desk.Session.Account, r)
}

// onCallName is POST /on-call: somebody is on call from now on.
func (v *visit) onCallName() error {
	by, err := v.as(v.namesOnCall)
	if err == nil {
		err = v.plant().Batches.OnCall().Name(v.ctx(), by, strings.TrimSpace(v.FormValue("account")))
	}
	if err != nil {
		return v.shipmentsPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/shipments?done=oncall-named")
}

// shipmentCall is POST /shipments/:shipment/call: this person has taken the call.
func (v *visit) shipmentCall() error {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return err
	}
	fits, err := v.desk.Called(v.ctx(), string(id))
	if err != nil {
		return err
	}
	by, err := v.desk.Acting(v.FormValue("role"), fits)
	if err == nil {
		err = v.plant().Batches.OnCall().Take(v.ctx(), by, string(id))
	}
	if err != nil {
		return v.shipmentAgain(id, err)
	}
	return v.to("/shipments/" + string(id) + "?done=call-taken")
}
