package formula

import "rexbatch/internal/quantity"

const process = "domain description 2.2"

// percentages are the units in which a share may come; the recipe says of what.
var percentages = []quantity.Unit{"% of WBC", "% of CD34", "% of CD45+"}

// definitions is every formula. Names of inputs are part of approved recipes: they do not change.
var definitions = []Definition{
	{
		ID: "F01", Version: 1, Title: "Net volume from mass", Expression: "(gross - tare) / density", Source: process,
		Inputs: []Param{{Name: "gross_g", Unit: "g"}, {Name: "tare_g", Unit: "g"}, {Name: "density_g_per_ml", Unit: "g/mL"}},
		Result: "mL", compute: netVolume,
	},
	{
		ID: "F02", Version: 1, Title: "Total cells", Expression: "concentration × volume × dilution", Source: process,
		Inputs: []Param{{Name: "conc_e6_per_ml", Unit: "10^6/mL"}, {Name: "volume_ml", Unit: "mL"}, {Name: "dilution", Unit: "x"}},
		Result: "cells", compute: totalCells,
	},
	{
		ID: "F03", Version: 1, Title: "Viability", Expression: "live / (live + dead) × 100", Source: process,
		Inputs: []Param{{Name: "live", Unit: "n"}, {Name: "dead", Unit: "n"}},
		Result: "%", compute: viability,
	},
	{
		ID: "F04", Version: 1, Title: "Mononuclear cells", Expression: "cells × (lymphocytes + monocytes) / 100", Source: process,
		Inputs: []Param{{Name: "tnc", Unit: "cells"}, {Name: "lymph_pct", Unit: "% of WBC", Also: []quantity.Unit{"%"}},
			{Name: "mono_pct", Unit: "% of WBC", Also: []quantity.Unit{"%"}}},
		Result: "cells", compute: mononuclear,
	},
	{
		ID: "F05", Version: 1, Title: "Recovery", Expression: "out / (concentration in × (received - sampled)) × 100; above 100 is possible", Source: process,
		Inputs: []Param{{Name: "mnc_conc_in", Unit: "10^6/mL"}, {Name: "vol_received", Unit: "mL"}, {Name: "vol_sampled", Unit: "mL"},
			{Name: "mnc_out_total", Unit: "cells"}},
		Result: "%", compute: recovery,
	},
	{
		ID: "F06", Version: 1, Title: "Red cell depletion", Expression: "(1 - out / in) × 100; below 0 when more came out than went in", Source: process,
		Inputs: []Param{{Name: "rbc_in", Unit: "cells"}, {Name: "rbc_out", Unit: "cells"}},
		Result: "%", compute: depletion,
	},
	{
		ID: "F07", Version: 1, Title: "Red cells per white cell", Expression: "RBC / WBC, both per mL", Source: process + "; patent claim 1",
		Inputs: []Param{{Name: "rbc_per_ml_e9", Unit: "10^9/mL"}, {Name: "wbc_per_ml_e6", Unit: "10^6/mL"}},
		Result: "ratio",
		// The classic mistake is 0.16/40: the inputs are in 10^9 and 10^6 per mL.
		compute: func(n *numbers) decimal {
			return n.div(times10(n.get("rbc_per_ml_e9"), 3), n.get("wbc_per_ml_e6"), "the white cell count")
		},
	},
	{
		ID: "F08", Version: 1, Title: "Platelets per white cell", Expression: "PLT / WBC, both per mL", Source: process + "; patent claim 1",
		Inputs: []Param{{Name: "plt_per_ml_e6", Unit: "10^6/mL"}, {Name: "wbc_per_ml_e6", Unit: "10^6/mL"}},
		Result: "ratio",
		compute: func(n *numbers) decimal {
			return n.div(n.get("plt_per_ml_e6"), n.get("wbc_per_ml_e6"), "the white cell count")
		},
	},
	{
		ID: "F09", Version: 1, Title: "Volume for the dose", Expression: "target / viable concentration; whether there is enough: DoseVolume", Source: process,
		Inputs: []Param{{Name: "target_total", Unit: "cells"}, {Name: "viable_conc_e6_per_ml", Unit: "10^6/mL"}},
		Result: "mL",
		compute: func(n *numbers) decimal {
			return n.div(times10(n.get("target_total"), -6), n.get("viable_conc_e6_per_ml"), "the viable concentration")
		},
	},
	{
		ID: "F10", Version: 1, Title: "Endotoxin limit", Expression: "K × weight / volume given per hour", Source: process + "; Ph. Eur. 5.1.10",
		Inputs: []Param{{Name: "K", Unit: "EU/kg/h"}, {Name: "weight_kg", Unit: "kg"}, {Name: "volume_ml", Unit: "mL"}},
		Result: "EU/mL",
		compute: func(n *numbers) decimal {
			return n.div(n.mul(n.get("K"), n.get("weight_kg")), n.get("volume_ml"), "the volume per hour")
		},
	},
	{
		ID: "F10M", Version: 1, Title: "Highest valid dilution of the endotoxin test", Expression: "limit / lambda", Source: process + "; Ph. Eur. 2.6.14",
		Inputs: []Param{{Name: "limit_eu_per_ml", Unit: "EU/mL"}, {Name: "lambda_eu_per_ml", Unit: "EU/mL"}},
		Result: "x",
		compute: func(n *numbers) decimal {
			return n.div(n.get("limit_eu_per_ml"), n.get("lambda_eu_per_ml"), "the sensitivity lambda")
		},
	},
	{
		ID: "F11", Version: 1, Title: "Expiry", Expression: "the earliest of: collection + limit, end of formulation + shelf life, every material limit", Source: process,
		Inputs: []Param{{Name: "t0", Time: true}, {Name: "limit", Unit: "h"}, {Name: "formulated", Time: true}, {Name: "shelf_life", Unit: "h"},
			{Name: "material_limits", Time: true, Series: true, Optional: true}},
		Function: "Expiry",
	},
	{
		ID: "F12", Version: 1, Title: "Relative centrifugal force", Expression: "1.118×10⁻⁵ × radius × rpm²", Source: process,
		Inputs: []Param{{Name: "rpm", Unit: "1/min"}, {Name: "radius_cm", Unit: "cm"}},
		Result: "xg",
		compute: func(n *numbers) decimal {
			return n.mul(number("1.118e-5"), n.mul(n.get("radius_cm"), n.mul(n.get("rpm"), n.get("rpm"))))
		},
	},
	{
		ID: "F13", Version: 1, Title: "Mean kinetic temperature", Expression: "(ΔH/R) / -ln(mean(exp(-ΔH/(R T))))", Source: process + "; USP <1079.2>",
		Inputs: []Param{{Name: "temps", Unit: "degC", Series: true}, {Name: "dH_kJ", Unit: "kJ/mol"}},
		Result: "degC", Function: "temperature.MeanKinetic",
	},
	{
		ID: "F14", Version: 1, Title: "Counting error", Expression: "100 / √events", Source: process,
		Inputs: []Param{{Name: "events", Unit: "n"}},
		Result: "%", compute: countingError,
	},
	{
		// Version 2: a reading stands for one interval at most, the last one too; version 1 ended the record with the last reading
		// and let a reading stand through a gap.
		ID: "F15", Version: 2, Title: "Time out of range", Expression: "for each crossing of the limit: from the first reading beyond to the first within, or to the end of the last interval before a gap", Source: process,
		Inputs: []Param{{Name: "readings", Unit: "degC", Series: true}, {Name: "times", Time: true, Series: true}},
		Result: "min", Function: "temperature.OutOfRange",
	},
	{
		ID: "F16", Version: 1, Title: "Sum of the differential", Expression: "lymphocytes + monocytes + granulocytes + others; within 100 ± 1: DifferentialSum", Source: process,
		Inputs: []Param{{Name: "lymph", Unit: "%", Also: percentages[:1]}, {Name: "mono", Like: "lymph"}, {Name: "gran", Like: "lymph"},
			{Name: "other", Like: "lymph", Optional: true}},
		Result: "%",
		compute: func(n *numbers) decimal {
			return n.add(n.add(n.get("lymph"), n.get("mono")), n.add(n.get("gran"), n.get("other")))
		},
	},
	{
		ID: "F17", Version: 1, Title: "Marrow concentration without anticoagulant", Expression: "total / (volume - anticoagulant)", Source: process,
		Inputs: []Param{{Name: "total", Unit: "cells"}, {Name: "volume_ml", Unit: "mL"}, {Name: "anticoagulant_ml", Unit: "mL"}},
		Result: "10^6/mL",
		compute: func(n *numbers) decimal {
			marrow := n.sub(n.get("volume_ml"), n.get("anticoagulant_ml"))
			if marrow.Sign() <= 0 {
				return n.refuse(CodeImpossible, "the anticoagulant is as much as the whole volume", "check both volumes")
			}
			return n.div(times10(n.get("total"), -6), marrow, "the marrow volume")
		},
	},
	{
		ID: "F18", Version: 1, Title: "White cells corrected for nucleated red cells", Expression: "TNC × 100 / (100 + NRBC per 100 WBC)", Source: process,
		Inputs: []Param{{Name: "tnc", Unit: "10^6/mL"}, {Name: "nrbc_per_100wbc", Unit: "per 100 WBC"}},
		Result: "10^6/mL",
		compute: func(n *numbers) decimal {
			return n.div(times10(n.get("tnc"), 2), n.add(number("100"), n.get("nrbc_per_100wbc")), "the divisor")
		},
	},
	{
		ID: "F18C", Version: 1, Title: "Concentration by counting chamber", Expression: "mean per large square × 10⁴ × dilution", Source: process,
		Inputs: []Param{{Name: "mean_per_square", Unit: "n"}, {Name: "dilution", Unit: "x"}},
		Result: "10^6/mL",
		compute: func(n *numbers) decimal {
			return times10(n.mul(n.get("mean_per_square"), n.dilution()), -2) // 10⁴ per mL, in 10⁶ per mL
		},
	},
	{
		ID: "F19", Version: 1, Title: "Viable CD34+ cells by beads, single platform", Expression: "CD34 events / bead events × beads in the tube / sample volume × dilution",
		Source: process + "; ISHAGE",
		Inputs: []Param{{Name: "cd34_events", Unit: "n"}, {Name: "bead_events", Unit: "n"}, {Name: "beads_per_tube", Unit: "beads", Optional: true},
			{Name: "bead_conc_per_ul", Unit: "beads/uL", Optional: true}, {Name: "bead_ul", Unit: "uL", Optional: true},
			{Name: "sample_ul", Unit: "uL"}, {Name: "dilution", Unit: "x"}},
		Result: "/uL", compute: beadCount,
	},
	{
		ID: "F20", Version: 1, Title: "Total of CD34+ cells", Expression: "CD34 per µL × 1000 × volume; the weight is kept beside it for F20K", Source: process,
		Inputs: []Param{{Name: "cd34_per_ul", Unit: "/uL"}, {Name: "volume_ml", Unit: "mL"}, {Name: "weight_kg", Unit: "kg", Optional: true}},
		Result: "cells", compute: cd34Total,
	},
	{
		ID: "F20K", Version: 1, Title: "CD34+ cells per kg", Expression: "CD34 per µL × 1000 × volume / weight at harvest", Source: process,
		Inputs: []Param{{Name: "cd34_per_ul", Unit: "/uL"}, {Name: "volume_ml", Unit: "mL"}, {Name: "weight_kg", Unit: "kg"}},
		Result: "cells/kg",
		compute: func(n *numbers) decimal {
			return n.div(cd34Total(n), n.get("weight_kg"), "the weight")
		},
	},
	{
		ID: "F21", Version: 1, Title: "Viable recovery after thawing", Expression: "viable CD34+ thawed / viable CD34+ frozen; above 1 is possible", Source: process,
		Inputs: []Param{{Name: "thawed", Unit: "cells"}, {Name: "frozen", Unit: "cells"}},
		Result: "ratio",
		compute: func(n *numbers) decimal {
			return n.div(n.get("thawed"), n.get("frozen"), "the number of cells that were frozen")
		},
	},
	{
		ID: "F22", Version: 1, Title: "Reported value and verdict", Expression: "round once to the decimals of the limit, half up, then compare", Source: process + "; I13",
		Inputs: []Param{{Name: "value"}}, Function: "quantity.Limit.Judge",
	},
	{
		ID: "F23", Version: 1, Title: "Label balance", Expression: "printed - (applied + samples + in record + destroyed); 0 when every label is accounted for", Source: process,
		Inputs: []Param{{Name: "printed", Unit: "pcs", Also: []quantity.Unit{"n"}}, {Name: "applied", Like: "printed"}, {Name: "samples", Like: "printed"},
			{Name: "in_record", Like: "printed"}, {Name: "destroyed", Like: "printed"}},
		Like: "printed", compute: labelBalance,
	},
	{
		ID: "C01", Version: 1, Title: "Concentration", Expression: "total / volume", Source: "inverse of F02",
		Inputs: []Param{{Name: "total", Unit: "cells"}, {Name: "volume_ml", Unit: "mL"}},
		Result: "10^6/mL",
		compute: func(n *numbers) decimal {
			return n.div(times10(n.get("total"), -6), n.get("volume_ml"), "the volume")
		},
	},
	{
		ID: "M01", Version: 1, Title: "Mean of two readings", Expression: "(a + b) / 2", Source: "S29: two readings",
		Inputs: []Param{{Name: "a", Unit: "10^6/mL", Also: readings}, {Name: "b", Like: "a"}},
		Like:   "a", compute: mean,
	},
	{
		ID: "M02", Version: 1, Title: "Difference of two readings", Expression: "|a - b| / mean × 100", Source: "S29, S38: readings differ by 15 % at most",
		Inputs: []Param{{Name: "a", Unit: "10^6/mL", Also: readings}, {Name: "b", Like: "a"}},
		Result: "%", compute: difference,
	},
	{
		ID: "P01", Version: 1, Title: "Part of a total", Expression: "total × percent / 100", Source: "general form of F04",
		Inputs: []Param{{Name: "total", Unit: "cells", Also: []quantity.Unit{"10^6/mL"}}, {Name: "percent", Unit: "%", Also: percentages}},
		Like:   "total", compute: part,
	},
	{
		ID: "V01", Version: 1, Title: "What is left", Expression: "received - taken; below zero means that there is not enough", Source: "S12, S31",
		Inputs: []Param{{Name: "received", Unit: "mL", Also: []quantity.Unit{"pcs", "cells", "g", "n"}}, {Name: "taken_1", Like: "received"},
			{Name: "taken_2", Like: "received", Optional: true}, {Name: "taken_3", Like: "received", Optional: true},
			{Name: "taken_4", Like: "received", Optional: true}},
		Like: "received",
		compute: func(n *numbers) decimal {
			return n.sub(n.get("received"), taken(n))
		},
	},
	{
		ID: "V02", Version: 1, Title: "Sum of what was taken", Expression: "taken 1 + taken 2 + …", Source: "S12",
		Inputs: []Param{{Name: "taken_1", Unit: "mL", Also: []quantity.Unit{"pcs", "cells", "g", "n"}}, {Name: "taken_2", Like: "taken_1", Optional: true},
			{Name: "taken_3", Like: "taken_1", Optional: true}, {Name: "taken_4", Like: "taken_1", Optional: true}},
		Like: "taken_1", compute: taken,
	},
}

// readings are the units in which one thing is read twice.
var readings = []quantity.Unit{"/uL", "%", "% of WBC", "% of CD34", "% of CD45+", "n"}
