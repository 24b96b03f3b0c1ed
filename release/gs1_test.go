package release_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/templates"
	"rexbatch/testdata"
)

// scannedOff is what a scanner reads off the printed label of a container: dmtxread on the page of its PDF, with the symbology of a
// GS1 DataMatrix before it.
func (p *plant) scannedOff(number, step, container string) string {
	p.t.Helper()
	laid, err := p.batches.LabelOf(bg, number, step, container)
	require.NoError(p.t, err)
	pdf, err := laid.PDF()
	require.NoError(p.t, err)
	dir := p.t.TempDir()
	require.NoError(p.t, os.WriteFile(filepath.Join(dir, "label.pdf"), pdf, 0o600))
	said, err := exec.Command("pdftoppm", "-r", "300", "-png", "-f", "1", "-l", "1", "-singlefile", filepath.Join(dir, "label.pdf"), filepath.Join(dir, "label")).CombinedOutput()
	require.NoError(p.t, err, string(said))
	read, err := exec.Command("dmtxread", "-N1", "-m4000", "-G29", filepath.Join(dir, "label.png")).Output()
	require.NoError(p.t, err, "install it with: apt-get install dmtx-utils")
	require.True(p.t, strings.HasPrefix(string(read), "\x1d"), "FNC1 stands first: %q", read)
	return "]d2" + string(read[1:])
}

// A plant with codes of GS1 works from the print of the kit to the label of the product as any other: each label that it prints is
// found again by the scan of its own code, and any other code stops the step or is none (LB-3, I4).
func TestPlantInTheCodesOfGS1_S03toS35(t *testing.T) {
	p, s := newPlant(t, "es-gs1"), load(t, "seville-fresh")
	ss := p.enrol(s)
	n, other := p.open(s, ss, "3401-001", "S03"), p.open(s, ss, "3401-002", "S04")

	// S03 prints the kit: the bag's code comes back from paper and finds this bag and no other.
	kit := p.crew(s, ss)
	st, _ := p.load(n).Step("S03")
	by := kit.As(st.Step.Performer, false)
	require.NoError(t, p.batches.Start(bg, by, n, 0, "S03"))
	for _, f := range st.Step.FieldsAt(p.Profile.Site) {
		if v, given := s.Values["S03"][f.ID]; given {
			require.NoError(t, p.batches.Enter(bg, by, n, 0, "S03", f.ID, typed(p.Value(v))), f.ID)
		}
	}
	require.NoError(t, p.batches.Labels(bg, by, n, 0, "S03"))
	require.NoError(t, p.batches.Print(bg, by, n, "S03"))
	_, event, err := p.batches.LoadWithEvent(bg, n)
	require.NoError(t, err)
	bag := event.OfKind("harvest-bag")[0].ID.String()
	read := p.scannedOff(n, "S03", bag)
	scan, err := isbt128.ParseScan(read)
	require.NoError(t, err)
	require.Equal(t, []string{event.CoI.String(), bag, n, "1"}, []string{scan.CoI.String(), scan.ContainerID().String(), scan.Batch, string(rune('0' + scan.Serial))})
	require.NoError(t, p.batches.ScanBack(bg, by, n, 0, "S03", read))
	require.Equal(t, []string{"LB-3"}, rules(p.batches.ScanBack(bg, by, n, 0, "S03", read)), "it is scanned back already")

	for name, tt := range map[string]struct {
		raw, rule string
		kind      ledger.Kind
	}{
		"another container of this patient":    {isbt128.LabelContent{CoI: event.CoI, ID: absent(t, bag), Serial: 1, GTIN: p.batches.LabelPlant.GTIN, Batch: n}.String(), "I4", ledger.Stop},
		"the linear code, which names a batch": {"]C1" + mustLinear(p, event.CoI, bag, n), "I4", ledger.Stop},
		"a wrong check digit":                  {strings.Replace(read, "0109506000134352", "0109506000134351", 1), "ID-12", ledger.Invalid},
		"a supplier's code":                    {"]d2010950600013435210ABC123\x1d17271231", "ID-12", ledger.Invalid},
	} {
		_, match, refused := event.Scan(by, p.Clock.Now(), n+"/S03/label", chainofcustody.AnyLabel, tt.raw)
		require.True(t, match.IsZero(), name)
		require.NotNil(t, refused, name)
		require.Equal(t, []any{tt.rule, tt.kind}, []any{refused.Rule, refused.Kind}, name)
	}

	kit.ScanBack(n, st.Step)
	kit.HandOver(n, st.Step)
	require.NoError(t, p.batches.Complete(bg, by, n, 0, "S03"))
	kit.Verify(n, st.Step)

	// The rest of the record up to the label of the product, by the codes that the containers bear.
	p.playTo(s, n, ss, "S35")
	op := p.by(s, ss, people.Operator)
	_, event, err = p.batches.LoadWithEvent(bg, n)
	require.NoError(t, err)
	bottle := event.OfKind("final-container")[0]
	id := bottle.ID.String()
	require.NoError(t, p.batches.Scan(bg, op, n, 0, "S35", "scan_each", p.batches.CodeOf(p.load(n), bottle, nil)))
	require.NoError(t, p.batches.Enter(bg, op, n, 0, "S35", "language", typed("es")))
	require.NoError(t, p.batches.Enter(bg, op, n, 0, "S35", "blind_code", typed("K7-2231")))
	require.NoError(t, p.batches.Labels(bg, op, n, 0, "S35"))
	require.NoError(t, p.batches.Print(bg, op, n, "S35"))
	read = p.scannedOff(n, "S35", id)
	scan, err = isbt128.ParseScan(read)
	require.NoError(t, err)
	require.Equal(t, 2, scan.Serial)
	expires, err := scan.ExpiryIn(p.Profile.Location)
	require.NoError(t, err)
	laid, err := p.batches.LabelOf(bg, n, "S35", id)
	require.NoError(t, err)
	require.Equal(t, laid.Content.Expiry, isbt128.Expiry005(expires, p.Profile.Location), "(7003) says the expiry of the label")
	require.Equal(t, []string{"LB-1"}, rules(p.batches.ScanBack(bg, op, n, 0, "S35", p.batches.CodeOf(p.load(n), bottle, nil))), "that is the label of the filling")
	wrong := laid.Content
	wrong.Batch = other
	require.Equal(t, []string{"LB-3"}, rules(p.batches.ScanBack(bg, op, n, 0, "S35", wrong.String())), "a label that says another batch is not applied")
	require.NoError(t, p.batches.ScanBack(bg, op, n, 0, "S35", read))
	require.Zero(t, p.load(n).LabelBalance().Open)

	// A label of the other patient stops the step.
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, op, n, 0, "S35", "scan_each", "]d2"+p.codeOf(other, "harvest-bag"))))
	stopped, _ := p.load(n).Step("S35")
	require.Equal(t, batch.Stopped, stopped.Status)

	// Whatever container was scanned on the way, its code was one of GS1.
	_, event, err = p.batches.LoadWithEvent(bg, n)
	require.NoError(t, err)
	in := 0
	for _, one := range event.Scans {
		if one.Outcome == chainofcustody.Matched && one.Container != "" {
			require.Contains(t, one.Raw, "\x1d", one.Purpose)
			in++
		}
	}
	require.Greater(t, in, 20)
}

