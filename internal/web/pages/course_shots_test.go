package pages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/internal/people"
)

// astray are batches that left the straight way, each at another place.
func astray(c *crew) map[string]string {
	t := c.t
	ctx, k, op := t.Context(), c.plant.Batches, c.author(people.Operator, false)
	at := map[string]string{}
	begin := func(name, step string) string {
		number := c.open("ES01-1" + string(rune('0'+len(at)/10)) + string(rune('0'+len(at)%10)))
		c.play(number, step)
		at[name] = number
		return number
	}
	n := begin("comment", "S10")
	c.Values["S10"]["max_T"] = "9.1"
	c.enter(n, "S10", "logger_serial_match", "readings", "min_T", "max_T")
	c.Values["S10"]["max_T"] = "6.4"
	n = begin("labels", "S12")
	_, event := c.state(n)
	require.NoError(t, k.Scan(ctx, op, n, 0, "S12", "bag_scan", event.OfKind("harvest-bag")[0].Label))
	c.enter(n, "S12", "edta_lot", "bottle_lot", "sample_count_mL", "sample_flow_mL", "sample_sterility_mL")
	require.NoError(t, k.Labels(ctx, op, n, 0, "S12"))
	_, event = c.state(n)
	require.NoError(t, k.ScanBack(ctx, op, n, 0, "S12", event.OfKind("sample-count")[0].Label))
	require.NoError(t, k.Scrap(ctx, op, n, 0, "S12", event.OfKind("sample-count")[0].ID.String(), "Emborronada al pegarla", nil))
	n = begin("lot", "S12")
	_, event = c.state(n)
	require.NoError(t, k.Scan(ctx, op, n, 0, "S12", "bag_scan", event.OfKind("harvest-bag")[0].Label))
	n = begin("stopped", "S10")
	require.NoError(t, k.AskToStop(ctx, c.author(people.QA, false), n, 0, batch.EndWithdrawn, "Retirada por teléfono el mismo día"))
	c.little()
	n = begin("gate", "S14")
	c.enter(n, "S14", "low_volume_choice", "low_volume_decided_by")
	require.NoError(t, k.Comment(ctx, c.author(people.ProductionLead, false), n, 0, "S14", "projected_yield", "La extracción fue escasa"))
	begin("deviation", "S15")
	c.Values["S14"]["decision"] = "hold"
	n = begin("held", "S14")
	b, _ := c.state(n)
	st, _ := b.Step("S14")
	c.Step(n, st.Step)
	b, _ = c.state(at["deviation"])
	number := b.Deviations[0].Number
	require.NoError(t, k.Classify(ctx, c.author(people.QA, false), at["deviation"], 0, number, batch.Major, "2026-12-22"))
	require.NoError(t, k.Investigate(ctx, c.author(people.ProductionLead, false), at["deviation"], 0, number, "Extracción escasa: la médula aspirada coagula pronto.", "Ninguno: la dosis mínima se alcanza con el rendimiento previsto.", "CAPA-2026-031"))
	at["number"] = number
	return at
}

// TestPicturesOfTheCourse shows every way off the straight one, in both languages of the plants.
func TestPicturesOfTheCourse(t *testing.T) {
	forLooking(t)
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.t = t
			at := astray(c)
			page := func(name string) string { return "/batches/" + at[name] }
			theme := map[string]string{"es": "light", "de": "dark"}[lang]
			for _, d := range []struct {
				device
				shows []show
			}{
				{terminal, []show{
					{"comment-" + lang, "ana", page("comment"), theme, false},
					{"lot-" + lang, "ana", page("lot"), theme, false},
					{"scanback-" + lang, "ana", page("labels"), theme, false},
					{"labels-" + lang, "ana", page("labels") + "/steps/S12/labels", theme, true},
					{"stopped-" + lang, "ana", page("stopped"), theme, false},
					{"disposal-" + lang, "ana", page("stopped") + "/course", theme, true},
					{"gate-" + lang, "concepcion", page("gate"), theme, false},
					{"held-" + lang, "concepcion", page("held"), theme, false},
				}},
				{desktop, []show{
					{"worklist-" + lang, "ines", "/worklist", theme, false},
					{"held-" + lang, "ines", page("held") + "/course", theme, false},
					{"deviation-" + lang, "hector", page("deviation") + "/deviations/" + at["number"], theme, true},
					{"release-" + lang, "hector", page("deviation") + "/release", theme, false},
					{"record-" + lang, "hector", page("labels") + "/record", theme, false},
				}},
				{phone, []show{
					{"stopped-" + lang, "lucia", page("stopped"), theme, false},
					{"course-" + lang, "alvaro", page("held") + "/course", theme, true},
				}},
			} {
				t.Run(d.name, func(t *testing.T) {
					b := newTab(t, c.server.URL, d.device)
					b.tour("course-"+d.name, d.shows)
				})
			}
		})
	}
}

// TestPicturesOfHalfDoneSteps shows a blind second entry, an interrupted step and steps side by side.
func TestPicturesOfHalfDoneSteps(t *testing.T) {
	forLooking(t)
	for _, lang := range []string{"es", "de"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.t = t
			ctx, k, op := t.Context(), c.plant.Batches, c.author(people.Operator, false)
			theme := map[string]string{"es": "dark", "de": "light"}[lang]
			number := c.open("ES01-201")
			c.play(number, "S17")
			b := newTab(t, c.server.URL, terminal)
			b.tour("half-terminal", []show{{"beside-" + lang, "ana", "/batches/" + number, theme, false}})
			c.play(number, "S21")
			require.NoError(t, k.Start(ctx, op, number, 0, "S21"))
			require.NoError(t, k.Interrupt(ctx, op, number, 0, "S21", "Corte de luz a los 12 minutos"))
			c.pass(9 * time.Minute)
			b.tour("half-terminal", []show{
				{"interrupted-" + lang, "ana", "/batches/" + number, theme, false},
				{"resume-" + lang, "concepcion", "/batches/" + number, theme, false},
			})
			require.NoError(t, k.Resume(ctx, c.author(people.ProductionLead, false), number, 0, "S21", batch.GoesOn, "Nada se movió"))
			c.play(number, "S36")
			state, _ := c.state(number)
			last, _ := state.Step("S36")
			c.perform(number, last.Step)
			b.tour("half-terminal", []show{{"blind-" + lang, "ana", "/batches/" + number, theme, false}})
		})
	}
}
