package chainofcustody

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Book loads therapy events from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string      // the plant, e.g. "ES-SVQ"
	FIN   isbt128.FIN // facility identification number under which the plant issues CoI and DIN
	Clock func() time.Time
}

// maxSubject bounds a trial subject number.
const maxSubject = 32

// Load folds a therapy event; a refusal of kind Missing when there is none.
func (b *Book) Load(ctx context.Context, coi isbt128.CoI) (*TherapyEvent, error) {
	t := &TherapyEvent{}
	for e, err := range b.Log.Stream(ctx, Stream(coi), 0) {
		if err != nil {
			return nil, fmt.Errorf("therapy event %s: %w", coi, err)
		}
		err = t.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if t.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "ID-10", "no-therapy-event", "there is no therapy event {coi} at this plant", "check the identifier and the plant", "coi", coi.Print())
	}
	return t, nil
}

// DraftOrder is the order of a new therapy event: the CoI is issued once, atomically, before collection
// (ID-10), from the series of the plant and year.
func (b *Book) DraftOrder(ctx context.Context, subject string) (isbt128.CoI, []ledger.StreamAppend, error) {
	err := checkSubject(subject)
	if err != nil {
		return isbt128.CoI{}, nil, err
	}
	year := b.Clock().UTC().Year() % 100
	series := SeriesStream(fmt.Sprintf("coi/%s/%02d", b.FIN, year))
	n, err := Next(ctx, b.Log, series)
	if err != nil {
		return isbt128.CoI{}, nil, err
	}
	coi, err := isbt128.NewCoI(b.FIN, year, int(n))
	if err != nil {
		return isbt128.CoI{}, nil, fmt.Errorf("issue CoI: %w", err)
	}
	return coi, []ledger.StreamAppend{
		Issue(series, n, coi.String()),
		{Stream: Stream(coi), Drafts: []ledger.Draft{Order(coi, subject, b.Site)}},
	}, nil
}

func checkSubject(subject string) error {
	bad := subject == "" || len(subject) > maxSubject
	for _, r := range subject {
		if r <= ' ' || r > '~' {
			bad = true
		}
	}
	if bad {
		return ledger.Refuse(ledger.Invalid, "AT-13", "subject-number", "a subject number has 1 to 32 visible ASCII characters and no blanks", "type the trial's subject number, never a name")
	}
	return nil
}

// DraftDonation draws the DIN for the next donation of a therapy event.
func (b *Book) DraftDonation(ctx context.Context, t *TherapyEvent) (isbt128.DIN, ledger.Draft, ledger.StreamAppend, error) {
	year := b.Clock().UTC().Year() % 100
	series := SeriesStream(fmt.Sprintf("din/%s/%02d", b.FIN, year))
	n, err := Next(ctx, b.Log, series)
	if err != nil {
		return isbt128.DIN{}, ledger.Draft{}, ledger.StreamAppend{}, err
	}
	din, err := isbt128.NewDIN(b.FIN, year, int(n))
	if err != nil {
		return isbt128.DIN{}, ledger.Draft{}, ledger.StreamAppend{}, fmt.Errorf("issue DIN: %w", err)
	}
	draft, err := t.RegisterDonation(din)
	if err != nil {
		return isbt128.DIN{}, ledger.Draft{}, ledger.StreamAppend{}, err
	}
	return din, draft, Issue(series, n, din.String()), nil
}

// Offer records that the present custodian gives a container to another party.
func (b *Book) Offer(ctx context.Context, by ledger.Author, coi isbt128.CoI, h Handover, to Party) error {
	_, err := ledger.Decide(ctx, b.Log, func(ctx context.Context) (ledger.Append, error) {
		t, err := b.Load(ctx, coi)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, err := t.Offer(people.Role(by.Role), h, to)
		if err != nil {
			return ledger.Append{}, err
		}
		return t.appendBy(by, draft), nil
	})
	return err
}

// Accept records that the receiver took a container over, with the receiver's own scan of its label. A scan
// that does not match is recorded and refused.
func (b *Book) Accept(ctx context.Context, by ledger.Author, coi isbt128.CoI, h Handover, raw string) error {
	var mismatch *ledger.Refusal
	_, err := ledger.Decide(ctx, b.Log, func(ctx context.Context) (ledger.Append, error) {
		t, err := b.Load(ctx, coi)
		if err != nil {
			return ledger.Append{}, err
		}
		c, ok := t.Container(h.Container)
		if !ok {
			_, _, err = t.handover(people.Role(by.Role), h)
			return ledger.Append{}, err
		}
		var draft ledger.Draft
		var match Match
		draft, match, mismatch = t.Scan("handoff/"+h.Container, c.Kind, raw)
		if mismatch != nil {
			return t.appendBy(by, draft), nil
		}
		accept, err := t.Accept(people.Role(by.Role), by.Account, h, match)
		if errors.As(err, &mismatch) { // the scan stays on record, whatever stands against the handoff
			return t.appendBy(by, draft), nil
		}
		if err != nil {
			return ledger.Append{}, err
		}
		return t.appendBy(by, draft, accept), nil
	})
	if err != nil {
		return err
	}
	if mismatch != nil {
		return mismatch
	}
	return nil
}

func (t *TherapyEvent) appendBy(by ledger.Author, drafts ...ledger.Draft) ledger.Append {
	return ledger.Append{Author: by, Streams: []ledger.StreamAppend{{Stream: Stream(t.CoI), Expected: t.Version, Drafts: drafts}}}
}
