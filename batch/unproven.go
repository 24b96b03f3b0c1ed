package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// A hospital that was offline at the harvest has a bag that nobody scanned. Its step is entered from the paper form with the
// scans declared absent: the identity is not proven then. The control of the start material goes on; beyond it QA lets the
// batch go on at risk, and nothing is certified before the proof is signed (scenario 4).

// Absence is that the labels of a step were not scanned.
type Absence struct {
	Reason string
	Done   time.Time // when the step was done, as the paper says
	By     string
	At     time.Time
	Seq    uint64

	Version uint64 // of the entry in the batch's stream: known before it is appended
}

// Method is how an identity was checked afterwards.
type Method string

// The methods of a retrospective check.
const (
	ByHLA        Method = "hla"
	ByBloodGroup Method = "blood-group"
	BySTR        Method = "str" // profile of short tandem repeats
)

// Methods are all methods of a retrospective check.
func Methods() []Method { return []Method{ByHLA, ByBloodGroup, BySTR} }

// Proof is what proves an identity that no scan has proven: the paper form, a second witness, and a check of the material
// against the patient. The form bears the patient's name and stays in the hospital's trial file: the record keeps its SHA-256
// and where it is (I12).
type Proof struct {
	Covers    []Covered        `json:"covers"`          // the absences that it is about; a later one needs a proof of its own
	Batch     string           `json:"batch,omitempty"` // in which it was signed: what was split from that one has it too
	Form      ledger.Digest    `json:"form"`            // of the scanned paper form: a PDF, PNG or JPEG
	Archive   string           `json:"archive"`         // where the form is kept
	Method    Method           `json:"method"`
	Reference string           `json:"reference"` // of the laboratory's report
	Finding   string           `json:"finding"`   // what it says
	Witness   people.Signature `json:"witness"`
	Signature people.Signature `json:"signature"` // of QA
	At        time.Time        `json:"-"`
	Seq       uint64           `json:"-"`
}

// Covered is one absence: the step, and the version of the batch at which it came to stand.
type Covered struct {
	Step    string `json:"step"`
	Version uint64 `json:"version"`
}

type unscanned struct {
	Step   string    `json:"step"`
	Reason string    `json:"reason"`
	Done   time.Time `json:"done"`
}

// leastAgo is how long ago a step must have been done that is entered from paper: whoever stands at the patient scans.
const leastAgo = 30 * time.Minute

// witnesses are the roles that witness a proof.
var witnesses = []people.Role{people.QA, people.ProductionLead, people.QCReviewer, people.Investigator}

// Witnesses are the roles that witness a proof of identity.
func Witnesses() []people.Role { return slices.Clone(witnesses) }

// MaxForm bounds a scanned paper form, in bytes.
const MaxForm = 4 << 20

// MayDeclareUnscanned says why a person may not declare the scans of a step absent; nil when they may.
func (b *Batch) MayDeclareUnscanned(by ledger.Author, step string) error {
	st, err := b.step(step)
	if err != nil {
		return err
	}
	if string(st.Step.Performer) != by.Role {
		return notPerformer(st, by)
	}
	if !b.identifiesStart(step) || st.Step.Custody != nil {
		return ledger.Refuse(ledger.Unmet, "AT-11", "scan-here", "the scans of step {step} cannot be declared absent", "scan the label; who cannot, types the identifier with its check character", "step", step)
	}
	if st.Status != Open && st.Status != Waiting {
		return ledger.Refuse(ledger.Unmet, "AT-11", "not-open", "step {step} is {status}: whether it was scanned is settled", "go on with the step", "step", step, "status", string(st.Status))
	}
	if st.Unscanned != nil {
		return ledger.Refuse(ledger.Unmet, "AT-11", "absent-already", "that nothing was scanned in step {step} is recorded already", "go on with the step", "step", step)
	}
	for _, scans := range st.Scans {
		if len(scans) > 0 {
			return ledger.Refuse(ledger.Unmet, "AT-11", "scanned-here", "a label was scanned in step {step}", "go on with the step", "step", step)
		}
	}
	return nil
}

