package pades

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// In signed1 and signed2 the objects are: 1 pages, 2 resources, 3 page,
// 4 content, 5 font, 6 catalog, 7 field QA, 8 field QP, 9 to 11 font, form and
// signature of QA, in signed2 also 12 to 14 of QP.

const better = "Viability 99 %: MET"

// Whoever holds a file can append to it. Nothing appended to a signed file may
// pass, whatever it says.
func TestNothingMayFollowTheLastSignature(t *testing.T) {
	for _, pdf := range [][]byte{signed1(t), signed2(t)} {
		page := appendUpdate(t, pdf, map[int]string{4: textPage(better)})
		faults := refused(t, page)
		require.Equal(t, FaultRevision, faults[0].Code)
		require.Equal(t, 4, faults[0].Object)
		require.Contains(t, faults[0].Error(), "object 4")
		require.Equal(t, FaultNotWhole, faults[len(faults)-1].Code)

		harmless := appendUpdate(t, pdf, map[int]string{6: bodyOf(t, pdf, 6)})
		faults = refused(t, harmless)
		require.Len(t, faults, 1)
		require.Equal(t, FaultNotWhole, faults[0].Code)
	}
}

func TestAPageReplacedBetweenTwoSignaturesIsRefused(t *testing.T) {
	between := appendUpdate(t, signed1(t), map[int]string{4: textPage(better)})
	pdf := resign(t, between, people(t).qp, qpOptions())
	faults := refused(t, pdf)
	require.Len(t, faults, 1, "both signatures are right in themselves")
	require.Equal(t, Fault{Code: FaultRevision, Revision: 4, Object: 4, Detail: "replaces what was signed"}, *faults[0])
}

