package batch

import (
	"context"
	"fmt"
	"sync"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
)

// Library finds master data by digest: the versions it was given, and those that running batches have pinned
// in the ledger. What was read once is kept; master data never changes.
type Library struct {
	mu      sync.Mutex
	blob    ledger.BlobReader // nil: only what was added
	recipes map[ledger.Digest]*mbr.Recipe
	specs   map[ledger.Digest]*qc.Specification
	files   map[ledger.Digest][]byte
}

// NewLibrary makes a library that looks for pinned versions with blob.
func NewLibrary(blob ledger.BlobReader) *Library {
	return &Library{blob: blob, recipes: map[ledger.Digest]*mbr.Recipe{}, specs: map[ledger.Digest]*qc.Specification{}, files: map[ledger.Digest][]byte{}}
}

// compiled are the recipes that this process has read, by the digest of their file: each is compiled once, for however many plants.
var compiled = struct {
	mu      sync.Mutex
	recipes map[ledger.Digest]*mbr.Recipe
}{recipes: map[ledger.Digest]*mbr.Recipe{}}

// maxCompiled bounds them; what does not fit is compiled again.
const maxCompiled = 64

// compile reads a recipe. Recipes never change, so all that read the same file have the same one.
func compile(file []byte) (*mbr.Recipe, error) {
	digest := ledger.DigestOf(file)
	compiled.mu.Lock()
	r, ok := compiled.recipes[digest]
	compiled.mu.Unlock()
	if ok {
		return r, nil
	}
	r, err := mbr.Load(file)
	if err != nil {
		return nil, err
	}
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	if len(compiled.recipes) < maxCompiled {
		compiled.recipes[digest] = r
	}
	return r, nil
}

// from sets where pinned versions are looked for from now on.
func (l *Library) from(blob ledger.BlobReader) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.blob = blob
}

// AddRecipe reads a recipe file into the library.
func (l *Library) AddRecipe(file []byte) (*mbr.Recipe, error) {
	r, err := compile(file)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recipes[r.Digest], l.files[r.Digest] = r, file
	return r, nil
}

// AddSpecification reads a specification file into the library.
func (l *Library) AddSpecification(file []byte) (*qc.Specification, error) {
	s, err := qc.Load(file)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.specs[s.Digest], l.files[s.Digest] = s, file
	return s, nil
}

// File is the bytes of a version, to be pinned beside a batch.
func (l *Library) File(d ledger.Digest) ([]byte, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, ok := l.files[d]
	return f, ok
}

// Recipe implements Masters.
func (l *Library) Recipe(d ledger.Digest) (*mbr.Recipe, error) {
	l.mu.Lock()
	r, ok := l.recipes[d]
	l.mu.Unlock()
	if ok {
		return r, nil
	}
	file, err := l.fetch("recipe", d)
	if err != nil {
		return nil, err
	}
	return l.AddRecipe(file)
}

// Specification implements Masters.
func (l *Library) Specification(d ledger.Digest) (*qc.Specification, error) {
	l.mu.Lock()
	s, ok := l.specs[d]
	l.mu.Unlock()
	if ok {
		return s, nil
	}
	file, err := l.fetch("specification", d)
	if err != nil {
		return nil, err
	}
	return l.AddSpecification(file)
}

func (l *Library) fetch(what string, d ledger.Digest) ([]byte, error) {
	l.mu.Lock()
	blob := l.blob
	l.mu.Unlock()
	if blob == nil {
		return nil, fmt.Errorf("%s %s is not in the library", what, d)
	}
	file, err := blob(d)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", what, d, err)
	}
	return file, nil
}

// Masters are the versions of the recipe that people of the plant wrote and approved (AT-3, AT-5).
func (k *Book) Masters() *master.Book {
	file, _ := k.Library.File(k.Recipe.Digest)
	return &master.Book{Log: k.Log, Clock: k.Clock, Shipped: k.Recipe, File: file, Spec: k.Spec}
}

// Running are the numbers of the batches that are not finished, by the digest of the version that each of them pins.
func (k *Book) Running(ctx context.Context) (map[ledger.Digest][]string, error) {
	out := map[ledger.Digest][]string{}
	for w, err := range k.Worklists(ctx) {
		if err != nil {
			return nil, err
		}
		if w.Closed || w.Step == "" {
			continue
		}
		b, err := k.Load(ctx, w.Number)
		if err != nil {
			return nil, err
		}
		out[b.Recipe.Digest] = append(out[b.Recipe.Digest], w.Number)
	}
	return out, nil
}
