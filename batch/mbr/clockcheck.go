package mbr

import (
	"fmt"
	"strings"
	"time"
)

// event is where a clock starts or stops.
type event struct {
	step  *Step
	field *Field // nil for the start or the end of the step itself
	ends  bool   // of the step
}

// checkClock holds that a clock starts and stops at each plant, in this order, and that its limit can be kept (process 2.4).
func (c *compiler) checkClock(i int, k Clock) {
	o := c.of(c.recipe).item("clocks", i)
	if !(k.Warn >= 1 && k.Warn <= 99) {
		c.fault("MBR706", o.spot("warn"), fmt.Sprintf("clock %s warns at %d %% of its limit", k.ID, k.Warn), "write warn: and 1 to 99")
	}
	if _, worded := c.recipe.Roles[k.Owner]; k.Owner != "" && !worded {
		c.fault("MBR115", o.spot("owner"), fmt.Sprintf("the recipe has no wording for the role %s of clock %s", k.Owner, k.ID), fmt.Sprintf("write %s: {en: …, es: …, de: …} under roles", k.Owner))
	}
	over, known := c.over(o, k)
	from, okFrom := c.event(o, "from", k.From)
	to, okTo := c.event(o, "to", k.To)
	if !okFrom || !okTo {
		return
	}
	if c.reaches(from) >= c.reaches(to) {
		c.fault("MBR703", o.spot("from"), fmt.Sprintf("clock %s starts at %s, which is not before its end %s", k.ID, k.From, k.To), "name the earlier event first")
		return
	}
	running := false
	for _, site := range keys(c.recipe.Variants) {
		if !k.Applies(site) {
			continue
		}
		running = true
		c.checkClockAt(o, k, site, from, to)
		if known {
			c.checkKept(o, k, site, from, to, over)
		}
	}
	if !running {
		return // that there is no such plant is a fault already
	}
	c.checkOften(o, k, from, to)
	for j, other := range c.recipe.Clocks[:i] {
		if other.From == k.From && other.To == k.To && sameOnly(other.Only, k.Only) {
			c.fault("MBR708", o.spot("from"), fmt.Sprintf("clock %s measures the same as %s", k.ID, c.recipe.Clocks[j].ID), "keep one of them")
		}
	}
}

func sameOnly(a, b []string) bool { return strings.Join(a, " ") == strings.Join(b, " ") }

func (c *compiler) over(o *object, k Clock) (over time.Duration, ok bool) {
	if k.Limit == "" {
		return 0, false
	}
	at := o.spot("limit")
	if id, isParam := strings.CutPrefix(k.Limit, ParamPrefix); isParam {
		c.used[k.Limit] = true
		if _, known := c.recipe.Parameters[id]; !known {
			c.fault("MBR106", at, fmt.Sprintf("there is no parameter %q", id), meant(id, keys(c.recipe.Parameters)))
			return 0, false
		}
	}
	over, err := c.recipe.Over(k)
	if err != nil || over <= 0 {
		c.fault("MBR705", at, fmt.Sprintf("the limit of clock %s is %s, which is no span of time", k.ID, k.Limit), `write a span such as "4 h", or a parameter in min, h or d`)
		return 0, false
	}
	return over, true
}

// event looks up where a clock starts or stops.
func (c *compiler) event(o *object, key, ref string) (event, bool) {
	at := o.spot(key)
	if ref == "" {
		return event{}, false
	}
	if id, what, ofStep := strings.Cut(ref, "@"); ofStep {
		s, known := c.recipe.steps[id]
		switch {
		case !known:
			c.fault("MBR103", at, fmt.Sprintf("there is no step %q", id), meant(id, keys(c.recipe.steps)))
			return event{}, false
		case what != Started && what != Completed:
			c.fault("MBR704", o.part(key, ref, len(id)+1, len(ref)), fmt.Sprintf("a step has no event %q", what), meant(what, []string{Started, Completed}))
			return event{}, false
		}
		c.tellsBy(s, o, key, ref)
		return event{step: s, ends: what == Completed}, true
	}
	f, known := c.fields[ref]
	switch {
	case !known:
		c.unknownField(ref, at)
		return event{}, false
	case c.broken[f]:
		return event{}, false
	case !f.isTime():
		c.fault("MBR704", at, fmt.Sprintf("%s is %s and no point in time", ref, f.Type), "name a datetime field, or "+f.Step+"@"+Started+" or "+f.Step+"@"+Completed)
		return event{}, false
	}
	s := c.recipe.steps[f.Step]
	c.tellsBy(s, o, key, ref)
	return event{step: s, field: f}, true
}

