package pages

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// boxView is the label of the box of a packed shipment, and what became of its prints.
type boxView struct {
	Path   string
	Prints []boxPrint
	Print  bool // this person may print it now
	Again  bool // it is on paper already: a reprint needs a reason and a second person
	Typed  map[string]string
}

type boxPrint struct {
	State          state
	Serial, By, At string
	Why            string
}

// boxView is nil while the box is not packed.
func (v *visit) boxView(s *shipment.Shipment) *boxView {
	if s.PackedAt.IsZero() || s.Plan.Batch == "" {
		return nil
	}
	out := &boxView{Path: "/shipments/" + string(s.ID) + "/box", Again: s.LabelSerial() > 1, Typed: v.typed()}
	for _, l := range s.BoxLabels {
		one := boxPrint{Serial: fmt.Sprint(l.Serial), By: v.full(l.By), At: moment(l.At, v.zone()), Why: l.Failed}
		one.State = state{Icon: "printer", Word: v.T("shipment.box.printed")}
		if is := boxState(l, v.now()); is != batch.Printed {
			one.State = labelStates[is]
			one.State.Word = v.word("label-state", string(is))
		} else if l.Reason != "" {
			one.Why = l.Reason
		}
		out.Prints = append(out.Prints, one)
	}
	_, may := v.rolesFor(labels(s))
	out.Print = may && s.Status() == shipment.Packed && v.plant().Batches.Printer != nil
	return out
}

// sendingFor is how long a label is on its way to a printer at the most; what is on its way longer, nobody knows of.
const sendingFor = 2 * time.Minute

// boxState is where a label of the box is, as the record says it now.
func boxState(l shipment.BoxLabel, now time.Time) batch.LabelState {
	switch {
	case l.Unsure, l.Sending && now.Sub(l.At) > sendingFor:
		return batch.Unknown
	case l.Sending:
		return batch.Sending
	case l.Failed != "":
		return batch.Failed
	}
	return batch.Printed
}

// labels is who prints the label of the box: the sender, and who plans shipments.
func labels(s *shipment.Shipment) func(people.Role) bool {
	return func(r people.Role) bool {
		party, ok := chainofcustody.PartyOf(r)
		return ok && party == s.Plan.From.Party || r.May(people.PlanShipment)
	}
}

// boxLabelFile is GET /shipments/:shipment/box/:file: the label of the box as it is printed.
func (v *visit) boxLabelFile() error {
	file, err := v.desk.BoxLabelFile(v.ctx(), v.Param("shipment"), v.Param("file"))
	if err != nil {
		return err
	}
	if v.Param("file") != desk.LabelPicture {
		v.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", v.Param("shipment")+"-"+v.Param("file")))
	}
	return v.Blob(http.StatusOK, file.Type, file.Content)
}

// boxLabelPrint is POST /shipments/:shipment/box: the label of the packed box is printed; again only with a reason and a second
// person beside (LB-1).
func (v *visit) boxLabelPrint() error {
	s, err := v.shipment()
	if err != nil {
		return err
	}
	return v.onShipment("box-printed", labels(s), func(by ledger.Author, id shipment.ID) error {
		var second batch.Signer
		if v.FormValue("username") != "" {
			second = v.desk.Beside(v.FormValue("username"), v.FormValue("password"), people.Role(by.Role))
		}
		plant, reason := v.plant(), v.FormValue("reason")
		return plant.Spool.Do(v.ctx(), string(id), func(ctx context.Context) error {
			return plant.Batches.PrintBox(ctx, by, id, reason, second)
		})
	})
}
