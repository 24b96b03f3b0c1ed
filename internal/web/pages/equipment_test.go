package pages_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// device enters a device with the days until which its checks are passed; an empty day is a check that it needs first.
func (c *crew) device(id equipment.ID, kind, name string, checks map[equipment.Check]string) {
	c.t.Helper()
	book := c.plant.Batches.Equipment()
	r := equipment.Registration{ID: id, Kind: kind, Name: name, Area: "SVQ-07", Checks: map[equipment.Check]equipment.Due{}}
	for check, day := range checks {
		due, err := book.Due(day)
		require.NoError(c.t, err)
		r.Checks[check] = due
	}
	_, err := book.Register(context.Background(), c.author(people.ProductionLead, false), r)
	require.NoError(c.t, err)
}

// append writes what a device decides, as the engine of batches does.
func (c *crew) onDevice(id equipment.ID, role people.Role, decide func(*equipment.Device, ledger.Author, time.Time) ([]ledger.Draft, error)) {
	c.t.Helper()
	ctx, book, by := context.Background(), c.plant.Batches.Equipment(), c.author(role, false)
	d, err := book.Load(ctx, id)
	require.NoError(c.t, err)
	drafts, err := decide(d, by, c.clock())
	require.NoError(c.t, err)
	add, err := book.Add(d, by, drafts)
	require.NoError(c.t, err)
	_, err = c.plant.Log.Append(ctx, ledger.Append{Author: by, Streams: add.Streams, Views: add.Views})
	require.NoError(c.t, err)
}

func (c *crew) useDevice(id equipment.ID, batch string, coi isbt128.CoI, subject, step string) {
	c.t.Helper()
	c.onDevice(id, people.Operator, func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
		w := equipment.Want{Kind: d.Kind, Until: now.Add(40 * time.Minute)}
		if d.Programmes["07"] != "" {
			w.Programme, w.ProgrammeVersion = "07", d.Programmes["07"]
		}
		return d.Use(by, now, w, equipment.For{Batch: batch, CoI: coi.String(), Subject: subject, Step: step})
	})
}

