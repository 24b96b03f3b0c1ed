package batch

import (
	"context"
	"errors"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// boxKind is the kind of container by which templates know the transport box.
const boxKind = "transport-box"

// BoxLabel lays out the label of the box of a packed shipment: what a carrier may know, with the number of the shipment as its
// code. It speaks the language of where the box goes. It is the label that is on paper, or the first one.
func (k *Book) BoxLabel(ctx context.Context, id shipment.ID) (*label.Label, error) {
	s, b, err := k.boxOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return k.layBox(s, b, max(s.LabelSerial()-1, 1))
}

func (k *Book) boxOf(ctx context.Context, id shipment.ID) (*shipment.Shipment, *Batch, error) {
	s, err := k.Shipments().Load(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if s.PackedAt.IsZero() || len(s.Packing.Containers) == 0 {
		return nil, nil, ledger.Refuse(ledger.Unmet, "TR-6", "box-not-packed", "the box of shipment {id} is not packed", "scan what is in it first", "id", string(id))
	}
	b, err := k.Load(ctx, s.Plan.Batch)
	return s, b, err
}

func (k *Book) layBox(s *shipment.Shipment, b *Batch, serial int) (*label.Label, error) {
	to := label.Destination{Language: k.Language, Zone: k.LabelPlant.Zone}
	if s.Plan.Direction == shipment.ToHospital {
		var err error
		to, err = k.destination(b)
		if err != nil {
			return nil, err
		}
		if s.Plan.Language != "" {
			to.Language = s.Plan.Language
		}
	}
	first, err := isbt128.ParseContainerID(s.Packing.Containers[0])
	if err != nil {
		return nil, err
	}
	f := label.Facts{
		Kind: boxKind, Language: to.Language, Plant: k.LabelPlant, Abroad: to.Abroad, Shipment: string(s.ID), Box: s.Plan.Box, Batch: b.Number, Subject: b.Subject,
		Content: isbt128.LabelContent{CoI: b.CoI, ID: first, Serial: serial}, Expires: s.Plan.Expiry, Issued: s.PackedAt,
		Start: s.Plan.Direction == shipment.ToPlant,
	}
	f.Zone, f.StorageMin, f.StorageMax = to.Zone, s.Plan.Lane.Low.FormatNumber(to.Language), s.Plan.Lane.High.FormatNumber(to.Language)
	f.Biohazard, f.NotEvaluated = b.warnings()
	return k.Layouts.Lay(f)
}

// PrintBox prints the label of the box of a packed shipment on the printer of what is done in no work area, and records that it is
// sent, then what became of it: one of which nobody knows counts as printed. A second one needs a reason and a second person (LB-1).
func (k *Book) PrintBox(ctx context.Context, by ledger.Author, id shipment.ID, reason string, second Signer) error {
	s, b, err := k.boxOf(ctx, id)
	if err != nil {
		return err
	}
	if k.Printer == nil {
		return ledger.Refuse(ledger.Unmet, "LB-1", "no-printer", "this plant has no label printer", "print the file of the label instead")
	}
	made := shipment.BoxLabel{Serial: s.LabelSerial()}
	if made.Serial > 1 {
		made.Reason, err = reasonOf("LB-1", reason)
		if err != nil {
			return err
		}
		made.Second, err = k.besideBox(ctx, s, b, made.Reason, second)
		if err != nil {
			return err
		}
	}
	err = s.MayLabel(by, made.Reason, made.Second)
	if err != nil {
		return err
	}
	laid, err := k.layBox(s, b, made.Serial)
	if err != nil {
		return err
	}
	job := PrintJob{Site: k.Site, Batch: b.Number, CoI: b.CoI.Print(), Container: string(id), Code: laid.Code(), Kind: boxKind, Serial: made.Serial, Label: laid}
	made.Sending = true
	err = k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		draft, err := x.s.Label(by, made)
		return shipped{drafts: []ledger.Draft{draft}}, err
	})
	if err != nil {
		return err
	}
	printed := k.Printer.Print(ctx, job)
	within, done, sent := outcome(ctx, printed)
	defer done()
	if printed != nil {
		made.Failed, made.Unsure = firstLine(printed.Error()), unsure(printed)
	}
	err = k.onShipment(within, by, id, func(x shipping) (shipped, error) { return shipped{drafts: x.s.Labelled(made)}, nil })
	if !sent {
		return errors.Join(printed, err)
	}
	return err
}

// besideBox has a second person sign for a reprint of the label of a box.
func (k *Book) besideBox(ctx context.Context, s *shipment.Shipment, b *Batch, reason string, second Signer) (*people.Signature, error) {
	if second == nil {
		return nil, nil //nolint:nilnil // the decision says what is missing
	}
	digest, err := Shown{Batch: b.Number, CoI: b.CoI.String(), Step: string(s.ID), Values: []ShownValue{{Field: s.Plan.Box, Value: reason}}}.Digest()
	if err != nil {
		return nil, err
	}
	signed, err := second(ctx, people.Verified, digest)
	if err == nil {
		err = signed.For(people.Verified, digest)
	}
	if err != nil {
		return nil, err
	}
	signature := signed.Signature()
	return &signature, nil
}
