package pades_test

import (
	"fmt"
	"os"
	"time"

	"rexbatch/release/pades"
)

// A certificate is reviewed by Quality Assurance and certified by the Qualified
// Person. Both boxes are placed before the first signature.
func Example() {
	at := time.Date(2026, 11, 7, 10, 0, 0, 0, time.FixedZone("", 3600))
	ca, err := pades.NewDemoCA(at.Add(-time.Hour))
	if err != nil {
		panic(err)
	}
	qa, err := ca.Issue("María Ñúñez", "Planta Sevilla", "ES", at.Add(-time.Hour), at.AddDate(1, 0, 0))
	if err != nil {
		panic(err)
	}
	qp, err := ca.Issue("Jürgen Weiß", "Werk Frankfurt", "DE", at.Add(-time.Hour), at.AddDate(1, 0, 0))
	if err != nil {
		panic(err)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			panic(err)
		}
		return b
	}

	pdf, err := pades.Prepare(read("certificate.pdf"),
		pades.Field{Name: "QA", Page: 2, Box: pades.Millimetres(20, 40, 80, 24)},
		pades.Field{Name: "QP", Page: 2, Box: pades.Millimetres(20, 70, 80, 24)})
	if err != nil {
		panic(err)
	}
	pdf, err = pades.Sign(pdf, qa, pades.Options{
		Field: pades.Field{Name: "QA"}, Appearance: read("appearance-qa.pdf"), Time: at,
		Reason: "Reviewed", Location: "Sevilla",
	})
	if err != nil {
		panic(err)
	}
	pdf, err = pades.Sign(pdf, qp, pades.Options{
		Field: pades.Field{Name: "QP"}, Appearance: read("appearance-qp.pdf"), Time: at.Add(90 * time.Minute),
		Reason: "Certified", Location: "Frankfurt",
	})
	if err != nil {
		panic(err)
	}

	report, err := pades.Verify(pdf, ca.Pool(), at.AddDate(0, 0, 1))
	fmt.Println("valid:", err == nil)
	for _, s := range report.Signatures {
		fmt.Println(s.Field, s.Signer, s.ClaimedTime.Format(time.RFC3339), s.SubFilter, "P", s.DocMDP, "whole", s.WholeFile)
	}

	// A single byte appended is enough to be refused.
	_, err = pades.Verify(append(pdf, '\n'), ca.Pool(), at.AddDate(0, 0, 1))
	fmt.Println("valid:", err == nil)
	// Output:
	// valid: true
	// QA María Ñúñez 2026-11-07T10:00:00+01:00 ETSI.CAdES.detached P 2 whole false
	// QP Jürgen Weiß 2026-11-07T11:30:00+01:00 ETSI.CAdES.detached P 0 whole true
	// valid: false
}
