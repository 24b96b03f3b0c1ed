package formula

import (
	"github.com/cockroachdb/apd/v3"

	"rexbatch/internal/quantity"
)

// hundred percent with the one point by which a sum of rounded shares may exceed it (F16).
var almostAll = number("101")

func netVolume(n *numbers) decimal {
	net := n.sub(n.get("gross_g"), n.get("tare_g"))
	if net.Sign() <= 0 {
		return n.refuse(CodeImpossible, "the gross mass is not above the tare", "weigh again")
	}
	return n.div(net, n.get("density_g_per_ml"), "the density")
}

func totalCells(n *numbers) decimal {
	return times10(n.mul(n.mul(n.get("conc_e6_per_ml"), n.get("volume_ml")), n.dilution()), 6)
}

// dilution is 1 for an undiluted sample; below 1 a sample would have been concentrated, which nobody does here.
func (n *numbers) dilution() decimal {
	d := n.get("dilution")
	if d.Cmp(number("1")) < 0 {
		return n.refuse(CodeImpossible, "the dilution is below 1", "enter 20 for a dilution 1:20")
	}
	return d
}

func viability(n *numbers) decimal {
	live := n.get("live")
	counted := n.add(live, n.get("dead"))
	if counted.IsZero() {
		return n.refuse(CodeNoCells, "no cells counted", "count again: nothing counted is not 0 %")
	}
	return n.div(times10(live, 2), counted, "the count")
}

func mononuclear(n *numbers) decimal {
	share := n.add(n.get("lymph_pct"), n.get("mono_pct"))
	if share.Cmp(almostAll) > 0 {
		return n.refuse(CodeImpossible, "lymphocytes and monocytes are more than all cells", "check the differential")
	}
	return times10(n.mul(n.get("tnc"), share), -2)
}

// recovery takes the samples out first: they left before the process began.
func recovery(n *numbers) decimal {
	processed := n.sub(n.get("vol_received"), n.get("vol_sampled"))
	if processed.Sign() <= 0 {
		return n.refuse(CodeImpossible, "the samples are as much as was received", "check both volumes")
	}
	in := times10(n.mul(n.get("mnc_conc_in"), processed), 6)
	return n.div(times10(n.get("mnc_out_total"), 2), in, "the number of cells that went in")
}

func depletion(n *numbers) decimal {
	in := n.get("rbc_in")
	return n.div(times10(n.sub(in, n.get("rbc_out")), 2), in, "the number of red cells that went in")
}

func countingError(n *numbers) decimal {
	events := n.get("events")
	if events.IsZero() {
		return n.refuse(CodeNoCells, "no events counted", "acquire again")
	}
	root := new(apd.Decimal)
	_, err := precise.Sqrt(root, events)
	if err != nil {
		return n.refuse(quantity.CodeOutOfRange, "the computation fails: {why}", "check the count", "why", err.Error())
	}
	return n.div(number("100"), root, "the count")
}

// beadCount takes the number of beads from the lot (dried beads), or from the concentration and volume of liquid beads; from
// both it would not be known which one was true.
func beadCount(n *numbers) decimal {
	liquid := n.has("bead_conc_per_ul") && n.has("bead_ul")
	if n.has("beads_per_tube") == liquid || n.has("bead_conc_per_ul") != n.has("bead_ul") {
		return n.refuse(CodeMissingInput, "the beads are given neither as beads per tube alone nor as concentration and volume alone",
			"enter the beads per tube of the lot, or concentration and volume of liquid beads")
	}
	beads := n.get("beads_per_tube")
	if liquid {
		beads = n.mul(n.get("bead_conc_per_ul"), n.get("bead_ul"))
	}
	// Multiplied first and divided once, so that a result which is exact stays exact.
	counted := n.mul(n.get("cd34_events"), n.mul(beads, n.dilution()))
	if n.get("bead_events").IsZero() {
		return n.refuse(quantity.CodeDivisionByZero, "no beads were counted", "acquire again")
	}
	return n.div(counted, n.mul(n.get("bead_events"), n.get("sample_ul")), "the sample volume")
}

func cd34Total(n *numbers) decimal {
	return times10(n.mul(n.get("cd34_per_ul"), n.get("volume_ml")), 3)
}

func mean(n *numbers) decimal {
	return n.div(n.add(n.get("a"), n.get("b")), number("2"), "two")
}

func difference(n *numbers) decimal {
	apart := n.sub(n.get("a"), n.get("b"))
	apart.Abs(apart)
	return n.div(times10(apart, 2), mean(n), "the mean of the readings")
}

func part(n *numbers) decimal {
	percent := n.get("percent")
	if percent.Cmp(number("100")) > 0 {
		return n.refuse(CodeImpossible, "a part cannot be above 100 %", "check the percentage")
	}
	return times10(n.mul(n.get("total"), percent), -2)
}

func taken(n *numbers) decimal {
	return n.add(n.add(n.get("taken_1"), n.get("taken_2")), n.add(n.get("taken_3"), n.get("taken_4")))
}

// labelBalance is not cut at zero: below it, more labels are about than were printed.
func labelBalance(n *numbers) decimal {
	found := n.add(n.add(n.get("applied"), n.get("samples")), n.add(n.get("in_record"), n.get("destroyed")))
	return n.sub(n.get("printed"), found)
}
