package mbr

import (
	"fmt"
	"strings"

	"rexbatch/chainofcustody"
)

// made are the kinds of container that a plant's steps have made so far, each with the steps that did.
type made map[string][]*Step

// parties may have custody of a container (I6).
var parties = []string{string(chainofcustody.Hospital), string(chainofcustody.Courier), string(chainofcustody.Plant)}

// checkPlants walks the recipe as each plant executes it: what a step needs has to be there at that plant.
func (c *compiler) checkPlants() {
	for _, site := range keys(c.recipe.Variants) {
		m := made{}
		held := map[string]string{}
		steps := 0
		for _, s := range c.order {
			if !s.Applies(site) {
				continue
			}
			steps++
			c.checkCreations(site, s, m)
			c.checkScans(site, s, m)
			c.checkCustody(site, s, m, held)
		}
		if steps == 0 {
			c.fault("MBR608", c.of(c.recipe).spot("variants"), fmt.Sprintf("no step applies to %s", site), "write its steps, or leave the plant out")
		}
		c.checkLabels(site)
		c.checkLines(site)
		c.checkGroups(site)
	}
}

func (c *compiler) unmade(site string, at place, what, kind string, m made) {
	c.faultAt(site, "MBR113", at, fmt.Sprintf("%s %q, a container that no step up to here makes", what, kind), meant(kind, keys(m)))
}

func (c *compiler) checkCreations(site string, s *Step, m made) {
	for i, made := range s.Creates {
		o := c.of(s).item("creates", i)
		if !made.Applies(site) {
			continue
		}
		if made.From != "" && len(m[made.From]) == 0 {
			c.unmade(site, o.spot("from"), fmt.Sprintf("%s {at} makes %s from", s.ID, made.Kind), made.From, m)
		}
		if f, ok := s.Field(made.Count, site); made.Count != "" && (!ok || f.Type != TypeInt) {
			c.faultAt(site, "MBR514", o.spot("count"), fmt.Sprintf("%s {at} makes as many %s as %q says, which is no int field of the step", s.ID, made.Kind, made.Count), "name an int field of the step")
		} else if ok && f.Optional {
			c.faultAt(site, "MBR216", o.spot("count"), fmt.Sprintf("%s may stay empty, and says how many %s are made", f.Ref(), made.Kind), "make the field required")
		}
		if reserved(made.Kind) {
			c.faultAt(site, "MBR515", o.spot("kind"), fmt.Sprintf("%q is what any label or the wristband is called", made.Kind), "give the container another name")
		}
		for _, before := range m[made.Kind] {
			c.faultAt(site, "MBR516", o.spot("kind"), fmt.Sprintf("%s {at} makes %s, as %s did: a scan does not tell them apart", s.ID, made.Kind, before.ID), "give the container its own kind")
		}
		m[made.Kind] = append(m[made.Kind], s)
	}
	for i, r := range s.Relabels {
		o := c.of(s).item("relabels", i)
		if len(m[r.Kind]) == 0 {
			c.unmade(site, o.spot("kind"), s.ID+" {at} prints the product's label for", r.Kind, m)
		}
		if f, ok := s.Field(r.After, site); r.After != "" && (!ok || f.Optional || f.Type == TypeComputed) {
			c.faultAt(site, "MBR526", o.spot("after"), fmt.Sprintf("%s {at} prints labels after %q, which is no required field of the step", s.ID, r.After), "name a field that a person has to fill")
		}
	}
}

func reserved(kind string) bool {
	return kind == string(chainofcustody.AnyLabel) || kind == string(chainofcustody.Wristband)
}

func (c *compiler) checkScans(site string, s *Step, m made) {
	fields := s.FieldsAt(site)
	if s.Material && (len(fields) == 0 || fields[0].Type != TypeScan) {
		at := c.of(s).spot("material")
		if len(fields) > 0 {
			at = c.of(fields[0]).spot("type")
		}
		c.faultAt(site, "MBR523", at, fmt.Sprintf("%s {at} handles the patient's material, and its first field is no scan (I4)", s.ID), "let the step begin with the scan of the container")
	}
	if s.Material && len(fields) > 0 && fields[0].Type == TypeScan && (fields[0].Optional || fields[0].When != nil) {
		c.faultAt(site, "MBR524", c.of(fields[0]).at, fmt.Sprintf("%s {at} may be left out, and it is the scan of the patient's material (I4)", fields[0].Ref()), "let it be required in every case")
	}
	for _, f := range fields {
		if f.Type == TypeScan && f.Expect != "" && len(m[f.Expect]) == 0 && !reserved(f.Expect) {
			c.unmade(site, c.of(f).spot("expect"), fmt.Sprintf("%s {at} expects", f.Ref()), f.Expect, m)
		}
	}
}

