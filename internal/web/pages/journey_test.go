package pages_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/keyboard"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
)

// journey takes a batch through its pages: each person has a window of their own, reads what the page asks for, and
// answers from the scenario.
type journey struct {
	*crew
	number  string
	lang    string
	windows map[string]*tab   // by person; the one that several share by its terminal
	present string            // who is signed in at the shared terminal
	badges  map[string]string // by person
	last    *tab
	scans   map[string]int  // by field: how many labels were scanned in it
	slow    time.Duration   // pace of a scanner at places where it was not used before
	fast    time.Duration   // and from then on
	places  map[string]bool // where the scanner was used
	detour  detour
	dies    bool // the server is killed in every step
	deaths  int
}

// detour is a step in the middle at which somebody takes a scanner that is set up for another keyboard: what it reads
// first in each place is refused, and the right one goes on from there.
type detour struct {
	step     string
	terminal layout
	times    int
}

// asked is what a page asks of the person before it.
type asked struct {
	Step, Field string
	Do          string   // enter, scan, comment, labels, back, complete, verify, offer, accept; empty: nothing
	Kind        string   // of a field: number, choice, several, moment, date, floor, text
	Decimal     string   // the decimal mark on the keypad; empty where there is none
	Again       []string // fields that the second person enters again
	Raw         bool     // the second person scans for themselves
	Choose      []string // fields that may be filled as well
	Problem     string   // what the page says against the person's last act
}

// writing is how long somebody takes over their username and password. The clock of the plant stands still but for what the test
// lets pass, and nobody could sign so often in no time: that is what the limit on tries is for (CS-81).
const writing = 10 * time.Second

// button is the one action of a step page.
const button = "button.act[form=act]"

// reading says what the page asks for.
const reading = `(() => {
	const form = document.querySelector("form#act, form.scan-bar");
	const out = {do: "", again: [], choose: [], problem: document.querySelector(".problem")?.innerText ?? ""};
	if (!form) return out;
	const path = new URL(form.action).pathname.split("/").slice(3); // behind /batches/NUMBER
	out.step = path[1];
	if (path[0] === "handoff") out.do = path[1];
	else if (path[2] === "fields") [out.field, out.do] = path.slice(3);
	else out.do = path[2] === "labels" && path[3] === "scan" ? "back" : path[2];
	const has = (what) => form.querySelector(what) !== null;
	out.kind = form.hasAttribute("data-plain") ? "floor" : has("[data-keypad]") ? "number" : has("[type=radio]") ? "choice" : has("[type=checkbox]") ? "several"
		: has("[name=hour]") ? "moment" : has("[name=day]") ? "date" : "text";
	out.decimal = document.querySelector(".keypad:not([hidden]) [data-key=','], .keypad:not([hidden]) [data-key='.']")?.dataset.key ?? "";
	out.again = [...document.querySelectorAll("[form=act][name^='again.']")].map((e) => e.name.slice(6));
	out.raw = document.querySelector("[form=act][name=raw]") !== null;
	out.choose = [...document.querySelectorAll("a.fix[href*='field=']")].map((a) => new URL(a.href).searchParams.get("field"));
	return out;
})()`

// room is the window that the people of the clean room and of the laboratory share: a registered terminal.
const room = "SVQ-07"

// at is the window at which a person is signed in. Hospital and courier have phones, the offices desktops. At the terminal of the
// clean room people change by their badge and PIN, as they do there.
func (j *journey) at(username string) *tab {
	j.t.Helper()
	d := desktop
	for _, role := range j.People[username].Roles {
		switch role {
		case people.Nurse, people.Physician, people.Courier, people.Interventionist:
			d = phone
		case people.Operator, people.UnblindedOperator, people.QCAnalyst, people.Custodian:
			return j.atTerminal(username)
		}
	}
	b, ok := j.windows[username]
	if !ok {
		b = newTab(j.t, j.server.URL, d)
		b.signIn(username)
		j.windows[username] = b
	}
	return b
}

