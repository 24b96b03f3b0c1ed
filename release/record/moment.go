package record

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/internal/paper"
)

// moment is a point in time on the plant's clock: 22 NOV 2026 14:05 CET (+01:00). Months are in English letters in every
// language, so that no date can be read in two ways (screens, rule 21).
func (s *sheet) moment(t time.Time) string {
	layout := "15:04"
	if t.Second() != 0 {
		layout = "15:04:05"
	}
	return day(t.In(s.Plant.Location)) + " " + s.clock(t, layout)
}

// stamp is a moment to the second with its offset alone, for narrow columns.
func (s *sheet) stamp(t time.Time) string {
	t = t.In(s.Plant.Location)
	return day(t) + " " + t.Format("15:04:05 -07:00")
}

// clock is the time of day with zone and offset.
func (s *sheet) clock(t time.Time, layout string) string {
	t = t.In(s.Plant.Location)
	zone, _ := t.Zone()
	if strings.ContainsAny(zone, "+-") {
		zone = ""
	}
	return strings.TrimSpace(t.Format(layout)+" "+zone) + " (" + t.Format("-07:00") + ")"
}

// when is the time of an entry as a cell: local with offset, UTC below, to the second.
func (s *sheet) when(t time.Time) paper.Cell {
	universal := t.UTC().Format("15:04:05") + " UTC"
	if local := day(t.In(s.Plant.Location)); local != day(t.UTC()) {
		universal = strings.ToUpper(t.UTC().Format("02 Jan ")) + universal
	}
	return paper.Cell{
		{S: day(t.In(s.Plant.Location)), Style: code},
		{S: s.clock(t, "15:04:05"), Style: code},
		{S: universal, Style: faint},
	}
}

// day is a calendar day: 29 NOV 2026.
func day(t time.Time) string { return strings.ToUpper(t.Format("02 Jan 2006")) }

// quoted is a character by its number: U+001D.
func quoted(r rune) string { return fmt.Sprintf("%U", r) }
