package pages_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// safari is a window of WebKit, the engine of iPhones, driven by its own driver (W3C WebDriver).
type safari struct {
	t       *testing.T
	session string // its address at the driver
}

// newSafari opens a window of WebKit; the test is left out where the engine is not installed.
func newSafari(t *testing.T) *safari {
	t.Helper()
	driver, err := exec.LookPath("WebKitWebDriver")
	if err != nil {
		t.Skip("WebKit is not installed: apt-get install webkit2gtk-driver xvfb")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	home := t.TempDir()
	command := exec.Command("xvfb-run", "-a", driver, "--port="+port, "--host=127.0.0.1")
	command.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CACHE_HOME="+home, "WEBKIT_DISABLE_COMPOSITING_MODE=1", "WEBKIT_FORCE_SANDBOX=0", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1", "GDK_BACKEND=x11")
	command.SysProcAttr = groupOfItsOwn
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		require.NoError(t, endGroup(command))
	})
	s := &safari{t: t}
	at := "http://127.0.0.1:" + port + "/session"
	options := map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"webkitgtk:browserOptions": map[string]any{"binary": miniBrowser(), "args": []string{"--automation"}},
	}}}
	require.Eventually(t, func() bool {
		r, err := http.Get("http://127.0.0.1:" + port + "/status")
		return err == nil && r.Body.Close() == nil
	}, patience, 50*time.Millisecond)
	var opened struct{ SessionID string }
	s.session = at
	require.NoError(t, json.Unmarshal(s.call(http.MethodPost, "", options), &opened))
	s.session = at + "/" + opened.SessionID
	t.Cleanup(func() { s.call(http.MethodDelete, "", nil) })
	s.call(http.MethodPost, "/timeouts", map[string]any{"script": patience.Milliseconds(), "pageLoad": patience.Milliseconds()})
	s.call(http.MethodPost, "/window/rect", map[string]any{"width": 420, "height": 900})
	return s
}

// miniBrowser is the plain window that comes with the engine.
func miniBrowser() string {
	found, err := exec.Command("sh", "-c", "ls /usr/lib/*/webkit2gtk-4.*/MiniBrowser 2>/dev/null | tail -1").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(found))
}

// call is one command to the driver, and the value of its answer.
func (s *safari) call(method, path string, body any) json.RawMessage {
	s.t.Helper()
	if body == nil && method == http.MethodPost {
		body = map[string]any{}
	}
	raw, err := json.Marshal(body)
	require.NoError(s.t, err)
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.session+path, bytes.NewReader(raw))
	if method == http.MethodDelete {
		request, err = http.NewRequest(method, s.session+path, nil) // also when the test has ended
	}
	require.NoError(s.t, err)
	answer, err := (&http.Client{Timeout: patience}).Do(request)
	require.NoError(s.t, err)
	text, err := io.ReadAll(answer.Body)
	require.NoError(s.t, err)
	require.NoError(s.t, answer.Body.Close())
	require.Equal(s.t, http.StatusOK, answer.StatusCode, "%s %s: %s", method, path, text)
	var out struct{ Value json.RawMessage }
	require.NoError(s.t, json.Unmarshal(text, &out))
	return out.Value
}

func (s *safari) open(url string) {
	s.t.Helper()
	s.call(http.MethodPost, "/url", map[string]any{"url": url})
}

// says is the value of an expression of the page.
func says[T any](s *safari, expression string) T {
	s.t.Helper()
	raw := s.call(http.MethodPost, "/execute/async", map[string]any{
		"script": `const done = arguments[0]; (async () => (` + expression + `))().then(done, (e) => done("fault: " + e));`, "args": []any{},
	})
	var v T
	require.NoError(s.t, json.Unmarshal(raw, &v), "%s: %s", expression, raw)
	return v
}

// is waits until an expression of the page holds.
func (s *safari) is(expression string) {
	s.t.Helper()
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		if says[bool](s, `new Promise((go) => {
			const end = Date.now() + 1000;
			const look = () => (`+expression+`) ? go(true) : Date.now() > end ? go(false) : setTimeout(look, 40);
			look();
		})`) {
			return
		}
	}
	require.Fail(s.t, "it does not come true", "%s in\n%s", expression, says[string](s, "document.body.innerText"))
}

