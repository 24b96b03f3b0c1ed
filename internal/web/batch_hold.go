package web

import (
	"context"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

func (a *api) course() {
	const number = "/batches/{batch}"
	register(a, "POST "+number+"/hold", "hold-batch", "Keep a batch from being worked on (AT-59)", a.batchHold)
	register(a, "POST "+number+"/holds/{hold}/release", "release-hold", "QA lets a held batch go on (AT-59)", a.holdRelease)
	register(a, "POST "+number+"/holds/{hold}/reading", "read-hold", "Say that the hospital has read of an incident of identity (AT-11)", a.holdRead)
	register(a, "POST "+number+"/stop", "stop-batch", "Stop a batch where nothing is left half way (AT-59)", a.batchStop)
	register(a, "POST "+number+"/containers/{container}/disposal", "dispose", "Say what is done with a container of an ended batch (AT-59)", a.batchDispose)
	register(a, "POST "+number+"/split", "split-batch", "Let a batch go on as several (AT-14)", a.batchSplit)
	register(a, "POST "+number+"/thaw", "thaw-batch", "Open the batch in which frozen product is thawed, on the investigator's order (AT-1)", a.batchThaw, makes)
	register(a, "GET "+number+"/stored", "stored-results", "The stored results of the batch that a thaw comes from (AT-1)", a.batchStored)
	register(a, "POST /therapy-events/{coi}/further", "further-harvest", "Open the batch of a further harvest, by a signed decision (AT-1)", a.therapyFurther, makes)
	register(a, "GET "+number+"/deviations", "deviations", "The deviations of a batch (AT-59)", a.deviationList)
	register(a, "POST "+number+"/deviations", "open-deviation", "Open a deviation for exceptions that have none (AT-59)", a.deviationOpen, makes)
	register(a, "POST "+number+"/deviations/{deviation}/classification", "classify-deviation", "Its weight, and until when it has to be closed (AT-59)", a.deviationClassify)
	register(a, "POST "+number+"/deviations/{deviation}/investigation", "investigate-deviation", "Cause, risk for the patient, reference to corrective action (AT-59)", a.deviationInvestigate)
	register(a, "POST "+number+"/deviations/{deviation}/approval", "approve-deviation", "QA's signed approval (AT-59)", a.deviationApprove)
	register(a, "POST "+number+"/deviations/{deviation}/allowances", "propose-allowance", "Propose a change for this batch alone (AT-5)", a.allowancePropose)
	register(a, "POST "+number+"/deviations/{deviation}/allowances/{allowance}/approval", "approve-allowance", "QA's signed approval of such a change: it is in force from then on (AT-5)", a.allowanceApprove)
	register(a, "POST "+number+"/deviations/{deviation}/allowances/{allowance}/refusal", "decline-allowance", "QA does not allow it (AT-5)", a.allowanceDecline)
}

type reasonIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Body  struct {
		Reason string `json:"reason" example:"the logger of the box is being checked"`
		Command
	}
}

// onBatch does a command on a whole batch, and answers with the batch as it then stands.
func onBatch(ctx context.Context, at *desk.Desk, number string, c Command, do func(ledger.Author, batch.Seen) error) (*answer[batchOut], error) {
	by, err := at.Acting(c.Role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(by, batch.Seen(c.Version))
	if err != nil {
		return nil, err
	}
	return batchNow(ctx, at, number)
}

func (a *api) batchHold(ctx context.Context, at *desk.Desk, in *reasonIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.Hold(ctx, by, in.Batch, seen, in.Body.Reason)
	})
}

type letGoIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Hold  string `path:"hold" example:"decided:41"`
	Body  struct {
		Reason string `json:"reason" example:"the logger is in calibration, see CAL-118"`
		Command
	}
}

func (a *api) holdRelease(ctx context.Context, at *desk.Desk, in *letGoIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.LetGoOn(ctx, by, in.Batch, seen, in.Hold, in.Body.Reason)
	})
}

type holdReadIn struct {
	Batch string `path:"batch" example:"SVQ2600001X"`
	Hold  string `path:"hold" example:"identity:41"`
	Body  struct{ Command }
}

func (a *api) holdRead(ctx context.Context, at *desk.Desk, in *holdReadIn) (*answer[batchOut], error) {
	return onBatch(ctx, at, in.Batch, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.ReadHold(ctx, by, in.Batch, seen, in.Hold)
	})
}
