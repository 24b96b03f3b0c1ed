package pages_test

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/templates"
)

// looks are those at a page, in order.
var looks = map[device][]look{terminal: {whole, inDark}, phone: {onPhone}}

// TestEveryPage goes through every page in each of its states, at a terminal and on a phone, in light and dark, and holds
// what must be true of all of them: accessibility (WCAG 2.2 AA), values that stand out, dates with letters, and on pages
// of a batch the identity and the clocks (screens, rules 2, 19 and 21).
func TestEveryPage(t *testing.T) {
	t.Parallel()                                                 // beside the journeys, which wait for scanners
	g := newGallery(t, cmp.Or(os.Getenv("REXBATCH_LANG"), "es")) // another one for pictures
	seen := map[string]bool{}
	b := newTab(t, g.server.URL, terminal)
	b.open("/sign-in")
	who := ""
	for _, s := range g.sights {
		t.Run(s.template+"/"+s.name, func(t *testing.T) {
			b.t = t
			switch {
			case s.who == who:
			case s.who == "here":
				b.leave()
				b.become(g.here)
			case s.who == "":
				b.leave()
			default:
				g.pass(writing)
				b.as(s.who)
			}
			who = s.who
			for _, d := range []device{terminal, phone} {
				b.at(d)
				b.open(s.path)
				if s.do != nil {
					s.do(b)
				}
				require.Equal(t, s.template, eval[string](b, `document.body.dataset.page`), later(b.text))
				var faults []string
				if number, ok := strings.CutPrefix(s.path, "/batches/"); ok && s.template != "error" {
					number, _, _ = strings.Cut(strings.ReplaceAll(number, "?", "/"), "/")
					faults = b.ofBatch(g.runs(number))
				} else {
					faults = b.numericDates()
				}
				for _, fault := range append(faults, b.unreadable()...) {
					assert.Fail(t, fault, d.name)
				}
				b.shot(strings.Join([]string{"page", s.template, s.name, d.name}, "-"))
				b.unfold()
				b.thin()
				for _, l := range looks[d] {
					for _, fault := range b.accessible(l) {
						assert.Fail(t, fault, "%s, %s", d.name, l)
					}
				}
			}
			seen[s.template] = true
		})
	}
	all, err := fs.Glob(templates.Pages, "pages/*.html")
	require.NoError(t, err)
	for _, file := range all {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name != "layout" && !strings.HasPrefix(name, "part_") {
			assert.True(t, seen[name], "no test looks at the page %s: add it to the gallery", name)
		}
	}
}

// runs tells whether a clock of a batch runs.
func (c *crew) runs(number string) bool {
	b, _ := c.state(number)
	return slices.ContainsFunc(b.Timers(c.clock()), func(t batch.Timer) bool { return t.State.Runs() })
}

// unfold opens what is folded on the page, so that all of it is looked at; the menu would lie over the rest.
func (b *tab) unfold() {
	b.t.Helper()
	eval[int](b, `document.querySelectorAll("main details, aside details, .step details").forEach((d) => (d.open = true)), 1`)
}

// thin leaves of long tables and lists the first of each shape of row: a thousand alike tell no more, and cost a minute.
func (b *tab) thin() {
	b.t.Helper()
	eval[int](b, `(() => {
		for (const long of document.querySelectorAll("tbody, ol, ul")) {
			const seen = {};
			if (long.children.length > 40) for (const row of [...long.children]) {
				const shape = row.outerHTML.replace(/>[^<]*</g, "><").replace(/(href|id|value|title|datetime|action|for)="[^"]*"/g, "");
				if ((seen[shape] = (seen[shape] ?? 0) + 1) > 3) row.remove();
			}
		}
		return 1;
	})()`)
}
