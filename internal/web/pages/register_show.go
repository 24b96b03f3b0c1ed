package pages

import (
	"net/http"

	"rexbatch/chainofcustody/isbt128"
)

// registerPage is the plant's register of certifications, in order and without a gap (QP-8).
type registerPage struct {
	frame
	Lines []registerLine
}

type registerLine struct {
	Number, Seq                             uint64
	At, UTC                                 string
	Product, Batch, CoI, Trial              string
	Decision, Certificate, QP, Account, PDF string
	Mark                                    Mark
}

// registerShow is GET /register.
func (v *visit) registerShow() error {
	p := registerPage{frame: v.frame("register", v.T("register.title"))}
	for e, err := range v.plant().Release.Register(v.ctx()) {
		if err != nil {
			return err
		}
		coi, err := isbt128.ParseCoI(e.CoI)
		if err != nil {
			return err
		}
		p.Lines = append(p.Lines, registerLine{
			Number: e.Number, Seq: e.Seq, At: moment(e.At, v.zone()), UTC: momentUTC(e.At), Product: e.Product, Batch: e.Batch, CoI: coi.Print(),
			Trial: e.Trial, Decision: v.word("decision", slug(string(e.Decision))), Certificate: e.Certificate, QP: e.QP, Account: e.Account,
			PDF: e.PDF.String()[:digestLetters], Mark: MarkOf(coi),
		})
	}
	return v.render(http.StatusOK, "register", p)
}
