package epcis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody/foreign"
)

// The bounds of a document that is read.
const (
	MaxDocument = 8 << 20 // bytes
	MaxEvents   = 20_000
	maxList     = 500 // members of a list in an event
)

// The words of the Core Business Vocabulary that this package says. Others are not taken: what they would mean here is not known.
var (
	steps = []string{
		"accepting", "commissioning", "departing", "destroying", "dispensing", "holding", "inspecting", "packing", "receiving", "shipping", "storing",
		"transporting", "unpacking", "void_shipping",
	}
	dispositions = []string{
		"active", "conformant", "container_closed", "container_open", "damaged", "destroyed", "dispensed", "in_progress", "in_transit", "mismatch_instance",
		"non_conformant", "returned", "unavailable",
	}
	transactions = []string{"cert", "desadv", "testres"}
	exceptions   = []string{"", "ALARM_CONDITION", "ERROR_CONDITION"}
)

// Parse reads a document of the form that Document writes: every member known and in its bounds, every name one of its
// kind, every event the one that its identifier names, none of the future. The refusal says which rule stands against it.
func Parse(text []byte, now time.Time) ([]Event, error) {
	if len(text) == 0 || len(text) > MaxDocument {
		return nil, foreign.Refuse(fmt.Sprintf("it has %d bytes, 1 to %d are taken", len(text), MaxDocument))
	}
	var d document
	err := foreign.Decode(text, &d)
	if err != nil {
		return nil, foreign.Refuse(err.Error())
	}
	var context bytes.Buffer
	if json.Compact(&context, d.Context) != nil || context.String() != contexts {
		return nil, foreign.Refuse("its @context is not that of EPCIS 2.0 with the names of this program")
	}
	if d.Type != "EPCISDocument" || d.SchemaVersion != "2.0" {
		return nil, foreign.Refuse("it is no EPCISDocument of version 2.0")
	}
	if len(d.Body.Events) > MaxEvents {
		return nil, foreign.Refuse(fmt.Sprintf("it has %d events, at most %d are taken", len(d.Body.Events), MaxEvents))
	}
	for i, e := range d.Body.Events {
		err := e.check(now)
		if err != nil {
			return nil, err
		}
		if i > 0 && (d.Body.Events[i-1].Time > e.Time || d.Body.Events[i-1].Time == e.Time && d.Body.Events[i-1].ID >= e.ID) {
			return nil, foreign.Refuse("event " + e.ID + " is there twice, or not in order of time")
		}
	}
	same, err := Document(d.Body.Events)
	if err != nil {
		return nil, foreign.Refuse(err.Error())
	}
	err = foreign.Same(text, same)
	if err != nil {
		return nil, foreign.Refuse(err.Error())
	}
	return d.Body.Events, nil
}

// check holds an event against everything that its form says.
func (e Event) check(now time.Time) error {
	fault := e.fault(now)
	if fault != "" {
		id := e.ID
		if !ids.MatchString(id) {
			id = "without an identifier"
		}
		return foreign.Refuse("event " + id + ": " + fault)
	}
	same, err := e.named()
	if err != nil {
		return foreign.Refuse(err.Error())
	}
	if same.ID != e.ID {
		return foreign.Forged(e.ID)
	}
	return nil
}

func (e Event) fault(now time.Time) string {
	at, err := moment(e.Time)
	if err != nil {
		return err.Error()
	}
	recorded, err := moment(e.RecordTime)
	switch {
	case err != nil:
		return err.Error()
	case !ids.MatchString(e.ID):
		return "its identifier is none"
	case at.After(recorded) || recorded.After(now.Add(time.Minute)):
		return "it is of a time that had not come when it was recorded"
	case !offsets.MatchString(e.Offset):
		return "its time zone offset is none"
	case !slices.Contains(steps, e.Step) && !isName(e.Step, "step"):
		return "its business step is not taken"
	case !slices.Contains(dispositions, e.Disposition):
		return "its disposition is not taken"
	case !isName(e.CoI, "coi"):
		return "it names no therapy event"
	case e.Batch != "" && !isName(e.Batch, "batch"), e.SampledFrom != "" && !isName(e.SampledFrom, "container"):
		return "its batch or its sample has no name"
	}
	for _, check := range []func() string{e.whatFault, e.whereFault, e.sensorFault, e.restFault} {
		if why := check(); why != "" {
			return why
		}
	}
	return ""
}

func moment(text string) (time.Time, error) {
	t, err := time.Parse(timeForm, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}, fmt.Errorf("a time in it is not written as %s", timeForm)
	}
	return t, nil
}

