package pages_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// device is a place where pages are used.
type device struct {
	name          string
	width, height int64
	touch         bool
}

var (
	terminal = device{"terminal", 1280, 1024, true}
	desktop  = device{"desktop", 1440, 900, false}
	phone    = device{"phone", 390, 844, true}
)

// patience is how long a page may take on a busy machine.
const patience = 30 * time.Second

// chromium is the one browser of all tests; each of them has windows with cookies of their own in it.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium-headless-shell") // the same engine without a browser around it: half the time for a page
	if err != nil {
		path, err = exec.LookPath("chromium")
	}
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		return nil, err
	}
	ctx, end := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("headless", "new"),
		chromedp.Flag("lang", "en-US"), chromedp.Flag("accept-lang", "en-US,en"), // the engine by itself asks for no language
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("hide-scrollbars", true), chromedp.UserDataDir(profile),
	)
	ctx, _ = chromedp.NewContext(ctx)
	closeChromium = func() error {
		end()
		return os.RemoveAll(profile)
	}
	return ctx, chromedp.Do(ctx)
})

var closeChromium = func() error { return nil }

func TestMain(m *testing.M) {
	code := m.Run()
	err := closeChromium()
	if err != nil && code == 0 {
		code = 1
	}
	os.Exit(code)
}

// tab is one window of a real browser.
type tab struct {
	t      testing.TB
	ctx    context.Context
	base   string
	dir    string // of the pictures; none are kept when empty
	device device
}

// newTab opens a window that nobody is signed in at.
func newTab(t testing.TB, base string, d device) *tab {
	t.Helper()
	browser, err := chromium()
	require.NoError(t, err, "the browser is missing: apt-get install chromium")
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	late := time.AfterFunc(patience, end)
	require.NoError(t, chromedp.Do(ctx)) // the first use opens the window, for as long as this context lives
	late.Stop()
	b := &tab{t: t, ctx: ctx, base: base, dir: os.Getenv("REXBATCH_SCREENSHOTS"), device: d}
	b.at(d)
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return b
}

// at makes the window another device.
func (b *tab) at(d device) {
	b.t.Helper()
	opts := []chromedp.EmulateViewportOption{}
	if d.touch {
		opts = append(opts, chromedp.EmulateTouch)
	}
	if d.name == "phone" {
		opts = append(opts, chromedp.EmulateMobile)
	}
	b.device = d
	b.do(chromedp.EmulateViewport(d.width, d.height, opts...))
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, steps...), "%s", later(b.text))
}

// call runs a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], p P) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Call(ctx, command, p)
	require.NoError(b.t, err)
}

// later is a text that is made when it is needed.
type later func() string

func (l later) String() string { return l() }

// text is the page as it is read, for messages of tests.
func (b *tab) text() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// eval is the value of an expression of the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, expression)
	return v
}

// is waits until an expression of the page holds.
func (b *tab) is(expression string) {
	b.t.Helper()
	b.comes(expression, `new Promise((go) => {
		const end = Date.now() + 1000;
		const look = () => (EXPRESSION) ? go(true) : Date.now() > end ? go(false) : setTimeout(look, 40);
		look();
	})`)
}

