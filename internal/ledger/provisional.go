package ledger

import (
	"encoding/json"
	"fmt"
	"time"
)

// Provisional is the entry that a draft would become, without position and leaf hash: a decision applies it to
// its state to learn what follows, before anything is appended.
func Provisional(d Draft, by Author, at time.Time, version uint64) (Entry, error) {
	data, err := json.Marshal(d.Data)
	if err != nil {
		return Entry{}, fmt.Errorf("encode %s: %w", d.Type, err)
	}
	return Entry{
		Time: at.UTC().Truncate(time.Microsecond), Version: version, Author: by, Type: d.Type,
		Takes: d.Takes, Frees: d.Frees, Blobs: d.Blobs, Data: data,
	}, nil
}
