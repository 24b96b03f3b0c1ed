package pages_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// closedToInspectors are the pages that an inspector does not open, and why.
var closedToInspectors = map[string]string{
	"/orders/new":           "the form of an order",
	"/taken-on":             "the form of what another plant hands on",
	"/lots/receive":         "the form of a delivery",
	"/equipment/register":   "the form of a device",
	"/shipments/new":        "the form of a shipment",
	"/shipments/unexpected": "the form for what came without a shipment",
	"/batches/:batch/steps/:step/fields/:field/echo": "an echo of what is typed",
	"/batches/:batch/packs/:pack/pdf":                "a pack is printed once, for the floor",
	"/patients":                                      "identities of patients are the hospital's (I12)",
	"/shipments/:shipment/passes":                    "links open the courier's page",
	"/printers":                                      "printers are configured",
	"/terminals":                                     "terminals are configured",
	"/terminals/:terminal":                           "terminals are configured",
}

// An inspector opens every page that reads, and every act but the print of a record is refused (CS-40).
func TestInspectorReadsEveryPageAndWritesNothing_CS40(t *testing.T) {
	t.Parallel()
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S12")
	c.hire("vera", "Vera Inspector", "en", people.Inspector)
	inspector := c.browser().signIn("vera")
	real := strings.NewReplacer(":batch", number, ":step", "S10", ":lot", c.Lots("edta-tube")[0].Number.String(), ":username", "ana", ":recipe", "REX-001", ":version", "2", ":subject", "ES01-003")
	written := func() uint64 {
		head, err := c.plant.Log.Head(t.Context())
		require.NoError(t, err)
		return head.Size
	}
	before, kept := written(), maps.Clone(closedToInspectors)
	for _, r := range desk.Routes() {
		if strings.HasPrefix(r.Path, desk.API) || r.Who.Public() || strings.Contains(r.Path, "*") {
			continue
		}
		path := real.Replace(r.Path)
		if r.Method == http.MethodGet {
			if strings.HasSuffix(path, "/events") { // stays open
				continue
			}
			p := inspector.get(path)
			why, closed := closedToInspectors[r.Path]
			delete(kept, r.Path)
			switch {
			case closed:
				require.Equal(t, http.StatusForbidden, p.status, "%s: %s", r.Path, why)
			case strings.Contains(path, ":"): // nothing of the kind here: it is looked for, and missing
				require.NotEqual(t, http.StatusForbidden, p.status, r.Path)
			default:
				require.Less(t, p.status, 500, r.Path)
				require.NotEqual(t, http.StatusForbidden, p.status, r.Path)
			}
			continue
		}
		if r.Path == "/batches/:batch/record-print" || r.Audit == desk.Session || r.Audit == desk.Reads || r.Path == "/statement" {
			continue
		}
		require.Equal(t, http.StatusForbidden, inspector.post(path).status, "%s %s", r.Method, r.Path)
	}
	require.Equal(t, before, written())
	require.Empty(t, kept, "no such page")
}
