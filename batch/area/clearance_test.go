package area_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

func TestClearanceNeedsTwoPersons_AT51(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	refused(t, p.Clear(p.ctx, ana, "SVQ-A1", clean, people.Signed{}), "AT-51", "clearance-unsigned")
	refused(t, p.Clear(p.ctx, ana, "SVQ-A1", clean, p.verifies("ana", "SVQ-A1", clean)), "I7", "clearance-same-person")
	require.Empty(t, p.area("SVQ-A1").Clearances)

	p.clear("SVQ-A1")
	a := p.area("SVQ-A1")
	require.Equal(t, area.Cleared, a.Status(p.now()))
	require.Equal(t, morning.Add(4*time.Hour), a.ClearUntil())
	require.Len(t, a.Clearances, 1)
	require.Equal(t, "ana", a.Clearances[0].First)
	require.Equal(t, "Name of ben", a.Clearances[0].Second.Name)
	require.True(t, a.Clearances[0].Passed)
}

// The second person signed exactly this: another area, person or answer is another clearance (I8).
func TestSecondPersonSignsWhatIsShown_I8(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	p.lab("SVQ-A2")
	refused(t, p.Clear(p.ctx, ana, "SVQ-A1", clean, p.verifies("ben", "SVQ-A2", clean)), "I8", "signature-elsewhere")
	found := clean
	found.ForeignLabels = 1
	refused(t, p.Clear(p.ctx, ana, "SVQ-A1", clean, p.verifies("ben", "SVQ-A1", found)), "I8", "signature-elsewhere")
	refused(t, p.Clear(p.ctx, as("carl", people.Operator), "SVQ-A1", clean, p.verifies("ben", "SVQ-A1", clean)), "I8", "signature-elsewhere")
	require.Equal(t, area.Uncleared, p.area("SVQ-A1").Status(p.now()))
}

// What was found stays in the record, and the area is not clear, also when it was before (scenario 11).
func TestFailedClearanceStaysInTheRecord_AT51(t *testing.T) {
	for _, c := range []struct {
		code  string
		found area.Checklist
	}{
		{"foreign-labels", area.Checklist{NothingForeign: true, PreviousClosed: true, ForeignLabels: 2}},
		{"foreign-items", area.Checklist{PreviousClosed: true}},
		{"previous-open", area.Checklist{NothingForeign: true}},
		{"foreign-labels", area.Checklist{ForeignLabels: 1}},
	} {
		t.Run(c.code, func(t *testing.T) {
			p := newPlant(t)
			p.lab("SVQ-A1")
			p.clear("SVQ-A1")
			refused(t, p.Clear(p.ctx, ana, "SVQ-A1", c.found, people.Signed{}), "AT-51", c.code)
			a := p.area("SVQ-A1")
			require.Equal(t, area.Uncleared, a.Status(p.now()))
			require.Len(t, a.Clearances, 2)
			require.Equal(t, c.found, a.Clearances[1].Checklist)
			require.False(t, a.Clearances[1].Passed)
			refused(t, p.occupy("SVQ-A1", one, coi(t, coiOne)), "AT-51", "area-not-cleared")
			p.check()
		})
	}
}

func TestCountOfLabelsIsOne_AT51(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	for _, n := range []int{-1, 10000} {
		c := clean
		c.ForeignLabels = n
		refused(t, p.Clear(p.ctx, ana, "SVQ-A1", c, people.Signed{}), "AT-51", "foreign-label-count")
	}
	require.Empty(t, p.area("SVQ-A1").Clearances)
}

func TestClearanceExpires_AT51(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	p.clear("SVQ-A1")
	p.pass(4 * time.Hour)
	require.Equal(t, area.Cleared, p.area("SVQ-A1").Status(p.now()), "its last moment is in time")
	p.pass(time.Second)
	require.Equal(t, area.Expired, p.area("SVQ-A1").Status(p.now()))
	refused(t, p.occupy("SVQ-A1", one, coi(t, coiOne)), "AT-51", "clearance-expired")
	p.clear("SVQ-A1")
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))
}

// A batch clears and takes its area in one append: the second decision rests on the first.
func TestClearAndTakeInOneAppend(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	a := p.area("SVQ-A1")
	c := a.Change(ana, p.now())
	draft, failed, err := c.Clear(p.now(), "ana", p.signed("ben", ledger.DigestOf([]byte("the step"))), clean)
	require.NoError(t, err)
	require.Nil(t, failed)
	require.NoError(t, c.Add(draft))
	draft, err = c.Occupy(p.now(), one, coi(t, coiOne))
	require.NoError(t, err)
	require.NoError(t, c.Add(draft))
	stream, views, err := c.Append()
	require.NoError(t, err)
	require.Equal(t, uint64(1), stream.Expected)
	p.pass(time.Second) // the ledger's time is not the decision's: views hold neither
	_, err = p.log.Append(p.ctx, ledger.Append{Author: ana, Streams: []ledger.StreamAppend{stream}, Views: views})
	require.NoError(t, err)
	require.Equal(t, one, p.area("SVQ-A1").Batch)
	p.check()
}

// A decision that only rests on the area guards it: who takes the area meanwhile makes the append fail.
func TestChangeWithoutDraftsGuards(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A1")
	stream, views, err := p.area("SVQ-A1").Change(ana, p.now()).Append()
	require.NoError(t, err)
	require.Nil(t, views)
	p.clear("SVQ-A1")
	_, err = p.log.Append(p.ctx, ledger.Append{Author: ana, Streams: []ledger.StreamAppend{stream, {Stream: "elsewhere/1", Drafts: []ledger.Draft{{Type: "x", Data: 1}}}}})
	var conflict *ledger.ConflictError
	require.ErrorAs(t, err, &conflict)
}

func TestRegister_AT10(t *testing.T) {
	p := newPlant(t)
	good := area.Registration{ID: "SVQ-A1", Kind: "aseptic", Name: "Aseptic room 1", Grade: area.AInB, ValidFor: 4 * time.Hour}
	may := map[people.Role]bool{people.ProductionLead: true, people.HeadProduction: true, people.QA: true}
	for _, role := range people.Roles() {
		if !may[role] {
			refused(t, p.Register(p.ctx, as("x", role), good), "CS-66", "may-not-manage-areas")
		}
	}
	for code, change := range map[string]func(*area.Registration){
		"area-id":       func(r *area.Registration) { r.ID = "svq a1" },
		"area-kind":     func(r *area.Registration) { r.Kind = "Aseptic" },
		"area-name":     func(r *area.Registration) { r.Name = "  " },
		"area-grade":    func(r *area.Registration) { r.Grade = "E" },
		"area-validity": func(r *area.Registration) { r.ValidFor = 4*time.Hour + time.Second },
		"area-limits":   func(r *area.Registration) { r.Limits = []area.Limits{{Kind: area.Pressure}} },
	} {
		r := good
		change(&r)
		refused(t, p.Register(p.ctx, lead, r), "AT-10", code)
	}
	_, err := p.Load(p.ctx, "SVQ-A1")
	refused(t, err, "AT-10", "no-area")
	require.NoError(t, p.Register(p.ctx, lead, good))
	refused(t, p.Register(p.ctx, lead, good), "AT-10", "area-known")
	a := p.area("SVQ-A1")
	require.Equal(t, "Aseptic room 1", a.Name)
	require.Equal(t, area.Uncleared, a.Status(p.now()))
	require.Equal(t, "=0 CFU", a.LimitsOf(area.SettlePlate).Action.String())
	require.Equal(t, "<=3520 /m3", a.LimitsOf(area.Particles05).Action.String())
	require.True(t, a.LimitsOf(area.Humidity).Action.IsZero())
	p.check()
}

func TestItemsListAreas(t *testing.T) {
	p := newPlant(t)
	p.lab("SVQ-A2")
	p.lab("SVQ-A1")
	p.clear("SVQ-A1")
	var got []area.Item
	for i, err := range p.Items(p.ctx) {
		require.NoError(t, err)
		got = append(got, i)
	}
	require.Len(t, got, 2)
	require.Equal(t, "SVQ-A1", got[0].ID)
	require.Equal(t, area.Cleared, got[0].Status(p.now()))
	require.Equal(t, area.Expired, got[0].Status(p.now().Add(5*time.Hour)))
	require.Equal(t, area.Uncleared, got[1].Status(p.now()))
	require.NoError(t, p.occupy("SVQ-A1", one, coi(t, coiOne)))
	for i, err := range p.Items(p.ctx) {
		require.NoError(t, err)
		if i.ID == "SVQ-A1" {
			require.Equal(t, area.Occupied, i.Status(p.now()))
			require.Equal(t, coiOne, i.CoI.String())
		}
	}
}
