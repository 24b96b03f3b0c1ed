package batch

import (
	"context"
	"fmt"
	"maps"
	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"slices"
	"strings"
	"time"
)

// tell adds an entry to each of a number of batches, with the views that follow: what the floor found out about them.
func (k *Book) tell(ctx context.Context, by ledger.Author, numbers []string, draft func(*Batch) []ledger.Draft) ([]ledger.StreamAppend, map[string][]byte, error) {
	a := ledger.Append{Views: map[string][]byte{}}
	told := map[string]bool{}
	for len(numbers) > 0 {
		number := numbers[0]
		numbers = numbers[1:]
		if told[number] {
			continue
		}
		told[number] = true
		b, err := k.Load(ctx, number)
		if err != nil {
			return nil, nil, err
		}
		numbers = append(numbers, b.Children...) // they were made with the same
		if b.ThawedAs != "" {
			numbers = append(numbers, b.ThawedAs)
		}
		drafts := draft(b)
		if len(drafts) == 0 {
			continue
		}
		err = k.record(ctx, by, b, nil, drafts, &a)
		if err != nil {
			return nil, nil, err
		}
	}
	return a.Streams, a.Views, nil
}

// areaTaken tells a batch that QA took a work area from it: it has to clear a line again before it goes on there (I5).
func (k *Book) areaTaken(ctx context.Context, by ledger.Author, number, kind, area string) ([]ledger.StreamAppend, map[string][]byte, error) {
	_, err := k.Load(ctx, number)
	if missing(err) {
		return nil, nil, nil // nobody is left to be told
	}
	return k.tell(ctx, by, []string{number}, func(b *Batch) []ledger.Draft {
		if b.Areas[kind] != area {
			return nil
		}
		return []ledger.Draft{
			{Type: typeAreaFreed, Data: areaFreed{Kind: kind, Area: area}},
			{Type: typeFloor, Data: floorException{Class: Environment, Ref: area, What: "QA took work area " + area + " from the batch"}},
		}
	})
}

// excursions tells batches of readings beyond their limits in an area while they were in it (scenarios 28 and 29).
func (k *Book) excursions(ctx context.Context, by ledger.Author, found []area.Excursion) ([]ledger.StreamAppend, map[string][]byte, error) {
	var numbers []string
	of := map[string][]area.Excursion{}
	for _, x := range found {
		if of[x.Batch] == nil {
			numbers = append(numbers, x.Batch)
		}
		of[x.Batch] = append(of[x.Batch], x)
	}
	return k.tell(ctx, by, numbers, func(b *Batch) []ledger.Draft {
		var drafts []ledger.Draft
		for _, x := range append(slices.Clone(of[b.Number]), of[b.origin()]...) {
			r := x.Reading
			f := floorException{
				Class: Environment, Ref: x.Area, What: fmt.Sprintf("%s in %s was %s from %s to %s, the limit is %s", r.Kind, x.Area, r.Value, r.From.Format(time.RFC3339), r.To.Format(time.RFC3339), r.Limits.Action),
			}
			f.Steps, f.Containers = b.during(r.From, r.To)
			if len(f.Steps) > 0 {
				f.Step = f.Steps[0]
				f.What += "; steps " + strings.Join(f.Steps, ", ")
			}
			if len(f.Containers) > 0 {
				f.What += "; containers " + strings.Join(f.Containers, ", ")
			}
			drafts = append(drafts, ledger.Draft{Type: typeFloor, Data: f})
		}
		return drafts
	})
}

