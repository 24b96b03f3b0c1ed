package pages

import (
	"context"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// onShipment does a command on the shipment of the request and goes back to its page. A label that does not match fills the
// screen (I4).
func (v *visit) onShipment(done string, fits func(people.Role) bool, do func(by ledger.Author, id shipment.ID) error) error {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return err
	}
	by, err := v.desk.Acting(v.FormValue("role"), fits)
	if err == nil {
		err = do(by, id)
	}
	if isMismatch(err) {
		return v.shipmentStop(id, err)
	}
	if err != nil {
		return v.shipmentAgain(id, err)
	}
	return v.to("/shipments/" + string(id) + "?done=" + done)
}

// shipmentStop shows which two identities differ, as at any other mismatch.
func (v *visit) shipmentStop(id shipment.ID, err error) error {
	_, b, _, loadErr := v.shipped(id)
	if loadErr != nil || b == nil {
		return v.shipmentAgain(id, err)
	}
	v.stopBack = "/shipments/" + string(id)
	return v.stopped(b, v.lastStep(b), err)
}

// sideOf is the choice of the role in which the person acts for a side of the shipment; any where it is not found.
func (v *visit) sideOf(of func(*shipment.Shipment) chainofcustody.Party) func(people.Role) bool {
	s, err := v.shipment()
	if err != nil {
		return anyRole
	}
	return isOf(of(s))
}

func sender(s *shipment.Shipment) chainofcustody.Party   { return s.Plan.From.Party }
func receiver(s *shipment.Shipment) chainofcustody.Party { return s.Plan.To.Party }

// lines are the entries of a field that takes several: one a line, or parted by commas.
func (v *visit) lines(name string) []string {
	out := []string{}
	for _, item := range strings.FieldsFunc(v.FormValue(name), func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }) {
		item = strings.TrimSpace(item)
		if item != "" {
			out = append(out, item)
		}
	}
	return out
}

// scans are labels as they were read, one a line: a label may hold a comma.
func (v *visit) scans(name string) []string {
	out := []string{}
	for _, raw := range strings.Split(v.FormValue(name), "\n") {
		raw = strings.TrimRight(raw, "\r")
		if strings.TrimSpace(raw) != "" {
			out = append(out, raw)
		}
	}
	return out
}

// shipmentPack is POST /shipments/:shipment/packing.
func (v *visit) shipmentPack() error {
	return v.onShipment("shipment-packed", v.sideOf(sender), func(by ledger.Author, id shipment.ID) error {
		return v.plant().Batches.PackShipment(v.ctx(), by, id, v.scans("raw"), v.lines("seals"), v.FormValue("place"))
	})
}

// shipmentUnpack is POST /shipments/:shipment/unpacking: the sender scans what they take out of the box again.
func (v *visit) shipmentUnpack() error {
	return v.onShipment("shipment-unpacked", v.sideOf(sender), func(by ledger.Author, id shipment.ID) error {
		return v.plant().Batches.UnpackShipment(v.ctx(), by, id, v.scans("raw"), v.FormValue("place"), v.FormValue("reason"))
	})
}

// shipmentCancel is POST /shipments/:shipment/cancellation.
func (v *visit) shipmentCancel() error {
	return v.onShipment("shipment-cancelled", plans, func(by ledger.Author, id shipment.ID) error {
		return v.plant().Batches.CancelShipment(v.ctx(), by, id, v.FormValue("reason"))
	})
}

// plans is who plans shipments, and cancels them.
func plans(r people.Role) bool { return r.May(people.PlanShipment) }

// shipmentOffer is POST /shipments/:shipment/offer: the giver scans what they hand over (TR-6).
func (v *visit) shipmentOffer() error {
	return v.onShipment("offered", v.carries(), func(by ledger.Author, id shipment.ID) error {
		return v.handed(id, func(coi isbt128.CoI, h chainofcustody.Handover, raw string) error {
			return v.plant().Batches.Give(v.ctx(), by, coi, h, chainofcustody.Party(v.FormValue("to")), raw)
		})
	})
}

// shipmentAccept is POST /shipments/:shipment/acceptance: the receiver scans it and states seals and place for themselves.
func (v *visit) shipmentAccept() error {
	return v.onShipment("accepted", v.carries(), func(by ledger.Author, id shipment.ID) error {
		return v.handed(id, func(coi isbt128.CoI, h chainofcustody.Handover, raw string) error {
			return v.plant().Batches.Accept(v.ctx(), by, coi, h, raw)
		})
	})
}

// carries is the choice of a role that holds custody for any side.
func (v *visit) carries() func(people.Role) bool {
	return func(r people.Role) bool {
		_, party := chainofcustody.PartyOf(r)
		return party && r.May(people.HoldCustody)
	}
}

func (v *visit) handed(id shipment.ID, do func(isbt128.CoI, chainofcustody.Handover, string) error) error {
	s, err := v.plant().Shipments().Load(v.ctx(), id)
	if err != nil {
		return err
	}
	coi, err := isbt128.ParseCoI(s.Plan.CoI)
	if err != nil {
		return err
	}
	raw := ""
	if scans := v.scans("raw"); len(scans) > 0 {
		raw = scans[0]
	}
	return do(coi, v.stated(), raw)
}

