package pades

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyAFinishedOnePageDocumentBecomesAnAppearance(t *testing.T) {
	small := strings.Replace(pagesObject, "595.28 841.89", "100.00 30.00", 1)
	page := func(objects ...string) []byte {
		all := []string{small, resources, pageObject, textPage("x"), fontObject, catalogObject}
		copy(all, objects)
		return smallPDF(all...)
	}
	for name, pdf := range map[string][]byte{
		"not a PDF":     []byte("hello"),
		"of other size": certificate(),
		"two pages":     page(strings.Replace(small, "3 0 R", "3 0 R 3 0 R", 1)),
		"revised":       appendUpdateUnchecked(stamp("x")),
		"annotations":   page(small, resources, strings.Replace(pageObject, "/Parent", "/Annots [] /Parent", 1)),
		"turned":        page(small, resources, strings.Replace(pageObject, "/Parent", "/Rotate 90 /Parent", 1)),
		"no content":    page(small, resources, strings.Replace(pageObject, "/Contents 4 0 R", "", 1)),
		"empty content": page(small, resources, pageObject, "<</Length 0>>\nstream\n\nendstream"),
		"no resources":  page(small, "null"),
		"layers":        page(small, "<</Properties <<>>>>"),
		"missing font":  page(small, strings.Replace(resources, "5 0 R", "9 0 R", 1)),
		"leads to page": page(small, strings.Replace(resources, "5 0 R", "3 0 R", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			o := qaOptions()
			o.Appearance = pdf
			_, err := Sign(certificate(), people(t).qa, o)
			require.ErrorIs(t, err, ErrAppearance)
		})
	}
}

func TestAnAppearanceBringsABoundedNumberOfObjects(t *testing.T) {
	objects := []string{strings.Replace(pagesObject, "595.28 841.89", "100.00 30.00", 1), "", pageObject, textPage("x"), fontObject}
	var fonts strings.Builder
	for i := range maxImported + 1 {
		objects = append(objects, fontObject)
		fmt.Fprintf(&fonts, "/F%d %d 0 R ", i, len(objects))
	}
	objects[1] = "<</Font <<" + fonts.String() + ">>>>"
	o := qaOptions()
	o.Appearance = smallPDF(append(objects, catalogObject)...)
	_, err := Sign(certificate(), people(t).qa, o)
	require.ErrorIs(t, err, ErrAppearance)
}

func TestTheWholePageIsImported(t *testing.T) {
	o := qaOptions()
	o.Field.Box = Millimetres(20, 40, 80, 24)
	o.Field.Page = 2
	o.Appearance = testdata(t, "appearance-qa.pdf")
	pdf, err := Sign(testdata(t, "certificate.pdf"), people(t).qa, o)
	require.NoError(t, err)
	in, err := inspect(pdf)
	require.NoError(t, err)
	form := in.f.get(int(in.sigs[0].field.dict.dict("AP").get("N").(ref)), in.f.last())
	src, err := readFile(o.Appearance)
	require.NoError(t, err)
	require.Equal(t, src.get(4, 0).stream, form.stream, "the content is not recompressed")
	streams := func(f *file, rev int) (n, bytes int) {
		for _, o := range f.revs[rev].objects {
			if o.isStream {
				n, bytes = n+1, bytes+len(o.stream)
			}
		}
		return n, bytes
	}
	wantN, wantBytes := streams(src, 0)
	n, bytes := streams(in.f, in.f.last())
	require.Equal(t, wantN, n)
	require.Equal(t, wantBytes, bytes)
}

// A page with transparency carries its group into the form.
func TestGroupsAreKept(t *testing.T) {
	o := qaOptions()
	o.Appearance = smallPDF(strings.Replace(pagesObject, "595.28 841.89", "100.00 30.00", 1), resources,
		strings.Replace(pageObject, "/Contents", "/Group <</Type /Group /S /Transparency /CS /DeviceRGB>> /Contents", 1),
		textPage("x"), fontObject, catalogObject)
	pdf, err := Sign(certificate(), people(t).qa, o)
	require.NoError(t, err)
	in, err := inspect(pdf)
	require.NoError(t, err)
	form := in.f.get(int(in.sigs[0].field.dict.dict("AP").get("N").(ref)), in.f.last())
	require.Equal(t, name("Transparency"), form.dict().dict("Group").name("S"))
}
