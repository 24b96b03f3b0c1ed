package label

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
)

// Plant is what the labels of a plant say about trial and manufacturer.
type Plant struct {
	Protocol     string
	Sponsor      string
	Contact      string // who answers for the trial, with address or telephone; may be empty
	Manufacturer string
	Address      string
	ProductName  string // both arms in one: "REX-001 / placebo"
	StorageMin   string // °C
	StorageMax   string
	Zone         *time.Location
	Blinded      bool     // the product's label must not tell the arm (I11)
	GTIN         gs1.GTIN // under which the codes are those of GS1; zero where they are those of the identifiers
}

// Facts are what a label can say. What a template asks for has to be there; the rest may be empty.
type Facts struct {
	Kind     string // of the container, as the recipe calls it
	Name     string // what the recipe calls it in the label's language; empty: the wording of the kind
	Language string // of the destination: "es"
	Product  bool   // the label of the product, not of the container's identity alone
	Content  isbt128.LabelContent
	Plant    // its zone is that of the destination

	Subject, Batch      string
	Shipment, Box       string // of a transport box: its code is the number of the shipment, never that of a container in it (I4)
	Strength, Quantity  string // never on a blinded label
	BlindCode           string // from the unblinded custodian
	Investigator        string
	Collected, Prepared time.Time
	Expires             time.Time
	Abroad              bool      // the destination is in another country than the plant: UTC stands beneath
	Biohazard           bool      // a marker of infection is positive
	NotEvaluated        bool      // the markers are not all known
	Start               bool      // of a box: start material on its way to be processed, nothing that is administered
	Issued              time.Time // when the label was issued: the date of its file
}

// expiry005 is the expiry as the code carries it: in the zone that is printed beside it.
func (f Facts) expiry005() string {
	if f.Expires.IsZero() || f.Zone == nil {
		return ""
	}
	return isbt128.Expiry005(f.Expires, f.Zone)
}

// moment is a point in time as labels show it: 22 NOV 2026 14:05 CET. The month is in letters, the day has 24 hours
// (ISBT 128 7.4, screens rule 21).
func (f Facts) moment(t time.Time) string {
	if t.IsZero() || f.Zone == nil {
		return ""
	}
	return strings.ReplaceAll(strings.ToUpper(t.In(f.Zone).Format("02 Jan 2006 15:04 MST")), " ", unbroken)
}

const unbroken = "\u00a0"

// values are the facts by the names under which wordings and templates speak of them.
func (f Facts) values() map[string]string {
	v := map[string]string{
		"container": groups(f.Content.ID.Print()), "coi": groups(f.Content.CoI.Print()), "subject": f.Subject, "batch": f.Batch, "protocol": f.Protocol,
		"sponsor": f.Sponsor, "contact": f.Contact, "manufacturer": f.Manufacturer, "address": f.Address, "product": f.ProductName, "strength": f.Strength,
		"quantity": f.Quantity, "blind": f.BlindCode, "investigator": f.Investigator, "shipment": f.Shipment, "box": f.Box, "storage_min": f.StorageMin, "storage_max": f.StorageMax,
		"collected": f.moment(f.Collected), "prepared": f.moment(f.Prepared), "expiry": f.moment(f.Expires), "serial": fmt.Sprint(f.Content.Serial),
		elements: f.Content.Readable(),
	}
	if !f.Expires.IsZero() {
		v["expiry_utc"] = strings.ToUpper(f.Expires.UTC().Format("02 Jan 2006 15:04")) + " UTC"
	}
	for name, holds := range map[string]bool{"biohazard": f.Biohazard, "not_evaluated": f.NotEvaluated, "abroad": f.Abroad && !f.Expires.IsZero(), "start": f.Start, "made": !f.Start} {
		if holds {
			v[name] = name
		}
	}
	return v
}

// groups keeps an identifier on one line.
func groups(printed string) string { return strings.ReplaceAll(printed, " ", unbroken) }
