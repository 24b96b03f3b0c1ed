package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/cmd/rexbatch/scenario"
)

// The program as main runs it, without a process: start, serve, stop, start again.
func TestServeTwice(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := filepath.Join(t.TempDir(), "data")
	for _, first := range []bool{true, false} {
		var out, complaints bytes.Buffer
		ctx, cancel := context.WithCancel(context.Background())
		app := &App{Stdout: &out, Stderr: &complaints, Serving: func(url string) {
			answer, err := http.Get(url + "/healthz")
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			require.Equal(t, http.StatusOK, answer.StatusCode)
			cancel()
		}}
		require.NoError(t, app.Parse([]string{"serve", "--data", dir, "--addr", "127.0.0.1:0"}))
		require.NoError(t, app.Run(ctx))
		require.NoError(t, app.Close())
		require.NoError(t, app.Close(), "a second close does nothing")
		require.Empty(t, complaints.String())
		require.Equal(t, first, strings.Contains(out.String(), "one-time password"), "shown once: %s", out.String())
		cancel()
	}
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	for _, name := range []string{firstAdministratorFile, filepath.Join(keysDir, "ca.key"), filepath.Join("ES-SVQ", "log.key")} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, name)
	}
}

// Two servers cannot have one data directory.
func TestSecondServerIsRefused(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	data, err := openDataDir(context.Background(), dir, time.Now)
	require.NoError(t, err)
	_, err = openDataDir(context.Background(), dir, time.Now)
	require.ErrorContains(t, err, "in use")
	require.NoError(t, data.Close())
	data, err = openDataDir(context.Background(), dir, time.Now)
	require.NoError(t, err)
	require.Empty(t, data.first)
	require.NoError(t, data.Close())
}

// One server has one state file, whichever name of this machine is used.
func TestStateFile(t *testing.T) {
	for text, want := range map[string]string{
		"http://127.0.0.1:8080":  "localhost_8080",
		"http://localhost:8080/": "localhost_8080",
		"http://[::1]:8080":      "localhost_8080",
		"https://Plant.example":  "plant.example_443",
		"http://a_b.example:81":  "a-b.example_81",
	} {
		u, err := url.Parse(text)
		require.NoError(t, err)
		require.Equal(t, want, fileName(u))
	}
	require.Equal(t, "http://127.0.0.1:80", urlOf("0.0.0.0:80"))
	require.Equal(t, "http://127.0.0.1:80", urlOf("[::]:80"))
	require.Equal(t, "http://[::1]:80", urlOf("[::1]:80"))
}

func TestNamesFitIntoCertificates(t *testing.T) {
	require.Equal(t, "Ana", cut("Ana"))
	long := cut(strings.Repeat("ñ", 40))
	require.Equal(t, strings.Repeat("ñ", 32), long)
}

func TestProgressOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, time.Now)
	require.Zero(t, p.width, "a buffer is no terminal")
	step := scenario.StepProgress{Batch: "SVQ2600001X", ID: "S19", Name: "Filter and dilute", Done: 3, Of: 8, Position: 19, Steps: 48}
	p.Step(step)
	require.Empty(t, out.String(), "nothing moves where nobody looks")
	p.width = 40
	p.Step(step)
	require.Equal(t, "\r\x1b[KSVQ2600001X S19 3/8  Filter and dilute…", out.String())
	out.Reset()
	step.Done, step.Finished, step.Took = 8, true, 1200*time.Millisecond
	p.Step(step)
	require.Equal(t, "\r\x1b[KSVQ2600001X S19 8/8  Filter and dilute  (19 of 48)  1.2s\n", out.String())
	require.NoError(t, p.end())
}
