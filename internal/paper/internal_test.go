package paper

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMeasuresLikeTheLibrary compares our font tables with GetStringWidth, because positions are ours and
// glyphs are the library's.
func TestMeasuresLikeTheLibrary(t *testing.T) {
	d := New(Options{Created: time.Unix(0, 0)})
	for style, chain := range faces() {
		for _, f := range chain {
			d.selectFont(f, 10, false)
			d.used = selection{}
			for r := range f.advance {
				if r == 0xFFFF || refusal(r) != "" {
					continue
				}
				want := d.pdf.GetStringWidth(string(r))
				got := float64(f.advance[r]) / 1000 * 10 * mmPerPoint
				require.InDelta(t, want, got, 0.0051, "%v %s %U", style, f.name, r)
			}
		}
	}
	require.NoError(t, d.Err())
}

// TestPanicBecomesAnError is the belt and braces: a failure inside the library stops the document, not the server.
func TestPanicBecomesAnError(t *testing.T) {
	d := New(Options{Created: time.Unix(0, 0)})
	func() {
		defer d.guard("somewhere")
		var none []int
		_ = none[len("😀")]
	}()
	_, err := d.Bytes()
	var layout *LayoutError
	require.ErrorAs(t, err, &layout)
	require.Equal(t, "somewhere", layout.Where)
}

// TestLibraryErrorIsReported shows that the library's sticky error comes out with its section.
func TestLibraryErrorIsReported(t *testing.T) {
	d := New(Options{Created: time.Unix(0, 0)})
	d.pdf.SetErrorf("from below")
	d.Paragraph(Text{S: "x"})
	_, err := d.Bytes()
	require.EqualError(t, err, "lay out paragraph: from below")
}

func TestModerniseRefusesForeignFiles(t *testing.T) {
	for _, raw := range []string{"", "%PDF-1.3\n", "%PDF-1.4\n<<\n/Type /Catalog\n\nxref\n", "\nxref\n<<\n/Type /Catalog\n"} {
		_, err := modernise([]byte(raw), "en")
		require.Error(t, err)
	}
}