func (j *journey) atTerminal(username string) *tab {
	j.t.Helper()
	b, ok := j.windows[room]
	if !ok {
		b = newTab(j.t, j.server.URL, terminal)
		b.become(j.code(room, people.Settings{Name: room, Lang: j.lang, Density: density}))
		b.open("/sign-in")
		j.windows[room] = b
	}
	if j.present == username {
		return b
	}
	if j.badges[username] == "" {
		j.badges[username] = j.badge(username)
	}
	if j.present != "" && j.last != b {
		b.open("/worklist") // the terminal stood still while somebody elsewhere had the batch
	}
	j.wedge(b, "badge", j.badges[username])
	b.is(`document.querySelector("dialog[open][data-switch] [name=pin]") !== null`)
	b.shot("journey-" + j.lang + "-switch-" + username)
	b.do(chromedp.SendKeys(chromedp.CSS("dialog[open][data-switch] [name=pin]"), pin+kb.Enter))
	b.is(`document.body.dataset.account === "` + username + `" && document.readyState === "complete"`)
	j.present = username
	return b
}

// deliver takes a lot in and frees it, by two persons, and the scenario works with that lot.
func (j *journey) deliver(id string) {
	j.t.Helper()
	m, store := j.Batches.Recipe.Materials[id], j.at(j.who(people.Logistics, false))
	store.open("/lots/receive")
	for _, field := range [][2]string{{"material", id}, {"name", m.Name.In(j.lang)}, {"supplier", "Demo"}, {"supplier_lot", "SUP-" + id}, {"quantity", "5000"}} {
		store.write("[name="+field[0]+"]", field[1])
	}
	j.pick(store, j.clock().AddDate(1, 0, 0).Format(time.DateOnly))
	store.do(chromedp.SetValue(chromedp.CSS("select[name=unit]"), string(m.Unit)))
	store.shot("journey-" + j.lang + "-lot-receive")
	store.follow("button.act")
	lot := eval[string](store, "location.pathname")
	require.NotEqual(j.t, "/lots", lot, later(store.text))
	qa := j.at(j.who(people.QA, false))
	qa.open(lot)
	qa.shot("journey-" + j.lang + "-lot-release")
	qa.follow(`form[action="` + lot + `/release"] button`)
	for _, fields := range j.Values {
		for field, value := range fields {
			if value == "lot:"+id {
				fields[field] = strings.TrimPrefix(lot, "/lots/")
			}
		}
	}
}

// order opens the batch by the form of the worklist.
func (j *journey) order(subject string) {
	j.t.Helper()
	b := j.at(j.who(people.Coordinator, false))
	b.write("[name=subject]", subject)
	b.follow("form.order button.act")
	j.number = strings.TrimPrefix(eval[string](b, "location.pathname"), "/batches/")
}

// goTo opens the batch from the worklist, as somebody comes to it. Whoever was at it before puts their device away.
func (j *journey) goTo(username string) *tab {
	j.t.Helper()
	b := j.at(username)
	if j.last != nil && j.last != b {
		j.last.open("/healthz") // of the same origin: a blank page would cost a process
	}
	j.last = b
	b.open("/worklist")
	b.follow(`a.line[href*="` + j.number + `"]`)
	return b
}

// play goes through the steps up to one that is a signed act, or to the end.
func (j *journey) play() {
	j.t.Helper()
	for {
		b, _ := j.state(j.number)
		st, ok := b.Current()
		if !ok || st.Step.Act != "" {
			return
		}
		j.step(st.Step)
	}
}

// step is done by its performer; at a handoff the other side does its part at its own device.
func (j *journey) step(st *mbr.Step) {
	j.t.Helper()
	began := time.Now()
	who := j.who(st.Performer, false)
	j.goTo(who)
	for pages := 0; ; pages++ {
		require.Less(j.t, pages, 200, "%s does not come to its end", st.ID)
		b, _ := j.state(j.number)
		now, open := b.Current()
		if !open || now.Step.ID != st.ID {
			j.t.Logf("%s in %.1f s, %d pages", st.ID, time.Since(began).Seconds(), pages)
			return
		}
		at := j.at(who)
		ask := eval[asked](at, reading)
		if ask.Do == "" && st.Custody != nil {
			at = j.other(st)
			ask = eval[asked](at, reading)
			j.answer(at, now, ask)
			j.goTo(who)
			continue
		}
		require.NotEmpty(j.t, ask.Do, "%s asks nothing of %s:\n%s", st.ID, who, later(at.text))
		if j.dies && pages == min(1, len(st.FieldsAt(j.Profile.Site))-1) { // in the middle of what has a middle
			j.killedUnder(at, ask)
		}
		j.answer(at, now, ask)
	}
}

