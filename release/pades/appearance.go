package pades

import (
	"fmt"
	"math"
)

// maxImported bounds the objects that one appearance may bring along.
const maxImported = 1000

// importPage copies the one page of a finished PDF into the update as a form
// XObject (ISO 32000-1, 8.10) and returns its object number. The page brings its
// own embedded fonts, so that names like "Ñúñez" and "Weiß" print right without
// any font of the viewer.
func (u *update) importPage(pdf []byte, rect [4]float64) (int, error) {
	if len(pdf) == 0 {
		return 0, fmt.Errorf("%w: none given; a visible signature needs a one-page PDF", ErrAppearance)
	}
	src, err := readFile(pdf)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrAppearance, err)
	}
	pages, err := src.pages(0)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrAppearance, err)
	}
	if len(src.revs) != 1 || len(pages) != 1 {
		return 0, fmt.Errorf("%w: %d pages in %d revisions, one in one expected", ErrAppearance, len(pages), len(src.revs))
	}
	page := src.get(pages[0], 0).dict()
	media, err := src.mediaBox(pages[0], 0)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrAppearance, err)
	}
	// A viewer stretches the page to the field: another size would distort names.
	if math.Abs(media[2]-media[0]-(rect[2]-rect[0])) > 1 || math.Abs(media[3]-media[1]-(rect[3]-rect[1])) > 1 {
		return 0, fmt.Errorf("%w: page is %.1f x %.1f points, field %.1f x %.1f", ErrAppearance,
			media[2]-media[0], media[3]-media[1], rect[2]-rect[0], rect[3]-rect[1])
	}
	contents, _ := page.get("Contents").(ref)
	stream := src.get(int(contents), 0)
	resources, _ := src.inherited(pages[0], 0, "Resources").(*dict)
	if stream == nil || len(stream.stream) == 0 || resources == nil {
		return 0, fmt.Errorf("%w: page has no single content stream with resources", ErrAppearance)
	}
	if key, ok := page.only("Type", "Parent", "Resources", "MediaBox", "Contents", "Group"); !ok {
		return 0, fmt.Errorf("%w: page with /%s", ErrAppearance, key)
	}
	if key, ok := resources.only("ProcSet", "Font", "XObject", "ExtGState", "Shading", "ColorSpace", "Pattern"); !ok {
		return 0, fmt.Errorf("%w: resources with /%s", ErrAppearance, key)
	}
	c := &copier{u: u, src: src, to: map[ref]ref{}}
	form := makeDict("Type", name("XObject"), "Subtype", name("Form"), "FormType", num(1),
		"BBox", rectArray(media), "Resources", remap(resources, c.ref))
	if g := page.get("Group"); g != nil {
		form = form.with("Group", remap(g, c.ref))
	}
	for _, key := range []name{"Filter", "DecodeParms"} {
		if v := stream.dict().get(key); v != nil {
			form = form.with(key, remap(v, c.ref))
		}
	}
	err = c.copyAll()
	if err != nil {
		return 0, err
	}
	n := u.alloc()
	u.setStream(n, form, stream.stream)
	return n, nil
}

// copier renumbers objects of another file as they are met.
type copier struct {
	u     *update
	src   *file
	to    map[ref]ref
	queue []ref
}

func (c *copier) ref(r ref) ref {
	n, ok := c.to[r]
	if !ok {
		n = ref(c.u.alloc())
		c.to[r] = n
		c.queue = append(c.queue, r)
	}
	return n
}

func (c *copier) copyAll() error {
	for i := 0; i < len(c.queue); i++ {
		if i == maxImported {
			return fmt.Errorf("%w: more than %d objects", ErrAppearance, maxImported)
		}
		r := c.queue[i]
		o := c.src.get(int(r), 0)
		if o == nil {
			return fmt.Errorf("%w: object %d is missing", ErrAppearance, r)
		}
		switch o.dict().name("Type") {
		case "Catalog", "Pages", "Page":
			return fmt.Errorf("%w: resources lead to object %d, a page or catalog", ErrAppearance, r)
		}
		n := int(c.to[r])
		v := remap(o.val, c.ref)
		if d, ok := v.(*dict); ok && o.isStream {
			c.u.setStream(n, d, o.stream)
			continue
		}
		c.u.body[n] = appendValue(nil, v)
	}
	return nil
}
