package pades

import (
	"fmt"
	"slices"
)

// checkIncrement holds a revision that follows a signature against what signing
// needs, and nothing more:
//   - an empty signature field gains /V and /AP;
//   - the catalog changes in /AcroForm (new fields at the end), /Version (to
//     1.7), /DSS and /Extensions;
//   - a page's /Annots grows by widgets of new signature fields;
//   - new objects, which nothing old pointed at and something allowed uses.
//
// Everything else is a Fault with the object and the revision.
func (in *inspection) checkIncrement(rev int) {
	fault := func(n int, code Code, format string, args ...any) {
		in.add(&Fault{Code: code, Revision: rev + 1, Object: n, Detail: fmt.Sprintf(format, args...)})
	}
	first := in.sigs[0]
	if same(in.f.get(first.num, first.rev).dict().get("Reference"), docMDP(1)) {
		fault(0, FaultDocMDP, "field %s is certified with P=1: nothing may follow", first.Field)
	}
	c := &increment{f: in.f, rev: rev}
	err := c.prepare()
	if err != nil {
		fault(0, FaultRevision, "%v", err)
		return
	}
	r := in.f.revs[rev]
	for _, n := range r.order {
		var err error
		before, after := in.f.get(n, rev-1), r.objects[n]
		switch {
		case before == nil:
			err = c.added(n, after)
		case before.isStream || after.isStream:
			err = fmt.Errorf("replaces what was signed")
		case n == in.f.root:
			err = c.catalog(before.dict(), after.dict())
		case c.pages[n]:
			err = c.page(n, before.dict(), after.dict())
		case c.old[n] != nil:
			err = c.field(before.dict(), after.dict())
		default:
			err = fmt.Errorf("replaces what was signed")
		}
		if err != nil {
			fault(n, FaultRevision, "%v", err)
		}
	}
}

// increment is one later revision under examination.
type increment struct {
	f         *file
	rev       int
	pages     map[int]bool
	old, now  map[int]*widget // by object number
	pointedAt map[int]bool    // by the document before this revision
	reachable map[int]bool    // from the catalog after it
}

func (c *increment) prepare() error {
	pages, err := c.f.pages(c.rev - 1)
	if err != nil {
		return err
	}
	c.pages = map[int]bool{}
	for _, n := range pages {
		c.pages[n] = true
	}
	before, err := c.f.widgets(c.rev - 1)
	if err != nil {
		return err
	}
	after, err := c.f.widgets(c.rev)
	if err != nil {
		return err
	}
	c.old, c.now = byNumber(before), byNumber(after)
	for _, w := range after {
		if c.old[w.num] != nil {
			continue
		}
		for _, o := range before {
			if o.page == w.page && overlap(o.rect, w.rect) {
				return fmt.Errorf("new field %s covers field %s", w.name, o.name)
			}
		}
	}
	c.pointedAt = map[int]bool{}
	for n := range c.f.history {
		if o := c.f.get(n, c.rev-1); o != nil {
			refs(o.val, func(r ref) { c.pointedAt[int(r)] = true })
		}
	}
	c.reachable = map[int]bool{c.f.root: true}
	for queue := []int{c.f.root}; len(queue) > 0; queue = queue[1:] {
		o := c.f.get(queue[0], c.rev)
		if o == nil {
			continue
		}
		refs(o.val, func(r ref) {
			if !c.reachable[int(r)] {
				c.reachable[int(r)] = true
				queue = append(queue, int(r))
			}
		})
	}
	return nil
}

func byNumber(ws []*widget) map[int]*widget {
	out := map[int]*widget{}
	for _, w := range ws {
		out[w.num] = w
	}
	return out
}

func (c *increment) added(n int, o *object) error {
	switch t := o.dict().name("Type"); {
	case t == "Catalog" || t == "Pages" || t == "Page":
		return fmt.Errorf("adds another /%s", t)
	case c.pointedAt[n]:
		return fmt.Errorf("gives a meaning to a reference that was signed as empty")
	case !c.reachable[n]:
		return fmt.Errorf("is used by nothing")
	}
	return nil
}

// changed lists the keys in which two dictionaries differ.
func changed(before, after *dict) []name {
	var out []name
	for _, e := range before.all() {
		if !after.has(e.key) || !same(e.val, after.get(e.key)) {
			out = append(out, e.key)
		}
	}
	for _, e := range after.all() {
		if !before.has(e.key) {
			out = append(out, e.key)
		}
	}
	return out
}

func (c *increment) catalog(before, after *dict) error {
	if after == nil {
		return fmt.Errorf("replaces the catalog")
	}
	for _, k := range changed(before, after) {
		switch k {
		case "AcroForm":
			err := c.grown(before.dict(k).get("Fields"), after.dict(k).get("Fields"), 0)
			if err != nil {
				return fmt.Errorf("catalog /AcroForm: %w", err)
			}
		case "Version":
			if after.get(k) != name("1.7") {
				return fmt.Errorf("catalog /Version becomes something else than 1.7")
			}
		case "DSS", "Extensions":
			if !after.has(k) {
				return fmt.Errorf("removes catalog /%s", k)
			}
		default:
			return fmt.Errorf("changes catalog /%s", k)
		}
	}
	return nil
}

func (c *increment) page(n int, before, after *dict) error {
	if after == nil {
		return fmt.Errorf("replaces a page")
	}
	for _, k := range changed(before, after) {
		if k != "Annots" {
			return fmt.Errorf("changes page /%s", k)
		}
		err := c.grown(before.get(k), after.get(k), n)
		if err != nil {
			return fmt.Errorf("page /Annots: %w", err)
		}
	}
	return nil
}

// grown accepts an array that keeps its beginning and goes on with new signature
// fields, of the given page when it is not 0.
func (c *increment) grown(before, after value, page int) error {
	old, okOld := before.(array)
	now, okNow := after.(array)
	if before != nil && !okOld || !okNow || len(now) < len(old) || !same(old, now[:len(old)]) {
		return fmt.Errorf("does not keep what was there")
	}
	for _, v := range now[len(old):] {
		r, _ := v.(ref)
		w := c.now[int(r)]
		if w == nil || c.old[w.num] != nil || page != 0 && w.page != page {
			return fmt.Errorf("adds something else than a new signature field")
		}
	}
	return nil
}

// field accepts an empty field that gains a signature and its appearance.
func (c *increment) field(before, after *dict) error {
	if before.has("V") {
		return fmt.Errorf("changes a signed field")
	}
	keys := changed(before, after)
	slices.Sort(keys)
	if !slices.Equal(keys, []name{"AP", "V"}) {
		return fmt.Errorf("changes more of a field than /V and /AP: %v", keys)
	}
	return nil
}
