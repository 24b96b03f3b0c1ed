package pages

import (
	"net/http"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
)

// shipmentPage is one shipment: who had the box, how warm it was, what was found, and what is to be done with it now.
type shipmentPage struct {
	frame
	Strip       *strip // nil where the plant does not know the material
	ID          string
	Seen        uint64
	State       state
	Way         string // "Hospital → plant"
	Batch       string
	Held        []shipmentHeld
	Plan        []trait
	Packing     []trait
	Box         *boxView // nil while the box is not packed
	Chain       []linkView
	Whole       []flagView // what concerns the way as a whole
	Broken      string     // why the chain is not whole
	Untaken     bool       // inspected, and nobody of the receiving side took it over
	Reports     []reportView
	Temperature *temperatureView
	Files       []loggerFile
	Receipt     *receiptView
	Unplanned   []trait
	Storage     []trait
	Call        []trait // who was called out of hours, and whether they have answered
	Confirmed   []confirmedView
	Switches    []switchView
	Dossier     string // the batch whose dossier is for the other plant; empty while it was not handed on
	Decisions   []signedView
	Told        []toldView
	ClosedWhy   string
	GoesOn      string // the plant at which a shipment that was switched goes on
	Cancelled   *undoneView
	Unpacked    []undoneView
	Do          shipmentDoings
	Typed       map[string]string
	Kept        string // path of the act that was refused
}

// undoneView is something of the shipment that was undone before anything was handed over: a packing, or the shipment itself.
type undoneView struct{ By, At, Reason, What, Packed string }

// trait is a name with its value.
type trait struct {
	Name, Value, Sub string
	Mono             bool
	Tone             string
}

// shipmentHeld is why the material may not be worked on: what happened, which rule, what to do now.
type shipmentHeld struct{ What, Next, Rule string }

type receiptView struct {
	At, By   string
	Facts    []trait
	Findings []shipmentHeld
}

type confirmedView struct {
	Elements, Statement, By, At string
	After                       string // how long after the receipt: it is a late entry
}

type switchView struct {
	From, To, Lane, Arrival, Expiry, Reason, At string
	Giving, Taking                              string
}

type signedView struct{ What, Text, Reason, By, At string }

type toldView struct {
	Party, What, By string
	Read            bool
}

// rules of findings, as the pages name them beside what happened.
var findingRules = map[shipment.ProblemKind]string{
	shipment.WrongBox: "TR-8", shipment.WrongPlant: "TR-8", shipment.WrongContainer: "I4", shipment.BrokenSeal: "TR-6", shipment.OtherSeals: "TR-6",
	shipment.Leaking: "AT-12", shipment.LabelIncomplete: "AT-12", shipment.OutOfHours: "TR-8", shipment.CustodyBroken: "I6", shipment.TookTooLong: "TR-1",
	shipment.Expired: "I10", shipment.TemperatureExcursion: "TR-2", shipment.TemperatureNow: "TR-2", shipment.LowVolume: "AT-12",
}

// shipmentShow is GET /shipments/:shipment.
func (v *visit) shipmentShow() error {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return err
	}
	return v.shipmentPage(http.StatusOK, id)
}

// shipment is the one that the address names.
func (v *visit) shipment() (*shipment.Shipment, error) {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return nil, err
	}
	return v.plant().Shipments().Load(v.ctx(), id)
}

// shipmentAgain shows the shipment with what stood against a command; what was typed stays in its form.
func (v *visit) shipmentAgain(id shipment.ID, err error) error {
	return v.shipmentPage(status(err), id, v.problems(err, nil)...)
}

// shipped is a shipment with the batch and the treatment whose material it carries; both nil where this plant knows neither.
func (v *visit) shipped(id shipment.ID) (*shipment.Shipment, *batch.Batch, *chainofcustody.TherapyEvent, error) {
	s, err := v.plant().Shipments().Load(v.ctx(), id)
	if err != nil || s.Plan.Batch == "" {
		return s, nil, nil, err
	}
	b, t, err := v.plant().Batches.LoadWithEvent(v.ctx(), s.Plan.Batch)
	return s, b, t, err
}

