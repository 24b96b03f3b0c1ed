package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// HandedOn says that the batch is made at another plant, to which its shipment was switched (scenario 53).
type HandedOn struct {
	To       string      `json:"to"` // site
	Shipment shipment.ID `json:"shipment"`
	At       time.Time   `json:"-"`
	By       string      `json:"-"`
}

// TakenOn says from where a plant took a batch on: the record there, which it goes on from, and what was found there.
type TakenOn struct {
	From     string           `json:"from"` // site
	Batch    string           `json:"batch"`
	Shipment shipment.ID      `json:"shipment"`
	Dossier  ledger.Digest    `json:"dossier"` // the file: a blob of the entry (I14)
	Accepted people.Signature `json:"accepted"`
	Findings []EarlierFinding `json:"findings,omitempty"`
}

// EarlierFinding is an exception of the record that was taken on.
type EarlierFinding struct {
	Class Class  `json:"class"`
	Step  string `json:"step,omitempty"`
	What  string `json:"what"`
	Open  bool   `json:"open,omitempty"` // nobody had assessed it
}

// maxFindings bounds what is listed; the dossier has all of them.
const maxFindings = 100

// HandOn ends a batch here whose shipment was switched to another plant. From then on its dossier can be fetched. It is refused
// while something stands against the batch, and before the hospital has finished the step in which it gives the material away.
func (k *Book) HandOn(ctx context.Context, by ledger.Author, id shipment.ID) error {
	if people.Role(by.Role) != people.QA {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "hand-on-qa", "a batch is handed on to another plant by QA, not by {role}", "ask QA", "role", by.Role)
	}
	return k.onShipment(ctx, by, id, func(x shipping) (shipped, error) {
		if x.b == nil || len(x.s.Switches) == 0 || x.s.Plan.To.Site == k.Site {
			return shipped{}, ledger.Refuse(ledger.Unmet, "TR-8", "not-switched", "shipment {id} goes to this plant", "QA of both plants switch its plant first", "id", string(id))
		}
		err := x.b.mayHandOn()
		if err != nil {
			return shipped{}, err
		}
		return shipped{
			batch:  []ledger.Draft{{Type: typeHandedOn, Data: HandedOn{To: x.s.Plan.To.Site, Shipment: id}}, x.b.closing(EndSwitched)},
			drafts: []ledger.Draft{x.s.HandOn(x.s.Plan.To.Site)},
		}, nil
	})
}

func (b *Batch) mayHandOn() error {
	if b.Ending != nil {
		return ledger.Refuse(ledger.Unmet, "AT-59", "already-stopped", "batch {batch} is already being stopped ({cause})", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause))
	}
	err := b.mayPassOn()
	if err != nil {
		return err
	}
	giving, ok := b.handingStep()
	if ok && giving.Status != Done {
		return ledger.Refuse(ledger.Unmet, "CS-65", "hand-on-early", "step {step} is not finished: what was done at the hospital has to be in the record that goes on", "the hospital finishes it first", "step", giving.Step.ID)
	}
	taking, ok := b.receiptStep()
	if !ok || taking.Status != Waiting {
		return ledger.Refuse(ledger.Unmet, "CS-65", "hand-on-late", "batch {batch} was received here already: its plant is not changed any more", "go on with it here", "batch", b.Number)
	}
	return nil
}

func (b *Batch) applyHandedOn(e ledger.Entry, d HandedOn) error {
	b.chainOpen(e)
	d.At, d.By = e.Time, e.Author.Account
	b.HandedOn = &d
	b.Ending = &Ending{Cause: EndSwitched, Reason: d.To, By: e.Author.Account, At: e.Time, Seq: e.Seq}
	b.end()
	return nil
}

// Taking is what QA of the plant that takes a batch on signs.
type Taking struct {
	Dossier []byte
	Carrier string // account here of the courier who has the box; empty where they have none
}

// Shown is the digest of what is signed.
func (t Taking) Shown() ledger.Digest {
	return ledger.DigestOf([]byte("take on " + ledger.DigestOf(t.Dossier).String() + "\n" + t.Carrier))
}

