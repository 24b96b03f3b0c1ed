// Package release brings a batch from its executed record to the signed certificate: review by exception, the
// plant's signatures, certification by a Qualified Person, the register, the certificate.
//
// What may be signed when is decided by pure functions of the batch's state; each unmet rule is a refusal with
// its id, and all of them are told at once (I9).
package release

import (
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
)

// Review is what a reviewer sees first: every exception, every open step, every pending test, and how many
// checks were evaluated to say so (DI-14).
type Review struct {
	Batch      string            `json:"batch"`
	CoI        string            `json:"coi"`
	Subject    string            `json:"subject"`
	Recipe     string            `json:"recipe"`
	Spec       string            `json:"specification"`
	Version    uint64            `json:"version"`
	Record     ledger.Digest     `json:"record"`
	Checks     int               `json:"checks"`    // of this plant's recipe and of the specification
	Evaluated  int               `json:"evaluated"` // those that had something to look at
	Exceptions []ReviewException `json:"exceptions"`
	OpenSteps  []string          `json:"open_steps"`
	Pending    []ReviewPending   `json:"pending_tests"`
	Results    []ReviewResult    `json:"results"`
	Deviations []ReviewDeviation `json:"deviations"`
	Allowances []ReviewAllowance `json:"allowances,omitempty"` // changes for this batch alone, those of the batch it was split from among them
	Held       string            `json:"held,omitempty"`       // why nothing may be done with the batch
	Ended      string            `json:"ended,omitempty"`      // why it is not made any further
	Parent     string            `json:"parent,omitempty"`     // the batch from which it was split
	Children   []string          `json:"children,omitempty"`   // the batches that were split from it
	Thawed     *ReviewThaw       `json:"thawed,omitempty"`     // the product of which it was thawed
	Changes    int               `json:"changes"`              // values changed after first entry: the audit trail to review (CS-44)
}

// ReviewThaw is whose product a batch was thawed from: the certificate of a thaw rests on the first one (scenario 49).
type ReviewThaw struct {
	First       string        `json:"first"`
	Certificate string        `json:"certificate"`
	PDF         ledger.Digest `json:"pdf"` // of that certificate
	FrozenAt    time.Time     `json:"frozen_at"`
	Dose        string        `json:"dose"` // ordered
	OrderedBy   string        `json:"ordered_by"`
}

// ReviewException is an exception with its assessment.
type ReviewException struct {
	ID             string   `json:"id"`
	Class          string   `json:"class"`
	Owner          string   `json:"owner"` // role that has to do something about it
	Step           string   `json:"step"`
	Field          string   `json:"field,omitempty"`
	What           string   `json:"what"`
	Value          string   `json:"value,omitempty"`
	Limit          string   `json:"limit,omitempty"`
	Attributes     []string `json:"attributes,omitempty"`
	Steps          []string `json:"steps,omitempty"`      // that were being done when the environment was beyond its limit
	Containers     []string `json:"containers,omitempty"` // that were made or handled then
	Open           bool     `json:"open"`
	Classification string   `json:"classification,omitempty"`
	Assessment     string   `json:"assessment,omitempty"`
	AssessedBy     string   `json:"assessed_by,omitempty"`
	Deviation      string   `json:"deviation,omitempty"`
	Remark         string   `json:"remark,omitempty"` // what the person said who went on with the value
}

// ReviewDeviation is a deviation of the batch.
type ReviewDeviation struct {
	Number         string   `json:"number"`
	Exceptions     []string `json:"exceptions"`
	What           string   `json:"what"`
	ByRule         bool     `json:"by_rule"`
	Classification string   `json:"classification,omitempty"`
	Due            string   `json:"due,omitempty"`
	Cause          string   `json:"cause,omitempty"`
	Risk           string   `json:"risk,omitempty"`
	CAPA           string   `json:"capa,omitempty"`
	InvestigatedBy string   `json:"investigated_by,omitempty"`
	ApprovedBy     string   `json:"approved_by,omitempty"`
	Open           bool     `json:"open"`

	Allowances []ReviewAllowance `json:"allowances,omitempty"` // changes for this batch alone
}

