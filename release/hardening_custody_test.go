package release_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// labelOf is the label of the newest container of a kind; the wristband's for "wristband".
func (p *plant) labelOf(number, kind string) string {
	p.t.Helper()
	_, event, err := p.batches.LoadWithEvent(bg, number)
	require.NoError(p.t, err)
	if kind == string(chainofcustody.Wristband) {
		return event.CoI.Label()
	}
	of := event.OfKind(chainofcustody.Kind(kind))
	require.NotEmpty(p.t, of, kind)
	return of[len(of)-1].Label
}

// handover is the handoff of the newest container of a kind.
func (p *plant) handover(number, kind string) (isbt128.CoI, chainofcustody.Handover, *chainofcustody.Container) {
	p.t.Helper()
	b, event, err := p.batches.LoadWithEvent(bg, number)
	require.NoError(p.t, err)
	of := event.OfKind(chainofcustody.Kind(kind))
	require.NotEmpty(p.t, of, kind)
	c := of[len(of)-1]
	return b.CoI, chainofcustody.Handover{Container: c.ID.String(), Seals: []string{"SEAL-1"}, Place: "ward"}, c
}

// released is a batch in Seville that is certified and released by the sponsor, up to a step.
func released(t *testing.T, step string) (*plant, scenario, map[string]people.Session, string) {
	t.Helper()
	p, s, ss, n := reviewed(t, nil)
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(t, p.act(s, n, act, ss), act)
	}
	p.playTo(s, n, ss, step)
	return p, s, ss, n
}

// otherBatch is a second patient's batch, whose collection kit is issued.
func (p *plant) otherBatch(s scenario, ss map[string]people.Session) string {
	p.t.Helper()
	return p.open(s, ss, "3401-002", "S04")
}

func TestUncertifiedProductChangesNoHands_I10(t *testing.T) {
	p, s, ss, n := upTo(t, "S36")
	coi, h, c := p.handover(n, "final-container")
	before := p.size()
	require.Equal(t, []string{"I10"}, rules(p.batches.Give(bg, p.by(s, ss, people.Operator), coi, h, chainofcustody.Hospital, c.Label)))
	require.Equal(t, []string{"I10"}, rules(p.batches.Accept(bg, p.by(s, ss, people.Interventionist), coi, h, c.Label)))
	_, _, c = p.handover(n, "final-container")
	require.Equal(t, chainofcustody.Plant, c.Custodian.Party)
	require.Equal(t, before, p.size())
}

func TestExpiredProductIsNotTakenIntoUse_I10(t *testing.T) {
	p, s, ss, n := released(t, "S47")
	coi, h, c := p.handover(n, "final-container")
	require.NoError(t, p.batches.Give(bg, p.by(s, ss, people.Courier), coi, h, chainofcustody.Hospital, c.Label))
	p.Clock.Pass(60 * time.Hour)
	iv := p.by(s, ss, people.Interventionist)
	for what, err := range map[string]error{
		"accept": p.batches.Accept(bg, iv, coi, h, c.Label),
		"start":  p.batches.Start(bg, iv, n, 0, "S47"),
		"scan":   p.batches.Scan(bg, iv, n, 0, "S47", "scan_container", c.Label),
		"enter":  p.batches.Enter(bg, iv, n, 0, "S47", "limb", typed("left")),
	} {
		require.Equal(t, []string{"I10"}, rules(err), what)
		require.Equal(t, "expired", ledger.RefusalsOf(err)[0].Code, what)
	}
	st, _ := p.load(n).Step("S47")
	require.Equal(t, batch.Waiting, st.Status)
}

// inUse is a batch whose product is being given when it expires.
func inUse(t *testing.T) (*plant, scenario, map[string]people.Session, string) {
	t.Helper()
	p, s, ss, n := released(t, "S47")
	coi, h, c := p.handover(n, "final-container")
	iv := p.by(s, ss, people.Interventionist)
	require.NoError(t, p.batches.Give(bg, p.by(s, ss, people.Courier), coi, h, chainofcustody.Hospital, c.Label))
	require.NoError(t, p.batches.Accept(bg, iv, coi, h, c.Label))
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_container", c.Label))
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_wristband", p.labelOf(n, "wristband")))
	require.Empty(t, p.ofClass(n, batch.Unreleased))
	p.Clock.Pass(60 * time.Hour)
	return p, s, ss, n
}

