package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// ProblemOf is the one table from errors to answers (RFC 9457). It copies what it knows; an error that is in no row
// becomes "internal error".
func ProblemOf(err error) *Problem {
	var (
		known    *Problem
		number   *quantity.Error
		label    *isbt128.Error
		text     *paper.TextError
		conflict *ledger.ConflictError
		claim    *ledger.ClaimError
		tooLarge *http.MaxBytesError
		routing  *echo.HTTPError
	)
	refusals := ledger.RefusalsOf(err)
	switch {
	case errors.As(err, &known):
		p := *known
		return &p
	case len(refusals) > 0:
		return ofRefusals(refusals)
	case errors.As(err, &number):
		return refused(ledger.Invalid, number.Rule, number.Code, number.What, number.Next, number.Args)
	case errors.As(err, &label):
		return refused(ledger.Invalid, label.Rule, label.Code, label.What, label.Next, label.Args)
	case errors.As(err, &text):
		return refused(ledger.Invalid, "CS-10", "not-printable", fmt.Sprintf("the character %U cannot be printed in the record: %s", text.Rune, text.Reason),
			"use letters, digits and common signs", map[string]string{"where": text.Where})
	case errors.As(err, &conflict):
		return refused(ledger.Stale, "CS-65", "conflict", "somebody else changed the record at the same moment; nothing was saved",
			"look at it again, then repeat", map[string]string{"stream": conflict.Stream})
	case errors.As(err, &claim):
		return taken(claim)
	case errors.Is(err, ledger.ErrInvalid):
		return refused(ledger.Invalid, "DI-8", "not-recordable", "the record cannot hold this: it is too long, or has characters that it does not keep",
			"shorten it, use letters and digits", nil)
	case errors.Is(err, ledger.ErrNotFound):
		return refused(ledger.Missing, "AT-24", "not-found", "there is no such entry", "check the number", nil)
	case errors.As(err, &tooLarge):
		return TooLarge(tooLarge.Limit)
	case errors.Is(err, ledger.ErrClosed), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Problem{Type: "urn:rexbatch:problem:unavailable", Title: "Not available now", Status: http.StatusServiceUnavailable, Code: "unavailable",
			Detail: "the server could not finish the request", Next: "look whether it was done; if not, repeat"}
	case errors.As(err, &routing):
		return ofStatus(routing.Code)
	}
	return internal()
}

func refused(kind ledger.Kind, rule, code, what, next string, args map[string]string) *Problem {
	p := ofKind(kind)
	p.Rule, p.Code, p.Detail, p.Next, p.Args = rule, code, what, next, args
	return p
}

// claims says what it means that a key is taken.
var claims = []struct{ prefix, rule, code, what, next string }{
	{"subject/", "AT-1", "subject-taken", "subject number {key} already has a therapy event", "open that one; a repeat harvest needs its own decision"},
	{"active-batch/", "AT-1", "batch-active", "the therapy event {key} already has an active batch", "go on with that batch"},
	{"coi/", "ID-10", "coi-taken", "the Chain of Identity {key} is already issued", "repeat: the next number is drawn"},
	{"din/", "ID-10", "din-taken", "the donation number {key} is already issued", "repeat: the next number is drawn"},
	{"container/", "ID-10", "container-taken", "the container number {key} is already issued", "repeat: the next number is drawn"},
	{"batch/", "AT-2", "batch-taken", "the batch number {key} is already issued", "repeat: the next number is drawn"},
	{"lot/", "AT-20", "lot-taken", "the lot number {key} is already issued", "repeat: the next number is drawn"},
	{"area-lock/", "I5", "area-locked", "work area {key} was taken by another batch at the same moment", "look at the area again"},
	{"plate/", "AT-50", "plate-taken", "plate {key} is already in the record of another work area", "check the number on the plate"},
	{"account/", "CS-74", "username-taken", "the username {key} is taken", "choose another username"},
}

func taken(claim *ledger.ClaimError) *Problem {
	for _, c := range claims {
		name, ok := strings.CutPrefix(claim.Key, c.prefix)
		if ok {
			args := map[string]string{"key": name, "entry": fmt.Sprint(claim.Holder)}
			return refused(ledger.Unmet, c.rule, c.code, ledger.Fill(c.what, args), c.next, args)
		}
	}
	return refused(ledger.Unmet, "ID-10", "taken", "this is already taken", "look at the record again", map[string]string{"key": claim.Key})
}

// TooLarge is the answer to a body beyond the limit (bytes).
func TooLarge(limit int64) *Problem {
	p := ofStatus(http.StatusRequestEntityTooLarge)
	p.Detail = fmt.Sprintf("the request is larger than %d bytes", limit)
	return p
}

// statuses are the answers that the protocol itself gives, before any record is asked.
var statuses = map[int]struct{ code, title, detail, next string }{
	http.StatusNotFound:              {"no-route", "Not found", "there is nothing at this address", "check the address; /api/openapi.json lists them"},
	http.StatusMethodNotAllowed:      {"no-method", "Not possible", "this address does not take that method", "see /api/openapi.json"},
	http.StatusRequestEntityTooLarge: {"too-large", "Too large", "the request is too large", "send less at once"},
	http.StatusUnsupportedMediaType:  {"media-type", "Wrong content type", "the body must be application/json", "send Content-Type: application/json"},
	http.StatusRequestTimeout:        {"timeout", "Too slow", "the request did not arrive in time", "repeat it"},
	http.StatusForbidden:             {"cross-origin", "Not allowed", "the request came from another site", "use the pages of this server, or an API token"},
}

// ofStatus is an answer of the protocol; what is not in the table is the input's fault below 500.
func ofStatus(status int) *Problem {
	row, ok := statuses[status]
	switch {
	case ok:
		return &Problem{Type: "urn:rexbatch:problem:" + row.code, Title: row.title, Status: status, Code: row.code, Detail: row.detail, Next: row.next}
	case status >= http.StatusInternalServerError:
		return internal()
	}
	return refused(ledger.Invalid, "DI-8", "request", "the request cannot be read", "see /api/openapi.json", nil)
}

// CrossOrigin is the answer to a forged request of a browser.
func CrossOrigin() *Problem { return ofStatus(http.StatusForbidden) }

// Schema is the answer to an input that does not have the form that the API describes.
func Schema(status int, detail string, reasons []Reason) *Problem {
	p := ofStatus(status)
	if p.Status == http.StatusUnprocessableEntity {
		p.Rule, p.Code, p.Detail, p.Next, p.Problems = "DI-8", "schema", detail, "see /api/openapi.json", reasons
	}
	return p
}
