package shipment

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Phones makes legs of what phones deliver: a handoff that both sides signed on their phones is one, whichever of the
// two delivered it (I6).
type Phones struct {
	Shipments *Book
	Phones    *phone.Book
	People    *people.Directory
}

// Moves adds to an append what an event moves: a take over a giver's signed event is a leg, and a giver's event that
// comes after it tells better when that leg began. A take that proves nothing, since the giver's side is missing or not
// theirs, adds nothing: it stands in the phone's record and the handoff stays open. What was reported stands with the shipment.
func (p *Phones) Moves(ctx context.Context, a *ledger.Append, e phone.Delivered) error {
	if !tells(e) && (e.Worth != phone.Counts || e.Kind != phone.Give && (e.Kind != phone.Take || e.Given == nil)) { // CS-80: evidence moves no custody
		return nil
	}
	s, err := p.Shipments.Load(ctx, ID(e.Shipment))
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var drafts []ledger.Draft
	switch {
	case tells(e):
		drafts = report(e, a.Author)
	case e.Kind == phone.Give:
		drafts = s.timed(e)
	default:
		given, giver, err := p.giver(ctx, e)
		if refused(err) {
			return nil
		}
		if err != nil {
			return err
		}
		drafts = s.Deliver(legOf(s, given, giver, e, a.Author))
	}
	if len(drafts) == 0 {
		return nil
	}
	stream, views, err := p.Shipments.Add(s, s.ID, a.Author, drafts)
	if err != nil {
		return err
	}
	a.Streams = append(a.Streams, stream)
	if a.Views == nil {
		a.Views = map[string][]byte{}
	}
	maps.Copy(a.Views, views)
	return nil
}

// Read are the labels that an event says were read, and the shipment for which; a giver's label counts once, with the first of
// the two events that brings it. Nil where there is no such shipment.
func (p *Phones) Read(ctx context.Context, e phone.Delivered) (*Shipment, []string, error) {
	s, err := p.Shipments.Load(ctx, ID(e.Shipment))
	if refused(err) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	var labels []string
	if _, known := s.Proved(e.Digest); e.Scanned != "" && !known {
		labels = append(labels, e.Scanned)
	}
	if e.Given == nil {
		return s, labels, nil
	}
	given, _, err := p.giver(ctx, e)
	switch {
	case refused(err):
		return s, labels, nil
	case err == nil && given.Received.IsZero():
		labels = append(labels, given.Scanned)
	}
	return s, labels, err
}

// timed is what a giver's event adds to the leg that it is evidence of.
func (s *Shipment) timed(e phone.Delivered) []ledger.Draft {
	at, ok := s.Proved(e.Digest)
	if !ok {
		return nil
	}
	leg := s.Legs[at]
	return []ledger.Draft{{Type: typeTimed, Data: timed{Leg: leg.Seq, Given: before(e.Moment, leg.Taken), WrongClock: e.Off}}}
}

// before is the giver's moment, as far as it can be true: the receiver signed over the giver's event, so it was before,
// whatever the clocks say.
func before(given, taken chainofcustody.Moment) chainofcustody.Moment {
	if given.Latest.IsZero() || given.Latest.After(taken.Latest) {
		given.Latest = taken.Latest
	}
	if given.Earliest.After(given.Latest) {
		given.Earliest = time.Time{}
	}
	return given
}

// refused tells whether what was signed does not prove a handoff; any other error is one.
func refused(err error) bool {
	var r *ledger.Refusal
	return errors.As(err, &r)
}

// giver verifies the giver's side that the receiver scanned.
func (p *Phones) giver(ctx context.Context, e phone.Delivered) (phone.Delivered, people.Pass, error) {
	pass, enrolled, err := p.People.PassOfPhone(ctx, e.Given.Phone)
	if err != nil {
		return phone.Delivered{}, people.Pass{}, err
	}
	key, err := phone.ParseKey(enrolled.Key)
	if err != nil {
		return phone.Delivered{}, people.Pass{}, err
	}
	event, err := phone.Open(*e.Given, key)
	if err != nil {
		return phone.Delivered{}, people.Pass{}, err
	}
	if event.Kind != phone.Give || event.Shipment != e.Shipment || pass.Scope != Stream(ID(e.Shipment)) {
		return phone.Delivered{}, people.Pass{}, ledger.Refuse(ledger.Invalid, "I6", "not-offered", "what was scanned is no offer of this shipment", "let the giver offer again")
	}
	record, err := p.Phones.Load(ctx, enrolled.ID)
	if err != nil {
		return phone.Delivered{}, people.Pass{}, err
	}
	if kept, ok := record.Find(e.Given.Digest()); ok {
		return kept, pass, nil
	}
	// Not delivered by the giver yet. Whether its clock was set since it last asked the server is only known then, so
	// nothing is claimed but that it was before the take.
	return phone.Delivered{Event: event, Envelope: *e.Given, Digest: e.Given.Digest(), Off: event.Time.WrongClock(event.Time.Offset)}, pass, nil
}

func legOf(s *Shipment, given phone.Delivered, giver people.Pass, e phone.Delivered, by ledger.Author) Leg {
	givenClaim, takenClaim := given.Time, e.Time
	return Leg{
		Giver: holderAs(giver.Role, giver.Account, given.Phone), Receiver: holderAs(people.Role(by.Role), by.Account, e.Phone),
		Containers: s.scanned(given.Scanned, e.Scanned), Seals: given.Seals, SealsTaken: e.Seals, Place: e.Place,
		Given: before(given.Moment, e.Moment), Taken: e.Moment, GivenClaim: &givenClaim, TakenClaim: &takenClaim, WrongClock: given.Off || e.Off, Revoked: giver.Revoked,
		Evidence: []Evidence{{Kind: "phone", Ref: given.Digest.String()}, {Kind: "phone", Ref: e.Digest.String()}},
	}
}

func holderAs(role people.Role, account, handset string) Holder {
	party, _ := chainofcustody.PartyOf(role)
	return Holder{Party: party, Account: account, Role: string(role), Terminal: people.Phone{ID: handset}.Terminal()}
}

// scanned are the containers that labels speak of: each container by its identifier, all that were packed by the label of
// the box. What cannot be read stands as it was read, so that the chain shows it as unknown.
func (s *Shipment) scanned(labels ...string) []string {
	var out []string
	for _, label := range labels {
		found := []string{label}
		scan, err := isbt128.ParseScan(label)
		switch {
		case err == nil && !scan.ContainerID().IsZero():
			found = []string{scan.ContainerID().String()}
		case label == s.Plan.Box, label == string(s.ID):
			found = s.Packing.Containers
		}
		for _, c := range found {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Proved is the leg that an event of a phone is evidence of; false for none.
func (s *Shipment) Proved(event ledger.Digest) (int, bool) {
	i := slices.IndexFunc(s.Legs, func(l Leg) bool {
		return slices.ContainsFunc(l.Evidence, func(e Evidence) bool { return e.Kind == "phone" && e.Ref == event.String() })
	})
	return i, i >= 0
}
