package batch

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

func TestFieldParse_I13_KeepsWhatWasTyped(t *testing.T) {
	seville, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	options := []mbr.Option{{Code: "none"}, {Code: "few"}}
	for _, c := range []struct {
		name, typ, unit, in, want string
	}{
		{"trailing zero stays", "decimal", "mL", "1.20", "1.20 mL"},
		{"decimal comma", "decimal", "mL", "143,6", "143.6 mL"},
		{"qualifier stays", "decimal", "EU/mL", "<5.00", "<5.00 EU/mL"},
		{"whole number", "int", "pcs", "12", "12 pcs"},
		{"yes", "bool", "", "true", "true"},
		{"choice", "enum", "", "few", "few"},
		{"several choices", "multi", "", "none, few", "none, few"},
		{"local time in winter", "datetime", "", "2026-11-22T14:05", "2026-11-22T13:05:00Z"},
		{"time with offset", "datetime", "", "2026-11-22T14:05:00+01:00", "2026-11-22T13:05:00Z"},
		{"date", "date", "", "2026-11-22", "2026-11-22"},
		{"text", "text", "", "planta principal, ñ ü ß", "planta principal, ñ ü ß"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &mbr.Field{ID: "f", Step: "S00", Type: mbr.FieldType(c.typ), Unit: quantity.Unit(c.unit), Options: options}
			v, err := Parse(f, Input{Text: c.in}, seville)
			require.NoError(t, err)
			require.Equal(t, c.want, v.String())
		})
	}
}

func TestFieldParse_RefusesBadInput(t *testing.T) {
	seville, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	for _, c := range []struct {
		name, typ, in, unit, code string
	}{
		{"nothing", "text", "  ", "", "empty-value"},
		{"too long", "text", strings.Repeat("x", 501), "", "text-bounds"},
		{"bad UTF-8", "text", "a\xffb", "", "text-bounds"},
		{"emoji cannot be printed", "text", "ok 🙂", "", "not-printable"},
		{"another unit", "decimal", "12.5", "L", "wrong-unit"},
		{"fraction of a whole number", "int", "1.5", "", "not-whole"},
		{"qualified whole number", "int", "<3", "", "not-whole"},
		{"unknown choice", "enum", "many", "", "not-an-option"},
		{"unknown choice among several", "multi", "none,many", "", "not-an-option"},
		{"numeric date", "date", "22.11.2026", "", "bad-date"},
		{"no such time", "datetime", "yesterday", "", "bad-time"},
		{"time that happens twice", "datetime", "2026-10-25T02:30", "", "clock-change"},
		{"time that never happens", "datetime", "2026-03-29T02:30", "", "clock-change"},
		{"scans are not typed", "scan", "CHA999926000123", "", "scan-only"},
		{"computed values are not typed", "computed", "3", "", "computed-only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &mbr.Field{ID: "f", Step: "S00", Type: mbr.FieldType(c.typ), Unit: "mL", Options: []mbr.Option{{Code: "none"}}}
			_, err := Parse(f, Input{Text: c.in, Unit: c.unit}, seville)
			rs := ledger.RefusalsOf(err)
			require.Len(t, rs, 1, "%v", err)
			require.Equal(t, c.code, rs[0].Code)
			require.NotEmpty(t, rs[0].Next)
		})
	}
}

func TestFieldParse_AmbiguousNumberIsRefused_I13(t *testing.T) {
	f := &mbr.Field{ID: "f", Step: "S00", Type: mbr.TypeDecimal, Unit: "mL"}
	for _, in := range []string{"1.234", "12,500", "1.234,5", "NaN", "0x10", "1e999"} {
		_, err := Parse(f, Input{Text: in}, time.UTC)
		require.Error(t, err, in)
	}
}

func FuzzFieldParse(f *testing.F) {
	for _, s := range []string{"1.20", "143,6", "<5.00", "true", "2026-11-22T14:05", "\x00", "🙂", "1e400"} {
		f.Add(s)
	}
	madrid, err := time.LoadLocation("Europe/Madrid")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, in string) {
		for _, typ := range []mbr.FieldType{mbr.TypeDecimal, mbr.TypeInt, mbr.TypeText, mbr.TypeDateTime, mbr.TypeDate, mbr.TypeEnum, mbr.TypeMulti, mbr.TypeBool} {
			field := &mbr.Field{ID: "f", Step: "S00", Type: typ, Unit: "mL", Options: []mbr.Option{{Code: "none"}}}
			v, err := Parse(field, Input{Text: in}, madrid)
			if err == nil {
				require.False(t, v.IsZero())
			}
		}
	})
}

func TestSeal_I11_HidesWhatItHolds(t *testing.T) {
	seal, err := NewSeal(make([]byte, SealKeySize), strings.NewReader(strings.Repeat("0123456789", 100)))
	require.NoError(t, err)
	active, err := seal.Close("B1", "S44.arm", Value{Text: "active"})
	require.NoError(t, err)
	placebo, err := seal.Close("B1", "S44.arm", Value{Text: "placebo"})
	require.NoError(t, err)
	require.Len(t, placebo.Sealed, len(active.Sealed), "the length does not tell the arm")
	require.NotContains(t, active.Sealed, "active")
	v, err := seal.Open("B1", "S44.arm", active)
	require.NoError(t, err)
	require.Equal(t, "active", v.Text)
	_, err = seal.Open("B2", "S44.arm", active)
	require.Error(t, err, "a sealed value moved to another batch does not open")
	_, err = seal.Open("B1", "S44.arm", Value{Sealed: "AAAA"})
	require.Error(t, err)
}
