package mbr

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/internal/quantity"
)

// checkFloor holds what a step takes from the floor: lots, devices and the work area (AT-10, AT-21, CS-67).
func (c *compiler) checkFloor(s *Step) {
	o := c.of(s)
	for i, u := range s.Materials {
		c.checkMaterialUse(o.item("materials", i), s, u)
	}
	for i, u := range s.Equipment {
		c.checkEquipmentUse(o.item("equipment", i), s, u)
	}
	if s.Area != "" {
		c.used["area "+s.Area] = true
		if _, known := c.recipe.Areas[s.Area]; !known {
			c.fault("MBR112", o.spot("area"), fmt.Sprintf("there is no kind of work area %q", s.Area), meant(s.Area, keys(c.recipe.Areas)))
		}
	}
	if s.Line != "" && s.Area == "" {
		c.fault("MBR512", o.spot("line"), fmt.Sprintf("%s clears or frees a line, but not which one", s.ID), "write area: and the kind of work area")
	}
	if s.Line == LineClear && s.Second == nil {
		c.fault("MBR513", o.spot("line"), fmt.Sprintf("%s clears a line with one person alone (I5)", s.ID), "write second: with another person")
	}
	if a, known := c.recipe.Areas[s.Area]; known && s.Line == LineClear && a.Clearance == 0 {
		c.fault("MBR521", o.spot("line"), fmt.Sprintf("nothing says how long the clearance of %s is valid", s.Area), "write clearance: under areas, such as 4 h")
	}
	if s.Duration == 0 && s.Act == "" && (len(s.Materials) > 0 || len(s.Equipment) > 0) {
		c.fault("MBR519", o.at, fmt.Sprintf("%s uses materials or devices, and nothing says for how long", s.ID), "write duration: so that what it uses is good until its end")
	}
	for i, f := range s.Fields {
		c.checkFloorField(s, i, f)
	}
}

// checkFloorField holds lots and devices that are captured against those that the step uses.
func (c *compiler) checkFloorField(s *Step, i int, f *Field) {
	o := c.of(f)
	switch {
	case f.Type == TypeLot && f.Material == "":
		c.fault("MBR503", o.at, fmt.Sprintf("%s takes a lot of anything", f.Ref()), "write material: and the material of the recipe")
	case f.Type == TypeDevice && f.Device == "":
		c.fault("MBR504", o.at, fmt.Sprintf("%s takes any device", f.Ref()), "write equipment: and the kind of device of the recipe")
	case f.Type != TypeLot && f.Material != "":
		c.fault("MBR501", o.spot("material"), fmt.Sprintf("%s is %s and holds no lot", f.Ref(), f.Type), "make it lot, or leave material out")
	case f.Type != TypeDevice && f.Device != "":
		c.fault("MBR505", o.spot("equipment"), fmt.Sprintf("%s is %s and holds no device", f.Ref(), f.Type), "make it equipment, or leave equipment out")
	}
	if f.Material != "" {
		c.used["material "+f.Material] = true
		if _, known := c.recipe.Materials[f.Material]; !known {
			c.fault("MBR110", o.spot("material"), fmt.Sprintf("there is no material %q", f.Material), meant(f.Material, keys(c.recipe.Materials)))
		}
	}
	if f.Device != "" {
		c.used["equipment "+f.Device] = true
		if _, known := c.recipe.Equipment[f.Device]; !known {
			c.fault("MBR111", o.spot("equipment"), fmt.Sprintf("there is no kind of equipment %q", f.Device), meant(f.Device, keys(c.recipe.Equipment)))
		}
	}
	if f.Type == TypeLot && f.Material != "" && !usesField(s.Materials, f.ID) {
		c.fault("MBR506", o.spot("type"), fmt.Sprintf("%s is recorded, but the step does not use it: nobody checks the lot", f.Ref()),
			fmt.Sprintf("write {material: %s, field: %s} under materials of %s", f.Material, f.ID, s.ID))
	}
	if f.Type == TypeDevice && f.Device != "" && !usesDevice(s.Equipment, f.ID) {
		c.fault("MBR506", o.spot("type"), fmt.Sprintf("%s is recorded, but the step does not use it: nobody checks the device", f.Ref()),
			fmt.Sprintf("write {kind: %s, field: %s} under equipment of %s", f.Device, f.ID, s.ID))
	}
}

