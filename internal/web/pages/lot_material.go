package pages

import (
	"cmp"
	"slices"
)

// materialName is what the effective recipe calls a material; its code where the recipe does not know it.
func (v *visit) materialName(code string) string {
	m, ok := v.plant().Batches.Recipe.Materials[code]
	if !ok {
		return code
	}
	return m.Name.In(v.lang)
}

// materials are those of the effective recipe, by name.
func (v *visit) materials() []choice {
	var out []choice
	for code, m := range v.plant().Batches.Recipe.Materials {
		out = append(out, choice{Code: code, Name: m.Name.In(v.lang), Chosen: v.FormValue("material") == code})
	}
	slices.SortFunc(out, func(a, b choice) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