// A person with a real key who signs second may do nothing but sign. Each case is
// an update between the two signatures, so that only the revision check can see it.
func TestOnlySigningMayHappenBetweenSignatures(t *testing.T) {
	one := signed1(t)
	catalog, page := bodyOf(t, one, 6), bodyOf(t, one, 3)
	qa, qp := bodyOf(t, one, 7), bodyOf(t, one, 8)
	widget := func(n, x int) string {
		return fmt.Sprintf("<</Type /Annot /Subtype /Widget /FT /Sig /T (N%d) /F 132 /Rect [%d 300 %d 330] /P 3 0 R>>", n, x, x+100)
	}
	edit := func(s string, pairs ...string) string {
		out := strings.NewReplacer(pairs...).Replace(s)
		require.NotEqual(t, s, out)
		return out
	}
	for name, c := range map[string]struct {
		bodies map[int]string
		object int
		want   string
	}{
		"content replaced":         {map[int]string{4: textPage(better)}, 4, "replaces what was signed"},
		"content becomes text":     {map[int]string{4: "<<>>"}, 4, "replaces what was signed"},
		"resources replaced":       {map[int]string{2: resources}, 2, "replaces what was signed"},
		"font replaced":            {map[int]string{5: strings.Replace(fontObject, "Helvetica", "Symbol", 1)}, 5, "replaces what was signed"},
		"page tree replaced":       {map[int]string{1: pagesObject}, 1, "replaces what was signed"},
		"signature replaced":       {map[int]string{9: fontObject}, 9, "replaces what was signed"},
		"appearance replaced":      {map[int]string{10: textPage(better)}, 10, "replaces what was signed"},
		"page with other content":  {map[int]string{3: edit(page, "/Contents 4 0 R", "/Contents 12 0 R"), 12: textPage(better)}, 3, "changes page /Contents"},
		"page with other box":      {map[int]string{3: edit(page, "/Parent", "/MediaBox [0 0 10 10] /Parent")}, 3, "changes page /MediaBox"},
		"page without annotations": {map[int]string{3: edit(page, "7 0 R 8 0 R", "8 0 R 7 0 R")}, 3, "does not keep what was there"},
		"note on the page":         {map[int]string{3: edit(page, "8 0 R", "8 0 R 12 0 R"), 12: "<</Type /Annot /Subtype /FreeText /Rect [0 0 99 99] /Contents (MET)>>"}, 3, "something else than a new signature field"},
		"annotation in place":      {map[int]string{3: edit(page, "8 0 R", "8 0 R <</Type /Annot>>")}, 3, "something else than a new signature field"},
		"page becomes a stream":    {map[int]string{3: "<</Type /Page /Length 1>>\nstream\nx\nendstream"}, 0, ""},
		"second catalog":           {map[int]string{12: catalog}, 12, "adds another /Catalog"},
		"second page":              {map[int]string{12: page}, 12, "adds another /Page"},
		"second page tree":         {map[int]string{12: pagesObject}, 12, "adds another /Pages"},
		"unused object":            {map[int]string{12: fontObject}, 12, "is used by nothing"},
		"catalog other pages":      {map[int]string{6: edit(catalog, "/Pages 1 0 R", "/Pages 1 0 R /PageLayout /SinglePage")}, 6, "changes catalog /PageLayout"},
		"catalog action":           {map[int]string{6: edit(catalog, "/Pages 1 0 R", "/Pages 1 0 R /OpenAction [3 0 R /Fit]")}, 6, "changes catalog /OpenAction"},
		"catalog names":            {map[int]string{6: edit(catalog, "/Names <<", "/Names <</Dests 5 0 R ")}, 6, "changes catalog /Names"},
		"catalog version":          {map[int]string{6: edit(catalog, "/1.7", "/1.4")}, 6, "/Version"},
		"catalog without version":  {map[int]string{6: edit(catalog, "/Version /1.7", "")}, 6, "/Version"},
		"certification removed":    {map[int]string{6: edit(catalog, "/Perms <</DocMDP 11 0 R>>", "")}, 6, "changes catalog /Perms"},
		"signature field removed":  {map[int]string{6: edit(catalog, "7 0 R 8 0 R", "8 0 R")}, 6, "does not keep what was there"},
		"signed field emptied":     {map[int]string{7: edit(qa, " /V 11 0 R /AP <</N 10 0 R>>", "")}, 7, "changes a signed field"},
		"signed field moved":       {map[int]string{7: edit(qa, "50.000 100.000", "40.000 100.000")}, 7, "changes a signed field"},
		"empty field moved":        {map[int]string{8: edit(qp, "50.000 50.000 150.000 80.000", "0.000 700.000 100.000 730.000")}, 8, "changes more of a field"},
		"empty field renamed":      {map[int]string{8: edit(qp, "(QP)", "(QP2)")}, 8, "changes more of a field"},
		"new field over a field": {map[int]string{3: edit(page, "8 0 R", "8 0 R 12 0 R"), 6: edit(catalog, "7 0 R 8 0 R", "7 0 R 8 0 R 12 0 R"),
			12: edit(widget(12, 60), "300", "110", "330", "140")}, 0, "covers field QA"},
	} {
		t.Run(name, func(t *testing.T) {
			between := appendUpdate(t, one, c.bodies)
			in, err := inspect(between)
			if err != nil { // so broken that nobody could sign it
				require.ErrorIs(t, err, ErrUnreadable)
				refused(t, between)
				return
			}
			o := qpOptions()
			if name == "empty field renamed" {
				o.Field.Name = "QP2"
			}
			pdf, err := in.sign(people(t).qp, o)
			require.NoError(t, err)
			faults := refused(t, pdf)
			at := slices.IndexFunc(faults, func(f *Fault) bool { return f.Code == FaultRevision })
			require.GreaterOrEqual(t, at, 0)
			require.Equal(t, 4, faults[at].Revision)
			require.Equal(t, c.object, faults[at].Object)
			require.Contains(t, faults[at].Detail, c.want)
		})
	}

	t.Run("fields and extensions may be added", func(t *testing.T) {
		between := appendUpdate(t, one, map[int]string{
			3: edit(page, "8 0 R", "8 0 R 12 0 R"), 12: widget(12, 300),
			6: edit(catalog, "7 0 R 8 0 R", "7 0 R 8 0 R 12 0 R", "/Version", "/DSS <</Certs []>> /Extensions <<>> /Version")})
		_, err := Verify(resign(t, between, people(t).qp, qpOptions()), people(t).ca.Pool(), checkAt)
		require.NoError(t, err)
	})
}

