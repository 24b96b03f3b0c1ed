package pades

import "fmt"

// pages lists the object numbers of the pages. gofpdf writes a flat tree, and
// only that is read.
func (f *file) pages(rev int) ([]int, error) {
	root, _ := f.resolve(f.catalog(rev).get("Pages"), rev).(*dict)
	kids, _ := root.get("Kids").(array)
	if len(kids) > maxPages {
		return nil, fmt.Errorf("%w: more than %d pages", ErrTooLarge, maxPages)
	}
	if root.name("Type") != "Pages" || len(kids) == 0 {
		return nil, fmt.Errorf("%w: no pages", ErrUnreadable)
	}
	out := make([]int, 0, len(kids))
	for _, k := range kids {
		r, _ := k.(ref)
		if f.get(int(r), rev).plain().name("Type") != "Page" {
			return nil, fmt.Errorf("%w: page tree is not flat", ErrUnreadable)
		}
		out = append(out, int(r))
	}
	return out, nil
}

// mediaBox returns lower left x and y, upper right x and y of a page, which may
// inherit it from the root of the tree (ISO 32000-1, 7.7.3.4).
func (f *file) mediaBox(page, rev int) ([4]float64, error) {
	v := f.inherited(page, rev, "MediaBox")
	box, ok := rectangle(v)
	if !ok {
		return box, fmt.Errorf("%w: page object %d has no /MediaBox", ErrUnreadable, page)
	}
	return box, nil
}

func (f *file) inherited(page, rev int, key name) value {
	d := f.get(page, rev).plain()
	if d.has(key) {
		return f.resolve(d.get(key), rev)
	}
	root, _ := f.resolve(f.catalog(rev).get("Pages"), rev).(*dict)
	return f.resolve(root.get(key), rev)
}

func rectangle(v value) (box [4]float64, ok bool) {
	a, _ := v.(array)
	if len(a) != 4 {
		return box, false
	}
	for i := range a {
		box[i], ok = float(a[i])
		if !ok {
			return box, false
		}
	}
	return box, box[0] < box[2] && box[1] < box[3]
}
