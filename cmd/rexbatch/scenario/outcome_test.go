package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJudge(t *testing.T) {
	zero, one, two := 0, 1, 2
	for name, c := range map[string]struct {
		result Result
		want   Expectation
		fault  string
	}{
		"as expected":      {Result{Outcome: Certified}, Expectation{Outcome: Certified}, ""},
		"all as expected":  {Result{Outcome: Refused, Act: "certification", Rules: []string{"CS-44", "AT-33"}, OOS: 1}, Expectation{Outcome: Refused, Act: "certification", Rule: "AT-33", OOS: &one}, ""},
		"other outcome":    {Result{Outcome: Refused, Summary: "why"}, Expectation{Outcome: Certified}, "expected certified, came refused: why"},
		"other step":       {Result{Outcome: Stopped, Step: "S09"}, Expectation{Outcome: Stopped, Step: "S19"}, "expected it at S19, came at S09"},
		"other act":        {Result{Outcome: Refused, Act: "qa-review"}, Expectation{Outcome: Refused, Act: "certification"}, "expected at certification"},
		"other rule":       {Result{Outcome: Refused, Rules: []string{"I9"}}, Expectation{Outcome: Refused, Rule: "AT-33"}, "expected rule AT-33, came [I9]"},
		"other count":      {Result{Outcome: Certified, OOS: 1}, Expectation{Outcome: Certified, OOS: &two}, "expected 2 results"},
		"other exception":  {Result{Outcome: Certified}, Expectation{Outcome: Certified, Exceptions: &one}, "expected 1 exceptions, came 0"},
		"other deviations": {Result{Outcome: Held, Deviations: 1}, Expectation{Outcome: Held, Deviations: &zero}, "expected 0 deviations, came 1"},
		"other classes":    {Result{Outcome: Held, Classes: []string{"on-hold"}}, Expectation{Outcome: Held, Classes: []string{}}, "expected exceptions of the classes [], came [on-hold]"},
		"same classes":     {Result{Outcome: Held, Classes: []string{"a", "b"}}, Expectation{Outcome: Held, Classes: []string{"b", "a"}}, ""},
		"classes unasked":  {Result{Outcome: Held, Classes: []string{"a"}}, Expectation{Outcome: Held}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.result
			r.judge(c.want)
			if c.fault == "" {
				require.Empty(t, r.Faults)
				return
			}
			require.NotEmpty(t, r.Faults)
			require.Contains(t, r.Faults[0], c.fault)
		})
	}
}

func TestCounts(t *testing.T) {
	var r Result
	r.counts(review{Exceptions: []exception{{Class: classOOS}, {Class: classIdentity}, {Class: classIdentity}}, Deviations: []deviation{{}}})
	require.Equal(t, 3, r.Exceptions)
	require.Equal(t, 1, r.OOS)
	require.Equal(t, 1, r.Deviations)
	require.Equal(t, []string{classIdentity, classOOS}, r.Classes)
}
