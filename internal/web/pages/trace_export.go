package pages

import (
	"fmt"
	"net/http"

	"rexbatch/chainofcustody/isbt128"
)

// traceEPCIS is GET /trace/epcis: the custody events of a therapy event as a file.
func (v *visit) traceEPCIS() error {
	coi, err := isbt128.ParseCoI(v.QueryParam("coi"))
	if err != nil {
		return err
	}
	doc, err := v.plant().Release.EPCIS(v.ctx(), coi.String())
	if err != nil {
		return err
	}
	return v.file("application/ld+json", coi.String()+".epcis.json", doc)
}

// traceFHIR is GET /trace/fhir: the product of a batch as a file.
func (v *visit) traceFHIR() error {
	number := v.QueryParam("batch")
	doc, err := v.plant().Release.FHIR(v.ctx(), number)
	if err != nil {
		return err
	}
	return v.file("application/fhir+json; fhirVersion=5.0", number+".fhir.json", doc)
}

func (v *visit) file(contentType, name string, body []byte) error {
	v.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	return v.Blob(http.StatusOK, contentType, body)
}
