package pages_test

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
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

// tab is one window of a real browser.
type tab struct {
	t    testing.TB
	ctx  context.Context
	base string
	dir  string // of the pictures
}

// newTab opens a browser of its own.
func newTab(t testing.TB, base string, d device) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "the browser is missing: apt-get install chromium")
	ctx, cancel := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("headless", "new"),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(int(d.width), int(d.height)),
	)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, base: base, dir: os.Getenv("REXBATCH_SCREENSHOTS")}
	if b.dir == "" {
		b.dir = t.TempDir()
	}
	opts := []chromedp.EmulateViewportOption{}
	if d.touch {
		opts = append(opts, chromedp.EmulateTouch)
	}
	if d.name == "phone" {
		opts = append(opts, chromedp.EmulateMobile)
	}
	b.do(chromedp.EmulateViewport(d.width, d.height, opts...))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base + path))
}

// sees waits for a text on the page.
func (b *tab) sees(text string) {
	b.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		body, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText.replaceAll("\u00a0", " ") : ""`))
		if err == nil && bytes.Contains([]byte(body), []byte(text)) {
			return
		}
		require.True(b.t, time.Now().Before(deadline), "no %q in:\n%s", text, body)
		time.Sleep(50 * time.Millisecond)
	}
}

// scan sends what a wedge scanner sends, wherever the focus is.
func (b *tab) scan(raw string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(raw), chromedp.KeyEvent(kb.Enter))
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// keys presses keys of the keypad on the screen.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.click(`.keypad [data-key="` + key + `"]`)
	}
}

func (b *tab) signIn(username string) {
	b.t.Helper()
	b.open("/sign-in")
	b.do(chromedp.SendKeys(chromedp.CSS(`[name=username]`), username), chromedp.SendKeys(chromedp.CSS(`[name=password]`), password), chromedp.Click(chromedp.CSS("button.act")))
	b.do(chromedp.WaitReady(chromedp.CSS(".page-worklist")))
}

func (b *tab) theme(name string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`fetch("/theme", {method: "POST", body: new URLSearchParams({theme: "`+name+`", return: "/worklist"})}).then(r => r.ok)`, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
}

// shot takes a picture of the window and looks at it: it is there, of the right size, and not of one colour.
func (b *tab) shot(name string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
	raw, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	img, err := png.Decode(bytes.NewReader(raw))
	require.NoError(b.t, err)
	seen := map[uint32]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 7 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 7 {
			r, g, bl, _ := img.At(x, y).RGBA()
			seen[r>>8<<16|g>>8<<8|bl>>8] = true
		}
	}
	require.Greater(b.t, len(seen), 5, name)
	require.NoError(b.t, os.MkdirAll(b.dir, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(b.dir, name+".png"), raw, 0o644))
}

// whole takes a picture of the page down to its end.
func (b *tab) whole(name string) {
	b.t.Helper()
	raw, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(b.dir, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(b.dir, name+".png"), raw, 0o644))
}