// comes waits until an expression of the page holds, by a promise of the page that becomes true when it does. A page that is left
// takes its promise with it; the next one is asked anew.
func (b *tab) comes(expression, promise string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	promise = strings.ReplaceAll(promise, "EXPRESSION", expression)
	for ctx.Err() == nil {
		once, end := context.WithTimeout(ctx, 2*time.Second)
		ok, err := chromedp.Run(once, chromedp.Evaluate[bool](promise, chromedp.EvalAwaitPromise))
		end()
		if err == nil && ok {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	require.Fail(b.t, "it does not come true", "%s in\n%s", expression, later(b.text))
}

// sees waits for a text on the page.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.is(`document.body?.innerText.replaceAll("\u00a0", " ").includes("` + strings.ReplaceAll(text, `"`, `\"`) + `")`)
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// click scrolls to something, as a person would, and presses it where it stands still and nothing lies over it.
func (b *tab) click(selector string) { b.pressAfter(selector, "0") }

// pressAfter is click, after an expression of the page.
func (b *tab) pressAfter(selector, before string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for ctx.Err() == nil {
		at, err := chromedp.Run(ctx, chromedp.Evaluate[[]float64](before+",("+middle+")(`"+selector+"`)", chromedp.EvalAwaitPromise))
		if err == nil && len(at) == 2 {
			b.do(chromedp.MouseClickXY(at[0], at[1]))
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.Fail(b.t, "it cannot be pressed", "%s in\n%s", selector, later(b.text))
}

// middle is the place at which an element can be pressed; nothing while it moves or is covered.
const middle = `async (selector) => {
	const box = () => document.querySelector(selector)?.getBoundingClientRect();
	document.querySelector(selector)?.scrollIntoView({block: "center", behavior: "instant"});
	const was = box();
	await new Promise((go) => setTimeout(go, 20));
	const is = box();
	if (!was || !is || was.x !== is.x || was.y !== is.y || was.width !== is.width || was.height !== is.height) return [];
	const at = [is.x + is.width / 2, is.y + is.height / 2];
	const e = document.querySelector(selector); // the words of a choice lie under its mark
	return (e.closest("label") ?? e).contains(document.elementFromPoint(...at)) ? at : [];
}`

// follow presses something that leads to another page, and waits until that one works.
func (b *tab) follow(selector string) {
	b.t.Helper()
	b.pressAfter(selector, `window.still = true`)
	b.arrived()
}

// arrived waits until a page works that is not the one marked as still there.
func (b *tab) arrived() {
	b.t.Helper()
	b.comes(`!window.still && document.readyState === "complete"`, `new Promise((go) => {
		if (EXPRESSION) go(true);
		else if (!window.still) addEventListener("load", () => go(true));
		setTimeout(() => go(false), 1000);
	})`)
}

// write writes into a field, in place of what stands there.
func (b *tab) write(selector, text string) {
	b.t.Helper()
	b.do(chromedp.Clear(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// keys presses keys of the keypad on the screen, which stands still meanwhile.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	b.click(`.keypad [data-key="` + keys[0] + `"]`)
	for _, at := range eval[[][]float64](b, "("+keypads+")("+quoted(strings.Join(keys[1:], " "))+")") {
		b.do(chromedp.MouseClickXY(at[0], at[1]))
	}
}

// keypads are the places of keys.
const keypads = `(keys) => keys.split(" ").filter((key) => key !== "").map((key) => {
	const is = document.querySelector('.keypad [data-key="' + key + '"]').getBoundingClientRect();
	return [is.x + is.width / 2, is.y + is.height / 2];
})`

func (b *tab) signIn(username string) {
	b.t.Helper()
	b.open("/sign-in")
	b.write(`[name=username]`, username)
	b.write(`[name=password]`, password)
	b.follow("button.act")
	b.is(`document.querySelector(".page-worklist") !== null`)
}

func (b *tab) theme(name string) {
	b.t.Helper()
	require.True(b.t, eval[bool](b, `fetch("/theme", {method: "POST", body: new URLSearchParams({theme: "`+name+`", return: "/worklist"})}).then(r => r.ok)`))
}

// forLooking leaves a test whose worth is in its pictures to when they are kept: TestEveryPage meets every page in every run.
func forLooking(t *testing.T) {
	t.Helper()
	if os.Getenv("REXBATCH_SCREENSHOTS") == "" {
		t.Skip("pictures for people to look at: REXBATCH_SCREENSHOTS=DIR make test")
	}
}

// shot holds that what is in the window was laid out: in its fonts, with something to read, and no wider than the window
// (SC 1.4.10). Where pictures are kept it takes one; drawing it costs more than all else in a test.
func (b *tab) shot(name string) {
	b.t.Helper()
	wide := eval[[]int64](b, `document.fonts.ready.then(() => [document.documentElement.scrollWidth, innerWidth, document.body.innerText.trim().length])`)
	require.LessOrEqual(b.t, wide[0], wide[1], "%s is wider than its window", name)
	require.Greater(b.t, wide[2], int64(20), "%s is empty", name)
	if b.dir == "" {
		return
	}
	b.keep(name, chromedp.CaptureScreenshot())
}

// whole takes a picture of the page down to its end.
func (b *tab) whole(name string) {
	b.t.Helper()
	if b.dir == "" {
		return
	}
	b.keep(name, chromedp.FullScreenshot(100))
}

func (b *tab) keep(name string, picture chromedp.Action[[]byte]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, picture)
	require.NoError(b.t, err)
	if b.dir == "" {
		return
	}
	require.NoError(b.t, os.MkdirAll(b.dir, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(b.dir, name+".png"), raw, 0o644))
}
