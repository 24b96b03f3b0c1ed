package shipment

import (
	"encoding/json"
	"rexbatch/chainofcustody"
	"time"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// The types of entry in a shipment's stream.
const (
	typePlanned    = "shipment.planned"
	typeUnexpected = "shipment.arrived-unexpected"
	typePacked     = "shipment.packed"
	typeUnpacked   = "shipment.unpacked"
	typeCancelled  = "shipment.cancelled"
	typeLabelled   = "shipment.box-labelled"
	typeHanded     = "shipment.handed-over"
	typeTimed      = "shipment.handover-timed" // the giver's phone delivered: when it was given is known better
	typeReported   = "shipment.reported"
	typeReceived   = "shipment.received"
	typeConfirmed  = "shipment.label-confirmed"
	typeStored     = "shipment.stored"
	typeImported   = "shipment.logger-imported"
	typeRejected   = "shipment.logger-rejected"
	typeDecided    = "shipment.excursion-decided"
	typeResolved   = "shipment.quarantine-resolved"
	typeSwitched   = "shipment.plant-switched"
	typeCarried    = "shipment.carried"  // an entry of the plant to which it was to go
	typeTakenOn    = "shipment.taken-on" // by the plant to which it goes now
	typeInformed   = "shipment.acknowledged"
	typeClosed     = "shipment.closed"
)

// timed is what became known of when a leg began.
type timed struct {
	Leg        uint64                `json:"leg"` // position of the leg's entry
	Given      chainofcustody.Moment `json:"given"`
	WrongClock bool                  `json:"wrong_clock,omitempty"`
}

type planned struct {
	ID   ID   `json:"id"`
	Plan Plan `json:"plan"`
}

// Unplanned is an arrival at a plant that expected nothing of the kind (process scenario 10).
type Unplanned struct {
	Raw      string    `json:"raw"` // the label as it was scanned
	CoI      string    `json:"coi"`
	Expected string    `json:"expected"` // the plant where it belongs, as far as its identifier says
	Place    string    `json:"place"`    // of the quarantine
	At       time.Time `json:"-"`
	By       string    `json:"-"`
}

type unexpected struct {
	ID ID `json:"id"`
	Unplanned
}

// Received data of the receipt.
type received struct {
	Inspection Inspection `json:"inspection"`
	Problems   []Finding  `json:"problems,omitempty"`
}

// Confirmation is the hospital's own signed statement of elements that are missing on the label, or differ. The plant
// never makes it; it comes after the receipt, and is shown as the late entry that it is (process scenario 2).
type Confirmation struct {
	Elements  []Element        `json:"elements"`
	Statement string           `json:"statement"`
	Signature people.Signature `json:"signature"`
	At        time.Time        `json:"-"`
}

// Storage keeps the box until somebody can work on it (process scenario 16).
type Storage struct {
	Place       string            `json:"place"`
	Temperature quantity.Quantity `json:"temperature"`
	LatestStart time.Time         `json:"latest_start,omitzero"` // when processing has to begin so that it ends before the expiry
	Since       time.Time         `json:"-"`
	By          string            `json:"-"`
}

// Import is one logger file that was brought for the shipment.
type Import struct {
	File     ledger.Digest `json:"file"`               // a blob of the entry (I14)
	PDF      ledger.Digest `json:"pdf,omitzero"`       // the device's own print of the same run
	Name     string        `json:"name"`               // as the person's file was called
	Rejected []Mismatch    `json:"rejected,omitempty"` // why it is evidence only
	Figures  *Figures      `json:"figures,omitempty"`  // absent when it could not be read
	At       time.Time     `json:"-"`
	By       string        `json:"-"`
	Seq      uint64        `json:"-"`
}

// Mismatch is one reason why a logger file is not that of the shipment (TR-9, process scenario 18).
type Mismatch struct {
	Code MismatchCode `json:"code"`
	Got  string       `json:"got"`            // in the file; a time as RFC 3339
	Want string       `json:"want,omitempty"` // on the order, or in the record
}

// UnmarshalJSON reads a reason; entries from before reasons had codes have a sentence in its place.
func (m *Mismatch) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		m.Code = Unreadable
		return json.Unmarshal(b, &m.Got)
	}
	type coded Mismatch // without this method
	return json.Unmarshal(b, (*coded)(m))
}

// MismatchCode says what does not fit.
type MismatchCode string

// The mismatches of a file.
const (
	OtherSerial MismatchCode = "other-serial"
	ClockAhead  MismatchCode = "clock-ahead" // its last reading is later than now
	BeginsLate  MismatchCode = "begins-late" // after the box was packed
	EndsEarly   MismatchCode = "ends-early"  // before the box was delivered
	OtherPDF    MismatchCode = "pdf-differs" // the device's own print says something else
	Unreadable  MismatchCode = "unreadable"
	UnreadPDF   MismatchCode = "pdf-unreadable"
)

var mismatchText = map[MismatchCode]string{
	OtherSerial: "serial number {got} in the file, {want} on the order",
	ClockAhead:  "the clock of the logger is ahead: its last reading is of {got}, it is {want}",
	BeginsLate:  "it begins at {got}, after the box was packed at {want}",
	EndsEarly:   "it ends at {got}, before the box was delivered at {want}",
	OtherPDF:    "{got}",
	Unreadable:  "unreadable: {got}",
	UnreadPDF:   "the PDF cannot be read: {got}",
}

