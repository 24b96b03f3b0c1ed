package equipment

import (
	"time"

	"rexbatch/internal/ledger"
)

// dayForm is a calendar day in entries and in the API.
const dayForm = "2006-01-02"

// Due is a calendar day of the plant until whose end something holds.
type Due struct {
	Day string    `json:"day"` // "2026-11-30", as on the sticker
	End time.Time `json:"end"` // UTC: the first moment at which it holds no more
}

// IsZero says that nothing is due.
func (d Due) IsZero() bool { return d.Day == "" }

// DueOn reads a calendar day of a zone, e.g. "2026-11-30". An empty text is no day. Days have 23 or 25 hours where the
// clocks change: the end of the day is the beginning of the next one.
func DueOn(day string, zone *time.Location) (Due, error) {
	if day == "" {
		return Due{}, nil
	}
	t, err := time.Parse(dayForm, day)
	if err != nil || t.Year() < 2000 || t.Year() > 2199 {
		return Due{}, ledger.Refuse(ledger.Invalid, "CS-67", "device-day", "a day is written as year-month-day, e.g. 2026-11-30", "choose the day again")
	}
	return Due{Day: day, End: time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, zone).UTC()}, nil
}

// dayOf is the calendar day of the zone in which t lies.
func dayOf(t time.Time, zone *time.Location) Due {
	local := t.In(zone)
	return Due{
		Day: local.Format(dayForm),
		End: time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, zone).UTC(),
	}
}

// holdsAt says whether something that is due holds at t. What has no end holds.
func (d Due) holdsAt(t time.Time) bool { return d.IsZero() || !d.End.Before(t) }
