package temperature

import (
	"bytes"
	"fmt"
	"time"

	"rexbatch/internal/quantity"
)

// fridgeTag are the text files of the Fridge-tag 2 (daily figures only) and Fridge-tag 2 L (daily figures and readings).
type fridgeTag struct{}

func (fridgeTag) Name() string { return "fridge-tag-2" }

func (fridgeTag) Knows(file []byte) bool {
	return bytes.HasPrefix(file, []byte("Device: Q-tag Fridge-tag 2"))
}

// maxDays bounds the history; the devices keep 60.
const maxDays = 400

func (fridgeTag) Read(file []byte) (*Log, error) {
	top, rows := outline(file)
	conf, hist := &fields{of: top.at("Conf")}, &fields{of: top.at("Hist")}
	l := &Log{
		Device: (&fields{of: top}).text("Device"), Serial: conf.text("Serial"),
		Interval: conf.minutes("Logging Interval"), Tested: conf.time("Test TS"),
		Started: hist.time("TS Actv"), Created: hist.time("TS Report Creation"),
		Figures: Figures{Every: time.Minute},
	}
	for _, err := range []error{conf.err, hist.err, zone(top)} {
		if err != nil {
			return nil, err
		}
	}
	err := l.history(top)
	if err != nil {
		return nil, err
	}
	l.Readings, err = table(rows)
	if err != nil {
		return nil, err
	}
	if len(l.Readings) == 0 {
		l.Warnings = append(l.Warnings, warn(WarnNoRows, "the logger keeps figures of each day and no single readings: mean, mean kinetic temperature and gaps cannot be computed"))
	}
	if conf.text("User Clock Config") == "1" {
		l.Warnings = append(l.Warnings, warn(WarnClock, "the clock of the logger can be set by hand: compare it with the clock of the receipt"))
	}
	if errors := top.at("Errors"); errors != nil {
		for _, e := range errors.sub[:min(len(errors.sub), maxWarnings)] {
			at := (&fields{of: e}).text("Err TS")
			l.Warnings = append(l.Warnings, warn(WarnError, "the logger noted its error {number}, last at {at}", "number", e.key(), "at", at))
		}
	}
	l.Warnings = append(l.Warnings, signature(top)...)
	return l, nil
}

// history reads the days and sums the device's counters over them.
func (l *Log) history(top *section) error {
	lower, upper := &fields{of: top.at("Conf", "Alarm", "0")}, &fields{of: top.at("Conf", "Alarm", "1")}
	below := Counter{Limit: lower.degrees("T AL")}
	above := Counter{Limit: upper.degrees("T AL"), High: true}
	if lower.err != nil || upper.err != nil {
		return broken(1, "the alarm limits are no temperatures")
	}
	hist := top.at("Hist")
	if hist == nil {
		return nil
	}
	for _, s := range hist.sub {
		if s.at("Date") == nil {
			continue
		}
		if len(l.Days) == maxDays {
			return broken(s.line, "the file has more than {most} days", "most", fmt.Sprint(maxDays))
		}
		d, err := day(s)
		if err != nil {
			return err
		}
		l.Days = append(l.Days, d)
		below.Total += d.Below
		above.Total += d.Above
		below.Alarmed = below.Alarmed || alarmed(s, "0")
		above.Alarmed = above.Alarmed || alarmed(s, "1")
		l.extremes(d, s)
	}
	for _, c := range []Counter{above, below} {
		if c.Limit.IsZero() {
			continue
		}
		l.Figures.Counters = append(l.Figures.Counters, c)
		if c.Alarmed {
			l.Warnings = append(l.Warnings, warn(WarnAlarm, "the logger raised its alarm at {limit}", "limit", c.Limit.String()))
		}
	}
	return nil
}

func alarmed(s *section, number string) bool {
	value, _ := s.at("Alarm", number).find("TS A")
	return value != ""
}

func day(s *section) (Day, error) {
	f, low, high := &fields{of: s}, &fields{of: s.at("Alarm", "0")}, &fields{of: s.at("Alarm", "1")}
	d := Day{
		Date: f.text("Date"), Line: s.line, Min: f.degrees("Min T"), Max: f.degrees("Max T"), Mean: f.degrees("Avrg T"),
		Below: low.minutes("t Acc"), Above: high.minutes("t Acc"),
	}
	for _, err := range []error{f.err, low.err, high.err} {
		if err != nil {
			return Day{}, err
		}
	}
	if dayStart(d.Date).IsZero() {
		return Day{}, broken(s.line, "{value} is no day", "value", d.Date)
	}
	return d, nil
}

// extremes are the device's lowest and highest of all its days.
func (l *Log) extremes(d Day, s *section) {
	if beyond(d.Min, l.Figures.Min, -1) {
		l.Figures.Min, l.Figures.MinAt = d.Min, dayTime(d.Date, s, "TS Min T")
	}
	if beyond(d.Max, l.Figures.Max, 1) {
		l.Figures.Max, l.Figures.MaxAt = d.Max, dayTime(d.Date, s, "TS Max T")
	}
}

// beyond says whether a lies on that side of b (-1 below, 1 above), or b has no value yet.
func beyond(a, b quantity.Quantity, side int) bool {
	return !a.IsZero() && (b.IsZero() || a.Decimal().Cmp(b.Decimal()) == side)
}

func dayTime(date string, s *section, key string) time.Time {
	clock, _ := s.find(key)
	t, err := moment(date + " " + clock)
	if err != nil {
		return time.Time{}
	}
	return t
}
