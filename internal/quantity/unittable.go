package quantity

// The groups inside which In converts. Only pairs that the process meets: analysers report 10^9/L, the recipe 10^6/mL (F07).
const (
	volumes        = "volume"
	masses         = "mass"
	durations      = "time"
	concentrations = "cells per volume"
)

var (
	perVolume = dimension{cells: 1, volume: -1}
	pure      = dimension{}
)

// table is every unit of the process. Codes are part of the stored record: a code may be added, never changed or reused.
//
// A percentage carries its base as a unit of its own, so that "% of WBC" cannot be compared with "% of CD34".
// All of them are fractions for Mul and Div: cells times "% of WBC" is cells.
var table = map[Unit]definition{
	"":            {label: "", dim: pure},
	"n":           {label: "", dim: pure}, // a count of events, tubes, pulls
	"x":           {label: "×", dim: pure},
	"ratio":       {label: "", dim: pure},
	"pcs":         {label: "pcs", dim: pure},
	"CFU":         {label: "CFU", dim: pure}, // colonies on one plate
	"%":           {label: "%", dim: pure, power: -2},
	"% of WBC":    {label: "% of WBC", dim: pure, power: -2},
	"% of CD34":   {label: "% of CD34", dim: pure, power: -2},
	"% of CD45+":  {label: "% of CD45+", dim: pure, power: -2},
	"per 100 WBC": {label: "/100 WBC", dim: pure, power: -2},

	"mL": {label: "mL", dim: dimension{volume: 1}, group: volumes},
	"L":  {label: "L", dim: dimension{volume: 1}, power: 3, group: volumes},
	"uL": {label: "µL", dim: dimension{volume: 1}, power: -3, group: volumes},

	"g":    {label: "g", dim: dimension{mass: 1}, group: masses},
	"kg":   {label: "kg", dim: dimension{mass: 1}, power: 3, group: masses},
	"mg":   {label: "mg", dim: dimension{mass: 1}, power: -3, group: masses},
	"g/mL": {label: "g/mL", dim: dimension{mass: 1, volume: -1}},

	"min":   {label: "min", dim: dimension{time: 1}, group: durations},
	"h":     {label: "h", dim: dimension{time: 1}, times: 60, group: durations},
	"d":     {label: "d", dim: dimension{time: 1}, times: 1440, group: durations},
	"1/min": {label: "1/min", dim: dimension{time: -1}},

	"cells":    {label: "cells", dim: dimension{cells: 1}},
	"cells/kg": {label: "cells/kg", dim: dimension{cells: 1, mass: -1}, power: -3},
	"10^6/mL":  {label: "10⁶/mL", dim: perVolume, power: 6, group: concentrations},
	"10^9/mL":  {label: "10⁹/mL", dim: perVolume, power: 9, group: concentrations},
	"10^9/L":   {label: "10⁹/L", dim: perVolume, power: 6, group: concentrations},
	"10^12/L":  {label: "10¹²/L", dim: perVolume, power: 9, group: concentrations},
	"/uL":      {label: "/µL", dim: perVolume, power: 3, group: concentrations},
	"/10^5":    {label: "/10⁵", dim: dimension{cells: -1}, power: -5}, // colonies per 10^5 cells plated
	"/10^6":    {label: "/10⁶", dim: dimension{cells: -1}, power: -6},

	"beads":    {label: "beads", dim: dimension{beads: 1}},
	"beads/uL": {label: "beads/µL", dim: dimension{beads: 1, volume: -1}, power: 3},

	"EU/mL":   {label: "EU/mL", dim: dimension{endotoxin: 1, volume: -1}},
	"EU/kg":   {label: "EU/kg", dim: dimension{endotoxin: 1, mass: -1}, power: -3},
	"EU/kg/h": {label: "EU/kg/h", dim: dimension{endotoxin: 1, mass: -1, time: -1}, power: -3, over: 60},

	"degC":   {label: "°C", dim: dimension{temperature: 1}, affine: true},
	"Pa":     {label: "Pa", dim: dimension{pressure: 1}},
	"cm":     {label: "cm", dim: dimension{length: 1}},
	"xg":     {label: "×g", dim: dimension{force: 1}}, // relative centrifugal force; "g" is the gram
	"/m3":    {label: "/m³", dim: dimension{volume: -1}, power: -6},
	"kJ/mol": {label: "kJ/mol", dim: dimension{energy: 1, amount: -1}},
}
