package paper_test

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/paper"
)

func sheet(text string) *paper.Sheet {
	s := paper.NewSheet(70, 30)
	s.DataMatrix([]byte("=+04000&/CHA999926000123=A99992600012385=,F00020&z01yzQA-/T"), 1, 1, 0.5)
	s.Code128("=A99992600012385", 20, 20, 0.25, 6)
	s.Fill(22, 2, 40, 6)
	s.White(23, 6, 9, paper.Style{Bold: true}, "WHITE")
	s.Frame(22, 10, 5, 5)
	s.Pattern([]paper.Point{{X: 60, Y: 12}, {X: 66, Y: 12}, {X: 63, Y: 18}}, [][]paper.Point{{{X: 60, Y: 14}, {X: 66, Y: 14}, {X: 66, Y: 16}, {X: 60, Y: 16}}}, 0.4)
	s.Text(1, 28.5, 7, paper.Style{}, text)
	return s
}

var graphicField = regexp.MustCompile(`\^GFA,(\d+),(\d+),(\d+),([0-9A-Za-z,:]*)\^FS`)

// unpack reads a graphic field as the ZPL manual describes it; it shares nothing with the writer.
func unpack(t *testing.T, zpl string) (bits []byte, stride int) {
	t.Helper()
	m := graphicField.FindStringSubmatch(zpl)
	require.NotNil(t, m)
	total, err := strconv.Atoi(m[2])
	require.NoError(t, err)
	stride, err = strconv.Atoi(m[3])
	require.NoError(t, err)
	row, before, repeat := "", "", 0
	flush := func() {
		b, err := hex.DecodeString(row)
		require.NoError(t, err)
		bits = append(bits, b...)
		before, row = row, ""
	}
	for _, c := range m[4] {
		switch {
		case c >= 'G' && c <= 'Y':
			repeat += int(c-'G') + 1
		case c >= 'g' && c <= 'z':
			repeat += (int(c-'g') + 1) * 20
		case c == ',':
			row += strings.Repeat("0", 2*stride-len(row))
		case c == ':':
			require.Empty(t, row)
			row = before
		default:
			row += strings.Repeat(string(c), max(repeat, 1))
			repeat = 0
		}
		require.LessOrEqual(t, len(row), 2*stride)
		if len(row) == 2*stride {
			flush()
		}
	}
	require.Len(t, bits, total)
	return bits, stride
}

// What is sent to the printer is, dot for dot, the picture of the label.
func TestZPLDrawnIsTheBitmap(t *testing.T) {
	for _, perMM := range []float64{6, 8, 300 / 25.4, 24} {
		s := sheet("Árvíztűrő tükörfúrógép, źdźbło, příliš žluťoučký")
		bits, err := s.Bitmap(perMM)
		if perMM == 6 {
			require.Error(t, err, "a bar would be one dot wide")
			continue
		}
		require.NoError(t, err)
		zpl, err := s.ZPL(perMM, paper.Drawn)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(zpl), "^XA\n^CI28\n"))
		require.True(t, strings.HasSuffix(string(zpl), "^XZ\n"))
		got, stride := unpack(t, string(zpl))
		require.Equal(t, bits.Stride, stride)
		require.Equal(t, bits.Bits, got)
	}
}

var command = regexp.MustCompile(`[\^~][A-Z0-9]{2}`)

// Native: the codes have the content and the size that the layout gave them.
func TestZPLNative(t *testing.T) {
	zpl, err := sheet("plain").ZPL(8, paper.Native)
	require.NoError(t, err)
	text := string(zpl)
	require.Contains(t, text, `^BXN,4,200,26,26,6,_^FH\^FD=+04000&/CHA999926000123=A99992600012385=,F00020&z01yzQA-/T^FS`)
	require.Contains(t, text, `^BY2^BCN,48,N,N,N,A^FH\^FD=A99992600012385^FS`)
	require.Contains(t, text, `^FR^FO`)
	s := paper.NewSheet(50, 50)
	s.DataMatrix([]byte("a_1b"), 1, 1, 0.5)
	_, err = s.ZPL(8, paper.Native)
	require.Error(t, err, "the escape of the printer's codes cannot be content")
	_, err = s.ZPL(8, paper.Drawn)
	require.NoError(t, err)
}

