package pages_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// A production lead issues, prints and takes back a paper pack on the page of the batch (CS-21).
func TestPaperPackOnThePage_20(t *testing.T) {
	c := seville(t, "en")
	number := c.open("ES01-003")
	c.play(number, "S04")
	at := "/batches/" + number
	lead, operator := c.browser().signIn(c.who(people.ProductionLead, false)), c.browser().signIn(c.who(people.Operator, false))
	operator.get(at + "/course").ok().hasNot("Issue a paper pack")
	require.Equal(t, 403, operator.post(at+"/packs").status)
	lead.post(at+"/packs").ok().has("The paper pack is issued", "PAP-SVQ26-00001", "out").hasNot("Issue a paper pack")
	lead.get(at + "/record").ok().has("PAP-SVQ26-00001")
	pdf := lead.get(at + "/packs/PAP-SVQ26-00001/pdf").ok()
	require.True(t, strings.HasPrefix(pdf.body, "%PDF-"))
	require.Equal(t, 404, lead.get(at+"/packs/PAP-SVQ26-00009/pdf").status)
	lead.upload(at+"/packs/PAP-SVQ26-00001/return", "", "used", "yes", "reason", "used for S04").
		has("no PDF, PNG or JPEG", `value="yes" required checked`, ">used for S04</textarea>", "Choose the file once more", "packs/PAP-SVQ26-00001/pdf")
	lead.upload(at+"/packs/PAP-SVQ26-00001/return", "%PDF-1.4 sheets", "used", "yes", "reason", "used for S04").ok().has("The paper pack is taken back", "taken back, used", "used for S04", "Issue a paper pack").hasNot("packs/PAP-SVQ26-00001/pdf")
	lead.get(at + "/record").ok().has("PAP-SVQ26-00001")
}
