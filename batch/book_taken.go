package batch

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// taken is what a shipment, or a phone at the bed, says for a field of the recipe, and where that stands.
type taken struct {
	text, ref string
	off       time.Duration // by how much a time may be another one and still be the same
}

// source is where the values of a step can be taken from.
type source struct {
	origin Origin
	name   string // of the shipment or the batch
	values map[string]taken
	stream ledger.StreamAppend // the state of what says so
}

// Takeable is what can be taken into a step now instead of being typed: from where, and which fields.
type Takeable struct {
	Origin Origin
	From   string // the shipment; the batch, of what was done at its patient's bed
	Fields []string
}

// TakenFields are the fields of a step that can be taken from the batch's shipment or from the bedside now; who asks for them
// still has to look. Empty where nothing says anything of this step.
func (k *Book) TakenFields(ctx context.Context, b *Batch, st *StepState) (Takeable, error) {
	from := k.fromShipment
	if st.Step.ID == infusionStep {
		from = k.fromBedside
	}
	s, err := from(ctx, b, st.Step.ID)
	if err != nil {
		return Takeable{}, err
	}
	out := Takeable{Origin: s.origin, From: s.name}
	for _, f := range st.Step.FieldsAt(b.Site) {
		_, holds := st.Fields[f.ID].Current()
		if _, ok := s.values[f.Ref()]; ok && !holds && b.Asked(f) {
			out.Fields = append(out.Fields, f.ID)
		}
	}
	return out, nil
}

// fromShipment is what the batch's received shipment says of a step; it has no values where there is none.
func (k *Book) fromShipment(ctx context.Context, b *Batch, step string) (source, error) {
	s, err := k.inbound(ctx, b)
	if err != nil || s == nil {
		return source{}, err
	}
	return source{Shipped, string(s.ID), said(s, step), ledger.StreamAppend{Stream: shipment.Stream(s.ID), Expected: s.Version}}, nil
}

// fromBedside is what phones at the bed delivered of the step in which the product is given.
func (k *Book) fromBedside(ctx context.Context, b *Batch, step string) (source, error) {
	at, err := k.Bedside().Load(ctx, b.Number)
	if err != nil || step != infusionStep {
		return source{}, err
	}
	return source{AtTheBed, b.Number, infused(at), at.Add()}, nil
}

// TakeFromShipment captures in the open step what the shipment says: the receipt, and the figures of the logger's file.
// Each value stands with its source (I14); the performer answers for them as for any other, and corrects what is wrong.
func (k *Book) TakeFromShipment(ctx context.Context, by ledger.Author, number string, seen Seen, step string) error {
	none := ledger.Refuse(ledger.Unmet, "I14", "no-inbound-shipment", "no received shipment of batch {batch} says anything of step {step}", "inspect the box, or enter the values", "batch", number, "step", step)
	return k.take(ctx, by, number, seen, step, k.fromShipment, none)
}

// TakeFromBedside captures in the open step what the phones at the bed delivered: beginning, end, leg, volumes, reaction.
// It is as TakeFromShipment is.
func (k *Book) TakeFromBedside(ctx context.Context, by ledger.Author, number string, seen Seen, step string) error {
	none := ledger.Refuse(ledger.Unmet, "I14", "nothing-delivered", "no phone at the bed delivered anything of batch {batch} for step {step}", "let the phone connect to the network, or enter the values", "batch", number, "step", step)
	return k.take(ctx, by, number, seen, step, k.fromBedside, none)
}

func (k *Book) take(ctx context.Context, by ledger.Author, number string, seen Seen, step string, from func(context.Context, *Batch, string) (source, error), none *ledger.Refusal) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		s, err := from(ctx, b, step)
		if err != nil {
			return change{}, err
		}
		if len(s.values) == 0 {
			return change{}, none
		}
		err = k.enter(ctx, by, b, step)
		if err != nil {
			return change{}, err
		}
		drafts, err := k.taking(by, b.clone(), step, s)
		if err == nil && len(drafts) == 0 {
			err = none
		}
		return change{batch: drafts, streams: []ledger.StreamAppend{s.stream}}, err
	})
}

