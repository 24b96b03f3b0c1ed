package release_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch"
	"rexbatch/batch/equipment"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/plantest"
)

// What follows from a correction, and from the end of a batch, in other places than the step itself.

// beforeBy plays a fresh batch in Seville up to a step, by a recipe with some texts replaced.
func beforeBy(t *testing.T, step string, edits ...[2]string) *shift {
	t.Helper()
	p := plantest.New(t, "es-svq", plantest.NewClock(plantest.Morning))
	p.ByRecipe(edits...)
	crew := plantest.NewCrew(p, plantest.Load(t, "seville-fresh"), "en")
	sh := &shift{Crew: crew, t: t, number: crew.Order("3401-001")}
	crew.Play(sh.number, step)
	return sh
}

func (s *shift) device(id string) *equipment.Device {
	d, err := s.Batches.Equipment().Load(bg, equipment.ID(id))
	require.NoError(s.t, err)
	return d
}

// A corrected device is carried to the devices: the one that was used indeed has the use and is held against its checks,
// the other one has it no more, and no later finding about it speaks of the batch (scenario 23).
func TestCorrectedDeviceIsCarriedToTheDevices_AT24(t *testing.T) {
	s := before(t, "S12")
	lead := s.As(people.ProductionLead, false)
	first := s.Value("device:balance")
	second := string(s.Install(s.Scenario, "balance", "BAL-22"))
	due, err := s.Batches.Equipment().Due("2026-11-21")
	require.NoError(t, err)
	_, err = s.Batches.Equipment().Register(bg, lead, equipment.Registration{
		ID: "BAL-23", Kind: "balance", Name: "third balance", Area: "A", Checks: map[equipment.Check]equipment.Due{equipment.Calibration: due},
	})
	require.NoError(t, err)
	refusedAs(t, "device-calibration-due", s.correct("S11", "balance_id", "BAL-23"))

	require.NoError(t, s.correct("S11", "balance_id", second))
	uses := s.device(second).Uses
	require.Len(t, uses, 1)
	require.Equal(t, s.number, uses[0].Batch)
	require.Equal(t, s.step("S11").CompletedAt, uses[0].At, "it was used when the step was done")
	require.Equal(t, "the first one was wrong", s.device(first).Uses[0].Reversed)
	require.Equal(t, second, s.step("S11").Devices[0].Device)
	require.Len(t, s.step("S11").Devices, 1)

	off := func(id string) {
		until, err := s.Batches.Equipment().Due("2027-11-22")
		require.NoError(t, err)
		require.NoError(t, s.Batches.CheckDevice(bg, lead, equipment.ID(id), func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
			return d.Calibrate(lead, now, equipment.Checking{At: now, Passed: true, Due: until, AsFound: equipment.OutOfTolerance, Reference: "CAL-9", Remark: "as found 0.9 g off"})
		}))
	}
	off(first)
	require.Empty(t, s.found(batch.DeviceOut), "it weighed nothing of this batch")
	off(second)
	require.Len(t, s.found(batch.DeviceOut), 1)
}

// A lot that is entered after its step was finished is drawn from, as one that was entered in time; so is another quantity,
// and none at all gives back what was taken.
func TestLateLotIsDrawn_AT21(t *testing.T) {
	s := beforeBy(t, "S25", [2]string{"{id: buffer_lot, type: lot, material: wash-buffer, source: C,", "{id: buffer_lot, type: lot, required: false, material: wash-buffer, source: C,"})
	lot := s.Lots("wash-buffer")[0].Number
	left := func() quantity.Quantity {
		l, err := s.Batches.Materials().Load(bg, lot)
		require.NoError(t, err)
		return l.Remaining
	}
	delete(s.Values["S25"], "buffer_lot")
	whole := left()
	s.Step(s.number, s.step("S25").Step)
	require.Equal(t, whole, left(), "nobody said from which lot")
	require.NoError(t, s.correct("S25", "buffer_lot", lot.String()))
	used := s.step("S25").Lots
	require.Len(t, used, 1)
	sum, err := left().Add(used[0].Quantity)
	require.NoError(t, err)
	require.True(t, sum.Equal(whole), "%s of %s", left(), whole)
	require.Len(t, s.found(batch.Late), 1)

	require.NoError(t, s.correct("S25", "volume", "10.0"))
	sum, err = left().Add(quantity.New(100, -1, "mL"))
	require.NoError(t, err)
	require.True(t, sum.Equal(whole))
	require.NoError(t, s.correct("S25", "volume", "0.0"))
	require.True(t, left().Equal(whole))
	require.NoError(t, s.correct("S25", "volume", "20.0"))
	sum, err = left().Add(quantity.New(200, -1, "mL"))
	require.NoError(t, err)
	require.True(t, sum.Equal(whole))
}

