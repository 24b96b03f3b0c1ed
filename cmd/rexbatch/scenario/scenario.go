// Package scenario plays a batch as the people would: through the HTTP API only, each person with their own
// sign-in, in the order of the steps, and says whether the outcome that the scenario expects came true.
//
// It is a client. It knows nothing of the server's rooms, so that what works here works for anybody's client.
//
// Read it in this order: scenario.go and event.go (the file), player.go (the whole story), floor.go (what a plant needs
// before it), step.go (one step), course.go (what happens beside the steps), release.go (signatures and certificate),
// outcome.go (what was expected, what came).
package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"
)

// Scenario is one made-up batch: who does what, with which values, and how it ends.
type Scenario struct {
	Name    string                       `yaml:"scenario"`
	Title   string                       `yaml:"title"`
	Base    string                       `yaml:"base"` // another scenario, from which this one differs
	Site    string                       `yaml:"site"`
	Expect  Expectation                  `yaml:"expect"`
	People  map[string]Person            `yaml:"people"`  // by username
	Cast    map[string]Pair              `yaml:"cast"`    // by role, where more than one person has it
	Areas   map[string]string            `yaml:"areas"`   // kind of work area → grade of the plant's own
	Values  map[string]map[string]string `yaml:"values"`  // step → field → value; see value.go
	Patient *Patient                     `yaml:"patient"` // made up; where it is stated the hospital enrols it and places the whole order
	// Comments are what is said about values beyond their limits, by step and field ("S15.temp_room"); of others
	// something is said that fits everything.
	Comments map[string]string `yaml:"comments"`
	Events   []Event           `yaml:"events"`
	Acts     []Act             `yaml:"acts"`
	Skip     []string          `yaml:"skip"` // signatures that are not given
}

// Person is somebody at the plant or the hospital.
type Person struct {
	Name  string   `yaml:"name"`
	Roles []string `yaml:"roles"`
}

// Patient is who the vault gets to know, and what the order says beside the fields of its step.
type Patient struct {
	Family  string `yaml:"family"`
	Given   string `yaml:"given"`
	Birth   string `yaml:"birth"` // 1951-03-14
	Country string `yaml:"country"`
	Backup  string `yaml:"backup"` // plant
}

// Pair says who does and who confirms when one role does both.
type Pair struct {
	Performer string `yaml:"performer"`
	Second    string `yaml:"second"`
}

// Act is something that goes wrong on purpose.
type Act struct {
	At    string `yaml:"at"`   // step
	Scan  string `yaml:"scan"` // what is scanned instead: "other-patient"
	Field string `yaml:"field"`
}

// Expectation is how the scenario ends. What is not stated is not asked.
type Expectation struct {
	Outcome    Outcome `yaml:"outcome"`
	Step       string  `yaml:"step"` // at which it is stopped
	Act        string  `yaml:"act"`  // that is refused
	Rule       string  `yaml:"rule"` // that must be among the rules named
	OOS        *int    `yaml:"oos"`  // exceptions of class out of specification
	Exceptions *int    `yaml:"exceptions"`

	Classes    []string `yaml:"classes"`    // of all exceptions, each once
	Deviations *int     `yaml:"deviations"` // that were opened
}

// Outcome is how a batch ends.
type Outcome string

// The outcomes.
const (
	Certified Outcome = "certified"
	Rejected  Outcome = "rejected" // at a gate of the recipe
	Stopped   Outcome = "stopped"  // a label did not match, or the batch is not made any further
	Held      Outcome = "held"     // nobody goes on before QA says so
	Refused   Outcome = "refused"  // an act was not allowed
)

var outcomes = []Outcome{Certified, Rejected, Stopped, Held, Refused}

const scanOtherPatient = "other-patient"

var (
	stepForm  = regexp.MustCompile(`^S[0-9]{2}$`)
	fieldForm = regexp.MustCompile(`^(S[0-9]{2})\.([a-zA-Z0-9_]+)$`)
	nameForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// Load reads a scenario file and the one it is based on, which stands in the same folder. Unknown keys are errors.
func Load(files fs.FS, file string) (*Scenario, error) {
	s, err := read(files, file)
	if err != nil {
		return nil, err
	}
	if s.Base != "" {
		if !nameForm.MatchString(s.Base) {
			return nil, fmt.Errorf("scenario %s: base %q is no scenario's name", file, s.Base)
		}
		base, err := read(files, path.Join(path.Dir(file), s.Base+".yaml"))
		if err != nil {
			return nil, fmt.Errorf("scenario %s: base: %w", file, err)
		}
		if base.Base != "" {
			return nil, fmt.Errorf("scenario %s: its base %s has a base itself", file, s.Base)
		}
		s = merge(base, s)
	}
	err = s.check()
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", file, err)
	}
	return s, nil
}

func read(files fs.FS, file string) (*Scenario, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var s Scenario
	err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&s)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", file, err)
	}
	err = quoted(text)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", file, err)
	}
	return &s, nil
}

