// Package mbr is the master batch record: the versioned, approved recipe by which a batch is made (ISA-88: recipe → unit
// procedure → operation → step → field), how its file is read, and what is wrong with it.
//
// A batch pins the digest of its version for ever (AT-5), so whatever a version could say once is still read. The
// package executes nothing and knows no batch.
package mbr

import (
	"rexbatch/batch/formula"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"time"
)

// Text is an approved wording in each language of the product: en, es, de.
type Text map[string]string

// In returns the wording in a language, English when there is none.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t["en"]
}

// Recipe is one version of the master batch record: unit procedure → operation (step) → field (ISA-88).
// A batch pins its digest for ever; the bytes are kept in the ledger beside the batch (AT-5).
type Recipe struct {
	ID             string
	Version        int
	Status         string
	Title          Text
	Roles          map[people.Role]Text
	Parameters     map[string]Parameter
	Variants       map[string]Variant // by plant
	Procedures     map[string]Text    // that people are trained in, by code (CS-2)
	Materials      map[string]Material
	Equipment      map[string]EquipmentKind
	Areas          map[string]AreaKind
	Clocks         []Clock
	Split          *Split // nil: a batch is never split
	Budget         int    // signatures per hour that the plant accepts; zero means no limit (screens rule 13)
	UnitProcedures []UnitProcedure
	Digest         ledger.Digest // SHA-256 of the file

	steps map[string]*Step
}

// Parameter is a number that the recipe version sets. Demo marks one that nobody has published.
type Parameter struct {
	ID      string
	Value   quantity.Quantity
	Source  Source
	Demo    bool
	Meaning Text
}

// Source says where a limit or a number comes from.
type Source string

// The sources of a number (domain description, "Marks").
const (
	Published Source = "P" // published for REX-001
	Similar   Source = "S" // published for a similar product
	Practice  Source = "K" // common practice
	Chosen    Source = "C" // a parameter of the recipe version
)

// Variant is a plant's way of making the product.
type Variant struct {
	Site string
	Name Text
}

// UnitProcedure is a group of operations, such as "Separation".
type UnitProcedure struct {
	ID         string
	Name       Text
	Operations []Operation
}

// Steps are the steps of all its operations, in order.
func (u UnitProcedure) Steps() []*Step {
	var out []*Step
	for _, op := range u.Operations {
		out = append(out, op.Steps...)
	}
	return out
}

// Operation is a group of steps that belong together, such as "Density gradient".
type Operation struct {
	ID    string
	Name  Text
	Steps []*Step
}

// Step is one thing to do on one screen.
type Step struct {
	ID            string
	UnitProcedure string
	Operation     string
	Name          Text
	Instruction   Text
	Performer     people.Role
	Second        *Second    // nil when nobody has to confirm
	Only          []string   // plants; empty means all
	When          *Condition // nil: always. Else the step is done only where it holds
	Parallel      string     // steps of one group that stand together may be done in any order
	AtRisk        []string   // ids of earlier steps for whose end it need not wait (scenario 26)
	Material      bool       // handles the patient's material: needs a matching scan (I4)
	Critical      bool       // needs a second person or a signature
	Closing       bool       // closes the record: done also when the batch was stopped before
	Safe          bool       // a stop of the batch takes effect when it is done: nothing is left half way
	Blind         bool       // its content is sealed from blinded roles (I11)
	Act           Act        // done by a signature instead of entries
	Training      []string   // codes of the procedures in which the performer has to be trained (CS-2)
	Area          string     // kind of work area in which it is done; empty means anywhere
	Line          LineAct    // what it does with the lock of the area (I5)
	Duration      time.Duration
	Materials     []MaterialUse
	Equipment     []EquipmentUse
	Gate          *Gate
	Repeat        *Repeat // nil: an interrupted step cannot be repeated
	Custody       *Custody
	Creates       []Creation
	Relabels      []Relabel
	Flags         []string
	Fields        []*Field
}

// Second is the second person of a step (I7): another qualified person, who signs for themselves.
type Second struct {
	Role   people.Role
	Mode   SecondMode
	Field  string   // the scan field that is scanned again independently, with mode scan
	Fields []string // the fields that are entered again without seeing the first value, with mode retype
}

// SecondMode is how the second person checks.
type SecondMode string

// The ways in which a second person checks.
const (
	Confirms   SecondMode = "confirm" // sees the entries and confirms them
	ScansAgain SecondMode = "scan"    // scans the container independently
	Retypes    SecondMode = "retype"  // enters the values again without seeing the first ones; the system compares
)

// Custody says who must hold a container when the step is completed (I6).
type Custody struct {
	Container string
	Holder    string
}

// Creation is a container whose label the step issues.
type Creation struct {
	Kind  string
	From  string // kind of the parent container; empty for the first one of a donation
	Count string // id of the int field of this step that says how many; empty means one
	Only  []string
	Print bool // its label is printed, and has to be scanned back before the step goes on (LB-3)
	Label Text
}

