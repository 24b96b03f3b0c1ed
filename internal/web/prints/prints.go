// Package prints makes documents that take longer than a request may: a person starts a print, watches how far it is, and
// fetches the file.
//
// Jobs live in this process and nowhere else. Few run at one time and few results are kept for a few minutes, so what they
// hold is bounded; whoever loses one, with the process or by waiting, starts it again. A job belongs to the person who
// started it. Printing reads; it leaves no entry. Labels are another matter: what becomes of each stands in the record (Spool).
package prints

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"rexbatch/internal/ledger"
)

const (
	atOnce  = 2                // jobs that run
	atMost  = 8                // jobs that are known, finished ones included
	kept    = 10 * time.Minute // how long a result waits to be fetched
	allowed = 5 * time.Minute  // how long a job may take
)

// Key says whose print of what it is. A person has one running job for each key.
type Key struct {
	Site, Account string
	Batch, Lang   string
}

// Work makes the document and tells how far it is.
type Work func(ctx context.Context, progress func(done, total int)) ([]byte, error)

// State is how far a job is.
type State struct {
	ID          string
	Key         Key
	Done, Total int // parts; Total is 0 until the work has told it
	Finished    bool
	Size        int       // bytes of the document, once it is finished
	Until       time.Time // when a finished document is let go
}

// Shop runs the jobs of one server. It is safe for concurrent use.
type Shop struct {
	clock func() time.Time

	mu   sync.Mutex
	jobs map[string]*job
}

type job struct {
	state   State
	started time.Time
	pdf     []byte
	err     error
}

// New makes a shop without jobs.
func New(clock func() time.Time) *Shop { return &Shop{clock: clock, jobs: map[string]*job{}} }

// Start begins a job and returns its id, or that of the job that already runs for the key. It is refused while as many
// run as may at one time.
func (s *Shop) Start(key Key, work Work) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tidy()
	running := 0
	for id, j := range s.jobs {
		if j.state.Finished {
			continue
		}
		if j.state.Key == key {
			return id, nil
		}
		running++
	}
	if running >= atOnce {
		return "", ledger.Refuse(ledger.Busy, "CS-10", "prints-busy", "{n} records are being printed at this moment", "wait until one is done, then print again", "n", fmt.Sprint(running))
	}
	if len(s.jobs) >= atMost {
		s.dropOldest()
	}
	j := &job{state: State{ID: rand.Text(), Key: key}, started: s.clock()}
	s.jobs[j.state.ID] = j
	go s.run(j, work)
	return j.state.ID, nil
}

// run does the work. A panic is a failed job, not the end of the server.
func (s *Shop) run(j *job, work Work) {
	ctx, cancel := context.WithTimeout(context.Background(), allowed)
	defer cancel()
	var pdf []byte
	err := guarded(func() (err error) {
		pdf, err = work(ctx, func(done, total int) {
			s.mu.Lock()
			defer s.mu.Unlock()
			j.state.Done, j.state.Total = done, total
		})
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	j.pdf, j.err = pdf, err
	j.state.Finished, j.state.Size, j.state.Until = true, len(pdf), s.clock().Add(kept)
}

// guarded makes a panic of a job its error.
func guarded(job func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("print: internal failure: %v", r)
		}
	}()
	return job()
}

// State is how far the person's job is; the error of the work when it failed.
func (s *Shop) State(id string, key Key) (State, error) {
	j, err := s.find(id, key)
	return j.state, err
}

// Document is what a finished job made, nil while it is not finished; the error of the work when it failed.
func (s *Shop) Document(id string, key Key) ([]byte, error) {
	j, err := s.find(id, key)
	return j.pdf, err
}

// find returns a copy of the person's job. The language of a job is its own, whatever is asked with.
func (s *Shop) find(id string, key Key) (job, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tidy()
	j, ok := s.jobs[id]
	if ok {
		key.Lang = j.state.Key.Lang
	}
	if !ok || j.state.Key != key {
		return job{}, ledger.Refuse(ledger.Missing, "CS-10", "no-print", "there is no such print of {batch}; one is kept for {minutes} minutes", "print the record again",
			"batch", key.Batch, "minutes", fmt.Sprint(int(kept.Minutes())))
	}
	return *j, j.err
}

// tidy lets go of results whose time is over.
func (s *Shop) tidy() {
	now := s.clock()
	for id, j := range s.jobs {
		if j.state.Finished && !now.Before(j.state.Until) {
			delete(s.jobs, id)
		}
	}
}

// dropOldest lets go of the finished job that was started first, to make room.
func (s *Shop) dropOldest() {
	var oldest *job
	for _, j := range s.jobs {
		if j.state.Finished && (oldest == nil || j.started.Before(oldest.started)) {
			oldest = j
		}
	}
	if oldest != nil {
		delete(s.jobs, oldest.state.ID)
	}
}
