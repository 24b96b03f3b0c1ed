package area

import (
	"strings"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// Occupation is the time during which a batch was open in an area.
type Occupation struct {
	Batch  string
	CoI    isbt128.CoI
	From   time.Time
	To     time.Time // zero while it is open
	Seq    uint64    // of the entry that opened it
	By     string    // account
	Freed  string    // account of who ended it
	Reason string    // of QA, where the batch did not end it itself
}

// Occupy decides that a batch takes the cleared area (I5). The claim "area-lock/<id>" goes with the entry: whoever
// else decided the same a moment before has it, and this append fails as a whole.
func (a *Area) Occupy(now time.Time, batch string, coi isbt128.CoI) (ledger.Draft, error) {
	if batch == "" || coi.IsZero() {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "I5", "area-batch", "a work area is taken by one batch with its Chain of Identity", "open the batch first")
	}
	if a.Batch != "" {
		return ledger.Draft{}, a.occupiedBy()
	}
	err := a.cleared(now)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeOccupied, Data: occupied{Batch: batch, CoI: coi}, Takes: []string{claimLock + a.ID}}, nil
}

// MayWork tells whether a batch may be worked on in the area now: it has taken it and holds it still (I5). An area
// that it has not taken is refused with what keeps it from being taken.
func (a *Area) MayWork(now time.Time, batch string) error {
	if a.Batch == batch && batch != "" {
		return nil
	}
	if a.Batch != "" {
		return a.occupiedBy()
	}
	err := a.cleared(now)
	if err != nil {
		return err
	}
	return a.notHeld(batch)
}

// Free decides that a batch leaves the area: nobody works there again before it is cleared (AT-51).
func (a *Area) Free(batch string) (ledger.Draft, error) {
	if a.Batch == "" || a.Batch != batch {
		return ledger.Draft{}, a.notHeld(batch)
	}
	return a.free(""), nil
}

// FreeByQA decides that the area is taken from a batch that cannot give it back itself, such as one that was stopped
// for good. Only QA may, with a reason (AT-10).
func (a *Area) FreeByQA(role people.Role, reason string) (ledger.Draft, error) {
	if role != people.QA {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "AT-10", "may-not-free-area", "a work area is taken from a batch by QA, not by {role}", "ask QA, or finish the batch's work in the area", "role", string(role))
	}
	if a.Batch == "" {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "AT-10", "area-not-occupied", "no batch is in work area {area}", "nothing has to be freed", "area", a.ID)
	}
	reason = strings.TrimSpace(reason)
	if len(reason) < 5 || len(reason) > 500 || paper.Printable(reason) != nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "CS-12", "area-reason", "a reason of 5 to 500 printable characters is needed", "say why the batch does not free the area itself")
	}
	return a.free(reason), nil
}

func (a *Area) free(reason string) ledger.Draft {
	return ledger.Draft{Type: typeFreed, Data: freed{Batch: a.Batch, Reason: reason}, Frees: []string{claimLock + a.ID}}
}

// Occupations gives the occupations that overlap a window, its ends included, in order: the batches that a reading of the
// window concerns, released or not.
func (a *Area) Occupations(from, to time.Time) []Occupation {
	var out []Occupation
	for _, o := range a.Taken {
		if !o.From.After(to) && (o.To.IsZero() || !o.To.Before(from)) {
			out = append(out, o)
		}
	}
	return out
}

// cleared refuses an area that nobody may begin in now.
func (a *Area) cleared(now time.Time) error {
	switch a.Status(now) {
	case Uncleared:
		return ledger.Refuse(ledger.Unmet, "AT-51", "area-not-cleared", "work area {area} is not cleared", "two persons have to clear it", "area", a.ID)
	case Expired:
		return ledger.Refuse(ledger.Unmet, "AT-51", "clearance-expired", "the clearance of work area {area} ended at {until}", "two persons have to clear it again", "area", a.ID, "until", a.ClearUntil().Format(time.RFC3339))
	}
	return nil
}

// occupiedBy refuses with the batch alone: who the patient is stands nowhere but under that batch.
func (a *Area) occupiedBy() error {
	return ledger.Refuse(ledger.Unmet, "I5", "area-occupied", "batch {batch} is open in work area {area}", "finish it there, and clear the area, before another batch begins", "area", a.ID, "batch", a.Batch)
}

func (a *Area) notHeld(batch string) error {
	return ledger.Refuse(ledger.Unmet, "I5", "area-not-held", "batch {batch} has not taken work area {area}", "take the area for this batch, or work in the one that it holds", "area", a.ID, "batch", batch)
}
