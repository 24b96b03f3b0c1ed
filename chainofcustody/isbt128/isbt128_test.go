package isbt128_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/isbt128"
)

func code(t require.TestingT, err error) string {
	var e *isbt128.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Rule)
	require.NotEmpty(t, e.Next)
	require.NotContains(t, e.What+e.Next, "{")
	require.Less(t, len(e.Error()), 700)
	return e.Code
}

func fin(t require.TestingT) isbt128.FIN {
	f, err := isbt128.NewFIN("A9999")
	require.NoError(t, err)
	return f
}

func din(t require.TestingT, s string) isbt128.DIN {
	d, err := isbt128.ParseDIN(s)
	require.NoError(t, err)
	return d
}

func coi(t require.TestingT, s string) isbt128.CoI {
	c, err := isbt128.ParseCoI(s)
	require.NoError(t, err)
	return c
}

func division(t require.TestingT, s string) isbt128.Division {
	d, err := isbt128.NewDivision(s)
	require.NoError(t, err)
	return d
}

func TestPublishedCheckCharacters(t *testing.T) {
	for _, c := range []struct {
		din   string
		check byte
		flag  string
	}{
		{"G123417654321", 'A', "70"}, // ST-001 appendix A
		{"G123498654321", 'H', "77"}, // JPAC Red Book annex 2
		{"A999921123456", '3', "63"}, // ST-001 figure 2
		{"A999926000088", '*', "96"}, // the value 36
	} {
		d := din(t, c.din)
		require.Equal(t, string(c.check), string(d.Check()))
		typed, err := isbt128.ParseDINKeyed(c.din + string(c.check))
		require.NoError(t, err)
		require.Equal(t, d, typed)
		typed, err = isbt128.ParseDINKeyed(d.Print())
		require.NoError(t, err)
		require.Equal(t, d, typed)
		scan, err := isbt128.ParseScan("=" + c.din + c.flag)
		require.NoError(t, err)
		require.Equal(t, d, scan.DIN)
		require.Equal(t, c.flag, scan.Flag)
	}
	require.Equal(t, "G1234 17 654321 A", din(t, "G123417654321").Print())
	require.Equal(t, byte('G'), coi(t, "CHA999926000123").Check())
	require.Equal(t, "CH A9999 26 000123 G", coi(t, "CHA999926000123").Print())
}

func TestCheckCharacterRefuses(t *testing.T) {
	for _, s := range []string{"", "a", "A-1", "Ä", "A999926 000123", "*"} {
		_, err := isbt128.CheckCharacter(s)
		require.Error(t, err, s)
	}
}

func TestNew(t *testing.T) { // ID-10
	f := fin(t)
	d, err := isbt128.NewDIN(f, 26, 123)
	require.NoError(t, err)
	require.Equal(t, "A999926000123", d.String())
	require.Equal(t, f, d.FIN())
	require.Equal(t, "=A99992600012300", d.Label())
	c, err := isbt128.NewCoI(f, 6, 999999)
	require.NoError(t, err)
	require.Equal(t, "CHA999906999999", c.String())
	require.Equal(t, f, c.FIN())
	require.Equal(t, "&/CHA999906999999", c.Label())
	for _, n := range [][2]int{{-1, 1}, {100, 1}, {2026, 1}, {26, -1}, {26, 1000000}} {
		_, err = isbt128.NewDIN(f, n[0], n[1])
		require.Equal(t, isbt128.CodeRange, code(t, err))
		_, err = isbt128.NewCoI(f, n[0], n[1])
		require.Equal(t, isbt128.CodeRange, code(t, err))
	}
	_, err = isbt128.NewDIN(isbt128.FIN{}, 26, 1)
	require.Equal(t, isbt128.CodeMissing, code(t, err))
	for _, s := range []string{"", "A999", "A99999", "09999", "O9999", "AO999", "A9O99", "A99A9", "a9999", "A999Z", " A999"} {
		_, err = isbt128.NewFIN(s)
		require.Error(t, err, s)
	}
}

func TestParseRefuses(t *testing.T) { // ID-12: nothing is corrected
	for _, s := range []string{
		"", "A99992600012", "A9999260001230", "A999926000123G", "a999926000123", "A9999 26 000123", " A999926000123", "A999926000123\n", "O999926000123",
		"0999926000123", "A99992600012O", "A9999I6000123", "А999926000123" /* Cyrillic */, "A999926000１3",
	} {
		d, err := isbt128.ParseDIN(s)
		require.Error(t, err, "%q", s)
		require.True(t, d.IsZero())
	}
	for _, s := range []string{"", "CHA99992600012", "CHA9999260001234", "CHa99926000123", "chA999926000123", "XXA999926000123", "CHA9999AB000123", "CHA99992600012b"} {
		c, err := isbt128.ParseCoI(s)
		require.Error(t, err, "%q", s)
		require.True(t, c.IsZero())
	}
	for _, s := range []string{"", "B0001", "B000011", "b00001", "B-0001", "B0000\x00"} {
		_, err := isbt128.NewDivision(s)
		require.Error(t, err, "%q", s)
	}
	require.Equal(t, "CHA9999260001AZ", coi(t, "CHA9999260001AZ").String(), "the last six are alphanumeric")
}