// String says in English what does not fit.
func (m Mismatch) String() string {
	return ledger.Fill(mismatchText[m.Code], map[string]string{"got": m.Got, "want": m.Want})
}

// Figures is what was computed from the file, and what the device says; the file itself is the evidence.
type Figures struct {
	Format   string            `json:"format"`
	Serial   string            `json:"serial"`
	Readings int               `json:"readings"`
	First    time.Time         `json:"first"`
	Last     time.Time         `json:"last"`
	Min      quantity.Quantity `json:"min"`
	Max      quantity.Quantity `json:"max"`
	Mean     quantity.Quantity `json:"mean"` // at two decimals; null for a device that keeps days only
	MKT      quantity.Quantity `json:"mkt"`
	Above    int               `json:"minutes_above"`
	Below    int               `json:"minutes_below"`
	Unknown  int               `json:"minutes_unknown"`
	Formulas []string          `json:"formulas"` // "F13 v1", "F15 v2"
	Device   temperatureDevice `json:"device"`
}

type temperatureDevice struct {
	Min   quantity.Quantity `json:"min"`
	Max   quantity.Quantity `json:"max"`
	Mean  quantity.Quantity `json:"mean"`
	MKT   quantity.Quantity `json:"mkt"`
	Above *int              `json:"minutes_above,omitempty"`
	Below *int              `json:"minutes_below,omitempty"`
}

// Excursion is what the newest accepted file shows beyond the lane (TR-2). It holds the material until QA decides.
type Excursion struct {
	What     string
	Figures  Figures
	Import   int // index in Imports
	Found    time.Time
	Decision *Decision
}

// Verdict is what QA decides on an excursion.
type Verdict string

// The verdicts.
const (
	UseOn  Verdict = "use"    // the material may be worked on or given
	Reject Verdict = "reject" // it may not
)

// Decision is QA's signed decision on an excursion.
type Decision struct {
	Verdict   Verdict          `json:"verdict"`
	Reason    string           `json:"reason"`
	Stability string           `json:"stability"` // the stability data that cover it, or "none"
	Viability string           `json:"viability"` // what the in-process control said and was shown, or why there is none
	Signature people.Signature `json:"signature"`
}

type decided struct {
	Import   int      `json:"import"`
	Decision Decision `json:"decision"`
}

// Resolution ends a quarantine at receipt.
type Resolution struct {
	How       Way              `json:"how"`
	Reason    string           `json:"reason"`
	Signature people.Signature `json:"signature"`
	At        time.Time        `json:"-"`
}

// Way is how a quarantine ends.
type Way string

// The ways.
const (
	Accepted  Way = "accepted"   // the finding was cleared up: the material may be processed
	Rerouted  Way = "re-routed"  // sent on to the plant that expects it
	TakenOver Way = "taken-over" // made here: this plant is qualified and the expiry allows it
	Destroyed Way = "rejected"
)

// Switch is a change of the plant while the material was on its way (process scenario 53).
type Switch struct {
	From    string           `json:"from"` // site
	To      Place            `json:"to"`
	Lane    Lane             `json:"lane"`
	Arrival time.Time        `json:"arrival"`
	Expiry  time.Time        `json:"expiry,omitzero"` // recomputed
	Variant string           `json:"variant"`         // of the recipe: that of the new plant
	Reason  string           `json:"reason"`
	Giving  people.Signature `json:"giving"` // QA of the plant that gives it up
	Taking  people.Signature `json:"taking"` // QA of the plant that takes it
	At      time.Time        `json:"-"`
}

// Acknowledgement says that a side has read what it was told of.
type Acknowledgement struct {
	Party   string    `json:"party"`
	What    string    `json:"what"` // "excursion", "receipt", "report"
	At      time.Time `json:"-"`
	Account string    `json:"-"`
	Version uint64    `json:"-"` // of the stream with its entry
}

type cancelled struct {
	Reason string `json:"reason"`
}

type closed struct {
	Reason string `json:"reason,omitempty"`
}

func figuresOf(l *temperature.Log, s temperature.Summary) Figures {
	f := Figures{
		Format: l.Format, Serial: l.Serial, Readings: len(l.Readings), First: l.First(), Last: l.Last(),
		Min: s.Min.Value, Max: s.Max.Value, Mean: shown(s.Mean), MKT: shown(s.MKT),
		Above: minutes(s.Above), Below: minutes(s.Below), Unknown: minutes(s.Unknown), Formulas: []string{"F13 v1", "F15 v2"},
		Device: temperatureDevice{Min: l.Figures.Min, Max: l.Figures.Max, Mean: l.Figures.Mean, MKT: l.Figures.MKT},
	}
	for _, c := range l.Figures.Counters {
		n := minutes(c.Total)
		if c.High {
			f.Device.Above = &n
		} else {
			f.Device.Below = &n
		}
	}
	return f
}

func shown(q quantity.Quantity) quantity.Quantity {
	if q.IsZero() {
		return q
	}
	return q.Round(temperature.Shown)
}

func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }
