package area

import "rexbatch/internal/quantity"

// Grade is the cleanliness of a work area: of its critical zone, and behind the slash of the room around it.
type Grade string

// The grades. An open step needs grade A in B; a closed system or an isolator may stand in C or D (EU GMP Part IV §4).
const (
	AInB         Grade = "A/B"
	AInC         Grade = "A/C"
	AInD         Grade = "A/D"
	B            Grade = "B"
	C            Grade = "C"
	D            Grade = "D"
	Unclassified Grade = "unclassified"
)

// grades are the action limits of each grade in operation, for what is measured at the material: EU GMP Annex 1 (2022)
// table 5 for particles and table 6 for plates, Part IV §9 for gloves. Grade A allows no growth.
var grades = map[Grade]map[Kind]string{
	AInB:         critical,
	AInC:         critical,
	AInD:         critical,
	B:            {Particles05: "<=352000", Particles5: "<=2930", SettlePlate: "<=5", ContactPlate: "<=5", GlovePlate: "<=5"},
	C:            {Particles05: "<=3520000", Particles5: "<=29300", SettlePlate: "<=50", ContactPlate: "<=25"},
	D:            {SettlePlate: "<=100", ContactPlate: "<=50"},
	Unclassified: {},
}

var critical = map[Kind]string{Particles05: "<=3520", Particles5: "<=29", SettlePlate: "=0", ContactPlate: "=0", GlovePlate: "=0"}

// comfort are the limits of every classified area, whatever its grade (process S15).
var comfort = map[Kind]string{Pressure: ">=10", Temperature: "18..25"}

// LimitsFor are the limits of a grade, in the order of the kinds. A plant that has validated others states them
// when it registers the area.
func LimitsFor(g Grade) []Limits {
	var out []Limits
	for _, kind := range Kinds() {
		text, ok := grades[g][kind]
		if !ok && g != Unclassified {
			text, ok = comfort[kind]
		}
		if !ok {
			continue
		}
		limit, err := quantity.ParseLimit(text, kind.Unit())
		if err != nil {
			panic(err) // a constant of this file
		}
		out = append(out, Limits{Kind: kind, Action: limit})
	}
	return out
}
