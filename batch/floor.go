package batch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rexbatch/batch/area"
	"rexbatch/batch/equipment"
	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// LotUse is a lot that went into the batch (AT-21): batch to lots. The lot itself keeps the way back.
type LotUse struct {
	Lot, Material, Field string
	Attempt              int               // of the step: what an attempt used stays used when it is repeated
	Quantity             quantity.Quantity // no value: not counted
	By                   string
	At                   time.Time
	Seq                  uint64
}

// DeviceUse is a device that worked on the batch, or measured it.
type DeviceUse struct {
	Device, Kind, Field, Programme string
	Attempt                        int // of the step
	By                             string
	At                             time.Time
	Seq                            uint64
}

type lotUsed struct {
	Step     string            `json:"step"`
	Field    string            `json:"field"`
	Lot      string            `json:"lot"`
	Material string            `json:"material"`
	Quantity quantity.Quantity `json:"quantity,omitzero"`
}

type deviceUsed struct {
	Step      string `json:"step"`
	Field     string `json:"field"`
	Device    string `json:"device"`
	Kind      string `json:"kind"`
	Programme string `json:"programme,omitempty"`
}

type areaOpened struct {
	Step string `json:"step"`
	Kind string `json:"kind"`
	Area string `json:"area"`
}

type areaFreed struct {
	Step string `json:"step,omitempty"`
	Kind string `json:"kind"`
	Area string `json:"area"`
}

// floorException is what the plant's floor found out about a batch: a device, a room.
type floorException struct {
	Class Class     `json:"class"`
	Step  string    `json:"step,omitempty"`
	Ref   string    `json:"ref"`
	What  string    `json:"what"`
	Check string    `json:"check,omitempty"` // that a device failed
	Since time.Time `json:"since,omitzero"`  // when it last passed it; zero: whatever it gave is in doubt
	// Of a reading in a work area: what was being done while it was beyond its limit, and with which containers.
	Steps      []string `json:"steps,omitempty"`
	Containers []string `json:"containers,omitempty"`
}

