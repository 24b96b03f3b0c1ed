package desk

import (
	"context"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// SiteOf is the plant whose facility code an identifier has; empty where the server knows none.
func (d *Deps) SiteOf(f isbt128.FIN) string {
	for _, p := range d.Plants {
		if p.Profile.FIN == f {
			return p.Site()
		}
	}
	return ""
}

// GivesPasses is the choice of a role that may issue passes, for Acting.
func GivesPasses(r people.Role) bool {
	return r.May(people.HoldCustody) || r.May(people.Schedule) || r.May(people.IssueKit)
}

// Elsewhere is what a change of the plant means (process scenario 53): a lane and the recipe's variant of the plant that
// takes the material.
type Elsewhere struct {
	Site, Lane, Reason string
	Arrival            time.Time
}

// SwitchTo is the change of the plant with the plant that takes the material. The expiry is computed by that plant's recipe.
func (d *Desk) SwitchTo(ctx context.Context, s *shipment.Shipment, e Elsewhere) (shipment.Switch, *Plant, error) {
	other, err := d.deps.Plant(e.Site)
	if err != nil {
		return shipment.Switch{}, nil, err
	}
	lane, err := other.Batches.Shipments().Lane(e.Lane)
	if err != nil {
		return shipment.Switch{}, nil, err
	}
	expiry := s.Plan.Expiry
	if s.Plan.Batch != "" {
		b, err := d.Plant.Batches.Load(ctx, s.Plan.Batch)
		if err != nil {
			return shipment.Switch{}, nil, err
		}
		if latest, ok := b.LatestExpiry(other.Batches.Recipe); ok {
			expiry = latest
		}
	}
	sw := shipment.Switch{
		To: shipment.Place{Party: chainofcustody.Plant, Name: other.Profile.Name["en"], Site: other.Site()}, Lane: lane, Arrival: e.Arrival, Expiry: expiry,
		Variant: other.Site(), Reason: e.Reason,
	}
	return sw, other, nil
}
