package material

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Item is a lot as lists show it: a view, derived from the lot's entries alone.
type Item struct {
	Number      Number            `json:"number"`
	Material    string            `json:"material"`
	Name        string            `json:"name"`
	Supplier    string            `json:"supplier"`
	SupplierLot string            `json:"supplier_lot"`
	Status      Status            `json:"status"` // as it was decided
	Expiry      time.Time         `json:"expiry"`
	OpenedAt    *time.Time        `json:"opened_at,omitempty"`
	UsableUntil time.Time         `json:"usable_until"`
	Received    quantity.Quantity `json:"received"`
	Remaining   quantity.Quantity `json:"remaining"`
	Batches     int               `json:"batches"` // in which it was used or is at hand
	Suspected   bool              `json:"suspected,omitempty"`
	Version     uint64            `json:"version"`
}

// ViewPrefix is the key prefix of the lots' views.
const ViewPrefix = "lot/"

// suspectedPrefix is that of the lots which wait for somebody to look at them: those alone, however many lots there were.
const suspectedPrefix = "lot-suspected/"

// StatusAt is the status with what follows from the clock and the quantity.
func (i Item) StatusAt(now time.Time) Status {
	switch {
	case i.Status == Blocked:
		return Blocked
	case i.Remaining.Sign() <= 0:
		return Consumed
	case now.After(i.Expiry):
		return Expired
	case i.Status == Released && now.After(i.UsableUntil):
		return OpenTooLong
	}
	return i.Status
}

// Item is the lot's line in the lists.
func (l *Lot) Item() Item {
	i := Item{
		Number: l.Number, Material: l.Material, Name: l.Name, Supplier: l.Supplier, SupplierLot: l.SupplierLot,
		Status: l.Status, Expiry: l.Expiry, UsableUntil: l.UsableUntil(), Received: l.Quantity, Remaining: l.Remaining,
		Batches: len(l.UsedBy()), Suspected: len(l.Suspected) > 0, Version: l.Version,
	}
	if !l.OpenedAt.IsZero() {
		i.OpenedAt = &l.OpenedAt
	}
	return i
}

// Provisional applies drafts to the lot as if they had been appended, and gives the views that follow, for the append
// that makes them. The lot's Version then is what it will be; the append is made on the version before.
func (l *Lot) Provisional(by ledger.Author, at time.Time, drafts []ledger.Draft) (map[string][]byte, error) {
	for i, d := range drafts {
		e, err := ledger.Provisional(d, by, at, l.Version+1)
		if err != nil {
			return nil, fmt.Errorf("draft %d: %w", i, err)
		}
		err = l.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	return l.views()
}

func (l *Lot) views() (map[string][]byte, error) {
	doc, err := json.Marshal(l.Item())
	if err != nil {
		return nil, fmt.Errorf("view of lot %s: %w", l.Number, err)
	}
	views := map[string][]byte{ViewPrefix + l.Number.String(): doc, suspectedPrefix + l.Number.String(): nil}
	if len(l.Suspected) > 0 {
		views[suspectedPrefix+l.Number.String()] = doc
	}
	return views, nil
}

// Projection rebuilds the views of lots from their entries.
func Projection() ledger.Projection {
	return ledger.Projection{
		Prefix: streamPrefix,
		Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			l := &Lot{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				err = l.Apply(e)
				if err != nil {
					return nil, err
				}
			}
			return l.views()
		},
	}
}

// Filter says which lots are looked for. What is empty is not asked; all that is not must hold.
type Filter struct {
	Material    string // the code, exactly
	SupplierLot string // exactly but for capitals: a recall by the supplier names it
	Text        string // part of number, material, name, supplier or supplier lot
}

// Holds tells whether a lot is looked for.
func (f Filter) Holds(i Item) bool {
	return (f.Material == "" || f.Material == i.Material) &&
		(f.SupplierLot == "" || strings.EqualFold(strings.TrimSpace(f.SupplierLot), i.SupplierLot)) && f.text(i)
}

func (f Filter) text(i Item) bool {
	want := strings.ToLower(strings.TrimSpace(f.Text))
	if n, err := ParseNumber(f.Text); err == nil { // scanned, or typed without hyphens
		return n == i.Number
	}
	return slices.ContainsFunc([]string{i.Number.String(), i.Material, i.Name, i.Supplier, i.SupplierLot},
		func(s string) bool { return strings.Contains(strings.ToLower(s), want) })
}
