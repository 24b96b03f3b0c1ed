package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

// loggerKind are the files of temperature loggers.
var loggerKind = fileKind{name: "temperature logger", formats: temperature.Names(), read: readLogger}

// loggerFacts is what was understood of a logger file. Temperatures are in °C, times in UTC, spans in minutes.
type loggerFacts struct {
	Kind         string          `json:"kind"`
	Format       string          `json:"format"`
	Model        string          `json:"model,omitempty"`
	Serial       string          `json:"serial"`
	Run          int             `json:"run,omitempty"`
	Readings     int             `json:"readings"`
	Days         int             `json:"days,omitempty"`
	IntervalMin  int             `json:"interval_minutes,omitempty"`
	First        time.Time       `json:"first"`
	Last         time.Time       `json:"last"`
	Low          json.Number     `json:"low"`
	High         json.Number     `json:"high"`
	Min          json.Number     `json:"min"`
	MinAt        time.Time       `json:"min_at,omitzero"`
	Max          json.Number     `json:"max"`
	MaxAt        time.Time       `json:"max_at,omitzero"`
	Mean         *json.Number    `json:"mean"`
	MKT          *json.Number    `json:"mkt"`
	Activation   json.Number     `json:"activation_kj_per_mol"`
	MinutesAbove *int            `json:"minutes_above"` // null: not known
	MinutesBelow *int            `json:"minutes_below"`
	MinutesGap   int             `json:"minutes_unknown"`
	Rule         string          `json:"rule"`
	Crossings    []crossingFacts `json:"crossings"`
	Device       deviceFacts     `json:"device"`
	Comparisons  []compareFacts  `json:"comparisons"`
	PDF          *pdfFacts       `json:"pdf,omitempty"`
	Warnings     []warningFacts  `json:"warnings"`
}

// pdfFacts is whether the device's PDF of the run says what its file says; nil where none was compared.
type pdfFacts struct {
	File    string   `json:"file"`
	Agrees  bool     `json:"agrees"`
	Differs []string `json:"differs"`
}

type crossingFacts struct {
	From    time.Time   `json:"from"`
	To      time.Time   `json:"to"`
	Side    string      `json:"side"`
	Extreme json.Number `json:"extreme"`
	Minutes int         `json:"minutes"`
	Open    bool        `json:"open,omitempty"`
}

type deviceFacts struct {
	Min          *json.Number   `json:"min"`
	Max          *json.Number   `json:"max"`
	Mean         *json.Number   `json:"mean"`
	MKT          *json.Number   `json:"mkt"`
	Activation   *json.Number   `json:"activation_kj_per_mol"`
	MinutesAbove *int           `json:"minutes_above"`
	MinutesBelow *int           `json:"minutes_below"`
	Counters     []counterFacts `json:"counters"`
}

type counterFacts struct {
	Side    string      `json:"side"`
	Limit   json.Number `json:"limit"`
	Minutes int         `json:"minutes"`
	Alarm   bool        `json:"alarm"`
}

type compareFacts struct {
	Figure    string `json:"figure"`
	Ours      string `json:"ours"`
	Theirs    string `json:"theirs"`
	Agrees    bool   `json:"agrees"`
	Tolerance string `json:"tolerance"`
	Allowed   string `json:"allowed,omitempty"`
}

type warningFacts struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// intervalRule states F15 in one sentence.
const intervalRule = "a reading stands until the next one, one interval at most; a crossing lasts from the first reading beyond the limit to the first within; gaps count on neither side (F15)"

