package batch

import (
	"fmt"
	"time"

	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// scanWindow is how long a matching scan opens a step on patient material ("made just before", I4).
const scanWindow = 15 * time.Minute

// Handling is one person's right to work in one step now. On patient material Handle gives it only when each container that
// the step handles was scanned by that person for that step, matched, and just now. Enter, Labels, ScanBack and Complete take
// it, and only Handle makes it: a command on material cannot be written down without the scan (I4). It is good for the
// state of the batch that it was given on and for no later one.
type Handling struct {
	batch   string
	step    string
	version uint64
	by      ledger.Author
	now     time.Time
	drafts  []ledger.Draft // the start of the step, when this is its first command
}

// Handle opens the step if need be and checks that this person may work in it now.
func (b *Batch) Handle(by ledger.Author, now time.Time, step string) (Handling, error) {
	st, drafts, err := b.start(by, now, step)
	if err != nil {
		return Handling{}, err
	}
	err = b.performer(by, st)
	if err != nil {
		return Handling{}, err
	}
	err = b.matched(st, now)
	if err != nil {
		return Handling{}, err
	}
	return Handling{batch: b.Number, step: step, version: b.Version, by: by, now: now, drafts: drafts}, nil
}

// at is the step that a Handling was given for, and the drafts that begin it. A Handling that Handle did not make, or made
// for another batch or on an older state of it, is refused.
func (h Handling) at(b *Batch) (*StepState, []ledger.Draft, error) {
	if h.step == "" || h.batch != b.Number || h.version != b.Version {
		return nil, nil, ledger.Refuse(ledger.Unmet, "I4", "no-handling", "this command was not opened for batch {batch} as it stands", "open the step again", "batch", b.Number)
	}
	return b.steps[h.step], h.drafts, nil
}

// matched holds I4: no entry on patient material without a matching scan of that container for that step,
// made just before; and none at all while the step is stopped.
func (b *Batch) matched(st *StepState, now time.Time) error {
	if st.Status == Stopped {
		return st.stop()
	}
	if !st.Step.Material || st.Unscanned != nil {
		return nil
	}
	for _, f := range st.Step.FieldsAt(b.Site) {
		if f.Type != mbr.TypeScan {
			break
		}
		if !b.Asked(f) {
			continue
		}
		newest := time.Time{}
		for _, m := range st.Scans[f.ID] {
			if m.At.After(newest) {
				newest = m.At
			}
		}
		if now.Sub(newest) > scanWindow {
			return ledger.Refuse(ledger.Unmet, "I4", "scan-first", "step {step} handles the patient's material and {field} was not scanned in the last {minutes} minutes", "scan the {expect}", "step", st.Step.ID, "field", f.ID, "expect", f.Expect, "minutes", fmt.Sprint(int(scanWindow.Minutes())))
		}
	}
	return nil
}

// scanPurpose names what a scan in a step is for.
func scanPurpose(number, step, field string) string { return number + "/" + step + "/" + field }

// failed are the drafts that lock a step after an identifier was typed wrongly three times in a row: it is broken off, and
// the production lead or QA says how it goes on (ID-12). Nil while it is not that many.
func (b *Batch) failed(t *chainofcustody.TherapyEvent, step, field, raw string, refusal *ledger.Refusal) []ledger.Draft {
	if refusal == nil || refusal.Code != "scan-unreadable" || !chainofcustody.LooksTyped(raw) {
		return nil
	}
	st, since := b.steps[step], time.Time{}
	if n := len(st.Interruptions); n > 0 {
		since = st.Interruptions[n-1].Resumed
	}
	if t.Failed(scanPurpose(b.Number, step, field), since)+1 < chainofcustody.MaxFailed {
		return nil
	}
	return []ledger.Draft{{Type: typeInterrupted, Data: interrupted{Step: step, Cause: fmt.Sprintf("%s: identifier typed wrongly %d times in a row (ID-12)", field, chainofcustody.MaxFailed)}}}
}

func lockedEntries(step string) *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "ID-12", "entries-locked", "an identifier was typed wrongly three times in a row: step {step} is locked", "the production lead or QA looks at the label and says how the step goes on", "step", step)
}
