package pages

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// takeOnPage is where QA takes a batch on that another plant has handed on (process scenario 53).
type takeOnPage struct {
	frame
	Typed    map[string]string
	Carriers []choice
}

// takeOnShow is GET /taken-on.
func (v *visit) takeOnShow() error { return v.takeOnPage(http.StatusOK) }

func (v *visit) takeOnPage(code int, problems ...Problem) error {
	p := takeOnPage{frame: v.frame("shipments", v.T("takeon.title"), problems...), Typed: v.typed()}
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Disabled || !slices.Contains(one.Roles, people.Courier) {
			continue
		}
		p.Carriers = append(p.Carriers, choice{Code: one.Account, Name: one.Name, Chosen: v.FormValue("carrier") == one.Account})
	}
	return v.render(code, "takeon", p)
}

// takeOn is POST /taken-on.
func (v *visit) takeOn() error {
	by, err := v.desk.Acting("", desk.Is(people.QA))
	if err != nil {
		return err
	}
	file, _, err := v.uploaded("file", batch.MaxDossier)
	var number string
	if err == nil && len(file) == 0 {
		err = ledger.Refuse(ledger.Invalid, "DI-8", "dossier-missing", "no file was chosen", "choose the dossier")
	}
	if err == nil {
		number, err = v.plant().Batches.TakeOn(v.ctx(), by, batch.Taking{Dossier: file, Carrier: v.FormValue("carrier")}, v.desk.Signer(by.Role, v.FormValue("password")))
	}
	if err != nil {
		return v.takeOnPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/batches/" + number + "/course?done=taken-on")
}

// shipmentHandOn is POST /shipments/:shipment/hand-on: the batch ends here, and its dossier can be fetched.
func (v *visit) shipmentHandOn() error {
	return v.onShipment("handed-on", desk.Is(people.QA), func(by ledger.Author, id shipment.ID) error {
		return v.plant().Batches.HandOn(v.ctx(), by, id)
	})
}

// dossier is GET /batches/:batch/dossier.
func (v *visit) dossier() error {
	file, err := v.plant().Batches.DossierOf(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", v.Param("batch")+".dossier.json"))
	return v.Blob(http.StatusOK, "application/json", file)
}

// movedView is where a batch went whose plant was switched, or from where it came.
type movedView struct {
	To, At, By     string // of one that was handed on
	From, Was      string // of one that was taken on
	Shipment       string
	Digest, Signed string
	Findings       []findingView
	All, Open      int
	Lost           []string      // what was recorded there and has no place here
	Since          []renewedView // what the other plant learned later
	Reads          bool
}

type renewedView struct {
	At, Signed, Digest string
	Findings           []findingView
}

type findingView struct {
	Step, Class, Text string
	State             state
}

// moved says where a batch went or came from; nil for one that is made where it was ordered.
func (v *visit) moved(b *batch.Batch) *movedView {
	out := &movedView{Reads: v.reads()}
	switch {
	case b.HandedOn != nil:
		out.To, out.At, out.By, out.Shipment = b.HandedOn.To, moment(b.HandedOn.At, v.zone()), v.full(b.HandedOn.By), string(b.HandedOn.Shipment)
	case b.TakenOn != nil:
		t := b.TakenOn
		out.From, out.Was, out.Shipment, out.Digest = t.From, t.Batch, string(t.Shipment), t.Dossier.String()
		out.Signed, out.All, out.Open, out.Lost = v.signedBy(t.Accepted), t.Found, t.Unclear, t.Lost
		out.Findings = v.earlier(t.Findings)
		for _, r := range t.Renewed {
			out.Since = append(out.Since, renewedView{At: moment(r.At, v.zone()), Signed: v.signedBy(r.Accepted), Digest: r.Dossier.String(), Findings: v.earlier(r.Findings)})
		}
	default:
		return nil
	}
	return out
}

func (v *visit) signedBy(s people.Signature) string { return s.Name + " · " + moment(s.At, v.zone()) }

// earlier are findings of another plant's record.
func (v *visit) earlier(found []batch.EarlierFinding) []findingView {
	var out []findingView
	for _, f := range found {
		one := findingView{Step: f.Step, Class: v.word("class", string(f.Class)), Text: strings.TrimSpace(f.What), State: state{Icon: "tick", Word: v.T("takeon.assessed")}}
		if f.Open {
			one.State = state{Icon: "triangle", Tone: "att", Word: v.T("takeon.unassessed")}
		}
		out = append(out, one)
	}
	return out
}
