package pages

import (
	"encoding/json"
	"net/http"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// releasePage is the review by exception and the act that waits for this person (screens, rules 12 and 25).
type releasePage struct {
	frame
	Strip       strip
	Checks      string // "N of N checks evaluated, M exceptions"
	Exceptions  []exceptionView
	Results     []resultView
	Spec        string
	OpenSteps   []timelineStep
	Signatures  []signatureView
	Acts        []actView
	Certificate string
	Stage       string // of the certification: what it is, and what is still to come (AT-32)
	Due         bool   // the final certification is due
	Batch       string
	Seen        uint64
	Kept        assessmentForm
	Changes     int
	Deviations  []deviationLine
	Stored      *storedView // of a thaw: the record that it comes from
}

// assessmentForm is what was typed into an assessment that was refused.
type assessmentForm struct{ ID, Classification, Text string }

// releaseShow is GET /batches/:batch/release.
func (v *visit) releaseShow() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	return v.releasePage(http.StatusOK, b)
}

func (v *visit) releasePage(code int, b *batch.Batch, problems ...Problem) error {
	review := release.ReviewOf(b)
	found, _ := b.Exceptions()
	p := releasePage{
		frame:      v.frame("release", v.T("release.title")+" "+b.Number, problems...),
		Strip:      v.strip(b, v.releaser()),
		Checks:     v.checks(review, len(found)),
		Exceptions: v.exceptions(b, found), Results: v.results(b), Spec: b.Spec.ID + " v" + itoa(b.Spec.Version),
		Signatures: v.signatures(b), Batch: b.Number, Seen: b.Version, Changes: review.Changes, Deviations: v.deviations(b),
		Kept: assessmentForm{ID: v.FormValue("exception"), Classification: v.FormValue("classification"), Text: v.FormValue("text")},
	}
	for _, id := range review.OpenSteps {
		st, _ := b.Step(id)
		p.OpenSteps = append(p.OpenSteps, timelineStep{
			ID: id, Name: st.Step.Name.In(v.lang), State: v.state(st.Status, false), Link: "/batches/" + b.Number + "?step=" + id,
		})
	}
	acts, err := v.acts(b)
	if err != nil {
		return err
	}
	p.Acts = acts
	p.Stored, err = v.stored(b)
	if err != nil {
		return err
	}
	if a, _ := b.Act(mbr.ActCertification); a.Details != nil {
		p.Certificate = certificateOf(a)
	}
	p.Stage, p.Due = v.stage(b), release.FinalDue(b)
	return v.render(code, "release", p)
}

// stage says how far the certification of a batch is, for everyone who looks (AT-32); empty before the first.
func (v *visit) stage(b *batch.Batch) string {
	switch {
	case release.FinalDue(b):
		return v.T("release.stage.due")
	case release.CertifiedAs(b) == 1:
		return v.T("release.stage.1")
	case release.CertifiedAs(b) == 2:
		return v.T("release.stage.2")
	}
	return ""
}

// checks says how much was looked at to find so many exceptions (DI-14).
func (v *visit) checks(r release.Review, exceptions int) string {
	if exceptions == 1 {
		return v.T("release.checks.one", "e", itoa(r.Evaluated), "n", itoa(r.Checks))
	}
	return v.T("release.checks", "e", itoa(r.Evaluated), "n", itoa(r.Checks), "m", itoa(exceptions))
}

// certificateOf is the certificate number that a certification's entry holds.
func certificateOf(a batch.SignedAct) string { return certificationOf(a).Certificate }

// stageOf is the stage that a certification's entry holds; 0 for another act.
func stageOf(a batch.SignedAct) int { return certificationOf(a).Stage }

type certification struct {
	Certificate string `json:"certificate"`
	Stage       int    `json:"stage"`
}

func certificationOf(a batch.SignedAct) certification {
	var d certification
	if a.Act != mbr.ActCertification || json.Unmarshal(a.Details, &d) != nil {
		return certification{}
	}
	return d
}

// releaser is the role in which the person looks at a release.
func (v *visit) releaser() people.Role {
	for _, act := range actOrder {
		role, _, _ := release.RoleOf(act)
		if v.has(role) {
			return role
		}
	}
	return ""
}

// qaRole is QA where the person has that role, and nothing otherwise.
func (v *visit) qaRole() people.Role {
	if v.has(people.QA) {
		return people.QA
	}
	return ""
}

// releaseAgain shows the page with what stood against a signature.
func (v *visit) releaseAgain(err error) error {
	b, loadErr := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if loadErr != nil {
		return loadErr
	}
	return v.releasePage(status(err), b, v.problems(err, b)...)
}
