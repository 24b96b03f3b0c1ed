package release

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/quantity"
)

// Plant is what is fixed for a manufacturing site: its law's signatures, identifiers, and the texts that
// its certificates carry.
type Plant struct {
	Site          string            `yaml:"site"` // "ES-SVQ"
	Name          map[string]string `yaml:"name"`
	Zone          string            `yaml:"zone"` // IANA
	Language      string            `yaml:"language"`
	Country       map[string]string `yaml:"country"`
	BatchPrefix   string            `yaml:"batch_prefix"`
	Identifiers   isbt128.Scheme    `yaml:"identifiers"` // by whose rules it issues CoI, DIN and containers
	Facility      string            `yaml:"facility"`    // FIN, or code of the plant's own, under which it issues them
	Codes         string            `yaml:"codes"`       // of its labels: "isbt128" or none for those of its identifiers, "gs1" for element strings
	GTIN          string            `yaml:"gtin"`        // of the treatment, with codes: gs1
	TwoHeads      bool              `yaml:"two_heads"`   // head of production and head of quality control sign, two persons (AMWHV 12(1), 13(8), 14(4))
	Manufacturer  string            `yaml:"manufacturer"`
	Address       string            `yaml:"address"`
	Authorisation string            `yaml:"authorisation"`
	Authority     string            `yaml:"authority"`
	EUCT          string            `yaml:"eu_ct"`
	EudraCT       string            `yaml:"eudract"`
	Protocol      string            `yaml:"protocol"`
	Product       Wording           `yaml:"product"`
	Strength      Wording           `yaml:"strength"`
	DosageForm    Wording           `yaml:"dosage_form"`
	Package       Wording           `yaml:"package"`
	Storage       Wording           `yaml:"storage"`
	Destination   Wording           `yaml:"destination"`
	Label         PlantLabel        `yaml:"label"`
	Processing    string            `yaml:"processing"` // how long the work from receipt to formulation takes at least: "7h"
	OnCall        string            `yaml:"on_call"`    // how long the one on call has to answer a call out of hours: "15m"
	Transport     []TransportLane   `yaml:"lanes"`      // what its routes allow
	Tolerance     string            `yaml:"tolerance"`  // mL by which what was given and left may differ from what was filled: "0.5"

	Location *time.Location `yaml:"-"` // of Zone
	FIN      isbt128.FIN    `yaml:"-"` // of Facility

	tolerance quantity.Quantity
	gtin      gs1.GTIN // zero unless the codes are those of GS1
}

// The codes in which a plant's labels can be.
const (
	codesOfIdentifiers = "isbt128"
	codesOfGS1         = "gs1"
)

// coding reads in which codes the labels are. With those of GS1 the plant needs a number that its company has from GS1, and without
// them none, lest somebody think that it is printed.
func (p *Plant) coding() error {
	switch {
	case p.Codes != "" && p.Codes != codesOfIdentifiers && p.Codes != codesOfGS1:
		return fmt.Errorf("codes: %q is neither %s nor %s", p.Codes, codesOfIdentifiers, codesOfGS1)
	case p.Codes != codesOfGS1 && p.GTIN != "":
		return fmt.Errorf("gtin: %s goes with codes: %s only", p.GTIN, codesOfGS1)
	case p.Codes != codesOfGS1:
		return nil
	}
	var err error
	p.gtin, err = gs1.ParseGTIN(p.GTIN)
	if err != nil {
		return fmt.Errorf("gtin: %w", err)
	}
	return nil
}

// PlantLabel is what the labels of the plant say about the trial, beside what its certificates say.
type PlantLabel struct {
	Sponsor    string `yaml:"sponsor"`
	Contact    string `yaml:"contact"`     // who answers for the trial: address, telephone
	StorageMin string `yaml:"storage_min"` // °C
	StorageMax string `yaml:"storage_max"`
	Blinded    bool   `yaml:"blinded"` // the label of the product must not tell the arm (I11, LB-4)
}

// Labels are the facts of the plant that its labels show.
func (p *Plant) Labels() label.Plant {
	return label.Plant{
		Protocol: p.Protocol, Sponsor: p.Label.Sponsor, Contact: p.Label.Contact, Manufacturer: p.Manufacturer, Address: p.Address, ProductName: p.Product.Local,
		StorageMin: p.Label.StorageMin, StorageMax: p.Label.StorageMax, Zone: p.Location, Blinded: p.Label.Blinded, GTIN: p.gtin,
	}
}

