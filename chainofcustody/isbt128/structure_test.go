package isbt128_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/isbt128"
)

func TestProductCode(t *testing.T) { // ST-001 table 7 and 26
	p, err := isbt128.NewProductCode("S1398", isbt128.AutologousOnly, isbt128.UndividedProduct)
	require.NoError(t, err)
	require.Equal(t, "S1398100", p.String())
	require.Equal(t, "S1398", p.Description())
	require.Equal(t, "00", p.Division())
	require.Equal(t, "cellular therapy", p.Class())
	require.True(t, p.Autologous())
	require.Equal(t, "=<S1398100", p.Structure().String())
	for code, want := range map[string]struct {
		class      string
		collection byte
		known      bool
		autologous bool
	}{
		"S2598X00": {"cellular therapy", 'X', true, true}, "YA001A00": {"clinical trial", 'A', true, false}, "S1398V00": {"cellular therapy", 'V', true, false},
		"E0001100": {"blood", '1', true, true}, "X0001100": {"other blood products", '1', true, true}, "X1001100": {"other blood products", '1', false, false},
		"W0001100": {"fecal microbiota", 0, false, false}, "Q0001100": {"", 0, false, false},
	} {
		p, err := isbt128.ParseProductCode(code)
		require.NoError(t, err)
		require.Equal(t, want.class, p.Class(), code)
		c, ok := p.Collection()
		require.Equal(t, want.known, ok, code)
		if ok {
			require.Equal(t, want.collection, c, code)
		}
		require.Equal(t, want.autologous, p.Autologous(), code)
	}
	for _, bad := range []string{"", "S139810", "S13981000", "s1398100", "11398100", "S1398-00"} {
		_, err := isbt128.ParseProductCode(bad)
		require.Error(t, err, bad)
	}
	_, err = isbt128.NewProductCode("S139", '1', "00")
	require.Error(t, err)
	require.Empty(t, isbt128.ProductCode{}.Description()+isbt128.ProductCode{}.Division()+isbt128.ProductCode{}.Class())
}

func TestCompoundPublished(t *testing.T) { // the worked example of DS 023
	d, err := din(t, "A999926000123").Structure()
	require.NoError(t, err)
	c, err := coi(t, "CHA999926000123").Structure()
	require.NoError(t, err)
	p, err := isbt128.ParseProductCode("S1398100")
	require.NoError(t, err)
	e, err := isbt128.Moment(isbt128.ExpiryTime, time.Date(2026, 11, 23, 15, 30, 59, 0, time.UTC), time.UTC)
	require.NoError(t, err)
	text, err := isbt128.Compound(d, p.Structure(), e, c)
	require.NoError(t, err)
	require.Equal(t, "=+04000=A99992600012300=<S1398100&>0263271530&/CHA999926000123", text)
	require.Len(t, text, 62)
	for _, bad := range [][]isbt128.Structure{
		{}, {d, d}, {{Identifier: "=#", Data: "12345678"}}, {{Identifier: "=", Data: "A999926000123"}, division(t, "B00001").Structure()}, {{Identifier: "&>", Data: "0263671530"}},
	} {
		_, err = isbt128.Compound(bad...)
		require.Error(t, err, "%v", bad)
	}
}

func TestMoment(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	at := time.Date(2026, 11, 23, 14, 30, 0, 0, time.UTC)
	for identifier, want := range map[string]struct {
		data string
		back time.Time
	}{
		isbt128.ExpiryTime: {"0263271530", at}, isbt128.CollectionTime: {"0263271530", at}, isbt128.ProductionTime: {"0263271530", at},
		isbt128.ExpiryDate:     {"026327", time.Date(2026, 11, 23, 22, 59, 0, 0, time.UTC)},
		isbt128.CollectionDate: {"026327", time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)},
		isbt128.ProductionDate: {"026327", time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)},
	} {
		s, err := isbt128.Moment(identifier, at, madrid)
		require.NoError(t, err)
		require.Equal(t, want.data, s.Data)
		back, err := s.Time(madrid)
		require.NoError(t, err)
		require.True(t, back.Equal(want.back), "%s: %s", identifier, back.UTC())
	}
	_, err = isbt128.Moment("=<", at, madrid)
	require.Error(t, err)
	_, err = isbt128.Structure{Identifier: "=<", Data: "S1398100"}.Time(madrid)
	require.Error(t, err)
	_, err = isbt128.ParseScan("=+01000=*026367")
	require.Equal(t, isbt128.CodeTime, code(t, err), "2026 has 365 days")
	local, utc := isbt128.PrintMoment(at, madrid)
	require.Equal(t, "2026-11-23 15:30 CET", local)
	require.Equal(t, "(2026-11-23 14:30 UTC)", utc)
}

const publishedSEC = "ES000123A999926000123A00S139800020261123"