// killedUnder kills the server under an open page: once the page is loaded again, it asks for the same.
func (j *journey) killedUnder(b *tab, ask asked) {
	j.t.Helper()
	j.killed()
	j.deaths++
	b.do(chromedp.Reload())
	b.is(`document.readyState === "complete"`)
	require.Equal(j.t, ask, eval[asked](b, reading), "after the server was killed")
}

// other is the window of the side of a handoff that does not perform the step.
func (j *journey) other(st *mbr.Step) *tab {
	j.t.Helper()
	for _, role := range plantest.Sides[st.ID] {
		if role != st.Performer {
			return j.goTo(j.who(role, false))
		}
	}
	require.Fail(j.t, "no other side", st.ID)
	return nil
}

// answer does what a page asks for.
func (j *journey) answer(b *tab, st *batch.StepState, ask asked) {
	j.t.Helper()
	require.Empty(j.t, ask.Problem, "%s %s", ask.Step, ask.Field)
	b.shot(strings.Join([]string{"journey", j.lang, ask.Step, ask.Do, ask.Field}, "-"))
	if missing := j.optional(st, ask); missing != "" {
		b.follow(`a.fix[href*="field=` + missing + `"]`)
		return
	}
	switch ask.Do {
	case "enter":
		j.enter(b, st, ask)
	case "scan":
		f, _ := st.Step.Field(ask.Field, j.Profile.Site)
		labels := j.Labels(j.number, f)
		j.goAstray(b, st, "scan", labels[j.scans[f.Ref()]])
		j.scanned(b, "scan", labels[j.scans[f.Ref()]])
		j.scans[f.Ref()]++
	case "back":
		now, event := j.state(j.number)
		i := slices.IndexFunc(st.Prints, func(l *batch.Label) bool { return l.State != batch.ScannedBack && l.State != batch.Scrapped })
		container, _ := event.Container(st.Prints[i].Container)
		j.scanned(b, "back", j.Batches.CodeOf(now, container, st.Prints[i]))
	case "comment":
		b.write("[name=text]", "visto y comprobado, es así")
		b.follow(button)
	case "verify":
		j.verify(b, st, ask)
		b.follow(button)
	case "offer", "accept":
		j.wedge(b, ask.Do, j.inCustody(st))
		b.write("[name=place]", "loading bay")
		b.write("[name=seals]", "SEAL-1")
		b.follow(button)
	default: // labels, complete: one press
		b.follow(button)
	}
}

// optional is a field that the scenario fills although the page would let it pass.
func (j *journey) optional(st *batch.StepState, ask asked) string {
	if ask.Do != "complete" {
		return ""
	}
	for _, id := range ask.Choose {
		if _, given := j.Values[st.Step.ID][id]; given {
			return id
		}
	}
	return ""
}

// inCustody is the label of a container that is not yet where the step ends.
func (j *journey) inCustody(st *batch.StepState) string {
	j.t.Helper()
	b, event := j.state(j.number)
	for _, c := range b.Containers(event, st.Step.Custody.Container) {
		if string(c.Custodian.Party) != st.Step.Custody.Holder {
			return c.Label
		}
	}
	require.Fail(j.t, "nothing is handed over", st.Step.ID)
	return ""
}

// scanned is a scan with which the page goes on.
func (j *journey) scanned(b *tab, place, raw string) {
	j.t.Helper()
	eval[bool](b, `window.still = true`)
	j.wedge(b, place, raw)
	b.arrived()
}

// goAstray scans through another keyboard, once in each place of the step: the page says so, takes nothing, and waits.
func (j *journey) goAstray(b *tab, st *batch.StepState, place, raw string) {
	j.t.Helper()
	if st.Step.ID != j.detour.step || j.places["astray "+place] {
		return
	}
	j.places["astray "+place] = true
	j.detour.times++
	before, _ := j.state(j.number)
	eval[bool](b, `window.still = true`)
	b.wedge(raw, j.detour.terminal, j.slow)
	b.arrived()
	require.Equal(j.t, "scan-layout", eval[string](b, `document.querySelector(".problem").dataset.code`))
	b.shot("journey-" + j.lang + "-astray-" + place)
	after, event := j.state(j.number)
	last := event.Scans[len(event.Scans)-1]
	require.Equal(j.t, keyboard.Fault{Scanner: keyboard.US, Terminal: keyboard.Layout(j.detour.terminal)}.Through(raw), last.Raw)
	require.Equal(j.t, chainofcustody.Unreadable, last.Outcome)
	was, _ := before.Step(st.Step.ID)
	is, _ := after.Step(st.Step.ID)
	require.Equal(j.t, was.Fields, is.Fields, "nothing was taken from it")
}

