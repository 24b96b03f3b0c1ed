package printing_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/printing"
)

var bg = context.Background()

// A label as long as those that are sent, longer than what a connection takes by itself.
var format = "^XA\n^FD" + strings.Repeat("0123456789ABCDEF", 1<<10) + "^FS\n^XZ\n"

var short = printing.Timeouts{Dial: time.Second, Write: 2 * time.Second, Answer: 300 * time.Millisecond}

// Every manner in which a printer fails ends in time, with its cause, and says whether a label may be on paper.
func TestSend(t *testing.T) {
	for _, tt := range []struct {
		how    manner
		asks   bool
		cause  printing.Cause // empty: printed
		unsure bool
	}{
		{good, true, "", false}, {good, false, "", false}, {slow, false, "", false},
		{jammed, true, printing.Stalled, false}, // nothing was sent yet: it did not answer the question before
		{half, true, printing.Broken, true}, {half, false, printing.Broken, true},
		{paperOut, true, printing.PaperOut, false}, {headOpen, true, printing.HeadOpen, false}, {afterOpen, true, printing.HeadOpen, true},
		{silent, true, printing.Stalled, false}, {silent, false, "", false}, {nonsense, true, printing.Garbled, false},
	} {
		t.Run(string(tt.how), func(t *testing.T) {
			f := newFake(t, tt.how)
			err := printing.Device{Address: f.address(), Asks: tt.asks}.Send(bg, []byte(format), short)
			if tt.cause == "" {
				require.NoError(t, err)
				require.Eventually(t, func() bool { return len(f.printed()) == 1 }, 5*time.Second, time.Millisecond)
				require.Equal(t, format, f.printed()[0])
				return
			}
			var fault *printing.Fault
			require.ErrorAs(t, err, &fault)
			require.Equal(t, tt.cause, fault.Cause)
			require.Equal(t, tt.unsure, fault.Unsure)
		})
	}
}

func TestSendToNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	var fault *printing.Fault
	require.ErrorAs(t, printing.Device{Address: address}.Send(bg, []byte(format), short), &fault)
	require.Equal(t, printing.Unreachable, fault.Cause)
	require.False(t, fault.Unsure)
}

func printer(f *fake, waits *[]time.Duration) *printing.Printer {
	return &printing.Printer{
		Device: printing.Device{Address: f.address(), Asks: true},
		Policy: printing.Policy{Attempts: 3, Waits: []time.Duration{time.Second, time.Minute}, Timeouts: short},
		Wait:   func(_ context.Context, d time.Duration) error { *waits = append(*waits, d); return nil },
	}
}

// A printer without paper is asked again after growing waits; once there is paper, the label is printed once.
func TestPrintTriesAgain(t *testing.T) {
	f := newFake(t, paperOut, paperOut, good)
	var waits []time.Duration
	require.NoError(t, printer(f, &waits).Print(bg, []byte("^XAone^XZ\n")))
	require.Equal(t, []time.Duration{time.Second, time.Minute}, waits)
	require.Equal(t, []string{"^XAone^XZ\n"}, f.printed())
}

// What may be on paper is not sent again by itself: a person has to look (LB-1).
func TestWhatMayBeOnPaperIsNotSentAgain_LB1(t *testing.T) {
	f := newFake(t, afterOpen, good)
	var waits []time.Duration
	err := printer(f, &waits).Print(bg, []byte("^XAone^XZ\n"))
	var fault *printing.Fault
	require.ErrorAs(t, err, &fault)
	require.True(t, fault.Unsure)
	require.Equal(t, printing.HeadOpen, fault.Cause)
	require.Empty(t, waits)
	require.Len(t, f.printed(), 1)
}

// A printer that stays away ends after the attempts of the policy; the next print finds it again.
func TestPrintGivesUp(t *testing.T) {
	f := newFake(t, paperOut, paperOut, paperOut, good)
	var waits []time.Duration
	p := printer(f, &waits)
	var fault *printing.Fault
	require.ErrorAs(t, p.Print(bg, []byte("^XAone^XZ\n")), &fault)
	require.Equal(t, printing.PaperOut, fault.Cause)
	require.False(t, fault.Unsure)
	require.NoError(t, p.Print(bg, []byte("^XAone^XZ\n")))
	require.Len(t, f.printed(), 1)
}

// Jobs of many at one time come out whole, one after the other.
func TestJobsDoNotMix(t *testing.T) {
	f := newFake(t, good)
	var waits []time.Duration
	p := printer(f, &waits)
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() { defer all.Done(); assert.NoError(t, p.Print(bg, []byte(format))) }()
	}
	all.Wait()
	require.Len(t, f.printed(), 8)
	for _, l := range f.printed() {
		require.Equal(t, format, l)
	}
}

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{"10.1.2.3": "10.1.2.3:9100", "printer-1:6101": "printer-1:6101", "[fe80::1]:9100": "[fe80::1]:9100"} {
		got, err := printing.ParseAddress(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", ":9100", "host:0", "host:99999", "host:x", "a b", "http://x/y", "user@host:9100", strings.Repeat("h", 300)} {
		_, err := printing.ParseAddress(text)
		require.Error(t, err, text)
	}
}

func FuzzParseStatus(f *testing.F) {
	f.Add("\x02030,0,0,0640,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n")
	f.Add("\x02\x03\x02\x03\x02\x03")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := printing.ParseStatus(text)
		if err != nil {
			require.Equal(t, printing.Status{}, s)
			return
		}
		require.GreaterOrEqual(t, s.Waiting, 0)
		require.GreaterOrEqual(t, s.Remaining, 0)
	})
}
