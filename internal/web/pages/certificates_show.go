package pages

import "net/http"

// certificatesPage lists the certificates of the plant.
type certificatesPage struct {
	frame
	Lines []certificateLine
}

type certificateLine struct {
	Number, Batch, Decision, PDF string
	Register                     uint64
}

// certificatesShow is GET /certificates.
func (v *visit) certificatesShow() error {
	p := certificatesPage{frame: v.frame("certificates", v.T("certificates.title"))}
	for ref, err := range v.plant().Release.Certificates(v.ctx()) {
		if err != nil {
			return err
		}
		p.Lines = append(p.Lines, certificateLine{
			Number: ref.Number, Batch: ref.Batch, Decision: v.word("decision", slug(string(ref.Decision))), PDF: ref.PDF.String()[:digestLetters], Register: ref.Register,
		})
	}
	return v.render(http.StatusOK, "certificates", p)
}
