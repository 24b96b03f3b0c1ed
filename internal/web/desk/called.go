package desk

import (
	"context"

	"rexbatch/batch/oncall"
	"rexbatch/internal/people"
)

// Called is the choice of the role in which this person takes the call about a shipment: whoever it waits for by name takes
// it in a role that holds custody, else in one that is called further (scenario 16).
func (d *Desk) Called(ctx context.Context, shipment string) (func(people.Role) bool, error) {
	book := d.Plant.Batches.OnCall()
	duty, err := book.Load(ctx)
	if err != nil {
		return nil, err
	}
	call, _ := duty.About(shipment)
	return func(r people.Role) bool {
		return d.Route.Who.allows(r) && duty.WaitsFor(call, d.Session.Account, []people.Role{r}, book.Clock())
	}, nil
}

// OnCall is the plant's on-call duty, and which of its calls wait for this person now.
func (d *Desk) OnCall(ctx context.Context) (*oncall.Duty, []oncall.Call, error) {
	book := d.Plant.Batches.OnCall()
	duty, err := book.Load(ctx)
	if err != nil {
		return nil, nil, err
	}
	var out []oncall.Call
	for _, c := range duty.Calls {
		if duty.WaitsFor(c, d.Session.Account, d.Session.Roles, book.Clock()) {
			out = append(out, c)
		}
	}
	return duty, out, nil
}
