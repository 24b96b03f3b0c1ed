package label_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/label"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/paper/papertest"
	"rexbatch/templates"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing them")

// The dots of common label printers, for each millimetre.
const (
	dpi203 = 8.0
	dpi300 = 300 / 25.4
)

func set(t testing.TB) *label.Set {
	t.Helper()
	s, err := label.Load(templates.Labels)
	require.NoError(t, err)
	return s
}

func facts(t testing.TB, kind, language string) label.Facts {
	t.Helper()
	coi, err := isbt128.ParseCoI("CHA999926000123")
	require.NoError(t, err)
	id, err := isbt128.ParseContainerID("A999926000123/F00020")
	require.NoError(t, err)
	zone, err := time.LoadLocation("Europe/Madrid")
	require.NoError(t, err)
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	shipment, box := "", ""
	if kind == "transport-box" {
		shipment, box = "SVQ-S-26-000123", "BOX-07"
	}
	return label.Facts{
		Shipment: shipment, Box: box, Kind: kind, Language: language, Content: isbt128.LabelContent{CoI: coi, ID: id, Serial: 1},
		Plant: label.Plant{
			Protocol: "REX-001-DEMO", Sponsor: "REX-001 demonstration sponsor", Contact: "+34 900 000 000 (demonstration number)",
			Manufacturer: "REX-001 demonstration plant Seville", Address: "Parque Tecnológico (demonstration address), 41092 Sevilla, España",
			ProductName: "REX-001 / placebo", StorageMin: "2", StorageMax: "8", Zone: zone,
		},
		Subject: "ES07-0042", Batch: "SVQ2600123X", BlindCode: "B-4711",
		Collected: at, Prepared: at.Add(6 * time.Hour), Expires: at.Add(48 * time.Hour), Issued: at.Add(7 * time.Hour),
	}
}

// everyLabel calls f with the facts of each label in each language.
func everyLabel(t *testing.T, s *label.Set, f func(name string, facts label.Facts)) {
	for _, language := range label.Languages {
		for _, tm := range s.Templates() {
			for _, kind := range tm.Kinds {
				one := facts(t, kind, language)
				one.Product, one.Blinded = tm.Product, tm.Blinded
				if tm.Product && !tm.Blinded {
					one.Strength, one.Quantity = "4 × 10⁸ to 1.2 × 10⁹ white blood cells", "20.0 mL"
				}
				f(fmt.Sprintf("%s-%s-%s", tm.ID, kind, language), one)
			}
		}
	}
}

// LB-2: every language of a destination has every wording; a missing one bars the label and is named.
func TestEveryLanguageHasEveryWording_LB2(t *testing.T) {
	s := set(t)
	want := s.Keys("en")
	require.Greater(t, len(want), 35)
	for _, language := range label.Languages {
		require.Equal(t, want, s.Keys(language), language)
	}
	f := facts(t, "final-container", "fr")
	_, err := s.Lay(f)
	var refused *ledger.Refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "no-wording", refused.Code)
	require.Equal(t, "LB-2", refused.Rule)
	require.Equal(t, "fr", refused.Args["language"])
}

// Every label in every language can be laid out, with the longest warnings too; what does not fit stands on the
// accompanying document and nowhere else.
func TestEveryLabelFits(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		for _, warned := range []bool{false, true} {
			f.Biohazard, f.NotEvaluated, f.Abroad = warned, warned, warned
			l, err := s.Lay(f)
			require.NoError(t, err, name)
			require.Equal(t, len(l.Moved) > 0, len(l.Sheets) > 1, name)
			if !warned && !f.Product {
				require.Len(t, l.Sheets, 1, name)
			}
			for _, must := range []string{"autologous", "expires", "storage", "subject", "batch", "title", "biohazard", "not_evaluated", "blind", "serial"} {
				if strings.HasPrefix(name, "sample-") && slices.Contains([]string{"batch", "not_evaluated"}, must) {
					continue // a tube has no room for them beside the warnings
				}
				require.NotContains(t, l.Moved, must, "%s: it is affixed", name)
			}
		}
	})
}

