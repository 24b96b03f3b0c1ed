package mbr

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rexbatch/internal/quantity"
)

// Change is one difference in meaning between two recipes.
type Change struct {
	Step   string `json:"step,omitempty"` // empty for the head of the recipe
	Part   string `json:"part,omitempty"` // "field S04.net_volume", "clock transport"; empty for the step or the recipe itself
	Sort   Sort   `json:"sort"`
	What   string `json:"what,omitempty"` // "limit", "performer"
	Lang   string `json:"lang,omitempty"` // of a changed wording, which is only named
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
	Effect Effect `json:"effect,omitempty"` // of a changed limit or number
	Field  string `json:"field,omitempty"`  // reference of the field that it touches
}

// Sort is what happened to a part.
type Sort string

// What can happen to a part.
const (
	Added   Sort = "added"
	Removed Sort = "removed"
	Moved   Sort = "moved"
	Changed Sort = "changed"
	Worded  Sort = "worded" // an approved text changed
)

// Effect is what a changed limit or number does.
type Effect string

// What a changed limit or number does. A limit that allows some of what it forbade and forbids some of what it allowed is shifted.
const (
	Tighter Effect = "tighter"
	Wider   Effect = "wider"
	Shifted Effect = "shifted"
	More    Effect = "more"
	Less    Effect = "less"
)

// Diff lists what a recipe means that another one does not: nothing for two files that differ in form and comments only. The
// changes of the head come first, then those of each step in the order of the new recipe, then the steps that are gone.
func Diff(old, new *Recipe) []Change {
	d := &differ{}
	d.parts(old.outline(), new.outline(), where{})
	return d.changes
}

type differ struct{ changes []Change }

// where is the part that is compared.
type where struct{ step, part, field string }

func (w where) in(p *part) where {
	switch p.kind {
	case "recipe":
	case "step":
		w.step = p.id
	case "field":
		w.field, w.part = p.id, "field "+p.id
	default:
		w.part = strings.TrimSpace(w.part + " " + p.kind + " " + p.id)
	}
	return w
}

func (d *differ) note(w where, c Change) {
	c.Step, c.Part, c.Field = w.step, w.part, w.field
	d.changes = append(d.changes, c)
}

func (p *part) key() string { return p.kind + " " + p.id }

func (p *part) find(key string) *part {
	for _, child := range p.parts {
		if child.key() == key {
			return child
		}
	}
	return nil
}

func (d *differ) parts(old, new *part, w where) {
	w = w.in(new)
	d.facts(old, new, w)
	stay := unmoved(old, new)
	for _, child := range new.parts {
		before := old.find(child.key())
		switch {
		case before == nil:
			d.note(w.in(child), Change{Sort: Added})
			continue
		case !stay[child.key()]:
			d.note(w.in(child), Change{Sort: Moved, Old: old.behind(child), New: new.behind(child)})
		}
		d.parts(before, child, w)
	}
	for _, child := range old.parts {
		if new.find(child.key()) == nil {
			d.note(w.in(child), Change{Sort: Removed})
		}
	}
}

// behind names the neighbour of the same kind before a part.
func (p *part) behind(of *part) string {
	last := "first"
	for _, child := range p.parts {
		if child.key() == of.key() {
			break
		}
		if child.kind == of.kind {
			last = "behind " + child.id
		}
	}
	return last
}

// unmoved are the parts that stand in the same order in both: the longest such row, so that as few as possible have moved.
func unmoved(old, new *part) map[string]bool {
	position := map[string]int{}
	for i, p := range new.parts {
		position[p.key()] = i
	}
	var row []int // positions in the new order, in the old order
	var names []string
	for _, p := range old.parts {
		if i, both := position[p.key()]; both {
			row, names = append(row, i), append(names, p.key())
		}
	}
	length, from := make([]int, len(row)), make([]int, len(row))
	best := -1
	for i := range row {
		length[i], from[i] = 1, -1
		for j := range i {
			if row[j] < row[i] && length[j] >= length[i] {
				length[i], from[i] = length[j]+1, j
			}
		}
		if best < 0 || length[i] > length[best] {
			best = i
		}
	}
	stay := map[string]bool{}
	for i := best; i >= 0; i = from[i] {
		stay[names[i]] = true
	}
	return stay
}

func (d *differ) facts(old, new *part, w where) {
	type key struct{ what, lang string }
	find := func(facts []fact, k key) fact {
		for _, f := range facts {
			if f.what == k.what && f.lang == k.lang {
				return f
			}
		}
		return fact{}
	}
	var seen []key
	for _, f := range slices.Concat(new.facts, old.facts) {
		k := key{f.what, f.lang}
		if slices.Contains(seen, k) {
			continue
		}
		seen = append(seen, k)
		a, b := find(old.facts, k), find(new.facts, k)
		switch {
		case a.value == b.value && same(a.amount, b.amount):
		case k.lang != "":
			d.note(w, Change{Sort: Worded, What: k.what, Lang: k.lang})
		default:
			d.note(w, Change{Sort: Changed, What: k.what, Old: a.shown(), New: b.shown(), Effect: effect(a, b)})
		}
	}
}

