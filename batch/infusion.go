package batch

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/internal/quantity"
)

// noReaction is what the record says where nobody at the bed reported one.
const noReaction = "none"

// infused is what phones at the bed said for the fields of the step in which the product is given. What they do not agree on,
// or what they have not delivered, is not there: a person enters it, and the exceptions tell why.
func infused(at *bedside.Administration) map[string]taken {
	if !at.Began() {
		return nil
	}
	out := map[string]taken{}
	say := func(field, text string, s bedside.Source, off time.Duration) {
		out[infusionStep+"."+field] = taken{text: text, ref: fmt.Sprintf("%s-%d %s", s.Phone, s.N, s.Event), off: off}
	}
	when := func(field string, s bedside.Source) {
		if m := s.Moment; m.Certain() {
			say(field, m.Latest.UTC().Truncate(time.Second).Format(time.RFC3339), s, m.Width()+time.Minute)
		}
	}
	first := at.Starts[0]
	when("start_at", first.Source)
	say("server_status", serverStatus(first.Doubts), first.Source, 0)
	if !slices.ContainsFunc(at.Starts, func(s *bedside.Start) bool { return s.Limb != first.Limb }) {
		say("limb", first.Limb, first.Source, 0)
	}
	ends := endings(at)
	if ends == nil {
		return out
	}
	last := ends[len(ends)-1]
	when("end_at", last.Source)
	given, left, whole := sums(ends)
	if whole {
		say("volume_given", given.Number(), last.Source, 0)
		say("residual", left.Number(), last.Source, 0)
	}
	if text := reactions(ends); len(text) <= maxText {
		say("reaction", text, last.Source, 0)
	}
	return out
}

// serverStatus is how the product stood when the infusion began, as an option of the recipe.
func serverStatus(doubts []string) string {
	switch {
	case slices.Contains(doubts, "bed-recalled"):
		return "recalled"
	case slices.Contains(doubts, "bed-not-released"), slices.Contains(doubts, "bed-no-certificate"):
		return "not_released"
	}
	return "released"
}

// endings are the ends of every infusion in order; nil while one runs, where an end has no beginning, and where two phones
// began the same: their volumes are not to be added.
func endings(at *bedside.Administration) []*bedside.End {
	if len(at.Stray) > 0 {
		return nil
	}
	var ends []*bedside.End
	for _, s := range at.Starts {
		if s.End == nil || slices.Contains(s.Doubts, "bed-again") {
			return nil
		}
		ends = append(ends, s.End)
	}
	slices.SortStableFunc(ends, func(a, b *bedside.End) int { return a.Moment.Latest.Compare(b.Moment.Latest) })
	return ends
}

// sums are the volumes given and left of all infusions; false where they cannot be added.
func sums(ends []*bedside.End) (given, left quantity.Quantity, ok bool) {
	given, left = ends[0].Given, ends[0].Left
	for _, e := range ends[1:] {
		var err, other error
		given, err = given.Add(e.Given)
		left, other = left.Add(e.Left)
		if err != nil || other != nil {
			return given, left, false
		}
	}
	return given, left, true
}

func reactions(ends []*bedside.End) string {
	var out []string
	for _, e := range ends {
		for _, text := range []string{e.Reaction, e.Reference} {
			if text != "" {
				out = append(out, text)
			}
		}
	}
	if len(out) == 0 {
		return noReaction
	}
	return strings.Join(out, "; ")
}

// differing are the fields of the infusion's step in which the record says otherwise than the phones at the bed, of what they
// had not said before. A text is nothing that a rule compares: a reaction is an exception by itself.
func (b *Batch) differing(before, at *bedside.Administration) []string {
	st, ok := b.steps[infusionStep]
	if !ok {
		return nil
	}
	was, is := infused(before), infused(at)
	var out []string
	for _, f := range st.Step.FieldsAt(b.Site) {
		told, said := is[f.Ref()]
		c, held := st.Fields[f.ID].Current()
		if f.Type != mbr.TypeText && said && held && was[f.Ref()].text != told.text && told.other(c.Value, f.Decimals) {
			out = append(out, f.ID)
		}
	}
	scanned := slices.Sorted(maps.Keys(st.Scans[givenScan]))
	if had, has := containers(before), containers(at); has != nil && !slices.Equal(had, has) && len(scanned) > 0 && !slices.Equal(scanned, has) {
		out = append(out, givenScan)
	}
	return out
}

// containers are those that phones scanned for what was given; nil where one of the scans was not delivered.
func containers(at *bedside.Administration) []string {
	var out []string
	for _, s := range at.Starts {
		if len(s.Containers) == 0 {
			return nil
		}
		out = append(out, s.Containers...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// other tells whether a value is another one than was told: a number at the decimals of its field, a time beyond what is
// known of the phone's clock and the minute that people write.
func (t taken) other(v Value, decimals int) bool {
	if q, ok := v.Quantity(); ok {
		told, err := quantity.ParseCanonical(t.text, q.Unit())
		if err != nil {
			return true
		}
		same, err := told.Round(decimals).Cmp(q.Round(decimals))
		return err != nil || same != 0
	}
	at, err := time.Parse(time.RFC3339, t.text)
	if err == nil {
		held, err := time.Parse(time.RFC3339, v.Text)
		return err != nil || held.Sub(at).Abs() > t.off
	}
	return t.text != v.Text
}
