package pages

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	timing "rexbatch/batch/clock"
)

// read is a clock of four hours that warns after three, at a time after its start.
func read(elapsed time.Duration, ended bool) timing.Reading {
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	return timing.Read(timing.Clock{ID: "hold", From: "a", To: "b", Limit: 4 * time.Hour, WarnAt: 3 * time.Hour, Owner: "operator", Late: timing.Exception},
		func(ref string) (time.Time, bool) {
			return map[string]time.Time{"a": start, "b": start.Add(elapsed)}[ref], ref == "a" || ended
		},
		start.Add(elapsed))
}

func TestTimeLeftInWords_F11(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	for _, c := range []struct {
		reading    timing.Reading
		en, es, de string
	}{
		{read(48*time.Minute, false), "3 h 12 min left", "quedan 3 h 12 min", "noch 3 h 12 min"},
		{read(48*time.Minute+time.Second, false), "3 h 11 min left", "quedan 3 h 11 min", "noch 3 h 11 min"},
		{read(4*time.Hour-time.Second, false), "less than 1 min left", "quedan menos de 1 min", "noch unter 1 min"},
		{read(4*time.Hour, false), "less than 1 min left", "quedan menos de 1 min", "noch unter 1 min"},
		{read(4*time.Hour+time.Second, false), "late by less than 1 min", "menos de 1 min de retraso", "unter 1 min zu spät"},
		{read(4*time.Hour+4*time.Minute, false), "late by 4 min", "4 min de retraso", "4 min zu spät"},
		{read(2*time.Hour, true), "took 2 h 00 min", "duró 2 h 00 min", "dauerte 2 h 00 min"},
		{read(5*time.Hour, true), "ended 1 h 00 min late", "terminó con 1 h 00 min de retraso", "mit 1 h 00 min Verspätung beendet"},
		{timing.Reading{Clock: timing.Clock{Limit: 14 * 24 * time.Hour}, State: timing.NotStarted}, "limit 14 days", "límite 14 días", "Grenze 14 Tage"},
	} {
		for lang, want := range map[string]string{"en": c.en, "es": c.es, "de": c.de} {
			require.Equal(t, want, strings.ReplaceAll(wordsIn(all, lang).left(c.reading), "\u00a0", " "), lang)
		}
	}
}

func TestTimersHaveShapeWordAndBar(t *testing.T) {
	all, err := catalogues()
	require.NoError(t, err)
	shapes := map[string]bool{}
	for s, icon := range timerIcons {
		shapes[icon.Icon+icon.Tone] = true
		for _, lang := range languages {
			_, ok := wordsIn(all, lang).lookup("timer-state." + string(s))
			require.True(t, ok, "%s in %s", s, lang)
		}
	}
	require.Len(t, shapes, 5, "a warning and a late end look alike; their words differ")
	for elapsed, percent := range map[time.Duration]int{0: 0, time.Hour: 25, 4*time.Hour - 1: 99, 4 * time.Hour: 100, 9 * time.Hour: 100} {
		require.Equal(t, percent, spent(read(elapsed, false)), elapsed)
	}
	madrid, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	v := wordsIn(all, "en").timer("Hold", read(time.Hour, false), madrid)
	require.Equal(t, "22 NOV 2026 14:00 CET", v.Due)
	require.Equal(t, all["en"]["role.operator"], v.Owner)
	require.Empty(t, wordsIn(all, "en").timer("Hold", timing.Reading{State: timing.NotStarted}, madrid).Due)
	views, err := parseViews(all)
	require.NoError(t, err)
	for _, lang := range languages {
		for name := range views.files {
			_, err := views.page(lang, name)
			require.NoError(t, err, "every page can be made")
		}
	}
	page, err := views.page("en", "batch")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, page.ExecuteTemplate(&b, "timers", []timerView{v}))
	require.Contains(t, b.String(), `<progress max="100" value="25" aria-label="Hold: 3`)
}
