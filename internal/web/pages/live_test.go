package pages_test

import (
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/web"
)

// cut is a listener whose connections can be cut, and refused, as by a network that is gone.
type cut struct {
	net.Listener
	mu   sync.Mutex
	open []net.Conn
	gone bool
}

func (l *cut) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		if !l.gone {
			l.open = append(l.open, c)
			l.mu.Unlock()
			return c, nil
		}
		l.mu.Unlock()
		c.Close()
	}
}

func (l *cut) set(gone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = gone
	if gone {
		for _, c := range l.open {
			c.Close()
		}
		l.open = nil
	}
}

// behindCut serves the floor again behind a line that can be cut.
func (f *floor) behindCut() (string, *cut) {
	f.t.Helper()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(f.t, err)
	l := &cut{Listener: plain}
	w, err := web.New(web.Options{
		Plants: f.plants, Demo: true, Version: "test", Clock: f.clock, Beat: 200 * time.Millisecond, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(f.t, err)
	server := &http.Server{Handler: w.Handler()}
	go server.Serve(l)
	f.t.Cleanup(func() { require.NoError(f.t, server.Close()) })
	return "http://" + plain.Addr().String(), l
}

const typing = `document.querySelector("#value").value === "78"`

// types opens a field of the first step in a tab and types into it, without saving.
func (b *tab) types(number string) {
	b.t.Helper()
	b.signIn("lucia")
	b.open("/batches/" + number + "?field=body_weight")
	b.do(chromedp.SendKeys(chromedp.CSS("#value"), "78"))
	b.is(typing)
	b.is(`(window.same = document.querySelectorAll(".timeline details")[1].open = true)`)
}

// Two people look at one batch: what one enters, the other sees without doing anything, and what the other is typing stays.
func TestTimelineIsLiveOnEveryTerminal(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	first, second := newTab(t, c.server.URL, desktop), newTab(t, c.server.URL, desktop)
	first.types(number)
	first.is(`document.querySelector("[data-moved]").hidden && document.querySelector(".timeline li").classList.contains("i-is-ring")`)
	second.signIn("lucia")
	second.open("/batches/" + number)
	second.click(".choice")
	second.click("button.act")
	second.sees("Saved")

	first.is(`document.querySelector(".timeline li").classList.contains("i-is-play")`)
	first.is(`!document.querySelector("[data-moved]").hidden`)
	first.is(`window.same && document.querySelectorAll(".timeline details")[1].open`)
	first.is(typing)
	first.shot("live-moved")
	second.is(`document.querySelector("[data-moved]").hidden`)
}

func TestServerGoneIsSaidInWords(t *testing.T) {
	c := seville(t, "es")
	number := c.open("ES01-003")
	base, line := c.behindCut()
	b := newTab(t, base, desktop)
	b.types(number)
	b.is(`!document.querySelector("button.act").disabled`)
	line.set(true)
	began := time.Now()
	b.is(`!document.querySelector("[data-lost]").hidden && document.querySelector("button.act").disabled`)
	require.Less(t, time.Since(began), 2500*time.Millisecond, "two seconds, and the time to look")
	b.shot("live-lost")
	line.set(false)
	b.is(`document.querySelector("[data-lost]").hidden && !document.querySelector("button.act").disabled`)
	b.is(typing)
	c.pass(16 * time.Minute)
	b.is(`!document.querySelector("[data-ended]").hidden && document.querySelector("button.act").disabled`)
	b.shot("live-ended")
	b.is(typing)
}