func TestDevicePages_CS67(t *testing.T) {
	c := seville(t, "en")
	lead, operator, qp := c.browser().signIn("concepcion"), c.browser().signIn("ana"), c.browser().signIn("mercedes")
	operator.get("/worklist").ok().has(`href="/equipment"`)
	lead.get("/equipment").ok().has("No device is registered", "Register a device")
	operator.get("/equipment").ok().hasNot("Register a device")
	require.Equal(t, http.StatusForbidden, operator.get("/equipment/register").status)

	lead.get("/equipment/register").ok().has("Holds until the end of this day", "Where it stands")
	wrong := lead.post("/equipment", "id", "BAL 1", "kind", "balance", "name", "XPR-2002", "area", "SVQ-07", "need_calibration", "1")
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	wrong.has("An equipment tag has 2 to 24 characters", `value="XPR-2002"`, `name="need_calibration" value="1" checked`)
	p := lead.post("/equipment", "id", "bal-01", "kind", "balance", "name", "XPR-2002", "area", "SVQ-07", "need_calibration", "1", "need_daily-control", "1",
		"qualification_day", "30", "qualification_month", "06", "qualification_year", "2027").ok()
	require.Equal(t, "/equipment/BAL-01?done=device-registered", p.path)
	p.has("The device is registered", "Calibration: none recorded", "Control of today not made yet", "30 JUN 2027", `class="matrix"`, "Record a calibration")

	const at = "/equipment/BAL-01"
	operator.get(at).ok().has("Record today's control", "Record an alarm").hasNot("Record a calibration", "Retire the device")
	qp.get(at).ok().has("There is nothing for you to record here").hasNot("Record an alarm")

	calibration := []string{"made_day", "20", "made_month", "11", "made_year", "2026", "made_hour", "10", "made_minute", "30", "as_found", "in-tolerance", "result", "pass", "reference", "CERT-4711"}
	missing := lead.post(at+"/calibrate", calibration...)
	require.Equal(t, http.StatusUnprocessableEntity, missing.status)
	missing.has("Calibration: BAL-01 needs it again and again", `value="CERT-4711"`, `value="in-tolerance" required checked`)
	gap := lead.post(at+"/calibrate", append(calibration, "due_day", "31", "due_month", "06", "due_year", "2027")...)
	require.Equal(t, http.StatusUnprocessableEntity, gap.status)
	gap.has("This is no day of the calendar")
	lead.post(at+"/calibrate", append(calibration, "due_day", "26", "due_month", "11", "due_year", "2026")...).ok().has("Recorded.", "26 NOV 2026", "20 NOV 2026 10:30 CET", "As found: In tolerance")

	silent := operator.post(at+"/control", "result", "fail")
	require.Equal(t, http.StatusUnprocessableEntity, silent.status)
	silent.has("A reason of 5 to 500 characters")
	operator.post(at+"/control", "result", "fail", "remark", "200.4 g instead of 200.0 g").ok().has("Control failed", "200.4 g instead of 200.0 g", "It was not used for any batch")
	operator.post(at+"/control", "result", "pass").ok().has("Ready for use")
	operator.post(at+"/clean", "remark", "with 70 % ethanol").ok().has("with 70 % ethanol")
	lead.post(at+"/programme", "programme", "07", "version", "v2", "reason", "validated in PQ-12").ok().has("Programme version approved", "v2")

	operator.post(at+"/alarm", "code", "E-17", "text", "Overload").ok().has("The alarm is recorded", "Open alarm E-17", "The production lead decides").hasNot("/alarms/1/close")
	lead.get(at).ok().has(`action="/equipment/BAL-01/alarms/1/close"`)
	require.Equal(t, http.StatusForbidden, operator.post(at+"/alarms/1/close", "decision", "continue", "reason", "pan was touched").status)
	short := lead.post(at+"/alarms/1/close", "decision", "restart", "reason", "x")
	require.Equal(t, http.StatusUnprocessableEntity, short.status)
	short.has(`value="restart" required checked`)
	lead.post(at+"/alarms/1/close", "decision", "restart", "reason", "pan was touched").ok().has("The decision is recorded", "E-17: Start again", "Ready for use")
	again := lead.post(at+"/alarms/1/close", "decision", "restart", "reason", "pan was touched")
	require.Equal(t, http.StatusConflict, again.status)
	again.has("Alarm 1 of BAL-01 is closed already")
	require.Equal(t, http.StatusNotFound, lead.post(at+"/alarms/x/close", "decision", "restart", "reason", "pan was touched").status)

	kit := c.lot(false, func(*material.Delivery) {})
	operator.post(at+"/alarm", "code", "E-18", "text", "Pressure too high").ok()
	without := lead.post(at+"/alarms/2/close", "decision", "new-kit", "reason", "valve of the kit stuck")
	require.Equal(t, http.StatusUnprocessableEntity, without.status)
	without.has("nothing says of which lot the old one was", "Maintenance and QA see it")
	lead.post(at+"/alarms/2/close", "decision", "new-kit", "reason", "valve of the kit stuck", "lot", kit.String()).ok().has("E-18: Start again with a new kit")
	lead.get("/worklist").ok().has("Material pointed out by alarms", kit.String())
	operator.get("/worklist").ok().hasNot(kit.String())
	operator.get("/lots").ok().has("Pointed out by an alarm")
	operator.get("/lots/"+kit.String()).ok().has("Possible cause of an alarm of", "E-18 Pressure too high", "valve of the kit stuck").hasNot("/clear")
	qa := c.browser().signIn("ines")
	shown := qa.get("/lots/" + kit.String()).ok().has("Looked at, nothing wrong")
	qa.post("/lots/"+kit.String()+"/clear", "seen", shown.field("seen"), "reason", "the valves of the others are in order").ok().has("Noted: the lot was looked at").hasNot("Possible cause")
	qa.get("/worklist").ok().hasNot("Material pointed out by alarms")

	operator.get("/equipment?raw=bal-01").ok().has("XPR-2002")
	operator.get("/equipment").ok().has("4 days", `class="lot-clock att"`)
	require.Equal(t, http.StatusNotFound, operator.get("/equipment?raw=%5Dd1BAL-99").status)
	require.Equal(t, http.StatusUnprocessableEntity, operator.get("/equipment?raw=%C3%9C").status)

	lead.post(at+"/retire", "reason", "replaced by BAL-02").ok().has("The device is retired", "replaced by BAL-02").hasNot("Record a calibration")
	require.Equal(t, http.StatusConflict, operator.post(at+"/clean").status)
}

