package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release"
)

func TestOneBatchThroughTheAPI(t *testing.T) {
	for _, name := range []struct{ scenario, profile string }{{"seville-fresh", "es-svq"}, {"frankfurt-fresh", "de-fra"}} {
		t.Run(name.scenario, func(t *testing.T) {
			c := enrol(newSite(t, name.profile), load(t, name.scenario))
			number := c.open()
			c.play(number, "")
			qa, qp := c.as(people.QA), c.as(people.QP)
			var review release.Review
			qa.get("/batches/" + number + "/review").ok().into(&review)
			require.Empty(t, review.OpenSteps)
			for _, e := range review.Exceptions {
				qa.post("/batches/"+number+"/exceptions/"+e.ID+"/assessment", map[string]any{
					"classification": "minor", "assessment": "No effect on the product or on the patient.", "password": password,
				}).ok()
			}
			c.act(number, mbr.ActCertification).refused(http.StatusConflict, "CS-44", "no-review")
			c.act(number, mbr.ActQAReview).ok()
			if c.plant.Profile.TwoHeads {
				c.act(number, mbr.ActProduction).ok()
				c.act(number, mbr.ActQuality).ok()
			}
			signed := c.act(number, mbr.ActCertification).ok()
			certificate := signed.str("certificate")
			require.NotEmpty(t, certificate)

			pdf := qp.get("/certificates/" + certificate).ok()
			require.Equal(t, "application/pdf", pdf.header.Get("Content-Type"))
			require.Equal(t, signed.str("pdf_sha256"), ledger.DigestOf(pdf.body).String())
			var proof release.Proof
			qp.get("/certificates/" + certificate + "/proof").ok().into(&proof)
			key := qp.get("/ledger/key").ok().text()
			require.NoError(t, proof.Check(key, ledger.DigestOf(pdf.body)))
			require.Contains(t, qp.get("/certificates").ok().text(), certificate)
			require.Contains(t, qp.get("/register").ok().text(), certificate)
			c.act(number, mbr.ActSponsor).ok()
			c.play(number, "")
			c.blinded(number)
			require.Contains(t, qa.get("/batches/"+number+"/audit").ok().text(), "batch.act-signed")
			require.NotContains(t, c.logged.String(), password)
		})
	}
}
