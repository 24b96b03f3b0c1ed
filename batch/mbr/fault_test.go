package mbr

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestFaultIsShownAsItsAuthorReadsIt(t *testing.T) {
	file := strings.Replace(masters(t, "base.yaml"), `when: 'S05.clots == "few" || S06`, `when: 'S15.arm == "active" || S06`, 1)
	_, faults := Compile([]byte(file))
	require.Equal(t, `base.yaml:370:16: error MBR104: S12 refers to S15.arm, which is defined later
    370 |         when: 'S15.arm == "active" || S06.decision == "process_with_deviation"'
        |                ^^^^^^^
    fix: refer to something that is captured before S12, or move the step
`, faults[0].Show("base.yaml", []byte(file)))
}

// Long lines are cut around the fault, and the mark still stands under it.
func TestFaultOnALongLineIsMarked(t *testing.T) {
	file := strings.Replace(masters(t, "base.yaml"), "limit: param.transport_limit", "limit: param.transport_limt", 1)
	_, faults := Compile([]byte(file))
	require.Equal(t, "MBR106", faults[1].Code)
	lines := strings.Split(faults[1].Show("base.yaml", []byte(file)), "\n")
	line, mark := []rune(lines[1]), []rune(lines[2])
	require.LessOrEqual(t, len(line), width+12)
	at := strings.Index(string(mark), "^")
	require.Equal(t, "param.transport_limt", string(line[at:len(mark)]))
}

// The mark of an expression is exact in each way of quoting.
func TestPlaceInsideOfAnExpression(t *testing.T) {
	base := masters(t, "base.yaml")
	old := `when: 'S05.clots == "few" || S06.decision == "process_with_deviation"'`
	for _, c := range []struct{ name, when string }{
		{"single quotes", `when: 'S99.clots == "few"'`},
		{"double quotes", `when: "\"few\" == S99.clots"`},
		{"letters behind an escape", `when: "\"f\u0065w\" == S99.clots"`},
		{"doubled quote", `when: 'has(S05.clots) && "it''s" == S99.clots'`},
		{"plain", `when: S99.clots == "few"`},
		{"several lines", "when: >-\n          has(S05.clots) &&\n          S99.clots == \"few\""},
		{"literal block", "when: |\n          has(S05.clots) &&\n          S99.clots == \"few\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := strings.Replace(base, old, c.when, 1)
			_, faults := Compile([]byte(file))
			require.NotEmpty(t, faults)
			f := faults[0]
			require.Equal(t, "MBR103", f.Code, "%v", faults)
			line := []rune(strings.Split(file, "\n")[f.Line-1])
			require.Equal(t, "S99.clots", string(line[f.Column-1:f.Column-1+f.Length]))
		})
	}
}

func TestFaultsAreBoundedAndInOrder(t *testing.T) {
	var s strings.Builder
	s.WriteString("recipe: X\nversion: 1\ntitle: {en: a, es: b, de: c}\nvariants: {ES-SVQ: {name: {en: a, es: b, de: c}}}\nunit_procedures:\n  - id: UP10\n    name: {en: a, es: b, de: c}\n    steps:\n")
	for i := range 150 {
		fmt.Fprintf(&s, "      - {id: S%03d, nam: 1}\n", i)
	}
	r, faults := Compile([]byte(s.String()))
	require.Nil(t, r)
	require.Len(t, faults, maxFaults)
	require.Equal(t, tooManyFaults, faults[maxFaults-1].Code)
	require.Equal(t, AgainstExecution, faults[maxFaults-1].Stands)
	for i := 1; i < len(faults); i++ {
		require.LessOrEqual(t, faults[i-1].Line, faults[i].Line)
	}
}

func TestFilesThatAreNoRecipe(t *testing.T) {
	for _, c := range []struct{ name, file string }{
		{"empty", ""},
		{"a comment", "# nothing\n"},
		{"a list", "- a\n- b\n"},
		{"a text", "recipe"},
		{"two documents", "recipe: A\n---\nrecipe: B\n"},
		{"not UTF-8", "recipe: A\ntitle: \xff\n"},
		{"a tab", "\trecipe: A\n"},
		{"deep lists", strings.Repeat("[", 100000)},
		{"deep objects", strings.Repeat("{a: ", 100000)},
		{"deep entries", strings.Repeat("- ", 100000) + "a"},
		{"deep entries in a list", "a: [" + strings.Repeat("- ", 100000) + "a]"},
		{"deep keys", strings.Repeat("? ", 100000) + "a"},
		{"too large", strings.Repeat("#", maxMaster+1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, faults := Compile([]byte(c.file))
			require.Nil(t, r)
			require.Equal(t, "MBR001", faults[0].Code)
		})
	}
}

func TestMeantNamesWhatWasProbablyMeant(t *testing.T) {
	for _, c := range []struct {
		wrong string
		known []string
		want  string
	}{
		{"trainig", []string{"training", "title"}, `did you mean "training"?`},
		{"confrim", []string{"confirm", "scan"}, `did you mean "confirm"?`},
		{"ML", []string{"mL", "g"}, `did you mean "mL"?`},
		{"elephant", []string{"scan", "confirm"}, "it is one of confirm, scan"},
		{"x", nil, "leave it out"},
	} {
		require.Equal(t, c.want, meant(c.wrong, c.known), c.wrong)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add([]byte("recipe: X\nversion: 1\n"))
	f.Add([]byte("unit_procedures: [{id: UP10, steps: [{id: S01, fields: [{id: a, type: computed, formula: F02, inputs: {volume_ml: S01.a}}]}]}]"))
	f.Add([]byte("&a [*a]"))
	f.Add([]byte("variants: {ES-SVQ: {name: {}}}\nunit_procedures: [{steps: [{id: S1, when: 'S1.a', gate: {field: a}, repeat: {from: S1}, fields: [{id: a, type: enum, limit: '1..', checks: [{that: this}]}]}]}]"))
	f.Add([]byte("clocks: [{from: S1@started, to: S1@completed, limit: 1 h}]\nsplit: {after: S1}\nunit_procedures: [{steps: [{id: S1, act: certification, creates: [{}], custody: {}, second: {mode: retype}}]}]"))
	f.Add([]byte("a: \"\\u00e9\\\"\n b: |\n  x\n? - k\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<14 {
			t.Skip("bounded: large files are slow, not different")
		}
		r, faults := Compile(file)
		require.LessOrEqual(t, len(faults), maxFaults)
		lines := strings.Count(string(file), "\n") + 1
		stops := false
		for _, fault := range faults {
			require.True(t, fault.Line >= 1 && fault.Column >= 1 && fault.Length >= 1)
			require.LessOrEqual(t, fault.Line, lines+1, fault.Error())
			require.True(t, utf8.ValidString(fault.Show("f", []byte(strings.ToValidUTF8(string(file), "?")))))
			stops = stops || fault.Stands == AgainstExecution
		}
		require.Equal(t, stops, r == nil)
		loaded, err := Load(file)
		require.Equal(t, r == nil, err != nil)
		if r != nil {
			require.Equal(t, r.Digest, loaded.Digest)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	file := recipeFile(b)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		Compile([]byte(file))
	}
}

// An author is in the middle of something more often than not: whatever line is missing, the rest is still checked.
func TestAnyLineMayBeMissing(t *testing.T) {
	lines := strings.Split(masters(t, "base.yaml"), "\n")
	step := 7
	if testing.Short() {
		step = 29
	}
	for i := 0; i < len(lines); i += step {
		file := strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "\n")
		require.NotPanics(t, func() { Compile([]byte(file)) }, "without line %d: %s", i+1, lines[i])
	}
}