// What a device was used for, newest first, and who has to look at it after a failed check (process scenario 23).
func TestDevicePageNamesWhatIsInDoubt_Scenario23(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	b, _ := c.state(number)
	c.device("PIP-01", "pipette", "P1000", nil)
	for i := range 60 {
		c.useDevice("PIP-01", number, b.CoI, b.Subject, fmt.Sprintf("S%02d", i%12+1))
	}
	const at = "/equipment/PIP-01"
	qp, lead := c.browser().signIn("mercedes"), c.browser().signIn("concepcion")
	use := `<a class="lot-link" href="/batches/` + number
	require.Equal(t, 50, strings.Count(qp.get(at).ok().has("Show all (10 older ones)", "ES01-003").body, use))
	require.Equal(t, 60, strings.Count(qp.get(at+"?all=1").ok().hasNot("older ones").body, use))
	lead.post(at+"/calibrate", "made_day", "22", "made_month", "11", "made_year", "2026", "made_hour", "10", "made_minute", "30", "as_found", "out-of-tolerance",
		"result", "fail", "reference", "C-1", "remark", "gives 4 % too little").ok()
	qp.get(at).ok().has("Earlier uses are in doubt", "gives 4 % too little", "every use is in doubt", "/batches/"+number+"/release", "Out of service: Calibration failed")
	told, _ := c.state(number)
	found, _ := told.Exceptions()
	doubts := slices.DeleteFunc(found, func(e batch.Exception) bool { return e.Class != batch.DeviceOut })
	require.Len(t, doubts, 12, "the batch is told once for each step")
	h, held := told.Held()
	require.True(t, held, "and waits for QA")
	require.Equal(t, batch.HoldDevice, h.Cause)
}

// Every word of a device that the domain knows has one in the catalogue, in each language; no date is of numbers alone.
func TestDevicePagesKeepThePolicy(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"es", "de"} {
		c := seville(t, lang)
		c.equip()
		lead := c.browser().signIn("concepcion")
		for _, path := range []string{"/equipment", "/equipment/register", "/equipment/BAL-01", "/equipment/CEN-03", "/equipment/HEM-01"} {
			p := lead.get(path).ok()
			require.Empty(t, inline.FindString(p.body), path)
			require.Empty(t, numericDate.FindString(p.text()), path)
			p.hasNot("ZgotmplZ", "device.", "check.", "against.", "alarm-decision.")
		}
	}
}

