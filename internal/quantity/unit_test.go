package quantity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/quantity"
)

func TestParseUnit(t *testing.T) { // domain description, scenario 32
	for _, u := range []string{
		"", "%", "mL", "L", "uL", "g", "kg", "mg", "cells", "10^6/mL", "10^9/mL", "10^9/L", "10^12/L", "/uL", "EU/mL", "EU/kg", "EU/kg/h", "min", "h", "d",
		"degC", "Pa", "cm", "1/min", "xg", "pcs", "n", "x", "ratio", "/m3", "per 100 WBC", "beads/uL", "beads", "/10^5", "/10^6", "cells/kg", "g/mL",
		"% of WBC", "% of CD34", "% of CD45+", "kJ/mol", "CFU",
	} {
		parsed, err := quantity.ParseUnit(u)
		require.NoError(t, err, u)
		require.Equal(t, quantity.Unit(u), parsed)
	}
	for _, u := range []string{"ml", "ML", "µL", "10^3/uL", "10*3/uL", "10*6/mL", "x10^8/kg", " mL", "mL ", "G", "%WBC", "°C", "10⁶/mL", strings.Repeat("x", 1000)} {
		_, err := quantity.ParseUnit(u)
		require.Equal(t, quantity.CodeUnknownUnit, code(t, err), u)
		require.Less(t, len(err.Error()), 200)
		require.False(t, quantity.Unit(u).Known())
	}
}

func TestLabels(t *testing.T) {
	for unit, label := range map[quantity.Unit]string{
		"10^6/mL": "10⁶/mL", "10^12/L": "10¹²/L", "uL": "µL", "degC": "°C", "/m3": "/m³", "xg": "×g", "n": "", "ratio": "", "": "", "unheard of": "unheard of",
	} {
		require.Equal(t, label, unit.Label())
	}
	all := quantity.Units()
	require.Len(t, all, 42)
	require.Equal(t, quantity.Unit(""), all[0])
	for _, u := range all {
		require.NotContains(t, u.Label(), "^", "labels are printed")
		q, err := quantity.ParseCanonical("1.50", u)
		require.NoError(t, err)
		require.Equal(t, "1.50", strings.TrimSuffix(q.String(), " "+string(u)))
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct{ value, unit, lang, want string }{
		{"1.20", "mL", "en", "1.20 mL"}, {"1.20", "mL", "es", "1,20 mL"}, {"1.20", "mL", "de-DE", "1,20 mL"}, {"1.20", "mL", "xx", "1.20 mL"},
		{"<5.00", "EU/mL", "de", "< 5,00 EU/mL"}, {"<=3", "%", "en", "≤ 3 %"}, {">=3", "%", "en", "≥ 3 %"},
		{"4.2e8", "cells", "en", "4.2×10⁸ cells"}, {"420000000", "cells", "es", "4,2×10⁸ cells"}, {"4e8", "cells", "de", "4×10⁸ cells"},
		{"2489200000", "cells", "en", "2.4892×10⁹ cells"}, {"4e2", "cells", "en", "400 cells"}, {"999999", "cells", "en", "999999 cells"},
		{"1234567.25", "cells", "es", "1234567,25 cells"}, {"0.0000001", "", "en", "1×10⁻⁷"}, {"0.000001", "", "en", "0.000001"},
		{"1e-10", "", "de", "1×10⁻¹⁰"}, {"-18.5", "degC", "de", "-18,5 °C"}, {"412", "n", "en", "412"}, {"25.4", "10^6/mL", "es", "25,4 10⁶/mL"},
		{"0", "mL", "en", "0 mL"}, {"0e8", "cells", "en", "0×10⁸ cells"}, {"10000000", "cells", "en", "1×10⁷ cells"},
	} {
		require.Equal(t, c.want, must(c.value, quantity.Unit(c.unit)).Format(c.lang), "%v", c)
	}
}
