package release_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/plantest"
	"rexbatch/release/record"
)

// process scenario 4: the hospital was offline when the bag was labelled. Its step is entered from paper, the identity is not
// proven; the plant controls the start material, processes it at risk when QA says so, and nobody certifies before the proof
// is signed by QA and a witness.
func TestBrokenChainScanMissing_4(t *testing.T) {
	p, s, ss, number := upTo(t, "S06")
	nurse, qa := p.by(s, ss, people.Nurse), p.by(s, ss, people.QA)
	b := p.load(number)
	require.Empty(t, b.Unproven())
	done := p.Clock.Now()
	require.Equal(t, []string{"AT-11"}, rules(p.batches.DeclareUnscanned(bg, nurse, number, 0, "S06", done, "the network was down")), "whoever stands there scans")
	p.Clock.Pass(40 * time.Minute)
	ss = p.again(ss)
	require.Equal(t, []string{"AT-11"}, rules(p.batches.DeclareUnscanned(bg, nurse, number, 0, "S07", done, "the network was down")), "only where the scan proves whose it is")
	require.Equal(t, []string{"CS-66"}, rules(p.batches.DeclareUnscanned(bg, qa, number, 0, "S06", done, "the network was down")), "by who was there")
	require.NoError(t, p.batches.DeclareUnscanned(bg, nurse, number, 0, "S06", done, "the network of the ward was down, see form 118"))
	require.Equal(t, []string{"AT-11"}, rules(p.batches.DeclareUnscanned(bg, nurse, number, 0, "S06", done, "once more")))
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

	proof := batch.Proof{Method: batch.ByHLA, Archive: "trial file, form 118", Reference: "LAB-2026-118", Finding: "The HLA type of the bag is that of the patient."}
	form := batch.PaperForm{Content: []byte("%PDF-1.4 the scanned form")}
	qaSigns, other := p.signer(ss[s.who(people.QA, false)], people.QA), p.signer(ss[s.who(people.ProductionLead, false)], people.ProductionLead)
	for what, c := range map[string]struct {
		form    batch.PaperForm
		proof   batch.Proof
		witness batch.Signer
		rule    string
	}{
		"without the form":    {batch.PaperForm{Content: []byte("words")}, proof, other, "AT-11"},
		"by no known method":  {form, batch.Proof{Method: "handwriting", Archive: "trial file", Reference: "LAB-1", Finding: proof.Finding}, other, "AT-11"},
		"without a finding":   {form, batch.Proof{Method: batch.ByHLA, Archive: "trial file", Reference: "LAB-2026-118"}, other, "AT-59"},
		"with oneself beside": {form, proof, qaSigns, "AT-11"},
		"by who was there":    {form, proof, p.signer(ss[s.who(people.Nurse, false)], people.Nurse), "AT-11"},
		"by a courier":        {form, proof, p.signer(ss[s.who(people.Courier, false)], people.Courier), "AT-11"},
	} {
		require.Equal(t, []string{c.rule}, rules(p.batches.ProveIdentity(bg, qa, number, 0, c.form, c.proof, c.witness, qaSigns)), what)
	}
	require.NoError(t, p.batches.ProveIdentity(bg, qa, number, 0, form, proof, other, qaSigns))
	b = p.load(number)
	require.Empty(t, b.Unproven())
	require.Equal(t, batch.ByHLA, b.Proofs[0].Method)
	require.Equal(t, ledger.DigestOf(form.Content), b.Proofs[0].Form)
	_, err := p.log.Blob(bg, b.Proofs[0].Form)
	require.ErrorIs(t, err, ledger.ErrNotFound, "the form bears the patient's name: its bytes are in no entry (I12)")
	require.NotContains(t, rules(p.refusals(s, ss, number)), "AT-11")
}

// A proof is of the absences that it names: one that is declared after it needs a proof of its own.
func TestProofCoversWhatItNames_4(t *testing.T) {
	p, s, ss, number := upTo(t, "S04")
	done := p.Clock.Now()
	p.Clock.Pass(40 * time.Minute)
	ss = p.again(ss)
	require.NoError(t, p.batches.DeclareUnscanned(bg, p.by(s, ss, people.Physician), number, 0, "S04", done, "no network, form 118"))
	p.onPaper(s, ss, number, "S04")
	prove := func() error {
		return p.batches.ProveIdentity(bg, p.by(s, ss, people.QA), number, 0, batch.PaperForm{Content: []byte("%PDF-1.4 form")},
			batch.Proof{Method: batch.BySTR, Archive: "trial file, form 118", Reference: "LAB-2026-118", Finding: "The profile is that of the patient."},
			p.signer(ss[s.who(people.ProductionLead, false)], people.ProductionLead), p.signer(ss[s.who(people.QA, false)], people.QA))
	}
	require.NoError(t, prove())
	require.Empty(t, p.load(number).Unproven())
	p.playTo(s, number, ss, "S06")
	require.NoError(t, p.batches.DeclareUnscanned(bg, p.by(s, ss, people.Nurse), number, 0, "S06", done, "no network, form 119"))
	require.Len(t, p.load(number).Unproven(), 1)
	require.NoError(t, prove())
	require.Empty(t, p.load(number).Unproven())
	require.Equal(t, []string{"AT-11"}, rules(prove()), "nothing is left to prove")
}

