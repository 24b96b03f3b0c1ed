package record

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// Transport is one shipment of the batch's material, with what the logger's file says that counts (TR-9, I14).
type Transport struct {
	Shipment *shipment.Shipment
	Log      *temperature.Log // nil while no file was accepted
	Summary  temperature.Summary
}

// transported reads the shipments of a batch, in order of number.
func transported(ctx context.Context, batches *batch.Book, b *batch.Batch) ([]Transport, error) {
	sheets, err := batches.ShipmentsOf(ctx, b)
	if err != nil {
		return nil, err
	}
	var out []Transport
	for _, sheet := range sheets {
		s, err := batches.Shipments().Load(ctx, sheet.ID)
		if err != nil {
			return nil, err
		}
		t := Transport{Shipment: s}
		if file, ok := s.Accepted(); ok {
			content, err := batches.Log.Blob(ctx, file.File)
			if err != nil {
				return nil, fmt.Errorf("logger file of %s: %w", s.ID, err)
			}
			t.Log, t.Summary, err = s.Recorded(content)
			if err != nil {
				return nil, err
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// accounts are those who are named in the print of a transport.
func (t Transport) accounts() []string {
	var out []string
	for _, l := range t.Shipment.Chain().Links {
		out = append(out, l.Holder.Account)
	}
	for _, r := range t.Shipment.Reports {
		out = append(out, r.By.Account)
	}
	for _, a := range t.Shipment.Informed {
		out = append(out, a.Account)
	}
	for _, u := range t.Shipment.Unpacked {
		out = append(out, u.PackedBy.Account, u.By.Account)
	}
	if !t.Shipment.CancelledAt.IsZero() {
		out = append(out, t.Shipment.CancelledBy.Account)
	}
	if r := t.Shipment.Receipt; r != nil {
		out = append(out, r.By.Account)
	}
	if e := t.Shipment.Excursion; e != nil && e.Decision != nil {
		out = append(out, e.Decision.Signature.Account)
	}
	return out
}

// transports prints how the material travelled: the lane and what it allows, who had it, what was wrong at the receipt, and
// the temperature on the way with its curve.
func (s *sheet) transports() {
	if len(s.Transports) == 0 {
		return
	}
	b := s.w.get("transports")
	s.doc.Section(b.local, b.second())
	s.note("transports.note")
	for _, t := range s.Transports {
		s.doc.Subsection(string(t.Shipment.ID), s.w.word("shipment-direction", string(t.Shipment.Plan.Direction)).inline())
		s.doc.Table(paper.Table{
			Where: "transport", Columns: []paper.Column{{Width: 42}, {}}, Rows: s.transport(t.Shipment), Head: s.headRow("transports.what", "transports.recorded"),
		})
		s.curve(t)
	}
}

func (s *sheet) transport(x *shipment.Shipment) [][]paper.Cell {
	plan := x.Plan
	text := func(key string, cell ...paper.Text) []paper.Cell { return []paper.Cell{s.w.get(key).in(small), cell} }
	one := func(text string) paper.Text { return paper.Text{S: s.plain(text), Style: small} }
	rows := [][]paper.Cell{
		text("transports.route", one(plan.From.Name+" – "+plan.To.Name)),
		text("transports.lane", append(paper.Cell{one(plan.Lane.ID)}, s.w.get("transports.allowed", "low", s.number(plan.Lane.Low), "high", s.number(plan.Lane.High),
			"outside", strconv.Itoa(int(plan.Lane.Outside/time.Minute)), "longest", strconv.Itoa(int(plan.Lane.Longest/time.Minute))).in(small)...)...),
		text("transports.box", one(plan.Box+" · "+plan.Logger.Serial)),
	}
	chain := x.Chain()
	for _, l := range chain.Links {
		cell := append(s.w.word("party", string(l.Holder.Party)).in(small), paper.Text{S: s.person(l.Holder.Account), Style: small}, paper.Text{S: s.between(l), Style: code})
		if l.Broken {
			cell = append(cell, s.w.get("transports.missing").in(bold)...)
		}
		rows = append(rows, []paper.Cell{s.w.get("transports.holder").in(small), cell})
	}
	for _, f := range chain.Flags {
		cell := s.w.word("shipment-flag", string(f.Kind)).in(bold)
		if f.Span > 0 {
			cell = append(cell, one(strconv.Itoa(int(f.Span.Round(time.Minute)/time.Minute))+" min"))
		}
		rows = append(rows, []paper.Cell{s.w.get("transports.flag").in(small), cell})
	}
	rows = append(rows, s.reported(x)...)
	for _, u := range x.Unpacked {
		rows = append(rows, []paper.Cell{s.w.get("transports.unpacked").in(small), {
			{S: s.stamp(u.PackedAt) + " – " + s.stamp(u.At), Style: code}, {S: s.person(u.PackedBy.Account), Style: small}, {S: s.person(u.By.Account), Style: small}, one(u.Reason),
		}})
	}
	if !x.CancelledAt.IsZero() {
		rows = append(rows, []paper.Cell{s.w.get("transports.cancelled").in(bold), {{S: s.stamp(x.CancelledAt), Style: code}, {S: s.person(x.CancelledBy.Account), Style: small}, one(x.CancelledWhy)}})
	}
	if r := x.Receipt; r != nil {
		cell := paper.Cell{{S: s.stamp(r.At), Style: code}, {S: s.person(r.By.Account), Style: small}}
		for _, p := range r.Problems {
			cell = append(cell, s.w.word("shipment-problem", string(p.Kind)).in(bold)...)
			if p.Detail != "" {
				cell = append(cell, one(p.Detail))
			}
		}
		if len(r.Problems) == 0 {
			cell = append(cell, s.w.get("transports.nothing").in(small)...)
		}
		rows = append(rows, []paper.Cell{s.w.get("transports.receipt").in(small), cell})
	}
	for _, i := range x.Imports {
		cell := paper.Cell{one(i.Name), {S: i.File.String(), Style: code}}
		if len(i.Rejected) > 0 {
			cell = append(cell, s.w.get("transports.rejected").in(bold)...)
		}
		rows = append(rows, []paper.Cell{s.w.get("transports.file").in(small), cell})
	}
	if e := x.Excursion; e != nil {
		f := e.Figures
		cell := s.shared("shipment.excursion.text").fill("min", s.number(f.Min), "max", s.number(f.Max), "low", s.number(plan.Lane.Low), "high", s.number(plan.Lane.High),
			"above", strconv.Itoa(f.Above), "below", strconv.Itoa(f.Below), "allowed", strconv.Itoa(int(plan.Lane.Outside/time.Minute))).in(paper.Style{Size: paper.Small, Bold: true})
		if d := e.Decision; d != nil {
			cell = append(append(cell, s.w.word("shipment-verdict", string(d.Verdict)).in(small)...), one(d.Reason),
				paper.Text{S: s.person(d.Signature.Account), Style: small})
		} else {
			cell = append(cell, s.w.get("transports.undecided").in(bold)...)
		}
		rows = append(rows, []paper.Cell{s.w.get("transports.excursion").in(small), cell})
	}
	return rows
}

// reported is what somebody told on the way from their phone, in the order in which it arrived, and who has read it since (TR-10, TR-2).
func (s *sheet) reported(x *shipment.Shipment) [][]paper.Cell {
	var rows [][]paper.Cell
	one := func(text string) paper.Text { return paper.Text{S: s.plain(text), Style: small} }
	for _, r := range x.Reports {
		cell := s.shared("shipment.report." + string(r.Kind)).in(small)
		if text := strings.TrimSpace(r.Text + " " + strings.Join(r.Seals, " ")); text != "" {
			cell = append(cell, paper.Text{S: s.plain(text), Style: bold})
		}
		cell = append(append(cell, s.w.word("party", string(r.By.Party)).in(small)...), paper.Text{S: s.person(r.By.Account), Style: small}, paper.Text{S: s.within(r.At), Style: code})
		cell = append(cell, s.w.get("transports.device", "at", s.stamp(r.Claim.At), "offset", span(r.Claim.Offset), "bound", span(r.Claim.Bound)).in(small)...)
		cell = append(cell, s.w.get("transports.told", "at", s.stamp(r.Known)).in(small)...)
		if r.WrongClock {
			cell = append(cell, s.w.word("shipment-flag", string(shipment.WrongClock)).in(bold)...)
		}
		if r.Revoked {
			cell = append(cell, s.w.word("shipment-flag", string(shipment.RevokedPass)).in(bold)...)
		}
		rows = append(rows, []paper.Cell{s.w.get("transports.reported").in(small), cell})
	}
	for _, a := range x.Informed {
		cell := append(s.w.word("shipment-told", a.What).in(small), s.w.word("party", a.Party).in(small)...)
		rows = append(rows, []paper.Cell{s.w.get("transports.read").in(small), append(cell, one(s.person(a.Account)), paper.Text{S: s.stamp(a.At), Style: code})})
	}
	for _, a := range x.Unread() {
		cell := append(s.w.word("shipment-told", a.What).in(small), s.w.word("party", a.Party).in(small)...)
		rows = append(rows, []paper.Cell{s.w.get("transports.unread").in(bold), cell})
	}
	return rows
}

// span is a difference of clocks, to the second.
func span(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Second)/time.Second)) + " s" }

// between is when a holder had the box, never more exact than it is known.
func (s *sheet) between(l shipment.Link) string { return s.within(l.From) + " – " + s.within(l.To) }

// within is when something happened, never more exact than it is known.
func (s *sheet) within(m chainofcustody.Moment) string {
	end := func(t time.Time) string {
		if t.IsZero() {
			return "…"
		}
		return s.stamp(t)
	}
	switch {
	case m.Earliest.IsZero() && m.Latest.IsZero():
		return "…"
	case m.Earliest.Equal(m.Latest):
		return s.stamp(m.Latest)
	default:
		return "[" + end(m.Earliest) + " – " + end(m.Latest) + "]"
	}
}

// curveHeight is how high a curve is drawn, in mm.
const curveHeight = 62

// curve prints what the logger's file says: figures beside those of the device, and every reading as a curve.
func (s *sheet) curve(t Transport) {
	if t.Log == nil {
		return
	}
	s.doc.Space(3)
	s.doc.Table(paper.Table{
		Where: "transport figures", Columns: []paper.Column{{Width: 62}, {Width: 42, Align: paper.Right}, {Align: paper.Right}}, Rows: s.figures(t.Log, t.Summary), Together: true,
		Head: s.headRow("transports.figure", "transports.ours", "transports.theirs"),
	})
	plot, ok := temperature.Plotted(t.Log, t.Summary)
	if !ok {
		return
	}
	s.doc.Space(2)
	s.doc.Keep(curveHeight + 4)
	top := s.doc.Y()
	plot.Draw(s.doc.Canvas(), s.doc.Left(), top, s.doc.Width(), curveHeight, s.chartWords(t.Shipment))
	s.doc.MoveTo(top + curveHeight + 4)
}

func (s *sheet) figures(l *temperature.Log, x temperature.Summary) [][]paper.Cell {
	theirs := map[temperature.Figure]string{}
	for _, c := range x.Comparisons {
		theirs[c.Figure] = s.number(c.Theirs)
	}
	var rows [][]paper.Cell
	add := func(f temperature.Figure, q quantity.Quantity) {
		if q.IsZero() {
			return
		}
		rows = append(rows, []paper.Cell{s.shared("temperature." + string(f)).in(small), {{S: s.number(q), Style: small}}, {{S: theirs[f], Style: small}}})
	}
	rounded := func(q quantity.Quantity) quantity.Quantity {
		if q.IsZero() {
			return q
		}
		return q.Round(temperature.Shown)
	}
	rows = append(rows, []paper.Cell{s.shared("temperature.readings").in(small), {{S: strconv.Itoa(len(l.Readings)), Style: small}}, nil})
	add(temperature.FigureMin, x.Min.Value)
	add(temperature.FigureMax, x.Max.Value)
	add(temperature.FigureMean, rounded(x.Mean))
	add(temperature.FigureMKT, rounded(x.MKT))
	if x.Counted(l, true) {
		add(temperature.FigureAbove, temperature.Minutes(x.Above))
	}
	if x.Counted(l, false) {
		add(temperature.FigureBelow, temperature.Minutes(x.Below))
	}
	return rows
}

// shared is wording that the pages have as well.
func (s *sheet) shared(key string) both {
	b, ok := s.w.code(key)
	if !ok {
		s.w.missing = append(s.w.missing, key)
	}
	return b
}

func (s *sheet) chartWords(x *shipment.Shipment) temperature.Wording {
	number := func(f float64) string {
		text := fmt.Sprintf("%g", f)
		if s.w.lang != "en" {
			text = strings.ReplaceAll(text, ".", ",")
		}
		return text
	}
	return temperature.Wording{
		Gap: s.shared("temperature.gap").local, Number: number, Value: func(m temperature.Mark) string { return s.number(m.Value) },
		Time: func(t time.Time) string { t = t.In(s.Plant.Location); return day(t)[:6] + t.Format(" 15:04") },
		Lane: func(low bool) string {
			if low {
				return s.shared("temperature.lowest").fill("at", s.number(x.Plan.Lane.Low)).local
			}
			return s.shared("temperature.highest").fill("at", s.number(x.Plan.Lane.High)).local
		},
	}
}
