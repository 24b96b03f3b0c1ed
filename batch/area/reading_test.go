package area_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// at is a time of the morning on which every test begins.
func at(hour, minute int) time.Time { return time.Date(2026, 11, 22, hour, minute, 0, 0, time.UTC) }

func reading(kind area.Kind, value string, from, to time.Time) area.Reading {
	return area.Reading{Kind: kind, Value: quantity.MustParse(value, kind.Unit()), From: from, To: to, Source: "APC-04"}
}

// busy is a plant whose area one batch had from 08:00 to 10:00; it is 12:00 now.
func busy(t *testing.T) *plant {
	p := newPlant(t)
	p.lab("SVQ-A1")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))
	p.pass(2 * time.Hour)
	require.NoError(t, p.free("SVQ-A1", one))
	p.pass(2 * time.Hour)
	return p
}

// listen collects what batches are told, as entries of their own streams.
func (p *plant) listen() *[]area.Excursion {
	var told []area.Excursion
	p.Excursions = func(_ context.Context, _ ledger.Author, found []area.Excursion) ([]ledger.StreamAppend, map[string][]byte, error) {
		told = found
		var out []ledger.StreamAppend
		for _, f := range found {
			out = append(out, ledger.StreamAppend{Stream: "told/" + f.Batch, Drafts: []ledger.Draft{{Type: "test.told", Data: f.Reading}}})
		}
		return out, nil, nil
	}
	return &told
}

func TestReadingsAreJudged_AT50(t *testing.T) {
	limits := area.Limits{Kind: area.SettlePlate}
	var err error
	limits.Alert, err = quantity.ParseLimit("<=2", "CFU")
	require.NoError(t, err)
	limits.Action, err = quantity.ParseLimit("<=5", "CFU")
	require.NoError(t, err)
	for _, c := range []struct {
		value string
		want  area.Level
	}{{"0", area.Within}, {"2", area.Within}, {"3", area.Alert}, {"5", area.Alert}, {"6", area.Action}, {"<10", area.Undecidable}, {"<1", area.Within}, {">9", area.Action}} {
		r := area.Reading{Kind: area.SettlePlate, Value: quantity.MustParse(c.value, "CFU"), Limits: limits}
		require.Equal(t, c.want, r.Level(), c.value)
		require.Equal(t, c.want == area.Action || c.want == area.Undecidable, r.Excursion(), c.value)
	}
	require.Equal(t, area.NotJudged, area.Reading{Value: quantity.MustParse("40", "%")}.Level())
}

// Particles beyond the limit during filling are laid over the time in which the batch was in the area, and become an
// exception of it in the same append (scenario 28).
func TestExcursionReachesTheBatchThatWasThere_AT50(t *testing.T) {
	p := busy(t)
	told := p.listen()
	tell := p.Excursions
	p.Excursions = func(ctx context.Context, by ledger.Author, found []area.Excursion) ([]ledger.StreamAppend, map[string][]byte, error) {
		streams, _, err := tell(ctx, by, found)
		return streams, map[string][]byte{"told": []byte("1")}, err
	}
	require.NoError(t, p.Record(p.ctx, ana, "SVQ-A1", []area.Reading{
		reading(area.Particles05, "3520", at(9, 0), at(9, 5)),
		reading(area.Particles05, "3521", at(9, 5), at(9, 8)),
		reading(area.Particles5, "30", at(11, 0), at(11, 5)), // nobody was there
		reading(area.Humidity, "55", at(9, 0), at(9, 5)),
	}))
	require.Len(t, *told, 1)
	require.Equal(t, one, (*told)[0].Batch)
	require.Equal(t, "3521 /m3", (*told)[0].Reading.Value.String())
	a := p.area("SVQ-A1")
	require.Len(t, a.Readings, 4)
	require.Equal(t, "ana", a.Readings[0].By)
	require.Len(t, a.Overlay(at(9, 4), at(9, 5)), 3)
	require.Len(t, a.Overlay(at(9, 6), at(9, 7)), 1)
	require.Len(t, a.Overlay(at(9, 8), at(9, 30)), 1, "its ends included")
	require.Empty(t, a.Overlay(at(8, 0), at(8, 59)))
	var seqs []uint64
	for e, err := range p.log.Stream(p.ctx, "told/"+one, 0) {
		require.NoError(t, err)
		seqs = append(seqs, e.Seq)
	}
	require.Equal(t, []uint64{a.Readings[1].Seq + 1}, seqs, "one append")
	_, err := p.log.View(p.ctx, "told")
	require.NoError(t, err)
}

// When the batches cannot be told, the reading is not recorded either: it would be an excursion that nobody sees.
func TestReadingStandsOnlyTogetherWithItsExceptions_AT50(t *testing.T) {
	p := busy(t)
	p.Excursions = func(context.Context, ledger.Author, []area.Excursion) ([]ledger.StreamAppend, map[string][]byte, error) {
		return nil, nil, errors.New("no batches today")
	}
	require.ErrorContains(t, p.Record(p.ctx, ana, "SVQ-A1", []area.Reading{reading(area.Pressure, "4", at(9, 0), at(9, 5))}), "no batches today")
	require.Empty(t, p.area("SVQ-A1").Readings)
	require.NoError(t, p.Record(p.ctx, ana, "SVQ-A1", []area.Reading{reading(area.Pressure, "12", at(9, 0), at(9, 5))}))
}