// Form fields that could show what nobody signed are refused as such.
func TestForeignFormFieldsAreRefused(t *testing.T) {
	one := signed1(t)
	catalog, qp := bodyOf(t, one, 6), bodyOf(t, one, 8)
	for name, bodies := range map[string]map[int]string{
		"text field":             {8: strings.Replace(qp, "/Sig", "/Tx", 1)},
		"field with action":      {8: strings.Replace(qp, "/FT", "/A <<>> /FT", 1)},
		"hidden":                 {8: strings.Replace(qp, "132", "134", 1)},
		"appearance unsigned":    {8: strings.Replace(qp, "/FT", "/AP <</N 10 0 R>> /FT", 1)},
		"value direct":           {8: strings.Replace(qp, "/FT", "/V <<>> /AP <</N 10 0 R>> /FT", 1)},
		"name with a point":      {8: strings.Replace(qp, "(QP)", "(Q.P)", 1)},
		"name of the other":      {8: strings.Replace(qp, "(QP)", "(QA)", 1)},
		"without page":           {8: strings.Replace(qp, "/P 3 0 R", "", 1)},
		"no rectangle":           {8: strings.Replace(qp, "[50.000", "[500.000", 1)},
		"stolen signature":       {8: strings.Replace(qp, "/FT", "/V 11 0 R /AP <</N 10 0 R>> /FT", 1)},
		"appearances by state":   {8: strings.Replace(qp, "/FT", "/V 11 0 R /AP <</N 10 0 R /D 10 0 R>> /FT", 1)},
		"appearance is no form":  {8: strings.Replace(qp, "/FT", "/V 11 0 R /AP <</N 4 0 R>> /FT", 1)},
		"value is a stream":      {8: strings.Replace(qp, "/FT", "/V 4 0 R /AP <</N 10 0 R>> /FT", 1)},
		"default resources":      {6: strings.Replace(catalog, "/SigFlags", "/DR <<>> /SigFlags", 1)},
		"appearances on request": {6: strings.Replace(catalog, "/SigFlags 3", "/NeedAppearances true", 1)},
		"flags":                  {6: strings.Replace(catalog, "/SigFlags 3", "/SigFlags 1", 1)},
		"form elsewhere":         {6: strings.Replace(catalog, "<</Fields [7 0 R 8 0 R] /SigFlags 3>>", "12 0 R", 1), 12: "<</Fields [7 0 R 8 0 R] /SigFlags 3>>"},
		"field twice":            {6: strings.Replace(catalog, "8 0 R]", "8 0 R 8 0 R]", 1)},
		"field direct":           {6: strings.Replace(catalog, "8 0 R]", "<<>>]", 1)},
		"too many fields":        {6: strings.Replace(catalog, "8 0 R]", strings.Repeat("8 0 R ", maxFields)+"]", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			faults := refused(t, appendUpdate(t, one, bodies))
			require.Equal(t, FaultStructure, faults[0].Code, faults[0])
		})
	}
}

