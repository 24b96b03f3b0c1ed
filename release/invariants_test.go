package release_test

import (
	"context"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/plantest"
)

// The adversary makes runs of sequences. A run begins with a copy of a plant that has three batches on their way and works
// on it through all its sequences, so that it gets far. A sequence is one to five random commands on one of the batches by
// any of the eight people, in one of ten cases after an honest step; the invariants are held against all batches after each
// sequence. One hundred runs of one hundred sequences are the ten thousand that are asked for (REXBATCH_FULL, "make
// invariants"); usual runs of the tests make fewer.
const (
	sequences = 100
	fullRuns  = 100
	usualRuns = 8
)

// runs sets how many runs a check of rapid has, unless the command line says so.
func runs(t *testing.T, usual, full int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	if was != checks.DefValue {
		return
	}
	n := usual
	if os.Getenv("REXBATCH_FULL") != "" {
		n = full
	}
	require.NoError(t, checks.Value.Set(strconv.Itoa(n)))
	t.Cleanup(func() { require.NoError(t, checks.Value.Set(was)) })
}

// cast is the eight people who do everything in the random test, honestly or not.
var cast = []string{"ana", "jorge", "concepcion", "sofia", "raul", "ines", "hector", "nicolas"}

// adversary throws random commands of eight people at three batches that share two work areas, with honest steps in
// between, and checks after each sequence what must never break.
type adversary struct {
	*plantest.Crew
	numbers []string
	head    ledger.Head
	last    time.Time
	looked  map[string]state // as they were when they were looked at last
}

// state is a batch with its therapy event. What is not changed is loaded as the same one again.
type state struct {
	batch *batch.Batch
	event *chainofcustody.TherapyEvent
}

func TestInvariantsHoldUnderRandomCommands(t *testing.T) { // I2 I3 I4 I5 I6 I7 I8 I9 I13
	// Made once: a furnished plant with three batches on their way. Each run works on a copy of it.
	dir := filepath.Join(t.TempDir(), "template")
	crew := template(t, dir)
	var numbers []string
	for _, until := range []struct{ subject, step string }{{"3401-001", "S19"}, {"3401-002", "S09"}, {"3401-003", "S09"}} {
		number := crew.Order(until.subject)
		crew.Play(number, until.step)
		numbers = append(numbers, number)
	}
	now := crew.Clock.Now()
	require.NoError(t, crew.Log.Close())
	runs(t, usualRuns, fullRuns)

	rapid.Check(t, func(rt *rapid.T) {
		here, err := os.MkdirTemp(t.TempDir(), "run")
		require.NoError(t, err)
		defer func() { require.NoError(t, os.RemoveAll(here)) }()
		a := &adversary{Crew: reopened(t, crew, dir, here, now), numbers: numbers, looked: map[string]state{}}
		defer func() { require.NoError(t, a.Log.Close()) }()
		for range rapid.IntRange(sequences, sequences).Draw(rt, "sequences") {
			number := rapid.SampledFrom(a.numbers).Draw(rt, "batch")
			if rapid.IntRange(0, 9).Draw(rt, "honest") == 0 {
				a.honest(number)
			}
			for range rapid.IntRange(1, 5).Draw(rt, "commands") {
				a.command(rt, number)
			}
			a.hold(rt)
		}
		a.holdFold(rt)
	})
}

// holdFold holds that what was kept folded from command to command is what a fold from the first entry gives.
func (a *adversary) holdFold(rt *rapid.T) {
	custody := &chainofcustody.Book{Log: a.Log, Site: a.Custody.Site, FIN: a.Custody.FIN, Clock: a.Clock.Now}
	fresh := &batch.Book{Log: a.Log, Custody: custody, Library: a.Batches.Library}
	for _, number := range a.numbers {
		b, event := a.State(number)
		again, anew, err := fresh.LoadWithEvent(context.Background(), number)
		require.NoError(rt, err)
		require.Equal(rt, anew, event)
		require.Equal(rt, again.Record, b.Record)
		require.Equal(rt, again.Steps(), b.Steps())
		require.Equal(rt, again.Worklist(), b.Worklist())
		require.Equal(rt, again.Deviations, b.Deviations)
		require.Equal(rt, again.Holds, b.Holds)
		require.Equal(rt, again.Allowances, b.Allowances)
		(&shift{Crew: a.Crew, number: number}).rebuilt(rt, number)
	}
}

