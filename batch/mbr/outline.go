package mbr

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rexbatch/internal/quantity"
)

// part is a part of a recipe as Diff compares it: what it says, and the parts that it has. What is not in the outline has
// no meaning: the form of the file, its comments, the order of what is named.
type part struct {
	kind  string // "step", "field", "option": with the id it names the part among its neighbours
	id    string
	facts []fact
	parts []*part
}

// fact is one thing that a part says.
type fact struct {
	what   string
	lang   string // of an approved text
	value  string
	limit  quantity.Limit    // of a limit
	amount quantity.Quantity // of something that is more or less
}

func (p *part) say(what, value string) {
	if value != "" {
		p.facts = append(p.facts, fact{what: what, value: value})
	}
}

func (p *part) flag(what string, is bool) {
	if is {
		p.say(what, "yes")
	}
}

func (p *part) list(what string, values []string) { p.say(what, strings.Join(values, ", ")) }

func (p *part) number(what string, n int) {
	if n != 0 {
		p.say(what, strconv.Itoa(n))
	}
}

func (p *part) text(what string, t Text) {
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		p.facts = append(p.facts, fact{what: what, lang: lang, value: t[lang]})
	}
}

func (p *part) quantity(what string, q quantity.Quantity) {
	if !q.IsZero() {
		p.facts = append(p.facts, fact{what: what, value: q.String(), amount: q})
	}
}

// span says how long something takes; nothing for no time.
func (p *part) span(what string, d time.Duration) {
	switch {
	case d == 0:
	case d%time.Minute == 0:
		p.facts = append(p.facts, fact{what: what, value: span(d), amount: minutes(d)})
	default:
		p.say(what, d.String())
	}
}

func minutes(d time.Duration) quantity.Quantity {
	return quantity.New(int64(d/time.Minute), 0, "min")
}

// condition is compared without its spaces.
func (p *part) condition(what string, c *Condition) {
	if c != nil {
		p.say(what, strings.Join(strings.Fields(c.Source), " "))
	}
}

func (p *part) add(kind, id string) *part {
	child := &part{kind: kind, id: id}
	same := 0
	for _, other := range p.parts {
		if other.kind == kind && (other.id == id || strings.HasPrefix(other.id, id+"#")) {
			same++
		}
	}
	if same > 0 {
		child.id = fmt.Sprintf("%s#%d", id, same+1)
	}
	p.parts = append(p.parts, child)
	return child
}

// outline is everything that a recipe means.
func (r *Recipe) outline() *part {
	top := &part{kind: "recipe"}
	top.say("recipe", r.ID)
	top.number("version", r.Version)
	top.say("status", r.Status)
	top.text("title", r.Title)
	top.number("signatures per hour", r.Budget)
	if r.Split != nil {
		top.say("split after", r.Split.After)
		top.say("split volume", r.Split.Volume)
		top.say("split tolerance", r.Split.Tolerance)
	}
	r.outlineHead(top)
	for _, c := range r.Clocks {
		r.outlineClock(top.add("clock", c.ID), c)
	}
	for _, up := range r.UnitProcedures {
		u := top.add("unit procedure", up.ID)
		u.text("name", up.Name)
		for _, op := range up.Operations {
			u.add("operation", op.ID).text("name", op.Name)
		}
	}
	for _, up := range r.UnitProcedures {
		for _, op := range up.Operations {
			for _, s := range op.Steps {
				s.outline(top.add("step", s.ID), up.ID+" "+op.ID)
			}
		}
	}
	return top
}

func (r *Recipe) outlineHead(top *part) {
	for _, role := range slices.Sorted(maps.Keys(r.Roles)) {
		top.add("role", string(role)).text("wording", r.Roles[role])
	}
	for _, key := range keys(r.Parameters) {
		v := r.Parameters[key]
		p := top.add("parameter", v.ID)
		p.quantity("value", v.Value)
		p.say("source", string(v.Source))
		p.flag("demo", v.Demo)
		p.text("meaning", v.Meaning)
	}
	for _, key := range keys(r.Variants) {
		top.add("plant", r.Variants[key].Site).text("name", r.Variants[key].Name)
	}
	for _, code := range keys(r.Procedures) {
		top.add("procedure", code).text("name", r.Procedures[code])
	}
	for _, key := range keys(r.Materials) {
		m := r.Materials[key]
		p := top.add("material", m.ID)
		p.text("name", m.Name)
		p.say("unit", string(m.Unit))
		p.span("open for", m.OpenFor)
		p.flag("demo", m.Demo)
	}
	for _, key := range keys(r.Equipment) {
		e := r.Equipment[key]
		p := top.add("equipment", e.ID)
		p.text("name", e.Name)
		p.flag("daily control", e.Control)
	}
	for _, key := range keys(r.Areas) {
		a := r.Areas[key]
		p := top.add("area", a.ID)
		p.text("name", a.Name)
		p.text("grade", a.Grade)
		p.span("clearance", a.Clearance)
	}
}