// DeclareUnscanned decides that nothing was scanned in a step of the hospital: the identity of the material is not proven.
// It was done at least half an hour ago: at the patient's side a wristband is scanned, not declined.
func (b *Batch) DeclareUnscanned(by ledger.Author, now, done time.Time, step, reason string) ([]ledger.Draft, error) {
	err := b.MayDeclareUnscanned(by, step)
	if err != nil {
		return nil, err
	}
	if done.IsZero() || now.Sub(done) < leastAgo || done.Before(b.OpenedAt) {
		return nil, ledger.Refuse(ledger.Invalid, "AT-11", "absent-when", "a step without scans is entered from paper at least {minutes} minutes after it was done, and after it was ordered", "scan the label now; or enter when it was done, as the paper says", "minutes", fmt.Sprint(int(leastAgo.Minutes())))
	}
	_, drafts, err := b.start(by, now, step)
	if err != nil {
		return nil, err
	}
	drafts = append(drafts, ledger.Draft{Type: typeUnscanned, Data: unscanned{Step: step, Reason: reason, Done: done.UTC()}})
	if slices.ContainsFunc(b.Holds, func(h Hold) bool { return h.Cause == HoldUnproven && h.LetGo == "" }) {
		return drafts, nil
	}
	return append(drafts, b.holdDraft(len(drafts), HoldUnproven, step, reason)), nil
}

func (b *Batch) applyUnscanned(e ledger.Entry, d unscanned) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Unscanned = &Absence{Reason: d.Reason, Done: d.Done, By: e.Author.Account, At: e.Time, Seq: e.Seq, Version: e.Version}
	return nil
}

// Unproven are the steps in which the identity should have been proven and was not; empty once proofs cover all of them.
func (b *Batch) Unproven() []*StepState {
	var out []*StepState
	for _, s := range b.order {
		st := b.steps[s.ID]
		if st.Unscanned == nil {
			continue
		}
		covered := Covered{s.ID, st.Unscanned.Version}
		if !slices.ContainsFunc(b.Proofs, func(p *Proof) bool { return slices.Contains(p.Covers, covered) }) {
			out = append(out, st)
		}
	}
	return out
}

// toProve are the absences that a proof signed now is about.
func (b *Batch) toProve() []Covered {
	var out []Covered
	for _, st := range b.Unproven() {
		out = append(out, Covered{st.Step.ID, st.Unscanned.Version})
	}
	return out
}

// ProofDigest is what QA and the witness of a proof sign.
func (b *Batch) ProofDigest(p Proof) (ledger.Digest, error) {
	p.Witness, p.Signature, p.Covers, p.Batch = people.Signature{}, people.Signature{}, b.toProve(), ""
	doc, err := json.Marshal(map[string]any{"batch": b.Number, "coi": b.CoI.String(), "proof": p})
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("proof of %s: %w", b.Number, err)
	}
	return ledger.DigestOf(doc), nil
}

// MayProve says why a proof of identity is not taken; nil when it can be signed.
func (b *Batch) MayProve(by ledger.Author, p Proof) error {
	if people.Role(by.Role) != people.QA {
		return ledger.Refuse(ledger.Forbidden, "AT-11", "not-qa", "exceptions are assessed by QA, not by {role}", "a QA reviewer has to assess", "role", by.Role)
	}
	if len(b.Unproven()) == 0 {
		return ledger.Refuse(ledger.Unmet, "AT-11", "nothing-to-prove", "the identity of batch {batch} is not in doubt for a missing scan", "nothing is left to do", "batch", b.Number)
	}
	if !slices.Contains(Methods(), p.Method) {
		return ledger.Refuse(ledger.Invalid, "AT-11", "proof-method", "{got} is no retrospective check of an identity", "choose HLA, blood group or STR profile", "got", string(p.Method))
	}
	return judgement(p.Finding)
}

// Prove decides that the identity is proven, by QA and a witness who both signed over the same.
func (b *Batch) Prove(by ledger.Author, p Proof, witness, signed people.Signed) ([]ledger.Draft, error) {
	err := b.MayProve(by, p)
	if err != nil {
		return nil, err
	}
	digest, err := b.ProofDigest(p)
	if err != nil {
		return nil, err
	}
	err = own(by, signed)
	if err == nil {
		err = signed.For(people.Assessed, digest)
	}
	if err == nil {
		err = witness.For(people.Verified, digest)
	}
	if err != nil {
		return nil, err
	}
	err = b.mayWitness(by, witness.Signature())
	if err != nil {
		return nil, err
	}
	p.Witness, p.Signature, p.Covers, p.Batch = witness.Signature(), signed.Signature(), b.toProve(), b.Number
	return []ledger.Draft{{Type: typeProved, Data: p}}, nil
}

