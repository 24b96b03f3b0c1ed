package temperature

import (
	"bytes"
	"fmt"
	"time"

	"rexbatch/internal/quantity"
)

// qtag are the text files of the shipment loggers Q-tag CLm doc (Berlinger). Times are GMT: the text says nothing of it, the
// device's own PDF does.
type qtag struct{}

func (qtag) Name() string { return "qtag-clm" }

func (qtag) Knows(file []byte) bool { return bytes.HasPrefix(file, []byte("Device: Q-tag CLm")) }

// The kinds of alarm that the file numbers. The others count the longest single time beyond.
const (
	accumulatedBelow = "3"
	accumulatedAbove = "4"
)

func (qtag) Read(file []byte) (*Log, error) {
	top, rows := outline(file)
	conf, res := &fields{of: top.at("Conf")}, &fields{of: top.at("Res")}
	l := &Log{
		Device: (&fields{of: top}).text("Device"), Serial: conf.text("Serial"),
		Interval: conf.minutes("Logging Interval"), Tested: conf.time("Test TS"),
		Started: res.time("TS Start"), Stopped: res.time("TS Stop"), Created: res.time("TS Stop"),
		Figures: Figures{
			Min: res.degrees("Min T"), Max: res.degrees("Max T"), MinAt: res.time("TS Min T"), MaxAt: res.time("TS Max T"),
			Mean: res.degrees("Avrg T"), MKT: res.degrees("MKT"), Activation: conf.number("MKT Energy", "kJ/mol"), Every: time.Minute,
		},
	}
	if value, line := res.of.find("Run Number"); value != "" {
		l.Run = res.count("Run Number", value, line)
	}
	for _, err := range []error{conf.err, res.err, zone(top)} {
		if err != nil {
			return nil, err
		}
	}
	err := l.counters(top)
	if err != nil {
		return nil, err
	}
	l.Readings, err = table(rows)
	if err != nil {
		return nil, err
	}
	if l.Stopped.IsZero() {
		l.Warnings = append(l.Warnings, warn(WarnRunning, "the logger was not stopped before it was read out"))
	}
	l.Warnings = append(l.Warnings, signature(top)...)
	return l, nil
}

// counters are the device's accumulated minutes, at the limits of its configuration.
func (l *Log) counters(top *section) error {
	alarms := top.at("Conf", "Alarm")
	if alarms == nil {
		return nil
	}
	for _, a := range alarms.sub {
		limit, found := &fields{of: a}, &fields{of: top.at("Res", "Alarm", a.key())}
		kind := limit.text("Type")
		at := limit.degrees("T AL")
		if limit.err != nil {
			return limit.err
		}
		alarmed := found.of != nil && found.text("TS A") != ""
		if alarmed {
			l.Warnings = append(l.Warnings, warn(WarnAlarm, "the logger raised its alarm {number} ({limit})", "number", a.key(), "limit", at.String()))
		}
		if kind != accumulatedBelow && kind != accumulatedAbove || found.of == nil || at.IsZero() {
			continue
		}
		c := Counter{High: kind == accumulatedAbove, Limit: at, Total: found.minutes("t A"), Alarmed: alarmed}
		if found.err != nil {
			return found.err
		}
		l.Figures.Counters = append(l.Figures.Counters, c)
	}
	return nil
}

// zone refuses files whose clock runs in another zone than GMT: how the offset is meant is not published, and an hour
// guessed is an hour wrong.
func zone(top *section) error {
	value, line := top.at("Conf").find("Zone")
	if value == "" {
		return nil
	}
	q, err := plain(value, "")
	if err != nil || q.Sign() != 0 {
		return quantity.NewError("I14", CodeZone, "line {line}: the clock of the logger is set to the zone {zone} and not to GMT", "set the logger to GMT; QA reads this file by hand",
			"line", fmt.Sprint(line), "zone", value)
	}
	if unit, line := top.at("Conf").find("Temp unit"); unit != "" && unit != "C" {
		return broken(line, "the temperatures are in {unit} and not in °C", "unit", unit)
	}
	return nil
}

// signature says that the blocks at the end are there. Their algorithm is not published, so they prove nothing here.
func signature(top *section) []Warning {
	if top.at("Sig") == nil && top.at("Cert") == nil {
		return nil
	}
	return []Warning{warn(WarnSignature, "the file's signature is present, not verified: its algorithm is not published")}
}

// table are the readings behind "Data:": time, temperature, mark.
func table(rows []row) ([]Reading, error) {
	var out []Reading
	values := map[string]quantity.Quantity{} // few different values in many rows
	for _, r := range rows {
		if r.under != "Data" || len(r.cells) > 0 && r.cells[0] == "yyyy-MM-dd hh:mm" {
			continue
		}
		if len(r.cells) < 2 {
			return nil, broken(r.line, "the row has no temperature")
		}
		at, err := moment(r.cells[0])
		if err != nil {
			return nil, broken(r.line, "{value} is no time", "value", r.cells[0])
		}
		value, ok := values[r.cells[1]]
		if !ok {
			value, err = plain(r.cells[1], Unit)
			if err != nil {
				return nil, broken(r.line, "{value} is no temperature", "value", r.cells[1])
			}
			values[r.cells[1]] = value
		}
		if len(out) == maxReadings {
			return nil, broken(r.line, "the file has more than {most} readings", "most", fmt.Sprint(maxReadings))
		}
		out = append(out, Reading{At: at, Value: value, Line: r.line, Out: len(r.cells) > 2 && r.cells[2] == "x"})
	}
	return out, nil
}
