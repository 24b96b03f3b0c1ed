package temperature_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/quantity"
)

// made is one of our own made-up files.
func made(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", "..", "testdata", "loggers", name))
	require.NoError(t, err)
	return file
}

func codes(warnings []temperature.Warning) []string {
	var out []string
	for _, w := range warnings {
		out = append(out, w.Code)
	}
	return out
}

func TestRead_MadeUpFiles(t *testing.T) {
	for name, want := range map[string]struct {
		format, serial  string
		readings, days  int
		above           time.Duration
		unknown         time.Duration
		warnings        []string
		disagreeFigures int
	}{
		"qtag-cold.txt":     {"qtag-clm", "SVQT00021", 24, 0, 0, 0, []string{temperature.WarnSignature}, 0},
		"qtag-warm.txt":     {"qtag-clm", "SVQT00022", 24, 0, 70 * time.Minute, 0, []string{temperature.WarnAlarm, temperature.WarnSignature}, 0},
		"fridge-tag-2.txt":  {"fridge-tag-2", "900400000001", 0, 2, 11 * time.Minute, 0, []string{temperature.WarnNoRows, temperature.WarnClock, temperature.WarnSignature}, 0},
		"fridge-tag-2l.txt": {"fridge-tag-2", "900500000001", 6, 2, 10 * time.Minute, 5 * time.Minute, []string{temperature.WarnClock, temperature.WarnSignature, temperature.WarnGap}, 0},
		"sheet.csv":         {"csv", "BENCH-7", 4, 0, 0, 0, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := temperature.Read(made(t, name))
			require.NoError(t, err)
			require.Equal(t, want.format, l.Format)
			require.Equal(t, want.serial, l.Serial)
			require.Len(t, l.Readings, want.readings)
			require.Len(t, l.Days, want.days)
			require.Equal(t, want.warnings, codes(l.Warnings))
			s, err := temperature.Summarise(l, lane(t, "2", "8"), quantity.Quantity{})
			require.NoError(t, err)
			require.Equal(t, want.above, s.Above)
			require.Equal(t, want.unknown, s.Unknown)
			require.Len(t, s.Differences(), want.disagreeFigures)
		})
	}
}

// A bound without decimals must not round a reading back into the lane.
func TestSummarise_I13_TenthsAboveTheLaneAreOutside(t *testing.T) {
	l, err := temperature.Read(made(t, "qtag-cold.txt"))
	require.NoError(t, err)
	s, err := temperature.Summarise(l, lane(t, "2", "5"), quantity.Quantity{})
	require.NoError(t, err)
	require.Equal(t, 30*time.Minute, s.Above, "5.1 is above 5")
	require.True(t, s.Excursion())
}

func TestSummarise_SaysWhereTheDeviceDiffersMoreThanItsTolerance(t *testing.T) {
	file := bytes.Replace(made(t, "qtag-warm.txt"), []byte("MKT: 7.4"), []byte("MKT: 9.9"), 1)
	file = bytes.Replace(file, []byte("t A: 68"), []byte("t A: 95"), 1)
	file = bytes.Replace(file, []byte("Max T: 13.9"), []byte("Max T: 12.0"), 1)
	l, err := temperature.Read(file)
	require.NoError(t, err)
	s, err := temperature.Summarise(l, lane(t, "2.0", "8.0"), quantity.Quantity{})
	require.NoError(t, err)
	text := ""
	for _, w := range s.Differences() {
		require.Equal(t, temperature.WarnDiffers, w.Code)
		text += w.Text + "\n"
	}
	require.Contains(t, text, "max: computed 13.90 degC, the logger says 12.0 degC")
	require.Contains(t, text, "mkt: computed 7.49 degC")
	require.Contains(t, text, "above: computed 70.00 min, the logger says 95 min; more apart than 10 min")
	require.Equal(t, 3, strings.Count(text, "\n"))
}

