package pades

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func isRefusal(err error) bool {
	return errors.Is(err, ErrUnreadable) || errors.Is(err, ErrTooLarge)
}

func TestReadsWhatGofpdfWrites(t *testing.T) {
	for name, pages := range map[string]int{"certificate.pdf": 2, "appearance-qa.pdf": 1, "appearance-qp.pdf": 1} {
		f, err := readFile(testdata(t, name))
		require.NoError(t, err, name)
		p, err := f.pages(0)
		require.NoError(t, err)
		require.Len(t, p, pages)
	}
}

func TestEveryByteHasItsPlace(t *testing.T) {
	f, err := readFile(signed2(t))
	require.NoError(t, err)
	require.Len(t, f.revs, 4)
	for i, r := range f.revs {
		if i > 0 {
			require.Equal(t, f.revs[i-1].end, r.start)
		}
		require.True(t, bytes.HasSuffix(f.data[:r.end], []byte("%%EOF\n")))
		require.Equal(t, "xref", string(f.data[r.xref:r.xref+4]))
	}
	require.Equal(t, len(f.data), f.revs[3].end)
}

// Files that two viewers could read in two ways, or that carry something beside
// the document.
func TestOtherFormsAreRefused(t *testing.T) {
	good := string(certificate())
	edit := func(old, repl string) []byte {
		require.Contains(t, good, old)
		return []byte(strings.Replace(good, old, repl, 1))
	}
	// rebuilt keeps offsets right, so that only the body is at fault.
	rebuilt := func(n int, body string) []byte {
		objects := []string{pagesObject, resources, pageObject, textPage("x"), fontObject, catalogObject}
		objects[n-1] = body
		return smallPDF(objects...)
	}
	for name, pdf := range map[string][]byte{
		"empty":                     nil,
		"header only":               []byte("%PDF-1.3\n"),
		"bytes before the header":   append([]byte("MZ"), good...),
		"PDF 2.0":                   edit("%PDF-1.3", "%PDF-2.0"),
		"PDF 1.8":                   edit("%PDF-1.3", "%PDF-1.8"),
		"low comment":               edit("%PDF-1.3\n", "%PDF-1.3\n%abcd\n"),
		"cut":                       []byte(good[:len(good)-1]),
		"bytes after EOF":           []byte(good + " "),
		"line after EOF":            []byte(good + "\n"),
		"second document":           []byte(good + good),
		"comment between objects":   edit("endobj\n2 0", "endobj\n%\n2 0"),
		"offset wrong":              edit("0000000009", "0000000010"),
		"offset of another object":  edit("0000000009", fmt.Sprintf("%010d", strings.Index(good, "2 0 obj"))),
		"object free":               edit("0000000009 00000 n", "0000000009 00000 f"),
		"generation":                edit("1 0 obj", "1 1 obj"),
		"startxref wrong":           edit("startxref\n", "startxref\n1"),
		"size wrong":                edit("/Size 7", "/Size 8"),
		"table too short":           edit("xref\n0 7", "xref\n0 6"),
		"table too long":            edit("xref\n0 7", "xref\n0 8"),
		"root missing":              edit("/Root 6 0 R", ""),
		"root is a page":            edit("/Root 6 0 R", "/Root 3 0 R"),
		"root not there":            edit("/Root 6 0 R", "/Root 60 0 R"),
		"encrypted":                 edit("/Root 6 0 R", "/Root 6 0 R /Encrypt 5 0 R"),
		"cross-reference stream":    edit("/Root 6 0 R", "/Root 6 0 R /XRefStm 9"),
		"previous in the first":     edit("/Root 6 0 R", "/Root 6 0 R /Prev 9"),
		"trailer no dictionary":     edit("<<\n/Size 7\n/Root 6 0 R\n>>", "[]"),
		"catalog is a stream":       rebuilt(6, "<</Type /Catalog /Pages 1 0 R /Length 0>>\nstream\n\nendstream"),
		"indirect length":           rebuilt(4, "<</Length 5 0 R>>\nstream\nx\nendstream"),
		"length too small":          rebuilt(4, "<</Length 1>>\nstream\nxyz\nendstream"),
		"length too large":          rebuilt(4, "<</Length 99999>>\nstream\nx\nendstream"),
		"negative length":           rebuilt(4, "<</Length -1>>\nstream\nx\nendstream"),
		"stream without dictionary": rebuilt(4, "[]\nstream\nx\nendstream"),
		"data in another file":      rebuilt(4, "<</Length 1 /F (x)>>\nstream\nx\nendstream"),
		"duplicate key":             rebuilt(3, "<</Type /Page /Type /Page>>"),
		"script":                    rebuilt(6, "<</Type /Catalog /Pages 1 0 R /OpenAction <</S /JavaScript /JS (x)>>>>"),
		"event action":              rebuilt(3, "<</Type /Page /Parent 1 0 R /AA <<>>>>"),
		"optional content":          rebuilt(6, "<</Type /Catalog /Pages 1 0 R /OCProperties <<>>>>"),
		"XFA form":                  rebuilt(6, "<</Type /Catalog /Pages 1 0 R /X [<</XFA 1>>]>>"),
		"object twice":              edit("2 0 obj", "1 0 obj"),
		"deep":                      rebuilt(2, strings.Repeat("[", 100)+strings.Repeat("]", 100)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readFile(pdf)
			require.ErrorIs(t, err, ErrUnreadable)
			faults := refused(t, pdf)
			require.Equal(t, FaultStructure, faults[0].Code)
			require.ErrorIs(t, faults[0], ErrUnreadable)
			_, err = Sign(pdf, people(t).qa, qaOptions())
			require.ErrorIs(t, err, ErrUnreadable)
		})
	}
}