func (s *safari) sees(text string) {
	s.t.Helper()
	s.is(fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
}

func (s *safari) tap(text string) {
	s.t.Helper()
	s.is(fmt.Sprintf(`[...document.querySelectorAll("main button")].some((x) => x.textContent === %q && !x.disabled && (x.click(), true))`, text))
}

func (s *safari) write(selector, text string) {
	s.t.Helper()
	s.is(fmt.Sprintf(`((e) => e && (e.value = %q, e.dispatchEvent(new Event("input", {bubbles: true})), true))(document.querySelector(%q))`, text, selector))
}

func (s *safari) shot(name string) {
	s.t.Helper()
	dir := os.Getenv("REXBATCH_SCREENSHOTS")
	if dir == "" {
		return
	}
	var picture []byte // base64, as JSON has bytes
	require.NoError(s.t, json.Unmarshal(s.call(http.MethodGet, "/screenshot", nil), &picture))
	require.NoError(s.t, os.MkdirAll(dir, 0o755))
	require.NoError(s.t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}

func (s *safari) pin(pin string) {
	s.t.Helper()
	s.is(`document.querySelector("#pin") !== null`)
	s.write("#pin", pin)
	s.is(`(document.querySelector("button.act").click(), true)`)
}

// The courier's page in the engine of iPhones: it opens without a network, reads our label, types what cannot be read, keeps what was
// done signed with a key that it does not give away, and delivers it once.
func TestCourierPageInWebKit_Screens23(t *testing.T) {
	t.Parallel()
	s := newSafari(t)
	f := newFloor(t, "es-svq")
	tr := f.transport()
	base, line := f.behindCut()
	link, pin := tr.link("nuria", people.Nurse)
	s.open(base + link)
	s.is(`document.querySelector("#pin") !== null`) // from then on the page listens
	s.is(`((pick) => pick && (pick.value = "en", pick.dispatchEvent(new Event("change")), true))(document.querySelector("[data-lang-pick]"))`)
	s.is(`document.documentElement.lang === "en"`)
	s.pin(pin)
	s.sees(string(tr.id))
	s.is(`document.body.dataset.ready === "yes"`)

	line.set(true)
	s.open(base + "/courier/") // from the phone alone
	s.pin(pin)
	s.sees(string(tr.id))
	s.tap("Hand over")
	s.write("#typed", "A9999 26 000123 F00020 "+string(tr.bag.Check()))
	s.tap("Use this code")
	s.is(`document.querySelector("#place") !== null`)
	s.write("#seals", "P-100")
	s.write("#place", "planta 3")
	s.tap("I hand over")
	s.is(`document.querySelector("canvas.offer")?.width > 300`)
	s.shot("courier-webkit-offer")
	offer := says[string](s, `import("/static/courier/camera.js").then(async (m) => {
		const c = document.querySelector("canvas.offer");
		return typeof m.warm === "function" && (await m.warm(), c.toDataURL("image/png"));
	})`)
	require.True(t, strings.HasPrefix(offer, "data:image/png"))
	s.open(base + "/courier/")
	s.pin(pin)
	s.sees("on this phone")
	s.shot("courier-webkit-kept")
	require.Empty(t, tr.load().Legs)

	line.set(false)
	s.is(`(document.dispatchEvent(new Event("visibilitychange")), true)`)
	s.sees("delivered")
	require.Equal(t, shipment.Packed, tr.load().Status(), "the other side has not confirmed")
	require.Equal(t, "no", says[string](s, `new Promise((go) => {
		const open = indexedDB.databases ? indexedDB.databases() : Promise.resolve([]);
		open.then(async (all) => {
			for (const {name} of all) await new Promise((next) => {
				const r = indexedDB.open(name);
				r.onsuccess = async () => {
					for (const store of r.result.objectStoreNames) for (const v of await new Promise((f) => { const q = r.result.transaction(store).objectStore(store).getAll(); q.onsuccess = () => f(q.result); })) {
						for (const key of [v?.privateKey, v?.keys?.privateKey, v?.key?.privateKey, v?.pair?.privateKey]) if (key) {
							try { await crypto.subtle.exportKey("pkcs8", key); go("exported"); } catch { go("no"); }
						}
					}
					next();
				};
			});
			go("no key");
		});
	})`), "the phone's key is not given away")
}
