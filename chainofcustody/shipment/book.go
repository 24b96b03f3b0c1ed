package shipment

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
)

// Book loads shipments from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log    ledger.Log
	Prefix string // of the plant's numbers, e.g. "SVQ"
	Clock  func() time.Time
	Lanes  []Lane // of the plant

	folded ledger.Folded[*Shipment]
}

// Lane finds a lane of the plant.
func (k *Book) Lane(id string) (Lane, error) {
	for _, l := range k.Lanes {
		if l.ID == id {
			return l, nil
		}
	}
	return Lane{}, ledger.Refuse(ledger.Invalid, "TR-1", "lane-unknown", "the lane is not one of the plant: {why}", "choose a lane of the plant", "why", id)
}

// Load folds a shipment; a refusal of kind Missing when there is none. The state is shared: who applies entries to it
// works on a Clone.
func (k *Book) Load(ctx context.Context, id ID) (*Shipment, error) {
	kept, ok := k.folded.Get(Stream(id))
	if !ok {
		kept = &Shipment{}
	}
	s := kept
	for e, err := range k.Log.Stream(ctx, Stream(id), kept.Version) {
		if err != nil {
			return nil, fmt.Errorf("shipment %s: %w", id, err)
		}
		if s == kept {
			s = kept.Clone()
		}
		err = s.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if s.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "TR-8", "no-shipment", "there is no shipment {id} at this plant", "choose it from the list", "id", string(id))
	}
	if s != kept {
		k.folded.Put(Stream(id), s.Version, s)
	}
	return s, nil
}

// The further keys of a sheet, so that no reading grows with the age of the log: one that somebody still has to look at, and
// those of a batch.
const (
	openPrefix = "shipment-open/" // then the identifier; gone when it is over and nothing holds it
	ofPrefix   = "shipment-of/"   // then batch and identifier
)

// List are the sheets of all shipments, in order of identifier.
func (k *Book) List(ctx context.Context) ([]Sheet, error) { return k.sheets(ctx, streamPrefix) }

// Open are the sheets of the shipments that are not over, or are held.
func (k *Book) Open(ctx context.Context) ([]Sheet, error) { return k.sheets(ctx, openPrefix) }

// Of are the sheets of the shipments that carry the material of a batch.
func (k *Book) Of(ctx context.Context, batch string) ([]Sheet, error) {
	return k.sheets(ctx, ofPrefix+batch+"/")
}

// Any tells whether there ever was a shipment.
func (k *Book) Any(ctx context.Context) (bool, error) {
	for _, err := range k.Log.Views(ctx, streamPrefix) {
		return err == nil, err
	}
	return false, nil
}

