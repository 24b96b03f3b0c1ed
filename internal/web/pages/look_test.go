package pages

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/templates"
)

// Values stand out 7:1 in light and dark, everything else that is read 4.5:1 (screens, rule 19).
func TestContrast(t *testing.T) {
	raw, err := fs.ReadFile(templates.Static, "static/base.css")
	require.NoError(t, err)
	css := string(raw)
	light := tokens(css[strings.Index(css, ":root {"):])
	dark := tokens(css[strings.Index(css, ":root[data-theme=\"dark\"] {"):])
	auto := tokens(css[strings.Index(css, ":root:not("):])
	require.Equal(t, dark, auto, "the browser's dark and the chosen dark are the same")
	for name, theme := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, pair := range []struct {
			ink, paper string
			least      float64
		}{
			{"ink", "paper", 7}, {"ink", "ground", 7}, {"ink", "raised", 7}, {"ink", "now-soft", 7}, {"ink", "att-soft", 7}, {"ink", "stop-soft", 7},
			{"now-ink", "now", 7}, {"ink-2", "paper", 7}, {"ink-2", "ground", 7}, {"now", "paper", 7}, {"att", "paper", 7}, {"stop", "paper", 7},
			{"ink-3", "paper", 4.5}, {"ink-3", "ground", 4.5}, {"ink-3", "now-soft", 4.5}, {"now", "ground", 4.5}, {"att", "att-soft", 4.5},
			{"stop", "stop-soft", 4.5}, {"att-mark", "paper", 3}, {"edge", "paper", 3},
		} {
			got := contrast(theme[pair.ink], theme[pair.paper])
			require.GreaterOrEqual(t, got, pair.least, "%s: %s on %s", name, pair.ink, pair.paper)
		}
	}
	require.GreaterOrEqual(t, contrast("#ffffff", "#8f0017"), 7.0) // the stop
}

var colour = regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6})`)

// tokens are the colours of the first block of rules.
func tokens(css string) map[string]string {
	block, _, _ := strings.Cut(css, "}")
	out := map[string]string{}
	for _, m := range colour.FindAllStringSubmatch(block, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// contrast is the ratio of WCAG 2.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(hex string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		return math.NaN()
	}
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}
