package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// wholeOrder enrols the patient of the scenario and gives the order that the hospital places: what its step asks for, the
// back-up plant, and the next slot that is free.
func (p *play) wholeOrder(ctx context.Context, coordinator *actor, subject string) (map[string]any, error) {
	who := p.s.Patient
	number, err := newCode("NHC")
	if err != nil {
		return nil, err
	}
	var enrolled struct{}
	err = coordinator.send(ctx, "/patients", map[string]string{
		"subject_no": subject, "hospital_number": number, "family_names": who.Family, "given_names": who.Given, "birth_date": who.Birth, "country": who.Country,
	}, &enrolled)
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	values := map[string]string{}
	for _, field := range slices.Sorted(maps.Keys(p.s.Values["S01"])) {
		if field == "subject_no" || field == "plant_primary" {
			continue // the order says the first itself, and is placed at the second
		}
		values[field], err = p.value(p.s.Values["S01"][field])
		if err != nil {
			return nil, fmt.Errorf("S01.%s: %w", field, err)
		}
	}
	slot, err := p.freeSlot(ctx, coordinator)
	return map[string]any{"subject_no": subject, "values": values, "backup_plant": who.Backup, "slot": slot}, err
}

// slot is a day at the plant, and its part.
type slot struct {
	Day  string `json:"day"`
	Part string `json:"part"`
}

// freeSlot is the first slot from today on with nobody before or after it: who is played is called the same each time, and
// look-alikes are not treated one after the other (scenario 6).
func (p *play) freeSlot(ctx context.Context, coordinator *actor) (slot, error) {
	var taken struct {
		Bookings []slot `json:"bookings"`
	}
	err := coordinator.get(ctx, "/calendar", &taken)
	if err != nil {
		return slot{}, err
	}
	at := func(n int) slot { // the n-th half day from this morning on
		day := p.stage.Clock().In(p.zone).AddDate(0, 0, n>>1)
		return slot{day.Format(time.DateOnly), []string{"forenoon", "afternoon"}[n&1]}
	}
	for n := 0; ; n++ {
		beside := []slot{at(n - 1), at(n), at(n + 1)}
		if !slices.ContainsFunc(beside, func(s slot) bool { return slices.Contains(taken.Bookings, s) }) {
			return at(n), nil
		}
	}
}
