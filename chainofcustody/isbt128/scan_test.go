package isbt128_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/isbt128"
)

func TestScanPublishedCompound(t *testing.T) { // ST-001 DS 023, the worked example
	const raw = "=+04000=A99992600012300=<S1398100&>0263271530&/CHA999926000123"
	for _, aim := range []string{"", "]d1", "]C1", "]Q3", "]C0"} {
		s, err := isbt128.ParseScan(aim + raw)
		require.NoError(t, err)
		require.Equal(t, aim+raw, s.Raw)
		require.Equal(t, aim, s.Symbology)
		require.Equal(t, "A999926000123", s.DIN.String())
		require.Equal(t, "00", s.Flag)
		require.Equal(t, "S1398100", s.Product.String())
		require.Equal(t, "0263271530", s.Expiry)
		require.Equal(t, "CHA999926000123", s.CoI.String())
		require.True(t, s.Division.IsZero())
		require.True(t, s.ContainerID().IsZero())
		require.False(t, s.Typed)
		require.Len(t, s.Structures, 4)
		_, ok := s.Container()
		require.False(t, ok)
		expiry, err := s.ExpiryIn(time.UTC)
		require.NoError(t, err)
		require.Equal(t, time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC), expiry)
	}
}

func TestScanSingle(t *testing.T) {
	s, err := isbt128.ParseScan("&/CHA999926000123")
	require.NoError(t, err)
	require.Equal(t, "CHA999926000123", s.CoI.String())
	s, err = isbt128.ParseScan("]C1=,B00001")
	require.NoError(t, err)
	require.Equal(t, "B00001", s.Division.String())
	s, err = isbt128.ParseScan("=A99992600012301")
	require.NoError(t, err)
	require.Equal(t, "01", s.Flag)
	_, err = s.ExpiryIn(time.UTC)
	require.Error(t, err)
}

func TestScanTyped(t *testing.T) { // ID-12
	s, err := isbt128.ParseScan("CHA999926000123G")
	require.NoError(t, err)
	require.Equal(t, "CHA999926000123", s.CoI.String())
	require.True(t, s.Typed)
	id, err := isbt128.ParseContainerID("A999926000123/B00001")
	require.NoError(t, err)
	s, err = isbt128.ParseScan(id.Print())
	require.NoError(t, err)
	require.Equal(t, id, s.ContainerID())
	require.True(t, s.CoI.IsZero())
	s, err = isbt128.ParseScan(id.DIN().Print())
	require.NoError(t, err)
	require.Equal(t, id.DIN(), s.DIN)
}

