package release

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/epcis"
	"rexbatch/chainofcustody/foreign"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// EPCIS is the document of all custody events of the plant, or of one therapy event: those of its own record, and those that were
// imported. What the record says gives the same bytes each time (requirements 5.2).
func (k *Book) EPCIS(ctx context.Context, coi string) ([]byte, error) {
	events, err := k.custodyEvents(ctx, coi)
	if err != nil {
		return nil, err
	}
	kept, err := k.foreignEvents(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range kept {
		if coi == "" || e.CoI == epcis.Namespace+"coi:"+coi {
			events = append(events, e)
		}
	}
	if coi != "" && len(events) == 0 {
		return nil, ledger.Refuse(ledger.Missing, "ID-10", "no-therapy-event", "there is no therapy event {coi} at this plant", "check the identifier and the plant", "coi", coi)
	}
	return epcis.Document(events)
}

// ImportEPCIS takes a document of custody events from elsewhere as evidence. What the plant's own record says, or what was imported
// before, is not taken again (I14).
func (k *Book) ImportEPCIS(ctx context.Context, by ledger.Author, text []byte, reason string) (foreign.Result, error) {
	events, err := epcis.Parse(text, k.Clock())
	if err != nil {
		return foreign.Result{}, err
	}
	own, err := k.custodyEvents(ctx, "")
	if err != nil {
		return foreign.Result{}, err
	}
	ours := map[string]bool{}
	for _, e := range own {
		ours[holds(e)] = true
	}
	names := make([]string, 0, len(events))
	for _, e := range events {
		names = append(names, holds(e))
	}
	return foreign.Keep(ctx, k.Batches.Log, by, foreign.EPCIS, text, names, reason, func(id string) bool { return ours[id] })
}

// holds names an event as an import counts it: what declares it wrong is news of its own.
func holds(e epcis.Event) string {
	if e.Error != nil {
		return e.ID + "#error"
	}
	return e.ID
}

func (k *Book) foreignEvents(ctx context.Context) ([]epcis.Event, error) {
	shelf, err := foreign.Load(ctx, k.Batches.Log, foreign.EPCIS)
	if err != nil {
		return nil, err
	}
	var out []epcis.Event
	for _, d := range shelf.Documents {
		text, err := k.Batches.Log.Blob(ctx, d)
		if err != nil {
			return nil, fmt.Errorf("imported document %s: %w", d, err)
		}
		events, err := epcis.Parse(text, k.Clock())
		if err != nil {
			return nil, fmt.Errorf("imported document %s: %w", d, err)
		}
		out = append(out, events...)
	}
	return out, nil
}

// custodyEvents are the events of the plant's own record, or of one therapy event of it.
func (k *Book) custodyEvents(ctx context.Context, coi string) ([]epcis.Event, error) {
	plant := epcis.Plant{Site: k.Plant.Site, Zone: k.Plant.Location}
	var out []epcis.Event
	prefix := chainofcustody.Stream(isbt128.CoI{})
	for head, err := range k.Batches.Log.Streams(ctx, prefix+coi) {
		if err != nil {
			return nil, fmt.Errorf("therapy events: %w", err)
		}
		id, err := isbt128.ParseCoI(strings.TrimPrefix(head.Stream, prefix))
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", head.Stream, err)
		}
		events, err := k.therapyEvents(ctx, plant, id)
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
	}
	sheets, err := k.Batches.Shipments().List(ctx)
	if err != nil {
		return nil, err
	}
	for _, sheet := range sheets {
		if sheet.CoI == "" || coi != "" && sheet.CoI != coi {
			continue // what arrived without a readable label belongs to no therapy event
		}
		s, err := k.Batches.Shipments().Load(ctx, sheet.ID)
		if err != nil {
			return nil, err
		}
		events, err := plant.Shipment(s)
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
	}
	return out, nil
}

func (k *Book) therapyEvents(ctx context.Context, plant epcis.Plant, coi isbt128.CoI) ([]epcis.Event, error) {
	t, err := k.Batches.Custody.Load(ctx, coi)
	if err != nil {
		return nil, err
	}
	batches := map[string]*batch.Batch{}
	var numbers []string
	for _, c := range t.Containers {
		if _, known := batches[c.Batch()]; known || c.Batch() == "" {
			continue
		}
		b, err := k.Batches.Load(ctx, c.Batch())
		if err != nil {
			return nil, err
		}
		batches[c.Batch()], numbers = b, append(numbers, c.Batch())
	}
	out, err := plant.Therapy(t, func(c *chainofcustody.Container) epcis.Making { return making(t, batches[c.Batch()], c) })
	if err != nil {
		return nil, err
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		facts, err := batchFacts(batches[n], t)
		if err != nil {
			return nil, err
		}
		events, err := plant.Product(coi.String(), facts)
		if err != nil {
			return nil, err
		}
		out = append(out, events...)
	}
	return out, nil
}

// making is what the record of a batch says of how one of its containers came to be. Nothing of a blinded step is in it (I11).
func making(t *chainofcustody.TherapyEvent, b *batch.Batch, c *chainofcustody.Container) epcis.Making {
	if b == nil {
		return epcis.Making{}
	}
	if c.Parent == "" {
		at := b.Collected()
		return epcis.Making{At: at, Empty: at.IsZero()}
	}
	out := epcis.Making{}
	if c.Kind == finalContainer {
		out.Output, out.Lots = b.Number, b.OpenLots()
	}
	parent, ok := t.Container(c.Parent)
	_, step, _ := strings.Cut(c.Purpose, "/")
	step, _, _ = strings.Cut(step, "#")
	st, known := b.Step(step)
	if !ok || !known {
		return out
	}
	for _, scans := range st.Scans {
		for id := range scans {
			if from, ours := t.Container(id); ours && from.Kind == parent.Kind {
				out.From = append(out.From, id)
			}
		}
	}
	if !slices.Contains(out.From, c.Parent) {
		out.From = nil
	}
	return out
}

// finalContainer is the kind of the containers that leave the plant.
const finalContainer = "final-container"

func batchFacts(b *batch.Batch, t *chainofcustody.TherapyEvent) (epcis.Product, error) {
	out := epcis.Product{Batch: b.Number}
	for _, c := range b.Containers(t, finalContainer) {
		out.Containers = append(out.Containers, c.ID.String())
	}
	err := certifications(b, func(a batch.SignedAct, d certified) {
		out.Certified = append(out.Certified, epcis.Certified{Certificate: d.Certificate, At: a.At, Seq: a.Seq})
	})
	if at, containers, ok := b.Given(); ok {
		st, _ := b.Step("S47")
		out.Given, out.GivenFrom, out.GivenTold = at, containers, st.CompletedAt
	}
	for _, d := range b.Disposed {
		if d.How == batch.Destroyed {
			out.Destroyed = append(out.Destroyed, epcis.Destroyed{Container: d.Container, At: d.At, Seq: d.Seq})
		}
	}
	return out, err
}
