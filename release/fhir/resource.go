package fhir

import "encoding/json"

// Bundle is a set of resources that belong together.
type Bundle struct {
	ResourceType string     `json:"resourceType"`
	Identifier   Identifier `json:"identifier"`
	Type         string     `json:"type"`
	Timestamp    string     `json:"timestamp"`
	Entries      []Entry    `json:"entry"`
}

// Entry is one resource of a bundle.
type Entry struct {
	FullURL  string   `json:"fullUrl"`
	Resource Resource `json:"resource"`
}

// Resource is an Organization, a BiologicallyDerivedProduct or a BiologicallyDerivedProductDispense: which members it may have follows
// from its type.
type Resource struct {
	ResourceType string       `json:"resourceType"`
	ID           string       `json:"id"`
	Identifier   []Identifier `json:"identifier,omitempty"`

	Name string `json:"name,omitempty"` // of an Organization

	// Of a product.
	Category     *Coding     `json:"productCategory,omitempty"`
	Parent       []Reference `json:"parent,omitempty"`
	SourceEvent  *Identifier `json:"biologicalSourceEvent,omitempty"`
	Facility     []Reference `json:"processingFacility,omitempty"`
	Division     string      `json:"division,omitempty"`
	Availability *Coding     `json:"productStatus,omitempty"`
	Expires      string      `json:"expirationDate,omitempty"`
	Collection   *Collection `json:"collection,omitempty"`
	Storage      *Range      `json:"storageTempRequirements,omitempty"`

	// Of a dispense.
	Status     string      `json:"status,omitempty"`
	Origin     *Concept    `json:"originRelationshipType,omitempty"`
	Product    *Reference  `json:"product,omitempty"`
	Patient    *Reference  `json:"patient,omitempty"`
	Performer  []Performer `json:"performer,omitempty"`
	Quantity   *Quantity   `json:"quantity,omitempty"`
	Prepared   string      `json:"preparedDate,omitempty"`
	HandedOver string      `json:"whenHandedOver,omitempty"`
}

// Identifier is a name in a scheme.
type Identifier struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

// Coding is a code of a code system.
type Coding struct {
	System string `json:"system"`
	Code   string `json:"code"`
}

// Concept is a notion as codes.
type Concept struct {
	Coding []Coding `json:"coding"`
}

// Reference points at a resource of the bundle, or names what has none.
type Reference struct {
	Reference  string      `json:"reference,omitempty"`
	Type       string      `json:"type,omitempty"`
	Identifier *Identifier `json:"identifier,omitempty"`
}

// Collection is how the material was obtained.
type Collection struct {
	Source Reference `json:"source"`
	At     string    `json:"collectedDateTime"`
}

// Performer is who dispensed.
type Performer struct {
	Actor Reference `json:"actor"`
}

// Range is from low to high.
type Range struct {
	Low  Quantity `json:"low"`
	High Quantity `json:"high"`
}

// Quantity is an amount in a unit of UCUM.
type Quantity struct {
	Value  json.Number `json:"value"`
	Unit   string      `json:"unit"`
	System string      `json:"system"`
	Code   string      `json:"code"`
}
