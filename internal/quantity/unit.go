package quantity

import "slices"

// Unit is a code of the unit table; "" is a pure number. Another string cast to Unit is not a unit: every
// constructor of this package refuses it.
type Unit string

// ParseUnit gives the unit whose code is exactly s. There is no guessing: "10^3/uL", "10*3/uL" and "ML" are errors,
// because a unit taken for another one is a value wrong by a thousand (domain description, scenario 32).
func ParseUnit(s string) (Unit, error) {
	if _, ok := table[Unit(s)]; !ok {
		return "", fail(CodeUnknownUnit, "the unit {unit} is not in the unit table",
			"map the name that the device or the document uses to a code of the table", "unit", quote(s))
	}
	return Unit(s), nil
}

// Units lists every code of the table in alphabetical order, the pure number first.
func Units() []Unit {
	units := make([]Unit, 0, len(table))
	for u := range table {
		units = append(units, u)
	}
	slices.Sort(units)
	return units
}

// Known reports whether u is a code of the table.
func (u Unit) Known() bool { _, ok := table[u]; return ok }

// Label is the unit as printed beside a number: "10⁶/mL", "µL", "°C". It is empty for pure numbers, counts and
// ratios, and it is the code itself for a unit that is not in the table.
func (u Unit) Label() string {
	def, ok := table[u]
	if !ok {
		return string(u)
	}
	return def.label
}

// dimension counts the powers of what a unit is made of. Mul and Div compare them, so that mL times mL cannot
// become cells. Percentages, ratios and plain counts have none; cells and beads do, so that a bead count is never a cell count.
type dimension struct {
	cells, beads, volume, mass, endotoxin, time, length, temperature, pressure, energy, amount, force int8
}

func (d dimension) add(o dimension) dimension { return d.combine(o, 1) }
func (d dimension) sub(o dimension) dimension { return d.combine(o, -1) }

func (d dimension) combine(o dimension, sign int8) dimension {
	return dimension{
		d.cells + sign*o.cells, d.beads + sign*o.beads, d.volume + sign*o.volume, d.mass + sign*o.mass,
		d.endotoxin + sign*o.endotoxin, d.time + sign*o.time, d.length + sign*o.length,
		d.temperature + sign*o.temperature, d.pressure + sign*o.pressure, d.energy + sign*o.energy,
		d.amount + sign*o.amount, d.force + sign*o.force,
	}
}

// definition is a row of the unit table. One of the unit is exactly times/over × 10^power of the base unit of its
// dimension (cells, beads, mL, g, EU, min, cm, …); times and over are 1 where not written.
type definition struct {
	label  string
	dim    dimension
	power  int32
	times  int64
	over   int64
	group  string // units of one group convert into each other (In); "" converts into nothing
	affine bool   // the zero is arbitrary (°C), so the value cannot be multiplied
}