// Native codes of GS1 have FNC1 as the printers' manual writes it: "_1" in ^BX, ">8" in ^BC, whose subsets are those of the
// layout, so that as many symbols are printed as were measured.
func TestZPLNativeOfGS1(t *testing.T) {
	s := paper.NewSheet(100, 40)
	s.GS1DataMatrix("010950600013435210SVQ2600123X\x1d21A999926000123F00020K", 1, 1, 0.5)
	wide := s.GS1128("010950600013435210SVQ2600123X", 1, 30, 0.25, 6)
	zpl, err := s.ZPL(8, paper.Native)
	require.NoError(t, err)
	text := string(zpl)
	require.Contains(t, text, `^BXN,4,200,24,24,6,_^FH\^FD_1010950600013435210SVQ2600123X_121A999926000123F00020K^FS`)
	require.Contains(t, text, `^BY2^BCN,48,N,N,N,N^FH\^FD>;>8010950600013435210>6SVQ>5260012>63X^FS`)
	// Start, FNC1, nine pairs, B, three letters, C, three pairs, B, two letters, check: eleven modules each; the stop has thirteen.
	require.InDelta(t, float64(23*11+13+20)*0.25, wide, 0.001)

	s = paper.NewSheet(100, 40)
	s.GS1DataMatrix("010950600013435210a_b", 1, 1, 0.5)
	_, err = s.ZPL(8, paper.Native)
	require.Error(t, err, "the escape of the printer's codes cannot be content")
	s = paper.NewSheet(100, 40)
	s.DataMatrix([]byte("10AB\x1d21C"), 1, 1, 0.5)
	_, err = s.ZPL(8, paper.Native)
	require.Error(t, err, "a separator is one of GS1 only")
}

// FuzzZPL: no text, whatever it holds, adds a command to the format or ends it.
func FuzzZPL(f *testing.F) {
	for _, s := range []string{"plain", "^XZ^XA^FDevil^FS", "~JA", "~DGR:X", `\5E`, "a^b~c\\d", "^", "Ünï", "x\ny", "_5E", "^FN1^FS"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 40 {
			text = text[:40]
		}
		s := paper.NewSheet(200, 20)
		s.Text(1, 10, 6, paper.Style{}, text)
		zpl, err := s.ZPL(8, paper.Native)
		if err != nil {
			require.Error(t, paper.Printable(text), "only text that cannot be printed is refused")
			return
		}
		require.True(t, utf8.Valid(zpl))
		got := command.FindAllString(string(zpl), -1)
		require.Equal(t, []string{"^XA", "^CI", "^PW", "^LL", "^LH", "^PQ", "^FO", "^A0", "^FB", "^FH", "^FD", "^FS", "^XZ"}, got)
		require.Equal(t, len(got), strings.Count(string(zpl), "^")+strings.Count(string(zpl), "~"), "no other command begins")
		// The data, its escapes taken back, is the text as it was checked.
		data := string(zpl[strings.Index(string(zpl), "^FD")+3 : strings.Index(string(zpl), "^FS")])
		back := regexp.MustCompile(`\\[0-9A-F]{2}`).ReplaceAllStringFunc(data, func(e string) string {
			b, err := hex.DecodeString(e[1:])
			require.NoError(t, err)
			return string(b)
		})
		require.Equal(t, norm.NFC.String(text), back)
	})
}

// Nothing stands beyond the edge of a sheet, and no code is too small to be scanned.
func TestSheetRefuses(t *testing.T) {
	for name, draw := range map[string]func(*paper.Sheet){
		"text too long":    func(s *paper.Sheet) { s.Text(1, 5, 12, paper.Style{}, "this line is longer than the sheet is wide") },
		"text too low":     func(s *paper.Sheet) { s.Text(1, 31, 6, paper.Style{}, "low") },
		"text too high":    func(s *paper.Sheet) { s.Text(1, 0.5, 12, paper.Style{}, "high") },
		"glyph":            func(s *paper.Sheet) { s.Text(1, 5, 6, paper.Style{}, "世界") },
		"small cells":      func(s *paper.Sheet) { s.DataMatrix([]byte("x"), 1, 1, 0.3) },
		"thin bars":        func(s *paper.Sheet) { s.Code128("=A1", 1, 1, 0.2, 5) },
		"code at the edge": func(s *paper.Sheet) { s.Code128("=A99992600012385", 30, 1, 0.25, 5) },
	} {
		s := paper.NewSheet(50, 30)
		draw(s)
		require.Error(t, s.Err(), name)
		_, err := s.Bitmap(8)
		require.Error(t, err, name)
		_, err = s.ZPL(8, paper.Drawn)
		require.Error(t, err, name)
		_, err = paper.SheetsPDF(options(), s)
		require.Error(t, err, name)
	}
	_, err := paper.SheetsPDF(options())
	require.Error(t, err)
}
