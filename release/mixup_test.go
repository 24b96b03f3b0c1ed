package release_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/phone/phonetest"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/plantest"
)

// frozen are the holds for a mix-up that stand on a batch.
func (p *plant) frozen(number string) []batch.Hold {
	return slices.DeleteFunc(slices.Clone(p.load(number).Holds), func(h batch.Hold) bool { return h.Cause != batch.HoldIdentity || h.LetGo != "" })
}

// process scenario 1: the wristband of another patient before the needle. Both orders freeze, a critical incident opens on
// both, both hospitals are told, and nothing goes on before the incident is investigated and approved.
func TestWrongPatientHarvested_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S04")
	other := p.otherBatch(s, ss)
	physician, nurse, qa := p.by(s, ss, people.Physician), p.by(s, ss, people.Nurse), p.by(s, ss, people.QA)
	require.NoError(t, p.batches.Start(bg, physician, number, 0, "S04"))
	wrong := p.labelOf(other, string(chainofcustody.Wristband))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, physician, number, 0, "S04", "wristband_scan", wrong)))
	for of, with := range map[string]string{number: other, other: number} {
		holds := p.frozen(of)
		require.Len(t, holds, 1, of)
		require.Equal(t, p.load(with).CoI.String(), holds[0].Ref)
		require.Equal(t, []string{"AT-59"}, rules(p.batches.LetGoOn(bg, qa, of, 0, holds[0].ID, "it was a slip of the hand")), "not before the incident is approved")
		b := p.load(of)
		require.True(t, slices.ContainsFunc(b.Deviations, func(d *batch.Deviation) bool {
			return slices.Contains(d.Exceptions, "on-hold:"+holds[0].ID) && d.ByRule
		}))

		h, untold := b.Untold()
		require.True(t, untold, "the hospital is told")
		require.Equal(t, []string{"AT-11"}, rules(p.batches.ReadHold(bg, p.by(s, ss, people.Operator), of, 0, h.ID)), "for itself")
		require.NoError(t, p.batches.ReadHold(bg, nurse, of, 0, h.ID))
		require.Equal(t, []string{"AT-11"}, rules(p.batches.ReadHold(bg, nurse, of, 0, h.ID)))
		_, untold = p.load(of).Untold()
		require.False(t, untold)
	}
	require.Equal(t, []string{"AT-59"}, rules(p.batches.Start(bg, physician, other, 0, "S04")), "the other patient is not harvested either")

	d := p.load(number).Deviations[len(p.load(number).Deviations)-1]
	require.Equal(t, []string{"AT-59"}, rules(p.batches.Classify(bg, qa, number, 0, d.Number, batch.Major, "2026-12-24")), "it is critical")
	require.NoError(t, p.batches.Classify(bg, qa, number, 0, d.Number, batch.Critical, "2026-12-24"))
	require.NoError(t, p.batches.Investigate(bg, p.by(s, ss, people.ProductionLead), number, 0, d.Number, "the wristband of the next bed was scanned", "none, before any needle", ""))
	require.NoError(t, p.batches.Approve(bg, qa, number, 0, d.Number, p.signer(ss[s.who(people.QA, false)], people.QA)))
	require.NoError(t, p.batches.LetGoOn(bg, qa, number, 0, p.frozen(number)[0].ID, "the patients were told apart, see the incident"))
	require.NoError(t, p.batches.Scan(bg, physician, number, 0, "S04", "wristband_scan", p.labelOf(number, string(chainofcustody.Wristband))))
	require.Len(t, p.frozen(other), 1, "each is decided for itself")
}

// The second person's own scan finds it as well, and the same label read twice is one incident.
func TestWrongWristbandOfTheSecondPersonFreezesBoth_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S04")
	other := p.otherBatch(s, ss)
	st, _ := p.load(number).Step("S04")
	p.crew(s, ss).Perform(number, st.Step)
	require.NoError(t, p.batches.Complete(bg, p.by(s, ss, people.Physician), number, 0, "S04"))
	wrong := p.labelOf(other, string(chainofcustody.Wristband))
	nurse := ss[s.who(people.Nurse, false)]
	for range 2 {
		require.Equal(t, []string{"I4"}, rules(p.confirm(nurse, people.Nurse, number, "S04", wrong)))
	}
	require.Len(t, p.frozen(number), 1)
	require.Len(t, p.frozen(other), 1)
}