// What was split from a batch shows what its parent's identity rests on: the absent scan, and the proof that was signed there. A
// proof that a parent gets later reaches them, too (scenarios 4 and 7).
func TestChildrenShowTheProofOfTheirParent_4(t *testing.T) {
	p, s, ss, number := upTo(t, "S06")
	done := p.Clock.Now()
	p.Clock.Pass(40 * time.Minute)
	ss = p.again(ss)
	qa, lead := p.by(s, ss, people.QA), p.by(s, ss, people.ProductionLead)
	require.NoError(t, p.batches.DeclareUnscanned(bg, p.by(s, ss, people.Nurse), number, 0, "S06", done, "the network of the ward was down, see form 118"))
	p.onPaper(s, ss, number, "S06")
	prove := func(reference string) error {
		return p.batches.ProveIdentity(bg, qa, number, 0, batch.PaperForm{Content: []byte("%PDF-1.4 form")},
			batch.Proof{Method: batch.ByHLA, Archive: "trial file, form 118", Reference: reference, Finding: "The HLA type of the bag is that of the patient."},
			p.signer(ss[lead.Account], people.ProductionLead), p.signer(ss[qa.Account], people.QA))
	}
	require.NoError(t, prove("LAB-2026-118"))
	h, held := p.load(number).Held()
	require.True(t, held)
	require.NoError(t, p.batches.LetGoOn(bg, qa, number, 0, h.ID, "the identity is proven"))
	p.playTo(s, number, ss, "S15")
	found, _ := p.load(number).Exceptions()
	for _, e := range found {
		if e.Open() {
			require.NoError(t, p.assess(s, ss, number, e.ID), e.ID)
		}
	}
	ml := func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	children, err := p.batches.Split(bg, lead, number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	for _, child := range children {
		b := p.load(child)
		require.Empty(t, b.Unproven())
		require.Len(t, p.ofClass(child, batch.Unscanned), 1, "its reviewer sees it")
		require.Len(t, b.Proofs, 1)
		require.Equal(t, number, b.Proofs[0].Batch)
		require.Equal(t, p.load(number).Proofs[0].Signature, b.Proofs[0].Signature)
		text := strings.Join(strings.Fields(strings.Join(papertest.Pages(t, p.printed(s, child)), "")), "")
		require.Contains(t, text, "LAB-2026-118")
		require.Contains(t, text, "Signedinbatch"+number)
		require.Contains(t, text, b.Proofs[0].Witness.Digest.String()[:16])
		require.NotContains(t, text, "IDENTITYNOTPROVEN")
	}

	// As a ledger from before this was refused: the parent was split unproven.
	_, err = p.log.Append(bg, ledger.Append{Author: lead, Streams: []ledger.StreamAppend{{Stream: batch.Stream(number), Expected: p.load(number).Version, Drafts: []ledger.Draft{
		{Type: "batch.scans-absent", Data: map[string]any{"step": "S04", "reason": "the network was down", "done": done}},
	}}}})
	require.NoError(t, err)
	require.NoError(t, prove("LAB-2026-119"))
	for _, child := range children {
		require.Len(t, p.load(child).Proofs, 2)
	}
}

// printed is the record of a batch as it is printed now.
func (p *plant) printed(s scenario, number string) []byte {
	p.t.Helper()
	source, err := record.Load(bg, p.batches, p.release.Plant, number, func(account string) string { return s.People[account].Name })
	require.NoError(p.t, err)
	pdf, err := record.Print(bg, source, record.Copy{Lang: "en", Name: "A Person", Account: "person", At: p.Clock.Now().Add(time.Minute)}, nil)
	require.NoError(p.t, err)
	return pdf
}

// again signs everybody in anew: their sessions have ended.
func (p *plant) again(ss map[string]people.Session) map[string]people.Session {
	p.t.Helper()
	out := map[string]people.Session{}
	for username := range ss {
		session, _, err := p.people.SignIn(bg, username, password, plantest.Terminal)
		require.NoError(p.t, err)
		out[username] = session
	}
	return out
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