// A batch that was split is corrected where the work was done, and those that were split from it take it over. A share was
// measured: it is not computed again, and when it does not fit any more, that is an exception of each (scenario 7).
func TestCorrectionReachesTheChildren_7(t *testing.T) {
	s := before(t, "S15")
	ml := func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	children, err := s.Batches.Split(bg, s.As(people.ProductionLead, false), s.number, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	child := func() *batch.Batch { b, _ := s.State(children[0]); return b }
	share := func() string { v, _ := child().Value("S12.volume_after_sampling"); return v.Value.String() }
	record := child().Record
	err = s.Batches.Correct(bg, s.As(people.Operator, false), children[0], 0, "S11", "gross_mass", typed("150.0"), "two digits were swapped")
	refusedAs(t, "inherited-step", err)

	// Within the tolerance: the values follow, the share stays, the second persons look again.
	was, _ := child().Value("S13.wbc_corrected")
	require.NoError(t, s.correctAs(people.QCAnalyst, "S13", "nrbc", "4.0"))
	now, _ := child().Value("S13.wbc_corrected")
	require.NotEqual(t, was.Value.String(), now.Value.String())
	mine, _ := s.batch().Value("S13.wbc_corrected")
	require.Equal(t, mine.Value.String(), now.Value.String())
	st, _ := child().Step("S13")
	require.Equal(t, batch.ToVerify, st.Status)
	gate, _ := child().Step("S14")
	require.Equal(t, batch.ToVerify, gate.Status, "and the decision that was made on it")
	require.NotEqual(t, record, child().Record, "whatever was signed over the child is unsigned")
	require.Equal(t, "50.0 mL", share())

	// Another mass: the volume of the whole changes, the shares do not, and do not fit any more.
	require.NoError(t, s.correct("S11", "gross_mass", "150.0"))
	volume, _ := child().Value("S11.net_volume")
	whole, _ := s.batch().Value("S11.net_volume")
	require.Equal(t, whole.Value.String(), volume.Value.String())
	require.Equal(t, "50.0 mL", share())
	for _, number := range children {
		b, _ := s.State(number)
		found, _ := b.Exceptions()
		var off []batch.Exception
		for _, e := range found {
			if e.Class == batch.Implausible {
				off = append(off, e)
			}
		}
		require.Len(t, off, 1, number)
		require.Contains(t, off[0].What, "101.5 mL")
	}
}

func (s *shift) correctAs(role people.Role, id, field, text string) error {
	return s.Batches.Correct(bg, s.As(role, false), s.number, 0, id, field, batch.Input{Text: text}, "the first one was wrong")
}

// Who assessed one check has not assessed another, nor the same one over other values.
func TestChecksAreExceptionsApart_AT59(t *testing.T) {
	s := before(t, "S11", map[string]map[string]string{"S10": {"min_T": "5.0", "max_T": "4.0"}})
	first := s.found(batch.Implausible)
	require.NotEmpty(t, first)
	qa := s.As(people.QA, false)
	require.NoError(t, s.Batches.Assess(bg, qa, s.number, 0, first[0].ID, batch.Minor, "the two were swapped", s.Sign(qa.Account, people.QA)))
	for _, e := range s.found(batch.Implausible) {
		if e.ID == first[0].ID {
			require.False(t, e.Open())
		}
	}
	require.NoError(t, s.correct("S10", "min_T", "4.5"), "still above max_T")
	again := s.found(batch.Implausible)
	require.NotEmpty(t, again)
	for _, e := range again {
		require.NotEqual(t, first[0].ID, e.ID)
		require.True(t, e.Open(), "%s speaks of other values than the assessment", e.ID)
	}
}

// A batch that is stopped before anything was collected has nothing to dispose of: it closes, and its therapy event is free
// for another batch (AT-1).
func TestStoppedBeforeAnythingExistsCloses_48(t *testing.T) {
	s := before(t, "S03")
	coi := s.batch().CoI
	require.NoError(t, s.Batches.AskToStop(bg, s.As(people.QA, false), s.number, 0, batch.EndWithdrawn, "the patient withdrew before the harvest"))
	require.True(t, s.batch().Over())
	require.False(t, s.batch().ClosedAt.IsZero())
	require.True(t, s.batch().Worklist().Closed)
	_, err := s.Batches.Of(bg, coi)
	refusedAs(t, "no-active-batch", err)
	s.rebuilt(t, s.number)
}

// While a step is open the batch closes when that step is safely done.
func TestStoppedInAStepClosesAfterIt_48(t *testing.T) {
	s := before(t, "S02")
	s.fill("S02")
	require.NoError(t, s.Batches.AskToStop(bg, s.As(people.QA, false), s.number, 0, batch.EndDied, "the patient died"))
	require.True(t, s.batch().ClosedAt.IsZero())
	require.NoError(t, s.complete("S02"))
	s.Verify(s.number, s.step("S02").Step)
	for st, ok := s.batch().Current(); ok && !s.batch().Over(); st, ok = s.batch().Current() {
		s.Step(s.number, st.Step)
	}
	require.True(t, s.batch().Over())
	_, event := s.State(s.number)
	require.Equal(t, len(s.batch().Undisposed(event)) == 0, !s.batch().ClosedAt.IsZero())
}

// meanwhile is a log in which something else happens between a decision and its append.
type meanwhile struct {
	ledger.Log
	first func()
}

func (m *meanwhile) Append(ctx context.Context, a ledger.Append) (ledger.Receipt, error) {
	if do := m.first; do != nil {
		m.first = nil
		do()
	}
	return m.Log.Append(ctx, a)
}

// A version of the recipe that is approved or withdrawn at the very moment at which a batch is opened is a conflict: the
// batch is opened by what is in force then (AT-5).
func TestVersionDecidedWhileABatchIsOpened_AT5(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	sessions := p.enrol(s)
	coordinator := p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator)
	log := p.batches.Log
	draft, approve := p.submitNext(s, sessions)
	open := func(subject string, first func()) *batch.Batch {
		t.Helper()
		p.batches.Log = &meanwhile{Log: log, first: func() { p.batches.Log = log; first() }}
		number, _, err := p.batches.Open(bg, coordinator, subject)
		require.NoError(t, err)
		p.batches.Log = log
		b, err := p.batches.Load(bg, number)
		require.NoError(t, err)
		return b
	}
	require.Equal(t, 3, open("3401-001", func() { approve(p.Clock.Now()) }).Recipe.Version, "approved meanwhile")
	withdraw := func() {
		require.NoError(t, p.batches.Masters().Withdraw(bg, p.by(s, sessions, people.QA), draft, 0, "a mistake was found in it"))
	}
	require.Equal(t, 2, open("3401-002", withdraw).Recipe.Version, "withdrawn meanwhile")
}