// TransportLane is a lane as the plant's file writes it.
type TransportLane struct {
	ID      string `yaml:"id"`
	Low     string `yaml:"low"`     // °C
	High    string `yaml:"high"`    // °C
	Outside string `yaml:"outside"` // "30m"
	Longest string `yaml:"longest"` // "24h"
}

// Lanes are the lanes of the plant; the file was checked when it was loaded.
func (p *Plant) Lanes() []shipment.Lane {
	var out []shipment.Lane
	for _, t := range p.Transport {
		l, err := t.lane()
		if err == nil {
			out = append(out, l)
		}
	}
	return out
}

func (t TransportLane) lane() (shipment.Lane, error) {
	l := shipment.Lane{ID: t.ID}
	var errs [4]error
	l.Low, errs[0] = quantity.ParseCanonical(t.Low, "degC")
	l.High, errs[1] = quantity.ParseCanonical(t.High, "degC")
	l.Outside, errs[2] = time.ParseDuration(t.Outside)
	l.Longest, errs[3] = time.ParseDuration(t.Longest)
	err := errors.Join(errs[:]...)
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return shipment.Lane{}, fmt.Errorf("lane %s: %w", t.ID, err)
	}
	return l, nil
}

// ProcessingTime is how long the work from receipt to formulation takes at least.
func (p *Plant) ProcessingTime() time.Duration {
	d, err := time.ParseDuration(p.Processing)
	if err != nil {
		return 0 // refused when the file was loaded
	}
	return d
}

// AnswerTime is how long the one on call has to answer before others are called (process scenario 16).
func (p *Plant) AnswerTime() time.Duration {
	d, err := time.ParseDuration(p.OnCall)
	if err != nil {
		return 0 // refused when the file was loaded
	}
	return d
}

// Wording is one statement in English and in the plant's language; both say the same.
type Wording struct {
	English string `yaml:"en"`
	Local   string `yaml:"local"`
}

// LoadPlant reads a plant's file; an unknown key or a missing value is an error.
func LoadPlant(file []byte) (*Plant, error) {
	var p Plant
	err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&p)
	if err != nil {
		return nil, fmt.Errorf("plant: %w", err)
	}
	p.Location, err = time.LoadLocation(p.Zone)
	if err != nil {
		return nil, fmt.Errorf("plant %s: zone: %w", p.Site, err)
	}
	_, err = time.ParseDuration(p.Processing)
	if err != nil {
		return nil, fmt.Errorf("plant %s: processing: %w", p.Site, err)
	}
	_, err = time.ParseDuration(p.OnCall)
	if err != nil {
		return nil, fmt.Errorf("plant %s: on_call: %w", p.Site, err)
	}
	for _, t := range p.Transport {
		_, err := t.lane()
		if err != nil {
			return nil, fmt.Errorf("plant %s: %w", p.Site, err)
		}
	}
	p.tolerance, err = quantity.ParseCanonical(p.Tolerance, "mL")
	if err == nil && p.tolerance.Sign() < 0 {
		err = errors.New("it is negative")
	}
	if err != nil {
		return nil, fmt.Errorf("plant %s: tolerance: %w", p.Site, err)
	}
	p.FIN, err = isbt128.NewFIN(p.Facility)
	if err != nil {
		return nil, fmt.Errorf("plant %s: facility: %w", p.Site, err)
	}
	if p.Identifiers == isbt128.NoScheme || p.Identifiers != p.FIN.Scheme() {
		return nil, fmt.Errorf("plant %s: identifiers: facility %s issues %q, the file says %q: isbt128 goes with a facility number of ICCBBA, plant with a code like 01SVQ", p.Site, p.Facility, p.FIN.Scheme(), p.Identifiers)
	}
	err = p.coding()
	if err != nil {
		return nil, fmt.Errorf("plant %s: %w", p.Site, err)
	}
	for what, s := range map[string]string{
		"site": p.Site, "language": p.Language, "batch_prefix": p.BatchPrefix, "manufacturer": p.Manufacturer,
		"address": p.Address, "authorisation": p.Authorisation, "product": p.Product.Local, "strength": p.Strength.Local,
		"dosage_form": p.DosageForm.Local, "package": p.Package.Local, "storage": p.Storage.Local, "destination": p.Destination.Local,
		"label sponsor": p.Label.Sponsor, "label storage_min": p.Label.StorageMin, "label storage_max": p.Label.StorageMax,
	} {
		if s == "" {
			return nil, fmt.Errorf("plant %s: %w", p.Site, errors.New(what+" is required"))
		}
	}
	return &p, nil
}
