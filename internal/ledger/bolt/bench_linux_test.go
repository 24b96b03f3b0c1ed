package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"rexbatch/internal/ledger"
)

// rawLog is the limit: the same bytes appended to a plain file and made durable by fdatasync, with the
// same grouping, and nothing else.
type rawLog struct {
	queue queue
	file  *os.File
	buf   []byte
}

func (l *rawLog) append(r *request) error {
	r.wake = make(chan signal, 1)
	return l.queue.enter(context.Background(), r, func(group []*request) {
		l.buf = l.buf[:0]
		for _, r := range group {
			for _, s := range r.stored {
				l.buf = append(l.buf, s.Value...)
			}
		}
		_, err := l.file.Write(l.buf)
		if err == nil {
			err = unix.Fdatasync(int(l.file.Fd()))
		}
		for _, r := range group {
			r.err = err
		}
	})
}

const benchStreams = 4 // of each writer

// benchAppend is an entry of 350 to 900 bytes, with two small documents when views is set.
func benchAppend(writer, i int, views bool) ledger.Append {
	batch := fmt.Sprintf("SVQ26%04d%02d", writer, i%benchStreams)
	text := strings.Repeat("0123456789", 14+(i*7)%56)
	data := json.RawMessage(fmt.Sprintf(`{"step":"4.2.7","field":"viability","value":"%d.%d %%","scan":"%s"}`, i%100, i%10, text))
	a := ledger.Append{Author: ledger.Author{Account: "anna", Role: "operator", Terminal: "SVQ-07"},
		Streams: []ledger.StreamAppend{{Stream: "batch/" + batch, Expected: uint64(i / benchStreams),
			Drafts: []ledger.Draft{{Type: "batch.field-captured", Data: data}}}}}
	if views {
		a.Views = map[string][]byte{"b/" + batch + "/summary": data[:150], "b/" + batch + "/worklist": data[:100]}
	}
	return a
}

// rounds runs n calls per writer and returns how long each took, and all together.
func rounds(b *testing.B, writers, from, n int, call func(writer, i int) error) (all []time.Duration, total time.Duration) {
	took := make([][]time.Duration, writers)
	errs := make([]error, writers)
	var wg sync.WaitGroup
	start := time.Now()
	for w := range writers {
		wg.Go(func() {
			for i := from; i < from+n && errs[w] == nil; i++ {
				begin := time.Now()
				errs[w] = call(w, i)
				took[w] = append(took[w], time.Since(begin))
			}
		})
	}
	wg.Wait()
	total = time.Since(start)
	for w := range writers {
		require.NoError(b, errs[w])
		all = append(all, took[w]...)
	}
	return all, total
}

func percentile(d []time.Duration, p float64) float64 {
	slices.Sort(d)
	return float64(d[min(len(d)-1, int(p*float64(len(d))))].Microseconds())
}

// BenchmarkAppend runs rounds of the raw log and of the ledger in turn and reports the ratio of their rates. Goals:
// 0.35 without views, 0.20 with.
func BenchmarkAppend(b *testing.B) {
	for _, views := range []bool{false, true} {
		for _, writers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("views=%t/writers=%d", views, writers), func(b *testing.B) {
				l, err := Open(b.TempDir(), Options{Site: "BENCH"})
				require.NoError(b, err)
				f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
				require.NoError(b, err)
				raw := &rawLog{file: f}
				const parts = 8
				n := max(1, b.N/writers/parts)
				prepared := make([][]*request, writers) // the raw log's bytes are ready made
				var rawTook, took []time.Duration
				var rawTotal, total time.Duration
				b.ResetTimer()
				for part := range parts {
					for w := range writers {
						prepared[w] = prepared[w][:0]
						for i := part * n; i < part*n+n; i++ {
							r, err := prepare(benchAppend(w, i, views), time.Now())
							require.NoError(b, err)
							prepared[w] = append(prepared[w], r)
						}
					}
					d, t := rounds(b, writers, 0, n, func(w, i int) error { return raw.append(prepared[w][i]) })
					rawTook, rawTotal = append(rawTook, d...), rawTotal+t
					d, t = rounds(b, writers, part*n, n, func(w, i int) error {
						_, err := l.Append(context.Background(), benchAppend(w, i, views))
						return err
					})
					took, total = append(took, d...), total+t
				}
				b.StopTimer()
				rate, rawRate := float64(len(took))/total.Seconds(), float64(len(rawTook))/rawTotal.Seconds()
				b.ReportMetric(rate, "appends/s")
				b.ReportMetric(rawRate, "raw/s")
				b.ReportMetric(rate/rawRate, "ratio")
				b.ReportMetric(percentile(took, 0.5), "p50-µs")
				b.ReportMetric(percentile(took, 0.99), "p99-µs")
				b.ReportMetric(percentile(rawTook, 0.5), "raw-p50-µs")
				b.ReportMetric(0, "ns/op")
				require.NoError(b, f.Close())
				require.NoError(b, l.Close())
			})
		}
	}
}

// BenchmarkOpen opens an empty ledger and one of 100,000 entries, and closes it.
func BenchmarkOpen(b *testing.B) {
	for _, entries := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			dir := b.TempDir()
			l, err := Open(dir, Options{Site: "BENCH"})
			require.NoError(b, err)
			for i := 0; i < entries; i += 500 {
				a := benchAppend(0, 0, false)
				a.Streams[0].Expected = uint64(i)
				for range 499 {
					a.Streams[0].Drafts = append(a.Streams[0].Drafts, a.Streams[0].Drafts[0])
				}
				_, err := l.Append(context.Background(), a)
				require.NoError(b, err)
			}
			require.NoError(b, l.Close())
			for b.Loop() {
				l, err := Open(dir, Options{})
				require.NoError(b, err)
				require.NoError(b, l.Close())
			}
		})
	}
}
