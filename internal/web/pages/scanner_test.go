package pages_test

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"rexbatch/chainofcustody/keyboard"
)

// stroke is a key of a keyboard as the browser sees it: where it is, and what the layout makes of it.
type stroke struct {
	code  string // of the place, as on a US keyboard
	shift bool
	key   string // what the layout says: a character, or "Dead"
}

// places are the keys of a US keyboard, unshifted and shifted: that is what a wedge scanner presses.
var places = func() map[rune]stroke {
	out := map[rune]stroke{}
	add := func(code, plain, shifted string) {
		for i, chars := range []string{plain, shifted} {
			for _, r := range chars {
				out[r] = stroke{code, i == 1, string(r)}
			}
		}
	}
	for r := 'a'; r <= 'z'; r++ {
		upper := strings.ToUpper(string(r))
		add("Key"+upper, string(r), upper)
	}
	for i, shifted := range ")!@#$%^&*(" {
		add("Digit"+string(rune('0'+i)), string(rune('0'+i)), string(shifted))
	}
	for code, chars := range map[string]string{
		"Equal": "=+", "Minus": "-_", "Slash": "/?", "Comma": ",<", "Period": ".>", "Semicolon": ";:", "Quote": `'"`, "BracketLeft": "[{",
		"BracketRight": "]}", "Backslash": `\|`, "Backquote": "`~",
	} {
		add(code, chars[:1], chars[1:])
	}
	return out
}()

// layout is the keyboard that the terminal has; the scanner types for a US one.
type layout keyboard.Layout

// usLayout is that of a terminal which reads what the scanner types.
var usLayout = layout(keyboard.US)

// dead are the accents that wait for the next letter.
var dead = map[layout]string{"DE": "^´`", "FR": "^¨", "ES": "`^´¨"}

// read is what the terminal makes of what the scanner types.
func (l layout) read(text string) []stroke {
	var out []stroke
	for _, r := range text {
		s := places[r]
		s.key = keyboard.Fault{Scanner: keyboard.US, Terminal: keyboard.Layout(l)}.Through(string(r))
		if strings.Contains(dead[l], s.key) {
			s.key = "Dead"
		}
		out = append(out, s)
	}
	return out
}

// scan sends what a wedge scanner sends, wherever the focus is, as fast as the browser takes it.
func (b *tab) scan(raw string) {
	b.t.Helper()
	b.wedge(raw, usLayout, 0)
}

// scanned is a scan with which the page goes on.
func (b *tab) scanned(raw string) {
	b.t.Helper()
	eval[bool](b, `window.still = true`)
	b.scan(raw)
	b.arrived()
}

// wedge sends the keys of a wedge scanner, ended by Enter, at a pace: 20 ms a key by cable, 150 ms by a slow Bluetooth.
func (b *tab) wedge(raw string, l layout, pace time.Duration) {
	b.t.Helper()
	next := time.Now()
	for _, s := range l.read(raw) {
		b.press(s)
		next = next.Add(pace)
		time.Sleep(time.Until(next))
	}
	b.do(chromedp.KeyEvent(kb.Enter))
}

// press is one key down and up.
func (b *tab) press(s stroke) {
	b.t.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Code: s.code, Key: s.key}
	if s.shift {
		down.Modifiers = 8
	}
	if s.key != "Dead" {
		down.Text, down.UnmodifiedText = s.key, s.key
	}
	up := down
	up.Type, up.Text, up.UnmodifiedText = input.DispatchKeyEventTypeKeyUp, "", ""
	for _, event := range []input.DispatchKeyEventParams{down, up} {
		call(b, input.DispatchKeyEvent, event)
	}
}
