package mbr

// Summary is how much there is in a recipe, as a check of it reports.
type Summary struct {
	Recipe     string         `json:"recipe"`
	Version    int            `json:"version"`
	Steps      int            `json:"steps"`
	Fields     int            `json:"fields"`
	Conditions int            `json:"conditions"` // conditions, checks and computed expressions
	Clocks     int            `json:"clocks"`
	Signatures map[string]int `json:"signatures_per_hour"` // by plant; without the plants that plan no durations
	Demo       int            `json:"demo"`                // numbers that nobody has published
}

// Summary counts what is in the recipe.
func (r *Recipe) Summary() Summary {
	s := Summary{Recipe: r.ID, Version: r.Version, Clocks: len(r.Clocks), Signatures: map[string]int{}, Demo: r.DemoNumbers()}
	count := func(c *Condition) {
		if c != nil {
			s.Conditions++
		}
	}
	for _, step := range r.Steps() {
		s.Steps++
		s.Fields += len(step.Fields)
		count(step.When)
		for _, f := range step.Fields {
			count(f.When)
			count(f.Expr)
			s.Conditions += len(f.Checks)
		}
	}
	for site := range r.Variants {
		if rate, ok := r.SignaturesPerHour(site); ok {
			s.Signatures[site] = rate
		}
	}
	return s
}
