package web

import (
	"cmp"
	"context"
	"slices"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

func (a *api) steps() {
	const step = "/batches/{batch}/steps/{step}"
	register(a, "GET "+step, "step", "One step, and the digest of what a second person signs (I8)", a.stepShow)
	register(a, "POST "+step+"/start", "start-step", "Begin a step (CS-65)", a.stepStart)
	register(a, "POST "+step+"/fields/{field}", "enter-value", "Capture a value (I13)", a.fieldEnter)
	register(a, "POST "+step+"/fields/{field}/correction", "correct-value", "Replace a value, with a reason (CS-12)", a.fieldCorrect)
	register(a, "POST "+step+"/fields/{field}/scan", "scan", "Compare a scanned label (I4)", a.fieldScan)
	register(a, "POST "+step+"/fields/{field}/comment", "comment", "Say why a value beyond its limit is as it is, and go on (AT-59)", a.fieldComment)
	register(a, "POST "+step+"/labels", "issue-labels", "Issue and print the labels of the step's containers (LB-1)", a.labelsIssue)
	register(a, "GET "+step+"/labels/{container}/{file}", "label-file", "One label as it is printed: label.png, label.pdf, label-203.zpl or label-300.zpl", a.labelFile, gives("application/pdf"))
	register(a, "POST "+step+"/labels/print", "print-labels", "Print what is queued or failed", a.labelsPrint)
	register(a, "POST "+step+"/labels/scan", "scan-back", "Take an applied label back by its scan (LB-3)", a.labelsScan)
	register(a, "POST "+step+"/labels/{container}/scrap", "scrap-label", "Destroy a label; print it anew with a second person (LB-1)", a.labelScrap)
	register(a, "POST "+step+"/complete", "complete-step", "End the performer's part (AT-4)", a.stepComplete)
	register(a, "POST "+step+"/verify", "verify-step", "Sign as second person (I7)", a.stepVerify)
	register(a, "POST "+step+"/shipment", "take-from-shipment", "Capture what the shipment says: the receipt, the logger's figures, each with its source (I14)", a.stepTake)
	register(a, "POST "+step+"/bedside", "take-from-bedside", "Capture what the phones at the bed delivered: beginning, end, leg, volumes, reaction, each with its source (I14)", a.stepTakeBed)
	register(a, "POST "+step+"/takeover", "take-over", "Go on with a step that somebody else cannot finish (DI-9)", a.stepTakeOver)
	register(a, "POST "+step+"/interrupt", "interrupt-step", "Say that an open step was broken off (AT-59)", a.stepInterrupt)
	register(a, "POST "+step+"/at-risk", "begin-at-risk", "Begin a step before what it comes after is done, where the recipe lets it (scenario 26)", a.stepAtRisk)
	register(a, "POST "+step+"/unscanned", "declare-unscanned", "Say that nothing could be scanned in a step of the hospital: the identity is not proven (AT-11)", a.stepUnscanned)
	register(a, "POST /batches/{batch}/identity-proof", "prove-identity", "QA's signed proof of an identity that no scan has proven (AT-11)", a.identityProve)
	register(a, "POST "+step+"/resume", "resume-step", "Decide how an interrupted step goes on (AT-14)", a.stepResume)
	register(a, "POST "+step+"/reveal", "reveal", "Look at blinded content; the look is an entry (I11)", a.stepReveal)
}

// StepPath is the address of a step. It is exported, as all embedded parts of inputs are, because huma reads no others.
type StepPath struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Step  string `path:"step" example:"S11"`
}

// shownOut is a step with what a second person has to sign.
type shownOut struct {
	Version     uint64  `json:"version"`
	Step        stepOut `json:"step"`
	ShownDigest string  `json:"shown_digest,omitempty" doc:"SHA-256 of what is shown; to be stated by the second person"`
}

func (a *api) stepShow(ctx context.Context, at *desk.Desk, in *StepPath) (*answer[shownOut], error) {
	return stepNow(ctx, at, in.Batch, in.Step)
}

// stepNow is a step as the record stands: the answer to reading it and to every command on it.
func stepNow(ctx context.Context, at *desk.Desk, number, step string) (*answer[shownOut], error) {
	b, event, err := at.Plant.Batches.LoadWithEvent(ctx, number)
	if err != nil {
		return nil, err
	}
	st, ok := b.Step(step)
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "CS-65", "no-step", "batch {batch} has no step {step}", "choose a step of the record", "batch", number, "step", step)
	}
	out := shownOut{Version: b.Version, Step: stepState(at, b, st, event)}
	if st.Step.Second != nil && !out.Step.Withheld {
		digest, err := shownDigest(b, step)
		if err != nil {
			return nil, err
		}
		out.ShownDigest = digest.String()
	}
	return &answer[shownOut]{Body: out}, nil
}

func shownDigest(b *batch.Batch, step string) (ledger.Digest, error) {
	shown, err := b.Show(step)
	if err != nil {
		return ledger.Digest{}, err
	}
	return shown.Digest()
}

// byEntry puts scans in the order of the record.
func byEntry(scans []scanOut) {
	slices.SortFunc(scans, func(a, b scanOut) int { return cmp.Compare(a.Entry, b.Entry) })
}
