package batch

import (
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
	"rexbatch/templates"
)

// openBatch folds a batch in Seville from its first entries, without a ledger.
func openBatch(t *testing.T) (*Batch, func(ledger.Author, ...ledger.Draft)) {
	t.Helper()
	library := NewLibrary(nil)
	recipe, err := library.AddRecipe([]byte(recipeFile(t)))
	require.NoError(t, err)
	spec, err := library.AddSpecification([]byte(specFile(t)))
	require.NoError(t, err)
	fin, err := isbt128.NewFIN("A9999")
	require.NoError(t, err)
	coi, err := isbt128.NewCoI(fin, 26, 1)
	require.NoError(t, err)
	b := &Batch{}
	add := func(by ledger.Author, drafts ...ledger.Draft) {
		for _, d := range drafts {
			e, err := ledger.Provisional(d, by, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), b.Version+1)
			require.NoError(t, err)
			e.Seq = b.Version
			require.NoError(t, b.Apply(e, library))
		}
	}
	lucia := ledger.Author{Account: "lucia", Role: "coordinator"}
	add(lucia, Issue("SVQ2600001X", coi, "3401-001", "ES-SVQ", recipe, spec.Digest)...)
	return b, add
}

func enter(t *testing.T, b *Batch, by ledger.Author, now time.Time, step, field string, v Value, from Origin) ([]ledger.Draft, error) {
	t.Helper()
	h, err := b.Handle(by, now, step)
	require.NoError(t, err)
	return b.Enter(h, field, v, from)
}

func TestCloneIsIndependent(t *testing.T) {
	b, add := openBatch(t)
	lucia := ledger.Author{Account: "lucia", Role: "coordinator"}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	drafts, err := enter(t, b, lucia, now, "S01", "index_limb", Value{Text: "left"}, Typed)
	require.NoError(t, err)
	copied := b.clone()
	record := copied.Record
	add(lucia, drafts...)
	_, ok := copied.Value("S01.index_limb")
	require.False(t, ok, "what is appended to one is not seen in the other")
	require.Equal(t, record, copied.Record)
	st, _ := copied.Step("S01")
	require.Equal(t, Waiting, st.Status)
	require.False(t, copied.HadHandsOn("lucia"))
	_, ok = b.Value("S01.index_limb")
	require.True(t, ok)
}

func TestExceptionsAreThoseOfTheStateAsItIs(t *testing.T) {
	b, add := openBatch(t)
	lucia := ledger.Author{Account: "lucia", Role: "coordinator"}
	before, checks := b.Exceptions()
	require.Empty(t, before)
	old, heavy := b.clone(), quantity.New(2500, -1, "kg")
	drafts, err := enter(t, b, lucia, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), "S01", "body_weight", Value{Number: &heavy}, Typed)
	require.NoError(t, err)
	add(lucia, drafts...)
	found, more := b.Exceptions()
	require.Len(t, found, 1)
	require.Equal(t, OutOfLimit, found[0].Class)
	require.Greater(t, more, checks)
	found[0].Class = Corrected
	again, _ := b.Exceptions()
	require.Equal(t, OutOfLimit, again[0].Class, "who asks gets their own list")
	before, _ = old.Exceptions()
	require.Empty(t, before, "the state before stays as it was")
}

func recipeFile(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.MBR, "mbr/rex-001.yaml")
	require.NoError(t, err)
	return string(raw)
}

func specFile(t *testing.T) string {
	t.Helper()
	raw, err := fs.ReadFile(templates.Specifications, "spec/demo-p1.yaml")
	require.NoError(t, err)
	return string(raw)
}
