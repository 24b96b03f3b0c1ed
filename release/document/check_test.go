package document_test

import (
	"testing"
	"time"

	"rexbatch/release/document"

	"github.com/stretchr/testify/require"
)

// TestIncompleteContentIsRefused empties or contradicts one field at a time.
func TestIncompleteContentIsRefused(t *testing.T) {
	for field, spoil := range map[string]func(c *document.Certificate){
		"Language":                        func(c *document.Certificate) { c.Language = "en" },
		"Number":                          func(c *document.Certificate) { c.Number = "a|b" },
		"Version":                         func(c *document.Certificate) { c.Version = 0 },
		"Stage":                           func(c *document.Certificate) { c.Stage = 3 },
		"Pending":                         func(c *document.Certificate) { c.Stage = document.StageFinal },
		"Supersedes":                      func(c *document.Certificate) { c.Version = 2 },
		"Product in English":              func(c *document.Certificate) { c.Product.English = "" },
		"Strength in the second language": func(c *document.Certificate) { c.Strength.Local = "" },
		"EUCT":                            func(c *document.Certificate) { c.EUCT = "" },
		"Protocol":                        func(c *document.Certificate) { c.Protocol = "" },
		"Batch":                           func(c *document.Certificate) { c.Batch = "" },
		"Expiry":                          func(c *document.Certificate) { c.Expiry = time.Time{} },
		"Manufacturer":                    func(c *document.Certificate) { c.Manufacturer = "" },
		"Address":                         func(c *document.Certificate) { c.Address = "" },
		"Authorisation":                   func(c *document.Certificate) { c.Authorisation = "" },
		"Remarks[0] in English":           func(c *document.Certificate) { c.Remarks = make([]document.Bilingual, 1) },
		"Certification.Name":              func(c *document.Certificate) { c.Certification.Name = "" },
		"Certification.Role":              func(c *document.Certificate) { c.Certification.Role = document.RoleQualityAssurance },
		"Certification.At":                func(c *document.Certificate) { c.Certification.At = time.Time{} },
		"CoI.Check":                       func(c *document.Certificate) { c.CoI.Check = "" },
		"DIN":                             func(c *document.Certificate) { c.DIN.Value = "" },
		"Subject":                         func(c *document.Certificate) { c.Subject = "" },
		"Register":                        func(c *document.Certificate) { c.Register = "" },
		"Specification.Version":           func(c *document.Certificate) { c.Specification.Version = "" },
		"RecipeDigest":                    func(c *document.Certificate) { c.RecipeDigest = "abc" },
		"RecordDigest":                    func(c *document.Certificate) { c.RecordDigest = "" },
		"Sites":                           func(c *document.Certificate) { c.Sites = nil },
		"Results":                         func(c *document.Certificate) { c.Results = nil },
		"Results[0].Value":                func(c *document.Certificate) { c.Results[0].Value = "" },
		"Pending[0].Due":                  func(c *document.Certificate) { c.Pending[0].Due = time.Time{} },
		"Considered[0].Assessment":        func(c *document.Certificate) { c.Considered[0].Assessment = "" },
		"PlantSignatures":                 func(c *document.Certificate) { c.PlantSignatures = nil },
		"PlantSignatures[0].Digest":       func(c *document.Certificate) { c.PlantSignatures[0].Digest = "" },
		"LedgerCheckpoint.Size":           func(c *document.Certificate) { c.LedgerCheckpoint.Size = 0 },
	} {
		t.Run(field, func(t *testing.T) {
			c := seville(t)
			spoil(&c)
			_, err := document.Render(c)
			var content *document.ContentError
			require.ErrorAs(t, err, &content)
			require.Equal(t, field, content.Field)
		})
	}
}

// TestClinicCopyRefusesSecrets makes it impossible to print what is blinded by forgetting to remove it. I11
func TestClinicCopyRefusesSecrets(t *testing.T) {
	for field, spoil := range map[string]func(c *document.Certificate){
		"Results":    func(c *document.Certificate) { c.Results = seville(t).Results },
		"Considered": func(c *document.Certificate) { c.Considered = seville(t).Considered },
		"Record":     func(c *document.Certificate) { c.Record = seville(t).Record },
	} {
		c := clinic(t)
		spoil(&c)
		_, err := document.Render(c)
		require.EqualError(t, err, "certificate content: "+field+" must not be in a clinic copy")
	}
}

// TestUnknownWordIsRefused: a value without wording stops the certificate instead of leaving a hole.
func TestUnknownWordIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(c *document.Certificate){
		"role.cleaner":    func(c *document.Certificate) { c.PlantSignatures[0].Role = "cleaner" },
		"class.unknown":   func(c *document.Certificate) { c.Considered[0].Class = "unknown" },
		"task.storage":    func(c *document.Certificate) { c.Sites[0].Task = "storage" },
		"evaluation.fine": func(c *document.Certificate) { c.Results[0].Evaluation = "fine" },
	} {
		c := seville(t)
		spoil(&c)
		_, err := document.Render(c)
		require.EqualError(t, err, "certificate content: wording no text for "+name)
	}
}
