package pages

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// temperatureView is what the newest accepted logger file says: the curve, what was computed, beside what the device says.
type temperatureView struct {
	Curve     template.HTML
	Figures   []figureView
	Rule      string
	Warnings  []string
	Excursion string // what lies beyond the lane; empty when nothing does
	Decided   bool
	More      int // crossings that the curve does not mark
}

// figureView is one figure: computed here, and as the device says.
type figureView struct {
	Name, Ours, Theirs string
	Why                string // the tolerance, explained
	State              *state // nil where there is nothing to compare
}

// loggerFile is a file that was brought; a rejected one is kept as evidence (I14).
type loggerFile struct {
	Name, By, At, Digest, Link, PDF string
	State                           state
	Why                             []string
}

// temperature reads the kept file again: what is shown is what the evidence says (I14).
func (v *visit) temperature(s *shipment.Shipment) (*temperatureView, error) {
	file, ok := s.Accepted()
	if !ok {
		return nil, nil
	}
	content, err := v.plant().Log.Blob(v.ctx(), file.File)
	if err != nil {
		return nil, fmt.Errorf("logger file of %s: %w", s.ID, err)
	}
	l, summary, err := s.Recorded(content)
	if err != nil {
		return nil, err
	}
	out := &temperatureView{Rule: v.T("temperature.rule")}
	if s.Excursion != nil {
		out.Excursion, out.Decided = v.excursionText(s), s.Excursion.Decision != nil
	}
	plot, ok := temperature.Plotted(l, summary)
	if ok {
		out.Curve, out.More = template.HTML(plot.SVG(v.chartWords(s, l))), plot.MoreMarks // every text in it is escaped there
	}
	out.Figures = v.figures(l, summary)
	for _, w := range append(l.Warnings, summary.Differences()...) {
		text, ok := v.lookup("temperature.warn." + w.Code)
		if !ok {
			text = w.Text
		}
		out.Warnings = append(out.Warnings, ledger.Fill(text, w.Args))
	}
	return out, nil
}

// chartWords is what the curve says, in the person's language and on the plant's clock.
func (v *visit) chartWords(s *shipment.Shipment, l *temperature.Log) temperature.Wording {
	number := func(f float64) string {
		text := fmt.Sprintf("%g", f)
		return strings.ReplaceAll(text, ".", decimalMark(v.lang))
	}
	return temperature.Wording{
		Title: v.T("temperature.curve", "serial", l.Serial), Desc: v.T("temperature.curve.desc", "lane", v.laneText(s.Plan.Lane)), Gap: v.T("temperature.gap"),
		Number: number, Value: func(m temperature.Mark) string { return v.quantity(m.Value) },
		Time: func(t time.Time) string { return strings.ToUpper(t.In(v.zone()).Format("02 Jan 15:04")) },
		Lane: func(low bool) string {
			if low {
				return v.T("temperature.lowest", "at", v.quantity(s.Plan.Lane.Low))
			}
			return v.T("temperature.highest", "at", v.quantity(s.Plan.Lane.High))
		},
	}
}

// figures are what was computed, beside what the device says with the tolerance explained.
func (v *visit) figures(l *temperature.Log, s temperature.Summary) []figureView {
	out := []figureView{
		{Name: v.T("temperature.readings"), Ours: itoa(len(l.Readings))},
		{Name: v.T("temperature.span"), Ours: moment(l.First(), v.zone()) + " – " + moment(l.Last(), v.zone())},
		{Name: v.T("temperature.gaps"), Ours: v.T("temperature.gaps.text", "n", itoa(len(s.Gaps)), "span", v.span(s.Unknown))},
	}
	compared := map[temperature.Figure]temperature.Comparison{}
	for _, c := range s.Comparisons {
		compared[c.Figure] = c
	}
	minutes := func(d time.Duration, high bool) string {
		if !s.Counted(l, high) {
			return v.T("temperature.notknown")
		}
		return v.quantity(temperature.Minutes(d))
	}
	degrees := func(q quantity.Quantity) string {
		if q.IsZero() {
			return v.T("temperature.notknown")
		}
		return v.quantity(q)
	}
	rounded := func(q quantity.Quantity) string {
		if q.IsZero() {
			return degrees(q)
		}
		return degrees(q.Round(temperature.Shown))
	}
	for _, f := range []struct {
		figure temperature.Figure
		ours   string
	}{
		{temperature.FigureMin, degrees(s.Min.Value)}, {temperature.FigureMax, degrees(s.Max.Value)}, {temperature.FigureMean, rounded(s.Mean)}, {temperature.FigureMKT, rounded(s.MKT)},
		{temperature.FigureAbove, minutes(s.Above, true)}, {temperature.FigureBelow, minutes(s.Below, false)},
	} {
		row := figureView{Name: v.T("temperature." + string(f.figure)), Ours: f.ours}
		if c, ok := compared[f.figure]; ok {
			row.Theirs = v.quantity(c.Theirs)
			row.Why = v.T("temperature.tolerance."+string(c.Tolerance), "allowed", v.quantity(c.Allowed))
			switch {
			case c.Tolerance == temperature.NotSame:
			case c.Agrees:
				row.State = &state{Icon: "tick", Word: v.T("temperature.agrees")}
			default:
				row.State = &state{Icon: "triangle", Tone: "att", Word: v.T("temperature.differs")}
			}
		}
		out = append(out, row)
	}
	return out
}