func TestScanRefuses(t *testing.T) {
	const label = "=+03000&/CHA999926000123=A99992600012300=,B00001"
	for raw, want := range map[string]string{
		"": isbt128.CodeLength, strings.Repeat("=", 513): isbt128.CodeLength,
		"A999926000123": isbt128.CodeStructure, "CHA999926000123": isbt128.CodeStructure, "A999926000123/B00001": isbt128.CodeStructure,
		"]d1A999926000123K": isbt128.CodeStructure, "]d1CHA999926000123G": isbt128.CodeStructure, "]": isbt128.CodeStructure, "]d": isbt128.CodeStructure,
		"]1d" + label: isbt128.CodeStructure, "]d1]d1" + label: isbt128.CodeStructure, "]d1": isbt128.CodeStructure,
		label + "\n": isbt128.CodeStructure, label + "\r": isbt128.CodeStructure, " " + label: isbt128.CodeStructure, strings.ToLower(label): isbt128.CodeCharacter,
		"=+02000&/CHA999926000123=A99992600012300=,B00001": isbt128.CodeCount,
		"=+04000&/CHA999926000123=A99992600012300=,B00001": isbt128.CodeCount,
		"=+00000": isbt128.CodeCount,
		"=+02000&/CHA999926000123&/CHA999926000124":        isbt128.CodeTwice,
		"=+02000=A99992600012300=A99992600012400":          isbt128.CodeTwice,
		"=+03001&/CHA999926000123=A99992600012300=,B00001": isbt128.CodeStructure,
		"=+0300":                           isbt128.CodeStructure,
		"=+AB000=,B00001":                  isbt128.CodeStructure,
		"=+02000=,B00001=+01000=<S1398100": isbt128.CodeStructure,
		"=+03000&/CHA999926000123=A99992600012300=,B0000":  isbt128.CodeLength,
		"=+03000&/CHA999926000123=A99992600012300=,B0000b": isbt128.CodeCharacter,
		"=+03000&/CHA999926000123=A999926000123=,B00001":   isbt128.CodeCharacter, // a DIN without flag swallows what follows
		"=A9999260001230": isbt128.CodeLength, "=A999926000123000": isbt128.CodeLength, "=A99992600012397": isbt128.CodeCheck,
		"=A99992600012360": isbt128.CodeCheck, "=A9999260001230X": isbt128.CodeCharacter, "=O99992600012300": isbt128.CodeStructure, "=099992600012300": isbt128.CodeStructure,
		"=%5100": isbt128.CodeStructure, "=": isbt128.CodeStructure, "&": isbt128.CodeStructure, "=#12345678": isbt128.CodeStructure,
		"&>0263671530": isbt128.CodeTime, "&>0260001530": isbt128.CodeTime, "&>0263272460": isbt128.CodeTime, "&>026327153X": isbt128.CodeCharacter,
		"=<s1398100": isbt128.CodeCharacter, "=<11398100": isbt128.CodeCharacter, "&/CHA99992600012": isbt128.CodeLength,
		"CHA999926000123H": isbt128.CodeCheck, "chA999926000123G": isbt128.CodeCharacter, "\x00": isbt128.CodeStructure, "\xff\xfe": isbt128.CodeStructure,
		"https://example.org/CHA999926000123G": isbt128.CodeStructure, "01095060001343521726112310ABC": isbt128.CodeStructure,
	} {
		s, err := isbt128.ParseScan(raw)
		require.Error(t, err, "%q", raw)
		require.Equal(t, want, code(t, err), "%q: %v", raw, err)
		require.Equal(t, isbt128.Scan{}, s, "%q", raw)
	}
}

// TestScanHospitalLabel: structures that say nothing to us are kept, not refused, in a compound of a hospital.
func TestScanHospitalLabel(t *testing.T) {
	s, err := isbt128.ParseScan("=+04000=S99992600012300=%Ma00=*026326&(00000")
	require.NoError(t, err)
	require.Equal(t, "S999926000123", s.DIN.String())
	require.Equal(t, isbt128.Structure{Identifier: "=%", Data: "Ma00"}, s.Structures[1], "case is kept")
}

// TestLabelRoundTrip: what we print is what we read, in any order of structures.
func TestLabelRoundTrip(t *testing.T) { // I4, I6
	rapid.Check(t, func(t *rapid.T) {
		c, err := isbt128.NewContainer(din(t, anyDIN.Draw(t, "din")), division(t, anyDivision.Draw(t, "division")), coi(t, anyCoI.Draw(t, "coi")))
		require.NoError(t, err)
		s, err := isbt128.ParseScan("]d1" + c.Label())
		require.NoError(t, err)
		got, ok := s.Container()
		require.True(t, ok)
		require.Equal(t, c, got)
		parts := rapid.Permutation([]string{c.CoI().Label(), c.DIN().Label(), "=," + c.Division().String()}).Draw(t, "order")
		s, err = isbt128.ParseScan("=+03000" + strings.Join(parts, ""))
		require.NoError(t, err)
		got, ok = s.Container()
		require.True(t, ok)
		require.Equal(t, c, got)
		// A label that was cut short is never read.
		cut := rapid.IntRange(0, len(c.Label())-1).Draw(t, "cut")
		_, err = isbt128.ParseScan(c.Label()[:cut])
		require.Error(t, err)
	})
}

