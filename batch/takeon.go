package batch

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	Therapy  uint64      `json:"therapy"` // version of the therapy event then: a dossier has at least so many entries of it
	Voyage   uint64      `json:"voyage"`  // of the shipment, its closing included
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
	Found    int              `json:"found,omitempty"`   // of all, those that are not listed included
	Unclear  int              `json:"unclear,omitempty"` // of all, those that nobody had assessed
	Lost     []string         `json:"lost,omitempty"`    // what was recorded there and has no place here
	Version  uint64           `json:"version"`           // of the batch there, as it was taken on
	Renewed  []Renewal        `json:"-"`
}

// Renewal is a later dossier of the same batch: what the other plant learned since.
type Renewal struct {
	Dossier  ledger.Digest    `json:"dossier"`
	Version  uint64           `json:"version"`
	Accepted people.Signature `json:"accepted"`
	Findings []EarlierFinding `json:"findings,omitempty"` // that were not there before
	At       time.Time        `json:"-"`
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
		err := k.mayHandOn(ctx, x)
		if err != nil {
			return shipped{}, err
		}
		return shipped{
			batch: []ledger.Draft{
				{Type: typeHandedOn, Data: HandedOn{To: x.s.Plan.To.Site, Shipment: id, Therapy: x.t.Version, Voyage: x.s.Version + 1}}, x.b.closing(EndSwitched),
			},
			drafts: []ledger.Draft{x.s.HandOn(x.s.Plan.To.Site)},
		}, nil
	})
}

// mayHandOn holds that the batch can go on elsewhere: the material is with a courier, nothing stands against the batch, what was done
// at the hospital is finished, and the other plant can take it on.
func (k *Book) mayHandOn(ctx context.Context, x shipping) error {
	b := x.b
	if b.HandedOn != nil {
		return b.here()
	}
	if b.Ending != nil {
		return ledger.Refuse(ledger.Unmet, "AT-59", "already-stopped", "batch {batch} is already being stopped ({cause})", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause))
	}
	err := b.mayPassOn()
	if err != nil {
		return err
	}
	if b.TakenOn != nil {
		return switchedBefore(b)
	}
	beside, err := k.Beside(ctx, b)
	if err != nil {
		return err
	}
	if len(beside) > 0 {
		return ledger.Refuse(ledger.Unmet, "AT-1", "hand-on-beside", "batch {batch} has others of its treatment here ({others}): their containers would go with it", "it is made here", "batch", b.Number, "others", strings.Join(beside, ", "))
	}
	err = b.mayLeavePlant()
	if err != nil {
		return err
	}
	underWay := x.s.Status() == shipment.InTransit
	for _, id := range x.s.Packing.Containers {
		c, ok := x.t.Container(id)
		if !ok || c.Custodian.Party != chainofcustody.Courier || !underWay {
			return ledger.Refuse(ledger.Unmet, "I6", "hand-on-custody", "{container} is not with a courier on its way to the other plant", "look at the chain of custody; what came here is received here", "container", id)
		}
	}
	return k.fits(ctx, b, x.s.ID)
}

func switchedBefore(b *Batch) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "TR-8", "switched-before", "batch {batch} was taken on from {site} already: the plant is changed once", "it is made here, or stopped", "batch", b.Number, "site", b.TakenOn.From)
}

// mayLeavePlant holds that the hospital's steps are finished, and that nobody has received the material: what is half done would be
// lost on the way to the other record. The step of the transport itself is done anew there.
func (b *Batch) mayLeavePlant() error {
	giving, ok := b.handingStep()
	taking, received := b.receiptStep()
	if !ok || !received || taking.Status != Waiting {
		return ledger.Refuse(ledger.Unmet, "CS-65", "hand-on-late", "batch {batch} was received here already: its plant is not changed any more", "go on with it here", "batch", b.Number)
	}
	upTo := slices.Index(b.order, giving.Step)
	for _, s := range b.order[:upTo+1] {
		if !b.steps[s.ID].Finished() {
			return ledger.Refuse(ledger.Unmet, "CS-65", "hand-on-early", "step {step} is not finished: what was done at the hospital has to be in the record that goes on", "the hospital finishes it first", "step", s.ID)
		}
	}
	return nil
}

