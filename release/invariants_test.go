package release_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// adversary throws random commands of random people at two batches between honest steps, and checks after
// each what must never break.
type adversary struct {
	*plant
	s        scenario
	sessions map[string]people.Session
	numbers  []string
	names    []string
	head     ledger.Head
}

func TestInvariantsHoldUnderRandomCommands(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
		a := &adversary{plant: p, s: s, sessions: p.enrol(s)}
		for name := range a.sessions {
			a.names = append(a.names, name)
		}
		for _, subject := range []string{"3401-001", "3401-002"} {
			a.numbers = append(a.numbers, p.open(s, a.sessions, subject, "S01"))
		}
		steps := rapid.IntRange(5, 25).Draw(rt, "honest steps")
		for range steps {
			number := rapid.SampledFrom(a.numbers).Draw(rt, "batch")
			for range rapid.IntRange(0, 6).Draw(rt, "attacks") {
				a.attack(rt, number)
				a.hold(rt)
			}
			a.honest(number)
			a.hold(rt)
		}
	})
}

// honest plays the current step as it should be, where the attacks left it so that this is possible.
func (a *adversary) honest(number string) {
	b, event, err := a.batches.LoadWithEvent(context.Background(), number)
	require.NoError(a.t, err)
	st, ok := b.Current()
	if !ok || st.Step.Act != "" || st.Status != batch.Waiting {
		return
	}
	if st.Step.Custody != nil {
		party, _ := chainofcustody.PartyOf(giver[st.Step.ID])
		for _, c := range event.OfKind(chainofcustody.Kind(st.Step.Custody.Container)) {
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
	a.step(a.s, number, st.Step, a.sessions)
}

func (a *adversary) attack(rt *rapid.T, number string) {
	ctx := context.Background()
	b, event, err := a.batches.LoadWithEvent(ctx, number)
	require.NoError(a.t, err)
	session := a.sessions[rapid.SampledFrom(sorted(a.names)).Draw(rt, "person")]
	role := rapid.SampledFrom(session.Roles).Draw(rt, "role")
	by := a.author(session, role)
	states := b.Steps()
	st := rapid.SampledFrom(states).Draw(rt, "step")
	if current, ok := b.Current(); ok && rapid.Bool().Draw(rt, "current step") {
		st = current
	}
	fields := st.Step.FieldsAt(b.Site)
	field := "nothing"
	if len(fields) > 0 {
		field = rapid.SampledFrom(fields).Draw(rt, "field").ID
	}
	step := st.Step.ID
	switch rapid.SampledFrom([]string{"enter", "scan", "complete", "verify", "correct", "labels", "offer", "accept", "sign", "assess"}).Draw(rt, "command") {
	case "enter":
		err = a.batches.Enter(ctx, by, number, 0, step, field, batch.Input{Text: rapid.SampledFrom([]string{"1", "12.5", "true", "none", "x"}).Draw(rt, "value")})
	case "scan":
		err = a.batches.Scan(ctx, by, number, 0, step, field, a.anyLabel(rt, event))
	case "complete":
		err = a.batches.Complete(ctx, by, number, 0, step)
	case "verify":
		shown, serr := b.Show(step)
		require.NoError(a.t, serr)
		digest, serr := shown.Digest()
		require.NoError(a.t, serr)
		err = a.batches.Verify(ctx, by, number, 0, batch.Check{Step: step, Shown: digest, Raw: a.anyLabel(rt, event)}, a.signer(session, role))
	case "correct":
		err = a.batches.Correct(ctx, by, number, 0, step, field, batch.Input{Text: "2"}, "because of a test")
	case "labels":
		err = a.batches.Labels(ctx, by, number, 0, step)
	case "offer", "accept":
		h := chainofcustody.Handover{Container: "A999926000001/B00001", Place: "here"}
		if len(event.Containers) > 0 {
			h.Container = rapid.SampledFrom(event.Containers).Draw(rt, "container").ID.String()
		}
		err = a.batches.Accept(ctx, by, b.CoI, h, a.anyLabel(rt, event))
		if err != nil {
			err = a.batches.Offer(ctx, by, b.CoI, h, rapid.SampledFrom([]chainofcustody.Party{chainofcustody.Hospital, chainofcustody.Courier, chainofcustody.Plant}).Draw(rt, "to"))
		}
	case "sign":
		act := rapid.SampledFrom([]mbr.Act{mbr.ActQAReview, mbr.ActProduction, mbr.ActCertification, mbr.ActSponsor}).Draw(rt, "act")
		prompt, perr := a.release.Prompt(ctx, releaseSigner(by.Account, role), number, act)
		require.NoError(a.t, perr)
		err = a.release.Sign(ctx, by, number, act, prompt.Digest, a.signer(session, role))
		require.Error(a.t, err, "nothing can be signed before the steps are done (I9)")
	case "assess":
		found, _ := b.Exceptions()
		if len(found) > 0 {
			err = a.batches.Assess(ctx, by, number, 0, found[0].ID, batch.Minor, "assessed in a random test", a.signer(session, role))
		}
	}
	if err != nil {
		require.NotNil(a.t, refusal(err), "every refusal names its rule: %v", err)
	}
}

// anyLabel is a label of this patient, of the other one, or nonsense.
func (a *adversary) anyLabel(rt *rapid.T, event *chainofcustody.TherapyEvent) string {
	labels := []string{"nonsense", event.CoI.Label()}
	for _, number := range a.numbers {
		_, t, err := a.batches.LoadWithEvent(context.Background(), number)
		require.NoError(a.t, err)
		labels = append(labels, t.CoI.Label())
		for _, c := range t.Containers {
			labels = append(labels, c.Label)
		}
	}
	return rapid.SampledFrom(labels).Draw(rt, "label")
}

func (a *adversary) hold(rt *rapid.T) {
	ctx := context.Background()
	head, err := a.log.Head(ctx)
	require.NoError(rt, err)
	if a.head.Size > 0 && head.Size > a.head.Size {
		_, err = a.log.Consistency(ctx, a.head.Size, head.Size)
		require.NoError(rt, err, "I2: the older log is a prefix")
	}
	a.head = head
	for _, number := range a.numbers {
		b, event, err := a.batches.LoadWithEvent(ctx, number)
		require.NoError(rt, err)
		a.holdBatch(rt, b, event)
	}
}

func (a *adversary) holdBatch(rt *rapid.T, b *batch.Batch, event *chainofcustody.TherapyEvent) {
	require.Equal(rt, b.CoI, event.CoI, "I6: one therapy event, one CoI")
	waiting := false
	for _, st := range b.Steps() {
		if st.Status == batch.NotApplicable {
			continue
		}
		if waiting {
			require.Equal(rt, batch.Waiting, st.Status, "CS-65: %s is ahead of its turn", st.Step.ID)
		}
		// A correction sends a finished step back to its second person; what came after it stays.
		waiting = waiting || st.Status != batch.Done && !(st.Status == batch.ToVerify && corrected(st))
		if st.Verified != nil {
			require.NotEqual(rt, st.Performer, st.Verified.Account, "I7: %s", st.Step.ID)
		}
		for _, scans := range st.Scans {
			for container := range scans {
				_, ours := event.Container(container)
				require.True(rt, ours || container == b.CoI.String(), "I4: %s matched %s", st.Step.ID, container)
			}
		}
		if st.Step.Material && anyTyped(st) {
			require.NotEmpty(rt, st.Scans, "I4: entries in %s without a scan", st.Step.ID)
		}
	}
	_, certified := b.Act(mbr.ActCertification)
	require.False(rt, certified)
	for _, c := range event.Containers {
		require.Equal(rt, event.Donations[0].DIN, c.ID.DIN(), "I5: no container of another donation")
		require.NotEmpty(rt, c.Custodian.Party, "I6: somebody answers for %s", c.ID)
	}
}

func corrected(st *batch.StepState) bool {
	for _, f := range st.Fields {
		if len(f.Values) > 1 {
			return true
		}
	}
	return false
}

func anyTyped(st *batch.StepState) bool {
	for _, f := range st.Fields {
		for _, v := range f.Values {
			if v.Origin == batch.Typed {
				return true
			}
		}
	}
	return false
}

func sorted(names []string) []string {
	out := slices.Clone(names)
	slices.Sort(out)
	return out
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