// excursionText is what the excursion shows, in the person's language.
func (v *visit) excursionText(s *shipment.Shipment) string {
	f, lane := s.Excursion.Figures, s.Plan.Lane
	out := v.T("shipment.excursion.text", "min", v.quantity(f.Min), "max", v.quantity(f.Max), "low", v.quantity(lane.Low), "high", v.quantity(lane.High),
		"above", itoa(f.Above), "below", itoa(f.Below), "allowed", itoa(int(lane.Outside/time.Minute)))
	if f.Unknown > 0 {
		out += " " + v.T("shipment.excursion.unknown", "n", itoa(f.Unknown))
	}
	return out
}

func (v *visit) loggerFiles(s *shipment.Shipment) []loggerFile {
	out := make([]loggerFile, 0, len(s.Imports))
	for _, i := range s.Imports {
		f := loggerFile{
			Name: i.Name, By: v.full(i.By), At: moment(i.At, v.zone()), Digest: i.File.String(), Link: "/shipments/" + string(s.ID) + "/files/" + i.File.String(),
			State: state{Icon: "tick", Word: v.T("shipment.file.counts")}, Why: v.mismatches(i.Rejected),
		}
		if len(i.Rejected) > 0 {
			f.State = state{Icon: "octagon", Tone: "att", Word: v.T("shipment.file.rejected")}
		}
		if i.PDF != (ledger.Digest{}) {
			f.PDF = "/shipments/" + string(s.ID) + "/files/" + i.PDF.String()
		}
		out = append(out, f)
	}
	return out
}

// mismatches are the reasons why a file is not that of the shipment, in words.
func (v *visit) mismatches(why []shipment.Mismatch) []string {
	var out []string
	for _, m := range why {
		got, want := m.Got, m.Want
		for _, part := range []*string{&got, &want} {
			t, err := time.Parse(time.RFC3339, *part)
			if err == nil {
				*part = moment(t, v.zone())
			}
		}
		out = append(out, v.T("shipment-mismatch."+string(m.Code), "got", got, "want", want))
	}
	return out
}

// shipmentFile is GET /shipments/:shipment/files/:file: a logger file, byte for byte as it was brought (I14).
func (v *visit) shipmentFile() error {
	s, err := v.shipment()
	if err != nil {
		return err
	}
	for _, i := range s.Imports {
		for ending, digest := range map[string]ledger.Digest{".txt": i.File, ".pdf": i.PDF} {
			if digest == (ledger.Digest{}) || digest.String() != v.Param("file") {
				continue
			}
			content, err := v.plant().Log.Blob(v.ctx(), digest)
			if err != nil {
				return fmt.Errorf("logger file of %s: %w", s.ID, err)
			}
			h := v.Response().Header()
			h.Set("Content-Disposition", `attachment; filename="`+string(s.ID)+"-"+digest.String()[:12]+ending+`"`)
			return v.Blob(http.StatusOK, "application/octet-stream", content)
		}
	}
	return ledger.Refuse(ledger.Missing, "I14", "no-logger-file", "shipment {id} has no such file", "choose it on the page of the shipment", "id", string(s.ID))
}