func (v *visit) shipmentPage(code int, id shipment.ID, problems ...Problem) error {
	s, b, t, err := v.shipped(id)
	if err != nil {
		return err
	}
	p := shipmentPage{
		frame: v.frame("shipments", v.T("shipment.title", "id", string(id)), problems...), ID: string(id), Seen: s.Version, Batch: s.Plan.Batch,
		State: v.shipmentState(s.Status(), len(s.Held()) > 0), Way: v.way(s), Plan: v.planFacts(s), Packing: v.packingFacts(s), Box: v.boxView(s), ClosedWhy: s.ClosedWhy,
		Unplanned: v.unplannedFacts(s), Storage: v.storageFacts(s), Call: v.callFacts(id), Told: v.toldViews(s), Typed: v.typed(), Kept: v.Request().URL.Path,
	}
	if b != nil {
		st := v.strip(b, "")
		p.Strip = &st
	}
	p.Cancelled, p.Unpacked = v.cancelled(s), v.unpacked(s)
	for _, h := range s.Held() {
		p.Held = append(p.Held, v.held(s, h))
	}
	p.Chain, p.Whole = v.chain(s)
	p.Broken, p.Untaken = v.notWhole(s.Chain()), s.Untaken()
	p.Reports = v.reports(s)
	p.Files = v.loggerFiles(s)
	p.Temperature, err = v.temperature(s)
	if err != nil {
		return err
	}
	p.Receipt = v.receiptView(s)
	for _, c := range s.Confirmed {
		p.Confirmed = append(p.Confirmed, confirmedView{
			Elements: v.elements(c.Elements), Statement: c.Statement, By: v.full(c.Signature.Account), At: moment(c.At, v.zone()), After: v.span(c.At.Sub(s.Receipt.At)),
		})
	}
	for _, sw := range s.Switches {
		p.Switches = append(p.Switches, switchView{
			From: sw.From, To: sw.To.Site, Lane: v.laneText(sw.Lane), Arrival: moment(sw.Arrival, v.zone()), Expiry: moment(sw.Expiry, v.zone()), Reason: sw.Reason,
			At: moment(sw.At, v.zone()), Giving: sw.Giving.Name, Taking: sw.Taking.Name,
		})
	}
	if b != nil && b.HandedOn != nil {
		p.ClosedWhy = ""
		p.GoesOn = b.HandedOn.To
		if v.reads() {
			p.Dossier = b.Number
		}
	}
	p.Decisions = v.decisions(s)
	p.Do = v.shipmentDoings(s, b, t)
	if len(p.Do.Accept) > 0 || p.Do.Receive { // who takes it reads the seals without seeing what the giver read
		p.Packing = nil
		for i := range p.Chain {
			p.Chain[i].Seals = ""
			for k := range p.Chain[i].Flags {
				if p.Chain[i].Flags[k].seals {
					p.Chain[i].Flags[k].Text = ""
				}
			}
		}
		for i := range p.Reports {
			p.Reports[i].Seals = ""
		}
		for i := range p.Unpacked {
			p.Unpacked[i].What = ""
		}
	}
	return v.render(code, "shipment", p)
}

// way is from where to where, as the plan stands.
func (v *visit) way(s *shipment.Shipment) string {
	if s.Unplanned != nil {
		return v.T("shipment.unexpected")
	}
	return s.Plan.From.Name + " → " + s.Plan.To.Name
}

// held says what a finding is, by which rule, and what to do now.
func (v *visit) held(s *shipment.Shipment, f shipment.Finding) shipmentHeld {
	key := string(f.Kind)
	return shipmentHeld{
		What: v.T("shipment-finding."+key, "detail", v.findingDetail(s, f)), Next: v.T("shipment-finding." + key + ".next"), Rule: findingRules[f.Kind],
	}
}

// findingDetail is what a finding names, in words.
func (v *visit) findingDetail(s *shipment.Shipment, f shipment.Finding) string {
	switch f.Kind {
	case shipment.LabelIncomplete:
		return v.word("label-element", f.Detail)
	case shipment.BrokenSeal:
		return v.sealed(s.Receipt.Seals)
	case shipment.OtherSeals:
		return v.T("shipment.flag.seals-received", "packed", v.sealed(s.Packing.Seals), "received", v.sealed(s.Receipt.Seals))
	case shipment.CustodyBroken:
		return v.word("shipment-flag", f.Detail)
	case shipment.WrongPlant:
		if f.Detail == "" {
			return v.T("shipment.nowhere")
		}
	case shipment.TemperatureExcursion:
		if s.Excursion != nil {
			return v.excursionText(s)
		}
	case shipment.TemperatureNow:
		return v.quantity(s.Receipt.Temperature)
	case shipment.LowVolume:
		return v.quantity(s.Receipt.Volume) + " (" + v.limit(s.Receipt.VolumeLimit) + ")"
	case shipment.TookTooLong:
		d, err := time.ParseDuration(f.Detail)
		if err == nil {
			return v.span(d) + " (" + v.span(s.Plan.Lane.Longest) + ")"
		}
	case shipment.Expired:
		return moment(s.Plan.Expiry, v.zone())
	}
	return f.Detail
}

