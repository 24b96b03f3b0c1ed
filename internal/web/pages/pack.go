package pages

import (
	"fmt"
	"net/http"
	"slices"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
)

// packView is a paper pack of the batch (CS-21).
type packView struct {
	Serial, By, At, Steps string
	Out                   bool
	State                 state
	Returned              string // by whom, when, and what they say of it
}

// packs are the paper packs of a batch, and whether this person may issue one now or take one back.
func (v *visit) packs(b *batch.Batch) (list []packView, issue, back bool) {
	for _, p := range slices.Backward(b.Packs) {
		one := packView{
			Serial: p.Serial, By: v.full(p.By), At: moment(p.At, v.zone()), Steps: v.T("pack.steps", "n", itoa(len(p.Steps))), Out: p.Returned == nil,
			State: state{Icon: "clock", Tone: "att", Word: v.T("pack.out")},
		}
		if r := p.Returned; r != nil {
			one.State = state{Icon: "tick", Word: v.T("pack.unused")}
			if r.Used {
				one.State.Word = v.T("pack.back")
			}
			one.Returned = r.Remark + " (" + v.full(r.By) + ", " + moment(r.At, v.zone()) + ")"
		}
		list = append(list, one)
	}
	back = v.leads() != ""
	return list, back && b.ClosedAt.IsZero() && len(b.PacksOut()) == 0 && len(b.OnPaper()) > 0, back
}

// packIssue is POST /batches/:batch/packs.
func (v *visit) packIssue() error {
	return v.onCourse("pack-issued", isLead, func(by ledger.Author) error {
		_, err := v.plant().Batches.IssuePack(v.ctx(), by, v.Param("batch"), v.seen())
		return err
	})
}

// packReturn is POST /batches/:batch/packs/:pack/return.
func (v *visit) packReturn() error {
	return v.onCourse("pack-returned", isLead, func(by ledger.Author) error {
		content, name, err := v.uploaded("file", batch.MaxForm)
		if err != nil {
			return err
		}
		sheets := batch.PaperForm{Name: name, Content: content}
		return v.plant().Batches.ReturnPack(v.ctx(), by, v.Param("batch"), v.seen(), v.Param("pack"), v.FormValue("used") == "yes", sheets, v.FormValue("reason"))
	})
}

// packPDF is GET /batches/:batch/packs/:pack/pdf.
func (v *visit) packPDF() error {
	pdf, err := v.desk.PaperPack(v.ctx(), v.Param("batch"), v.Param("pack"))
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", v.Param("pack")+".pdf"))
	return v.Blob(http.StatusOK, "application/pdf", pdf)
}
