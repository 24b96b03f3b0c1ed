package pages_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const axeDir = "testdata/axe-core"

// axe is the checker of accessibility that runs inside a page.
var axe = sync.OnceValues(func() ([]byte, error) { return os.ReadFile(filepath.Join(axeDir, "axe.min.js")) })

// The vendored checker is the one that was published: no file differs, is missing or is unlisted.
func TestVendoredAxe(t *testing.T) {
	list, err := os.ReadFile(filepath.Join(axeDir, "VERSIONS"))
	require.NoError(t, err)
	known := map[string]bool{"VERSIONS": true}
	for _, line := range strings.Split(string(list), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		field := strings.Fields(line)
		require.Len(t, field, 5, line)
		content, err := os.ReadFile(filepath.Join(axeDir, field[0]))
		require.NoError(t, err)
		sum := sha256.Sum256(content)
		require.Equal(t, field[4], hex.EncodeToString(sum[:]), field[0])
		known[field[0]] = true
	}
	files, err := os.ReadDir(axeDir)
	require.NoError(t, err)
	for _, f := range files {
		require.True(t, known[f.Name()], "%s is not listed in VERSIONS", f.Name())
	}
}

// values are the places where a value is read: they stand out 7:1, everything else that is read 4.5:1.
const values = `.strip dd, .strip .code, .field .value .mono:not(.soft), .beyond-value b, .limit b, .echo b, .number input, .timers b, .clocks b, .until b, ` +
	`.lot-clock b, td.whole, td.fraction, .label .mono:not(.content):not(.serial), .halt dd`

// look is one look at a page with the rules of WCAG 2.2, levels A and AA, beside those of an earlier look: colours hang on the
// theme and not on the window, all else on the window and not on the theme. Colours and the sizes of targets take nearly all the time.
type look struct {
	theme          string
	colours, shape bool
}

var (
	whole   = look{"light", true, true}
	inDark  = look{"dark", true, false}
	onPhone = look{"light", false, true}
)

func (l look) String() string { return l.theme }

// axeRun runs rules, and holds values against 7:1 however large they are written.
const axeRun = `(async (colours, shape) => {
	axe.configure({checks: [{id: "color-contrast-enhanced", options: {contrastRatio: {normal: {expected: 7, minThreshold: 0}, large: {expected: 7, minThreshold: 0}}}}]});
	const say = (found) => found.violations.flatMap((v) => v.nodes.map((n) => v.id + " at " + n.target.join(" ") + ": " + (n.any[0] ?? n.all[0] ?? n.none[0])?.message + " in " + n.html.slice(0, 200)));
	const run = async (where, rules) => say(await axe.run(where, {resultTypes: ["violations"], preload: false, iframes: false, ...rules}));
	const found = await run(document, shape
		? {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}, rules: {"target-size": {enabled: true}, "color-contrast": {enabled: colours}}}
		: {runOnly: ["color-contrast", "link-in-text-block"], rules: {}});
	if (colours && [...document.querySelectorAll("VALUES")].some((e) => e.checkVisibility())) {
		found.push(...await run({include: [["VALUES"]]}, {runOnly: ["color-contrast-enhanced"], rules: {}}));
	}
	return found;
})`

// accessible are the rules of accessibility that the page breaks in a look at it, each with its place.
func (b *tab) accessible(l look) []string {
	b.t.Helper()
	if !eval[bool](b, `typeof axe === "object"`) {
		source, err := axe()
		require.NoError(b.t, err)
		eval[bool](b, string(source)+"\n;true")
	}
	eval[string](b, `document.documentElement.dataset.theme = "`+l.theme+`"`)
	return eval[[]string](b, strings.ReplaceAll(axeRun, "VALUES", values)+fmt.Sprintf("(%t, %t)", l.colours, l.shape))
}
