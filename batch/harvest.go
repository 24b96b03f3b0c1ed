package batch

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rexbatch/internal/ledger"
)

// Where the recipe says what was harvested (S01, S09, S11, S14).
const (
	hospitalRef = "S01.hospital"
	clotsRef    = "S09.clots"
	volumeRef   = volumeStep + "." + volumeField
	yieldRef    = "S14.projected_yield"
)

// Harvest is what a batch says of the harvest that it is made from, as far as it has been looked at (process scenarios 13 to
// 15). It is part of the batch's view, so that hospitals can be compared without opening their batches.
type Harvest struct {
	Hospital  string `json:"hospital"`
	Clots     bool   `json:"clots,omitempty"`
	LowVolume bool   `json:"low_volume,omitempty"`
	LowCells  bool   `json:"low_cells,omitempty"`
}

// Received is what this batch says of its harvest; nil before somebody has looked for clots, and in a batch that was split from
// another: the harvest counts once.
func (b *Batch) Received() *Harvest {
	_, looked := b.Value(clotsRef)
	hospital, named := b.Value(hospitalRef)
	if !looked || !named || b.Parent != "" {
		return nil
	}
	poor := func(ref string) bool {
		f, ok := b.fieldOf(ref)
		c, has := b.Value(ref)
		return ok && has && b.beyond(f, c) != ""
	}
	return &Harvest{Hospital: strings.TrimSpace(hospital.Value.Text), Clots: poor(clotsRef), LowVolume: poor(volumeRef), LowCells: poor(yieldRef)}
}

// HospitalTrend counts the harvests of a hospital.
type HospitalTrend struct {
	Hospital                             string
	Harvests, Clots, LowVolume, LowCells int
}

// Poor tells whether any of the harvests was poor.
func (t HospitalTrend) Poor() bool { return t.Clots+t.LowVolume+t.LowCells > 0 }

// Trends counts harvests by hospital, in order of name. A hospital is the same however its name was capitalised.
func Trends(harvests []Harvest) []HospitalTrend {
	var out []HospitalTrend
	count := func(n *int, poor bool) {
		if poor {
			*n++
		}
	}
	for _, h := range harvests {
		i := slices.IndexFunc(out, func(t HospitalTrend) bool { return strings.EqualFold(t.Hospital, h.Hospital) })
		if i < 0 {
			out, i = append(out, HospitalTrend{Hospital: h.Hospital}), len(out)
		}
		t := &out[i]
		t.Harvests++
		count(&t.Clots, h.Clots)
		count(&t.LowVolume, h.LowVolume)
		count(&t.LowCells, h.LowCells)
	}
	slices.SortFunc(out, func(a, b HospitalTrend) int {
		return cmp.Compare(strings.ToLower(a.Hospital), strings.ToLower(b.Hospital))
	})
	return out
}

// harvestPrefix is the key prefix of a hospital's harvests; then a digest of its name, and the batch.
const harvestPrefix = "harvest/"

// harvestsOf is the key prefix of one hospital's harvests. A hospital is the same however its name was capitalised.
func harvestsOf(hospital string) string {
	return harvestPrefix + ledger.DigestOf([]byte(strings.ToLower(strings.TrimSpace(hospital)))).String() + "/"
}

// harvestViews adds the harvest under its hospital, and takes it from any other under which it once stood.
func (b *Batch) harvestViews(views map[string][]byte) error {
	step, field, _ := strings.Cut(hospitalRef, ".")
	if st, ok := b.steps[step]; ok && st.Fields[field] != nil {
		for _, c := range st.Fields[field].Values {
			views[harvestsOf(c.Value.Text)+b.Number] = nil
		}
	}
	h := b.Received()
	if h == nil {
		return nil
	}
	doc, err := json.Marshal(h)
	views[harvestsOf(h.Hospital)+b.Number] = doc
	return err
}

// HospitalTrend counts the harvests of one hospital; false when the plant has received none.
func (k *Book) HospitalTrend(ctx context.Context, hospital string) (HospitalTrend, bool, error) {
	var all []Harvest
	for doc, err := range k.Log.Views(ctx, harvestsOf(hospital)) {
		var h Harvest
		if err == nil {
			err = json.Unmarshal(doc.Data, &h)
		}
		if err != nil {
			return HospitalTrend{}, false, fmt.Errorf("harvests of %s: %w", hospital, err)
		}
		all = append(all, h)
	}
	trends := Trends(all)
	if len(trends) == 0 {
		return HospitalTrend{}, false, nil
	}
	return trends[0], true, nil
}

// HospitalTrends counts the harvests that the plant has received, by hospital.
func (k *Book) HospitalTrends(ctx context.Context) ([]HospitalTrend, error) {
	var all []Harvest
	for w, err := range k.Worklists(ctx) {
		if err != nil {
			return nil, err
		}
		if w.Harvest != nil {
			all = append(all, *w.Harvest)
		}
	}
	return Trends(all), nil
}
