package paper_test

import (
	"bytes"
	"strings"
	"testing"

	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"

	"github.com/boombuler/barcode/datamatrix"
	"github.com/stretchr/testify/require"
)

func TestDataMatrixReadsBack(t *testing.T) {
	for name, tt := range map[string]struct {
		content []byte
		size    float64
		want    string
	}{
		"short":  {[]byte("A"), 10, "A"},
		"digest": {[]byte("RXC1|SVQ-C-26-000012|1|" + strings.Repeat("0a", 32)), 32, "RXC1|SVQ-C-26-000012|1|" + strings.Repeat("0a", 32)},
		"long":   {[]byte(strings.Repeat("0123456789abcdef", 40)), 60, strings.Repeat("0123456789abcdef", 40)},
		"GS1": {
			append([]byte{datamatrix.FNC1}, "0104012345678901"+"10SVQ26000001K"+string([]byte{datamatrix.FNC1})+"21000012"...), 15,
			"\x1D010401234567890110SVQ26000001K\x1D21000012",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := paper.New(options())
			d.Canvas().DataMatrix(tt.content, 100, 100, tt.size)
			pdf, err := d.Bytes()
			require.NoError(t, err)
			got := papertest.DataMatrix(t, pdf, 1, 100, 100, tt.size, tt.size)
			require.Equal(t, strings.TrimPrefix(tt.want, "\x1D"), strings.TrimPrefix(got, "\x1D"))
		})
	}
}

func TestDataMatrixRefusesWhatDoesNotScan(t *testing.T) {
	d := paper.New(options())
	d.Canvas().DataMatrix([]byte(strings.Repeat("x", 100)), 100, 100, 8)
	require.ErrorContains(t, d.Err(), "too small to scan")
	d = paper.New(options())
	d.Canvas().DataMatrix([]byte(strings.Repeat("x", 5000)), 100, 100, 100)
	require.ErrorContains(t, d.Err(), "5000 bytes")
}

// TestDataMatrixIsVector keeps pictures out of the file: the library orders them at random.
func TestDataMatrixIsVector(t *testing.T) {
	d := paper.New(options())
	d.Canvas().DataMatrix([]byte("vector"), 100, 100, 20)
	pdf, err := d.Bytes()
	require.NoError(t, err)
	require.False(t, bytes.Contains(pdf, []byte("/Subtype /Image")))
}