func TestRead_RefusesWhatDoesNotHoldTogether(t *testing.T) {
	cold, sheet := string(made(t, "qtag-cold.txt")), string(made(t, "sheet.csv"))
	change := func(file, old, new string) []byte {
		require.Contains(t, file, old)
		return []byte(strings.Replace(file, old, new, 1))
	}
	for name, c := range map[string]struct {
		file []byte
		code string
		line string
	}{
		"nothing":              {nil, temperature.CodeUnknownFile, ""},
		"a PDF":                {made(t, "qtag-cold.pdf"), temperature.CodeUnknownFile, ""},
		"no serial":            {change(cold, "Serial: SVQT00021", "Serial:"), temperature.CodeBrokenFile, "1"},
		"another zone":         {change(cold, "Zone: 0.00", "Zone: 1.00"), temperature.CodeZone, "11"},
		"Fahrenheit":           {change(cold, " Zone: 0.00", " Zone: 0.00\r\n Temp unit: F"), temperature.CodeBrokenFile, "12"},
		"no interval":          {change(cold, "Logging Interval: 10", "Logging Interval: x"), temperature.CodeBrokenFile, "18"},
		"time backwards":       {change(cold, "2026-11-22 07:50\t", "2026-11-22 07:40\t"), temperature.CodeBrokenFile, "50"},
		"no such time":         {change(cold, "2026-11-22 07:50\t", "2026-13-22 07:50\t"), temperature.CodeBrokenFile, "50"},
		"a comma for a point":  {change(cold, "\t4.5\t", "\t4,5\t"), temperature.CodeBrokenFile, "50"},
		"below absolute zero":  {change(cold, "\t4.5\t", "\t-300.0\t"), temperature.CodeBrokenFile, "50"},
		"a row cut off":        {[]byte(cold[:strings.Index(cold, "2026-11-22 07:50")+16]), temperature.CodeBrokenFile, "50"},
		"not UTF-8":            {change(cold, "Lot: 26102012", "Lot: \xff"), temperature.CodeBrokenFile, ""},
		"a year beyond reason": {change(cold, "TS Stop: 2026", "TS Stop: 9026"), temperature.CodeBrokenFile, "35"},
		"sheet: unknown key":   {change(sheet, "# mean", "# maen"), temperature.CodeBrokenFile, "5"},
		"sheet: no offset":     {change(sheet, "08:15:00+01:00", "08:15:00"), temperature.CodeBrokenFile, "8"},
		"sheet: Fahrenheit":    {change(sheet, "temperature_C", "temperature_F"), temperature.CodeBrokenFile, "6"},
		"sheet: three cells":   {change(sheet, "5.0\n", "5.0,x\n"), temperature.CodeBrokenFile, "8"},
		"sheet: no readings":   {[]byte(sheet[:strings.Index(sheet, "time,")]), temperature.CodeBrokenFile, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := temperature.Read(c.file)
			require.Equal(t, c.code, code(t, err), "%v", err)
			var q *quantity.Error
			require.ErrorAs(t, err, &q)
			require.Equal(t, c.line, q.Args["line"], q.What)
		})
	}
	_, err := temperature.Read(make([]byte, temperature.MaxFile+1))
	require.Equal(t, temperature.CodeTooLarge, code(t, err))
	_, err = temperature.NewRange(quantity.MustParse("8", "degC"), quantity.MustParse("2", "degC"))
	require.Equal(t, quantity.CodeBadLimit, code(t, err))
}

// process scenario 18: the PDF and the text of one run have to agree.
func TestPrinted_DiffersWhereThePDFSaysSomethingElse(t *testing.T) {
	l, err := temperature.Read(made(t, "qtag-cold.txt"))
	require.NoError(t, err)
	p, err := temperature.ReadPrinted(made(t, "qtag-cold.pdf"))
	require.NoError(t, err)
	require.Empty(t, p.Differs(l))
	other, err := temperature.ReadPrinted(made(t, "qtag-cold-other.pdf"))
	require.NoError(t, err)
	require.Equal(t, []string{"highest temperature: 5.4 degC in the PDF, 5.1 degC in the text"}, other.Differs(l))
	warm, err := temperature.Read(made(t, "qtag-warm.txt"))
	require.NoError(t, err)
	require.Len(t, p.Differs(warm), 2, "another serial number, and another highest temperature")
	_, err = temperature.ReadPrinted(made(t, "qtag-cold.txt"))
	require.Equal(t, temperature.CodeUnknownFile, code(t, err))
}

