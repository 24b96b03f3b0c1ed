package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rexbatch/batch"
	"rexbatch/batch/oncall"
	"rexbatch/internal/web/desk"
)

// The pace of a stream of events, in beats.
const (
	stillThere = 10 // beats between two looks whether the session still stands
	late       = 5  // beats that a client may take to accept one
)

// batchEvents is GET /batches/:batch/events: server-sent events that tell an open page the batch's version whenever it
// grows, and with every beat that the server is there. It ends with the session, with the page, and with the server.
func (s *Server) batchEvents(c echo.Context) error {
	ctx, at, number := c.Request().Context(), desk.From(c.Request().Context()), c.Param("batch")
	_, err := at.Plant.Batches.Load(ctx, number)
	if err != nil {
		return err
	}
	return s.events(c, at, batch.Stream(number))
}

// onCallEvents is GET /on-call/events: the same for the plant's on-call duty, so that a call is seen without a touch.
func (s *Server) onCallEvents(c echo.Context) error {
	return s.events(c, desk.From(c.Request().Context()), oncall.Stream)
}

func (s *Server) events(c echo.Context, at *desk.Desk, stream string) error {
	ctx := c.Request().Context()
	news, stop, err := s.live[at.Plant.Site()].Listen(ctx, stream)
	if err != nil {
		return err
	}
	defer stop()
	return s.follow(c, at, news)
}

// follow sends the news of something to an open page.
func (s *Server) follow(c echo.Context, at *desk.Desk, news <-chan uint64) error {
	ctx := c.Request().Context()
	out := eventStream{c: c, control: http.NewResponseController(c.Response()), patience: late * s.opt.Beat}
	err := out.begin()
	if err != nil {
		return err
	}
	beat := time.NewTicker(s.opt.Beat)
	defer beat.Stop()
	for beats := 1; err == nil; {
		select {
		case <-ctx.Done():
			return nil
		case <-s.done:
			return nil
		case version := <-news:
			err = out.send("version", fmt.Sprint(version))
		case <-beat.C:
			err = out.send("beat", "1")
			if beats%stillThere == 0 && at.Alive(ctx) != nil {
				return out.send("end", "session")
			}
			beats++
		}
	}
	return nil // the page has gone
}

// eventStream writes server-sent events.
type eventStream struct {
	c        echo.Context
	control  *http.ResponseController
	patience time.Duration
}

// begin lifts the bound on the length of a request: it holds for each event instead.
func (e eventStream) begin() error {
	err := e.control.SetReadDeadline(time.Time{})
	if err != nil {
		return fmt.Errorf("live page: %w", err)
	}
	h := e.c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy in front must not hold events back
	e.c.Response().WriteHeader(http.StatusOK)
	return e.write("retry: 500\n\n")
}

func (e eventStream) send(event, data string) error {
	return e.write("event: " + event + "\ndata: " + data + "\n\n")
}

func (e eventStream) write(text string) error {
	err := e.control.SetWriteDeadline(time.Now().Add(e.patience)) // of the machine: a bound, not a time of the record
	if err != nil {
		return err
	}
	_, err = e.c.Response().Write([]byte(text))
	if err != nil {
		return err
	}
	return e.control.Flush()
}
