package mbr

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// languages in which every approved text must exist (screens rule 20).
var languages = []string{"en", "es", "de"}

// Compile reads a master batch record as a compiler does: all faults at once, each at its place, in order of places.
// The recipe is nil when something stands against its execution. docs/recipe.md lists the codes.
func Compile(file []byte) (*Recipe, []Fault) {
	c := &compiler{
		recipe: &Recipe{
			Roles: map[people.Role]Text{}, Parameters: map[string]Parameter{}, Variants: map[string]Variant{}, Procedures: map[string]Text{},
			Materials: map[string]Material{}, Equipment: map[string]EquipmentKind{}, Areas: map[string]AreaKind{},
			Digest: ledger.DigestOf(file), steps: map[string]*Step{},
		},
		at: map[any]*object{}, fields: map[string]*Field{}, broken: map[*Field]bool{}, used: map[string]bool{}, position: map[*Step]int{},
	}
	top := c.parse(file)
	if top != nil {
		c.read(c.object(top, place{1, 1, 1}))
		c.check()
		c.namePlants()
	}
	faults := sorted(c.faults)
	if slices.ContainsFunc(faults, func(f Fault) bool { return f.Stands == AgainstExecution }) {
		return nil, faults
	}
	return c.recipe, faults
}

// compiler reads one file. The recipe keeps nothing of it.
type compiler struct {
	recipe   *Recipe
	lines    []string
	faults   []Fault
	at       map[any]*object   // where *Step, *Field and the head stand
	fields   map[string]*Field // by reference, all of the recipe
	order    []*Step
	position map[*Step]int
	broken   map[*Field]bool // whose type or unit is a fault already: nothing follows from them
	used     map[string]bool // "param.x", "material x": what somewhere is referred to
	texts    []wording
	uses     []use
	atPlants []plantFault
}

// wording is an approved text and where it stands.
type wording struct {
	text Text
	at   *object
}

// fault reports what is wrong at a place; the code says how much it weighs.
func (c *compiler) fault(code string, at place, what, fix string) {
	r := ruleOf(code)
	c.faults = append(c.faults, Fault{
		Line: max(1, at.line), Column: max(1, at.column), Length: max(1, at.length),
		Severity: r.Severity, Stands: r.Stands, Code: code, What: what, Fix: fix,
	})
}

// plantFault is a fault that was found at one plant or at several.
type plantFault struct {
	at    place
	code  string
	what  string // with "{at}" where the plants are named
	fix   string
	sites []string
}

// faultAt reports what is wrong at a plant. The same at other plants is one fault.
func (c *compiler) faultAt(site, code string, at place, what, fix string) {
	for i, f := range c.atPlants {
		if f.code == code && f.at == at && f.what == what {
			if !slices.Contains(f.sites, site) {
				c.atPlants[i].sites = append(f.sites, site)
			}
			return
		}
	}
	c.atPlants = append(c.atPlants, plantFault{at, code, what, fix, []string{site}})
}

// namePlants turns the faults of plants into faults: what is wrong at each of them names none.
func (c *compiler) namePlants() {
	for _, f := range c.atPlants {
		where := " at " + strings.Join(f.sites, ", ")
		if len(f.sites) == len(c.recipe.Variants) {
			where = ""
		}
		c.fault(f.code, f.at, strings.Replace(f.what, " {at}", where, 1), f.fix)
	}
}

// of is where a step or a field stands.
func (c *compiler) of(part any) *object {
	if o, ok := c.at[part]; ok {
		return o
	}
	return &object{c: c, at: place{1, 1, 1}}
}

