package gs1_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/gs1"
)

func code(t require.TestingT, err error) string {
	var e *gs1.Error
	require.True(t, errors.As(err, &e), "%v", err)
	return e.Code
}

func TestCheckDigit(t *testing.T) { // the worked examples of GS1's check digit calculator and of EPC Tag Data Standard
	for digits, want := range map[string]byte{
		"629104150021": '3', "37610425002123456": '9', "0950600013435": '2', "10614141234567890": '8', "061414100001": '2',
	} {
		got, err := gs1.CheckDigit(digits)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), digits)
	}
	for _, bad := range []string{"", "12A", strings.Repeat("1", 18)} {
		_, err := gs1.CheckDigit(bad)
		require.Error(t, err)
	}
}

// Every single wrong digit is found; a swap of neighbours is found unless the digits differ by five, which is why scanned
// keys are preferred and our own numbers have better check characters.
func TestCheckDigitFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, err := gs1.NewSSCC(rapid.IntRange(0, 9).Draw(t, "extension"), rapid.StringMatching(`[0-9]{4,12}`).Draw(t, "prefix"), rapid.Uint64Range(0, 9999).Draw(t, "serial"))
		require.NoError(t, err)
		whole := k.String()
		for i := range whole {
			for c := byte('0'); c <= '9'; c++ {
				wrong := whole[:i] + string(c) + whole[i+1:]
				_, err := gs1.ParseSSCC(wrong)
				require.Equal(t, c != whole[i], err != nil, "%s for %s", wrong, whole)
			}
			if i > 0 && whole[i] != whole[i-1] && whole[i]-whole[i-1] != 5 && whole[i-1]-whole[i] != 5 {
				_, err := gs1.ParseSSCC(whole[:i-1] + whole[i:i+1] + whole[i-1:i] + whole[i+1:])
				require.Error(t, err)
			}
		}
	})
}

func TestKeys(t *testing.T) {
	gtin, err := gs1.ParseGTIN("9506000134352")
	require.NoError(t, err)
	require.Equal(t, gs1.Element{AI: "01", Value: "09506000134352"}, gtin.Element())
	again, err := gs1.NewGTIN("0950600013435")
	require.NoError(t, err)
	require.Equal(t, gtin, again)
	sscc, err := gs1.NewSSCC(1, "0614141", 234567890)
	require.NoError(t, err)
	require.Equal(t, "106141412345678908", sscc.String())
	require.Equal(t, "(00)106141412345678908", gs1.Print(sscc.Element()))
	_, err = gs1.NewSSCC(1, "0614141", 2345678901)
	require.Error(t, err, "the serial has no room")
	_, err = gs1.NewSSCC(10, "0614141", 1)
	require.Error(t, err)
	gln, err := gs1.ParseGLN("0614141000012")
	require.NoError(t, err)
	require.Equal(t, "414", gln.Location().AI)
	require.Equal(t, "417", gln.Party().AI)
	gsrn, err := gs1.ParseGSRN("376104250021234569")
	require.NoError(t, err)
	require.Equal(t, "8018", gsrn.Recipient().AI)
	require.Equal(t, "8017", gsrn.Provider().AI)
	for _, bad := range []string{"", "9506000134353", "950600013435", "095060001343521", "0950600013435X"} {
		_, err = gs1.ParseGTIN(bad)
		require.Error(t, err, bad)
	}
	require.True(t, gs1.GTIN{}.IsZero() && gs1.SSCC{}.IsZero() && gs1.GLN{}.IsZero() && gs1.GSRN{}.IsZero())
}

