package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"rexbatch/internal/web"
)

// drainTimeout is how long requests in progress may take to finish when the server stops.
const drainTimeout = 30 * time.Second

type serveCommand struct {
	Data string `required:"" placeholder:"DIR" help:"Data directory; made when it is empty or missing."`
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	Log  string `default:"warn" enum:"info,warn,error" help:"What to log on standard error: info has a line for each request."`
	vaultKey
}

// Help implements kong's HelpProvider.
func (serveCommand) Help() string {
	return "At the first start it prints the one-time passwords of the first administrators, once. " +
		"SIGTERM finishes what is being saved and stops.\n\n" +
		"Example: rexbatch serve --data /var/lib/rexbatch --addr 127.0.0.1:8080"
}

// Run serves until ctx is done.
func (c *serveCommand) Run(ctx context.Context, a *App) error {
	err := a.level.UnmarshalText([]byte(c.Log))
	if err != nil {
		return usage(err.Error(), "choose info, warn or error")
	}
	s, err := a.startServer(ctx, c.Data, c.Addr, c.vaultKey)
	if err != nil {
		return err
	}
	err = a.announce(s)
	if err != nil {
		return err
	}
	return s.wait(ctx)
}

// announce says where the server is and, once, how the first administrators sign in.
func (a *App) announce(s *server) error {
	err := a.printf("serving %s from %s\n", s.url, s.data.path)
	for _, p := range s.data.plants {
		if first, made := s.data.first[p.Profile.Site]; made {
			err = errors.Join(err, a.printf("first administrator of %s: %s, one-time password: %s\n", p.Profile.Site, first.Username, first.Password))
		}
	}
	if len(s.data.first) > 0 {
		err = errors.Join(err, a.printf("kept in %s until they are changed\n", filepath.Join(s.data.path, firstAdministratorFile)))
	}
	return err
}

// server is a running server on an open data directory.
type server struct {
	data   *dataDir
	url    string
	http   *http.Server
	failed chan error // one error when it stops by itself
	drain  context.CancelFunc
	labels sync.WaitGroup // labels that a former process left are being taken up
}

// startServer opens the data directory and listens. The server accepts connections when it returns; it is
// stopped by wait, or at the latest by Close.
func (a *App) startServer(ctx context.Context, dir, addr string, key vaultKey) (*server, error) {
	_, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, usage(fmt.Sprintf("%q is no address: %v", addr, err), "write host and port, e.g. --addr 127.0.0.1:8080")
	}
	// The listener comes first: a port that is taken must not leave a new data directory behind.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, hint(err, "another program may use the port; choose another one with --addr")
	}
	// What must be saved when a signal comes may not end with the signal's context.
	data, err := openDataDir(context.WithoutCancel(ctx), dir, a.Clock)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	a.onClose(data.Close)
	err = data.openVaults(context.WithoutCancel(ctx), key, a.askPassphrase)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &server{data: data, url: urlOf(listener.Addr().String()), failed: make(chan error, 1)}
	s.http, err = a.httpServer(data)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	// Long answers (live pages) end when the server drains.
	requests, drain := context.WithCancel(context.WithoutCancel(ctx))
	s.drain = drain
	s.http.BaseContext = func(net.Listener) context.Context { return requests }
	a.onClose(s.stop)
	go func() { s.failed <- s.http.Serve(listener) }()
	for _, plant := range data.plants {
		s.labels.Go(func() {
			err := printWaiting(requests, plant)
			if err != nil {
				a.logger().Error("labels that waited for their printer", "plant", plant.Profile.Site, "error", err)
			}
		})
	}
	err = a.rememberFirst(s)
	if err != nil { // a convenience for the command line; the server is as good without it
		a.complain(err.Error(), "run needs --accounts then")
	}
	if a.Serving != nil {
		a.Serving(s.url)
	}
	return s, nil
}

func (a *App) httpServer(data *dataDir) (*http.Server, error) {
	ca, err := data.keys.PEM()
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	w, err := web.New(web.Options{
		// Every key comes from the demonstration authority, so every page has to say so.
		Plants: data.plants, Demo: true, Version: version, Logger: a.logger(), Clock: a.Clock, CA: ca,
	})
	if err != nil {
		return nil, err
	}
	return w.HTTP(), nil
}

func (a *App) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: a.level}))
}

// wait serves until ctx is done or the server fails, then stops it.
func (s *server) wait(ctx context.Context) error {
	select {
	case err := <-s.failed:
		return fmt.Errorf("server: %w", err)
	case <-ctx.Done():
		return s.stop()
	}
}

// stop lets requests in progress finish, and takes no new ones. A second stop does nothing.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	stopEvents := time.AfterFunc(drainTimeout/2, s.drain)
	defer stopEvents.Stop()
	err := s.http.Shutdown(ctx)
	s.drain()
	s.labels.Wait()
	for _, plant := range s.data.plants {
		plant.Spool.Stop()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = errors.Join(fmt.Errorf("server: requests did not end within %s", drainTimeout), s.http.Close())
	}
	return err
}

// urlOf is the address as a browser on this machine needs it.
func urlOf(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	if host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
