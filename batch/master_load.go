package batch

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"rexbatch/batch/formula"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// maxMaster bounds a master batch record file.
const maxMaster = 4 << 20

// languages in which every approved text must exist (screens rule 20).
var languages = []string{"en", "es", "de"}

type masterFile struct {
	Recipe         string                   `yaml:"recipe"`
	Version        int                      `yaml:"version"`
	Status         string                   `yaml:"status"`
	Title          Text                     `yaml:"title"`
	Roles          map[string]Text          `yaml:"roles"`
	Parameters     map[string]parameterFile `yaml:"parameters"`
	Variants       map[string]variantFile   `yaml:"variants"`
	UnitProcedures []unitProcedureFile      `yaml:"unit_procedures"`
}

type parameterFile struct {
	Value   string `yaml:"value"`
	Unit    string `yaml:"unit"`
	Source  string `yaml:"source"`
	Demo    bool   `yaml:"demo"`
	Meaning Text   `yaml:"meaning"`
}

type variantFile struct {
	Name Text `yaml:"name"`
}

type unitProcedureFile struct {
	ID    string     `yaml:"id"`
	Name  Text       `yaml:"name"`
	Steps []stepFile `yaml:"steps"`
}

type stepFile struct {
	ID          string         `yaml:"id"`
	Name        Text           `yaml:"name"`
	Instruction Text           `yaml:"instruction"`
	Performer   string         `yaml:"performer"`
	Second      *secondFile    `yaml:"second"`
	Only        []string       `yaml:"only"`
	Material    bool           `yaml:"material"`
	Blind       bool           `yaml:"blind"`
	Act         string         `yaml:"act"`
	Custody     *custodyFile   `yaml:"custody"`
	Creates     []creationFile `yaml:"creates"`
	Flags       []string       `yaml:"flags"`
	Fields      []fieldFile    `yaml:"fields"`
}

type secondFile struct {
	Role  string `yaml:"role"`
	Mode  string `yaml:"mode"`
	Field string `yaml:"field"`
}

type custodyFile struct {
	Container string `yaml:"container"`
	Holder    string `yaml:"holder"`
}

type creationFile struct {
	Kind  string   `yaml:"kind"`
	From  string   `yaml:"from"`
	Count string   `yaml:"count"`
	Only  []string `yaml:"only"`
	Label Text     `yaml:"label"`
}

type optionFile struct {
	Code string `yaml:"code"`
	Name Text   `yaml:"name"`
}

type fieldFile struct {
	ID       string            `yaml:"id"`
	Label    Text              `yaml:"label"`
	Type     string            `yaml:"type"`
	Unit     string            `yaml:"unit"`
	Decimals *int              `yaml:"decimals"`
	Limit    string            `yaml:"limit"`
	Expect   string            `yaml:"expect"`
	Each     bool              `yaml:"each"`
	Options  []optionFile      `yaml:"options"`
	Required *bool             `yaml:"required"`
	Only     []string          `yaml:"only"`
	Formula  string            `yaml:"formula"`
	Inputs   map[string]string `yaml:"inputs"`
	Result   string            `yaml:"result"`
	Source   string            `yaml:"source"`
	Demo     bool              `yaml:"demo"`
}

// LoadRecipe reads a master batch record. Unknown keys, duplicate ids, a missing language, an unknown unit, role or
// formula and a reference to something later are errors that name their place; so is what could not be executed at one
// of the plants (AT-3): a scan of a container that nobody makes, a formula without its inputs.
func LoadRecipe(file []byte) (*Recipe, error) {
	if len(file) > maxMaster {
		return nil, fmt.Errorf("master batch record: %d bytes, at most %d", len(file), maxMaster)
	}
	var mf masterFile
	err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&mf)
	if err != nil {
		return nil, fmt.Errorf("master batch record: %w", err)
	}
	b := &masterBuilder{
		recipe: &Recipe{
			ID: mf.Recipe, Version: mf.Version, Status: mf.Status, Title: mf.Title,
			Roles:      map[people.Role]Text{},
			Parameters: map[string]Parameter{},
			Variants:   map[string]Variant{},
			Digest:     ledger.DigestOf(file),
			steps:      map[string]*Step{},
		},
		known: map[string]*Field{},
	}
	b.build(&mf)
	err = errors.Join(b.faults...)
	if err != nil {
		return nil, fmt.Errorf("master batch record %s version %d: %w", mf.Recipe, mf.Version, err)
	}
	return b.recipe, nil
}

type masterBuilder struct {
	recipe *Recipe
	known  map[string]*Field // fields defined so far, by reference
	faults []error
}

func (b *masterBuilder) fault(format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf(format, args...))
}

func (b *masterBuilder) text(where string, t Text) Text {
	for _, lang := range languages {
		if strings.TrimSpace(t[lang]) == "" {
			b.fault("%s: no text in %q", where, lang)
		}
	}
	return t
}

func (b *masterBuilder) unit(where, s string) quantity.Unit {
	u, err := quantity.ParseUnit(s)
	if err != nil {
		b.fault("%s: %w", where, err)
	}
	return u
}

