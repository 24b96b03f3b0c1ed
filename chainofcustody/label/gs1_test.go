package label_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"
)

// inGS1 are the facts of a label of a plant whose codes are those of GS1.
func inGS1(t testing.TB, f label.Facts) label.Facts {
	gtin, err := gs1.ParseGTIN("09506000134352")
	require.NoError(t, err)
	f.GTIN, f.Batch = gtin, "SVQ2600001X"
	return f
}

// Every label in every language has room for the codes of GS1 and for their line, with the longest warnings too; nothing moves
// to the accompanying document for their sake.
func TestEveryLabelFitsInGS1(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		for _, warned := range []bool{false, true} {
			f.Biohazard, f.NotEvaluated, f.Abroad = warned, warned, warned
			plain, err := s.Lay(f)
			require.NoError(t, err, name)
			l, err := s.Lay(inGS1(t, f))
			require.NoError(t, err, name)
			require.Equal(t, plain.Moved, l.Moved, name)
			if f.Shipment != "" {
				require.Equal(t, f.Shipment, l.Code(), "the box bears the number of its shipment, in no coding of containers")
				continue
			}
			scan, err := isbt128.ParseScan(l.Code())
			require.NoError(t, err, name)
			require.Equal(t, []any{f.Content.CoI, f.Content.ID, f.Content.Serial, "SVQ2600001X"}, []any{scan.CoI, scan.ContainerID(), scan.Serial, scan.Batch}, name)
		}
	})
}

// The codes read back from the PDF page and from the dots of both printers, by programs that we did not write, as codes of GS1
// (LB-3): FNC1 first in both.
func TestGS1CodesReadBack_LB3(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		if f.Language != "es" || !slices.Contains([]string{"harvest-bag", "donor-sample", "tube", "final-container"}, f.Kind) {
			return
		}
		f = inGS1(t, f)
		l, err := s.Lay(f)
		require.NoError(t, err)
		wide := slices.Contains([]string{"harvest-bag"}, f.Kind) || f.Product
		for _, perMM := range []float64{dpi203, dpi300} {
			bits, err := l.Sheets[0].Bitmap(perMM)
			require.NoError(t, err)
			var picture bytes.Buffer
			require.NoError(t, bits.PNG(&picture))
			require.Equal(t, "\x1d"+l.Code(), matrixOf(t, picture.Bytes()), "%s at %.1f dots", name, perMM)
			if wide {
				require.Equal(t, "]C1"+l.Content.Linear(), barsOf(t, picture.Bytes(), perMM), "%s at %.1f dots", name, perMM)
			}
		}
		pdf, err := l.PDF()
		require.NoError(t, err)
		const perMM = 300 / 25.4
		page := raster(t, pdf)
		require.Equal(t, "\x1d"+l.Code(), matrixOf(t, page), name)
		if wide {
			require.Equal(t, "]C1"+l.Content.Linear(), barsOf(t, page, perMM), name)
		}
		printed := strings.Join(strings.Fields(papertest.Text(t, pdf)), " ")
		require.Contains(t, printed, "(01)09506000134352")
		require.Contains(t, printed, "(10)SVQ2600001X")
		require.Contains(t, printed, "(21)A999926000123F00020E", name)
		require.Equal(t, f.Product, strings.Contains(printed, "(7003)2611241000"), "%s: the expiry of the label, in its zone", name)
		require.NotContains(t, printed, isbt128.Canary, "%s: what is for machines is not printed", name)
	})
}

// matrixOf reads a GS1 DataMatrix with dmtxread, which sends GS for each FNC1, also for the first one.
func matrixOf(t *testing.T, picture []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "label.png")
	require.NoError(t, os.WriteFile(file, picture, 0o600))
	out, err := exec.Command("dmtxread", "-N1", "-m4000", "-G29", file).Output()
	require.NoError(t, err, "install it with: apt-get install dmtx-utils")
	return string(out)
}

// barsOf reads the linear code at the foot of a label.
func barsOf(t *testing.T, picture []byte, perMM float64) string {
	t.Helper()
	whole, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	at := func(mm float64) int { return int(mm * perMM) }
	foot := whole.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(0, at(71), at(80), at(77.5)))
	dots, err := gozxing.NewBinaryBitmapFromImage(foot)
	require.NoError(t, err)
	got, err := oned.NewCode128Reader().Decode(dots, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_ASSUME_GS1: true})
	require.NoError(t, err)
	return got.GetText()
}

func raster(t *testing.T, pdf []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "label.pdf"), pdf, 0o600))
	out, err := exec.Command("pdftoppm", "-r", "300", "-png", "-f", "1", "-l", "1", "-singlefile", filepath.Join(dir, "label.pdf"), filepath.Join(dir, "label")).CombinedOutput()
	require.NoError(t, err, string(out))
	page, err := os.ReadFile(filepath.Join(dir, "label.png"))
	require.NoError(t, err)
	return page
}

// The printer's own codes have FNC1 where GS1 asks for it.
func TestGS1LabelInNativeZPL(t *testing.T) {
	f := inGS1(t, facts(t, "final-container", "es"))
	f.Product, f.Blinded = true, true
	l, err := set(t).Lay(f)
	require.NoError(t, err)
	zpl, err := l.ZPL(dpi203, paper.Native)
	require.NoError(t, err)
	require.Contains(t, string(zpl), `^BXN,4,200,32,32,6,_^FH\^FD_1010950600013435270032611241000_110SVQ2600001X_121A999926000123F00020E_191CHA99992600012301yzQA-/`)
	require.Contains(t, string(zpl), `^BCN,60,N,N,N,N^FH\^FD>;>8010950600013435210>6SVQ>5260000>61X^FS`)
}

// The text of labels in the codes of GS1, as golden files.
func TestGoldenLabelsInGS1(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		if f.Language != "es" || !slices.Contains([]string{"harvest-bag", "donor-sample", "tube", "final-container"}, f.Kind) {
			return
		}
		t.Run(name, func(t *testing.T) {
			says(t, s, inGS1(t, f), name+"-gs1")
		})
	})
}

// A label without the number of its batch, or with one that is mistyped, is not made: its code would be nobody's.
func TestGS1LabelNeedsItsBatch_LB3(t *testing.T) {
	f := inGS1(t, facts(t, "tube", "es"))
	f.Batch = "SVQ2600001Y"
	_, err := set(t).Lay(f)
	require.ErrorContains(t, err, "LB-3")
}
