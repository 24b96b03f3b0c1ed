package mbr

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/expression"
	"rexbatch/internal/quantity"
)

// A batch pins its version for ever: what could once be executed is still read and executed (AT-5).
func TestLoad_AT5_ReadsTheFirstVersion(t *testing.T) {
	file := []byte(masters(t, "rex-001-v1.yaml"))
	r, err := Load(file)
	require.NoError(t, err)
	require.Equal(t, 1, r.Version)
	require.Equal(t, "d4bba75f33b9daaf4b740801405bc2ab47002ba0b7b771f989b7b22a00ea58ec", r.Digest.String(), "the file is kept byte for byte")
	fields := 0
	for _, s := range r.Steps() {
		fields += len(s.Fields)
		for _, f := range s.Fields {
			if f.Type == TypeComputed {
				require.NotEmpty(t, f.Formula, f.Ref())
				require.NotEmpty(t, f.Inputs, f.Ref())
			}
		}
	}
	require.Equal(t, 291, fields)
	_, faults := Compile(file)
	for _, f := range faults {
		require.NotEqual(t, AgainstExecution, f.Stands, f.Error())
	}
}

// What stands only against approval does not keep a pinned version from being executed; what cannot be executed does.
func TestLoad_AT5_RefusesOnlyWhatCannotBeExecuted(t *testing.T) {
	base := masters(t, "base.yaml")
	for _, c := range []struct{ name, old, new, want string }{
		{"approval: no second person for a critical step", "        second: {role: nurse, mode: scan, field: wristband_scan}\n", "", ""},
		{"approval: a clock that is too short", "limit: 3 h", "limit: 1 h", ""},
		{"approval: a line that is never given back", "        line: free\n", "", ""},
		{"warning: an unknown flag", "flags: [ipc]\n", "flags: [icp]\n", ""},
		{"execution: a missing language", ", de: Raumfreigabe}", "}", `: error MBR801: there is no text in "de"`},
		{"execution: an unknown formula", "formula: F01,", "formula: F99,", `167:27: error MBR301: there is no formula "F99"`},
		{"execution: a reference to something later", "tare_g: S04.tare_mass", "tare_g: S09.final_volume", "S04.net_volume refers to S09.final_volume, which is defined later"},
		{"execution: a unit", "unit: g/mL", "unit: g/ml", `there is no unit "g/ml"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(base, c.old), "the defect must be seeded")
			r, err := Load([]byte(strings.Replace(base, c.old, c.new, 1)))
			if c.want == "" {
				require.NoError(t, err)
				require.NotNil(t, r)
				return
			}
			require.Nil(t, r)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A loaded recipe carries everything that the file says, compiled.
func TestLoad_ReadsEveryConstruct(t *testing.T) {
	r, err := Load([]byte(masters(t, "base.yaml")))
	require.NoError(t, err)
	wash, _ := r.Step("S09")
	require.Equal(t, &Second{Role: "operator", Mode: ScansAgain, Field: "container_scan"}, wash.Second)
	require.Equal(t, time.Hour, wash.Duration)
	require.Equal(t, []MaterialUse{{Material: "wash-buffer", Field: "buffer_lot", Quantity: "buffer_volume"}}, wash.Materials)
	require.True(t, wash.Creates[0].Print)
	require.Equal(t, []string{"ES-SVQ"}, wash.Creates[1].Only)
	spin, _ := r.Step("S08")
	require.Equal(t, []EquipmentUse{{Kind: "centrifuge", Field: "centrifuge_id", Programme: "programme"}}, spin.Equipment)
	require.Equal(t, &Repeat{From: "S08", Times: 1}, spin.Repeat)
	decide, _ := r.Step("S06")
	then, ok := decide.Gate.Then("wait")
	require.True(t, ok)
	require.Equal(t, Hold, then)
	require.True(t, decide.Fields[1].Optional)
	require.Equal(t, &Split{After: "S06", Volume: "S04.net_volume", Tolerance: "0.5 mL"}, r.Split)
	require.Equal(t, 6, r.Budget)
	require.Len(t, r.Clocks, 3)
	over, err := r.Over(r.Clocks[0])
	require.NoError(t, err)
	require.Equal(t, 24*time.Hour, over)
	last, _ := r.Step("S16")
	require.True(t, last.Closing)
	arm, _ := r.Step("S15")
	require.True(t, arm.Blind)
	rate, ok := r.SignaturesPerHour("ES-SVQ")
	require.True(t, ok)
	require.Equal(t, 2, rate, "6 second persons in 220 planned minutes")
	require.Equal(t, 7, r.DemoNumbers())
}

func TestConditions_AreEvaluatedOverTheRecord(t *testing.T) {
	r, err := Load([]byte(masters(t, "base.yaml")))
	require.NoError(t, err)
	again, _ := r.Step("S12")
	require.Equal(t, []string{"S05.clots", "S06.decision"}, again.When.References())
	record := map[string]expression.Value{}
	values := func(ref string) (expression.Value, bool) {
		v, ok := record[ref]
		return v, ok
	}
	_, err = again.When.Holds(values)
	var missing *expression.MissingError
	require.ErrorAs(t, err, &missing)
	record["S05.clots"] = expression.Value{Kind: expression.Text, Text: "few"}
	holds, err := again.When.Holds(values)
	require.NoError(t, err)
	require.True(t, holds)

	weigh, _ := r.Step("S04")
	perPull := weigh.Fields[5]
	kind, ok := perPull.Kind()
	require.True(t, ok)
	require.Equal(t, expression.Type{Kind: expression.Number, Unit: "mL"}, kind)
	record["S04.net_volume"] = expression.Value{Kind: expression.Number, Number: quantity.MustParse("90.0", "mL")}
	record["S02.pulls"] = expression.Value{Kind: expression.Number, Number: quantity.MustParse("30", "n")}
	v, err := perPull.Expr.Eval(values)
	require.NoError(t, err)
	require.Equal(t, "3 mL", v.Number.Round(0).String())
}

func TestConditionThatWasNotCompiledIsAnError(t *testing.T) {
	c := Condition{Source: "true"}
	_, err := c.Eval(func(string) (expression.Value, bool) { return expression.Value{}, false })
	require.ErrorContains(t, err, "not compiled")
	require.Nil(t, c.References())
	require.Nil(t, c.Formulas())
}
