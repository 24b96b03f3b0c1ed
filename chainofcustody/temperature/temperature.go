// Package temperature reads the files of temperature loggers and says what they mean for material on its way (TR-3, TR-9).
//
// What always holds:
//   - a file is evidence (I14): its bytes are never changed, each reading names the line from which it came, and what the
//     device computed stands beside what is computed here, with the reason why they may differ;
//   - times are UTC. A file whose times cannot be placed without guessing is refused;
//   - time out of range follows one interval rule (F15), and a gap between readings is a gap: its temperature is not known
//     and nothing is put in its place.
//
// Further formats join by implementing Format. The package does no I/O and knows no clock.
package temperature

import (
	"time"

	"rexbatch/internal/quantity"
)

// Unit is the unit of every temperature here.
const Unit quantity.Unit = "degC"

// MaxFile bounds a logger file in bytes: a year of one-minute rows has some twelve megabytes.
const MaxFile = 16 << 20

// maxReadings bounds what is read of one file: a year of one-minute readings.
const maxReadings = 600_000

// Reading is one value of a logger.
type Reading struct {
	At    time.Time         // UTC
	Value quantity.Quantity // °C
	Line  int               // of the file, from 1 (I14)
	Out   bool              // the device marked it as out of its own limits
}

// Day is the summary of one calendar day by the device, for loggers that keep no single readings or keep both.
type Day struct {
	Date     string // "2022-05-02", by the device's clock
	Line     int
	Min, Max quantity.Quantity
	Mean     quantity.Quantity
	Above    time.Duration // beyond the device's upper limit
	Below    time.Duration // beyond its lower limit
}

// Counter is a device's own time beyond one of its limits.
type Counter struct {
	High    bool // above the limit; otherwise below it
	Limit   quantity.Quantity
	Total   time.Duration
	Alarmed bool // the device raised its alarm
}

// Figures are what the device computed itself. A figure that it does not state has no value.
type Figures struct {
	Min, Max     quantity.Quantity
	MinAt, MaxAt time.Time
	Mean, MKT    quantity.Quantity
	Activation   quantity.Quantity // ΔH of its MKT, kJ/mol
	Counters     []Counter
	Every        time.Duration // at which it samples for its counters and extremes; zero: at each reading
}

// Log is what was understood of one logger file.
type Log struct {
	Format   string // "qtag-clm"
	Device   string // as the file names it
	Serial   string
	Run      int           // of the device, from 1; zero when the file states none
	Interval time.Duration // between readings, as configured
	Started  time.Time     // first reading is due; zero when not stated
	Stopped  time.Time     // zero when the device was not stopped
	Created  time.Time     // the report was made; zero when not stated
	Tested   time.Time     // last test of the device by its maker; zero when not stated
	Readings []Reading
	Days     []Day // newest first, as in the file
	Figures  Figures
	Warnings []Warning
}

// Warning is something that a person should know about a file, which does not make it unreadable.
type Warning struct {
	Code string // catalogues translate by it
	Text string // English
	Args map[string]string
}

// The codes of warnings.
const (
	WarnSignature = "signature-not-verified" // present, of an algorithm that is not published
	WarnNoRows    = "no-readings"            // the device keeps daily figures only
	WarnRunning   = "not-stopped"
	WarnAlarm     = "device-alarm"
	WarnError     = "device-error"
	WarnClock     = "clock-set-by-hand"
	WarnGap       = "gap"
	WarnDiffers   = "device-differs"
	WarnPrinted   = "pdf-differs"
)

// First is the time of the first reading, or the beginning of the oldest day; zero when there is neither.
func (l *Log) First() time.Time {
	if len(l.Readings) > 0 {
		return l.Readings[0].At
	}
	if len(l.Days) > 0 {
		return dayStart(l.Days[len(l.Days)-1].Date)
	}
	return time.Time{}
}

// Last is the time of the last reading, or when the device made its report; zero when there is neither.
func (l *Log) Last() time.Time {
	if n := len(l.Readings); n > 0 {
		return l.Readings[n-1].At
	}
	return l.Created
}

func dayStart(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
