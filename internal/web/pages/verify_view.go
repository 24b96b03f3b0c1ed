package pages

import (
	"slices"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/web/desk"
)

// verifyView is what a second person signs, exactly (I7, I8).
type verifyView struct {
	Role     string
	Scan     *fieldView // the label that they scan themselves
	ScanOf   int        // of how many labels they scan any one
	Values   []signedValue
	Digest   string // in full, for the form
	Short    string // as shown
	Username string
	Raw      string
	Retypes  bool
	Attempt  int             // of the own entries, from 1
	Of       int             // attempts before it is an exception
	Decimal  string          // on the keypad
	Keys     bool            // some entry is a number
	Mine     bool            // this person performs the step: they may correct a value
	Found    []exceptionView // open exceptions of the step, which are signed with it
	Changed  int             // values that were replaced
}

// signedValue is one value under the signature, with the entry in which it stands.
type signedValue struct {
	ID                  string
	Label, Value, Limit string
	Verdict             string
	Entry               uint64
	More                []uint64 // entries of the other labels of the same field
	Text, Words         bool     // no number; no identifier either
	Icon                string
	Own                 bool        // the second person scans it without seeing the first scan
	Hidden              bool        // it would tell what the second person enters again
	Again               *againField // the second person enters it again without seeing the first value
	Remark              *remarkView
	Changes             []correctedView // what it was before, oldest first
	Fix                 bool
}

// correctedView is a value that was replaced, and why.
type correctedView struct{ Was, Reason, By, At string }

// againField is how a value is entered again.
type againField struct {
	Kind    string // "number", "choice" or "text"; a moment or a date has parts instead
	Name    string
	Unit    string
	Typed   string
	Options []choice
	Parts   []picker // of a moment or a date
}

// digestLetters is how much of a digest is shown: enough to compare by eye.
const digestLetters = 16

// attempts is how often performer and second person may differ before it is an exception.
const attempts = 3

func (v *visit) verifyView(b *batch.Batch, st *batch.StepState) (*verifyView, error) {
	shown, err := b.Show(st.Step.ID)
	if err != nil {
		return nil, err
	}
	digest, err := shown.Digest()
	if err != nil {
		return nil, err
	}
	out := &verifyView{
		Role: v.word("role", string(st.Step.Second.Role)), Digest: digest.String(), Short: digest.String()[:digestLetters],
		Username: v.FormValue("username"), Raw: v.FormValue("raw"), Retypes: st.RetypesBlind(), Attempt: len(st.Disagreements) + 1, Of: attempts,
		Decimal: decimalMark(v.lang), Mine: v.has(st.Step.Performer),
	}
	hidden := map[string]bool{}
	if out.Retypes {
		hidden = desk.Retyped(b, st)
	}
	for _, s := range shown.Values {
		f, ok := st.Step.Field(s.Field, b.Site)
		if !ok {
			continue
		}
		row := v.signedValue(b, st, f, s)
		switch {
		case st.Step.Second.Mode == mbr.ScansAgain && s.Field == st.Step.Second.Field:
			out.ScanOf++
			if out.Scan != nil { // one of them is asked for, so that it is one line
				first := slices.IndexFunc(out.Values, func(r signedValue) bool { return r.Own })
				out.Values[first].More = append(out.Values[first].More, row.Entry)
				continue
			}
			row.Own, row.Value = true, ""
			out.Scan = &fieldView{ID: f.ID, Label: row.Label, Expect: v.word("kind", f.Expect)}
		case out.Retypes && slices.Contains(st.Step.Second.Fields, f.ID) && b.Asked(f):
			row.Again = v.againField(f)
			out.Keys = out.Keys || row.Again.Kind == "number"
			row.unseen()
		case hidden[f.ID]:
			row.Hidden = true
			row.unseen()
		}
		out.Changed += len(row.Changes)
		out.Values = append(out.Values, row)
	}
	found, _ := b.Exceptions()
	for _, e := range found {
		if e.Step != st.Step.ID || !e.Open() {
			continue
		}
		view := v.exceptionView(b, e)
		if hidden[e.Field] { // it would tell what they enter again
			view.Text, view.Reason, view.Remark = v.T("exception.unseen"), "", ""
		}
		out.Found = append(out.Found, view)
	}
	return out, nil
}

func (v *visit) signedValue(b *batch.Batch, st *batch.StepState, f *mbr.Field, s batch.ShownValue) signedValue {
	c, _ := st.Fields[s.Field].Current()
	f = b.Judging(f)
	row := signedValue{
		ID: f.ID, Label: f.Label.In(v.lang), Value: v.shown(f, c.Value), Limit: v.limitText(f), Verdict: verdict(f, c.Value), Entry: s.Entry,
		Text: c.Value.Number == nil, Words: ofWords(f), Icon: originIcons[c.Origin],
		Fix: v.has(st.Step.Performer) && c.Origin != batch.Ordered && f.Type != mbr.TypeScan && f.Type != mbr.TypeComputed && f.Captured != mbr.FromLedger,
	}
	row.Changes = v.changes(f, st.Fields[s.Field])
	if row.Verdict == "" && b.Beyond(f) {
		row.Verdict = string(batch.Implausible)
	}
	if r, said := b.Remark(f); said && b.Beyond(f) {
		row.Remark = &remarkView{Text: r.Text, By: v.full(r.By), At: moment(r.At, v.zone())}
	}
	return row
}

// changes are the values of this attempt that were replaced: the first one stays readable (CS-11).
func (v *visit) changes(f *mbr.Field, state *batch.FieldState) []correctedView {
	if state == nil || f.Type == mbr.TypeComputed || f.Type == mbr.TypeScan {
		return nil
	}
	var out []correctedView
	for i := 1; i < len(state.Values); i++ {
		was, is := state.Values[i-1], state.Values[i]
		if was.Attempt == is.Attempt && is.Reason != "" {
			out = append(out, correctedView{Was: v.shown(f, was.Value), Reason: is.Reason, By: v.full(is.By), At: moment(is.At, v.zone())})
		}
	}
	return out
}

// unseen takes away what was entered.
func (s *signedValue) unseen() {
	s.Value, s.Verdict, s.Remark, s.Icon, s.Changes = "", "", nil, "typed", nil
}

func (v *visit) againField(f *mbr.Field) *againField {
	out := &againField{Kind: "text", Name: "again." + f.ID, Unit: v.unit(f.Unit), Typed: v.FormValue("again." + f.ID)}
	switch f.Type {
	case mbr.TypeDecimal, mbr.TypeInt:
		out.Kind = "number"
	case mbr.TypeBool:
		out.Kind, out.Options = "choice", []choice{{Code: "true", Name: v.T("bool.true")}, {Code: "false", Name: v.T("bool.false")}}
	case mbr.TypeEnum:
		out.Kind = "choice"
		for _, o := range f.Options {
			out.Options = append(out.Options, choice{Code: o.Code, Name: o.Name.In(v.lang)})
		}
	case mbr.TypeDateTime:
		out.Parts = v.momentPickers(out.Name)
	case mbr.TypeDate:
		out.Parts = v.dayPickers(out.Name, -1, 40, v.FormValue)
	}
	for i := range out.Parts {
		out.Parts[i].Form = "act"
	}
	for i, o := range out.Options {
		out.Options[i].Chosen = o.Code == out.Typed
	}
	return out
}

func decimalMark(lang string) string {
	if lang == "en" {
		return "."
	}
	return ","
}
