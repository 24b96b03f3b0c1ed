package mbr

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

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
	Procedures     map[string]Text          `yaml:"procedures"`
	Materials      map[string]materialFile  `yaml:"materials"`
	Equipment      map[string]equipmentFile `yaml:"equipment"`
	Areas          map[string]areaFile      `yaml:"areas"`
	Clocks         []clockFile              `yaml:"clocks"`
	Budget         int                      `yaml:"signatures_per_hour"`
	UnitProcedures []unitProcedureFile      `yaml:"unit_procedures"`
}

type materialFile struct {
	Name    Text   `yaml:"name"`
	Unit    string `yaml:"unit"`
	OpenFor string `yaml:"open_for"`
	Demo    bool   `yaml:"demo"`
}

type equipmentFile struct {
	Name    Text `yaml:"name"`
	Control bool `yaml:"daily_control"`
}

type areaFile struct {
	Name      Text   `yaml:"name"`
	Grade     Text   `yaml:"grade"`
	Clearance string `yaml:"clearance"`
}

type clockFile struct {
	ID    string   `yaml:"id"`
	Name  Text     `yaml:"name"`
	From  string   `yaml:"from"`
	To    string   `yaml:"to"`
	Limit string   `yaml:"limit"`
	Warn  int      `yaml:"warn"`
	Owner string   `yaml:"owner"`
	Late  string   `yaml:"late"`
	Only  []string `yaml:"only"`
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
	ID         string          `yaml:"id"`
	Name       Text            `yaml:"name"`
	Operations []operationFile `yaml:"operations"`
	Steps      []stepFile      `yaml:"steps"` // of a unit procedure that is one operation
}

type operationFile struct {
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
	When        string         `yaml:"when"`
	Parallel    string         `yaml:"parallel"`
	Critical    bool           `yaml:"critical"`
	Safe        bool           `yaml:"safe"`
	Training    []string       `yaml:"training"`
	Area        string         `yaml:"area"`
	Line        string         `yaml:"line"`
	Duration    string         `yaml:"duration"`
	Materials   []useFile      `yaml:"materials"`
	Equipment   []deviceFile   `yaml:"equipment"`
	Gate        *gateFile      `yaml:"gate"`
	Repeat      *repeatFile    `yaml:"repeat"`
	Custody     *custodyFile   `yaml:"custody"`
	Creates     []creationFile `yaml:"creates"`
	Flags       []string       `yaml:"flags"`
	Fields      []fieldFile    `yaml:"fields"`
}

type useFile struct {
	Material string `yaml:"material"`
	Field    string `yaml:"field"`
	Quantity string `yaml:"quantity"`
}

type deviceFile struct {
	Kind      string `yaml:"kind"`
	Field     string `yaml:"field"`
	Programme string `yaml:"programme"`
}

type gateFile struct {
	Field     string         `yaml:"field"`
	Decisions []decisionFile `yaml:"decisions"`
}

type decisionFile struct {
	Code string `yaml:"code"`
	Then string `yaml:"then"`
}

type repeatFile struct {
	From  string `yaml:"from"`
	Times int    `yaml:"times"`
}

type secondFile struct {
	Role   string   `yaml:"role"`
	Mode   string   `yaml:"mode"`
	Field  string   `yaml:"field"`
	Fields []string `yaml:"fields"`
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
	Print bool     `yaml:"print"`
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
	When     string            `yaml:"when"`
	Checks   []checkFile       `yaml:"checks"`
	Beyond   string            `yaml:"beyond"`
	Material string            `yaml:"material"`
	Device   string            `yaml:"equipment"`
	Captured string            `yaml:"captured"`
	Formula  string            `yaml:"formula"`
	Inputs   map[string]string `yaml:"inputs"`
	Expr     string            `yaml:"expr"`
	Result   string            `yaml:"result"`
	Source   string            `yaml:"source"`
	Demo     bool              `yaml:"demo"`
}

type checkFile struct {
	That string `yaml:"that"`
	Else Text   `yaml:"else"`
}

// Load reads a master batch record. Unknown keys, duplicate ids, a missing language, an unknown unit, role or
// formula and a reference to something later are errors that name their place; so is what could not be executed at one
// of the plants (AT-3): a scan of a container that nobody makes, a formula without its inputs.
func Load(file []byte) (*Recipe, error) {
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
	b.floor(mf)
	for _, upf := range mf.UnitProcedures {
		up := UnitProcedure{ID: upf.ID, Name: b.text(upf.ID, upf.Name)}
		ops := upf.Operations
		if len(upf.Steps) > 0 {
			ops = append(ops, operationFile{ID: upf.ID, Name: upf.Name, Steps: upf.Steps})
		}
		for _, of := range ops {
			op := Operation{ID: of.ID, Name: b.text(of.ID, of.Name)}
			for i := range of.Steps {
				op.Steps = append(op.Steps, b.step(upf.ID, of.ID, &of.Steps[i]))
			}
			up.Operations = append(up.Operations, op)
		}
		r.UnitProcedures = append(r.UnitProcedures, up)
	}
	b.checkPlants()
}