// honest plays the current step as it should be, where the attacks left it so that this is possible.
func (a *adversary) honest(number string) {
	b, event := a.State(number)
	st, ok := b.Current()
	_, held := b.Held()
	if !ok || held || b.Ending != nil || st.Step.Act != "" || st.Status != batch.Waiting || a.areaTaken(b, st) {
		return
	}
	if st.Step.Custody != nil {
		party, _ := chainofcustody.PartyOf(giver[st.Step.ID])
		for _, c := range b.Containers(event, st.Step.Custody.Container) {
			if c.Custodian.Party != party {
				return
			}
		}
		for _, o := range event.Offers {
			if o.AcceptedAt.IsZero() {
				return
			}
		}
	}
	if slices.ContainsFunc(st.Step.Materials, func(u mbr.MaterialUse) bool { return a.blocked(u.Material) }) {
		return
	}
	a.Step(number, st.Step)
}

func (a *adversary) blocked(material string) bool {
	for _, i := range a.Lots(material) {
		if i.StatusAt(a.Clock.Now()) != "released" {
			return true
		}
	}
	return false
}

// areaTaken tells whether the area that a step needs is another batch's.
func (a *adversary) areaTaken(b *batch.Batch, st *batch.StepState) bool {
	if st.Step.Area == "" || !b.Recipe.Locks(st.Step.Area, b.Site) {
		return false
	}
	for i, err := range a.Batches.Areas().Items(context.Background()) {
		require.NoError(a.T, err)
		if i.Kind == st.Step.Area && i.Batch != b.Number && (i.Batch != "" || st.Step.Line != mbr.LineClear) {
			return true
		}
	}
	return false
}

var commands = []string{
	"start", "enter", "enter", "enter", "enter", "scan", "scan", "scan", "complete", "complete", "verify", "verify", "correct", "labels", "offer", "accept", "sign", "assess", "comment", "scan-back",
	"interrupt", "resume", "hold", "let-go", "stop", "dispose", "take-over", "free", "block", "unblock", "classify", "deviate", "propose", "propose", "allow",
}

