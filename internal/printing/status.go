package printing

import (
	"fmt"
	"strconv"
	"strings"
)

// Status is what a printer says about itself (~HS, host status return).
type Status struct {
	PaperOut, Paused, BufferFull, RibbonOut, HeadOpen bool
	TooCold, TooHot                                   bool
	Waiting                                           int // formats that it has received and not printed
	Remaining                                         int // labels that it has still to print
}

const (
	startText = '\x02'
	endText   = '\x03'
	// maxStatus bounds what is read from a printer; the three lines have some 80 bytes.
	maxStatus = 1024
)

// ParseStatus reads the three lines of a host status return, each between STX and ETX.
func ParseStatus(text string) (Status, error) {
	var lines [][]string
	for rest := text; len(lines) < 3; {
		_, after, found := strings.Cut(rest, string(startText))
		line, next, ended := strings.Cut(after, string(endText))
		if !found || !ended {
			return Status{}, fmt.Errorf("status: %d of 3 lines", len(lines))
		}
		lines, rest = append(lines, strings.Split(line, ",")), next
	}
	if len(lines[0]) < 12 || len(lines[1]) < 11 {
		return Status{}, fmt.Errorf("status: %d and %d values where 12 and 11 are", len(lines[0]), len(lines[1]))
	}
	var s Status
	for _, f := range []struct {
		line, at int
		into     *bool
	}{
		{0, 1, &s.PaperOut}, {0, 2, &s.Paused}, {0, 5, &s.BufferFull}, {0, 10, &s.TooCold}, {0, 11, &s.TooHot}, {1, 2, &s.HeadOpen}, {1, 3, &s.RibbonOut},
	} {
		switch v := strings.TrimSpace(lines[f.line][f.at]); v {
		case "0":
		case "1":
			*f.into = true
		default:
			return Status{}, fmt.Errorf("status: %q is no flag", v)
		}
	}
	for _, n := range []struct {
		line, at int
		into     *int
	}{{0, 4, &s.Waiting}, {1, 8, &s.Remaining}} {
		v, err := strconv.Atoi(strings.TrimSpace(lines[n.line][n.at]))
		if err != nil || v < 0 {
			return Status{}, fmt.Errorf("status: %q is no number", lines[n.line][n.at])
		}
		*n.into = v
	}
	return s, nil
}

// Bars is why the printer cannot print now; empty when it can.
func (s Status) Bars() Cause {
	switch {
	case s.PaperOut:
		return PaperOut
	case s.HeadOpen:
		return HeadOpen
	case s.RibbonOut:
		return RibbonOut
	case s.Paused:
		return Paused
	case s.BufferFull:
		return BufferFull
	case s.TooHot || s.TooCold:
		return Temperature
	}
	return ""
}
