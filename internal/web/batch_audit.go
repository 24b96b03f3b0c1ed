package web

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// batchAudit is the audit trail of a batch: the record itself, entry by entry, with that of its therapy event
// (CS-44).
func (a *api) batchAudit(ctx context.Context, at *desk.Desk, in *batchIn) (*answer[entriesOut], error) {
	b, err := at.Plant.Batches.Load(ctx, in.Batch)
	if err != nil {
		return nil, err
	}
	var entries []ledger.Entry
	for _, stream := range []string{batch.Stream(b.Number), chainofcustody.Stream(b.CoI)} {
		part, err := all(at.Plant.Log.Stream(ctx, stream, 0))
		if err != nil {
			return nil, err
		}
		entries = append(entries, part...)
	}
	slices.SortFunc(entries, func(a, b ledger.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	out := entriesOut{Entries: []entryOut{}}
	for _, e := range entries {
		one := entryState(e, at.Plant.Profile.Location)
		if of := captures(e); at.Hides(b, of.Step, of.Field) {
			one.Data = of // the person enters the value again without having seen it (I7)
		}
		out.Entries = append(out.Entries, one)
	}
	return &answer[entriesOut]{Body: out}, nil
}

// captured is the field that an entry of a batch speaks of.
type captured struct {
	Step  string `json:"step"`
	Field string `json:"field"`
}

func captures(e ledger.Entry) captured {
	var of captured
	if json.Unmarshal(e.Data, &of) != nil {
		return captured{} // an entry that is about no field
	}
	return of
}
