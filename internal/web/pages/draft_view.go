package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/people"
)

// withDrafts shows what is typed and not confirmed in the fields of a step: one's own in the field in hand, of
// others who and when (DI-19, screens rule 10). What was typed before the value that stands is of no use any more.
func (v *visit) withDrafts(b *batch.Batch, st *batch.StepState, out *stepView) error {
	drafts, err := v.plant().People.Drafts(v.ctx(), v.desk.Session, b.Number)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		for i := range out.Fields {
			if d.Step == out.ID && d.Field == out.Fields[i].ID && !overtaken(st, d) {
				v.withDraft(&out.Fields[i], out, d)
			}
		}
	}
	return nil
}

func (v *visit) withDraft(f *fieldView, out *stepView, d people.Draft) {
	if d.Account != v.desk.Session.Account {
		f.Drafts = append(f.Drafts, v.T("draft.other", "name", v.full(d.Account), "at", moment(d.At, v.zone())))
		return
	}
	if !f.Active {
		f.Drafts = append(f.Drafts, v.T("draft.own", "at", moment(d.At, v.zone())))
		return
	}
	if v.Request().Method == "GET" || out.Entry.Typed == "" {
		out.Entry.Typed = d.Text
	}
	out.Entry.Draft = v.T("draft.kept", "at", moment(d.At, v.zone()))
}

// overtaken tells whether the field got a value after the draft was typed.
func overtaken(st *batch.StepState, d people.Draft) bool {
	c, ok := st.Fields[d.Field].Current()
	return ok && !c.At.Before(d.At)
}