func TestWhatIsInUseIsRecordedAndSeen_I10(t *testing.T) {
	p, s, ss, n := inUse(t)
	iv := p.by(s, ss, people.Interventionist)
	require.Equal(t, []string{"I4"}, rules(p.batches.Enter(bg, iv, n, 0, "S47", "limb", typed("left"))), "a scan of long ago opens nothing")
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, iv, n, 0, "S47", "scan_container", p.labelOf(n, "harvest-bag"))))
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_container", p.labelOf(n, "final-container")), "a stop does not make it unused")
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_wristband", p.labelOf(n, "wristband")))
	for f, v := range s.Values["S47"] {
		require.NoError(t, p.batches.Enter(bg, iv, n, 0, "S47", f, typed(p.Value(v))), f)
	}
	p.comment(s, ss, n, "S47") // given after expiry: the truth is recorded, with what there is to say
	require.NoError(t, p.batches.Complete(bg, iv, n, 0, "S47"))
	found := p.ofClass(n, batch.Unreleased)
	require.Len(t, found, 1, "one for the step")
	require.Equal(t, "S47", found[0].Step)
	require.True(t, found[0].Open())
}

func TestTakenOverProductIsStillInUse_I10(t *testing.T) {
	p, s, ss, n := released(t, "S46")
	op := p.by(s, ss, people.Operator)
	require.NoError(t, p.batches.Scan(bg, op, n, 0, "S46", "container_scan", p.labelOf(n, "final-container")))
	p.Clock.Pass(60 * time.Hour)
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, op, n, 0, "S46", "container_scan", p.labelOf(n, "harvest-bag"))))
	jorge := p.author(ss["jorge"], people.Operator)
	require.NoError(t, p.batches.TakeOver(bg, jorge, n, 0, "S46", "ana was called away"))
	require.NoError(t, p.batches.Scan(bg, jorge, n, 0, "S46", "container_scan", p.labelOf(n, "final-container")), "the only field was stopped, and taken over")
	require.Len(t, p.ofClass(n, batch.Unreleased), 1)
}

func TestStopIsClearedBySameFieldOnly_I4(t *testing.T) {
	p, s, ss, n := upTo(t, "S04")
	foreign := p.labelOf(p.otherBatch(s, ss), "wristband")
	ph := p.by(s, ss, people.Physician)
	own := p.labelOf(n, "wristband")
	require.NoError(t, p.batches.Scan(bg, ph, n, 0, "S04", "wristband_scan", own))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, ph, n, 0, "S04", "wristband_scan", foreign)))
	require.NoError(t, p.batches.Scan(bg, ph, n, 0, "S04", "label_scan", p.labelOf(n, "harvest-bag")))
	st, _ := p.load(n).Step("S04")
	require.Equal(t, batch.Stopped, st.Status, "the right bag does not make the patient right")
	require.Empty(t, st.Scans["wristband_scan"], "the earlier match proves nothing any more")
	require.Equal(t, []string{"I4"}, rules(p.batches.Enter(bg, ph, n, 0, "S04", "spoken_check", typed("true"))))
	require.NoError(t, p.batches.Scan(bg, ph, n, 0, "S04", "wristband_scan", own))
	for f, v := range s.Values["S04"] {
		require.NoError(t, p.batches.Enter(bg, ph, n, 0, "S04", f, typed(p.Value(v))), f)
	}
	require.NoError(t, p.batches.Complete(bg, ph, n, 0, "S04"))
}

func TestStopOfThePatientKeepsTheProductUngiven_I4(t *testing.T) {
	p, s, ss, n := released(t, "S47")
	foreign := p.labelOf(p.otherBatch(s, ss), "wristband")
	iv := p.by(s, ss, people.Interventionist)
	product := p.labelOf(n, "final-container")
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_container", product))
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_wristband", p.labelOf(n, "wristband")))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, iv, n, 0, "S47", "scan_wristband", foreign)))
	require.NoError(t, p.batches.Scan(bg, iv, n, 0, "S47", "scan_container", product))
	require.Equal(t, []string{"I4"}, rules(p.batches.Enter(bg, iv, n, 0, "S47", "start_at", typed(p.Value("now")))))
}

func TestContainerLabelIsNoWristband_AT13(t *testing.T) {
	p, s, ss, n := upTo(t, "S04")
	err := p.batches.Scan(bg, p.by(s, ss, people.Physician), n, 0, "S04", "wristband_scan", p.labelOf(n, "harvest-bag"))
	require.Equal(t, []string{"I4"}, rules(err))
	require.Equal(t, "not a wristband", ledger.RefusalsOf(err)[0].Args["why"])
	_, captured := p.load(n).Value("S04.wristband_scan")
	require.False(t, captured)
}

func TestLabelThatJoinsTwoPatientsIsAMismatch_AT11(t *testing.T) {
	p, s, ss, n := upTo(t, "S05")
	_, event, err := p.batches.LoadWithEvent(bg, n)
	require.NoError(t, err)
	_, _, theirs := p.handover(p.otherBatch(s, ss), "harvest-bag")
	err = p.batches.Scan(bg, p.by(s, ss, people.Physician), n, 0, "S05", "label_scan", isbt128.ContainerLabel(event.CoI, theirs.ID))
	require.Equal(t, []string{"I4"}, rules(err))
	_, captured := p.load(n).Value("S05.label_scan")
	require.False(t, captured)
	require.Len(t, p.ofClass(n, batch.Identity), 1)
}

