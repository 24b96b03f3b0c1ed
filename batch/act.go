package batch

import (
	"encoding/json"

	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Sign decides that a signed act enters the record. Which acts may be signed when is the release's matter;
// the batch holds that the act is over the record as it stands.
func (b *Batch) Sign(act mbr.Act, record ledger.Digest, signed people.Signed, details json.RawMessage, blobs ...ledger.Digest) (ledger.Draft, error) {
	if record != b.Record {
		return ledger.Draft{}, ledger.Refuse(ledger.Stale, "I8", "changed-since-shown", "batch {batch} has changed since it was shown", "look at it again, then sign", "batch", b.Number)
	}
	if !signed.Valid() {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "I8", "signature-missing", "a signature is missing", "sign with your password")
	}
	return ledger.Draft{Type: typeActed, Data: acted{Act: act, Record: record, Signature: signed.Signature(), Details: details}, Blobs: blobs}, nil
}

// Reveal decides that a person with an unblinded role looks at the content of a blinded step; the look is an
// entry (I11).
func (b *Batch) Reveal(step, reason string) (ledger.Draft, error) {
	st, ok := b.steps[step]
	if !ok || !st.Step.Blind {
		return ledger.Draft{}, ledger.Refuse(ledger.Missing, "I11", "nothing-blinded", "step {step} has no blinded content", "choose a blinded step", "step", step)
	}
	reason, err := reasonOf("I11", reason)
	if err != nil {
		return ledger.Draft{}, err
	}
	return ledger.Draft{Type: typeRevealed, Data: revealed{Step: step, Reason: reason}}, nil
}
