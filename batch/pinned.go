package batch

import (
	"context"
	"encoding/json"
	"fmt"

	"rexbatch/internal/ledger"
)

// Pinned are the numbers of the batches of a log that are not finished and are made by a version of the recipe. They stay
// with it to the end, whatever becomes effective (AT-5).
func Pinned(ctx context.Context, log ledger.Log, version ledger.Digest) ([]string, error) {
	book := &Book{Log: log, Library: NewLibrary(func(d ledger.Digest) ([]byte, error) { return log.Blob(ctx, d) })}
	var numbers []string
	for doc, err := range log.Views(ctx, WorklistPrefix) {
		if err != nil {
			return nil, fmt.Errorf("worklists: %w", err)
		}
		var item WorklistItem
		err = json.Unmarshal(doc.Data, &item)
		if err != nil {
			return nil, fmt.Errorf("worklist %s: %w", doc.Key, err)
		}
		if item.Step == "" {
			continue // nothing of it is left to do
		}
		b, err := book.Load(ctx, item.Number)
		if err != nil {
			return nil, err
		}
		if b.Recipe.Digest == version {
			numbers = append(numbers, item.Number)
		}
	}
	return numbers, nil
}
