package temperature

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"rexbatch/internal/quantity"
)

// Format reads the files of one family of loggers.
type Format interface {
	// Name is the format's stable name, e.g. "qtag-clm".
	Name() string
	// Knows says whether the file claims to be of this format. It looks at the beginning only.
	Knows(file []byte) bool
	// Read says what the file means. Errors are *quantity.Error that name the line.
	Read(file []byte) (*Log, error)
}

// Formats are the formats that are read, in the order in which they are asked.
func Formats() []Format { return []Format{qtag{}, fridgeTag{}, sheet{}} }

// Names are the names of the formats.
func Names() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name())
	}
	return names
}

// Read finds the format of a file and says what the file means. Errors are *quantity.Error: unknown-file when no format knows it.
func Read(file []byte) (*Log, error) {
	if len(file) > MaxFile {
		return nil, quantity.NewError("I14", CodeTooLarge, "the file has {bytes} bytes, at most {most} are read", "import the file of one shipment",
			"bytes", fmt.Sprint(len(file)), "most", fmt.Sprint(MaxFile))
	}
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	for _, f := range Formats() {
		if !f.Knows(file) {
			continue
		}
		if !utf8.Valid(file) {
			return nil, quantity.NewError("I14", CodeBrokenFile, "the file is not text in UTF-8", "read the logger out again; the file is kept as it is")
		}
		l, err := f.Read(file)
		if err != nil {
			return nil, err
		}
		l.Format = f.Name()
		return l, l.check()
	}
	return nil, quantity.NewError("I14", CodeUnknownFile, "this is no logger file that is known here; tried: {tried}", "import the text file of the logger", "tried", strings.Join(Names(), ", "))
}

// check holds what every format promises.
func (l *Log) check() error {
	if l.Serial == "" {
		return broken(1, "the file does not name the serial number of the logger")
	}
	if len(l.Readings) == 0 && len(l.Days) == 0 {
		return broken(1, "the file has neither readings nor days")
	}
	if len(l.Readings) > 0 && l.Interval <= 0 {
		return broken(1, "the file does not name the interval of its readings")
	}
	for i, r := range l.Readings {
		if i > 0 && !r.At.After(l.Readings[i-1].At) {
			return broken(r.Line, "the reading is not later than the one before")
		}
	}
	for _, g := range Gaps(l.Readings, l.Interval) {
		l.Warnings = append(l.Warnings, warn(WarnGap, "no reading from {from} to {to}: the temperature is not known", "from", g.From.Format(stamp), "to", g.To.Format(stamp)))
		if len(l.Warnings) > maxWarnings {
			break
		}
	}
	return nil
}

// maxWarnings bounds the list: a file of nothing but gaps says so often enough.
const maxWarnings = 200

// stamp is a time in the files of the Berlinger loggers, and in warnings; UTC.
const stamp = "2006-01-02 15:04"
