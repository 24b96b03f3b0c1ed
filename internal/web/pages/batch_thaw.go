package pages

import (
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/people"
)

// storedView is the first record of a thaw: whose product it was, and what its results were (scenario 49).
type storedView struct {
	First, Certificate, PDF, Frozen, Dose string
	Ordered, Disclosed, Reason            string
	Spec                                  string
	Results                               []resultView // only for who reads the record
}

// stored is the first record of a thaw; nil for a batch that is made fresh.
func (v *visit) stored(b *batch.Batch) (*storedView, error) {
	if b.Thaws == nil {
		return nil, nil //nolint:nilnil // a batch that is made fresh has none
	}
	t, first, err := v.plant().Batches.Stored(v.ctx(), b.Number)
	if err != nil {
		return nil, err
	}
	out := &storedView{
		First: t.First, Certificate: t.Certificate, PDF: digestLines(t.PDF.String()), Frozen: day(t.FrozenAt.In(v.zone())), Dose: t.Dose.Format(v.lang), Reason: t.Reason,
		Ordered: t.Ordered.Name + " · " + moment(t.Ordered.At, v.zone()), Disclosed: t.Disclosed.Name + " · " + moment(t.Disclosed.At, v.zone()),
	}
	if v.reads() {
		out.Results, out.Spec = v.results(first), first.Spec.ID+" v"+itoa(first.Spec.Version)
	}
	return out, nil
}

// digestLines breaks a digest into lines that a phone holds.
func digestLines(digest string) string {
	var out []string
	for part := range slices.Chunk([]byte(digest), 16) {
		out = append(out, string(part))
	}
	return strings.Join(out, " ")
}

// thawable tells whether a thaw can be asked for: what the seal says is not looked at, lest the form tell the arm (I11).
func thawable(b *batch.Batch) bool {
	_, open := b.Current()
	_, certified := b.Act(mbr.ActCertification)
	return !open && certified && b.Ending == nil && b.Thaws == nil && b.ThawedAs == ""
}

// batchThaw is POST /batches/:batch/thaw: the custodian opens the batch of a thaw, on the investigator's signed order.
func (v *visit) batchThaw() error {
	author, err := v.as(having(people.SeeBlinded))
	if err != nil {
		return v.courseAgain(err)
	}
	number, err := v.plant().Batches.OpenThaw(v.ctx(), author, batch.ThawOrder{First: v.Param("batch"), Dose: v.FormValue("dose"), Reason: v.FormValue("reason")},
		v.desk.Beside(v.FormValue("username"), v.FormValue("investigator-password"), people.Investigator), v.desk.Signer(author.Role, v.FormValue("password")))
	if err != nil {
		return v.courseAgain(err)
	}
	return v.to("/batches/" + number + "/course?done=thaw")
}