// A reference to nothing is signed as nothing; a later object must not fill it.
func TestADanglingReferenceStaysEmpty(t *testing.T) {
	base := smallPDF(pagesObject, strings.Replace(resources, "/XObject <<", "/XObject <</Im1 11 0 R", 1), pageObject, textPage("x /Im1 Do"), fontObject, catalogObject)
	prepared, err := Prepare(base, qaOptions().Field, qpOptions().Field)
	require.NoError(t, err)
	// The number is taken by QA's own update, which is covered by QA's signature.
	one, err := Sign(prepared, people(t).qa, qaOptions())
	require.NoError(t, err)
	_, err = Verify(one, people(t).ca.Pool(), checkAt)
	require.NoError(t, err)

	base = smallPDF(pagesObject, strings.Replace(resources, "/XObject <<", "/XObject <</Im1 12 0 R", 1), pageObject, textPage("x /Im1 Do"), fontObject, catalogObject)
	prepared, err = Prepare(base, qaOptions().Field, qpOptions().Field)
	require.NoError(t, err)
	one, err = Sign(prepared, people(t).qa, qaOptions())
	require.NoError(t, err)
	_, err = Sign(one, people(t).qp, qpOptions())
	require.ErrorIs(t, err, ErrRefused, "our own second update would fill it")
	faults := refused(t, resign(t, one, people(t).qp, qpOptions()))
	require.Contains(t, faults[0].Detail, "signed as empty")
}

// Trailers and tables that lead a reader elsewhere.
func TestTheTablesMayNotLeadElsewhere(t *testing.T) {
	pdf := signed1(t)
	f, err := readFile(pdf)
	require.NoError(t, err)
	prev := fmt.Sprintf("/Prev %d", f.revs[2].xref)
	for name, replace := range map[string][]string{
		"another catalog":      {"/Root 6 0 R", "/Root 12 0 R"},
		"skips a revision":     {prev, fmt.Sprintf("/Prev %d", f.revs[1].xref)},
		"no previous":          {prev, ""},
		"other document data":  {"/Root", "/Info 5 0 R /Root"},
		"smaller size":         {"/Size 13", "/Size 12"},
		"hybrid":               {"/Root", "/XRefStm 9 /Root"},
		"entry into the past":  {"00000 n \ntrailer", "00001 n \ntrailer"},
		"free entry":           {"00000 n \ntrailer", "00000 f \ntrailer"},
		"wrong startxref":      {"startxref\n", "startxref\n1"},
		"junk before EOF":      {"%%EOF", "junk\n%%EOF"},
		"comment":              {"trailer", "%x\ntrailer"},
		"hidden second object": {"12 0 obj", "9 0 obj\n<<>>\nendobj\n12 0 obj"},
	} {
		t.Run(name, func(t *testing.T) {
			good := appendUpdate(t, pdf, map[int]string{12: catalogObject})
			bad := appendUpdate(t, pdf, map[int]string{12: catalogObject}, replace...)
			require.NotEqual(t, good, bad)
			require.Equal(t, FaultStructure, refused(t, bad)[0].Code)
		})
	}
	for name, tail := range map[string]string{"space": " ", "line": "\n", "EOF": "%%EOF\n", "zero": "\x00", "text": "hello", "object": "12 0 obj\n<<>>\nendobj\n"} {
		t.Run("after EOF "+name, func(t *testing.T) {
			require.Equal(t, FaultStructure, refused(t, append(bytes.Clone(pdf), tail...))[0].Code)
		})
	}
}

