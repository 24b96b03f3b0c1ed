package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/ledger"
)

// The fields of the recipe from which labels take what they say.
const (
	collectedRef = "S05.last_pull_at"
	preparedRef  = "S32.formulated_at"
	languageRef  = "S35.language"
	blindCodeRef = "S35.blind_code"
)

// LabelOf lays out the label of a container that counts in a step, as it is printed. For a container whose label the step
// does not print it is the label that would be.
func (k *Book) LabelOf(ctx context.Context, number, step, container string) (*label.Label, error) {
	b, event, err := k.LoadWithEvent(ctx, number)
	if err != nil {
		return nil, err
	}
	st, err := b.step(step)
	if err != nil {
		return nil, err
	}
	l := st.label(container)
	if l == nil {
		l = &Label{Container: container, Serial: 1, At: b.last}
	}
	return k.layOut(b, st, event, l)
}

// CodeOf is what the code of a label says.
func (b *Batch) CodeOf(c *chainofcustody.Container, l *Label) string {
	return isbt128.LabelContent{CoI: b.CoI, ID: c.ID, Serial: l.Serial}.String()
}

// Label is the label of a container that counts in the step; nil when none is printed for it.
func (st *StepState) Label(container string) *Label { return st.label(container) }

func (k *Book) layOut(b *Batch, st *StepState, event *chainofcustody.TherapyEvent, l *Label) (*label.Label, error) {
	c, ok := event.Container(l.Container)
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "LB-1", "no-container", "there is no container {container} of batch {batch}", "choose a container of the step", "container", l.Container, "batch", b.Number)
	}
	if k.Layouts == nil {
		return nil, fmt.Errorf("label of %s: this plant has no label templates", l.Container)
	}
	laid, err := k.Layouts.Lay(b.facts(st, c, l, k.LabelPlant, k.Language))
	var fit *label.FitError
	if errors.As(err, &fit) {
		return nil, ledger.Refuse(ledger.Unmet, "LB-1", "no-room", "the label {template} has no room for {text} in the language {language}", "ask QA for a larger label", "template", fit.Template, "text", fit.Text, "language", fit.Language)
	}
	return laid, err
}

// facts are what the label of a container says, as the record has it now.
func (b *Batch) facts(st *StepState, c *chainofcustody.Container, l *Label, plant label.Plant, language string) label.Facts {
	if chosen, ok := b.Value(languageRef); ok {
		language = chosen.Value.Text
	}
	f := label.Facts{
		Kind: string(c.Kind), Language: language, Plant: plant, Content: isbt128.LabelContent{CoI: b.CoI, ID: c.ID, Serial: l.Serial},
		Name: b.named(st, c, language), Subject: b.Subject, Batch: b.Number, Collected: b.moment(collectedRef), Prepared: b.moment(preparedRef), Issued: l.At,
	}
	f.Expires, _ = b.Expiry()
	code, _ := b.Value(blindCodeRef)
	f.BlindCode = code.Value.Text
	f.Biohazard, f.NotEvaluated = b.warnings()
	return f
}

// named is what the recipe calls a container in a language; empty when it has no words in that language.
func (b *Batch) named(st *StepState, c *chainofcustody.Container, language string) string {
	for _, made := range st.Step.Creates {
		if made.Kind == string(c.Kind) && made.Applies(b.Site) {
			return made.Label[language]
		}
	}
	return ""
}

func (b *Batch) moment(ref string) time.Time {
	c, ok := b.Value(ref)
	if !ok {
		return time.Time{}
	}
	t, err := c.Value.Time()
	if err != nil {
		return time.Time{}
	}
	return t
}

// warnings are the statements about infection that labels bear (AT-12, FACT-JACIE): what was decided with the order, and
// what any marker says by itself, so that a statement does not hang on a person remembering it.
func (b *Batch) warnings() (hazard, unknown bool) {
	said := codes(b.Warnings())
	return slices.Contains(said, Biohazard), slices.Contains(said, NotEvaluated)
}
