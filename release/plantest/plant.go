// Package plantest is a plant for tests: the real ledger, accounts, recipe, specification and demonstration keys, with
// lots, devices, work areas and trained people, and a crew that plays the steps of a scenario. Nothing of it is in a
// program.
package plantest

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/label"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
	"rexbatch/release"
	"rexbatch/release/pades"
	"rexbatch/templates"
	"rexbatch/testdata"
)

// Password is everybody's own password at the plant.
const Password = "korrekt-horse-9-batería"

// Terminal is where everybody works.
const Terminal = "terminal-1"

// Clock is a clock that moves a little with each question, as real ones do, and on demand.
type Clock struct {
	mu   sync.Mutex
	now  time.Time
	tick time.Duration
}

// NewClock makes a clock that shows start.
func NewClock(start time.Time) *Clock { return &Clock{now: start, tick: time.Millisecond} }

// Now is the present.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(c.tick)
	return c.now
}

// Pass lets time go by.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Morning is when tests begin.
var Morning = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// Plant is one site with the real parts.
type Plant struct {
	T       testing.TB
	Clock   *Clock
	Log     *bolt.Log
	Profile *release.Plant
	Staff   *people.Directory
	Custody *chainofcustody.Book
	Vault   *vault.Vault
	Batches *batch.Book
	Release *release.Book
	CA      *pades.DemoCA
	Dir     string

	file          string            // of its profile
	lots, devices map[string]string // by material and kind: what stands for it
}

type keys struct {
	ca  *pades.DemoCA
	dir string
}

func (k keys) Roots() *x509.CertPool { return k.ca.Pool() }

func (k keys) Signer(account, name string, p *release.Plant, now time.Time) (pades.Signer, error) {
	return k.ca.LoadOrIssue(k.dir, p.Site+"-"+account, name, p.Manufacturer, p.Site[:2], now)
}

// File reads an embedded file.
func File(t testing.TB, fsys fs.FS, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	require.NoError(t, err)
	return b
}

// ByRecipe makes batches that are opened from now on by the recipe with some of its texts replaced.
func (p *Plant) ByRecipe(edits ...[2]string) {
	p.T.Helper()
	raw := string(File(p.T, templates.MBR, "mbr/rex-001.yaml"))
	for _, e := range edits {
		require.Contains(p.T, raw, e[0])
		raw = strings.Replace(raw, e[0], e[1], 1)
	}
	recipe, err := p.Batches.Library.AddRecipe([]byte(raw))
	require.NoError(p.T, err)
	p.Batches.Recipe = recipe
}

// YieldAtRisk lets a batch be filled before its yield (S30) is confirmed.
var YieldAtRisk = [][2]string{
	{"            gate: {field: branch,", "            at_risk: [S30]\n            gate: {field: branch,"},
	{"            second: {role: operator, mode: retype, fields: [volume_used, final_volume]}\n", "            second: {role: operator, mode: retype, fields: [volume_used, final_volume]}\n            at_risk: [S30]\n"},
	{"            creates:\n              - {kind: final-container,", "            at_risk: [S30]\n            creates:\n              - {kind: final-container,"},
}

// New opens a plant by its profile, such as "es-svq", in a folder of the test. It is bare: Furnish gives it what a batch
// needs.
func New(t testing.TB, profile string, clock *Clock) *Plant {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "keys"), 0o700))
	p := Open(t, profile, dir, clock)
	t.Cleanup(func() { require.NoError(t, p.Log.Close()) })
	return p
}

// Killed is the plant as it is started again after a kill: from the files as they were at that moment, without anything that the
// process held in memory, and without what it would have written on its way out.
func (p *Plant) Killed() *Plant {
	p.T.Helper()
	dir := p.T.TempDir()
	require.NoError(p.T, os.CopyFS(dir, os.DirFS(p.Dir)))
	keys, err := filepath.Glob(filepath.Join(dir, "keys", "*"))
	require.NoError(p.T, err)
	for _, key := range keys { // copies are readable for others
		require.NoError(p.T, os.Chmod(key, 0o600))
	}
	require.NoError(p.T, p.Log.Close())
	require.NoError(p.T, os.RemoveAll(p.Dir))
	risen := Open(p.T, p.file, dir, p.Clock)
	p.T.Cleanup(func() { require.NoError(p.T, risen.Log.Close()) })
	risen.Remember(p)
	return risen
}

