package record_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/release/record"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing them")

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// kept writes a document where a person can look at it, when REXBATCH_KEEP names a directory.
func kept(t testing.TB, name string, pdf []byte) {
	dir := os.Getenv("REXBATCH_KEEP")
	if dir != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".pdf"), pdf, 0o600))
	}
}

func TestGoldenText(t *testing.T) {
	for profile, lang := range map[string]string{"es-svq": "es", "de-fra": "de"} {
		t.Run(lang, func(t *testing.T) {
			pdf := lived(t, profile).print(lang)
			kept(t, "lived-"+lang, pdf)
			got, file := papertest.Text(t, pdf), filepath.Join("testdata", lang+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got, "run the test with -update if the change is intended, and read the diff")
		})
	}
}

// chapterText is the text of the pages from one chapter's heading to the next one's.
func chapterText(t testing.TB, pdf []byte, heading, next string) string {
	t.Helper()
	var out []string
	inside := false
	for _, page := range papertest.Pages(t, pdf)[3:] {
		if strings.HasPrefix(page, next+"\n") {
			break
		}
		inside = inside || strings.HasPrefix(page, heading+"\n")
		if inside {
			out = append(out, page)
		}
	}
	require.NotEmpty(t, out, heading)
	return strings.Join(out, "\n")
}

var position = regexp.MustCompile(`(?m)^#(\d+)$`)

// printed counts how often each position heads a row of the chapter with all entries.
func printed(t testing.TB, pdf []byte) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, m := range position.FindAllStringSubmatch(chapterText(t, pdf, "9 All entries in order", "10 Persons"), -1) {
		count[m[1]]++
	}
	return count
}

func requireEveryEntry(t testing.TB, m *made, pdf []byte) {
	t.Helper()
	count := printed(t, pdf)
	for _, e := range m.entries {
		require.Equal(t, 1, count[fmt.Sprint(e.Seq)], "entry %d (%s)", e.Seq, e.Type)
	}
	require.Len(t, count, len(m.entries))
}

func TestEveryEntryIsPrintedOnce_CS10(t *testing.T) {
	m := lived(t, "es-svq")
	requireEveryEntry(t, m, m.print("en"))
	all := everything(t, "de-fra", 400)
	requireEveryEntry(t, all, all.print("en"))
}

// Whatever types and data later releases write, the print holds them: nothing of it is lost, nothing stops it.
func TestUnknownEntriesArePrinted(t *testing.T) {
	m := small(t, "es-svq")
	arbitrary, simple := rapid.StringN(0, 60, 200), rapid.StringMatching(`[A-Za-z0-9ñüß<>&%.,;:#_/ -]{0,300}`)
	var texts []string
	for i := range 60 {
		text := simple.Example(i)
		texts = append(texts, text)
		m.loose(fmt.Sprintf("batch.future-%d", i), string(jsonOf(t, object{
			"step": "S01", "field": "gross", "unheard_of": text, "value": 17, "signature": "none", "list": []any{object{"a": 1, "b": arbitrary.Example(i)}, nil, true},
		})))
	}
	texts = append(texts, strings.Repeat("word ", 900), strings.Repeat("x", 7000))
	m.loose("batch.future-words", string(jsonOf(t, object{"step": "S01", "field": "gross", "text": texts[60]})))
	m.loose("other.stream", string(jsonOf(t, object{"text": texts[61]})))
	m.loose("other.scalar", `"nothing but a text"`)
	pdf := m.print("en")
	requireEveryEntry(t, m, pdf)
	found := squeeze(pageFurniture.ReplaceAllString(chapterText(t, pdf, "9 All entries in order", "10 Persons"), ""))
	for _, text := range texts {
		has(t, found, text)
	}
	has(t, found, "nothing but a text")
}

// pageFurniture is what a page break puts between two parts of a text.
var pageFurniture = regexp.MustCompile(`(?s)DEMONSTRATION – NOT FOR CLINICAL USE\n.*?Page \d+ of \d+\n+(Entry Time Who, role, terminal What was recorded\n)?|(?m)^continued `)

