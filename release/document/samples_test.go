package document_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"rexbatch/release/document"

	"github.com/stretchr/testify/require"
)

// sha is a made-up digest that differs for each name.
func sha(name string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(name))) }

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	require.NoError(t, err)
	return location
}

// seville is a first-stage certificate in English and Spanish.
func seville(t *testing.T) document.Certificate {
	madrid := zone(t, "Europe/Madrid")
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, madrid) }
	return document.Certificate{
		Language: "es",
		Number:   "SVQ-C-26-000012",
		Version:  1,
		Stage:    document.StageInitial,
		Product: document.Bilingual{
			English: "REX-001 / placebo, autologous, for intra-arterial infusion",
			Local:   "REX-001 / placebo, autólogo, para infusión intraarterial",
		},
		EUCT:     "2026-500001-12-00",
		Protocol: "REX-001-005",
		Strength: document.Bilingual{
			English: "Autologous bone-marrow cells (lymphocytes, monocytes, granulocytes and progenitors) in the range of the trial authorisation, or placebo (diluted red blood cells), per bag of 20 mL",
			Local:   "Células autólogas de médula ósea (linfocitos, monocitos, granulocitos y progenitores) dentro del intervalo de la autorización del ensayo, o placebo (hematíes diluidos), por bolsa de 20 mL",
		},
		DosageForm:    document.Bilingual{English: "Suspension for intra-arterial infusion", Local: "Suspensión para infusión intraarterial"},
		Package:       document.Bilingual{English: "1 bag of 20 mL, ethylene vinyl acetate", Local: "1 bolsa de 20 mL, etileno-acetato de vinilo"},
		Batch:         "SVQ26000001K",
		Expiry:        at(24, 11, 40),
		Manufacturer:  "Rexgenero Demonstration Plant Seville",
		Address:       "Calle de la Muestra 1, 41092 Sevilla, España",
		Authorisation: "ES/DEMO-0001/MIA",
		Certification: document.SignatureBlock{
			Name: "María Núñez Ibáñez", Username: "mnunez", Role: document.RoleQualifiedPerson,
			Meaning: document.Bilingual{
				English: "I certify this batch, initial certification",
				Local:   "Certifico este lote, certificación inicial",
			},
			At: at(22, 14, 5), Digest: sha("certification"),
		},
		CoI:           document.Identifier{Value: "CHA999926000123", Check: "G"},
		DIN:           document.Identifier{Value: "A9999 26 000088", Check: "*"},
		Subject:       "ES-03-0017",
		Manufactured:  at(22, 11, 40),
		Storage:       document.Bilingual{English: "2 °C to 8 °C, do not freeze", Local: "De 2 °C a 8 °C, no congelar"},
		Destination:   document.Bilingual{English: "Spain", Local: "España"},
		Register:      "SVQ-2026-0031",
		Specification: document.Versioned{ID: "SPEC-REX-001", Version: "4"},
		Recipe:        document.Versioned{ID: "MBR-REX-001-SVQ", Version: "7"},
		RecipeDigest:  sha("recipe"),
		Sites: []document.Site{
			{Task: document.TaskManufacture, Name: "Rexgenero Demonstration Plant Seville", Address: "Calle de la Muestra 1, 41092 Sevilla, España", Authorisation: "ES/DEMO-0001/MIA, AEMPS"},
			{Task: document.TaskTesting, Name: "Demonstration Control Laboratory", Address: "Calle de la Muestra 3, 41092 Sevilla, España", Authorisation: "ES/DEMO-0002/QC, AEMPS"},
		},
		Results: []document.Result{
			{Attribute: document.Bilingual{English: "Identity, HLA match", Local: "Identidad, concordancia HLA"}, Method: "QC-M-021", Limit: "match", Value: "match", Evaluation: document.Complies},
			{Attribute: document.Bilingual{English: "Nucleated cells", Local: "Células nucleadas"}, Method: "Step 7.3, analyser", Limit: "5.0–50.0 ×10⁸", Value: "18.4 ×10⁸", Evaluation: document.Complies},
			{Attribute: document.Bilingual{English: "Viability", Local: "Viabilidad"}, Method: "QC-M-007, 7-AAD", Limit: "≥ 70.0 %", Value: "96.2 %", Evaluation: document.Complies},
			{Attribute: document.Bilingual{English: "CD34⁺ cells", Local: "Células CD34⁺"}, Method: "QC-M-011, flow cytometry", Limit: "0.50–6.00 %", Value: "1.32 %", Evaluation: document.Complies},
			{Attribute: document.Bilingual{English: "Erythrocytes", Local: "Hematíes"}, Method: "Step 7.3, analyser", Limit: "≤ 1.0 ×10⁹/mL", Value: "0.2 ×10⁹/mL", Evaluation: document.Complies},
			{Attribute: document.Bilingual{English: "Endotoxins", Local: "Endotoxinas"}, Method: "Ph. Eur. 2.6.14", Limit: "< 5.00 EU/mL", Value: "<0.50 EU/mL", Evaluation: document.Complies},
			{Attribute: document.Bilingual{English: "Gram stain", Local: "Tinción de Gram"}, Method: "QC-M-015", Limit: "negative", Value: "negative", Evaluation: document.Complies},
		},
		Pending: []document.PendingTest{
			{Attribute: document.Bilingual{English: "Sterility", Local: "Esterilidad"}, Method: "Ph. Eur. 2.6.27", Limit: "no growth", Due: at(29, 12, 0)},
		},
		Considered: []document.Considered{
			{ID: "EX-SVQ-0042", Class: document.ClassException, Subject: "Value corrected, step 5.2", Assessment: "Typing error found at second-person check, original value kept; no influence on the product."},
			{ID: "DEV-SVQ-0007", Class: document.ClassMinor, Subject: "Arrival 12 minutes after the planned time", Assessment: "Temperature 4.1 °C to 6.3 °C throughout; within the validated transport time. No influence on quality."},
		},
		PlantSignatures: []document.SignatureBlock{
			{
				Name: "Álvaro Güell Peña", Username: "aguell", Role: document.RoleQualityAssurance,
				Meaning: document.Bilingual{English: "I reviewed the batch record and its audit trail", Local: "He revisado el registro del lote y su registro de auditoría"},
				At:      at(22, 13, 48), Digest: sha("review"),
			},
		},
		RecordDigest: sha("record"),
		LedgerCheckpoint: document.Checkpoint{
			Origin: "svq.rexbatch.example/log", Size: 184233, Root: "q5nH0XvYv0nqJ4cJtJ2m1Q0nq4mYB7fQm0p9cVYQ3dE=",
		},
		Record: &document.Attachment{Name: "record.json", Description: "batch record, machine-readable", Content: []byte(`{"batch":"SVQ26000001K"}`)},
	}
}

