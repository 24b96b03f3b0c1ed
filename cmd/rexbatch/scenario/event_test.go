package scenario

import (
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEventsAreRead(t *testing.T) {
	s, err := load(t, base+`
areas: {aseptic: A/B}
comments: {S01.weight: "it is so"}
events:
  - {before: S21.time, interrupt: "power cut"}
  - {before: S21.time, resume: repeat, reason: "mixed", by: qa}
  - {before: S02, values: {S02: {day: today-3d}}}
  - {after: S02, correct: S01.weight, value: "79,5", reason: "swapped"}
  - {before: S02, try: start, refused: batch-held}
  - {after: end, dispose: destroyed, reason: "waste"}
`)
	require.NoError(t, err)
	require.Equal(t, "A/B", s.Areas["aseptic"])
	var names []string
	for _, e := range s.Events {
		d, err := e.deed()
		require.NoError(t, err)
		names = append(names, d.name)
	}
	require.Equal(t, []string{"interrupt", "resume", "values", "correct", "try", "dispose"}, names)
	require.True(t, s.Events[0].at("S21.time", ""))
	require.False(t, s.Events[0].at("S21", ""))
	require.True(t, s.Events[3].at("", "S02"))
	require.False(t, s.Events[3].at("S02", ""))

	derived, err := load(t, "scenario: s\nbase: base\n", "base.yaml", base+"comments: {S01.weight: why}\nevents: [{after: S01, hold: why}]\n")
	require.NoError(t, err)
	require.Len(t, derived.Events, 1)
	require.Equal(t, "why", derived.Comments["S01.weight"])
}

func TestBadEvents(t *testing.T) {
	for event, want := range map[string]string{
		`{before: S21, hold: why, letgo: why}`:                               `unknown field "letgo"`,
		`{before: S21}`:                                                      "an event is one of values, correct",
		`{before: S21, hold: why, assess: minor}`:                            "an event is one of values, correct",
		`{hold: why}`:                                                        "before or after something",
		`{before: S21, after: S22, hold: why}`:                               "before or after something",
		`{before: end, hold: why}`:                                           `"end" is no place`,
		`{after: S21.time, hold: why}`:                                       `"S21.time" is no place`,
		`{after: S21, stop: failed}`:                                         "stop: it needs [reason]",
		`{after: S21, hold: why, reason: why}`:                               "hold: it needs []",
		`{after: S21, correct: viability, value: "1", reason: why}`:          "write it as S13.viability",
		`{after: S21, correct: S13.viability, value: 93.0, reason: why}`:     "events: 1: write the value in quotes",
		`{after: S21, correct: S13.viability, value: now-3, reason: why}`:    "is no template",
		`{after: S21, values: {S13: {viability: 93.0}}}`:                     "S13.viability: write the value in quotes",
		`{after: S21, values: {S13: {viability: "lot:"}}}`:                   "write lot:heparin or device:centrifuge",
		`{before: S21, interrupt: why}`:                                      "before one of its fields",
		`{before: S21, try: start}`:                                          "says with refused what comes of it",
		`{before: S21, try: verify, refused: batch-held}`:                    "it is start or complete",
		`{after: S21, block: "../lots", reason: why}`:                        "small letters, digits and hyphens",
		`{before: S42, deviations: major, cause: why}`:                       "deviations: it needs [cause risk]",
		`{before: S21.time, resume: repeat, reason: why, refused: "No one"}`: "small letters, digits and hyphens",
	} {
		_, err := load(t, base+"events:\n  - "+event+"\n")
		require.ErrorContains(t, err, want, event)
	}
	_, err := load(t, base+"comments: {weight: why}\n")
	require.ErrorContains(t, err, "write it as S15.temp_room")
}

type silent struct{}

func (silent) Say(string)        {}
func (silent) Step(StepProgress) {}

// What must not be possible is a fault when it was, and when another rule stood against it.
func TestRefusalsAreExpected(t *testing.T) {
	held := fmt.Errorf("POST /x: %w", &Problem{Code: "batch-held"})
	several := fmt.Errorf("POST /x: %w", &Problem{Code: "unmet", Problems: []reason{{Code: "batch-held"}}})
	for want, err := range map[string]error{
		"try was possible": nil, "was refused by [no-step]": fmt.Errorf("GET /x: %w", &Problem{Code: "no-step"}),
	} {
		h := &happening{play: &play{result: &Result{}, stage: Stage{Progress: silent{}}}, Event: Event{Refused: "batch-held"}, step: "S21"}
		require.NoError(t, h.refused("try", err))
		require.Len(t, h.result.Faults, 1)
		require.Contains(t, h.result.Faults[0], want)
	}
	h := &happening{play: &play{result: &Result{}, stage: Stage{Progress: silent{}}}, Event: Event{Refused: "batch-held"}}
	require.NoError(t, h.refused("try", held))
	require.NoError(t, h.refused("try", several))
	require.Empty(t, h.result.Faults)
	require.ErrorIs(t, h.refused("try", io.ErrUnexpectedEOF), io.ErrUnexpectedEOF, "no answer is no refusal")
}
