package pages

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// shipmentsPage is the shipments of the plant; those that wait for this person stand first.
type shipmentsPage struct {
	frame
	Text                string
	Shows               []choice
	Lines               []shipmentLine
	MayPlan, MayReceive bool
	MayTakeOn           bool // a batch that another plant has handed on
	Filtered            bool
	OnCall              *onCallView
}

// shipmentLine is one shipment in a list.
type shipmentLine struct {
	ID, Link, CoI, Batch, From, To, Box, Logger string
	Mark                                        *Mark
	State                                       state
	Notes                                       []state
	Arrival                                     *clock
	Wants                                       string // what waits for this person
	arrival                                     time.Time
}

// The choices of which shipments are shown.
const (
	showOpen = "open"
	showHeld = "held"
	showAll  = "all"
)

// arrivesSoon is when an expected arrival asks for attention.
const arrivesSoon = 2 * time.Hour

// shipmentList is GET /shipments. A scan leads to the shipment that has the thing in its box.
func (v *visit) shipmentList() error { return v.shipmentsPage(http.StatusOK) }

func (v *visit) shipmentsPage(code int, problems ...Problem) error {
	p := shipmentsPage{
		frame: v.frame("shipments", v.T("shipments.title"), problems...), Text: strings.TrimSpace(v.QueryParam("raw")),
		MayPlan: v.desk.Session.May(people.PlanShipment), MayReceive: v.actsFor(chainofcustody.Plant), MayTakeOn: v.has(people.QA),
	}
	p.Path = "/shipments"
	var err error
	p.OnCall, err = v.onCall()
	if err != nil {
		return err
	}
	show := v.QueryParam("show")
	if show == "" {
		show = showOpen
	}
	for _, code := range []string{showOpen, showHeld, showAll} {
		p.Shows = append(p.Shows, choice{Code: code, Name: v.T("shipments.show." + code), Chosen: show == code})
	}
	among := v.plant().Shipments().Open
	if show == showAll || p.Text != "" {
		among = v.plant().Shipments().List
	}
	sheets, err := among(v.ctx())
	if err != nil {
		return err
	}
	p.Filtered, err = v.plant().Shipments().Any(v.ctx())
	if err != nil {
		return err
	}
	for _, s := range sheets {
		open := !s.Over()
		if p.Text != "" && !asked(s, p.Text) || p.Text == "" && (show == showOpen && !open || show == showHeld && len(s.Held) == 0) {
			continue
		}
		p.Lines = append(p.Lines, v.shipmentLine(s))
	}
	if p.Text != "" && len(p.Lines) == 1 {
		return v.to(p.Lines[0].Link)
	}
	slices.SortStableFunc(p.Lines, func(a, b shipmentLine) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.arrival.Compare(b.arrival))
	})
	return v.render(code, "shipments", p)
}

// waitingShipments are the shipments with which something waits for this person.
func (v *visit) waitingShipments() ([]shipmentLine, error) {
	if !v.desk.Session.May(people.ReadRecord) && !v.desk.Session.May(people.ReadOwnShipments) {
		return nil, nil
	}
	sheets, err := v.plant().Shipments().Open(v.ctx())
	if err != nil {
		return nil, err
	}
	var out []shipmentLine
	for _, s := range sheets {
		if !s.Over() && v.wants(s) != "" {
			out = append(out, v.shipmentLine(s))
		}
	}
	return out, nil
}

func rank(l shipmentLine) int {
	if l.Wants != "" {
		return 0
	}
	return 1
}

// asked tells whether what was scanned or typed names the shipment or something of it.
func asked(s shipment.Sheet, text string) bool {
	scan, err := isbt128.ParseScan(text)
	if err == nil && !scan.CoI.IsZero() {
		return s.CoI == scan.CoI.String()
	}
	text = strings.ToUpper(text)
	return slices.ContainsFunc([]string{string(s.ID), s.Batch, s.Box, s.Logger, s.CoI}, func(of string) bool {
		return strings.Contains(strings.ToUpper(of), text)
	})
}

func (v *visit) shipmentLine(s shipment.Sheet) shipmentLine {
	l := shipmentLine{
		ID: string(s.ID), Link: "/shipments/" + string(s.ID), CoI: s.CoI, Batch: s.Batch, From: s.From, To: s.To, Box: s.Box, Logger: s.Logger,
		State: v.shipmentState(s.Status, len(s.Held) > 0), arrival: farAway, Wants: v.wants(s),
	}
	coi, err := isbt128.ParseCoI(s.CoI)
	if err == nil {
		m := MarkOf(coi)
		l.Mark, l.CoI = &m, unchecked(coi.Print())
	}
	for _, h := range s.Held {
		l.Notes = append(l.Notes, state{Icon: "triangle", Tone: "att", Word: v.word("shipment-problem", string(h.Kind))})
	}
	if s.OnCall {
		l.Notes = append(l.Notes, state{Icon: "clock", Tone: "att", Word: v.T("shipment.oncall")})
	}
	if !s.Arrival.IsZero() && (s.Status == shipment.Planned || s.Status == shipment.Packed || s.Status == shipment.InTransit) {
		c := v.deadline(v.T("shipment.arrival"), s.Arrival, v.now(), v.zone(), arrivesSoon)
		l.Arrival, l.arrival = &c, s.Arrival
	}
	return l
}

var shipmentIcons = map[shipment.Status]string{
	shipment.Planned: "order", shipment.Packed: "lock", shipment.InTransit: "play", shipment.Delivered: "ring", shipment.Received: "tick", shipment.Closed: "seal", shipment.Cancelled: "octagon",
}

// shipmentState is where a shipment stands, as shape and word.
func (v *visit) shipmentState(s shipment.Status, held bool) state {
	out := state{Icon: shipmentIcons[s], Word: v.word("shipment-status", string(s))}
	if held {
		out.Tone = "att"
	}
	return out
}

// actsFor tells whether the person takes part in handoffs for a side.
func (v *visit) actsFor(party chainofcustody.Party) bool {
	return slices.ContainsFunc(v.desk.Session.Roles, isOf(party))
}

// isOf is the choice of a role that holds custody for a side.
func isOf(party chainofcustody.Party) func(people.Role) bool {
	return func(r people.Role) bool {
		of, ok := chainofcustody.PartyOf(r)
		return ok && of == party && r.May(people.HoldCustody)
	}
}

// wants is what waits for this person with a shipment; empty when nothing does.
func (v *visit) wants(s shipment.Sheet) string {
	sender, receiver := chainofcustody.Hospital, chainofcustody.Plant
	if s.Direction == shipment.ToHospital {
		sender, receiver = receiver, sender
	}
	switch {
	case v.calledAbout(s.ID):
		return v.T("shipment.wants.answer")
	case len(s.Held) > 0 && v.has(people.QA):
		return v.T("shipment.wants.decide")
	case s.Status == shipment.Planned && s.Batch != "" && v.actsFor(sender):
		return v.T("shipment.wants.pack")
	case s.Status == shipment.Delivered && v.actsFor(receiver):
		return v.T("shipment.wants.receive")
	case slices.ContainsFunc(s.Unread, func(a shipment.Acknowledgement) bool { return v.readsFor(a.Party) }):
		return v.T("shipment.wants.read")
	}
	return ""
}

// readsFor tells whether this person acknowledges what a side is told (TR-2).
func (v *visit) readsFor(party string) bool {
	return v.actsFor(chainofcustody.Party(party)) || party == string(chainofcustody.Plant) && v.desk.Session.May(people.Review)
}
