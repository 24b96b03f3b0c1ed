package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/material"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
)

// maxTraced bounds what is looked for, in bytes.
const maxTraced = isbt128.MaxScan

// Trace is everything that is connected with what a text names, certificates with it, forward and back (AT-20, AT-24). The text
// is a scan, a typed identifier with or without its check character, or an account, tag, certificate or subject number; kind says
// which where that cannot be seen from it, and may be empty. Missing when nothing is connected with it.
func (k *Book) Trace(ctx context.Context, text string, kind trace.Kind) (trace.Graph, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxTraced {
		return trace.Graph{}, ledger.Refuse(ledger.Invalid, "AT-24", "trace-of", "what is looked for has 1 to {max} characters", "scan a label, or type an identifier, a lot, an account or a certificate number", "max", fmt.Sprint(maxTraced))
	}
	for _, root := range rootsOf(text, kind) {
		g, err := k.traced(ctx, root)
		if err != nil || len(g.Hubs) > 0 {
			return g, err
		}
	}
	return trace.Graph{}, ledger.Refuse(ledger.Missing, "AT-24", "nothing-traced", "nothing at this plant is connected with {of}", "check what was typed, the sort of thing, and the plant", "of", text)
}

// rootsOf are the nodes that a text can mean, the likeliest first.
func rootsOf(text string, kind trace.Kind) []trace.Node {
	if kind != "" && kind != trace.CoI && kind != trace.Donation && kind != trace.Batch && kind != trace.Lot && kind != trace.Shipment {
		return []trace.Node{{Kind: kind, ID: text}}
	}
	var out []trace.Node
	add := func(k trace.Kind, id string) {
		if kind == "" || kind == k {
			out = append(out, trace.Node{Kind: k, ID: id})
		}
	}
	if s, err := isbt128.ParseScan(text); err == nil {
		if s.CoI.IsZero() && s.Batch != "" {
			add(trace.Batch, s.Batch)
		}
		if !s.DIN.IsZero() {
			add(trace.Donation, s.DIN.String())
		}
		if !s.CoI.IsZero() {
			add(trace.CoI, s.CoI.String())
		}
	}
	if c, err := isbt128.ParseCoI(text); err == nil {
		add(trace.CoI, c.String())
	}
	if d, err := isbt128.ParseDIN(text); err == nil {
		add(trace.Donation, d.String())
	}
	if c, err := isbt128.ParseContainerID(text); err == nil {
		add(trace.Donation, c.DIN().String())
	}
	if n, err := batch.ReadNumber(text); err == nil && n.Holds {
		add(trace.Batch, text)
	}
	if n, err := material.ParseNumber(text); err == nil {
		add(trace.Lot, n.String())
	}
	if id, err := shipment.ParseID(text); err == nil {
		add(trace.Shipment, string(id))
	}
	for _, k := range []trace.Kind{trace.Certificate, trace.Equipment, trace.Courier, trace.Person, trace.Box, trace.Subject} {
		add(k, text)
	}
	return out
}

// traced is the graph of one node. What is connected with a certificate is what is connected with its batch.
func (k *Book) traced(ctx context.Context, root trace.Node) (trace.Graph, error) {
	from := root
	if root.Kind == trace.Certificate {
		doc, err := k.Batches.Log.View(ctx, certificatePrefix+root.ID)
		if errors.Is(err, ledger.ErrNotFound) {
			return trace.Graph{}, nil
		}
		if err != nil {
			return trace.Graph{}, fmt.Errorf("certificate %s: %w", root.ID, err)
		}
		ref, err := certificateRef(doc)
		if err != nil {
			return trace.Graph{}, err
		}
		from = trace.Node{Kind: trace.Batch, ID: ref.Batch}
	}
	of := []trace.Node{from}
	if root.Kind == trace.Subject {
		var err error
		of, err = k.treatments(ctx, root.ID)
		if err != nil || len(of) == 0 {
			return trace.Graph{}, err
		}
	}
	g, err := trace.Find(ctx, k.Batches.Log, from, of...)
	if err != nil || len(g.Hubs) == 0 {
		return g, err
	}
	g.Root = root
	batches := map[string]bool{}
	var few [][]byte // of few batches, a certificate's bytes say whether it is of one of them
	for _, h := range g.Hubs {
		if h.Kind == trace.Batch {
			batches[h.ID] = true
			few = append(few, []byte(`"`+h.ID+`"`))
		}
	}
	var edges []trace.Edge
	for doc, err := range k.Batches.Log.Views(ctx, certificatePrefix) {
		if err != nil {
			return trace.Graph{}, fmt.Errorf("certificates: %w", err)
		}
		if len(few) <= 8 && !slices.ContainsFunc(few, func(n []byte) bool { return bytes.Contains(doc.Data, n) }) {
			continue
		}
		ref, err := certificateRef(doc.Data)
		if err != nil {
			return trace.Graph{}, err
		}
		if batches[ref.Batch] {
			edges = append(edges, trace.Edge{Hub: trace.Node{Kind: trace.Batch, ID: ref.Batch}, Link: trace.Link{Node: trace.Node{Kind: trace.Certificate, ID: ref.Number}, As: string(ref.Decision)}})
		}
	}
	g.Add(edges...)
	return g, nil
}

// treatments are the therapy events of a trial subject, each of which has a batch.
func (k *Book) treatments(ctx context.Context, subject string) ([]trace.Node, error) {
	var out []trace.Node
	for w, err := range k.Batches.Worklists(ctx) {
		if err != nil {
			return nil, fmt.Errorf("treatments of a subject: %w", err)
		}
		n := trace.Node{Kind: trace.CoI, ID: w.CoI}
		if strings.EqualFold(w.Subject, subject) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out, nil
}

func certificateRef(doc []byte) (CertificateRef, error) {
	var ref CertificateRef
	err := json.Unmarshal(doc, &ref)
	if err != nil {
		return CertificateRef{}, fmt.Errorf("certificate: %w", err)
	}
	return ref, nil
}