// A label of another patient at a step inside the plant stops that step alone: there the material was received as whose it is.
func TestWrongBagAtTheBenchFreezesNobody_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S19")
	other := p.otherBatch(s, ss)
	op := p.by(s, ss, people.Operator)
	require.NoError(t, p.batches.Start(bg, op, number, 0, "S19"))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, op, number, 0, "S19", "bag_scan", p.labelOf(other, string(chainofcustody.Wristband)))))
	require.Empty(t, p.frozen(number))
	require.Empty(t, p.frozen(other))
}

// At the receipt of a shipment: whose bag it is has an order that freezes too, and nobody accepts the box.
func TestAnotherPatientsBagInTheBoxFreezesBoth_1(t *testing.T) {
	j := newJourney(t)
	other := j.otherBatch(j.s, j.sessions)
	j.playTo(j.s, other, j.sessions, "S07")
	j.arrive(t)
	require.Equal(t, []string{"I4"}, rules(j.batches.ReceiveShipment(bg, j.op, j.id, []string{j.labelOf(other, "harvest-bag")}, j.inspection())))
	require.Len(t, j.frozen(j.number), 1)
	require.Len(t, j.frozen(other), 1)
}

// Whatever is made of the other patient's material freezes: a further harvest at the needle, and what was split (scenarios 5 and 7).
func TestMixUpFreezesFurtherHarvestsAndChildren_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S04")
	other := p.open(s, ss, "3401-002", "S15")
	coordinator := ss[s.who(people.Coordinator, false)]
	second, err := p.batches.OpenFurther(bg, p.by(s, ss, people.Coordinator), p.load(other).CoI, batch.Supplements, "too few cells in the first harvest", p.signer(coordinator, people.Coordinator))
	require.NoError(t, err)
	ml := func(n int64) quantity.Quantity { return quantity.New(n, -1, "mL") }
	children, err := p.batches.Split(bg, p.by(s, ss, people.ProductionLead), other, 0, []quantity.Quantity{ml(500), ml(515)}, ml(0), "two lots of kits")
	require.NoError(t, err)
	require.NoError(t, p.batches.Start(bg, p.by(s, ss, people.Physician), number, 0, "S04"))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, p.by(s, ss, people.Physician), number, 0, "S04", "wristband_scan", p.labelOf(other, string(chainofcustody.Wristband)))))
	for _, of := range append(children, number, second) {
		require.Len(t, p.frozen(of), 1, of)
	}
	require.Empty(t, p.frozen(other), "what was split is its children now")
}

// The hand-over from the ward is where a swap shows first.
func TestMixUpAtAHandoffFreezesBoth_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S07")
	other := p.otherBatch(s, ss)
	p.playTo(s, other, ss, "S07")
	coi, h, c := p.handover(number, "harvest-bag")
	require.NoError(t, p.batches.Give(bg, p.by(s, ss, people.Nurse), coi, h, chainofcustody.Courier, c.Label))
	require.Equal(t, []string{"I4"}, rules(p.batches.Accept(bg, p.by(s, ss, people.Courier), coi, h, p.labelOf(other, "harvest-bag"))))
	require.Len(t, p.frozen(number), 1)
	require.Len(t, p.frozen(other), 1)
}

// No single assessment closes an incident: it would end as a hold that nobody can lift.
func TestIncidentIsNotAssessedAway_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S04")
	other := p.otherBatch(s, ss)
	require.NoError(t, p.batches.Start(bg, p.by(s, ss, people.Physician), number, 0, "S04"))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, p.by(s, ss, people.Physician), number, 0, "S04", "wristband_scan", p.labelOf(other, string(chainofcustody.Wristband)))))
	require.Equal(t, []string{"AT-59"}, rules(p.assess(s, ss, other, "on-hold:"+p.frozen(other)[0].ID)))
	b := p.load(other)
	require.False(t, b.Closed(b.Deviations[len(b.Deviations)-1]))
}

