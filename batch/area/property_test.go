package area_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/area"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// model is what must hold of an area, told without entries: who is in it, and since when it may be taken.
type model struct {
	batch      string
	clearSince time.Time // zero when it is not clear
}

// floor is one area under random commands, beside its model.
type floor struct {
	a     *area.Area
	now   time.Time
	model model
	plant *plant // for signatures
}

var batches = map[string]string{one: coiOne, two: coiTwo, "SVQ2600003M": "CHA999926000003"}

// do adds a draft if there is one.
func (f *floor) do(t *rapid.T, draft ledger.Draft) {
	c := f.a.Change(ana, f.now)
	require.NoError(t, c.Add(draft))
}

func (f *floor) pass(t *rapid.T) {
	f.now = f.now.Add(time.Duration(rapid.IntRange(1, 5*60).Draw(t, "minutes")) * time.Minute)
}

func (f *floor) clear(second people.Signed) func(*rapid.T) {
	return func(t *rapid.T) {
		c := area.Checklist{
			NothingForeign: rapid.Bool().Draw(t, "nothing foreign"), PreviousClosed: rapid.Bool().Draw(t, "closed"),
			ForeignLabels: rapid.IntRange(-1, 1).Draw(t, "labels"),
		}
		draft, failed, err := f.a.Clear(f.now, "ana", second, c)
		good := c == clean && second.Valid() && second.Signature().Account != "ana"
		require.Equal(t, f.model.batch == "" && good, err == nil && failed == nil)
		if err != nil {
			return
		}
		f.do(t, draft)
		f.model.clearSince = time.Time{}
		if failed == nil {
			f.model.clearSince = f.now
		}
	}
}

func (f *floor) occupy(t *rapid.T) {
	batch := rapid.SampledFrom([]string{one, two, "SVQ2600003M"}).Draw(t, "batch")
	draft, err := f.a.Occupy(f.now, batch, coi(t, batches[batch]))
	may := f.model.batch == "" && !f.model.clearSince.IsZero() && f.now.Sub(f.model.clearSince) <= f.a.ValidFor
	require.Equal(t, may, err == nil, "%v", err)
	if err == nil {
		f.do(t, draft)
		f.model = model{batch: batch}
	}
}

func (f *floor) free(t *rapid.T) {
	batch := rapid.SampledFrom([]string{one, two, "SVQ2600003M", ""}).Draw(t, "batch")
	draft, err := f.a.Free(batch)
	require.Equal(t, batch != "" && f.model.batch == batch, err == nil)
	if err == nil {
		f.do(t, draft)
		f.model = model{}
	}
}

func (f *floor) freeByQA(t *rapid.T) {
	draft, err := f.a.FreeByQA(rapid.SampledFrom([]people.Role{people.QA, people.QP, people.Operator}).Draw(t, "role"), "stopped for good")
	if err == nil {
		f.do(t, draft)
		f.model = model{}
	}
}

// Whatever is tried, in whatever order: an area holds one batch at most, which entered on a clearance by two persons that
// was in time and had not been used; and only that batch may work there (I5, AT-51).
func TestOneBatchInOneArea_I5(t *testing.T) {
	p := newPlant(t)
	digest := ledger.DigestOf([]byte("shown"))
	seconds := []people.Signed{p.signed("ben", digest), p.signed("ana", digest), {}}
	rapid.Check(t, func(t *rapid.T) {
		draft, err := area.Register(people.QA, area.Registration{ID: "SVQ-A1", Kind: "aseptic", Name: "Room", Grade: area.AInB, ValidFor: 4 * time.Hour})
		require.NoError(t, err)
		f := &floor{a: &area.Area{}, now: morning, plant: p}
		f.do(t, draft)
		t.Repeat(map[string]func(*rapid.T){
			"pass": f.pass, "occupy": f.occupy, "free": f.free, "free by QA": f.freeByQA,
			"clear": f.clear(seconds[0]), "clear alone": f.clear(seconds[1]), "clear unsigned": f.clear(seconds[2]),
			"": func(t *rapid.T) {
				require.Equal(t, f.model.batch, f.a.Batch)
				for batch := range batches {
					require.Equal(t, f.model.batch == batch, f.a.MayWork(f.now, batch) == nil)
				}
				f.holdsOne(t)
			},
		})
	})
}

// holdsOne looks at the whole history: stays follow each other, and only the last one may be open.
func (f *floor) holdsOne(t *rapid.T) {
	for i, o := range f.a.Taken {
		open := o.To.IsZero()
		require.Equal(t, open, i == len(f.a.Taken)-1 && f.a.Batch != "")
		require.NotEqual(t, isbt128.CoI{}, o.CoI)
		if i > 0 {
			require.False(t, o.From.Before(f.a.Taken[i-1].To))
		}
	}
}