func (a *adversary) command(rt *rapid.T, number string) {
	ctx := context.Background()
	b, event := a.State(number)
	st := rapid.SampledFrom(b.Steps()).Draw(rt, "step")
	if now := b.Now(); len(now) > 0 && rapid.IntRange(0, 4).Draw(rt, "now") > 0 {
		st = rapid.SampledFrom(now).Draw(rt, "current")
	}
	command := rapid.SampledFrom(commands).Draw(rt, "command")
	session, role := a.person(rt, st, command)
	by, err := session.Author(role)
	require.NoError(rt, err)
	field := &mbr.Field{ID: "nothing"}
	if fields := fit(b, st, command, rapid.IntRange(0, 4).Draw(rt, "fitting") > 0); len(fields) > 0 {
		field = rapid.SampledFrom(fields).Draw(rt, "field")
	}
	step, reason := st.Step.ID, "because of a test"
	switch command {
	case "start":
		err = a.Batches.Start(ctx, by, number, 0, step)
	case "enter":
		err = a.Batches.Enter(ctx, by, number, 0, step, field.ID, batch.Input{Text: a.text(rt, step, field)})
	case "scan":
		err = a.Batches.Scan(ctx, by, number, 0, step, field.ID, a.anyLabel(rt, event, field))
	case "complete":
		err = a.Batches.Complete(ctx, by, number, 0, step)
	case "verify":
		check := batch.Check{Step: step}
		if st.Step.Second != nil {
			check = a.anyCheck(rt, b, event, st)
		}
		err = a.Batches.Verify(ctx, by, number, 0, check, a.Sign(session.Account, role))
	case "correct":
		err = a.Batches.Correct(ctx, by, number, 0, step, field.ID, batch.Input{Text: a.text(rt, step, field)}, reason)
	case "labels":
		err = a.Batches.Labels(ctx, by, number, 0, step)
	case "offer":
		err = a.Batches.Give(ctx, by, b.CoI, a.anyHandover(rt, event), rapid.SampledFrom([]chainofcustody.Party{chainofcustody.Hospital, chainofcustody.Courier, chainofcustody.Plant}).Draw(rt, "to"), a.anyLabel(rt, event, field))
	case "accept":
		err = a.Batches.Accept(ctx, by, b.CoI, a.anyHandover(rt, event), a.anyLabel(rt, event, field))
	case "sign":
		act := rapid.SampledFrom([]mbr.Act{mbr.ActQAReview, mbr.ActProduction, mbr.ActCertification, mbr.ActSponsor}).Draw(rt, "act")
		prompt, perr := a.Release.Prompt(ctx, releaseSigner(by.Account, role), number, act)
		require.NoError(rt, perr)
		err = a.Release.Sign(ctx, by, number, act, prompt.Digest, a.Sign(session.Account, role))
		require.Error(rt, err, "nothing can be signed before the steps are done (I9)")
	case "assess":
		found, _ := b.Exceptions()
		if len(found) > 0 {
			err = a.Batches.Assess(ctx, by, number, 0, rapid.SampledFrom(found).Draw(rt, "exception").ID, batch.Minor, "assessed in a random test", a.Sign(session.Account, role))
		}
	case "comment":
		err = a.Batches.Comment(ctx, by, number, 0, step, field.ID, reason)
	case "scan-back":
		err = a.Batches.ScanBack(ctx, by, number, 0, step, a.anyLabel(rt, event, field))
	case "interrupt":
		err = a.Batches.Interrupt(ctx, by, number, 0, step, reason)
	case "resume":
		err = a.Batches.Resume(ctx, by, number, 0, step, rapid.SampledFrom([]batch.Resumption{batch.GoesOn, batch.Again}).Draw(rt, "how"), reason)
	case "hold":
		if rapid.IntRange(0, 20).Draw(rt, "rarely") == 0 {
			err = a.Batches.Hold(ctx, by, number, 0, reason)
		}
	case "let-go":
		if h, ok := b.Held(); ok {
			err = a.Batches.LetGoOn(ctx, by, number, 0, h.ID, reason)
		}
	case "stop":
		if rapid.IntRange(0, 150).Draw(rt, "rarely") == 0 {
			err = a.Batches.AskToStop(ctx, by, number, 0, batch.EndFailed, reason)
		}
	case "dispose":
		if left := b.Undisposed(event); len(left) > 0 {
			c := rapid.SampledFrom(left).Draw(rt, "container")
			err = a.Batches.Dispose(ctx, by, number, 0, c.ID.String(), c.Label, batch.Destroyed, reason)
		}
	case "take-over":
		err = a.Batches.TakeOver(ctx, by, number, 0, step, reason)
	case "free":
		for i, ierr := range a.Batches.Areas().Items(ctx) {
			require.NoError(rt, ierr)
			if i.Batch == number && rapid.IntRange(0, 20).Draw(rt, "rarely") == 0 {
				err = errors.Join(err, a.Batches.Areas().Free(ctx, by, i.ID, reason))
			}
		}
	case "block", "unblock":
		lots := a.Lots("wash-buffer")
		if rapid.IntRange(0, 40).Draw(rt, "rarely") == 0 {
			err = a.Batches.Materials().Block(ctx, by, lots[0].Number, 0, reason)
		} else {
			err = a.Batches.Materials().Unblock(ctx, by, lots[0].Number, 0, reason)
		}
	case "deviate":
		if len(b.Deviations) < 5 {
			_, err = a.Batches.OpenDeviation(ctx, by, number, 0, nil, reason)
		}
	case "propose":
		err = a.propose(ctx, rt, b, by)
	case "allow":
		if len(b.Allowances) > 0 {
			id := rapid.SampledFrom(b.Allowances).Draw(rt, "allowance").ID
			err = a.Batches.Allow(ctx, by, number, 0, id, a.Sign(session.Account, role))
		}
	case "classify":
		if len(b.Deviations) > 0 {
			err = a.Batches.Classify(ctx, by, number, 0, b.Deviations[0].Number, batch.Major, "2026-12-24")
		}
	}
	if err != nil {
		require.NotNil(rt, refusal(err), "every refusal names its rule: %v", err)
	}
}

