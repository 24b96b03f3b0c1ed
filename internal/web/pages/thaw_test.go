package pages_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
)

// Scenario 49 on the pages: the custodian orders the thaw beside the investigator, and whoever reads the record sees the stored
// results of the first batch beside it, on its course and where it is reviewed. Who is blinded is not even asked.
func TestThawOnThePages_49(t *testing.T) {
	t.Parallel()
	c := seville(t, "en")
	c.Values["S44"]["arm"], c.Values["S45"]["branch"] = "placebo", "prepared"
	maps.Copy(c.Values["S45"], map[string]string{"rbc_for_placebo": "5.0", "dmso": "7.5", "storage_temp": "-155", "position": "tank 2 / rack 4 / box 7"})
	first := c.open("3401-001")
	c.play(first, "")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		c.act(first, act)
	}
	c.play(first, "")
	c.pass(13 * 31 * 24 * time.Hour)
	c.Return()

	at := "/batches/" + first
	custodian, qa := c.browser().signIn(c.who(people.Custodian, false)), c.browser().signIn(c.who(people.QA, false))
	investigator := c.who(people.Investigator, false)
	custodian.get(at+"/course").ok().has("Order the thaw", "Dose: viable cells")
	qa.get(at + "/course").ok().hasNot("Order the thaw")
	wrong := custodian.post(at+"/thaw", "form", "thaw", "dose", "4e8", "reason", "Cross-over after a year", "password", password, "username", investigator, "investigator-password", "nope")
	require.Equal(t, http.StatusUnauthorized, wrong.status)
	wrong.has(">Cross-over after a year</textarea>", `value="4e8"`)
	custodian.post(at+"/thaw", "form", "thaw", "dose", "4e8", "reason", "Cross-over after a year", "password", password, "username", investigator, "investigator-password", password).ok().
		has("The thaw is ordered", "Stored results of the first batch", first)
	b, _ := c.state(first)
	require.NotEmpty(t, b.ThawedAs)
	custodian.get(at + "/course").ok().hasNot("Order the thaw").has("thaw of its frozen product")
	for _, page := range []string{"/course", "/release"} {
		qa.get("/batches/"+b.ThawedAs+page).ok().has("Stored results of the first batch", "demo-P1 v1", "White blood cells in the dose", "Its certificate", "SHA-256")
	}
}
