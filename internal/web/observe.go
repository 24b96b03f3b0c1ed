package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"rexbatch/internal/web/desk"
)

// observe gives a request its identifier and one line in the log: no query, no header, no body, so no secret.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now() // of the machine: a duration, not a time of the record
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("request identifier: %w", err)
		}
		r := c.Request()
		c.SetRequest(r.WithContext(desk.WithRequestID(r.Context(), id.String())))
		c.Response().Header().Set("X-Request-Id", id.String())
		err = next(c)
		if err != nil {
			c.Error(err)
		}
		s.line(c, id.String(), time.Since(began))
		return nil
	}
}

func (s *Server) line(c echo.Context, id string, took time.Duration) {
	r := c.Request()
	route, _ := desk.RouteOf(r.Method, c.Path())
	attrs := []slog.Attr{
		slog.String("request", id), slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("audit", string(route.Audit)),
		slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size), slog.Duration("took", took), slog.String("address", c.RealIP()),
	}
	if d := desk.From(r.Context()); d != nil {
		attrs = append(attrs, slog.String("account", d.Session.Account), slog.String("site", d.Plant.Site()), slog.String("terminal", d.Session.Terminal))
	}
	s.desk.Logger.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelInfo, "request", attrs...)
}

// recover turns a panic into an answer and a line in the log with its place.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			cause := recover()
			switch cause {
			case nil:
				return
			case http.ErrAbortHandler:
				panic(cause)
			}
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}()
		return next(c)
	}
}

// fail is the one place where an error of a handler becomes an answer.
func (s *Server) fail(err error, c echo.Context) {
	r := c.Request()
	p := s.desk.Problem(r.Context(), err)
	if c.Response().Committed {
		return // the answer is on its way; the log has the cause
	}
	for name, values := range p.GetHeaders() {
		c.Response().Header()[name] = values
	}
	if s.desk.ErrorPage != nil && !strings.HasPrefix(r.URL.Path, "/api/") {
		err = s.desk.ErrorPage(c, p)
		if err == nil || c.Response().Committed {
			return
		}
		s.desk.Logger.Log(r.Context(), levelOf(p), "error page", "request", p.Request, "cause", err.Error())
	}
	err = writeProblem(c, p)
	if err != nil {
		s.desk.Logger.Debug("answer not sent", "request", p.Request, "cause", err.Error())
	}
}

// levelOf is how loud the log is about an answer that could not be made: not at all where nobody waits for it.
func levelOf(p *desk.Problem) slog.Level {
	if p.Status == desk.StatusLeft {
		return slog.LevelDebug
	}
	return slog.LevelError
}

func writeProblem(c echo.Context, p *desk.Problem) error {
	if c.Request().Method == http.MethodHead {
		return c.NoContent(p.Status)
	}
	c.Response().Header().Set(echo.HeaderContentType, p.ContentType(""))
	return c.JSON(p.Status, p)
}
