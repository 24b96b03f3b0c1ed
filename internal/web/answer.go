package web

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
)

// answer is an output with a JSON body.
type answer[T any] struct{ Body T }

// done is the output of a command that has nothing to say.
type done struct{}

// text is an output that is not JSON.
type text struct {
	ContentType        string `header:"Content-Type"`
	ContentDisposition string `header:"Content-Disposition"`
	Body               []byte
}

type humaContext = huma.Context

// addressOf is where a request came from, for the limits of sign-ins.
func addressOf(c humaContext) string { return humaecho.Unwrap(c).RealIP() }

// utc is a time as the API writes it: UTC, RFC 3339; empty for none.
func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
