package web

import (
	"context"
	"maps"
	"slices"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/people"
	"rexbatch/internal/web/desk"
)

// courseOut is where a batch left the straight way, and what else belongs to it.
type courseOut struct {
	Now        []nowOut        `json:"now" doc:"The steps that can be done now; several where they run in parallel"`
	Holds      []holdOut       `json:"holds,omitempty" doc:"While one stands, nothing is done (AT-59)"`
	Ending     *endingOut      `json:"ending,omitempty" doc:"Why the batch is not made any further"`
	Undisposed []containerOut  `json:"undisposed,omitempty" doc:"Containers of the ended batch of which nobody has said what became of them"`
	Disposed   []disposedOut   `json:"disposed,omitempty"`
	ClosedAt   string          `json:"closed_at,omitempty"`
	Areas      []openAreaOut   `json:"areas,omitempty" doc:"Work areas that are open for the batch (I5)"`
	Timers     []timerOut      `json:"timers,omitempty"`
	Deviations []deviationLine `json:"deviations,omitempty"`
	Labels     labelCountOut   `json:"labels" doc:"Balance of the printed labels (F23)"`
	HandedOn   string          `json:"handed_on_to,omitempty" example:"DE-FRA" doc:"The plant at which it goes on"`
	TakenOn    *batch.TakenOn  `json:"taken_on,omitempty" doc:"From which plant it was taken on, with what was found there"`
	Parent     string          `json:"parent,omitempty" doc:"The batch from which it was split"`
	Children   []string        `json:"children,omitempty" doc:"The batches that were split from it"`
	Beside     []string        `json:"beside,omitempty" doc:"The other batches of the same therapy event"`
	Harvest    int             `json:"harvest,omitempty" doc:"Of the therapy event, from 1"`
	Further    batch.Further   `json:"further,omitempty" doc:"Why the patient was harvested again"`
}

type nowOut struct {
	Step   string       `json:"step"`
	Status batch.Status `json:"status"`
	Role   people.Role  `json:"role" doc:"Who has to do it"`
}

type holdOut struct {
	ID     string          `json:"id" example:"gate:S14:88"`
	Cause  batch.HoldCause `json:"cause"`
	Step   string          `json:"step,omitempty"`
	Ref    string          `json:"ref,omitempty"`
	What   string          `json:"what,omitempty"`
	By     string          `json:"by"`
	At     string          `json:"at"`
	Entry  uint64          `json:"entry"`
	Stands bool            `json:"stands"`
	LetGo  string          `json:"let_go_by,omitempty"`
	LetAt  string          `json:"let_go_at,omitempty"`
	Reason string          `json:"reason,omitempty" doc:"Why it may go on"`
}

type endingOut struct {
	Cause     batch.EndCause `json:"cause"`
	Step      string         `json:"step,omitempty"`
	Reason    string         `json:"reason,omitempty"`
	By        string         `json:"by"`
	At        string         `json:"at"`
	Entry     uint64         `json:"entry"`
	Effective bool           `json:"effective" doc:"False until the next safe step is done: nothing is left half way"`
}

type disposedOut struct {
	Container string            `json:"container"`
	How       batch.Disposition `json:"disposition"`
	Reason    string            `json:"reason"`
	By        string            `json:"by"`
	At        string            `json:"at"`
	Entry     uint64            `json:"entry"`
}

type openAreaOut struct {
	Kind string `json:"kind"`
	Area string `json:"area"`
}

// timerOut is a clock of the recipe as it reads now.
type timerOut struct {
	ID        string   `json:"id" example:"transport"`
	Name      mbr.Text `json:"name"`
	State     string   `json:"state" enum:"not-started,running,warning,late,stopped,stopped-late"`
	Started   string   `json:"started_at,omitempty"`
	Due       string   `json:"due,omitempty"`
	Ended     string   `json:"ended_at,omitempty"`
	Limit     int64    `json:"limit_s" doc:"Seconds"`
	Remaining int64    `json:"remaining_s" doc:"Seconds; below zero when it is late"`
	Owner     string   `json:"owner" doc:"The role that has to act"`
	Late      string   `json:"late" enum:"exception,deviation,block" doc:"What follows from being late"`
}

