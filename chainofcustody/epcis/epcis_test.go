package epcis_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/epcis"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/testdata/schema"
)

var update = flag.Bool("update", false, "write the golden document anew")

var (
	madrid, _ = time.LoadLocation("Europe/Madrid")
	plant     = epcis.Plant{Site: "ES-SVQ", Zone: madrid}
	morning   = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	later     = morning.Add(48 * time.Hour)
)

// line is one entry of a made-up stream.
type line struct{ kind, data string }

func entry(i int, l line) ledger.Entry {
	return ledger.Entry{
		Seq: uint64(100 + i), Version: uint64(i + 1), Time: morning.Add(time.Duration(i) * 10 * time.Minute), Type: l.kind, Data: json.RawMessage(l.data),
		Author: ledger.Author{Account: "carla", Role: "nurse", Terminal: "SVQ-07"},
	}
}

const (
	bag     = "A999926000001/B00001"
	other   = "A999826000007/B00001"
	product = "A999926000001/F00004"
)

var therapy = []line{
	{"custody.therapy-ordered", `{"coi":"CHA999926000001","subject":"3401-001","site":"ES-SVQ"}`},
	{"custody.donation-registered", `{"din":"A999926000001"}`},
	{"custody.container-created", `{"id":"A999926000001/B00001","kind":"harvest-bag","purpose":"SVQ2600001X/S03","party":"hospital"}`},
	{"custody.handoff-offered", `{"container":"A999926000001/B00001","seals":["A1","señor Pérez"],"place":"ward 3, Ana Pérez","to":"courier"}`},
	{"custody.handoff-accepted", `{"container":"A999926000001/B00001","seals":["A1"],"place":"dock","offer":103,"party":"courier","disagrees":"seals"}`},
	{"custody.handoff-offered", `{"container":"A999926000001/B00001","seals":["A1"],"place":"dock","to":"plant"}`},
	{"custody.handoff-withdrawn", `{"offer":105,"reason":"Ana Pérez asked"}`},
	{"custody.handoff-offered", `{"container":"A999926000001/B00001","seals":["A1"],"place":"dock","to":"plant"}`},
	{"custody.handoff-accepted", `{"container":"A999926000001/B00001","seals":["A1"],"place":"dock","offer":107,"party":"plant"}`},
	{"custody.scanned", `{"purpose":"SVQ2600001X/S10/bag","expected":"harvest-bag","raw":"Ana Pérez","outcome":"mismatched","container":"` + other + `","why":"another patient"}`},
	{"custody.container-created", `{"id":"A999926000001/S00002","kind":"sample-count","parent":"A999926000001/B00001","purpose":"SVQ2600001X/S12","party":"plant"}`},
	{"custody.container-created", `{"id":"A999926000001/W00003","kind":"work-bag","parent":"A999926000001/B00001","purpose":"SVQ2600001X/S26","party":"plant"}`},
	{"custody.container-created", `{"id":"` + product + `","kind":"final-container","parent":"A999926000001/W00003","purpose":"SVQ2600001X/S33","party":"plant"}`},
	{"custody.container-frozen", `{"container":"A999926000001/S00002"}`},
	{"custody.container-thawed", `{"container":"A999926000001/S00002"}`},
	{"custody.container-destroyed", `{"container":"A999926000001/S00002","reason":"as Ana Pérez wished"}`},
}

const digest = "6c9f5b8f9b2c0f4e2a9d1e6f7a8b9c0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f607"

