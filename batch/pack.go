package batch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Pack is a numbered set of paper sheets for the steps of a batch that were not done when it was issued: what the plant works on
// when the server is down (CS-21, scenario 20). What is written on it is entered late afterwards, and the pack comes back.
type Pack struct {
	Serial   string
	Steps    []string
	By       string
	At       time.Time
	Seq      uint64
	Returned *PackReturn // nil while it is out
}

// PackReturn is that a pack came back, used or not.
type PackReturn struct {
	Used   bool          `json:"used"`
	Form   ledger.Digest `json:"form,omitzero"` // the scanned sheets of a pack that was used
	Name   string        `json:"name,omitempty"`
	Remark string        `json:"remark"`
	By     string        `json:"-"`
	At     time.Time     `json:"-"`
}

type packIssued struct {
	Serial string   `json:"serial"`
	Steps  []string `json:"steps"`
}

type packReturned struct {
	Serial string `json:"serial"`
	PackReturn
}

// OnPaper are the steps that a pack issued now has a sheet for: everything still to be done but signed acts, and blinded steps,
// whose sheet would tell the arm (I11).
func (b *Batch) OnPaper() []*StepState {
	var out []*StepState
	for _, st := range b.Steps() {
		if !st.Finished() && !st.Absent() && st.Step.Act == "" && !st.Step.Blind && st.Status != Cancelled {
			out = append(out, st)
		}
	}
	return out
}

// PacksOut are the packs that have not come back.
func (b *Batch) PacksOut() []*Pack {
	return slices.DeleteFunc(slices.Clone(b.Packs), func(p *Pack) bool { return p.Returned != nil })
}

// packAt is the index of a pack by its serial; -1 when the batch has none of it.
func (b *Batch) packAt(serial string) int {
	return slices.IndexFunc(b.Packs, func(p *Pack) bool { return p.Serial == serial })
}

func (b *Batch) noPack(serial string) *ledger.Refusal {
	return ledger.Refuse(ledger.Missing, "CS-21", "no-pack", "paper pack {serial} of batch {batch} is not out", "look at the batch again", "serial", serial, "batch", b.Number)
}

func mayPack(by ledger.Author) error {
	if role := people.Role(by.Role); role != people.ProductionLead && role != people.QA {
		return ledger.Refuse(ledger.Forbidden, "CS-21", "may-not-pack", "paper packs are issued and taken back by the production lead or QA, not by {role}", "call the production lead", "role", by.Role)
	}
	return nil
}

// IssuePack decides that a paper pack is issued under its serial.
func (b *Batch) IssuePack(by ledger.Author, serial string) ([]ledger.Draft, error) {
	err := mayPack(by)
	if err != nil {
		return nil, err
	}
	d := packIssued{Serial: serial}
	for _, st := range b.OnPaper() {
		d.Steps = append(d.Steps, st.Step.ID)
	}
	if len(d.Steps) == 0 || !b.ClosedAt.IsZero() {
		return nil, ledger.Refuse(ledger.Unmet, "CS-21", "nothing-on-paper", "no step of batch {batch} is left that could be done on paper", "the record can be printed", "batch", b.Number)
	}
	if len(b.PacksOut()) > 0 {
		return nil, ledger.Refuse(ledger.Unmet, "CS-21", "pack-out", "paper pack {serial} of batch {batch} has not come back", "enter late what stands on it, and take it back", "serial", b.PacksOut()[0].Serial, "batch", b.Number)
	}
	return []ledger.Draft{{Type: typePackIssued, Data: d, Takes: []string{"pack/" + serial}}}, nil
}

// ReturnPack decides that a pack came back. One that was used comes with its scanned sheets, and with what is still to be
// entered from it entered.
func (b *Batch) ReturnPack(by ledger.Author, serial string, r PackReturn) ([]ledger.Draft, error) {
	err := mayPack(by)
	if err != nil {
		return nil, err
	}
	i := b.packAt(serial)
	if i < 0 || b.Packs[i].Returned != nil {
		return nil, b.noPack(serial)
	}
	d := ledger.Draft{Type: typePackReturned, Data: packReturned{Serial: serial, PackReturn: r}}
	if r.Used {
		d.Blobs = []ledger.Digest{r.Form}
	}
	return []ledger.Draft{d}, nil
}

func (b *Batch) applyPackIssued(e ledger.Entry, d packIssued) error {
	b.chainOpen(e)
	b.Packs = append(slices.Clip(b.Packs), &Pack{Serial: d.Serial, Steps: d.Steps, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	return nil
}

func (b *Batch) applyPackReturned(e ledger.Entry, d packReturned) error {
	b.chainOpen(e)
	i := b.packAt(d.Serial)
	if i < 0 {
		return fmt.Errorf("no pack %q", d.Serial)
	}
	p, r := *b.Packs[i], d.PackReturn
	r.By, r.At = e.Author.Account, e.Time
	p.Returned = &r
	b.Packs = slices.Clone(b.Packs)
	b.Packs[i] = &p
	return nil
}

// IssuePack issues a paper pack under the next number of the plant, and gives its serial.
func (k *Book) IssuePack(ctx context.Context, by ledger.Author, number string, seen Seen) (string, error) {
	var serial string
	err := k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		var a ledger.Append
		var err error
		serial, err = k.draw(ctx, &a, "pack", "PAP")
		if err != nil {
			return change{}, err
		}
		drafts, err := b.IssuePack(by, serial)
		return change{batch: drafts, streams: a.Streams}, err
	})
	return serial, err
}

// ReturnPack records that a paper pack came back; one that was used with its scanned sheets, which are kept byte for byte (I14).
func (k *Book) ReturnPack(ctx context.Context, by ledger.Author, number string, seen Seen, serial string, used bool, sheets PaperForm, remark string) error {
	remark, err := reasonOf("CS-21", remark)
	if err != nil {
		return err
	}
	r := PackReturn{Used: used, Remark: remark}
	var blobs [][]byte
	if used {
		err = sheets.check()
		if err != nil {
			return err
		}
		r.Form, r.Name, blobs = ledger.DigestOf(sheets.Content), sheets.Name, [][]byte{sheets.Content}
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.ReturnPack(by, serial, r)
		return change{batch: drafts, blobs: blobs}, err
	})
}

// PackOf finds a pack of the batch, and the steps that it has sheets for.
func (b *Batch) PackOf(serial string) (*Pack, []*mbr.Step, error) {
	i := b.packAt(serial)
	if i < 0 {
		return nil, nil, b.noPack(serial)
	}
	var out []*mbr.Step
	for _, id := range b.Packs[i].Steps {
		if s, ok := b.Recipe.Step(id); ok {
			out = append(out, s)
		}
	}
	return b.Packs[i], out, nil
}
