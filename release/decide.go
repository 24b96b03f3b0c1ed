package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// roleOf is who signs an act, and with which meaning.
var roleOf = map[mbr.Act]struct {
	role    people.Role
	meaning people.Meaning
}{
	mbr.ActQAReview:      {people.QA, people.Reviewed},
	mbr.ActProduction:    {people.HeadProduction, people.ApprovedManufacture},
	mbr.ActQuality:       {people.HeadQC, people.ApprovedTesting},
	mbr.ActCertification: {people.QP, people.Certified},
	mbr.ActSponsor:       {people.Sponsor, people.SponsorReleased},
}

// RoleOf is the role that signs an act, and the meaning of its signature; false for an unknown act.
func RoleOf(act mbr.Act) (people.Role, people.Meaning, bool) {
	r, ok := roleOf[act]
	return r.role, r.meaning, ok
}

// Signer is who wants to sign.
type Signer struct {
	Account string
	Role    people.Role
}

// MaySign collects every rule that stands against an act by this person now (I9); an empty list means that
// it may be signed.
func MaySign(b *batch.Batch, act mbr.Act, who Signer, plant *Plant, now time.Time) ledger.Refusals {
	var rs ledger.Refusals
	add := func(kind ledger.Kind, rule, code, what, next string, args ...string) {
		rs = append(rs, ledger.Refuse(kind, rule, code, what, next, args...))
	}
	want, ok := roleOf[act]
	if !ok {
		add(ledger.Invalid, "I9", "unknown-act", "there is no act {act}", "choose one of the release page", "act", string(act))
		return rs
	}
	if who.Role != want.role {
		rule := "CS-66"
		if act == mbr.ActCertification {
			rule = "CS-20"
		}
		add(ledger.Forbidden, rule, "not-signatory", "{act} is signed by the role {want}, not by {role}", "a person with that role has to sign", "act", string(act), "want", string(want.role), "role", string(who.Role))
	}
	if _, standing := b.Act(act); standing && (act != mbr.ActCertification || !FinalDue(b)) {
		add(ledger.Unmet, "CS-65", "already-signed", "{act} is already signed over this record", "nothing has to be done", "act", string(act))
	}
	if h, ok := b.Held(); ok {
		add(ledger.Unmet, "AT-59", "batch-held", "batch {batch} is held ({cause}): {what}", "QA has to let it go on", "batch", b.Number, "cause", string(h.Cause), "what", h.What)
	}
	if b.Ending != nil {
		add(ledger.Unmet, "I9", "ended-not-certified", "batch {batch} was stopped ({cause}) and is not certified", "say what is done with its material", "batch", b.Number, "cause", string(b.Ending.Cause))
	}
	for _, d := range b.Deviations {
		if !b.Closed(d) {
			add(ledger.Unmet, "AT-59", "deviation-open", "deviation {deviation} is not closed: {what}", "QA assesses it as minor, or approves its investigation", "deviation", d.Number, "what", d.What)
		}
	}
	if act == mbr.ActSponsor {
		if _, standing := b.Act(mbr.ActCertification); !standing {
			add(ledger.Unmet, "AT-31", "not-certified", "batch {batch} is not certified", "the Qualified Person certifies first", "batch", b.Number)
		}
		return rs
	}
	for _, ref := range b.Due() {
		add(ledger.Unmet, "CS-65", "field-due", "{field} is asked for and empty, as the record stands now", "enter it late, with a reason", "field", ref)
	}
	for _, st := range openSteps(b) {
		add(ledger.Unmet, "CS-65", "open-step", "step {step} is {status}", "finish the step", "step", st.Step.ID, "status", string(st.Status))
	}
	if act == mbr.ActQuality || act == mbr.ActProduction {
		otherHead(b, act, who, add)
	}
	found, _ := b.Exceptions()
	for _, e := range found {
		if e.Class != batch.OOS && e.Class != batch.InvalidTest && e.Open() {
			add(ledger.Unmet, "AT-59", "exception-open", "exception {id} is not assessed: {what}", "QA assesses it", "id", e.ID, "what", e.What)
		}
	}
	if act == mbr.ActQAReview && b.HadHandsOn(who.Account) {
		add(ledger.Forbidden, "CS-44", "reviewer-performed", "{account} worked on batch {batch} and cannot review it", "an independent person has to review", "account", who.Account, "batch", b.Number)
	}
	for _, p := range b.PacksOut() {
		add(ledger.Unmet, "CS-21", "pack-out", "paper pack {serial} of batch {batch} has not come back", "enter late what stands on it, and take it back", "serial", p.Serial, "batch", b.Number)
	}
	if act == mbr.ActCertification {
		for _, st := range b.Unproven() {
			add(ledger.Unmet, "AT-11", "identity-unproven", "nothing was scanned in step {step}, and the identity is not proven since", "QA signs the proof: paper form, witness and retrospective check", "step", st.Step.ID)
		}
		certification(b, who, plant, now, add)
	}
	return rs
}

type adder func(kind ledger.Kind, rule, code, what, next string, args ...string)

