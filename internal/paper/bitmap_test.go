package paper_test

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/paper"
)

// readBack is what a reader that we did not write makes of the dots of a sheet.
func readBack(t *testing.T, sheet *paper.Sheet, perMM float64, reader gozxing.Reader, hints map[gozxing.DecodeHintType]interface{}) string {
	t.Helper()
	bits, err := sheet.Bitmap(perMM)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, bits.PNG(&file))
	picture, err := png.Decode(&file)
	require.NoError(t, err)
	dots, err := gozxing.NewBinaryBitmapFromImage(picture)
	require.NoError(t, err)
	got, err := reader.Decode(dots, hints)
	require.NoError(t, err)
	return got.GetText()
}

// Both codes read back from the dots of the common printers, by a reader that we did not write.
func TestBitmapCodesReadBack(t *testing.T) {
	for _, perMM := range []float64{8, 300 / 25.4, 24} {
		linear := paper.NewSheet(60, 12)
		linear.Code128("=A99992600012385", 5, 2, 0.25, 8)
		matrix := paper.NewSheet(20, 20)
		matrix.DataMatrix([]byte("=+04000&/CHA999926000123=A99992600012385=,F00020&z01yzQA-/T"), 3, 3, 0.5)
		for _, tt := range []struct {
			sheet  *paper.Sheet
			reader gozxing.Reader
			want   string
		}{
			{linear, oned.NewCode128Reader(), "=A99992600012385"},
			{matrix, datamatrix.NewDataMatrixReader(), "=+04000&/CHA999926000123=A99992600012385=,F00020&z01yzQA-/T"},
		} {
			require.Equal(t, tt.want, readBack(t, tt.sheet, perMM, tt.reader, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true}))
		}
	}
}

// The codes of GS1 read back as such: the reader says that FNC1 stands first, and sends GS for each separator.
func TestBitmapOfGS1CodesReadsBack(t *testing.T) {
	const matrix = "010950600013435210SVQ2600123X\x1d21A999926000123F00020K\x1d91CHA99992600012301yzQA-/K"
	const linear = "010950600013435210SVQ2600123X"
	for _, perMM := range []float64{8, 300 / 25.4, 24} {
		bars, cells := paper.NewSheet(90, 12), paper.NewSheet(25, 25)
		bars.GS1128(linear, 5, 2, 0.25, 8)
		side := cells.GS1DataMatrix(matrix, 3, 3, 0.5)
		require.Equal(t, 17.0, side, "32 cells and its white edge")
		for _, tt := range []struct {
			sheet  *paper.Sheet
			reader gozxing.Reader
			want   string
			hints  map[gozxing.DecodeHintType]interface{}
		}{
			{bars, oned.NewCode128Reader(), "]C1" + linear, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true, gozxing.DecodeHintType_ASSUME_GS1: true}},
			{cells, datamatrix.NewDataMatrixReader(), "\x1d" + matrix, nil},
		} {
			require.Equal(t, tt.want, readBack(t, tt.sheet, perMM, tt.reader, tt.hints))
		}
	}
}
