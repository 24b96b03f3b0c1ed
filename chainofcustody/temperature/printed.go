package temperature

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rexbatch/internal/quantity"
)

// Printed is what the PDF of a Q-tag logger says, so that it can be compared with the text file of the same run
// (process scenario 18).
type Printed struct {
	Serial   string
	Run      string // "02", as printed
	Stopped  string // digits of the identification number: YYYYMMDDhhmm
	Min, Max quantity.Quantity
	Count    string // number of measurements
}

// Bounds of a PDF that is looked into.
const (
	maxStreams = 64
	maxStream  = 1 << 20
)

// ReadPrinted finds identification, extremes and number of readings in the device's PDF. It reads the page texts of that
// family of files, uncompressed or deflated, and is no general reader of PDF.
func ReadPrinted(file []byte) (Printed, error) {
	if len(file) > MaxFile || !bytes.HasPrefix(file, []byte("%PDF-")) {
		return Printed{}, quantity.NewError("I14", CodeUnknownFile, "this is no PDF of a logger", "choose the PDF that the logger made with the text file")
	}
	texts := shown(file)
	var p Printed
	for i, text := range texts {
		behind := texts[i+1 : min(i+4, len(texts))] // date, time and value stand behind their name
		if m := identification.FindStringSubmatch(text); m != nil {
			p.Serial, p.Run, p.Stopped = m[1], m[2], m[3]
		}
		switch text {
		case "Highest temperature":
			p.Max = printedDegrees(behind)
		case "Lowest temperature":
			p.Min = printedDegrees(behind)
		case "Total number of measurements":
			p.Count = strings.Join(behind[:min(1, len(behind))], "")
		}
	}
	if p.Serial == "" || p.Min.IsZero() || p.Max.IsZero() {
		return Printed{}, quantity.NewError("I14", CodeUnknownFile, "the PDF has no identification and temperatures of a Q-tag logger", "choose the PDF that the logger made with the text file")
	}
	return p, nil
}

var identification = regexp.MustCompile(`^Identification Number: ([A-Za-z0-9]{4,32})_([0-9]{2})_([0-9]{12})$`)

// printedDegrees is the first of the texts that is a temperature.
func printedDegrees(texts []string) quantity.Quantity {
	for _, text := range texts {
		number, _, found := strings.Cut(text, "\xb0C") // WinAnsi
		if !found {
			continue
		}
		q, err := plain(number, Unit)
		if err == nil {
			return q
		}
	}
	return quantity.Quantity{}
}

// shown are the strings that the pages show, in the order of the file.
func shown(file []byte) []string {
	var out []string
	for range maxStreams {
		_, rest, found := bytes.Cut(file, []byte("stream"))
		if !found {
			break
		}
		rest = bytes.TrimLeft(rest, "\r\n")
		content, after, found := bytes.Cut(rest, []byte("endstream"))
		if !found {
			break
		}
		file = after
		for _, m := range showText.FindAllSubmatch(inflated(content), -1) {
			out = append(out, unescape(string(m[1])))
		}
	}
	return out
}

// showText is a literal string without nested parentheses, and the operator that shows it.
var showText = regexp.MustCompile(`\(((?:[^()\\]|\\.)*)\)\s*Tj`)

func unescape(text string) string {
	return strings.NewReplacer(`\(`, "(", `\)`, ")", `\\`, `\`).Replace(text)
}

func inflated(content []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(content))
	if err != nil {
		return content[:min(len(content), maxStream)]
	}
	defer func() { _ = r.Close() }()
	text, err := io.ReadAll(io.LimitReader(r, maxStream))
	if err != nil && len(text) == 0 {
		return nil
	}
	return text
}

// Differs says what the PDF and the text file state differently; empty when they agree. They have to be of one run of one
// logger, stop at the same minute and print the same extremes and number of readings.
func (p Printed) Differs(l *Log) []string {
	var out []string
	add := func(what, pdf, text string) {
		if pdf != text {
			out = append(out, what+": "+pdf+" in the PDF, "+text+" in the text")
		}
	}
	add("serial number", p.Serial, l.Serial)
	if l.Run > 0 {
		add("run", p.Run, twoDigits(l.Run))
	}
	if !l.Stopped.IsZero() {
		add("stopped", printedTime(p.Stopped), l.Stopped.Format(stamp))
	}
	add("lowest temperature", p.Min.String(), l.Figures.Min.String())
	add("highest temperature", p.Max.String(), l.Figures.Max.String())
	if p.Count != "" {
		add("number of readings", p.Count, strconv.Itoa(len(l.Readings)))
	}
	return out
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func printedTime(digits string) string {
	t, err := time.Parse("200601021504", digits)
	if err != nil {
		return digits
	}
	return t.Format(stamp)
}