func (r *Recipe) outlineClock(p *part, c Clock) {
	p.text("name", c.Name)
	p.say("from", c.From)
	p.say("to", c.To)
	over := fact{what: "limit", value: c.Limit}
	if d, err := r.Over(c); err == nil {
		over.amount = minutes(d)
	}
	p.facts = append(p.facts, over)
	p.number("warn", c.Warn)
	p.say("owner", string(c.Owner))
	p.say("late", string(c.Late))
	p.list("only", c.Only)
}

func (s *Step) outline(p *part, place string) {
	p.say("place", place)
	p.say("unit procedure", s.UnitProcedure)
	p.say("operation", s.Operation)
	p.text("name", s.Name)
	p.text("instruction", s.Instruction)
	p.say("performer", string(s.Performer))
	if s.Second != nil {
		p.say("second person", string(s.Second.Role))
		p.say("second person's mode", string(s.Second.Mode))
		p.say("second person's field", s.Second.Field)
		p.list("second person's fields", s.Second.Fields)
	}
	p.list("only", s.Only)
	p.condition("when", s.When)
	p.say("parallel", s.Parallel)
	p.list("at risk before", s.AtRisk)
	p.flag("material", s.Material)
	p.flag("critical", s.Critical)
	p.flag("closing", s.Closing)
	p.flag("safe", s.Safe)
	p.flag("blind", s.Blind)
	p.say("act", string(s.Act))
	p.list("training", s.Training)
	p.say("area", s.Area)
	p.say("line", string(s.Line))
	p.span("duration", s.Duration)
	p.list("flags", s.Flags)
	s.outlineUses(p)
	if s.Gate != nil {
		p.say("gate", s.Gate.Field)
		for _, d := range s.Gate.Decisions {
			p.add("decision", d.Code).say("then", string(d.Then))
		}
	}
	if s.Repeat != nil {
		p.say("repeat from", s.Repeat.From)
		p.number("repeat times", s.Repeat.Times)
	}
	if s.Custody != nil {
		p.say("custody of", s.Custody.Container)
		p.say("custody to", s.Custody.Holder)
	}
	for _, f := range s.Fields {
		f.outline(p.add("field", f.Ref()))
	}
}

func (s *Step) outlineUses(p *part) {
	for _, u := range s.Materials {
		p.add("material", u.Material).say("use", strings.TrimSpace("lot in "+u.Field+" "+u.Quantity))
	}
	for _, u := range s.Equipment {
		p.add("equipment", u.Kind).say("use", strings.TrimSpace("device in "+u.Field+" "+u.Programme))
	}
	for _, c := range s.Creates {
		made := p.add("container", c.Kind)
		made.say("from", c.From)
		made.say("count", c.Count)
		made.list("only", c.Only)
		made.flag("print", c.Print)
		made.text("label", c.Label)
	}
	for _, r := range s.Relabels {
		printed := p.add("product label", r.Kind)
		printed.say("after", r.After)
		printed.text("label", r.Label)
	}
}

func (f *Field) outline(p *part) {
	p.text("label", f.Label)
	p.say("type", string(f.Type))
	p.say("unit", string(f.Unit))
	p.number("decimals", f.Decimals)
	if !f.Limit.IsZero() {
		p.facts = append(p.facts, fact{what: "limit", value: f.Limit.String(), limit: f.Limit})
	}
	p.say("expect", f.Expect)
	p.flag("each", f.Each)
	for _, o := range f.Options {
		p.add("option", o.Code).text("name", o.Name)
	}
	p.flag("may stay empty", f.Optional)
	p.list("only", f.Only)
	p.condition("when", f.When)
	for i := range f.Checks {
		check := p.add("check", strings.Join(strings.Fields(f.Checks[i].That.Source), " "))
		check.text("wording", f.Checks[i].Else)
	}
	p.say("beyond", string(f.Beyond))
	p.say("material", f.Material)
	p.say("equipment", f.Device)
	p.say("captured", string(f.Captured))
	p.say("formula", string(f.Formula))
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		p.say("input "+name, f.Inputs[name])
	}
	p.condition("expression", f.Expr)
	p.say("result", f.Result)
	p.say("source", string(f.Source))
	p.flag("demo", f.Demo)
}
