package pages

import (
	"net/http"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/equipment"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// shipmentForm asks for a new shipment; what was typed before a refusal is kept.
type shipmentForm struct {
	frame
	Typed           map[string]string
	Directions      []choice
	Batches         []choice
	Lanes, Loggers  []choice
	Wordings        []choice
	Pickup, Arrival []picker
	Roles           *picker
}

// labelLanguages are those into which labels go, by destination.
var labelLanguages = []string{"es", "de", "en", "pt", "pl", "cs", "hu", "nl"}

// shipmentNew is GET /shipments/new.
func (v *visit) shipmentNew() error { return v.shipmentForm(http.StatusOK) }

func (v *visit) shipmentForm(code int, problems ...Problem) error {
	typed := func(name string) string { return v.FormValue(name) }
	p := shipmentForm{
		frame: v.frame("shipments", v.T("shipment.plan"), problems...), Typed: v.typed(),
		Pickup: v.momentPickersFrom("pickup", 0, 1), Arrival: v.momentPickersFrom("arrival", 0, 1),
	}
	p.Roles, _ = v.rolesFor(func(r people.Role) bool { return r.May(people.PlanShipment) })
	for _, d := range []shipment.Direction{shipment.ToPlant, shipment.ToHospital} {
		p.Directions = append(p.Directions, choice{Code: string(d), Name: v.word("shipment-direction", string(d)), Chosen: typed("direction") == string(d)})
	}
	for item, err := range v.plant().Batches.Worklists(v.ctx()) {
		if err != nil {
			return err
		}
		if item.Ended == "" && !item.Closed {
			p.Batches = append(p.Batches, choice{Code: item.Number, Name: item.Number + " · " + item.Subject})
		}
	}
	for _, l := range v.plant().Shipments().Lanes {
		p.Lanes = append(p.Lanes, choice{Code: l.ID, Name: v.laneText(l), Chosen: typed("lane") == l.ID})
	}
	devices, err := v.plant().Batches.Equipment().List(v.ctx())
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.Kind != batch.LoggerKind || d.Status() != equipment.InService {
			continue
		}
		until := v.T("shipment.calibrated.none")
		if due := d.Standing[equipment.Calibration].Due; !due.IsZero() {
			until = v.T("shipment.calibrated.until", "day", dayOf(due.Day))
		}
		p.Loggers = append(p.Loggers, choice{Code: string(d.ID), Name: string(d.ID) + " · " + until})
	}
	for _, lang := range labelLanguages {
		p.Wordings = append(p.Wordings, choice{Code: lang, Name: v.T("lang." + lang), Chosen: typed("language") == lang})
	}
	return v.render(code, "shipment_new", p)
}

// laneText is a lane with what it allows.
func (v *visit) laneText(l shipment.Lane) string {
	return v.T("shipment.lane.text", "lane", l.ID, "low", l.Low.FormatNumber(v.lang), "high", v.quantity(l.High), "outside", v.span(l.Outside), "longest", v.span(l.Longest))
}

// shipmentPlan is POST /shipments.
func (v *visit) shipmentPlan() error {
	id, err := v.planned()
	if err != nil {
		return v.shipmentForm(status(err), v.problems(err, nil)...)
	}
	return v.to("/shipments/" + string(id) + "?done=shipment-planned")
}

func (v *visit) planned() (shipment.ID, error) {
	by, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return "", err
	}
	pickup, err := v.pickedTime("pickup")
	if err != nil {
		return "", err
	}
	arrival, err := v.pickedTime("arrival")
	if err != nil {
		return "", err
	}
	number, err := v.batchOf(v.FormValue("batch"))
	if err != nil {
		return "", err
	}
	return v.plant().Batches.PlanShipment(v.ctx(), by, batch.ShipmentOrder{
		Batch: number, Direction: shipment.Direction(v.FormValue("direction")), Lane: v.FormValue("lane"), Box: v.FormValue("box"), Logger: v.FormValue("logger"),
		Config: v.FormValue("config"), Hospital: v.FormValue("hospital"), Language: v.FormValue("language"), Pickup: pickup, Arrival: arrival,
	})
}

// batchOf is the batch that was typed, or whose label was scanned.
func (v *visit) batchOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	scan, err := isbt128.ParseScan(text)
	if err != nil || scan.CoI.IsZero() {
		return strings.ToUpper(text), nil
	}
	return v.plant().Batches.Of(v.ctx(), scan.CoI)
}

// typed is what the form said, for the form again; secrets and files are left out.
func (v *visit) typed() map[string]string {
	out := map[string]string{}
	if v.Request().Method != http.MethodPost {
		return out
	}
	form, err := v.FormParams()
	if err != nil {
		return out
	}
	for name := range form {
		out[name] = form.Get(name)
	}
	for _, name := range secrets {
		delete(out, name)
	}
	delete(out, "second_password")
	return out
}