func (c *compiler) tellsBy(s *Step, o *object, key, ref string) {
	if s.Blind {
		c.fault("MBR325", o.spot(key), fmt.Sprintf("%s is blind, and a clock is seen by everybody: it would tell the arm (I11)", ref), "measure between steps that are not blind")
	}
}

// reaches orders the events of a recipe.
func (c *compiler) reaches(e event) int {
	within := 0
	switch {
	case e.ends:
		within = len(e.step.Fields) + 1
	case e.field != nil:
		for i, f := range e.step.Fields {
			if f == e.field {
				within = i + 1
			}
		}
	}
	return c.position[e.step]*10000 + within
}

func (e event) at(site string) bool {
	return e.step.Applies(site) && (e.field == nil || e.field.Applies(site))
}

func (c *compiler) checkClockAt(o *object, k Clock, site string, from, to event) {
	if !from.at(site) && !to.at(site) && len(k.Only) == 0 {
		c.faultAt(site, "MBR701", o.spot("from"), fmt.Sprintf("clock %s {at} never runs: neither %s nor %s is part of the recipe there", k.ID, k.From, k.To),
			"limit the clock to the plants that have its events, with only")
		return
	}
	if !from.at(site) {
		c.faultAt(site, "MBR701", o.spot("from"), fmt.Sprintf("clock %s {at} never starts: %s is not part of the recipe there", k.ID, k.From), "name an event that the plant has, or limit the clock with only")
	}
	if !to.at(site) {
		c.faultAt(site, "MBR702", o.spot("to"), fmt.Sprintf("clock %s {at} never stops: %s is not part of the recipe there", k.ID, k.To), "name an event that the plant has, or limit the clock with only")
	}
}

// checkKept holds the limit against the planned durations between the two events.
func (c *compiler) checkKept(o *object, k Clock, site string, from, to event, over time.Duration) {
	planned := time.Duration(0)
	for _, s := range c.order[c.position[from.step]:] {
		whole := s != from.step || from.field == nil && !from.ends
		if s == to.step {
			if whole && to.ends && s.Applies(site) {
				planned += s.Duration
			}
			break
		}
		if whole && s.Applies(site) {
			planned += s.Duration
		}
	}
	if planned > over {
		c.faultAt(site, "MBR707", o.spot("limit"), fmt.Sprintf("nothing can keep clock %s {at}: its steps are planned to take %s, its limit is %s", k.ID, span(planned), span(over)),
			"plan the steps shorter, or let the clock run longer")
	}
}

// checkOften warns of a clock whose events may not happen.
func (c *compiler) checkOften(o *object, k Clock, from, to event) {
	for _, x := range []struct {
		key string
		of  event
	}{{"from", from}, {"to", to}} {
		switch {
		case x.of.field != nil && x.of.field.Optional:
			c.fault("MBR216", o.spot(x.key), fmt.Sprintf("%s may stay empty, and clock %s needs it", x.of.field.Ref(), k.ID), "make the field required")
		case x.of.step.When != nil || x.of.field != nil && x.of.field.When != nil:
			c.fault("MBR709", o.spot(x.key), fmt.Sprintf("clock %s needs an event of %s, which is not always done", k.ID, x.of.step.ID), "name an event that always happens")
		}
	}
}
