package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// batchSplit is POST /batches/:batch/split: the batch goes on as several, each with its own record and clocks.
func (v *visit) batchSplit() error {
	return v.onCourse("split", isLead, func(by ledger.Author) error {
		b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
		if err != nil {
			return err
		}
		shares, waste, err := v.shares(b)
		if err != nil {
			return err
		}
		_, err = v.plant().Batches.Split(v.ctx(), by, b.Number, v.seen(), shares, waste, v.FormValue("reason"))
		return err
	})
}

// shares are the volumes that the form states; those left empty are none.
func (v *visit) shares(b *batch.Batch) ([]quantity.Quantity, quantity.Quantity, error) {
	var unit quantity.Unit
	if b.Recipe.Split != nil {
		whole, _ := b.Value(b.Recipe.Split.Volume)
		volume, _ := whole.Value.Quantity()
		unit = volume.Unit()
	}
	waste := quantity.New(0, 0, unit)
	form, err := v.FormParams()
	if err != nil {
		return nil, waste, err
	}
	var out []quantity.Quantity
	for _, text := range form["share"] {
		if text == "" {
			continue
		}
		q, err := quantity.Parse(text, unit)
		if err != nil {
			return nil, waste, err
		}
		out = append(out, q)
	}
	if text := v.FormValue("waste"); text != "" {
		waste, err = quantity.Parse(text, unit)
	}
	return out, waste, err
}

// batchFurther is POST /batches/:batch/further: a signed decision opens the batch of a further harvest.
func (v *visit) batchFurther() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	author, err := v.as(having(people.OpenOrder))
	if err != nil {
		return v.courseAgain(err)
	}
	why := batch.Further(v.FormValue("why"))
	number, err := v.plant().Batches.OpenFurther(v.ctx(), author, b.CoI, why, v.FormValue("reason"), v.desk.Signer(author.Role, v.FormValue("password")))
	if err != nil {
		return v.courseAgain(err)
	}
	return v.to("/batches/" + number + "?done=order")
}
