package batch

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// Check is what a second person gives to verify a step: the digest of what they saw, and on steps with an
// independent scan the label they scanned themselves, on blind ones the values that they entered themselves.
type Check struct {
	Step   string
	Shown  ledger.Digest
	Raw    string
	Values map[string]Input
}

// Signer asks a person for their signature: full re-authentication over the digest of what was shown (I8).
type Signer func(ctx context.Context, meaning people.Meaning, shown ledger.Digest) (people.Signed, error)

// own holds that the author of an entry is who signed it.
func own(by ledger.Author, signed people.Signed) error {
	s := signed.Signature()
	if s.Account != by.Account || s.Role != by.Role {
		return ledger.Refuse(ledger.Forbidden, "I8", "signed-by-other", "{account} signed as {role}; the entry is by {author}", "everybody signs for themselves", "account", s.Account, "role", s.Role, "author", by.Account)
	}
	return nil
}

// as signs as the author of an entry: who signs it is who makes it.
func (sign Signer) as(ctx context.Context, author ledger.Author, meaning people.Meaning, shown ledger.Digest) (people.Signed, error) {
	signed, err := sign(ctx, meaning, shown)
	if err != nil {
		return people.Signed{}, err
	}
	return signed, own(author, signed)
}

// Verify lets a second person sign a step (I7). sign is asked for the signature only when nothing else stands
// against it; it re-authenticates the person.
func (k *Book) Verify(ctx context.Context, by ledger.Author, number string, seen Seen, check Check, sign Signer) error {
	b, t, err := k.LoadWithEvent(ctx, number)
	if err != nil {
		return err
	}
	err = b.MayVerify(by.Account, people.Role(by.Role), check.Step)
	if err != nil {
		return err
	}
	st, _ := b.Step(check.Step)
	err = k.trained(ctx, by, st.Step)
	if err != nil {
		return err
	}
	again, differ, err := k.again(ctx, b, st, check.Values)
	if err != nil {
		return err
	}
	independent := st.ScansAgain()
	var signed people.Signed
	if len(differ) == 0 && (!independent || k.wouldMatch(b, t, st, check.Raw)) {
		signed, err = sign.as(ctx, by, people.Verified, check.Shown)
		if err != nil {
			return err
		}
	}
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		c := change{}
		if st.RetypesBlind() {
			differ, err = b.Differs(check.Step, again)
			if err != nil {
				return change{}, err
			}
		}
		if len(differ) > 0 {
			c.batch, c.after, err = b.Disagree(by, check.Step, differ)
			return c, err
		}
		var match chainofcustody.Match
		if independent {
			expected, err := b.Expects(check.Step, st.Step.Second.Field)
			if err != nil {
				return change{}, err
			}
			var draft ledger.Draft
			draft, match, c.after = t.Scan(by, k.Clock(), number+"/"+check.Step+"/second/"+st.Step.Second.Field, expected, check.Raw)
			match, c.after = b.own(t, match, c.after)
			c.therapy = []ledger.Draft{draft}
		}
		if c.after != nil {
			c.batch, err = b.Mismatched(by, check.Step, c.after)
			if err == nil && b.identifiesStart(check.Step) {
				err = k.mixedUp(ctx, b, check.Step, check.Raw, &c)
			}
			return c, err
		}
		c.batch, err = b.Verify(k.Clock(), check.Step, signed, match)
		if err != nil {
			return change{}, err
		}
		return k.line(ctx, by, b, check.Step, signed, c)
	})
}

// again reads what a second person entered themselves, and says in which fields it differs from the first values.
func (k *Book) again(ctx context.Context, b *Batch, st *StepState, values map[string]Input) (map[string]Value, []string, error) {
	if !st.RetypesBlind() {
		return nil, nil, nil
	}
	again := map[string]Value{}
	for _, id := range st.Step.Second.Fields {
		in, ok := values[id]
		if !ok {
			continue
		}
		f, err := b.field(st, id)
		if err != nil {
			return nil, nil, err
		}
		again[id], err = Parse(f.Field, in, k.Zone)
		if err != nil {
			return nil, nil, err
		}
	}
	differ, err := b.Differs(st.Step.ID, again)
	return again, differ, err
}

// line is what the verification of a step does with the work area: it opens it for the batch, or gives it back. A line
// that was not clear is recorded as such, and the step is not verified.
func (k *Book) line(ctx context.Context, by ledger.Author, b *Batch, step string, signed people.Signed, c change) (change, error) {
	st, _ := b.Step(step)
	fl := k.floor(by)
	switch st.Step.Line {
	case mbr.LineClear:
		if _, open := b.Areas[st.Step.Area]; open {
			return c, nil // verified again, after a correction
		}
		failed, err := fl.clearLine(ctx, b, st, signed)
		if err != nil {
			return change{}, err
		}
		if failed != nil {
			c = change{after: failed, therapy: c.therapy}
		}
	case mbr.LineFree:
		err := fl.leaveArea(ctx, b, step, st.Step.Area)
		if err != nil {
			return change{}, err
		}
	default:
		return c, nil
	}
	return c, fl.into(&c)
}

