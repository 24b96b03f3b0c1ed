package record_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release"
	"rexbatch/release/record"
	"rexbatch/templates"

	"github.com/stretchr/testify/require"
)

// made is a batch whose entries are written by a test: it may say what no command of today would let anybody say.
type made struct {
	t       testing.TB
	library *batch.Library
	recipe  *mbr.Recipe
	spec    *qc.Specification
	plant   *release.Plant
	batch   *batch.Batch
	event   *chainofcustody.TherapyEvent
	coi     isbt128.CoI
	din     isbt128.DIN
	now     time.Time
	entries []ledger.Entry
}

const number = "SVQ2600001X"

func plantOf(t testing.TB, profile string) *release.Plant {
	raw, err := templates.Plants.ReadFile("plants/" + profile + ".yaml")
	require.NoError(t, err)
	p, err := release.LoadPlant(raw)
	require.NoError(t, err)
	return p
}

// begin opens a batch from a recipe and a specification.
func begin(t testing.TB, profile string, recipe, spec []byte) *made {
	t.Helper()
	m := &made{
		t: t, library: batch.NewLibrary(nil), plant: plantOf(t, profile), batch: &batch.Batch{}, event: &chainofcustody.TherapyEvent{},
		now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
	var err error
	m.recipe, err = m.library.AddRecipe(recipe)
	require.NoError(t, err)
	m.spec, err = m.library.AddSpecification(spec)
	require.NoError(t, err)
	fin, err := isbt128.NewFIN("A9999")
	require.NoError(t, err)
	m.coi, err = isbt128.NewCoI(fin, 26, 123)
	require.NoError(t, err)
	m.din, err = isbt128.NewDIN(fin, 26, 88)
	require.NoError(t, err)
	m.add("lucia", "coordinator", therapy, "custody.therapy-ordered", map[string]any{"coi": m.coi, "subject": "ES01-003", "site": m.plant.Site})
	m.add("lucia", "coordinator", ofBatch, "batch.opened", map[string]any{
		"number": number, "coi": m.coi, "subject": "ES01-003", "site": m.plant.Site, "recipe": m.recipe.Digest, "recipe_version": m.recipe.Version, "specification": m.spec.Digest,
	}, m.recipe.Digest, m.spec.Digest)
	m.add("lucia", "coordinator", therapy, "custody.donation-registered", map[string]any{"din": m.din})
	return m
}

const (
	therapy = "therapy"
	ofBatch = "batch"
)

// add writes one entry, some seconds after the one before, and folds it. Positions leave gaps, as other batches would.
func (m *made) add(account, role, stream, kind string, data any, blobs ...ledger.Digest) ledger.Entry {
	m.t.Helper()
	raw, err := json.Marshal(data)
	require.NoError(m.t, err)
	m.now = m.now.Add(37 * time.Second)
	e := ledger.Entry{
		Seq: uint64(40 + 3*len(m.entries)), Time: m.now, Stream: batch.Stream(number), Version: m.batch.Version + 1,
		Author: ledger.Author{Account: account, Role: role, Terminal: "terminal-7"}, Type: kind, Blobs: blobs, Data: raw,
	}
	if stream == therapy {
		e.Stream, e.Version = chainofcustody.Stream(m.coi), m.event.Version+1
	}
	e.Leaf = ledger.DigestOf(append([]byte(fmt.Sprint(e.Seq, e.Type)), raw...))
	if stream == therapy {
		err = m.event.Apply(e)
	} else {
		err = m.batch.Apply(e, m.library)
	}
	require.NoError(m.t, err)
	m.entries = append(m.entries, e)
	return e
}

// names are full names; the account itself for somebody unknown.
func names(account string) string {
	known := map[string]string{"lucia": "Lucía Ortega Vela", "ana": "Ana Belén Carreño Ruiz", "jorge": "Jorge Peñalver Rincón", "hector": "Héctor Sanz Ibáñez"}
	if name, ok := known[account]; ok {
		return name
	}
	return account
}

func (m *made) signature(account, role, meaning string) people.Signature {
	return people.Signature{
		Account: account, Name: names(account), Role: role, Meaning: meaning, Digest: ledger.DigestOf([]byte(account + m.now.String())),
		At: m.now, Offset: "+01:00", Zone: m.plant.Zone,
	}
}

// scan adds the scan of a container to the therapy event and, if it matched, to the step.
func (m *made) scan(account, role string, f *mbr.Field, container string) {
	kind := f.Expect
	m.add(account, role, therapy, "custody.scanned", map[string]any{
		"purpose": number + "/" + f.Step + "/" + f.ID, "expected": kind, "raw": "=" + container + "\x1d&/" + m.coi.String(), "outcome": "matched", "coi": m.coi, "container": container,
	})
	m.add(account, role, ofBatch, "batch.field-entered", map[string]any{"step": f.Step, "field": f.ID, "value": map[string]any{"text": container}, "source": "scanned"})
}

// container adds a container of a kind.
func (m *made) container(step *mbr.Step, kind string, n int) string {
	division, err := isbt128.NewDivision(fmt.Sprintf("T%05d", n))
	require.NoError(m.t, err)
	id, err := isbt128.NewContainerID(m.din, division)
	require.NoError(m.t, err)
	m.add("ana", "operator", therapy, "custody.container-created", map[string]any{"id": id, "kind": kind, "purpose": number + "/" + step.ID, "party": "plant"})
	return id.String()
}

var sealed = base64.StdEncoding.EncodeToString([]byte(strings.Repeat("SECRET-ARM-", 15)))

// filled is a value that a field of the type can hold.
func (m *made) filled(st *mbr.Step, f *mbr.Field) (kind string, data map[string]any) {
	data = map[string]any{"step": f.Step, "field": f.ID, "source": "typed"}
	q := quantity.New(254, -1, f.Unit)
	switch {
	case st.Blind && f.Type != mbr.TypeScan:
		data["value"] = batch.Value{Sealed: sealed}
	case f.Type == mbr.TypeComputed:
		delete(data, "source")
		data["formula"], data["formula_version"] = f.Formula, 1
		var inputs []batch.ComputedInput
		for name, ref := range f.Inputs {
			inputs = append(inputs, batch.ComputedInput{Name: name, Ref: ref, Value: batch.Value{Number: &q}, Entry: 42})
			break
		}
		data["inputs"] = inputs
		long := quantity.New(25_400_123, -6, f.Unit)
		data["value"] = batch.Value{Number: &long}
		if f.Result != "" {
			data["value"] = batch.Value{Text: m.now.Format(time.RFC3339)}
		}
		return "batch.field-computed", data
	case f.Type == mbr.TypeDecimal:
		data["value"] = batch.Value{Number: &q}
	case f.Type == mbr.TypeInt:
		n := quantity.New(2, 0, f.Unit)
		data["value"] = batch.Value{Number: &n}
	case f.Type == mbr.TypeBool || f.Type == mbr.TypeEnum || f.Type == mbr.TypeMulti:
		text := f.Expect
		if text == "" && len(f.Options) > 0 {
			text = f.Options[0].Code
		}
		if text == "" {
			text = "true"
		}
		data["value"] = batch.Value{Text: text}
	case f.Type == mbr.TypeDateTime:
		data["value"] = batch.Value{Text: m.now.Format(time.RFC3339)}
	case f.Type == mbr.TypeDate:
		data["value"] = batch.Value{Text: "2026-12-01"}
	default:
		data["value"] = batch.Value{Text: "AUTO-1"}
	}
	return "batch.field-entered", data
}

// everything plays all steps of the recipe, with scans until there are about n entries.
func everything(t testing.TB, profile string, n int) *made {
	recipe, err := templates.MBR.ReadFile("mbr/rex-001.yaml")
	require.NoError(t, err)
	spec, err := templates.Specifications.ReadFile("spec/demo-p1.yaml")
	require.NoError(t, err)
	m := begin(t, profile, recipe, spec)
	var scans []*mbr.Field
	for _, s := range m.recipe.Steps() {
		for _, f := range s.FieldsAt(m.plant.Site) {
			if f.Type == mbr.TypeScan && s.Applies(m.plant.Site) {
				scans = append(scans, f)
			}
		}
	}
	rounds := 1
	if base := 750; n > base {
		rounds = 1 + (n-base)/(2*len(scans))
	}
	for _, s := range m.recipe.Steps() {
		if s.Applies(m.plant.Site) {
			m.play(s, rounds)
		}
	}
	for len(m.entries) < n {
		m.add("ana", "operator", therapy, "custody.scanned", map[string]any{"purpose": number + "/S20/bag_scan", "expected": "work-bag", "raw": "?", "outcome": "unreadable", "why": "no identifier"})
	}
	return m
}

func (m *made) play(s *mbr.Step, rounds int) {
	role := string(s.Performer)
	if s.Act != "" {
		m.add("hector", role, ofBatch, "batch.act-signed", map[string]any{
			"act": s.Act, "record": m.batch.Record, "signature": m.signature("hector", role, "certified"), "details": map[string]any{"certificate": "SVQ-2026-0001", "checkpoint": "rexbatch/ES-SVQ/1\n184\nabc=\n\n— sig\n"},
		})
		return
	}
	m.add("ana", role, ofBatch, "batch.step-started", map[string]any{"step": s.ID})
	for i, f := range s.FieldsAt(m.plant.Site) {
		if f.Type == mbr.TypeScan {
			for range rounds {
				id := m.coi.String()
				if f.Expect != "coi" && f.Expect != "wristband" {
					id = m.container(s, f.Expect, len(m.event.Containers)+1)
				}
				m.scan("ana", role, f, id)
			}
			continue
		}
		kind, data := m.filled(s, f)
		m.add("ana", role, ofBatch, kind, data)
		if i == 1 && f.Type == mbr.TypeDecimal && !s.Blind {
			q := quantity.New(261, -1, f.Unit)
			m.add("ana", role, ofBatch, "batch.field-corrected", map[string]any{"step": f.Step, "field": f.ID, "value": batch.Value{Number: &q}, "source": "typed", "reason": "Digits were swapped"})
		}
	}
	m.add("ana", role, ofBatch, "batch.step-completed", map[string]any{"step": s.ID})
	if s.Second != nil {
		m.add("jorge", string(s.Second.Role), ofBatch, "batch.step-verified", map[string]any{"step": s.ID, "signature": m.signature("jorge", string(s.Second.Role), "verified")})
	}
}

// seq is the entries as a log would give them.
func (m *made) seq() iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range m.entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (m *made) source() record.Source {
	return record.Source{
		Batch: m.batch, Event: m.event, Entries: m.seq(), Names: names, Plant: m.plant,
		Checkpoint: []byte("rexbatch/" + m.plant.Site + "/3f9a\n184233\nq5nH0XvYv0nqJ4cJtJ2m1Q0nq4mYB7fQm0p9cVYQ3dE=\n\n— rexbatch/ES-SVQ/3f9a AbCd==\n"),
	}
}

// print makes the PDF in a language.
func (m *made) print(lang string) []byte {
	m.t.Helper()
	pdf, err := record.Print(m.t.Context(), m.source(), m.copy(lang), nil)
	require.NoError(m.t, err)
	return pdf
}

func (m *made) copy(lang string) record.Copy {
	return record.Copy{Lang: lang, Name: names("hector"), Account: "hector", At: m.now.Add(time.Hour)}
}

func jsonOf(t testing.TB, v any) []byte {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}
