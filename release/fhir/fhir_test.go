package fhir_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/ledger"
	"rexbatch/release/fhir"
	"rexbatch/testdata/schema"
)

var update = flag.Bool("update", false, "write the golden bundle anew")

var (
	berlin, _ = time.LoadLocation("Europe/Berlin")
	morning   = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	later     = morning.Add(48 * time.Hour)
)

func product() fhir.Product {
	return fhir.Product{
		Site: "DE-FRA", Plant: "Frankfurt plant", Batch: "SVQ2600001X", CoI: "CHA999926000001", DIN: "A999926000001", Marrow: []string{"A999926000001/B00001"},
		Collected: morning, Prepared: morning.Add(6 * time.Hour), Expires: morning.Add(40 * time.Hour), StorageMin: "2", StorageMax: "25", Zone: berlin, LastChange: morning.Add(8 * time.Hour),
		Containers: []fhir.Container{
			{ID: "A999926000001/F00018", Division: "F00018", State: fhir.Issued, HandedOver: morning.Add(8 * time.Hour)},
			{ID: "A999926000001/F00019", Division: "F00019", State: fhir.Unfulfilled, Gone: true},
			{ID: "A999926000001/F00020", Division: "F00020", State: fhir.Allocated},
		},
	}
}

// The bundle is one of FHIR R5 by its definitions, and reads back as the same.
func TestBundle_IsValidFHIRR5(t *testing.T) {
	doc, err := product().Document()
	require.NoError(t, err)
	require.NoError(t, schema.FHIR(doc))
	const path = "testdata/product.json"
	if *update {
		require.NoError(t, os.WriteFile(path, doc, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(doc))
	b, err := fhir.Parse(doc, later)
	require.NoError(t, err)
	require.Equal(t, "SVQ2600001X", b.Of())
	again, err := b.Bytes()
	require.NoError(t, err)
	require.Equal(t, string(doc), string(again))
	for from, to := range map[string]string{ // the schema does refuse
		`"status": "issued"`:       `"status": "given"`,
		`"product": {`:             `"productReference": {`,
		`"type": "collection"`:     `"type": "collections"`,
		`"division": "F00018",`:    `"division": 18,`,
		`"expirationDate": "2026`:  `"expiration": "2026`,
		`"collectedDateTime": "20`: `"collected": "20`,
	} {
		broken := strings.Replace(string(doc), from, to, 1)
		require.NotEqual(t, string(doc), broken, from)
		require.Error(t, schema.FHIR([]byte(broken)), to)
	}
}

// What was changed or says more than is read here is not taken; no person is named (I12).
func TestParse_RefusesWhatIsForgedOrUnknown(t *testing.T) {
	doc, err := product().Document()
	require.NoError(t, err)
	for _, c := range []struct{ name, from, to, rule string }{
		{"another status", `"status": "issued"`, `"status": "allocated"`, "I2"},
		{"another expiry", `"expirationDate": "2026-11-24`, `"expirationDate": "2026-11-25`, "I2"},
		{"another donation", `"value": "A999926000001"`, `"value": "A999926000002"`, "I2"},
		{"a name", `"type": "Patient",`, `"type": "Patient", "display": "Ana Pérez",`, "I14"},
		{"a reference to a person", `"type": "Patient",`, `"type": "Patient", "reference": "Patient/17",`, "I14"},
		{"another system", `"system": "urn:rexbatch:coi"`, `"system": "urn:hospital:number"`, "I14"},
		{"a patient", `"resourceType": "Organization"`, `"resourceType": "Patient"`, "I14"},
		{"another batch's container", `"system": "urn:rexbatch:batch",`, `"system": "urn:rexbatch:batches",`, "I14"},
		{"a member twice", `"type": "collection"`, `"type": "batch", "type": "collection"`, "I14"},
		{"a future", `"timestamp": "2026`, `"timestamp": "2027`, "I14"},
		{"an allogeneic product", `"code": "autologous"`, `"code": "related"`, "I14"},
	} {
		t.Run(c.name, func(t *testing.T) {
			forged := strings.Replace(string(doc), c.from, c.to, 1)
			require.NotEqual(t, string(doc), forged)
			_, err := fhir.Parse([]byte(forged), later)
			refused := ledger.RefusalsOf(err)
			require.Len(t, refused, 1, "%v", err)
			require.Equal(t, c.rule, refused[0].Rule, refused[0].What)
		})
	}
	_, err = fhir.Parse(nil, later)
	require.Error(t, err)
	_, err = fhir.Parse(make([]byte, fhir.MaxDocument+1), later)
	require.ErrorContains(t, err, "bytes")
}

func TestBundle_RoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := product()
		p.Containers = nil
		for i := range rapid.IntRange(1, 8).Draw(t, "containers") {
			c := fhir.Container{ID: fmt.Sprintf("A999926000001/F%05d", i+1), Division: fmt.Sprintf("F%05d", i+1), Gone: rapid.Bool().Draw(t, "gone")}
			c.State = rapid.SampledFrom([]fhir.State{fhir.Preparation, fhir.Allocated, fhir.Issued, fhir.Unfulfilled}).Draw(t, "state")
			if rapid.Bool().Draw(t, "handed over") {
				c.HandedOver = morning.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "second")) * time.Second)
			}
			p.Containers = append(p.Containers, c)
		}
		if rapid.Bool().Draw(t, "no expiry") {
			p.Expires, p.Prepared = time.Time{}, time.Time{}
		}
		doc, err := p.Document()
		require.NoError(t, err)
		require.NoError(t, schema.FHIR(doc))
		b, err := fhir.Parse(doc, later)
		require.NoError(t, err)
		again, err := b.Bytes()
		require.NoError(t, err)
		require.Equal(t, string(doc), string(again))
	})
}

func FuzzParse(f *testing.F) {
	doc, err := os.ReadFile("testdata/product.json")
	require.NoError(f, err)
	f.Add(doc)
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := fhir.Parse(text, later)
		if err != nil {
			require.NotEmpty(t, ledger.RefusalsOf(err))
			return
		}
		again, err := b.Bytes()
		require.NoError(t, err)
		back, err := fhir.Parse(again, later)
		require.NoError(t, err)
		require.Equal(t, b, back)
	})
}