// The gap in /ByteRange is /Contents and nothing else.
func TestTheGapCannotBeWidened(t *testing.T) {
	pdf := signed1(t)
	old := bodyOf(t, pdf, 11)
	old = old[strings.Index(old, "[0"):]
	old = old[:strings.Index(old, "]")+1]
	var a, b, c int
	_, err := fmt.Sscanf(old, "[0 %d %d %d]", &a, &b, &c)
	require.NoError(t, err)
	require.Equal(t, len(pdf), b+c)
	for name, repl := range map[string]string{
		"wider behind":    fmt.Sprintf("[0 %d %d %d]", a, b+20, c-20),
		"wider before":    fmt.Sprintf("[0 %d %d %d]", a-20, b, c),
		"without bracket": fmt.Sprintf("[0 %d %d %d]", a+1, b-1, c+1),
		"not to the end":  fmt.Sprintf("[0 %d %d %d]", a, b, c-9),
		"past the end":    fmt.Sprintf("[0 %d %d %d]", a, b, c+1),
		"late start":      fmt.Sprintf("[9 %d %d %d]", a-9, b, c),
		"negative":        fmt.Sprintf("[0 %d %d -1]", a, b),
		"two ranges more": fmt.Sprintf("[0 %d %d 1 %d 2]", a, b, b+1),
		"empty":           "[]",
		"real":            fmt.Sprintf("[0 %d %d %d.]", a, b, c),
		"name":            "/Forged",
	} {
		t.Run(name, func(t *testing.T) {
			bad := bytes.Clone(pdf)
			at := bytes.LastIndex(bad, []byte(byteRangeKey)) + len(byteRangeKey)
			copy(bad[at:], fmt.Sprintf("%-*s", byteRangeRoom, repl))
			require.Equal(t, FaultByteRange, refused(t, bad)[0].Code)
		})
	}
}

// Moving the signed bytes elsewhere and putting others in their place.
func TestWrappingIsRefused(t *testing.T) {
	pdf := signed1(t)
	in, err := inspect(pdf)
	require.NoError(t, err)
	sig := in.f.get(11, 2)
	tail := string(pdf[in.f.revs[2].end:])
	require.Empty(t, tail)
	copied := appendUpdate(t, pdf, map[int]string{11: string(pdf[sig.start+len("11 0 obj\n") : sig.end-len("\nendobj")])})
	require.Equal(t, FaultStructure, refused(t, copied)[0].Code, "a signature dictionary is written once")
	// A second field that borrows the dictionary of the first.
	borrowed := appendUpdate(t, pdf, map[int]string{8: strings.Replace(bodyOf(t, pdf, 8), "/FT", "/V 12 0 R /AP <</N 10 0 R>> /FT", 1),
		12: string(pdf[sig.start+len("11 0 obj\n") : sig.end-len("\nendobj")])})
	faults := refused(t, borrowed)
	require.Equal(t, FaultByteRange, faults[0].Code)
	require.Equal(t, "QP", faults[0].Field)
}

func TestCertificationIsNotClaimedFalsely(t *testing.T) {
	p := people(t)
	o := qaOptions()
	o.Certification = ApprovalOnly
	prepared, err := Prepare(certificate(), o.Field, qpOptions().Field)
	require.NoError(t, err)
	catalog := bodyOf(t, prepared, 6)
	// /Perms that names an approval signature, put there before it was made.
	early := appendUpdate(t, prepared, map[int]string{6: strings.Replace(catalog, "/Version", "/Perms <</DocMDP 11 0 R>> /Version", 1)})
	in, err := inspect(early)
	require.NoError(t, err)
	pdf, err := in.sign(p.qa, o)
	require.NoError(t, err)
	require.Equal(t, FaultDocMDP, refused(t, pdf)[0].Code)

	// Certified with P=1 and then signed by somebody with a real key.
	o.Certification = CertifyFinal
	final, err := Sign(prepared, p.qa, o)
	require.NoError(t, err)
	in, err = inspect(final)
	require.NoError(t, err)
	in.sigs[0].DocMDP = 0
	pdf, err = in.sign(p.qp, qpOptions())
	require.NoError(t, err)
	require.Equal(t, FaultDocMDP, refused(t, pdf)[0].Code)

	// A second certification.
	in, err = inspect(signed1(t))
	require.NoError(t, err)
	in.sigs = nil
	pdf, err = in.sign(p.qp, qpOptions())
	require.NoError(t, err)
	var codes []Code
	for _, f := range refused(t, pdf) {
		codes = append(codes, f.Code)
	}
	require.Equal(t, []Code{FaultDocMDP, FaultRevision, FaultDocMDP}, codes)
}
