package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
)

// Dossier is what a plant hands on with material that is made at another one (process scenario 53): every entry of the batch, of
// its therapy event and of the shipment, each proved against the signed head of the plant's log, and the files that they name.
type Dossier struct {
	Format   string              `json:"format"`
	From     string              `json:"from"` // site
	To       string              `json:"to"`
	Batch    string              `json:"batch"`
	CoI      string              `json:"coi"`
	Shipment shipment.ID         `json:"shipment"`
	Proofs   []ledger.EntryProof `json:"proofs"` // stream by stream, each in its order
	Files    [][]byte            `json:"files"`
}

const dossierFormat = "rexbatch-dossier 1"

// MaxDossier bounds the file, in bytes.
const MaxDossier = 24 << 20

// maxProofs bounds the entries of a dossier: a harvest has a few dozen.
const maxProofs = 900

// DossierOf is the file that goes to the plant to which a batch was handed on, or with which it was taken on.
func (k *Book) DossierOf(ctx context.Context, number string) ([]byte, error) {
	b, err := k.Load(ctx, number)
	if err != nil {
		return nil, err
	}
	if b.TakenOn != nil {
		file, err := k.Log.Blob(ctx, b.TakenOn.Dossier)
		if err != nil {
			return nil, fmt.Errorf("dossier of %s: %w", number, err)
		}
		return file, nil
	}
	if b.HandedOn == nil {
		return nil, ledger.Refuse(ledger.Unmet, "TR-8", "not-handed-on", "batch {batch} was not handed on to another plant", "QA of both plants switch the plant of its shipment, then QA hands the batch on", "batch", number)
	}
	d := Dossier{Format: dossierFormat, From: k.Site, To: b.HandedOn.To, Batch: number, CoI: b.CoI.String(), Shipment: b.HandedOn.Shipment}
	entries, files, err := k.contents(ctx, &d, b.CoI)
	if err != nil {
		return nil, err
	}
	checkpoint, err := k.Log.Checkpoint(ctx) // of a head that has all of them
	if err != nil {
		return nil, fmt.Errorf("dossier of %s: %w", number, err)
	}
	d.Files = files
	for _, e := range entries {
		proof, err := ledger.ProveEntryAt(ctx, k.Log, e, checkpoint)
		if err != nil {
			return nil, err
		}
		d.Proofs = append(d.Proofs, proof)
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("dossier of %s: %w", number, err)
	}
	if len(text) > MaxDossier || len(d.Proofs) > maxProofs {
		return nil, tooLarge(number)
	}
	return text, nil
}

func tooLarge(number string) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "TR-8", "dossier-large", "the dossier of batch {batch} is too large to hand on", "ask the administrator", "batch", number)
}

// contents are the entries that a dossier holds, in its order, and the files that they name, each once.
func (k *Book) contents(ctx context.Context, d *Dossier, coi isbt128.CoI) (entries []ledger.Entry, files [][]byte, err error) {
	named := map[ledger.Digest]bool{}
	for _, stream := range d.streams(coi) {
		for e, err := range k.Log.Stream(ctx, stream, 0) {
			if err != nil {
				return nil, nil, fmt.Errorf("dossier of %s: %w", d.Batch, err)
			}
			entries = append(entries, e)
			for _, blob := range e.Blobs {
				if named[blob] {
					continue
				}
				named[blob] = true
				file, err := k.Log.Blob(ctx, blob)
				if err != nil {
					return nil, nil, fmt.Errorf("dossier of %s: file %s: %w", d.Batch, blob, err)
				}
				files = append(files, file)
			}
		}
	}
	return entries, files, nil
}

// fits holds, before a batch is handed on, that its dossier will not be too large: it could not be taken back.
func (k *Book) fits(ctx context.Context, b *Batch, id shipment.ID) error {
	entries, files, err := k.contents(ctx, &Dossier{Batch: b.Number, Shipment: id}, b.CoI)
	if err != nil {
		return err
	}
	size := 0
	for _, e := range entries {
		size += 4*len(e.Data)/3 + 4096 // its proof grows with the log, slowly
	}
	for _, file := range files {
		size += 4 * len(file) / 3
	}
	if len(entries) > maxProofs-100 || size > MaxDossier-4<<20 { // there is room for what comes late
		return tooLarge(b.Number)
	}
	return nil
}

// streams are those whose entries the dossier holds, in its order.
func (d *Dossier) streams(coi isbt128.CoI) []string {
	return []string{Stream(d.Batch), chainofcustody.Stream(coi), shipment.Stream(d.Shipment)}
}

// brought is a dossier as it was read and proved, with what its entries say.
type brought struct {
	Dossier
	file   []byte
	origin string
	coi    isbt128.CoI
	batch  *Batch
	event  *chainofcustody.TherapyEvent
	ship   *shipment.Shipment

	therapy, voyage []ledger.Entry
	files           map[ledger.Digest][]byte
}

func dossierFault(why string) *ledger.Refusal {
	return ledger.Refuse(ledger.Invalid, "I14", "dossier-fault", "the dossier cannot be taken: {why}", "ask the plant that handed the batch on for its dossier again", "why", why)
}

