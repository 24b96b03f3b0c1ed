package desk

import (
	"context"
	"errors"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/prints"
	"rexbatch/release/record"
)

// PrintRecord begins to print the record of a batch, as it stands now, and returns the id of the print. An empty language
// is that of the plant.
func (d *Desk) PrintRecord(ctx context.Context, number, lang string) (string, error) {
	if lang == "" {
		lang = d.Plant.Profile.Language
	}
	who := record.Copy{Lang: lang, Name: d.Session.Name, Account: d.Session.Account, At: d.deps.Clock()}
	source, err := record.Load(ctx, d.Plant.Batches, d.Plant.Profile, number, d.names(ctx))
	if err != nil {
		return "", err
	}
	err = errors.Join(record.Speaks(lang), d.seesAll(source.Batch))
	if err != nil {
		return "", err
	}
	return d.deps.prints.Start(d.print(number, lang), func(ctx context.Context, progress func(done, total int)) ([]byte, error) {
		return record.Print(ctx, source, who, progress)
	})
}

// seesAll refuses a print to a person who may come to enter values of the batch again without having seen them (I7): a
// record with holes is no record, and the step is verified soon.
func (d *Desk) seesAll(b *batch.Batch) error {
	for _, st := range b.Steps() {
		for field := range d.Blind(b, st) {
			if _, entered := st.Fields[field].Current(); !entered {
				continue
			}
			return ledger.Refuse(ledger.Unmet, "I7", "print-blind", "step {step} waits for a second person who has not seen its values, and that may be you",
				"print the record when the step is verified, or let somebody print it who does not verify it", "step", st.Step.ID)
		}
	}
	return nil
}

// Print is how far a print of the person is.
func (d *Desk) Print(number, id string) (prints.State, error) {
	return d.deps.prints.State(id, d.print(number, ""))
}

// Printed is the document of a print; nil while it is not finished.
func (d *Desk) Printed(number, id string) ([]byte, error) {
	return d.deps.prints.Document(id, d.print(number, ""))
}

func (d *Desk) print(number, lang string) prints.Key {
	return prints.Key{Site: d.Plant.Site(), Account: d.Session.Account, Batch: number, Lang: lang}
}

// names finds full names; the account itself where there is none.
func (d *Desk) names(ctx context.Context) func(account string) string {
	return func(account string) string {
		p, err := d.Plant.People.Person(ctx, account)
		if err != nil {
			return account
		}
		return p.Name
	}
}
