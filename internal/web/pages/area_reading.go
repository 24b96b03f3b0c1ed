package pages

import (
	"strings"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// areaReadings is POST /areas/:area/readings.
func (v *visit) areaReadings() error {
	return v.onArea("area-recorded", func(k *area.Book, by ledger.Author, id string) error {
		r := area.Reading{Kind: area.Kind(v.FormValue("kind")), Source: strings.TrimSpace(v.FormValue("source"))}
		var err error
		r.From, r.To, err = v.window()
		if err != nil {
			return err
		}
		r.Value, err = quantity.Parse(v.FormValue("value"), r.Kind.Unit())
		if err != nil {
			return err
		}
		return k.Record(v.ctx(), by, id, []area.Reading{r})
	})
}

// platePlace is POST /areas/:area/plates.
func (v *visit) platePlace() error {
	return v.onArea("plate-placed", func(k *area.Book, by ledger.Author, id string) error {
		p := area.Plate{ID: strings.ToUpper(strings.TrimSpace(v.FormValue("plate"))), Kind: area.Kind(v.FormValue("kind")), Position: v.FormValue("position")}
		var err error
		p.From, p.To, err = v.window()
		if err != nil {
			return err
		}
		return k.Place(v.ctx(), by, id, p)
	})
}

// plateRead is POST /areas/:area/plates/:plate/result.
func (v *visit) plateRead() error {
	return v.onArea("plate-read", func(k *area.Book, by ledger.Author, id string) error {
		colonies, err := v.count("colonies")
		if err != nil {
			return err
		}
		return k.Read(v.ctx(), by, id, v.Param("plate"), colonies, v.FormValue("note"))
	})
}
