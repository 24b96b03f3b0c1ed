package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

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
		{"after its time", []error{&ledger.TimeError{}, conflict, &ledger.TimeError{}}, 4, nil},
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

func TestWindow(t *testing.T) {
	moment := time.Date(2026, 11, 22, 9, 0, 0, 1500, time.UTC)
	for _, at := range []time.Time{moment.Add(-time.Hour), moment.Add(-1), moment, moment.Add(1), moment.Add(time.Microsecond), moment.Add(time.Hour)} {
		w := ledger.UpTo(moment, at)
		for _, other := range []time.Time{moment.Add(-time.Microsecond), moment.Truncate(time.Microsecond), moment.Truncate(time.Microsecond).Add(time.Microsecond)} {
			require.Equal(t, at.After(moment) == other.After(moment), w.Holds(other), "%s at %s", other, at)
		}
	}
	inner := ledger.Window{From: moment, Until: moment.Add(time.Hour)}
	require.Equal(t, inner, ledger.Window{}.Narrow(inner))
	require.Equal(t, inner, inner.Narrow(ledger.Window{}))
	require.Equal(t, ledger.Window{From: moment, Until: moment.Add(time.Minute)}, inner.Narrow(ledger.Window{From: moment.Add(-1), Until: moment.Add(time.Minute)}))
}
