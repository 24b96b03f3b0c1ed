package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// courier are the operations of the page on a phone. Nobody is signed in there: a phone proves itself with the key that
// its pass enrolled (TR-10).
func (a *api) courier() {
	register(a, "GET /courier/time", "courier-time", "The server's time, so that a phone knows how far its own is off", a.courierTime)
	register(a, "POST /courier/open", "courier-open", "Enrol a phone with link, PIN and the public key that it made", a.courierOpen)
	register(a, "POST /courier/deliver", "courier-deliver", "Deliver signed events; the same event again is answered as before", a.courierDeliver)
	register(a, "GET /batches/{batch}/bedside", "bedside", "What was done at the bedside, and what a phone there goes by", a.bedsideShow)
	register(a, "POST /batches/{batch}/bedside/passes", "bedside-pass", "Give a named person of the hospital a link and a PIN for the bedside", a.bedsidePass, makes)
	register(a, "POST /batches/{batch}/bedside/passes/{pass}/revoke", "bedside-pass-revoke", "End a pass for the bedside", a.bedsideRevoke)
	register(a, "POST /batches/{batch}/bedside/recall", "recall", "Recall the certificate of a batch", a.recall)
	register(a, "POST /batches/{batch}/bedside/requests/{request}/answer", "bedside-answer", "Answer what a physician asked for at the bedside", a.bedsideAnswer)
	register(a, "GET /shipments/{shipment}/passes", "passes", "Who may act for a shipment from a phone", a.passList)
	register(a, "POST /shipments/{shipment}/passes", "pass-issue", "Give a named person a link and a PIN for a shipment", a.passIssue, makes)
	register(a, "POST /shipments/{shipment}/passes/{pass}/revoke", "pass-revoke", "End a pass, for example when a phone is lost", a.passRevoke)
}

type timeOut struct {
	Now string `json:"now" example:"2026-11-22T09:00:00.000Z"`
}

func (a *api) courierTime(context.Context, *desk.Desk, *struct{}) (*answer[timeOut], error) {
	return &answer[timeOut]{Body: timeOut{Now: a.Clock().UTC().Format("2006-01-02T15:04:05.000Z")}}, nil
}

type phoneIn struct {
	Body struct {
		Token string `json:"token" maxLength:"256" doc:"What stands behind the hash of the link"`
		PIN   string `json:"pin" maxLength:"10"`
		Key   []byte `json:"key" doc:"Public key of the phone, PKIX, P-256"`
	}
	address string
}

// Resolve takes the address from the connection.
func (in *phoneIn) Resolve(c humaContext) []error {
	in.address = addressOf(c)
	return nil
}

type phoneOut struct {
	Phone  string     `json:"phone"`
	Site   string     `json:"site"`
	Lang   string     `json:"lang" doc:"Of the person's pages"`
	Person personName `json:"person"`
	carryingOut
}

// carryingOut is what a pass is for: a shipment, or a bedside.
type carryingOut struct {
	Shipment *carriedOut `json:"shipment,omitempty"`
	Bed      *bedOut     `json:"bed,omitempty"`
}

// carrying is how what a pass is for stands now.
func carrying(ctx context.Context, plant *desk.Plant, pass people.Pass, handset people.Phone) (carryingOut, *shipment.Shipment, error) {
	if number, ok := strings.CutPrefix(pass.Scope, phone.BedScope("")); ok {
		bed, err := bedState(ctx, plant, pass, handset, number)
		return carryingOut{Bed: bed}, nil, err
	}
	s, err := carriedBy(ctx, plant, pass)
	if err != nil {
		return carryingOut{}, nil, err
	}
	out := carriedState(s, pass)
	return carryingOut{Shipment: &out}, s, nil
}

type personName struct {
	Name  string               `json:"name"`
	Party chainofcustody.Party `json:"party"`
	Gives bool                 `json:"gives" doc:"May begin an infusion"`
	Asks  bool                 `json:"asks" doc:"May ask the plant for what the rules stop"`
}

func (a *api) courierOpen(ctx context.Context, _ *desk.Desk, in *phoneIn) (*answer[phoneOut], error) {
	plant, pass, enrolled, err := a.OpenPass(ctx, in.Body.Token, in.Body.PIN, in.Body.Key, in.address)
	if err != nil {
		return nil, err
	}
	person, err := plant.People.Person(ctx, pass.Account)
	if err != nil {
		return nil, err
	}
	what, _, err := carrying(ctx, plant, pass, enrolled)
	if err != nil {
		return nil, err
	}
	party, _ := chainofcustody.PartyOf(pass.Role)
	return &answer[phoneOut]{Body: phoneOut{
		Phone: enrolled.ID, Site: plant.Site(), Lang: person.Lang, Person: personName{person.Name, party, pass.Role.May(people.Administer), pass.Role.May(people.RequestSupply)}, carryingOut: what,
	}}, nil
}

