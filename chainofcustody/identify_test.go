package chainofcustody_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
)

// ourElements is a label of ours in the codes of GS1.
const ourElements = "]d2010950600013435270032611241100\x1d10SVQ2600001X\x1d21A999926000123F00002I\x1d91CHA99992600012302yzQA-/P"

func TestIdentify(t *testing.T) {
	for text, want := range map[string]struct {
		kind, scheme string
		check        chainofcustody.CheckState
	}{
		"CHA999926000123G":          {"chain of identity", "isbt128", chainofcustody.Holds},
		"CHA999926000123":           {"chain of identity", "isbt128", chainofcustody.NotGiven},
		"CHA999926000132G":          {"chain of identity", "isbt128", chainofcustody.Fails},
		"CH 01SVQ 26 000123 9":      {"chain of identity", "plant", chainofcustody.Holds},
		"RB:CH01SVQ26000123/9":      {"chain of identity", "plant", chainofcustody.Holds},
		"&/CHA999926000123":         {"chain of identity", "isbt128", chainofcustody.Carried},
		"=A99992600012300":          {"donation", "isbt128", chainofcustody.Carried},
		"=A99992600008896":          {"donation", "isbt128", chainofcustody.Holds},
		"A999926000123/B00001":      {"container", "isbt128", chainofcustody.NotGiven},
		"A9999 26 000123 B00001 Z":  {"container", "isbt128", chainofcustody.Fails},
		"=<S1398100":                {"product code", "isbt128", chainofcustody.Carried},
		"9506000134352":             {"GTIN-13 or GLN", "gs1", chainofcustody.Holds},
		"9506000134353":             {"GTIN-13 or GLN", "gs1", chainofcustody.Fails},
		"]d28018376104250021234569": {"element string", "gs1", chainofcustody.Holds},
		"]d2010950600013435210SVQ2600001X\x1d21A999926000123F00002I\x1d91CHA99992600012302yzQA-/": {"element string", "gs1", chainofcustody.Holds}, // cut: no label of ours
		"]C1010950600013435210SVQ2600001X": {"element string", "gs1", chainofcustody.Holds},
		ourElements:                        {"container", "isbt128", chainofcustody.Holds},
		"SEC ES000123A999926000123":        {"donation identification sequence", "sec", chainofcustody.NotDefined},
		"=+02000=A99992600012300=%Ma00":    {"donation", "isbt128", chainofcustody.Carried},
	} {
		found, _, ok := chainofcustody.Identify(text, chainofcustody.Readers())
		require.True(t, ok, text)
		require.Equal(t, want.kind, found.Kind, text)
		require.Equal(t, want.scheme, found.Scheme, text)
		require.Equal(t, want.check, found.Check, text)
		require.NotEmpty(t, found.Value, text)
	}
	for _, unknown := range []string{"", "nothing", "https://example.org", "0109506000134352x", "\x00"} {
		_, tried, ok := chainofcustody.Identify(unknown, chainofcustody.Readers())
		require.False(t, ok, unknown)
		require.Len(t, tried, len(chainofcustody.Readers()))
		for _, a := range tried {
			require.NotEmpty(t, a.Why)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	for _, s := range []string{"CHA999926000123G", "RB:CH01SVQ26000123/9", "(01)09506000134352", "SEC ES000123A999926000123 A00S139800020261123", "106141412345678908"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, tried, ok := chainofcustody.Identify(text, chainofcustody.Readers())
		require.Equal(t, ok, found.Kind != "" && found.Value != "" && found.Check != "")
		require.False(t, ok && len(tried) == len(chainofcustody.Readers()))
	})
}