var transport = []line{
	{"shipment.planned", `{"id":"SHP-SVQ2600001X","plan":{"direction":"to-plant","coi":"CHA999926000001","batch":"SVQ2600001X","lane":{"id":"cold-2-8","low":{"value":"2.0","unit":"degC"},"high":{"value":"8.0","unit":"degC"},"outside":1800000000000,"longest":86400000000000},
		"box":"006141411234567890","logger":{"serial":"LOG-77"},"from":{"party":"hospital","name":"Hospital, bed of Ana Pérez"},"to":{"party":"plant","name":"Seville","site":"ES-SVQ"}}}`},
	{"shipment.packed", `{"containers":["A999926000001/B00001"],"seals":["A0"],"place":"bed of Ana Pérez"}`},
	{"shipment.unpacked", `{"containers":["A999926000001/B00001"],"place":"bed of Ana Pérez","reason":"Ana Pérez has to wait"}`},
	{"shipment.packed", `{"containers":["A999926000001/B00001"],"seals":["A1"],"place":"bed of Ana Pérez"}`},
	{"shipment.handed-over", `{"giver":{"party":"courier","account":"curro"},"receiver":{"party":"courier","account":"curra"},"containers":["A999926000001/B00001","what Ana Pérez wrote"],"seals":["A1"],
		"place":"motorway","given":{"latest":"2026-11-22T09:15:00Z"},"taken":{"earliest":"2026-11-22T09:14:00Z","latest":"2026-11-22T09:15:00Z"},
		"evidence":[{"kind":"phone","ref":"` + digest + `"}]}`},
	{"shipment.handover-timed", `{"leg":104,"given":{"earliest":"2026-11-22T09:12:00Z","latest":"2026-11-22T09:14:30Z"},"wrong_clock":true}`},
	{"shipment.reported", `{"kind":"note","text":"Ana Pérez waits","seals":[],"by":{"party":"courier","account":"curro","role":"courier","terminal":"phone/x"},"at":{"earliest":"2026-11-22T09:39:58Z","latest":"2026-11-22T09:40:02Z"},
		"claim":{"at":"2026-11-22T09:40:00Z","offset":0,"bound":2000000000},"event":"1111111111111111111111111111111111111111111111111111111111111111"}`},
	{"shipment.reported", `{"kind":"seals","seals":["A1","señor Pérez"],"by":{"party":"courier","account":"curro","role":"courier","terminal":"phone/x"},"at":{"latest":"2026-11-22T09:45:00Z"},
		"claim":{"at":"2026-11-22T09:45:00Z","offset":0,"bound":2000000000},"wrong_clock":true,"revoked":true,"event":"2222222222222222222222222222222222222222222222222222222222222222"}`},
	{"shipment.acknowledged", `{"party":"plant","what":"report"}`},
	{"shipment.reported", `{"kind":"note","text":"Ana Pérez again","seals":[],"by":{"party":"plant","account":"carla","role":"operator","terminal":"phone/y"},"at":{"earliest":"2026-11-22T10:00:00Z","latest":"2026-11-22T10:00:00Z"},
		"claim":{"at":"2026-11-22T10:00:00Z","offset":0,"bound":0},"event":"3333333333333333333333333333333333333333333333333333333333333333"}`},
	{"shipment.acknowledged", `{"party":"hospital","what":"report"}`},
	{"shipment.received", `{"inspection":{"box":"BOX-7","seals":["A1"],"seals_intact":false,"leak":false,"on_call":false,"matched":["A999926000001/B00001"]},"problems":[{"kind":"broken-seal","detail":"Ana Pérez"}]}`},
	{"shipment.logger-imported", `{"file":"` + digest + `","name":"Ana Perez.csv","figures":{"format":"csv","serial":"LOG-77","readings":12,"first":"2026-11-22T09:00:00Z","last":"2026-11-22T09:30:00Z",
		"min":{"value":"4.5","unit":"degC"},"max":{"value":"12.4","unit":"degC"},"mean":{"value":"8.20","unit":"degC"},"mkt":{"value":"9.01","unit":"degC"},"minutes_above":31,"minutes_below":0,"minutes_unknown":0,"formulas":[],"device":{"min":{"value":"4.4","unit":"degC"},"max":{"value":"12.4","unit":"degC"},"mean":null,"mkt":null}}}`},
	{"shipment.excursion-decided", `{"import":0,"decision":{"verdict":"use","reason":"Ana Pérez","stability":"x","viability":"y","signature":{"at":"2026-11-22T10:10:00Z"}}}`},
	{"shipment.quarantine-resolved", `{"how":"accepted","reason":"Ana Pérez","signature":{}}`},
	{"shipment.stored", `{"place":"fridge of Ana Pérez","temperature":{"value":"4.1","unit":"degC"}}`},
}

// calledOff is a shipment that was packed, unpacked and cancelled before anybody took it over.
var calledOff = []line{
	{"shipment.planned", strings.Replace(transport[0].data, "SHP-SVQ2600001X", "SHP-SVQ2600002X", 1)},
	{"shipment.packed", `{"containers":["A999926000001/B00001"],"seals":["A7"],"place":"bed of Ana Pérez"}`},
	{"shipment.unpacked", `{"containers":["A999926000001/B00001"],"place":"bed of Ana Pérez","reason":"Ana Pérez has to wait"}`},
	{"shipment.cancelled", `{"reason":"Ana Pérez has to wait"}`},
}