func (j *journey) wedge(b *tab, place, raw string) {
	j.t.Helper()
	pace := j.fast
	if place += b.device.name; !j.places[place] {
		pace, j.places[place] = j.slow, true
	}
	b.wedge(raw, usLayout, pace)
}

// enter answers one field.
func (j *journey) enter(b *tab, st *batch.StepState, ask asked) {
	j.t.Helper()
	given, ok := j.Values[st.Step.ID][ask.Field]
	require.True(j.t, ok, "the scenario has no value for %s.%s", st.Step.ID, ask.Field)
	value := j.Value(given)
	switch ask.Kind {
	case "floor":
		j.goAstray(b, st, "floor", value)
		j.scanned(b, "floor", value)
		return
	case "number":
		j.number1(b, "#value", value, ask)
	case "choice", "several":
		for _, code := range strings.Split(value, ",") {
			chosen := fmt.Sprintf(`.choice input[value="%s"]`, strings.TrimSpace(code))
			b.click(chosen + " + span")
			require.True(j.t, eval[bool](b, `document.querySelector('`+chosen+`').checked`), "%s is not chosen", value)
		}
	case "moment", "date":
		if given == "now" {
			b.follow("button.now")
			return
		}
		j.pick(b, value)
	default:
		b.write("#value", value)
	}
	b.follow(button)
}

// number1 presses the keys on the screen where there are some; elsewhere the number is typed.
func (j *journey) number1(b *tab, selector, value string, ask asked) {
	j.t.Helper()
	if ask.Decimal == "" {
		b.write(selector, value)
		return
	}
	b.do(chromedp.Focus(chromedp.CSS(selector)))
	var keys []string
	for _, r := range value {
		key := string(r)
		if r == '.' || r == ',' {
			key = ask.Decimal
		}
		keys = append(keys, key)
	}
	b.keys(keys...)
	require.Equal(j.t, strings.Join(keys, ""), eval[string](b, `document.querySelector(`+quoted(selector)+`).value`))
}

// pick chooses the parts of a date, and of a time of day, in the plant's zone.
func (j *journey) pick(b *tab, value string) {
	j.t.Helper()
	parts := map[string]string{}
	at, err := time.Parse(time.RFC3339, value)
	if err == nil {
		at = at.In(j.Profile.Location)
		parts["hour"], parts["minute"] = at.Format("15"), at.Format("04")
	} else {
		at, err = time.Parse(time.DateOnly, value)
		require.NoError(j.t, err)
	}
	parts["day"], parts["month"], parts["year"] = at.Format("02"), at.Format("01"), at.Format("2006")
	for name, part := range parts {
		b.do(chromedp.SetValue(chromedp.CSS(`select[name=`+name+`]`), part))
	}
}

// verify fills in what the second person gives, at the terminal of the first: what they scan or enter without having
// seen it, their username and their own password.
func (j *journey) verify(b *tab, st *batch.StepState, ask asked) {
	j.t.Helper()
	check := j.Check(j.number, st.Step)
	if ask.Raw {
		j.wedge(b, "verify", check.Raw)
	}
	for _, id := range ask.Again {
		f, _ := st.Step.Field(id, j.Profile.Site)
		require.True(j.t, f.Type == mbr.TypeInt || f.Type == mbr.TypeDecimal, "no other sort of value is entered again yet: %s", f.Ref())
		j.number1(b, `[name="again.`+id+`"]`, check.Values[id].Text, ask)
	}
	j.pass(writing)
	b.write("[form=act][name=username]", j.who(st.Step.Second.Role, true))
	b.do(chromedp.SendKeys(chromedp.CSS("[form=act][name=password]"), password))
}

