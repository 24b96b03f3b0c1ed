package epcis

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody/foreign"
)

// EventType is the sort of an event.
type EventType string

// The sorts of events that custody needs.
const (
	ObjectEvent         EventType = "ObjectEvent"
	AggregationEvent    EventType = "AggregationEvent"
	TransactionEvent    EventType = "TransactionEvent"
	TransformationEvent EventType = "TransformationEvent"
)

// Action is how an event stands to the life of what it names.
type Action string

// The actions.
const (
	Add     Action = "ADD"
	Observe Action = "OBSERVE"
	Delete  Action = "DELETE"
)

// Event is one EPCIS event. The members in the namespace of this program are named after it.
type Event struct {
	Type         EventType              `json:"type"`
	ID           string                 `json:"eventID"`
	Time         string                 `json:"eventTime"`
	RecordTime   string                 `json:"recordTime"`
	Offset       string                 `json:"eventTimeZoneOffset"`
	Error        *ErrorDeclaration      `json:"errorDeclaration,omitempty"`
	Action       Action                 `json:"action,omitempty"`
	EPCs         []string               `json:"epcList,omitempty"`
	ParentID     string                 `json:"parentID,omitempty"`
	ChildEPCs    []string               `json:"childEPCs,omitempty"`
	InputEPCs    []string               `json:"inputEPCList,omitempty"`
	Inputs       []Quantity             `json:"inputQuantityList,omitempty"`
	OutputEPCs   []string               `json:"outputEPCList,omitempty"`
	Outputs      []Quantity             `json:"outputQuantityList,omitempty"`
	Step         string                 `json:"bizStep"`
	Disposition  string                 `json:"disposition,omitempty"`
	Persistent   *PersistentDisposition `json:"persistentDisposition,omitempty"`
	ReadPoint    *Location              `json:"readPoint,omitempty"`
	BizLocation  *Location              `json:"bizLocation,omitempty"`
	Transactions []Transaction          `json:"bizTransactionList,omitempty"`
	Sources      []Source               `json:"sourceList,omitempty"`
	Destinations []Destination          `json:"destinationList,omitempty"`
	Sensors      []Sensor               `json:"sensorElementList,omitempty"`
	CoI          string                 `json:"rexbatch:coi"`
	Batch        string                 `json:"rexbatch:batch,omitempty"`
	SampledFrom  string                 `json:"rexbatch:sampledFrom,omitempty"`
	Seals        []string               `json:"rexbatch:seals,omitempty"`
	Earliest     string                 `json:"rexbatch:earliest,omitempty"` // where eventTime is only known within bounds
	Latest       string                 `json:"rexbatch:latest,omitempty"`
	Teller       string                 `json:"rexbatch:teller,omitempty"` // the side that told it, where nothing changed hands
	Flags        []string               `json:"rexbatch:flags,omitempty"`
	Evidence     []string               `json:"rexbatch:evidence,omitempty"` // entries of the ledger and signed events of phones
}

// ErrorDeclaration says that an event was not as it was told before, and which one says it better.
type ErrorDeclaration struct {
	At         string   `json:"declarationTime"`
	Reason     string   `json:"reason"`
	Corrective []string `json:"correctiveEventIDs"`
}

// Quantity is an amount of a class of things: of a batch, of a lot.
type Quantity struct {
	Class  string      `json:"epcClass"`
	Amount json.Number `json:"quantity,omitempty"`
}

// PersistentDisposition is what holds of a thing until it is unset.
type PersistentDisposition struct {
	Set   []string `json:"set,omitempty"`
	Unset []string `json:"unset,omitempty"`
}

// Location is a place.
type Location struct {
	ID string `json:"id"`
}

// Transaction is a business document.
type Transaction struct {
	Type string `json:"type"`
	ID   string `json:"bizTransaction"`
}

// Source is who had it.
type Source struct {
	Type string `json:"type"`
	ID   string `json:"source"`
}

// Destination is who gets it.
type Destination struct {
	Type string `json:"type"`
	ID   string `json:"destination"`
}

// Sensor is what a logger says of a span of time.
type Sensor struct {
	Metadata SensorMetadata `json:"sensorMetadata"`
	Reports  []Report       `json:"sensorReport"`
}

// SensorMetadata is which logger, when, and where its file is (I14).
type SensorMetadata struct {
	Device  string `json:"deviceID"`
	RawData string `json:"rawData"`
	Start   string `json:"startTime"`
	End     string `json:"endTime"`
	Rules   string `json:"bizRules"`
}

// Report is figures of one kind.
type Report struct {
	Type      string      `json:"type"`
	Method    string      `json:"dataProcessingMethod,omitempty"`
	Value     json.Number `json:"value,omitempty"`
	Min       json.Number `json:"minValue,omitempty"`
	Max       json.Number `json:"maxValue,omitempty"`
	Mean      json.Number `json:"meanValue,omitempty"`
	Unit      string      `json:"uom"`
	Exception string      `json:"exception,omitempty"`
}

// contexts are those of every document: the standard's, and the namespace of this program.
const contexts = `["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"rexbatch":"urn:rexbatch:"}]`

type document struct {
	Context       json.RawMessage `json:"@context"`
	Type          string          `json:"type"`
	SchemaVersion string          `json:"schemaVersion"`
	CreationDate  string          `json:"creationDate"`
	Body          body            `json:"epcisBody"`
}

type body struct {
	Events []Event `json:"eventList"`
}

// Document is the one form of a set of events: each once, in order of time, then of identifier. Its date is that of the newest
// fact in it, so the same facts give the same bytes.
func Document(events []Event) ([]byte, error) {
	events = InOrder(events)
	newest := time.Unix(0, 0).UTC()
	for _, e := range events {
		at, err := time.Parse(time.RFC3339Nano, e.RecordTime)
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		if at.After(newest) {
			newest = at
		}
	}
	return encode(document{
		Context: json.RawMessage(contexts), Type: "EPCISDocument", SchemaVersion: "2.0", CreationDate: stamp(newest), Body: body{Events: events},
	})
}

// InOrder are the events of a document: each once, in order.
func InOrder(events []Event) []Event {
	out := slices.Clone(events)
	slices.SortFunc(out, func(a, b Event) int { return cmp.Or(strings.Compare(a.Time, b.Time), strings.Compare(a.ID, b.ID)) })
	out = slices.CompactFunc(out, func(a, b Event) bool { return a.ID == b.ID })
	if out == nil {
		out = []Event{}
	}
	return out
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(v)
	if err != nil {
		return nil, fmt.Errorf("epcis: %w", err)
	}
	return b.Bytes(), nil
}

// timeForm keeps texts in the order of their times: all in UTC, all of one length.
const timeForm = "2006-01-02T15:04:05.000000Z"

func stamp(t time.Time) string { return t.UTC().Format(timeForm) }

// named gives an event its identifier, which follows from everything that it says. An error
// declaration is not of it: it comes later, about the same event.
func (e Event) named() (Event, error) {
	e.ID = ""
	said := e
	said.Error = nil
	text, err := encode(said)
	if err != nil {
		return Event{}, err
	}
	e.ID = "urn:uuid:" + foreign.Name(text)
	return e, nil
}