// transportText is what holds a batch since its shipment, in words; empty where it was not a shipment.
func (v *visit) transportText(h batch.Hold) string {
	id, err := shipment.ParseID(h.Ref)
	if err != nil {
		return ""
	}
	s, err := v.plant().Shipments().Load(v.ctx(), id)
	if err != nil {
		return ""
	}
	var out []string
	if h.Cause == batch.HoldExcursion && s.Excursion != nil {
		out = append(out, v.excursionText(s))
	}
	if h.Cause != batch.HoldExcursion && s.Receipt != nil {
		for _, p := range s.Receipt.Problems {
			if p.Kind.Quarantines() && (p.Kind == shipment.WrongContainer) == (h.Cause == batch.HoldIdentity) {
				out = append(out, v.held(s, p).What)
			}
		}
	}
	if len(out) == 0 {
		return ""
	}
	return string(id) + ": " + strings.Join(out, "; ")
}

func (v *visit) planFacts(s *shipment.Shipment) []trait {
	if s.Unplanned != nil {
		return nil
	}
	p := s.Plan
	out := []trait{
		{Name: v.T("shipment.from"), Value: p.From.Name}, {Name: v.T("shipment.to"), Value: p.To.Name},
		{Name: v.T("shipment.lane"), Value: v.laneText(p.Lane)},
		{Name: v.T("shipment.box"), Value: p.Box, Mono: true},
		{Name: v.T("shipment.logger"), Value: p.Logger.Serial, Mono: true, Sub: v.T("shipment.logger.sub", "config", p.Logger.Config, "day", v.lastDay(p.Logger.CalibratedUntil))},
		{Name: v.T("shipment.pickup"), Value: moment(p.Pickup, v.zone()), Mono: true}, {Name: v.T("shipment.arrival"), Value: moment(p.Arrival, v.zone()), Mono: true},
	}
	if !p.Expiry.IsZero() {
		out = append(out, trait{Name: v.T("shipment.expiry"), Value: moment(p.Expiry, v.zone()), Mono: true})
	}
	if p.Language != "" {
		out = append(out, trait{Name: v.T("shipment.language"), Value: v.word("lang", p.Language)})
	}
	return append(out, trait{Name: v.T("shipment.planned-by"), Value: v.full(s.PlannedBy.Account), Sub: moment(s.PlannedAt, v.zone())})
}

// lastDay is the last day on which something holds that ends at a moment, as the sticker says it (TR-3).
func (v *visit) lastDay(end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return day(end.Add(-time.Nanosecond).In(v.zone()))
}

func (v *visit) packingFacts(s *shipment.Shipment) []trait {
	if s.PackedAt.IsZero() {
		return nil
	}
	var out []trait
	for _, c := range s.Packing.Containers {
		out = append(out, trait{Name: v.T("shipment.container"), Value: unlabelled(c), Mono: true})
	}
	for _, seal := range s.Packing.Seals {
		out = append(out, trait{Name: v.T("shipment.seal"), Value: seal, Mono: true})
	}
	return append(out, trait{Name: v.T("shipment.packed-by"), Value: v.full(s.PackedBy.Account), Sub: moment(s.PackedAt, v.zone()) + " · " + s.Packing.Place})
}

func (v *visit) cancelled(s *shipment.Shipment) *undoneView {
	if s.CancelledAt.IsZero() {
		return nil
	}
	return &undoneView{By: v.full(s.CancelledBy.Account), At: moment(s.CancelledAt, v.zone()), Reason: s.CancelledWhy}
}

// unpacked are the packings that were undone.
func (v *visit) unpacked(s *shipment.Shipment) []undoneView {
	var out []undoneView
	for _, u := range s.Unpacked {
		one := undoneView{
			By: v.full(u.By.Account), At: moment(u.At, v.zone()) + " · " + u.Place, Reason: u.Reason, What: listed(u.Was.Seals),
			Packed: v.full(u.PackedBy.Account) + " · " + moment(u.PackedAt, v.zone()) + " · " + u.Was.Place,
		}
		for _, c := range u.Containers {
			one.What += " · " + unlabelled(c)
		}
		out = append(out, one)
	}
	return out
}

