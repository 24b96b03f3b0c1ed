package chainofcustody

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
)

// Book loads therapy events from a plant's log, lets them decide, and appends what they decided.
type Book struct {
	Log   ledger.Log
	Site  string      // the plant, e.g. "ES-SVQ"
	FIN   isbt128.FIN // facility identification number under which the plant issues CoI and DIN
	Clock func() time.Time
	Vault *vault.Vault // knows who the patients are; nil where nobody may know, as in a check of a copy

	folded ledger.Folded[*TherapyEvent]
}

// maxSubject bounds a trial subject number.
const maxSubject = 32

// Load folds a therapy event; a refusal of kind Missing when there is none. The state is shared with other readers: who
// applies entries to it works on a Clone.
func (b *Book) Load(ctx context.Context, coi isbt128.CoI) (*TherapyEvent, error) {
	stream := Stream(coi)
	kept, ok := b.folded.Get(stream)
	if !ok {
		kept = &TherapyEvent{}
	}
	t := kept
	for e, err := range b.Log.Stream(ctx, stream, kept.Version) {
		if err != nil {
			return nil, fmt.Errorf("therapy event %s: %w", coi, err)
		}
		if t == kept {
			t = kept.Clone()
		}
		err = t.Apply(e)
		if err != nil {
			return nil, err
		}
	}
	if t.Version == 0 {
		return nil, ledger.Refuse(ledger.Missing, "ID-10", "no-therapy-event", "there is no therapy event {coi} at this plant", "check the identifier and the plant", "coi", coi.Print())
	}
	if t != kept {
		b.folded.Put(stream, t.Version, t)
	}
	return t, nil
}

// DraftOrder is the order of a new therapy event: the CoI is issued once, atomically, before collection
// (ID-10), from the series of the plant and year.
func (b *Book) DraftOrder(ctx context.Context, subject, backup string) (isbt128.CoI, []ledger.StreamAppend, error) {
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
		{Stream: Stream(coi), Drafts: []ledger.Draft{Order(coi, subject, b.Site, backup)}},
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

// Holding is the therapy event whose container it is; zero when this plant knows no such container.
func (b *Book) Holding(ctx context.Context, id isbt128.ContainerID) (isbt128.CoI, error) {
	seq, err := b.Log.Claim(ctx, claimContainer+id.String())
	if errors.Is(err, ledger.ErrNotFound) {
		return isbt128.CoI{}, nil
	}
	if err != nil {
		return isbt128.CoI{}, fmt.Errorf("container %s: %w", id, err)
	}
	e, err := b.Log.Entry(ctx, seq)
	if err != nil {
		return isbt128.CoI{}, fmt.Errorf("container %s: %w", id, err)
	}
	return isbt128.ParseCoI(strings.TrimPrefix(e.Stream, streamPrefix))
}