// quoted refuses values that YAML takes for numbers or truths: 1.20 would become 1.2 in silence (I13).
func quoted(text []byte) error {
	var plain struct {
		Values map[string]map[string]any `yaml:"values"`
		Events []struct {
			Value  any                       `yaml:"value"`
			Values map[string]map[string]any `yaml:"values"`
		} `yaml:"events"`
	}
	err := yaml.Unmarshal(text, &plain)
	if err != nil {
		return err
	}
	all := []map[string]map[string]any{plain.Values}
	for i, e := range plain.Events {
		if _, ok := e.Value.(string); !ok && e.Value != nil {
			return fmt.Errorf("events: %d: write the value in quotes, so that it stays as it is", i+1)
		}
		all = append(all, e.Values)
	}
	for _, values := range all {
		for _, step := range slices.Sorted(maps.Keys(values)) {
			for _, field := range slices.Sorted(maps.Keys(values[step])) {
				if _, ok := values[step][field].(string); !ok {
					return fmt.Errorf("values: %s.%s: write the value in quotes, so that it stays as it is", step, field)
				}
			}
		}
	}
	return nil
}

// merge puts what differs over the base: values by field, people and cast by name, everything else as a whole.
func merge(base, s *Scenario) *Scenario {
	out := *s
	if out.Site == "" {
		out.Site = base.Site
	}
	if out.Title == "" {
		out.Title = base.Title
	}
	if out.Expect.Outcome == "" {
		out.Expect = base.Expect
	}
	out.People = over(base.People, s.People)
	out.Cast = over(base.Cast, s.Cast)
	out.Areas = over(base.Areas, s.Areas)
	out.Comments = over(base.Comments, s.Comments)
	out.Values = overlay(base.Values, s.Values)
	if out.Events == nil {
		out.Events = base.Events
	}
	if out.Acts == nil {
		out.Acts = base.Acts
	}
	if out.Skip == nil {
		out.Skip = base.Skip
	}
	return &out
}

func over[V any](base, s map[string]V) map[string]V {
	out := map[string]V{}
	maps.Copy(out, base)
	maps.Copy(out, s)
	return out
}

// overlay puts values over others, by field.
func overlay(base, s map[string]map[string]string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, values := range []map[string]map[string]string{base, s} {
		for step, fields := range values {
			out[step] = over(out[step], fields)
		}
	}
	return out
}

// check finds what would otherwise be found in the middle of the play.
func (s *Scenario) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !nameForm.MatchString(s.Name) {
		bad("its name %q has other than lower-case letters, digits and hyphens", s.Name)
	}
	if s.Site == "" {
		bad("no site")
	}
	if len(s.People) == 0 {
		bad("no people")
	}
	switch o := s.Expect.Outcome; {
	case !slices.Contains(outcomes, o):
		bad("the outcome %q is none of %v", o, outcomes)
	case o != Certified && o != Refused && s.Expect.Step == "":
		bad("the outcome %s needs its step", o)
	}
	for role, pair := range s.Cast {
		for _, who := range []string{pair.Performer, pair.Second} {
			if who != "" && !slices.Contains(s.People[who].Roles, role) {
				bad("cast: %s is nobody with the role %s", who, role)
			}
		}
	}
	errs = append(errs, checkValues(s.Values))
	for ref := range s.Comments {
		if !fieldForm.MatchString(ref) {
			bad("comments: %q is no field: write it as S15.temp_room", ref)
		}
	}
	for i, e := range s.Events {
		err := e.check()
		if err != nil {
			bad("events: %d: %w", i+1, err)
		}
	}
	for _, a := range s.Acts {
		if !stepForm.MatchString(a.At) || a.Scan != scanOtherPatient || a.Field == "" {
			bad("acts: %+v: an act has at (a step), scan: %s, and a field", a, scanOtherPatient)
		}
	}
	for _, act := range s.Skip {
		if !slices.Contains(acts, act) {
			bad("skip: there is no act %q, only %v", act, acts)
		}
	}
	return errors.Join(errs...)
}

func checkValues(values map[string]map[string]string) error {
	var errs []error
	for _, step := range slices.Sorted(maps.Keys(values)) {
		if !stepForm.MatchString(step) {
			errs = append(errs, fmt.Errorf("values: %q is no step", step))
		}
		for field, value := range values[step] {
			err := checkValue(value)
			if err != nil {
				errs = append(errs, fmt.Errorf("values: %s.%s: %w", step, field, err))
			}
		}
	}
	return errors.Join(errs...)
}

// who is the person that acts in a role: the only one who has it, or the one whom the cast names.
func (s *Scenario) who(role string, second bool) (string, error) {
	pair := s.Cast[role]
	if second && pair.Second != "" {
		return pair.Second, nil
	}
	if !second && pair.Performer != "" {
		return pair.Performer, nil
	}
	for _, username := range slices.Sorted(maps.Keys(s.People)) {
		if slices.Contains(s.People[username].Roles, role) {
			return username, nil
		}
	}
	return "", fmt.Errorf("the scenario has nobody with the role %s", role)
}

// act is what goes wrong on purpose at a field; false when nothing does.
func (s *Scenario) act(step, field string) (Act, bool) {
	for _, a := range s.Acts {
		if a.At == step && a.Field == field {
			return a, true
		}
	}
	return Act{}, false
}