func (b *masterBuilder) floor(mf *masterFile) {
	r := b.recipe
	r.Procedures, r.Budget = map[string]Text{}, mf.Budget
	for code, name := range mf.Procedures {
		r.Procedures[code] = b.text("procedure "+code, name)
	}
	r.Materials = map[string]Material{}
	for id, m := range mf.Materials {
		where := "material " + id
		r.Materials[id] = Material{ID: id, Name: b.text(where, m.Name), Unit: b.unit(where, m.Unit), OpenFor: b.span(where, m.OpenFor), Demo: m.Demo}
	}
	r.Equipment = map[string]EquipmentKind{}
	for id, e := range mf.Equipment {
		r.Equipment[id] = EquipmentKind{ID: id, Name: b.text("equipment "+id, e.Name), Control: e.Control}
	}
	r.Areas = map[string]AreaKind{}
	for id, a := range mf.Areas {
		where := "area " + id
		r.Areas[id] = AreaKind{ID: id, Name: b.text(where, a.Name), Grade: b.text(where+" grade", a.Grade), Clearance: b.span(where, a.Clearance)}
	}
	for _, c := range mf.Clocks {
		where := "clock " + c.ID
		r.Clocks = append(r.Clocks, Clock{ID: c.ID, Name: b.text(where, c.Name), From: c.From, To: c.To, Limit: c.Limit, Warn: c.Warn, Owner: b.role(where, c.Owner), Late: LateAct(c.Late), Only: b.sites(where, c.Only)})
	}
}

// span reads a duration such as "4 h"; an empty one is none.
func (b *masterBuilder) span(where, s string) time.Duration {
	if s == "" {
		return 0
	}
	q, err := ParseAmount(s)
	if err != nil {
		b.fault("%s: %w", where, err)
		return 0
	}
	d, err := q.Duration()
	if err != nil {
		b.fault("%s: %w", where, err)
	}
	return d
}

func condition(source string) *Condition {
	if source == "" {
		return nil
	}
	return &Condition{Source: source}
}

func (b *masterBuilder) step(up, op string, sf *stepFile) *Step {
	s := &Step{
		ID: sf.ID, UnitProcedure: up, Operation: op, Name: b.text(sf.ID, sf.Name), Instruction: b.text(sf.ID+" instruction", sf.Instruction),
		Only: b.sites(sf.ID, sf.Only), Material: sf.Material, Blind: sf.Blind, Act: Act(sf.Act), Flags: sf.Flags,
		Performer: b.role(sf.ID+" performer", sf.Performer),
		When:      condition(sf.When), Parallel: sf.Parallel, Critical: sf.Critical, Safe: sf.Safe, Training: sf.Training,
		Area: sf.Area, Line: LineAct(sf.Line), Duration: b.span(sf.ID+" duration", sf.Duration),
	}
	for _, u := range sf.Materials {
		s.Materials = append(s.Materials, MaterialUse(u))
	}
	for _, u := range sf.Equipment {
		s.Equipment = append(s.Equipment, EquipmentUse(u))
	}
	if sf.Gate != nil {
		s.Gate = &Gate{Field: sf.Gate.Field}
		for _, d := range sf.Gate.Decisions {
			s.Gate.Decisions = append(s.Gate.Decisions, Decision{Code: d.Code, Then: Then(d.Then)})
		}
	}
	if sf.Repeat != nil {
		s.Repeat = &Repeat{From: sf.Repeat.From, Times: sf.Repeat.Times}
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
		s.Second = &Second{Role: b.role(s.ID+" second", sf.Second.Role), Mode: SecondMode(sf.Second.Mode), Field: sf.Second.Field, Fields: sf.Second.Fields}
		if s.Second.Mode == "" {
			s.Second.Mode = Confirms
		}
	}
	if sf.Custody != nil {
		s.Custody = &Custody{Container: sf.Custody.Container, Holder: sf.Custody.Holder}
	}
	for _, c := range sf.Creates {
		s.Creates = append(s.Creates, Creation{Kind: c.Kind, From: c.From, Count: c.Count, Only: b.sites(s.ID, c.Only), Print: c.Print, Label: b.text(s.ID+" label "+c.Kind, c.Label)})
	}
	return s
}

var fieldTypes = map[FieldType]bool{
	TypeText: true, TypeID: true, TypeDecimal: true, TypeInt: true, TypeBool: true, TypeEnum: true, TypeMulti: true,
	TypeDateTime: true, TypeDate: true, TypeScan: true, TypeLot: true, TypeDevice: true, TypeList: true, TypeFile: true, TypeComputed: true,
}

func (b *masterBuilder) field(s *Step, ff *fieldFile) *Field {
	f := &Field{
		ID: ff.ID, Step: s.ID, Type: FieldType(ff.Type), Expect: ff.Expect, Each: ff.Each, Inputs: ff.Inputs,
		Optional: ff.Required != nil && !*ff.Required, Result: ff.Result, Source: Source(ff.Source), Demo: ff.Demo, Formula: formula.ID(ff.Formula),
		When: condition(ff.When), Beyond: Beyond(ff.Beyond), Material: ff.Material, Device: ff.Device, Captured: Captured(ff.Captured), Expr: condition(ff.Expr),
	}
	for _, c := range ff.Checks {
		f.Checks = append(f.Checks, Check{That: Condition{Source: c.That}, Else: b.text(s.ID+"."+ff.ID+" check", c.Else)})
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
