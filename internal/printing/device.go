package printing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Device is a printer on the network.
type Device struct {
	Address string // host:port
	Asks    bool   // it answers ~HS
}

// ParseAddress reads "host" or "host:port"; without a port it is 9100.
func ParseAddress(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), "9100"
	}
	n, err := strconv.Atoi(port)
	if host == "" || len(host) > 253 || strings.ContainsAny(host, " /@\t\r\n") || err != nil || n < 1 || n > 65535 {
		return "", fmt.Errorf("%q is no address of a printer: write host:port, such as 10.1.2.3:9100", text)
	}
	return net.JoinHostPort(host, port), nil
}

// Cause is why a label was not printed.
type Cause string

// The causes, as pages have words for them.
const (
	Unreachable Cause = "unreachable" // nobody answers at the address, or it refuses
	Stalled     Cause = "stalled"     // it accepts and then takes, or answers, nothing in time
	Broken      Cause = "broken"      // the connection ended in the middle of the job
	PaperOut    Cause = "paper-out"
	HeadOpen    Cause = "head-open"
	RibbonOut   Cause = "ribbon-out"
	Paused      Cause = "paused"
	BufferFull  Cause = "buffer-full"
	Temperature Cause = "temperature"
	Garbled     Cause = "garbled" // it answers what no label printer answers
)

// Fault is why a job did not come to its end.
type Fault struct {
	Cause  Cause
	Unsure bool // something may be on paper all the same
	Err    error
}

// Error names the cause.
func (f *Fault) Error() string {
	text := "printer: " + string(f.Cause)
	if f.Unsure {
		text += " (the label may be on paper: look at the printer)"
	}
	return text
}

// MayBeOnPaper says that nobody knows what came of the job.
func (f *Fault) MayBeOnPaper() bool { return f.Unsure }

func (f *Fault) Unwrap() error { return f.Err }

// Timeouts bound one attempt.
type Timeouts struct {
	Dial   time.Duration
	Write  time.Duration // for the whole job
	Answer time.Duration // for a status, and for the end of the connection
}

// Usual are the timeouts for a printer in the same building.
var Usual = Timeouts{Dial: 3 * time.Second, Write: 15 * time.Second, Answer: 5 * time.Second}

const ask = "~HS\r\n"

// Send brings one job to a printer. It returns when the printer has taken it; an error is a *Fault, or that of the context
// before anything was sent.
func (d Device) Send(ctx context.Context, job []byte, t Timeouts) error {
	dialer := net.Dialer{Timeout: t.Dial}
	c, err := dialer.DialContext(ctx, "tcp", d.Address)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &Fault{Cause: Unreachable, Err: err}
	}
	defer func() { _ = c.Close() }() // what counts was answered before
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if d.Asks {
		status, fault := d.status(c, t, false)
		if fault != nil {
			return fault
		}
		if cause := status.Bars(); cause != "" {
			return &Fault{Cause: cause}
		}
	}
	err = errors.Join(c.SetWriteDeadline(time.Now().Add(t.Write)))
	if err == nil {
		_, err = c.Write(job)
	}
	if err != nil {
		return failed(err, true)
	}
	if d.Asks {
		status, fault := d.status(c, t, true)
		if fault != nil {
			return fault
		}
		if cause := status.Bars(); cause != "" {
			return &Fault{Cause: cause, Unsure: true}
		}
		return nil
	}
	return d.ended(c, t)
}

// Ask is what the printer says about itself now. The error is a *Fault.
func (d Device) Ask(ctx context.Context, t Timeouts) (Status, error) {
	dialer := net.Dialer{Timeout: t.Dial}
	c, err := dialer.DialContext(ctx, "tcp", d.Address)
	if err != nil {
		return Status{}, &Fault{Cause: Unreachable, Err: err}
	}
	defer func() { _ = c.Close() }() // nothing was sent that could be lost
	status, fault := d.status(c, t, false)
	if fault != nil {
		return Status{}, fault
	}
	return status, nil
}

// ended closes our side and looks whether the other side took everything. A printer that just keeps the connection open is
// taken at its word; one that resets it did not read to the end.
func (d Device) ended(c net.Conn, t Timeouts) error {
	half, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	err := errors.Join(half.CloseWrite(), c.SetReadDeadline(time.Now().Add(t.Answer)))
	if err != nil {
		return failed(err, true)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(c, maxStatus))
	var timeout net.Error
	if err == nil || errors.As(err, &timeout) && timeout.Timeout() {
		return nil
	}
	return failed(err, true)
}

func (d Device) status(c net.Conn, t Timeouts, after bool) (Status, *Fault) {
	err := c.SetDeadline(time.Now().Add(t.Answer))
	if err == nil {
		_, err = io.WriteString(c, ask)
	}
	if err != nil {
		return Status{}, failed(err, after)
	}
	var text []byte
	buf := make([]byte, 256)
	for strings.Count(string(text), string(endText)) < 3 {
		n, err := c.Read(buf)
		text = append(text, buf[:n]...)
		if err != nil {
			return Status{}, failed(err, after)
		}
		if len(text) > maxStatus {
			return Status{}, &Fault{Cause: Garbled, Unsure: after}
		}
	}
	s, err := ParseStatus(string(text))
	if err != nil {
		return Status{}, &Fault{Cause: Garbled, Unsure: after, Err: err}
	}
	return s, nil
}

// failed tells a printer that takes nothing from a connection that ended.
func failed(err error, unsure bool) *Fault {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return &Fault{Cause: Stalled, Unsure: unsure, Err: err}
	}
	return &Fault{Cause: Broken, Unsure: unsure, Err: err}
}