// shown names the amount that a reference stands for, so that a change of it is seen.
func (f fact) shown() string {
	if d, err := f.amount.Duration(); err == nil && strings.HasPrefix(f.value, ParamPrefix) {
		return fmt.Sprintf("%s (%s)", f.value, span(d))
	}
	return f.value
}

func same(a, b quantity.Quantity) bool {
	if a.IsZero() || b.IsZero() {
		return a.IsZero() == b.IsZero()
	}
	return a.Equal(b)
}

// effect is what the change of a limit or a number does; empty where neither can be compared.
func effect(a, b fact) Effect {
	if !a.limit.IsZero() || !b.limit.IsZero() {
		return limitEffect(a.limit, b.limit)
	}
	n, err := b.amount.Cmp(a.amount)
	switch {
	case a.amount.IsZero() || b.amount.IsZero() || err != nil || n == 0:
		return ""
	case a.what == "limit" && n > 0:
		return Wider
	case a.what == "limit":
		return Tighter
	case n > 0:
		return More
	default:
		return Less
	}
}

func limitEffect(a, b quantity.Limit) Effect {
	switch {
	case a.IsZero():
		return Tighter
	case b.IsZero():
		return Wider
	case a.Unit() != b.Unit():
		return Shifted
	}
	lowA, highA, openLowA, openHighA := bounds(a)
	lowB, highB, openLowB, openHighB := bounds(b)
	low := side(lowA, lowB, openLowA, openLowB, 1)
	high := side(highA, highB, openHighA, openHighB, -1)
	switch {
	case low >= 0 && high >= 0 && low+high > 0:
		return Tighter
	case low <= 0 && high <= 0 && low+high < 0:
		return Wider
	case low == 0 && high == 0:
		return decimalsEffect(a, b)
	default:
		return Shifted
	}
}

// decimalsEffect is of two limits with the same bounds: what is written with more decimals rounds less in favour of the value.
func decimalsEffect(a, b quantity.Limit) Effect {
	x, roundedX := a.Decimals()
	y, roundedY := b.Decimals()
	if roundedX && roundedY && y > x {
		return Tighter
	}
	if roundedX && roundedY && y < x {
		return Wider
	}
	return ""
}

// side compares one side of two limits: above zero when the second one forbids more. inward is the direction into the limit.
func side(a, b *quantity.Quantity, openA, openB bool, inward int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	n, err := b.Cmp(*a)
	if err != nil {
		return 0
	}
	order := map[bool]int{false: 0, true: 1}
	return cmp.Or(n*inward, cmp.Compare(order[openB], order[openA]))
}

// String is the change as a line: "field S04.net_volume: limit >=60 mL → >=70 mL (tighter)".
func (c Change) String() string {
	var s strings.Builder
	if c.Part != "" {
		s.WriteString(c.Part + ": ")
	}
	switch c.Sort {
	case Worded:
		fmt.Fprintf(&s, "wording of %s in %s", c.What, c.Lang)
	case Changed:
		fmt.Fprintf(&s, "%s %s → %s", c.What, cmp.Or(c.Old, "none"), cmp.Or(c.New, "none"))
	case Moved:
		fmt.Fprintf(&s, "moved, %s → %s", c.Old, c.New)
	default:
		s.WriteString(string(c.Sort))
	}
	if c.Effect != "" {
		fmt.Fprintf(&s, " (%s)", c.Effect)
	}
	return s.String()
}

// Touched are the fields, by reference, whose values changes make mean something else: what was changed, computed from a
// changed parameter, or belongs to a step that is done in other cases or at another place. A new wording touches nothing.
func Touched(changes []Change, old, new *Recipe) map[string]bool {
	touched := map[string]bool{}
	for _, c := range changes {
		parameter, isParameter := strings.CutPrefix(c.Part, "parameter ")
		switch {
		case c.Sort == Worded:
		case c.Field != "":
			touched[c.Field] = true
		case isParameter && (c.What == "" || c.What == "value"):
			for _, r := range []*Recipe{old, new} {
				r.uses(ParamPrefix+parameter, touched)
			}
		case c.Step != "" && c.Part == "" && (c.Sort != Changed || c.What == "when" || c.What == "only"):
			for _, r := range []*Recipe{old, new} {
				if s, ok := r.Step(c.Step); ok {
					for _, f := range s.Fields {
						touched[f.Ref()] = true
					}
				}
			}
		}
	}
	return touched
}

// uses adds the fields that are computed or checked with a reference.
func (r *Recipe) uses(ref string, fields map[string]bool) {
	for _, s := range r.Steps() {
		for _, f := range s.Fields {
			named := slices.Contains(slices.Collect(maps.Values(f.Inputs)), ref) || f.Expr != nil && len(occurrences(f.Expr.Source, ref)) > 0
			for _, check := range f.Checks {
				named = named || len(occurrences(check.That.Source, ref)) > 0
			}
			if named {
				fields[f.Ref()] = true
			}
		}
	}
}