// openDossier reads a dossier for a plant and proves each of its entries against a log that the plant knows. key gives the keys of
// the logs that it knows of a site.
func openDossier(text []byte, site string, keys func(site string) []string) (*brought, error) {
	if len(text) > MaxDossier {
		return nil, dossierFault("it is too large")
	}
	d := &brought{file: text, files: map[ledger.Digest][]byte{}}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&d.Dossier)
	if err != nil || decoder.More() || d.Format != dossierFormat || len(d.Proofs) == 0 || len(d.Proofs) > maxProofs {
		return nil, dossierFault("it is not a dossier of rexbatch, or was cut short")
	}
	if d.To != site || d.From == site {
		return nil, dossierFault("it is for another plant than " + site)
	}
	if len(d.From) > 16 || len(d.Batch) > 16 || len(d.Shipment) > 32 {
		return nil, dossierFault("its names are too long")
	}
	d.coi, err = isbt128.ParseCoI(d.CoI)
	if err != nil {
		return nil, dossierFault("its Chain of Identity cannot be read")
	}
	for _, file := range d.Files {
		d.files[ledger.DigestOf(file)] = file
	}
	streams, err := d.prove(keys(d.From))
	if err != nil {
		return nil, err
	}
	return d, d.fold(streams)
}

// prove checks every entry against one log of the plant that handed on, and that no version is left out before the newest.
func (d *brought) prove(keys []string) (map[string][]ledger.Entry, error) {
	key := d.Proofs[0].Key
	if !slices.Contains(keys, key) {
		return nil, ledger.Refuse(ledger.Forbidden, "I2", "dossier-unknown-log", "this plant does not know the log of {site} by which the dossier is signed", "the administrator enters the key of that log, which the other plant tells on another way", "site", d.From)
	}
	streams := map[string][]ledger.Entry{}
	for _, p := range d.Proofs {
		e, err := p.Open(key)
		if err != nil {
			return nil, dossierFault("an entry of it is not in the log of " + d.From)
		}
		if !slices.Contains(d.streams(d.coi), e.Stream) || e.Version != uint64(len(streams[e.Stream]))+1 {
			return nil, dossierFault("entries are missing, or stand in another order")
		}
		streams[e.Stream] = append(streams[e.Stream], e)
		for _, blob := range e.Blobs {
			if d.files[blob] == nil {
				return nil, dossierFault("a file is missing that its entries name")
			}
		}
	}
	d.origin = d.Proofs[0].Origin()
	if ledger.SiteOf(d.origin) != d.From {
		return nil, dossierFault("the log is not one of " + d.From)
	}
	return streams, nil
}

// fold makes of the entries what they say.
func (d *brought) fold(streams map[string][]ledger.Entry) error {
	masters := NewLibrary(func(digest ledger.Digest) ([]byte, error) {
		file, ok := d.files[digest]
		if !ok {
			return nil, ledger.ErrNotFound
		}
		return file, nil
	})
	d.batch, d.event, d.ship = &Batch{}, &chainofcustody.TherapyEvent{}, &shipment.Shipment{}
	d.therapy, d.voyage = streams[chainofcustody.Stream(d.coi)], streams[shipment.Stream(d.Shipment)]
	foreign := dossierFault("its entries were written by another version of rexbatch")
	for _, e := range streams[Stream(d.Batch)] {
		if d.batch.Apply(e, masters) != nil {
			return foreign
		}
	}
	for _, e := range d.therapy {
		if d.event.Apply(e) != nil {
			return foreign
		}
	}
	for _, e := range d.voyage {
		if d.ship.Apply(e) != nil {
			return foreign
		}
	}
	switch h := d.batch.HandedOn; {
	case h == nil || h.To != d.To || h.Shipment != d.Shipment:
		return dossierFault("its batch was not handed on to this plant")
	case uint64(len(d.therapy)) < h.Therapy || uint64(len(d.voyage)) < h.Voyage || d.batch.ClosedAt.IsZero() || d.ship.ClosedAt.IsZero():
		return dossierFault("its end is missing")
	case d.ship.Plan.To.Site != d.To || d.ship.Plan.Batch != d.Batch || d.event.CoI != d.batch.CoI:
		return dossierFault("batch, therapy event and shipment are not of one harvest")
	}
	return nil
}

// receiptStep is the step in which the plant takes the material over; false where the recipe has none.
func (b *Batch) receiptStep() (*StepState, bool) {
	for _, s := range b.order {
		if s.Custody != nil && s.Custody.Holder == string(chainofcustody.Plant) {
			return b.steps[s.ID], true
		}
	}
	return nil, false
}

// handingStep is the step in which the hospital hands the material to the courier.
func (b *Batch) handingStep() (*StepState, bool) {
	i := slices.IndexFunc(b.order, func(s *mbr.Step) bool { return s.Custody != nil && s.Custody.Holder == string(chainofcustody.Courier) })
	if i < 0 {
		return nil, false
	}
	return b.steps[b.order[i].ID], true
}
