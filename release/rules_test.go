package release_test

import (
	"context"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// rules are the ids of the rules that an error names.
func rules(err error) []string {
	var out []string
	for _, r := range ledger.RefusalsOf(err) {
		out = append(out, r.Rule)
	}
	return out
}

// upTo plays a fresh batch in Seville up to a step, which is left waiting.
func upTo(t *testing.T, step string) (*plant, scenario, map[string]people.Session, string) {
	t.Helper()
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	sessions := p.enrol(s)
	return p, s, sessions, p.open(s, sessions, "3401-001", step)
}

func (p *plant) open(s scenario, sessions map[string]people.Session, subject, step string) string {
	p.t.Helper()
	number, _, err := p.batches.Open(context.Background(), p.author(sessions[s.who(people.Coordinator, false)], people.Coordinator), subject)
	require.NoError(p.t, err)
	p.playTo(s, number, sessions, step)
	return number
}

func (p *plant) playTo(s scenario, number string, sessions map[string]people.Session, step string) {
	p.t.Helper()
	for {
		b := p.load(number)
		st, ok := b.Current()
		if !ok || st.Step.ID == step || st.Step.Act != "" {
			return
		}
		p.step(s, number, st.Step, sessions)
	}
}

func (p *plant) load(number string) *batch.Batch {
	p.t.Helper()
	b, err := p.batches.Load(context.Background(), number)
	require.NoError(p.t, err)
	return b
}

func (p *plant) by(s scenario, sessions map[string]people.Session, role people.Role) ledger.Author {
	p.t.Helper()
	return p.author(sessions[s.who(role, false)], role)
}

func (p *plant) size() uint64 {
	p.t.Helper()
	head, err := p.log.Head(context.Background())
	require.NoError(p.t, err)
	return head.Size
}

func TestWrongBagStopsTheStep_I4(t *testing.T) {
	p, s, sessions, number := upTo(t, "S19")
	ctx := context.Background()
	other := p.open(s, sessions, "3401-002", "S04")
	_, theirs, err := p.batches.LoadWithEvent(ctx, other)
	require.NoError(t, err)
	bag := theirs.OfKind("harvest-bag")[0].Label
	op := p.by(s, sessions, people.Operator)
	before := p.load(number).Version

	err = p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", bag)
	require.Equal(t, []string{"I4"}, rules(err))
	require.Equal(t, ledger.Stop, ledger.RefusalsOf(err)[0].Kind)

	b, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	require.Greater(t, b.Version, before, "the mismatch stands in the record")
	require.Equal(t, bag, event.Scans[len(event.Scans)-1].Raw, "the raw bytes are kept")
	st, _ := b.Step("S19")
	require.Equal(t, batch.Stopped, st.Status)
	found, _ := b.Exceptions()
	require.Len(t, found, 1)
	require.Equal(t, batch.Identity, found[0].Class)

	err = p.batches.Enter(ctx, op, number, 0, "S19", "volume_in", batch.Input{Text: "98.0"})
	require.Equal(t, []string{"I4"}, rules(err), "nothing can be entered while stopped")
	err = p.batches.Complete(ctx, op, number, 0, "S19")
	require.Equal(t, []string{"I4"}, rules(err), "nor completed")
	err = p.batches.Scan(ctx, p.by(s, sessions, people.ProductionLead), number, 0, "S19", "bag_scan", bag)
	require.Error(t, err, "nobody overrides")

	require.NoError(t, p.batches.Scan(ctx, op, number, 0, "S19", "bag_scan", event.OfKind("harvest-bag")[0].Label))
	require.NoError(t, p.batches.Enter(ctx, op, number, 0, "S19", "volume_in", batch.Input{Text: "98.0"}))
	found, _ = p.load(number).Exceptions()
	require.Len(t, found, 2, "the exceptions stay for QA, also that of the person who tried to override")
	require.True(t, found[0].Open())
}

func TestNoEntryOnMaterialWithoutAScanJustBefore_I4(t *testing.T) {
	p, s, sessions, number := upTo(t, "S11")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	err := p.batches.Enter(ctx, op, number, 0, "S11", "gross_mass", batch.Input{Text: "143.6"})
	require.Equal(t, []string{"I4"}, rules(err))
	_, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	require.NoError(t, p.batches.Scan(ctx, op, number, 0, "S11", "bag_scan", event.OfKind("harvest-bag")[0].Label))
	p.Clock.Pass(16 * time.Minute)
	err = p.batches.Enter(ctx, op, number, 0, "S11", "gross_mass", batch.Input{Text: "143.6"})
	require.Equal(t, []string{"I4"}, rules(err), "a scan of long ago opens nothing")
}

func TestUnreadableScanIsRecordedAndStopsNothing(t *testing.T) {
	p, s, sessions, number := upTo(t, "S11")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	for _, raw := range []string{"", "garbage", "CHA999926000001X", "\x00\xff\xfe", "&/CHA9999260000"} {
		before := p.size()
		err := p.batches.Scan(ctx, op, number, 0, "S11", "bag_scan", raw)
		require.Equal(t, []string{"ID-12"}, rules(err), "%q", raw)
		require.Greater(t, p.size(), before, "every scan is an entry")
	}
	found, _ := p.load(number).Exceptions()
	require.Empty(t, found)
}

func TestStepsRunInOrder_CS65(t *testing.T) {
	p, s, sessions, number := upTo(t, "S11")
	ctx := context.Background()
	before := p.size()
	err := p.batches.Start(ctx, p.by(s, sessions, people.Operator), number, 0, "S15")
	require.Equal(t, []string{"CS-65"}, rules(err))
	err = p.batches.Start(ctx, p.by(s, sessions, people.Operator), number, 0, "S10")
	require.Equal(t, []string{"CS-65"}, rules(err), "a finished step does not open again")
	err = p.batches.Start(ctx, p.by(s, sessions, people.Operator), number, 0, "S99")
	require.Equal(t, []string{"CS-65"}, rules(err))
	err = p.batches.Start(ctx, p.by(s, sessions, people.Operator), number, 0, "S23")
	require.Equal(t, []string{"CS-65"}, rules(err), "not part of the plant's variant")
	require.Equal(t, before, p.size(), "nothing was written")
}

func TestSecondPersonIsAnother_I7(t *testing.T) {
	p, s, sessions, number := upTo(t, "S16")
	ctx := context.Background()
	ana := p.by(s, sessions, people.Operator)
	for f, v := range s.Values["S16"] {
		require.NoError(t, p.batches.Enter(ctx, ana, number, 0, "S16", f, batch.Input{Text: p.Value(v)}), f)
	}
	require.NoError(t, p.batches.Complete(ctx, ana, number, 0, "S16"))
	check := p.check(s, sessions, number, "S16")
	performer := sessions[s.who(people.Operator, false)]
	err := p.batches.Verify(ctx, ana, number, 0, check, p.signer(performer, people.Operator))
	require.Equal(t, []string{"I7"}, rules(err))
	second := sessions[s.who(people.Operator, true)]
	other := check
	other.Shown = ledger.DigestOf([]byte("something else"))
	err = p.batches.Verify(ctx, p.author(second, people.Operator), number, 0, other, p.signer(second, people.Operator))
	require.Equal(t, []string{"I8"}, rules(err), "a signature is over exactly what was shown")
	err = p.batches.Verify(ctx, p.author(second, people.Operator), number, 0, check, func(ctx context.Context, m people.Meaning, d ledger.Digest) (people.Signed, error) {
		return p.people.Sign(ctx, second, "not the password", people.Operator, m, d)
	})
	require.Error(t, err, "signing is a full re-authentication")
	require.NoError(t, p.batches.Verify(ctx, p.author(second, people.Operator), number, 0, check, p.signer(second, people.Operator)))
	st, _ := p.load(number).Step("S16")
	require.Equal(t, batch.Done, st.Status)
	require.Equal(t, "verified", st.Verified.Meaning)
	require.Equal(t, "+01:00", st.Verified.Offset)
}

func TestOutOfLimitIsAcceptedAndVisible_AT59(t *testing.T) {
	p, s, sessions, number := upTo(t, "S15")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	require.NoError(t, p.batches.Enter(ctx, op, number, 0, "S15", "temp_room", batch.Input{Text: "27,5", Unit: "degC"}))
	found, _ := p.load(number).Exceptions()
	require.Len(t, found, 1)
	require.Equal(t, batch.OutOfLimit, found[0].Class)
	require.Equal(t, "27.5 degC", found[0].Value)
}

func TestCorrectionKeepsTheFirstValueAndComputesAgain_CS12(t *testing.T) {
	p, s, sessions, number := upTo(t, "S12")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	old, _ := p.load(number).Value("S11.net_volume")
	err := p.batches.Enter(ctx, op, number, 0, "S11", "gross_mass", batch.Input{Text: "153.6"})
	require.Equal(t, []string{"CS-65"}, rules(err), "a completed step takes corrections, not entries")
	err = p.batches.Correct(ctx, op, number, 0, "S11", "gross_mass", batch.Input{Text: "153.6"}, "")
	require.Equal(t, []string{"CS-12"}, rules(err), "no change without a reason")
	require.NoError(t, p.batches.Correct(ctx, op, number, 0, "S11", "gross_mass", batch.Input{Text: "153.6"}, "misread the balance print"))
	b := p.load(number)
	st, _ := b.Step("S11")
	values := st.Fields["gross_mass"].Values
	require.Len(t, values, 2, "the first value stays")
	require.Equal(t, "misread the balance print", values[1].Reason)
	fresh, _ := b.Value("S11.net_volume")
	require.NotEqual(t, old.Value.String(), fresh.Value.String())
	require.Equal(t, "F01 v1", fresh.Formula)
	require.Len(t, fresh.Inputs, 3, "a computed value stores its inputs")
	found, _ := b.Exceptions()
	require.NotEmpty(t, found)
	require.Equal(t, batch.Corrected, found[0].Class)
}

// reviewed plays a batch in Seville up to certification, with values of the caller's.
func reviewed(t *testing.T, values map[string]map[string]string) (*plant, scenario, map[string]people.Session, string) {
	t.Helper()
	p, s := newPlant(t, "es-svq"), load(t, "seville-fresh")
	for step, fields := range values {
		maps.Copy(s.Values[step], fields)
	}
	sessions := p.enrol(s)
	number := p.open(s, sessions, "3401-001", "S42")
	return p, s, sessions, number
}

func TestTooPureIsNotCertified_OneOOS_AT33(t *testing.T) {
	pure := load(t, "too-pure")
	p, s, sessions, number := reviewed(t, pure.Values)
	found, _ := p.load(number).Exceptions()
	oos := 0
	for _, e := range found {
		if e.Class == batch.OOS {
			oos++
			require.ElementsMatch(t, []string{"mnc", "granulocytes"}, e.Attributes)
			err := p.assess(s, sessions, number, e.ID)
			require.Equal(t, []string{"AT-39"}, rules(err), "an assessment cannot close an OOS")
		}
	}
	require.Equal(t, 1, oos, "one cause, one OOS")
	require.NoError(t, p.act(s, number, mbr.ActQAReview, sessions))
	err := p.act(s, number, mbr.ActCertification, sessions)
	require.Contains(t, rules(err), "AT-33")
	require.NotContains(t, rules(err), "CS-44")
}

func (p *plant) assess(s scenario, sessions map[string]people.Session, number, id string) error {
	qa := sessions[s.who(people.QA, false)]
	return p.batches.Assess(context.Background(), p.author(qa, people.QA), number, 0, id, batch.Minor, "no influence on the product or the patient", p.signer(qa, people.QA))
}

func TestCertificationNamesEveryUnmetRule_I9(t *testing.T) {
	p, s, sessions, number := reviewed(t, nil)
	err := p.act(s, number, mbr.ActCertification, sessions)
	require.Equal(t, []string{"CS-44"}, rules(err), "without a review")
	qa := sessions[s.who(people.QA, true)]
	prompt, perr := p.release.Prompt(context.Background(), releaseSigner(qa.Account, people.QA), number, mbr.ActQAReview)
	require.NoError(t, perr)
	require.Contains(t, rules(prompt.Refusals), "CS-44", "who verified steps does not review the record")
	require.NoError(t, p.act(s, number, mbr.ActQAReview, sessions))
	prompt, perr = p.release.Prompt(context.Background(), releaseSigner(qa.Account, people.QA), number, mbr.ActCertification)
	require.NoError(t, perr)
	require.Contains(t, rules(prompt.Refusals), "CS-20", "only a Qualified Person certifies")
	require.Contains(t, rules(prompt.Refusals), "I9", "who worked on the batch does not certify it")
}

func TestChangeAfterReviewUnsignsIt_I8(t *testing.T) {
	p, s, sessions, number := reviewed(t, nil)
	ctx := context.Background()
	require.NoError(t, p.act(s, number, mbr.ActQAReview, sessions))
	require.NoError(t, p.batches.Correct(ctx, p.by(s, sessions, people.Operator), number, 0, "S15", "temp_room", batch.Input{Text: "21.4"}, "typed the value of the wrong sensor"))
	_, standing := p.load(number).Act(mbr.ActQAReview)
	require.False(t, standing)
	err := p.act(s, number, mbr.ActCertification, sessions)
	require.Contains(t, rules(err), "CS-44")
	require.Contains(t, rules(err), "AT-59", "the correction waits for its assessment")
}

func TestNoShipmentBeforeSponsorRelease_I10(t *testing.T) {
	p, s, sessions, number := reviewed(t, nil)
	require.NoError(t, p.act(s, number, mbr.ActQAReview, sessions))
	require.NoError(t, p.act(s, number, mbr.ActCertification, sessions))
	p.playTo(s, number, sessions, "S46")
	err := p.batches.Start(context.Background(), p.by(s, sessions, people.Operator), number, 0, "S46")
	require.Equal(t, []string{"I10"}, rules(err))
	require.NoError(t, p.act(s, number, mbr.ActSponsor, sessions))
	p.Clock.Pass(49 * time.Hour)
	b := p.load(number)
	st, _ := b.Step("S46")
	_, err = b.Start(ledger.Author{Account: "ana", Role: string(people.Operator)}, p.Clock.Now(), st.Step.ID)
	require.Equal(t, []string{"I10"}, rules(err), "nor after expiry")
}

func TestArmIsSealedAndEveryLookIsAnEntry_I11(t *testing.T) {
	p, s, sessions, number := reviewed(t, nil)
	ctx := context.Background()
	require.NoError(t, p.act(s, number, mbr.ActQAReview, sessions))
	require.NoError(t, p.act(s, number, mbr.ActCertification, sessions))
	p.playTo(s, number, sessions, "S46")
	for e, err := range p.log.Entries(ctx, 0) {
		require.NoError(t, err)
		require.NotContains(t, string(e.Data), "\"active\"")
		require.NotContains(t, string(e.Data), "not_required")
	}
	_, err := p.batches.Reveal(ctx, p.by(s, sessions, people.QA), number, "S44", "curious about it")
	require.Equal(t, []string{"I11"}, rules(err))
	before := p.size()
	values, err := p.batches.Reveal(ctx, p.by(s, sessions, people.Custodian), number, "S44", "preparing the handover")
	require.NoError(t, err)
	require.Equal(t, "active", values["arm"].Text)
	require.Equal(t, before+1, p.size())
}

func TestTwoPeopleFinishOneStepAtOnce_ExactlyOneDoes(t *testing.T) {
	p, s, sessions, number := upTo(t, "S15")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	for id, v := range s.Values["S15"] {
		require.NoError(t, p.batches.Enter(ctx, op, number, 0, "S15", id, batch.Input{Text: p.Value(v)}))
	}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { errs[i] = p.batches.Complete(ctx, op, number, 0, "S15") })
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		require.Equal(t, []string{"CS-65"}, rules(err))
	}
	require.Equal(t, 1, done)
}