func TestUnusableReadingsAreRefused_AT50(t *testing.T) {
	p := busy(t)
	good := reading(area.Pressure, "12", at(9, 0), at(9, 5))
	for _, c := range []struct {
		code   string
		change func(*area.Reading)
	}{
		{"reading-kind", func(r *area.Reading) { r.Kind = "smell" }},
		{"reading-kind", func(r *area.Reading) { *r = reading(area.SettlePlate, "1", at(9, 0), at(9, 5)) }},
		{"reading-value", func(r *area.Reading) { r.Value = quantity.Quantity{} }},
		{"reading-value", func(r *area.Reading) { r.Value = quantity.MustParse("12", "degC") }},
		{"reading-source", func(r *area.Reading) { r.Source = "" }},
		{"reading-source", func(r *area.Reading) { r.Source = "a\x00b" }},
		{"reading-window", func(r *area.Reading) { r.From = time.Time{} }},
		{"reading-window", func(r *area.Reading) { r.To = r.From.Add(-1) }},
		{"reading-window", func(r *area.Reading) { r.From = r.To.Add(-25 * time.Hour) }},
		{"reading-window", func(r *area.Reading) { r.To = at(12, 1) }}, // not over
	} {
		r := good
		c.change(&r)
		refused(t, p.Record(p.ctx, ana, "SVQ-A1", []area.Reading{good, r}), "AT-50", c.code)
	}
	refused(t, p.Record(p.ctx, ana, "SVQ-A1", nil), "AT-50", "reading-count")
	refused(t, p.Record(p.ctx, ana, "SVQ-A1", make([]area.Reading, 101)), "AT-50", "reading-count")
	require.Empty(t, p.area("SVQ-A1").Readings)
}

// A plate that grew something days later still belongs to the batch that was there, and to nobody else (scenario 29).
func TestLatePlateReachesTheBatchThatWasThere_AT50(t *testing.T) {
	p := busy(t)
	told := p.listen()
	plate := area.Plate{ID: "P-0012", Kind: area.SettlePlate, Position: "left of the centrifuge", From: at(8, 0), To: at(9, 30)}
	require.NoError(t, p.Place(p.ctx, ana, "SVQ-A1", plate))
	plate.ID, plate.From, plate.To = "P-0013", at(11, 0), at(11, 30)
	require.NoError(t, p.Place(p.ctx, ana, "SVQ-A1", plate))
	require.Len(t, p.area("SVQ-A1").Waiting(), 2)
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", two, coi(t, coiTwo)))
	p.pass(5 * 24 * time.Hour)

	require.NoError(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0012", 1, "Micrococcus luteus"))
	require.Len(t, *told, 1)
	require.Equal(t, one, (*told)[0].Batch)
	require.Equal(t, "P-0012", (*told)[0].Reading.Plate)
	*told = nil
	require.NoError(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0013", 3, ""))
	require.Empty(t, *told, "nobody was there")

	a := p.area("SVQ-A1")
	require.Empty(t, a.Waiting())
	found, _ := a.Plate("P-0012")
	require.Equal(t, "1 CFU", found.Result.Value.String())
	require.Len(t, a.Overlay(at(8, 0), at(9, 0)), 1)
	p.check()
}

func TestUnusablePlatesAreRefused_AT50(t *testing.T) {
	p := busy(t)
	p.lab("SVQ-A2")
	good := area.Plate{ID: "P-0012", Kind: area.GlovePlate, Position: "right glove", From: at(8, 0), To: at(9, 30)}
	for code, change := range map[string]func(*area.Plate){
		"plate-kind":     func(pl *area.Plate) { pl.Kind = area.Pressure },
		"plate-id":       func(pl *area.Plate) { pl.ID = "p 12" },
		"plate-position": func(pl *area.Plate) { pl.Position = " " },
		"reading-window": func(pl *area.Plate) { pl.To = at(13, 0) },
	} {
		pl := good
		change(&pl)
		refused(t, p.Place(p.ctx, ana, "SVQ-A1", pl), "AT-50", code)
	}
	require.NoError(t, p.Place(p.ctx, ana, "SVQ-A1", good))
	refused(t, p.Place(p.ctx, ana, "SVQ-A1", good), "AT-50", "plate-known")
	var claim *ledger.ClaimError
	require.ErrorAs(t, p.Place(p.ctx, ana, "SVQ-A2", good), &claim, "a number is used once in the plant")
	require.Equal(t, "plate/P-0012", claim.Key)

	refused(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0099", 0, ""), "AT-50", "no-plate")
	refused(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0012", -1, ""), "AT-50", "plate-count")
	refused(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0012", 10000, ""), "AT-50", "plate-count")
	refused(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0012", 0, "a\nb"), "AT-50", "plate-note")
	require.NoError(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0012", 0, ""))
	refused(t, p.Read(p.ctx, ana, "SVQ-A1", "P-0012", 1, ""), "AT-50", "plate-read")
}

func TestGradesHaveLimitsOfTheirKinds(t *testing.T) {
	for _, g := range area.Grades() {
		for _, l := range area.LimitsFor(g) {
			require.Equal(t, l.Kind.Unit(), l.Action.Unit(), "%s %s", g, l.Kind)
		}
	}
	require.Empty(t, area.LimitsFor(area.Unclassified))
	require.Len(t, area.LimitsFor(area.AInB), 7)
}