// checkCustody holds that what changes hands is there, and that somebody takes it (I6). held is who has each container.
func (c *compiler) checkCustody(site string, s *Step, m made, held map[string]string) {
	if s.Custody == nil {
		return
	}
	o := c.of(s).child("custody")
	kind, holder := s.Custody.Container, s.Custody.Holder
	if kind != "" && len(m[kind]) == 0 {
		c.unmade(site, o.spot("container"), fmt.Sprintf("%s {at} hands over", s.ID), kind, m)
	}
	switch {
	case holder == "":
	case !isOneOf(holder, parties):
		c.faultAt(site, "MBR517", o.spot("holder"), fmt.Sprintf("nobody is called %q: neither hospital, courier nor plant (I6)", holder), meant(holder, parties))
	case held[kind] == holder:
		c.faultAt(site, "MBR518", o.spot("holder"), fmt.Sprintf("%s {at} hands %s to the %s, who has it already", s.ID, kind, holder), "name who takes it, or leave custody out")
	}
	held[kind] = holder
}

// checkLabels holds that a label that is printed is scanned back on its container before anything else is done (LB-3).
func (c *compiler) checkLabels(site string) {
	for i, s := range c.order {
		if !s.Applies(site) {
			continue
		}
		for j, made := range s.Creates {
			if made.Print && made.Applies(site) && !scanned(c.order[i:], made.Kind, site) {
				c.faultAt(site, "MBR525", c.of(s).item("creates", j).spot("print"), fmt.Sprintf("%s {at} prints the label of %s, and no step scans it", s.ID, made.Kind),
					fmt.Sprintf("write a scan field with expect: %s", made.Kind))
			}
		}
	}
}

func scanned(steps []*Step, kind, site string) bool {
	for _, s := range steps {
		if !s.Applies(site) {
			continue
		}
		for _, f := range s.FieldsAt(site) {
			if f.Type == TypeScan && f.Expect == kind {
				return true
			}
		}
	}
	return false
}

// checkGroups holds that the steps of a parallel group stand together: they are offered side by side.
func (c *compiler) checkGroups(site string) {
	members := map[string][]*Step{}
	var before *Step
	for _, s := range c.order {
		if !s.Applies(site) {
			continue
		}
		if s.Parallel != "" {
			if len(members[s.Parallel]) > 0 && before.Parallel != s.Parallel {
				c.faultAt(site, "MBR606", c.of(s).spot("parallel"), fmt.Sprintf("%s {at} does not stand beside the others of the group %s: %s is between them", s.ID, s.Parallel, before.ID),
					"move the step, or give it another group")
			}
			members[s.Parallel] = append(members[s.Parallel], s)
		}
		before = s
	}
	for _, group := range keys(members) {
		if len(members[group]) == 1 {
			s := members[group][0]
			c.faultAt(site, "MBR607", c.of(s).spot("parallel"), fmt.Sprintf("%s {at} is alone in the group %s", s.ID, group), meant(group, except(keys(members), group)))
		}
	}
}

func except(all []string, one string) []string {
	var out []string
	for _, s := range all {
		if s != one {
			out = append(out, s)
		}
	}
	return out
}

// checkFields holds that each field is asked for at a plant where its step is done.
func (c *compiler) checkFields(s *Step) {
	for _, f := range s.Fields {
		somewhere := false
		for site := range c.recipe.Variants {
			somewhere = somewhere || s.Applies(site) && f.Applies(site)
		}
		if !somewhere && len(f.Only) > 0 && len(s.Only) > 0 {
			c.fault("MBR608", c.of(f).spot("only"), fmt.Sprintf("%s applies to no plant: %s is done at %s only", f.Ref(), s.ID, strings.Join(s.Only, ", ")), "name a plant of the step, or leave only out")
		}
	}
}
