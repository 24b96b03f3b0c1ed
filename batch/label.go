package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
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
	countryRef   = "S01.country"
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

// CodeOf is what the code of a label says, in the coding of the plant; of the first label of the container where l is nil.
func (k *Book) CodeOf(b *Batch, c *chainofcustody.Container, l *Label) string {
	serial := 1
	if l != nil {
		serial = l.Serial
	}
	return isbt128.LabelContent{CoI: b.CoI, ID: c.ID, Serial: serial, GTIN: k.LabelPlant.GTIN, Batch: b.Number}.String()
}

// FirstCode is what the code of the first label of a container says, by the batch for which it was made.
func (k *Book) FirstCode(coi isbt128.CoI, c *chainofcustody.Container) string {
	return isbt128.LabelContent{CoI: coi, ID: c.ID, Serial: 1, GTIN: k.LabelPlant.GTIN, Batch: c.Batch()}.String()
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
	to, err := k.destination(b)
	if err != nil {
		return nil, err
	}
	laid, err := k.Layouts.Lay(b.facts(st, c, l, k.LabelPlant, to))
	var fit *label.FitError
	if errors.As(err, &fit) {
		return nil, ledger.Refuse(ledger.Unmet, "LB-1", "no-room", "the label {template} has no room for {text} in the language {language}", "ask QA for a larger label", "template", fit.Template, "text", fit.Text, "language", fit.Language)
	}
	return laid, err
}

// facts are what the label of a container says, as the record has it now.
func (b *Batch) facts(st *StepState, c *chainofcustody.Container, l *Label, plant label.Plant, to label.Destination) label.Facts {
	language := to.Language
	if chosen, ok := b.Value(languageRef); ok {
		language = chosen.Value.Text
	}
	plant.Zone = to.Zone
	f := label.Facts{
		Kind: string(c.Kind), Language: language, Plant: plant, Content: isbt128.LabelContent{CoI: b.CoI, ID: c.ID, Serial: l.Serial},
		Name: b.named(st, c, language), Subject: b.Subject, Batch: b.Number, Collected: b.moment(collectedRef), Prepared: b.moment(preparedRef), Issued: l.At,
		Product: st.Step.Relabel(string(c.Kind)) != nil, Abroad: to.Abroad,
	}
	f.Expires = b.expiryOnLabel(st)
	code, _ := b.Value(blindCodeRef)
	f.BlindCode = code.Value.Text
	f.Biohazard, f.NotEvaluated = b.warnings()
	return f
}

// destination is where the material of a batch is given: the country in which the hospital ordered it, with its language and
// its clock (LB-2). A batch whose recipe does not ask for the country stays with those of the plant.
func (k *Book) destination(b *Batch) (label.Destination, error) {
	at := label.Destination{Language: k.Language, Zone: k.LabelPlant.Zone}
	ordered, ok := b.Value(countryRef)
	if !ok {
		return at, nil
	}
	to, known := k.Layouts.Destination(ordered.Value.Text)
	if !known {
		return at, ledger.Refuse(ledger.Unmet, "LB-2", "no-destination", "no label wording is approved for the country {country}", "ask QA to approve the wording of that country", "country", ordered.Value.Text)
	}
	home, _, _ := strings.Cut(k.Site, "-") // a site begins with its country
	to.Abroad = to.Country != home
	return to, nil
}

// expiryOnLabel is the expiry that the record holds, or what it will be when the step that computes it is completed: labels
// are printed before that.
func (b *Batch) expiryOnLabel(st *StepState) time.Time {
	t, ok := b.Expiry()
	f, here := st.Step.Field(strings.TrimPrefix(expiryRef, st.Step.ID+"."), b.Site)
	if ok || !here || f.Type != mbr.TypeComputed {
		return t
	}
	c, err := b.evaluate(f, map[string]Captured{})
	if err != nil {
		return time.Time{} // the label is refused, naming the fact
	}
	t, err = c.Value.Time()
	if err != nil {
		return time.Time{}
	}
	return t
}

// named is what the recipe calls a container in a language; empty when it has no words in that language.
func (b *Batch) named(st *StepState, c *chainofcustody.Container, language string) string {
	for _, made := range st.Step.Creates {
		if made.Kind == string(c.Kind) && made.Applies(b.Site) {
			return made.Label[language]
		}
	}
	if r := st.Step.Relabel(string(c.Kind)); r != nil {
		return r.Label[language]
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
