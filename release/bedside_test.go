package release_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/bedside"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/phone/phonetest"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/release"
)

// bed is a batch at the bedside: shipped, and a phone of the person who gives it.
type bed struct {
	*shift
	hand      *phonetest.Handset
	pass      people.Pass
	enrolled  people.Phone
	phones    *phone.Book
	told      release.AtBed
	statement bedside.Statement
	name      ledger.Digest
}

// atBed is arrived, with a phone that has asked the plant.
func atBed(t *testing.T) *bed {
	t.Helper()
	b := arrived(t)
	b.ask()
	return b
}

// arrived plays a fresh batch up to the infusion and enrols the phone of the person who gives it.
func arrived(t *testing.T) *bed {
	t.Helper()
	p, s, sessions, number := released(t, "S47")
	b := &bed{shift: &shift{Crew: p.crew(s, sessions), t: t, number: number}}
	b.phones = &phone.Book{Log: b.Log, People: b.Staff, Clock: b.Clock.Now, Moves: b.Batches.AtBedside}
	by := b.As(people.Logistics, false)
	giver := b.Scenario.Who(people.Interventionist, false)
	_, secrets, err := b.Staff.IssuePass(bg, by, people.NewPass{Account: giver, Role: people.Interventionist, Scope: phone.BedScope(b.number), Until: b.Clock.Now().Add(24 * time.Hour)})
	require.NoError(t, err)
	b.hand = phonetest.New(t, "")
	b.pass, b.enrolled, err = b.Staff.EnrolPhone(bg, secrets.Token, secrets.PIN, b.hand.Public(t))
	require.NoError(t, err)
	b.hand.ID = b.enrolled.ID
	return b
}

// ask lets the phone ask the plant, as it does whenever there is a network.
func (b *bed) ask() {
	b.t.Helper()
	by := ledger.Author{Account: b.pass.Account, Role: string(b.pass.Role), Terminal: b.enrolled.Terminal()}
	var err error
	b.told, err = b.Release.AtBed(bg, by, b.number)
	require.NoError(b.t, err)
	if b.told.Proof == nil {
		return
	}
	b.statement, err = bedside.Proved(*b.told.Proof, b.Log.Key(), b.number)
	require.NoError(b.t, err)
	b.name, err = b.statement.Digest()
	require.NoError(b.t, err)
}

// event signs something that happens now at the bed.
func (b *bed) event(kind phone.Kind, scanned string, said map[string]any) phone.Envelope {
	said["batch"] = b.number
	return b.hand.Write(b.t, map[string]any{
		"kind": kind, "shipment": "", "scanned": scanned, "at": b.Clock.Now().Format("2006-01-02T15:04:05.000Z"), "bound_ms": 800, "bed": said,
	})
}

// deliver brings events to the plant; each is kept.
func (b *bed) deliver(events ...phone.Envelope) *bedside.Administration {
	b.t.Helper()
	answers, err := b.phones.Deliver(bg, b.pass, b.enrolled, 0, events)
	require.NoError(b.t, err)
	for _, a := range answers {
		require.NoError(b.t, a.Err)
	}
	at, err := b.Batches.Bedside().Load(bg, b.number)
	require.NoError(b.t, err)
	return at
}

func (b *bed) scan(expect, raw, found string) phone.Envelope {
	return b.event(phone.BedScan, raw, map[string]any{"expect": expect, "found": found})
}

// scans are the scans of the patient's wristband and of every container, and their numbers.
func (b *bed) scans() ([]phone.Envelope, []uint64) {
	events := []phone.Envelope{b.scan("wristband", b.wristband(), "matched")}
	numbers := []uint64{b.hand.N}
	for _, c := range b.statement.Containers {
		id, err := isbt128.ParseContainerID(c.ID)
		require.NoError(b.t, err)
		events = append(events, b.scan("final-container", isbt128.ContainerLabel(b.batch().CoI, id), "matched"))
		numbers = append(numbers, b.hand.N)
	}
	return events, numbers
}

func (b *bed) wristband() string { return b.batch().CoI.Label() }

