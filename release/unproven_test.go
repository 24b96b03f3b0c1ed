package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// process scenario 4: the hospital was offline when the bag was labelled. Its step is entered from paper, the identity is not
// proven; the plant controls the start material, processes it at risk when QA says so, and nobody certifies before the proof
// is signed by QA and a witness.
func TestBrokenChainScanMissing_4(t *testing.T) {
	p, s, ss, number := upTo(t, "S06")
	nurse, qa := p.by(s, ss, people.Nurse), p.by(s, ss, people.QA)
	b := p.load(number)
	require.Empty(t, b.Unproven())
	require.Equal(t, []string{"AT-11"}, rules(p.batches.DeclareUnscanned(bg, nurse, number, 0, "S07", "the network was down")), "only where the scan proves whose it is")
	require.Equal(t, []string{"CS-66"}, rules(p.batches.DeclareUnscanned(bg, qa, number, 0, "S06", "the network was down")), "by who was there")
	require.NoError(t, p.batches.DeclareUnscanned(bg, nurse, number, 0, "S06", "the network of the ward was down, see form 118"))
	require.Equal(t, []string{"AT-11"}, rules(p.batches.DeclareUnscanned(bg, nurse, number, 0, "S06", "once more")))
	require.Len(t, p.load(number).Unproven(), 1)
	require.Len(t, p.ofClass(number, batch.Unscanned), 1, "an exception, and its deviation by rule")
	require.NotNil(t, p.ofClass(number, batch.Unscanned)[0].Deviation)

	p.onPaper(s, ss, number, "S06")
	p.playTo(s, number, ss, "S14")
	h, held := p.load(number).Held()
	require.True(t, held, "the start material was controlled; beyond that the identity has to be proven")
	require.Equal(t, batch.HoldUnproven, h.Cause)
	st, _ := p.load(number).Step("S14")
	require.Equal(t, []string{"AT-59"}, rules(p.batches.Start(bg, p.by(s, ss, st.Step.Performer), number, 0, "S14")))
	require.Equal(t, []string{"AT-59"}, rules(p.batches.LetGoOn(bg, p.by(s, ss, people.ProductionLead), number, 0, h.ID, "there is no time")), "QA alone lets it go on at risk")
	require.NoError(t, p.batches.LetGoOn(bg, qa, number, 0, h.ID, "processed at risk: the cells do not keep, HLA is ordered"))
	p.playTo(s, number, ss, "S44")
	require.Contains(t, rules(p.refusals(s, ss, number)), "AT-11", "nothing is certified")

	proof := batch.Proof{Method: batch.ByHLA, Reference: "LAB-2026-118", Finding: "The HLA type of the bag is that of the patient."}
	form := batch.PaperForm{Name: "form-118.pdf", Content: []byte("%PDF-1.4 the scanned form")}
	qaSigns, other := p.signer(ss[s.who(people.QA, false)], people.QA), p.signer(ss[s.who(people.ProductionLead, false)], people.ProductionLead)
	for what, c := range map[string]struct {
		form    batch.PaperForm
		proof   batch.Proof
		witness batch.Signer
		rule    string
	}{
		"without the form":    {batch.PaperForm{Name: "x.txt", Content: []byte("words")}, proof, other, "AT-11"},
		"by no known method":  {form, batch.Proof{Method: "handwriting", Reference: "LAB-1", Finding: proof.Finding}, other, "AT-11"},
		"without a finding":   {form, batch.Proof{Method: batch.ByHLA, Reference: "LAB-2026-118"}, other, "AT-59"},
		"with oneself beside": {form, proof, qaSigns, "AT-11"},
	} {
		require.Equal(t, []string{c.rule}, rules(p.batches.ProveIdentity(bg, qa, number, 0, c.form, c.proof, c.witness, qaSigns)), what)
	}
	require.NoError(t, p.batches.ProveIdentity(bg, qa, number, 0, form, proof, other, qaSigns))
	b = p.load(number)
	require.Empty(t, b.Unproven())
	require.Equal(t, batch.ByHLA, b.Proof.Method)
	kept, err := p.log.Blob(bg, ledger.DigestOf(form.Content))
	require.NoError(t, err)
	require.Equal(t, form.Content, kept, "the form is kept byte for byte (I14)")
	require.NotContains(t, rules(p.refusals(s, ss, number)), "AT-11")
}

// onPaper does a step whose labels nobody scanned: everything else, completed and confirmed by the second person without a
// scan of their own.
func (p *plant) onPaper(s scenario, ss map[string]people.Session, number, step string) {
	p.t.Helper()
	st, _ := p.load(number).Step(step)
	by := p.by(s, ss, st.Step.Performer)
	for _, f := range st.Step.FieldsAt(p.Profile.Site) {
		if v, given := s.Values[step][f.ID]; given && f.Type != mbr.TypeScan && f.Type != mbr.TypeComputed {
			require.NoError(p.t, p.batches.Enter(bg, by, number, 0, step, f.ID, typed(p.Value(v))), f.ID)
		}
	}
	require.NoError(p.t, p.batches.Complete(bg, by, number, 0, step))
	second := ss[s.who(st.Step.Second.Role, true)]
	require.NoError(p.t, p.confirm(second, st.Step.Second.Role, number, step, ""))
}

// refusals is what stands against the certification.
func (p *plant) refusals(s scenario, ss map[string]people.Session, number string) error {
	p.t.Helper()
	qp := ss[s.who(people.QP, false)]
	prompt, err := p.release.Prompt(bg, releaseSigner(qp.Account, people.QP), number, mbr.ActCertification)
	require.NoError(p.t, err)
	return prompt.Refusals.Err()
}