// shipmentReceive is POST /shipments/:shipment/receipt: the inspection of the box at its destination (AT-12).
func (v *visit) shipmentReceive() error {
	return v.onShipment("shipment-received", v.sideOf(receiver), func(by ledger.Author, id shipment.ID) error {
		in, err := v.inspection()
		if err != nil {
			return err
		}
		return v.plant().Batches.ReceiveShipment(v.ctx(), by, id, v.scans("raw"), in)
	})
}

// inspection is what the form says. Nothing is taken for granted: what was not answered is refused.
func (v *visit) inspection() (shipment.Inspection, error) {
	in := shipment.Inspection{Box: v.FormValue("box"), Seals: v.lines("seals"), Condition: strings.TrimSpace(v.FormValue("condition"))}
	for name, into := range map[string]*bool{"seals_ok": &in.SealsOK, "leak": &in.Leak, "on_call": &in.OnCall} {
		switch v.FormValue(name) {
		case "yes":
			*into = true
		case "no":
		default:
			return in, unanswered()
		}
	}
	for _, e := range shipment.Elements() {
		switch v.FormValue("label_" + string(e)) {
		case "yes":
		case "no":
			in.Missing = append(in.Missing, e)
		default:
			return in, unanswered()
		}
	}
	var err error
	in.Volume, err = quantity.ParseOptional(v.FormValue("volume"), "mL")
	if err == nil {
		in.Temperature, err = quantity.ParseOptional(v.FormValue("temperature"), "degC")
	}
	return in, err
}

func unanswered() error {
	return ledger.Refuse(ledger.Invalid, "AT-12", "receipt-unanswered", "a question of the inspection is not answered", "look at the box again and answer each of them")
}

// shipmentStore is POST /shipments/:shipment/storage (process scenario 16).
func (v *visit) shipmentStore() error {
	return v.onShipment("shipment-stored", v.sideOf(receiver), func(by ledger.Author, id shipment.ID) error {
		q, err := quantity.Parse(v.FormValue("temperature"), "degC")
		if err != nil {
			return err
		}
		return v.plant().Batches.StoreShipment(v.ctx(), by, id, v.FormValue("place"), q)
	})
}

// shipmentLogger is POST /shipments/:shipment/logger: the file of the logger. One that does not belong to the shipment is kept
// and refused, in the person's language (process scenario 18).
func (v *visit) shipmentLogger() error {
	id, err := shipment.ParseID(v.Param("shipment"))
	if err != nil {
		return err
	}
	by, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.shipmentAgain(id, err)
	}
	text, name, err := v.uploaded("file", temperature.MaxFile)
	if err != nil {
		return err
	}
	pdf, _, err := v.uploaded("pdf", temperature.MaxFile)
	if err != nil {
		return err
	}
	err = v.plant().Batches.ReadLogger(v.ctx(), by, id, shipment.File{Name: name, Text: text, PDF: pdf})
	if err == nil {
		return v.to("/shipments/" + string(id) + "?done=logger-imported")
	}
	problems := v.problems(err, nil)
	s, loadErr := v.plant().Shipments().Load(v.ctx(), id)
	if n := len(problems); n == 1 && problems[0].Code == "logger-rejected" && loadErr == nil {
		last := s.Imports[len(s.Imports)-1]
		problems[0].What = v.T("refusal.logger-rejected.what", "why", strings.Join(v.mismatches(last.Rejected), "; "))
	}
	return v.shipmentPage(status(err), id, problems...)
}

// shipmentTell is POST /shipments/:shipment/acknowledgement (TR-2).
func (v *visit) shipmentTell() error {
	return v.onShipment("shipment-told", anyRole, func(by ledger.Author, id shipment.ID) error {
		return v.plant().Batches.TellShipment(v.ctx(), by, id, v.FormValue("what"))
	})
}

// shipmentClose is POST /shipments/:shipment/closing.
func (v *visit) shipmentClose() error {
	return v.onShipment("shipment-closed", anyRole, func(by ledger.Author, id shipment.ID) error {
		return v.plant().Batches.CloseShipment(v.ctx(), by, id, v.FormValue("reason"))
	})
}

// stepTake is POST /batches/:batch/steps/:step/shipment: what the shipment says is taken into the step, with its source.
func (v *visit) stepTake() error { return v.taking("taken", v.plant().Batches.TakeFromShipment) }

// stepTakeBed is POST /batches/:batch/steps/:step/bedside: what the phones at the bed delivered is taken into the step.
func (v *visit) stepTakeBed() error {
	return v.taking("taken-bedside", v.plant().Batches.TakeFromBedside)
}

func (v *visit) taking(done string, take func(context.Context, ledger.Author, string, batch.Seen, string) error) error {
	author, err := v.performer(v.Param("step"))
	if err == nil {
		err = take(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"))
	}
	if err != nil {
		return v.again(err)
	}
	return v.done(done)
}

// lastStep is the step at which a batch stands; the last one when all is done.
func (v *visit) lastStep(b *batch.Batch) *batch.StepState {
	st, ok := b.Current()
	if ok {
		return st
	}
	steps := b.Steps()
	return steps[len(steps)-1]
}