func TestParseScan(t *testing.T) {
	const gs = "\x1d"
	for _, c := range []struct{ raw, printed string }{
		{"]d2010950600013435210ABC-123" + gs + "17271231", "(01)09506000134352(10)ABC-123(17)271231"},
		{"]C10109506000134352" + gs + "10ABC", "(01)09506000134352(10)ABC"},
		{"]d2" + gs + "00106141412345678908433100080" + "0" + gs + "4333000200", "(00)106141412345678908(4331)000800(4333)000200"},
		{"]d2001061414123456789084333000200-" + gs + "4331002500", "(00)106141412345678908(4333)000200-(4331)002500"},
		{"]Q38018376104250021234569" + gs + "80191", "(8018)376104250021234569(8019)1"},
		{"8017376104250021234569", "(8017)376104250021234569"},
		{"]d24140614141000012254A", "(414)0614141000012(254)A"},
		{"]d28004LOGGER-0042", "(8004)LOGGER-0042"},
		{"]d20109506000134352" + "21S1" + gs + "7240REX-001", "(01)09506000134352(21)S1(7240)REX-001"},
		{"]d201095060001343528008261124" + "1530", "(01)09506000134352(8008)2611241530"},
		{"]d2010950600013435231030012503725", "(01)09506000134352(3103)001250(37)25"},
	} {
		m, err := gs1.ParseScan(c.raw)
		require.NoError(t, err, "%q", c.raw)
		require.Equal(t, c.printed, gs1.Print(m.Elements...))
		require.Equal(t, c.raw, m.Raw)
		typed, err := gs1.ParsePrinted(c.printed)
		require.NoError(t, err)
		require.Equal(t, m.Elements, typed.Elements)
	}
}

func TestParseRefuses(t *testing.T) {
	const gs = "\x1d"
	for raw, want := range map[string]string{
		"": gs1.CodeLength, strings.Repeat("0", 513): gs1.CodeLength, gs: gs1.CodeStructure, "]d2": gs1.CodeStructure,
		"]d10109506000134352": gs1.CodeStructure, "]": gs1.CodeStructure,
		"0109506000134353": gs1.CodeCheck, "010950600013435": gs1.CodeLength, "0109506000134352X": gs1.CodeUnknown,
		"0109506000134352" + "04": gs1.CodeUnknown, "01095060001343527003261125153010X": gs1.CodeLength /* without separator the next element is swallowed */, "0109506000134352" + "10": gs1.CodeLength, "0109506000134352" + "10A" + gs: gs1.CodeStructure,
		"0109506000134352" + "10" + strings.Repeat("A", 21): gs1.CodeLength, "0109506000134352" + "10A B": gs1.CodeCharacter, "010950600013435210Ñ": gs1.CodeCharacter,
		"010950600013435217271301": gs1.CodeTime, "010950600013435217270230": gs1.CodeTime, "01095060001343527003261100" + "1530": gs1.CodeTime,
		"010950600013435270032611242460": gs1.CodeTime, "01095060001343520109506000134352": "", "01095060001343520106141411234567": gs1.CodeCheck,
		"010950600013435210A" + gs + "10B": gs1.CodeTwice, "21S1": gs1.CodeExcluded, "8017376104250021234569" + gs + "8018376104250021234569": gs1.CodeExcluded,
		"7240REX": gs1.CodeExcluded, "4331000800": gs1.CodeExcluded, "00106141412345678908" + "4331000800X": gs1.CodeCharacter,
		"0010614141234567890843240000000000": gs1.CodeTime, "https://id.gs1.org/01/09506000134352": gs1.CodeUnknown,
		"=+03000&/CHA999926000123": gs1.CodeUnknown, "CHA999926000123G": gs1.CodeUnknown, "0109506000134352\n": gs1.CodeUnknown,
	} {
		_, err := gs1.ParseScan(raw)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.Error(t, err, "%q", raw)
		require.Equal(t, want, code(t, err), "%q: %v", raw, err)
	}
	for _, typed := range []string{"0109506000134352", "(01)09506000134353", "(01)", "(1)2", "(05)1", "01)09506000134352", "(01 09506000134352"} {
		_, err := gs1.ParsePrinted(typed)
		require.Error(t, err, typed)
	}
	m, err := gs1.ParsePrinted(" (01) 09506000134352 (10)A(2)B ")
	require.NoError(t, err)
	require.Equal(t, "A(2)B", m.Elements[1].Value, "one digit in brackets is no identifier")
}

