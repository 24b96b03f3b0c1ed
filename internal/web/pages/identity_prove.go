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
	done, err := v.pickedTime("done")
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.DeclareUnscanned(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), done, v.FormValue("reason"))
	if err != nil {
		return v.again(err)
	}
	return v.done("unscanned")
}

// proofView is the identity that no scan has proven: in which steps, and the proof once it is signed.
type proofView struct {
	Steps   []string     // with why nothing was scanned
	Proofs  []provenView // what was signed
	Open    bool         // not every absence is proven
	May     bool
	Methods []choice
	Roles   []choice // in which a witness signs
	Kept    proofForm
}

// provenView is a signed proof: what proves it, who signed, when.
type provenView struct{ Text, Finding string }

// proofForm is what was typed before a refusal.
type proofForm struct{ Archive, Reference, Finding, Username string }

// proof is nil where every scan was made.
func (v *visit) proof(b *batch.Batch) *proofView {
	n := namer{visit: v, batch: b}
	open := len(b.Unproven()) > 0
	out := proofView{Open: open, May: open && v.has(people.QA), Kept: proofForm{v.FormValue("archive"), v.FormValue("reference"), v.FormValue("finding"), v.FormValue("username")}}
	for _, st := range b.Steps() {
		if st.Unscanned != nil {
			out.Steps = append(out.Steps, n.step(st.Step.ID)+": "+st.Unscanned.Reason+" ("+v.full(st.Unscanned.By)+", "+moment(st.Unscanned.Done, v.zone())+")")
		}
	}
	if len(out.Steps) == 0 {
		return nil
	}
	for _, p := range b.Proofs {
		out.Proofs = append(out.Proofs, provenView{v.T("proof.signed", "method", v.word("proof-method", string(p.Method)), "reference", p.Reference, "form", p.Archive,
			"digest", p.Form.String()[:16], "by", p.Signature.Name, "witness", p.Witness.Name, "at", moment(p.At, v.zone())), p.Finding})
	}
	for _, m := range batch.Methods() {
		out.Methods = append(out.Methods, choice{Code: string(m), Name: v.word("proof-method", string(m)), Chosen: v.FormValue("method") == string(m)})
	}
	for _, r := range batch.Witnesses() {
		out.Roles = append(out.Roles, choice{Code: string(r), Name: v.word("role", string(r)), Chosen: v.FormValue("role") == string(r)})
	}
	return &out
}

// identityProve is POST /batches/:batch/identity-proof: paper form, witness and retrospective check, signed by QA.
func (v *visit) identityProve() error {
	content, _, err := v.uploaded("file", batch.MaxForm)
	if err != nil {
		return err
	}
	return v.onCourse("proved", isQA, func(by ledger.Author) error {
		proof := batch.Proof{Method: batch.Method(v.FormValue("method")), Archive: v.FormValue("archive"), Reference: v.FormValue("reference"), Finding: v.FormValue("finding")}
		witness := v.desk.Beside(v.FormValue("username"), v.FormValue("witness"), people.Role(v.FormValue("role")))
		return v.plant().Batches.ProveIdentity(v.ctx(), by, v.Param("batch"), v.seen(), batch.PaperForm{Content: content}, proof, witness,
			v.desk.Signer(by.Role, v.FormValue("password")))
	})
}