// during lays a window of time over the record: the steps that were being done in it, and the containers that were made or
// handled in those steps (scenario 28).
func (b *Batch) during(from, to time.Time) (steps, containers []string) {
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.StartedAt.IsZero() || st.StartedAt.After(to) {
			continue
		}
		if !st.CompletedAt.IsZero() && st.CompletedAt.Before(from) {
			continue
		}
		steps = append(steps, s.ID)
		touched := slices.Clone(st.Labels)
		for _, f := range s.FieldsAt(b.Site) {
			if f.Expect != string(chainofcustody.AnyLabel) && f.Expect != string(chainofcustody.Wristband) {
				touched = append(touched, slices.Sorted(maps.Keys(st.Scans[f.ID]))...)
			}
		}
		for _, c := range touched {
			if !slices.Contains(containers, c) {
				containers = append(containers, c)
			}
		}
	}
	return steps, containers
}

// lotBlocked holds every open batch that was made with a lot (scenario 24). What was given already is told to the reviewer.
func (k *Book) lotBlocked(ctx context.Context, by ledger.Author, lot *material.Lot, reason string) ([]ledger.StreamAppend, map[string][]byte, error) {
	n := lot.Number.String()
	what := "lot " + n + " was blocked: " + reason
	return k.tell(ctx, by, lot.UsedBy(), func(b *Batch) []ledger.Draft {
		if !b.ClosedAt.IsZero() || b.given() {
			return []ledger.Draft{{Type: typeFloor, Data: floorException{Class: OnHold, Ref: n, What: what}}}
		}
		return []ledger.Draft{b.holdDraft(0, HoldLot, n, what)}
	})
}

// given tells whether the product has been administered.
func (b *Batch) given() bool {
	for _, s := range slices.Backward(b.order) {
		if s.Custody != nil && s.Custody.Holder == string(chainofcustody.Hospital) && !b.beforeCertification(s.ID) {
			return b.steps[s.ID].Status == Done
		}
	}
	return false
}

// CheckDevice records a check of a device. One that it fails throws doubt on every value since the last good one: each
// batch that has such values is told in the same append, also when it is closed (scenarios 23 and 33).
func (k *Book) CheckDevice(ctx context.Context, by ledger.Author, id equipment.ID, decide equipment.Decide) error {
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		devices := k.Equipment()
		d, err := devices.Load(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		known := len(d.Findings)
		drafts, err := decide(d, k.Clock().UTC())
		if err != nil {
			return ledger.Append{}, err
		}
		add, err := devices.Add(d, by, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		a := ledger.Append{Author: by, Streams: add.Streams, Views: add.Views}
		for _, f := range d.Findings[known:] {
			streams, views, err := k.inDoubt(ctx, by, id, f)
			if err != nil {
				return ledger.Append{}, err
			}
			a.Streams = append(a.Streams, streams...)
			maps.Copy(a.Views, views)
		}
		return a, nil
	})
	return err
}

// inDoubt tells the batches whose values a device gave since its last good check. One that is neither closed nor given is
// held, also when it is certified: what its certificate rests on is in doubt, and it does not leave (I10).
func (k *Book) inDoubt(ctx context.Context, by ledger.Author, id equipment.ID, f equipment.Finding) ([]ledger.StreamAppend, map[string][]byte, error) {
	return k.tell(ctx, by, f.Batches(), func(b *Batch) []ledger.Draft {
		var drafts []ledger.Draft
		seen := map[string]bool{}
		for _, u := range f.Uses {
			if u.Batch != b.Number && u.Batch != b.origin() || seen[u.Step] {
				continue
			}
			seen[u.Step] = true
			drafts = append(drafts, ledger.Draft{Type: typeFloor, Data: floorException{
				Class: DeviceOut, Ref: string(id), Step: u.Step, Check: string(f.Check), Since: f.Since, What: fmt.Sprintf("%s failed its %s: its values since %s are in doubt", id, f.Check, f.Since.Format(time.RFC3339)),
			}})
		}
		if len(drafts) > 0 && b.ClosedAt.IsZero() && !b.given() {
			drafts = append(drafts, b.holdDraft(len(drafts), HoldDevice, string(id), fmt.Sprintf("%s failed its %s", id, f.Check)))
		}
		return drafts
	})
}
