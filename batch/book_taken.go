package batch

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// taken is what a shipment says for a field of the recipe, and where that stands.
type taken struct{ text, ref string }

// TakenFields are the fields of a step that can be taken from the batch's shipment now: what it says of them, and who asks
// for them still has to look. Empty where there is no shipment, or it says nothing of this step.
func (k *Book) TakenFields(ctx context.Context, b *Batch, st *StepState) (shipment.ID, []string, error) {
	s, err := k.inbound(ctx, b)
	if err != nil || s == nil {
		return "", nil, err
	}
	values := said(s, st.Step.ID)
	var out []string
	for _, f := range st.Step.FieldsAt(b.Site) {
		_, holds := st.Fields[f.ID].Current()
		if _, ok := values[f.Ref()]; ok && !holds && b.Asked(f) {
			out = append(out, f.ID)
		}
	}
	return s.ID, out, nil
}

// TakeFromShipment captures in the open step what the shipment says: the receipt, and the figures of the logger's file.
// Each value stands with its source (I14); the performer answers for them as for any other, and corrects what is wrong.
func (k *Book) TakeFromShipment(ctx context.Context, by ledger.Author, number string, seen Seen, step string) error {
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		s, err := k.inbound(ctx, b)
		if err != nil {
			return change{}, err
		}
		none := ledger.Refuse(ledger.Unmet, "I14", "no-inbound-shipment", "no received shipment of batch {batch} says anything of step {step}", "inspect the box, or enter the values", "batch", number, "step", step)
		if s == nil {
			return change{}, none
		}
		err = k.enter(ctx, by, b, step)
		if err != nil {
			return change{}, err
		}
		drafts, err := k.taking(by, b.clone(), step, said(s, step))
		if err == nil && len(drafts) == 0 {
			err = none
		}
		return change{batch: drafts, streams: []ledger.StreamAppend{{Stream: shipment.Stream(s.ID), Expected: s.Version}}}, err
	})
}

// taking captures the values one after the other in b, which is a copy: what is asked for may follow from the ones before.
func (k *Book) taking(by ledger.Author, b *Batch, step string, values map[string]taken) ([]ledger.Draft, error) {
	st, ok := b.Step(step)
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", b.Number, "step", step)
	}
	var out []ledger.Draft
	for _, f := range st.Step.FieldsAt(b.Site) {
		from, ok := values[f.Ref()]
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
		drafts, err := b.Enter(h, f.ID, v, Shipped)
		if err != nil {
			return nil, err
		}
		last := &drafts[len(drafts)-1]
		e, _ := last.Data.(entered)
		e.Ref = from.ref
		last.Data = e
		for _, d := range drafts {
			entry, err := ledger.Provisional(d, by, now, b.Version+1)
			if err == nil {
				err = b.Apply(entry, k.Library)
			}
			if err != nil {
				return nil, fmt.Errorf("take %s from the shipment: %w", f.Ref(), err)
			}
		}
		out = append(out, drafts...)
	}
	return out, nil
}

// inbound is the newest shipment of the batch's start material that this plant has received; nil when there is none.
func (k *Book) inbound(ctx context.Context, b *Batch) (*shipment.Shipment, error) {
	sheets, err := k.Shipments().List(ctx)
	if err != nil {
		return nil, err
	}
	for i := len(sheets) - 1; i >= 0; i-- {
		received := sheets[i].Status == shipment.Received || sheets[i].Status == shipment.Closed
		if sheets[i].Batch == b.Number && sheets[i].Direction == shipment.ToPlant && received {
			return k.Shipments().Load(ctx, sheets[i].ID)
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
			out[step+"."+field] = taken{text, ref}
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
