package pages

import (
	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// suspectedView is an alarm for which a lot may be the cause, as its page shows it.
type suspectedView struct{ Device, Text, Reason, Who, At string }

func (v *visit) suspectedViews(l *material.Lot) []suspectedView {
	var out []suspectedView
	for _, s := range l.Suspected {
		out = append(out, suspectedView{s.Device, s.Text, s.Reason, v.full(s.By), moment(s.At, v.zone())})
	}
	return out
}

// suspectedLots are the lots that wait for maintenance and QA; none for others (process scenario 21).
func (v *visit) suspectedLots() ([]lotLine, error) {
	if s := v.desk.Session; !v.reads() || !s.May(people.ManageEquipment) && !s.May(people.ReleaseMaterial) {
		return nil, nil
	}
	found, err := v.plant().Batches.Materials().Suspected(v.ctx())
	if err != nil {
		return nil, err
	}
	var out []lotLine
	for _, i := range found {
		out = append(out, v.lotLine(i))
	}
	return out, nil
}

// lotClear is POST /lots/:lot/clear: QA has looked at a lot that was pointed out.
func (v *visit) lotClear() error {
	return v.onLot("lot-cleared", func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Clear(v.ctx(), by, n, seen, v.FormValue("reason"))
	})
}
