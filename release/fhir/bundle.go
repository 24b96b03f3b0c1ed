package fhir

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody/foreign"
)

// The systems of identifiers and codes.
const (
	own            = "urn:rexbatch:"
	uris           = "urn:ietf:rfc:3986"
	ucum           = "http://unitsofmeasure.org"
	categorySystem = "http://hl7.org/fhir/product-category"
	statusSystem   = "http://hl7.org/fhir/biologicallyderived-product-status"
	originSystem   = "http://hl7.org/fhir/biologicallyderivedproductdispense-origin-relationship"
)

// State is how far a container is on its way to the patient, as FHIR counts it.
type State string

// The states.
const (
	Preparation State = "preparation" // being made, or not certified
	Allocated   State = "allocated"   // certified and released for this patient
	Issued      State = "issued"      // handed over to the clinical team
	Unfulfilled State = "unfulfilled" // the batch ended, or the container was destroyed, before it was given
)

// Product is what the record says of the product of a batch.
type Product struct {
	Site, Plant string // "ES-SVQ", and its public name
	Batch, CoI  string
	DIN         string
	Marrow      []string  // containers of the harvest
	Collected   time.Time // zero while there is no marrow
	Prepared    time.Time
	Expires     time.Time
	StorageMin  string // °C, from the label
	StorageMax  string
	Containers  []Container
	Zone        *time.Location
	LastChange  time.Time // of anything in here
}

// Container is one final container.
type Container struct {
	ID, Division string
	State        State
	HandedOver   time.Time
	Gone         bool // given or destroyed: nothing is in it any more
}

// Document is the bundle of a product: the same facts give the same bytes.
func (p Product) Document() ([]byte, error) {
	b := Bundle{ResourceType: "Bundle", Type: "collection", Timestamp: p.stamp(p.LastChange)}
	plant := Resource{ResourceType: "Organization", Identifier: []Identifier{{own + "site", p.Site}}, Name: p.Plant}
	at := b.add(plant)
	patient := Reference{Type: "Patient", Identifier: &Identifier{own + "coi", p.CoI}}
	var parents []Reference
	for _, id := range p.Marrow {
		r := p.product(id, at)
		r.Collection, r.Availability = &Collection{Source: patient, At: p.stamp(p.Collected)}, &Coding{statusSystem, "unavailable"}
		parents = append(parents, b.add(r))
	}
	for _, c := range p.Containers {
		r := p.product(c.ID, at)
		r.Identifier = append(r.Identifier, Identifier{own + "batch", p.Batch})
		r.Parent, r.Division = parents, c.Division
		r.Availability = &Coding{statusSystem, map[bool]string{true: "available", false: "unavailable"}[!c.Gone && (c.State == Allocated || c.State == Issued)]}
		r.Expires = p.stamp(p.Expires)
		r.Storage = &Range{Low: celsius(p.StorageMin), High: celsius(p.StorageMax)}
		product := b.add(r)
		b.add(Resource{
			ResourceType: "BiologicallyDerivedProductDispense", Identifier: []Identifier{{own + "dispense", c.ID}}, Status: string(c.State),
			Origin: &Concept{[]Coding{{originSystem, "autologous"}}}, Product: &product, Patient: &patient, Performer: []Performer{{Actor: at}},
			Quantity: &Quantity{Value: "1", Unit: "container", System: ucum, Code: "1"}, Prepared: p.stamp(p.Prepared), HandedOver: p.stamp(c.HandedOver),
		})
	}
	b, err := b.named()
	if err != nil {
		return nil, err
	}
	return encode(b)
}

func (p Product) product(id string, at Reference) Resource {
	return Resource{
		ResourceType: "BiologicallyDerivedProduct", Identifier: []Identifier{{own + "container", id}}, Category: &Coding{categorySystem, "cells"},
		SourceEvent: &Identifier{own + "din", p.DIN}, Facility: []Reference{at},
	}
}

func celsius(degrees string) Quantity {
	return Quantity{Value: json.Number(degrees), Unit: "°C", System: ucum, Code: "Cel"}
}

// stamp writes a moment with the offset of the plant; nothing for the zero time.
func (p Product) stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.Zone).Format("2006-01-02T15:04:05.000-07:00")
}

// add puts a resource into the bundle under an identifier that follows from its own first identifier.
func (b *Bundle) add(r Resource) Reference {
	r.ID = foreign.Name([]byte(r.ResourceType + "|" + r.Identifier[0].System + "|" + r.Identifier[0].Value))
	url := "urn:uuid:" + r.ID
	b.Entries = append(b.Entries, Entry{FullURL: url, Resource: r})
	return Reference{Reference: url, Type: r.ResourceType}
}

// named gives a bundle its identifier: a digest of everything in it, so a changed bundle is not the one that its identifier names.
func (b Bundle) named() (Bundle, error) {
	b.Identifier = Identifier{System: uris}
	text, err := encode(b)
	if err != nil {
		return Bundle{}, err
	}
	b.Identifier.Value = "urn:uuid:" + foreign.Name(text)
	return b, nil
}

func encode(b Bundle) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(b)
	if err != nil {
		return nil, fmt.Errorf("fhir: %w", err)
	}
	return out.Bytes(), nil
}

// Of is the batch that a bundle speaks of; empty where no container in it is of one.
func (b Bundle) Of() string {
	for _, e := range b.Entries {
		i := slices.IndexFunc(e.Resource.Identifier, func(i Identifier) bool { return i.System == own+"batch" })
		if i >= 0 {
			return e.Resource.Identifier[i].Value
		}
	}
	return ""
}

// Bytes is the one form of a bundle.
func (b Bundle) Bytes() ([]byte, error) { return encode(b) }

// Later tells whether a bundle is of a later time than another; of one time, the one with the greater identifier counts as such.
func (b Bundle) Later(than Bundle) bool {
	at, err := moment(b.Timestamp)
	before, none := moment(than.Timestamp)
	switch {
	case none != nil:
		return err == nil
	case at.Equal(before):
		return b.Identifier.Value > than.Identifier.Value
	}
	return at.After(before)
}
