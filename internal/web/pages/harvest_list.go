package pages

import (
	"net/http"

	"rexbatch/batch"
)

// harvestsPage compares the hospitals by the harvests that they sent (process scenarios 13 to 15).
type harvestsPage struct {
	frame
	Hospitals []batch.HospitalTrend
}

// harvestList is GET /harvests.
func (v *visit) harvestList() error {
	trends, err := v.plant().Batches.HospitalTrends(v.ctx())
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "harvests", harvestsPage{frame: v.frame("harvests", v.T("harvests.title")), Hospitals: trends})
}

// harvestStep is the gate that decides on the harvest.
const harvestStep = "S14"

// harvestFacts are what somebody has to know of the harvest before they decide on it: the anticoagulant in it, and how the
// harvests of the hospital have been.
func (v *visit) harvestFacts(b *batch.Batch) ([]trait, error) {
	var out []trait
	for _, field := range []string{"anticoagulant_type", "anticoagulant_lot", "anticoagulant_share"} {
		st, ok := b.Step("S05")
		if !ok || st.Fields[field] == nil || !v.desk.Sees(st.Step) {
			continue
		}
		if c, ok := st.Fields[field].Current(); ok {
			out = append(out, trait{Name: st.Fields[field].Field.Label.In(v.lang), Value: v.shown(st.Fields[field].Field, c.Value), Mono: true})
		}
	}
	h := b.Received()
	if h == nil || !v.reads() {
		return out, nil
	}
	t, known, err := v.plant().Batches.HospitalTrend(v.ctx(), h.Hospital)
	if err != nil || !known {
		return out, err
	}
	one := trait{Name: v.T("harvests.of", "hospital", h.Hospital), Value: v.T("harvests.sum", "n", itoa(t.Harvests), "clots", itoa(t.Clots), "volume", itoa(t.LowVolume), "cells", itoa(t.LowCells))}
	if t.Poor() {
		one.Tone = "att"
	}
	return append(out, one), nil
}
