package printing_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// manner is how the fake printer treats a connection.
type manner string

const (
	good      manner = "good"
	slow      manner = "slow" // lets others go first
	jammed    manner = "jammed"
	half      manner = "half" // ends the connection in the middle of a label
	paperOut  manner = "paper-out"
	headOpen  manner = "head-open"
	silent    manner = "silent" // prints, but never answers ~HS
	nonsense  manner = "nonsense"
	afterOpen manner = "opened-after" // good before the label, open after it
)

// fake is a printer on a real socket.
type fake struct {
	t       *testing.T
	l       net.Listener
	mu      sync.Mutex
	manners []manner // of the next connections; the last one stays
	labels  []string // whole formats that it has printed
	release chan struct{}
	done    sync.WaitGroup
}

func newFake(t *testing.T, manners ...manner) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := &fake{t: t, l: l, manners: manners, release: make(chan struct{})}
	f.done.Add(1)
	go f.serve()
	t.Cleanup(func() { close(f.release); _ = l.Close(); f.done.Wait() })
	return f
}

func (f *fake) address() string { return f.l.Addr().String() }

func (f *fake) printed() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.labels...)
}

func (f *fake) serve() {
	defer f.done.Done()
	for {
		c, err := f.l.Accept()
		if err != nil {
			return
		}
		f.mu.Lock()
		m := f.manners[0]
		if len(f.manners) > 1 {
			f.manners = f.manners[1:]
		}
		f.mu.Unlock()
		f.done.Add(1)
		go func() {
			defer f.done.Done()
			defer func() { _ = c.Close() }()
			f.handle(c, m)
		}()
	}
}

func (f *fake) handle(c net.Conn, m manner) {
	if m == jammed {
		<-f.release
		return
	}
	r := bufio.NewReaderSize(c, 16)
	var format []byte
	asked := 0
	for {
		if m == slow && len(format)%1024 == 1023 {
			runtime.Gosched()
		}
		b, err := r.ReadByte()
		if err != nil {
			return
		}
		format = append(format, b)
		switch {
		case m == half && bytes.HasPrefix(format, []byte("^XA")) && len(format) > 20:
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // the rest is thrown away, as when the power goes
			}
			return
		case bytes.HasSuffix(format, []byte("~HS\r\n")):
			format = bytes.TrimSuffix(format, []byte("~HS\r\n"))
			asked++
			f.answer(c, m, asked)
		case bytes.HasSuffix(format, []byte("^XZ\n")):
			f.mu.Lock()
			f.labels = append(f.labels, string(format))
			f.mu.Unlock()
			format = nil
		}
	}
}

func (f *fake) answer(w io.Writer, m manner, asked int) {
	paper, head := "0", "0"
	switch {
	case m == silent:
		return
	case m == nonsense:
		_, _ = io.WriteString(w, "\x02HTTP/1.1\x03\x02x\x03\x02y\x03")
		return
	case m == paperOut:
		paper = "1"
	case m == headOpen, m == afterOpen && asked > 1:
		head = "1"
	}
	_, _ = io.WriteString(w, "\x02030,"+paper+",0,0640,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,"+head+",0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n")
}
