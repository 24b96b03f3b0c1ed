package batch

import (
	"regexp"

	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// scanned keeps what a scanner read for a lot or a device beside what came of it: the value, or the rules against it
// (screens, rule 7). In a blinded step the code would tell the arm: it is sealed like the value (I11).
func (k *Book) scanned(b *Batch, step, field, raw string, drafts []ledger.Draft, err error) (change, error) {
	refused := ledger.RefusalsOf(err)
	st, known := b.steps[step]
	if err != nil && refused == nil || !known {
		return change{}, err
	}
	f, known := st.Fields[field]
	if !known || !fromFloor(f.Field) {
		return change{batch: drafts}, err
	}
	expected, own := chainofcustody.LotCode, isLot
	if f.Field.Type == mbr.TypeDevice {
		expected, own = chainofcustody.DeviceTag, isTag
	}
	if len(refused) == 1 && refused[0].Kind == ledger.Invalid {
		if wrong := chainofcustody.WrongKeyboard(raw, own); wrong != nil {
			refused = ledger.Refusals{wrong}
		}
	}
	kept := refused
	if st.Step.Blind {
		sealed, err := k.Seal.Close(b.Number, f.Field.Ref()+"#scan", Value{Text: raw})
		if err != nil {
			return change{}, err
		}
		raw, kept = "sealed "+sealed.Sealed, nil
	}
	c := change{therapy: []ledger.Draft{chainofcustody.Read(b.Number+"/"+step+"/"+field, expected, raw, kept)}}
	switch len(refused) {
	case 0:
		c.batch = drafts
	case 1:
		c.after = refused[0]
	default:
		c.refused = refused
	}
	return c, nil
}

func isLot(text string) bool {
	_, err := material.ParseNumber(text)
	return err == nil
}

// tag is the form of equipment tags with their hyphen, the canary. Without one nothing tells a layout from another tag.
var tag = regexp.MustCompile(`^(\][A-Za-z][0-9])?[A-Z0-9]+(-[A-Z0-9]+)+$`)

func isTag(text string) bool { return tag.MatchString(text) }