// ReviewAllowance is a change for the batch alone under a deviation (AT-5).
type ReviewAllowance struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"` // limit, skip, repeat, time
	Target     string `json:"target"`
	Was        string `json:"was,omitempty"`
	To         string `json:"to,omitempty"`
	Reason     string `json:"reason"`
	Risk       string `json:"risk"`
	ProposedBy string `json:"proposed_by"`
	ApprovedBy string `json:"approved_by,omitempty"`
	Declined   string `json:"declined,omitempty"` // reason for which QA declined it
	Open       bool   `json:"open"`               // nobody has decided on it
}

// AllowancesOf shows allowances as a review does.
func AllowancesOf(all []*batch.Allowance) []ReviewAllowance {
	var out []ReviewAllowance
	for _, a := range all {
		r := ReviewAllowance{
			ID: a.ID, Kind: string(a.Kind), Target: a.Target, Was: a.Was, To: a.To, Reason: a.Reason, Risk: a.Risk, ProposedBy: a.By,
			Declined: a.Declined, Open: a.Pending(),
		}
		if a.InForce() {
			r.ApprovedBy = a.Approved.Name
		}
		out = append(out, r)
	}
	return out
}

// ReviewPending is a test without its final result.
type ReviewPending struct {
	Attribute string    `json:"attribute"`
	Allowed   bool      `json:"allowed"` // on the approved list of tests that may be open at stage 1 (AT-33)
	Due       time.Time `json:"due,omitzero"`
}

// ReviewResult is a judged attribute.
type ReviewResult struct {
	Attribute  string `json:"attribute"`
	Limit      string `json:"limit"`
	Raw        string `json:"raw,omitempty"`
	Reported   string `json:"reported,omitempty"`
	Evaluation string `json:"evaluation"`
	Why        string `json:"why,omitempty"`
}

// ReviewOf computes the review list of a batch.
func ReviewOf(b *batch.Batch) Review {
	r := Review{
		Batch: b.Number, CoI: b.CoI.String(), Subject: b.Subject, Version: b.Version, Record: b.Record,
		Recipe:     fmt.Sprintf("%s version %d (%s)", b.Recipe.ID, b.Recipe.Version, b.Recipe.Digest),
		Spec:       fmt.Sprintf("%s version %d (%s)", b.Spec.ID, b.Spec.Version, b.Spec.Digest),
		Deviations: []ReviewDeviation{}, Parent: b.Parent, Children: b.Children,
		Exceptions: []ReviewException{}, OpenSteps: []string{}, Pending: []ReviewPending{}, Results: []ReviewResult{},
	}
	if t := b.Thaws; t != nil {
		r.Thawed = &ReviewThaw{First: t.First, Certificate: t.Certificate, PDF: t.PDF, FrozenAt: t.FrozenAt, Dose: t.Dose.String(), OrderedBy: t.Ordered.Name}
	}
	found, evaluated := b.Exceptions()
	r.Checks, r.Evaluated = b.Checks(), evaluated
	for _, e := range found {
		re := ReviewException{
			ID: e.ID, Class: string(e.Class), Owner: string(e.Class.Owner()), Step: e.Step, Field: e.Field, What: e.What,
			Value: e.Value, Limit: e.Limit, Attributes: e.Attributes, Open: e.Open(), Steps: e.Steps, Containers: e.Containers,
		}
		if e.Assessment != nil {
			re.Classification, re.Assessment = string(e.Assessment.Classification), e.Assessment.Text
			re.AssessedBy = e.Assessment.Signature.Name
		}
		if e.Deviation != nil {
			re.Deviation = e.Deviation.Number
		}
		re.Remark = b.RemarkOf(e)
		if e.Class == batch.Corrected || e.Class == batch.Retested {
			r.Changes++
		}
		r.Exceptions = append(r.Exceptions, re)
	}
	for _, d := range b.Deviations {
		r.Deviations = append(r.Deviations, deviationOf(b, d))
	}
	r.Allowances = AllowancesOf(b.Allowances)
	if h, ok := b.Held(); ok {
		r.Held = h.What
	}
	if b.Over() {
		r.Ended = string(b.Ending.Cause)
	}
	for _, st := range openSteps(b) {
		r.OpenSteps = append(r.OpenSteps, st.Step.ID)
	}
	for _, res := range b.Results() {
		r.Results = append(r.Results, ReviewResult{
			Attribute: res.Attribute.ID, Limit: res.Attribute.LimitText(), Raw: res.Raw, Reported: res.Reported,
			Evaluation: string(res.Evaluation), Why: res.Why,
		})
		if res.Evaluation == qc.Pending && !leftOut(b, res) {
			r.Pending = append(r.Pending, ReviewPending{Attribute: res.Attribute.ID, Allowed: res.Attribute.MayBePending, Due: res.Due})
		}
	}
	return r
}