func (b *bed) start(limb string, scans []uint64) phone.Envelope {
	return b.event(phone.BedStart, "", map[string]any{"limb": limb, "scans": scans, "statement": b.name.String(), "checked": b.told.Standing.Checked.Format(time.RFC3339Nano)})
}

// found are the codes of what a reviewer sees of the bedside.
func (b *bed) found() []string {
	var out []string
	found, _ := b.batch().Exceptions()
	for _, e := range found {
		if e.Class == batch.AtBedside {
			out = append(out, e.Value)
		}
	}
	return out
}

// decide asks what the phone asks: may it begin, by what it holds and by the clock.
func (b *bed) decide(limb string, now time.Time) []string {
	_, event := b.State(b.number)
	by := ledger.Author{Account: b.pass.Account, Role: string(b.pass.Role), Terminal: b.enrolled.Terminal()}
	at := chainofcustody.At(now)
	known, err := b.Batches.Bedside().Load(bg, b.number)
	require.NoError(b.t, err)
	asked := bedside.Asked{Statement: &b.statement, Standing: b.told.Standing, Given: known.Given(), Limb: limb, Now: at}
	_, band, _ := event.Scan(by, now, b.number+"/bedside/wristband", chainofcustody.Wristband, b.wristband())
	asked.Wristband = bedside.Scanned{Match: band, At: at}
	for _, c := range b.statement.Containers {
		id, err := isbt128.ParseContainerID(c.ID)
		require.NoError(b.t, err)
		_, match, _ := event.Scan(by, now, b.number+"/bedside/container", phone.FinalContainer, isbt128.ContainerLabel(b.batch().CoI, id))
		asked.Containers = append(asked.Containers, bedside.Scanned{Match: match, At: at})
	}
	leave, refused := bedside.Decide(asked)
	require.Equal(b.t, len(refused) == 0, !leave.IsZero())
	return bedside.Codes(refused)
}

func TestBedside_GivenAsOrdered(t *testing.T) {
	b := atBed(t)
	require.Equal(t, bedside.Released, b.told.Standing.State)
	require.Equal(t, []string(nil), b.decide(b.statement.Limb, b.Clock.Now()))
	events, numbers := b.scans()
	events = append(events, b.start(b.statement.Limb, numbers))
	b.Clock.Pass(20 * time.Minute)
	volume := b.statement.Containers[0].Volume.Number()
	events = append(events, b.event(phone.BedEnd, "", map[string]any{"how": "complete", "given": volume, "left": "0", "residual": "none"}))
	b.Clock.Pass(3 * time.Hour) // no network until then
	b.deliver(events...)
	at := b.deliver(events...) // and again, since no answer had come
	require.Len(t, at.Starts, 1)
	require.Len(t, at.Scans, 1+len(b.statement.Containers))
	s := at.Starts[0]
	require.Empty(t, s.Doubts)
	require.Equal(t, s.Containers, at.Given())
	require.Equal(t, []string{"bed-again"}, b.decide(b.statement.Limb, b.Clock.Now()), "also on another phone")
	require.NotNil(t, s.End)
	require.Equal(t, volume, s.End.Given.Number())
	require.WithinDuration(t, s.Received.Add(-3*time.Hour-20*time.Minute), s.Moment.Latest, 2*time.Second, "when it was done, not when it came")
	age, ok := s.Age()
	require.True(t, ok)
	require.Less(t, age, time.Minute)
	if len(b.statement.Containers) == 1 {
		require.Empty(t, b.found())
	}
}

// 12. When container CoI != wristband; then red screen, no override at the bedside, call plant; event logged even if
// nothing was infused.
func TestContainerScanAtTheBedNotEqual_12(t *testing.T) {
	b := atBed(t)
	other := "&/CHA999926999999"
	at := b.deliver(
		b.scan("wristband", other, "mismatched"),
		b.event(phone.BedStop, "", map[string]any{"rules": []string{"bed-wristband"}, "scans": []uint64{1}}),
	)
	require.Len(t, at.Scans, 1)
	require.Equal(t, other, at.Scans[0].Raw, "as it was read")
	require.Equal(t, chainofcustody.Mismatched, at.Scans[0].Outcome)
	require.Empty(t, at.Scans[0].Said)
	require.Empty(t, at.Starts, "nothing was infused")
	require.Len(t, at.Stops, 1)
	require.True(t, b.classes()[batch.Identity], "an exception of the batch (I4)")
	_, event := b.State(b.number)
	require.Equal(t, other, event.Scans[len(event.Scans)-1].Raw)

	// A phone that begins all the same is not believed: what it did stands, and what stands against it.
	events, numbers := b.scans()
	at = b.deliver(append(events, b.start(b.statement.Limb, []uint64{1, numbers[1]}))...)
	require.Equal(t, []string{"bed-wristband"}, at.Starts[0].Doubts)
}