func TestKeyedForms(t *testing.T) { // ID-12
	for _, s := range []string{"A999926000123", "A999926000123X", "A 999926000123K", "A9999  26 000123 K", "A9999 26 000123  K", " A999926000123K", "A999926000123K ",
		"A9999-26-000123-K", "A9999/26 000123 K", "a9999 26 000123 k", ""} {
		_, err := isbt128.ParseDINKeyed(s)
		require.Error(t, err, "%q", s)
	}
	id, err := isbt128.NewContainerID(din(t, "A999926000123"), division(t, "B00001"))
	require.NoError(t, err)
	k := string(id.Check())
	for _, s := range []string{"A999926000123B00001" + k, "A999926000123/B00001" + k, "A999926000123/B00001 " + k, id.Print(), "A9999 26 000123/B00001 " + k} {
		typed, err := isbt128.ParseContainerIDKeyed(s)
		require.NoError(t, err, s)
		require.Equal(t, id, typed)
	}
	for _, s := range []string{id.String(), "A999926000123B00001", "A999926000123//B00001" + k, "A9999/26000123B00001" + k, "A999926000123B00001/" + k} {
		_, err := isbt128.ParseContainerIDKeyed(s)
		require.Error(t, err, s)
	}
	_, err = isbt128.ParseCoIKeyed("CHA999926000123G")
	require.NoError(t, err)
	_, err = isbt128.ParseCoIKeyed("CHA999926000123H")
	require.Equal(t, isbt128.CodeCheck, code(t, err))
}

func TestZeroValues(t *testing.T) {
	require.True(t, isbt128.FIN{}.IsZero() && isbt128.DIN{}.IsZero() && isbt128.CoI{}.IsZero() && isbt128.Division{}.IsZero() &&
		isbt128.ContainerID{}.IsZero() && isbt128.Container{}.IsZero())
	require.Empty(t, isbt128.DIN{}.Print()+isbt128.CoI{}.Print()+isbt128.ContainerID{}.Print()+isbt128.ContainerID{}.String()+isbt128.DIN{}.Label()+
		isbt128.CoI{}.Label()+isbt128.Container{}.Label()+isbt128.Container{}.String())
	require.True(t, isbt128.DIN{}.FIN().IsZero() && isbt128.CoI{}.FIN().IsZero())
	require.Zero(t, isbt128.DIN{}.Check()+isbt128.CoI{}.Check()+isbt128.ContainerID{}.Check())
	d, div, c := din(t, "A999926000123"), division(t, "B00001"), coi(t, "CHA999926000123")
	for _, f := range []func() error{
		func() error { _, err := isbt128.NewContainer(isbt128.DIN{}, div, c); return err },
		func() error { _, err := isbt128.NewContainer(d, isbt128.Division{}, c); return err },
		func() error { _, err := isbt128.NewContainer(d, div, isbt128.CoI{}); return err },
	} {
		require.Equal(t, isbt128.CodeMissing, code(t, f()))
	}
	require.Empty(t, isbt128.ContainerLabel(c, isbt128.ContainerID{}))
}

func TestContainer(t *testing.T) {
	c, err := isbt128.NewContainer(din(t, "A999926000123"), division(t, "B00001"), coi(t, "CHA999926000777"))
	require.NoError(t, err)
	require.Equal(t, "A999926000123/B00001", c.String())
	require.Equal(t, "=+04000&/CHA999926000777=A99992600012385=,B00001&z01yzQA-/0", c.Label())
	require.Equal(t, c.Label(), isbt128.ContainerLabel(c.CoI(), c.ID()))
	id, err := isbt128.ParseContainerID(c.String())
	require.NoError(t, err)
	require.Equal(t, c.ID(), id)
	require.Equal(t, c.DIN(), id.DIN())
	require.Equal(t, c.Division(), id.Division())
	for _, s := range []string{"", "A999926000123", "A999926000123/", "/B00001", "A999926000123/B00001/", "A999926000123 B00001", "a999926000123/B00001", "A999926000123/B00001K"} {
		_, err = isbt128.ParseContainerID(s)
		require.Error(t, err, s)
	}
}