// The codes read back from the PDF page and from the dots of both printers (LB-3).
func TestCodesReadBack_LB3(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		if f.Language != "es" || !slices.Contains([]string{"harvest-bag", "donor-sample", "tube", "final-container", "transport-box"}, f.Kind) {
			return
		}
		l, err := s.Lay(f)
		require.NoError(t, err)
		for _, perMM := range []float64{dpi203, dpi300} {
			bits, err := l.Sheets[0].Bitmap(perMM)
			require.NoError(t, err)
			require.Equal(t, l.Code(), read(t, bits), "%s at %.1f dots", name, perMM)
		}
		pdf, err := l.PDF()
		require.NoError(t, err)
		require.Equal(t, l.Code(), readPDF(t, pdf), name)
		if f.Shipment != "" {
			_, err := isbt128.ParseScan(l.Code())
			require.Error(t, err, "the code of a box is that of no container (I4)")
			return
		}
		scan, err := isbt128.ParseScan(l.Content.String())
		require.NoError(t, err)
		require.Equal(t, f.Content.CoI, scan.CoI)
		require.Equal(t, f.Product, scan.Expiry != "")
	})
}

// read reads the Data Matrix of a picture with a program that we did not write.
func read(t *testing.T, bits *paper.Bitmap) string {
	t.Helper()
	var picture bytes.Buffer
	require.NoError(t, bits.PNG(&picture))
	file := filepath.Join(t.TempDir(), "label.png")
	require.NoError(t, os.WriteFile(file, picture.Bytes(), 0o600))
	return dmtxread(t, file)
}

func dmtxread(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("dmtxread", "-N1", "-m4000", file).Output()
	require.NoError(t, err, "install it with: apt-get install dmtx-utils")
	return string(out)
}

func readPDF(t *testing.T, pdf []byte) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "label.pdf"), pdf, 0o600))
	out, err := exec.Command("pdftoppm", "-r", "300", "-png", "-f", "1", "-l", "1", "-singlefile", filepath.Join(dir, "label.pdf"), filepath.Join(dir, "label")).CombinedOutput()
	require.NoError(t, err, string(out))
	return dmtxread(t, filepath.Join(dir, "label.png"))
}

// The text of labels, and where they stand in dots, as golden files.
func TestGoldenLabels(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		if !slices.Contains([]string{"es", "de", "hu"}, f.Language) || !slices.Contains([]string{"harvest-bag", "donor-sample", "tube", "final-container", "transport-box"}, f.Kind) {
			return
		}
		t.Run(name, func(t *testing.T) {
			says(t, s, f, name)
		})
	})
}

// says holds the text of a label against its golden file.
func says(t *testing.T, s *label.Set, f label.Facts, name string) {
	t.Helper()
	l, err := s.Lay(f)
	require.NoError(t, err)
	pdf, err := l.PDF()
	require.NoError(t, err)
	got := papertest.Text(t, pdf)
	golden := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run with -update if the change is intended, and look at the pictures (LABEL_PICTURES)")
}

// LABEL_PICTURES=DIR writes every label as a picture of 300 dpi, to be looked at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("LABEL_PICTURES")
	if dir == "" {
		t.Skip("LABEL_PICTURES names no folder")
	}
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		for coding, f := range map[string]label.Facts{"": f, "-gs1": inGS1(t, f)} {
			l, err := s.Lay(f)
			require.NoError(t, err)
			for i, sheet := range l.Sheets {
				bits, err := sheet.Bitmap(dpi300)
				require.NoError(t, err)
				var picture bytes.Buffer
				require.NoError(t, bits.PNG(&picture))
				require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s%s-%d.png", name, coding, i+1)), picture.Bytes(), 0o600))
			}
		}
	})
}

