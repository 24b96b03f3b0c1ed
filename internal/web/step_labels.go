package web

import (
	"context"
	"fmt"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// labelsIssue issues the labels of a step, and prints those that the recipe has printed. What became of each stands in
// the step's prints.
func (a *api) labelsIssue(ctx context.Context, at *desk.Desk, in *stepCommandIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.command(), func(by ledger.Author, seen batch.Seen) error {
		err := at.Plant.Batches.Labels(ctx, by, in.Batch, seen, in.Step)
		if err != nil {
			return err
		}
		return printLabels(ctx, at, by, in.StepPath)
	})
}

// printLabels prints what is not on paper of a step's labels, and waits for the end; nobody can ask for the same beside it (LB-1).
func printLabels(ctx context.Context, at *desk.Desk, by ledger.Author, in StepPath) error {
	return at.Plant.Spool.Wait(ctx, at.Plant.LabelsKey(in.Batch, in.Step), func(ctx context.Context) error {
		return at.Plant.Batches.Print(ctx, by, in.Batch, in.Step)
	})
}

// labelsPrint prints again what is queued or failed; what is on paper already is not printed twice.
func (a *api) labelsPrint(ctx context.Context, at *desk.Desk, in *stepCommandIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.command(), func(by ledger.Author, _ batch.Seen) error {
		return printLabels(ctx, at, by, in.StepPath)
	})
}

type scanBackIn struct {
	StepPath
	Body struct {
		Raw string `json:"raw" example:"=&,1000A999926000001F00020G" doc:"What the scanner read from the applied label, unchanged"`
		Command
	}
}

// labelsScan takes an applied label back: it is where it should be, and says what it should (LB-3).
func (a *api) labelsScan(ctx context.Context, at *desk.Desk, in *scanBackIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		return at.Plant.Batches.ScanBack(ctx, by, in.Batch, seen, in.Step, in.Body.Raw)
	})
}

type scrapIn struct {
	StepPath
	Container string `path:"container" example:"A999926000001-F00020" doc:"The identifier with a hyphen for its slash"`
	Body      struct {
		Reason  string        `json:"reason" example:"smudged while it was applied"`
		Reprint *secondPerson `json:"reprint,omitempty" doc:"A new label with the next serial; needs a second person (LB-1)"`
		Command
	}
}

// labelScrap destroys a label, and prints it anew where a second person signs for that (LB-1).
func (a *api) labelScrap(ctx context.Context, at *desk.Desk, in *scrapIn) (*answer[shownOut], error) {
	return on(ctx, at, in.StepPath, in.Body.Command, func(by ledger.Author, seen batch.Seen) error {
		second := in.Body.Reprint.signer(at, by)
		err := at.Plant.Batches.Scrap(ctx, by, in.Batch, seen, in.Step, containerID(in.Container), in.Body.Reason, second)
		if err != nil || second == nil {
			return err
		}
		return printLabels(ctx, at, by, in.StepPath)
	})
}

type labelFileIn struct {
	StepPath
	Container string `path:"container" example:"A999926000001-F00020" doc:"The identifier with a hyphen for its slash"`
	File      string `path:"file" enum:"label.png,label.pdf,label-203.zpl,label-300.zpl"`
}

func (a *api) labelFile(ctx context.Context, at *desk.Desk, in *labelFileIn) (*text, error) {
	file, err := at.LabelFile(ctx, in.Batch, in.Step, containerID(in.Container), in.File)
	if err != nil {
		return nil, err
	}
	return &text{ContentType: file.Type, ContentDisposition: fmt.Sprintf("inline; filename=%q", in.Container+"-"+in.File), Body: file.Content}, nil
}
