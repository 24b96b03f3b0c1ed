// Package shipment carries one patient's material between hospital and plant: the lane and what it allows, box, logger and
// seals, every change of hands, the temperature on the way, and the receipt (TR-1 to TR-10).
//
// One shipment is one aggregate (stream "shipment/<id>"). What always holds:
//   - its state is computed from its entries; nobody sets it;
//   - one custodian at a time (I6): the chain of custody is a pure fold over every handoff whatever the order in which they
//     were delivered. A gap, an overlap or a missing leg is shown as such and never closed by a guess;
//   - an order of two events is claimed only where their moments do not overlap;
//   - what was validly signed is kept, also where it does not fit: it is flagged, not refused (Deliver);
//   - a logger file is kept byte for byte, also one that is rejected (I14).
//
// Decisions are pure functions of the state; Book loads, decides and appends.
package shipment

import (
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// ID is the identifier of a shipment, issued from the series of its plant: "SHP-SVQ26000017".
type ID string

// streamPrefix begins the streams of shipments, and the keys of their views.
const streamPrefix = "shipment/"

// Stream is the stream of a shipment.
func Stream(id ID) string { return streamPrefix + string(id) }

// ParseID reads an identifier from an address.
func ParseID(text string) (ID, error) {
	id := strings.ToUpper(strings.TrimSpace(text))
	if !strings.HasPrefix(id, "SHP-") || len(id) < 8 || len(id) > 32 || strings.ContainsFunc(id, func(r rune) bool { return r != '-' && r != '*' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
		return "", ledger.Refuse(ledger.Invalid, "TR-8", "shipment-id", "this is no identifier of a shipment", "choose the shipment from the list")
	}
	return ID(id), nil
}

// Direction is which way the material goes.
type Direction string

// The directions.
const (
	ToPlant    Direction = "to-plant"    // marrow
	ToHospital Direction = "to-hospital" // product: never before certification and sponsor release (I10)
)

// Place is one end of a shipment.
type Place struct {
	Party chainofcustody.Party `json:"party"`
	Name  string               `json:"name"`           // "Hospital Virgen del Rocío, ward 3"
	Site  string               `json:"site,omitempty"` // of a plant: "ES-SVQ"
}

// Logger is the temperature logger in the box.
type Logger struct {
	Serial          string    `json:"serial"`
	Config          string    `json:"config,omitempty"`          // id of the configuration that matches the lane
	CalibratedUntil time.Time `json:"calibrated_until,omitzero"` // UTC: the first moment at which the calibration holds no more (TR-3)
}

// Plan is what was planned.
type Plan struct {
	Direction Direction `json:"direction"`
	CoI       string    `json:"coi"`
	Batch     string    `json:"batch"`
	Lane      Lane      `json:"lane"`
	Box       string    `json:"box"`
	Logger    Logger    `json:"logger"`
	From      Place     `json:"from"`
	To        Place     `json:"to"`
	Pickup    time.Time `json:"pickup"`             // expected, UTC
	Arrival   time.Time `json:"arrival"`            // expected, UTC
	Expiry    time.Time `json:"expiry,omitzero"`    // of the material, UTC; zero while there is none
	Language  string    `json:"language,omitempty"` // of the labels: that of the destination hospital
}

// Status is where a shipment stands. It follows from the entries.
type Status string

// The statuses.
const (
	Planned   Status = "planned"
	Packed    Status = "packed"
	InTransit Status = "in-transit" // with a courier
	Delivered Status = "delivered"  // with the receiving side, not inspected yet
	Received  Status = "received"   // inspected at the receiving side
	Closed    Status = "closed"
	Cancelled Status = "cancelled" // before anything was handed over
)

// Packing is what went into the box.
type Packing struct {
	Containers []string `json:"containers"`
	Seals      []string `json:"seals"`
	Place      string   `json:"place"`
}

// Shipment is one shipment as its entries say.
type Shipment struct {
	ID        ID
	Plan      Plan // as it stands: a plant switch changes lane, destination and expiry
	PlannedAt time.Time
	PlannedBy ledger.Author
	Packing   Packing
	PackedAt  time.Time
	PackedBy  ledger.Author
	Unpacked  []Unpacking // packings that were undone, in order
	BoxLabels []BoxLabel  // printed, or tried
	Legs      []Leg       // in order of delivery to the server; Chain says in which order they happened
	Reports   []Report    // what phones told on the way, in order of delivery to the server
	Receipt   *Receipt
	Imports   []Import // logger files, rejected ones too
	Excursion *Excursion
	Switches  []Switch
	TakenOn   *TakenOn        // from the plant to which it was to go first; nil where it was planned here
	Carried   []ledger.Digest // leaves of the entries of that plant's log that have come here, in order
	Informed  []Acknowledgement
	Confirmed []Confirmation // by the hospital, of what is missing on the label
	Unplanned *Unplanned     // it arrived at a plant that did not expect it
	Resolved  *Resolution
	Storage   *Storage
	ClosedAt  time.Time
	ClosedWhy string

	CancelledAt  time.Time
	CancelledBy  ledger.Author
	CancelledWhy string

	Version uint64

	claims []string // on the containers in the box
}

// Status is where the shipment stands, as its entries say. What phones show to have changed hands all the same is on its way,
// cancelled or not: it has to be received.
func (s *Shipment) Status() Status {
	holder := s.Chain().Holder()
	switch {
	case !s.ClosedAt.IsZero():
		return Closed
	case s.Receipt != nil:
		return Received
	case len(s.Legs) > 0 && holder.Party == s.Plan.To.Party:
		return Delivered
	case len(s.Legs) > 0:
		return InTransit
	case !s.CancelledAt.IsZero():
		return Cancelled
	case !s.PackedAt.IsZero():
		return Packed
	default:
		return Planned
	}
}

// Accepted is the newest logger file that counts; false while there is none.
func (s *Shipment) Accepted() (Import, bool) {
	for i := len(s.Imports) - 1; i >= 0; i-- {
		if len(s.Imports[i].Rejected) == 0 && s.Imports[i].Figures != nil {
			return s.Imports[i], true
		}
	}
	return Import{}, false
}

// TakenOver is when the receiving side took the box over, at the latest; where no handoff says so, when it was inspected.
func (s *Shipment) TakenOver() time.Time {
	links := s.Chain().Links
	for i := len(links) - 1; i >= 0; i-- {
		if l := links[i]; l.Leg >= 0 && l.Holder.Party == s.Plan.To.Party && !l.From.Latest.IsZero() {
			return s.there(s.Legs[l.Leg]).Latest
		}
	}
	return s.Receipt.At
}

// Held says why the material may not be worked on or given: an excursion that QA has not decided on, or a quarantine.
func (s *Shipment) Held() []Finding {
	var out []Finding
	if s.Excursion != nil && s.Excursion.Decision == nil {
		out = append(out, Finding{Kind: TemperatureExcursion, Detail: s.Excursion.What})
	}
	if s.Resolved == nil {
		if s.Unplanned != nil {
			out = append(out, Finding{Kind: WrongPlant, Detail: s.Unplanned.Expected})
		}
		if s.Receipt != nil {
			for _, p := range s.Receipt.Problems {
				if p.Kind.Quarantines() {
					out = append(out, p)
				}
			}
		}
	}
	return out
}
