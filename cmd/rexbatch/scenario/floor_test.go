package scenario

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Only what may be used, lasts and is enough is taken from the stock; all else is received anew.
func TestLotsThatAreReady(t *testing.T) {
	for text, want := range map[string]bool{
		`{"status":"released","usable_until":"2027-01-01T00:00:00Z","remaining":{"value":"1000"}}`:      true,
		`{"status":"released","usable_until":"2027-01-01T00:00:00Z","remaining":{"value":"999.9"}}`:     false,
		`{"status":"released","usable_until":"2026-11-22T15:59:59Z","remaining":{"value":"5000"}}`:      false,
		`{"status":"quarantine","usable_until":"2027-01-01T00:00:00Z","remaining":{"value":"5000"}}`:    false,
		`{"status":"open-too-long","usable_until":"2027-01-01T00:00:00Z","remaining":{"value":"5000"}}`: false,
		`{"status":"released","usable_until":"2027-01-01T00:00:00Z"}`:                                   false,
	} {
		var l lot
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		require.Equal(t, want, l.ready(noon), text)
	}
}

func TestDevicesThatAreReady(t *testing.T) {
	for text, want := range map[string]bool{
		`{"status":"in-service","checks":[{"check":"calibration","needed":true,"passed":true,"due":"2026-11-23"}]}`: true,
		`{"status":"in-service","checks":[{"check":"calibration","needed":true,"passed":true,"due":"2026-11-22"}]}`: false,
		`{"status":"in-service","checks":[{"check":"qualification","needed":true,"passed":false}]}`:                 false,
		`{"status":"in-service","checks":[{"check":"daily-control","needed":true,"passed":false}]}`:                 true,
		`{"status":"in-service","checks":[{"check":"cleaning","needed":false,"passed":false}]}`:                     true,
		`{"status":"out-of-service"}`:                      false,
		`{"status":"in-service","open_alarms":1}`:          false,
		`{"status":"in-service","retired":"it is broken"}`: false,
	} {
		var d device
		require.NoError(t, json.Unmarshal([]byte(text), &d))
		require.Equal(t, want, d.ready("2026-11-23"), text)
	}
	var d device
	require.NoError(t, json.Unmarshal([]byte(`{"checks":[{"check":"daily-control","passed":true,"due":"2026-11-22"}]}`), &d))
	require.Equal(t, "2026-11-22", d.controlled())
	require.Empty(t, device{}.controlled())
}

// The control of a day is made when the device is used for the first time on it: a play can go on past midnight.
func TestDailyControlIsMadeOncePerDay(t *testing.T) {
	var made []string
	c := serve(t, func(_ http.ResponseWriter, r *http.Request) { made = append(made, r.URL.Path) })
	now := noon
	p := &play{
		s: &Scenario{People: map[string]Person{"ana": {Roles: []string{"operator"}}}}, stage: Stage{Clock: func() time.Time { return now }}, zone: time.UTC, client: c,
		floor: &floor{devices: map[string]string{"balance": "BAL-1", "welder": "W-1"}, controls: map[string]string{"balance": "2026-11-21"}},
	}
	p.actors = map[string]*actor{"ana": {username: "ana", play: p}}
	for _, value := range []string{"device:balance", "device:balance", "device:welder", "lot:balance", "3.5"} {
		require.NoError(t, p.control(t.Context(), value))
	}
	require.Equal(t, []string{"/api/v1/equipment/BAL-1/control"}, made)
	now = now.AddDate(0, 0, 1)
	require.NoError(t, p.control(t.Context(), "device:balance"))
	require.Len(t, made, 2)
}

func TestWhatPeopleAreTrainedIn(t *testing.T) {
	r := recipe{Steps: []recipeStep{
		{Role: "operator", SecondRole: "operator", Training: []string{"SOP-2", "SOP-1"}},
		{Role: "qc-analyst", SecondRole: "qc-reviewer", Training: []string{"SOP-3", "SOP-1"}},
		{Role: "courier"},
	}}
	require.Equal(t, []string{"SOP-1", "SOP-2"}, Person{Roles: []string{"operator"}}.needs(r))
	require.Equal(t, []string{"SOP-1", "SOP-3"}, Person{Roles: []string{"qa", "qc-reviewer"}}.needs(r))
	require.Empty(t, Person{Roles: []string{"courier", "sponsor"}}.needs(r))
}

func TestTagsFitOnDoors(t *testing.T) {
	p := &play{s: &Scenario{Site: "ES-SVQ"}}
	require.Equal(t, "SVQ-CENTRIFUGE", p.tag("centrifuge"))
	require.Equal(t, "SVQ-HEMATOLOGY-ANALY", p.tag("hematology-analyser"))
	require.Equal(t, "SVQ-BIOSAFETY-CABINE", p.tag("biosafety-cabinet"))
}

// What stands for a lot or a device is what the plant has of it; what it does not have is said before it is sent.
func TestPlaceholders(t *testing.T) {
	p := &play{stage: Stage{Clock: func() time.Time { return noon }}, zone: time.UTC, floor: &floor{
		lots: map[string]string{"heparin": "L-SVQ26-00001-X"}, devices: map[string]string{"centrifuge": "SVQ-CENTRIFUGE"},
	}}
	for value, want := range map[string]string{
		"lot:heparin": "L-SVQ26-00001-X", "device:centrifuge": "SVQ-CENTRIFUGE", "now-1m": "2026-11-22T11:59:00Z", "lots": "lots",
	} {
		require.NoError(t, checkValue(value))
		got, err := p.value(value)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, value := range []string{"lot:gold", "device:heparin"} {
		_, err := p.value(value)
		require.ErrorContains(t, err, "asks for no such")
	}
	for _, value := range []string{"lot:", "device:Centrifuge", "lot:a b"} {
		require.Error(t, checkValue(value), value)
	}
}
