package epcis

import (
	"slices"
	"time"
)

// Product is what the record of a batch says of its final containers.
type Product struct {
	Batch      string
	Containers []string
	Certified  []Certified
	Given      time.Time // zero until the patient has got it
	GivenTold  time.Time // when the record learnt of it
	GivenFrom  []string
	Destroyed  []Destroyed
}

// Certified is one certificate of a Qualified Person.
type Certified struct {
	Certificate string
	At          time.Time
	Seq         uint64
}

// Destroyed is one container that was destroyed when its batch had ended.
type Destroyed struct {
	Container string
	At        time.Time
	Seq       uint64
}

// Product are the events of a batch's product: certified, given, or destroyed.
func (p Plant) Product(coi string, b Product) ([]Event, error) {
	var out []Event
	product := func(at, told time.Time, containers []string) Event {
		e := p.begin(ObjectEvent, at, later(at, told), coi)
		e.Action, e.Batch = Observe, Batch(b.Batch)
		for _, c := range containers {
			e.EPCs = append(e.EPCs, Container(c))
		}
		slices.Sort(e.EPCs)
		return e
	}
	for _, c := range b.Certified {
		e := product(c.At, c.At, b.Containers)
		e.Step, e.Disposition, e.Persistent = "inspecting", "conformant", &PersistentDisposition{Set: []string{"conformant"}}
		e.Transactions = []Transaction{{Type: "cert", ID: Certificate(c.Certificate)}, {Type: "testres", ID: Batch(b.Batch)}}
		e.ReadPoint, e.BizLocation, e.Evidence = &Location{Site(p.Site)}, &Location{Site(p.Site)}, []string{entry(p.Site, c.Seq)}
		out = append(out, e)
	}
	if !b.Given.IsZero() && len(b.GivenFrom) > 0 {
		e := product(b.Given, b.GivenTold, b.GivenFrom)
		e.Step, e.Disposition = "dispensing", "dispensed"
		out = append(out, e)
	}
	for _, d := range b.Destroyed {
		e := product(d.At, d.At, []string{d.Container})
		e.Action, e.Step, e.Disposition, e.Evidence = Delete, "destroying", "destroyed", []string{entry(p.Site, d.Seq)}
		out = append(out, e)
	}
	return named(out)
}
