package people

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

func TestPoolBoundsWhatRunsAtOneTime(t *testing.T) {
	p := newPool(3)
	var mu sync.Mutex
	running, most := 0, 0
	errs := make([]error, 60)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			errs[i] = p.do(context.Background(), lane(i%2), func() {
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				mu.Lock()
				running--
				mu.Unlock()
			})
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	require.LessOrEqual(t, most, 3)
	require.EqualValues(t, 60, p.done.Load())
}

func TestFloodAtTheDoorLeavesTheDeskFree(t *testing.T) {
	p := newPool(2)
	release, inside := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	var first error
	wg.Go(func() { first = p.do(context.Background(), door, func() { close(inside); <-release }) })
	<-inside
	ctx, cancel := context.WithCancel(context.Background())
	errs := make([]error, maxWaiting-1)
	for i := range errs {
		wg.Go(func() { errs[i] = p.do(ctx, door, func() {}) })
	}
	for p.waiting.Load() < maxWaiting {
		done := false
		require.NoError(t, p.do(ctx, desk, func() { done = true }), "a signature does not wait for the door")
		require.True(t, done)
	}
	err := p.do(ctx, door, func() { require.Fail(t, "nobody more may wait") })
	rs := ledger.RefusalsOf(err)
	require.Len(t, rs, 1)
	require.Equal(t, ledger.Busy, rs[0].Kind)
	cancel()
	close(release)
	wg.Wait()
	require.NoError(t, first)
	for _, err := range errs {
		require.True(t, err == nil || errors.Is(err, context.Canceled), "%v", err)
	}
	require.Zero(t, p.waiting.Load())
}

func TestWaitingIsBoundedByTheContext(t *testing.T) {
	p := newPool(1)
	ctx, cancel := context.WithCancel(context.Background())
	err := p.do(ctx, desk, func() {
		cancel()
		require.ErrorIs(t, p.do(ctx, desk, func() {}), context.Canceled)
	})
	require.NoError(t, err)
	require.ErrorIs(t, p.do(ctx, door, func() {}), context.Canceled)
}