// whatFault holds what the event is about against its sort.
func (e Event) whatFault() string {
	object := e.Action != "" && len(e.EPCs) > 0 && e.ParentID == "" && e.ChildEPCs == nil && e.InputEPCs == nil && e.Inputs == nil && e.OutputEPCs == nil && e.Outputs == nil
	packed := e.Action != "" && e.EPCs == nil && isName(e.ParentID, "box") && e.InputEPCs == nil && e.Inputs == nil && e.OutputEPCs == nil && e.Outputs == nil &&
		(len(e.ChildEPCs) > 0 || e.Action == Delete)
	made := e.Action == "" && e.EPCs == nil && e.ParentID == "" && e.ChildEPCs == nil && len(e.InputEPCs) > 0 && len(e.OutputEPCs) > 0
	fits := map[EventType]bool{ObjectEvent: object, TransactionEvent: object && len(e.Transactions) > 0, AggregationEvent: packed, TransformationEvent: made}
	if !fits[e.Type] || e.Action != "" && !slices.Contains([]Action{Add, Observe, Delete}, e.Action) {
		return "it does not say what its sort of event says"
	}
	for _, list := range [][]string{e.ChildEPCs, e.InputEPCs, e.OutputEPCs} {
		if !all(list, "container") {
			return "a container in it has no name, or is there twice"
		}
	}
	if !all(e.EPCs, "container") && !(len(e.EPCs) == 1 && e.EPCs[0] == e.CoI) {
		return "a container in it has no name, or is there twice"
	}
	if len(e.Inputs) > maxList || len(e.Outputs) > 1 {
		return "it has too many quantities"
	}
	for _, q := range e.Inputs {
		if !isName(q.Class, "din", "lot") || q.Amount != "" {
			return "what went into it has no name"
		}
	}
	for _, q := range e.Outputs {
		if !isName(q.Class, "batch") || !numbers.MatchString(string(q.Amount)) {
			return "what came of it has no name"
		}
	}
	return ""
}

// all tells whether each text is a name of the kind, in order, none twice.
func all(list []string, kind string) bool {
	for i, s := range list {
		if !isName(s, kind) || slices.Contains(list[:i], s) {
			return false
		}
	}
	return len(list) <= maxList
}

func (e Event) whereFault() string {
	for _, l := range []*Location{e.ReadPoint, e.BizLocation} {
		if l != nil && !isName(l.ID, "site", "place") {
			return "a place in it has no name"
		}
	}
	if len(e.Sources) > 1 || len(e.Destinations) > 1 || len(e.Transactions) > 4 {
		return "it names too many parties or documents"
	}
	for _, s := range e.Sources {
		if s.Type != "possessing_party" || !isName(s.ID, "party") {
			return "who gave it has no name"
		}
	}
	for _, d := range e.Destinations {
		if d.Type != "possessing_party" || !isName(d.ID, "party") {
			return "who took it has no name"
		}
	}
	for _, t := range e.Transactions {
		if !slices.Contains(transactions, t.Type) || !isName(t.ID, "shipment", "certificate", "batch") {
			return "a document in it has no name"
		}
	}
	return ""
}

func (e Event) sensorFault() string {
	if len(e.Sensors) > 8 {
		return "it has too many sensors"
	}
	for _, s := range e.Sensors {
		m := s.Metadata
		begin, err := moment(m.Start)
		end, err2 := moment(m.End)
		if err != nil || err2 != nil || end.Before(begin) || !isName(m.Device, "logger") || !blobs.MatchString(m.RawData) || !isName(m.Rules, "lane") {
			return "a logger in it has no name, file, span or lane"
		}
		if len(s.Reports) == 0 || len(s.Reports) > 8 {
			return "a logger in it reports nothing, or too much"
		}
		for _, r := range s.Reports {
			if why := r.fault(); why != "" {
				return why
			}
		}
	}
	return ""
}

func (r Report) fault() string {
	if r.Type != "Temperature" || r.Unit != "CEL" || !slices.Contains(exceptions, r.Exception) || r.Method != "" && !isName(r.Method, "formula", "method") {
		return "what a logger reports is not a temperature in °C"
	}
	for _, n := range []json.Number{r.Value, r.Min, r.Max, r.Mean} {
		if n != "" && !numbers.MatchString(string(n)) {
			return "a figure of a logger is no plain number"
		}
	}
	return ""
}

func (e Event) restFault() string {
	if len(e.Seals) > maxList || len(e.Flags) > maxList || len(e.Evidence) > maxList {
		return "it has too many seals, marks or pieces of evidence"
	}
	for _, s := range slices.Concat(e.Seals, e.Flags) {
		if !tokens.MatchString(s) {
			return "a seal or a mark in it is no code"
		}
	}
	if e.Teller != "" && !isName(e.Teller, "party") {
		return "who told it has no name"
	}
	for _, v := range e.Evidence {
		if !isName(v, "entry", "phone-event") {
			return "a piece of evidence in it has no name"
		}
	}
	for _, t := range []string{e.Earliest, e.Latest} {
		if _, err := moment(t); t != "" && err != nil {
			return err.Error()
		}
	}
	if p := e.Persistent; p != nil {
		for _, d := range slices.Concat(p.Set, p.Unset) {
			if !slices.Contains(dispositions, d) || len(p.Set)+len(p.Unset) > 4 {
				return "its persistent disposition is not taken"
			}
		}
	}
	if d := e.Error; d != nil {
		_, err := moment(d.At)
		if err != nil || d.Reason != "incorrect_data" && d.Reason != "did_not_occur" || len(d.Corrective) > maxList {
			return "its error declaration is not taken"
		}
		for _, id := range d.Corrective {
			if !ids.MatchString(id) {
				return "its error declaration names no event"
			}
		}
	}
	return ""
}
