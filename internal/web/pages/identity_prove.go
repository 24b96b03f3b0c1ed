package pages

import (
	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// stepUnscanned is POST /batches/:batch/steps/:step/unscanned: nothing could be scanned, the step is entered from paper.
func (v *visit) stepUnscanned() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.DeclareUnscanned(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.FormValue("reason"))
	if err != nil {
		return v.again(err)
	}
	return v.done("unscanned")
}

// proofView is the identity that no scan has proven: in which steps, and the proof once it is signed.
type proofView struct {
	Steps   []string // with why nothing was scanned
	Proof   string   // what proves it, who signed, when; empty while nothing does
	Finding string
	May     bool
	Methods []choice
	Roles   []choice // in which a witness signs
	Kept    proofForm
}

// proofForm is what was typed before a refusal.
type proofForm struct{ Reference, Finding, Username string }

// proof is nil where every scan was made.
func (v *visit) proof(b *batch.Batch) *proofView {
	n := namer{visit: v, batch: b}
	out := proofView{May: b.Proof == nil && v.has(people.QA), Kept: proofForm{v.FormValue("reference"), v.FormValue("finding"), v.FormValue("username")}}
	for _, st := range b.Steps() {
		if st.Unscanned != nil {
			out.Steps = append(out.Steps, n.step(st.Step.ID)+": "+st.Unscanned.Reason+" ("+v.full(st.Unscanned.By)+", "+moment(st.Unscanned.At, v.zone())+")")
		}
	}
	if len(out.Steps) == 0 {
		return nil
	}
	if p := b.Proof; p != nil {
		out.Proof = v.T("proof.signed", "method", v.word("proof-method", string(p.Method)), "reference", p.Reference, "form", p.Name, "by", p.Signature.Name, "witness", p.Witness.Name, "at", moment(p.At, v.zone()))
		out.Finding = p.Finding
	}
	for _, m := range batch.Methods() {
		out.Methods = append(out.Methods, choice{Code: string(m), Name: v.word("proof-method", string(m)), Chosen: v.FormValue("method") == string(m)})
	}
	for _, r := range []people.Role{people.QA, people.ProductionLead, people.QCReviewer, people.Investigator} {
		out.Roles = append(out.Roles, choice{Code: string(r), Name: v.word("role", string(r)), Chosen: v.FormValue("role") == string(r)})
	}
	return &out
}

// identityProve is POST /batches/:batch/identity-proof: paper form, witness and retrospective check, signed by QA.
func (v *visit) identityProve() error {
	content, name, err := v.uploaded("file", batch.MaxForm)
	if err != nil {
		return err
	}
	return v.onCourse("proved", isQA, func(by ledger.Author) error {
		proof := batch.Proof{Method: batch.Method(v.FormValue("method")), Reference: v.FormValue("reference"), Finding: v.FormValue("finding")}
		witness := v.desk.Beside(v.FormValue("username"), v.FormValue("witness"), people.Role(v.FormValue("role")))
		return v.plant().Batches.ProveIdentity(v.ctx(), by, v.Param("batch"), v.seen(), batch.PaperForm{Name: name, Content: content}, proof, witness,
			v.desk.Signer(by.Role, v.FormValue("password")))
	})
}
