package fhir

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"rexbatch/batch"
	"rexbatch/chainofcustody/foreign"
	"rexbatch/chainofcustody/isbt128"
)

// The bounds of a bundle that is read.
const (
	MaxDocument = 1 << 20 // bytes
	maxEntries  = 200
)

var (
	urls    = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	siteIDs = regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9]{2,5}$`)
	numbers = regexp.MustCompile(`^-?[0-9]{1,6}(\.[0-9]{1,6})?$`)
	plain   = regexp.MustCompile(`^[\p{L}0-9][\p{L}0-9 .,&()/-]{0,99}$`)
)

// Parse reads a bundle of the form that Document writes: every member known, every reference to a resource of the
// bundle, the bundle the one that its identifier names. The refusal says what stands against it.
func Parse(text []byte, now time.Time) (Bundle, error) {
	if len(text) == 0 || len(text) > MaxDocument {
		return Bundle{}, foreign.Refuse(fmt.Sprintf("it has %d bytes, 1 to %d are taken", len(text), MaxDocument))
	}
	var b Bundle
	err := foreign.Decode(text, &b)
	if err != nil {
		return Bundle{}, foreign.Refuse(err.Error())
	}
	fault := b.fault(now)
	if fault != "" {
		return Bundle{}, foreign.Refuse(fault)
	}
	again, err := encode(b)
	if err == nil {
		err = foreign.Same(text, again)
	}
	if err != nil {
		return Bundle{}, foreign.Refuse(err.Error())
	}
	same, err := b.named()
	if err != nil {
		return Bundle{}, foreign.Refuse(err.Error())
	}
	if same.Identifier != b.Identifier {
		return Bundle{}, foreign.Forged(b.Identifier.Value)
	}
	return b, nil
}

func (b Bundle) fault(now time.Time) string {
	at, err := moment(b.Timestamp)
	switch {
	case b.ResourceType != "Bundle" || b.Type != "collection" || b.Identifier.System != uris || !urls.MatchString(b.Identifier.Value):
		return "it is no bundle of a product"
	case err != nil || at.After(now.Add(time.Minute)):
		return "its time is none, or is still to come"
	case len(b.Entries) < 2 || len(b.Entries) > maxEntries:
		return fmt.Sprintf("it has %d resources, 2 to %d are taken", len(b.Entries), maxEntries)
	case b.Of() == "":
		return "it speaks of no batch"
	}
	known, batch := map[string]string{}, b.Of()
	for _, e := range b.Entries {
		r := e.Resource
		if !urls.MatchString(e.FullURL) || e.FullURL != "urn:uuid:"+r.ID || known[e.FullURL] != "" {
			return "a resource in it has no address of its own"
		}
		if len(r.Identifier) == 0 || r.ID != foreign.Name([]byte(r.ResourceType+"|"+r.Identifier[0].System+"|"+r.Identifier[0].Value)) {
			return "a resource in it is not the one that its address names"
		}
		for _, i := range r.Identifier {
			if !i.holds() || i.System == own+"batch" && i.Value != batch {
				return "an identifier in it is none, or is of another batch"
			}
		}
		why := r.fault(known)
		if why != "" {
			return why
		}
		known[e.FullURL] = r.ResourceType
	}
	return ""
}

// holds tells whether an identifier is one of its scheme.
func (i Identifier) holds() bool {
	switch i.System {
	case own + "coi":
		_, err := isbt128.ParseCoI(i.Value)
		return err == nil
	case own + "din":
		_, err := isbt128.ParseDIN(i.Value)
		return err == nil
	case own + "container", own + "dispense":
		_, err := isbt128.ParseContainerID(i.Value)
		return err == nil
	case own + "batch":
		n, err := batch.ReadNumber(i.Value)
		return err == nil && n.Holds
	case own + "site":
		return siteIDs.MatchString(i.Value)
	}
	return false
}

func moment(text string) (time.Time, error) {
	t, err := time.Parse("2006-01-02T15:04:05.000-07:00", text)
	if err == nil && (t.Year() < 2000 || t.Year() > 2200) {
		err = fmt.Errorf("the year %d", t.Year())
	}
	return t, err
}

func (r Resource) fault(known map[string]string) string {
	switch r.ResourceType {
	case "Organization":
		if !plain.MatchString(r.Name) || !r.only(Resource{Name: r.Name}) {
			return "its plant is not told as plants are"
		}
	case "BiologicallyDerivedProduct":
		return r.productFault(known)
	case "BiologicallyDerivedProductDispense":
		return r.dispenseFault(known)
	default:
		return "a resource in it is of a type that is not taken"
	}
	return ""
}

// only tells whether a resource has no member but those of the pattern, beside what all resources have.
func (r Resource) only(pattern Resource) bool {
	pattern.ResourceType, pattern.ID, pattern.Identifier = r.ResourceType, r.ID, r.Identifier
	a, err := encode(Bundle{Entries: []Entry{{Resource: r}}})
	b, err2 := encode(Bundle{Entries: []Entry{{Resource: pattern}}})
	return err == nil && err2 == nil && string(a) == string(b)
}

func (r Resource) productFault(known map[string]string) string {
	fits := r.only(Resource{
		Category: r.Category, Parent: r.Parent, SourceEvent: r.SourceEvent, Facility: r.Facility, Division: r.Division, Availability: r.Availability, Expires: r.Expires,
		Collection: r.Collection, Storage: r.Storage,
	})
	switch {
	case !fits || r.Category == nil || *r.Category != (Coding{categorySystem, "cells"}) || r.SourceEvent == nil || r.SourceEvent.System != own+"din" || !r.SourceEvent.holds():
		return "a product in it is not told as products are"
	case r.Availability == nil || r.Availability.System != statusSystem || !slices.Contains([]string{"available", "unavailable"}, r.Availability.Code):
		return "a product in it has no status"
	case len(r.Facility) != 1 || !r.Facility[0].to(known, "Organization"):
		return "a product in it has no plant"
	case r.Division != "" && !divides(r.Division):
		return "a division in it is none"
	}
	for _, p := range r.Parent {
		if !p.to(known, "BiologicallyDerivedProduct") {
			return "a product in it is made from something that is not in it"
		}
	}
	if c := r.Collection; c != nil {
		_, err := moment(c.At)
		if err != nil || !c.Source.isPatient() {
			return "a collection in it has no time, or names a person"
		}
	}
	if _, err := moment(r.Expires); r.Expires != "" && err != nil {
		return "an expiry in it is none"
	}
	if s := r.Storage; s != nil && (!s.Low.celsius() || !s.High.celsius()) {
		return "a storage temperature in it is none"
	}
	return ""
}

func divides(code string) bool {
	_, err := isbt128.NewDivision(code)
	return err == nil
}

func (q Quantity) celsius() bool {
	return numbers.MatchString(string(q.Value)) && q == celsius(string(q.Value))
}

func (r Resource) dispenseFault(known map[string]string) string {
	fits := r.only(Resource{
		Status: r.Status, Origin: r.Origin, Product: r.Product, Patient: r.Patient, Performer: r.Performer, Quantity: r.Quantity, Prepared: r.Prepared, HandedOver: r.HandedOver,
	})
	switch {
	case !fits || !slices.Contains([]State{Preparation, Allocated, Issued, Unfulfilled}, State(r.Status)):
		return "a dispense in it is not told as they are"
	case r.Origin == nil || len(r.Origin.Coding) != 1 || r.Origin.Coding[0] != (Coding{originSystem, "autologous"}):
		return "a dispense in it is not autologous"
	case r.Product == nil || !r.Product.to(known, "BiologicallyDerivedProduct") || r.Patient == nil || !r.Patient.isPatient():
		return "a dispense in it has no product, or names a person"
	case len(r.Performer) != 1 || !r.Performer[0].Actor.to(known, "Organization"):
		return "a dispense in it has no plant"
	case r.Quantity == nil || *r.Quantity != (Quantity{Value: "1", Unit: "container", System: ucum, Code: "1"}):
		return "a dispense in it is not of one container"
	}
	for _, t := range []string{r.Prepared, r.HandedOver} {
		if _, err := moment(t); t != "" && err != nil {
			return "a time in it is none"
		}
	}
	return ""
}

// to tells whether a reference points at a resource of a type that stands before it in the bundle.
func (r Reference) to(known map[string]string, kind string) bool {
	return r.Identifier == nil && r.Type == kind && known[r.Reference] == kind
}

// isPatient tells whether a reference names a patient by the Chain of Identity and by nothing else (I12).
func (r Reference) isPatient() bool {
	return r.Reference == "" && r.Type == "Patient" && r.Identifier != nil && r.Identifier.System == own+"coi" && r.Identifier.holds()
}
