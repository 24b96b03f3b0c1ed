package prints_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/web/prints"
)

// A printer that is ready answers the person who asked; its fault is theirs to see.
func TestSpoolTellsWhatAQuickPrinterSaid(t *testing.T) {
	var s prints.Spool
	jam := errors.New("jam")
	require.NoError(t, s.Do(t.Context(), "a", func(context.Context) error { return nil }))
	require.ErrorIs(t, s.Do(t.Context(), "a", func(context.Context) error { return jam }), jam)
	require.ErrorContains(t, s.Do(t.Context(), "a", func(context.Context) error { panic("no such font") }), "no such font")
}

// A printer that answers nothing keeps nobody waiting, and is not asked twice for the same; the page may be left meanwhile.
func TestSpoolGoesOnBesideThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s prints.Spool
		ctx, leave := context.WithCancel(t.Context())
		printed := make(chan time.Duration, 1)
		began := time.Now()
		require.NoError(t, s.Do(ctx, "S03", func(ctx context.Context) error {
			time.Sleep(20 * time.Second)
			printed <- time.Since(began)
			return ctx.Err()
		}))
		require.Equal(t, prints.Patience, time.Since(began))
		leave()
		var refused *ledger.Refusal
		require.ErrorAs(t, s.Do(t.Context(), "S03", func(context.Context) error { panic("twice") }), &refused)
		require.Equal(t, "printing-now", refused.Code)
		require.NoError(t, s.Do(t.Context(), "S35", func(context.Context) error { return nil }), "another step prints")
		require.Equal(t, 20*time.Second, <-printed)
		synctest.Wait()
		require.NoError(t, s.Do(t.Context(), "S03", func(context.Context) error { return nil }))
	})
}

// The end of the program ends what prints; nobody waits for a printer that is off.
func TestSpoolEndsWithTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s prints.Spool
		done, err := s.Begin(t.Context(), "S03", func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		require.NoError(t, err)
		s.Stop()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}
