package shipment

import (
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// TakenOn says that the plant to which a shipment was switched takes it on, with all that the other plant recorded of it (process
// scenario 53). It keeps its identifier: the box bears it.
type TakenOn struct {
	Batch string `json:"batch"` // of the material, here
	From  string `json:"from"`  // site
	// Holder and Carrier are one person: who has the box, as the other plant knows them ("ES-SVQ/carl"), and the account that they
	// have here. Empty where QA could not tell: then the chain says that a leg is missing.
	Holder  string    `json:"holder,omitempty"`
	Carrier string    `json:"carrier,omitempty"`
	At      time.Time `json:"-"`
	By      string    `json:"-"`
}

func (t TakenOn) knows(holder, giver string) bool {
	return t.Carrier != "" && t.Holder == holder && t.Carrier == giver
}

// theirs tells whether an account is one of the plant from which the shipment was taken on.
func (t TakenOn) theirs(account string) bool {
	return strings.HasPrefix(account, ledger.Elsewhere(t.From, ""))
}

// strangers tells whether of two couriers each has an account of another plant, and nobody said that they are one person.
func (t TakenOn) strangers(a, b Holder) bool {
	return a.Party == chainofcustody.Courier && b.Party == chainofcustody.Courier && t.theirs(a.Account) != t.theirs(b.Account) &&
		!t.knows(a.Account, b.Account) && !t.knows(b.Account, a.Account)
}

// TakeOn decides that the plant takes a shipment of another one on. s is the shipment as that plant's log says.
func (s *Shipment) TakeOn(origin string, entries []ledger.Entry, t TakenOn) []ledger.Draft {
	if holder := s.Chain().Holder(); t.Carrier != "" && holder.Account != "" {
		t.Holder = ledger.Elsewhere(t.From, holder.Account)
	} else {
		t.Carrier = ""
	}
	draft := ledger.Draft{Type: typeTakenOn, Data: t}
	for _, c := range s.Packing.Containers {
		if claim := Carries(c); !slices.Contains(s.claims, claim) { // given back by the plant that handed it on
			draft.Takes = append(draft.Takes, claim)
		}
	}
	return append(ledger.Carry(typeCarried, origin, entries), draft)
}

// HandOn decides that the plant to which the material was to go first is done with the shipment: the one to which it was switched
// takes it on.
func (s *Shipment) HandOn(to string) ledger.Draft {
	return ledger.Draft{Type: typeClosed, Data: closed{Reason: "taken on by " + to}, Frees: s.frees(func(string) bool { return true })}
}

// CarryOn decides that what the other plant learned later comes here too. entries are all of its entries, from the first on.
func (s *Shipment) CarryOn(origin string, entries []ledger.Entry) ([]ledger.Draft, error) {
	later, err := chainofcustody.Later(s.Carried, entries)
	if err != nil {
		return nil, err
	}
	drafts := ledger.Carry(typeCarried, origin, later)
	for i, e := range later {
		if e.Type == typeClosed {
			drafts[i].Frees = nil // done with there; here the containers are in the box still (I6)
		}
	}
	return drafts, nil
}
