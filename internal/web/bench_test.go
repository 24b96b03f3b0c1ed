package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
	"rexbatch/release/plantest"
)

// work is what a terminal does with one batch in its first step: six values and, with a reason, two corrections of them.
// One in four is more corrections than a plant should have; each is an exception, so the mix flatters nobody.
var work = []struct{ field, value, reason string }{
	{"index_limb", "left", ""},
	{"body_weight", "78.5", ""},
	{"weighed_on", "2026-11-20", ""},
	{"body_weight", "87.5", "digits were swapped"},
	{"plant_primary", "ES-SVQ", ""},
	{"planned_harvest", "2026-11-22T12:00:00Z", ""},
	{"planned_infusion", "2026-11-24T08:00:00Z", ""},
	{"index_limb", "right", "the other limb was meant"},
}

// BenchmarkEntry measures how long a terminal waits for a value: from its request over HTTP until the entry is on disk and
// the step as it now stands is answered. Each terminal has its own person, connection and batches; the next value is sent
// when the one before is answered, without a pause. So 64 terminals are 64 that never rest, not 64 persons.
func BenchmarkEntry(b *testing.B) {
	s := newSite(b, "es-svq")
	book := plantest.NewCrew(s.parts, load(b, "seville-fresh"), "en")
	const most = 64
	s.server.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = most
	var all []*client
	for i := range most {
		all = append(all, s.hire(fmt.Sprintf("terminal%02d", i), people.Coordinator))
	}
	orders := 0
	for _, n := range []int{1, 16, most} {
		b.Run(fmt.Sprintf("terminals=%d", n), func(b *testing.B) {
			s.t, book.T = b, b
			batches := make([][]string, n)
			for i := range n {
				for range entriesOf(b.N, n, i)/len(work) + 1 {
					orders++
					batches[i] = append(batches[i], book.Order(fmt.Sprintf("B-%06d", orders)))
				}
			}
			waited := make([][]time.Duration, n)
			var wg sync.WaitGroup
			b.ResetTimer()
			begun := time.Now()
			for i := range n {
				wg.Go(func() { waited[i] = all[i].enterAll(batches[i], entriesOf(b.N, n, i)) })
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "entries/s")
			report(b, slices.Concat(waited...))
		})
	}
}

// entriesOf is the share of the i-th of n terminals in all entries.
func entriesOf(all, n, i int) int { return (all + n - 1 - i) / n }

// enterAll enters values, batch after batch, and says how long each took.
func (c *client) enterAll(batches []string, entries int) []time.Duration {
	waited := make([]time.Duration, 0, entries)
	for i := range entries {
		w := work[i%len(work)]
		path, body := "/batches/"+batches[i/len(work)]+"/steps/S01/fields/"+w.field, map[string]any{"value": w.value}
		if w.reason != "" {
			path, body = path+"/correction", map[string]any{"value": w.value, "reason": w.reason}
		}
		begun := time.Now()
		r := c.post(path, body)
		waited = append(waited, time.Since(begun))
		r.ok()
	}
	return waited
}

// report gives median and 99th percentile in place of the mean.
func report(b *testing.B, waited []time.Duration) {
	slices.Sort(waited)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(waited[(len(waited)-1)*p/100].Microseconds()), fmt.Sprintf("p%d-µs", p))
	}
}

// BenchmarkBatchPage2000 measures the pages of a batch whose stream holds 2,000 entries, one in fifty of the later ones a
// correction: the step in hand as a terminal shows it, and every entry as the record shows them.
func BenchmarkBatchPage2000(b *testing.B) {
	c := enrol(newSite(b, "es-svq"), load(b, "seville-fresh"))
	number := c.open()
	c.book.Play(number, "S21")
	c.scanMuch(number, "S21", 2000)
	operator := c.as(people.Operator)
	for _, page := range []struct{ name, path string }{{"terminal", ""}, {"record", "/record"}} {
		b.Run(page.name, func(b *testing.B) {
			c.t = b
			b.ReportAllocs()
			var waited []time.Duration
			size := 0
			for b.Loop() {
				begun := time.Now()
				r := operator.page("/batches/" + number + page.path).ok()
				waited = append(waited, time.Since(begun))
				size = len(r.body)
			}
			b.ReportMetric(float64(size)/1024, "KiB-of-page")
			report(b, waited)
		})
	}
}

// scanMuch scans the containers of a step over and over until the batch has n entries.
func (c *crew) scanMuch(number, step string, n uint64) {
	c.t.Helper()
	ctx, by := context.Background(), c.book.As(people.Operator, false)
	b, _ := c.state(number)
	st, _ := b.Step(step)
	scan := slices.IndexFunc(st.Step.FieldsAt(b.Site), func(f *mbr.Field) bool { return f.Type == mbr.TypeScan })
	field := st.Step.FieldsAt(b.Site)[scan]
	labels := c.labels(number, field)
	for i := 0; b.Version < n; i++ {
		if i%50 == 49 {
			require.NoError(c.t, c.parts.Batches.Correct(ctx, by, number, 0, "S11", "gross_mass", batch.Input{Text: fmt.Sprintf("143.%d", i/50%10)}, "read again on the display"))
		} else {
			require.NoError(c.t, c.parts.Batches.Scan(ctx, by, number, 0, step, field.ID, labels[i%len(labels)]))
		}
		b, _ = c.state(number)
	}
}

// page asks for a page as a browser does.
func (c *client) page(path string) *reply {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodGet, c.server.URL+path, nil)
	require.NoError(c.t, err)
	r.AddCookie(&http.Cookie{Name: desk.CookieName, Value: c.token})
	return c.do(r)
}

// BenchmarkScan measures how long a person with a scanner waits: from the label that was read until the match is on disk and
// answered (I4). Each terminal has its own physician and patient, and scans without a pause.
func BenchmarkScan(b *testing.B) {
	s := newSite(b, "es-svq")
	book := plantest.NewCrew(s.parts, load(b, "seville-fresh"), "en")
	const most = 64
	s.server.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = most
	type bed struct {
		physician *client
		batch     string
		wristband string
	}
	beds := make([]bed, most)
	for i := range beds {
		number := book.Order(fmt.Sprintf("B-%06d", i+1))
		book.Play(number, "S04")
		_, event := book.State(number)
		beds[i] = bed{s.hire(fmt.Sprintf("physician%02d", i), people.Physician), number, event.CoI.Label()}
	}
	for _, n := range []int{1, 16, most} {
		b.Run(fmt.Sprintf("terminals=%d", n), func(b *testing.B) {
			waited := make([][]time.Duration, n)
			var wg sync.WaitGroup
			for i := range n {
				beds[i].physician.t = b
			}
			b.ResetTimer()
			begun := time.Now()
			for i := range n {
				wg.Go(func() {
					for range entriesOf(b.N, n, i) {
						begun := time.Now()
						r := beds[i].physician.post("/batches/"+beds[i].batch+"/steps/S04/fields/wristband_scan/scan", map[string]any{"raw": beds[i].wristband})
						waited[i] = append(waited[i], time.Since(begun))
						r.ok()
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "scans/s")
			report(b, slices.Concat(waited...))
		})
	}
}