// mayWitness holds that a witness is another person, of a role that judges such things, and had no hand in what was not scanned.
func (b *Batch) mayWitness(by ledger.Author, witness people.Signature) error {
	hands := slices.ContainsFunc(b.Unproven(), func(st *StepState) bool {
		return st.HadHandsOn(witness.Account)
	})
	if witness.Account == by.Account || hands || !slices.Contains(witnesses, people.Role(witness.Role)) {
		return ledger.Refuse(ledger.Forbidden, "AT-11", "no-witness", "{account} cannot witness this proof as {role}", "another person of QA, quality control, the production lead or the investigator has to sign, who had no hand in the step", "account", witness.Account, "role", witness.Role)
	}
	return nil
}

func (b *Batch) applyProved(e ledger.Entry, p Proof) error {
	b.chainOpen(e)
	p.At, p.Seq = e.Time, e.Seq
	b.Proofs = append(slices.Clip(b.Proofs), &p)
	return nil
}

// absence is the exception that a step without scans is.
func (st *StepState) absence() []Exception {
	a := st.Unscanned
	if a == nil {
		return nil
	}
	return []Exception{{
		ID: fmt.Sprintf("%s:%s:%d", Unscanned, st.Step.ID, a.Version), Class: Unscanned, Step: st.Step.ID, What: "no label was scanned: " + a.Reason, Value: a.Reason, At: a.At, By: a.By, Seq: a.Seq,
	}}
}

// formKind tells whether a file is a scanned form: a PDF, PNG or JPEG.
func formKind(content []byte) bool {
	for _, magic := range []string{"%PDF-", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff"} {
		if bytes.HasPrefix(content, []byte(magic)) {
			return true
		}
	}
	return false
}

// PaperForm is a scanned form.
type PaperForm struct {
	Name    string
	Content []byte
}

func (f PaperForm) check() error {
	if len(f.Content) == 0 || len(f.Content) > MaxForm || !formKind(f.Content) {
		return ledger.Refuse(ledger.Invalid, "AT-11", "paper-form", "the scanned paper form is missing, or is no PDF, PNG or JPEG of at most 4 MB", "scan the form, and choose the file")
	}
	return nil
}

// DeclareUnscanned records that nothing was scanned in a step of the hospital (scenario 4).
func (k *Book) DeclareUnscanned(ctx context.Context, by ledger.Author, number string, seen Seen, step string, done time.Time, reason string) error {
	return k.command(ctx, by, number, seen, "AT-11", reason, func(b *Batch, reason string) ([]ledger.Draft, error) {
		err := k.enter(ctx, by, b, step)
		if err != nil {
			return nil, err
		}
		return b.DeclareUnscanned(by, k.Clock(), done, step, reason)
	})
}

// ProveIdentity records the proof of an identity that no scan has proven: the paper form, a witness, and the retrospective
// check (scenario 4).
func (k *Book) ProveIdentity(ctx context.Context, by ledger.Author, number string, seen Seen, form PaperForm, p Proof, witness, sign Signer) error {
	err := form.check()
	if err != nil {
		return err
	}
	p.Reference, err = reasonOf("AT-11", p.Reference)
	if err != nil {
		return err
	}
	p.Archive, err = reasonOf("AT-11", p.Archive)
	if err != nil {
		return err
	}
	p.Form = ledger.DigestOf(form.Content)
	b, err := k.Load(ctx, number)
	if err != nil {
		return err
	}
	err = b.MayProve(by, p)
	if err != nil {
		return err
	}
	digest, err := b.ProofDigest(p)
	if err != nil {
		return err
	}
	signed, err := sign.as(ctx, by, people.Assessed, digest)
	if err != nil {
		return err
	}
	seenBy, err := witness(ctx, people.Verified, digest)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		drafts, err := b.Prove(by, p, seenBy, signed)
		if err != nil {
			return change{}, err
		}
		c := change{batch: drafts}
		return c, k.toChildren(ctx, by, b, &c, func(*Batch) []ledger.Draft { return drafts }) // it is the same marrow
	})
}
