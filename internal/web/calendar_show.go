package web

import (
	"context"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

type calendarOut struct {
	Bookings []chainofcustody.Booking `json:"bookings" doc:"In order of time; a slot that is not listed is free"`
	Version  uint64                   `json:"version"`
}

func (a *api) calendarShow(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[calendarOut], error) {
	c, err := at.Plant.Custody.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	return &answer[calendarOut]{Body: calendarOut{Bookings: list(c.Bookings), Version: c.Version}}, nil
}

// SlotIn is a slot: a day at the plant, and its part.
type SlotIn struct {
	Day  string `json:"day" example:"2026-11-24"`
	Part string `json:"part" enum:"forenoon,afternoon"`
}

func (s SlotIn) slot() chainofcustody.Slot {
	return chainofcustody.Slot{Day: s.Day, Part: chainofcustody.Part(s.Part)}
}

type reserveIn struct {
	CoI  string `path:"coi" example:"CHA999926000001"`
	Body struct {
		SlotIn
		Role string `json:"role,omitempty" example:"scheduler"`
	}
}

func (a *api) slotReserve(ctx context.Context, at *desk.Desk, in *reserveIn) (*answer[calendarOut], error) {
	coi, err := isbt128.ParseCoI(in.CoI)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(in.Body.Role, func(r people.Role) bool { return r.May(people.OpenOrder) || r.May(people.Schedule) })
	if err != nil {
		return nil, err
	}
	err = at.Plant.Custody.Reserve(ctx, by, at.Plant.Batches.Zone, coi, in.Body.slot())
	if err != nil {
		return nil, err
	}
	return a.calendarShow(ctx, at, nil)
}
