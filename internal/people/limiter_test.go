package people_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

func TestLimiter_CS81(t *testing.T) {
	now := time.Date(2026, 10, 8, 6, 0, 0, 0, time.UTC)
	l := people.NewLimiter(10*time.Second, 3, 2, func() time.Time { return now })
	for range 3 {
		require.NoError(t, l.Allow("a"))
	}
	refused(t, l.Allow("a"), "CS-81", "too-many-tries")
	require.NoError(t, l.Allow("b"), "each key has its own")
	now = now.Add(10 * time.Second)
	require.NoError(t, l.Allow("a"))
	refused(t, l.Allow("a"), "CS-81", "too-many-tries")
}

func TestFloodOfKeysGainsNothing_CS81(t *testing.T) {
	now := time.Date(2026, 10, 8, 6, 0, 0, 0, time.UTC)
	l := people.NewLimiter(10*time.Second, 3, 10, func() time.Time { return now })
	for range 3 {
		require.NoError(t, l.Allow("attacker"))
	}
	allowed := 0
	for i := range 1000 {
		if l.Allow(fmt.Sprint(i)) == nil {
			allowed++
		}
	}
	require.Equal(t, 9+3, allowed, "nine more keys are known, the rest share one allowance")
	refused(t, l.Allow("attacker"), "CS-81", "too-many-tries")

	now = now.Add(time.Minute) // allowances are full again: old keys make room
	require.NoError(t, l.Allow("new"))
	require.NoError(t, people.NewLimiter(time.Second, 1, 0, func() time.Time { return now }).Allow("x"))
}
