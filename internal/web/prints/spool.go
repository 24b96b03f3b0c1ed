package prints

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"rexbatch/internal/ledger"
)

// Patience is how long a person waits at a page for their print: a printer that is ready has several labels out by then.
const Patience = 1500 * time.Millisecond

// Spool sends labels to printers beside the request that asked for it, so that a printer that is off or jammed keeps no page waiting. What
// becomes of a job stands in the record: whoever asked sees it there. The zero value is ready for use.
type Spool struct {
	Logger *slog.Logger // of the errors that nobody waits for any more; nil logs none

	mu      sync.Mutex
	running map[string]*task
	jobs    sync.WaitGroup
}

// task is a job that runs. What the job says at its end goes to whoever waits, or into the log when they have left.
type task struct {
	cancel context.CancelFunc
	done   chan error
	left   bool
}

// Begin begins a job, which goes on when nobody waits for it any more; its error comes on done. Two jobs with one key never
// run at the same time: nothing is printed twice because somebody asked twice.
func (s *Spool) Begin(ctx context.Context, key string, job func(ctx context.Context) error) (done <-chan error, err error) {
	t, err := s.begin(ctx, key, job)
	if err != nil {
		return nil, err
	}
	return t.done, nil
}

func (s *Spool) begin(ctx context.Context, key string, job func(ctx context.Context) error) (*task, error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the person may leave the page; the printer's own times bound it
	t := &task{cancel: cancel, done: make(chan error, 1)}
	if !s.take(key, t) {
		cancel()
		return nil, ledger.Refuse(ledger.Unmet, "LB-1", "printing-now", "these labels are being printed now", "wait until each label says that it is printed or not")
	}
	go func() {
		defer s.jobs.Done()
		defer cancel()
		err := guarded(func() error { return job(ctx) })
		if s.free(key) && err != nil && s.Logger != nil {
			s.Logger.Error("labels that nobody waited for any more", "labels", key, "error", err)
		}
		t.done <- err // freed before anybody hears of the end: they may ask for the next one
	}()
	return t, nil
}

// Do begins a job and waits for it as long as a person has patience. Its error is that of the job; nil while it goes on.
func (s *Spool) Do(ctx context.Context, key string, job func(ctx context.Context) error) error {
	t, err := s.begin(ctx, key, job)
	if err != nil {
		return err
	}
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	select {
	case err := <-t.done:
		return err
	case <-patience.C:
		return s.leave(key, t, nil)
	}
}

// Wait begins a job and waits for its end, which its error is; when the context ends before, the job goes on.
func (s *Spool) Wait(ctx context.Context, key string, job func(ctx context.Context) error) error {
	t, err := s.begin(ctx, key, job)
	if err != nil {
		return err
	}
	select {
	case err := <-t.done:
		return err
	case <-ctx.Done():
		return s.leave(key, t, ctx.Err())
	}
}

// Stop ends the jobs and returns when the last one has ended. What they have not printed is still queued in the record.
func (s *Spool) Stop() {
	s.mu.Lock()
	for _, t := range s.running {
		t.cancel()
	}
	s.mu.Unlock()
	s.jobs.Wait()
}

func (s *Spool) take(key string, t *task) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.running[key]; taken {
		return false
	}
	if s.running == nil {
		s.running = map[string]*task{}
	}
	s.running[key] = t
	s.jobs.Add(1)
	return true
}

// leave gives up to wait for a task, with what is said of one that goes on; of one that has ended meanwhile it is what that said.
func (s *Spool) leave(key string, t *task, goesOn error) error {
	s.mu.Lock()
	if s.running[key] == t {
		t.left = true
		s.mu.Unlock()
		return goesOn
	}
	s.mu.Unlock()
	return <-t.done
}

// free lets the next job have the key, and tells whether nobody waits for the one that had it.
func (s *Spool) free(key string) (left bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left = s.running[key].left
	delete(s.running, key)
	return left
}
