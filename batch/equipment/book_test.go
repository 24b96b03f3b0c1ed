package equipment_test

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
)

// plant is a book over a real log, whose clock the test turns.
type plant struct {
	*equipment.Book
	t   *testing.T
	ctx context.Context
	now time.Time
	mu  sync.Mutex
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	p := &plant{t: t, ctx: context.Background(), now: noon}
	clock := func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.now = p.now.Add(time.Second)
		return p.now
	}
	log, err := bolt.Open(t.TempDir(), bolt.Options{Site: "ES-SVQ", Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	p.Book = &equipment.Book{Log: log, Site: "ES-SVQ", Zone: zone(t, "Europe/Madrid"), Clock: clock}
	return p
}

func (p *plant) register(id equipment.ID, kind string, checks ...equipment.Check) {
	p.t.Helper()
	r := equipment.Registration{ID: id, Kind: kind, Name: "Device " + string(id), Area: "SVQ-07", Checks: map[equipment.Check]equipment.Due{}}
	for _, c := range checks {
		r.Checks[c] = equipment.Due{}
	}
	_, err := p.Register(p.ctx, lead, r)
	require.NoError(p.t, err)
}

func (p *plant) use(id equipment.ID, batch string) {
	p.t.Helper()
	require.NoError(p.t, p.Change(p.ctx, operator, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
		return d.Use(operator, now, equipment.Want{Kind: d.Kind}, equipment.For{Batch: batch, Step: "S11"})
	}))
}

func (p *plant) calibrate(id equipment.ID, c equipment.Checking) error {
	return p.Change(p.ctx, lead, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) { return d.Calibrate(lead, now, c) })
}

func (p *plant) day(s string) equipment.Due {
	p.t.Helper()
	d, err := p.Due(s)
	require.NoError(p.t, err)
	return d
}

func TestBookKeepsDevices_CS67(t *testing.T) {
	p := newPlant(t)
	p.register("cen-03", "centrifuge", equipment.Calibration)
	p.register("BAL-01", "balance", equipment.Calibration, equipment.DailyControl)
	_, err := p.Register(p.ctx, lead, equipment.Registration{ID: "CEN-03", Kind: "balance", Name: "Another", Area: "A1"})
	require.Equal(t, []string{"device-exists"}, codes(err))
	_, err = p.Load(p.ctx, "CEN-04")
	require.Equal(t, []string{"no-device"}, codes(err))
	err = p.Retire(p.ctx, lead, "CEN-04", "worn out")
	require.Equal(t, []string{"no-device"}, codes(err))

	at := noon
	require.NoError(t, p.calibrate("BAL-01", equipment.Checking{At: at, Passed: true, AsFound: equipment.InTolerance, Due: p.day("2027-06-30"), Reference: "C-1"}))
	require.NoError(t, p.Change(p.ctx, operator, "BAL-01", func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
		return d.DailyControl(operator, now, equipment.Checking{At: at, Passed: true, Due: p.Day(at)})
	}))
	require.NoError(t, p.Change(p.ctx, qa, "BAL-01", func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
		return d.Qualify(qa, now, equipment.Checking{At: at, Passed: true, Reference: "Q-1"})
	}))
	require.NoError(t, p.Clean(p.ctx, operator, "BAL-01", equipment.Checking{At: at}))
	require.NoError(t, p.SetProgramme(p.ctx, qa, "BAL-01", "07", "v2", "validated"))
	require.NoError(t, p.Alarm(p.ctx, operator, "BAL-01", equipment.Report{Code: "E-17", Text: "Overload", At: at}))
	require.NoError(t, p.closeAlarm("BAL-01", "pan was touched"))
	p.use("BAL-01", "SVQ2600001K")
	require.NoError(t, p.Retire(p.ctx, lead, "CEN-03", "worn out"))

	d, err := p.Load(p.ctx, "BAL-01")
	require.NoError(t, err)
	require.Equal(t, uint64(9), d.Version)
	require.Equal(t, "2026-11-22", d.Standing[equipment.DailyControl].Due.Day)
	require.Len(t, d.Records, 4)
	require.Equal(t, "SVQ2600001K", d.Uses[0].Batch)
	check, next, ok := d.NextDue()
	require.True(t, ok)
	require.Equal(t, equipment.Calibration, check)
	require.Equal(t, "2027-06-30", next.Day)

	list, err := p.List(p.ctx)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, equipment.ID("BAL-01"), list[0].ID)
	require.Equal(t, d.Sheet.Version, list[0].Version)
	require.Equal(t, d.MayUse(at, equipment.Want{Kind: "balance", DailyControl: true}), list[0].MayUse(at, equipment.Want{Kind: "balance", DailyControl: true}))
	require.Equal(t, equipment.OutOfService, list[1].Status())
	p.viewsFollow()
}