func TestSEC(t *testing.T) { // Dir. 2006/86 Annex VII and Art. 10a
	s, err := isbt128.ParseSECPrinted("SEC ES000123A999926000123 A00S139800020261123")
	require.NoError(t, err)
	require.Equal(t, publishedSEC, s.String())
	require.Equal(t, "ES", s.Donation().Country())
	require.Equal(t, "000123", s.Donation().Establishment())
	require.Equal(t, "A999926000123", s.Donation().Donation())
	require.Equal(t, isbt128.ISBTProducts, s.Product().System())
	require.Equal(t, "00S1398", s.Product().Product())
	require.Equal(t, "000", s.Product().Split())
	day, ok := s.Product().Expiry()
	require.True(t, ok)
	require.Equal(t, "2026-11-23", day.Format(time.DateOnly))
	require.Equal(t, "SEC ES000123A999926000123 A00S139800020261123", s.Print())
	again, err := isbt128.ParseSECPrinted("SEC ES000123A999926000123\nA00S139800020261123")
	require.NoError(t, err)
	require.Equal(t, s, again)

	donation, err := isbt128.NewDonationSequence("ES", "000123", "A999926000123")
	require.NoError(t, err)
	product, err := isbt128.NewProductSequence(isbt128.ISBTProducts, "S1398", "000", day)
	require.NoError(t, err)
	built, err := isbt128.NewSEC(donation, product)
	require.NoError(t, err)
	require.Equal(t, s, built)
	none, err := isbt128.NewProductSequence(isbt128.EUTC, "0000001", "001", time.Time{})
	require.NoError(t, err)
	_, ok = none.Expiry()
	require.False(t, ok)

	scan, err := isbt128.ParseScan("&,4" + publishedSEC)
	require.NoError(t, err)
	require.Equal(t, s, scan.SEC)
	d, err := din(t, "A999926000123").Structure()
	require.NoError(t, err)
	text, err := isbt128.Compound(d, s.Structure())
	require.NoError(t, err)
	scan, err = isbt128.ParseScan(text)
	require.NoError(t, err)
	require.Equal(t, s, scan.SEC)
	_, err = isbt128.NewSEC(donation, isbt128.ProductSequence{})
	require.Error(t, err)
}

func TestSECRefuses(t *testing.T) {
	for bad, want := range map[string]string{
		"": isbt128.CodeLength, publishedSEC[:39]: isbt128.CodeLength, publishedSEC + "0": isbt128.CodeLength, strings.ToLower(publishedSEC): isbt128.CodeCharacter,
		"Z" + publishedSEC[1:]:  isbt128.CodeRange, // ZS is no country
		"1S" + publishedSEC[2:]: isbt128.CodeCharacter, publishedSEC[:21] + "C" + publishedSEC[22:]: isbt128.CodeCharacter,
		publishedSEC[:32] + "20260230": isbt128.CodeTime, publishedSEC[:32] + "2026112A": isbt128.CodeCharacter,
	} {
		_, err := isbt128.ParseSEC(bad)
		require.Error(t, err, bad)
		require.Equal(t, want, code(t, err), bad)
	}
	for _, bad := range []string{"", publishedSEC, "SEC " + publishedSEC, "sec ES000123A999926000123 A00S139800020261123", "SEC ES000123A999926000123 A00S139800020261123 X", strings.Repeat("S", 61)} {
		_, err := isbt128.ParseSECPrinted(bad)
		require.Error(t, err, bad)
	}
}

func FuzzParseSEC(f *testing.F) {
	f.Add(publishedSEC)
	f.Add("SEC ES000123A999926000123 A00S139800020261123")
	f.Add("XI000123A999926000123E000000100100000000")
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (isbt128.SEC, error){isbt128.ParseSEC, isbt128.ParseSECPrinted} {
			s, err := parse(text)
			if err != nil {
				code(t, err)
				require.True(t, s.IsZero())
				continue
			}
			require.Regexp(t, `^[A-Z]{2}[0-9A-Z]{6}[0-9A-Z]{13}[EAB][0-9A-Z]{7}[0-9A-Z]{3}[0-9]{8}$`, s.String())
			again, err := isbt128.ParseSECPrinted(s.Print())
			require.NoError(t, err)
			require.Equal(t, s, again)
		}
	})
}

// Compounds of any of our structures read back as they were built.
func TestCompoundRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := din(t, anyDIN.Draw(t, "din")).Structure()
		require.NoError(t, err)
		c, err := coi(t, anyCoI.Draw(t, "coi")).Structure()
		require.NoError(t, err)
		p, err := isbt128.ParseProductCode(rapid.StringMatching(`[A-Z][0-9A-Z]{7}`).Draw(t, "product"))
		require.NoError(t, err)
		e, err := isbt128.Moment(rapid.SampledFrom([]string{isbt128.ExpiryTime, isbt128.ExpiryDate, isbt128.CollectionTime}).Draw(t, "moment"), time.Unix(rapid.Int64Range(946684800, 4000000000).Draw(t, "at"), 0), time.UTC)
		require.NoError(t, err)
		s, err := isbt128.ParseSEC(publishedSEC)
		require.NoError(t, err)
		order := rapid.Permutation([]isbt128.Structure{d, c, p.Structure(), e, s.Structure(), division(t, anyDivision.Draw(t, "division")).Structure()}).Draw(t, "order")
		text, err := isbt128.Compound(order...)
		require.NoError(t, err)
		scan, err := isbt128.ParseScan("]d1" + text)
		require.NoError(t, err)
		require.Equal(t, order, scan.Structures)
	})
}
