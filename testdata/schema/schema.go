// Package schema holds exported documents against the schemas of the standards, for tests.
package schema

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed epcis-2.0.json
var epcis []byte

//go:embed fhir-r5.json
var fhir []byte

// EPCIS tells what is wrong with a document by GS1's schema of EPCIS 2.0; nil when nothing is.
func EPCIS(document []byte) error { return check(epcisSchema, document) }

// FHIR tells what is wrong with a bundle by the definitions of FHIR R5; nil when nothing is.
func FHIR(bundle []byte) error { return check(fhirSchema, bundle) }

var (
	epcisSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return load("epcis.json", epcis) })
	fhirSchema  = sync.OnceValues(func() (*jsonschema.Schema, error) { return load("fhir.json", fhir) })
)

func check(schema func() (*jsonschema.Schema, error), document []byte) error {
	s, err := schema()
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	return s.Validate(doc)
}

func load(name string, schema []byte) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	c.AssertFormat()
	c.UseRegexpEngine(compile)
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	err = c.AddResource(name, read)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return c.Compile(name)
}

// ecma is an expression as JSON Schema means it: GS1 looks ahead, which Go's own expressions cannot.
type ecma regexp2.Regexp

func compile(text string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(text, regexp2.ECMAScript)
	if err != nil {
		return nil, err
	}
	return (*ecma)(re), nil
}

func (re *ecma) MatchString(s string) bool {
	found, err := (*regexp2.Regexp)(re).MatchString(s)
	return err == nil && found
}

func (re *ecma) String() string { return (*regexp2.Regexp)(re).String() }
