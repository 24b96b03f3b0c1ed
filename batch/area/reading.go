package area

import (
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// Kind is what a reading of the environment measures.
type Kind string

// The kinds of reading (AT-50, process S15).
const (
	Particles05  Kind = "particles-0.5" // of 0.5 µm and more, per cubic metre
	Particles5   Kind = "particles-5"   // of 5 µm and more, per cubic metre
	Pressure     Kind = "pressure"      // difference to the next room
	Temperature  Kind = "temperature"
	Humidity     Kind = "humidity"
	SettlePlate  Kind = "settle-plate"
	ContactPlate Kind = "contact-plate"
	GlovePlate   Kind = "glove-plate"
)

var units = map[Kind]quantity.Unit{
	Particles05: "/m3", Particles5: "/m3", Pressure: "Pa", Temperature: "degC", Humidity: "%", SettlePlate: "CFU", ContactPlate: "CFU", GlovePlate: "CFU",
}

// Kinds are all kinds, in the order in which they are listed.
func Kinds() []Kind {
	return []Kind{Particles05, Particles5, Pressure, Temperature, Humidity, SettlePlate, ContactPlate, GlovePlate}
}

// Unit is the one unit in which the kind is recorded.
func (k Kind) Unit() quantity.Unit { return units[k] }

// Grows tells whether the kind is a plate, whose result comes days after it stood open.
func (k Kind) Grows() bool { return k == SettlePlate || k == ContactPlate || k == GlovePlate }

func (k Kind) known() bool {
	_, ok := units[k]
	return ok
}

// Limits are what one kind of reading is judged against: beyond Alert somebody looks, beyond Action it is an exception
// of every batch that was in the area.
type Limits struct {
	Kind   Kind           `json:"kind"`
	Alert  quantity.Limit `json:"alert"` // none in most areas
	Action quantity.Limit `json:"action"`
}

// Level is how a reading stands to its limits.
type Level string

// The levels.
const (
	Within      Level = "within"
	Alert       Level = "alert"
	Action      Level = "action"
	NotJudged   Level = "not-judged"  // there is no limit for it here
	Undecidable Level = "undecidable" // a qualified value that the limit cuts through
)

// Levels are all levels.
func Levels() []Level { return []Level{Within, Alert, Action, NotJudged, Undecidable} }

// Reading is what was measured in an area during a window of time.
type Reading struct {
	Kind     Kind              `json:"kind"`
	Value    quantity.Quantity `json:"value"`
	Limits   Limits            `json:"limits"` // as they were for the area when it was recorded
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	Source   string            `json:"source"` // device or person, e.g. "APC-04"
	Plate    string            `json:"plate,omitempty"`
	Position string            `json:"position,omitempty"`
	Note     string            `json:"note,omitempty"` // of a plate: what grew

	By  string    `json:"-"` // account of who recorded it
	At  time.Time `json:"-"` // of the record
	Seq uint64    `json:"-"`
}

// Level judges the reading.
func (r Reading) Level() Level {
	if r.Limits.Action.IsZero() {
		return NotJudged
	}
	verdict, err := r.Limits.Action.Judge(r.Value)
	switch {
	case err != nil || verdict.Undecided:
		return Undecidable
	case !verdict.Pass:
		return Action
	}
	if r.Limits.Alert.IsZero() {
		return Within
	}
	verdict, err = r.Limits.Alert.Judge(r.Value)
	if err != nil || verdict.Undecided || !verdict.Pass {
		return Alert
	}
	return Within
}

// Excursion tells whether the reading is an exception of the batches that were there.
func (r Reading) Excursion() bool { return r.Level() == Action || r.Level() == Undecidable }

func (r Reading) overlaps(from, to time.Time) bool { return !r.From.After(to) && !r.To.Before(from) }

// Excursion is a reading beyond its action limit and a batch that was open in the area meanwhile, released or not.
type Excursion struct {
	Area    string
	Batch   string
	Reading Reading
}

const (
	maxReadings = 100            // in one entry: the file of a device over a shift
	maxWindow   = 24 * time.Hour // that one value can speak for
	maxSource   = 80
)

// Record decides that readings enter the record, with the area's limits of now, and says which batches they concern.
func (a *Area) Record(now time.Time, readings []Reading) (ledger.Draft, []Excursion, error) {
	if len(readings) == 0 || len(readings) > maxReadings {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Invalid, "AT-50", "reading-count", "1 to {most} readings are recorded at once", "send the others after these", "most", fmt.Sprint(maxReadings))
	}
	readings = slices.Clone(readings)
	var found []Excursion
	for i := range readings {
		r := &readings[i]
		r.From, r.To, r.Limits = r.From.UTC(), r.To.UTC(), a.LimitsOf(r.Kind)
		r.Plate, r.Position, r.Note = "", "", ""
		err := r.check(now)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		found = append(found, a.excursions(*r)...)
	}
	return ledger.Draft{Type: typeReading, Data: recorded{Readings: readings}}, found, nil
}

func (r Reading) check(now time.Time) error {
	if !r.Kind.known() || r.Kind.Grows() {
		return ledger.Refuse(ledger.Invalid, "AT-50", "reading-kind", "{kind} is no reading that is recorded at once", "choose a listed kind; a plate is placed first, and read when it has grown", "kind", printable(string(r.Kind)))
	}
	if r.Value.IsZero() || r.Value.Unit() != r.Kind.Unit() {
		return ledger.Refuse(ledger.Invalid, "AT-50", "reading-value", "a reading of {kind} needs a value in {unit}", "type the value as the device shows it", "kind", string(r.Kind), "unit", r.Kind.Unit().Label())
	}
	if r.Source == "" || len(r.Source) > maxSource || paper.Printable(r.Source) != nil {
		return ledger.Refuse(ledger.Invalid, "AT-50", "reading-source", "a reading needs its source: 1 to 80 printable characters", "type the number of the device, or who read it")
	}
	return window(r.From, r.To, now)
}

// window refuses a stretch of time that runs backwards, is longer than a value can speak for, or is not over.
func window(from, to, now time.Time) error {
	if from.IsZero() || to.Before(from) || to.Sub(from) > maxWindow || to.After(now) {
		return ledger.Refuse(ledger.Invalid, "AT-50", "reading-window", "the time from {begin} to {end} is not a stretch of at most 24 hours that is over", "state from when to when it was measured", "begin", from.UTC().Format(time.RFC3339), "end", to.UTC().Format(time.RFC3339))
	}
	return nil
}

// excursions are the batches that a reading is an exception of.
func (a *Area) excursions(r Reading) []Excursion {
	if !r.Excursion() {
		return nil
	}
	var out []Excursion
	for _, o := range a.Occupations(r.From, r.To) {
		e := Excursion{Area: a.ID, Batch: o.Batch, Reading: r}
		if !slices.ContainsFunc(out, func(x Excursion) bool { return x.Batch == o.Batch }) {
			out = append(out, e)
		}
	}
	return out
}

// Overlay gives the readings whose window overlaps a window, its ends included, in order of recording: what a step of a
// batch is to be laid over.
func (a *Area) Overlay(from, to time.Time) []Reading {
	var out []Reading
	for _, r := range a.Readings {
		if r.overlaps(from, to) {
			out = append(out, r)
		}
	}
	return out
}

// printable is a text for a message: what cannot be printed is not repeated.
func printable(s string) string {
	if len(s) > maxSource || paper.Printable(s) != nil {
		return "this"
	}
	return s
}
