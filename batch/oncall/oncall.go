// Package oncall is who answers for a plant out of hours, and how they are called (process, scenario 16). A call is about
// a shipment that arrived while nobody was at work. It waits for the one who is on call; when they do not answer in time,
// for the leads of production and QA as well. Whether that time is over follows from the moment at which one asks: nothing
// has to happen for it, and no second record says so.
//
// The room sends nothing anywhere: it says whom a call waits for, and the pages of everybody concerned show it.
package oncall

import (
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Duty is the on-call duty of one plant.
type Duty struct {
	Now     *Turn  // who is on call; nil before anybody was named
	Calls   []Call // that wait: what every page looks through does not grow with those that were answered
	Version uint64

	answered []Call
}

// Turn is one person's time on call. It ends when the next one is named.
type Turn struct {
	Account string
	By      string // who named them
	Since   time.Time
}

// Call asks somebody to come.
type Call struct {
	Number   int
	About    string // the shipment
	Account  string // who was on call then; empty when nobody was
	At       time.Time
	AnswerBy time.Time
	Answer   *Answer // nil while it waits
}

// Answer says that somebody has taken the call.
type Answer struct {
	By ledger.Author
	At time.Time
}

// Open tells whether a call waits for an answer.
func (c Call) Open() bool { return c.Answer == nil }

// Escalated tells whether a call waits for more than the one on call: nobody was, or the time to answer is over.
func (c Call) Escalated(now time.Time) bool {
	return c.Open() && (c.Account == "" || !now.Before(c.AnswerBy))
}

// further are who is called beside the one on call when they do not answer.
var further = []people.Role{people.ProductionLead, people.QA}

// Further are the roles that are called when the one on call does not answer.
func Further() []people.Role { return slices.Clone(further) }

// WaitsFor tells whether a call waits for a person: the one who was on call, the one who has taken the duty over since,
// or, once it has escalated, who has one of the further roles.
func (d *Duty) WaitsFor(c Call, account string, roles []people.Role, now time.Time) bool {
	switch {
	case !c.Open():
		return false
	case c.Account == account || d.Now != nil && d.Now.Account == account:
		return true
	default:
		return c.Escalated(now) && slices.ContainsFunc(roles, func(r people.Role) bool { return slices.Contains(further, r) })
	}
}

// About is the newest call about a shipment; false when there is none.
func (d *Duty) About(shipment string) (Call, bool) {
	var newest Call
	for _, of := range [][]Call{d.Calls, d.answered} {
		for _, c := range slices.Backward(of) {
			if c.About == shipment && c.Number > newest.Number {
				newest = c
			}
		}
	}
	return newest, newest.Number > 0
}

// MayName tells whether a person names in a role who is on call: planning, production and QA do, and the one on call hands the duty over.
func (d *Duty) MayName(account string, r people.Role) bool {
	return r.May(people.NameOnCall) || r.May(people.HoldCustody) && d.Now != nil && d.Now.Account == account
}

// Name decides who is on call from now on.
func (d *Duty) Name(by ledger.Author, who people.Person) (ledger.Draft, error) {
	if !d.MayName(by.Account, people.Role(by.Role)) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "oncall-not-yours", "the role {role} names nobody who is on call", "let planning, production, QA or the one on call name them", "role", by.Role)
	}
	if !Fit(who) {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "CS-66", "oncall-unfit", "{name} does not take material over for the plant", "name somebody of the plant who may hold custody", "name", who.Name)
	}
	if d.Now != nil && d.Now.Account == who.Account {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "CS-66", "oncall-already", "{name} is on call already", "nothing is left to do", "name", who.Name)
	}
	return ledger.Draft{Type: typeNamed, Data: named{Account: who.Account}}, nil
}

// Fit tells whether a person may be on call: they can take over what arrives.
func Fit(who people.Person) bool {
	return !who.Disabled && slices.ContainsFunc(who.Roles, func(r people.Role) bool {
		party, ok := chainofcustody.PartyOf(r)
		return ok && party == chainofcustody.Plant && r.May(people.HoldCustody)
	})
}

// Raise calls whoever is on call about a shipment; they have so long to answer.
func (d *Duty) Raise(now time.Time, shipment string, within time.Duration) ledger.Draft {
	c := called{About: shipment, AnswerBy: now.Add(within).UTC()}
	if d.Now != nil {
		c.Account = d.Now.Account
	}
	return ledger.Draft{Type: typeCalled, Data: c}
}

// Take decides that a person has taken the call about a shipment.
func (d *Duty) Take(by ledger.Author, now time.Time, shipment string) (ledger.Draft, error) {
	c, ok := d.About(shipment)
	if !ok {
		return ledger.Draft{}, ledger.Refuse(ledger.Missing, "TR-2", "no-call", "nobody was called about shipment {shipment}", "look at the shipment again", "shipment", shipment)
	}
	if !c.Open() {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-2", "call-taken", "{account} has taken the call already", "nothing is left to do", "account", c.Answer.By.Account)
	}
	if !d.WaitsFor(c, by.Account, []people.Role{people.Role(by.Role)}, now) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "call-not-yours", "the call waits for another person", "let them take it; when they do not, it comes to production and QA")
	}
	return ledger.Draft{Type: typeTaken, Data: taken{Call: c.Number}}, nil
}
