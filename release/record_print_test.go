package release_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/release/record"
)

// TestRecordOfAPlayedBatch prints what really happened: every entry of batch and therapy event once, both values of a
// correction (CS-11), and nothing of what is sealed (I11).
func TestRecordOfAPlayedBatch(t *testing.T) {
	for scenario, profile := range map[string]string{"seville-fresh": "es-svq", "frankfurt-fresh": "de-fra"} {
		t.Run(scenario, func(t *testing.T) {
			p, s := newPlant(t, profile), load(t, scenario)
			ctx := context.Background()
			sessions := p.enrol(s)
			number, coi, err := p.batches.Open(ctx, p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator), "3401-001")
			require.NoError(t, err)
			p.play(s, number, sessions)
			operator := p.author(sessions[s.who(people.Operator, false)], people.Operator)
			require.NoError(t, p.batches.Correct(ctx, operator, number, 0, "S11", "gross_mass", batch.Input{Text: "271.3"}, "Digits were swapped"))
			source, err := record.Load(ctx, p.batches, p.release.Plant, number, func(account string) string { return s.People[account].Name })
			require.NoError(t, err)
			pdf, err := record.Print(ctx, source, record.Copy{Lang: p.release.Plant.Language, Name: "A Person", Account: "person", At: p.Clock.Now().Add(time.Minute)}, nil)
			require.NoError(t, err)
			kept(t, number+"-record.pdf", pdf)
			pages := papertest.Pages(t, pdf)
			everyEntryOnce(t, p.log, pages, batch.Stream(number), chainofcustody.Stream(coi))
			text := unspaced(pages)
			require.True(t, strings.Contains(text, "Digitswereswapped") && strings.Contains(text, "271,3g"))
			file := filepath.Join(t.TempDir(), "record.pdf")
			require.NoError(t, os.WriteFile(file, pdf, 0o600))
			out, err := exec.Command("qpdf", "--check", file).CombinedOutput()
			require.NoError(t, err, string(out))
		})
	}
}

var positions = regexp.MustCompile(`(?m)^#(\d+)$`)

// everyEntryOnce reads the chapter of all entries, which is the last but two and begins on a page of its own.
func everyEntryOnce(t *testing.T, log ledger.Reader, pages []string, streams ...string) {
	t.Helper()
	chapter, found := "", false
	for _, page := range pages[3:] {
		found = (found || strings.HasPrefix(page, "9 ")) && !strings.HasPrefix(page, "10 ")
		if found {
			chapter += page
		}
	}
	printed := map[string]int{}
	for _, m := range positions.FindAllStringSubmatch(chapter, -1) {
		printed[m[1]]++
	}
	all, text := 0, unspaced(pages)
	for _, stream := range streams {
		for e, err := range log.Stream(context.Background(), stream, 0) {
			require.NoError(t, err)
			require.Equal(t, 1, printed[fmt.Sprint(e.Seq)], "entry %d (%s)", e.Seq, e.Type)
			all++
			nothingSealed(t, e, text)
		}
	}
	require.Len(t, printed, all)
}

func unspaced(pages []string) string {
	return strings.Join(strings.Fields(strings.Join(pages, "")), "")
}

// nothingSealed holds that no sealed bytes of an entry stand in the text.
func nothingSealed(t *testing.T, e ledger.Entry, text string) {
	t.Helper()
	var data struct{ Value json.RawMessage }
	var value batch.Value
	if json.Unmarshal(e.Data, &data) != nil || json.Unmarshal(data.Value, &value) != nil || value.Sealed == "" {
		return
	}
	require.False(t, strings.Contains(text, value.Sealed[:20]), "entry %d", e.Seq)
}

// kept writes a document for somebody to look at: REXBATCH_KEEP=DIR.
func kept(t *testing.T, name string, content []byte) {
	t.Helper()
	if dir := os.Getenv("REXBATCH_KEEP"); dir != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
}
