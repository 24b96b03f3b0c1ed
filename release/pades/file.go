package pades

import (
	"bytes"
	"fmt"
	"slices"
)

// object is one "n 0 obj … endobj" with the place where it stands.
type object struct {
	num, start, end int
	val             value
	stream          []byte // nil when the object is no stream
	isStream        bool
}

func (o *object) dict() *dict {
	if o == nil {
		return nil
	}
	d, _ := o.val.(*dict)
	return d
}

// plain is the dictionary of an object that is no stream. Catalog, pages, fields
// and signatures must be that: viewers disagree about a page that is a stream.
func (o *object) plain() *dict {
	if o == nil || o.isStream {
		return nil
	}
	return o.dict()
}

// revision is one stretch of the file that ends with %%EOF: the original or an
// incremental update (ISO 32000-1, 7.5.6).
type revision struct {
	start, end int // [start, end) in the file, end just after the line of %%EOF
	xref       int
	size       int
	objects    map[int]*object
	order      []int
	trailer    *dict
}

// file is a PDF read from its first byte to its last, in the order in which it
// was written. Every byte belongs to an object, a cross-reference table or a
// trailer, and each table names exactly the objects of its own revision. So the
// reader that follows the tables and the one that scans the bytes see the same
// document, and nothing can be hidden for a later table to bring to light.
type file struct {
	data    []byte
	revs    []*revision
	history map[int][]int // object number -> revisions that define it
	root    int
}

// get returns object n as it stands after revision rev, nil when there is none.
func (f *file) get(n, rev int) *object {
	h := f.history[n]
	for i := len(h) - 1; i >= 0; i-- {
		if h[i] <= rev {
			return f.revs[h[i]].objects[n]
		}
	}
	return nil
}

func (f *file) last() int { return len(f.revs) - 1 }

// resolve follows one reference; chains of references are not written by us.
func (f *file) resolve(v value, rev int) value {
	if r, ok := v.(ref); ok {
		o := f.get(int(r), rev)
		if o == nil || o.isStream {
			return nil
		}
		return o.val
	}
	return v
}

func (f *file) catalog(rev int) *dict { return f.get(f.root, rev).plain() }

// readFile reads a whole file or refuses it with ErrUnreadable or ErrTooLarge.
func readFile(b []byte) (*file, error) {
	if len(b) > maxFile {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(b), maxFile)
	}
	p := &parser{b: b, budget: maxValues}
	err := p.header()
	if err != nil {
		return nil, err
	}
	f := &file{data: b, history: map[int][]int{}}
	for p.pos < len(b) || len(f.revs) == 0 {
		if len(f.revs) == maxRevisions {
			return nil, fmt.Errorf("%w: more than %d revisions", ErrTooLarge, maxRevisions)
		}
		r, err := p.revision(f)
		if err != nil {
			return nil, fmt.Errorf("revision %d: %w", len(f.revs)+1, err)
		}
		f.revs = append(f.revs, r)
		for _, n := range r.order {
			f.history[n] = append(f.history[n], len(f.revs)-1)
		}
		if len(f.history) > maxObjects {
			return nil, fmt.Errorf("%w: more than %d objects", ErrTooLarge, maxObjects)
		}
	}
	for i := range f.revs {
		if f.catalog(i).name("Type") != "Catalog" {
			return nil, fmt.Errorf("%w: /Root is no catalog in revision %d", ErrUnreadable, i+1)
		}
	}
	return f, f.refuseActive()
}

func (p *parser) header() error {
	if !p.take("%PDF-1.") || p.pos+1 >= len(p.b) || p.b[p.pos] < '3' || p.b[p.pos] > '7' || p.b[p.pos+1] != '\n' {
		return p.fail("%%PDF-1.3 to %%PDF-1.7 expected at the very beginning")
	}
	p.pos += 2
	if !p.take("%") { // the comment of four high bytes that 7.5.2 recommends
		return nil
	}
	for i := 0; i < 4; i, p.pos = i+1, p.pos+1 {
		if p.pos >= len(p.b) || p.b[p.pos] < 128 {
			return p.fail("comment")
		}
	}
	if !p.take("\n") {
		return p.fail("comment")
	}
	return nil
}

func (p *parser) revision(f *file) (*revision, error) {
	r := &revision{start: p.pos, objects: map[int]*object{}}
	for p.space(); !p.keyword("xref"); p.space() {
		o, err := p.object()
		if err != nil {
			return nil, err
		}
		if r.objects[o.num] != nil {
			return nil, p.fail("object %d is there twice", o.num)
		}
		r.objects[o.num] = o
		r.order = append(r.order, o.num)
	}
	r.xref = p.pos - len("xref")
	err := p.table(r)
	if err != nil {
		return nil, err
	}
	p.space()
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	var ok bool
	r.trailer, ok = v.(*dict)
	if !ok {
		return nil, p.fail("trailer is no dictionary")
	}
	err = p.checkTrailer(f, r)
	if err != nil {
		return nil, err
	}
	if !p.take("\nstartxref\n") {
		return nil, p.fail("startxref expected")
	}
	at, ok := p.uint()
	if !ok || at != r.xref {
		return nil, p.fail("startxref does not point at the table before it (%d)", r.xref)
	}
	if !p.take("\n%%EOF\n") {
		return nil, p.fail("%%%%EOF and a line feed expected")
	}
	r.end = p.pos
	return r, nil
}