// TakeOn opens the batch of material that another plant has handed on, while it is on its way here (process scenario 53). Every
// entry of the dossier is proved against the other plant's log. Therapy event and shipment stand here with all that was recorded
// there, each entry with its own author and time; the steps that were done are taken over into the new record, which goes on by
// this plant's variant of the recipe. A dossier of a batch that was taken on before brings what the other plant learned since.
func (k *Book) TakeOn(ctx context.Context, by ledger.Author, t Taking, sign Signer) (number string, err error) {
	if people.Role(by.Role) != people.QA {
		return "", ledger.Refuse(ledger.Forbidden, "CS-66", "take-on-qa", "a batch of another plant is taken on by QA, not by {role}", "ask QA", "role", by.Role)
	}
	d, err := openDossier(t.Dossier, k.Site, k.fellows)
	if err != nil {
		return "", err
	}
	signed, err := sign.as(ctx, by, people.Approved, t.Shown())
	if err != nil {
		return "", err
	}
	_, err = ledger.Decide(ctx, k.Log, func(ctx context.Context) (ledger.Append, error) {
		claim, err := k.Log.Claim(ctx, d.claim())
		if err == nil {
			e, err := k.Log.Entry(ctx, claim)
			if err != nil {
				return ledger.Append{}, fmt.Errorf("batch taken on: %w", err)
			}
			number = strings.TrimPrefix(e.Stream, streamPrefix)
			return k.carryOn(ctx, by, d)
		}
		if !errors.Is(err, ledger.ErrNotFound) {
			return ledger.Append{}, fmt.Errorf("batch taken on: %w", err)
		}
		var a ledger.Append
		number, a, err = k.takingOn(ctx, by, d, t.Carrier, signed.Signature())
		return a, err
	})
	var taken *ledger.ClaimError
	if errors.As(err, &taken) {
		return "", ledger.Refuse(ledger.Unmet, "ID-10", "taken-on-known", "this plant knows {key} already, from an order of its own", "QA of both plants look at the two orders", "key", taken.Key)
	}
	return number, err
}

func (k *Book) fellows(site string) []string {
	if k.FellowLogs == nil {
		return nil
	}
	return k.FellowLogs(site)
}

// claim is what makes a batch of another plant be taken on once.
func (d *brought) claim() string { return "taken-on/" + d.From + "/" + d.Batch }

// carryOn brings what the other plant learned since the batch was taken on.
func (k *Book) carryOn(ctx context.Context, by ledger.Author, d *brought) (ledger.Append, error) {
	event, err := k.Custody.Load(ctx, d.coi)
	if err != nil {
		return ledger.Append{}, err
	}
	ship, err := k.Shipments().Load(ctx, d.Shipment)
	if err != nil {
		return ledger.Append{}, err
	}
	a := ledger.Append{Author: by, Blobs: append([][]byte{d.file}, d.Files...)}
	therapy, voyage := event.CarryOn(d.origin, d.therapy), ship.CarryOn(d.origin, d.voyage)
	if len(therapy)+len(voyage) == 0 {
		return ledger.Append{}, ledger.Refuse(ledger.Unmet, "TR-8", "dossier-known", "batch {batch} of {site} was taken on before, and this dossier has nothing new", "go on with it", "batch", d.Batch, "site", d.From)
	}
	a.Streams = append(a.Streams, ledger.StreamAppend{Stream: chainofcustody.Stream(d.coi), Expected: event.Version, Drafts: therapy})
	a.Views, err = event.Views(by, k.Clock(), therapy)
	if err != nil {
		return ledger.Append{}, err
	}
	stream, views, err := k.Shipments().Add(ship, d.Shipment, by, voyage)
	maps.Copy(a.Views, views)
	a.Streams = append(a.Streams, stream)
	return a, err
}

