package desk

import (
	"context"

	"rexbatch/release/record"
)

// PaperPack prints a paper pack of a batch in the language of the plant (CS-21).
func (d *Desk) PaperPack(ctx context.Context, number, serial string) ([]byte, error) {
	b, err := d.Plant.Batches.Load(ctx, number)
	if err != nil {
		return nil, err
	}
	who := record.Copy{Lang: d.Plant.Profile.Language, Name: d.Session.Name, Account: d.Session.Account, At: d.deps.Clock()}
	return record.PrintPack(ctx, b, d.Plant.Profile, serial, who)
}