// taking captures the values one after the other in b, which is a copy: what is asked for may follow from the ones before.
func (k *Book) taking(by ledger.Author, b *Batch, step string, s source) ([]ledger.Draft, error) {
	st, ok := b.Step(step)
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", b.Number, "step", step)
	}
	var out []ledger.Draft
	for _, f := range st.Step.FieldsAt(b.Site) {
		from, ok := s.values[f.Ref()]
		_, holds := st.Fields[f.ID].Current()
		if !ok || holds || !b.Asked(f) {
			continue
		}
		now := k.Clock()
		h, err := b.Handle(by, now, step)
		if err != nil {
			return nil, err
		}
		v, err := Parse(f, Input{Text: from.text}, k.Zone)
		if err != nil {
			return nil, err
		}
		if q, number := v.Quantity(); number && q.Decimals() > f.Decimals {
			q = q.Round(f.Decimals)
			v.Number = &q
		}
		drafts, err := b.Enter(h, f.ID, v, s.origin)
		if err != nil {
			return nil, err
		}
		last := &drafts[len(drafts)-1]
		e, _ := last.Data.(entered)
		e.Ref = from.ref
		last.Data = e
		err = k.provisional(b, by, now, drafts)
		if err != nil {
			return nil, fmt.Errorf("take %s from %s: %w", f.Ref(), s.name, err)
		}
		out = append(out, drafts...)
	}
	return out, nil
}

// inbound is the newest shipment of the batch's start material that this plant has received; nil when there is none.
func (k *Book) inbound(ctx context.Context, b *Batch) (*shipment.Shipment, error) {
	sheets, err := k.ShipmentsOf(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, s := range slices.Backward(sheets) {
		received := s.Status == shipment.Received || s.Status == shipment.Closed
		if s.Direction == shipment.ToPlant && received {
			return k.Shipments().Load(ctx, s.ID)
		}
	}
	return nil, nil
}

// The elements of the label that the recipe asks for at the receipt, as its field names them.
var recipeElements = []shipment.Element{shipment.ElementCoI, shipment.ElementSubject, shipment.ElementBirthYear, shipment.ElementDIN, shipment.ElementSite}

// said is what a shipment says for the fields of a step: S09 from the receipt, S10 from the newest accepted logger file.
// A recipe without these fields takes nothing.
func said(s *shipment.Shipment, step string) map[string]taken {
	out := map[string]taken{}
	say := func(field, text, ref string) {
		if text != "" {
			out[step+"."+field] = taken{text: text, ref: ref}
		}
	}
	at := string(s.ID)
	switch step {
	case "S09":
		r := s.Receipt
		if r == nil {
			return nil
		}
		say("received_at", s.TakenOver().UTC().Truncate(time.Minute).Format(time.RFC3339), at)
		say("arrival", map[bool]string{true: "on_call", false: "in_hours"}[r.OnCall], at)
		if s.Storage != nil {
			say("storage_place", s.Storage.Place, at)
			say("storage_temp", s.Storage.Temperature.Number(), at)
		}
		var agree []string
		for _, e := range recipeElements {
			if !r.Lacks(e) {
				agree = append(agree, string(e))
			}
		}
		say("label_fields_match", strings.Join(agree, ","), at)
		say("label_complete", strconv.FormatBool(len(agree) == len(recipeElements)), at)
		say("seal_ok", strconv.FormatBool(r.SealsOK), at)
		say("leak", strconv.FormatBool(r.Leak), at)
	case "S10":
		file, ok := s.Accepted()
		if !ok {
			return nil
		}
		f, from := file.Figures, at+" "+file.File.String()
		number := func(q quantity.Quantity) string {
			if q.IsZero() {
				return ""
			}
			return q.Number()
		}
		say("logger_serial_match", strconv.FormatBool(f.Serial == s.Plan.Logger.Serial), from)
		say("readings", strconv.Itoa(f.Readings), from)
		say("min_T", number(f.Min), from)
		say("max_T", number(f.Max), from)
		say("minutes_out", strconv.Itoa(f.Above+f.Below), from)
		say("mkt", number(f.MKT), from)
		if x := s.Excursion; x != nil && x.Decision != nil {
			say("stability_ref", x.Decision.Stability, from)
		}
	}
	return out
}
