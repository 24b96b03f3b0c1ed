package gs1

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	require.NotEmpty(t, definitions)
	for ai, d := range definitions {
		require.NotEmpty(t, d.title, ai)
		require.NotEmpty(t, d.components, ai)
		total := 0
		for _, c := range d.components {
			require.Positive(t, c.max, ai)
			require.LessOrEqual(t, c.min, c.max, ai)
			total += c.max
		}
		for n := 2; n < len(ai); n++ {
			require.NotContains(t, definitions, ai[:n], "no identifier begins with another one")
		}
		if length, fixed := predefined[ai[:2]]; fixed {
			require.Equal(t, length, len(ai)+total, "%s has a predefined length", ai)
		}
	}
	require.Equal(t, "N6+N4", definitions["7003"].format())
	require.Equal(t, "X..20", definitions["10"].format())
	require.Equal(t, "BATCH/LOT", Title("10"))
}
