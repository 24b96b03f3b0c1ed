package pages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// The nurse of a hospital without a network enters the labelling from paper; the page says that the identity is not proven
// until QA has signed the proof with a witness beside (scenario 4).
func TestIdentityFromPaper_4(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S06")
	c.pass(40 * time.Minute)
	at := "/batches/" + number
	nurse, qa := c.browser().signIn(c.who(people.Nurse, false)), c.browser().signIn(c.who(people.QA, false))
	nurse.get(at).ok().has("Nothing could be scanned", "/steps/S06/fields/bag_label_scan/scan")
	nurse.post(at+"/steps/S06/unscanned", "reason", "no network on the ward, form 118").has("no time of that day")
	was := c.clock().Add(-35 * time.Minute).In(c.plant.Profile.Location)
	nurse.post(at+"/steps/S06/unscanned", "reason", "no network on the ward, form 118", "done_day", was.Format("02"), "done_month", was.Format("01"), "done_year", was.Format("2006"),
		"done_hour", was.Format("15"), "done_minute", was.Format("04")).ok().has("The identity has to be proven", "no network on the ward, form 118").
		hasNot("/steps/S06/fields/bag_label_scan/scan", "Nothing could be scanned")
	p := qa.get(at+"/course").ok().has("IDENTITY NOT PROVEN", "no network on the ward, form 118", "Identity not proven", "Prove the identity")
	require.Equal(t, 403, nurse.upload(at+"/identity-proof", "%PDF-1.4", "method", "hla").status)
	fields := []string{
		"seen", p.field("seen"), "method", "hla", "archive", "trial file, form 118", "reference", "LAB-2026-118", "finding", "The HLA type of the bag is that of the patient.",
		"username", c.who(people.ProductionLead, false), "witness", password, "role", string(people.ProductionLead), "password", password,
	}
	qa.upload(at+"/identity-proof", "words", fields...).has("no PDF, PNG or JPEG", "The HLA type of the bag is that of the patient.")
	qa.upload(at+"/identity-proof", "%PDF-1.4 a form", fields...).ok().has("The proof of identity is signed", "Identity proven", "HLA type, LAB-2026-118; form: trial file, form 118, SHA-256").hasNot("IDENTITY NOT PROVEN", "Prove the identity")
}
