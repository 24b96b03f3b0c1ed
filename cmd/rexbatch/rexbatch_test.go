package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

// The command line is tested as people use it: testdata/script/*.txtar run the program as a process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rexbatch": func() {
		passwordCost = people.Cost{Time: 1, Memory: 64, Threads: 1}
		main()
	}})
}

func TestScript(t *testing.T) {
	scenarios, err := filepath.Abs("../../testdata/scenarios")
	require.NoError(t, err)
	masters, err := filepath.Abs("../../testdata/masters")
	require.NoError(t, err)
	loggers, err := filepath.Abs("../../testdata/loggers")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_STATE_HOME", filepath.Join(e.WorkDir, "state"))
			e.Setenv("SCENARIOS", scenarios)
			e.Setenv("MASTERS", masters)
			e.Setenv("LOGGERS", loggers)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "slow" {
				return !testing.Short(), nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start":  start,
			"shut":   shut,
			"flip":   flip,
			"status": status,
		},
	})
}

// patience is how long a server may take to start or to stop on a busy machine.
const patience = 60 * time.Second

type process struct {
	command *exec.Cmd
	lines   chan string
	output  *bytes.Buffer
}

var processes = map[*testscript.TestScript]*process{}

// start DIR [ADDR] starts `rexbatch serve` as a process and sets $SERVER once it accepts connections.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: start DIR")
	}
	command := exec.Command("rexbatch", "serve", "--data", ts.MkAbs(args[0]), "--addr", "127.0.0.1:0")
	command.Dir, command.Env = ts.MkAbs("."), append(os.Environ(), "XDG_STATE_HOME="+ts.Getenv("XDG_STATE_HOME"), "HOME="+ts.Getenv("HOME"))
	out, err := command.StdoutPipe()
	ts.Check(err)
	p := &process{command: command, lines: make(chan string, 100), output: &bytes.Buffer{}}
	command.Stderr = p.output
	ts.Check(command.Start())
	ts.Defer(func() {
		if command.ProcessState == nil {
			err := command.Process.Kill()
			ts.Logf("killed a server that was not stopped: %v", err)
		}
		delete(processes, ts)
	})
	processes[ts] = p
	go p.read(out)
	timeout := time.After(patience)
	for {
		select {
		case line, open := <-p.lines:
			if !open {
				ts.Fatalf("the server ended: %s", p.output)
			}
			if rest, found := strings.CutPrefix(line, "serving "); found {
				url, _, _ := strings.Cut(rest, " ")
				ts.Setenv("SERVER", url)
				return
			}
		case <-timeout:
			ts.Fatalf("the server does not start")
		}
	}
}

func (p *process) read(out io.Reader) {
	defer close(p.lines)
	for s := bufio.NewScanner(out); s.Scan(); {
		p.lines <- s.Text()
	}
}

// shut ends the server with SIGTERM; its exit status must be 0 and standard error empty. It is not called "stop": that is a command of
// testscript itself, which ends a script and lets what follows never run.
func shut(ts *testscript.TestScript, neg bool, args []string) {
	p := processes[ts]
	if neg || len(args) != 0 || p == nil {
		ts.Fatalf("usage: start DIR, then shut")
	}
	ts.Check(p.command.Process.Signal(syscall.SIGTERM))
	timeout := time.AfterFunc(patience, func() {
		err := p.command.Process.Kill()
		ts.Logf("the server does not stop: %v", err)
	})
	defer timeout.Stop()
	for range p.lines { // until the process has closed its output
	}
	ts.Check(p.command.Wait())
	if p.output.Len() > 0 {
		ts.Fatalf("the server complained: %s", p.output)
	}
}

// flip FILE TEXT flips one bit of every occurrence of TEXT in FILE.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flip FILE TEXT")
	}
	content, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if !bytes.Contains(content, []byte(args[1])) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	changed := []byte(args[1])
	changed[len(changed)/2] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.ReplaceAll(content, []byte(args[1]), changed), 0o600))
}

// status N COMMAND... runs a command whose exit status must be N; "! exec" takes any but 0.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND...")
	}
	var stdout, stderr bytes.Buffer
	command := exec.Command(args[1], args[2:]...)
	command.Dir, command.Stdout, command.Stderr = ts.MkAbs("."), &stdout, &stderr
	command.Env = append(os.Environ(), "XDG_STATE_HOME="+ts.Getenv("XDG_STATE_HOME"), "HOME="+ts.Getenv("HOME"))
	err := command.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		ts.Fatalf("%v", err)
	}
	_, err = io.Copy(ts.Stdout(), &stdout)
	ts.Check(err)
	_, err = io.Copy(ts.Stderr(), &stderr)
	ts.Check(err)
	if got := fmt.Sprint(command.ProcessState.ExitCode()); got != args[0] {
		ts.Fatalf("exit status %s, expected %s\n%s%s", got, args[0], stdout.String(), stderr.String())
	}
}