func (b *masterBuilder) role(where, s string) people.Role {
	role, err := people.ParseRole(s)
	if err != nil {
		b.fault("%s: %w", where, err)
	}
	return role
}

func (b *masterBuilder) sites(where string, only []string) []string {
	for _, s := range only {
		if _, ok := b.recipe.Variants[s]; !ok {
			b.fault("%s: plant %q is not a variant of the recipe", where, s)
		}
	}
	return only
}

func (b *masterBuilder) build(mf *masterFile) {
	r := b.recipe
	if mf.Recipe == "" || mf.Version < 1 {
		b.fault("recipe and version are required")
	}
	b.text("title", mf.Title)
	for key, t := range mf.Roles {
		r.Roles[b.role("roles", key)] = b.text("role "+key, t)
	}
	for id, v := range mf.Variants {
		r.Variants[id] = Variant{Site: id, Name: b.text("variant "+id, v.Name)}
	}
	for id, p := range mf.Parameters {
		q, err := quantity.ParseCanonical(p.Value, b.unit("parameter "+id, p.Unit))
		if err != nil {
			b.fault("parameter %s: %w", id, err)
		}
		r.Parameters[id] = Parameter{ID: id, Value: q, Source: Source(p.Source), Demo: p.Demo, Meaning: b.text("parameter "+id, p.Meaning)}
	}
	for _, upf := range mf.UnitProcedures {
		up := UnitProcedure{ID: upf.ID, Name: b.text(upf.ID, upf.Name)}
		for i := range upf.Steps {
			up.Steps = append(up.Steps, b.step(upf.ID, &upf.Steps[i]))
		}
		r.UnitProcedures = append(r.UnitProcedures, up)
	}
	b.checkPlants()
}

func (b *masterBuilder) step(up string, sf *stepFile) *Step {
	s := &Step{
		ID: sf.ID, UnitProcedure: up, Name: b.text(sf.ID, sf.Name), Instruction: b.text(sf.ID+" instruction", sf.Instruction),
		Only: b.sites(sf.ID, sf.Only), Material: sf.Material, Blind: sf.Blind, Act: Act(sf.Act), Flags: sf.Flags,
		Performer: b.role(sf.ID+" performer", sf.Performer),
	}
	if _, dup := b.recipe.steps[s.ID]; dup || s.ID == "" {
		b.fault("step %q: id is missing or used twice", s.ID)
	}
	b.recipe.steps[s.ID] = s
	if sf.Act != "" && s.Act != ActQAReview && s.Act != ActCertification {
		b.fault("%s: unknown act %q", s.ID, sf.Act)
	}
	for i := range sf.Fields {
		s.Fields = append(s.Fields, b.field(s, &sf.Fields[i]))
	}
	if sf.Second != nil {
		s.Second = &Second{Role: b.role(s.ID+" second", sf.Second.Role), Mode: SecondMode(sf.Second.Mode), Field: sf.Second.Field}
		if s.Second.Mode == "" {
			s.Second.Mode = Confirms
		}
	}
	if sf.Custody != nil {
		s.Custody = &Custody{Container: sf.Custody.Container, Holder: sf.Custody.Holder}
	}
	for _, c := range sf.Creates {
		s.Creates = append(s.Creates, Creation{Kind: c.Kind, From: c.From, Count: c.Count, Only: b.sites(s.ID, c.Only), Label: b.text(s.ID+" label "+c.Kind, c.Label)})
	}
	return s
}

var fieldTypes = map[FieldType]bool{
	TypeText: true, TypeID: true, TypeDecimal: true, TypeInt: true, TypeBool: true, TypeEnum: true, TypeMulti: true,
	TypeDateTime: true, TypeDate: true, TypeScan: true, TypeLot: true, TypeList: true, TypeFile: true, TypeComputed: true,
}

func (b *masterBuilder) field(s *Step, ff *fieldFile) *Field {
	f := &Field{
		ID: ff.ID, Step: s.ID, Type: FieldType(ff.Type), Expect: ff.Expect, Each: ff.Each, Inputs: ff.Inputs,
		Optional: ff.Required != nil && !*ff.Required, Result: ff.Result, Source: Source(ff.Source), Demo: ff.Demo, Formula: formula.ID(ff.Formula),
	}
	where := f.Ref()
	f.Label, f.Only, f.Unit = b.text(where, ff.Label), b.sites(where, ff.Only), b.unit(where, ff.Unit)
	if ff.Decimals != nil {
		f.Decimals = *ff.Decimals
	}
	if !fieldTypes[f.Type] {
		b.fault("%s: unknown type %q", where, ff.Type)
	}
	if ff.Limit != "" {
		limit, err := quantity.ParseLimit(ff.Limit, f.Unit)
		if err != nil {
			b.fault("%s: limit: %w", where, err)
		}
		f.Limit = limit
	}
	for _, o := range ff.Options {
		f.Options = append(f.Options, Option{Code: o.Code, Name: b.text(where+" option "+o.Code, o.Name)})
	}
	b.checkField(where, f)
	if _, dup := b.known[where]; dup {
		b.fault("%s: defined twice", where)
	}
	b.known[where] = f
	return f
}