// A version that comes into force between decision and append is the one by which the batch is opened.
func TestVersionComesIntoForceWhileABatchIsOpened_AT5(t *testing.T) {
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	sessions := p.enrol(s)
	coordinator := p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator)
	from := p.Clock.Now().Add(time.Hour).Truncate(time.Second)
	p.approveNext(s, sessions, from)
	log := p.batches.Log
	p.Clock.Pass(from.Add(-time.Minute).Sub(p.Clock.Now()))
	p.batches.Log = &meanwhile{Log: log, first: func() { p.Clock.Pass(time.Minute) }}
	number, _, err := p.batches.Open(bg, coordinator, "3401-001")
	require.NoError(t, err)
	p.batches.Log = log
	b, err := p.batches.Load(bg, number)
	require.NoError(t, err)
	require.Equal(t, 3, b.Recipe.Version)
	require.False(t, b.OpenedAt.Before(from))
}

// rebuilt holds that the view of a batch is what its entries give.
func (s *shift) rebuilt(t require.TestingT, number string) {
	key := batch.WorklistPrefix + number
	stored, err := s.Log.View(bg, key)
	require.NoError(t, err)
	views, err := batch.Projection().Views(func(d ledger.Digest) ([]byte, error) { return s.Log.Blob(bg, d) }, s.Log.Stream(bg, batch.Stream(number), 0))
	require.NoError(t, err)
	require.Equal(t, string(views[key]), string(stored))
}

