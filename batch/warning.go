package batch

import (
	"slices"
	"strings"

	"rexbatch/batch/mbr"
)

// Warning is what every label and every document that goes with the material has to say of it, because the donor's
// infectious markers are not all known to be negative (requirements 6.1; process, S02; Dir. 2006/86 Annex II.E(f)).
type Warning struct {
	Code string // Biohazard or NotEvaluated
	Text mbr.Text
}

// The warnings, by the codes of the recipe's choices.
const (
	Biohazard    = "biohazard"
	NotEvaluated = "not_evaluated"
)

// warningRef is where the recipe asks for the warnings on the label. The markers are the choices of the same step whose
// expected value is negative.
const (
	warningRef  = "S02.label_warning"
	warningStep = "S02"
	negative    = "neg"
	positive    = "pos"
)

// warningText is the wording where a recipe has none of its own: its first version did not ask for warnings.
var warningText = map[string]mbr.Text{
	Biohazard: {"en": "BIOHAZARD", "es": "PELIGRO BIOLÓGICO", "de": "BIOGEFÄHRDUNG"},
	NotEvaluated: {
		"en": "NOT EVALUATED FOR INFECTIOUS SUBSTANCES", "es": "NO EVALUADO PARA SUSTANCIAS INFECCIOSAS", "de": "NICHT AUF INFEKTIONSERREGER GEPRÜFT",
	},
}

// Warnings is the statement of this batch, the graver first; empty when every marker is negative. It follows from the
// record as it stands: a positive marker says biohazard and one without a result says not evaluated, whatever was chosen
// beside it, and what was chosen stands in any case.
func (b *Batch) Warnings() []Warning {
	st, ok := b.steps[warningStep]
	if !ok || st.Status == NotApplicable {
		return nil
	}
	said := map[string]bool{}
	text := map[string]mbr.Text{}
	for _, f := range st.Step.FieldsAt(b.Site) {
		c, has := st.Fields[f.ID].Current()
		switch {
		case f.Ref() == warningRef:
			for _, o := range f.Options {
				text[o.Code] = o.Name
				said[o.Code] = said[o.Code] || has && b.Asked(f) && slices.Contains(chosen(c.Value), o.Code)
			}
		case f.Type == mbr.TypeEnum && f.Expect == negative && c.Value.Text == positive:
			said[Biohazard] = true
		case f.Type == mbr.TypeEnum && f.Expect == negative && c.Value.Text != negative:
			said[NotEvaluated] = true
		}
	}
	var out []Warning
	for _, code := range []string{Biohazard, NotEvaluated} {
		if !said[code] {
			continue
		}
		words := text[code]
		if words == nil {
			words = warningText[code]
		}
		out = append(out, Warning{Code: code, Text: words})
	}
	return out
}

// WarnedOf tells whether the donor's markers have been recorded: before that a page has nothing to warn of.
func (b *Batch) WarnedOf() bool {
	st, ok := b.steps[warningStep]
	return ok && !st.CompletedAt.IsZero()
}

// chosen are the codes of a value with several choices.
func chosen(v Value) []string {
	return strings.FieldsFunc(v.Text, func(r rune) bool { return r == ',' || r == ' ' })
}

func codes(warnings []Warning) []string {
	var out []string
	for _, w := range warnings {
		out = append(out, w.Code)
	}
	return out
}

// Outdated tells whether a label on paper says something else of the material than the record does now: a result came
// in, or was corrected, after it was printed. It has to be replaced.
func (b *Batch) Outdated(l *Label) bool {
	return (l.State == Printed || l.State == ScannedBack) && !slices.Equal(l.Warnings, codes(b.Warnings()))
}
