package mbr

import (
	"fmt"
	"slices"
	"strings"
)

// checkGate holds that a decision is one, and that it says what each choice means (AT-59).
func (c *compiler) checkGate(s *Step) {
	g := s.Gate
	if g == nil {
		return
	}
	o := c.of(s).child("gate")
	at := o.spot("field")
	if g.Field == "" {
		return
	}
	step, _, foreign := strings.Cut(g.Field, ".")
	f, ok := s.field(g.Field)
	switch {
	case foreign:
		c.foreignGate(s, step, at)
		return
	case !ok:
		c.fault("MBR103", at, fmt.Sprintf("step %s has no field %q", s.ID, g.Field), meant(g.Field, s.fieldIDs()))
		return
	case f.Type != TypeEnum:
		c.fault("MBR601", at, fmt.Sprintf("%s is %s: a decision is one choice of an enum", f.Ref(), f.Type), "name an enum field of the step")
		return
	case f.Optional || f.When != nil:
		c.fault("MBR216", at, fmt.Sprintf("%s may stay empty, and decides how the batch goes on", f.Ref()), "let the field be required in every case")
	}
	c.eachPlant(s, func(site string) {
		if _, there := s.Field(g.Field, site); !there {
			c.faultAt(site, "MBR114", at, fmt.Sprintf("%s is not asked for {at}, where it decides how the batch goes on", f.Ref()), "ask for it at each plant of the step")
		}
	})
	c.checkDecisions(o, s, f)
	c.checkAskedTwice(o, s, f)
}

func (c *compiler) foreignGate(s *Step, step string, at place) {
	if other, known := c.recipe.steps[step]; known && other.Gate != nil {
		c.fault("MBR414", at, fmt.Sprintf("%s decides again what %s has decided (screens rule 13)", s.ID, step), "leave the gate out: the decision stands")
		return
	}
	c.fault("MBR601", at, "a gate decides by a field of its own step", "name an enum field of the step")
}

func (c *compiler) checkDecisions(o *object, s *Step, f *Field) {
	onward, decided := false, []string{}
	for i, d := range s.Gate.Decisions {
		at := o.item("decisions", i)
		switch {
		case slices.Contains(decided, d.Code):
			c.fault("MBR602", at.spot("code"), fmt.Sprintf("the choice %q leads to two places", d.Code), "keep one of them")
		case !hasOption(f, d.Code):
			c.fault("MBR602", at.spot("code"), fmt.Sprintf("%s has no option %q", f.Ref(), d.Code), meant(d.Code, f.Codes()))
		}
		decided = append(decided, d.Code)
		onward = onward || d.Then == GoOn || d.Then == WithDeviation
	}
	for i, code := range f.Codes() {
		if !slices.Contains(decided, code) {
			c.fault("MBR602", c.of(f).item("options", i).spot("code"), fmt.Sprintf("the gate of %s does not say where the choice %q leads", s.ID, code), fmt.Sprintf("write {code: %s, then: …} under decisions", code))
		}
	}
	if !onward {
		c.fault("MBR603", o.spot("decisions"), fmt.Sprintf("no choice at %s leads on: no step after it can be reached", s.ID), "let one choice continue")
	}
}

// checkAskedTwice finds a gate at which the same role decides the same as at the gate just before it.
func (c *compiler) checkAskedTwice(o *object, s *Step, f *Field) {
	i := c.position[s]
	if i == 0 || c.order[i-1].Gate == nil || c.order[i-1].Performer != s.Performer {
		return
	}
	before := c.order[i-1]
	g, ok := before.field(before.Gate.Field)
	if ok && g.ID == f.ID && slices.Equal(slices.Sorted(slices.Values(g.Codes())), slices.Sorted(slices.Values(f.Codes()))) {
		c.fault("MBR414", o.at, fmt.Sprintf("%s decides again what %s has just decided (screens rule 13)", s.ID, before.ID), "keep one of the two gates")
	}
}

// checkRepeat holds that an interrupted step begins again at a step that was done, and can be done again.
func (c *compiler) checkRepeat(s *Step) {
	r := s.Repeat
	if r == nil {
		return
	}
	o := c.of(s).child("repeat")
	if r.Times < 1 {
		c.fault("MBR605", o.spot("times"), fmt.Sprintf("%s may be repeated %d times", s.ID, r.Times), "write times: 1 or more, or leave repeat out")
	}
	first, known := c.recipe.steps[r.From]
	switch {
	case r.From == "":
		return
	case !known:
		c.fault("MBR103", o.spot("from"), fmt.Sprintf("there is no step %q", r.From), meant(r.From, keys(c.recipe.steps)))
		return
	case c.position[first] > c.position[s]:
		c.fault("MBR604", o.spot("from"), fmt.Sprintf("%s begins again at %s, which comes later", s.ID, r.From), "name the step itself or one before it")
		return
	}
	c.eachPlant(s, func(site string) {
		if !first.Applies(site) {
			c.faultAt(site, "MBR114", o.spot("from"), fmt.Sprintf("%s is not part of the recipe {at}, where %s begins again with it", first.ID, s.ID), "name a step of every plant")
		}
	})
	for _, again := range c.order[c.position[first] : c.position[s]+1] {
		what := ""
		switch {
		case again.Act != "":
			what = "is a signature"
		case again.Gate != nil:
			what = "is a decision"
		case again.Custody != nil:
			what = "changes who holds a container"
		case len(again.Creates) > 0:
			what = "makes containers"
		case len(again.Relabels) > 0:
			what = "prints labels"
		default:
			continue
		}
		c.fault("MBR613", o.spot("from"), fmt.Sprintf("to repeat %s from %s does %s again, which %s", s.ID, r.From, again.ID, what), "begin again behind it")
		return
	}
}