// readLogger reads a logger file and computes what a lane asks.
func readLogger(c *readCommand, file []byte) (understood, error) {
	l, err := temperature.Read(file)
	var unknown *quantity.Error
	if errors.As(err, &unknown) && (unknown.Code == temperature.CodeUnknownFile || unknown.Code == temperature.CodeTooLarge) {
		return understood{}, errNotThisKind
	}
	if err != nil {
		return understood{}, err
	}
	lane, activation, err := c.lane()
	if err != nil {
		return understood{}, err
	}
	s, err := temperature.Summarise(l, lane, activation)
	if err != nil {
		return understood{}, err
	}
	l.Warnings = append(l.Warnings, s.Differences()...)
	pdf, err := c.printed(l)
	if err != nil {
		return understood{}, err
	}
	var u understood
	if pdf != nil && !pdf.Agrees {
		u.fault = errFault
	}
	facts := factsOf(l, s)
	facts.PDF = pdf
	u.facts, u.lines = facts, loggerLines(l, s, facts)
	return u, nil
}

func (c *readCommand) lane() (temperature.Range, quantity.Quantity, error) {
	var activation quantity.Quantity
	low, err := quantity.Parse(c.Low, temperature.Unit)
	if err != nil {
		return temperature.Range{}, activation, usage("--low "+c.Low+" is no temperature", "write it as --low 2")
	}
	high, err := quantity.Parse(c.High, temperature.Unit)
	if err != nil {
		return temperature.Range{}, activation, usage("--high "+c.High+" is no temperature", "write it as --high 8")
	}
	lane, err := temperature.NewRange(low, high)
	if err != nil {
		return temperature.Range{}, activation, usage(fmt.Sprintf("%s to %s is no range of temperatures", c.Low, c.High), "give the lower end with --low")
	}
	if c.Activation != "" {
		activation, err = quantity.ParseCanonical(c.Activation, "kJ/mol")
		if err != nil || activation.Sign() <= 0 {
			return temperature.Range{}, activation, usage("--activation "+c.Activation+" is no energy", "write it as --activation 83.144")
		}
	}
	return lane, activation, nil
}

// printed compares the device's PDF of the same run; nil where none was named.
func (c *readCommand) printed(l *temperature.Log) (*pdfFacts, error) {
	if c.PDF == "" {
		return nil, nil //nolint:nilnil // nothing was asked for
	}
	pdf, err := readLimited(c.PDF, temperature.MaxFile)
	if err != nil {
		return nil, usage(err.Error(), "name the PDF that the logger made")
	}
	p, err := temperature.ReadPrinted(pdf)
	if err != nil {
		return nil, err
	}
	differs := p.Differs(l)
	for _, d := range differs {
		l.Warnings = append(l.Warnings, temperature.Warning{Code: temperature.WarnPrinted, Text: "the PDF differs: " + d})
	}
	return &pdfFacts{File: c.PDF, Agrees: len(differs) == 0, Differs: append([]string{}, differs...)}, nil
}

func number(q quantity.Quantity) json.Number { return json.Number(q.Decimal().Text('f')) }

// maybe is a number, or null when there is none.
func maybe(q quantity.Quantity) *json.Number {
	if q.IsZero() {
		return nil
	}
	n := number(q)
	return &n
}

func shownMean(q quantity.Quantity) *json.Number {
	if q.IsZero() {
		return nil
	}
	return maybe(q.Round(temperature.Shown))
}

