package batch

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// child is a batch that takes over what stands in another.
func child(t *testing.T, of *Batch) (*Batch, func(ledger.Author, ...ledger.Draft)) {
	t.Helper()
	c, add := openBatch(t)
	share := quantity.New(500, -1, "mL")
	add(ledger.Author{Account: "pilar", Role: "production-lead"}, ledger.Draft{Type: typeInherited, Data: of.estate(&share)})
	return c, add
}

// done puts a step of a batch to its end, with values of one field in turn.
func done(b *Batch, step, field string, values ...Captured) {
	st := b.steps[step]
	st.Status = Done
	st.Fields[field].Values = values
}

// A child is as unproven as the batch it was split from, and is freed by a proof that was signed there, before the split or after
// it, or by one of its own (scenarios 4 and 7).
func TestChildIsAsUnprovenAsItsParent_4(t *testing.T) {
	absent := func(t *testing.T) *Batch {
		b, _ := openBatch(t)
		b.steps["S06"].Status = Done
		b.steps["S06"].Unscanned = &Absence{Reason: "no network", By: "nuria", Version: 41}
		return b
	}
	proof := Proof{Covers: []Covered{{"S06", 41}}, Method: ByHLA, Reference: "LAB-2026-118"}
	qa := ledger.Author{Account: "quintin", Role: "qa"}

	parent := absent(t)
	c, add := child(t, parent)
	require.Len(t, c.Unproven(), 1)
	require.Equal(t, parent.toProve(), c.toProve())
	add(qa, ledger.Draft{Type: typeProved, Data: proof})
	require.Empty(t, c.Unproven(), "the parent's proof, signed after the split, or one of its own, covers the same")

	parent = absent(t)
	parent.Proofs = []*Proof{&proof}
	c, _ = child(t, parent)
	require.Empty(t, c.Unproven())
	require.Len(t, c.Proofs, 1)
	require.Equal(t, parent.Number, c.Proofs[0].Batch, "where it was signed")
}

// What a child takes over stays known as what it was: a result that once failed, and one of a device whose control failed then
// (scenarios 7, 33, 35).
func TestChildKeepsTheMarksOfItsValues_7(t *testing.T) {
	parent, _ := openBatch(t)
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	number := func(tenths int64, version uint64, ground Ground) Captured {
		q := quantity.New(tenths, -1, "%")
		return Captured{Value: Value{Number: &q}, Origin: Typed, At: at, Version: version, Seq: version, Ground: ground}
	}
	done(parent, "S38", "viability_cd45", number(694, 30, ""), number(692, 31, TestInvalid), number(963, 32, Mistyped), number(964, 33, Mistyped))
	done(parent, "S37", "lymph", number(310, 34, ""))
	parent.steps["S37"].uncontrolled = []failedControl{{device: "HEM-1", version: 40}}
	parent.steps["S37"].Fields["mono"].Values = []Captured{number(150, 41, "")} // measured again since

	c, add := child(t, parent)
	require.True(t, c.NeedsGround(c.steps["S38"].Fields["viability_cd45"].Field), "once failed, it says why for good")
	ids := map[string]Class{}
	found, _ := c.Exceptions()
	for _, e := range found {
		if e.Class == Retested || e.Class == Corrected {
			ids[e.ID] = e.Class
		}
	}
	require.Len(t, ids, 3, "each for itself")
	require.True(t, c.uncontrolled("S37.lymph"))
	require.False(t, c.uncontrolled("S37.mono"))
	require.Equal(t, []string{"S37.lymph"}, c.restingOn("HEM-1"))
	for _, r := range c.Results() {
		if r.Attribute.Field == "S37.lymph" {
			require.Equal(t, qc.Invalid, r.Evaluation)
		}
	}
	add(ledger.Author{Account: "ana", Role: "qc-analyst"}, ledger.Draft{Type: typeCorrected, Data: entered{Step: "S37", Field: "lymph", Value: number(312, 0, "").Value, Source: Typed, Reason: "measured again"}})
	require.False(t, c.uncontrolled("S37.lymph"), "measured again in the parent")
}