// takingOn is the append with which a batch is taken on.
func (k *Book) takingOn(ctx context.Context, by ledger.Author, d *brought, carrier string, accepted people.Signature) (string, ledger.Append, error) {
	series, n, year, err := k.nextNumber(ctx)
	if err != nil {
		return "", ledger.Append{}, err
	}
	number, err := batchNumber(k.Prefix, year, n)
	if err != nil {
		return "", ledger.Append{}, err
	}
	recipe, pin, err := k.pin(ctx)
	if err != nil {
		return "", ledger.Append{}, err
	}
	file, _ := k.Library.File(recipe.Digest)
	spec, _ := k.Library.File(k.Spec.Digest)
	estate, lost := d.batch.estate(nil).elsewhere(d.From, d.Batch, func(step, field string) bool {
		s, ok := recipe.Step(step)
		if !ok || !s.Applies(k.Site) {
			return false
		}
		_, ok = s.Field(field, k.Site)
		return ok || field == ""
	})
	taken := TakenOn{From: d.From, Batch: d.Batch, Shipment: d.Shipment, Dossier: ledger.DigestOf(d.file), Accepted: accepted, Findings: d.findings()}
	open := opening(opened{
		Number: number, CoI: d.CoI, Subject: d.batch.Subject, Site: k.Site, Recipe: recipe.Digest, Version: recipe.Version, Spec: k.Spec.Digest,
		Harvest: d.batch.Harvest, Further: d.batch.Further, TakenOn: &taken,
	})
	open.Takes, open.Blobs = append(open.Takes, ClaimActive(d.coi), d.claim()), append(open.Blobs, taken.Dossier)
	drafts := []ledger.Draft{open, {Type: typeInherited, Data: estate}, {Type: typeFloor, Data: floorException{Class: PlantChanged, Ref: d.Batch, What: taken.say(lost)}}}
	views, err := k.begun(by, drafts)
	if err != nil {
		return "", ledger.Append{}, err
	}
	therapy := chainofcustody.TakeOn(d.origin, d.therapy, chainofcustody.Moved{From: d.From, To: k.Site, Was: d.Batch, Batch: number})
	connected, err := (&chainofcustody.TherapyEvent{}).Views(by, k.Clock(), therapy)
	if err != nil {
		return "", ledger.Append{}, err
	}
	maps.Copy(views, connected)
	voyage, sheets, err := k.Shipments().Add(&shipment.Shipment{}, d.Shipment, by, d.ship.TakeOn(d.origin, d.voyage, shipment.TakenOn{Batch: number, From: d.From, Carrier: carrier}))
	if err != nil {
		return "", ledger.Append{}, err
	}
	maps.Copy(views, sheets)
	return number, ledger.Append{
		Author: by, Blobs: append([][]byte{d.file, file, spec}, d.Files...), Views: views, Within: pin.Within,
		Streams: append([]ledger.StreamAppend{
			chainofcustody.Issue(series, n, number), {Stream: Stream(number), Drafts: drafts}, {Stream: chainofcustody.Stream(d.coi), Drafts: therapy}, voyage,
		}, pin.Guards...),
	}, nil
}

// findings are the exceptions of the record that is taken on.
func (d *brought) findings() []EarlierFinding {
	found, _ := d.batch.Exceptions()
	var out []EarlierFinding
	for _, x := range found[:min(len(found), maxFindings)] {
		out = append(out, EarlierFinding{Class: x.Class, Step: x.Step, What: x.What, Open: x.Open()})
	}
	return out
}

// Open is how many exceptions nobody had assessed there.
func (t TakenOn) Open() int {
	open := 0
	for _, f := range t.Findings {
		if f.Open {
			open++
		}
	}
	return open
}

// say is what the exception says that a batch taken on has: whoever reviews it has to look at what came before.
func (t TakenOn) say(lost []string) string {
	out := fmt.Sprintf("taken on from %s, batch %s: %d exceptions there, %d of them not assessed", t.From, t.Batch, len(t.Findings), t.Open())
	if len(lost) > 0 {
		out += "; not in the recipe here: " + strings.Join(lost, ", ")
	}
	return out
}

// elsewhere is what was recorded at another plant, as it stands here: its accounts are those of that plant, and its positions those
// of its log. What the recipe here does not have is named.
func (d inherited) elsewhere(site, batch string, has func(step, field string) bool) (inherited, []string) {
	named := func(account string) string {
		if account == "" {
			return ""
		}
		return ledger.Elsewhere(site, account)
	}
	out := inherited{Allowances: d.Allowances}
	var lost []string
	for _, who := range d.Hands {
		out.Hands = append(out.Hands, named(who))
	}
	for _, p := range d.Proofs {
		p.Entry = 0
		out.Proofs = append(out.Proofs, p)
	}
	for _, s := range d.Steps {
		if !has(s.Step, "") {
			lost = append(lost, s.Step)
			continue
		}
		s.Performer = named(s.Performer)
		hands, values := s.Hands, s.Values
		s.Hands, s.Values = nil, nil
		for _, who := range hands {
			s.Hands = append(s.Hands, named(who))
		}
		for _, v := range values {
			if !has(s.Step, v.Field) {
				lost = append(lost, s.Step+"."+v.Field)
				continue
			}
			v.By, v.Ref, v.Entry = named(v.By), fmt.Sprintf("%s %s entry %d", site, batch, v.Entry), 0
			s.Values = append(s.Values, v)
		}
		if a := s.Unscanned; a != nil {
			absent := *a
			absent.By, absent.Entry = named(a.By), 0
			s.Unscanned = &absent
		}
		out.Steps = append(out.Steps, s)
	}
	return out, lost
}
