package mbr

import (
	"fmt"

	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// read takes the whole file into the recipe. What it cannot read is a fault and left out.
func (c *compiler) read(o *object) {
	r := c.recipe
	c.at[r] = o
	r.ID, r.Status, r.Title = o.need("recipe"), o.text("status"), o.wording("title")
	c.name(r.ID, formOfCode, o.spot("recipe"), "a recipe", "REX-001")
	version, given := o.number("version")
	r.Version = version
	switch {
	case !given && !o.has("version"):
		c.fault("MBR006", o.at, `"version" is missing`, "write version: 1")
	case version < 1:
		c.fault("MBR005", o.spot("version"), "a version is a whole number from 1 on", "count versions from 1")
	}
	c.readHead(o)
	for i, u := range o.list("unit_procedures") {
		r.UnitProcedures = append(r.UnitProcedures, c.unitProcedure(u, i))
	}
	if !o.has("unit_procedures") {
		c.fault("MBR006", o.at, `"unit_procedures" is missing`, "write what is done")
	}
	o.done()
	c.order = r.Steps()
	for i, s := range c.order {
		c.position[s] = i
	}
}

// members are the entries of a section of the head.
func (c *compiler) members(o *object, key string) []named {
	section := o.child(key)
	if section == nil {
		return nil
	}
	return section.members()
}

func (c *compiler) readHead(o *object) {
	r := c.recipe
	for _, m := range c.members(o, "variants") {
		c.name(m.id, formOfPlant, m.at, "a plant", "ES-SVQ")
		r.Variants[m.id] = Variant{Site: m.id, Name: m.wording("name")}
		m.done()
	}
	if len(r.Variants) == 0 {
		c.fault("MBR006", o.spot("variants"), "a recipe needs the variant of at least one plant", "write variants: {ES-SVQ: {name: {…}}}")
	}
	for _, m := range c.members(o, "roles") {
		role, words := c.role(m.id, m.at), c.languages(m.object)
		if role != "" {
			r.Roles[role] = words
		}
	}
	for _, m := range c.members(o, "parameters") {
		r.Parameters[m.id] = c.parameter(m)
	}
	for _, m := range c.members(o, "procedures") {
		c.name(m.id, formOfCode, m.at, "a procedure", "SOP-PR-021")
		r.Procedures[m.id] = c.languages(m.object)
	}
	for _, m := range c.members(o, "materials") {
		c.name(m.id, formOfKind, m.at, "a material", "wash-buffer")
		unit, _ := m.unit("unit")
		if unit == "" {
			c.fault("MBR006", m.spot("unit"), "a material is counted in a unit", "write unit: mL")
		}
		r.Materials[m.id] = Material{ID: m.id, Name: m.wording("name"), Unit: unit, OpenFor: m.span("open_for"), Demo: m.flag("demo")}
		m.done()
	}
	for _, m := range c.members(o, "equipment") {
		c.name(m.id, formOfKind, m.at, "a kind of equipment", "balance")
		r.Equipment[m.id] = EquipmentKind{ID: m.id, Name: m.wording("name"), Control: m.flag("daily_control")}
		m.done()
	}
	for _, m := range c.members(o, "areas") {
		c.name(m.id, formOfKind, m.at, "a kind of work area", "aseptic")
		r.Areas[m.id] = AreaKind{ID: m.id, Name: m.wording("name"), Grade: m.wording("grade"), Clearance: m.span("clearance")}
		m.done()
	}
	for _, clock := range o.list("clocks") {
		r.Clocks = append(r.Clocks, c.clock(clock))
	}
	if p := o.child("split"); p != nil {
		r.Split = &Split{After: p.need("after"), Volume: p.need("volume"), Tolerance: p.need("tolerance")}
		p.done()
	}
	r.Budget, _ = o.number("signatures_per_hour")
	if r.Budget < 0 {
		c.fault("MBR005", o.spot("signatures_per_hour"), "a budget is not below zero", "write how many signatures an hour the plant accepts")
	}
}

func (c *compiler) parameter(m named) Parameter {
	c.name(m.id, formOfField, m.at, "a parameter", "dose_target")
	p := Parameter{ID: m.id, Source: Source(m.text("source")), Demo: m.flag("demo"), Meaning: m.wording("meaning")}
	unit, ok := m.unit("unit")
	value := m.need("value")
	if ok && value != "" {
		q, err := quantity.ParseCanonical(value, unit)
		if err != nil || q.Qualifier() != quantity.Exactly {
			c.fault("MBR202", m.spot("value"), fmt.Sprintf("%q is no number", value), `write it in quotes with a decimal point, such as "1.06"`)
		}
		p.Value = q
	}
	m.done()
	return p
}

func (c *compiler) clock(o *object) Clock {
	k := Clock{
		ID: o.need("id"), Name: o.wording("name"), From: o.need("from"), To: o.need("to"), Limit: o.need("limit"), Owner: o.role("owner"),
		Late: oneOf(o, "late", LateException, LateDeviation, LateBlock), Only: o.plants("only"),
	}
	k.Warn, _ = o.number("warn")
	if k.Late == "" && !o.has("late") {
		c.fault("MBR006", o.at, `"late" is missing`, "write late: exception, deviation or block")
	}
	c.name(k.ID, formOfKind, o.spot("id"), "a clock", "transport")
	for _, other := range c.recipe.Clocks {
		if other.ID == k.ID {
			c.fault("MBR102", o.spot("id"), fmt.Sprintf("there is a clock %q already", k.ID), "give each clock its own name")
		}
	}
	o.done()
	return k
}

func (c *compiler) unitProcedure(o *object, i int) UnitProcedure {
	up := UnitProcedure{ID: o.need("id"), Name: o.wording("name")}
	c.name(up.ID, formOfCode, o.spot("id"), "a unit procedure", "UP10")
	for _, before := range c.recipe.UnitProcedures[:i] {
		if before.ID == up.ID {
			c.fault("MBR102", o.spot("id"), fmt.Sprintf("there is a unit procedure %q already", up.ID), "give each its own name")
		}
	}
	for _, part := range o.list("operations") {
		op := Operation{ID: part.need("id"), Name: part.wording("name")}
		c.name(op.ID, formOfCode, part.spot("id"), "an operation", "OP10")
		c.operation(part, up.ID, &op)
		part.done()
		up.Operations = append(up.Operations, op)
	}
	if o.has("steps") {
		op := Operation{ID: up.ID, Name: up.Name}
		c.operation(o, up.ID, &op)
		up.Operations = append(up.Operations, op)
	}
	if len(up.Steps()) == 0 {
		c.fault("MBR006", o.at, fmt.Sprintf("unit procedure %s has no steps", up.ID), "write its steps, or leave it out")
	}
	o.done()
	return up
}

func (c *compiler) operation(o *object, up string, op *Operation) {
	for _, s := range o.list("steps") {
		op.Steps = append(op.Steps, c.step(s, up, op.ID))
	}
}

// step reads a step with its fields.
func (c *compiler) step(o *object, up, op string) *Step {
	s := &Step{
		ID: o.need("id"), UnitProcedure: up, Operation: op, Name: o.wording("name"), Instruction: o.wording("instruction"),
		Performer: o.role("performer"), Only: o.plants("only"), When: o.condition("when"), Parallel: o.text("parallel"), AtRisk: o.words("at_risk"),
		Material: o.flag("material"), Critical: o.flag("critical"), Closing: o.flag("closing"), Safe: o.flag("safe"), Blind: o.flag("blind"),
		Act: oneOf(o, "act", ActQAReview, ActCertification), Training: o.words("training"), Area: o.text("area"),
		Line: oneOf(o, "line", LineClear, LineFree), Duration: o.span("duration"), Flags: o.words("flags"),
	}
	c.at[s] = o
	c.name(s.ID, formOfStep, o.spot("id"), "a step", "S12")
	if _, twice := c.recipe.steps[s.ID]; twice {
		c.fault("MBR102", o.spot("id"), fmt.Sprintf("there is a step %s already", s.ID), "give each step its own id")
	} else {
		c.recipe.steps[s.ID] = s
	}
	if p := o.child("second"); p != nil {
		s.Second = &Second{Role: p.role("role"), Mode: oneOf(p, "mode", Confirms, ScansAgain, Retypes), Field: p.text("field"), Fields: p.words("fields")}
		if s.Second.Mode == "" {
			s.Second.Mode = Confirms
		}
		p.done()
	}
	for _, u := range o.list("materials") {
		s.Materials = append(s.Materials, MaterialUse{Material: u.need("material"), Field: u.need("field"), Quantity: u.text("quantity")})
		u.done()
	}
	for _, u := range o.list("equipment") {
		s.Equipment = append(s.Equipment, EquipmentUse{Kind: u.need("kind"), Field: u.need("field"), Programme: u.text("programme")})
		u.done()
	}
	c.flow(o, s)
	for _, f := range o.list("fields") {
		s.Fields = append(s.Fields, c.field(f, s))
	}
	o.done()
	return s
}

// flow reads how a step goes on, and what it makes and hands over.
func (c *compiler) flow(o *object, s *Step) {
	if g := o.child("gate"); g != nil {
		s.Gate = &Gate{Field: g.need("field")}
		for _, d := range g.list("decisions") {
			s.Gate.Decisions = append(s.Gate.Decisions, Decision{Code: d.need("code"), Then: oneOf(d, "then", GoOn, WithDeviation, Hold, Reject)})
			if !d.has("then") {
				c.fault("MBR006", d.at, `"then" is missing`, "write then: continue, deviation, hold or reject")
			}
			d.done()
		}
		g.done()
	}
	if p := o.child("repeat"); p != nil {
		s.Repeat = &Repeat{From: p.need("from")}
		s.Repeat.Times, _ = p.number("times")
		p.done()
	}
	if p := o.child("custody"); p != nil {
		s.Custody = &Custody{Container: p.need("container"), Holder: p.need("holder")}
		p.done()
	}
	for _, p := range o.list("creates") {
		made := Creation{
			Kind: p.need("kind"), From: p.text("from"), Count: p.text("count"), Only: p.plants("only"), Print: p.flag("print"), Label: p.wording("label"),
		}
		c.name(made.Kind, formOfKind, p.spot("kind"), "a kind of container", "harvest-bag")
		s.Creates = append(s.Creates, made)
		p.done()
	}
	for _, p := range o.list("relabels") {
		s.Relabels = append(s.Relabels, Relabel{Kind: p.need("kind"), After: p.text("after"), Label: p.wording("label")})
		p.done()
	}
}

var (
	fieldTypes = []FieldType{
		TypeText, TypeID, TypeDecimal, TypeInt, TypeBool, TypeEnum, TypeMulti, TypeDateTime, TypeDate, TypeScan, TypeLot, TypeDevice, TypeList,
		TypeFile, TypeComputed,
	}
	waysOfCapture = []Captured{ByTyping, ByScan, FromFile, FromOrder, ByFormula, FromLedger}
)

func (c *compiler) field(o *object, s *Step) *Field {
	f := &Field{
		ID: o.need("id"), Step: s.ID, Label: o.wording("label"), Type: oneOf(o, "type", fieldTypes...), Expect: o.text("expect"), Each: o.flag("each"),
		Only: o.plants("only"), When: o.condition("when"), Beyond: oneOf(o, "beyond", Comment, Block), Material: o.text("material"),
		Device: o.text("equipment"), Captured: oneOf(o, "captured", waysOfCapture...), Expr: o.condition("expr"),
		Result: oneOf(o, "result", ResultTime), Source: Source(o.text("source")), Demo: o.flag("demo"),
	}
	c.at[f] = o
	if !o.has("type") {
		c.fault("MBR006", o.at, `"type" is missing`, "write type: and one of the types of docs/recipe.md")
	}
	c.name(f.ID, formOfField, o.spot("id"), "a field", "net_volume")
	required, given := o.truth("required")
	f.Optional = given && !required
	f.Decimals, _ = o.number("decimals")
	for _, p := range o.list("options") {
		f.Options = append(f.Options, Option{Code: p.need("code"), Name: p.wording("name")})
		p.done()
	}
	for _, p := range o.list("checks") {
		check := Check{Else: p.wording("else")}
		if that := p.condition("that"); that != nil {
			check.That = *that
		} else {
			c.fault("MBR006", p.at, `"that" is missing`, "write that: 'this …'")
		}
		f.Checks = append(f.Checks, check)
		p.done()
	}
	c.formulaOf(o, f)
	unit, ok := o.unit("unit")
	f.Unit = unit
	if ok {
		c.limit(o, f)
	} else {
		o.text("limit")
	}
	c.broken[f] = !ok || !isOneOf(f.Type, fieldTypes)
	o.done()
	ref := f.Ref()
	if _, twice := c.fields[ref]; twice {
		c.fault("MBR102", o.spot("id"), fmt.Sprintf("%s is defined twice", ref), "give each field of a step its own id")
		return f
	}
	c.fields[ref] = f
	return f
}

// roles that a step names: its performer and its second person.
func (s *Step) roles() []people.Role {
	roles := []people.Role{s.Performer}
	if s.Second != nil {
		roles = append(roles, s.Second.Role)
	}
	return roles
}
