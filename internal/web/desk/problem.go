package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"rexbatch/internal/ledger"
)

// Problem is an RFC 9457 answer to a request that was not done. Nothing of an unknown error's text is in it.
type Problem struct {
	Type     string            `json:"type" example:"urn:rexbatch:problem:unmet" doc:"Kind of problem, a URN"`
	Title    string            `json:"title" example:"A rule is not met" doc:"The kind in words"`
	Status   int               `json:"status" example:"409"`
	Detail   string            `json:"detail" example:"step S02 cannot be done before S01 (to-verify)" doc:"What happened"`
	Rule     string            `json:"rule,omitempty" example:"CS-65" doc:"Requirement that stands against it"`
	Code     string            `json:"code,omitempty" example:"out-of-order" doc:"Stable key of the message"`
	Next     string            `json:"next,omitempty" example:"finish S01 first" doc:"What to do now"`
	Args     map[string]string `json:"args,omitempty" doc:"Values that the message names"`
	Problems []Reason          `json:"problems,omitempty" doc:"Every rule that stands against it, where there are several"`
	Request  string            `json:"request,omitempty" doc:"Identifier of the request, as in the server's log"`
}

// Reason is one rule that stands against a request.
type Reason struct {
	Kind   string            `json:"kind,omitempty" example:"unmet"`
	Rule   string            `json:"rule,omitempty" example:"AT-59"`
	Code   string            `json:"code,omitempty" example:"exception-open"`
	Detail string            `json:"detail" example:"exception out-of-limit:S11.gross_mass:31 is not assessed"`
	Next   string            `json:"next,omitempty" example:"QA assesses it"`
	Args   map[string]string `json:"args,omitempty"`
}

// ReasonsOf are refusals as reasons, in order.
func ReasonsOf(rs ledger.Refusals) []Reason {
	out := make([]Reason, 0, len(rs))
	for _, r := range rs {
		out = append(out, Reason{Kind: string(r.Kind), Rule: r.Rule, Code: r.Code, Detail: r.What, Next: r.Next, Args: r.Args})
	}
	return out
}

// Error gives rule and detail.
func (p *Problem) Error() string { return strings.TrimPrefix(p.Rule+": "+p.Detail, ": ") }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders tells a client that was too fast how long to wait.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch {
	case p.Status == http.StatusTooManyRequests:
		h.Set("Retry-After", "10")
	case p.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="rexbatch"`)
	}
	return h
}

// kinds is the one table from the kind of a refusal to its HTTP answer, gravest first: of several refusals the
// gravest gives the status.
var kinds = []struct {
	kind   ledger.Kind
	status int
	title  string
}{
	{ledger.Unauthorised, http.StatusUnauthorized, "Not signed in"},
	{ledger.Busy, http.StatusTooManyRequests, "Too many tries"},
	{ledger.Stop, http.StatusConflict, "Stop: the identity does not match"},
	{ledger.Forbidden, http.StatusForbidden, "Not allowed"},
	{ledger.Missing, http.StatusNotFound, "Not found"},
	{ledger.Stale, http.StatusConflict, "The record has moved on"},
	{ledger.Unmet, http.StatusConflict, "A rule is not met"},
	{ledger.Invalid, http.StatusUnprocessableEntity, "The input is not acceptable"},
}

// ofKind is an empty problem of a kind.
func ofKind(kind ledger.Kind) *Problem {
	for _, k := range kinds {
		if k.kind == kind {
			return &Problem{Type: "urn:rexbatch:problem:" + string(kind), Title: k.title, Status: k.status}
		}
	}
	return internal()
}

func internal() *Problem {
	return &Problem{
		Type: "urn:rexbatch:problem:internal", Title: "Internal error", Status: http.StatusInternalServerError,
		Detail: "internal error", Code: "internal",
		Next: "look whether it was done; if not, try once more, then tell the administrator the request's identifier",
	}
}

// ofRefusals answers with all of the rules, the gravest first in line.
func ofRefusals(rs ledger.Refusals) *Problem {
	gravest := rs[0]
	rank := func(k ledger.Kind) int {
		for i, row := range kinds {
			if row.kind == k {
				return i
			}
		}
		return len(kinds)
	}
	for _, r := range rs {
		if rank(r.Kind) < rank(gravest.Kind) {
			gravest = r
		}
	}
	p := ofKind(gravest.Kind)
	p.Detail, p.Rule, p.Code, p.Next, p.Args = gravest.What, gravest.Rule, gravest.Code, gravest.Next, gravest.Args
	if len(rs) > 1 {
		p.Problems = ReasonsOf(rs)
	}
	return p
}

// StatusLeft is what the log has for a request whose client has gone: no fault of the server's, and an answer that nobody reads.
const StatusLeft = 499

// Problem answers a failed request. What is not known is logged with its cause and answered without it.
func (d *Deps) Problem(ctx context.Context, err error) *Problem {
	p := ProblemOf(err)
	p.Request = RequestID(ctx)
	if errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled) { // nobody waits for the answer any more
		p.Status = StatusLeft
		d.Logger.DebugContext(ctx, "page left before it was answered", "request", p.Request, "cause", err.Error())
		return p
	}
	if p.Status >= http.StatusInternalServerError {
		d.Logger.ErrorContext(ctx, "request failed", "request", p.Request, "status", p.Status, "cause", err.Error())
	}
	return p
}
