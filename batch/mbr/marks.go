package mbr

import (
	"fmt"
	"slices"
	"strings"
)

// Flags are the marks for people that a step may have; they change nothing in its execution.
var Flags = []string{
	"blind", "blocking", "clock-expiry", "clock-t0", "coi-check", "coi-issue", "computed", "custody", "em", "fio", "gate", "hold-point", "import",
	"ipc", "label-recon", "label-recon-open", "late-result", "review", "sample", "signature", "spec", "timer",
}

var sources = []Source{Published, Similar, Practice, Chosen}

// statusApproved is the status of a version for routine use.
const statusApproved = "approved"

// checkMarks holds where numbers come from, and that nothing is declared and never used.
func (c *compiler) checkMarks() {
	r, head := c.recipe, c.of(c.recipe)
	for _, m := range c.members(head, "parameters") {
		p := r.Parameters[m.id]
		c.checkSource(m.object, "parameter "+m.id, p.Source, p.Demo, true)
		if !c.used[ParamPrefix+m.id] {
			c.fault("MBR116", m.at, fmt.Sprintf("the parameter %s is never used", m.id), "use it, or leave it out")
		}
		if p.Demo {
			c.checkDemo(m.object, "parameter "+m.id)
		}
	}
	for _, m := range c.members(head, "materials") {
		if r.Materials[m.id].Demo {
			c.checkDemo(m.object, "material "+m.id)
		}
	}
	for _, section := range []struct{ key, one string }{{"procedures", "procedure"}, {"materials", "material"}, {"equipment", "equipment"}, {"areas", "area"}} {
		for _, m := range c.members(head, section.key) {
			if !c.used[section.one+" "+m.id] {
				c.fault("MBR117", m.at, fmt.Sprintf("nothing uses the %s %s", section.one, m.id), "use it, or leave it out")
			}
		}
	}
	safe := false
	for _, s := range c.order {
		safe = safe || s.Safe
		for i, flag := range s.Flags {
			if !slices.Contains(Flags, flag) {
				c.fault("MBR903", c.of(s).element("flags", i), fmt.Sprintf("nobody knows the flag %q", flag), meant(flag, Flags))
			}
		}
		for _, f := range s.Fields {
			limited := !f.Limit.IsZero()
			c.checkSource(c.of(f), f.Ref(), f.Source, f.Demo, limited)
			if limited && f.Source == "" {
				c.fault("MBR904", c.of(f).spot("limit"), fmt.Sprintf("nothing says where the limit of %s comes from", f.Ref()), "write source: P, S, K or C")
			}
			if f.Demo {
				c.checkDemo(c.of(f), f.Ref())
			}
		}
	}
	if !safe && len(c.order) > 0 {
		c.fault("MBR612", head.spot("unit_procedures"), "no step is safe: a stop of the batch never takes effect between two of them", "write safe: true where nothing is left half way")
	}
}

func (c *compiler) checkSource(o *object, what string, source Source, demo, number bool) {
	if source != "" && !slices.Contains(sources, source) {
		c.fault("MBR901", o.spot("source"), fmt.Sprintf("%q is no source of a number", source), "write P published, S similar product, K practice or C chosen")
	}
	if number && source == Chosen && !demo && !strings.EqualFold(c.recipe.Status, statusApproved) {
		c.fault("MBR902", o.spot("source"), fmt.Sprintf("%s was chosen for this version and is not marked as such", what), "write demo: true until it is replaced by a justified number")
	}
}

func (c *compiler) checkDemo(o *object, what string) {
	if strings.EqualFold(c.recipe.Status, statusApproved) {
		c.fault("MBR905", o.spot("demo"), fmt.Sprintf("%s is for demonstration, and the version is approved", what), "replace it by a justified number")
	}
}

// DemoNumbers counts the numbers that nobody has published: they are replaced before the version is approved.
func (r *Recipe) DemoNumbers() int {
	n := 0
	for _, p := range r.Parameters {
		if p.Demo {
			n++
		}
	}
	for _, m := range r.Materials {
		if m.Demo {
			n++
		}
	}
	for _, s := range r.Steps() {
		for _, f := range s.Fields {
			if f.Demo {
				n++
			}
		}
	}
	return n
}
