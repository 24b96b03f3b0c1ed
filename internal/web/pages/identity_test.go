package pages_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
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
	nurse.post(at+"/steps/S06/unscanned", "reason", "no network on the ward, form 118").has("was not chosen")
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

// Of an incident of identity the patient's own hospital says that it has read it: to staff of another one it is not offered
// (scenario 1, I12).
func TestIncidentIsOfferedToThePatientsOwnHospital_1(t *testing.T) {
	c := seville(t, "en")
	number, other := c.open("ES01-003"), c.open("ES01-004")
	c.play(number, "S04")
	c.play(other, "S04")
	for username, hospital := range map[string]string{"una": "ES01", "dos": "ES02"} {
		_, once, err := c.Staff.Create(t.Context(), people.System("test"), people.NewAccount{Username: username, Name: "Person " + username, Lang: "en", Roles: []people.Role{people.Coordinator}, Hospital: hospital})
		require.NoError(t, err)
		_, token, err := c.Staff.SignIn(t.Context(), username, once, plantest.Terminal)
		require.NoError(t, err)
		require.NoError(t, c.Staff.ChangePassword(t.Context(), token, once, password))
	}
	b, _ := c.state(number)
	beside, _ := c.state(other)
	for username, subject := range map[string]string{"una": b.Subject, "dos": beside.Subject} {
		by := ledger.Author{Account: username, Role: string(people.Coordinator), Terminal: plantest.Terminal}
		require.NoError(t, c.plant.Custody.Vault.Enrol(t.Context(), by, subject, vault.Identity{Number: "NHC " + username, Family: "Ruiz", Given: "Ana", Birth: "1950-01-02", Country: "ES"}))
	}
	c.browser().signIn(c.who(people.Physician, false)).post("/batches/"+number+"/steps/S04/fields/wristband_scan/scan", "raw", beside.CoI.Label())

	una, dos := c.browser().signIn("una"), c.browser().signIn("dos")
	at := "/batches/" + number + "/course"
	una.get(at).ok().has("told, has not acknowledged it yet", "I have read it")
	una.get("/worklist").ok().has(`href="` + at + `"`)
	dos.get(at).ok().has("told, has not acknowledged it yet").hasNot("I have read it")
	dos.get("/worklist").ok().hasNot(`href="` + at + `"`).has(`href="/batches/` + other + `/course"`)
}