// viewsFollow checks that the stored views are what the projection makes of the entries, byte for byte.
func (p *plant) viewsFollow() {
	p.t.Helper()
	projection := equipment.Projection()
	stored := map[string]string{}
	for doc, err := range p.Log.Views(p.ctx, projection.Prefix) {
		require.NoError(p.t, err)
		stored[doc.Key] = string(doc.Data)
	}
	derived := map[string]string{}
	for head, err := range p.Log.Streams(p.ctx, projection.Prefix) {
		require.NoError(p.t, err)
		docs, err := projection.Views(nil, iter.Seq2[ledger.Entry, error](p.Log.Stream(p.ctx, head.Stream, 0)))
		require.NoError(p.t, err)
		for key, doc := range docs {
			derived[key] = string(doc)
		}
	}
	require.NotEmpty(p.t, stored)
	require.Equal(p.t, derived, stored)
}

// A finding is never recorded without the batches that it concerns (process scenario 23).
func TestFindingIsNotRecordedAlone_Scenario23(t *testing.T) {
	p := newPlant(t)
	p.register("PIP-01", "pipette")
	p.use("PIP-01", "SVQ2600001K")
	p.use("PIP-01", "SVQ2600002H")
	failed := equipment.Checking{At: noon, AsFound: equipment.OutOfTolerance, Reference: "C-1", Remark: "gives 4 % too little"}
	require.ErrorContains(t, p.calibrate("PIP-01", failed), "2 uses are in doubt")
	d, err := p.Load(p.ctx, "PIP-01")
	require.NoError(t, err)
	require.Empty(t, d.Findings)

	drafts, err := d.Calibrate(lead, p.Clock(), failed)
	require.NoError(t, err)
	add, err := p.Add(d, lead, drafts)
	require.NoError(t, err)
	require.Equal(t, []string{"SVQ2600001K", "SVQ2600002H"}, d.Findings[0].Batches(), "who appends sees what follows")
	for _, batch := range d.Findings[0].Batches() {
		add.Streams = append(add.Streams, ledger.StreamAppend{Stream: "batch/" + batch, Drafts: []ledger.Draft{{Type: "batch.doubted", Data: 1}}})
	}
	_, err = p.Log.Append(p.ctx, ledger.Append{Author: lead, Streams: add.Streams, Views: add.Views})
	require.NoError(t, err)
	again, err := p.Load(p.ctx, "PIP-01")
	require.NoError(t, err)
	require.Equal(t, d.Sheet, again.Sheet, "what was foreseen is what stands there")
	require.Len(t, again.Affected(), 2)
	p.viewsFollow()

	p.register("PIP-02", "pipette")
	require.NoError(t, p.calibrate("PIP-02", failed), "without uses there is nobody to tell")
}

// Two people at one device at the same moment: both decisions are made on what then stands there (I1).
func TestDecisionsAtTheSameMoment_I1(t *testing.T) {
	p := newPlant(t)
	p.register("PIP-01", "pipette")
	require.NoError(t, p.Alarm(p.ctx, operator, "PIP-01", equipment.Report{Code: "E", Text: "E", At: noon}))
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = p.closeAlarm("PIP-01", "looked at it") })
	}
	wg.Wait()
	closed := 0
	for _, err := range errs {
		if err == nil {
			closed++
			continue
		}
		require.Equal(t, []string{"alarm-closed"}, codes(err))
	}
	require.Equal(t, 1, closed)
	p.viewsFollow()
}

func TestUnknownEntryIsRefused(t *testing.T) {
	d := &equipment.Device{}
	require.ErrorContains(t, d.Apply(ledger.Entry{Type: "equipment.painted", Version: 1}), "unknown entry type")
	require.Error(t, d.Apply(ledger.Entry{Type: "equipment.alarm-closed", Version: 1, Data: []byte(`{"alarm":1}`)}))
	require.Error(t, d.Apply(ledger.Entry{Type: "equipment.used", Version: 1, Data: []byte(`[]`)}))
}

// closeAlarm lets the production lead go on after the first alarm of a device.
func (p *plant) closeAlarm(id equipment.ID, reason string) error {
	return p.Change(p.ctx, lead, id, func(d *equipment.Device, _ time.Time) ([]ledger.Draft, error) {
		return d.CloseAlarm(lead, 1, equipment.Continue, reason)
	})
}
