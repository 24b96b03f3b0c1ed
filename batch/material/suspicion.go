package material

import (
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Suspicion is an alarm of a device for which a lot may be the cause (process scenario 21). It stands against no use: it asks
// those who keep the devices and QA to look at the lot, and at the batches that have it.
type Suspicion struct {
	Device string `json:"device"`
	Alarm  int    `json:"alarm"` // number of the alarm of the device
	Text   string `json:"text"`  // code and words of its display
	Reason string `json:"reason"`
}

// Suspected is a suspicion as it stands in the record.
type Suspected struct {
	Suspicion
	By string
	At time.Time
}

// Suspect decides that a lot is pointed out to maintenance and QA.
func (l *Lot) Suspect(by ledger.Author, s Suspicion) ([]ledger.Draft, error) {
	err := may(by, people.ManageEquipment, people.ReleaseMaterial)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeSuspected, Data: s}}, nil
}

// Clear decides that the lot was looked at and nothing is wrong with it. Where something is, it is blocked.
func (l *Lot) Clear(by ledger.Author, reason string) ([]ledger.Draft, error) {
	err := may(by, people.ReleaseMaterial)
	if err != nil {
		return nil, err
	}
	if len(l.Suspected) == 0 {
		return nil, ledger.Refuse(ledger.Unmet, "AT-21", "lot-not-suspected", "nobody has pointed out {lot}", "nothing is left to do", "lot", l.Number.String())
	}
	reason, err = checkReason(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeCleared, Data: decided{Reason: reason}}}, nil
}

func (l *Lot) applySuspected(e ledger.Entry, s Suspicion) error {
	l.Suspected = append(l.Suspected, Suspected{Suspicion: s, By: e.Author.Account, At: e.Time})
	l.decide(e, s.Device+" "+s.Text+": "+s.Reason)
	return nil
}

func (l *Lot) applyCleared(e ledger.Entry, d decided) error {
	l.Suspected = nil
	l.decide(e, d.Reason)
	return nil
}