func usesField(uses []MaterialUse, id string) bool {
	for _, u := range uses {
		if u.Field == id {
			return true
		}
	}
	return false
}

func usesDevice(uses []EquipmentUse, id string) bool {
	for _, u := range uses {
		if u.Field == id {
			return true
		}
	}
	return false
}

// field finds a field of the step by its id, at whichever plant.
func (s *Step) field(id string) (*Field, bool) {
	for _, f := range s.Fields {
		if f.ID == id {
			return f, true
		}
	}
	return nil, false
}

func (s *Step) fieldIDs() []string {
	var ids []string
	for _, f := range s.Fields {
		ids = append(ids, f.ID)
	}
	return ids
}

func (c *compiler) checkMaterialUse(o *object, s *Step, u MaterialUse) {
	m, known := c.recipe.Materials[u.Material]
	c.used["material "+u.Material] = true
	if !known && u.Material != "" {
		c.fault("MBR110", o.spot("material"), fmt.Sprintf("there is no material %q", u.Material), meant(u.Material, keys(c.recipe.Materials)))
	}
	f, ok := s.field(u.Field)
	switch {
	case u.Field == "":
	case !ok:
		c.fault("MBR103", o.spot("field"), fmt.Sprintf("step %s has no field %q", s.ID, u.Field), meant(u.Field, s.fieldIDs()))
	case f.Type != TypeLot || f.Material != "" && f.Material != u.Material:
		c.fault("MBR501", o.spot("field"), fmt.Sprintf("%s holds no lot of %s", f.Ref(), u.Material), "name the lot field of that material")
	}
	if u.Quantity == "" || !known {
		return
	}
	at := o.spot("quantity")
	if q, ok := s.field(u.Quantity); ok {
		switch {
		case c.broken[q]:
		case !q.isNumber():
			c.fault("MBR502", at, fmt.Sprintf("%s is no number: so much of %s is no quantity", q.Ref(), u.Material), `name a number field, or write an amount such as "30 mL"`)
		case !converts(q.Unit, m.Unit):
			c.fault("MBR502", at, fmt.Sprintf("%s is in %q, and %s is counted in %q", q.Ref(), q.Unit, u.Material, m.Unit), fmt.Sprintf("name a field in %q", m.Unit))
		case q.Optional:
			c.fault("MBR216", at, fmt.Sprintf("%s may stay empty, and says how much of %s is used", q.Ref(), u.Material), "make the field required")
		}
		return
	}
	amount, err := c.recipe.amount(u.Quantity)
	if id, isParam := strings.CutPrefix(u.Quantity, ParamPrefix); isParam {
		c.used[u.Quantity] = true
		if _, known := c.recipe.Parameters[id]; !known {
			c.fault("MBR106", at, fmt.Sprintf("there is no parameter %q", id), meant(id, keys(c.recipe.Parameters)))
			return
		}
	}
	switch {
	case err != nil:
		c.fault("MBR502", at, fmt.Sprintf("%q is neither a field of the step nor an amount", u.Quantity), meant(u.Quantity, s.fieldIDs()))
	case amount.Sign() <= 0:
		c.fault("MBR502", at, fmt.Sprintf("%s of %s is nothing", amount, u.Material), "write how much is used, or leave quantity out")
	case !converts(amount.Unit(), m.Unit):
		c.fault("MBR502", at, fmt.Sprintf("%s is no quantity of %s, which is counted in %q", amount, u.Material, m.Unit), fmt.Sprintf("write it in %q", m.Unit))
	}
}

func (c *compiler) checkEquipmentUse(o *object, s *Step, u EquipmentUse) {
	c.used["equipment "+u.Kind] = true
	if _, known := c.recipe.Equipment[u.Kind]; !known && u.Kind != "" {
		c.fault("MBR111", o.spot("kind"), fmt.Sprintf("there is no kind of equipment %q", u.Kind), meant(u.Kind, keys(c.recipe.Equipment)))
	}
	f, ok := s.field(u.Field)
	switch {
	case u.Field == "":
	case !ok:
		c.fault("MBR103", o.spot("field"), fmt.Sprintf("step %s has no field %q", s.ID, u.Field), meant(u.Field, s.fieldIDs()))
	case f.Type != TypeDevice || f.Device != "" && f.Device != u.Kind:
		c.fault("MBR505", o.spot("field"), fmt.Sprintf("%s holds no device of kind %s", f.Ref(), u.Kind), "name the equipment field of that kind")
	}
	if u.Programme == "" {
		return
	}
	p, ok := s.field(u.Programme)
	switch {
	case !ok:
		c.fault("MBR103", o.spot("programme"), fmt.Sprintf("step %s has no field %q", s.ID, u.Programme), meant(u.Programme, s.fieldIDs()))
	case p.Type != TypeText && p.Type != TypeID && p.Type != TypeEnum:
		c.fault("MBR505", o.spot("programme"), fmt.Sprintf("%s is %s and names no programme", p.Ref(), p.Type), "name a text field")
	}
}

