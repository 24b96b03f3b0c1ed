package mbr

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

func loaded(t *testing.T, file string) *Recipe {
	t.Helper()
	r, err := Load([]byte(file))
	require.NoError(t, err)
	return r
}

func TestDiffOfOneRecipeIsEmpty(t *testing.T) {
	for _, name := range []string{"base.yaml", "rex-001-v1.yaml"} {
		require.Empty(t, Diff(loaded(t, masters(t, name)), loaded(t, masters(t, name))), name)
	}
}

// Form and comments have no meaning: a recipe that a program has written anew, without its comments, is the same.
func TestDiffIgnoresForm(t *testing.T) {
	for _, name := range []string{"base.yaml", "rex-001-v1.yaml"} {
		file := masters(t, name)
		var content yaml.MapSlice
		require.NoError(t, yaml.UnmarshalWithOptions([]byte(file), &content, yaml.UseOrderedMap()))
		again, err := yaml.Marshal(content)
		require.NoError(t, err)
		require.False(t, bytes.Equal(again, []byte(file)))
		require.Empty(t, Diff(loaded(t, file), loaded(t, string(again))), name)
	}
}

func TestDiffSaysWhatChanged(t *testing.T) {
	base := masters(t, "base.yaml")
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"tighter limit", `limit: ">=60.0"`, `limit: ">=70.0"`, []string{"S04: field S04.net_volume: limit >=60.0 mL → >=70.0 mL (tighter)"}},
		{"wider limit", `limit: "10.0..40.0"`, `limit: "5.0..50.0"`, []string{"S09: field S09.final_volume: limit 10.0..40.0 mL → 5.0..50.0 mL (wider)"}},
		{"shifted limit", `limit: "10.0..40.0"`, `limit: "20.0..50.0"`, []string{"S09: field S09.final_volume: limit 10.0..40.0 mL → 20.0..50.0 mL (shifted)"}},
		{"bound excluded", `limit: ">=60.0"`, `limit: ">60.0"`, []string{"S04: field S04.net_volume: limit >=60.0 mL → >60.0 mL (tighter)"}},
		{"bound written finer", `limit: "30.0..200.0"`, `limit: "30..200"`, []string{"S01: field S01.weight: limit 30.0..200.0 kg → 30..200 kg (wider)"}},
		{"no limit", `limit: "1..4", `, ``, []string{"S09: field S09.containers: limit 1..4 n → none (wider)"}},
		{"role and second person", "performer: production-lead\n            second: {role: qa, mode: confirm}", "performer: operator\n            second: {role: operator, mode: confirm}",
			[]string{"S06: performer production-lead → operator", "S06: second person qa → operator"}},
		{"formula input", "tare_g: S04.tare_mass", "tare_g: S04.gross_mass", []string{"S04: field S04.net_volume: input tare_g S04.tare_mass → S04.gross_mass"}},
		{"wording", "de: Linkes Bein", "de: Bein links", []string{"S01: field S01.limb option left: wording of name in de"}},
		{"condition", `|| S06.decision == "process_with_deviation"'`, `|| S06.decision != "process"'`,
			[]string{`S12: when S05.clots == "few" || S06.decision == "process_with_deviation" → S05.clots == "few" || S06.decision != "process"`}},
		{"blanks in a condition", `when: 'S05.clots == "few"',`, `when: 'S05.clots  ==  "few"',`, nil},
		{"clock", "limit: 3 h", "limit: 150 min", []string{": clock open-cells: limit 3 h → 150 min (tighter)"}},
		{"parameter of a clock", `transport_limit: {value: "24"`, `transport_limit: {value: "36"`,
			[]string{": parameter transport_limit: value 24 h → 36 h (more)", ": clock transport: limit param.transport_limit (24 h) → param.transport_limit (36 h) (wider)"}},
		{"gate", "{code: wait, then: hold}", "{code: wait, then: deviation}", []string{"S06: decision wait: then hold → deviation"}},
		{"option added", "{code: few, name: {en: Few, es: Pocos, de: Wenige}}]", "{code: few, name: {en: Few, es: Pocos, de: Wenige}}, {code: many, name: {en: Many, es: Muchos, de: Viele}}]",
			[]string{"S05: field S05.clots option many: added"}},
		{"duration", "duration: 45 min", "duration: 1 h", []string{"S08: duration 45 min → 1 h (more)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(base, c.old))
			var got []string
			for _, change := range Diff(loaded(t, base), loaded(t, strings.Replace(base, c.old, c.new, 1))) {
				got = append(got, change.Step+": "+change.String())
			}
			require.Equal(t, c.want, got)
		})
	}
}

