package document_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"rexbatch/internal/paper/papertest"
	"rexbatch/release/document"
	"rexbatch/release/pades"

	"github.com/stretchr/testify/require"
)

// TestSignedCertificateVerifies signs each sample in its field: the two rooms must agree on the file.
// With REXBATCH_KEEP=directory it leaves the signed files there, to be looked at.
func TestSignedCertificateVerifies(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			at := c.Certification.At
			ca, err := pades.NewDemoCA(at.Add(-time.Hour))
			require.NoError(t, err)
			key, err := ca.Issue("Signer", "Plant", "ES", at.Add(-time.Hour), at.AddDate(1, 0, 0))
			require.NoError(t, err)
			block := c.Certification
			block.Language = c.Language
			appearance, err := document.Appearance(block)
			require.NoError(t, err)
			d := render(t, c)
			r := d.SignatureRect
			signed, err := pades.Sign(d.PDF, key, pades.Options{
				Field:      pades.Field{Name: "QP", Page: d.SignaturePage, Box: pades.Points(r[0], r[1], r[2]-r[0], r[3]-r[1])},
				Appearance: appearance, Time: at, Name: block.Name, Reason: "certification", Location: "Plant",
				Certification: pades.CertifyFinal,
			})
			require.NoError(t, err)
			_, err = pades.Verify(signed, ca.Pool(), at.Add(time.Hour))
			require.NoError(t, err)
			require.Contains(t, papertest.Pages(t, signed)[d.SignaturePage-1], "Digitally signed")
			if dir := os.Getenv("REXBATCH_KEEP"); dir != "" {
				require.NoError(t, os.WriteFile(filepath.Join(dir, name+".pdf"), signed, 0o600))
			}
		})
	}
}