// person is mostly somebody whose role the command asks for, and now and then anybody.
func (a *adversary) person(rt *rapid.T, st *batch.StepState, command string) (people.Session, people.Role) {
	session := a.Sessions[rapid.SampledFrom(cast).Draw(rt, "person")]
	role := rapid.SampledFrom(session.Roles).Draw(rt, "role")
	want := st.Step.Performer
	if command == "verify" && st.Step.Second != nil {
		want = st.Step.Second.Role
	}
	able := slices.DeleteFunc(slices.Clone(cast), func(name string) bool { return !slices.Contains(a.Sessions[name].Roles, want) })
	if len(able) > 0 && rapid.IntRange(0, 3).Draw(rt, "able") > 0 {
		session, role = a.Sessions[rapid.SampledFrom(able).Draw(rt, "able person")], want
	}
	return session, role
}

// fit are the fields that a command could be meant for; all of the step where it need not fit.
func fit(b *batch.Batch, st *batch.StepState, command string, fitting bool) []*mbr.Field {
	fields := st.Step.FieldsAt(b.Site)
	if !fitting {
		return fields
	}
	return slices.DeleteFunc(fields, func(f *mbr.Field) bool {
		_, filled := st.Fields[f.ID].Current()
		scan := f.Type == mbr.TypeScan
		return command == "scan" && !scan || command == "enter" && (scan || filled || f.Type == mbr.TypeComputed)
	})
}

// text is what somebody types: what belongs there, or anything else.
func (a *adversary) text(rt *rapid.T, step string, f *mbr.Field) string {
	if v, ok := a.Values[step][f.ID]; ok && rapid.IntRange(0, 3).Draw(rt, "right") > 0 {
		return a.Value(v)
	}
	return rapid.SampledFrom([]string{"1", "12.5", "<5", "true", "none", "x", "2026-11-22T09:30:00Z"}).Draw(rt, "value")
}

func (a *adversary) anyCheck(rt *rapid.T, b *batch.Batch, event *chainofcustody.TherapyEvent, st *batch.StepState) batch.Check {
	shown, err := b.Show(st.Step.ID)
	require.NoError(rt, err)
	digest, err := shown.Digest()
	require.NoError(rt, err)
	f, ok := st.Step.Field(st.Step.Second.Field, b.Site)
	if !ok {
		f = &mbr.Field{}
	}
	check := batch.Check{Step: st.Step.ID, Shown: digest, Raw: a.anyLabel(rt, event, f), Values: map[string]batch.Input{}}
	for _, id := range st.Step.Second.Fields {
		again, ok := st.Step.Field(id, b.Site)
		if ok {
			check.Values[id] = batch.Input{Text: a.text(rt, st.Step.ID, again)}
		}
	}
	return check
}

func (a *adversary) anyHandover(rt *rapid.T, event *chainofcustody.TherapyEvent) chainofcustody.Handover {
	h := chainofcustody.Handover{Container: "A999926000001/B00001", Place: "here"}
	if len(event.Containers) > 0 {
		h.Container = rapid.SampledFrom(event.Containers).Draw(rt, "container").ID.String()
	}
	return h
}

// anyLabel is the label that a field asks for, another one of this patient, one of another patient, or nonsense.
func (a *adversary) anyLabel(rt *rapid.T, event *chainofcustody.TherapyEvent, f *mbr.Field) string {
	right := event.OfKind(chainofcustody.Kind(f.Expect))
	if len(right) > 0 && rapid.IntRange(0, 2).Draw(rt, "right") > 0 {
		return right[len(right)-1].Label
	}
	labels := []string{"nonsense", event.CoI.Label()}
	for _, number := range a.numbers {
		_, t := a.State(number)
		labels = append(labels, t.CoI.Label())
		for _, c := range t.Containers {
			labels = append(labels, c.Label)
		}
	}
	return rapid.SampledFrom(labels).Draw(rt, "label")
}