func TestWrongScanOfAnybodyIsRecordedAndSeen_I4(t *testing.T) {
	p, s, ss, n := upTo(t, "S19")
	wrong := p.labelOf(p.otherBatch(s, ss), "harvest-bag")
	require.NoError(t, p.batches.Scan(bg, p.by(s, ss, people.Operator), n, 0, "S19", "bag_scan", p.labelOf(n, "harvest-bag")))
	err := p.batches.Scan(bg, p.author(ss["jorge"], people.Operator), n, 0, "S19", "bag_scan", wrong)
	require.Equal(t, []string{"DI-9"}, rules(err), "it is not jorge's step")
	_, event, err := p.batches.LoadWithEvent(bg, n)
	require.NoError(t, err)
	require.Equal(t, wrong, event.Scans[len(event.Scans)-1].Raw)
	found := p.ofClass(n, batch.Identity)
	require.Len(t, found, 1)
	require.Equal(t, "jorge", found[0].By)
	st, _ := p.load(n).Step("S19")
	require.Equal(t, batch.Open, st.Status, "the performer's own bag is right")
}

func TestOfferIsTakenBackOrDeclined_I6(t *testing.T) {
	p, s, ss, n := upTo(t, "S07")
	coi, h, bag := p.handover(n, "harvest-bag")
	nurse, courier, op := p.by(s, ss, people.Nurse), p.by(s, ss, people.Courier), p.by(s, ss, people.Operator)
	withdraw := func(by ledger.Author, why string) error { return p.batches.Withdraw(bg, by, coi, h.Container, why) }
	require.Equal(t, []string{"I6"}, rules(withdraw(nurse, "nothing was offered yet")))
	require.NoError(t, p.batches.Give(bg, nurse, coi, h, chainofcustody.Plant, bag.Label))
	require.Equal(t, []string{"I6"}, rules(withdraw(courier, "not the courier's matter")))
	require.Equal(t, []string{"I6"}, rules(withdraw(nurse, " ")), "not without a reason")
	require.Equal(t, []string{"CS-10"}, rules(withdraw(nurse, "wrong \x1b[2J party")))
	require.NoError(t, withdraw(nurse, "offered to the wrong party"))
	require.NoError(t, p.batches.Give(bg, nurse, coi, h, chainofcustody.Plant, bag.Label))
	require.NoError(t, withdraw(op, "declined: the courier carries it"))
	require.Equal(t, []string{"I6"}, rules(p.batches.Accept(bg, op, coi, h, bag.Label)), "what was declined cannot be accepted")
	require.NoError(t, p.batches.Give(bg, nurse, coi, h, chainofcustody.Courier, bag.Label))
	require.NoError(t, p.batches.Accept(bg, courier, coi, h, bag.Label))
	_, _, bag = p.handover(n, "harvest-bag")
	require.Equal(t, chainofcustody.Courier, bag.Custodian.Party)
}

func TestPlacesAndSealsCanBePrinted_TR6(t *testing.T) {
	p, s, ss, n := upTo(t, "S07")
	coi, good, c := p.handover(n, "harvest-bag")
	nurse := p.by(s, ss, people.Nurse)
	before := p.size()
	for name, spoil := range map[string]func(*chainofcustody.Handover){
		"no place":               func(h *chainofcustody.Handover) { h.Place = "" },
		"long place":             func(h *chainofcustody.Handover) { h.Place = strings.Repeat("x", 121) },
		"place with an escape":   func(h *chainofcustody.Handover) { h.Place = "\x1b[2J\n\x00" },
		"place with an emoji":    func(h *chainofcustody.Handover) { h.Place = "ward 😀" },
		"huge seal":              func(h *chainofcustody.Handover) { h.Seals = []string{strings.Repeat("x", 200_000)} },
		"empty seal":             func(h *chainofcustody.Handover) { h.Seals = []string{"1", ""} },
		"seal that is not UTF-8": func(h *chainofcustody.Handover) { h.Seals = []string{"\xff"} },
		"many seals":             func(h *chainofcustody.Handover) { h.Seals = strings.Split(strings.Repeat("1,", 10)+"1", ",") },
	} {
		h := good
		spoil(&h)
		require.Equal(t, []string{"TR-6"}, rules(p.batches.Give(bg, nurse, coi, h, chainofcustody.Courier, c.Label)), name)
	}
	require.Equal(t, before, p.size())
}

func TestSecondPersonsWristbandScanIsRecorded_I7(t *testing.T) {
	p, _, _, n := upTo(t, "S07")
	b := p.load(n)
	require.Equal(t, b.CoI.String(), p.verified(n, "S04").Scanned)
	_, _, bag := p.handover(n, "harvest-bag")
	require.Equal(t, bag.ID.String(), p.verified(n, "S06").Scanned)
}