type deliverIn struct {
	Body struct {
		Hello  phone.Envelope   `json:"hello" doc:"Signed greeting: which phone, and its clock now"`
		Events []phone.Envelope `json:"events" maxItems:"40"`
	}
}

type deliverOut struct {
	Results []deliveredOut `json:"results"`
	carryingOut
}

type deliveredOut struct {
	N     uint64   `json:"n"`
	State string   `json:"state" enum:"delivered,waiting,confirmed,conflict,evidence,refused"`
	Flags []string `json:"flags,omitempty" doc:"What does not fit, by code"`
	Why   string   `json:"why,omitempty" doc:"Of a refusal"`
}

func (a *api) courierDeliver(ctx context.Context, _ *desk.Desk, in *deliverIn) (*answer[deliverOut], error) {
	greeting, err := phone.ReadGreeting(in.Body.Hello)
	if err != nil {
		return nil, err
	}
	plant, err := a.Plant(greeting.Site)
	if err != nil {
		return nil, err
	}
	phones := plant.Phones()
	pass, enrolled, offset, err := phones.Greet(ctx, in.Body.Hello)
	if err != nil {
		return nil, err
	}
	answers, err := phones.Deliver(ctx, pass, enrolled, offset, in.Body.Events)
	if err != nil {
		return nil, err
	}
	what, s, err := carrying(ctx, plant, pass, enrolled)
	if err != nil {
		return nil, err
	}
	out := deliverOut{Results: make([]deliveredOut, 0, len(answers)), carryingOut: what}
	for i, given := range answers {
		out.Results = append(out.Results, deliveredState(s, given, in.Body.Events[i]))
	}
	return &answer[deliverOut]{Body: out}, nil
}

func deliveredState(s *shipment.Shipment, a phone.Answer, sent phone.Envelope) deliveredOut {
	if a.Err != nil {
		out := deliveredOut{N: phone.Number(sent), State: "refused"}
		if r := ledger.RefusalsOf(a.Err); len(r) > 0 {
			out.Why = r[0].Error()
		}
		return out
	}
	out := deliveredOut{N: a.Counter, State: "delivered"}
	if a.Off {
		out.Flags = append(out.Flags, string(shipment.WrongClock))
	}
	if s == nil { // at a bedside nobody has to confirm
		if a.Worth != phone.Counts {
			out.State = string(a.Worth)
		}
		return out
	}
	leg, proved := s.Proved(a.Digest)
	switch {
	case a.Worth != phone.Counts:
		out.State = string(a.Worth)
	case proved:
		out.State = "confirmed"
		for _, f := range s.Chain().Flags {
			if f.Leg == leg && !slices.Contains(out.Flags, string(f.Kind)) {
				out.Flags = append(out.Flags, string(f.Kind))
			}
		}
	case a.Kind == phone.Give || a.Kind == phone.Take:
		out.State = "waiting"
	}
	return out
}

// carriedOut is the shipment as the person who carries it needs to see it: no patient, no arm, no results.
type carriedOut struct {
	ID         string                `json:"id"`
	CoI        string                `json:"coi"`
	From       string                `json:"from"`
	To         string                `json:"to"`
	Status     shipment.Status       `json:"status"`
	Holder     chainofcustody.Party  `json:"holder,omitempty"`
	Mine       bool                  `json:"mine" doc:"The person of the pass holds it"`
	Seals      []string              `json:"seals"`
	Arrival    string                `json:"arrival,omitempty"`
	Containers []carriedContainerOut `json:"containers"`
	Findings   []string              `json:"findings,omitempty" doc:"What breaks the chain of custody, by code"`
}

type carriedContainerOut struct {
	ID    string `json:"id"`
	Label string `json:"label" doc:"As it is printed"`
	Short string `json:"short" doc:"Short code of the patient's chain of identity"`
}

func carriedBy(ctx context.Context, plant *desk.Plant, pass people.Pass) (*shipment.Shipment, error) {
	return plant.Shipments().Load(ctx, shipment.ID(strings.TrimPrefix(pass.Scope, shipment.Stream(""))))
}