func (b *Batch) applyLotUsed(e ledger.Entry, d lotUsed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Lots = slices.DeleteFunc(slices.Clone(st.Lots), func(u LotUse) bool { return u.Field == d.Field && u.Attempt == st.Attempt }) // a correction says it anew
	st.Lots = append(st.Lots, LotUse{Attempt: st.Attempt, Lot: d.Lot, Material: d.Material, Field: d.Field, Quantity: d.Quantity, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	return nil
}

func (b *Batch) applyDeviceUsed(e ledger.Entry, d deviceUsed) error {
	st, err := b.touch(e, d.Step)
	if err != nil {
		return err
	}
	st.Devices = slices.DeleteFunc(slices.Clone(st.Devices), func(u DeviceUse) bool { return u.Field == d.Field && u.Attempt == st.Attempt })
	st.Devices = append(st.Devices, DeviceUse{Attempt: st.Attempt, Device: d.Device, Kind: d.Kind, Field: d.Field, Programme: d.Programme, By: e.Author.Account, At: e.Time, Seq: e.Seq})
	return nil
}

func (b *Batch) applyAreaOpened(e ledger.Entry, d areaOpened) error {
	_, err := b.touch(e, d.Step)
	b.Areas[d.Kind] = d.Area
	return err
}

func (b *Batch) applyAreaFreed(e ledger.Entry, d areaFreed) error {
	b.chainOpen(e)
	delete(b.Areas, d.Kind)
	return nil
}

func (b *Batch) applyFloor(e ledger.Entry, d floorException) error {
	b.chainOpen(e)
	b.found = append(b.found, Exception{
		ID: fmt.Sprintf("%s:%s:%d", d.Class, d.Ref, e.Version), Class: d.Class, Step: d.Step, What: d.What, Value: d.Ref, At: e.Time, By: e.Author.Account, Seq: e.Seq,
		Steps: d.Steps, Containers: d.Containers,
	})
	if st, ok := b.steps[d.Step]; ok && equipment.Check(d.Check) == equipment.DailyControl {
		st.uncontrolled = append(st.uncontrolled, failedControl{device: d.Ref, version: e.Version, since: d.Since})
	}
	return nil
}

// Materials are the lots of the plant. Blocking one holds the batches that were made with it, in the same append.
func (k *Book) Materials() *material.Book {
	return &material.Book{Log: k.Log, Site: k.Site, Clock: k.Clock, Prefix: k.Prefix, Zone: k.Zone, Blocked: k.lotBlocked}
}

// Equipment are the devices of the plant. Checks that can throw doubt on batches go through CheckDevice.
func (k *Book) Equipment() *equipment.Book {
	return &equipment.Book{Log: k.Log, Site: k.Site, Clock: k.Clock, Zone: k.Zone}
}

// Areas are the work areas of the plant. Batches learn of readings beyond their limits in the same append.
func (k *Book) Areas() *area.Book {
	return &area.Book{Log: k.Log, Site: k.Site, Clock: k.Clock, Excursions: k.excursions, Freed: k.areaTaken}
}

// until is the planned end of a step: so long what it uses has to be good.
func (st *StepState) until(now time.Time) time.Time {
	from := now
	if !st.StartedAt.IsZero() {
		from = st.StartedAt
	}
	end := from.Add(st.Step.Duration)
	if end.Before(now) {
		return now
	}
	return end
}

// floorValue looks a lot or a device up that was scanned or typed into a field: it is refused when it may not be used
// in the step, before anything is done with it (inspector check 24).
func (k *Book) floorValue(ctx context.Context, b *Batch, st *StepState, f *mbr.Field, text string) (Value, error) {
	now := k.Clock()
	if f.Type == mbr.TypeDevice {
		id, err := equipment.ParseID(text)
		if err != nil {
			return Value{}, err
		}
		d, err := k.Equipment().Load(ctx, id)
		if err != nil {
			return Value{}, err
		}
		return Value{Text: string(id)}, d.MayUse(now, b.wantOf(st, f.Device, f.ID, id, st.until(now)))
	}
	number, err := material.ParseNumber(text)
	if err != nil {
		return Value{}, err
	}
	lot, err := k.Materials().Load(ctx, number)
	if err != nil {
		return Value{}, err
	}
	return Value{Text: number.String()}, lot.MayUse(now, material.Want{Material: f.Material, Until: st.until(now), OpenFor: b.Recipe.Materials[f.Material].OpenFor})
}

// wantOf is what a step asks of the device that a field names: of its calibration no more than QA has approved for the batch.
func (b *Batch) wantOf(st *StepState, kind, field string, id equipment.ID, until time.Time) equipment.Want {
	return equipment.Want{Kind: kind, Until: until, DailyControl: b.Recipe.Equipment[kind].Control, PastDue: b.mayBeDue(st.Step.ID+"."+field, id)}
}

// fromFloor tells whether the field's value is something of the plant's floor.
func fromFloor(f *mbr.Field) bool {
	return f.Type == mbr.TypeLot && f.Material != "" || f.Type == mbr.TypeDevice && f.Device != ""
}

// floor gathers what an append takes from lots, devices and areas.
type floor struct {
	k     *Book
	by    ledger.Author
	now   time.Time
	lots  map[material.Number]*lotChange
	tools map[equipment.ID]*tool
	areas map[string]*area.Change
	batch []ledger.Draft
	views map[string][]byte
}

type lotChange struct {
	lot      *material.Lot
	expected uint64
	drafts   []ledger.Draft
}

func (k *Book) floor(by ledger.Author) *floor {
	return &floor{
		k: k, by: by, now: k.Clock(), lots: map[material.Number]*lotChange{}, tools: map[equipment.ID]*tool{},
		areas: map[string]*area.Change{}, views: map[string][]byte{},
	}
}

// uses decides what a step that is being completed takes from the floor.
func (fl *floor) uses(ctx context.Context, b *Batch, st *StepState) error {
	for _, u := range st.Step.Materials {
		err := fl.takeLot(ctx, b, st, u)
		if err != nil {
			return err
		}
	}
	for _, u := range st.Step.Equipment {
		err := fl.takeDevice(ctx, b, st, u, time.Time{})
		if err != nil {
			return err
		}
	}
	return nil
}

func (fl *floor) takeLot(ctx context.Context, b *Batch, st *StepState, u mbr.MaterialUse) error {
	c, ok := st.Fields[u.Field].Current()
	if !ok || st.Step.Blind {
		return nil // not asked for at this plant, or optional; a use in a step of one arm would tell the arm (I11)
	}
	q, err := b.taken(st, u)
	if err != nil {
		return err
	}
	number, err := material.ParseNumber(c.Value.Text)
	if err != nil {
		return err
	}
	change, err := fl.lot(ctx, number)
	if err != nil {
		return err
	}
	if !q.IsZero() && q.Sign() == 0 { // nothing was taken
		return fl.change(change, change.lot.PutBack(b.taking(st, u.Field), ""))
	}
	drafts, err := change.lot.Use(fl.now, material.Want{Material: u.Material, Quantity: q, Until: st.until(fl.now), OpenFor: b.Recipe.Materials[u.Material].OpenFor}, material.Use{
		Batch: b.Number, CoI: b.CoI.String(), Subject: b.Subject, Step: st.Step.ID, Quantity: q,
	})
	if err != nil {
		return err
	}
	fl.batch = append(fl.batch, ledger.Draft{Type: typeLotUsed, Data: lotUsed{Step: st.Step.ID, Field: u.Field, Lot: number.String(), Material: u.Material, Quantity: q}})
	return fl.change(change, drafts)
}

// taken is how much of a material a step takes: an amount of the recipe, or what a field says. No value: not counted.
func (b *Batch) taken(st *StepState, u mbr.MaterialUse) (quantity.Quantity, error) {
	if u.Quantity == "" {
		return quantity.Quantity{}, nil
	}
	f, isField := st.Fields[u.Quantity]
	if !isField {
		return mbr.ParseAmount(u.Quantity)
	}
	c, _ := f.Current()
	q, ok := c.Value.Quantity()
	if !ok {
		q, ok = quantity.Quantity{}, f.Field.Type == mbr.TypeComputed
		if p, err := b.Preview(f.Field); ok && err == nil {
			q, _ = p.Quantity()
		}
	}
	m := b.Recipe.Materials[u.Material]
	if q.IsZero() || m.Unit == "" || q.Unit() == m.Unit {
		return q, nil
	}
	return q.In(m.Unit)
}

func (fl *floor) lot(ctx context.Context, number material.Number) (*lotChange, error) {
	change, ok := fl.lots[number]
	if ok {
		return change, nil
	}
	lot, err := fl.k.Materials().Load(ctx, number)
	if err != nil {
		return nil, err
	}
	change = &lotChange{lot: lot, expected: lot.Version}
	fl.lots[number] = change
	return change, nil
}

func (fl *floor) change(c *lotChange, drafts []ledger.Draft) error {
	if len(drafts) == 0 {
		return nil
	}
	views, err := c.lot.Provisional(fl.by, fl.now, drafts)
	if err != nil {
		return err
	}
	maps.Copy(fl.views, views)
	c.drafts = append(c.drafts, drafts...)
	return nil
}

func (fl *floor) takeDevice(ctx context.Context, b *Batch, st *StepState, u mbr.EquipmentUse, at time.Time) error {
	c, ok := st.Fields[u.Field].Current()
	if !ok || st.Step.Blind {
		return nil // a use in a step of one arm would tell the arm (I11)
	}
	id, err := equipment.ParseID(c.Value.Text)
	if err != nil {
		return err
	}
	tool, err := fl.device(ctx, id)
	if err != nil || tool.used && at.IsZero() {
		return err // once in a step, whichever of its fields names it
	}
	if !at.IsZero() && tool.stands(b.Number, st.Step.ID) {
		return nil // another field of the step names it
	}
	tool.used = true
	until := st.until(fl.now)
	if !at.IsZero() {
		until = fl.now
	}
	w, drafts, err := fl.useOf(b, st, u, tool, until, at)
	if err != nil {
		return err
	}
	fl.batch = append(fl.batch, ledger.Draft{Type: typeDeviceUsed, Data: deviceUsed{Step: st.Step.ID, Field: u.Field, Device: string(id), Kind: u.Kind, Programme: strings.TrimSpace(w.Programme + " " + w.ProgrammeVersion)}})
	return fl.changeDevice(tool, drafts)
}

// useOf decides that a step uses a device until then: the same is asked of it whether the step is being completed, is corrected, or
// its value is measured again. at is when it was used, where that was not now.
func (fl *floor) useOf(b *Batch, st *StepState, u mbr.EquipmentUse, t *tool, until, at time.Time) (equipment.Want, []ledger.Draft, error) {
	w := b.wantOf(st, u.Kind, u.Field, t.device.ID, until)
	if u.Programme != "" {
		said, _ := st.Fields[u.Programme].Current()
		w.Programme, w.ProgrammeVersion = programme(said.Value.Text)
	}
	drafts, err := t.device.Use(fl.by, fl.now, w, equipment.For{Batch: b.Number, CoI: b.CoI.String(), Subject: b.Subject, Step: st.Step.ID, At: at})
	return w, drafts, err
}

// tool is a device with what the append adds to it.
type tool struct {
	device   *equipment.Device
	expected uint64
	drafts   []ledger.Draft
	used     bool
}

func (t *tool) stands(batch, step string) bool {
	return slices.ContainsFunc(t.device.Uses, func(u equipment.Use) bool { return u.Reversed == "" && u.Batch == batch && u.Step == step })
}

func (fl *floor) device(ctx context.Context, id equipment.ID) (*tool, error) {
	t, ok := fl.tools[id]
	if ok {
		return t, nil
	}
	d, err := fl.k.Equipment().Load(ctx, id)
	if err != nil {
		return nil, err
	}
	t = &tool{device: d, expected: d.Version}
	fl.tools[id] = t
	return t, nil
}

func (fl *floor) changeDevice(t *tool, drafts []ledger.Draft) error {
	add, err := fl.k.Equipment().Add(t.device, fl.by, drafts)
	if err != nil {
		return err
	}
	t.drafts = append(t.drafts, drafts...)
	maps.Copy(fl.views, add.Views)
	return nil
}

// programme reads "07, v2": number and version.
func programme(text string) (number, version string) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	if len(parts) == 0 {
		return "", ""
	}
	return parts[0], strings.Join(parts[1:], " ")
}

// workArea is the area of the plant in which a step's line is cleared: that of the terminal, or the only one of its kind.
func (k *Book) workArea(ctx context.Context, by ledger.Author, kind string) (*area.Area, error) {
	at, err := k.terminalArea(ctx, by)
	if err != nil {
		return nil, err
	}
	if at != "" {
		a, err := k.Areas().Load(ctx, at)
		if err != nil || a.Kind == kind {
			return a, err
		}
	}
	var ids []string
	for i, err := range k.Areas().Items(ctx) {
		if err != nil {
			return nil, fmt.Errorf("work areas: %w", err)
		}
		if i.Kind == kind {
			ids = append(ids, i.ID)
		}
	}
	if len(ids) != 1 {
		return nil, ledger.Refuse(ledger.Unmet, "I5", "which-area", "the plant has {n} work areas of the kind {kind}, and this terminal stands in none of them", "work at a terminal that stands in the area", "n", fmt.Sprint(len(ids)), "kind", kind)
	}
	return k.Areas().Load(ctx, ids[0])
}

func (k *Book) terminalArea(ctx context.Context, by ledger.Author) (string, error) {
	if k.TerminalArea == nil {
		return "", nil
	}
	return k.TerminalArea(ctx, by.Terminal)
}

// mayEnterArea holds I5 where a step begins: the area that it opens is not taken by another batch, and the one in which
// it is done is open for this batch, and is where the person stands.
func (k *Book) mayEnterArea(ctx context.Context, by ledger.Author, b *Batch, st *StepState) error {
	s := st.Step
	if s.Area == "" {
		return nil
	}
	if s.Line == mbr.LineClear {
		a, err := k.workArea(ctx, by, s.Area)
		if err != nil || a.Batch == "" || a.Batch == b.Number {
			return err
		}
		return a.MayWork(k.Clock(), b.Number)
	}
	open, ok := b.Areas[s.Area]
	if !ok {
		if !b.Recipe.Locks(s.Area, b.Site) {
			return nil
		}
		return ledger.Refuse(ledger.Unmet, "I5", "area-not-open", "step {step} is done in a work area of the kind {kind}, and none is open for batch {batch}", "clear the line first", "step", s.ID, "kind", s.Area, "batch", b.Number)
	}
	at, err := k.terminalArea(ctx, by)
	if err != nil || at == "" || at == open {
		return err
	}
	return ledger.Refuse(ledger.Unmet, "I5", "other-area", "batch {batch} is open in work area {open}, this terminal stands in {here}", "work at a terminal in {open}", "batch", b.Number, "open", open, "here", at)
}

// clearLine decides that the line is clear by two persons and open for the batch, when the step that does so is verified.
func (fl *floor) clearLine(ctx context.Context, b *Batch, st *StepState, second people.Signed) (*ledger.Refusal, error) {
	a, err := fl.k.workArea(ctx, fl.by, st.Step.Area)
	if err != nil {
		return nil, err
	}
	c := a.Change(fl.by, fl.now)
	draft, failed, err := a.Clear(fl.now, st.Performer, second, st.checklist())
	if err != nil {
		return nil, err
	}
	fl.areas[a.ID] = c
	err = c.Add(draft)
	if err != nil || failed != nil {
		return failed, err
	}
	draft, err = a.Occupy(fl.now, b.Number, b.CoI)
	if err != nil {
		return nil, err
	}
	fl.batch = append(fl.batch, ledger.Draft{Type: typeAreaOpened, Data: areaOpened{Step: st.Step.ID, Kind: st.Step.Area, Area: a.ID}})
	return nil, c.Add(draft)
}

// checklist is what the fields of a line clearance say. What a step does not ask is confirmed by its two signatures.
func (st *StepState) checklist() area.Checklist {
	c := area.Checklist{NothingForeign: true, PreviousClosed: true}
	if labels, ok := st.Fields["foreign_labels_found"].Current(); ok {
		q, _ := labels.Value.Quantity()
		n, err := q.Int()
		if err != nil {
			n = 1 // not a count: the line is not clear
		}
		c.ForeignLabels = n
	}
	return c
}

// leaveArea gives an area back, when the step that does so is done or the batch is closed.
func (fl *floor) leaveArea(ctx context.Context, b *Batch, step, kind string) error {
	id, ok := b.Areas[kind]
	if !ok {
		return nil
	}
	a, err := fl.k.Areas().Load(ctx, id)
	if err != nil {
		return err
	}
	if a.Batch == b.Number {
		c := a.Change(fl.by, fl.now)
		draft, err := a.Free(b.Number)
		if err != nil {
			return err
		}
		err = c.Add(draft)
		if err != nil {
			return err
		}
		fl.areas[id] = c
	}
	fl.batch = append(fl.batch, ledger.Draft{Type: typeAreaFreed, Data: areaFreed{Step: step, Kind: kind, Area: id}})
	return nil
}

// into adds what was gathered to a change of the batch.
func (fl *floor) into(c *change) error {
	for number, l := range fl.lots {
		if len(l.drafts) == 0 {
			continue
		}
		c.streams = append(c.streams, ledger.StreamAppend{Stream: material.Stream(number), Expected: l.expected, Drafts: l.drafts})
	}
	for _, a := range fl.areas {
		stream, views, err := a.Append()
		if err != nil {
			return err
		}
		c.streams = append(c.streams, stream)
		maps.Copy(fl.views, views)
	}
	for id, t := range fl.tools {
		if len(t.drafts) > 0 {
			c.streams = append(c.streams, ledger.StreamAppend{Stream: equipment.Stream(id), Expected: t.expected, Drafts: t.drafts})
		}
	}
	c.batch = append(c.batch, fl.batch...)
	if c.views == nil {
		c.views = map[string][]byte{}
	}
	maps.Copy(c.views, fl.views)
	return nil
}

// trained holds that a person is trained in what a step asks for (CS-2).
func (k *Book) trained(ctx context.Context, by ledger.Author, s *mbr.Step) error {
	if k.Trained == nil {
		return nil
	}
	for _, procedure := range s.Training {
		err := k.Trained(ctx, by.Account, procedure, k.Clock())
		if err != nil {
			return err
		}
	}
	return nil
}
