package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// fill enters values of a step as the scenario says.
func (c *crew) fill(number, step string, fields ...string) *reply {
	c.t.Helper()
	b, _ := c.state(number)
	st, _ := b.Step(step)
	var last *reply
	for _, f := range fields {
		last = c.as(st.Step.Performer).post(c.path(number, st.Step)+"/fields/"+f, map[string]any{"value": c.value(c.Values[step][f])}).ok()
	}
	return last
}

func TestCommentOnAValueBeyondItsLimit_AT59(t *testing.T) { // AT-59
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	c.Values["S10"]["max_T"] = "9.1"
	number := c.open()
	c.play(number, "S09")
	who, path := c.as(people.Operator), "/batches/"+number+"/steps/S10"
	r := c.fill(number, "S10", "logger_serial_match", "readings", "min_T", "max_T")
	require.Contains(t, r.text(), `"beyond":true`)
	c.fill(number, "S10", "minutes_out", "mkt")
	who.post(path+"/complete", nil).refused(http.StatusConflict, "AT-59", "comment-open")
	who.post(path+"/fields/min_T/comment", map[string]any{"text": "nothing to say"}).refused(http.StatusConflict, "AT-59", "nothing-to-comment")
	who.post(path+"/fields/max_T/comment", map[string]any{"text": "no"}).refused(http.StatusUnprocessableEntity, "AT-59", "reason-missing")
	r = who.post(path+"/fields/max_T/comment", map[string]any{"text": "the box stood in the sun"}).ok()
	require.Contains(t, r.text(), `"remark":{"text":"the box stood in the sun"`)
	who.post(path+"/complete", nil).ok()
	review := c.as(people.QA).get("/batches/" + number + "/review").ok().text()
	require.Contains(t, review, `"remark":"the box stood in the sun"`)
}

// Fields whose condition does not hold are not asked, and a check that fails says so in words.
func TestFieldsAreAskedAsTheRecordStands_CS65(t *testing.T) { // CS-65
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	c.Values["S07"]["packed_at"] = "now-17m" // before the logger was started
	number := c.open()
	c.play(number, "S06")
	c.as(people.Nurse).post("/batches/"+number+"/steps/S07/start", nil).ok()
	_, event := c.state(number)
	c.as(people.Nurse).post("/batches/"+number+"/steps/S07/fields/bag_scan/scan", map[string]any{"raw": event.OfKind("harvest-bag")[0].Label}).ok()
	r := c.fill(number, "S07", "box_id", "logger_started_at", "packed_at")
	require.Contains(t, r.text(), `"The box was packed before the logger was started"`)
	s02 := c.as(people.QA).get("/batches/" + number + "/steps/S02").ok().text()
	require.Contains(t, s02, `"gate":{"field":"decision","decisions":[{"code":"accept","then":"continue"}`)
	require.NotContains(t, s02, `"field":"label_warning"`)
}

// What a second person enters again is told to nobody who may be that person, until they have signed (I7).
func TestBlindEntryIsNotTold_I7(t *testing.T) { // I7
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	c.Values["S32"]["volume_used"] = "17.4" // not the computed volume of the dose, which everybody may see
	number := c.open()
	c.play(number, "S31")
	b, _ := c.state(number)
	st, _ := b.Step("S32")
	c.perform(number, st.Step)
	path := c.path(number, st.Step)
	first, second := c.as(people.Operator), c.secondAs(people.Operator)
	require.Contains(t, first.get(path).ok().text(), `17.4 mL`)
	for _, where := range []string{path, "/batches/" + number, "/batches/" + number + "/review", "/batches/" + number + "/audit"} {
		text := second.get(where).ok().text()
		require.NotContains(t, text, `17.4`, where)
		require.NotContains(t, text, `2.6 mL`, "what is computed from it, in %s", where)
	}
	sign := map[string]any{"shown_digest": second.get(path).ok().str("shown_digest"), "password": password, "values": map[string]string{"volume_used": "17.9"}}
	second.post(path+"/verify", sign).refused(http.StatusConflict, "I7", "retype-first")
	sign["values"] = map[string]string{"volume_used": "17.9", "final_volume": "20"}
	p := second.post(path+"/verify", sign).refused(http.StatusConflict, "I7", "second-differs")
	require.Equal(t, "volume_used", p.Args["fields"])
	require.NotContains(t, p.Detail, "17.4")
	sign["values"] = map[string]string{"volume_used": "17,40", "final_volume": "20"}
	sign["shown_digest"] = second.get(path).ok().str("shown_digest")
	require.Contains(t, second.post(path+"/verify", sign).ok().text(), `17.4 mL`)
}

