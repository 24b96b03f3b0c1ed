package release_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
)

// From each thing to what is connected with it, and back; and what the views say is what the entries give. AT-20, AT-24
func TestTraceForwardAndBack_AT20(t *testing.T) {
	p, s, sessions, number := upTo(t, "S19")
	ctx := context.Background()
	other := p.open(s, sessions, "3401-002", "S04")
	b, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	din, coi := event.Donations[0].DIN.String(), b.CoI.String()
	find := func(text string, kind trace.Kind) trace.Graph {
		g, err := p.release.Trace(ctx, text, kind)
		require.NoError(t, err, text)
		require.NotEmpty(t, g.Hubs, text)
		return g
	}
	mine := trace.Node{Kind: trace.Batch, ID: number}
	whole := find(coi, "")
	require.Equal(t, []trace.Node{{Kind: trace.CoI, ID: coi}, mine}, whole.Hubs)
	require.Contains(t, whole.Nodes(), trace.Node{Kind: trace.Donation, ID: din})
	seen := map[trace.Kind]int{}
	for _, n := range whole.Nodes() {
		seen[n.Kind]++
		require.NotEqual(t, b.Subject, n.ID, "a subject number is no node")
		back := find(n.ID, n.Kind)
		require.Contains(t, back.Hubs, mine, "%v leads back", n)
		require.Equal(t, n, back.Root)
	}
	for _, k := range []trace.Kind{trace.CoI, trace.Donation, trace.Batch, trace.Lot, trace.Equipment, trace.Person, trace.Courier} {
		require.Positive(t, seen[k], "%s", k)
	}
	for _, text := range []string{event.CoI.Print(), event.CoI.Label(), din, event.Donations[0].DIN.Print(), event.Containers[0].Label, event.Containers[0].ID.String(), number, " " + number + " "} {
		require.Contains(t, find(text, "").Hubs, mine, text)
	}
	require.NotContains(t, whole.Hubs, trace.Node{Kind: trace.Batch, ID: other}, "two patients are not connected by what both were handled with")
	person := ""
	for _, n := range whole.Nodes() {
		if n.Kind == trace.Person {
			person = n.ID
		}
	}
	require.NotEmpty(t, find(person, trace.Person).Hubs)
	for _, kind := range []trace.Kind{"", trace.Subject} {
		g := find(b.Subject, kind)
		require.Equal(t, whole.Hubs, g.Hubs, "a subject number leads to the treatments of the patient")
		require.Equal(t, whole.Edges, g.Edges)
		require.Equal(t, trace.Node{Kind: trace.Subject, ID: b.Subject}, g.Root)
	}
	for _, nothing := range []string{"", "nobody", "3401-003", "CHA999926099999", strings.Repeat("x", 600)} {
		_, err := p.release.Trace(ctx, nothing, "")
		require.Error(t, err, nothing)
	}

	stored := map[string]string{}
	for doc, err := range p.log.Views(ctx, trace.Prefix) {
		require.NoError(t, err)
		stored[doc.Key] = string(doc.Data)
		require.Less(t, len(doc.Data), 6000, "a document is small")
		require.NotContains(t, string(doc.Data), "3401-00")
	}
	require.Len(t, stored, 4, "one of each treatment and batch")
	blob := func(d ledger.Digest) ([]byte, error) { return p.log.Blob(ctx, d) }
	for _, projection := range []ledger.Projection{batch.Projection(), chainofcustody.Projection()} {
		for head, err := range p.log.Streams(ctx, projection.Prefix) {
			require.NoError(t, err)
			docs, err := projection.Views(blob, p.log.Stream(ctx, head.Stream, 0))
			require.NoError(t, err)
			for key, doc := range docs {
				if strings.HasPrefix(key, trace.Prefix) {
					require.Equal(t, stored[key], string(doc), key)
					delete(stored, key)
				}
			}
		}
	}
	require.Empty(t, stored, "none that the entries do not give")
}

// A box, a logger and a shipment lead to the treatments whose material they carried, and back. AT-20
func TestTraceOfAShipment_AT20(t *testing.T) {
	ctx := context.Background()
	j := newJourney(t)
	j.arrive(t)
	require.NoError(t, j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.bag.Label}, j.inspection()))
	b := j.load(j.number)
	mine := []trace.Node{{Kind: trace.CoI, ID: b.CoI.String()}, {Kind: trace.Batch, ID: j.number}, {Kind: trace.Shipment, ID: string(j.id)}}
	for text, kind := range map[string]trace.Kind{
		"BOX-7": trace.Box, "LOG-77": trace.Equipment, string(j.id): "", " " + strings.ToLower(string(j.id)): "", j.courier.Account: trace.Courier, j.nurse.Account: trace.Person, b.CoI.String(): "",
	} {
		g, err := j.release.Trace(ctx, text, kind)
		require.NoError(t, err, text)
		require.Equal(t, mine, g.Hubs, text)
		for _, n := range []trace.Node{{Kind: trace.Box, ID: "BOX-7"}, {Kind: trace.Equipment, ID: "LOG-77"}, {Kind: trace.Courier, ID: j.courier.Account}} {
			require.Contains(t, g.Nodes(), n, text)
		}
	}
	stored := 0
	blob := func(d ledger.Digest) ([]byte, error) { return j.log.Blob(ctx, d) }
	for head, err := range j.log.Streams(ctx, shipment.Stream("")) {
		require.NoError(t, err)
		docs, err := shipment.Projection().Views(blob, j.log.Stream(ctx, head.Stream, 0))
		require.NoError(t, err)
		for key, doc := range docs {
			kept, err := j.log.View(ctx, key)
			require.NoError(t, err, key)
			require.Equal(t, string(kept), string(doc), key)
			stored++
		}
	}
	require.Equal(t, 4, stored, "its trace, and its sheet: among all, the open ones, and those of its batch")
}