// wouldMatch asks before the password is: a second person who scanned the wrong label is told that, and
// nothing is signed.
func (k *Book) wouldMatch(b *Batch, t *chainofcustody.TherapyEvent, st *StepState, raw string) bool {
	f, ok := st.Fields[st.Step.Second.Field]
	if !ok {
		return false
	}
	_, match, mismatch := t.Scan(ledger.Author{}, time.Time{}, "", chainofcustody.Kind(f.Field.Expect), raw)
	_, mismatch = b.own(t, match, mismatch)
	return mismatch == nil
}

// Assess records QA's signed judgement of an exception.
func (k *Book) Assess(ctx context.Context, by ledger.Author, number string, seen Seen, id string, c Classification, text string, sign Signer) error {
	b, err := k.Load(ctx, number)
	if err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	_, err = b.MayAssess(people.Role(by.Role), id, c, text)
	if err != nil {
		return err
	}
	digest, err := b.AssessmentDigest(id, c, text)
	if err != nil {
		return err
	}
	signed, err := sign.as(ctx, by, people.Assessed, digest)
	if err != nil {
		return err
	}
	return k.change(ctx, by, number, seen, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		draft, err := b.Assess(id, c, text, signed)
		return change{batch: []ledger.Draft{draft}}, err
	})
}

// Reveal opens the blinded content of a step to an unblinded person; the look is an entry (I11).
func (k *Book) Reveal(ctx context.Context, by ledger.Author, number, step, reason string) (map[string]Value, error) {
	if !people.Role(by.Role).May(people.SeeBlinded) {
		return nil, ledger.Refuse(ledger.Forbidden, "I11", "blinded", "the role {role} is blinded", "only unblinded roles may look", "role", by.Role)
	}
	out := map[string]Value{}
	err := k.change(ctx, by, number, 0, func(b *Batch, _ *chainofcustody.TherapyEvent) (change, error) {
		draft, err := b.Reveal(step, reason)
		if err != nil {
			return change{}, err
		}
		st, _ := b.Step(step)
		for id, f := range st.Fields {
			c, ok := f.Current()
			if !ok || c.Value.Sealed == "" {
				continue
			}
			out[id], err = k.Seal.Open(number, f.Field.Ref(), c.Value)
			if err != nil {
				return change{}, err
			}
		}
		return change{batch: []ledger.Draft{draft}}, nil
	})
	return out, err
}

// ActDraft is a signed act to append: what it is, over which record, with which details, and what goes with it.
type ActDraft struct {
	Act       mbr.Act
	Record    ledger.Digest
	Signature people.Signed
	Details   json.RawMessage
	Blobs     [][]byte
	Streams   []ledger.StreamAppend // e.g. the register
	Views     map[string][]byte     // that follow from those streams
}

// Sign appends a signed act. decide is asked again when the record moved on meanwhile.
func (k *Book) Sign(ctx context.Context, by ledger.Author, number string, seen Seen, decide func(*Batch, *chainofcustody.TherapyEvent) (ActDraft, error)) error {
	return k.change(ctx, by, number, seen, func(b *Batch, t *chainofcustody.TherapyEvent) (change, error) {
		a, err := decide(b, t)
		if err != nil {
			return change{}, err
		}
		err = own(by, a.Signature)
		if err != nil {
			return change{}, err
		}
		var digests []ledger.Digest
		for _, blob := range a.Blobs {
			digests = append(digests, ledger.DigestOf(blob))
		}
		draft, err := b.Sign(a.Act, a.Record, a.Signature, a.Details, digests...)
		if err != nil {
			return change{}, err
		}
		return change{batch: []ledger.Draft{draft}, streams: a.Streams, blobs: a.Blobs, views: a.Views}, nil
	})
}

// Worklists yields the worklist lines of all batches of the plant, in order of number.
func (k *Book) Worklists(ctx context.Context) iter.Seq2[WorklistItem, error] {
	return func(yield func(WorklistItem, error) bool) {
		for doc, err := range k.Log.Views(ctx, WorklistPrefix) {
			var w WorklistItem
			if err == nil {
				err = json.Unmarshal(doc.Data, &w)
			}
			if !yield(w, err) || err != nil {
				return
			}
		}
	}
}