// Each hospital reads for its own patient.
func TestIncidentIsReadByThePatientsOwnHospital_1(t *testing.T) {
	p, s, ss, number := upTo(t, "S04")
	other := p.otherBatch(s, ss)
	staff := func(username, hospital string) ledger.Author {
		_, once, err := p.Staff.Create(bg, people.System("test"), people.NewAccount{Username: username, Name: "Person " + username, Lang: "es", Roles: []people.Role{people.Coordinator}, Hospital: hospital})
		require.NoError(t, err)
		require.NotEmpty(t, once)
		return ledger.Author{Account: username, Role: string(people.Coordinator), Terminal: plantest.Terminal}
	}
	of := map[string]ledger.Author{number: staff("una", "ES01"), other: staff("dos", "ES02")}
	for n, by := range of {
		require.NoError(t, p.Vault.Enrol(bg, by, p.load(n).Subject, vault.Identity{Number: "NHC " + n, Family: "Ruiz " + by.Account, Given: "Ana", Birth: "1950-01-02", Country: "ES"}))
	}
	require.NoError(t, p.batches.Start(bg, p.by(s, ss, people.Physician), number, 0, "S04"))
	require.Equal(t, []string{"I4"}, rules(p.batches.Scan(bg, p.by(s, ss, people.Physician), number, 0, "S04", "wristband_scan", p.labelOf(other, string(chainofcustody.Wristband)))))
	for n, with := range map[string]string{number: other, other: number} {
		h := p.frozen(n)[0].ID
		require.Equal(t, []string{"I12"}, rules(p.batches.ReadHold(bg, of[with], n, 0, h)), "not by the other hospital")
		require.NoError(t, p.batches.ReadHold(bg, of[n], n, 0, h))
	}
}

// handset is a phone of a person on the way, by whom it was enrolled.
type handset struct {
	*phonetest.Handset
	pass     people.Pass
	enrolled people.Phone
}

// handset enrols a phone for the shipment.
func (j *journey) handset(t *testing.T, role people.Role) *handset {
	t.Helper()
	_, secrets, err := j.Staff.IssuePass(bg, j.by(j.s, j.sessions, people.Logistics), people.NewPass{
		Account: j.s.who(role, false), Role: role, Scope: shipment.Stream(j.id), Until: j.Clock.Now().Add(48 * time.Hour)})
	require.NoError(t, err)
	h := &handset{Handset: phonetest.New(t, "")}
	h.pass, h.enrolled, err = j.Staff.EnrolPhone(bg, secrets.Token, secrets.PIN, h.Public(t))
	require.NoError(t, err)
	h.ID = h.enrolled.ID
	return h
}

// sign writes an event of the shipment; it is delivered later.
func (j *journey) sign(t *testing.T, h *handset, kind phone.Kind, scanned string, said map[string]any) phone.Envelope {
	return h.Write(t, map[string]any{
		"kind": kind, "shipment": string(j.id), "scanned": scanned, "seals": seals, "place": "dock", "at": j.Clock.Now().Format("2006-01-02T15:04:05.000Z"), "bound_ms": 800,
	}, said)
}

// deliver brings events of a phone to the plant; each is kept.
func (j *journey) deliver(t *testing.T, h *handset, events ...phone.Envelope) {
	t.Helper()
	book := &phone.Book{Log: j.Log, People: j.Staff, Clock: j.Clock.Now}
	book.Moves = j.batches.Phoned(book, j.Staff)
	answers, err := book.Deliver(bg, h.pass, h.enrolled, 0, events)
	require.NoError(t, err)
	for _, a := range answers {
		require.NoError(t, a.Err)
	}
}

// incidents are the deviations that rule opened for the holds of a mix-up on a batch.
func (p *plant) incidents(number string) int {
	n := 0
	b := p.load(number)
	for _, h := range b.Holds {
		if h.Cause == batch.HoldIdentity && slices.ContainsFunc(b.Deviations, func(d *batch.Deviation) bool { return d.ByRule && slices.Contains(d.Exceptions, "on-hold:"+h.ID) }) {
			n++
		}
	}
	return n
}