func (k *Book) sheets(ctx context.Context, prefix string) ([]Sheet, error) {
	var out []Sheet
	for doc, err := range k.Log.Views(ctx, prefix) {
		if err != nil {
			return nil, fmt.Errorf("list shipments: %w", err)
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

// Next draws the identifier of the next shipment of the plant: its part of an append takes the number.
func (k *Book) Next(ctx context.Context) (ID, ledger.StreamAppend, error) {
	year := k.Clock().UTC().Year() % 100
	series := chainofcustody.SeriesStream(fmt.Sprintf("shipment/%s/%02d", k.Prefix, year))
	n, err := chainofcustody.Next(ctx, k.Log, series)
	if err != nil {
		return "", ledger.StreamAppend{}, err
	}
	body := fmt.Sprintf("%s%02d%05d", k.Prefix, year, n)
	check, err := isbt128.CheckCharacter(body)
	if err != nil {
		return "", ledger.StreamAppend{}, fmt.Errorf("shipment identifier: %w", err)
	}
	id := ID("SHP-" + body + string(check))
	return id, chainofcustody.Issue(series, n, string(id)), nil
}

// Add is what an append has to hold so that drafts come to stand in the stream of s, as loaded, with the view that follows.
func (k *Book) Add(s *Shipment, id ID, by ledger.Author, drafts []ledger.Draft) (ledger.StreamAppend, map[string][]byte, error) {
	after, err := s.After(by, k.Clock(), drafts...)
	if err != nil {
		return ledger.StreamAppend{}, nil, err
	}
	views, err := after.views()
	if err != nil {
		return ledger.StreamAppend{}, nil, err
	}
	return ledger.StreamAppend{Stream: Stream(id), Expected: s.Version, Drafts: drafts}, views, nil
}

// Change lets a shipment decide and appends what it decided; a refusal that comes with drafts is told after they stand.
func (k *Book) Change(ctx context.Context, by ledger.Author, id ID, decide func(s *Shipment, now time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error)) error {
	var after *ledger.Refusal
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		s, err := k.Load(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		drafts, blobs, refused, err := decide(s, k.Clock().UTC())
		if err != nil {
			return ledger.Append{}, err
		}
		after = refused
		stream, views, err := k.Add(s, id, by, drafts)
		return ledger.Append{Author: by, Streams: []ledger.StreamAppend{stream}, Views: views, Blobs: blobs}, err
	})
	if err != nil {
		return err
	}
	if after != nil {
		return after
	}
	return nil
}

// Sheet is a shipment as a list shows it: the view document, which holds nothing that the entries' data do not.
type Sheet struct {
	ID        ID                `json:"id"`
	Direction Direction         `json:"direction"`
	CoI       string            `json:"coi"`
	Batch     string            `json:"batch"`
	From      string            `json:"from"`
	To        string            `json:"to"`
	Box       string            `json:"box"`
	Logger    string            `json:"logger"`
	Arrival   time.Time         `json:"arrival,omitzero"`
	Expiry    time.Time         `json:"expiry,omitzero"`
	Status    Status            `json:"status"`
	Held      []Finding         `json:"held,omitempty"`
	Unread    []Acknowledgement `json:"unread,omitempty"`  // sides that were told and have not acknowledged
	OnCall    bool              `json:"on_call,omitempty"` // arrived out of hours and waits (scenario 16)
	Latest    time.Time         `json:"latest_start,omitzero"`
	Version   uint64            `json:"version"`
}

// Sheet is the shipment as a list shows it.
func (s *Shipment) Sheet() Sheet {
	out := Sheet{
		ID: s.ID, Direction: s.Plan.Direction, CoI: s.Plan.CoI, Batch: s.Plan.Batch, From: s.Plan.From.Name, To: s.Plan.To.Name,
		Box: s.Plan.Box, Logger: s.Plan.Logger.Serial, Arrival: s.Plan.Arrival, Expiry: s.Plan.Expiry, Status: s.Status(), Held: s.Held(),
		Unread: s.Unread(), Version: s.Version,
	}
	out.OnCall = s.Receipt != nil && s.Receipt.OnCall && s.ClosedAt.IsZero()
	if s.Storage != nil {
		out.Latest = s.Storage.LatestStart
	}
	return out
}

// Over tells whether nothing is left to do with a shipment: it is closed, or cancelled with nothing left to read.
func (s Sheet) Over() bool {
	return s.Status == Closed || s.Status == Cancelled && len(s.Unread) == 0
}

func (s *Shipment) views() (map[string][]byte, error) {
	sheet := s.Sheet()
	doc, err := json.Marshal(sheet)
	if err != nil {
		return nil, fmt.Errorf("sheet of %s: %w", s.ID, err)
	}
	views, err := s.trace().View()
	if err != nil {
		return nil, err
	}
	views[streamPrefix+string(s.ID)] = doc
	views[openPrefix+string(s.ID)] = doc
	if sheet.Over() && len(sheet.Held) == 0 {
		views[openPrefix+string(s.ID)] = nil
	}
	if s.Plan.Batch != "" {
		views[ofPrefix+s.Plan.Batch+"/"+string(s.ID)] = doc
	}
	return views, nil
}

// Projection rebuilds the sheet of each shipment, the view "shipment/<id>" and its further keys, from its entries.
func Projection() ledger.Projection {
	return ledger.Projection{
		Prefix: streamPrefix,
		Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
			s := &Shipment{}
			for e, err := range entries {
				if err != nil {
					return nil, err
				}
				err = s.Apply(e)
				if err != nil {
					return nil, err
				}
			}
			return s.views()
		},
	}
}