// The forms of names. Steps, fields and parameters are words of the expression language; the others never stand in one.
var (
	formOfStep  = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{0,15}$`)
	formOfField = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,47}$`)
	formOfKind  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,47}$`)
	formOfCode  = regexp.MustCompile(`^[A-Z][A-Z0-9-]{0,31}$`)
	formOfPlant = regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9]{2,5}$`)
	formOfList  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$`)
)

// name holds that an id has its form.
func (c *compiler) name(id string, form *regexp.Regexp, at place, what, example string) {
	if id != "" && !form.MatchString(id) {
		c.fault("MBR101", at, fmt.Sprintf("%q is no name of %s", id, what), "write a name such as "+example)
	}
}

// oneOf reads a word of the language; empty when there is none.
func oneOf[T ~string](o *object, key string, allowed ...T) T {
	s := T(o.text(key))
	if s != "" && !slices.Contains(allowed, s) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		o.c.fault("MBR007", o.spot(key), fmt.Sprintf("%s cannot be %q", key, s), meant(string(s), words))
	}
	return s
}

func (o *object) role(key string) people.Role {
	s := o.need(key)
	if s == "" {
		return ""
	}
	return o.c.role(s, o.spot(key))
}

func (c *compiler) role(s string, at place) people.Role {
	r := people.Role(s)
	if !slices.Contains(people.Roles(), r) {
		var names []string
		for _, known := range people.Roles() {
			names = append(names, string(known))
		}
		c.fault("MBR108", at, fmt.Sprintf("there is no role %q", s), meant(s, names))
		return ""
	}
	return r
}

// unit reads a unit; not ok when it is a fault.
func (o *object) unit(key string) (quantity.Unit, bool) {
	s := o.text(key)
	u, err := quantity.ParseUnit(s)
	if err != nil {
		var names []string
		for _, known := range quantity.Units() {
			names = append(names, string(known))
		}
		o.c.fault("MBR201", o.spot(key), fmt.Sprintf("there is no unit %q", s), meant(s, names))
		return "", false
	}
	return u, true
}

// span reads a duration such as "4 h"; none when nothing is written.
func (o *object) span(key string) time.Duration {
	s := o.text(key)
	if s == "" {
		return 0
	}
	q, err := ParseAmount(s)
	if err == nil {
		var d time.Duration
		d, err = q.Duration()
		if err == nil && d > 0 {
			return d
		}
	}
	o.c.fault("MBR520", o.spot(key), fmt.Sprintf("%q is no span of time", s), `write a number above zero and min, h or d, such as "4 h"`)
	return 0
}

// plants reads the plants to which something is limited.
func (o *object) plants(key string) []string {
	only := o.words(key)
	for i, s := range only {
		if _, ok := o.c.recipe.Variants[s]; !ok {
			o.c.fault("MBR107", o.element(key, i), fmt.Sprintf("plant %q is no variant of this recipe", s), meant(s, keys(o.c.recipe.Variants)))
		}
		if slices.Contains(only[:i], s) {
			o.c.fault("MBR102", o.element(key, i), fmt.Sprintf("plant %q stands here twice", s), "name it once")
		}
	}
	if o.has(key) && len(only) == 0 {
		o.c.fault("MBR608", o.spot(key), "it applies to no plant", "name a plant, or leave "+key+" out where it applies to all")
	}
	return only
}

// meant is the fix for a word that the language does not have there.
func meant(wrong string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := edits(strings.ToLower(wrong), strings.ToLower(k), distance); d < distance {
			best, distance = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	list := slices.Sorted(slices.Values(known))
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	switch {
	case len(list) == 0:
		return "leave it out"
	case len(list) > 40:
		list = append(list[:40], "…")
	}
	return "it is one of " + strings.Join(list, ", ")
}

// edits is the number of letters to add, drop, change or swap, up to a bound.
func edits(a, b string, bound int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= bound || len(y)-len(x) >= bound || len(x) > 60 {
		return bound
	}
	row := make([][]int, len(x)+1)
	for i := range row {
		row[i] = make([]int, len(y)+1)
		row[i][0] = i
	}
	for j := range row[0] {
		row[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			same := 1
			if x[i-1] == y[j-1] {
				same = 0
			}
			row[i][j] = min(row[i-1][j]+1, row[i][j-1]+1, row[i-1][j-1]+same)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[i][j] = min(row[i][j], row[i-2][j-2]+1)
			}
		}
	}
	return row[len(x)][len(y)]
}
