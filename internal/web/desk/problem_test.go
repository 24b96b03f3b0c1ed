package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
	"rexbatch/internal/web/desk"
)

func errOf[T any](_ T, err error) error { return err }

func TestErrorsBecomeAnswers(t *testing.T) {
	refuse := func(kind ledger.Kind) error {
		return fmt.Errorf("save: %w", ledger.Refuse(kind, "I9", "some-code", "{a} happened", "do {a}", "a", "it"))
	}
	for _, c := range []struct {
		err                error
		status             int
		rule, code, detail string
	}{
		{refuse(ledger.Invalid), 422, "I9", "some-code", "it happened"},
		{refuse(ledger.Unauthorised), 401, "I9", "some-code", "it happened"},
		{refuse(ledger.Forbidden), 403, "I9", "some-code", "it happened"},
		{refuse(ledger.Missing), 404, "I9", "some-code", "it happened"},
		{refuse(ledger.Stale), 409, "I9", "some-code", "it happened"},
		{refuse(ledger.Unmet), 409, "I9", "some-code", "it happened"},
		{refuse(ledger.Stop), 409, "I9", "some-code", "it happened"},
		{refuse(ledger.Busy), 429, "I9", "some-code", "it happened"},
		{errOf(quantity.Parse("1.234", "kg")), 422, "I13", "ambiguous-number", ""},
		{fmt.Errorf("S01: %w", errOf(isbt128.ParseCoIKeyed("CHA999926000001X"))), 422, "ID-12", "isbt-check", ""},
		{paper.Printable("🦵"), 422, "CS-10", "not-printable", ""},
		{&ledger.ConflictError{Stream: "batch/X", Expected: 1, Actual: 2}, 409, "CS-65", "conflict", ""},
		{&ledger.ClaimError{Key: "subject/ES01-003", Holder: 7}, 409, "AT-1", "subject-taken", "subject number ES01-003 already has a therapy event"},
		{&ledger.ClaimError{Key: "active-batch/CHA999926000001"}, 409, "AT-1", "batch-active", ""},
		{&ledger.ClaimError{Key: "coi/CHA999926000001"}, 409, "ID-10", "coi-taken", ""},
		{&ledger.ClaimError{Key: "room/7"}, 409, "ID-10", "taken", ""},
		{fmt.Errorf("append: %w", ledger.ErrInvalid), 422, "DI-8", "not-recordable", ""},
		{fmt.Errorf("entry: %w", ledger.ErrNotFound), 404, "AT-24", "not-found", ""},
		{ledger.ErrClosed, 503, "", "unavailable", ""},
		{context.DeadlineExceeded, 503, "", "unavailable", ""},
		{fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 5}), 413, "", "too-large", ""},
		{echo.NewHTTPError(404), 404, "", "no-route", ""},
		{echo.NewHTTPError(405), 405, "", "no-method", ""},
		{echo.NewHTTPError(415), 415, "", "media-type", ""},
		{echo.NewHTTPError(418, "tea"), 422, "DI-8", "request", ""},
		{echo.NewHTTPError(502, "tea"), 500, "", "internal", "internal error"},
		{errors.New("disk sda1 is on fire at /var/lib"), 500, "", "internal", "internal error"},
		{&ledger.CorruptError{Seq: 3, What: "wrong"}, 500, "", "internal", "internal error"},
		{desk.CrossOrigin(), 403, "", "cross-origin", ""},
	} {
		p := desk.ProblemOf(c.err)
		require.Equal(t, c.status, p.Status, "%v", c.err)
		require.Equal(t, c.rule, p.Rule, "%v", c.err)
		require.Equal(t, c.code, p.Code, "%v", c.err)
		if c.detail != "" {
			require.Equal(t, c.detail, p.Detail)
		}
		require.NotEmpty(t, p.Detail)
		require.NotEmpty(t, p.Next)
		require.NotEmpty(t, p.Title)
		require.True(t, strings.HasPrefix(p.Type, "urn:rexbatch:problem:"))
		require.NotContains(t, p.Detail+p.Next, "{")
	}
}

func TestAllRefusalsAreTold(t *testing.T) {
	rs := ledger.Refusals{
		ledger.Refuse(ledger.Unmet, "AT-59", "exception-open", "one is open", "assess it"),
		ledger.Refuse(ledger.Forbidden, "CS-20", "not-signatory", "not you", "ask the QP"),
	}
	p := desk.ProblemOf(fmt.Errorf("certify: %w", rs))
	require.Equal(t, http.StatusForbidden, p.Status)
	require.Equal(t, "CS-20", p.Rule)
	require.Len(t, p.Problems, 2)
	require.Equal(t, "AT-59", p.Problems[0].Rule)
	raw, err := json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"detail":"one is open"`)
}

func TestUnknownErrorsAreLoggedNotTold(t *testing.T) {
	var log strings.Builder
	d := desk.Deps{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	p := d.Problem(desk.WithRequestID(context.Background(), "r-1"), errors.New("the disk is on fire"))
	require.Equal(t, "r-1", p.Request)
	require.NotContains(t, p.Error(), "fire")
	require.Contains(t, log.String(), "the disk is on fire")
	require.Contains(t, log.String(), "r-1")
}

// A page that was left while it was loading is no fault of the server's: it is not among the errors of the log.
func TestPageThatWasLeftIsNoError(t *testing.T) {
	var log strings.Builder
	d := desk.Deps{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	ctx, leave := context.WithCancel(t.Context())
	cause := fmt.Errorf("read batch: %w", context.Canceled)
	require.Equal(t, http.StatusServiceUnavailable, d.Problem(ctx, cause).Status, "the server itself gave up")
	require.Contains(t, log.String(), "level=ERROR")
	log.Reset()
	leave()
	require.Equal(t, desk.StatusLeft, d.Problem(ctx, cause).Status)
	require.Empty(t, log.String())
	require.Equal(t, 500, d.Problem(ctx, errors.New("disk on fire")).Status, "another fault stays one")
	require.Contains(t, log.String(), "level=ERROR")
}