// A step that moves has moved, and nothing else has.
func TestDiffOfStepsAddedRemovedMoved(t *testing.T) {
	a, b := loaded(t, masters(t, "base.yaml")), loaded(t, masters(t, "base.yaml"))
	steps := b.UnitProcedures[2].Operations[0].Steps // S07 S08 S09 S10
	steps[0], steps[1], steps[2] = steps[1], steps[2], steps[0]
	require.Equal(t, []Change{{Step: "S07", Sort: Moved, Old: "behind S06", New: "behind S09"}}, Diff(a, b))
	b.UnitProcedures[2].Operations[0].Steps = a.UnitProcedures[2].Operations[0].Steps[1:]
	require.Equal(t, []Change{{Step: "S07", Sort: Removed}}, Diff(a, b))
	require.Equal(t, []Change{{Step: "S07", Sort: Added}}, Diff(b, a))
}

// Whatever of a recipe is changed, Diff says so: every leaf that it has is changed, one after the other.
func TestDiffCoversEveryLeaf(t *testing.T) {
	a, b := loaded(t, masters(t, "base.yaml")), loaded(t, masters(t, "base.yaml"))
	before := a.outline()
	m := &mutator{held: func(path string) {
		d := &differ{}
		if d.parts(before, b.outline(), where{}); len(d.changes) == 0 {
			t.Errorf("%s was changed, and Diff does not see it", path)
		}
	}}
	m.walk(reflect.ValueOf(b).Elem(), "Recipe", func() {})
	require.Greater(t, m.leaves, 2000)
	require.Empty(t, Diff(a, b), "every change was taken back")
}

// mutator changes each leaf of a value, asks held, and changes it back.
type mutator struct {
	held   func(path string)
	leaves int
}

func (m *mutator) try(v, changed reflect.Value, path string, store func()) {
	m.leaves++
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	v.Set(changed)
	store()
	m.held(path)
	v.Set(old)
	store()
}

// walk takes a settable value; store writes it back where it came from.
func (m *mutator) walk(v reflect.Value, path string, store func()) {
	switch v.Interface().(type) {
	case ledger.Digest: // of the file, not of its meaning
		return
	case quantity.Quantity:
		m.try(v, reflect.ValueOf(quantity.MustParse("7777", "kg")), path, store)
		return
	case quantity.Limit:
		limit, err := quantity.ParseLimit("=7777", "kg")
		if err != nil {
			panic(err)
		}
		m.try(v, reflect.ValueOf(limit), path, store)
		return
	case time.Duration:
		m.try(v, reflect.ValueOf(v.Interface().(time.Duration)+time.Nanosecond), path, store)
		return
	}
	switch v.Kind() {
	case reflect.String:
		m.try(v, reflect.ValueOf(v.String()+"x").Convert(v.Type()), path, store)
	case reflect.Int:
		m.try(v, reflect.ValueOf(int(v.Int())+1).Convert(v.Type()), path, store)
	case reflect.Bool:
		m.try(v, reflect.ValueOf(!v.Bool()).Convert(v.Type()), path, store)
	case reflect.Pointer:
		if !v.IsNil() {
			if v.Type() != reflect.TypeFor[*Step]() && v.Type() != reflect.TypeFor[*Field]() {
				m.try(v, reflect.Zero(v.Type()), path+" gone", store)
			}
			m.walk(v.Elem(), path, func() {})
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				m.walk(v.Field(i), path+"."+f.Name, store)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			m.walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), store)
		}
		if v.Len() > 0 {
			m.try(v, v.Slice(1, v.Len()), path+" without the first", store)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			element := reflect.New(v.Type().Elem()).Elem()
			element.Set(v.MapIndex(k))
			m.walk(element, fmt.Sprintf("%s[%v]", path, k), func() { v.SetMapIndex(k, element) })
			old := v.MapIndex(k)
			v.SetMapIndex(k, reflect.Value{})
			m.leaves++
			m.held(fmt.Sprintf("%s without %v", path, k))
			v.SetMapIndex(k, old)
		}
	default:
		panic("a leaf of another kind: " + path + " " + v.Kind().String())
	}
}