func (v *visit) unplannedFacts(s *shipment.Shipment) []trait {
	u := s.Unplanned
	if u == nil {
		return nil
	}
	expected := u.Expected
	if expected == "" {
		expected = v.T("shipment.nowhere")
	}
	return []trait{
		{Name: v.T("shipment.read"), Value: u.Raw, Mono: true}, {Name: v.T("shipment.belongs"), Value: expected},
		{Name: v.T("shipment.quarantine-place"), Value: u.Place, Sub: moment(u.At, v.zone()) + " · " + v.full(u.By)},
	}
}

func (v *visit) storageFacts(s *shipment.Shipment) []trait {
	if s.Storage == nil {
		return nil
	}
	out := []trait{
		{Name: v.T("shipment.store-place"), Value: s.Storage.Place, Sub: moment(s.Storage.Since, v.zone()) + " · " + v.full(s.Storage.By)},
		{Name: v.T("shipment.store-temperature"), Value: v.quantity(s.Storage.Temperature), Mono: true},
	}
	if at := s.Storage.LatestStart; !at.IsZero() {
		c := v.deadline(v.T("shipment.latest-start"), at, v.now(), v.zone(), soon)
		out = append(out, trait{Name: c.Name, Value: c.At, Sub: c.Left, Mono: true, Tone: c.Tone})
	}
	return out
}

func (v *visit) receiptView(s *shipment.Shipment) *receiptView {
	r := s.Receipt
	if r == nil {
		return nil
	}
	out := &receiptView{At: moment(r.At, v.zone()), By: v.full(r.By.Account)}
	yes := func(b bool) string {
		if b {
			return v.word("bool", "true")
		}
		return v.word("bool", "false")
	}
	out.Facts = []trait{{Name: v.T("shipment.box"), Value: r.Box, Mono: true}, {Name: v.T("shipment.seals"), Value: listed(r.Seals), Mono: true}, {Name: v.T("shipment.seals-ok"), Value: yes(r.SealsOK)}, {Name: v.T("shipment.leak"), Value: yes(r.Leak)}}
	for _, c := range r.Matched {
		out.Facts = append(out.Facts, trait{Name: v.T("shipment.scanned"), Value: unlabelled(c), Mono: true})
	}
	if r.Mismatch != "" {
		out.Facts = append(out.Facts, trait{Name: v.T("shipment.mismatched"), Value: r.Mismatch, Mono: true, Tone: "stop"})
	}
	if !r.Volume.IsZero() {
		out.Facts = append(out.Facts, trait{Name: v.T("shipment.volume"), Value: v.quantity(r.Volume), Mono: true})
	}
	if !r.Temperature.IsZero() {
		out.Facts = append(out.Facts, trait{Name: v.T("shipment.temperature-open"), Value: v.quantity(r.Temperature), Mono: true})
	}
	if r.Condition != "" {
		out.Facts = append(out.Facts, trait{Name: v.T("shipment.condition"), Value: r.Condition})
	}
	for _, f := range r.Problems {
		out.Findings = append(out.Findings, v.held(s, f))
	}
	return out
}

// decisions are QA's signed decisions on the shipment.
func (v *visit) decisions(s *shipment.Shipment) []signedView {
	var out []signedView
	if x := s.Excursion; x != nil && x.Decision != nil {
		d := x.Decision
		out = append(out, signedView{
			What: v.T("shipment.excursion") + ": " + v.word("shipment-verdict", string(d.Verdict)), Reason: d.Reason, By: d.Signature.Name, At: moment(d.Signature.At, v.zone()),
			Text: v.T("shipment.decided.with", "stability", d.Stability, "viability", v.viability(d.Viability)),
		})
	}
	if r := s.Resolved; r != nil {
		out = append(out, signedView{
			What: v.T("shipment.quarantine") + ": " + v.word("shipment-way", string(r.How)), Reason: r.Reason, By: r.Signature.Name, At: moment(r.At, v.zone()),
		})
	}
	return out
}

func (v *visit) toldViews(s *shipment.Shipment) []toldView {
	var out []toldView
	for _, a := range s.Informed {
		out = append(out, toldView{Party: v.word("party", a.Party), What: v.word("shipment-told", a.What), By: v.full(a.Account) + " · " + moment(a.At, v.zone()), Read: true})
	}
	for _, a := range s.Unread() {
		out = append(out, toldView{Party: v.word("party", a.Party), What: v.word("shipment-told", a.What)})
	}
	return out
}

// unlabelled is a container's identifier as it is printed, without its check character: that is on the label alone (ID-12).
func unlabelled(id string) string {
	p := printed(id)
	if p == id {
		return id
	}
	return unchecked(p)
}