func TestInterruptedStepThroughTheAPI_AT14(t *testing.T) { // AT-14
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S20")
	who, lead, path := c.as(people.Operator), c.as(people.ProductionLead), "/batches/"+number+"/steps/S21"
	who.post(path+"/interrupt", map[string]any{"cause": "power cut"}).refused(http.StatusConflict, "AT-59", "nothing-to-interrupt")
	who.post(path+"/start", nil).ok()
	r := who.post(path+"/interrupt", map[string]any{"cause": "power cut"}).ok()
	require.Contains(t, r.text(), `"status":"interrupted"`)
	who.post(path+"/resume", map[string]any{"decision": "continue", "reason": "nothing moved"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	lead.post(path+"/resume", map[string]any{"decision": "dance", "reason": "nothing moved"}).refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	r = lead.post(path+"/resume", map[string]any{"decision": "repeat", "reason": "the layers mixed"}).ok()
	require.Contains(t, r.text(), `"attempt":1`)
	require.Contains(t, r.text(), `"repeat":{"from":"S19","times":1,"left":0}`)
	require.Contains(t, c.as(people.QA).get("/batches/"+number).ok().text(), `"now":[{"step":"S19","status":"waiting","role":"operator"}]`)
}

func TestHoldStopAndDisposalThroughTheAPI_AT59(t *testing.T) { // AT-59
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S09")
	qa, who, at := c.as(people.QA), c.as(people.Operator), "/batches/"+number
	who.post(at+"/hold", map[string]any{"reason": "the logger is in doubt"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	var held struct {
		Course struct{ Holds []struct{ ID string } }
	}
	qa.post(at+"/hold", map[string]any{"reason": "the logger is in doubt"}).ok().into(&held)
	who.post(at+"/steps/S10/start", nil).refused(http.StatusConflict, "AT-59", "batch-held")
	courier := c.as(people.Courier).get(at).ok().text()
	require.Contains(t, courier, `"cause":"decided"`)
	require.NotContains(t, courier, "the logger is in doubt", "those who do not read records learn that it is held, and not why")
	require.Len(t, held.Course.Holds, 1)
	qa.post(at+"/holds/gate:S14:1/release", map[string]any{"reason": "it is not"}).refused(http.StatusNotFound, "AT-59", "no-hold")
	qa.post(at+"/holds/"+held.Course.Holds[0].ID+"/release", map[string]any{"reason": "it is calibrated"}).ok()
	who.post(at+"/steps/S10/start", nil).ok()
	r := c.as(people.Investigator).post(at+"/stop", map[string]any{"cause": "patient-withdrew", "reason": "on the telephone"}).ok()
	require.Contains(t, r.text(), `"effective":false`)
	_, event := c.state(number)
	bag := strings.ReplaceAll(event.OfKind("harvest-bag")[0].ID.String(), "/", "-")
	who.post(at+"/containers/"+bag+"/disposal", map[string]any{"raw": event.OfKind("harvest-bag")[0].Label, "disposition": "destroyed", "reason": "waste 12"}).refused(http.StatusConflict, "AT-59", "not-ended")
	c.fill(number, "S10", "logger_serial_match", "readings", "min_T", "max_T", "minutes_out", "mkt")
	who.post(at+"/steps/S10/complete", nil).ok()
	for _, container := range event.Containers {
		path := at + "/containers/" + strings.ReplaceAll(container.ID.String(), "/", "-") + "/disposal"
		who.post(path, map[string]any{"raw": event.CoI.Label(), "disposition": "destroyed", "reason": "waste 12"}).refused(http.StatusConflict, "I4", "scan-mismatch")
		r = who.post(path, map[string]any{"raw": container.Label, "disposition": "destroyed", "reason": "waste 12"}).ok()
	}
	require.NotContains(t, r.text(), `"undisposed"`)
	require.Contains(t, r.text(), `"closed_at"`)
}

func TestDeviationsThroughTheAPI_AT59(t *testing.T) { // AT-59
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S09")
	qa, lead, at := c.as(people.QA), c.as(people.ProductionLead), "/batches/"+number+"/deviations"
	opened := lead.post(at, map[string]any{"exceptions": []string{}, "what": "the box stood in the sun"})
	require.Equal(t, http.StatusCreated, opened.status, opened.text())
	one := at + "/" + opened.str("opened")
	lead.post(one+"/investigation", map[string]any{"cause": "no shade at the ramp", "risk": "none: the logger shows 6 °C"}).refused(http.StatusConflict, "AT-59", "classify-first")
	lead.post(one+"/classification", map[string]any{"classification": "major", "due": "2026-12-22"}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	qa.post(one+"/classification", map[string]any{"classification": "major", "due": "soon"}).refused(http.StatusUnprocessableEntity, "AT-59", "due-day")
	qa.post(one+"/classification", map[string]any{"classification": "major", "due": "2026-12-22"}).ok()
	qa.post(one+"/approval", map[string]any{"password": password}).refused(http.StatusConflict, "AT-59", "investigate-first")
	lead.post(one+"/investigation", map[string]any{"cause": "no shade at the ramp", "risk": "none: the logger shows 6 °C", "capa": "CAPA-1"}).ok()
	qa.post(one+"/approval", map[string]any{"password": "not mine at all"}).refused(http.StatusUnauthorized, "CS-47", "password-wrong")
	r := qa.post(one+"/approval", map[string]any{"password": password}).ok()
	require.Contains(t, r.text(), `"open":false`)
	lead.post(one+"/investigation", map[string]any{"cause": "no shade at the ramp", "risk": "none: the logger shows 6 °C"}).refused(http.StatusConflict, "AT-59", "deviation-closed")
}

func TestAllowancesThroughTheAPI_AT5(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S09")
	qa, lead, batch := c.as(people.QA), c.as(people.ProductionLead), "/batches/"+number
	one := batch + "/deviations/" + lead.post(batch+"/deviations", map[string]any{"exceptions": []string{}, "what": "the box stood in the sun"}).str("opened")
	proposal := map[string]any{"kind": "limit", "target": "S10.max_T", "to": "<=10.0", "reason": "the box stood in the sun for a while", "risk": "none: marrow is stable at room temperature"}
	qa.post(one+"/allowances", proposal).refused(http.StatusForbidden, "CS-66", "not-allowed")
	lead.post(one+"/allowances", proposal).ok()
	lead.post(one+"/allowances/1/approval", map[string]any{"password": password}).refused(http.StatusForbidden, "CS-66", "not-allowed")
	qa.post(one+"/allowances/1/approval", map[string]any{"password": "not mine at all"}).refused(http.StatusUnauthorized, "CS-47", "password-wrong")
	qa.post(one+"/allowances/2/approval", map[string]any{"password": password}).refused(http.StatusNotFound, "AT-5", "no-allowance")
	r := qa.post(one+"/allowances/1/approval", map[string]any{"password": password}).ok()
	require.Contains(t, r.text(), `"approved_by"`)
	require.Contains(t, qa.get(batch+"/steps/S10").ok().text(), `"limit":"<=10.0 degC"`)
	require.Contains(t, qa.get(batch+"/review").ok().text(), `"allowed:DEV-`)
	qa.post(one+"/allowances/1/refusal", map[string]any{"reason": "thought better of it"}).refused(http.StatusConflict, "AT-5", "allowance-decided")
	proposal["target"] = "S37.mnc"
	lead.post(one+"/allowances", proposal).refused(http.StatusForbidden, "AT-33", "allowance-never")
}

func TestReprintNeedsASecondPerson_LB1(t *testing.T) { // LB-1, LB-3
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S11")
	who, path := c.as(people.Operator), "/batches/"+number+"/steps/S12"
	_, event := c.state(number)
	who.post(path+"/fields/bag_scan/scan", map[string]any{"raw": event.OfKind("harvest-bag")[0].Label}).ok()
	c.fill(number, "S12", "edta_lot", "bottle_lot", "sample_count_mL", "sample_flow_mL", "sample_sterility_mL")
	r := who.post(path+"/labels", nil).ok()
	require.Contains(t, r.text(), `"serial":1,"state":"queued"`)
	_, event = c.state(number)
	sample := event.OfKind("sample-count")[0]
	one := path + "/labels/" + strings.ReplaceAll(sample.ID.String(), "/", "-") + "/scrap"
	who.post(one, map[string]any{"reason": "smudged badly"}).refused(http.StatusNotFound, "LB-1", "nothing-to-scrap")
	who.post(path+"/labels/scan", map[string]any{"raw": "&/CHA999926000777"}).refused(http.StatusConflict, "I4", "scan-mismatch")
	who.post(path+"/labels/scan", map[string]any{"raw": sample.Label}).ok()
	who.post(path+"/labels/scan", map[string]any{"raw": sample.Label}).refused(http.StatusConflict, "LB-3", "scanned-already")
	again := map[string]any{"reason": "smudged badly", "reprint": map[string]any{"username": who.username, "password": password}}
	who.post(one, again).refused(http.StatusConflict, "LB-1", "reprint-second")
	again["reprint"] = map[string]any{"username": c.who(people.Operator, true), "password": "not mine at all"}
	who.post(one, again).refused(http.StatusUnauthorized, "CS-75", "credentials-wrong")
	again["reprint"] = map[string]any{"username": c.who(people.Operator, true), "password": password}
	r = who.post(one, again).ok()
	require.Contains(t, r.text(), `"serial":2,"state":"queued"`)
	who.post(path+"/labels/print", nil).ok() // a plant without a printer keeps them queued
	who.post(path+"/fields/sterility_scan/scan", map[string]any{"raw": event.OfKind("sample-sterility")[0].Label}).ok()
	who.post(path+"/complete", nil).refused(http.StatusConflict, "LB-3", "scan-back-open")
}

// A plant in the codes of GS1 states them for its containers, and takes them back.
func TestContainersOfAPlantInGS1StateTheirCode(t *testing.T) {
	c := enrol(newSite(t, "es-gs1"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S03") // its labels are in the record then
	_, event := c.state(number)
	text := c.as(people.QA).get("/therapy-events/" + event.CoI.String()).ok().text()
	require.Contains(t, text, `"label":"010950600013435210`+number+`\u001d21`)
	require.NotContains(t, text, `"label":"=+04000`)
}

// Scenario 49 at the API: who is blinded may not order a thaw, and what was never frozen is not thawed.
func TestThawThroughTheAPI_49(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	at := "/batches/" + number
	body := map[string]any{"dose": "4e8", "reason": "cross-over after a year", "password": password, "investigator": map[string]any{"username": c.who(people.Investigator, false), "password": password}}
	require.Equal(t, http.StatusForbidden, c.as(people.Coordinator).post(at+"/thaw", body).status)
	c.as(people.Custodian).post(at+"/thaw", body).refused(http.StatusConflict, "AT-31", "thaw-not-certified")
	c.as(people.QA).get(at+"/stored").refused(http.StatusNotFound, "AT-1", "no-thaw")
}

func TestSplitAndFurtherHarvestThroughTheAPI_AT14(t *testing.T) { // AT-1, AT-14
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S14")
	lead, at := c.as(people.ProductionLead), "/batches/"+number
	body := map[string]any{"shares": []string{"50", "40"}, "waste": "0", "unit": "mL", "reason": "two doses"}
	lead.post(at+"/split", body).refused(http.StatusConflict, "AT-14", "split-balance")
	body["unit"] = "furlong"
	require.GreaterOrEqual(t, lead.post(at+"/split", body).status, 400)
	body["unit"], body["shares"] = "mL", []string{"50", "51.5"}
	var out struct{ Batches []string }
	lead.post(at+"/split", body).ok().into(&out)
	require.Len(t, out.Batches, 2)
	require.Contains(t, lead.get("/batches/"+out.Batches[0]).ok().text(), `"parent":"`+number+`"`)
	coordinator := c.as(people.Coordinator)
	further := map[string]any{"purpose": "supplement", "reason": "too few cells", "password": password}
	b, _ := c.state(number)
	r := coordinator.post("/therapy-events/"+b.CoI.String()+"/further", further)
	require.Equal(t, http.StatusCreated, r.status, r.text())
	require.Contains(t, lead.get("/batches/"+r.str("batch")).ok().text(), `"further":"supplement"`)
}
