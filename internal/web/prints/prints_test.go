package prints_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/web/prints"

	"github.com/stretchr/testify/require"
)

func key(n int) prints.Key {
	return prints.Key{Site: "ES-SVQ", Account: "hector", Batch: fmt.Sprintf("SVQ%d", n), Lang: "es"}
}

func code(t *testing.T, err error) string {
	t.Helper()
	refusals := ledger.RefusalsOf(err)
	require.Len(t, refusals, 1)
	return refusals[0].Code
}

func TestJobTellsHowFarItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop, next := prints.New(time.Now), make(chan struct{})
		id, err := shop.Start(key(1), func(_ context.Context, progress func(done, total int)) ([]byte, error) {
			progress(3, 10)
			<-next
			return []byte("pdf"), nil
		})
		require.NoError(t, err)
		again, err := shop.Start(key(1), nil)
		require.NoError(t, err)
		require.Equal(t, id, again, "a second click starts nothing")
		synctest.Wait()
		state, err := shop.State(id, key(1))
		require.NoError(t, err)
		require.Equal(t, prints.State{ID: id, Key: key(1), Done: 3, Total: 10}, state)
		pdf, err := shop.Document(id, key(1))
		require.NoError(t, err)
		require.Nil(t, pdf)
		close(next)
		synctest.Wait()
		state, err = shop.State(id, key(1))
		require.NoError(t, err)
		require.True(t, state.Finished)
		require.Equal(t, 3, state.Size)
		pdf, err = shop.Document(id, key(1))
		require.NoError(t, err)
		require.Equal(t, "pdf", string(pdf))
	})
}

func TestTwoJobsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop, next := prints.New(time.Now), make(chan struct{})
		wait := func(context.Context, func(int, int)) ([]byte, error) { <-next; return nil, nil }
		for n := range 2 {
			_, err := shop.Start(key(n), wait)
			require.NoError(t, err)
		}
		_, err := shop.Start(key(2), wait)
		require.Equal(t, "prints-busy", code(t, err))
		close(next)
		synctest.Wait()
		_, err = shop.Start(key(2), wait)
		require.NoError(t, err)
		synctest.Wait()
	})
}

func TestResultsAreLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prints.New(time.Now)
		at := func(n int) string {
			id, err := shop.Start(key(n), func(context.Context, func(int, int)) ([]byte, error) { return []byte("pdf"), nil })
			require.NoError(t, err)
			synctest.Wait()
			time.Sleep(time.Second)
			return id
		}
		first := at(0)
		_, err := shop.State(first, prints.Key{Site: "ES-SVQ", Account: "somebody", Batch: "SVQ0", Lang: "es"})
		require.Equal(t, "no-print", code(t, err), "a job belongs to its person")
		_, err = shop.State(first, prints.Key{Site: "ES-SVQ", Account: "hector", Batch: "SVQ0"})
		require.NoError(t, err)
		var last string
		for n := range 8 {
			last = at(n + 1)
		}
		_, err = shop.State(first, key(0))
		require.Equal(t, "no-print", code(t, err), "only so many are kept")
		_, err = shop.State(last, key(8))
		require.NoError(t, err)
		time.Sleep(10 * time.Minute)
		_, err = shop.State(last, key(8))
		require.Equal(t, "no-print", code(t, err))
	})
}

func TestFailedJobsSayWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prints.New(time.Now)
		broken := errors.New("the disk is gone")
		id, err := shop.Start(key(1), func(context.Context, func(int, int)) ([]byte, error) { return nil, broken })
		require.NoError(t, err)
		synctest.Wait()
		_, err = shop.State(id, key(1))
		require.ErrorIs(t, err, broken)
		id, err = shop.Start(key(2), func(context.Context, func(int, int)) ([]byte, error) { panic("index out of range") })
		require.NoError(t, err)
		synctest.Wait()
		_, err = shop.Document(id, key(2))
		require.ErrorContains(t, err, "index out of range")
		id, err = shop.Start(key(3), func(ctx context.Context, _ func(int, int)) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() })
		require.NoError(t, err)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		_, err = shop.State(id, key(3))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
