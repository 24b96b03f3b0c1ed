package pages

import (
	"net/http"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
)

// unexpectedPage asks for what arrived and was not expected (process scenario 10).
type unexpectedPage struct {
	frame
	Typed map[string]string
	Roles *picker
}

// shipmentUnexpectedShow is GET /shipments/unexpected.
func (v *visit) shipmentUnexpectedShow() error { return v.unexpectedPage(http.StatusOK) }

func (v *visit) unexpectedPage(code int, problems ...Problem) error {
	p := unexpectedPage{frame: v.frame("shipments", v.T("shipment.unexpected.title"), problems...), Typed: v.typed()}
	p.Roles, _ = v.rolesFor(func(r people.Role) bool { return isOf(chainofcustody.Plant)(r) })
	return v.render(code, "shipment_unexpected", p)
}

// shipmentUnexpected is POST /shipments/unexpected: it goes into quarantine, whatever it is.
func (v *visit) shipmentUnexpected() error {
	by, err := v.desk.Acting(v.FormValue("role"), isOf(chainofcustody.Plant))
	if err != nil {
		return v.unexpectedPage(status(err), v.problems(err, nil)...)
	}
	id, err := v.plant().Batches.UnexpectedArrival(v.ctx(), by, strings.TrimRight(v.FormValue("raw"), "\r\n"), v.FormValue("place"), v.site.deps.SiteOf)
	if err != nil {
		return v.unexpectedPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/shipments/" + string(id) + "?done=shipment-quarantined")
}