func (a *adversary) hold(rt *rapid.T) {
	ctx := context.Background()
	head, err := a.Log.Head(ctx)
	require.NoError(rt, err)
	if a.head.Size > 0 && head.Size > a.head.Size {
		_, err = a.Log.Consistency(ctx, a.head.Size, head.Size)
		require.NoError(rt, err, "I2: the older log is a prefix")
		for e, err := range a.Log.Entries(ctx, a.head.Size) {
			require.NoError(rt, err)
			require.NotEmpty(rt, e.Author.Account, "I3")
			require.NotEmpty(rt, e.Author.Role, "I3")
			require.NotEmpty(rt, e.Author.Terminal, "I3")
			require.False(rt, e.Time.Before(a.last), "I3: time runs backwards")
			require.Equal(rt, time.UTC, e.Time.Location(), "I3")
			a.last = e.Time
		}
	}
	a.head = head
	open := map[string]string{}
	for _, number := range a.numbers {
		b, event := a.State(number)
		if now := (state{b, event}); a.looked[number] != now {
			a.holdBatch(rt, b, event)
			a.looked[number] = now
		}
		for _, id := range b.Areas {
			require.Empty(rt, open[id], "I5: %s is open for %s and %s", id, open[id], number)
			open[id] = number
		}
	}
	for i, err := range a.Batches.Areas().Items(ctx) {
		require.NoError(rt, err)
		if i.Batch != "" {
			require.Equal(rt, i.Batch, open[i.ID], "I5: the lock of %s", i.ID)
		}
	}
}

func (a *adversary) holdBatch(rt *rapid.T, b *batch.Batch, event *chainofcustody.TherapyEvent) {
	require.Equal(rt, b.CoI, event.CoI, "I6: one therapy event, one CoI")
	waiting := ""
	for _, st := range b.Steps() {
		a.holdStep(rt, b, event, st)
		switch {
		case st.Absent():
			continue
		case waiting != "" && !again(b) && (st.Step.Parallel == "" || !strings.HasPrefix(waiting, st.Step.Parallel+":")):
			require.Contains(rt, []batch.Status{batch.Waiting}, st.Status, "CS-65: %s is ahead of %s", st.Step.ID, waiting)
		}
		// A correction sends a finished step back to its second person; what came after it stays.
		if waiting == "" && st.Status != batch.Done && !(st.Status == batch.ToVerify && (corrected(b) || st.Step.Gate != nil)) {
			waiting = st.Step.Parallel + ":" + st.Step.ID
		}
	}
	a.holdAllowances(rt, b)
	ids := map[string]bool{}
	found, _ := b.Exceptions()
	for _, e := range found {
		require.False(rt, ids[e.ID], "two exceptions are called %s", e.ID)
		ids[e.ID] = true
	}
	_, certified := b.Act(mbr.ActCertification)
	require.False(rt, certified)
	for _, c := range event.Containers {
		require.Equal(rt, event.Donations[0].DIN, c.ID.DIN(), "I5: no container of another donation")
		require.NotEmpty(rt, c.Custodian.Party, "I6: somebody answers for %s", c.ID)
	}
	pending := map[string]bool{}
	for _, o := range event.Offers {
		if o.AcceptedAt.IsZero() && o.Withdrawn == "" {
			require.False(rt, pending[o.Container], "I6: %s is offered twice", o.Container)
			pending[o.Container] = true
		}
	}
}

// propose proposes one of the changes that could be made for the batch alone, or any other.
func (a *adversary) propose(ctx context.Context, rt *rapid.T, b *batch.Batch, by ledger.Author) error {
	if len(b.Deviations) == 0 {
		return nil
	}
	kind := rapid.SampledFrom(batch.AllowanceKinds()).Draw(rt, "kind")
	target := rapid.SampledFrom([]string{"S16.foreign_labels_found", "S25.rcf", "S35", "S26", "S25", "hold-manual", "shelf-life"}).Draw(rt, "target")
	if all := b.Allowable(); len(all) > 0 && rapid.IntRange(0, 2).Draw(rt, "able") > 0 {
		one := rapid.SampledFrom(all).Draw(rt, "allowable")
		kind, target = one.Kind, one.Target
	}
	to := rapid.SampledFrom([]string{"", "100 h", ">0", "<1000", "0..1000", "x"}).Draw(rt, "to")
	return a.Batches.Propose(ctx, by, b.Number, 0, rapid.SampledFrom(b.Deviations).Draw(rt, "deviation").Number, kind, target, to, "because of a test", "none, it is a test")
}

