package desk

import (
	"context"

	"rexbatch/batch"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
)

// Order places an order, and enrols with it the patient whom it names: both, or neither, so that nobody is left behind by an
// order that is refused (AT-13, I12). who is nil where nobody is enrolled with the order.
func (p *Plant) Order(ctx context.Context, by ledger.Author, o batch.Order, who *vault.Identity) (number string, coi isbt128.CoI, err error) {
	if who == nil {
		return p.Batches.Place(ctx, by, o)
	}
	known, err := p.Vault()
	if err != nil {
		return "", coi, err
	}
	err = known.EnrolWith(ctx, by, o.Subject, *who, func(with ledger.Append) error {
		var err error
		number, coi, err = p.Batches.PlaceWith(ctx, by, o, with)
		return err
	})
	return number, coi, err
}
