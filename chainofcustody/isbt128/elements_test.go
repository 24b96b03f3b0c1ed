package isbt128_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
)

func gtin(t require.TestingT) gs1.GTIN {
	g, err := gs1.ParseGTIN("09506000134352") // of the prefix that GS1 gives out for demonstrations
	require.NoError(t, err)
	return g
}

// inElements is a label in the codes of GS1, as a scanner reads it.
func inElements(t require.TestingT) isbt128.LabelContent {
	id, err := isbt128.ParseContainerID("A999926000123/F00020")
	require.NoError(t, err)
	return isbt128.LabelContent{CoI: coi(t, "CHA999926000123"), ID: id, Serial: 2, Expiry: "0263281000", GTIN: gtin(t), Batch: "SVQ2600001X"}
}

func TestLabelInElementsSaysWhatIsWritten(t *testing.T) {
	l := inElements(t)
	require.Equal(t, "0109506000134352"+"70032611241000\x1d"+"10SVQ2600001X\x1d"+"21A999926000123F00020E\x1d"+"91CHA99992600012302yzQA-/U", l.String())
	require.Equal(t, "(01)09506000134352 (7003)2611241000 (10)SVQ2600001X (21)A999926000123F00020E", l.Readable(), "the line beneath; what is for machines is not in it")
	require.Equal(t, "010950600013435210SVQ2600001X", l.Linear())
	require.Equal(t, "A9999 26 000123 F00020 E", l.ID.Print(), "(21) is what a person types, without its blanks")
	l.GTIN = gs1.GTIN{}
	require.Empty(t, l.Readable())
	require.Equal(t, "=A99992600012385", l.Linear())
	for name, spoil := range map[string]func(*isbt128.LabelContent){
		"batch": func(l *isbt128.LabelContent) { l.Batch = "SVQ2600001Y" }, "serial": func(l *isbt128.LabelContent) { l.Serial = 0 },
		"container": func(l *isbt128.LabelContent) { l.ID = isbt128.ContainerID{} }, "expiry": func(l *isbt128.LabelContent) { l.Expiry = "0263990000" },
	} {
		l := inElements(t)
		spoil(&l)
		require.Empty(t, l.String(), "there is no label without %s", name)
	}
}

// What we print is what we read, of both schemes of identifiers; one changed character anywhere is found, and so is a lost one.
func TestLabelInElementsReadsBack_LB3(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLabel(t)
		if rapid.Bool().Draw(t, "plant") {
			var err error
			l.ID, err = isbt128.ParseContainerID("01SVQ26000123/F00002")
			require.NoError(t, err)
			l.CoI = coi(t, "CH01SVQ26000123")
		}
		l.GTIN, l.Batch = gtin(t), rapid.StringMatching(`[A-Z]{1,6}[0-9]{7}`).Draw(t, "batch")
		k, err := isbt128.CheckCharacter(l.Batch)
		require.NoError(t, err)
		l.Batch += string(k)
		raw := rapid.SampledFrom([]string{"]d2", "]C1", "\x1d", ""}).Draw(t, "reader") + l.String()
		s, err := isbt128.ParseScan(raw)
		require.NoError(t, err)
		require.Equal(t, l, isbt128.LabelContent{CoI: s.CoI, ID: s.ContainerID(), Expiry: s.Expiry, Serial: s.Serial, GTIN: s.GTIN, Batch: s.Batch})
		require.False(t, s.Typed)

		text := l.String()
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		with := rapid.SampledFrom([]byte("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")).Draw(t, "with")
		if text[at] != with {
			_, err = isbt128.ParseScan(text[:at] + string(with) + text[at+1:])
			require.Error(t, err)
		}
		_, err = isbt128.ParseScan(text[:at] + text[at+1:])
		require.Error(t, err)
	})
}

// A code of GS1 is a label of ours or it is not; only the linear code of ours names a batch, and none names a container but the
// whole Data Matrix.
func TestOtherCodesOfGS1AreNoLabels_I4(t *testing.T) {
	good := inElements(t).String()
	at := func(ai string) string { return good[strings.Index(good, "\x1d"+ai)+1:] }
	for name, tt := range map[string]struct{ raw, code string }{
		"wrong check digit of the GTIN":       {"]d2" + strings.Replace(good, "0109506000134352", "0109506000134351", 1), isbt128.CodeCheck},
		"wrong check character of the label":  {"]d2" + good[:len(good)-1] + "W", isbt128.CodeCheck},
		"another keyboard":                    {"]d2" + strings.Replace(good, isbt128.Canary, "zyQA-/", 1), isbt128.CodeLayout},
		"a supplier's reagent":                {"]d2010950600013435210ABC123\x1d17271231", isbt128.CodeStructure},
		"a supplier's lot alone":              {"]C1010950600013435210ABC123", isbt128.CodeStructure},
		"a lot built like a batch":            {"]C1010950600013435210SVQ2600001Y", isbt128.CodeStructure},
		"cut off before what is ours":         {"]d2" + good[:strings.Index(good, "\x1d91")], isbt128.CodeStructure},
		"cut off in the middle":               {"]d2" + good[:len(good)-9], isbt128.CodeStructure},
		"another order":                       {"]d2" + good[:16] + at("10")[:14] + at("7003"), isbt128.CodeStructure},
		"a wristband of GS1":                  {"]d2" + "8018" + "371234500000000018", isbt128.CodeStructure},
		"separators lost":                     {"]d2" + strings.ReplaceAll(good, "\x1d", ""), isbt128.CodeStructure},
		"the line of print, typed":            {inElements(t).Readable(), isbt128.CodeStructure},
		"elements behind a symbology of ISBT": {"]d1" + strings.ReplaceAll(good, "\x1d", ""), isbt128.CodeStructure},
	} {
		_, err := isbt128.ParseScan(tt.raw)
		require.Error(t, err, name)
		require.Equal(t, tt.code, code(t, err), name)
	}
	s, err := isbt128.ParseScan("]C1" + inElements(t).Linear())
	require.NoError(t, err)
	require.Equal(t, "SVQ2600001X", s.Batch)
	require.True(t, s.ContainerID().IsZero() && s.CoI.IsZero() && s.DIN.IsZero(), "the linear code stands for no container")
}

// The largest label of a plant, with the longest prefix that a batch number has, fits the same symbol.
func TestLabelInElementsIsShort(t *testing.T) {
	l := inElements(t)
	l.Batch = "ABCDEF2600001X"
	codewords := 1 // FNC1
	text := l.String()
	for i := 0; i < len(text); i++ {
		if i+1 < len(text) && isDigit(text[i]) && isDigit(text[i+1]) {
			i++
		}
		codewords++
	}
	require.LessOrEqual(t, codewords, 62, fmt.Sprintf("32 x 32 cells, for which the templates have room: %q", text))
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