// A phone reads another patient's bag where nobody sees it, and tells late: as at a terminal, both freeze, and once (scenario 1).
func TestMixUpThatAPhoneReadFreezesBothOnce_1(t *testing.T) {
	shipped := func(t *testing.T) (*journey, string) {
		j := newJourney(t)
		other := j.otherBatch(j.s, j.sessions)
		j.playTo(j.s, other, j.sessions, "S07")
		j.ship(t)
		return j, other
	}
	for name, tell := range map[string]func(t *testing.T, j *journey, wrong string){
		"the courier's scan, delivered twice": func(t *testing.T, j *journey, wrong string) {
			h := j.handset(t, people.Courier)
			scan := j.sign(t, h, phone.Scan, wrong, nil)
			j.deliver(t, h, scan)
			j.deliver(t, h, scan)
		},
		"the giver's scan, which the receiver's phone brings first": func(t *testing.T, j *journey, wrong string) {
			nurse, courier := j.handset(t, people.Nurse), j.handset(t, people.Courier)
			give := j.sign(t, nurse, phone.Give, wrong, nil)
			j.deliver(t, courier, j.sign(t, courier, phone.Take, j.bag.Label, map[string]any{"given": give}))
			j.goOn(t)
			j.deliver(t, nurse, give)
		},
		"the giver's scan, which the receiver's phone brings again": func(t *testing.T, j *journey, wrong string) {
			nurse, courier := j.handset(t, people.Nurse), j.handset(t, people.Courier)
			give := j.sign(t, nurse, phone.Give, wrong, nil)
			j.deliver(t, nurse, give)
			j.goOn(t)
			j.deliver(t, courier, j.sign(t, courier, phone.Take, j.bag.Label, map[string]any{"given": give}))
		},
		"a scan of a phone whose pass was ended meanwhile": func(t *testing.T, j *journey, wrong string) {
			h := j.handset(t, people.Courier)
			scan := j.sign(t, h, phone.Scan, wrong, nil)
			_, err := j.Staff.RevokePass(bg, j.by(j.s, j.sessions, people.Logistics), h.pass.ID, people.Why{Reason: "another courier took over"})
			require.NoError(t, err)
			j.deliver(t, h, scan)
		},
	} {
		t.Run(name, func(t *testing.T) {
			j, other := shipped(t)
			tell(t, j, j.labelOf(other, "harvest-bag"))
			require.Equal(t, 1, j.incidents(j.number))
			require.Equal(t, 1, j.incidents(other))
		})
	}
}

// goOn lets the batch of the shipment go on, as when its incident was investigated.
func (j *journey) goOn(t *testing.T) {
	t.Helper()
	holds := j.frozen(j.number)
	require.Len(t, holds, 1)
	b := j.load(j.number)
	d := b.Deviations[len(b.Deviations)-1]
	require.NoError(t, j.batches.Classify(bg, j.qa, j.number, 0, d.Number, batch.Critical, "2026-12-24"))
	require.NoError(t, j.batches.Investigate(bg, j.by(j.s, j.sessions, people.ProductionLead), j.number, 0, d.Number, "two bags stood on one trolley", "none, the bag was found", ""))
	require.NoError(t, j.batches.Approve(bg, j.qa, j.number, 0, d.Number, j.signer(j.sessions[j.s.who(people.QA, false)], people.QA)))
	require.NoError(t, j.batches.LetGoOn(bg, j.qa, j.number, 0, holds[0].ID, "the bags were told apart, see the incident"))
}

// What a phone read of the shipment's own patient, of nobody who is known here, or of no patient at all freezes nobody.
func TestLabelOfNoTreatmentHereFreezesNobodyOnTheWay_1(t *testing.T) {
	j := newJourney(t)
	other := j.otherBatch(j.s, j.sessions)
	j.ship(t)
	h := j.handset(t, people.Courier)
	elsewhere, err := isbt128.ParseCoI("CHA999926999999")
	require.NoError(t, err)
	for _, raw := range []string{j.bag.Label, j.load(j.number).CoI.Label(), elsewhere.Label(), "=A99992699999900", "BOX-7", "4006381333931"} {
		j.deliver(t, h, j.sign(t, h, phone.Scan, raw, nil))
	}
	require.Empty(t, j.frozen(j.number))
	require.Empty(t, j.frozen(other))
}