func TestTheBinaryCommentIsAccepted(t *testing.T) {
	objects := certificate()
	with := strings.Replace(string(objects), "%PDF-1.3\n", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", 1)
	p := &parser{b: []byte(with)}
	require.NoError(t, p.header())
	require.Equal(t, len("%PDF-1.7\n%....\n"), p.pos)
}

func TestLimits(t *testing.T) {
	_, err := readFile(make([]byte, maxFile+1))
	require.ErrorIs(t, err, ErrTooLarge)
	require.ErrorIs(t, refused(t, make([]byte, maxFile+1))[0], ErrTooLarge)

	pdf := certificate()
	for range maxRevisions {
		pdf = appendUpdateUnchecked(pdf)
	}
	_, err = readFile(pdf)
	require.ErrorIs(t, err, ErrTooLarge)

	var fields []Field
	for i := range maxFields + 1 {
		fields = append(fields, Field{fmt.Sprintf("F%d", i), 1, Points(10, float64(10+20*i), 20, 15)})
	}
	_, err = Prepare(certificate(), fields...)
	require.ErrorIs(t, err, ErrField)
}

// appendUpdateUnchecked adds a smallest update that changes nothing.
func appendUpdateUnchecked(pdf []byte) []byte {
	prev := bytes.LastIndex(pdf, []byte("\nxref\n")) + 1
	out := slices.Clone(pdf)
	at := len(out)
	out = append(out, "5 0 obj\n"+fontObject+"\nendobj\n"...)
	xref := len(out)
	return append(out, fmt.Sprintf("xref\n5 1\n%010d 00000 n \ntrailer\n<</Size 7 /Root 6 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, prev, xref)...)
}

func TestPageTreeMustBeFlat(t *testing.T) {
	for name, pages := range map[string]string{
		"no kids":   "<</Type /Pages /Kids [] /Count 0>>",
		"no type":   "<</Kids [3 0 R]>>",
		"nested":    "<</Type /Pages /Kids [1 0 R]>>",
		"not a ref": "<</Type /Pages /Kids [3]>>",
		"no box":    "<</Type /Pages /Kids [3 0 R]>>",
		"empty box": "<</Type /Pages /Kids [3 0 R] /MediaBox [0 0 0 0]>>",
		"text box":  "<</Type /Pages /Kids [3 0 R] /MediaBox [0 0 (a) 1]>>",
	} {
		t.Run(name, func(t *testing.T) {
			pdf := smallPDF(pages, resources, pageObject, textPage("x"), fontObject, catalogObject)
			_, err := Sign(pdf, people(t).qa, qaOptions())
			require.ErrorIs(t, err, ErrUnreadable)
		})
	}
}
