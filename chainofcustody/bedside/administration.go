package bedside

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
)

// Administration is everything at the bedside of one batch, as the entries say.
type Administration struct {
	Batch      string
	Statements []Stated
	Scans      []Scan
	Stops      []Stop
	Starts     []*Start
	Stray      []End // ends without a start
	Requests   []*Request
	Recall     *Recall
	Version    uint64
}

// Clone is an independent copy.
func (a *Administration) Clone() *Administration {
	c := *a
	c.Statements, c.Scans, c.Stops, c.Stray = slices.Clip(a.Statements), slices.Clip(a.Scans), slices.Clip(a.Stops), slices.Clip(a.Stray)
	c.Starts, c.Requests = make([]*Start, len(a.Starts)), make([]*Request, len(a.Requests))
	for i, s := range a.Starts {
		copied := *s
		c.Starts[i] = &copied
	}
	for i, r := range a.Requests {
		copied := *r
		c.Requests[i] = &copied
	}
	return &c
}

// Current is the newest statement; nil while there is none.
func (a *Administration) Current() *Stated {
	if len(a.Statements) == 0 {
		return nil
	}
	return &a.Statements[len(a.Statements)-1]
}

// Statement is the one with that digest; nil when the plant made none such.
func (a *Administration) Statement(name ledger.Digest) *Statement {
	for i := range a.Statements {
		if a.Statements[i].Name == name {
			return &a.Statements[i].Statement
		}
	}
	return nil
}

// scan finds a scan by its phone and number.
func (a *Administration) scan(phone string, n uint64) (Scan, bool) {
	for _, s := range a.Scans {
		if s.Phone == phone && s.N == n {
			return s, true
		}
	}
	return Scan{}, false
}

// reached is the greatest time that a phone is known to have reached at the bedside before its n-th event.
func (a *Administration) reached(phone string, n uint64) time.Time {
	var at time.Time
	look := func(s Source) {
		if s.Phone == phone && s.N < n && s.Moment.Earliest.After(at) {
			at = s.Moment.Earliest
		}
	}
	for _, s := range a.Scans {
		look(s.Source)
	}
	for _, s := range a.Stops {
		look(s.Source)
	}
	return at
}

// running is the newest start of a phone, or of any where it made none, that has not ended; nil for none.
func (a *Administration) running(phone string) *Start {
	var found *Start
	for _, s := range a.Starts {
		if s.End == nil && (found == nil || s.Phone == phone || found.Phone != phone) {
			found = s
		}
	}
	return found
}

// Began tells whether any of the product was given.
func (a *Administration) Began() bool { return len(a.Starts) > 0 }

// Given are the containers that an infusion began with. A start whose scans no phone delivered may be of any of them.
func (a *Administration) Given() []string {
	out := []string{}
	for _, s := range a.Starts {
		out = append(out, s.Containers...)
		if now := a.Current(); now != nil && len(s.Containers) == 0 {
			for _, c := range now.Containers {
				out = append(out, c.ID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Open are the requests that nobody has answered.
func (a *Administration) Open() []*Request {
	var out []*Request
	for _, r := range a.Requests {
		if r.Answer == nil {
			out = append(out, r)
		}
	}
	return out
}

// Apply folds one entry.
func (a *Administration) Apply(e ledger.Entry) error {
	a.Version = e.Version
	fold, ok := folds[e.Type]
	if !ok {
		return fmt.Errorf("bedside entry %d: unknown type %q", e.Seq, e.Type)
	}
	err := fold(a, e)
	if err != nil {
		return fmt.Errorf("bedside entry %d (%s): %w", e.Seq, e.Type, err)
	}
	return nil
}

var folds = map[string]func(*Administration, ledger.Entry) error{
	typeStated: func(a *Administration, e ledger.Entry) error {
		s := Stated{Name: ledger.DigestOf(e.Data), At: e.Time, Seq: e.Seq}
		err := json.Unmarshal(e.Data, &s.Statement)
		a.Batch, a.Statements = s.Batch, append(a.Statements, s)
		return err
	},
	typeScanned: func(a *Administration, e ledger.Entry) error {
		var s Scan
		err := read(e, &s, &s.Source)
		a.Scans = append(a.Scans, s)
		return err
	},
	typeStopped: func(a *Administration, e ledger.Entry) error {
		var s Stop
		err := read(e, &s, &s.Source)
		a.Stops = append(a.Stops, s)
		return err
	},
	typeStarted: func(a *Administration, e ledger.Entry) error {
		var s Start
		err := read(e, &s, &s.Source)
		a.Starts = append(a.Starts, &s)
		return err
	},
	typeEnded: func(a *Administration, e ledger.Entry) error {
		var end End
		err := read(e, &end, &end.Source)
		for _, s := range a.Starts {
			if end.Start != 0 && s.Seq == end.Start {
				s.End = &end
				return err
			}
		}
		a.Stray = append(a.Stray, end)
		return err
	},
	typeRequested: func(a *Administration, e ledger.Entry) error {
		var r Request
		err := read(e, &r, &r.Source)
		a.Requests = append(a.Requests, &r)
		return err
	},
	typeAnswered: func(a *Administration, e ledger.Entry) error {
		n := Answer{Seq: e.Seq}
		err := json.Unmarshal(e.Data, &n)
		for _, r := range a.Requests {
			if r.Seq == n.Request {
				r.Answer = &n
			}
		}
		return err
	},
	typeRecalled: func(a *Administration, e ledger.Entry) error {
		r := Recall{At: e.Time, Seq: e.Seq}
		err := json.Unmarshal(e.Data, &r)
		a.Recall = &r
		return err
	},
}

func read(e ledger.Entry, into any, s *Source) error {
	err := json.Unmarshal(e.Data, into)
	s.Received, s.By, s.Role, s.Seq = e.Time, e.Author.Account, e.Author.Role, e.Seq
	return err
}
