package batch

import (
	"maps"
	"slices"
	"time"

	"rexbatch/batch/mbr"
)

// What the step in which the product is given says of it.
const (
	givenScan  = "scan_container"
	givenEndAt = "S47.end_at"
)

// Collected is when the marrow had been taken; zero before.
func (b *Batch) Collected() time.Time { return b.moment(collectedRef) }

// Prepared is when the product had been formulated; zero before.
func (b *Batch) Prepared() time.Time { return b.moment(preparedRef) }

// Given is when the patient had got the product, and from which containers; false while that is not done.
func (b *Batch) Given() (at time.Time, containers []string, ok bool) {
	st, found := b.steps[infusionStep]
	if !found || st.Status != Done {
		return time.Time{}, nil, false
	}
	at = b.moment(givenEndAt)
	if at.IsZero() {
		at = st.CompletedAt
	}
	return at, slices.Sorted(maps.Keys(st.Scans[givenScan])), true
}

// Signed is when an act was signed last; zero when it was not.
func (b *Batch) Signed(act mbr.Act) time.Time {
	var at time.Time
	for _, a := range b.Acts {
		if a.Act == act {
			at = a.At
		}
	}
	return at
}

// OpenLots are the lots that went into the batch outside of blinded steps, in order (AT-20, I11).
func (b *Batch) OpenLots() []string {
	var out []string
	for _, st := range b.Steps() {
		if st.Step.Blind {
			continue
		}
		for _, l := range st.Lots {
			out = append(out, l.Lot)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
