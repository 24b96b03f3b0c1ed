package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	apiPath        = "/api/v1"
	requestTimeout = 60 * time.Second
	maxAnswer      = 64 << 20
	busyTries      = 20 // a server that says "wait" is believed this often
)

// Problem is an RFC 9457 answer: the server refused, and says by which rule and what to do.
type Problem struct {
	Status   int      `json:"status"`
	Title    string   `json:"title"`
	Detail   string   `json:"detail"`
	Rule     string   `json:"rule"`
	Code     string   `json:"code"`
	Next     string   `json:"next"`
	Problems []reason `json:"problems"`

	wait time.Duration // from Retry-After
}

type reason struct {
	Rule   string `json:"rule"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = fmt.Sprintf("%s (status %d)", p.Title, p.Status)
	}
	return strings.TrimPrefix(p.Rule+": "+text, ": ")
}

// Rules are all rules that stand against the request, once each, in order.
func (p *Problem) Rules() []string {
	var rules []string
	for _, rule := range append([]string{p.Rule}, rulesOf(p.Problems)...) {
		if rule != "" && !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return rules
}

// Codes are the stable names of what stands against the request.
func (p *Problem) Codes() []string {
	codes := []string{p.Code}
	for _, r := range p.Problems {
		codes = append(codes, r.Code)
	}
	return codes
}

func rulesOf(reasons []reason) []string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		out[i] = r.Rule
	}
	return out
}

// problemOf finds the server's refusal in an error; nil when it is of another sort.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return nil
}

// client speaks HTTP with one server.
type client struct {
	base string
	http *http.Client
}

func newClient(server string) (*client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a server: write it as http://HOST:PORT", server)
	}
	return &client{base: strings.TrimRight(server, "/"), http: &http.Client{Timeout: requestTimeout}}, nil
}

// call sends in as JSON to a path of the API and reads the answer into out; both may be nil.
func (c *client) call(ctx context.Context, token, method, path string, in, out any) error {
	raw, err := c.bytes(ctx, token, method, apiPath+path, in)
	if err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	err = json.Unmarshal(raw, out)
	if err != nil {
		return fmt.Errorf("%s %s: answer: %w", method, path, err)
	}
	return nil
}

// bytes is call with a path from the root and the answer as it is. It waits as long as the server says
// when there were too many tries.
func (c *client) bytes(ctx context.Context, token, method, path string, in any) ([]byte, error) {
	for tries := 1; ; tries++ {
		raw, err := c.once(ctx, token, method, path, in)
		p := problemOf(err)
		if p == nil || p.Status != http.StatusTooManyRequests || tries == busyTries {
			return raw, err
		}
		err = pause(ctx, p.wait)
		if err != nil {
			return nil, err
		}
	}
}

func (c *client) once(ctx context.Context, token, method, path string, in any) (raw []byte, err error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, path, err)
		}
		body = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	request.Header.Set("Accept", "application/json, application/problem+json, application/pdf;q=0.9, */*;q=0.5")
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, err // net/http says method and address
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	raw, err = io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if answer.StatusCode < 300 {
		return raw, nil
	}
	p := &Problem{Status: answer.StatusCode, Title: answer.Status}
	if strings.Contains(answer.Header.Get("Content-Type"), "json") {
		err = json.Unmarshal(raw, p)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %s: %w", method, path, answer.Status, err)
		}
	}
	p.Status = answer.StatusCode
	p.wait = retryAfter(answer.Header.Get("Retry-After"))
	return nil, fmt.Errorf("%s %s: %w", method, path, p)
}

func retryAfter(header string) time.Duration {
	seconds, err := strconv.Atoi(header)
	if err != nil || seconds < 1 || seconds > 120 {
		return time.Second
	}
	return time.Duration(seconds) * time.Second
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// at builds a path from parts, each escaped.
func at(parts ...string) string {
	var s strings.Builder
	for _, p := range parts {
		s.WriteString("/" + url.PathEscape(p))
	}
	return s.String()
}