// Whatever the distance of a step's start from the limit of its clock, the stored view is what a rebuild gives, and the
// deviation that opened speaks of the exception that there is. The test's clock moves a millisecond with each question, so
// that decision and entry stand on both sides of the limit in some of the cases.
func TestViewAtTheLimitOfAClock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "template")
	crew := template(t, dir)
	number := crew.Order("3401-001")
	crew.Play(number, "S25")
	now := crew.Clock.Now()
	require.NoError(t, crew.Log.Close())
	var late, in int
	for ahead := -1; ahead <= 12; ahead++ {
		s := &shift{Crew: reopened(t, crew, dir, filepath.Join(t.TempDir(), "case"), now), t: t, number: number}
		var due time.Time
		for _, timer := range s.batch().Timers(s.Clock.Now()) {
			if timer.Of.ID == "hold-manual" {
				due = timer.Due
			}
		}
		s.Clock.Pass(due.Add(-time.Duration(ahead) * time.Millisecond).Sub(s.Clock.Now()))
		require.NoError(t, s.Batches.Start(bg, s.As(people.Operator, false), s.number, 0, "S25"))
		s.rebuilt(t, s.number)
		started := s.step("S25").StartedAt
		require.Equal(t, started.After(due), s.classes()[batch.TimeLimit], "%s after %s", started, due)
		for _, e := range s.found(batch.TimeLimit) {
			require.NotNil(t, e.Deviation, "the deviation that opened speaks of it")
			late++
		}
		in++
		require.NoError(t, s.Log.Close())
	}
	require.Positive(t, late)
	require.Less(t, late, in)
}

// template makes a furnished plant in a folder, to be copied for each case of a test.
func template(t *testing.T, dir string) *plantest.Crew {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "keys"), 0o700))
	p := plantest.Open(t, "es-svq", dir, plantest.NewClock(plantest.Morning))
	return plantest.NewCrew(p, plantest.Load(t, "seville-fresh"), "en")
}

// reopened is a copy of a plant as it was left, at a time. The caller closes its log.
func reopened(t testing.TB, crew *plantest.Crew, dir, here string, now time.Time) *plantest.Crew {
	t.Helper()
	require.NoError(t, os.CopyFS(here, os.DirFS(dir)))
	keys, err := filepath.Glob(filepath.Join(here, "keys", "*"))
	require.NoError(t, err)
	for _, key := range keys {
		require.NoError(t, os.Chmod(key, 0o600))
	}
	p := plantest.Open(t, "es-svq", here, plantest.NewClock(now))
	p.Remember(crew.Plant)
	return &plantest.Crew{Plant: p, Scenario: crew.Scenario, Sessions: crew.Sessions}
}

// Random corrections by the persons whose steps they are: after each, every computed value is what its inputs give now, and
// says from which value of which entry, by which version of which formula; a gate that was decided on what changed waits
// for its second person again; acts that were signed over the record are unsigned (AT-55, I8, scenario 31).
func TestComputedValuesFollowEveryCorrection_31(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "template")
	crew := template(t, dir)
	number := crew.Order("3401-001")
	crew.Play(number, "S42")
	now := crew.Clock.Now()
	require.NoError(t, crew.Log.Close())
	corrections := 20
	if testing.Short() {
		corrections = 5
	}
	runs(t, 5, 50)
	rapid.Check(t, func(rt *rapid.T) {
		here := filepath.Join(t.TempDir(), "run")
		defer func() { require.NoError(rt, os.RemoveAll(here)) }()
		s := &shift{Crew: reopened(t, crew, dir, here, now), t: t, number: number}
		defer func() { require.NoError(rt, s.Log.Close()) }()
		s.holdComputed(rt)
		for range corrections {
			s.correctAny(rt)
			s.holdComputed(rt)
		}
	})
}

