package scenario

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestExpand(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	now := time.Date(2026, 11, 22, 23, 30, 15, 900, time.UTC) // in Madrid it is the 23rd already
	for value, want := range map[string]string{
		"now":          "2026-11-22T23:30:15Z",
		"now-36m":      "2026-11-22T22:54:15Z",
		"now+44h":      "2026-11-24T19:30:15Z",
		"today":        "2026-11-23",
		"today-12d":    "2026-11-11",
		"today+10960d": "2056-11-25",
		"nowhere":      "nowhere",
		"<0.50":        "<0.50",
		"34,2":         "34,2",
	} {
		require.NoError(t, checkValue(value), value)
		got, err := expand(value, now, zone)
		require.NoError(t, err)
		require.Equal(t, want, got, value)
	}
	for _, value := range []string{"now-36", "now+", "today-12h", "auto-5", "now- 3m"} {
		require.Error(t, checkValue(value), value)
	}
}

func TestRandomTexts(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		p, err := newPassword()
		require.NoError(t, err)
		require.Len(t, strings.Split(p, "-"), 4)
		require.Len(t, p, 23)
		require.False(t, seen[p])
		seen[p] = true
		code, err := newCode("ES")
		require.NoError(t, err)
		require.Regexp(t, `^ES-[A-Z2-9]{6}$`, code)
	}
}
