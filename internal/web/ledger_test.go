package web_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// An outsider with the answers of the API alone can check an entry and the growth of the log (CS-60).
func TestProofsHoldWithoutTheServer(t *testing.T) {
	s := newSite(t, "es-svq")
	inspector, coordinator := s.hire("inspectora", people.Inspector), s.hire("lucia", people.Coordinator)
	key := inspector.get("/ledger/key").ok().text()
	old, err := ledger.OpenCheckpoint(inspector.get("/ledger/checkpoint").ok().body, key)
	require.NoError(t, err)
	number := coordinator.post("/batches", map[string]any{"subject_no": "ES01-003"}).ok().str("batch")

	tree, err := ledger.OpenCheckpoint(inspector.get("/ledger/checkpoint").ok().body, key)
	require.NoError(t, err)
	require.Greater(t, tree.Size, old.Size)

	seq := tree.Size - 1
	var proof struct {
		Inclusion []ledger.Digest
		Entry     string
	}
	inspector.get(fmt.Sprintf("/ledger/entries/%d/proof?size=%d", seq, tree.Size)).ok().into(&proof)
	raw, err := base64.StdEncoding.DecodeString(proof.Entry)
	require.NoError(t, err)
	require.Contains(t, string(raw), "batch/"+number)
	require.NoError(t, tlog.CheckRecord(hashes(proof.Inclusion), int64(tree.Size), tlog.Hash(tree.Root), int64(seq), tlog.RecordHash(raw)))

	var growth struct{ Consistency []ledger.Digest }
	inspector.get(fmt.Sprintf("/ledger/consistency?old=%d&new=%d", old.Size, tree.Size)).ok().into(&growth)
	require.NoError(t, tlog.CheckTree(tlog.TreeProof(hashes(growth.Consistency)), int64(tree.Size), tlog.Hash(tree.Root), int64(old.Size), tlog.Hash(old.Root)))
	inspector.get("/ledger/consistency").refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	inspector.get(fmt.Sprintf("/ledger/entries/0/proof?size=%d", tree.Size+100)).refused(http.StatusNotFound, "AT-24", "not-found")
}

func hashes(ds []ledger.Digest) tlog.RecordProof {
	out := make(tlog.RecordProof, len(ds))
	for i, d := range ds {
		out[i] = tlog.Hash(d)
	}
	return out
}

func TestLogIsReadInParts(t *testing.T) {
	s := newSite(t, "es-svq")
	inspector := s.hire("inspectora", people.Inspector)
	var seen uint64
	for {
		var part struct {
			Entries []struct {
				Seq   uint64
				Time  string
				Local string
			}
		}
		inspector.get(fmt.Sprintf("/ledger/entries?from=%d&limit=3", seen)).ok().into(&part)
		if len(part.Entries) == 0 {
			break
		}
		require.LessOrEqual(t, len(part.Entries), 3)
		for _, e := range part.Entries {
			require.Equal(t, seen, e.Seq)
			require.True(t, strings.HasSuffix(e.Time, "Z"))
			require.True(t, strings.HasSuffix(e.Local, "+01:00"), e.Local)
			seen++
		}
	}
	require.Equal(t, s.size(), seen)
	s.hire("ana", people.Operator).get("/ledger/entries").refused(http.StatusForbidden, "CS-66", "not-allowed")
}

func TestExceptionIsAssessedWithASignature(t *testing.T) {
	c := enrol(newSite(t, "es-svq"), load(t, "seville-fresh"))
	number := c.open()
	c.as(people.Coordinator).post("/batches/"+number+"/steps/S01/fields/body_weight", map[string]any{"value": "250"}).ok() // check 25
	var review struct {
		Exceptions []struct {
			ID   string
			Open bool
		}
	}
	qa := c.as(people.QA)
	qa.get("/batches/" + number + "/review").ok().into(&review)
	require.Len(t, review.Exceptions, 1)
	require.True(t, review.Exceptions[0].Open)
	require.Contains(t, qa.get("/batches").ok().text(), `"open":1`)

	path := "/batches/" + number + "/exceptions/" + review.Exceptions[0].ID + "/assessment"
	judged := map[string]any{"classification": "minor", "assessment": "Weight checked again on a second balance.", "password": "a wrong one"}
	c.as(people.Operator).post(path, judged).refused(http.StatusForbidden, "CS-66", "not-allowed")
	c.as(people.QP).post(path, judged).refused(http.StatusForbidden, "AT-59", "not-qa")
	qa.post(path, judged).refused(http.StatusUnauthorized, "CS-47", "password-wrong")
	judged["password"], judged["classification"] = password, "harmless"
	qa.post(path, judged).refused(http.StatusUnprocessableEntity, "DI-8", "schema")
	judged["classification"] = "minor"
	qa.post("/batches/"+number+"/exceptions/oos:x:1/assessment", judged).refused(http.StatusNotFound, "AT-59", "no-exception")
	qa.post(path, judged).ok().into(&review)
	require.False(t, review.Exceptions[0].Open)
}