func deviationOf(b *batch.Batch, d *batch.Deviation) ReviewDeviation {
	out := ReviewDeviation{
		Number: d.Number, Exceptions: d.Exceptions, What: d.What, ByRule: d.ByRule, Classification: string(d.Classification), Due: d.Due, Open: !b.Closed(d),
	}
	if i := d.Investigation; i != nil {
		out.Cause, out.Risk, out.CAPA, out.InvestigatedBy = i.Cause, i.Risk, i.CAPA, i.By
	}
	if d.Approved != nil {
		out.ApprovedBy = d.Approved.Name
	}
	out.Allowances = AllowancesOf(b.AllowancesOf(d.Number))
	return out
}

// openSteps are the steps before certification that are not done, without the review itself.
func openSteps(b *batch.Batch) []*batch.StepState {
	var out []*batch.StepState
	for _, st := range b.Steps() {
		if st.Step.Act == mbr.ActCertification {
			break
		}
		if st.Step.Act == "" && !st.Finished() {
			out = append(out, st)
		}
	}
	return out
}

// Shown is what a signer of an act has on the screen: the review list, and the declaration they make. Its
// canonical bytes are what the signature is over (I8).
type Shown struct {
	Act         mbr.Act   `json:"act"`
	Declaration []string  `json:"declaration"`
	Review      Review    `json:"review"`
	Signed      []mbr.Act `json:"signed"`          // acts that already stand over this record
	Final       bool      `json:"final,omitempty"` // the certification is the final one, stage 2 (AT-32)
}

// Show is what has to be shown for an act. The declarations are those that the signer makes in person (QP-2).
func Show(b *batch.Batch, act mbr.Act) Shown {
	s := Shown{Act: act, Review: ReviewOf(b), Declaration: declarations[act], Signed: []mbr.Act{}}
	s.Final = act == mbr.ActCertification && Stage(b) == 2
	s.Review.Version = 0 // a signature of another act moves the version, not what is shown
	for _, a := range order {
		if _, standing := b.Act(a); standing && a != act {
			s.Signed = append(s.Signed, a)
		}
	}
	return s
}

// Digest is the SHA-256 of what is shown.
func (s Shown) Digest() (ledger.Digest, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("digest of what is shown for %s: %w", s.Act, err)
	}
	return ledger.DigestOf(raw), nil
}

var order = []mbr.Act{mbr.ActQAReview, mbr.ActProduction, mbr.ActQuality, mbr.ActCertification, mbr.ActSponsor}

// declarations are keys of the wording that the signer confirms; pages show them in the person's language.
var declarations = map[mbr.Act][]string{
	mbr.ActQAReview:      {"audit-trail-reviewed", "exceptions-assessed"},
	mbr.ActProduction:    {"made-per-instruction"},
	mbr.ActQuality:       {"tested-per-instruction"},
	mbr.ActCertification: {"authorisation-permits", "national-duties-met", "recorded-in-register"},
	mbr.ActSponsor:       {"sponsor-releases"},
}
