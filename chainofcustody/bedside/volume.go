package bedside

import (
	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Ending is what was given when an infusion ended.
type Ending struct {
	How       string            `json:"how"` // "complete" or "interrupted"
	Given     quantity.Quantity `json:"given"`
	Left      quantity.Quantity `json:"left"`
	Residual  string            `json:"residual"` // "none", "kept" for culture, "discarded"
	Reaction  string            `json:"reaction,omitempty"`
	Reference string            `json:"reference,omitempty"` // of the adverse event's report
}

// Faults are what does not fit in an ending, none where everything does. It stands in the record all the same: what was
// given was given.
func (s *Statement) Faults(containers []string, e Ending) (ledger.Refusals, error) {
	var rs ledger.Refusals
	filled := quantity.Quantity{}
	for _, id := range containers {
		c, ok := s.container(id)
		if !ok {
			continue
		}
		if filled.IsZero() {
			filled = c.Volume
			continue
		}
		sum, err := filled.Add(c.Volume)
		if err != nil {
			return nil, err
		}
		filled = sum
	}
	if filled.IsZero() {
		return rs, nil
	}
	sum, err := e.Given.Add(e.Left)
	if err != nil {
		return nil, err
	}
	off, err := filled.Sub(sum)
	if err != nil {
		return nil, err
	}
	beyond, err := beyond(off, s.Tolerance)
	if err != nil {
		return nil, err
	}
	if beyond {
		rs = append(rs, ledger.Refuse(ledger.Unmet, "AT-14", "bed-volume", "{filled} was filled, {sum} is accounted for: the difference is beyond {tolerance}", "measure what is left again",
			"filled", filled.String(), "sum", sum.String(), "tolerance", s.Tolerance.String()))
	}
	if e.Left.Sign() > 0 && e.Residual == "none" || e.Left.Sign() == 0 && e.Residual != "none" {
		rs = append(rs, ledger.Refuse(ledger.Unmet, "S47", "bed-residual", "{left} is left, and it is said that the rest is {residual}", "say what became of the rest", "left", e.Left.String(), "residual", e.Residual))
	}
	return rs, nil
}

func beyond(off, tolerance quantity.Quantity) (bool, error) {
	high, err := off.Cmp(tolerance)
	if err != nil {
		return false, err
	}
	sum, err := off.Add(tolerance)
	if err != nil {
		return false, err
	}
	return high > 0 || sum.Sign() < 0, nil
}

// Dose is how many cells were given: volume × concentration (scenario 51). It tells the arm of a trial, so it is computed
// for those who may read the record and is never on the phone (I11).
func Dose(given, concentration quantity.Quantity) (quantity.Quantity, error) {
	cells, err := given.Mul(concentration, "cells")
	if err != nil {
		return quantity.Quantity{}, err
	}
	return cells.Round(0), nil
}
