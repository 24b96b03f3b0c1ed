// Package papertest looks at finished PDF files from outside, with the programs of poppler-utils: as text, as
// picture, and through a code reader. It is for tests only and shares no code with the package under test.
package papertest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/stretchr/testify/require"
)

// run writes the PDF to a file, calls a program of poppler-utils on it and returns what it prints. A missing
// program fails the test, because a skipped check of a release document is no check.
func run(t testing.TB, pdf []byte, program string, args ...string) []byte {
	t.Helper()
	_, err := exec.LookPath(program)
	require.NoError(t, err, "install it with: apt-get install poppler-utils")
	file := filepath.Join(t.TempDir(), "document.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	for i := range args {
		if args[i] == "FILE" {
			args[i] = file
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%s: %s", program, stderr.String())
	require.Empty(t, stderr.String(), "%s complains about the file", program)
	return stdout.Bytes()
}

// Pages is the text of each page, in the order in which it was drawn, with plain spaces.
func Pages(t testing.TB, pdf []byte) []string {
	t.Helper()
	text := string(run(t, pdf, "pdftotext", "-raw", "-enc", "UTF-8", "FILE", "-"))
	text = strings.ReplaceAll(text, "\u00A0", " ")
	pages := strings.Split(text, "\f")
	return pages[:len(pages)-1]
}

// Text is the text of all pages, each page under a line with its number.
func Text(t testing.TB, pdf []byte) string {
	t.Helper()
	var out strings.Builder
	for i, page := range Pages(t, pdf) {
		fmt.Fprintf(&out, "--- page %d ---\n%s\n", i+1, strings.TrimSpace(page))
	}
	return out.String()
}

// Word is a piece of text with its place on the page, in points from the top left corner.
type Word struct {
	Page                   int
	Text                   string
	XMin, YMin, XMax, YMax float64
}

// Words lists all words of the document with their places.
func Words(t testing.TB, pdf []byte) []Word {
	t.Helper()
	type word struct {
		XMin float64 `xml:"xMin,attr"`
		YMin float64 `xml:"yMin,attr"`
		XMax float64 `xml:"xMax,attr"`
		YMax float64 `xml:"yMax,attr"`
		Text string  `xml:",chardata"`
	}
	var doc struct {
		Pages []struct {
			Words []word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	decoder := xml.NewDecoder(bytes.NewReader(run(t, pdf, "pdftotext", "-bbox", "FILE", "-")))
	decoder.Strict = false
	require.NoError(t, decoder.Decode(&doc))
	var out []Word
	for i, page := range doc.Pages {
		for _, w := range page.Words {
			out = append(out, Word{i + 1, w.Text, w.XMin, w.YMin, w.XMax, w.YMax})
		}
	}
	return out
}

// Image is a page as a picture at the given resolution, as an office printer would print it.
func Image(t testing.TB, pdf []byte, page, dpi int) image.Image {
	t.Helper()
	n := fmt.Sprint(page)
	img, err := png.Decode(bytes.NewReader(run(t, pdf, "pdftoppm", "-gray", "-png", "-r", fmt.Sprint(dpi), "-f", n, "-l", n, "FILE")))
	require.NoError(t, err)
	return img
}

// DataMatrix reads the one Data Matrix symbol inside a rectangle of millimetres from the top left corner.
func DataMatrix(t testing.TB, pdf []byte, page int, x, y, w, h float64) string {
	t.Helper()
	const dpi = 300
	img := Image(t, pdf, page, dpi)
	px := func(mm float64) int { return int(mm / 25.4 * dpi) }
	crop := image.NewGray(image.Rect(0, 0, px(w), px(h)))
	draw.Draw(crop, crop.Bounds(), img, image.Pt(px(x), px(y)), draw.Src)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(crop)
	require.NoError(t, err)
	result, err := datamatrix.NewDataMatrixReader().Decode(bitmap, nil)
	require.NoError(t, err)
	return result.GetText()
}

// Attachment is the content of the first embedded file.
func Attachment(t testing.TB, pdf []byte) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "attachment")
	run(t, pdf, "pdfdetach", "-save", "1", "-o", file, "FILE")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	return content
}

// Fonts fails the test unless every font of the document is embedded and can be read as Unicode text.
func Fonts(t testing.TB, pdf []byte) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(run(t, pdf, "pdffonts", "FILE"))), "\n")
	require.Greater(t, len(lines), 2, "no fonts")
	for _, line := range lines[2:] {
		require.Regexp(t, `yes +(yes|no) +yes +\d+ +\d+$`, line, "embedded, subset, Unicode")
	}
}
