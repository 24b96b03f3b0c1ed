package chainofcustody

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// Party is a side of a handoff.
type Party string

// The parties that may hold a container.
const (
	Hospital Party = "hospital"
	Courier  Party = "courier"
	Plant    Party = "plant"
)

// PartyOf is the side for which a role acts.
func PartyOf(role people.Role) (Party, bool) {
	switch role {
	case people.Coordinator, people.Investigator, people.Physician, people.Nurse, people.Interventionist:
		return Hospital, true
	case people.Courier:
		return Courier, true
	case people.Operator, people.Logistics, people.ProductionLead, people.UnblindedOperator, people.Custodian:
		return Plant, true
	default:
		return "", false
	}
}

// Custodian is who answers for a container since when. One container has one custodian at a time (I6).
type Custodian struct {
	Party   Party     `json:"party"`
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
}

// Handover is what giver and receiver both confirm: the same container, seals and place.
type Handover struct {
	Container string   `json:"container"`
	Seals     []string `json:"seals"`
	Place     string   `json:"place"`
}

// Offer is one handoff: open until the other party has confirmed the same.
type Offer struct {
	Handover
	Seq        uint64
	Origin     string // site of the log in which Seq is its position; empty for this one
	From, To   Custodian
	By         ledger.Author // who offered it
	OfferedAt  time.Time
	AcceptedAt time.Time // zero while open
	Withdrawn  string    // why it ended without a change of custody; empty otherwise
	Disagrees  string    // what the receiver saw otherwise; shown to both, never closed by guess
}

type offered struct {
	Handover
	To Party `json:"to"`
}

type accepted struct {
	Handover
	Offer     uint64 `json:"offer"`
	Party     Party  `json:"party"`
	Disagrees string `json:"disagrees,omitempty"`
}

// Offer decides that the present custodian's side gives a container to another party.
func (t *TherapyEvent) Offer(by people.Role, h Handover, to Party) (ledger.Draft, error) {
	c, from, err := t.handover(by, h)
	if err != nil {
		return ledger.Draft{}, err
	}
	if c.Custodian.Party != from {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I6", "not-custodian", "{container} is held by the {holder}, not by the {party}", "the {holder} has to hand it over", "container", c.ID.Print(), "holder", string(c.Custodian.Party), "party", string(from))
	}
	if to == from || (to != Hospital && to != Courier && to != Plant) {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "I6", "wrong-receiver", "a handoff from {party} to {to} is not a change of custody", "name the party that receives: hospital, courier or plant", "party", string(from), "to", string(to))
	}
	if o := t.open(h.Container); o != nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I6", "handoff-open", "{container} is already offered to the {to}", "the receiver has to confirm that handoff", "container", c.ID.Print(), "to", string(o.To.Party))
	}
	return ledger.Draft{Type: typeOffered, Data: offered{Handover: h, To: to}}, nil
}

// Accept decides that the receiver took the container over. The receiver has scanned it (match) and states
// seals and place for themselves; where they differ from the giver's the handoff stands and shows the difference.
func (t *TherapyEvent) Accept(by ledger.Author, now time.Time, h Handover, match Match) (ledger.Draft, error) {
	c, party, err := t.handover(people.Role(by.Role), h)
	if err != nil {
		return ledger.Draft{}, err
	}
	o := t.open(h.Container)
	if o == nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I6", "nothing-offered", "nobody has offered {container}", "the present custodian, the {holder}, has to hand it over first", "container", c.ID.Print(), "holder", string(c.Custodian.Party))
	}
	if o.To.Party != party {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "I6", "offered-to-other", "{container} is offered to the {to}, not to the {party}", "let the {to} confirm", "container", c.ID.Print(), "to", string(o.To.Party), "party", string(party))
	}
	if o.From.Account == by.Account {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "I7", "same-person", "giver and receiver are the same person", "another person has to receive")
	}
	if match.container.String() != h.Container || match.For(t.CoI, handoffPurpose(h), by.Account, now) != nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I4", "scan-first", "{container} was not scanned at this handoff", "scan the container", "container", c.ID.Print())
	}
	return ledger.Draft{Type: typeAccepted, Data: accepted{Handover: h, Offer: o.Seq, Party: party, Disagrees: differences(o.Handover, h)}}, nil
}

