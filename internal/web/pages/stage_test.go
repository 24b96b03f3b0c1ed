package pages_test

import (
	"testing"

	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
)

// Everybody who looks at a release reads how far its certification is. When the last result is there, the final certification
// waits for the Qualified Person, on the worklist and on the page, and on no other person's (AT-32).
func TestFinalCertificationIsOfferedWhenItIsDue_AT32(t *testing.T) {
	t.Parallel()
	c := seville(t, "en")
	number := c.open("3401-001")
	c.play(number, "")
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		c.act(number, act)
	}
	at := "/batches/" + number + "/release"
	qp, qa := c.browser().signIn(c.who(people.QP, false)), c.browser().signIn(c.who(people.QA, false))
	qp.get(at).ok().has("The final certification (stage 2) follows when every result is there").hasNot("Sign: ")
	qp.get("/worklist").ok().hasNot("Final certification (stage 2)")
	c.play(number, "")

	qa.get(at).ok().has("the final certification (stage 2) is due", "Initial certification (stage 1)").hasNot("Sign: ")
	qa.get("/worklist").ok().hasNot("Final certification (stage 2)")
	qp.get("/worklist").ok().has("Final certification (stage 2)", `href="`+at+`"`)
	p := qp.get(at).ok().has("the final certification (stage 2) is due", "Sign: Final certification (stage 2)")
	qp.post("/batches/"+number+"/acts/certification", "shown", p.field("shown"), "declaration.0", "1", "declaration.1", "1", "declaration.2", "1", "password", password).ok()
	qp.get(at).ok().has("The final certification (stage 2) is signed", "SVQ-2026-0002", "followed by a later one").hasNot("Sign: ", "unsigned: the record has changed")
	qp.get("/worklist").ok().hasNot("Final certification (stage 2)")
}