// 42. When T4 > F11; then release impossible.
func TestExpiredBeforeRelease_42(t *testing.T) {
	s := before(t, "S42")
	expiry, ok := s.batch().Expiry()
	require.True(t, ok)
	s.Clock.Pass(expiry.Sub(s.Clock.Now()))
	who := release.Signer{Account: s.Scenario.Who(people.QP, false), Role: people.QP}
	var codes []string
	for _, r := range release.MaySign(s.batch(), "certification", who, s.Profile, s.Clock.Now()) {
		codes = append(codes, r.Code)
	}
	require.Contains(t, codes, "expired")
	told, err := s.Release.AtBed(bg, s.As(people.Interventionist, false), s.number)
	require.NoError(t, err)
	require.Nil(t, told.Proof, "the bedside has nothing to go by")
	require.Equal(t, bedside.NotReleased, told.Standing.State)
}

// 43. When start scan is after expiry; then block at the bed, doctor's emergency path = scenario 40 with own reason.
func TestCathLabLate_43(t *testing.T) {
	b := atBed(t)
	require.Empty(t, b.decide(b.statement.Limb, b.statement.Expiry.Add(-time.Millisecond)))
	require.Equal(t, []string{"bed-expired"}, b.decide(b.statement.Limb, b.statement.Expiry))
	b.Clock.Pass(b.statement.Expiry.Sub(b.Clock.Now()) + time.Minute)
	events, numbers := b.scans()
	events = append(events,
		b.event(phone.BedStop, "", map[string]any{"rules": []string{"bed-expired"}, "scans": numbers, "limb": b.statement.Limb}),
		b.event(phone.BedRequest, "", map[string]any{"rules": []string{"bed-expired"}, "reason": "traffic; the marrow cannot be taken again", "risk": "told the patient: fewer living cells"}))
	at := b.deliver(events...)
	require.Empty(t, at.Starts)
	require.Len(t, at.Open(), 1)
	require.Contains(t, b.found(), "bed-expired")
	require.Contains(t, b.found(), "bed-request", "the plant sees it")

	author, sign := b.hire("petra", people.QP)
	request := at.Requests[0].Seq
	require.NoError(t, b.Release.Answer(bg, author, b.number, request, false, "no stability data beyond the expiry", sign))
	refusedAs(t, "request-answered", b.Release.Answer(bg, author, b.number, request, true, "after all", sign))
	at = b.deliver()
	require.Empty(t, at.Open())
	require.Equal(t, "petra", at.Requests[0].Answer.Signature.Account)
	b.ask()
	require.Equal(t, []string{"bed-expired"}, b.decide(b.statement.Limb, b.Clock.Now()), "an answer lifts nothing (I10)")
}