// sign signs an act on the release page: every declaration is ticked, the password given.
func (j *journey) sign(role people.Role, act mbr.Act) {
	j.t.Helper()
	b := j.goTo(j.who(role, false))
	if !strings.HasSuffix(eval[string](b, "location.pathname"), "/release") {
		b.follow(`a.act[href$="/release"], .ways a[href$="/release"]`)
	}
	form := `form[action$="/acts/` + string(act) + `"] `
	for i := range eval[int](b, `document.querySelectorAll('`+form+`[type=checkbox]').length`) {
		b.click(fmt.Sprintf(`%s[name="declaration.%d"]`, form, i))
	}
	b.shot(strings.Join([]string{"journey", j.lang, "sign", string(act)}, "-"))
	eval[bool](b, `window.still = true`)
	b.do(chromedp.SendKeys(chromedp.CSS(form+`[name=password]`), password+kb.Enter))
	b.arrived()
	b.sees("UTC")
	b.shot(strings.Join([]string{"journey", j.lang, "signed", string(act)}, "-"))
}

// What a plant has before its first order is set up as the demonstration does it: accounts, training, lots, devices and rooms. What a
// scanner would read from a bag or a badge is taken from the ledger. All else is done on the pages, and nothing by the API.
//
// Under the Spanish one the server is killed in each step, with a page open; the record comes out as that of a batch that
// nobody disturbed (DI-19).
//
// Both scenarios from the order to the closing, by their pages alone. The Spanish scanner types a key each 20 ms. The
// German one takes 150 ms for a key, as a slow Bluetooth does, wherever it is used for the first time in each of the ways
// in which a page takes scans, at a terminal and at a phone; from then on as fast as the browser takes it: the other
// scans are taken by the same code, and each of them would cost seven seconds.
func TestJourneyThroughThePages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		scenario, profile, lang, subject string
		slow, fast                       time.Duration
		detour                           detour
		dies                             bool
	}{
		{"seville-fresh", "es-svq", "es", "ES01-003", 20 * time.Millisecond, 20 * time.Millisecond, detour{step: "S20", terminal: "FR"}, true},
		{"frankfurt-fresh", "de-fra", "de", "DE01-007", 150 * time.Millisecond, 0, detour{step: "S23", terminal: "DE"}, false},
	} {
		t.Run(tt.scenario, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			f := newFloor(t, tt.profile)
			j := &journey{
				crew: enrol(f, f.plants[0], tt.scenario, tt.lang), lang: tt.lang, windows: map[string]*tab{}, badges: map[string]string{}, scans: map[string]int{}, slow: tt.slow, fast: tt.fast,
				places: map[string]bool{}, detour: tt.detour, dies: tt.dies,
			}
			j.Furnish(j.Scenario)
			j.deliver("wash-buffer")
			j.order(tt.subject)
			j.play()
			require.Equal(t, 2, j.detour.times, "a label and a lot or a device came through another keyboard")
			j.sign(people.QA, mbr.ActQAReview)
			if j.Profile.TwoHeads {
				j.sign(people.HeadProduction, mbr.ActProduction)
				j.sign(people.HeadQC, mbr.ActQuality)
			}
			j.sign(people.QP, mbr.ActCertification)
			j.sign(people.Sponsor, mbr.ActSponsor)
			j.play()
			b, _ := j.state(j.number)
			_, open := b.Current()
			require.False(t, open, "all steps are done")
			found, checks := b.Exceptions()
			require.Empty(t, found)
			require.Greater(t, checks, 200)
			qp := j.at(j.who(people.QP, false))
			qp.open("/certificates")
			qp.sees(j.Profile.BatchPrefix + "-2026-0001")
			require.Equal(t, "%PDF-", eval[string](qp, `fetch(document.querySelector("a[href^='/certificates/']").href).then((r) => r.text()).then((t) => t.slice(0, 5))`))
			qp.shot("journey-" + tt.lang + "-certificates")
			if tt.dies {
				require.Greater(t, j.deaths, 40)
				require.Equal(t, undisturbed(t, tt.profile, tt.scenario, tt.lang, tt.subject), plantest.Spoken(b), "the same record as without a kill")
			}
			t.Logf("%s in %.0f s", tt.scenario, time.Since(began).Seconds())
		})
	}
}

// undisturbed are the values of a batch of a scenario that was played without pages, and without a kill.
func undisturbed(t *testing.T, profile, scenario, lang, subject string) map[string]string {
	t.Helper()
	f := newFloor(t, profile)
	c := enrol(f, f.plants[0], scenario, lang)
	number := c.open(subject)
	c.play(number, "")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(t, c.Act(number, act))
	}
	c.play(number, "")
	b, _ := c.state(number)
	return plantest.Spoken(b)
}