// Give decides a giver's offer with their own scan of the container. The scan is recorded whatever stands against it.
func (t *TherapyEvent) Give(by ledger.Author, now time.Time, h Handover, to Party, raw string) (Receipt, error) {
	c, _, err := t.handover(people.Role(by.Role), h)
	if err != nil {
		return Receipt{}, err
	}
	r, ok := t.confirmed(by, now, c, "handoff-give/"+h.Container, h, raw)
	if !ok {
		return r, nil
	}
	offer, err := t.Offer(people.Role(by.Role), h, to)
	if errors.As(err, &r.Refusal) {
		return r, nil
	}
	r.Drafts = append(r.Drafts, offer)
	return r, err
}

// confirmed records one side's scan of the container at a handoff; false when it was not that container.
func (t *TherapyEvent) confirmed(by ledger.Author, now time.Time, c *Container, purpose string, h Handover, raw string) (r Receipt, ok bool) {
	draft, match, mismatch := t.Scan(by, now, purpose, c.Kind, raw)
	if mismatch == nil && match.container.String() != h.Container {
		draft, mismatch = t.mistaken(purpose, c, raw, match)
	}
	return Receipt{Drafts: []ledger.Draft{draft}, Refusal: mismatch, match: match}, mismatch == nil
}

// Open is the container's handoff that waits for the receiver.
func (t *TherapyEvent) Open(container string) (Offer, bool) {
	o := t.open(container)
	if o == nil {
		return Offer{}, false
	}
	return *o, true
}

// Receipt is what came of a receiver's scan at a handoff: what to append in any case, and why the handoff does
// not stand, if so.
type Receipt struct {
	Drafts    []ledger.Draft
	Refusal   *ledger.Refusal
	Given     Handover // what the giver stated
	Disagrees string   // where the receiver stated otherwise

	match Match // of this side's own scan
}

// Receive decides a receiver's confirmation with their own scan of the container. The scan is recorded whatever
// stands against the handoff.
func (t *TherapyEvent) Receive(by ledger.Author, now time.Time, h Handover, raw string) (Receipt, error) {
	c, _, err := t.handover(people.Role(by.Role), h)
	if err != nil {
		return Receipt{}, err
	}
	r, ok := t.confirmed(by, now, c, handoffPurpose(h), h, raw)
	if !ok {
		return r, nil
	}
	accept, err := t.Accept(by, now, h, r.match)
	if errors.As(err, &r.Refusal) {
		return r, nil
	}
	if err != nil {
		return Receipt{}, err
	}
	r.Drafts = append(r.Drafts, accept)
	r.Given = t.open(h.Container).Handover
	r.Disagrees = differences(r.Given, h)
	return r, nil
}

func handoffPurpose(h Handover) string { return "handoff/" + h.Container }

// mistaken is the scan of a container of the right kind that is not the one handed over.
func (t *TherapyEvent) mistaken(purpose string, want *Container, raw string, got Match) (ledger.Draft, *ledger.Refusal) {
	record := scanned{Purpose: purpose, Expected: want.Kind, Raw: raw, CoI: t.CoI.String(), Container: got.container.String()}
	_, refusal := t.mismatch(&record, "another container of this patient", want.ID.Print(), got.container.Print())
	return ledger.Draft{Type: typeScanned, Data: record}, refusal
}

func (t *TherapyEvent) handover(by people.Role, h Handover) (*Container, Party, error) {
	c, ok := t.byID[h.Container]
	if !ok {
		return nil, "", ledger.Refuse(ledger.Missing, "I6", "no-container", "there is no container {container} under {coi}", "scan the container's label", "container", h.Container, "coi", t.CoI.Print())
	}
	party, ok := PartyOf(by)
	if !ok {
		return nil, "", ledger.Refuse(ledger.Forbidden, "CS-66", "not-a-party", "the role {role} takes no custody", "let hospital, courier or production staff hand over", "role", string(by))
	}
	bad := h.Place == "" || len(h.Place) > 120 || len(h.Seals) > 10 || paper.Printable(h.Place) != nil
	for _, seal := range h.Seals {
		bad = bad || seal == "" || len(seal) > 40 || paper.Printable(seal) != nil
	}
	if bad {
		return nil, "", ledger.Refuse(ledger.Invalid, "TR-6", "handover-details", "a handoff needs its place (at most 120 printable characters) and at most 10 seal numbers of at most 40", "state place and seals")
	}
	return c, party, nil
}

// String is what was stated beside the container: seals and place.
func (h Handover) String() string {
	return strings.Join(append(slices.Clone(h.Seals), h.Place), " · ")
}

