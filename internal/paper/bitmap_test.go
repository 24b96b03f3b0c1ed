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
			bits, err := tt.sheet.Bitmap(perMM)
			require.NoError(t, err)
			var file bytes.Buffer
			require.NoError(t, bits.PNG(&file))
			picture, err := png.Decode(&file)
			require.NoError(t, err)
			dots, err := gozxing.NewBinaryBitmapFromImage(picture)
			require.NoError(t, err)
			got, err := tt.reader.Decode(dots, map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true})
			require.NoError(t, err)
			require.Equal(t, tt.want, got.GetText())
		}
	}
}
