package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/cmd/rexbatch/scenario"
)

// networkPrinter is a label printer on a real socket. While it is jammed it takes a label, and says nothing of it.
type networkPrinter struct {
	l      net.Listener
	mu     sync.Mutex
	jammed bool
	labels [][]byte
	took   chan struct{} // a label that it says nothing of
	let    chan struct{}
}

func newNetworkPrinter(t *testing.T) *networkPrinter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &networkPrinter{l: l, jammed: true, took: make(chan struct{}, 1), let: make(chan struct{})}
	go p.serve()
	t.Cleanup(func() { close(p.let); _ = l.Close() })
	return p
}

func (p *networkPrinter) serve() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		go p.take(c)
	}
}

func (p *networkPrinter) take(c net.Conn) {
	label, _ := io.ReadAll(c) // to the end of the job
	p.mu.Lock()
	p.labels = append(p.labels, label)
	jammed := p.jammed
	p.mu.Unlock()
	if jammed {
		p.took <- struct{}{}
		<-p.let
	}
	_ = c.Close()
}

func (p *networkPrinter) printed() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.labels)
}

// The server is killed while a label is on its way to a printer on the network. After the start that label is unknown and does not
// come out again by itself; those that nobody had sent are printed (LB-1).
func TestKilledWhileALabelIsOnItsWay_LB1(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	paper := newNetworkPrinter(t)
	m := newMortal(t)
	m.kill()
	require.NoError(t, os.WriteFile(filepath.Join(m.data, printersFile), []byte("ES-SVQ:\n  - {address: \""+paper.l.Addr().String()+"\", dpi: 203}\n"), 0o600))
	m.start()
	s, err := scenario.Load(os.DirFS("../../testdata/scenarios"), "seville-fresh.yaml")
	require.NoError(t, err)
	accounts, err := accountsOf("http://"+m.addr, "")
	require.NoError(t, err)
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = scenario.Play(ctx, s, scenario.Stage{Server: "http://" + m.addr, Out: t.TempDir(), Accounts: accounts, Clock: time.Now, Progress: quiet{}}) // it is cut short
	}()
	<-paper.took
	m.kill()
	end()
	<-ended
	first := paper.printed()
	require.Len(t, first, 1)
	paper.mu.Lock()
	paper.jammed = false
	paper.mu.Unlock()

	m.start()
	states := func() map[batch.LabelState]int {
		opened, err := openDataDir(context.Background(), m.data, time.Now)
		require.NoError(t, err)
		defer func() { require.NoError(t, opened.Close()) }()
		plant, err := opened.plant("ES-SVQ")
		require.NoError(t, err)
		out := map[batch.LabelState]int{}
		for item, err := range plant.Batches.Worklists(context.Background()) {
			require.NoError(t, err)
			b, err := plant.Batches.Load(context.Background(), item.Number)
			require.NoError(t, err)
			st, ok := b.Step("S03")
			require.True(t, ok)
			for _, l := range st.Prints {
				out[l.State]++
			}
		}
		return out
	}
	const labels = 3 // of S03
	require.Eventually(t, func() bool { return len(paper.printed()) == labels }, time.Minute, 10*time.Millisecond)
	require.NoError(t, m.command.Process.Signal(os.Interrupt)) // it ends in good order: what it printed is recorded
	require.NoError(t, m.command.Wait())
	require.Equal(t, map[batch.LabelState]int{batch.Unknown: 1, batch.Printed: labels - 1}, states())
	for i, one := range paper.printed() {
		for _, other := range paper.printed()[i+1:] {
			require.False(t, bytes.Equal(one, other), "no label came out twice")
		}
	}
}

// quiet is a progress that nobody follows.
type quiet struct{}

func (quiet) Say(string)                 {}
func (quiet) Step(scenario.StepProgress) {}