func TestStaleVersionIsRefused(t *testing.T) {
	p, s, sessions, number := upTo(t, "S15")
	ctx := context.Background()
	op := p.by(s, sessions, people.Operator)
	seen := batch.Seen(p.load(number).Version)
	require.NoError(t, p.batches.Start(ctx, op, number, seen, "S15"))
	before := p.size()
	err := p.batches.Enter(ctx, op, number, seen, "S15", "temp_room", batch.Input{Text: "21.0"})
	require.Equal(t, ledger.Stale, ledger.RefusalsOf(err)[0].Kind)
	require.Equal(t, before, p.size())
}

func TestCustodyMovesOnlyByBothParties_I6(t *testing.T) {
	p, s, sessions, number := upTo(t, "S07")
	ctx := context.Background()
	b, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	bag := event.OfKind("harvest-bag")[0]
	require.Equal(t, chainofcustody.Hospital, bag.Custodian.Party)
	h := chainofcustody.Handover{Container: bag.ID.String(), Seals: []string{"S1", "S2"}, Place: "ward 4"}
	nurse, courier, op := p.by(s, sessions, people.Nurse), p.by(s, sessions, people.Courier), p.by(s, sessions, people.Operator)

	require.Equal(t, []string{"I6"}, rules(p.batches.Accept(ctx, courier, b.CoI, h, bag.Label)), "nothing was offered")
	require.Equal(t, []string{"I6"}, rules(p.batches.Give(ctx, courier, b.CoI, h, chainofcustody.Plant, bag.Label)), "the courier does not hold it")
	require.NoError(t, p.batches.Give(ctx, nurse, b.CoI, h, chainofcustody.Courier, bag.Label))
	require.Equal(t, []string{"I6"}, rules(p.batches.Give(ctx, nurse, b.CoI, h, chainofcustody.Courier, bag.Label)), "offered once")
	require.Equal(t, []string{"I6"}, rules(p.batches.Accept(ctx, op, b.CoI, h, bag.Label)), "offered to the courier")
	require.Equal(t, []string{"ID-12"}, rules(p.batches.Accept(ctx, courier, b.CoI, h, "nonsense")))
	seen := h
	seen.Seals = []string{"S1", "S3"}
	require.NoError(t, p.batches.Accept(ctx, courier, b.CoI, seen, bag.Label))
	event, err = p.custody.Load(ctx, b.CoI)
	require.NoError(t, err)
	require.Equal(t, chainofcustody.Courier, event.OfKind("harvest-bag")[0].Custodian.Party)
	require.Contains(t, event.Offers[0].Disagrees, "S3", "what differs is shown, not hidden")
	found, _ := p.load(number).Exceptions()
	require.Len(t, found, 1)
	require.Equal(t, batch.CustodyDiffers, found[0].Class)
}

func releaseSigner(account string, role people.Role) release.Signer {
	return release.Signer{Account: account, Role: role}
}

func TestTypedIdentifierIsAnException_ID12(t *testing.T) {
	p, s, sessions, number := upTo(t, "S11")
	ctx := context.Background()
	_, event, err := p.batches.LoadWithEvent(ctx, number)
	require.NoError(t, err)
	id := event.OfKind("harvest-bag")[0].ID
	typed := id.DIN().String() + id.Division().String() + string(id.Check())
	require.NoError(t, p.batches.Scan(ctx, p.by(s, sessions, people.Operator), number, 0, "S11", "bag_scan", typed))
	found, _ := p.load(number).Exceptions()
	require.Len(t, found, 1, "nobody read the label")
	require.Equal(t, batch.KeyedIdentity, found[0].Class)
	c, _ := p.load(number).Value("S11.bag_scan")
	require.Equal(t, batch.Keyed, c.Origin)
}