// here refuses what is to be done at the plant to which the batch was handed on.
func (b *Batch) here() error {
	if b.HandedOn == nil {
		return nil
	}
	return ledger.Refuse(ledger.Unmet, "TR-8", "handed-on", "batch {batch} was handed on to {site}: it is recorded there", "go on at {site}", "batch", b.Number, "site", b.HandedOn.To)
}

func (b *Batch) applyHandedOn(e ledger.Entry, d HandedOn) error {
	b.chainOpen(e)
	d.At, d.By = e.Time, e.Author.Account
	b.HandedOn = &d
	b.Ending = &Ending{Cause: EndSwitched, Reason: d.To, By: e.Author.Account, At: e.Time, Seq: e.Seq, Effective: true}
	for _, s := range b.order { // nothing of it is done here any more: neither what was begun for the transport, nor what closes a record
		if st := b.steps[s.ID]; !st.Finished() {
			st.Status = Cancelled
		}
	}
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
	if err == nil {
		err = k.carries(ctx, t.Carrier)
	}
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
			return k.carryOn(ctx, by, d, number, signed.Signature())
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

// carries holds that an account is one of a courier here; none is named where it is empty.
func (k *Book) carries(ctx context.Context, account string) error {
	if account == "" {
		return nil
	}
	if k.Person != nil {
		p, err := k.Person(ctx, account)
		if err == nil && !p.Disabled && slices.Contains(p.Roles, people.Courier) {
			return nil
		}
		if err != nil && ledger.RefusalsOf(err) == nil {
			return err
		}
	}
	return ledger.Refuse(ledger.Invalid, "I6", "no-courier", "{account} is no courier of this plant", "choose a courier, or nobody", "account", account)
}

func (k *Book) fellows(site string) []string {
	if k.FellowLogs == nil {
		return nil
	}
	return k.FellowLogs(site)
}

// claim is what makes a batch of another plant be taken on once.
func (d *brought) claim() string { return "taken-on/" + d.origin + "/" + d.Batch }

// carryOn brings what the other plant learned since the batch was taken on: entries of therapy event and shipment, and as an exception
// what was found against the batch there since; what holds it there holds it here.
func (k *Book) carryOn(ctx context.Context, by ledger.Author, d *brought, number string, accepted people.Signature) (ledger.Append, error) {
	b, event, err := k.LoadWithEvent(ctx, number)
	if err != nil {
		return ledger.Append{}, err
	}
	ship, err := k.Shipments().Load(ctx, d.Shipment)
	if err != nil {
		return ledger.Append{}, err
	}
	therapy, err := event.CarryOn(d.origin, d.therapy)
	if err != nil {
		return ledger.Append{}, err
	}
	voyage, err := ship.CarryOn(d.origin, d.voyage)
	if err != nil {
		return ledger.Append{}, err
	}
	known, version := b.TakenOn.known()
	if len(therapy)+len(voyage) == 0 && d.batch.Version <= version {
		return ledger.Append{}, ledger.Refuse(ledger.Unmet, "TR-8", "dossier-known", "batch {batch} of {site} was taken on before, and this dossier has nothing new", "go on with it", "batch", d.Batch, "site", d.From)
	}
	a := ledger.Append{Author: by, Blobs: append([][]byte{d.file}, d.Files...)}
	a.Streams = append(a.Streams, ledger.StreamAppend{Stream: chainofcustody.Stream(d.coi), Expected: event.Version, Drafts: therapy})
	a.Views, err = event.Views(by, k.Clock(), therapy)
	if err != nil {
		return ledger.Append{}, err
	}
	stream, views, err := k.Shipments().Add(ship, d.Shipment, by, voyage)
	if err != nil {
		return ledger.Append{}, err
	}
	maps.Copy(a.Views, views)
	a.Streams = append(a.Streams, stream)

	renewed := Renewal{Dossier: ledger.DigestOf(d.file), Version: d.batch.Version, Accepted: accepted}
	found, _, _ := d.findings()
	for _, f := range found {
		if !slices.Contains(known, f) {
			renewed.Findings = append(renewed.Findings, f)
		}
	}
	out := shipped{batch: []ledger.Draft{{Type: typeRenewed, Data: renewed, Blobs: []ledger.Digest{renewed.Dossier}}}}
	if len(renewed.Findings) > 0 {
		what := fmt.Sprintf("%s at %s, batch %s", foundSince, d.From, d.Batch)
		out.batch = append(out.batch, ledger.Draft{Type: typeFloor, Data: floorException{Class: PlantChanged, Ref: d.Batch, What: sayFindings(what, renewed.Findings)}})
	}
	if b.ClosedAt.IsZero() && !b.given() {
		for _, cause := range []HoldCause{HoldLot, HoldDevice, HoldIdentity} { // the batch there is closed: nothing holds it any more
			against := slices.DeleteFunc(slices.Clone(renewed.Findings), func(f EarlierFinding) bool { return holdsFor[f.Class] != cause })
			if len(against) > 0 {
				out.batch = append(out.batch, b.holdDraft(len(out.batch), cause, d.Batch, sayFindings("found at "+d.From, against)))
			}
		}
	}
	after, err := ship.After(by, k.Clock(), voyage...)
	if err != nil {
		return ledger.Append{}, err
	}
	shipping{s: ship, b: b, t: event}.hold(&out, after)
	return a, k.record(ctx, by, b, nil, out.batch, &a)
}

// foundSince begins what the exception says of what the other plant learned after a batch was taken on.
const foundSince = "found since"

// Since tells whether an exception is of what the other plant learned after the batch was taken on.
func (e Exception) Since() bool {
	return e.Class == PlantChanged && strings.HasPrefix(e.What, foundSince)
}

// holdsFor are the findings of the other plant that hold the batch here, and as what.
var holdsFor = map[Class]HoldCause{OnHold: HoldLot, DeviceOut: HoldDevice, Identity: HoldIdentity}

// known are the findings of the other plant that this one has been told of, and the version of the batch there.
func (t *TakenOn) known() ([]EarlierFinding, uint64) {
	known, version := slices.Clone(t.Findings), t.Version
	for _, r := range t.Renewed {
		known, version = append(known, r.Findings...), max(version, r.Version)
	}
	return known, version
}

func (b *Batch) applyRenewed(e ledger.Entry, d Renewal) error {
	b.chainOpen(e)
	if b.TakenOn == nil {
		return errors.New("a dossier of a batch that was not taken on")
	}
	d.At = e.Time
	taken := *b.TakenOn
	taken.Renewed = append(slices.Clip(taken.Renewed), d)
	b.TakenOn = &taken
	return nil
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
	estate, lost := d.batch.wholeEstate().elsewhere(d.From, d.Batch, func(step, field string) bool {
		s, ok := recipe.Step(step)
		if !ok || !s.Applies(k.Site) {
			return false
		}
		_, ok = s.Field(field, k.Site)
		return ok || field == ""
	})
	taken := TakenOn{From: d.From, Batch: d.Batch, Shipment: d.Shipment, Dossier: ledger.DigestOf(d.file), Accepted: accepted, Lost: append(lost, d.batch.leftBehind()...), Version: d.batch.Version}
	taken.Findings, taken.Found, taken.Unclear = d.findings()
	open := opening(opened{
		Number: number, CoI: d.CoI, Subject: d.batch.Subject, Site: k.Site, Recipe: recipe.Digest, Version: recipe.Version, Spec: k.Spec.Digest,
		Harvest: d.batch.Harvest, Further: d.batch.Further, TakenOn: &taken,
	})
	open.Takes, open.Blobs = append(open.Takes, ClaimActive(d.coi), d.claim()), append(open.Blobs, taken.Dossier)
	drafts := []ledger.Draft{open, {Type: typeInherited, Data: estate}, {Type: typeFloor, Data: floorException{Class: PlantChanged, Ref: d.Batch, What: taken.say()}}}
	voyage := d.ship.TakeOn(d.origin, d.voyage, shipment.TakenOn{Batch: number, From: d.From, Carrier: carrier})
	on, err := (&shipment.Shipment{}).After(by, k.Clock(), voyage...)
	if err != nil {
		return "", ledger.Append{}, err
	}
	b := &Batch{}
	err = k.provisional(b, by, k.Clock(), drafts)
	if err != nil {
		return "", ledger.Append{}, err
	}
	held := shipped{}
	shipping{s: &shipment.Shipment{}, b: b}.hold(&held, on)
	err = k.provisional(b, by, k.Clock(), held.batch)
	if err != nil {
		return "", ledger.Append{}, err
	}
	drafts = append(drafts, held.batch...)
	views, err := b.views()
	if err != nil {
		return "", ledger.Append{}, err
	}
	therapy := chainofcustody.TakeOn(d.origin, d.therapy, chainofcustody.Moved{From: d.From, To: k.Site, Was: d.Batch, Batch: number})
	connected, err := (&chainofcustody.TherapyEvent{}).Views(by, k.Clock(), therapy)
	if err != nil {
		return "", ledger.Append{}, err
	}
	maps.Copy(views, connected)
	stream, sheets, err := k.Shipments().Add(&shipment.Shipment{}, d.Shipment, by, voyage)
	if err != nil {
		return "", ledger.Append{}, err
	}
	maps.Copy(views, sheets)
	return number, ledger.Append{
		Author: by, Blobs: append([][]byte{d.file, file, spec}, d.Files...), Views: views, Within: pin.Within,
		Streams: append([]ledger.StreamAppend{
			chainofcustody.Issue(series, n, number), {Stream: Stream(number), Drafts: drafts}, {Stream: chainofcustody.Stream(d.coi), Drafts: therapy}, stream,
		}, pin.Guards...),
	}, nil
}

// findings are the exceptions of the record that is taken on, those that nobody has assessed first, and how many there are of both.
func (d *brought) findings() (out []EarlierFinding, all, open int) {
	found, _ := d.batch.Exceptions()
	for _, assessed := range []bool{false, true} {
		for _, x := range found {
			if x.Open() == assessed {
				continue
			}
			if x.Open() {
				open++
			}
			if len(out) < maxFindings {
				out = append(out, EarlierFinding{Class: x.Class, Step: x.Step, What: x.What, Open: x.Open()})
			}
		}
	}
	return out, len(found), open
}

// say is what the exception says that a batch taken on has: whoever reviews it has to look at what came before.
func (t TakenOn) say() string {
	out := fmt.Sprintf("taken on from %s, batch %s: %d exceptions there, %d of them not assessed", t.From, t.Batch, t.Found, t.Unclear)
	if len(t.Lost) > 0 {
		out += "; it has no place here: " + strings.Join(t.Lost, ", ")
	}
	return out
}

func sayFindings(head string, found []EarlierFinding) string {
	for _, f := range found[:min(len(found), 10)] {
		head += fmt.Sprintf("; %s %s: %s", f.Class, f.Step, f.What)
	}
	return head
}

// leftBehind are values of steps that were not finished when the batch was handed on, and changes of the recipe that were approved there
// for steps to come: neither stands here.
func (b *Batch) leftBehind() []string {
	var out []string
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Status == Done {
			continue
		}
		for _, f := range s.FieldsAt(b.Site) {
			if len(st.Fields[f.ID].Values) > 0 {
				out = append(out, f.Ref())
			}
		}
	}
	for _, a := range b.Allowances {
		step, _, _ := strings.Cut(a.Target, ".")
		if st, ok := b.steps[step]; a.InForce() && (!ok || st.Status != Done) {
			out = append(out, fmt.Sprintf("%s %s (%s)", a.Kind, a.Target, a.Deviation))
		}
	}
	return out
}

