package chainofcustody

import (
	"context"
	"fmt"

	"rexbatch/internal/ledger"
)

// A series hands out numbers without gaps: the number is the version of its stream, so it is taken in
// the same append as the thing it numbers, or not at all.

type issued struct {
	Value string `json:"value"`
}

// SeriesStream is the stream of a number series, e.g. "series/coi/A9999/26".
func SeriesStream(name string) string { return "series/" + name }

// Next is the number that the series would give out now.
func Next(ctx context.Context, log ledger.Reader, stream string) (uint64, error) {
	for head, err := range log.Streams(ctx, stream) {
		if err != nil {
			return 0, fmt.Errorf("series %s: %w", stream, err)
		}
		if head.Stream == stream {
			return head.Version + 1, nil
		}
	}
	return 1, nil
}

// Issue is the part of an append that takes number n of a series for a value.
func Issue(stream string, n uint64, value string) ledger.StreamAppend {
	return ledger.StreamAppend{Stream: stream, Expected: n - 1, Drafts: []ledger.Draft{{Type: typeIssued, Data: issued{Value: value}}}}
}
