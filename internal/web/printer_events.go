package web

import (
	"context"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"rexbatch/internal/web/desk"
)

// askAgain is after how many beats the printers of an open page are asked again.
const askAgain = 5

// printerEvents is GET /printers/events: it tells an open page that a label or a printer is in another state.
func (s *Server) printerEvents(c echo.Context) error {
	ctx, leave := context.WithCancel(c.Request().Context())
	at, news := desk.From(ctx), make(chan uint64, 1)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer leave()
	watching.Go(func() { s.watchPrinting(ctx, at, news, &watching) })
	return s.follow(c, at, news)
}

// watchPrinting looks with every beat, at the labels when the record has grown, and has the printers asked beside it: one that is off
// keeps no page waiting for the others.
func (s *Server) watchPrinting(ctx context.Context, at *desk.Desk, news chan uint64, beside *sync.WaitGroup) {
	beat := time.NewTicker(s.opt.Beat)
	defer beat.Stop()
	var waiting []desk.Waiting
	size, told := uint64(0), uint64(0)
	for {
		if at.Plant.Board.Due(time.Now(), askAgain*s.opt.Beat) { // of the machine
			beside.Go(func() { at.AskPrinters(ctx) })
		}
		head, err := at.Plant.Log.Head(ctx)
		if err == nil && (head.Size != size || waiting == nil) {
			waiting, err = at.Waiting(ctx)
			if err == nil {
				size = head.Size
			}
		}
		switch version := at.PrintingNow(waiting).Version; {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.opt.Logger.Warn("live page of the printers", "cause", err.Error())
		case version != told:
			select {
			case <-news: // in place of one that was not taken
			default:
			}
			news <- version
			told = version
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
	}
}