func side(high bool) string {
	if high {
		return "above"
	}
	return "below"
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

func factsOf(l *temperature.Log, s temperature.Summary) loggerFacts {
	f := loggerFacts{
		Kind: loggerKindName, Format: l.Format, Model: l.Device, Serial: l.Serial, Run: l.Run, Readings: len(l.Readings), Days: len(l.Days),
		IntervalMin: minutes(l.Interval), First: l.First(), Last: l.Last(), Low: number(s.Range.Low), High: number(s.Range.High),
		Min: number(s.Min.Value), MinAt: s.Min.At, Max: number(s.Max.Value), MaxAt: s.Max.At, Mean: shownMean(s.Mean), MKT: shownMean(s.MKT),
		Activation: number(s.Activation), MinutesGap: minutes(s.Unknown), Rule: intervalRule,
		Crossings: []crossingFacts{}, Comparisons: []compareFacts{}, Warnings: []warningFacts{},
		Device: deviceFacts{
			Min: maybe(l.Figures.Min), Max: maybe(l.Figures.Max), Mean: maybe(l.Figures.Mean), MKT: maybe(l.Figures.MKT),
			Activation: maybe(l.Figures.Activation), Counters: []counterFacts{},
		},
	}
	if s.Counted(l, true) {
		n := minutes(s.Above)
		f.MinutesAbove = &n
	}
	if s.Counted(l, false) {
		n := minutes(s.Below)
		f.MinutesBelow = &n
	}
	for _, c := range s.Crossings {
		f.Crossings = append(f.Crossings, crossingFacts{c.From, c.To, side(c.High), number(c.Extreme), minutes(c.Span()), c.Open})
	}
	for _, c := range l.Figures.Counters {
		n := minutes(c.Total)
		f.Device.Counters = append(f.Device.Counters, counterFacts{side(c.High), number(c.Limit), n, c.Alarmed})
		if c.High {
			f.Device.MinutesAbove = &n
		} else {
			f.Device.MinutesBelow = &n
		}
	}
	for _, c := range s.Comparisons {
		f.Comparisons = append(f.Comparisons, compareFacts{string(c.Figure), c.Ours.Round(min(temperature.Shown, c.Ours.Decimals())).String(), c.Theirs.String(), c.Agrees, string(c.Tolerance), c.Allowed.String()})
	}
	for _, w := range l.Warnings {
		f.Warnings = append(f.Warnings, warningFacts{w.Code, w.Text})
	}
	return f
}

const loggerKindName = "temperature-logger"

// loggerLines are the same facts for people, one a line.
func loggerLines(l *temperature.Log, s temperature.Summary, f loggerFacts) []string {
	when := func(t time.Time) string { return t.Format("2006-01-02 15:04 UTC") }
	lines := []string{
		fmt.Sprintf("logger %s, serial %s, format %s", l.Device, l.Serial, l.Format),
		fmt.Sprintf("readings %d, every %d min, %s to %s", f.Readings, f.IntervalMin, when(f.First), when(f.Last)),
	}
	if f.Readings == 0 {
		lines[1] = fmt.Sprintf("days %d, %s to %s; no single readings", f.Days, when(f.First), when(f.Last))
	}
	lines = append(lines, fmt.Sprintf("lane %s", s.Range),
		fmt.Sprintf("min %s °C at %s, max %s °C at %s", f.Min, when(f.MinAt), f.Max, when(f.MaxAt)))
	if f.Mean != nil && f.MKT != nil {
		lines = append(lines, fmt.Sprintf("mean %s °C, mean kinetic temperature %s °C (ΔH %s kJ/mol)", *f.Mean, *f.MKT, f.Activation))
	}
	count := func(n *int) string {
		if n == nil {
			return "not known"
		}
		return fmt.Sprintf("%d min", *n)
	}
	lines = append(lines, fmt.Sprintf("above %s, below %s, without reading %d min", count(f.MinutesAbove), count(f.MinutesBelow), f.MinutesGap), "rule: "+f.Rule)
	for _, c := range f.Comparisons {
		verdict := "agrees"
		if !c.Agrees {
			verdict = "differs"
		}
		if c.Tolerance == string(temperature.NotSame) {
			verdict = "is not comparable"
		}
		lines = append(lines, fmt.Sprintf("device %s %s %s with %s (%s, allowed %s)", c.Figure, c.Theirs, verdict, c.Ours, c.Tolerance, c.Allowed))
	}
	if f.PDF != nil {
		verdict := "agrees with the file: serial number, run, end, extremes and readings"
		if !f.PDF.Agrees {
			verdict = fmt.Sprintf("differs from the file, in %d of its figures", len(f.PDF.Differs))
		}
		lines = append(lines, "PDF "+f.PDF.File+" "+verdict)
	}
	for _, w := range f.Warnings {
		lines = append(lines, "warning: "+w.Text)
	}
	return lines
}