// checkAtRisk holds that a step which may begin before an earlier one is done can come to that, and that what is made up for
// later is a result: never a decision, a signature, a change of custody, the state of a work area or a container (scenario 26).
func (c *compiler) checkAtRisk(s *Step) {
	o := c.of(s)
	if len(s.AtRisk) > 0 && s.Act != "" {
		c.fault("MBR616", o.spot("at_risk"), fmt.Sprintf("%s is a signature over the whole record: it waits for all of it", s.ID), "leave at_risk out")
		return
	}
	for i, id := range s.AtRisk {
		at := o.element("at_risk", i)
		missing, known := c.recipe.steps[id]
		switch {
		case !known:
			c.fault("MBR103", at, fmt.Sprintf("there is no step %q", id), meant(id, keys(c.recipe.steps)))
			continue
		case c.position[missing] >= c.position[s] || missing.Parallel != "" && missing.Parallel == s.Parallel:
			c.fault("MBR615", at, fmt.Sprintf("%s does not wait for %s anyway", s.ID, id), "name an earlier step that is not beside it")
			continue
		}
		if what := irreplaceable(missing); what != "" {
			c.fault("MBR616", at, fmt.Sprintf("%s may begin before %s, which %s", s.ID, id, what), "let it wait for that")
			continue
		}
		c.eachPlant(s, func(site string) {
			for _, between := range c.order[c.position[missing]+1 : c.position[s]] {
				if between.Applies(site) && !slices.Contains(s.AtRisk, between.ID) && !slices.Contains(between.AtRisk, id) &&
					(between.Parallel == "" || between.Parallel != missing.Parallel) {
					c.faultAt(site, "MBR618", at, fmt.Sprintf("%s {at} can never begin before %s is done: %s stands between and waits for it", s.ID, id, between.ID), fmt.Sprintf("name %s in at_risk of %s as well, or %s here", id, between.ID, between.ID))
					return
				}
			}
		})
	}
}

// irreplaceable says what a step does that later steps cannot do without; empty for one that finds out something.
func irreplaceable(s *Step) string {
	switch {
	case s.Act != "":
		return "is a signature"
	case s.Gate != nil:
		return "is a decision"
	case s.Custody != nil:
		return "changes who holds a container"
	case s.Line != "":
		return "clears or frees its work area"
	case len(s.Creates) > 0, len(s.Relabels) > 0:
		return "makes or labels containers"
	}
	return ""
}

// checkSplit holds that a batch that goes on as several is split behind a step, by a volume that is known then (AT-14).
func (c *compiler) checkSplit() {
	p := c.recipe.Split
	if p == nil {
		return
	}
	o := c.of(c.recipe).child("split")
	after, known := c.recipe.steps[p.After]
	if !known && p.After != "" {
		c.fault("MBR103", o.spot("after"), fmt.Sprintf("there is no step %q", p.After), meant(p.After, keys(c.recipe.steps)))
	}
	if p.Volume == "" || !known {
		return
	}
	by := from{after, len(after.Fields)}
	f, ok := c.refers(p.Volume, by, o.spot("volume"))
	if f == nil || !ok || c.broken[f] {
		return
	}
	c.uses = append(c.uses, use{of: f, by: by, at: o.spot("volume"), needed: true})
	if !f.isNumber() || !converts(f.Unit, "mL") {
		c.fault("MBR614", o.spot("volume"), fmt.Sprintf("%s is no volume: nothing can be shared out by it", f.Ref()), "name a number in mL")
		return
	}
	q, err := ParseAmount(p.Tolerance)
	if p.Tolerance != "" && (err != nil || q.Sign() < 0 || q.Unit() != f.Unit) {
		c.fault("MBR614", o.spot("tolerance"), fmt.Sprintf("%q is no tolerance of %s in %q", p.Tolerance, f.Ref(), f.Unit), fmt.Sprintf(`write an amount such as "0.5 %s"`, f.Unit))
	}
}

// checkEnd holds that the recipe ends in a certification, after its review, and that nothing after it changes what is certified (I9).
func (c *compiler) checkEnd() {
	var review, certified *Step
	for _, s := range c.order {
		switch {
		case s.Act == ActQAReview:
			review = s
		case s.Act == ActCertification && certified == nil:
			certified = s
			if review == nil {
				c.fault("MBR419", c.of(s).spot("act"), fmt.Sprintf("%s certifies a record that nobody has reviewed (I9)", s.ID), "write a step with act: qa-review before it")
			}
		case certified != nil:
			c.checkAfter(s, certified)
		}
	}
	if certified == nil {
		c.fault("MBR420", c.of(c.recipe).spot("unit_procedures"), "the recipe ends without a certification (I9)", "write a step with act: certification")
	}
}

func (c *compiler) checkAfter(s, certified *Step) {
	o := c.of(s)
	for _, x := range []struct {
		key  string
		is   bool
		what string
	}{
		{"creates", len(s.Creates) > 0, "makes containers"},
		{"relabels", len(s.Relabels) > 0, "prints labels of the product"},
		{"materials", len(s.Materials) > 0, "uses materials"},
		{"gate", s.Gate != nil, "decides how the batch goes on"},
		{"line", s.Line == LineClear, "opens a work area"},
	} {
		if x.is {
			c.fault("MBR418", o.spot(x.key), fmt.Sprintf("%s %s after %s has certified the batch (I9)", s.ID, x.what, certified.ID), "move it before the certification")
		}
	}
	for _, f := range s.Fields {
		if f.Type == TypeComputed {
			c.fault("MBR418", c.of(f).spot("type"), fmt.Sprintf("%s is computed after %s has certified the batch (I9)", f.Ref(), certified.ID), "compute it before the certification")
		}
	}
}
