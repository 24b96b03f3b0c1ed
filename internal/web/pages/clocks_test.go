package pages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every page of a batch carries its identity and its running clocks as remaining time, and keeps both up to date by itself
// (screens, rules 1 and 2).
func TestEveryPageOfABatchShowsItsClocks(t *testing.T) {
	c := seville(t, "en")
	other, number, second := c.open("ES01-001"), c.open("ES01-002"), c.open("ES01-003")
	c.play(other, "S11")
	c.play(number, "S11")
	c.play(second, "S09")
	c.perform(second, step(c, second))
	_, foreign := c.state(other)
	ana, qa := c.browser().signIn("ana"), c.browser().signIn("ines")
	ana.post("/batches/"+number+"/steps/S11/fields/bag_scan/scan", "raw", foreign.OfKind("harvest-bag")[0].Label)
	at := "/batches/" + number
	for name, p := range map[string]page{
		"step": ana.get(at), "past step": ana.get(at + "?step=S05"), "second person": ana.get("/batches/" + second), "stop": ana.get(at + "/steps/S11/stop"),
		"labels": ana.get(at + "/steps/S06/labels"), "release": qa.get(at + "/release"), "record": qa.get(at + "/record"), "course": qa.get(at + "/course"),
		"print": qa.printed(number, "es"),
	} {
		p.ok().has(`data-part="strip" data-events="/batches/`, `class="timers"`, "left</b>", "Collection to separation")
		require.Contains(t, p.body, `data-around="/batches/`, name)
	}
	around := qa.get(at+"/timeline?as=qa").ok().has(`data-part="clockline"`, `data-part="strip"`, "Quality assurance", "left</b>")
	require.NotContains(t, around.body, "<html")
}

// What is entered late says when it was done, by day, month in letters and year like every other time (screens, rule 21).
func TestLateEntrySaysWhenItWasDone(t *testing.T) {
	c := seville(t, "en")
	delete(c.Values["S08"], "temp_series")
	number := c.open("ES01-003")
	c.play(number, "S10")
	inaki, at := c.browser().signIn("inaki"), "/batches/"+number
	inaki.get(at+"?step=S08&correct=temp_series").ok().has("When was it done?", `name="performed_day"`, `name="performed_minute"`).hasNot("datetime-local")
	half := inaki.post(at+"/steps/S08/fields/temp_series/correct", "value", "TL-004417.txt", "reason", "was left out on the way", "performed_day", "22", "performed_month", "11")
	require.Equal(t, http.StatusUnprocessableEntity, half.status, "a time half picked is not dropped in silence")
	half.has("Choose all of them.", `value="TL-004417.txt"`)
	inaki.post(at+"/steps/S08/fields/temp_series/correct", "value", "TL-004417.txt", "reason", "was left out on the way",
		"performed_day", "22", "performed_month", "11", "performed_year", "2026", "performed_hour", "13", "performed_minute", "55").ok()
	c.browser().signIn("ines").get(at + "?step=S08").ok().has("TL-004417.txt")
	b, _ := c.state(number)
	value, ok := b.Value("S08.temp_series")
	require.True(t, ok)
	require.Equal(t, "2026-11-22T12:55:00Z", value.Performed.UTC().Format("2006-01-02T15:04:05Z"))
}