// Relabel is the label of the product, which a step prints for containers that an earlier step made. Each takes the place of
// the label that only says whose the container is, and has to be scanned back before the step goes on (LB-1, LB-3).
type Relabel struct {
	Kind  string
	After string // id of the last field that has to be captured before: what the label says comes from it; empty: none
	Label Text
}

// Relabel is what the step prints for a kind of container that is there already; nil when nothing.
func (s *Step) Relabel(kind string) *Relabel {
	for i := range s.Relabels {
		if s.Relabels[i].Kind == kind {
			return &s.Relabels[i]
		}
	}
	return nil
}

// FieldType is the sort of value that a field captures.
type FieldType string

// The field types.
const (
	TypeText     FieldType = "text"
	TypeID       FieldType = "id"
	TypeDecimal  FieldType = "decimal"
	TypeInt      FieldType = "int"
	TypeBool     FieldType = "bool"
	TypeEnum     FieldType = "enum"
	TypeMulti    FieldType = "multi"
	TypeDateTime FieldType = "datetime"
	TypeDate     FieldType = "date"
	TypeScan     FieldType = "scan"
	TypeLot      FieldType = "lot"       // a lot of a material of the recipe, scanned or typed with its check character
	TypeDevice   FieldType = "equipment" // a device of a kind of the recipe, by its tag
	TypeList     FieldType = "list"
	TypeFile     FieldType = "file"
	TypeComputed FieldType = "computed"
)

// Field is one value to capture.
type Field struct {
	ID       string
	Step     string
	Label    Text
	Type     FieldType
	Unit     quantity.Unit
	Decimals int // decimals in which a computed value is shown; the limit decides how it is compared
	Limit    quantity.Limit
	Expect   string // bool, enum: the value that raises no exception; scan: the container kind, or "coi"
	Each     bool   // scan: every container of that kind
	Options  []Option
	Optional bool
	Only     []string
	When     *Condition // nil: always. Else the field is asked for only where it holds
	Checks   []Check
	Beyond   Beyond // what a value beyond the limit, or not the expected one, asks of the person
	Material string // lot: code of the material
	Device   string // equipment: kind of the device
	Captured Captured
	Formula  formula.ID
	Inputs   map[string]string // formula input → "S11.gross_mass" or "param.undiluted"
	Expr     *Condition        // computed: an expression in place of a formula
	Result   string            // "datetime" for F11
	Source   Source
	Demo     bool
}

// Option is one choice of an enum or multi field.
type Option struct {
	Code string
	Name Text
}

// Ref is the field's name in the whole record, e.g. "S29.mnc_pct".
func (f *Field) Ref() string { return f.Step + "." + f.ID }

// OptionName is the approved wording of a choice; the code itself when there is none.
func (f *Field) OptionName(code, lang string) string {
	for _, o := range f.Options {
		if o.Code == code {
			return o.Name.In(lang)
		}
	}
	return code
}

// Step finds a step by its id.
func (r *Recipe) Step(id string) (*Step, bool) {
	s, ok := r.steps[id]
	return s, ok
}

// Steps are all steps in order of execution.
func (r *Recipe) Steps() []*Step {
	var out []*Step
	for _, up := range r.UnitProcedures {
		out = append(out, up.Steps()...)
	}
	return out
}

// Applies tells whether a step is part of the variant of a plant.
func (s *Step) Applies(site string) bool { return applies(s.Only, site) }

// Applies tells whether a field is part of the variant of a plant.
func (f *Field) Applies(site string) bool { return applies(f.Only, site) }

func applies(only []string, site string) bool {
	if len(only) == 0 {
		return true
	}
	for _, s := range only {
		if s == site {
			return true
		}
	}
	return false
}

// Field finds a field of the step that applies to the plant.
func (s *Step) Field(id, site string) (*Field, bool) {
	for _, f := range s.Fields {
		if f.ID == id && f.Applies(site) {
			return f, true
		}
	}
	return nil, false
}

// FieldsAt are the step's fields in the variant of a plant, in order.
func (s *Step) FieldsAt(site string) []*Field {
	out := make([]*Field, 0, len(s.Fields))
	for _, f := range s.Fields {
		if f.Applies(site) {
			out = append(out, f)
		}
	}
	return out
}

// Is tells whether the recipe marks the step with a flag, e.g. "blocking".
func (s *Step) Is(flag string) bool {
	for _, f := range s.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

// Act is a signed decision over the whole record.
type Act string

// The acts, in the order in which a batch meets them.
const (
	ActQAReview      Act = "qa-review"
	ActProduction    Act = "head-of-production"
	ActQuality       Act = "head-of-quality-control"
	ActCertification Act = "certification"
	ActSponsor       Act = "sponsor-release"
)

// Codes are the codes of the field's options, in order.
func (f *Field) Codes() []string {
	codes := make([]string, len(f.Options))
	for i, o := range f.Options {
		codes[i] = o.Code
	}
	return codes
}

// Applies tells whether the container is made in the variant of a plant.
func (c Creation) Applies(site string) bool { return applies(c.Only, site) }
