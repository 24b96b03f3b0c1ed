// Package qc judges results against a specification: versioned data with two-sided limits, qualifiers and
// tests that may still be pending. Nothing of a specification is in code.
package qc

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
)

// Specification is one version of the released limits, pinned by a batch by its digest.
type Specification struct {
	ID         string
	Version    int
	Title      map[string]string
	Note       map[string]string
	Attributes []Attribute
	Digest     ledger.Digest
}

// Attribute is one released property of the product.
type Attribute struct {
	ID           string
	Name         map[string]string
	Method       map[string]string
	Field        string // where its value stands in the record, e.g. "S37.mnc"
	Unit         quantity.Unit
	Limit        quantity.Limit
	Accept       []string // for a choice: those that pass
	Cause        string   // attributes with one cause make one OOS
	MayBePending bool     // on the approved list of tests that may be open at stage 1 (AT-33)
	DueDays      int      // when a pending result is due, in days after DueFrom
	DueFrom      string   // the field with the start of the test; the opening of the batch while it is empty
	Information  bool     // reported, not judged
	Demo         bool     // a limit that nobody published for REX-001
	Source       string
	ValidIf      []Condition
}

// Condition is a limit on another value without which the test is not valid.
type Condition struct {
	Field string
	Limit quantity.Limit
}

// LimitText is the limit as the specification writes it.
func (a Attribute) LimitText() string {
	switch {
	case a.Information:
		return "for information"
	case len(a.Accept) > 0:
		return strings.Join(a.Accept, " / ")
	default:
		return a.Limit.String()
	}
}

type specFile struct {
	Specification string            `yaml:"specification"`
	Version       int               `yaml:"version"`
	Title         map[string]string `yaml:"title"`
	Note          map[string]string `yaml:"note"`
	Attributes    []attributeFile   `yaml:"attributes"`
}

type attributeFile struct {
	ID           string            `yaml:"id"`
	Name         map[string]string `yaml:"name"`
	Method       map[string]string `yaml:"method"`
	Field        string            `yaml:"field"`
	Unit         string            `yaml:"unit"`
	Limit        string            `yaml:"limit"`
	Accept       []string          `yaml:"accept"`
	Cause        string            `yaml:"cause"`
	MayBePending bool              `yaml:"may_be_pending"`
	DueDays      int               `yaml:"due_days"`
	DueFrom      string            `yaml:"due_from"`
	Information  bool              `yaml:"information"`
	Demo         bool              `yaml:"demo"`
	Source       string            `yaml:"source"`
	ValidIf      []conditionFile   `yaml:"valid_if"`
}

type conditionFile struct {
	Field string `yaml:"field"`
	Limit string `yaml:"limit"`
	Unit  string `yaml:"unit"`
}

// maxSpec bounds a specification file.
const maxSpec = 1 << 20

// Load reads a specification. Unknown keys, duplicate attributes and limits that cannot be read are errors.
func Load(file []byte) (*Specification, error) {
	if len(file) > maxSpec {
		return nil, fmt.Errorf("specification: %d bytes, at most %d", len(file), maxSpec)
	}
	var sf specFile
	err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&sf)
	if err != nil {
		return nil, fmt.Errorf("specification: %w", err)
	}
	s := &Specification{ID: sf.Specification, Version: sf.Version, Title: sf.Title, Note: sf.Note, Digest: ledger.DigestOf(file)}
	var faults []error
	seen := map[string]bool{}
	for _, af := range sf.Attributes {
		a, err := attribute(af)
		if err != nil {
			faults = append(faults, fmt.Errorf("attribute %q: %w", af.ID, err))
		}
		if seen[a.ID] {
			faults = append(faults, fmt.Errorf("attribute %q: defined twice", a.ID))
		}
		seen[a.ID] = true
		s.Attributes = append(s.Attributes, a)
	}
	if s.ID == "" || s.Version < 1 || len(s.Attributes) == 0 {
		faults = append(faults, errors.New("specification, version and attributes are required"))
	}
	err = errors.Join(faults...)
	if err != nil {
		return nil, fmt.Errorf("specification %s version %d: %w", sf.Specification, sf.Version, err)
	}
	return s, nil
}

func attribute(af attributeFile) (Attribute, error) {
	a := Attribute{
		ID: af.ID, Name: af.Name, Method: af.Method, Field: af.Field, Accept: af.Accept, Cause: af.Cause,
		MayBePending: af.MayBePending, DueDays: af.DueDays, DueFrom: af.DueFrom, Information: af.Information, Demo: af.Demo, Source: af.Source,
	}
	for _, lang := range []string{"en", "es", "de"} {
		if a.Name[lang] == "" {
			return a, fmt.Errorf("no name in %q", lang)
		}
	}
	unit, err := quantity.ParseUnit(af.Unit)
	if err != nil {
		return a, err
	}
	a.Unit = unit
	if af.Limit != "" {
		a.Limit, err = quantity.ParseLimit(af.Limit, unit)
		if err != nil {
			return a, err
		}
	}
	if af.Field == "" {
		return a, errors.New("no field")
	}
	judged := af.Limit != "" || len(af.Accept) > 0
	if judged == af.Information {
		return a, errors.New("needs either a limit, an expected choice, or information: true")
	}
	for _, c := range af.ValidIf {
		unit, err := quantity.ParseUnit(c.Unit)
		if err != nil {
			return a, err
		}
		limit, err := quantity.ParseLimit(c.Limit, unit)
		if err != nil {
			return a, fmt.Errorf("valid_if %s: %w", c.Field, err)
		}
		a.ValidIf = append(a.ValidIf, Condition{Field: c.Field, Limit: limit})
	}
	return a, nil
}

// Fields are the fields of the record that the specification judges; their limits are not judged twice.
func (s *Specification) Fields() map[string]bool {
	out := map[string]bool{}
	for _, a := range s.Attributes {
		if !a.Information {
			out[a.Field] = true
		}
	}
	return out
}