// equip gives the plant devices in every state, and batches that they were used for.
func (c *crew) equip() {
	c.t.Helper()
	all := func(day string) map[equipment.Check]string {
		return map[equipment.Check]string{equipment.Qualification: "2027-09-30", equipment.Calibration: day, equipment.Cleaning: "2026-12-06"}
	}
	c.device("CEN-03", "centrifuge", "Heraeus Multifuge X3", all("2027-02-28"))
	c.device("SEP-02", "sepax", "Sepax C-Pro", all("2026-11-25"))
	c.device("BAL-01", "balance", "Mettler Toledo XPR-2002", map[equipment.Check]string{equipment.Calibration: "", equipment.DailyControl: ""})
	c.device("HEM-01", "hematology-analyser", "Yumizen H500", map[equipment.Check]string{equipment.Calibration: "2027-05-31", equipment.DailyControl: ""})
	c.device("BSC-01", "biosafety-cabinet", "Safe 2020", map[equipment.Check]string{equipment.Qualification: "2026-11-20"})
	c.device("PRN-01", "label-printer", "Zebra ZD621", nil)
	c.device("CEN-01", "centrifuge", "Rotina 380R", all("2027-02-28"))
	number := c.open("ES01-005")
	b, _ := c.state(number)
	decide := func(id equipment.ID, role people.Role, do func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error)) {
		c.t.Helper()
		c.onDevice(id, role, do)
	}
	book := c.plant.Batches.Equipment()
	far, err := book.Due("2027-05-31")
	require.NoError(c.t, err)
	decide("BAL-01", people.ProductionLead, func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
		return d.Calibrate(by, now, equipment.Checking{At: now.AddDate(0, 0, -20), Passed: true, AsFound: equipment.InTolerance, Due: far, Reference: "CERT-2026-0811"})
	})
	for i := range 3 {
		decide("BAL-01", people.Operator, func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
			return d.DailyControl(by, now, equipment.Checking{At: now, Passed: true, Due: book.Day(now)})
		})
		c.useDevice("BAL-01", number, b.CoI, b.Subject, []string{"S11", "S12", "S35"}[i])
		c.pass(20 * time.Minute)
	}
	decide("BAL-01", people.ProductionLead, func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
		return d.Calibrate(by, now, equipment.Checking{At: now, Passed: true, AsFound: equipment.OutOfTolerance, Due: far, Reference: "CERT-2026-0944", Remark: "+0,4 g (200 g)"})
	})
	decide("CEN-03", people.QA, func(d *equipment.Device, by ledger.Author, _ time.Time) ([]ledger.Draft, error) {
		return d.SetProgramme(by, "07", "v2", "PQ-12")
	})
	c.useDevice("CEN-03", number, b.CoI, b.Subject, "S21")
	decide("CEN-03", people.Operator, func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
		return d.Alarm(by, now, equipment.Report{Code: "E-0417", Text: "IMBALANCE", At: now, Batch: number, Step: "S21"})
	})
	decide("HEM-01", people.QCAnalyst, func(d *equipment.Device, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
		return d.DailyControl(by, now, equipment.Checking{At: now, Remark: "WBC 7,9 (6,1 – 7,3)"})
	})
	decide("CEN-01", people.ProductionLead, func(d *equipment.Device, by ledger.Author, _ time.Time) ([]ledger.Draft, error) {
		return d.Retire(by, "CEN-03")
	})
}

func TestPicturesOfEquipment(t *testing.T) {
	forLooking(t)
	for lang, theme := range map[string]string{"es": "light", "de": "dark"} {
		t.Run(lang, func(t *testing.T) {
			c := seville(t, lang)
			c.equip()
			for _, d := range []struct {
				device
				shows []show
			}{
				{desktop, []show{
					{"equipment-" + lang, "ines", "/equipment", theme, true},
					{"device-" + lang, "concepcion", "/equipment/CEN-03", theme, true},
					{"device-doubt-" + lang, "ines", "/equipment/BAL-01", theme, true},
					{"device-register-" + lang, "concepcion", "/equipment/register", theme, true},
				}},
				{terminal, []show{
					{"equipment-" + lang, "ana", "/equipment", theme, false},
					{"device-" + lang, "ana", "/equipment/BAL-01", theme, true},
				}},
				{phone, []show{
					{"equipment-" + lang, "ana", "/equipment", theme, true},
					{"device-" + lang, "ana", "/equipment/HEM-01", theme, true},
				}},
			} {
				b := newTab(t, c.server.URL, d.device)
				b.tour(d.name, d.shows)
			}
			b := newTab(t, c.server.URL, desktop)
			b.signIn("concepcion")
			b.theme(theme)
			b.open("/equipment/CEN-03")
			b.click(`details:has(form[action$="/calibrate"]) summary`)
			b.click(`details:has(form[action$="/close"]) summary`)
			b.whole("desktop-device-calibrate-" + lang)
		})
	}
}