// frankfurt is a final certificate in English and German, with the two plant heads.
func frankfurt(t *testing.T) document.Certificate {
	berlin := zone(t, "Europe/Berlin")
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, berlin)
	}
	c := seville(t)
	c.Language = "de"
	c.Number, c.Version, c.Stage, c.Supersedes = "FRA-C-26-000009", 2, document.StageFinal, "FRA-C-26-000009 / 1"
	c.Product.Local = "REX-001 / Placebo, autolog, zur intraarteriellen Infusion"
	c.EudraCT = "2026-000001-42"
	c.Strength.Local = "Autologe Knochenmarkzellen (Lymphozyten, Monozyten, Granulozyten und Vorläuferzellen) im Bereich der Genehmigung der Prüfung oder Placebo (verdünnte Erythrozyten), je Beutel zu 20 mL"
	c.DosageForm.Local = "Suspension zur intraarteriellen Infusion"
	c.Package.Local = "1 Beutel zu 20 mL, Ethylenvinylacetat"
	c.Batch = "FRA26000004M"
	c.Expiry = at(10, 10, 9, 30)
	c.Manufacturer, c.Address = "Demonstration Plant Frankfurt", "Musterstraße 1, 60528 Frankfurt am Main, Deutschland"
	c.Authorisation = "DE_HE_DEMO_01_MIA"
	c.Remarks = []document.Bilingual{{
		English: "Administered on 09 OCT 2026 after initial certification; sterility result final.",
		Local:   "Nach vorläufiger Zertifizierung am 09 OCT 2026 angewendet; Ergebnis der Sterilitätsprüfung liegt abschließend vor.",
	}}
	c.Certification = document.SignatureBlock{
		Name: "Dr. Jürgen Weiß", Username: "jweiss", Role: document.RoleQualifiedPerson,
		Meaning: document.Bilingual{English: "I certify this batch, final certification", Local: "Ich zertifiziere diese Charge, abschließende Zertifizierung"},
		At:      at(10, 22, 9, 41), Digest: sha("certification fra"),
	}
	c.CoI = document.Identifier{Value: "CHA999926000204", Check: "E"}
	c.DIN = document.Identifier{Value: "A9999 26 000157", Check: "5"}
	c.Subject = "DE-01-0004"
	c.Manufactured = at(10, 8, 9, 30)
	c.Storage.Local = "2 °C bis 8 °C, nicht einfrieren"
	c.Destination = document.Bilingual{English: "Germany", Local: "Deutschland"}
	c.Register = "FRA-2026-0019"
	c.Recipe = document.Versioned{ID: "MBR-REX-001-FRA", Version: "5"}
	c.Sites = []document.Site{{
		Task: document.TaskManufactureTesting, Name: "Demonstration Plant Frankfurt",
		Address: "Musterstraße 1, 60528 Frankfurt am Main, Deutschland", Authorisation: "DE_HE_DEMO_01_MIA, HLfGP",
	}}
	local := []string{"Identität, HLA-Abgleich", "Kernhaltige Zellen", "Vitalität", "CD34⁺-Zellen", "Erythrozyten", "Endotoxine", "Gram-Färbung"}
	for i := range c.Results {
		c.Results[i].Attribute.Local = local[i]
	}
	c.Results = append(c.Results, document.Result{
		Attribute: document.Bilingual{English: "Volume", Local: "Volumen"}, Method: "Step 7.9, balance",
		Limit: "–", Value: "20.4 mL", Evaluation: document.Information,
	}, document.Result{
		Attribute: document.Bilingual{English: "Sterility", Local: "Sterilität"}, Method: "Ph. Eur. 2.6.27",
		Limit: "no growth", Value: "no growth", Evaluation: document.Complies,
	})
	c.Pending = nil
	c.Considered = nil
	c.PlantSignatures = []document.SignatureBlock{
		{
			Name: "Katharina Groß", Username: "kgross", Role: document.RoleHeadOfProduction,
			Meaning: document.Bilingual{English: "Manufactured according to the instructions", Local: "Nach Anweisung hergestellt"},
			At:      at(10, 8, 14, 2), Digest: sha("production"),
		},
		{
			Name: "Dr. Björn Süß", Username: "bsuess", Role: document.RoleHeadOfQualityControl,
			Meaning: document.Bilingual{English: "Tested according to the instructions, has the required quality", Local: "Nach Anweisung geprüft, besitzt die erforderliche Qualität"},
			At:      at(10, 22, 8, 55), Digest: sha("control"),
		},
		{
			Name: "Anna Löwe", Username: "aloewe", Role: document.RoleQualityAssurance,
			Meaning: document.Bilingual{English: "I reviewed the batch record and its audit trail", Local: "Ich habe das Chargenprotokoll und seinen Audit Trail überprüft"},
			At:      at(10, 22, 9, 20), Digest: sha("review fra"),
		},
	}
	c.LedgerCheckpoint.Origin = "fra.rexbatch.example/log"
	return c
}