func FuzzParseScan(f *testing.F) {
	for _, s := range []string{
		"=+04000=A99992600012300=<S1398100&>0263271530&/CHA999926000123", "]d1=+03000&/CHA999926000123=A99992600012300=,B00001", "CHA999926000123G",
		"A9999 26 000123 G", "=A99992600012300", "A999926000123B00001A", "RB:CH01SVQ26000123/9", "&,4ES000123A999926000123A00S139800020261123", "=+01000=%5100", "]C1&>0263271530",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := isbt128.ParseScan(raw)
		if err != nil {
			var e *isbt128.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, isbt128.Scan{}, s)
			return
		}
		require.Equal(t, raw, s.Raw)
		if s.Typed {
			typed := strings.NewReplacer(" ", "", "/", "").Replace(raw)
			require.Contains(t, []string{
				s.CoI.String() + string(s.CoI.Check()), s.DIN.String() + string(s.DIN.Check()),
				s.DIN.String() + s.Division.String() + string(s.ContainerID().Check()),
			}, typed)
			return
		}
		if len(s.Structures) == 0 { // the label of a plant: printed again it is the same
			label := s.CoI.Label()
			switch {
			case s.Serial > 0:
				label = isbt128.LabelContent{CoI: s.CoI, ID: s.ContainerID(), Expiry: s.Expiry, Serial: s.Serial}.String()
			case s.CoI.IsZero():
				label = s.DIN.Label()
			case !s.DIN.IsZero():
				return // parts that we never print without the division
			}
			require.Equal(t, raw, s.Symbology+label)
			return
		}
		// The structures, put together again, are the scan: nothing was added, lost or changed.
		text := ""
		for _, structure := range s.Structures {
			text += structure.Identifier + structure.Data
		}
		if len(raw) > len(s.Symbology)+2 && raw[len(s.Symbology):][:2] == "=+" {
			text = raw[len(s.Symbology):][:7] + text
		}
		require.Equal(t, raw, s.Symbology+text)
		if c, ok := s.Container(); ok {
			again, err := isbt128.ParseScan(c.Label())
			require.NoError(t, err)
			require.Equal(t, s.CoI, again.CoI)
			require.Equal(t, s.ContainerID(), again.ContainerID())
		}
	})
}

func TestExpiry005(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	at := time.Date(2026, 11, 23, 14, 30, 59, 0, time.UTC)
	require.Equal(t, "0263271530", isbt128.Expiry005(at, madrid))
	require.Equal(t, "0263271430", isbt128.Expiry005(at, time.UTC))
	back, err := isbt128.ParseExpiry005("0263271530", madrid)
	require.NoError(t, err)
	require.True(t, back.Equal(at.Truncate(time.Minute)), "seconds are cut, never rounded up")
	require.Equal(t, "0283660000", isbt128.Expiry005(time.Date(2028, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC))
	_, err = isbt128.ParseExpiry005("0263660000", time.UTC)
	require.Equal(t, isbt128.CodeTime, code(t, err), "2026 has 365 days")
	old, err := isbt128.ParseExpiry005("9993650000", time.UTC)
	require.NoError(t, err)
	require.Equal(t, 1999, old.Year())

	// 25 October 2026, 02:30 happens twice: the earlier one, since it is an expiry.
	twice, err := isbt128.ParseExpiry005("0262980230", madrid)
	require.NoError(t, err)
	require.True(t, twice.Equal(time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)), twice.UTC().String())
	// 29 March 2026, 02:30 does not happen.
	_, err = isbt128.ParseExpiry005("0260880230", madrid)
	require.Equal(t, isbt128.CodeTime, code(t, err))
	for _, s := range []string{"", "026327153", "02632715300", "026327153A", "026-271530"} {
		_, err = isbt128.ParseExpiry005(s, madrid)
		require.Error(t, err, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Madrid", "Europe/Berlin", "Europe/Lisbon", "Atlantic/Canary"}).Draw(t, "zone"))
		require.NoError(t, err)
		at := time.Unix(rapid.Int64Range(1577836800, 2840140800).Draw(t, "at"), 0)
		text := isbt128.Expiry005(at, zone)
		back, err := isbt128.ParseExpiry005(text, zone)
		require.NoError(t, err)
		require.Equal(t, text, isbt128.Expiry005(back, zone))
		require.False(t, back.After(at), "never later than meant")
		require.LessOrEqual(t, at.Sub(back), time.Hour+time.Minute)
	})
}
