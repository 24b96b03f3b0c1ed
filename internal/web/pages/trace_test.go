package pages_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The page of a trace: graph, table and files, for QA, the Qualified Person and the inspector alone (AT-20, AT-24, CS-66).
func TestTracePage_AT20(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			number := c.open("ES01-003")
			c.Play(number, "S12")
			b, _ := c.State(number)
			qa := c.browser().signIn("ines")
			of := "/trace?" + url.Values{"of": {number}}.Encode()
			page := qa.get(of).ok()
			require.Equal(t, 1, strings.Count(page.body, `<svg class="trace-graph"`))
			for _, text := range []string{"/trace/csv?", "/trace/epcis?coi=" + b.CoI.String(), "/trace/fhir?batch=" + number} {
				require.Contains(t, page.body, text)
			}
			require.NotContains(t, page.body, "ES01-003", "a subject number is no part of a trace")

			qa.get("/trace?of=ES01-003").ok().has(number)
			tubes, balance := b.Recipe.Materials["edta-tube"].Name.In(lang), b.Recipe.Equipment["balance"].Name.In(lang)
			require.NotEqual(t, "edta-tube", tubes)
			page.has("<td>"+tubes+"</td>", "<td>"+balance+"</td>").hasNot("<td>edta-tube</td>", "<td>balance</td>")

			file := qa.get("/trace/csv?" + url.Values{"of": {number}, "kind": {"batch"}}.Encode()).ok()
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\uFEFF"))).ReadAll()
			require.NoError(t, err)
			require.Greater(t, len(rows), 20)
			for _, r := range rows {
				require.Len(t, r, 10)
				for _, cell := range r {
					require.NotContains(t, "=+-@", string((cell + " ")[0]), "no cell is a formula: %q", cell)
				}
			}
			require.Contains(t, qa.get("/trace/epcis?coi="+b.CoI.String()).ok().body, `"EPCISDocument"`)
			require.Contains(t, qa.get("/trace?of=nothing-of-the-kind").body, "AT-24")
			require.Equal(t, http.StatusForbidden, c.browser().signIn("ana").get(of).status)

			for _, d := range []struct {
				device
				shows []show
			}{
				{desktop, []show{{"trace-" + lang, "ines", of, "light", true}, {"trace-" + lang, "ines", of, "dark", false}}},
				{phone, []show{{"trace-" + lang, "ines", of, "light", true}}},
			} {
				t.Run(d.name, func(t *testing.T) {
					b := newTab(t, c.server.URL, d.device)
					b.tour(d.name, d.shows)
					wide := eval[bool](b, `document.documentElement.scrollWidth > innerWidth`)
					require.False(t, wide, "the page is wider than the screen")
				})
			}
		})
	}
}
