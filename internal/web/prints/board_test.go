package prints_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/web/prints"
)

// All who watch share one round of questions, and a change is a newer version for each of them, also after a restart.
func TestBoardAsksOnceForAllAndCountsChanges(t *testing.T) {
	var b prints.Board
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	require.True(t, b.Due(now, time.Second))
	require.False(t, b.Due(now.Add(999*time.Millisecond), time.Second))
	require.True(t, b.Due(now.Add(time.Second), time.Second))
	b.Ask(t.Context(), []string{"", "A1"}, func(_ context.Context, area string) string { return "says " + area })
	require.Equal(t, map[string]string{"": "says ", "A1": "says A1"}, b.Said())
	gone, leave := context.WithCancel(t.Context())
	leave()
	b.Ask(gone, []string{"A1"}, func(context.Context, string) string { return "stalled" })
	require.Equal(t, "says A1", b.Said()["A1"], "an answer that nobody waited for says nothing")

	first := b.Note("ready", now)
	require.Equal(t, first, b.Note("ready", now.Add(time.Hour)))
	second := b.Note("jam", now)
	require.Greater(t, second, first)
	require.Greater(t, b.Note("ready", now), second)
	var restarted prints.Board
	require.Greater(t, restarted.Note("ready", now.Add(time.Minute)), second)
}
