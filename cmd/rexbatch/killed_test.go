package main

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/cmd/rexbatch/scenario"
	"rexbatch/release/plantest"
)

// mortal is `rexbatch serve` as a process that dies without warning in the middle of each step of a scenario, and is
// started again on the same data.
type mortal struct {
	t          testing.TB
	data, addr string
	command    *exec.Cmd
	dies       bool
	last       string // the step in which it died last
	deaths     int
}

func newMortal(t testing.TB) *mortal {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, free.Close())
	m := &mortal{t: t, data: filepath.Join(t.TempDir(), "data"), addr: free.Addr().String()}
	m.start()
	t.Cleanup(m.kill)
	return m
}

// start returns when the server accepts connections.
func (m *mortal) start() {
	m.command = exec.Command("rexbatch", "serve", "--data", m.data, "--addr", m.addr)
	m.command.Stderr = os.Stderr
	out, err := m.command.StdoutPipe()
	require.NoError(m.t, err)
	require.NoError(m.t, m.command.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "serving ") {
			return
		}
	}
	require.Fail(m.t, "the server does not start")
}

// kill gives the process no time for anything (SIGKILL).
func (m *mortal) kill() {
	if m.command.ProcessState != nil {
		return
	}
	require.NoError(m.t, m.command.Process.Kill())
	require.Error(m.t, m.command.Wait(), "it was killed")
}

// Say implements scenario.Progress. What is said behind the first step are signatures and the end of the batch.
func (m *mortal) Say(string) {
	if m.dies && m.last != "" {
		m.dieAndRise()
	}
}

// Step implements scenario.Progress: half of the step's values are entered.
func (m *mortal) Step(p scenario.StepProgress) {
	if m.dies && !p.Finished && p.ID != m.last && 2*p.Done >= p.Of {
		m.last = p.ID
		m.dieAndRise()
	}
}

func (m *mortal) dieAndRise() {
	m.kill()
	m.start()
	m.deaths++
}

// play plays a scenario to its end and returns its batch.
func (m *mortal) play(name string, dies bool) string {
	m.t.Helper()
	m.dies, m.last = dies, ""
	s, err := scenario.Load(os.DirFS("../../testdata/scenarios"), name+".yaml")
	require.NoError(m.t, err)
	server := "http://" + m.addr
	accounts, err := accountsOf(server, "")
	require.NoError(m.t, err)
	result, err := scenario.Play(context.Background(), s, scenario.Stage{Server: server, Out: m.t.TempDir(), Accounts: accounts, Clock: time.Now, Progress: m})
	require.NoError(m.t, err)
	require.Empty(m.t, result.Faults)
	require.Equal(m.t, scenario.Certified, result.Outcome)
	return result.Batch
}

// A server that is killed in every step loses nothing that it has answered for: the batch comes to its certificate, and
// its record has the values of one that nobody disturbed.
func TestKilledInEveryStepNothingIsLost_DI19(t *testing.T) {
	if testing.Short() {
		t.Skip("two scenarios at full length")
	}
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	m := newMortal(t)
	killed, quiet := m.play("seville-fresh", true), m.play("seville-fresh", false)
	m.kill()
	require.Greater(t, m.deaths, 40)

	data, err := openDataDir(context.Background(), m.data, time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, data.Close()) })
	plant, err := data.plant("ES-SVQ")
	require.NoError(t, err)
	said := func(number string) map[string]string {
		b, err := plant.Batches.Load(context.Background(), number)
		require.NoError(t, err)
		_, open := b.Current()
		require.False(t, open, "every step of %s is done", number)
		return plantest.Spoken(b)
	}
	disturbed, undisturbed := said(killed), said(quiet)
	require.Greater(t, len(undisturbed), 150)
	require.Equal(t, undisturbed, disturbed)
}
