package prints

import (
	"context"
	"sync"
	"time"

	"rexbatch/internal/ledger"
)

// Patience is how long a person waits at a page for their print: a printer that is ready has several labels out by then.
const Patience = 1500 * time.Millisecond

// Spool sends labels to printers beside the request that asked for it, so that a printer that is off or jammed keeps no page waiting. What
// becomes of a job stands in the record: whoever asked sees it there. The zero value is ready for use.
type Spool struct {
	mu      sync.Mutex
	running map[string]context.CancelFunc
	jobs    sync.WaitGroup
}

// Begin begins a job, which goes on when nobody waits for it any more; its error comes on done. Two jobs with one key never
// run at the same time: nothing is printed twice because somebody asked twice.
func (s *Spool) Begin(ctx context.Context, key string, job func(ctx context.Context) error) (done <-chan error, err error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the person may leave the page; the printer's own times bound it
	if !s.take(key, cancel) {
		cancel()
		return nil, ledger.Refuse(ledger.Unmet, "LB-1", "printing-now", "these labels are being printed now", "wait until each label says that it is printed or not")
	}
	result := make(chan error, 1)
	go func() {
		defer cancel()
		err := guarded(func() error { return job(ctx) })
		s.free(key) // before anybody hears of the end: they may ask for the next one
		result <- err
	}()
	return result, nil
}

// Do begins a job and waits for it as long as a person has patience. Its error is that of the job; nil while it goes on.
func (s *Spool) Do(ctx context.Context, key string, job func(ctx context.Context) error) error {
	done, err := s.Begin(ctx, key, job)
	if err != nil {
		return err
	}
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	select {
	case err := <-done:
		return err
	case <-patience.C:
		return nil
	}
}

// Stop ends the jobs and returns when the last one has ended. What they have not printed is still queued in the record.
func (s *Spool) Stop() {
	s.mu.Lock()
	for _, cancel := range s.running {
		cancel()
	}
	s.mu.Unlock()
	s.jobs.Wait()
}

func (s *Spool) take(key string, cancel context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.running[key]; taken {
		return false
	}
	if s.running == nil {
		s.running = map[string]context.CancelFunc{}
	}
	s.running[key] = cancel
	s.jobs.Add(1)
	return true
}

func (s *Spool) free(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, key)
	s.jobs.Done()
}