func fold(t require.TestingT, cut int) []epcis.Event {
	e := &chainofcustody.TherapyEvent{}
	for i, l := range therapy[:min(cut, len(therapy))] {
		require.NoError(t, e.Apply(entry(i, l)), l.kind)
	}
	out, err := plant.Therapy(e, func(c *chainofcustody.Container) epcis.Making {
		switch c.Kind {
		case "harvest-bag":
			return epcis.Making{At: morning.Add(25 * time.Minute)}
		case "final-container":
			return epcis.Making{Lots: []string{"L-SVQ26-00017-3", "L-SVQ26-00019-*"}, Output: "SVQ2600001X"}
		}
		return epcis.Making{}
	})
	require.NoError(t, err)
	for _, lines := range [][]line{transport, calledOff} {
		s := &shipment.Shipment{}
		for i, l := range lines[:min(cut, len(lines))] {
			require.NoError(t, s.Apply(entry(i, l)), l.kind)
		}
		shipped, err := plant.Shipment(s)
		require.NoError(t, err)
		out = append(out, shipped...)
	}
	return out
}

func everything(t require.TestingT) []epcis.Event {
	out := fold(t, 1000)
	made, err := plant.Product("CHA999926000001", epcis.Product{
		Batch: "SVQ2600001X", Containers: []string{product}, Certified: []epcis.Certified{{Certificate: "SVQ-2026-0001", At: morning.Add(3 * time.Hour), Seq: 300}},
		Given: morning.Add(5 * time.Hour), GivenTold: morning.Add(6 * time.Hour), GivenFrom: []string{product},
		Destroyed: []epcis.Destroyed{{Container: "A999926000001/W00003", At: morning.Add(7 * time.Hour), Seq: 301}},
	})
	require.NoError(t, err)
	return append(out, made...)
}

// process scenario 53: what another plant recorded is told as the entries of its log, and nothing of it as an entry of this one.
func TestTherapy_TellsCarriedEntriesAsThoseOfTheirLog(t *testing.T) {
	told := func(drafts []ledger.Draft) string {
		e := &chainofcustody.TherapyEvent{}
		for i, d := range drafts {
			carried, err := ledger.Provisional(d, ledger.Author{Account: "frank"}, morning, uint64(i+1))
			require.NoError(t, err)
			require.NoError(t, e.Apply(carried))
		}
		events, err := epcis.Plant{Site: "DE-FRA", Zone: madrid}.Therapy(e, nil)
		require.NoError(t, err)
		text, err := json.Marshal(events)
		require.NoError(t, err)
		return string(text)
	}
	var entries []ledger.Entry
	for i, l := range therapy {
		entries = append(entries, entry(i, l))
	}
	text := told(ledger.Carry("custody.carried", "rexbatch/ES-SVQ/3f9a", entries))
	for i, l := range therapy {
		switch l.kind {
		case "custody.scanned", "custody.container-frozen", "custody.container-thawed", "custody.container-destroyed":
			require.Contains(t, text, fmt.Sprintf("entry:ES-SVQ:%d\"", 100+i), l.kind)
		}
	}
	require.NotContains(t, text, "entry:DE-FRA:")
}

