package bolt_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/ledgertest"
	"rexbatch/internal/ledger/verify"
)

// crashDir tells the test binary that it is the child to be killed.
const crashDir = "REXBATCH_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	err := appendForever(dir)
	if err != nil {
		panic(err)
	}
}

// appendForever has 64 writers append to a stream each, and tell standard output of every append that was acknowledged,
// before they make the next.
func appendForever(dir string) error {
	l, err := bolt.Open(dir, bolt.Options{Site: "ES-SVQ"})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	for w := range 64 {
		wg.Go(func() {
			stream, version := fmt.Sprintf("writer/%d", w), uint64(0)
			for e, err := range l.Stream(context.Background(), stream, 0) {
				if err != nil {
					errs <- err
					return
				}
				version = e.Version
			}
			for ; ; version++ {
				a := ledgertest.Of(ledgertest.To(stream, version, "x"))
				a.Views = map[string][]byte{stream: fmt.Append(nil, version+1)}
				_, err := l.Append(context.Background(), a)
				if err != nil {
					errs <- err
					return
				}
				_, err = fmt.Printf("%d %d\n", w, version+1) // one write each, so lines stay whole
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	return <-errs
}

// I1: kill -9 at any moment loses nothing that was acknowledged, and leaves a record without a fault.
func TestKill(t *testing.T) {
	rounds, acks := 20, 400
	if testing.Short() {
		rounds = 3
	}
	dir := t.TempDir()
	acknowledged := map[string]uint64{}
	total := 0
	for round := range rounds {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), crashDir+"="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		lines := bufio.NewReader(out)
		for n := 0; ; n++ {
			if n == acks+37*round { // another moment each time
				require.NoError(t, child.Process.Kill())
			}
			line, err := lines.ReadString('\n')
			if err == io.EOF {
				break // what was said before the kill has been read
			}
			require.NoError(t, err)
			writer, version, ok := strings.Cut(strings.TrimSpace(line), " ")
			require.True(t, ok)
			v, err := strconv.ParseUint(version, 10, 64)
			require.NoError(t, err)
			acknowledged["writer/"+writer] = v
			total++
		}
		require.ErrorContains(t, child.Wait(), "killed")

		r, err := verify.Dir(t.Context(), dir, verify.Options{})
		require.NoError(t, err)
		require.GreaterOrEqual(t, r.Entries, uint64(total))
		l, err := bolt.Open(dir, bolt.Options{})
		require.NoError(t, err)
		found := map[string]uint64{}
		for h, err := range l.Streams(t.Context(), "") {
			require.NoError(t, err)
			found[h.Stream] = h.Version
		}
		for stream, version := range acknowledged {
			require.GreaterOrEqual(t, found[stream], version, stream)
			require.LessOrEqual(t, found[stream], version+1, "one append of a writer may be there without its acknowledgement")
		}
		for stream, version := range found {
			view, err := l.View(t.Context(), stream)
			require.NoError(t, err)
			require.Equal(t, strconv.FormatUint(version, 10), string(view), "the view is of the same transaction")
			acknowledged[stream] = version
		}
		total = int(r.Entries)
		require.NoError(t, l.Close())
	}
	t.Logf("%d appends over %d kills", total, rounds)
}

var _ ledger.Log = (*bolt.Log)(nil)
