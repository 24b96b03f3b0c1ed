package ledger

import (
	"context"
	"errors"
	"fmt"
)

// decideTries is how often Decide asks before it gives up.
const decideTries = 8

// Decide asks decide for an append and makes it. When a stream has moved on since the decision (*ConflictError), or the
// time for which it was made has passed (*TimeError), it asks again: decide must read the record afresh each time. After eight conflicts in a row it returns a
// *Refusal of kind Stale. Any other error, of decide or of the log, is returned as it is.
func Decide(ctx context.Context, log Writer, decide func(context.Context) (Append, error)) (Receipt, error) {
	conflict := &ConflictError{}
	for range decideTries {
		a, err := decide(ctx)
		if err != nil {
			return Receipt{}, err
		}
		receipt, err := log.Append(ctx, a)
		var late *TimeError
		if !errors.As(err, &conflict) && !errors.As(err, &late) {
			return receipt, err
		}
		err = ctx.Err()
		if err != nil {
			return Receipt{}, fmt.Errorf("decide again on %s: %w", conflict.Stream, err)
		}
	}
	return Receipt{}, Refuse(Stale, "I1", "record-busy",
		"The record {stream} was changed by others {tries} times while this was being saved. Nothing was saved.",
		"Look at the record again, then repeat.",
		"stream", conflict.Stream, "tries", fmt.Sprint(decideTries))
}
