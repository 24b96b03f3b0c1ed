package formula

import "time"

// Expiry is F11: the earliest of collection (T0, last pull) + its limit, end of formulation + shelf life, and the limits of
// the materials in contact with the product. The result is in UTC; showing it in local time is for pages and labels.
//
// Elapsed time counts, so a night with a clock change does not give or take an hour. Errors: a point in time that is not
// set, formulation before collection, a limit that is not above zero.
func Expiry(t0 time.Time, limitFromCollection time.Duration, formulated time.Time, shelfLife time.Duration, materialLimits []time.Time) (time.Time, error) {
	d, _ := Lookup("F11")
	if t0.IsZero() || formulated.IsZero() {
		return time.Time{}, d.fail(CodeMissingInput, "the time of collection or of the end of formulation is missing", "enter both times first")
	}
	if formulated.Before(t0) {
		return time.Time{}, d.fail(CodeImpossible, "the formulation ended before the collection", "check both times")
	}
	if limitFromCollection <= 0 || shelfLife <= 0 {
		return time.Time{}, d.fail(CodeImpossible, "the limit from collection and the shelf life have to be above zero", "correct the recipe")
	}
	earliest := t0.Add(limitFromCollection)
	if end := formulated.Add(shelfLife); end.Before(earliest) {
		earliest = end
	}
	for _, limit := range materialLimits {
		if limit.IsZero() {
			return time.Time{}, d.fail(CodeMissingInput, "the limit of a material is missing", "enter the expiry of every material")
		}
		if limit.Before(earliest) {
			earliest = limit
		}
	}
	return earliest.UTC(), nil
}