// 44. When the PDF shown at hospital has a hash unlike the server or is revoked; then "not valid"; verification works
// offline from the signature, revocation state only online, age of the last check is shown.
func TestCertificateChangedOrCopied_44(t *testing.T) {
	b := atBed(t)
	pdf, ref, err := b.Release.Certificate(bg, b.statement.Certificate)
	require.NoError(t, err)
	require.Equal(t, ledger.DigestOf(pdf), b.statement.PDF)
	pdf[len(pdf)/2] ^= 1
	require.NotEqual(t, ledger.DigestOf(pdf), b.statement.PDF, "a changed file is another file")

	forged := *b.told.Proof
	forged.Entry = replaced(t, forged.Entry, `"limb":"`+b.statement.Limb+`"`, `"limb":"`+other(b.statement.Limb)+`"`)
	_, err = bedside.Proved(forged, b.Log.Key(), b.number)
	refusedAs(t, "bed-no-certificate", err)
	_, err = bedside.Proved(*b.told.Proof, b.Log.Key(), "SVQ2699999X")
	refusedAs(t, "bed-no-certificate", err) // copied from another batch

	events, numbers := b.scans()
	start := b.start(b.statement.Limb, numbers)
	b.Clock.Pass(time.Minute)
	author, sign := b.hire("petra", people.QP)
	shown := b.shown()
	refusedAs(t, "may-not-recall", b.Release.Recall(bg, b.As(people.QA, false), b.number, shown, "growth", sign))
	require.NoError(t, b.Release.Recall(bg, author, b.number, shown, "growth in another batch of that day", sign))
	refusedAs(t, "already-recalled", b.Release.Recall(bg, author, b.number, shown, "again", sign))
	b.ask()
	require.Equal(t, bedside.Recalled, b.told.Standing.State)
	require.Equal(t, []string{"bed-recalled"}, b.decide(b.statement.Limb, b.Clock.Now()))
	held, ok := b.batch().Held()
	require.True(t, ok)
	require.Equal(t, batch.HoldRecall, held.Cause)
	refusedAs(t, "recalled-stays", b.Batches.LetGoOn(bg, b.As(people.QA, false), b.number, 0, held.ID, "it was a mistake"))
	_, ref, err = b.Release.Certificate(bg, ref.Number)
	require.NoError(t, err)
	require.Equal(t, release.InitialCertification, ref.Decision, "the certificate stays as it was signed")
	require.NotZero(t, ref.Recalled)
	proof, err := b.Release.Proof(bg, ref.Number)
	require.NoError(t, err)
	require.NoError(t, proof.Check(b.Log.Key(), ref.PDF))

	at := b.deliver(append(events, start)...)
	require.Empty(t, at.Starts[0].Doubts, "it began before the recall, as far as the times tell")
	events, numbers = b.scans()
	at = b.deliver(append(events, b.start(b.statement.Limb, numbers))...)
	require.Contains(t, at.Starts[1].Doubts, "bed-recalled")
	require.Contains(t, at.Starts[1].Doubts, "bed-again")
}

// 51. Given 9 of 20 mL given, reaction; then given and residual volume, dose given = volume × conc, residual kept for
// culture, adverse event link.
func TestInfusionStoppedHalfWay_51(t *testing.T) {
	b := atBed(t)
	events, numbers := b.scans()
	b.deliver(append(events, b.start(b.statement.Limb, numbers))...)
	filled := 0.0
	for _, c := range b.statement.Containers {
		v, err := strconv.ParseFloat(c.Volume.Number(), 64)
		require.NoError(t, err)
		filled += v
	}
	left := strconv.FormatFloat(filled-9, 'f', 1, 64)
	at := b.deliver(b.event(phone.BedEnd, "", map[string]any{
		"how": "interrupted", "given": "9.0", "left": left, "residual": "kept", "reaction": "fall of blood pressure", "reference": "SAE-2026-014",
	}))
	end := at.Starts[0].End
	require.NotNil(t, end)
	require.Equal(t, "9.0 mL", end.Given.String())
	require.Equal(t, left+" mL", end.Left.String())
	require.Equal(t, "kept", end.Residual)
	require.Equal(t, "SAE-2026-014", end.Reference)
	require.Equal(t, []string{"bed-interrupted", "bed-reaction"}, end.Faults)
	conc, ok := b.batch().Value("S37.wbc_conc")
	require.True(t, ok)
	q, _ := conc.Value.Quantity()
	dose, ok := release.Dose(b.batch(), end)
	require.True(t, ok)
	want, err := bedside.Dose(end.Given, q)
	require.NoError(t, err)
	require.True(t, want.Equal(dose))
	require.Equal(t, "cells", string(dose.Unit()))
	require.Contains(t, b.found(), "bed-interrupted,bed-reaction")

	stray := b.deliver(b.event(phone.BedEnd, "", map[string]any{"how": "complete", "given": "1", "left": "0", "residual": "none"}))
	require.Equal(t, []string{"bed-no-start"}, stray.Stray[0].Faults, "an end without a start is kept and told")
}