// correctable are the fields of finished steps that a correction can change and from which something is computed.
func (s *shift) correctable() []*mbr.Field {
	b := s.batch()
	read := map[string]bool{}
	for _, st := range b.Steps() {
		for _, f := range st.Step.FieldsAt(b.Site) {
			for _, ref := range f.ComputedFrom() {
				read[ref] = true
			}
		}
	}
	var out []*mbr.Field
	for _, st := range b.Steps() {
		if st.Status != batch.Done && st.Status != batch.ToVerify {
			continue
		}
		for _, f := range st.Step.FieldsAt(b.Site) {
			if read[f.Ref()] && (f.Type == mbr.TypeDecimal || f.Type == mbr.TypeInt) && f.Captured != mbr.FromLedger {
				out = append(out, f)
			}
		}
	}
	return out
}

func (s *shift) correctAny(rt *rapid.T) {
	f := rapid.SampledFrom(s.correctable()).Draw(rt, "field")
	before := s.batch()
	st := s.step(f.Step)
	text := rapid.SampledFrom([]string{"1", "3", "12", "40", "0", "<2"}).Draw(rt, "value")
	if f.Type == mbr.TypeDecimal {
		text = rapid.SampledFrom([]string{text, "12.5", "101.5", "0.4", "75.25"}).Draw(rt, "decimal")
	}
	err := s.Batches.Correct(bg, s.As(st.Step.Performer, false), s.number, 0, f.Step, f.ID, batch.Input{Text: text}, "drawn at random")
	if err != nil {
		require.NotEmpty(rt, refusal(err), "%s = %s: %v", f.Ref(), text, err)
		return
	}
	after := s.batch()
	require.NotEqual(rt, before.Record, after.Record, "what was signed over the record is unsigned")
	changed := false
	for _, st := range after.Steps() {
		if changed && st.Step.Gate != nil && !st.CompletedAt.IsZero() {
			require.NotEqual(rt, batch.Done, st.Status, "the decision of %s goes to re-review", st.Step.ID)
		}
		changed = changed || st.Step.ID == f.Step
		was, _ := before.Step(st.Step.ID)
		for id, field := range st.Fields {
			if len(field.Values) > len(was.Fields[id].Values) && st.Step.Second != nil {
				require.NotEqual(rt, batch.Done, st.Status, "%s changed after it was verified", field.Field.Ref())
			}
		}
	}
}

// holdComputed holds that every computed value of a finished step is what its inputs give now, and is kept with them.
func (s *shift) holdComputed(rt *rapid.T) {
	b := s.batch()
	n := 0
	for _, st := range b.Steps() {
		for id, f := range st.Fields {
			if f.Field.Type != mbr.TypeComputed || st.CompletedAt.IsZero() {
				continue
			}
			again, err := b.Preview(f.Field)
			c, has := f.Current()
			require.Equal(rt, err == nil, has, "%s: %v", f.Field.Ref(), err)
			if !has {
				continue
			}
			n++
			require.Equal(rt, again.String(), c.Value.String(), f.Field.Ref())
			require.NotEmpty(rt, c.Formula, f.Field.Ref())
			for _, in := range c.Inputs {
				if strings.HasPrefix(in.Ref, mbr.ParamPrefix) {
					require.Equal(rt, b.Recipe.Parameters[strings.TrimPrefix(in.Ref, mbr.ParamPrefix)].Value.String(), in.Value.String())
					continue
				}
				now, ok := b.Value(in.Ref)
				require.True(rt, ok, "%s of %s.%s", in.Ref, st.Step.ID, id)
				require.Equal(rt, now.Value.String(), in.Value.String(), "%s of %s", in.Ref, f.Field.Ref())
				if in.Entry != 0 {
					e, err := s.Log.Entry(bg, in.Entry)
					require.NoError(rt, err)
					require.Equal(rt, batch.Stream(s.number), e.Stream)
					require.Contains(rt, string(e.Data), `"field":"`+strings.SplitN(in.Ref, ".", 2)[1]+`"`, "%s names the entry it was computed from", f.Field.Ref())
				}
			}
		}
	}
	require.Greater(rt, n, 15)
}
