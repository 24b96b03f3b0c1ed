package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// A shipment through the API: each command is about the shipment of its address. It is planned, packed, unpacked by its sender, and
// cancelled; then nothing is carried with it (TR-6, TR-8, I4).
func TestShipmentThroughTheAPI_TR8(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.play(number, "S07")
	c.parts.Install(c.Scenario, "temperature-logger", "LOG-77")
	_, event := c.state(number)
	bag := event.OfKind("harvest-bag")[0].Label
	operator, nurse := c.as(people.Operator), c.as(people.Nurse)
	now := c.clock().UTC()
	r := operator.post("/shipments", map[string]any{
		"batch": number, "direction": "to-plant", "lane": "cold-2-8", "box": "BOX-7", "logger": "LOG-77", "config": "CFG-2-8", "hospital": "Hospital, ward 3", "language": "es",
		"pickup": now.Add(time.Minute).Format(time.RFC3339), "arrival": now.Add(3 * time.Hour).Format(time.RFC3339),
	}).ok()
	at := "/shipments/" + r.str("id")
	require.Equal(t, "planned", r.str("status"))
	packing := map[string]any{"scans": []string{bag}, "seals": []string{"A1", "A2"}, "place": "ward 3"}
	require.Equal(t, "packed", nurse.post(at+"/packing", packing).ok().str("status"))
	why := map[string]any{"reason": "the courier does not come"}
	operator.post(at+"/cancellation", why).refused(http.StatusConflict, "I6", "cancel-packed")
	unpacking := map[string]any{"scans": []string{bag}, "place": "ward 3", "reason": "the courier does not come"}
	operator.post(at+"/unpacking", unpacking).refused(http.StatusForbidden, "CS-66", "not-the-sender")
	require.Equal(t, "planned", nurse.post(at+"/unpacking", unpacking).ok().str("status"))
	nurse.post(at+"/cancellation", why).refused(http.StatusForbidden, "CS-66", "not-allowed")
	var out struct {
		Status    string
		Unpacked  []struct{ Reason, By string }
		Cancelled struct{ By, Reason string }
	}
	operator.post(at+"/cancellation", why).ok().into(&out)
	require.Equal(t, "cancelled", out.Status)
	require.Equal(t, "the courier does not come", out.Cancelled.Reason)
	require.Len(t, out.Unpacked, 1)
	nurse.post(at+"/packing", packing).refused(http.StatusConflict, "TR-8", "shipment-status")
	nurse.post(at+"/passes", map[string]any{"account": c.who(people.Courier, false), "role": "courier", "hours": 24}).refused(http.StatusConflict, "TR-8", "shipment-cancelled")
	operator.post("/shipments/SHP-SVQ26999999/closing", map[string]any{}).refused(http.StatusNotFound, "TR-8", "no-shipment")
}
