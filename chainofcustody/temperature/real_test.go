package temperature_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

// real reads a file that a real instrument wrote. They are not part of the project.
func real(t *testing.T, name string) []byte {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "coldchain", name)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("skipped: the real logger files are not beside the repository: %v", err)
	}
	return file
}

func lane(t *testing.T, low, high string) temperature.Range {
	t.Helper()
	r, err := temperature.NewRange(quantity.MustParse(low, "degC"), quantity.MustParse(high, "degC"))
	require.NoError(t, err)
	return r
}

// process scenario 17: the real Q-tag file, on a lane of 2 to 8 °C.
func TestRead_I14_RealShipmentLogger(t *testing.T) {
	l, err := temperature.Read(real(t, "qtag_clm_doc_lr_RCPJ00010_02.txt"))
	require.NoError(t, err)
	require.Equal(t, "qtag-clm", l.Format)
	require.Equal(t, "Q-tag CLm doc LR", l.Device)
	require.Equal(t, "RCPJ00010", l.Serial)
	require.Equal(t, 2, l.Run)
	require.Equal(t, 10*time.Minute, l.Interval)
	require.Len(t, l.Readings, 124)
	require.Equal(t, 72, l.Readings[0].Line)
	require.Equal(t, time.Date(2022, 11, 8, 4, 49, 0, 0, time.UTC), l.First())
	require.Equal(t, time.Date(2022, 11, 9, 1, 19, 0, 0, time.UTC), l.Last())
	s, err := temperature.Summarise(l, lane(t, "2", "8"), quantity.Quantity{})
	require.NoError(t, err)
	require.Equal(t, "0.9", s.Min.Value.Number())
	require.Equal(t, "24.3", s.Max.Value.Number())
	require.Equal(t, "5.46", s.Mean.Round(2).Number())
	require.Equal(t, "10.58", s.MKT.Round(2).Number())
	require.Equal(t, 210*time.Minute, s.Above, "21 rows above 8.0 at ten minutes")
	require.Equal(t, 580*time.Minute, s.Below)
	require.Zero(t, s.Unknown)
	require.Empty(t, s.Differences(), "the device truncates, and samples every minute")
	figures := map[temperature.Figure]string{}
	for _, c := range s.Comparisons {
		require.True(t, c.Agrees, c.Figure)
		figures[c.Figure] = c.Theirs.Number()
	}
	require.Equal(t, map[temperature.Figure]string{"min": "0.9", "max": "24.3", "mean": "5.4", "mkt": "10.5", "above": "219", "below": "598"}, figures)
}

func TestReadPrinted_RealPDFAgreesWithItsText(t *testing.T) { // process scenario 18
	l, err := temperature.Read(real(t, "qtag_clm_doc_lr_RCPJ00010_02.txt"))
	require.NoError(t, err)
	p, err := temperature.ReadPrinted(real(t, "qtag_clm_doc_lr_RCPJ00010_02.pdf"))
	require.NoError(t, err)
	require.Empty(t, p.Differs(l))
	l.Serial, l.Readings = "RCPJ00011", l.Readings[1:]
	require.Len(t, p.Differs(l), 2)
	_, err = temperature.ReadPrinted(real(t, "fridgetag2_130400191542.pdf"))
	require.Error(t, err)
}

func TestRead_I14_RealFridgeTag(t *testing.T) {
	l, err := temperature.Read(real(t, "fridgetag2_130400191542.txt"))
	require.NoError(t, err)
	require.Equal(t, "fridge-tag-2", l.Format)
	require.Equal(t, "130400191542", l.Serial)
	require.Empty(t, l.Readings)
	require.Len(t, l.Days, 60)
	require.Equal(t, 366*time.Minute, l.Days[0].Above)
	s, err := temperature.Summarise(l, lane(t, "2", "8"), quantity.Quantity{})
	require.NoError(t, err)
	require.True(t, s.FromDays)
	require.True(t, s.Counted(l, true))
	require.False(t, s.Counted(l, false), "the device counts below -0.5 and not below 2.0")
	require.True(t, s.MKT.IsZero(), "nothing is computed from daily figures")
	require.True(t, s.Excursion())
}
