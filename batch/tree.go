package batch

import (
	"fmt"
	"slices"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Portions are what the content of a container is put into: new containers of one kind, as the step at which the batch stands
// makes them (AT-14). Volumes are of one unit.
type Portions struct {
	Kind    chainofcustody.Kind
	Before  quantity.Quantity // what was in the container; where the record knows it, that counts
	Volumes []quantity.Quantity
	Waste   quantity.Quantity
}

// Makes is what the step at which the batch stands makes of containers of a kind: the recipe's leave to divide them, and where
// one comes of several, to pool them. Nil where it makes nothing of them.
func (b *Batch) Makes(from chainofcustody.Kind) []mbr.Creation {
	st := b.atStep()
	if st == nil || b.Over() {
		return nil
	}
	var out []mbr.Creation
	for _, c := range st.Step.Creates {
		if from != "" && c.From == string(from) && c.Applies(b.Site) {
			out = append(out, c)
		}
	}
	return out
}

// making is the creation of a kind that the recipe says of containers of another, and by how much volumes may differ.
func (b *Batch) making(from, into chainofcustody.Kind, unit quantity.Unit) (mbr.Creation, quantity.Quantity, error) {
	found := b.Makes(from)
	i := slices.IndexFunc(found, func(c mbr.Creation) bool { return c.Kind == string(into) })
	if i < 0 {
		return mbr.Creation{}, quantity.Quantity{}, ledger.Refuse(ledger.Unmet, "AT-14", "not-made-here", "the recipe does not make {into} of {from} at this step", "do it at the step that makes them", "into", string(into), "from", string(from))
	}
	tolerance := quantity.New(0, 0, unit)
	if b.Recipe.Split != nil {
		said, err := mbr.ParseAmount(b.Recipe.Split.Tolerance)
		if err != nil {
			return mbr.Creation{}, quantity.Quantity{}, err
		}
		if said.Unit() == unit {
			tolerance = said
		}
	}
	return found[i], tolerance, nil
}

// mayTend holds who freezes, thaws and destroys containers of a batch, and when.
func (b *Batch) mayTend(by ledger.Author, c *chainofcustody.Container) error {
	err := mayDispose(by)
	if err != nil {
		return err
	}
	if b.Over() {
		return ledger.Refuse(ledger.Unmet, "AT-59", "batch-over", "batch {batch} is not made any further", "say on its course what becomes of the material", "batch", b.Number)
	}
	return nil
}

// mayFreeze holds that the product is frozen and thawed only by the recipe's own steps: what is done with it there tells the
// arm, and is sealed (I11).
func (b *Batch) mayFreeze(c *chainofcustody.Container) error {
	if b.Released(string(c.Kind)) {
		return ledger.Refuse(ledger.Unmet, "I11", "product-by-recipe", "{container} is the product: it is frozen and thawed by the steps of the recipe alone", "do it at the step that says so", "container", c.ID.Print())
	}
	return nil
}

// room holds that a division makes no more containers than the step says.
func (b *Batch) room(st *StepState, event *chainofcustody.TherapyEvent, c mbr.Creation, n int) error {
	may, err := b.lacking(st, event, c)
	if err != nil {
		return err
	}
	if n > may {
		return ledger.Refuse(ledger.Unmet, "LB-1", "more-than-said", "step {step} makes {n} more {kind} at most", "correct the number of the step first", "step", st.Step.ID, "n", fmt.Sprint(max(may, 0)), "kind", c.Kind)
	}
	return nil
}

// ReadPortions reads what a person entered of a division or a pool. Before may be empty.
func ReadPortions(kind chainofcustody.Kind, before string, volumes []string, waste string, unit quantity.Unit) (Portions, error) {
	p := Portions{Kind: kind}
	var err error
	if before != "" {
		p.Before, err = quantity.Parse(before, unit)
		if err != nil {
			return p, err
		}
	}
	for _, text := range volumes {
		q, err := quantity.Parse(text, unit)
		if err != nil {
			return p, err
		}
		p.Volumes = append(p.Volumes, q)
	}
	p.Waste, err = quantity.Parse(waste, unit)
	return p, err
}