// Without a fact that the template asks for there is no label (scenario 2: a label that lacks one element).
func TestLabelWithoutOneElement_2(t *testing.T) {
	s := set(t)
	for fact, drop := range map[string]func(*label.Facts){
		"subject": func(f *label.Facts) { f.Subject = "" }, "batch": func(f *label.Facts) { f.Batch = "" }, "expiry": func(f *label.Facts) { f.Expires = time.Time{} },
		"collected": func(f *label.Facts) { f.Collected = time.Time{} }, "storage_min": func(f *label.Facts) { f.StorageMin = "" }, "blind": func(f *label.Facts) { f.BlindCode = "" },
	} {
		f := facts(t, "final-container", "es")
		f.Product, f.Blinded = true, true
		drop(&f)
		_, err := s.Lay(f)
		var refused *ledger.Refusal
		require.ErrorAs(t, err, &refused, fact)
		require.Equal(t, "no-fact", refused.Code)
		require.Equal(t, fact, refused.Args["fact"])
	}
}

// LB-4, scenario 45: whatever differs between the arms, the blinded label shows none of it; only the code may differ.
func TestBlindedLabelTellsNoArm_45(t *testing.T) {
	s := set(t)
	active := facts(t, "final-container", "de")
	active.Product, active.Blinded = true, true
	placebo := active
	active.Quantity, active.Strength, active.Prepared = "18.0 mL", "8 × 10⁸ white blood cells", active.Collected.Add(5*time.Hour)
	placebo.Quantity, placebo.Strength, placebo.Prepared = "40.0 mL", "", active.Collected.Add(9*time.Hour)
	a, err := s.Lay(active)
	require.NoError(t, err)
	p, err := s.Lay(placebo)
	require.NoError(t, err)
	for _, perMM := range []float64{dpi203, dpi300} {
		az, err := a.ZPL(perMM, paper.Drawn)
		require.NoError(t, err)
		pz, err := p.ZPL(perMM, paper.Drawn)
		require.NoError(t, err)
		require.True(t, bytes.Equal(az, pz), "not one dot differs")
	}
	placebo.BlindCode = "B-4712"
	p, err = s.Lay(placebo)
	require.NoError(t, err)
	at, bt := pageText(t, a), pageText(t, p)
	require.Equal(t, at, strings.ReplaceAll(bt, "B-4712", "B-4711"))
	require.NotContains(t, at, "mL")
}

func pageText(t *testing.T, l *label.Label) string {
	t.Helper()
	pdf, err := l.PDF()
	require.NoError(t, err)
	return papertest.Text(t, pdf)
}

// The expiry is printed on the clock of the destination, with UTC beneath where the label crosses a border, and the code
// says the same.
func TestExpiryOnTheClockOfTheDestination(t *testing.T) {
	s := set(t)
	f := facts(t, "final-container", "pt")
	f.Product, f.Blinded, f.Abroad = true, true, true
	var err error
	f.Zone, err = time.LoadLocation("Europe/Lisbon")
	require.NoError(t, err)
	l, err := s.Lay(f)
	require.NoError(t, err)
	text := pageText(t, l)
	require.Contains(t, text, "24 NOV 2026 09:00 WET")
	require.Contains(t, text, "(24 NOV 2026 09:00 UTC)")
	scan, err := isbt128.ParseScan(l.Content.String())
	require.NoError(t, err)
	at, err := scan.ExpiryIn(f.Zone)
	require.NoError(t, err)
	require.True(t, at.Equal(f.Expires))
}

// The same facts give the same bytes.
func TestLabelsAreDeterministic(t *testing.T) {
	s := set(t)
	everyLabel(t, s, func(name string, f label.Facts) {
		if f.Language != "en" {
			return
		}
		first, err := s.Lay(f)
		require.NoError(t, err)
		again, err := set(t).Lay(f)
		require.NoError(t, err)
		a, err := first.PDF()
		require.NoError(t, err)
		b, err := again.PDF()
		require.NoError(t, err)
		require.True(t, bytes.Equal(a, b), name)
	})
}
