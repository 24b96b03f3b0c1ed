package material

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Want is what a step needs of a lot.
type Want struct {
	Material string            // code of the recipe's material list
	Quantity quantity.Quantity // no value: not counted
	Until    time.Time         // planned end of the step: so long the material has to be good
	OpenFor  time.Duration     // how long the recipe takes it after opening; zero: as the delivery says
}

// MayUse says why the lot may not be used for what is wanted (S17, CS-67): it is another material, in quarantine or
// blocked, expires before the end of the step, will have been open for too long by then, or has too little left. It is
// nil when it may. A Want whose Until lies before now is judged now; a lot that was not opened yet, as if opened now.
func (l *Lot) MayUse(now time.Time, w Want) error {
	if w.Material != l.Material {
		return ledger.Refuse(ledger.Unmet, "CS-67", "lot-wrong-material", "{lot} is {got}, the step needs {want}", "scan a lot of {want}",
			"lot", l.Number.String(), "got", l.Material, "want", w.Material)
	}
	until := w.Until
	if until.Before(now) {
		until = now
	}
	err := l.usable(until)
	if err != nil {
		return err
	}
	over, counts := l.opened(now).openUntil(w.OpenFor)
	if counts && until.After(over) {
		return ledger.Refuse(ledger.Unmet, "CS-67", "lot-open-too-long", "{lot} may be used after opening until {until}, the step lasts until {end}", "open another package of the lot, or take another lot",
			"lot", l.Number.String(), "until", stamp(over), "end", stamp(until))
	}
	if w.Quantity.IsZero() {
		return nil
	}
	err = checkQuantity("quantity", w.Quantity)
	if err != nil {
		return err
	}
	return l.enough(w.Quantity, l.Remaining)
}

// Use decides that a batch uses material of the lot; what is wanted is the quantity of u.
func (l *Lot) Use(now time.Time, w Want, u Use) ([]ledger.Draft, error) {
	if u.Batch == "" || u.CoI == "" || u.Subject == "" || u.Step == "" {
		return nil, fmt.Errorf("use of lot %s: batch, chain of identity, subject and step are needed", l.Number)
	}
	w.Quantity = u.Quantity
	err := l.MayUse(now, w)
	if err != nil {
		return nil, err
	}
	entry := used{Use: u}
	if l.OpenedAt.IsZero() {
		entry.OpenedAt = &l.opened(now).OpenedAt
	}
	return []ledger.Draft{{Type: typeUsed, Data: entry}}, nil
}

// Take decides that an open step has the lot at hand. Whoever blocks the lot from now on finds the batch, before anything
// of the lot is a use (AT-20). Saying it twice changes nothing.
func (l *Lot) Take(now time.Time, w Want, t Taking) ([]ledger.Draft, error) {
	if t.Batch == "" || t.CoI == "" || t.Subject == "" || t.Step == "" || t.Field == "" {
		return nil, fmt.Errorf("lot %s at hand: batch, chain of identity, subject, step and field are needed", l.Number)
	}
	err := l.MayUse(now, w)
	if err != nil || l.has(t) {
		return nil, err
	}
	return []ledger.Draft{{Type: typeTaken, Data: t}}, nil
}

// PutBack decides that a step goes on without the lot: another one was named in its place, or nothing of it was taken.
func (l *Lot) PutBack(t Taking, reason string) []ledger.Draft {
	if !l.has(t) {
		return nil
	}
	return []ledger.Draft{{Type: typePutBack, Data: putBack{Batch: t.Batch, Step: t.Step, Field: t.Field, Reason: reason}}}
}

func (l *Lot) has(t Taking) bool {
	return slices.ContainsFunc(l.Taken, func(is Taken) bool { return is.Batch == t.Batch && is.Step == t.Step && is.Field == t.Field })
}

// opened is the lot as it is once something is taken from it now: the first use opens it.
func (l *Lot) opened(now time.Time) *Lot {
	if !l.OpenedAt.IsZero() {
		return l
	}
	after := *l
	after.OpenedAt = moment(now)
	return &after
}

// Reverse decides, with the reason, that a use was recorded in error and did not happen. entry is Used.Entry. The use stays
// in the record with this beside it; the lot stays open.
func (l *Lot) Reverse(entry uint64, reason string) ([]ledger.Draft, error) {
	_, err := l.standing(entry)
	if err != nil {
		return nil, err
	}
	reason, err = checkReason(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeCorrected, Data: corrected{Use: entry, Reversed: true, Reason: reason}}}, nil
}

// Correct decides, with the reason, that another quantity was used than a use says. The use did happen, so neither status
// nor expiry is asked; what remains must suffice all the same.
func (l *Lot) Correct(entry uint64, q quantity.Quantity, reason string) ([]ledger.Draft, error) {
	u, err := l.standing(entry)
	if err != nil {
		return nil, err
	}
	err = checkQuantity("quantity", q)
	if err != nil {
		return nil, err
	}
	without := *l
	err = without.give(u.Quantity)
	if err != nil {
		return nil, fmt.Errorf("correct a use of lot %s: %w", l.Number, err)
	}
	err = l.enough(q, without.Remaining)
	if err != nil {
		return nil, err
	}
	reason, err = checkReason(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeCorrected, Data: corrected{Use: entry, Quantity: q, Reason: reason}}}, nil
}

// standing finds a use that was not reversed; a refusal of kind Missing when there is none.
func (l *Lot) standing(entry uint64) (*Used, error) {
	u, err := l.use(entry)
	if err != nil || u.Reversed {
		return nil, ledger.Refuse(ledger.Missing, "AT-20", "lot-no-use", "{lot} has no standing use with the entry {entry}", "look at the uses of the lot", "lot", l.Number.String(), "entry", fmt.Sprint(entry))
	}
	return u, nil
}

func (l *Lot) use(entry uint64) (*Used, error) {
	for i := range l.Uses {
		if l.Uses[i].Entry == entry {
			return &l.Uses[i], nil
		}
	}
	return nil, fmt.Errorf("no use at version %d", entry)
}