// otherHead holds that the two heads of a German plant are two persons (QP-7).
func otherHead(b *batch.Batch, act mbr.Act, who Signer, add adder) {
	other := mbr.ActProduction
	if act == mbr.ActProduction {
		other = mbr.ActQuality
	}
	if a, standing := b.Act(other); standing && a.Signature.Account == who.Account {
		add(ledger.Forbidden, "QP-7", "heads-same-person", "{account} already signed as {other}", "head of production and head of quality control are two persons", "account", who.Account, "other", string(other))
	}
}

func certification(b *batch.Batch, who Signer, plant *Plant, now time.Time, add adder) {
	if _, standing := b.Act(mbr.ActQAReview); !standing {
		add(ledger.Unmet, "CS-44", "no-review", "there is no signed QA review of the record and its audit trail as they stand", "QA reviews and signs first")
	}
	if plant.TwoHeads {
		for _, head := range []mbr.Act{mbr.ActProduction, mbr.ActQuality} {
			if _, standing := b.Act(head); !standing {
				add(ledger.Unmet, "QP-7", "no-head-signature", "the signature of the {head} is missing or no longer stands", "the {head} signs first", "head", string(head))
			}
		}
	}
	if b.HadHandsOn(who.Account) {
		add(ledger.Forbidden, "I9", "certifier-performed", "{account} performed or verified a step of batch {batch}", "another Qualified Person has to certify", "account", who.Account, "batch", b.Number)
	}
	if review, standing := b.Act(mbr.ActQAReview); standing && review.Signature.Account == who.Account {
		add(ledger.Forbidden, "I9", "certifier-reviewed", "{account} signed the QA review of batch {batch}", "another Qualified Person has to certify", "account", who.Account, "batch", b.Number)
	}
	if Stage(b) == 2 {
		closed(b, who, add)
	}
	for _, cause := range qc.Causes(b.Results()) {
		var names []string
		for _, r := range cause.Results {
			names = append(names, fmt.Sprintf("%s %s (%s)", r.Attribute.ID, r.Reported, r.Attribute.LimitText()))
		}
		if cause.Invalid {
			add(ledger.Unmet, "AT-33", "test-invalid", "not valid, neither pass nor fail: {tests} ({why})", "repeat the test", "tests", strings.Join(names, ", "), "why", cause.Results[0].Why)
			continue
		}
		add(ledger.Unmet, "AT-33", "out-of-specification", "out of specification: {tests}", "the batch cannot be certified; supply is only possible at the physician's request, with its own document (AT-36 to AT-39)", "tests", strings.Join(names, ", "), "cause", cause.ID)
	}
	for _, r := range b.Results() {
		if r.Evaluation == qc.Pending && !r.Attribute.MayBePending {
			add(ledger.Unmet, "AT-33", "test-pending", "{test} has no result and is not on the list of tests that may be pending", "wait for the result", "test", r.Attribute.ID)
		}
	}
	expiry, ok := b.Expiry()
	if !ok {
		add(ledger.Unmet, "I10", "no-expiry", "batch {batch} has no expiry", "check the values from which it is computed (F11)", "batch", b.Number)
	}
	if final := Stage(b) == 2 && !b.Signed(mbr.ActCertification).IsZero(); ok && !final && !now.Before(expiry) {
		add(ledger.Unmet, "I10", "expired", "batch {batch} expired at {expiry}", "it cannot be released", "batch", b.Number, "expiry", expiry.Format(time.RFC3339))
	}
}

// closed holds of a final certification that the steps with the final results are done, by others than the person who certifies
// (AT-32, I9). The product has been given by then, so that its expiry stands against nothing any more.
func closed(b *batch.Batch, who Signer, add adder) {
	for _, st := range b.Closing() {
		if !st.Finished() {
			add(ledger.Unmet, "AT-32", "open-step", "step {step} is {status}", "finish the step", "step", st.Step.ID, "status", string(st.Status))
		}
		if st.HadHandsOn(who.Account) {
			add(ledger.Forbidden, "I9", "certifier-performed", "{account} performed or verified a step of batch {batch}", "another Qualified Person has to certify", "account", who.Account, "batch", b.Number)
		}
	}
}

// Stage is the stage of a certification: 1 while tests of the approved list are pending, 2 when all are final.
func Stage(b *batch.Batch) int {
	if len(pending(b)) > 0 {
		return 1
	}
	return 2
}

// pending are the results that are still to come. A test for information that its finished step left out is none of them.
func pending(b *batch.Batch) []qc.Result {
	return slices.DeleteFunc(b.Results(), func(r qc.Result) bool { return r.Evaluation != qc.Pending || leftOut(b, r) })
}

// leftOut tells whether a test for information was not done: its step is finished without it.
func leftOut(b *batch.Batch, r qc.Result) bool {
	step, _, _ := strings.Cut(r.Attribute.Field, ".")
	st, ok := b.Step(step)
	return r.Evaluation == qc.Pending && r.Attribute.Information && ok && st.Finished()
}

// CertifiedAs is the stage of the certification that stands; 0 while none does.
func CertifiedAs(b *batch.Batch) int {
	a, standing := b.Act(mbr.ActCertification)
	var d certified
	if !standing || json.Unmarshal(a.Details, &d) != nil {
		return 0
	}
	return d.Stage
}

// FinalDue tells whether the final certification is due: the initial one stands, and every result is there since (AT-32).
func FinalDue(b *batch.Batch) bool {
	return CertifiedAs(b) == 1 && Stage(b) == 2 && b.Ending == nil
}
