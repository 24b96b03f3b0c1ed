package pages

import (
	"html/template"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
)

// Mark is the mark of a therapy event as pages show it, the same as on its labels.
type Mark struct {
	Code string        // four characters
	SVG  template.HTML // an inline element, 48 units square
	Name string        // words for the shape, as catalogue keys: "shape.hexagon", "pattern.rings"
	Fill string
}

// MarkOf computes the mark of a therapy event.
func MarkOf(coi isbt128.CoI) Mark {
	m := label.MarkOf(coi)
	return Mark{
		Code: m.Code, Name: "shape." + m.Shape, Fill: "pattern." + m.Pattern,
		SVG: template.HTML(m.SVG()), // made from constants; no input stands in it
	}
}