// Every kind of custody event, as the schema of GS1 has it (requirements 5.2).
func TestDocument_IsValidEPCIS20(t *testing.T) {
	doc, err := epcis.Document(everything(t))
	require.NoError(t, err)
	require.NoError(t, schema.EPCIS(doc))
	const path = "testdata/custody.json"
	if *update {
		require.NoError(t, os.WriteFile(path, doc, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(doc))

	events, err := epcis.Parse(doc, later)
	require.NoError(t, err)
	again, err := epcis.Document(events)
	require.NoError(t, err)
	require.Equal(t, string(doc), string(again))
	for _, text := range []string{"Ana", "rez", "ward", "carla", "3401", "curr", "fridge", other} {
		require.False(t, strings.Contains(string(doc), text), "%s: no text that a person typed, no person, no other patient (I12)", text)
	}
	for from, to := range map[string]string{ // the schema does refuse
		`"bizStep": "packing"`:     `"bizStep": "packaging"`,
		`"action": "DELETE"`:       `"action": "REMOVE"`,
		`"uom": "CEL"`:             `"unit": "CEL"`,
		`"schemaVersion": "2.0",`:  ``,
		`"eventTimeZoneOffset": "`: `"eventTimeZoneOffset": "Europe/`,
	} {
		broken := strings.Replace(string(doc), from, to, 1)
		require.NotEqual(t, string(doc), broken, from)
		require.Error(t, schema.EPCIS([]byte(broken)), to)
	}
}

// The traps of the vocabulary (requirements 5.2).
func TestDocument_AvoidsTheTrapsOfTheVocabulary(t *testing.T) {
	steps := map[string][]epcis.Event{}
	for _, e := range everything(t) {
		steps[e.Step] = append(steps[e.Step], e)
	}
	for _, never := range []string{"collecting", "sampling", "arriving", "staging_outbound", "loading", "sensor_reporting"} {
		require.Empty(t, steps[never], never)
	}
	require.Len(t, steps["shipping"], 1, "the hospital gives once")
	require.Len(t, steps["departing"], 2, "between two couriers; the first telling was corrected")
	require.Len(t, steps["receiving"], 1)
	for _, e := range steps["receiving"] {
		require.Equal(t, "in_progress", e.Disposition)
		require.Equal(t, "urn:rexbatch:party:plant:ES-SVQ", e.Destinations[0].ID)
	}
	require.Equal(t, []string{"A1", "withheld"}, steps["shipping"][0].Seals)
	samples := 0
	for _, e := range steps["commissioning"] {
		if e.SampledFrom != "" {
			samples++
			require.Equal(t, epcis.ObjectEvent, e.Type, "what the sample was taken from is not ended")
		}
	}
	require.Equal(t, 1, samples)
	sensor := steps["transporting"][0].Sensors[0]
	require.Equal(t, "ALARM_CONDITION", sensor.Reports[0].Exception)
	require.Contains(t, sensor.Metadata.RawData, "ni:///sha-256;")
}

// A time that becomes known better gives a new event; the old one is declared wrong and points at it.
func TestDocument_DeclaresWhatWasToldWrongly(t *testing.T) {
	first, now := map[string]epcis.Event{}, map[string]epcis.Event{}
	for _, e := range fold(t, 5) {
		first[e.ID] = e
	}
	for _, e := range fold(t, 6) {
		now[e.ID] = e
	}
	wrong := 0
	for id := range first {
		require.Contains(t, now, id, "what was exported once stays")
		if d := now[id].Error; d != nil {
			wrong++
			require.Len(t, d.Corrective, 1)
			require.Nil(t, now[d.Corrective[0]].Error)
			require.NotContains(t, first, d.Corrective[0])
		}
	}
	require.Equal(t, 2, wrong)
}

// A document that was changed, or says what is not read here, is not taken. I2, I14
func TestParse_RefusesWhatIsForgedOrUnknown(t *testing.T) {
	doc, err := epcis.Document(everything(t))
	require.NoError(t, err)
	for _, c := range []struct{ name, from, to, rule string }{
		{"another time", "2026-11-22T09:25:00.000000Z", "2026-11-22T09:24:00.000000Z", "I2"},
		{"another container", product, "A999926000001/F00005", "I2"},
		{"another temperature", `"maxValue": 12.4`, `"maxValue": 7.9`, "I2"},
		{"an unknown member", `"type": "EPCISDocument"`, `"type": "EPCISDocument", "sender": "Ana Pérez"`, "I14"},
		{"an unknown member of an event", `"bizStep": "packing"`, `"bizStep": "packing", "rexbatch:name": "Ana Pérez"`, "I14"},
		{"a member twice", `"bizStep": "packing"`, `"bizStep": "holding", "bizStep": "packing"`, "I14"},
		{"another case", `"bizStep": "packing"`, `"BizStep": "packing"`, "I14"},
		{"another vocabulary", `"bizStep": "packing"`, `"bizStep": "collecting"`, "I14"},
		{"a name as a seal", `"A1"`, `"Ana Pérez"`, "I14"},
		{"another context", "epcis-context.jsonld", "other-context.jsonld", "I14"},
		{"a number in letters", `"maxValue": 12.4`, `"maxValue": 124e-1`, "I14"},
		{"something behind it", "\n}\n", "\n}\n{}", "I14"},
		{"a future", `"recordTime": "2026-11-22`, `"recordTime": "2027-11-22`, "I14"},
		{"no events", `"eventList": [`, `"eventLists": [`, "I14"},
	} {
		t.Run(c.name, func(t *testing.T) {
			forged := strings.Replace(string(doc), c.from, c.to, 1)
			require.NotEqual(t, string(doc), forged)
			_, err := epcis.Parse([]byte(forged), later)
			refused := ledger.RefusalsOf(err)
			require.Len(t, refused, 1, "%v", err)
			require.Equal(t, c.rule, refused[0].Rule, refused[0].What)
		})
	}
	_, err = epcis.Parse(nil, later)
	require.Error(t, err)
	_, err = epcis.Parse(make([]byte, epcis.MaxDocument+1), later)
	require.ErrorContains(t, err, "bytes")
	_, err = epcis.Parse(doc, morning)
	require.ErrorContains(t, err, "had not come")
}

// What was packed and unpacked again is told as both; a cancelled shipment takes the material out of its document. Neither is
// shipped.
func TestDocument_TellsACancelledShipment(t *testing.T) {
	var told []string
	for _, e := range epcis.InOrder(everything(t)) {
		if len(e.Transactions) > 0 && e.Transactions[0].ID == "urn:rexbatch:shipment:SHP-SVQ2600002X" {
			told = append(told, string(e.Type)+" "+string(e.Action)+" "+e.Step)
		}
	}
	require.Equal(t, []string{"AggregationEvent ADD packing", "AggregationEvent DELETE unpacking", "TransactionEvent DELETE void_shipping"}, told)
}

// What phones reported on the way is told as seen by a side, at the time that is known of it, with the signed event and not its
// words; who has read it says which of them (TR-10).
func TestDocument_TellsWhatWasReportedOnTheWay_TR10(t *testing.T) {
	reported, read := map[string]epcis.Event{}, map[string]epcis.Event{}
	for _, e := range everything(t) {
		for _, f := range e.Flags {
			switch f {
			case "reported-note", "reported-seals":
				reported[e.Evidence[0][len(e.Evidence[0])-1:]] = e
			case "acknowledged-report":
				read[e.Teller] = e
			}
		}
	}
	require.Len(t, reported, 3)
	note, seals := reported["1"], reported["2"]
	require.Equal(t, []string{"urn:rexbatch:party:courier", "2026-11-22T09:39:58.000000Z", "2026-11-22T09:40:02.000000Z", "2026-11-22T10:00:00.000000Z"}, []string{note.Teller, note.Earliest, note.Latest, note.RecordTime})
	require.Equal(t, []string{"reported-seals", "revoked-pass", "wrong-clock"}, seals.Flags)
	require.Equal(t, []string{"A1", "withheld"}, seals.Seals)
	require.Equal(t, []string{"inspecting", ""}, []string{seals.Step, seals.Earliest})
	phone := func(n string) string { return "urn:rexbatch:phone-event:" + strings.Repeat(n, 64) }
	require.Equal(t, []string{phone("1"), phone("2")}, read["urn:rexbatch:party:plant:ES-SVQ"].Evidence)
	require.Equal(t, []string{phone("1"), phone("2"), phone("3")}, read["urn:rexbatch:party:hospital"].Evidence)
}

// Members may stand in another order, with other blanks: they say the same.
func TestParse_TakesAnotherOrderOfMembers(t *testing.T) {
	events := everything(t)
	doc, err := epcis.Document(events)
	require.NoError(t, err)
	var any map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(doc, &any))
	sorted, err := json.Marshal(any)
	require.NoError(t, err)
	got, err := epcis.Parse(sorted, later)
	require.NoError(t, err)
	require.Equal(t, epcis.InOrder(events), got)
}

// Whatever happened so far: the export is valid, comes back equal, and keeps what was exported before.
func TestDocument_RoundTripsAtAnyMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := fold(t, rapid.IntRange(1, len(therapy)).Draw(t, "entries"))
		events = rapid.Permutation(events).Draw(t, "order")
		events = append(events, events[:rapid.IntRange(0, len(events)).Draw(t, "twice")]...)
		doc, err := epcis.Document(events)
		require.NoError(t, err)
		require.NoError(t, schema.EPCIS(doc))
		read, err := epcis.Parse(doc, later)
		require.NoError(t, err)
		again, err := epcis.Document(read)
		require.NoError(t, err)
		require.Equal(t, string(doc), string(again))
	})
}

func FuzzParse(f *testing.F) {
	doc, err := os.ReadFile("testdata/custody.json")
	require.NoError(f, err)
	f.Add(doc)
	f.Add([]byte(`{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{"rexbatch":"urn:rexbatch:"}],"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"1970-01-01T00:00:00.000000Z","epcisBody":{"eventList":[]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		events, err := epcis.Parse(text, later)
		if err != nil {
			require.NotEmpty(t, ledger.RefusalsOf(err), fmt.Sprint(err))
			return
		}
		again, err := epcis.Document(events)
		require.NoError(t, err)
		back, err := epcis.Parse(again, later)
		require.NoError(t, err)
		require.Equal(t, events, back)
	})
}