func carriedState(s *shipment.Shipment, pass people.Pass) carriedOut {
	chain := s.Chain()
	out := carriedOut{
		ID: string(s.ID), CoI: s.Plan.CoI, From: s.Plan.From.Name, To: s.Plan.To.Name, Status: s.Status(), Holder: chain.Holder().Party,
		Mine: chain.Holder().Account == pass.Account, Seals: s.Packing.Seals, Arrival: utc(s.Plan.Arrival), Containers: []carriedContainerOut{},
	}
	short := ""
	coi, err := isbt128.ParseCoI(s.Plan.CoI)
	if err == nil {
		short = label.MarkOf(coi).Code
	}
	for _, c := range s.Packing.Containers {
		printed := c
		id, err := isbt128.ParseContainerID(c)
		if err == nil {
			printed = id.Print()
		}
		out.Containers = append(out.Containers, carriedContainerOut{ID: c, Label: printed, Short: short})
	}
	for _, f := range chain.Flags {
		if f.Kind.Breaks() && !slices.Contains(out.Findings, string(f.Kind)) {
			out.Findings = append(out.Findings, string(f.Kind))
		}
	}
	return out
}

type passIn struct {
	Shipment string `path:"shipment" example:"SHP-SVQ26000017"`
	Body     struct {
		Account string      `json:"account" example:"luis" doc:"Of the person who gets the link"`
		Role    people.Role `json:"role" example:"courier"`
		Hours   int         `json:"hours" minimum:"1" maximum:"168" doc:"For how long phones may be enrolled"`
		As      string      `json:"as,omitempty" example:"logistics" doc:"Role in which you issue it"`
	}
}

type passOut struct {
	Pass  passState `json:"pass"`
	Link  string    `json:"link" doc:"Path with what opens the pass behind the hash; shown once"`
	PIN   string    `json:"pin" doc:"Shown once; give it by another way than the link"`
	Until string    `json:"until"`
}

type passState struct {
	ID      string      `json:"id"`
	Account string      `json:"account"`
	Role    people.Role `json:"role"`
	Until   string      `json:"until"`
	Phones  int         `json:"phones"`
	Locked  bool        `json:"locked"`
	Revoked bool        `json:"revoked"`
}

func passStateOf(p people.Pass) passState {
	return passState{p.ID, p.Account, p.Role, utc(p.Until), len(p.Phones), p.Locked, p.Revoked}
}

// CourierPath is where the courier's page stands.
const CourierPath = "/courier/"

func (a *api) passIssue(ctx context.Context, at *desk.Desk, in *passIn) (*answer[passOut], error) {
	id, err := shipment.ParseID(in.Shipment)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(in.Body.As, desk.GivesPasses)
	if err != nil {
		return nil, err
	}
	pass, secrets, err := at.CarryPass(ctx, by, id, in.Body.Account, in.Body.Role, a.Clock().Add(time.Duration(in.Body.Hours)*time.Hour))
	if err != nil {
		return nil, err
	}
	return &answer[passOut]{Body: passOut{Pass: passStateOf(pass), Link: CourierPath + "#" + desk.PassLink(at.Plant, secrets.Token), PIN: secrets.PIN, Until: utc(pass.Until)}}, nil
}

type passesIn struct {
	Shipment string `path:"shipment"`
}

func (a *api) passList(ctx context.Context, at *desk.Desk, in *passesIn) (*answer[[]passState], error) {
	id, err := shipment.ParseID(in.Shipment)
	if err != nil {
		return nil, err
	}
	all, err := at.Plant.People.Passes(ctx, shipment.Stream(id))
	if err != nil {
		return nil, err
	}
	out := make([]passState, 0, len(all))
	for _, p := range all {
		out = append(out, passStateOf(p))
	}
	return &answer[[]passState]{Body: out}, nil
}

type revokeIn struct {
	Shipment string `path:"shipment"`
	Pass     string `path:"pass"`
	Body     struct {
		Reason string `json:"reason" example:"phone lost"`
		As     string `json:"as,omitempty"`
	}
}

func (a *api) passRevoke(ctx context.Context, at *desk.Desk, in *revokeIn) (*answer[passState], error) {
	id, err := shipment.ParseID(in.Shipment)
	if err != nil {
		return nil, err
	}
	return endPass(ctx, at, shipment.Stream(id), in.Pass, in.Body.As, in.Body.Reason)
}

// endPass ends a pass of one shipment or bedside.
func endPass(ctx context.Context, at *desk.Desk, scope, pass, as, reason string) (*answer[passState], error) {
	p, err := at.Plant.People.Pass(ctx, pass)
	if err != nil {
		return nil, err
	}
	if p.Scope != scope {
		return nil, ledger.Refuse(ledger.Missing, "CS-67", "pass-missing", "There is no pass {pass}.", "Look at the shipment's passes.", "pass", p.ID)
	}
	by, err := at.Acting(as, desk.GivesPasses)
	if err != nil {
		return nil, err
	}
	p, err = at.Plant.People.RevokePass(ctx, by, p.ID, people.Why{Reason: reason})
	if err != nil {
		return nil, err
	}
	return &answer[passState]{Body: passStateOf(p)}, nil
}