// stress has the longest values that the pages may hand over.
func stress(t *testing.T) document.Certificate {
	c := seville(t)
	sixty := strings.Repeat("Wörter ñandú ", 5)[:60]
	c.Certification.Name = "María de los Ángeles Fernández de Córdoba y Ruiz de Bustamante"
	c.Certification.Username = "maria.de.los.angeles.fernandez.de.cordoba.y.ruiz@plant.example"
	c.Manufacturer = "Rexgenero Demonstration Plant for Advanced Therapies Seville"
	c.Batch = "SVQ26000001K-REPROCESSED-0000000000000000000000000000000000A"
	c.Number = "SVQ-C-26-000012-REISSUED-AFTER-CORRECTION-0000000000000000AB"
	c.Storage = document.Bilingual{English: sixty, Local: sixty + "."}
	c.Subject = strings.Repeat("ES-03-0017-", 6)[:60]
	c.EudraCT = "2026-000001-42"
	c.Remarks = []document.Bilingual{{English: strings.Repeat("A long remark that goes on. ", 8), Local: strings.Repeat("Una observación larga que continúa. ", 8)}}
	c.Relevant = []document.Bilingual{{English: strings.Repeat("Relevant to the person who certifies. ", 5), Local: strings.Repeat("Relevante para quien certifica. ", 5)}}
	for i := 8; i <= 25; i++ {
		c.Results = append(c.Results, document.Result{
			Attribute: document.Bilingual{English: fmt.Sprintf("Attribute %02d with a name that has to wrap to more lines", i), Local: fmt.Sprintf("Atributo %02d con un nombre que ocupa varias líneas", i)},
			Method:    "QC-M-0" + strings.Repeat("0123456789", 3),
			Limit:     fmt.Sprintf("%d.00–%d.00 ×10⁶ cells/mL", i, i*100),
			Value:     fmt.Sprintf("%d.25 ×10⁶ cells/mL", i*7), Evaluation: document.Complies,
		})
	}
	c.Results[3].Value, c.Results[3].Evaluation = "0.31 %", document.OutOfSpecification
	for i := 2; i <= 4; i++ {
		c.Pending = append(c.Pending, document.PendingTest{
			Attribute: document.Bilingual{English: fmt.Sprintf("Pending test %d", i), Local: fmt.Sprintf("Ensayo pendiente %d", i)},
			Method:    "Ph. Eur. 2.6.7", Limit: "not detected", Due: c.Pending[0].Due,
		})
	}
	c.Considered = nil
	classes := []document.Class{document.ClassException, document.ClassMinor, document.ClassMajor, document.ClassCritical}
	for i := 1; i <= 40; i++ {
		c.Considered = append(c.Considered, document.Considered{
			ID: fmt.Sprintf("EX-SVQ-26-%06d", i), Class: classes[i%4],
			Subject:    fmt.Sprintf("Exception %02d found by rule AT-%d", i, i),
			Assessment: strings.TrimSpace(strings.Repeat("The cause is known and the product is not affected. ", 1+i%5)),
		})
	}
	return c
}

// clinic is the Seville certificate as blinded persons get it.
func clinic(t *testing.T) document.Certificate {
	c := seville(t)
	c.Clinic = true
	c.Number += "-C"
	c.Results, c.Considered, c.Record = nil, nil, nil
	return c
}
