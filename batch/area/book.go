package area

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Book loads work areas from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string // the plant, e.g. "ES-SVQ"
	Clock func() time.Time
	// Excursions gives the entries, and the views that follow, by which batches learn of readings beyond their limits: they
	// are appended together with the readings. Nil where nobody keeps batches.
	Excursions func(ctx context.Context, by ledger.Author, found []Excursion) ([]ledger.StreamAppend, map[string][]byte, error)
	// Freed gives the entries, and the views that follow, by which a batch learns that QA took the area from it: without the
	// area it may not be worked on there (I5). Nil where nobody keeps batches.
	Freed func(ctx context.Context, by ledger.Author, batch, kind, area string) ([]ledger.StreamAppend, map[string][]byte, error)
}

// Load folds a work area; a refusal of kind Missing when there is none.
func (k *Book) Load(ctx context.Context, id string) (*Area, error) {
	a := &Area{}
	err := a.fold(k.Log.Stream(ctx, Stream(id), 0))
	if err != nil {
		return nil, fmt.Errorf("load work area: %w", err)
	}
	if a.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "AT-10", "no-area", "there is no work area {area} at this plant", "check the identifier on the door", "area", printable(id))
	}
	return a, nil
}

// Items yields the areas of the plant as lists show them, in order of identifier.
func (k *Book) Items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for doc, err := range k.Log.Views(ctx, streamPrefix) {
			var i Item
			if err == nil {
				err = json.Unmarshal(doc.Data, &i)
			}
			if !yield(i, err) || err != nil {
				return
			}
		}
	}
}

// Register makes a new work area.
func (k *Book) Register(ctx context.Context, by ledger.Author, r Registration) error {
	draft, err := Register(people.Role(by.Role), r)
	if err != nil {
		return err
	}
	c := (&Area{ID: r.ID}).Change(by, k.Clock())
	err = c.Add(draft)
	if err != nil {
		return err
	}
	stream, views, err := c.Append()
	if err != nil {
		return err
	}
	_, err = k.Log.Append(ctx, ledger.Append{Author: by, Streams: []ledger.StreamAppend{stream}, Views: views})
	var conflict *ledger.ConflictError
	if errors.As(err, &conflict) {
		return ledger.Refuse(ledger.Unmet, "AT-10", "area-known", "there is a work area {area} already", "choose another identifier", "area", r.ID)
	}
	return err
}

// change loads, decides and appends, again when another person's entry came in between. What decide hands over as
// refused is appended all the same, then returned.
func (k *Book) change(ctx context.Context, by ledger.Author, id string, decide func(*Area) (ledger.Draft, []Excursion, *ledger.Refusal, error)) error {
	var refused *ledger.Refusal
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		a, err := k.Load(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		var draft ledger.Draft
		var found []Excursion
		draft, found, refused, err = decide(a)
		if err != nil {
			return ledger.Append{}, err
		}
		c := a.Change(by, k.Clock())
		err = c.Add(draft)
		if err != nil {
			return ledger.Append{}, err
		}
		return k.together(ctx, by, c, found)
	})
	if err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	return nil
}

// together is one append of a change of an area and of what the batches make of it.
func (k *Book) together(ctx context.Context, by ledger.Author, c *Change, found []Excursion) (ledger.Append, error) {
	stream, views, err := c.Append()
	if err != nil {
		return ledger.Append{}, err
	}
	out := ledger.Append{Author: by, Streams: []ledger.StreamAppend{stream}, Views: views}
	if len(found) == 0 || k.Excursions == nil {
		return out, nil
	}
	streams, told, err := k.Excursions(ctx, by, found)
	if err != nil {
		return ledger.Append{}, fmt.Errorf("tell the batches: %w", err)
	}
	out.Streams, out.Views = append(out.Streams, streams...), merge(out.Views, told)
	return out, nil
}

// Clear records a clearance that stands alone, outside of a batch. The second person signed Shown; they need not when
// the checklist is not met, which is recorded and refused.
func (k *Book) Clear(ctx context.Context, by ledger.Author, id string, c Checklist, second people.Signed) error {
	return k.change(ctx, by, id, func(a *Area) (ledger.Draft, []Excursion, *ledger.Refusal, error) {
		draft, failed, err := a.Clear(k.Clock(), by.Account, second, c)
		if err != nil || failed != nil {
			return draft, nil, failed, err
		}
		digest, err := Shown{Area: id, First: by.Account, Checklist: c}.Digest()
		if err != nil {
			return ledger.Draft{}, nil, nil, err
		}
		return draft, nil, nil, second.For(people.Verified, digest)
	})
}

// Free takes an area from the batch in it: QA's decision, with a reason.
func (k *Book) Free(ctx context.Context, by ledger.Author, id, reason string) error {
	_, err := ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		a, err := k.Load(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		batch := a.Batch
		draft, err := a.FreeByQA(people.Role(by.Role), reason)
		if err != nil {
			return ledger.Append{}, err
		}
		c := a.Change(by, k.Clock())
		err = c.Add(draft)
		if err != nil {
			return ledger.Append{}, err
		}
		out, err := k.together(ctx, by, c, nil)
		if err != nil || k.Freed == nil {
			return out, err
		}
		streams, told, err := k.Freed(ctx, by, batch, a.Kind, id)
		if err != nil {
			return ledger.Append{}, fmt.Errorf("tell the batch: %w", err)
		}
		out.Streams, out.Views = append(out.Streams, streams...), merge(out.Views, told)
		return out, nil
	})
	return err
}

// Record records readings of the environment.
func (k *Book) Record(ctx context.Context, by ledger.Author, id string, readings []Reading) error {
	return k.change(ctx, by, id, func(a *Area) (ledger.Draft, []Excursion, *ledger.Refusal, error) {
		draft, found, err := a.Record(k.Clock(), readings)
		return draft, found, nil, err
	})
}

// Place records a plate that was taken away and now grows.
func (k *Book) Place(ctx context.Context, by ledger.Author, id string, p Plate) error {
	return k.change(ctx, by, id, func(a *Area) (ledger.Draft, []Excursion, *ledger.Refusal, error) {
		draft, err := a.Place(k.Clock(), p)
		return draft, nil, nil, err
	})
}

// Read records the result of a plate.
func (k *Book) Read(ctx context.Context, by ledger.Author, id, plate string, colonies int, note string) error {
	return k.change(ctx, by, id, func(a *Area) (ledger.Draft, []Excursion, *ledger.Refusal, error) {
		draft, found, err := a.Read(by.Account, plate, colonies, note)
		return draft, found, nil, err
	})
}