// ninetyDays is a file of ten-minute readings over 90 days.
func ninetyDays() []byte {
	var s bytes.Buffer
	s.WriteString("Device: Q-tag CLm doc LR\r\nConf:\r\n Serial: SVQT00090\r\n Zone: 0.00\r\n MKT Energy: 83.0\r\n Logging Interval: 10\r\nRes:\r\n TS Stop: 2026-11-21 23:55\r\nData:\r\n\tyyyy-MM-dd hh:mm\tT\tOut of limits\r\n")
	start := time.Date(2026, 8, 24, 0, 0, 0, 0, time.UTC)
	for i := range 90 * 144 {
		tenths := 30 + (i*7)%40
		if i%2000 > 1990 {
			tenths += 60
		}
		fmt.Fprintf(&s, "\t%s\t%d.%d\t\r\n", start.Add(time.Duration(i)*10*time.Minute).Format("2006-01-02 15:04"), tenths/10, tenths%10)
	}
	return s.Bytes()
}

func TestSummarise_NinetyDays(t *testing.T) {
	l, err := temperature.Read(ninetyDays())
	require.NoError(t, err)
	require.Len(t, l.Readings, 12960)
	s, err := temperature.Summarise(l, lane(t, "2.0", "8.0"), quantity.Quantity{})
	require.NoError(t, err)
	p, ok := temperature.Plotted(l, s)
	require.True(t, ok)
	points := 0
	highest := 0.0
	for _, piece := range p.Pieces {
		points += len(piece.Points)
		for _, q := range piece.Points {
			highest = max(highest, q.Y)
		}
	}
	require.Less(t, points, 4000, "the curve is thinned")
	peak, err := s.Max.Value.Decimal().Float64()
	require.NoError(t, err)
	require.Greater(t, peak, 12.0)
	require.InDelta(t, peak, p.Low+highest*(p.High-p.Low), 0.01, "and keeps its peak")
}

// The import of a 90-day file: reading, computing and drawing.
func BenchmarkImport90Days(b *testing.B) {
	file := ninetyDays()
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		l, err := temperature.Read(file)
		require.NoError(b, err)
		s, err := temperature.Summarise(l, temperature.Range{Low: quantity.MustParse("2.0", "degC"), High: quantity.MustParse("8.0", "degC")}, quantity.Quantity{})
		require.NoError(b, err)
		_, ok := temperature.Plotted(l, s)
		require.True(b, ok)
	}
}

// Whatever the bytes are: no panic, no endless work, and what was read holds together.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"qtag-cold.txt", "qtag-warm.txt", "fridge-tag-2.txt", "fridge-tag-2l.txt", "sheet.csv"} {
		f.Add(made(f, name))
	}
	f.Add([]byte("Device: Q-tag CLm\nConf:\n Serial: A\n Logging Interval: 1\nData:\n\t2026-01-01 00:00\t-0.0\tx"))
	f.Add([]byte("# rexbatch-temperature: 1\n# serial: A\n# interval_min: 1\ntime,temperature_C\n2026-01-01T00:00:00Z,1e3\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := temperature.Read(file)
		if err != nil {
			code(t, err)
			return
		}
		require.NotEmpty(t, l.Serial)
		lines := bytes.Count(file, []byte("\n")) + 1
		for i, r := range l.Readings {
			require.True(t, i == 0 || r.At.After(l.Readings[i-1].At))
			require.LessOrEqual(t, r.Line, lines)
		}
		s, err := temperature.Summarise(l, temperature.Range{Low: quantity.MustParse("2.0", "degC"), High: quantity.MustParse("8.0", "degC")}, quantity.Quantity{})
		if err != nil {
			code(t, err)
			return
		}
		if p, ok := temperature.Plotted(l, s); ok {
			require.NotContains(t, p.SVG(english), "NaN")
		}
	})
}

func FuzzReadPrinted(f *testing.F) {
	f.Add(made(f, "qtag-cold.pdf"))
	f.Add([]byte("%PDF-1.3 stream\nxendstream"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := temperature.ReadPrinted(file)
		if err != nil {
			code(t, err)
			return
		}
		p.Differs(&temperature.Log{})
	})
}
