package pades

import (
	"fmt"
	"math"
	"regexp"
	"slices"
)

// Box is a rectangle on a page. Make it with [Points] or [Millimetres].
type Box struct {
	x, y, w, h float64 // points
	fromTop    bool
}

// Points is a box in PDF units of 1/72 inch; x and y are its lower left corner,
// counted from the lower left corner of the page (ISO 32000-1, 8.3.2.3).
func Points(x, y, width, height float64) Box { return Box{x: x, y: y, w: width, h: height} }

// Millimetres is a box as gofpdf counts: x and y are its upper left corner, from
// the upper left corner of the page.
func Millimetres(x, y, width, height float64) Box {
	const mm = 72 / 25.4
	return Box{x: x * mm, y: y * mm, w: width * mm, h: height * mm, fromTop: true}
}

// Field is a visible signature field (ISO 32000-1, 12.7.4.5): Name is its
// partial field name, Page counts from 1.
type Field struct {
	Name string
	Page int
	Box  Box
}

// A point would make it a name in a hierarchy; other characters are shown as
// nothing by some verifiers.
var fieldName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// widget is a signature field as it stands in a file: field and widget
// annotation merged in one object, as this package writes it.
type widget struct {
	num  int
	name string
	page int // object number of the page
	rect [4]float64
	sig  int // object number of the signature, 0 when unsigned
	dict *dict
}

// Print, and Locked: the box may not be moved by a viewer.
const widgetFlags = 4 | 128

// widgets lists the signature fields after revision rev, and refuses form fields
// of any other shape: a field with an action, a script or a second widget could
// show what nobody signed.
func (f *file) widgets(rev int) ([]*widget, error) {
	v := f.catalog(rev).get("AcroForm")
	if v == nil {
		return nil, nil
	}
	form, _ := v.(*dict)
	fields, okFields := form.get("Fields").(array)
	flags, okFlags := integer(form.get("SigFlags"))
	if form == nil || !okFields || !okFlags || flags != 3 || len(form.all()) != 2 {
		return nil, fmt.Errorf("%w: /AcroForm is not of our form", ErrUnreadable)
	}
	if len(fields) > maxFields {
		return nil, fmt.Errorf("%w: more than %d signature fields", ErrTooLarge, maxFields)
	}
	pages, err := f.pages(rev)
	if err != nil {
		return nil, err
	}
	var out []*widget
	for _, v := range fields {
		r, _ := v.(ref)
		w, err := f.widget(int(r), rev, pages)
		if err != nil {
			return nil, fmt.Errorf("field in object %d: %w", r, err)
		}
		if slices.ContainsFunc(out, func(o *widget) bool { return o.name == w.name || o.num == w.num }) {
			return nil, fmt.Errorf("%w: field %s is there twice", ErrUnreadable, w.name)
		}
		out = append(out, w)
	}
	return out, nil
}

func (f *file) widget(n, rev int, pages []int) (*widget, error) {
	d := f.get(n, rev).plain()
	w := &widget{num: n, dict: d}
	page, _ := d.get("P").(ref)
	w.page = int(page)
	title, _ := d.get("T").(str)
	w.name = string(title.b)
	flags, _ := integer(d.get("F"))
	rect, okRect := rectangle(d.get("Rect"))
	w.rect = rect
	if d.has("V") {
		sig, ok := d.get("V").(ref)
		if !ok {
			return nil, fmt.Errorf("%w: /V is no reference", ErrUnreadable)
		}
		w.sig = int(sig)
	}
	if d.has("V") != d.has("AP") {
		return nil, fmt.Errorf("%w: a signed field shows its appearance, an unsigned one has none", ErrUnreadable)
	}
	if ap := d.dict("AP"); d.has("AP") {
		form, _ := ap.get("N").(ref)
		if len(ap.all()) != 1 || f.get(int(form), rev).dict().name("Subtype") != "Form" {
			return nil, fmt.Errorf("%w: /AP is not one form XObject", ErrUnreadable)
		}
	}
	annots, _ := f.get(w.page, rev).plain().get("Annots").(array)
	shown := 0
	for _, a := range annots {
		if a == ref(n) {
			shown++
		}
	}
	key, known := d.only("Type", "Subtype", "FT", "T", "F", "Rect", "P", "V", "AP")
	switch {
	case !known:
		return nil, fmt.Errorf("%w: field with /%s", ErrUnreadable, key)
	case d.name("Type") != "Annot", d.name("Subtype") != "Widget", d.name("FT") != "Sig":
		return nil, fmt.Errorf("%w: not a signature field with its widget", ErrUnreadable)
	case flags != widgetFlags, !okRect, !fieldName.MatchString(w.name), !slices.Contains(pages, w.page), shown != 1:
		return nil, fmt.Errorf("%w: field is not shown exactly once, printable, under a plain name", ErrUnreadable)
	}
	return w, nil
}

