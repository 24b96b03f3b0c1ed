package pages

import (
	"context"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// overShown lets a person sign only over what the page showed them: the shipment as it then stood, with what was known of the
// cells (I8).
func (v *visit) overShown(id shipment.ID, sign batch.Signer) batch.Signer {
	return func(ctx context.Context, meaning people.Meaning, shown ledger.Digest) (people.Signed, error) {
		s, b, _, err := v.shipped(id)
		if err != nil {
			return people.Signed{}, err
		}
		known := ""
		if b != nil && v.FormValue("viability") != "" {
			known = b.Viability()
		}
		if s.Version != number(v.FormValue("seen")) || known != v.FormValue("viability") {
			return people.Signed{}, ledger.Refuse(ledger.Stale, "I8", "shipment-moved-on", "the shipment has changed since it was shown", "look at it again, then sign")
		}
		return sign(ctx, meaning, shown)
	}
}

// shipmentExcursion is POST /shipments/:shipment/excursion (process scenario 17).
func (v *visit) shipmentExcursion() error {
	return v.onShipment("excursion-decided", desk.Is(people.QA), func(by ledger.Author, id shipment.ID) error {
		d := shipment.Decision{Verdict: shipment.Verdict(v.FormValue("verdict")), Reason: v.FormValue("reason"), Stability: v.FormValue("stability")}
		return v.plant().Batches.DecideExcursion(v.ctx(), by, id, d, v.overShown(id, v.desk.Signer(by.Role, v.FormValue("password"))))
	})
}

// shipmentResolve is POST /shipments/:shipment/quarantine.
func (v *visit) shipmentResolve() error {
	return v.onShipment("quarantine-decided", desk.Is(people.QA), func(by ledger.Author, id shipment.ID) error {
		sign := v.overShown(id, v.desk.Signer(by.Role, v.FormValue("password")))
		return v.plant().Batches.ResolveShipment(v.ctx(), by, id, shipment.Way(v.FormValue("how")), v.FormValue("reason"), sign)
	})
}

// shipmentLabel is POST /shipments/:shipment/label: the hospital states what is missing on its label (process scenario 2).
func (v *visit) shipmentLabel() error {
	return v.onShipment("label-confirmed", isOf(chainofcustody.Hospital), func(by ledger.Author, id shipment.ID) error {
		var elements []shipment.Element
		form, err := v.FormParams()
		if err != nil {
			return err
		}
		for _, e := range form["element"] {
			elements = append(elements, shipment.Element(e))
		}
		sign := v.overShown(id, v.desk.Signer(by.Role, v.FormValue("password")))
		return v.plant().Batches.ConfirmLabel(v.ctx(), by, id, elements, v.FormValue("statement"), sign)
	})
}

// elements are elements of a label, in words.
func (v *visit) elements(of []shipment.Element) string {
	out := make([]string, len(of))
	for i, e := range of {
		out[i] = v.word("label-element", string(e))
	}
	return strings.Join(out, ", ")
}

// shipmentSwitch is POST /shipments/:shipment/plant: QA of both plants sign at this terminal (process scenario 53).
func (v *visit) shipmentSwitch() error {
	return v.onShipment("plant-switched", desk.Is(people.QA), func(by ledger.Author, id shipment.ID) error {
		s, err := v.plant().Shipments().Load(v.ctx(), id)
		if err != nil {
			return err
		}
		arrival, err := v.pickedTime("arrival")
		if err != nil {
			return err
		}
		sw, other, err := v.desk.SwitchTo(v.ctx(), s, desk.Elsewhere{Site: v.FormValue("site"), Lane: v.FormValue("lane"), Reason: v.FormValue("reason"), Arrival: arrival})
		if err != nil {
			return err
		}
		ours := v.overShown(id, v.desk.Signer(by.Role, v.FormValue("password")))
		theirs := v.desk.BesideOf(other, v.FormValue("username"), v.FormValue("second_password"), people.QA)
		return v.plant().Batches.SwitchPlant(v.ctx(), by, id, sw, ours, theirs)
	})
}
