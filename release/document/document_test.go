package document_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"
	"rexbatch/release/document"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing them")

// golden compares a text with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run the test with -update if the change is intended, and read the diff")
}

func samples(t *testing.T) map[string]document.Certificate {
	return map[string]document.Certificate{
		"seville": seville(t), "frankfurt": frankfurt(t), "stress": stress(t), "clinic": clinic(t),
	}
}

// rendered keeps documents by their content: the samples are looked at from many sides, and rendering under
// the race detector is slow. TestSameContentGivesSameBytes justifies it.
var rendered sync.Map

func render(t *testing.T, c document.Certificate) document.Document {
	t.Helper()
	content, err := json.Marshal(c)
	require.NoError(t, err)
	key := c.Expiry.String() + string(content) // JSON leaves out the name of a zone
	if known, ok := rendered.Load(key); ok {
		return known.(document.Document)
	}
	d, err := document.Render(c)
	require.NoError(t, err)
	rendered.Store(key, d)
	return d
}

func TestGoldenText(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".txt", papertest.Text(t, render(t, c).PDF))
		})
	}
}

func TestSameContentGivesSameBytes(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			want := render(t, c)
			var group sync.WaitGroup
			for range 3 {
				group.Go(func() {
					got, err := document.Render(c)
					if err != nil || !bytes.Equal(want.PDF, got.PDF) {
						t.Errorf("not the same document: %v", err)
					}
				})
			}
			group.Wait()
		})
	}
}

func TestEveryPageNamesItsBatch(t *testing.T) {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			pages := papertest.Pages(t, render(t, c).PDF)
			for i, page := range pages {
				text := squeeze(page)
				require.Contains(t, text, squeeze(c.Batch))
				require.Contains(t, text, c.CoI.Value+c.CoI.Check)
				require.Contains(t, text, squeeze(fmt.Sprintf("%s / %d", c.Number, c.Version)))
				require.Contains(t, page, "DEMONSTRATION – NOT FOR CLINICAL USE")
				require.Contains(t, page, fmt.Sprintf("Page %d of %d", i+1, len(pages)))
				if c.Language == "es" {
					require.Contains(t, page, "DEMOSTRACIÓN – NO APTO PARA USO CLÍNICO")
					require.Contains(t, page, fmt.Sprintf("Página %d de %d", i+1, len(pages)))
				} else {
					require.Contains(t, page, "NICHT FÜR DIE KLINISCHE ANWENDUNG")
					require.Contains(t, page, fmt.Sprintf("Seite %d von %d", i+1, len(pages)))
				}
			}
		})
	}
	require.Len(t, papertest.Pages(t, render(t, seville(t)).PDF), 3)
	require.Len(t, papertest.Pages(t, render(t, frankfurt(t)).PDF), 3)
}

// TestNothingIsLost looks for every value of the longest certificate in the printed text.
func TestNothingIsLost(t *testing.T) {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	c := stress(t)
	text := squeeze(papertest.Text(t, render(t, c).PDF))
	values := []string{
		c.Certification.Name, c.Certification.Username, c.Manufacturer, c.Subject, c.Storage.Local,
		c.Remarks[0].English, c.Remarks[0].Local, c.Relevant[0].English, c.RecordDigest, c.RecipeDigest,
		c.Certification.Digest, c.LedgerCheckpoint.Root, c.LedgerCheckpoint.Origin, c.Register,
	}
	for _, r := range c.Results {
		values = append(values, r.Attribute.English, r.Attribute.Local, r.Method, r.Limit, r.Value)
	}
	for _, p := range c.Pending {
		values = append(values, p.Attribute.English, p.Attribute.Local, p.Limit)
	}
	for _, e := range c.Considered {
		values = append(values, e.ID, e.Subject, e.Assessment)
	}
	for _, s := range c.PlantSignatures {
		values = append(values, s.Name, s.Username, s.Meaning.English, s.Meaning.Local, s.Digest)
	}
	require.Len(t, c.Results, 25)
	require.Len(t, c.Considered, 40)
	for _, v := range values {
		require.Contains(t, text, squeeze(v))
	}
}

// TestSixteenItemsInOrder checks the numbers in the left column and their captions. Req: requirements 3.3, check 36.
func TestSixteenItemsInOrder(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			var numbers []string
			pdf := render(t, c).PDF
			for _, w := range papertest.Words(t, pdf) {
				if w.XMin > 56 && w.XMin < 58 && regexp.MustCompile(`^\d{1,2}$`).MatchString(w.Text) && len(numbers) < 16 {
					numbers = append(numbers, w.Text)
				}
			}
			require.Equal(t, strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16"), numbers)
			text := papertest.Text(t, pdf)
			from := 0
			for _, caption := range []string{
				"Name(s) of product(s)", "EU CT / EudraCT number(s)", "Strength: identity", "Dosage form", "Package size",
				"Lot / batch number", "Expiry / retest", "Name and address of the manufacturer", "Manufacturing authorisation number",
				"Comments / remarks", "Any additional information", "Certification statement", "I hereby certify",
				"Name of the Qualified Person signing", "Signature", "Date and time of signature", "Additional information",
			} {
				at := strings.Index(text[from:], caption)
				require.GreaterOrEqual(t, at, 0, "%s is missing or out of order", caption)
				from += at + len(caption)
			}
		})
	}
}

