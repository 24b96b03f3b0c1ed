package formula

import "rexbatch/internal/quantity"

// Dose is the decision basis of S31: how much of the cells a dose takes, and whether there is enough.
type Dose struct {
	Needed  quantity.Quantity // mL for the target (F09)
	Use     quantity.Quantity // mL: what is needed, or everything when there is less
	Surplus quantity.Quantity // mL left behind; 0 when there is not enough
	Short   bool              // more is needed than there is: the low-dose branch
}

// DoseVolume is F09 against the volume that is available. Nothing is rounded; target in cells, concentration of viable
// cells in 10^6/mL, available in mL, or units that convert.
func DoseVolume(target, viable, available quantity.Quantity) (Dose, error) {
	needed, err := Compute("F09", map[string]quantity.Quantity{"target_total": target, "viable_conc_e6_per_ml": viable})
	if err != nil {
		return Dose{}, err
	}
	left, err := Compute("V01", map[string]quantity.Quantity{"received": available, "taken_1": needed})
	if err != nil {
		return Dose{}, err
	}
	left, err = left.In("mL")
	if err != nil {
		return Dose{}, err
	}
	if left.Sign() >= 0 {
		return Dose{Needed: needed, Use: needed, Surplus: left}, nil
	}
	all, err := available.In("mL")
	if err != nil {
		return Dose{}, err
	}
	return Dose{Needed: needed, Use: all, Surplus: quantity.New(0, 0, "mL"), Short: true}, nil
}

// DifferentialSum is F16: the sum of a differential, and whether it is 100 ± 1. The bounds are exact: 98.9 is not within.
// other may be the zero Quantity.
func DifferentialSum(lymph, mono, gran, other quantity.Quantity) (sum quantity.Quantity, within bool, err error) {
	sum, err = Compute("F16", map[string]quantity.Quantity{"lymph": lymph, "mono": mono, "gran": gran, "other": other})
	if err != nil {
		return quantity.Quantity{}, false, err
	}
	return sum, sum.Decimal().Cmp(number("99")) >= 0 && sum.Decimal().Cmp(almostAll) <= 0, nil
}