// has looks for texts without regard to line breaks, and names only what is missing.
func has(t testing.TB, text string, wants ...string) {
	t.Helper()
	text = squeeze(text)
	for _, want := range wants {
		require.True(t, strings.Contains(text, squeeze(want)), "missing: %s", want)
	}
}

func hasNot(t testing.TB, text string, unwanted ...string) {
	t.Helper()
	text = squeeze(text)
	for _, s := range unwanted {
		require.False(t, strings.Contains(text, squeeze(s)), "should not be there: %s", s)
	}
}

func TestCorrectionsShowBothValues_CS11(t *testing.T) {
	pdf := lived(t, "es-svq").print("en")
	changes := chapterText(t, pdf, "5 Values changed after first entry", "6 Execution, step by step")
	has(t, changes,
		"Gross mass", "S01.gross", "272.0 g", "227.0 g", "Digits were swapped, see the print of the balance", "Ana Belén Carreño Ruiz", "Jorge Peñalver Rincón", // by hand
		"S01.net", "237.7 mL", "195.3 mL", "= 195.28301887 mL", "gross_g = 227.0 g (S01.gross") // computed again
	hasNot(t, changes, "Tare mass", "Seals intact")
	has(t, papertest.Text(t, pdf), "corrected", "computed again", "entered late", "Forgotten at the end of the shift", "End of her shift", "another patient")
}

// TestReplacedValuesAreCrossedOut_DI10 looks for the line through a first value on the page of its step, and for none
// through the value that replaced it (DI-10).
func TestReplacedValuesAreCrossedOut_DI10(t *testing.T) {
	pdf := lived(t, "es-svq").print("en")
	chapter, struck := 0, map[string]bool{}
	for i, page := range papertest.Pages(t, pdf) {
		if strings.HasPrefix(page, "6 Execution") {
			chapter = i + 1
		}
	}
	for _, w := range papertest.Words(t, pdf) {
		if w.Page == chapter && (w.Text == "272.0" || w.Text == "227.0") && w.XMax-w.XMin > 20 {
			struck[w.Text] = struck[w.Text] || crossed(t, pdf, w)
		}
	}
	require.Equal(t, map[string]bool{"272.0": true, "227.0": false}, struck)
}

// crossed tells whether a dark line goes through a word from end to end.
func crossed(t *testing.T, pdf []byte, w papertest.Word) bool {
	t.Helper()
	const dpi = 300
	img := papertest.Image(t, pdf, w.Page, dpi)
	px := func(points float64) int { return int(points / 72 * dpi) }
	for y := px(w.YMin); y < px(w.YMax); y++ {
		run := 0
		for x := px(w.XMin); x < px(w.XMax); x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				run++
			}
		}
		if float64(run) > 0.95*float64(px(w.XMax)-px(w.XMin)) {
			return true
		}
	}
	return false
}

func TestSealedContentStaysSealed_I11(t *testing.T) {
	pdf := lived(t, "de-fra").print("de")
	text := papertest.Text(t, pdf)
	hasNot(t, text, sealed[:24], sealed[len(sealed)-24:], "SECRET", "Verum")
	require.NotContains(t, string(pdf), "SECRET")
	require.GreaterOrEqual(t, strings.Count(squeeze(text), squeeze("versiegelt (verblindet, I11)")), 5)
}

func TestEveryPageNamesItsBatch(t *testing.T) {
	m := lived(t, "es-svq")
	pages := papertest.Pages(t, m.print("es"))
	for i, page := range pages {
		has(t, page, number, m.coi.String()+string(m.coi.Check()), fmt.Sprintf("Página %d de %d", i+1, len(pages)), fmt.Sprintf("Page %d of %d", i+1, len(pages)),
			"DEMONSTRATION – NOT FOR CLINICAL USE", "Héctor Sanz Ibáñez (hector)")
	}
}

