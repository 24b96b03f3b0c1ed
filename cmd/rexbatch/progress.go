package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"rexbatch/cmd/rexbatch/scenario"
)

// progress shows how far a batch is: on a terminal one live line for the step in hand, elsewhere one plain line
// when a step is done, so that a log stays readable.
type progress struct {
	out   io.Writer
	width int // 0 when nothing moves
	clock func() time.Time
	live  string
	began time.Time
	err   error // the first; told at the end
}

var _ scenario.Progress = (*progress)(nil)

func newProgress(out io.Writer, clock func() time.Time) *progress {
	return &progress{out: out, width: width(out), clock: clock, began: clock()}
}

// Say implements scenario.Progress: a line that stays.
func (p *progress) Say(text string) { p.line(text) }

// Step implements scenario.Progress.
func (p *progress) Step(s scenario.StepProgress) {
	text := fmt.Sprintf("%-9s %s %d/%d  %s  (%d of %d)", s.Batch, s.ID, s.Done, s.Of, s.Name, s.Position, s.Steps)
	if s.Finished {
		p.line(text + "  " + short(s.Took))
		return
	}
	if p.width == 0 {
		return
	}
	p.write("\r\x1b[K" + clip(text, p.width-1))
	p.live = text
}

func (p *progress) line(text string) {
	if p.live != "" {
		p.write("\r\x1b[K")
		p.live = ""
	}
	p.write(text + "\n")
}

func (p *progress) write(s string) {
	_, err := io.WriteString(p.out, s)
	p.err = errors.Join(p.err, err)
}

// end leaves the cursor on a line of its own.
func (p *progress) end() error {
	if p.live != "" {
		p.write("\n")
		p.live = ""
	}
	return p.err
}

// clip cuts a line to what the terminal shows, at a whole letter.
func clip(s string, n int) string {
	if n <= 0 || utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-1]), " ") + "…"
}

// short is a duration as people read it.
func short(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