// wholeEstate is the estate with lots and devices of its steps: another plant finds them nowhere else (AT-20).
func (b *Batch) wholeEstate() inherited {
	d := b.estate(nil)
	for i, s := range d.Steps {
		d.Steps[i].Lots, d.Steps[i].Devices = b.steps[s.Step].Lots, b.steps[s.Step].Devices
	}
	return d
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
	out := inherited{} // what was allowed there is not allowed here; values keep the limits by which they were judged
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
			v.By, v.Ref, v.Entry = named(v.By), strings.TrimSpace(fmt.Sprintf("%s %s entry %d %s", site, batch, v.Entry, v.Ref)), 0
			s.Values = append(s.Values, v)
		}
		if a := s.Unscanned; a != nil {
			absent := *a
			absent.By, absent.Entry = named(a.By), 0
			s.Unscanned = &absent
		}
		lots, devices, risks := s.Lots, s.Devices, s.Risks
		s.Lots, s.Devices, s.Risks = nil, nil, nil
		for _, u := range lots {
			u.By, u.Seq = named(u.By), 0
			s.Lots = append(s.Lots, u)
		}
		for _, u := range devices {
			u.By, u.Seq = named(u.By), 0
			s.Devices = append(s.Devices, u)
		}
		for _, r := range risks {
			r.By, r.Seq = named(r.By), 0
			s.Risks = append(s.Risks, r)
		}
		out.Steps = append(out.Steps, s)
	}
	return out, lost
}