type deviationLine struct {
	Number         string               `json:"number"`
	Open           bool                 `json:"open"`
	Classification batch.Classification `json:"classification,omitempty"`
	Due            string               `json:"due,omitempty"`
}

type labelCountOut struct {
	Printed     int `json:"printed"`
	ScannedBack int `json:"scanned_back"`
	Destroyed   int `json:"destroyed"`
	Open        int `json:"open"`
}

func courseOf(ctx context.Context, at *desk.Desk, b *batch.Batch, event *chainofcustody.TherapyEvent) (courseOut, error) {
	balance := b.LabelBalance()
	out := courseOut{
		Now: []nowOut{}, ClosedAt: utc(b.ClosedAt), Parent: b.Parent, Children: b.Children, Harvest: b.Harvest, Further: b.Further,
		Labels: labelCountOut{balance.Printed, balance.ScannedBack, balance.Destroyed, balance.Open},
	}
	if b.HandedOn != nil {
		out.HandedOn = b.HandedOn.To
	}
	if at.Session.May(people.ReadRecord) {
		out.TakenOn = b.TakenOn
	}
	for _, t := range b.Worklist().Waiting {
		out.Now = append(out.Now, nowOut{t.Step, t.Status, people.Role(t.Role)})
	}
	out.endings(at, b, event)
	for _, kind := range slices.Sorted(maps.Keys(b.Areas)) {
		out.Areas = append(out.Areas, openAreaOut{kind, b.Areas[kind]})
	}
	for _, t := range b.Timers(at.Plant.Batches.Clock()) {
		out.Timers = append(out.Timers, timerOut{
			ID: t.Of.ID, Name: t.Of.Name, State: string(t.State), Started: utc(t.Started), Due: utc(t.Due), Ended: utc(t.Ended),
			Limit: seconds(t.Clock.Limit), Remaining: seconds(t.Remaining), Owner: string(t.Of.Owner), Late: string(t.Of.Late),
		})
	}
	if at.Session.May(people.ReadRecord) {
		for _, d := range b.Deviations {
			out.Deviations = append(out.Deviations, deviationLine{d.Number, !b.Closed(d), d.Classification, d.Due})
		}
	}
	beside, err := at.Plant.Batches.Beside(ctx, b)
	out.Beside = beside
	return out, err
}

// endings are the holds and the end of a batch. Hospital and courier staff learn that it is held, and not what about.
func (out *courseOut) endings(at *desk.Desk, b *batch.Batch, event *chainofcustody.TherapyEvent) {
	reads := at.Session.May(people.ReadRecord)
	for _, h := range b.Holds {
		one := holdOut{ID: h.ID, Cause: h.Cause, Step: h.Step, By: h.By, At: utc(h.At), Entry: h.Seq, Stands: h.LetGo == "", LetGo: h.LetGo}
		if h.LetGo != "" {
			one.LetAt = utc(h.LetAt)
		}
		if reads {
			one.Ref, one.What, one.Reason = h.Ref, h.What, h.Reason
		}
		out.Holds = append(out.Holds, one)
	}
	if b.Ending == nil {
		return
	}
	e := b.Ending
	out.Ending = &endingOut{Cause: e.Cause, Step: e.Step, By: e.By, At: utc(e.At), Entry: e.Seq, Effective: e.Effective}
	if reads {
		out.Ending.Reason = e.Reason
	}
	if !e.Effective {
		return
	}
	for _, c := range b.Undisposed(event) {
		out.Undisposed = append(out.Undisposed, containerState(at, b.CoI, c))
	}
	for _, id := range slices.Sorted(maps.Keys(b.Disposed)) {
		d := b.Disposed[id]
		out.Disposed = append(out.Disposed, disposedOut{d.Container, d.How, d.Reason, d.By, utc(d.At), d.Seq})
	}
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