func TestSignatureFieldIsBesideItsItem(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			d := render(t, c)
			r := d.SignatureRect
			require.InDelta(t, 25/25.4*72, r[3]-r[1], 0.02)
			found := false
			for _, w := range papertest.Words(t, d.PDF) {
				inside := w.Page == d.SignaturePage && w.XMin > r[0] && w.XMax < r[2] &&
					w.YMin > 841.89-r[3] && w.YMax < 841.89-r[1]
				found = found || inside && w.Text == "Electronic"
			}
			require.True(t, found, "the note is not inside the field")
			page := papertest.Pages(t, d.PDF)[d.SignaturePage-1]
			require.Contains(t, page, "I hereby certify", "the statement is on the page of the signature")
			require.Contains(t, page, "Date and time of signature")
		})
	}
}

func TestDataMatrixReadsBack(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			d := render(t, c)
			last := 0
			var caption papertest.Word
			for _, w := range papertest.Words(t, d.PDF) {
				if w.Text == "Certificate" && w.XMin > 400 {
					caption, last = w, w.Page
				}
			}
			x, y := caption.XMin/72*25.4, caption.YMin/72*25.4
			got := papertest.DataMatrix(t, d.PDF, last, x-0.5, y-33.5, 33, 33)
			require.Equal(t, c.VerificationCode(), got)
			require.Equal(t, fmt.Sprintf("RXC1|%s|%d|%s", c.Number, c.Version, c.RecordDigest), got)
		})
	}
}

func TestRecordIsEmbedded(t *testing.T) {
	c := seville(t)
	d := render(t, c)
	require.Equal(t, c.Record.Content, papertest.Attachment(t, d.PDF))
	papertest.Fonts(t, d.PDF)
}

// TestClinicCopyTellsNothing looks for whatever is blinded in the copy for the clinic. I11, LB-4.
func TestClinicCopyTellsNothing(t *testing.T) {
	text := papertest.Text(t, render(t, clinic(t)).PDF)
	for _, secret := range []string{"96.2", "1.32 %", "EX-SVQ-0042", "DEV-SVQ-0007", "Evaluation", "Deviations"} {
		require.NotContains(t, text, secret)
	}
	require.Contains(t, text, "Clinic copy: contains no test results.")
	require.Contains(t, text, "– Sterility / Esterilidad, 29 NOV 2026")
	require.Contains(t, papertest.Text(t, render(t, seville(t)).PDF), "Not to be given to persons who are blinded.")
}

func TestVeryLongTextsAreDivided(t *testing.T) {
	c := seville(t)
	long := strings.TrimSpace(strings.Repeat("Wort ", 4000)) + " END"
	c.Considered[0].Assessment = long
	c.Remarks = []document.Bilingual{{English: long, Local: strings.Repeat("línea\n", 300) + "FIN"}}
	c.Relevant = []document.Bilingual{{English: strings.Repeat("x", 9000), Local: "y"}}
	text := papertest.Text(t, render(t, c).PDF)
	require.Equal(t, 8000, strings.Count(text, "Wort"))
	require.Equal(t, 300, strings.Count(text, "línea"))
	require.GreaterOrEqual(t, strings.Count(text, "x"), 9000)
	require.Contains(t, text, "FIN")
}

func TestUnprintableTextIsRefused(t *testing.T) {
	c := seville(t)
	c.PlantSignatures[0].Name = "Álvaro 😀"
	_, err := document.Render(c)
	var text *paper.TextError
	require.ErrorAs(t, err, &text)
	require.Equal(t, "signatures", text.Where)
	require.Equal(t, '😀', text.Rune)
}

func TestAppearance(t *testing.T) {
	for name, c := range samples(t) {
		t.Run(name, func(t *testing.T) {
			s := c.Certification
			s.Language = c.Language
			first, err := document.Appearance(s)
			require.NoError(t, err)
			second, err := document.Appearance(s)
			require.NoError(t, err)
			require.True(t, bytes.Equal(first, second))
			golden(t, name+"-signature.txt", papertest.Text(t, first))
			papertest.Fonts(t, first)
			rect := render(t, c).SignatureRect
			var w, h float64
			at := bytes.Index(first, []byte("/MediaBox [0 0 "))
			_, err = fmt.Sscanf(string(first[at:at+40]), "/MediaBox [0 0 %f %f]", &w, &h)
			require.NoError(t, err)
			require.InDelta(t, rect[2]-rect[0], w, 0.02, "the appearance has the shape of the field")
			require.InDelta(t, rect[3]-rect[1], h, 0.02)
		})
	}
	_, err := document.Appearance(document.SignatureBlock{Language: "es"})
	require.ErrorContains(t, err, "signature.Name is empty")
	_, err = document.Appearance(document.SignatureBlock{Language: "fr"})
	require.ErrorContains(t, err, "not a second language")
}

func TestTimesShowZoneOffsetAndUTC(t *testing.T) {
	for name, want := range map[string]string{
		"Europe/Madrid":     "22 NOV 2026 14:05 CET (+01:00)",
		"Atlantic/Canary":   "22 NOV 2026 13:05 WET (+00:00)",
		"America/Sao_Paulo": "22 NOV 2026 10:05 (-03:00)",
		"UTC":               "22 NOV 2026 13:05 UTC (+00:00)",
	} {
		t.Run(name, func(t *testing.T) {
			c := seville(t)
			c.Expiry = time.Date(2026, 11, 22, 13, 5, 0, 0, time.UTC).In(zone(t, name))
			text := papertest.Text(t, render(t, c).PDF)
			require.Contains(t, text, want+"\n22 NOV 2026 13:05 UTC\n")
		})
	}
}
