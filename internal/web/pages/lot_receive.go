package pages

import (
	"net/http"
	"strings"

	"rexbatch/batch/material"
	"rexbatch/internal/quantity"
)

// receivePage asks for a delivery; what was typed before a refusal is kept.
type receivePage struct {
	frame
	Materials             []choice
	Expiry                []picker
	Units, Spans          picker
	Material, Name        string
	Supplier, SupplierLot string
	Quantity, OpenFor     string
}

// wholeMonth stands for the day of an expiry that names a month only.
const wholeMonth = "end"

// lotReceiveShow is GET /lots/receive.
func (v *visit) lotReceiveShow() error { return v.receivePage(http.StatusOK) }

func (v *visit) receivePage(code int, problems ...Problem) error {
	p := receivePage{
		frame: v.frame("lots", v.T("lot.receive"), problems...), Materials: v.materials(), Material: v.FormValue("material"), Name: v.FormValue("name"),
		Supplier: v.FormValue("supplier"), SupplierLot: v.FormValue("supplier_lot"), Quantity: v.FormValue("quantity"), OpenFor: v.FormValue("open_for"),
		Units: picker{Name: "unit", Label: v.T("lot.unit")}, Spans: picker{Name: "open_for_unit", Label: v.T("lot.unit")},
	}
	var e entryForm
	v.dateForm(&e)
	whole := choice{Code: wholeMonth, Name: "–", Chosen: v.FormValue("day") == wholeMonth}
	e.Date[0].Options = append([]choice{whole}, e.Date[0].Options...)
	p.Expiry = e.Date
	for _, u := range material.Units() {
		p.Units.add(v, string(u), v.unit(u))
	}
	for _, u := range []quantity.Unit{"h", "d", "min"} {
		p.Spans.add(v, string(u), v.unit(u))
	}
	return v.render(code, "receive", p)
}

// lotReceive is POST /lots: a delivery comes in, into quarantine (AT-21).
func (v *visit) lotReceive() error {
	author, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.receivePage(status(err), v.problems(err, nil)...)
	}
	d, err := v.delivery()
	if err != nil {
		return v.receivePage(status(err), v.problems(err, nil)...)
	}
	n, err := v.plant().Batches.Materials().Receive(v.ctx(), author, d)
	if err != nil {
		return v.receivePage(status(err), v.problems(err, nil)...)
	}
	return v.to("/lots/" + n.String() + "?done=lot-received")
}

// delivery is what the form says.
func (v *visit) delivery() (material.Delivery, error) {
	d := material.Delivery{
		Material: strings.TrimSpace(v.FormValue("material")), Name: v.FormValue("name"), Supplier: v.FormValue("supplier"), SupplierLot: v.FormValue("supplier_lot"),
	}
	var err error
	d.Expiry, err = material.ParseExpiry(strings.TrimSuffix(v.localDate(), "-"+wholeMonth), v.zone())
	if err != nil {
		return d, err
	}
	d.Quantity, err = quantity.Parse(v.FormValue("quantity"), quantity.Unit(v.FormValue("unit")))
	if err != nil || v.FormValue("open_for") == "" {
		return d, err
	}
	d.OpenFor, err = quantity.Parse(v.FormValue("open_for"), quantity.Unit(v.FormValue("open_for_unit")))
	return d, err
}
