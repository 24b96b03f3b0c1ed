package pages

import (
	"regexp"
	"slices"
	"strings"

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
	if v.Request().Method == "GET" || !out.Entry.given() {
		out.Entry.draft(d.Text)
	}
	out.Entry.Draft = v.T("draft.kept", "at", moment(d.At, v.zone()))
}

// given tells whether the form holds something already.
func (e *entryForm) given() bool {
	for _, p := range slices.Concat(e.Date, e.Clock) {
		if slices.ContainsFunc(p.Options, func(o choice) bool { return o.Chosen }) {
			return true
		}
	}
	return e.Typed != "" || len(e.Chosen) > 0
}

// momentDraft is a moment, or a day, of which some parts are not picked yet: "____-11-22T14:__".
var momentDraft = regexp.MustCompile(`^([\d_]{4})-([\d_]{2})-([\d_]{2})(?:T([\d_]{2}):([\d_]{2})([+-]\d{2}:\d{2})?)?$`)

// draft fills in what was typed, chosen or picked before.
func (e *entryForm) draft(text string) {
	switch e.Kind {
	case "choice", "several":
		e.Chosen = map[string]bool{}
		for _, code := range strings.Split(text, ",") {
			e.Chosen[code] = true
		}
	case "moment", "date":
		parts := momentDraft.FindStringSubmatch(text)
		if parts == nil {
			return
		}
		picked := map[string]string{"year": parts[1], "month": parts[2], "day": parts[3], "hour": parts[4], "minute": parts[5], "offset": parts[6]}
		for _, p := range slices.Concat(e.Date, e.Clock) {
			for i := range p.Options {
				p.Options[i].Chosen = p.Options[i].Code == picked[p.Name]
			}
		}
	default:
		e.Typed = text
	}
}

// overtaken tells whether the field got a value after the draft was typed.
func overtaken(st *batch.StepState, d people.Draft) bool {
	c, ok := st.Fields[d.Field].Current()
	return ok && !c.At.Before(d.At)
}
