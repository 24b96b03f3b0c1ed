// Package web is the way in: the HTTP server, its JSON API under /api/v1, and the mount of the HTML pages. It turns
// requests into commands and state into answers, and decides nothing.
//
// Every request passes one chain: identifier and log line, recovery, security headers, bounds of size and form,
// protection against forged requests, and the one permission check (desk.Guard). Handlers only translate. Errors
// leave through one table as RFC 9457 problems.
//
// Compatibility: what stands under /api/v1 is only ever added to.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"rexbatch/internal/web/desk"
	"rexbatch/internal/web/live"
	"rexbatch/internal/web/pages"
)

// Plant is one manufacturing site as the server serves it.
type Plant = desk.Plant

// Printers are the label printers of a plant, and Printer is one of them; SilentPrinter is the state of one that answers no
// questions.
type (
	Printers = desk.Printers
	Printer  = desk.Printer
)

// SilentPrinter is desk.Silent.
const SilentPrinter = desk.Silent

// Options configure a Server. Plants is needed; every other zero value is usable.
type Options struct {
	Plants  []*Plant
	Demo    bool   // made-up persons and keys: pages say so
	Version string // of the program
	Logger  *slog.Logger
	Clock   func() time.Time
	CA      []byte // PEM of the demo CA, served at /ca.pem; none when empty
	// Beat is how often a live page hears that the server is there; a second when zero. Pages take twice that for gone.
	Beat time.Duration
}

// Server is the HTTP side of one process. It holds no state but what limits sign-ins.
type Server struct {
	echo *echo.Echo
	desk *desk.Deps
	opt  Options
	live map[string]*live.Watch // by site
	done chan struct{}          // closed when the server stops: pages that listen let go
}

// New builds the server: every route with its permission, or an error that names what is missing.
func New(opt Options) (*Server, error) {
	deps, err := desk.NewDeps(desk.Deps{
		Plants: opt.Plants, Demo: opt.Demo, Version: opt.Version, Logger: opt.Logger, Clock: opt.Clock,
	})
	if err != nil {
		return nil, err
	}
	if opt.Beat <= 0 {
		opt.Beat = time.Second
	}
	s := &Server{echo: echo.New(), desk: deps, opt: opt, live: map[string]*live.Watch{}, done: make(chan struct{})}
	for _, p := range opt.Plants {
		s.live[p.Site()] = live.New(p.Log, opt.Beat/2, deps.Logger)
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.fail
	// The address counts tries of sign-ins. Only a proxy on this machine is believed about it.
	s.echo.IPExtractor = echo.ExtractIPFromXFFHeader(echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))
	s.echo.Use(s.observe, s.recover, secure, limitBody, checkTarget, s.refuseForged, deps.Guard)
	s.echo.GET("/healthz", s.healthz)
	s.echo.GET("/ca.pem", s.ca)
	s.echo.GET("/batches/:batch/events", s.batchEvents)
	s.echo.GET("/on-call/events", s.onCallEvents)
	s.echo.GET("/printers/events", s.printerEvents)
	err = s.mountAPI()
	if err != nil {
		return nil, err
	}
	err = pages.Mount(s.echo, deps)
	if err != nil {
		return nil, err
	}
	err = desk.CheckRoutes(s.echo.Routes())
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Handler is the whole server as one handler.
func (s *Server) Handler() http.Handler { return s.echo }

// The bounds of a connection. A phone in a basement sends slowly; nobody needs a minute for a megabyte.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10
)

// HTTP is the server with its time limits, to be served on a listener.
func (s *Server) HTTP() *http.Server {
	server := &http.Server{
		Handler: s.echo, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(s.desk.Logger.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(sync.OnceFunc(func() { close(s.done) }))
	return server
}

// healthz says that the process answers and that every plant's log can be read.
func (s *Server) healthz(c echo.Context) error {
	for _, p := range s.desk.Plants {
		_, err := p.Log.Head(c.Request().Context())
		if err != nil {
			return fmt.Errorf("log of %s: %w", p.Site(), err)
		}
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok", "version": s.opt.Version})
}

// ca serves the certificate of the demo CA, so that a reader of PDF files can be told to trust it.
func (s *Server) ca(c echo.Context) error {
	if len(s.opt.CA) == 0 {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	return c.Blob(http.StatusOK, "application/x-pem-file", s.opt.CA)
}