// line is what is known of a work area while the steps of a plant are walked.
type line struct {
	cleared *Step
	planned time.Duration // since it was cleared
	assumed bool          // it was not cleared, and that is a fault already
	over    bool          // that it is planned too long is a fault already
}

// checkLines walks a plant's steps: an area is cleared, used and given back, in this order (I5).
func (c *compiler) checkLines(site string) {
	lines := map[string]*line{}
	clears := map[string]bool{} // areas that the plant clears at all
	var steps []*Step
	for _, s := range c.order {
		if _, known := c.recipe.Areas[s.Area]; s.Applies(site) && (known || s.Area == "") {
			steps = append(steps, s)
			clears[s.Area] = clears[s.Area] || s.Line == LineClear
		}
	}
	for _, s := range steps {
		for _, l := range lines {
			l.planned += s.Duration
		}
		if s.Area != "" {
			c.checkLine(site, s, lines, clears[s.Area])
		}
	}
	for _, kind := range keys(lines) {
		if l := lines[kind]; !l.assumed {
			c.faultAt(site, "MBR509", c.of(l.cleared).spot("line"), fmt.Sprintf("%s {at} clears %s, and no later step gives it back", l.cleared.ID, kind), "give the area back in a later step, with line: free")
		}
	}
}

func (c *compiler) checkLine(site string, s *Step, lines map[string]*line, clears bool) {
	o, l := c.of(s), lines[s.Area]
	fix := "clear the line in an earlier step, with line: clear"
	switch {
	case s.Line == LineClear && l != nil && !l.assumed:
		c.faultAt(site, "MBR511", o.spot("line"), fmt.Sprintf("%s {at} clears %s again, which %s did not give back", s.ID, s.Area, l.cleared.ID), "give the area back first, with line: free")
	case s.Line == LineClear:
		lines[s.Area] = &line{cleared: s}
	case s.Line == LineFree && l == nil:
		c.faultAt(site, "MBR510", o.spot("line"), fmt.Sprintf("%s {at} gives back %s, which no step before it cleared", s.ID, s.Area), fix)
	case l == nil && clears:
		c.faultAt(site, "MBR508", o.spot("area"), fmt.Sprintf("%s {at} works in %s, which is not cleared at that point (I5)", s.ID, s.Area), fix)
		lines[s.Area] = &line{cleared: s, assumed: true}
	case l == nil && c.recipe.Areas[s.Area].Clearance > 0:
		c.faultAt(site, "MBR507", o.spot("area"), fmt.Sprintf("%s {at} works in %s, which no step clears (I5)", s.ID, s.Area), fix)
		lines[s.Area] = &line{cleared: s, assumed: true}
	case l != nil:
		c.checkClearance(s, site, l)
	}
	if s.Line == LineFree {
		delete(lines, s.Area)
	}
}

func (c *compiler) checkClearance(s *Step, site string, l *line) {
	valid := c.recipe.Areas[s.Area].Clearance
	if valid <= 0 || l.planned <= valid || l.assumed || l.over {
		return
	}
	l.over = true
	c.faultAt(site, "MBR522", c.of(s).spot("area"), fmt.Sprintf("%s {at} is planned to end %s after %s cleared %s, which is valid for %s", s.ID, span(l.planned), l.cleared.ID, s.Area, span(valid)),
		"clear the line later, or let the clearance be valid for longer")
}

// span writes a duration as recipes do: "4 h", "30 min".
func span(d time.Duration) string {
	minutes := int64(d / time.Minute)
	if minutes%60 == 0 {
		return quantity.New(minutes/60, 0, "h").String()
	}
	return quantity.New(minutes, 0, "min").String()
}