// Open opens the plant of a folder, as a restarted server does. The caller closes its log.
func Open(t testing.TB, profile, dir string, clock *Clock) *Plant {
	t.Helper()
	name, from := "plants/"+profile+".yaml", fs.FS(templates.Plants)
	if _, err := fs.Stat(from, name); err != nil {
		from = testdata.Plants
	}
	pl, err := release.LoadPlant(File(t, from, name))
	require.NoError(t, err)
	p := &Plant{T: t, Clock: clock, Profile: pl, Dir: dir, file: profile, lots: map[string]string{}, devices: map[string]string{}}
	p.Log, err = bolt.Open(filepath.Join(dir, "log"), bolt.Options{Site: pl.Site, Clock: clock.Now})
	require.NoError(t, err)
	p.Staff, err = people.Open(p.Log, people.Options{
		Site: pl.Site, Zone: pl.Location, Clock: clock.Now, Printable: paper.Printable, Statement: "My signature binds me as if written by hand.",
		Cost: people.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	require.NoError(t, err)
	library := batch.NewLibrary(func(d ledger.Digest) ([]byte, error) { return p.Log.Blob(context.Background(), d) })
	recipe, err := library.AddRecipe(File(t, templates.MBR, "mbr/rex-001.yaml"))
	require.NoError(t, err)
	spec, err := library.AddSpecification(File(t, templates.Specifications, "spec/demo-p1.yaml"))
	require.NoError(t, err)
	thaw, err := library.AddRecipe(File(t, templates.MBR, "mbr/rex-001-thaw.yaml"))
	require.NoError(t, err)
	thawSpec, err := library.AddSpecification(File(t, templates.Specifications, "spec/demo-thaw-p1.yaml"))
	require.NoError(t, err)
	seal, err := batch.NewSeal(make([]byte, batch.SealKeySize), strings.NewReader(strings.Repeat("n", 1<<16)))
	require.NoError(t, err)
	master, err := vault.MasterFile(filepath.Join(dir, "keys", "vault.key"))
	if errors.Is(err, vault.ErrNoMaster) {
		master, err = vault.NewMasterFile(filepath.Join(dir, "keys", "vault.key"))
	}
	require.NoError(t, err)
	p.Vault, err = vault.Open(context.Background(), vault.Options{
		Site: pl.Site, Dir: filepath.Join(dir, "vault"), Log: p.Log, Staff: p.Staff, Master: master, Clock: clock.Now,
		Treated: func(ctx context.Context, subject string) (bool, error) { return p.Batches.Treated(ctx, subject) },
	})
	require.NoError(t, err)
	p.Custody = &chainofcustody.Book{Log: p.Log, Site: pl.Site, FIN: pl.FIN, Clock: clock.Now, Vault: p.Vault}
	layouts, err := label.Load(templates.Labels)
	require.NoError(t, err)
	p.Batches = &batch.Book{
		Log: p.Log, Site: pl.Site, Zone: pl.Location, Prefix: pl.BatchPrefix, Language: pl.Language, Custody: p.Custody,
		Layouts: layouts, LabelPlant: pl.Labels(),
		Library: library, Recipe: recipe, Spec: spec, ThawRecipe: thaw, ThawSpec: thawSpec, Seal: seal, Clock: clock.Now, Trained: p.Staff.Training,
		Lanes: pl.Lanes(), Processing: pl.ProcessingTime(), AnswerWithin: pl.AnswerTime(), Person: p.Staff.Person,
	}
	p.CA, err = pades.LoadOrCreateDemoCA(filepath.Join(dir, "keys"), clock.Now())
	require.NoError(t, err)
	p.Release = &release.Book{Batches: p.Batches, Plant: pl, Keys: keys{p.CA, filepath.Join(dir, "keys")}, Clock: clock.Now}
	return p
}

// Spoken are the values of a batch by field, but for those that differ from batch to batch: times, identities, and what is
// computed of them, or sealed.
func Spoken(b *batch.Batch) map[string]string {
	out := map[string]string{}
	for _, st := range b.Steps() {
		for _, f := range st.Step.FieldsAt(b.Site) {
			c, ok := b.Value(f.Ref())
			if !ok || st.Step.Blind || f.Result != "" {
				continue
			}
			switch f.Type {
			case mbr.TypeDateTime, mbr.TypeDate, mbr.TypeID, mbr.TypeScan, mbr.TypeLot:
			default:
				out[f.Ref()] = c.Value.String()
			}
		}
	}
	return out
}