func differences(a, b Handover) string {
	out := ""
	if fmt.Sprint(a.Seals) != fmt.Sprint(b.Seals) {
		out = fmt.Sprintf("seals %v given, %v received", a.Seals, b.Seals)
	}
	if a.Place != b.Place {
		if out != "" {
			out += "; "
		}
		out += fmt.Sprintf("place %q given, %q received", a.Place, b.Place)
	}
	return out
}

// open is the container's handoff that waits for the receiver.
func (t *TherapyEvent) open(container string) *Offer {
	for i := range t.Offers {
		if t.Offers[i].Container == container && t.Offers[i].pending() {
			return &t.Offers[i]
		}
	}
	return nil
}

// pending tells whether an offer waits for its receiver.
func (o *Offer) pending() bool { return o.AcceptedAt.IsZero() && o.Withdrawn == "" }

// ending is the offer of which an entry says that it ended. Positions of two logs may be the same: an entry that was carried here
// speaks of an offer of its own log, and one of this log of the offer of that container which waits.
func (t *TherapyEvent) ending(e ledger.Entry, seq uint64, container string) (*Offer, error) {
	var over *Offer
	for i := range t.Offers {
		o := &t.Offers[i]
		switch {
		case o.Seq != seq, container != "" && o.Container != container, e.Origin != "" && o.Origin != e.Origin:
		case o.pending():
			return o, nil
		case e.Origin != "":
			over = o
		}
	}
	if over == nil {
		return nil, fmt.Errorf("no handoff offered at entry %d", seq)
	}
	return over, nil
}

// conflict keeps what another plant recorded of an offer that had ended here by then. It moves no custody (I6): people look at it.
func (o *Offer) conflict(what string) {
	if o.Disagrees != "" {
		what = o.Disagrees + "; " + what
	}
	o.Disagrees = what
}

func (t *TherapyEvent) applyOffer(e ledger.Entry) error {
	var d offered
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	c := t.byID[d.Container]
	if c == nil {
		return fmt.Errorf("handoff of unknown container %q", d.Container)
	}
	t.Offers = append(t.Offers, Offer{
		Handover: d.Handover, Seq: e.Seq, Origin: e.Origin,
		From: Custodian{Party: c.Custodian.Party, Account: e.Author.Account, Since: c.Custodian.Since},
		To:   Custodian{Party: d.To}, By: e.Author, OfferedAt: e.Time,
	})
	return nil
}

type withdrawn struct {
	Offer     uint64 `json:"offer"`
	Container string `json:"container,omitempty"` // absent in the first entries
	Reason    string `json:"reason"`
}

// Withdraw decides that an offer ends without a change of custody: the giver takes it back, or the receiver declines.
func (t *TherapyEvent) Withdraw(by people.Role, container, reason string) (ledger.Draft, error) {
	party, ok := PartyOf(by)
	o := t.open(container)
	if !ok || o == nil || party != o.From.Party && party != o.To.Party {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I6", "no-open-offer", "there is no open handoff of {container} that the role {role} could end", "the giver takes it back, or the receiver declines", "container", container, "role", string(by))
	}
	return ledger.Draft{Type: typeWithdrawn, Data: withdrawn{Offer: o.Seq, Container: container, Reason: reason}}, nil
}

func (t *TherapyEvent) applyWithdrawn(e ledger.Entry) error {
	var d withdrawn
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	o, err := t.ending(e, d.Offer, d.Container)
	if err != nil {
		return err
	}
	if !o.pending() {
		o.conflict("withdrawn at " + e.Origin + ": " + d.Reason)
		return nil
	}
	o.Withdrawn = d.Reason
	return nil
}

func (t *TherapyEvent) applyAccept(e ledger.Entry) error {
	var d accepted
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	o, err := t.ending(e, d.Offer, d.Container)
	if err != nil {
		return err
	}
	if !o.pending() {
		o.conflict(fmt.Sprintf("accepted at %s by %s at %s", e.Origin, e.Author.Account, e.Time.UTC().Format(time.RFC3339)))
		return nil
	}
	c := t.byID[o.Container]
	if c == nil {
		return fmt.Errorf("handoff of unknown container %q", o.Container)
	}
	o.AcceptedAt, o.Disagrees = e.Time, d.Disagrees
	o.To = Custodian{Party: d.Party, Account: e.Author.Account, Since: e.Time}
	c.Custodian = o.To
	return nil
}