// 52. When limb at S47 != S01; then block; change only by investigator-signed order amendment.
func TestWrongLimbAtTheBed_52(t *testing.T) {
	b := atBed(t)
	wrong := other(b.statement.Limb)
	require.Equal(t, []string{"bed-limb"}, b.decide(wrong, b.Clock.Now()))
	events, numbers := b.scans()
	events = append(events, b.event(phone.BedStop, "", map[string]any{"rules": []string{"bed-limb"}, "scans": numbers, "limb": wrong}))
	at := b.deliver(events...)
	require.Equal(t, wrong, at.Stops[0].Limb)
	require.Empty(t, at.Starts)
	require.Contains(t, b.found(), "bed-limb")

	investigator, sign := b.hire("ivo", people.Investigator)
	nurse := b.As(people.Nurse, false)
	values := map[string]batch.Input{"index_limb": {Text: wrong}}
	require.Error(t, b.Batches.Amend(bg, nurse, b.number, 0, values, "the other leg", sign))
	require.NoError(t, b.Batches.Amend(bg, investigator, b.number, 0, values, "ulcer on the other foot", sign))
	b.ask()
	require.Equal(t, bedside.NotReleased, b.told.Standing.State, "what was certified was another order: it is certified again")
	require.Equal(t, []string{"bed-not-released", "bed-limb"}, b.decide(wrong, b.Clock.Now()), "until then the old statement stands")
}

// A start while the plant holds the batch is one against its standing; one before the hold is not, whenever it is delivered.
func TestStartOnAHeldBatch_I10(t *testing.T) {
	b := atBed(t)
	events, numbers := b.scans()
	before := b.start(b.statement.Limb, numbers)
	b.Clock.Pass(time.Minute)
	require.NoError(t, b.Batches.Hold(bg, b.As(people.QA, false), b.number, 0, "growth in the culture"))
	b.Clock.Pass(time.Minute)
	after := b.start(b.statement.Limb, numbers)
	at := b.deliver(append(events, before, after)...)
	require.Empty(t, at.Starts[0].Doubts)
	require.Contains(t, at.Starts[1].Doubts, "bed-not-released")
	require.Contains(t, b.found()[0], "bed-not-released")
}

// What is frozen is not to be given, and what is given is what is in it.
func TestStatementNamesWhatMayBeGiven_I10(t *testing.T) {
	b := atBed(t)
	require.NotEmpty(t, b.statement.Containers)
	id, err := isbt128.ParseContainerID(b.statement.Containers[0].ID)
	require.NoError(t, err)
	raw := isbt128.ContainerLabel(b.batch().CoI, id)
	by := b.As(people.Interventionist, false)
	tend := func(do func(*chainofcustody.TherapyEvent, chainofcustody.Match) (ledger.Draft, error)) { // as a step of the recipe does: by hand nobody may
		_, event := b.State(b.number)
		scan, match, refusal := event.ScanTree(by, b.Clock.Now(), raw)
		require.Nil(t, refusal)
		draft, err := do(event, match)
		require.NoError(t, err)
		drafts := []ledger.Draft{scan, draft}
		views, err := event.Views(by, b.Clock.Now(), drafts)
		require.NoError(t, err)
		_, err = b.Log.Append(bg, ledger.Append{Author: by, Streams: []ledger.StreamAppend{{Stream: chainofcustody.Stream(event.CoI), Expected: event.Version, Drafts: drafts}}, Views: views})
		require.NoError(t, err)
	}
	tend(func(e *chainofcustody.TherapyEvent, m chainofcustody.Match) (ledger.Draft, error) {
		return e.Freeze(by, b.Clock.Now(), m)
	})
	b.ask()
	for _, c := range b.statement.Containers {
		require.NotEqual(t, id.String(), c.ID)
	}
	tend(func(e *chainofcustody.TherapyEvent, m chainofcustody.Match) (ledger.Draft, error) {
		return e.Thaw(by, b.Clock.Now(), m)
	})
	b.ask()
	require.Equal(t, id.String(), b.statement.Containers[0].ID)
}

