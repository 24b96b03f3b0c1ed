package material

import (
	"fmt"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// may holds the acting role against a permission (CS-66).
func may(by ledger.Author, any ...people.Permission) error {
	for _, p := range any {
		if people.Role(by.Role).May(p) {
			return nil
		}
	}
	return mayNot(by)
}

func mayNot(by ledger.Author) *ledger.Refusal {
	return ledger.Refuse(ledger.Forbidden, "CS-66", "lot-role", "the role {role} may not do this with a lot",
		"logistics receives and discards, QA releases and unblocks, both block; who executes steps opens", "role", by.Role)
}

// moment is a time as an entry states it.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// Receive decides that a delivery is in the plant, in quarantine. The number has been drawn from the plant's series in the
// same append.
func Receive(by ledger.Author, now time.Time, number Number, site string, d Delivery) ([]ledger.Draft, error) {
	err := may(by, people.ManageMaterials)
	if err != nil {
		return nil, err
	}
	d, err = d.check(now)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeReceived, Data: received{Number: number, Site: site, Delivery: d}, Takes: []string{claimPrefix + number.String()}}}, nil
}

// Release decides that the lot may be used. Whoever released it is not who received it (I7).
func (l *Lot) Release(by ledger.Author, now time.Time) ([]ledger.Draft, error) {
	err := may(by, people.ReleaseMaterial)
	if err != nil {
		return nil, err
	}
	if l.Status != Quarantine {
		return nil, ledger.Refuse(ledger.Unmet, "AT-21", "lot-not-quarantine", "{lot} is {status}: only a lot in quarantine is released", "look at the lot again", "lot", l.Number.String(), "status", string(l.Status))
	}
	if by.Account == l.ReceivedBy {
		return nil, ledger.Refuse(ledger.Forbidden, "I7", "lot-same-person", "{lot} was received by the same person", "another person has to release it", "lot", l.Number.String())
	}
	if now.After(l.Expiry) {
		return nil, l.expired()
	}
	return []ledger.Draft{{Type: typeReleased, Data: decided{}}}, nil
}

// Block decides that the lot may not be used any more, with the reason: a recall, a complaint, a suspicion. What was made
// with it is in UsedBy.
func (l *Lot) Block(by ledger.Author, reason string) ([]ledger.Draft, error) {
	err := may(by, people.ReleaseMaterial, people.ManageMaterials)
	if err != nil {
		return nil, err
	}
	if l.Status == Blocked {
		return nil, ledger.Refuse(ledger.Unmet, "AT-21", "lot-blocked-already", "{lot} is blocked already: {reason}", "look at the lot again", "lot", l.Number.String(), "reason", l.BlockedFor())
	}
	reason, err = checkReason(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeBlocked, Data: decided{Reason: reason}}}, nil
}

// Unblock decides, with the reason, that the lot goes back to where it was before it was blocked: a lot that was never
// released is in quarantine again.
func (l *Lot) Unblock(by ledger.Author, reason string) ([]ledger.Draft, error) {
	err := may(by, people.ReleaseMaterial)
	if err != nil {
		return nil, err
	}
	if l.Status != Blocked {
		return nil, ledger.Refuse(ledger.Unmet, "AT-21", "lot-not-blocked", "{lot} is not blocked, it is {status}", "look at the lot again", "lot", l.Number.String(), "status", string(l.Status))
	}
	reason, err = checkReason(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeUnblocked, Data: decided{Reason: reason}}}, nil
}

// Open decides that a package of the lot is opened now, so that its time after opening begins. The first use does so by
// itself; Open is for what is opened before, and for the next package.
func (l *Lot) Open(by ledger.Author, now time.Time) ([]ledger.Draft, error) {
	if role := people.Role(by.Role); !role.May(people.ExecuteStep) || !role.May(people.ReadRecord) {
		return nil, mayNot(by)
	}
	err := l.usable(now)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeOpened, Data: opened{At: moment(now)}}}, nil
}

// Discard decides that a part of the lot, or what remains of it, is thrown away.
func (l *Lot) Discard(by ledger.Author, q quantity.Quantity, reason string) ([]ledger.Draft, error) {
	err := may(by, people.ManageMaterials)
	if err != nil {
		return nil, err
	}
	err = checkQuantity("quantity", q)
	if err != nil {
		return nil, err
	}
	err = l.enough(q, l.Remaining)
	if err != nil {
		return nil, err
	}
	reason, err = checkReason(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeDiscarded, Data: discarded{Quantity: q, Reason: reason}}}, nil
}

func (l *Lot) expired() *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "CS-67", "lot-expired", "{lot} may be used until its expiry {expiry} only", "take another lot", "lot", l.Number.String(), "expiry", stamp(l.Expiry))
}

// usable says why nothing may be taken from the lot at a time, whatever is open of it.
func (l *Lot) usable(at time.Time) error {
	switch {
	case l.Status == Quarantine:
		return ledger.Refuse(ledger.Unmet, "CS-67", "lot-quarantine", "{lot} is in quarantine: it has not been released", "take a released lot, or let QA release this one", "lot", l.Number.String())
	case l.Status == Blocked:
		return ledger.Refuse(ledger.Unmet, "CS-67", "lot-blocked", "{lot} is blocked: {reason}", "put it aside and take another lot", "lot", l.Number.String(), "reason", l.BlockedFor())
	case at.After(l.Expiry):
		return l.expired()
	}
	return nil
}

// BlockedFor is the reason for which the lot is blocked; empty while it is not.
func (l *Lot) BlockedFor() string {
	if l.Status != Blocked {
		return ""
	}
	for i := len(l.Decisions) - 1; i >= 0; i-- {
		if l.Decisions[i].Type == typeBlocked {
			return l.Decisions[i].Reason
		}
	}
	return ""
}

// enough says why a quantity cannot be taken from what is there.
func (l *Lot) enough(q, there quantity.Quantity) error {
	wanted, err := q.In(l.Quantity.Unit())
	if err != nil {
		return ledger.Refuse(ledger.Invalid, "I13", "lot-unit", "{lot} is counted in {unit}; {wanted} cannot be taken from it", "state the quantity in {unit}",
			"lot", l.Number.String(), "unit", string(l.Quantity.Unit()), "wanted", q.String())
	}
	order, err := wanted.Cmp(there)
	if err != nil {
		return fmt.Errorf("lot %s: %w", l.Number, err)
	}
	if order > 0 {
		return ledger.Refuse(ledger.Unmet, "AT-21", "lot-not-enough", "{lot} has {remaining} left, {wanted} are needed", "take another lot, or split the use over two lots",
			"lot", l.Number.String(), "remaining", there.String(), "wanted", q.String())
	}
	return nil
}