func (p *parser) object() (*object, error) {
	start := p.pos
	n, ok := p.uint()
	if !ok || n == 0 || !p.take(" 0 obj") || !p.atEnd() {
		return nil, p.fail("object or cross-reference table expected")
	}
	v, err := p.value(0)
	if err != nil {
		return nil, fmt.Errorf("object %d: %w", n, err)
	}
	o := &object{num: n, start: start, val: v}
	p.space()
	if p.take("stream\n") {
		err := p.stream(o)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", n, err)
		}
		p.space()
	}
	if !p.keyword("endobj") {
		return nil, p.fail("object %d: endobj expected", n)
	}
	o.end = p.pos
	return o, nil
}

// stream takes exactly /Length bytes. An indirect length, or data in another
// file (/F), would let the same bytes mean something else later.
func (p *parser) stream(o *object) error {
	d := o.dict()
	n, ok := integer(d.get("Length"))
	if !ok || n < 0 || n > len(p.b)-p.pos || d.has("F") {
		return p.fail("stream without a direct /Length, or with data elsewhere")
	}
	o.stream, o.isStream = p.b[p.pos:p.pos+n], true
	p.pos += n
	if !p.take("\nendstream") || !p.atEnd() {
		return p.fail("endstream expected after %d bytes", n)
	}
	return nil
}

// table reads the cross-reference table of one revision and holds it against
// the objects that were met (ISO 32000-1, 7.5.4).
func (p *parser) table(r *revision) error {
	if !p.take("\n") {
		return p.fail("line feed expected after xref")
	}
	seen := 0
	next := 0
	for !p.take("trailer") {
		first, ok := p.uint()
		if !ok || first < next || !p.take(" ") {
			return p.fail("cross-reference section")
		}
		count, ok := p.uint()
		if !ok || count == 0 || !p.take("\n") || count > (len(p.b)-p.pos)/20 {
			return p.fail("cross-reference section")
		}
		for n := first; n < first+count; n++ {
			line := p.b[p.pos : p.pos+20]
			if n == 0 {
				if !bytes.Equal(line, []byte("0000000000 65535 f \n")) {
					return p.fail("entry 0")
				}
			} else {
				o := r.objects[n]
				if o == nil || string(line) != fmt.Sprintf("%010d 00000 n \n", o.start) {
					return p.fail("entry %d does not point at that object", n)
				}
				seen++
			}
			p.pos += 20
		}
		next = first + count
	}
	if seen != len(r.objects) {
		return p.fail("%d objects, but %d in the table", len(r.objects), seen)
	}
	r.size = next
	return nil
}

func (p *parser) checkTrailer(f *file, r *revision) error {
	if k, ok := r.trailer.only("Size", "Root", "Info", "ID", "Prev"); !ok {
		return p.fail("trailer key /%s", k)
	}
	root, ok := r.trailer.get("Root").(ref)
	if !ok {
		return p.fail("trailer without /Root")
	}
	size, ok := integer(r.trailer.get("Size"))
	if len(f.revs) == 0 {
		if r.trailer.has("Prev") || !ok || size != r.size || len(r.objects) != size-1 {
			return p.fail("first trailer")
		}
		f.root = int(root)
		return nil
	}
	prev := f.revs[len(f.revs)-1]
	at, okPrev := integer(r.trailer.get("Prev"))
	r.size = max(r.size, prev.size)
	switch {
	case !okPrev || at != prev.xref:
		return p.fail("/Prev does not point at the table before (%d)", prev.xref)
	case !ok || size != r.size:
		return p.fail("/Size is not %d", r.size)
	case int(root) != f.root:
		return p.fail("/Root changes to another catalog, object %d", root)
	case !same(prev.trailer.get("Info"), r.trailer.get("Info")):
		return p.fail("/Info changes to another object")
	}
	return nil
}

// refuseActive refuses what can show another document without another byte:
// scripts, actions on events, optional content, XFA forms, portfolios.
func (f *file) refuseActive() error {
	active := []name{"JS", "JavaScript", "AA", "XFA", "OCProperties", "Collection"}
	var find func(v value) (name, bool)
	find = func(v value) (name, bool) {
		switch x := v.(type) {
		case array:
			for _, e := range x {
				if k, ok := find(e); ok {
					return k, true
				}
			}
		case *dict:
			for _, e := range x.entries {
				if slices.Contains(active, e.key) {
					return e.key, true
				}
				if k, ok := find(e.val); ok {
					return k, true
				}
			}
		}
		return "", false
	}
	for i, r := range f.revs {
		for _, n := range r.order {
			if k, ok := find(r.objects[n].val); ok {
				return fmt.Errorf("%w: revision %d, object %d: /%s makes the page depend on more than its bytes", ErrUnreadable, i+1, n, k)
			}
		}
	}
	return nil
}
