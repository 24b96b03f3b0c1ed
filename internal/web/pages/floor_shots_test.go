package pages_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// wide is a terminal with a wide screen.
var wide = device{"wide", 1920, 1080, true}

// TestPicturesAroundTheTerminal shows the second person's page with changes, warnings, the label sheet, what waits for QA,
// the release of an unfinished batch, accounts and the training matrix.
func TestPicturesAroundTheTerminal(t *testing.T) {
	forLooking(t)
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.t = t
			theme := map[string]string{"es": "light", "de": "dark"}[lang]
			c.hire("radia", "Radia Admin", lang, people.Admin)
			for i, who := range []string{"ana", "jorge", "concepcion"} {
				for n := range 14 {
					_, err := c.Staff.RecordTraining(t.Context(), c.author(people.QA, false), who, people.Training{
						Procedure: fmt.Sprintf("SOP-PR-%03d", n), Version: "3", From: "2025-01-01", Until: []string{"2027-01-01", "2026-12-01", "2026-10-01"}[(n+i)%3], Trainer: "Trainer", Evidence: "TR-1",
					})
					require.NoError(t, err)
				}
			}
			c.Values["S02"]["hiv"], c.Values["S02"]["decision"], c.Values["S02"]["label_warning"] = "pending", "accept_with_label", "not_evaluated"
			number := c.open("ES01-003")
			c.play(number, "S02")
			b, _ := c.state(number)
			st, _ := b.Step("S02")
			c.perform(number, st.Step)
			require.NoError(t, c.Batches.Correct(t.Context(), c.author(st.Step.Performer, false), number, 0, "S02", "consent_version", batch.Input{Text: "ES 3.1"}, "se firmó la versión nueva"))
			at := "/batches/" + number
			newTab(t, c.server.URL, wide).tour("floor-wide", []show{{"second-" + lang, "ines", at, theme, true}})
			c.Verify(number, st.Step)
			second, _ := b.Step("S03")
			require.NoError(t, c.Batches.Enter(t.Context(), c.author(people.Logistics, false), number, 0, "S03", "kit_lot", batch.Input{Text: c.Value("lot:collection-kit")}))
			kit := c.Value("lot:collection-kit")
			newTab(t, c.server.URL, desktop).tour("floor-desktop", []show{{"lot-" + lang, "ines", "/lots/" + kit, theme, false}})
			c.Values["S03"]["kit_lot"] = kit
			delete(c.Values["S03"], "kit_lot")
			c.Perform(number, second.Step)
			shows := []show{
				{"labels-" + lang, c.who(people.Logistics, false), at + "/steps/S03/labels", theme, true},
				{"worklist-" + lang, "ines", "/worklist", theme, false},
				{"release-" + lang, "hector", at + "/release", theme, false},
				{"people-" + lang, "radia", "/people", theme, false},
				{"person-" + lang, "radia", "/people/ana", theme, true},
				{"training-" + lang, "ines", "/training", theme, false},
			}
			newTab(t, c.server.URL, wide).tour("floor-wide", shows)
			newTab(t, c.server.URL, phone).tour("floor-phone", shows)
		})
	}
}
