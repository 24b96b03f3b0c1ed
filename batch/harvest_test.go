package batch

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A harvest stands under the hospital that the order names now, and under no other (scenario 13).
func TestHarvestStandsUnderItsHospital_13(t *testing.T) {
	b, _ := openBatch(t)
	require.Empty(t, stands(t, b))
	hospital := func(name string) Captured { return Captured{Value: Value{Text: name}, Origin: Typed} }
	b.steps["S09"].Fields["clots"].Values = []Captured{{Value: Value{Text: "none"}, Origin: Typed}}
	b.steps["S01"].Fields["hospital"].Values = []Captured{hospital("Virgen del Rocío"), hospital("Hospital Macarena"), hospital("Virgen  del Rocío "), hospital("hospital macarena")}
	require.Equal(t, []string{harvestsOf("Hospital Macarena") + b.Number}, stands(t, b))
	views, err := b.views()
	require.NoError(t, err)
	old, removed := views[harvestsOf("virgen del rocío")+b.Number]
	require.True(t, removed)
	require.Nil(t, old)
}

// stands are the keys under which a harvest is kept.
func stands(t *testing.T, b *Batch) []string {
	t.Helper()
	views, err := b.views()
	require.NoError(t, err)
	maps.DeleteFunc(views, func(key string, doc []byte) bool { return doc == nil || !strings.HasPrefix(key, harvestPrefix) })
	return slices.Sorted(maps.Keys(views))
}
