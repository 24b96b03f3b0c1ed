package pages

import (
	"regexp"
	"slices"
	"strings"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// masterFault is a fault of the file, with the line and a mark under the part.
type masterFault struct {
	State              state
	At, Code           string
	What, Line, Advice string
	Said               string // in the compiler's own words: English, and exact about names and numbers
}

// masterFaults are the errors and the warnings: what each code means and what to do, in the words of the reader; beside it what
// the compiler says of this one.
func (v *visit) masterFaults(r master.Reading) (errors, warnings []masterFault) {
	for _, f := range r.Faults {
		_, shown, _ := strings.Cut(f.Show("", r.File), "\n")
		shown, _, _ = strings.Cut(shown, "    fix: ")
		out := masterFault{
			At: itoa(f.Line) + ":" + itoa(f.Column), Code: f.Code, What: v.T("fault." + f.Code + ".what"), Line: strings.TrimRight(shown, "\n"),
			Advice: v.T("fault." + f.Code + ".next"), Said: f.What,
		}
		if f.Fix != "" {
			out.Said += "; " + f.Fix
		}
		if f.Severity == mbr.Error {
			out.State = state{Icon: "triangle", Tone: "att"}
			errors = append(errors, out)
		} else {
			out.State = state{Icon: "ring"}
			warnings = append(warnings, out)
		}
	}
	return errors, warnings
}

// faultLine is a fault as the compiler writes it in one line: its place and its code are what the words need.
var faultLine = regexp.MustCompile(`^(\d+:\d+): \w+ (MBR\d+): `)

// fault says a fault of the compiler in the reader's language, with its place.
func (w words) fault(text string) string {
	m := faultLine.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	what, ok := w.lookup("fault." + m[2] + ".what")
	if !ok {
		return text
	}
	return m[1] + " " + m[2] + ". " + strings.TrimSuffix(what, ".")
}

// masterUnit is a unit procedure with its steps.
type masterUnit struct {
	ID, Name string
	Steps    []masterStep
}

// masterStep is one step as a reader of the recipe looks for it.
type masterStep struct {
	ID, Name, Operation string
	Performer, Second   string
	Marks               []string
	Fields              int
}

// masterOverview is the recipe from above; nothing where it cannot be executed.
func (v *visit) masterOverview(r *mbr.Recipe) []masterUnit {
	if r == nil {
		return nil
	}
	var out []masterUnit
	for _, up := range r.UnitProcedures {
		unit := masterUnit{ID: up.ID, Name: up.Name.In(v.lang)}
		for _, op := range up.Operations {
			for _, s := range op.Steps {
				unit.Steps = append(unit.Steps, v.masterStep(s, op.Name.In(v.lang)))
			}
		}
		out = append(out, unit)
	}
	return out
}

func (v *visit) masterStep(s *mbr.Step, operation string) masterStep {
	out := masterStep{ID: s.ID, Name: s.Name.In(v.lang), Operation: operation, Performer: v.word("role", string(s.Performer)), Fields: len(s.Fields)}
	if s.Second != nil {
		out.Second = v.word("role", string(s.Second.Role))
	}
	for _, m := range []struct {
		is  bool
		key string
	}{{s.Critical, "critical"}, {s.Material, "material"}, {s.Blind, "blind"}, {s.When != nil, "when"}} {
		if m.is {
			out.Marks = append(out.Marks, v.word("mbr", m.key))
		}
	}
	return out
}

// masterEvent is one entry in the life of a version.
type masterEvent struct {
	Word, Text, Who, Role, At, UTC string
	Seq                            uint64
}

func (v *visit) masterHistory(m *master.Master) []masterEvent {
	var out []masterEvent
	for _, e := range m.History {
		out = append(out, masterEvent{
			Word: v.word("master-entry", e.Type), Text: e.Text, Who: v.full(e.By.Account), Role: v.word("role", e.By.Role), At: moment(e.At, v.zone()), UTC: momentUTC(e.At), Seq: e.Seq,
		})
	}
	return out
}

// masterSignature is the approval as it stands in the record (I8).
type masterSignature struct{ Name, Account, Role, Meaning, At, UTC, Digest string }

func (v *visit) masterSignature(m *master.Master) *masterSignature {
	s := m.Approval
	if s.Account == "" {
		return nil
	}
	return &masterSignature{
		Name: s.Name, Account: s.Account, Role: v.word("role", s.Role), Meaning: v.word("meaning", slug(s.Meaning)), At: strings.ToUpper(s.Local().Format("02 Jan 2006 15:04 -07:00")),
		UTC: momentUTC(s.At), Digest: s.Digest.String()[:16],
	}
}

// masterChanges is what a version means that the one before does not.
type masterChanges struct {
	From    string
	Link    string
	Changes []masterChange
	Running []string // batches that go on by the one before (AT-5)
}

// masterChange is one of them.
type masterChange struct {
	Step, Part string
	Place      string // as the file names it
	What       string
	Old, New   string
	Effect     *state
}

// effectIcons give each effect a shape of its own; a limit that allows more asks for a second look.
var effectIcons = map[mbr.Effect]state{
	mbr.Tighter: {Icon: "tick"}, mbr.Wider: {Icon: "triangle", Tone: "att"}, mbr.Shifted: {Icon: "triangle", Tone: "att"}, mbr.More: {Icon: "ring"}, mbr.Less: {Icon: "ring"},
}

// masterChanges compares with the version that this one replaces; nil where one of them cannot be executed.
func (v *visit) masterChanges(m *master.Master, r master.Reading, versions []master.Item, running map[ledger.Digest][]string) (*masterChanges, error) {
	before, ok := master.Before(versions, m.Number)
	if !ok || r.Recipe == nil {
		return nil, nil
	}
	old, err := v.plant().Batches.Library.Recipe(before.File)
	if err != nil {
		return nil, err
	}
	out := &masterChanges{From: before.ID.String(), Link: masterLink(before.ID), Running: running[before.File]}
	for _, c := range mbr.Diff(old, r.Recipe) {
		if c.Step != "" || c.What != "version" { // that it has another number is no news
			out.Changes = append(out.Changes, v.masterChange(c, old, r.Recipe))
		}
	}
	return out, nil
}

func (v *visit) masterChange(c mbr.Change, old, new *mbr.Recipe) masterChange {
	out := masterChange{Place: c.Part, Old: c.Old, New: c.New, What: v.word("mbr-sort", string(c.Sort))}
	for _, r := range []*mbr.Recipe{old, new} { // the newer name stands
		if s, ok := r.Step(c.Step); ok {
			out.Step = c.Step + " " + s.Name.In(v.lang)
		}
		f := fieldOf(r, c.Field)
		if f == nil {
			continue
		}
		out.Part = f.Label.In(v.lang)
		switch {
		case c.What != "limit" || f.Limit.IsZero():
		case r == old:
			out.Old = v.limit(f.Limit)
		default:
			out.New = v.limit(f.Limit)
		}
	}
	switch c.Sort {
	case mbr.Changed:
		out.What = v.masterWord(c.What)
	case mbr.Worded:
		out.What = v.T("mbr-sort.worded", "what", v.masterWord(c.What), "lang", languageNames[c.Lang])
	case mbr.Added, mbr.Removed, mbr.Moved:
	}
	if c.Effect != "" {
		s := effectIcons[c.Effect]
		s.Word = v.word("mbr-effect", string(c.Effect))
		out.Effect = &s
	}
	return out
}

func fieldOf(r *mbr.Recipe, ref string) *mbr.Field {
	step, _, _ := strings.Cut(ref, ".")
	s, ok := r.Step(step)
	if !ok {
		return nil
	}
	i := slices.IndexFunc(s.Fields, func(f *mbr.Field) bool { return f.Ref() == ref })
	if i < 0 {
		return nil
	}
	return s.Fields[i]
}

// masterWord calls a part of the recipe language by its name; a name that people chose stays.
func (v *visit) masterWord(what string) string {
	head, rest, _ := strings.Cut(what, " ")
	if head == "input" {
		return v.word("mbr", head) + " " + rest
	}
	return v.word("mbr", strings.ReplaceAll(slug(what), "'", ""))
}
