package pages_test

import "strings"

func replaced(text, old, new string) string { return strings.ReplaceAll(text, old, new) }

// ofBatchRun holds what is true of every page of a batch: its identity stays in sight however far the page is scrolled, and
// what runs is shown as remaining time (screens, rule 2).
const ofBatchRun = `(() => {
	const faults = [];
	const strip = document.querySelector(".strip");
	if (!strip) return ["there is no strip"];
	const scroll = (to) => [document.scrollingElement, ...document.querySelectorAll("body *")].filter((e) => e.scrollHeight > e.clientHeight + 1).forEach((e) => (e.scrollTop = to));
	for (const to of [0, 1e6]) {
		scroll(to);
		const code = strip.querySelector(".code"), r = code.getBoundingClientRect();
		const at = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
		if (r.top < 0 || r.bottom > innerHeight || !strip.contains(at)) faults.push("the identity is out of sight, scrolled to " + to + ": " + r.top + " " + at?.className);
	}
	scroll(0);
	const timers = [...document.querySelectorAll(".clocks .timers li b, .clockline .timers li b")].filter((e) => e.checkVisibility());
	if (document.querySelector(".clocks, .clockline:not([hidden])") === null && RUNS) faults.push("no clock is shown");
	if (RUNS && timers.length === 0) faults.push("no remaining time is shown");
	if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is wider than the screen");
	return faults;
})()`

// ofBatch are the faults of a page of a batch. runs says that a clock runs, which has to be shown.
func (b *tab) ofBatch(runs ...bool) []string {
	b.t.Helper()
	text := "false"
	if len(runs) > 0 && runs[0] {
		text = "true"
	}
	return append(eval[[]string](b, replaced(ofBatchRun, "RUNS", text)), b.numericDates()...)
}

// unreadable are the places at which a page squeezes words into a column of letters, or keeps a column of a table out of sight
// where there is room for it: on a phone a table is moved sideways, and the matrix of trainings everywhere.
func (b *tab) unreadable() []string {
	b.t.Helper()
	return eval[[]string](b, `(() => {
		const wide = innerWidth >= 1024, em = parseFloat(getComputedStyle(document.documentElement).fontSize);
		const faults = [...document.querySelectorAll("main *")].filter((e) => e.checkVisibility() && e.children.length === 0 && e.innerText?.trim().length > 12 && getComputedStyle(e).display !== "inline")
			.filter((e) => e.getBoundingClientRect().width < 3 * em).map((e) => "squeezed: " + e.innerText);
		return faults.concat(!wide ? [] : [...document.querySelectorAll(".scroller:not(.matrix-scroller):has(> table.list, > table.results)")].filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
			.map((e) => "a column is out of sight, " + e.scrollWidth + " in " + e.clientWidth + ": " + e.innerText.slice(0, 80)));
	})()`)
}

// numericDates are the places at which a page shows a date in numbers alone, or asks for one (screens, rule 21).
func (b *tab) numericDates() []string {
	b.t.Helper()
	faults := eval[[]string](b, `[...document.querySelectorAll("input[type=date], input[type=datetime-local], input[type=time], input[type=month]")].map((e) => "a date is asked for in numbers alone: " + e.name)`)
	if found := numericDate.FindString(eval[string](b, `document.body.innerText`)); found != "" {
		faults = append(faults, "a date is of numbers alone: "+found)
	}
	return faults
}
