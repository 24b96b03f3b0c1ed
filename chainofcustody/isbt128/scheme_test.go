package isbt128_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/plantid"
)

func TestPlantScheme(t *testing.T) {
	f, err := isbt128.NewFIN("01SVQ")
	require.NoError(t, err)
	require.Equal(t, isbt128.Plant, f.Scheme())
	c, err := isbt128.NewCoI(f, 26, 123)
	require.NoError(t, err)
	d, err := isbt128.NewDIN(f, 26, 123)
	require.NoError(t, err)
	id, err := isbt128.NewContainerID(d, division(t, "B00001"))
	require.NoError(t, err)
	require.Equal(t, "CH 01SVQ 26 000123 9", c.Print(), "the check characters were computed by hand over GF(32)")
	require.Equal(t, "01SVQ 26 000123 7", d.Print())
	require.Equal(t, "01SVQ 26 000123 B00001 N", id.Print())
	require.Equal(t, "RB:CH01SVQ26000123/9", c.Label())
	require.Equal(t, "RB:CH01SVQ26000123/01SVQ26000123/B00001/01/"+check(t, "CH01SVQ2600012301SVQ26000123B0000101")+"yzQA-/", isbt128.ContainerLabel(c, id))
	require.Equal(t, isbt128.Plant, c.Scheme())
	require.Equal(t, isbt128.Plant, id.Scheme())
	require.Equal(t, isbt128.ISBT128, coi(t, "CHA999926000123").Scheme())
	require.Equal(t, isbt128.NoScheme, isbt128.CoI{}.Scheme())

	s, err := isbt128.ParseScan("]d1" + isbt128.ContainerLabel(c, id))
	require.NoError(t, err)
	require.Equal(t, c, s.CoI)
	require.Equal(t, id, s.ContainerID())
	for _, typed := range []string{c.Print(), d.Print(), id.Print()} {
		s, err = isbt128.ParseScan(typed)
		require.NoError(t, err)
		require.True(t, s.Typed)
	}
	garbled := strings.ReplaceAll(isbt128.ContainerLabel(c, id), isbt128.Canary, "zyQA--")
	_, err = isbt128.ParseScan(garbled)
	require.Equal(t, isbt128.CodeLayout, code(t, err))
	expiring := isbt128.LabelContent{CoI: c, ID: id, Expiry: "0263271530", Serial: 2}
	s, err = isbt128.ParseScan(expiring.String())
	require.NoError(t, err)
	require.Equal(t, expiring, isbt128.LabelContent{CoI: s.CoI, ID: s.ContainerID(), Expiry: s.Expiry, Serial: s.Serial})
	for _, bad := range []string{
		"RB:CH01SVQ26000123/01SVQ26000123/B00001/6", c.Label() + isbt128.Canary,
		"RB:", "RB:CH01SVQ26000123", "RB:CH01SVQ26000123/8", "RB:CH01SVQ26000123/01SVQ26000123/B00001/7", "RB:B00001/" + check(t, "B00001"),
		"RB:01SVQ26000123/CH01SVQ26000123/" + check(t, "01SVQ26000123CH01SVQ26000123"), "RB:CH0ISVQ26000123/9", "rb:CH01SVQ26000123/9",
		"=01SVQ2600012300", "&/CHO1SVQ26000123",
	} {
		_, err = isbt128.ParseScan(bad)
		require.Error(t, err, bad)
	}
	_, err = d.Structure()
	require.Error(t, err, "a plant without a licence prints no ISBT 128 code")
	_, err = c.Structure()
	require.Error(t, err)
}

func check(t *testing.T, s string) string {
	c, err := plantid.Check(s)
	require.NoError(t, err)
	return string(c)
}

// Whatever single character is mistyped, and whichever neighbours are swapped, what comes out is refused, by whichever
// scheme it is read (ID-12). The keys are those that an identifier is typed with: who types the data identifier of a code,
// "=", claims to be a scanner.
func TestTypedSlipsNeverChangeTheScheme_ID12(t *testing.T) {
	const keys = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ* /"
	rapid.Check(t, func(t *rapid.T) {
		facility := rapid.OneOf(rapid.StringMatching(`0[0-9A-HJKMNP-TV-Z][A-HJKMNP-TV-Z]{3}`), rapid.StringMatching(`[A-NP-Z1-9][0-9A-NP-Z]{2}[0-9]{2}`)).Draw(t, "facility")
		f, err := isbt128.NewFIN(facility)
		require.NoError(t, err)
		d, err := isbt128.NewDIN(f, rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(0, 999999).Draw(t, "sequence"))
		require.NoError(t, err)
		c, err := isbt128.NewCoI(f, 26, rapid.IntRange(0, 999999).Draw(t, "coi"))
		require.NoError(t, err)
		id, err := isbt128.NewContainerID(d, division(t, "B00001"))
		require.NoError(t, err)
		typed := rapid.SampledFrom([]string{
			d.String() + string(d.Check()), c.String() + string(c.Check()), d.String() + id.Division().String() + string(id.Check()),
		}).Draw(t, "typed")
		_, err = isbt128.ParseScan(typed)
		require.NoError(t, err)
		for i := range typed {
			for _, k := range keys {
				wrong := typed[:i] + string(k) + typed[i+1:]
				_, err = isbt128.ParseScan(wrong)
				if wrong != typed && err == nil {
					t.Fatalf("%s is taken for %s", wrong, typed)
				}
			}
			if i > 0 && typed[i] != typed[i-1] {
				wrong := typed[:i-1] + typed[i:i+1] + typed[i-1:i] + typed[i+1:]
				_, err = isbt128.ParseScan(wrong)
				if err == nil {
					t.Fatalf("%s is taken for %s", wrong, typed)
				}
			}
		}
	})
}

func ExampleCoI_Scheme() {
	for _, s := range []string{"CHA999926000123", "CH01SVQ26000123"} {
		c, err := isbt128.ParseCoI(s)
		fmt.Println(c.Scheme(), c.Print(), err)
	}
	// Output:
	// isbt128 CH A9999 26 000123 G <nil>
	// plant CH 01SVQ 26 000123 9 <nil>
}
