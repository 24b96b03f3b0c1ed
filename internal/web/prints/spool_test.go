package prints_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
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

// Whoever waits for the end hears what became of it, however long it takes; whoever leaves before ends nothing.
func TestSpoolWaitsForTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s prints.Spool
		jam := errors.New("jam")
		slow := func(ctx context.Context) error {
			time.Sleep(20 * time.Second)
			return errors.Join(jam, ctx.Err())
		}
		began := time.Now()
		require.ErrorIs(t, s.Wait(t.Context(), "S03", slow), jam)
		require.Equal(t, 20*time.Second, time.Since(began))
		ctx, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		ended := make(chan error, 1)
		require.ErrorIs(t, s.Wait(ctx, "S03", func(ctx context.Context) error {
			ended <- slow(ctx)
			return nil
		}), context.DeadlineExceeded)
		var refused *ledger.Refusal
		require.ErrorAs(t, s.Wait(t.Context(), "S03", slow), &refused)
		require.Equal(t, "printing-now", refused.Code)
		require.NotErrorIs(t, <-ended, context.Canceled)
	})
}

// The error of a job goes to whoever waits for it, and into the log when nobody does any more.
func TestSpoolLogsWhatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := prints.Spool{Logger: slog.New(slog.NewTextHandler(&log, nil))}
		after := func(d time.Duration, err error) func(context.Context) error {
			return func(context.Context) error { time.Sleep(d); return err }
		}
		require.Error(t, s.Do(t.Context(), "S03", after(time.Second, errors.New("heard"))))
		require.NoError(t, s.Do(t.Context(), "S03", after(time.Minute, nil)))
		time.Sleep(time.Hour)
		require.Empty(t, log.String())
		require.NoError(t, s.Do(t.Context(), "S03", after(time.Minute, errors.New("out of paper"))))
		s.Stop()
		require.Contains(t, log.String(), "labels=S03 error=\"out of paper\"")
	})
}
