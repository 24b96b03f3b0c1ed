package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/plantest"
)

// BenchmarkTrace measures an answer to GET /trace over HTTP at a plant with ten thousand batches, from each kind of thing. The documents are those of
// a batch that was really made, under other numbers: about 40 lots, devices and persons each. Lots serve 40 batches, boxes 200, each of
// 60 persons worked on one batch in five, each of 10 couriers on one in ten.
func BenchmarkTrace(b *testing.B) {
	const batches = 10_000
	s := newSite(b, "es-svq")
	crew := plantest.NewCrew(s.parts, plantest.Load(b, "seville-fresh"), "en")
	number := crew.Order("3401-001")
	crew.Play(number, "")
	made, _ := crew.State(number)
	coi := made.CoI.String()
	s.fill(number, coi, batches)
	qa := s.hire("quirina", people.QA)
	froms := []trace.Link{{Node: trace.Node{Kind: trace.Certificate, ID: "SVQ-2026-5000"}}, {Node: trace.Node{Kind: trace.Box, ID: "BOX-7"}}, {Node: trace.Node{Kind: trace.Courier, ID: "courier3"}}}
	for _, doc := range [][2]string{{string(trace.Batch), numberOf(b, 5000)}, {string(trace.CoI), "CHA999926500500"}} {
		raw, err := s.parts.Log.View(context.Background(), trace.Prefix+doc[0]+"/"+doc[1])
		require.NoError(b, err)
		var d trace.Doc
		require.NoError(b, json.Unmarshal(raw, &d))
		froms = append(froms, trace.Link{Node: d.Of})
		froms = append(froms, d.Links...)
	}
	done := map[trace.Kind]bool{}
	for _, l := range froms {
		if done[l.Kind] {
			continue
		}
		done[l.Kind] = true
		of := struct{ kind, id string }{string(l.Kind), l.ID}
		b.Run("from="+of.kind, func(b *testing.B) {
			s.t = b
			path := "/trace?" + url.Values{"of": {of.id}, "kind": {of.kind}}.Encode()
			var waited []time.Duration
			hubs, worked := 0, cpu(b)
			for b.Loop() {
				begun := time.Now()
				r := qa.get(path)
				waited = append(waited, time.Since(begun))
				require.Equal(b, 200, r.status, r.text())
				var out struct{ Hubs []trace.Node }
				r.into(&out)
				hubs = len(out.Hubs)
			}
			report(b, waited)
			b.ReportMetric(float64((cpu(b)-worked).Milliseconds())/float64(len(waited)), "cpu-ms") // whatever else the machine does
			b.ReportMetric(float64(hubs), "hubs")
		})
	}
}

// numberOf is the number of the i-th batch.
func numberOf(t testing.TB, i int) string {
	body := fmt.Sprintf("SVQ26%05d", i)
	check, err := isbt128.CheckCharacter(body)
	require.NoError(t, err)
	return body + string(check)
}

// fill stores what n batches like a made one are connected with.
func (s *site) fill(number, coi string, n int) {
	s.t.Helper()
	ctx := context.Background()
	read := func(kind trace.Kind, id string) trace.Doc {
		raw, err := s.parts.Log.View(ctx, trace.Prefix+string(kind)+"/"+id)
		require.NoError(s.t, err)
		var d trace.Doc
		require.NoError(s.t, json.Unmarshal(raw, &d))
		return d
	}
	batch, therapy := read(trace.Batch, number), read(trace.CoI, coi)
	views := map[string][]byte{}
	keep := func() {
		_, err := s.parts.Log.Append(ctx, ledger.Append{Author: ledger.Author{Account: "bench", Role: "system", Terminal: "bench"}, Views: views})
		require.NoError(s.t, err)
		views = map[string][]byte{}
	}
	for i := range n {
		names := func(l trace.Link, at int) trace.Link {
			switch l.Kind {
			case trace.CoI:
				l.ID = fmt.Sprintf("CHA9999265%05d", i)
			case trace.Donation:
				l.ID = fmt.Sprintf("A9999265%05d", i)
			case trace.Lot:
				n, err := material.NewNumber("SVQ", 26, uint64(i/40*50+at))
				require.NoError(s.t, err)
				l.ID = n.String()
			case trace.Equipment:
				l.ID = fmt.Sprintf("DEV-%d", at)
			case trace.Courier:
				l.ID = fmt.Sprintf("courier%d", (i+at)%10)
			case trace.Person:
				l.ID = fmt.Sprintf("person%02d", (i*12+at)%60)
			}
			return l
		}
		b, t := trace.Doc{Of: trace.Node{Kind: trace.Batch, ID: numberOf(s.t, i)}}, trace.Doc{Of: trace.Node{Kind: trace.CoI, ID: fmt.Sprintf("CHA9999265%05d", i)}}
		for at, l := range batch.Links {
			b.Links = append(b.Links, names(l, at))
		}
		for at, l := range therapy.Links {
			t.Links = append(t.Links, names(l, at))
		}
		ship := trace.Doc{Of: trace.Node{Kind: trace.Shipment, ID: fmt.Sprintf("SHP-SVQ26%05d", i)}, Links: []trace.Link{
			{Node: trace.Node{Kind: trace.CoI, ID: t.Of.ID}}, {Node: trace.Node{Kind: trace.Batch, ID: b.Of.ID}}, {Node: trace.Node{Kind: trace.Box, ID: fmt.Sprintf("BOX-%d", i%50)}},
			{Node: trace.Node{Kind: trace.Courier, ID: fmt.Sprintf("courier%d", i%10)}, As: "courier"},
		}}
		for _, d := range []trace.Doc{b, t, ship} {
			docs, err := d.View()
			require.NoError(s.t, err)
			for k, v := range docs {
				views[k] = v
			}
		}
		ref, err := json.Marshal(release.CertificateRef{Number: fmt.Sprintf("SVQ-2026-%04d", i), Batch: b.Of.ID, Register: uint64(i + 1), Decision: release.FinalCertification})
		require.NoError(s.t, err)
		views["certificate/"+strings.TrimSpace(fmt.Sprintf("SVQ-2026-%04d", i))] = ref
		if i%500 == 499 {
			keep()
		}
	}
	keep()
}

// cpu is how long this process has worked.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