// holdAllowances holds that what is in force was signed by another person than who proposed it, over what was shown, and
// touches nothing that is never changed for one batch.
func (a *adversary) holdAllowances(rt *rapid.T, b *batch.Batch) {
	for _, x := range b.Allowances {
		if !x.InForce() {
			continue
		}
		require.NotEqual(rt, x.By, x.Approved.Account, "I7: %s", x.ID)
		require.Equal(rt, string(people.QA), x.Approved.Role, "AT-5: %s", x.ID)
		digest, err := b.AllowanceDigest(x.ID)
		require.NoError(rt, err)
		require.True(rt, x.Approved.Over(digest), "I8: %s", x.ID)
		require.False(rt, b.Spec.Fields()[x.Target], "AT-33: %s", x.Target)
	}
	for _, st := range b.Steps() {
		if st.Status == batch.Skipped {
			require.Nil(rt, st.Step.Second, "I7: %s", st.Step.ID)
			require.False(rt, st.Step.Is("coi-check") || st.Step.Is("blocking"), "I4: %s", st.Step.ID)
		}
	}
}

func (a *adversary) holdStep(rt *rapid.T, b *batch.Batch, event *chainofcustody.TherapyEvent, st *batch.StepState) {
	if st.Verified != nil {
		require.NotEqual(rt, st.Performer, st.Verified.Account, "I7: %s", st.Step.ID)
		shown, err := b.Show(st.Step.ID)
		require.NoError(rt, err)
		digest, err := shown.Digest()
		require.NoError(rt, err)
		require.True(rt, st.Verified.Over(digest), "I8: %s is signed over what stands there", st.Step.ID)
	}
	for _, scans := range st.Scans {
		for container := range scans {
			_, ours := event.Container(container)
			require.True(rt, ours || container == b.CoI.String(), "I4: %s matched %s", st.Step.ID, container)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(st.Fields)) {
		f := st.Fields[id]
		for _, v := range f.Values {
			if q, ok := v.Value.Quantity(); ok {
				require.Equal(rt, f.Field.Unit, q.Unit(), "I13: %s", f.Field.Ref())
			}
			if v.Origin == batch.Typed && st.Step.Material && v.Reason == "" {
				require.True(rt, scannedBefore(st, v), "I4: %s was entered in %s without a scan just before", id, st.Step.ID)
			}
		}
		if c, ok := f.Current(); ok && c.Origin == batch.Computed {
			now, err := b.Preview(f.Field)
			require.NoError(rt, err, "I13: %s", f.Field.Ref())
			require.Equal(rt, now.String(), c.Value.String(), "I13: %s follows its inputs", f.Field.Ref())
		}
	}
}

// scannedBefore tells whether a container was scanned in the step within the quarter of an hour before a value.
func scannedBefore(st *batch.StepState, v batch.Captured) bool {
	for _, f := range st.Fields {
		for _, s := range f.Values {
			if f.Field.Type == mbr.TypeScan && !s.At.After(v.At) && v.At.Sub(s.At) <= 15*time.Minute {
				return true
			}
		}
	}
	return false
}

// again tells whether a step was repeated: those before it then are done a second time while later ones wait.
func again(b *batch.Batch) bool {
	return slices.ContainsFunc(b.Steps(), func(st *batch.StepState) bool { return st.Attempt > 0 })
}

func corrected(b *batch.Batch) bool {
	for _, st := range b.Steps() {
		for _, f := range st.Fields {
			if len(f.Values) > 1 {
				return true
			}
		}
	}
	return false
}

// refusal is the rule that an error names, whichever room refused; nil when it names none.
func refusal(err error) []string {
	if found := rules(err); len(found) > 0 {
		return found
	}
	var q *quantity.Error
	if errors.As(err, &q) {
		return []string{q.Rule}
	}
	return nil
}
