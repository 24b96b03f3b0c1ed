package release_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/release/record"
)

// process scenario 20, CS-21: a numbered paper pack is issued before the server goes down, covers what is still to be done and
// nothing that tells the arm, is one at a time, and keeps the review open until it came back with its sheets.
func TestPaperPackHasASerialAndComesBack_20(t *testing.T) {
	p, s, ss, number := upTo(t, "S11")
	lead, qa := p.by(s, ss, people.ProductionLead), p.by(s, ss, people.QA)
	_, err := p.batches.IssuePack(bg, p.by(s, ss, people.Operator), number, 0)
	require.Equal(t, []string{"CS-21"}, rules(err))
	serial, err := p.batches.IssuePack(bg, lead, number, 0)
	require.NoError(t, err)
	require.Equal(t, "PAP-SVQ26-00001", serial)
	_, err = p.batches.IssuePack(bg, lead, number, 0)
	require.Equal(t, []string{"CS-21"}, rules(err), "one at a time")
	_, steps, err := p.load(number).PackOf(serial)
	require.NoError(t, err)
	require.Equal(t, "S11", steps[0].ID)
	for _, step := range steps {
		require.False(t, step.Blind, "%s would tell the arm (I11)", step.ID)
		require.Empty(t, step.Act)
	}
	for lang, want := range map[string][]string{"es": {serial, "Paquete de papel", "S11", "Iniciales"}, "de": {"Papiersatz", "Kürzel"}, "en": {"Initials", "Second person, signature"}} {
		pdf, err := record.PrintPack(bg, p.load(number), p.Profile, serial, record.Copy{Lang: lang, Account: "ana", At: p.Clock.Now()})
		require.NoError(t, err)
		pages := papertest.Pages(t, pdf)
		for _, w := range want {
			require.True(t, strings.Contains(strings.Join(pages, "\n"), w), "%s: %q is not printed", lang, w)
		}
		kept(t, "pack-"+lang+".pdf", pdf)
	}
	out := func() bool {
		prompt, err := p.release.Prompt(bg, releaseSigner(ss[s.who(people.QA, false)].Account, people.QA), number, mbr.ActQAReview)
		require.NoError(t, err)
		return strings.Contains(prompt.Refusals.Err().Error(), serial)
	}
	require.True(t, out(), "nobody reviews a record with a pack out")
	sheets := batch.PaperForm{Name: "pack.pdf", Content: []byte("%PDF-1.4 sheets")}
	require.Equal(t, []string{"AT-11"}, rules(p.batches.ReturnPack(bg, qa, number, 0, serial, true, batch.PaperForm{}, "used for S11 and S12")), "not without its sheets")
	require.NoError(t, p.batches.ReturnPack(bg, qa, number, 0, serial, true, sheets, "used for S11 and S12"))
	require.Equal(t, []string{"CS-21"}, rules(p.batches.ReturnPack(bg, qa, number, 0, serial, false, sheets, "once more")))
	require.False(t, out())
	next, err := p.batches.IssuePack(bg, qa, number, 0)
	require.NoError(t, err)
	require.Equal(t, "PAP-SVQ26-00002", next)
	require.NoError(t, p.batches.ReturnPack(bg, lead, number, 0, next, false, batch.PaperForm{}, "the server stayed up"))
}
