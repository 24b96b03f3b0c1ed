package web

import (
	"context"
	"time"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// AreaPath is the address of a work area.
type AreaPath struct {
	Area string `path:"area" example:"SVQ-A1"`
}

type areaShowIn struct {
	AreaPath
	From time.Time `query:"from" doc:"Begin of the window of readings; 30 days before its end when not given"`
	To   time.Time `query:"to" doc:"End of the window of readings; now when not given"`
}

// shownDays is how far back readings are shown when nobody asks for more.
const shownDays = 30

func (a *api) areaShow(ctx context.Context, at *desk.Desk, in *areaShowIn) (*answer[areaOut], error) {
	if in.To.IsZero() {
		in.To = a.Clock()
	}
	if in.From.IsZero() {
		in.From = in.To.AddDate(0, 0, -shownDays)
	}
	w, err := at.Plant.Batches.Areas().Load(ctx, in.Area)
	if err != nil {
		return nil, err
	}
	return &answer[areaOut]{Body: areaState(w, in.From, in.To, a.Clock())}, nil
}

// onArea does a command on a work area, and answers with the area as it then stands.
func (a *api) onArea(ctx context.Context, at *desk.Desk, in AreaPath, role string, do func(*area.Book, ledger.Author) error) (*answer[areaOut], error) {
	by, err := at.Acting(role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(at.Plant.Batches.Areas(), by)
	if err != nil {
		return nil, err
	}
	return a.areaShow(ctx, at, &areaShowIn{AreaPath: in})
}
