package temperature

import "rexbatch/internal/quantity"

// Range is the temperature that a lane allows, both ends included.
type Range struct {
	Low, High quantity.Quantity // °C
}

// NewRange checks the two ends.
func NewRange(low, high quantity.Quantity) (Range, error) {
	for _, q := range []quantity.Quantity{low, high} {
		err := checkReading("TR-1", q)
		if err != nil {
			return Range{}, err
		}
	}
	if low.Decimal().Cmp(high.Decimal()) >= 0 {
		return Range{}, quantity.NewError("TR-1", quantity.CodeBadLimit, "{low} is not below {high}", "state the lower end first", "low", low.String(), "high", high.String())
	}
	return Range{Low: low, High: high}, nil
}

// Limit is the range with at least that many decimals, so that no reading is rounded back into it.
func (r Range) Limit(decimals int) (quantity.Limit, error) {
	decimals = max(decimals, r.Low.Decimals(), r.High.Decimals())
	return quantity.ParseLimit(r.Low.Round(decimals).Number()+".."+r.High.Round(decimals).Number(), Unit)
}