// TestContentsLeadToTheirPages looks for each heading on the page that the table of contents names.
func TestContentsLeadToTheirPages(t *testing.T) {
	pdf := everything(t, "es-svq", 100).print("en")
	pages, words := papertest.Pages(t, pdf), papertest.Words(t, pdf)
	middle := func(w papertest.Word) float64 { return (w.YMin + w.YMax) / 2 }
	found := 0
	for _, w := range words {
		var page int
		_, err := fmt.Sscan(w.Text, &page)
		if w.Page != 2 && w.Page != 3 || w.XMin < 180/25.4*72 || w.YMin < 75 || w.YMax > 780 || err != nil {
			continue
		}
		title := ""
		for _, other := range words {
			if other.Page == w.Page && other.XMin < w.XMin && math.Abs(middle(other)-middle(w)) < 2 {
				title += other.Text
			}
		}
		has(t, pages[page-1], title)
		found++
	}
	require.Equal(t, 11+14+48, found)
}

func TestSignaturesShowWhatTheyMust_CS48(t *testing.T) {
	m := lived(t, "de-fra")
	text := papertest.Text(t, m.print("de"))
	for _, act := range m.batch.Acts {
		s := act.Signature
		has(t, text, s.Name, s.Account, "(+01:00, "+m.plant.Zone+")", s.Digest.String())
	}
	has(t, text, "zertifiziert / certified", "überprüft / reviewed", "geprüft / verified", "Sachkundige Person", "gilt für das Protokoll, wie es ist")
}

func TestCodeHoldsTheDigests(t *testing.T) {
	m := lived(t, "es-svq")
	read := papertest.DataMatrix(t, m.print("es"), 1, 150, 125, 45, 75)
	parts := strings.Split(read, "|")
	require.Len(t, parts, 5)
	require.Equal(t, []string{"RXR1", number, m.batch.Record.String(), fmt.Sprint(m.entries[len(m.entries)-1].Seq)}, parts[:4])
	var leaves []byte
	for _, e := range m.entries {
		leaves = append(leaves, e.Leaf[:]...)
	}
	require.Equal(t, ledger.DigestOf(leaves).String(), parts[4])
}

func TestSameSourceGivesSameBytes(t *testing.T) {
	m := lived(t, "es-svq")
	require.True(t, bytes.Equal(m.print("es"), m.print("es")))
}

func TestProgressReachesItsEnd(t *testing.T) {
	m := everything(t, "es-svq", 100)
	var seen [][2]int
	_, err := record.Print(t.Context(), m.source(), m.copy("en"), func(done, total int) { seen = append(seen, [2]int{done, total}) })
	require.NoError(t, err)
	require.Greater(t, len(seen), 48)
	for i, s := range seen {
		require.Equal(t, len(m.entries)+48+1, s[1])
		if i > 0 {
			require.Greater(t, s[0], seen[i-1][0])
		}
	}
	require.Equal(t, seen[len(seen)-1][1], seen[len(seen)-1][0])
}

func TestPrintEndsWithItsRequest(t *testing.T) {
	m := everything(t, "es-svq", 100)
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	_, err := record.Print(ctx, m.source(), m.copy("en"), func(int, int) {
		steps++
		if steps == 5 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 5, steps)
}

func TestPrintFailsAsAWhole(t *testing.T) {
	m := lived(t, "es-svq")
	broken := errors.New("the disk is gone")
	src := m.source()
	src.Entries = iter.Seq2[ledger.Entry, error](func(yield func(ledger.Entry, error) bool) {
		_ = yield(m.entries[0], nil) && yield(ledger.Entry{}, broken)
	})
	_, err := record.Print(t.Context(), src, m.copy("es"), nil)
	require.ErrorIs(t, err, broken)
	_, err = record.Print(t.Context(), m.source(), m.copy("fr"), nil)
	require.ErrorContains(t, err, "fr")
	m.entries = append(m.entries, m.entries[0])
	_, err = record.Print(t.Context(), m.source(), m.copy("es"), nil)
	require.ErrorContains(t, err, "follows entry")
}

// TestOtherProgramsAccept lets qpdf look at the structure of the file, with its outline and links.
func TestOtherProgramsAccept(t *testing.T) {
	pdf := lived(t, "de-fra").print("de")
	papertest.Fonts(t, pdf)
	file := filepath.Join(t.TempDir(), "record.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.Command("qpdf", "--check", file).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "No syntax or stream encoding errors")
}