func TestText(t *testing.T) {
	type record struct {
		FIN       isbt128.FIN
		DIN       isbt128.DIN
		CoI       isbt128.CoI
		Division  isbt128.Division
		Container isbt128.ContainerID
	}
	id, err := isbt128.ParseContainerID("A999926000123/B00001")
	require.NoError(t, err)
	for _, r := range []record{{}, {fin(t), din(t, "A999926000123"), coi(t, "CHA999926000123"), division(t, "B00001"), id}} {
		b, err := json.Marshal(r)
		require.NoError(t, err)
		var back record
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, r, back)
	}
	for _, text := range []string{`{"DIN":"A99992600012"}`, `{"CoI":"A999926000123"}`, `{"FIN":"O9999"}`, `{"Division":"b00001"}`, `{"Container":"x"}`, `{"DIN":5}`} {
		var back record
		require.Error(t, json.Unmarshal([]byte(text), &back), text)
		require.Equal(t, record{}, back)
	}
}

var (
	anyDIN      = rapid.StringMatching(`[A-NP-Z1-9][0-9A-NP-Z]{2}[0-9]{10}`)
	anyCoI      = rapid.StringMatching(`CH[A-NP-Z1-9][0-9A-NP-Z]{2}[0-9]{4}[0-9A-Z]{6}`)
	anyDivision = rapid.StringMatching(`[0-9A-Z]{6}`)
)

// TestSingleErrorsAreFound: a typed identifier with one wrong character or two neighbours swapped is never another
// identifier (ID-12).
func TestSingleErrorsAreFound(t *testing.T) {
	const typeable = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ* /abcxyz-"
	rapid.Check(t, func(t *rapid.T) {
		var text string
		var parse func(string) (any, error)
		d, c := din(t, anyDIN.Draw(t, "din")), coi(t, anyCoI.Draw(t, "coi"))
		id, err := isbt128.NewContainerID(d, division(t, anyDivision.Draw(t, "division")))
		require.NoError(t, err)
		var want any
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			text, want, parse = d.Print(), d, func(s string) (any, error) { return isbt128.ParseDINKeyed(s) }
		case 1:
			text, want, parse = c.Print(), c, func(s string) (any, error) { return isbt128.ParseCoIKeyed(s) }
		default:
			text, want, parse = id.Print(), id, func(s string) (any, error) { return isbt128.ParseContainerIDKeyed(s) }
		}
		if rapid.Bool().Draw(t, "compact") {
			text = strings.ReplaceAll(text, " ", "")
		}
		got, err := parse(text)
		require.NoError(t, err)
		require.Equal(t, want, got)

		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		wrong := text[:at] + string(rapid.SampledFrom([]byte(typeable)).Draw(t, "character")) + text[at+1:]
		checkWrong(t, parse, text, wrong, want)
		if at+1 < len(text) {
			wrong = text[:at] + text[at+1:at+2] + text[at:at+1] + text[at+2:]
			checkWrong(t, parse, text, wrong, want)
		}
		_, err = parse(text[:at] + text[at+1:])
		if text[at] != ' ' {
			require.Error(t, err, "a lost character")
		}
	})
}

// checkWrong allows one thing: a blank for the "/" between the groups, which is the same identifier.
func checkWrong(t *rapid.T, parse func(string) (any, error), text, wrong string, want any) {
	got, err := parse(wrong)
	if wrong == text {
		return
	}
	if err == nil {
		require.Equal(t, want, got, "%q read for %q", wrong, text)
		require.Equal(t, strings.ReplaceAll(text, " ", ""), strings.NewReplacer(" ", "", "/", "").Replace(wrong))
	}
	scan, err := isbt128.ParseScan(wrong)
	if err == nil {
		require.Equal(t, strings.ReplaceAll(text, " ", ""), strings.NewReplacer(" ", "", "/", "").Replace(wrong), "%q read as a scan: %+v", wrong, scan)
	}
}

func FuzzParseDIN(f *testing.F) {
	f.Add("A999926000123")
	f.Add("A999926000123K")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := isbt128.ParseDIN(s)
		if err == nil {
			require.Equal(t, s, d.String())
			again, err := isbt128.ParseDINKeyed(d.Print())
			require.NoError(t, err)
			require.Equal(t, d, again)
			_, err = isbt128.NewFIN(d.FIN().String())
			require.NoError(t, err)
		}
		d, err = isbt128.ParseDINKeyed(s)
		if err == nil {
			require.Equal(t, strings.ReplaceAll(s, " ", ""), d.String()+string(d.Check()))
		}
	})
}

func FuzzParseCoI(f *testing.F) {
	f.Add("CHA999926000123")
	f.Add("CHA999926000123G")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := isbt128.ParseCoI(s)
		if err == nil {
			require.Equal(t, s, c.String())
			again, err := isbt128.ParseCoIKeyed(c.Print())
			require.NoError(t, err)
			require.Equal(t, c, again)
		}
		c, err = isbt128.ParseCoIKeyed(s)
		if err == nil {
			require.Equal(t, strings.ReplaceAll(s, " ", ""), c.String()+string(c.Check()))
		}
	})
}
