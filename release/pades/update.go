package pades

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
)

// update is an increment in the making (ISO 32000-1, 7.5.6).
type update struct {
	f      *file
	fields []*widget
	next   int
	body   map[int][]byte // without "n 0 obj" and "endobj"
	dicts  map[int]*dict  // latest dictionary of objects that are plain ones
	at     map[int]int    // after finish: where each body begins in the output
}

func newUpdate(f *file) *update {
	u := &update{f: f, next: f.revs[f.last()].size, body: map[int][]byte{}, dicts: map[int]*dict{}, at: map[int]int{}}
	u.fields, _ = f.widgets(f.last()) // checked when the file was opened
	return u
}

func (u *update) alloc() int {
	u.next++
	return u.next - 1
}

// dict returns the dictionary as this update will leave it.
func (u *update) dict(n int) *dict {
	if d := u.dicts[n]; d != nil {
		return d
	}
	return u.f.get(n, u.f.last()).dict()
}

func (u *update) set(n int, d *dict) {
	u.dicts[n] = d
	u.body[n] = appendValue(nil, d)
}

func (u *update) setStream(n int, d *dict, data []byte) {
	b := appendValue(nil, d.with("Length", num(len(data))))
	b = append(b, "\nstream\n"...)
	b = append(b, data...)
	u.body[n] = append(b, "\nendstream"...)
}

// version raises the catalog's /Version once: signature dictionaries of this
// kind belong to PDF 1.7, and gofpdf's header says 1.3.
func (u *update) version() {
	d := u.dict(u.f.root)
	if u.f.data[len("%PDF-1.")] < '7' && d.name("Version") != "1.7" {
		u.set(u.f.root, d.with("Version", name("1.7")))
	}
}

// finish writes the increment behind the file. The seed goes into the second
// part of /ID, which must differ between revisions (ISO 32000-1, 14.4); both
// parts are digests, so the same input gives the same output.
func (u *update) finish(seed string) ([]byte, error) {
	f := u.f
	prev := f.revs[f.last()]
	var out bytes.Buffer
	out.Grow(len(f.data) + 64<<10)
	out.Write(f.data)
	order := make([]int, 0, len(u.body))
	for n := range u.body {
		order = append(order, n)
	}
	slices.Sort(order)
	starts := map[int]int{}
	for _, n := range order {
		starts[n] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n", n)
		u.at[n] = out.Len()
		out.Write(u.body[n])
		out.WriteString("\nendobj\n")
	}
	xref := out.Len()
	out.WriteString("xref\n")
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && order[j] == order[j-1]+1 {
			j++
		}
		fmt.Fprintf(&out, "%d %d\n", order[i], j-i)
		for ; i < j; i++ {
			fmt.Fprintf(&out, "%010d 00000 n \n", starts[order[i]])
		}
	}
	whole := sha256.Sum256(f.data)
	first := str{b: whole[:16], hex: true}
	if ids, ok := prev.trailer.get("ID").(array); ok && len(ids) == 2 {
		if s, ok := ids[0].(str); ok {
			first = str{b: s.b, hex: true}
		}
	}
	own := sha256.Sum256(append(whole[:], seed...))
	trailer := makeDict("Size", num(u.next), "Root", ref(f.root), "Prev", num(prev.xref))
	if info := prev.trailer.get("Info"); info != nil {
		trailer = trailer.with("Info", info)
	}
	trailer = trailer.with("ID", array{first, str{b: own[:16], hex: true}})
	out.WriteString("trailer\n")
	out.Write(appendValue(nil, trailer))
	fmt.Fprintf(&out, "\nstartxref\n%d\n%%%%EOF\n", xref)
	if out.Len() > maxFile {
		return nil, fmt.Errorf("%w: %d bytes once signed, at most %d", ErrTooLarge, out.Len(), maxFile)
	}
	return out.Bytes(), nil
}
