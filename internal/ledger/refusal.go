package ledger

import (
	"errors"
	"fmt"
	"strings"
)

// Kind sorts refusals by what the caller can do about them.
type Kind string

// The kinds of refusal.
const (
	Invalid      Kind = "invalid"      // the input is not acceptable as it is
	Unauthorised Kind = "unauthorised" // nobody is signed in, or the credentials are wrong
	Forbidden    Kind = "forbidden"    // this person may not do that
	Missing      Kind = "missing"      // there is no such thing
	Stale        Kind = "stale"        // the record has moved on: look again, decide again
	Unmet        Kind = "unmet"        // a rule is not met yet
	Stop         Kind = "stop"         // a hard stop: identity does not match
	Busy         Kind = "busy"         // too many tries, wait
)

// Refusal is the answer to a command that may not become entries: which rule stands against it, what
// happened, and what to do now. It is a value; nothing was written.
type Refusal struct {
	Rule string // requirement id: "I4", "AT-11", "CS-47"
	Code string // stable key of the message, e.g. "scan-mismatch"; catalogues translate by it
	Kind Kind
	What string            // English: what happened
	Next string            // English: what to do now
	Args map[string]string // the values that the message names
}

func (r *Refusal) Error() string { return r.Rule + ": " + r.What }

// Refuse makes a refusal. The placeholders {name} in what and next are filled from the name, value pairs args.
func Refuse(kind Kind, rule, code, what, next string, args ...string) *Refusal {
	r := &Refusal{Rule: rule, Code: code, Kind: kind, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		r.Args[args[i]] = args[i+1]
	}
	r.What, r.Next = Fill(what, r.Args), Fill(next, r.Args)
	return r
}

// Fill replaces {name} by the value of that name.
func Fill(text string, args map[string]string) string {
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Refusals collects every rule that stands against one act, so that a person sees all of them at once (I9).
type Refusals []*Refusal

func (rs Refusals) Error() string {
	if len(rs) == 1 {
		return rs[0].Error()
	}
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = r.Error()
	}
	return fmt.Sprintf("%d rules unmet: %s", len(rs), strings.Join(parts, "; "))
}

// Err is nil when nothing was collected.
func (rs Refusals) Err() error {
	if len(rs) == 0 {
		return nil
	}
	return rs
}

// RefusalsOf finds the refusals in an error chain; nil when the error is of another sort.
func RefusalsOf(err error) Refusals {
	var many Refusals
	if errors.As(err, &many) {
		return many
	}
	var one *Refusal
	if errors.As(err, &one) {
		return Refusals{one}
	}
	return nil
}