// A recall is signed over what was shown. Of a product whose infusion began meanwhile it does something else, and is shown
// again first. No phone need ever have asked (I8, AT-57).
func TestRecallIsOfWhatWasShown_I8(t *testing.T) {
	b := arrived(t)
	at, err := b.Batches.Bedside().Load(bg, b.number)
	require.NoError(t, err)
	require.Nil(t, at.Current(), "no phone has asked")
	shown := b.shown()
	author, sign := b.hire("petra", people.QP)
	const reason = "growth in another batch of that day"
	refusedAs(t, "changed-since-shown", b.Release.Recall(bg, author, b.number, ledger.DigestOf([]byte("another page")), reason, sign))

	meanwhile := func(ctx context.Context, meaning people.Meaning, over ledger.Digest) (people.Signed, error) {
		b.ask()
		events, numbers := b.scans()
		b.deliver(append(events, b.start(b.statement.Limb, numbers))...)
		return sign(ctx, meaning, over)
	}
	refusedAs(t, "changed-since-shown", b.Release.Recall(bg, author, b.number, shown, reason, meanwhile))
	refusedAs(t, "changed-since-shown", b.Release.Recall(bg, author, b.number, shown, reason, sign))
	require.NoError(t, b.Release.Recall(bg, author, b.number, b.shown(), reason, sign))
	at, err = b.Batches.Bedside().Load(bg, b.number)
	require.NoError(t, err)
	r := release.Recalling{Batch: b.number, Certificates: []string{at.Recall.Certificate}, Begun: true}
	signed, err := r.Digest(reason)
	require.NoError(t, err)
	require.True(t, at.Recall.Signature.Over(signed), "what was seen, and why")
	require.Contains(t, b.found(), "bed-recalled")
}

// A recall after the beginning is told, and does not lock the record of the infusion; nor does one that the plant heard of
// before the beginning was delivered (AT-57).
func TestRecallAfterTheBeginning_57(t *testing.T) {
	for _, delivered := range []string{"before the recall", "after the recall"} {
		t.Run(delivered, func(t *testing.T) {
			b := atBed(t)
			events, numbers := b.scans()
			events = append(events, b.start(b.statement.Limb, numbers))
			b.Clock.Pass(time.Minute)
			author, sign := b.hire("petra", people.QP)
			if delivered == "before the recall" {
				b.deliver(events...)
			}
			require.NoError(t, b.Release.Recall(bg, author, b.number, b.shown(), "growth in another batch of that day", sign))
			_, held := b.batch().Held()
			require.Equal(t, delivered == "after the recall", held)
			at := b.deliver(events...)
			require.Empty(t, at.Starts[0].Doubts)
			b.ask()
			require.Equal(t, bedside.Recalled, b.told.Standing.State)
			require.Equal(t, delivered == "before the recall", slices.Contains(b.found(), "bed-recalled"))
			st, _ := b.batch().Step("S47")
			require.NotEqual(t, batch.Done, st.Status)
			b.Step(b.number, st.Step)
			st, _ = b.batch().Step("S47")
			require.Equal(t, batch.Done, st.Status)
		})
	}
}

func other(limb string) string {
	if limb == "left" {
		return "right"
	}
	return "left"
}

// hire gives somebody an account who can sign now: the sessions of the morning may have ended.
func (b *bed) hire(account string, role people.Role) (ledger.Author, batch.Signer) {
	session := b.Hire(account, "Robin Vega", "en", role)
	b.Sessions[account] = session
	author, err := session.Author(role)
	require.NoError(b.t, err)
	return author, b.Sign(account, role)
}

// shown is the digest of what a Qualified Person sees who recalls the batch.
func (b *bed) shown() ledger.Digest {
	at, err := b.Batches.Bedside().Load(bg, b.number)
	require.NoError(b.t, err)
	r, err := release.Recallable(b.batch(), at)
	require.NoError(b.t, err)
	shown, err := r.Digest("")
	require.NoError(b.t, err)
	return shown
}

// replaced changes the text behind a base64.
func replaced(t *testing.T, coded, was, is string) string {
	raw, err := base64.StdEncoding.DecodeString(coded)
	require.NoError(t, err)
	require.Contains(t, string(raw), was)
	return base64.StdEncoding.EncodeToString(bytes.Replace(raw, []byte(was), []byte(is), 1))
}
