package pages

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/isbt128"
)

// Marks are the same each time, differ between patients of one year, and are well-formed elements.
func TestMarksTellPatientsApart(t *testing.T) {
	fin, err := isbt128.NewFIN("A9999")
	require.NoError(t, err)
	codes, looks := map[string]bool{}, map[string]bool{}
	const patients = 300 // more than a plant treats in a year
	for n := range patients {
		coi, err := isbt128.NewCoI(fin, 26, n+1)
		require.NoError(t, err)
		m := MarkOf(coi)
		require.Equal(t, m, MarkOf(coi))
		require.Len(t, m.Code, 4)
		require.NotContains(t, string(m.SVG), "style")
		wellFormed(t, string(m.SVG))
		codes[m.Code], looks[m.Name+m.Fill] = true, true
	}
	require.Len(t, codes, patients)
	require.Len(t, looks, 6*6, "every shape with every pattern")
}

func TestMatrixIsWellFormed(t *testing.T) {
	svg, err := matrix("=+03000&/CHA999926000123=A99992600012300=,B00001")
	require.NoError(t, err)
	wellFormed(t, string(svg))
	require.Greater(t, strings.Count(string(svg), "<rect"), 50)
	_, err = matrix(strings.Repeat("Z", 5000))
	require.Error(t, err)
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return
		}
		require.NoError(t, err, svg)
	}
}
