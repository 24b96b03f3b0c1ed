package equipment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
)

// Book loads devices from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string         // the plant, e.g. "ES-SVQ"
	Zone  *time.Location // of the plant: days begin and end by it
	Clock func() time.Time
}

// Addition is a part of an append: streams and the views that follow from them.
type Addition struct {
	Streams []ledger.StreamAppend
	Views   map[string][]byte
}

// Load folds a device; a refusal of kind Missing when there is none.
func (k *Book) Load(ctx context.Context, id ID) (*Device, error) {
	d := &Device{}
	for e, err := range k.Log.Stream(ctx, Stream(id), 0) {
		if err != nil {
			return nil, fmt.Errorf("device %s: %w", id, err)
		}
		err = d.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if d.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "CS-67", "no-device", "there is no device {id} at this plant", "check the tag, or have the device registered", "id", string(id))
	}
	return d, nil
}

// List are the sheets of all devices, in order of identifier.
func (k *Book) List(ctx context.Context) ([]Sheet, error) {
	var out []Sheet
	for doc, err := range k.Log.Views(ctx, streamPrefix) {
		if err != nil {
			return nil, fmt.Errorf("list devices: %w", err)
		}
		var s Sheet
		err = json.Unmarshal(doc.Data, &s)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", doc.Key, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// Due is the end of a calendar day of the plant, e.g. "2026-11-30"; an empty text is no day.
func (k *Book) Due(day string) (Due, error) { return DueOn(day, k.Zone) }

// Day is the calendar day of the plant in which t lies: the day for which a control that was made then counts.
func (k *Book) Day(t time.Time) Due { return dayOf(t, k.Zone) }

// Add is what an append has to hold so that drafts come to stand in the stream of d, as loaded. It advances d as if they
// did, so that the caller sees what follows: the newest finding, the new version.
func (k *Book) Add(d *Device, by ledger.Author, drafts []ledger.Draft) (Addition, error) {
	stream := ledger.StreamAppend{Expected: d.Version, Drafts: drafts}
	for i, draft := range drafts {
		e, err := ledger.Provisional(draft, by, k.Clock(), d.Version+1)
		if err != nil {
			return Addition{}, fmt.Errorf("draft %d: %w", i, err)
		}
		err = d.Apply(e)
		if err != nil {
			return Addition{}, err
		}
	}
	views, err := d.views()
	if err != nil {
		return Addition{}, err
	}
	stream.Stream = Stream(d.ID)
	return Addition{Streams: []ledger.StreamAppend{stream}, Views: views}, nil
}

// Register enters a new device and returns its identifier as it now stands.
func (k *Book) Register(ctx context.Context, by ledger.Author, r Registration) (ID, error) {
	drafts, err := r.Register(by)
	if err != nil {
		return "", err
	}
	d := &Device{}
	add, err := k.Add(d, by, drafts)
	if err != nil {
		return "", err
	}
	_, err = k.Log.Append(ctx, ledger.Append{Author: by, Streams: add.Streams, Views: add.Views})
	var conflict *ledger.ConflictError
	if errors.As(err, &conflict) {
		return "", ledger.Refuse(ledger.Unmet, "CS-67", "device-exists", "there is a device {id} already", "a tag is used once: choose another, also when the old device is retired",
			"id", string(d.ID))
	}
	if err != nil {
		return "", fmt.Errorf("register %s: %w", d.ID, err)
	}
	return d.ID, nil
}

// Decide is a command on a device: a pure decision on its state as it stands now.
type Decide func(d *Device, now time.Time) ([]ledger.Draft, error)

// Change lets a device decide and appends what it decided. A failed check that throws doubt on uses is not for it: the
// batches are told in the same append, by the room that keeps them.
func (k *Book) Change(ctx context.Context, by ledger.Author, id ID, decide Decide) error {
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		d, err := k.Load(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		drafts, err := decide(d, k.Clock().UTC())
		if err != nil {
			return ledger.Append{}, err
		}
		findings := len(d.Findings)
		add, err := k.Add(d, by, drafts)
		if err != nil {
			return ledger.Append{}, err
		}
		if len(d.Findings) > findings && len(d.Affected()) > 0 {
			return ledger.Append{}, fmt.Errorf("device %s: %d uses are in doubt, and their batches are not told", id, len(d.Affected()))
		}
		return ledger.Append{Author: by, Streams: add.Streams, Views: add.Views}, nil
	})
	return err
}

// Clean records a cleaning.
func (k *Book) Clean(ctx context.Context, by ledger.Author, id ID, c Checking) error {
	return k.Change(ctx, by, id, func(d *Device, now time.Time) ([]ledger.Draft, error) { return d.Clean(by, now, c) })
}

// Alarm records an alarm of a device.
func (k *Book) Alarm(ctx context.Context, by ledger.Author, id ID, r Report) error {
	return k.Change(ctx, by, id, func(d *Device, now time.Time) ([]ledger.Draft, error) { return d.Alarm(by, now, r) })
}

// SetProgramme records which version of a programme is approved; an empty version takes the approval back.
func (k *Book) SetProgramme(ctx context.Context, by ledger.Author, id ID, programme, version, reason string) error {
	return k.Change(ctx, by, id, func(d *Device, _ time.Time) ([]ledger.Draft, error) {
		return d.SetProgramme(by, programme, version, reason)
	})
}

// Retire records that a device is never used again.
func (k *Book) Retire(ctx context.Context, by ledger.Author, id ID, reason string) error {
	return k.Change(ctx, by, id, func(d *Device, _ time.Time) ([]ledger.Draft, error) { return d.Retire(by, reason) })
}