func TestEncode(t *testing.T) {
	gtin, err := gs1.NewGTIN("0950600013435")
	require.NoError(t, err)
	madrid, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	expiry := time.Date(2026, 11, 25, 14, 30, 59, 0, time.UTC)
	data, err := gs1.Encode(gtin.Element(), gs1.ExpiryTime(expiry, madrid), gs1.Element{AI: "10", Value: "SVQ2600001K"}, gs1.Element{AI: "21", Value: "F00001"})
	require.NoError(t, err)
	require.Equal(t, "010950600013435270032611251530\x1d10SVQ2600001K\x1d21F00001", data)
	m, err := gs1.ParseScan("]d2" + data)
	require.NoError(t, err)
	back, ok := m.Expiry(expiry, madrid)
	require.True(t, ok)
	require.True(t, back.Equal(expiry.Truncate(time.Minute)), "never later than meant")
	require.Equal(t, gtin, m.GTIN())
	_, err = gs1.Encode()
	require.Error(t, err)
	_, err = gs1.Encode(gs1.Element{AI: "21", Value: "1"})
	require.Error(t, err)
	_, err = gs1.Encode(gs1.Element{AI: "8018", Value: "376104250021234569"}, gs1.Element{AI: "7256", Value: "A"})
	require.Error(t, err, "I12: no name goes into a code")
	wristband, err := gs1.ParseScan("]d28018376104250021234569\x1d7256A.B.")
	require.NoError(t, err, "a hospital's wristband is understood")
	require.Equal(t, "376104250021234569", wristband.Recipient().String())
}

func TestDates(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string]string{ // General Specifications 7.12
		"271231": "2027-12-31 23:59", "270200": "2027-02-28 23:59", "280200": "2028-02-29 23:59", "760101": "2076-01-01 23:59", "770101": "1977-01-01 23:59", "990131": "1999-01-31 23:59",
	} {
		got, err := gs1.ParseDate(s, now, time.UTC)
		require.NoError(t, err, s)
		require.Equal(t, want, got.Format("2006-01-02 15:04"))
	}
	for _, bad := range []string{"", "271301", "270230", "27123", "2712311", "27A231", "-71231"} {
		_, err := gs1.ParseDate(bad, now, time.UTC)
		require.Equal(t, gs1.CodeTime, code(t, err), bad)
	}
	for _, bad := range []string{"2712310060", "2712002359", "271231235", "2712312400"} {
		_, err := gs1.ParseDateTime(bad, now, time.UTC)
		require.Error(t, err, bad)
	}
}

// What is encoded reads back, whatever the order, and a reader's separators more than needed change nothing.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gtin, err := gs1.NewGTIN(rapid.StringMatching(`[0-9]{13}`).Draw(t, "gtin"))
		require.NoError(t, err)
		text := rapid.StringMatching(`[0-9A-Za-z!%&*+,./:;=?_-]{1,20}`)
		elements := rapid.Permutation([]gs1.Element{
			gtin.Element(), {AI: "10", Value: text.Draw(t, "lot")}, {AI: "21", Value: text.Draw(t, "serial")},
			gs1.ExpiryTime(time.Unix(rapid.Int64Range(1577836800, 3300000000).Draw(t, "at"), 0), time.UTC), {AI: "17", Value: "271200"},
		}).Draw(t, "order")
		data, err := gs1.Encode(elements...)
		require.NoError(t, err)
		for _, raw := range []string{data, "]d2" + data, "]C1\x1d" + data} {
			m, err := gs1.ParseScan(raw)
			require.NoError(t, err, "%q", raw)
			require.Equal(t, elements, m.Elements)
		}
		m, err := gs1.ParsePrinted(gs1.Print(elements...))
		require.NoError(t, err)
		require.Equal(t, elements, m.Elements)
	})
}

func FuzzParseScan(f *testing.F) {
	for _, s := range []string{"]d2010950600013435210ABC\x1d17271231", "\x1d00106141412345678908", "(01)09506000134352(10)A", "8008261124153000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, parse := range []func(string) (gs1.Message, error){gs1.ParseScan, gs1.ParsePrinted} {
			m, err := parse(raw)
			if err != nil {
				code(t, err)
				continue
			}
			data, err := gs1.Encode(m.Elements...)
			if err != nil { // what tells who a person is cannot be written
				require.Equal(t, gs1.CodeExcluded, code(t, err))
				continue
			}
			again, err := gs1.ParseScan(data)
			require.NoError(t, err, "%q", data)
			require.Equal(t, m.Elements, again.Elements)
		}
	})
}
