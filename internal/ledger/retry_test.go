package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

// writer answers appends with the errors it was given, then succeeds.
type writer struct{ errs []error }

func (w *writer) Append(context.Context, ledger.Append) (ledger.Receipt, error) {
	if len(w.errs) == 0 {
		return ledger.Receipt{Time: at}, nil
	}
	err := w.errs[0]
	w.errs = w.errs[1:]
	return ledger.Receipt{}, err
}

func TestDecide(t *testing.T) {
	conflict := &ledger.ConflictError{Stream: "batch/X", Expected: 1, Actual: 2}
	other := errors.New("disk")
	many := make([]error, 20)
	for i := range many {
		many[i] = conflict
	}
	for _, test := range []struct {
		name  string
		errs  []error
		calls int
		err   error
	}{
		{"at once", nil, 1, nil},
		{"after a conflict", many[:3], 4, nil},
		{"after seven", many[:7], 8, nil},
		{"another error", []error{conflict, other}, 2, other},
		{"a claim is not retried", []error{&ledger.ClaimError{Key: "k"}}, 1, &ledger.ClaimError{Key: "k"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			calls := 0
			r, err := ledger.Decide(t.Context(), &writer{test.errs}, func(context.Context) (ledger.Append, error) {
				calls++
				return ledger.Append{}, nil
			})
			require.Equal(t, test.err, err)
			require.Equal(t, test.calls, calls)
			require.Equal(t, err == nil, r.Time.Equal(at))
		})
	}

	_, err := ledger.Decide(t.Context(), &writer{many}, func(context.Context) (ledger.Append, error) { return ledger.Append{}, nil })
	refusals := ledger.RefusalsOf(err)
	require.Len(t, refusals, 1)
	require.Equal(t, ledger.Stale, refusals[0].Kind)
	require.Contains(t, refusals[0].What, "batch/X")

	_, err = ledger.Decide(t.Context(), &writer{}, func(context.Context) (ledger.Append, error) { return ledger.Append{}, other })
	require.ErrorIs(t, err, other)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = ledger.Decide(ctx, &writer{many}, func(context.Context) (ledger.Append, error) { cancel(); return ledger.Append{}, nil })
	require.ErrorIs(t, err, context.Canceled)
}