func overlap(a, b [4]float64) bool {
	return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

// Prepare adds empty signature fields in one increment. Do this before the first
// signature for everyone who is to sign: then each box is part of what the first
// one signs, and later signatures only fill it in, which is what a certification
// with P=2 permits (ISO 32000-1, 12.8.2.2). Some readers object to a field that
// is added after a certification.
func Prepare(pdf []byte, fields ...Field) ([]byte, error) {
	in, err := open(pdf)
	if err != nil {
		return nil, err
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("%w: none given", ErrField)
	}
	u := newUpdate(in.f)
	for _, fd := range fields {
		_, err := u.addField(fd)
		if err != nil {
			return nil, err
		}
	}
	u.version()
	out, err := u.finish("prepare")
	if err != nil {
		return nil, err
	}
	return recheck(out)
}

// addField places a new empty field and returns its object number.
func (u *update) addField(fd Field) (*widget, error) {
	last := u.f.last()
	if len(u.fields) == maxFields {
		return nil, fmt.Errorf("%w: more than %d in one file", ErrField, maxFields)
	}
	if !fieldName.MatchString(fd.Name) {
		return nil, fmt.Errorf("%w: name %q: 1 to 64 ASCII letters, digits, - and _", ErrField, fd.Name)
	}
	pages, err := u.f.pages(last)
	if err != nil {
		return nil, err
	}
	if fd.Page < 1 || fd.Page > len(pages) {
		return nil, fmt.Errorf("%w: %s: page %d of %d", ErrField, fd.Name, fd.Page, len(pages))
	}
	page := pages[fd.Page-1]
	media, err := u.f.mediaBox(page, last)
	if err != nil {
		return nil, err
	}
	rect, err := fd.Box.on(media)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrField, fd.Name, err)
	}
	for _, w := range u.fields {
		if w.name == fd.Name {
			return nil, fmt.Errorf("%w: %s: is there already", ErrField, fd.Name)
		}
		if w.page == page && overlap(w.rect, rect) {
			return nil, fmt.Errorf("%w: %s: would cover field %s", ErrField, fd.Name, w.name)
		}
	}
	w := &widget{num: u.alloc(), name: fd.Name, page: page, rect: rect}
	w.dict = makeDict("Type", name("Annot"), "Subtype", name("Widget"), "FT", name("Sig"),
		"T", str{b: []byte(fd.Name)}, "F", num(widgetFlags), "Rect", rectArray(rect), "P", ref(page))
	u.set(w.num, w.dict)
	pd := u.dict(page)
	annots, ok := pd.get("Annots").(array)
	if pd.has("Annots") && !ok {
		return nil, fmt.Errorf("%w: page %d keeps its annotations elsewhere", ErrUnreadable, fd.Page)
	}
	u.set(page, pd.with("Annots", append(slices.Clone(annots), ref(w.num))))
	u.fields = append(u.fields, w)
	refs := array{}
	for _, w := range u.fields {
		refs = append(refs, ref(w.num))
	}
	u.set(u.f.root, u.dict(u.f.root).with("AcroForm", makeDict("Fields", refs, "SigFlags", num(3))))
	return w, nil
}

func rectArray(r [4]float64) array {
	return array{points(r[0]), points(r[1]), points(r[2]), points(r[3])}
}

// on turns the box into a rectangle inside the page.
func (b Box) on(media [4]float64) ([4]float64, error) {
	x, y := media[0]+b.x, media[1]+b.y
	if b.fromTop {
		y = media[3] - b.y - b.h
	}
	r := [4]float64{x, y, x + b.w, y + b.h}
	for i := range r {
		if math.IsNaN(r[i]) || math.IsInf(r[i], 0) {
			return r, fmt.Errorf("box has no size")
		}
		r[i] = math.Round(r[i]*1000) / 1000 // as it will be written
	}
	const least = 10 // points: a box that nobody sees is no visible signature
	if b.w < least || b.h < least {
		return r, fmt.Errorf("box smaller than %d points", least)
	}
	if r[0] < media[0] || r[1] < media[1] || r[2] > media[2] || r[3] > media[3] {
		return r, fmt.Errorf("box [%.1f %.1f %.1f %.1f] leaves the page", r[0], r[1], r[2], r[3])
	}
	return r, nil
}
