package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
)

type reindexCommand struct {
	Dir  string `arg:"" help:"Data directory, or one plant's folder of it; its server must be stopped."`
	JSON bool   `help:"Print the outcome as JSON."`
}

// Help implements kong's HelpProvider.
func (reindexCommand) Help() string {
	return "Views follow from entries; rebuilding them must give the same bytes. What was different is named.\n\n" +
		"Example: rexbatch reindex /var/lib/rexbatch"
}

// reindexed is what became of one log's views.
type reindexed struct {
	Log     string   `json:"log"`
	Views   int      `json:"views"`
	Changed []string `json:"changed"` // keys whose document was missing, different or not derived
}

// Run rebuilds the views of every log in the directory.
func (c *reindexCommand) Run(ctx context.Context, a *App) error {
	dirs, fault, err := logsIn(c.Dir)
	if err != nil {
		return err
	}
	if fault != "" {
		return a.answer(c.JSON, outcome{Fault: fault, Hint: "restore the missing ledger from a backup"}, "")
	}
	var all []reindexed
	for _, dir := range dirs {
		r, err := reindex(ctx, dir)
		if errors.Is(err, bolt.ErrInUse) {
			return hint(err, "stop the server that uses it first")
		}
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	if c.JSON {
		return a.printJSON(all)
	}
	for _, r := range all {
		err = a.printf("%s: %d views, %d changed\n", r.Log, r.Views, len(r.Changed))
		for _, key := range r.Changed {
			err = errors.Join(err, a.printf("%s: changed %s\n", r.Log, key))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func reindex(ctx context.Context, dir string) (r reindexed, err error) {
	log, err := bolt.Open(dir, bolt.Options{})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	r = reindexed{Log: filepath.Base(filepath.Clean(dir)), Changed: []string{}}
	derived, err := derive(ctx, log)
	if err != nil {
		return r, fmt.Errorf("reindex %s: %w", r.Log, err)
	}
	r.Views = len(derived)
	missing := maps.Clone(derived)
	for doc, err := range log.Views(ctx, "") {
		if err != nil {
			return r, fmt.Errorf("reindex %s: %w", r.Log, err)
		}
		if !bytes.Equal(derived[doc.Key], doc.Data) {
			r.Changed = append(r.Changed, doc.Key)
		}
		delete(missing, doc.Key)
	}
	r.Changed = slices.Sorted(slices.Values(slices.AppendSeq(r.Changed, maps.Keys(missing))))
	err = log.ReplaceViews(ctx, derived)
	if err != nil {
		return r, fmt.Errorf("reindex %s: %w", r.Log, err)
	}
	return r, nil
}

// derive computes every view from the entries.
func derive(ctx context.Context, log ledger.Log) (map[string][]byte, error) {
	derived := map[string][]byte{}
	blobs := func(d ledger.Digest) ([]byte, error) { return log.Blob(ctx, d) }
	for _, projection := range projections() {
		for head, err := range log.Streams(ctx, projection.Prefix) {
			if err != nil {
				return nil, err
			}
			docs, err := projection.Views(blobs, log.Stream(ctx, head.Stream, 0))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", head.Stream, err)
			}
			maps.DeleteFunc(docs, func(_ string, doc []byte) bool { return doc == nil }) // what an append would remove
			maps.Copy(derived, docs)
		}
	}
	return derived, nil
}