// codeOf is the code of the newest container of a kind, as the plant prints it.
func (p *plant) codeOf(number, kind string) string {
	p.t.Helper()
	b, event, err := p.batches.LoadWithEvent(bg, number)
	require.NoError(p.t, err)
	of := event.OfKind(chainofcustody.Kind(kind))
	require.NotEmpty(p.t, of, kind)
	return p.batches.CodeOf(b, of[len(of)-1], nil)
}

func mustLinear(p *plant, coi isbt128.CoI, container, number string) string {
	id, err := isbt128.ParseContainerID(container)
	require.NoError(p.t, err)
	return isbt128.LabelContent{CoI: coi, ID: id, Serial: 1, GTIN: p.batches.LabelPlant.GTIN, Batch: number}.Linear()
}

// absent is a container of the same donation that nobody made.
func absent(t *testing.T, container string) isbt128.ContainerID {
	id, err := isbt128.ParseContainerID(container[:14] + "F09999")
	require.NoError(t, err)
	return id
}

// The profile says in which codes a plant prints; what does not go together is refused when it is loaded.
func TestPlantSaysItsCodes(t *testing.T) {
	file, err := testdata.Plants.ReadFile("plants/es-gs1.yaml")
	require.NoError(t, err)
	plant, err := release.LoadPlant(file)
	require.NoError(t, err)
	require.Equal(t, "09506000134352", plant.Labels().GTIN.String())
	for name, tt := range map[string]struct{ from, to, why string }{
		"no number":          {"gtin: \"09506000134352\"\n", "", "gtin"},
		"wrong check digit":  {"09506000134352", "09506000134353", "check digit"},
		"number without use": {"codes: gs1", "codes: isbt128", "codes: gs1 only"},
		"unknown":            {"codes: gs1", "codes: qr", "neither"},
	} {
		text := strings.Replace(string(file), tt.from, tt.to, 1)
		require.NotEqual(t, string(file), text, name)
		_, err := release.LoadPlant([]byte(text))
		require.ErrorContains(t, err, tt.why, name)
	}
	for _, profile := range []string{"es-svq", "de-fra"} {
		file, err := templates.Plants.ReadFile("plants/" + profile + ".yaml")
		require.NoError(t, err)
		plant, err := release.LoadPlant(file)
		require.NoError(t, err)
		require.True(t, plant.Labels().GTIN.IsZero(), "the codes of the identifiers are the default")
	}
}
