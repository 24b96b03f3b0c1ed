package pages

import (
	"rexbatch/batch"
	"rexbatch/batch/mbr"
)

// verifyView is what a second person signs, exactly (I7, I8).
type verifyView struct {
	Role     string
	Scan     *fieldView // the label that they scan themselves
	Values   []signedValue
	Digest   string // in full, for the form
	Short    string // as shown
	Username string
	Raw      string
}

// signedValue is one value under the signature, with the entry in which it stands.
type signedValue struct {
	Label, Value, Limit string
	Verdict             string
	Entry               uint64
	Text, Words         bool // no number; no identifier either
	Icon                string
	Own                 bool // the second person scans it without seeing the first scan
}

// digestLetters is how much of a digest is shown: enough to compare by eye.
const digestLetters = 16

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
		Username: v.FormValue("username"), Raw: v.FormValue("raw"),
	}
	for _, s := range shown.Values {
		f, ok := st.Step.Field(s.Field, b.Site)
		if !ok {
			continue
		}
		c, _ := st.Fields[s.Field].Current()
		row := signedValue{Label: f.Label.In(v.lang), Value: v.shown(f, c.Value), Limit: v.limitText(f), Verdict: verdict(f, c.Value), Entry: s.Entry, Text: c.Value.Number == nil, Words: ofWords(f), Icon: originIcons[c.Origin]}
		if st.Step.Second.Mode == mbr.ScansAgain && s.Field == st.Step.Second.Field {
			row.Own, row.Value = true, ""
			out.Scan = &fieldView{ID: f.ID, Label: row.Label, Expect: v.word("kind", f.Expect)}
		}
		out.Values = append(out.Values, row)
	}
	return out, nil
}
