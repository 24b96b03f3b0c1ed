package temperature

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// sheet is the documented form for every other logger (docs/cold-chain.md): lines "# key: value", then a table with the
// head "time,temperature_C". Times carry their offset, so that nothing has to be guessed.
type sheet struct{}

// sheetMark is the first line of the file; the number is the version of the form.
const sheetMark = "# rexbatch-temperature: 1"

func (sheet) Name() string { return "csv" }

func (sheet) Knows(file []byte) bool { return bytes.HasPrefix(file, []byte(sheetMark)) }

func (sheet) Read(file []byte) (*Log, error) {
	head := &section{line: 1}
	rest, number := file, 0
	for {
		text, after, _ := bytes.Cut(rest, []byte("\n"))
		content, comment := strings.CutPrefix(strings.TrimRight(string(text), "\r"), "#")
		if !comment {
			break
		}
		number++
		if number > maxHead {
			return nil, broken(number, "the head has more than {most} lines", "most", fmt.Sprint(maxHead))
		}
		key, value, found := strings.Cut(content, ":")
		if !found {
			return nil, broken(number, "a line of the head is written as # key: value")
		}
		head.sub = append(head.sub, &section{line: number, pairs: []pair{{strings.TrimSpace(key), strings.TrimSpace(value)}}})
		rest = after
		if len(rest) == 0 {
			break
		}
	}
	f := &fields{of: head}
	l := &Log{
		Device: f.text("device"), Serial: f.text("serial"), Interval: f.minutes("interval_min"),
		Started: f.moment("started"), Stopped: f.moment("stopped"), Created: f.moment("created"),
		Figures: Figures{
			Min: f.degrees("min"), Max: f.degrees("max"), Mean: f.degrees("mean"), MKT: f.degrees("mkt"),
			Activation: f.number("activation_kJ_per_mol", "kJ/mol"),
		},
	}
	if f.err != nil {
		return nil, f.err
	}
	for _, key := range sheetKeys(head) {
		return nil, broken(key.line, "the head has no key {key}", "key", key.pairs[0].key)
	}
	var err error
	l.Readings, err = rowsOf(rest, number)
	return l, err
}

// maxHead bounds the head of a sheet.
const maxHead = 40

// known are the keys of the head.
var known = []string{"rexbatch-temperature", "device", "serial", "interval_min", "started", "stopped", "created", "min", "max", "mean", "mkt", "activation_kJ_per_mol"}

// sheetKeys are the lines of the head that are none of this version: a misspelt key would be a figure lost in silence.
func sheetKeys(head *section) []*section {
	var out []*section
	for _, s := range head.sub {
		ok := false
		for _, key := range known {
			ok = ok || s.pairs[0].key == key
		}
		if !ok {
			out = append(out, s)
		}
	}
	return out
}

// moment is a time with its offset; zero when the head states none.
func (f *fields) moment(key string) time.Time {
	value, line := f.of.find(key)
	if value == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		f.fail(line, "{key} is {value}, and has to be written as 2026-11-22T08:00:00Z", "key", key, "value", value)
	}
	return t.UTC()
}

// rowsOf are the readings of the table that follows the head.
func rowsOf(file []byte, before int) ([]Reading, error) {
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord, r.ReuseRecord = 2, true
	var out []Reading
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		var at *csv.ParseError
		if errors.As(err, &at) {
			return nil, broken(before+at.Line, "the row does not have two cells: {why}", "why", at.Err.Error())
		}
		if err != nil {
			return nil, fmt.Errorf("read table: %w", err)
		}
		line, _ := r.FieldPos(0)
		line += before
		if len(out) == 0 && cells[0] == "time" {
			if cells[1] != "temperature_C" {
				return nil, broken(line, "the second column is {name} and has to be temperature_C", "name", cells[1])
			}
			continue
		}
		t, err := time.Parse(time.RFC3339, cells[0])
		if err != nil || t.Year() < 2000 || t.Year() > 2199 {
			return nil, broken(line, "{value} is no time with its offset, like 2026-11-22T08:00:00Z", "value", cells[0])
		}
		value, err := plain(cells[1], Unit)
		if err != nil || value.IsZero() {
			return nil, broken(line, "{value} is no temperature", "value", cells[1])
		}
		if len(out) == maxReadings {
			return nil, broken(line, "the file has more than {most} readings", "most", fmt.Sprint(maxReadings))
		}
		out = append(out, Reading{At: t.UTC(), Value: value, Line: line})
	}
}
