package record_test

import (
	"os"
	"testing"
	"time"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"

	"github.com/stretchr/testify/require"
)

func small(t testing.TB, profile string) *made {
	t.Helper()
	recipe, err := os.ReadFile("testdata/small.yaml")
	require.NoError(t, err)
	spec, err := os.ReadFile("testdata/small-spec.yaml")
	require.NoError(t, err)
	return begin(t, profile, recipe, spec)
}

type object = map[string]any

func (m *made) enter(account, role, field string, value batch.Value, more ...string) {
	kind, data := "batch.field-entered", object{"step": "S01", "field": field, "value": value, "source": "typed"}
	if len(more) == 2 {
		kind, data["reason"] = more[0], more[1]
	}
	m.add(account, role, ofBatch, kind, data)
}

func number1(coefficient int64, unit quantity.Unit) batch.Value {
	q := quantity.New(coefficient, -1, unit)
	return batch.Value{Number: &q}
}

// compute adds the net volume as the formula would give it, with all its digits.
func (m *made) compute(coefficient int64, gross batch.Value, entry uint64) {
	net := quantity.New(coefficient, -8, "mL")
	m.add("ana", "operator", ofBatch, "batch.field-computed", object{
		"step": "S01", "field": "net", "value": batch.Value{Number: &net}, "formula": "F01", "formula_version": 1,
		"inputs": []batch.ComputedInput{{Name: "gross_g", Ref: "S01.gross", Value: gross, Entry: entry}, {Name: "tare_g", Ref: "S01.tare", Value: number1(200, "g"), Entry: entry + 3}},
	})
}

// lived is a batch in which everything happens once: a stop, a take-over, a correction, a late entry, sealed content,
// an exception with its assessment, a handoff, and the signatures at the end.
func lived(t testing.TB, profile string) *made {
	m := small(t, profile)
	bag := m.container(m.recipe.Steps()[0], "harvest-bag", 1)
	m.add("nina", "nurse", therapy, "custody.handoff-offered", object{"container": bag, "seals": []string{"SEAL-1", "SEAL-2"}, "place": "Ward 3", "to": "courier"})
	offer := m.entries[len(m.entries)-1].Seq
	m.add("inaki", "courier", therapy, "custody.handoff-accepted", object{"container": bag, "seals": []string{"SEAL-1"}, "place": "Ward 3", "offer": offer, "party": "courier", "disagrees": "seals [SEAL-1 SEAL-2] given, [SEAL-1] received"})
	m.add("ana", "operator", ofBatch, "batch.step-started", object{"step": "S01"})
	m.add("ana", "operator", therapy, "custody.scanned", object{
		"purpose": number + "/S01/bag_scan", "expected": "harvest-bag", "raw": "=A999926000777\x1d00", "outcome": "mismatched", "why": "another patient",
	})
	m.add("ana", "operator", ofBatch, "batch.identity-stopped", object{"step": "S01", "field": "seal_ok", "want": m.coi.Print(), "got": "CH A9999 26 000777 X", "why": "another patient"})
	m.enter("ana", "operator", "seal_ok", batch.Value{Text: "true"})
	m.enter("ana", "operator", "gross", number1(2720, "g"))
	gross := m.entries[len(m.entries)-1].Seq
	m.enter("ana", "operator", "tare", number1(200, "g"))
	m.add("jorge", "operator", ofBatch, "batch.step-taken-over", object{"step": "S01", "from": "ana", "reason": "End of her shift"})
	m.enter("jorge", "operator", "colour", batch.Value{Text: "brown"})
	m.compute(23_773_584_906, number1(2720, "g"), gross)
	m.add("jorge", "operator", ofBatch, "batch.step-completed", object{"step": "S01"})
	m.enter("jorge", "operator", "gross", number1(2270, "g"), "batch.field-corrected", "Digits were swapped, see the print of the balance")
	m.compute(19_528_301_887, number1(2270, "g"), gross)
	m.enter("jorge", "operator", "remark", batch.Value{Text: "Bag <15 mL foam> & “clots”: none"}, "batch.field-entered", "Forgotten at the end of the shift")
	m.add("lena", "operator", ofBatch, "batch.step-verified", object{"step": "S01", "signature": m.signature("lena", "operator", "verified")})
	m.add("carlos", "custodian", ofBatch, "batch.step-started", object{"step": "S02"})
	m.add("carlos", "custodian", ofBatch, "batch.field-entered", object{"step": "S02", "field": "arm", "value": batch.Value{Sealed: sealed}, "source": "typed"})
	m.add("carlos", "custodian", ofBatch, "batch.field-corrected", object{"step": "S02", "field": "arm", "value": batch.Value{Sealed: sealed[4:]}, "source": "typed", "reason": "sealed " + sealed})
	m.add("carlos", "custodian", ofBatch, "batch.step-completed", object{"step": "S02"})
	m.add("uma", "unblinded-operator", ofBatch, "batch.step-verified", object{"step": "S02", "signature": m.signature("uma", "unblinded-operator", "verified")})
	m.assess()
	m.act("hector", "qa", "qa-review", "reviewed", nil)
	m.act("marina", "qp", "certification", "certified", object{"certificate": "SVQ-2026-0001", "register": 1, "stage": 1, "pending_tests": []string{}, "checkpoint": "rexbatch/ES-SVQ/1\n184\nabc=\n\n— sig\n"})
	return m
}

// assess lets QA assess the first exception of the batch.
func (m *made) assess() {
	found, _ := m.batch.Exceptions()
	require.NotEmpty(m.t, found)
	m.add("hector", "qa", ofBatch, "batch.exception-assessed", object{
		"exception": found[0].ID, "step": found[0].Step, "classification": "major", "assessment": "The label of another bag lay on the bench.\nIt was put aside; the product is not affected.",
		"signature": m.signature("hector", "qa", "assessed"),
	})
}

func (m *made) act(account, role, act, meaning string, details object) {
	data := object{"act": act, "record": m.batch.Record, "signature": m.signature(account, role, meaning)}
	if details != nil {
		data["details"] = details
	}
	m.add(account, role, ofBatch, "batch.act-signed", data)
}

// loose adds an entry that the state of the batch does not know: a type of a later release.
func (m *made) loose(kind string, data string) ledger.Entry {
	last := m.entries[len(m.entries)-1]
	e := last
	e.Seq, e.Version, e.Type, e.Data, e.Blobs, e.Time = last.Seq+7, last.Version+1, kind, []byte(data), nil, last.Time.Add(time.Second)
	e.Leaf = ledger.DigestOf([]byte(kind + data))
	m.entries = append(m.entries, e)
	return e
}
