package pades

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An insider with a real key writes any two objects between the signatures. The
// file may be refused; if it is not, what the first one signed is still there.
func FuzzUpdateBetweenSignatures(f *testing.F) {
	one := signed1(f)
	for n := range 13 {
		body := "<<>>"
		if n > 0 && n < 12 && n != 11 {
			body = bodyOf(f, one, n)
		}
		f.Add(uint8(n), body, uint8(12), "<</Type /Annot>>")
	}
	f.Add(uint8(8), "<</Type /Annot /Subtype /Widget /FT /Sig /T (QP) /F 132 /Rect [50.000 50.000 150.000 80.000] /P 3 0 R /V 12 0 R /AP <</N 10 0 R>>>>",
		uint8(12), "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> /M (D:20261107100000Z)>>")
	f.Add(uint8(6), "<</Type /Catalog /Pages 1 0 R /AcroForm <</Fields [7 0 R 12 0 R] /SigFlags 3>>>>", uint8(12), "[/Annot]")
	roots := people(f).ca.Pool()
	f.Fuzz(func(t *testing.T, n uint8, body string, m uint8, other string) {
		between := appendUpdate(t, one, map[int]string{1 + int(n)%20: body, 1 + int(m)%20: other})
		_, err := Verify(between, roots, checkAt)
		require.ErrorIs(t, err, ErrRefused, "nothing may follow unsigned")
		in, err := inspect(between)
		if err != nil {
			require.True(t, isRefusal(err), "%v", err)
			return
		}
		pdf, err := in.sign(people(t).qp, qpOptions())
		if err != nil {
			return
		}
		r, err := Verify(pdf, roots, checkAt)
		require.Equal(t, err == nil, r.Valid())
		if err != nil {
			return
		}
		file, err := readFile(pdf)
		require.NoError(t, err)
		for _, n := range []int{1, 2, 4, 5, 7, 9, 10, 11} {
			was, is := file.get(n, 2), file.get(n, file.last())
			require.True(t, same(was.val, is.val), "object %d", n)
			require.Equal(t, was.stream, is.stream, "object %d", n)
		}
		was, is := file.get(3, 2).dict(), file.get(3, file.last()).dict()
		require.True(t, same(was.with("Annots", nil), is.with("Annots", nil)))
	})
}
