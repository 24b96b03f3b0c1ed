package release_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/material"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/release/plantest"
	"rexbatch/release/record"
)

// switched is marrow on its way from Seville to Frankfurt, signed by QA of both plants.
type switched struct {
	*journey
	sign batch.Signer
	fra  *plantest.Crew
}

func newSwitched(t *testing.T) *switched {
	t.Helper()
	j := newJourney(t)
	j.ship(t)
	crew := j.crew(j.s, j.sessions)
	j.handed(t, j.nurse, j.courier, "courier")
	b, _ := crew.State(j.number)
	st, _ := b.Current()
	require.Equal(t, "S07", st.Step.ID)
	crew.Step(j.number, st.Step)
	lane, err := j.batches.Shipments().Lane("cold-2-8")
	require.NoError(t, err)
	now := j.Clock.Now()
	sw := shipment.Switch{
		To: shipment.Place{Party: "plant", Name: "Frankfurt plant", Site: "DE-FRA"}, Lane: lane, Arrival: now.Add(6 * time.Hour), Expiry: now.Add(30 * time.Hour),
		Variant: "DE-FRA", Reason: "the clean room in Seville is down",
	}
	sign := j.asQA()
	require.NoError(t, j.batches.SwitchPlant(bg, j.qa, j.id, sw, sign, sign))
	fra := plantest.NewCrew(plantest.New(t, "de-fra", j.Clock), plantest.Load(t, "frankfurt-fresh"), "de")
	fra.Batches.FellowLogs = func(site string) []string { return map[string][]string{"ES-SVQ": {j.log.Key()}}[site] }
	return &switched{j, sign, fra}
}

func (s *switched) dossier(t *testing.T) []byte {
	t.Helper()
	file, err := s.batches.DossierOf(bg, s.number)
	require.NoError(t, err)
	return file
}

func (s *switched) takeOn(file []byte, carrier string) (string, error) {
	qa := s.fra.Who(people.QA, false)
	return s.fra.Batches.TakeOn(bg, s.fra.As(people.QA, false), batch.Taking{Dossier: file, Carrier: carrier}, s.fra.Sign(qa, people.QA))
}

// process scenario 53: the batch goes on at the other plant, with its own number and that plant's variant of the recipe; who did what at
// the first one, and the chain of custody, stand in the record there. It is made to its certificate.
func TestScenario53_TheBatchGoesOnAtTheOtherPlant(t *testing.T) {
	s := newSwitched(t)
	require.Equal(t, []string{"TR-8"}, rules(func() error { _, err := s.batches.DossierOf(bg, s.number); return err }()), "nothing was handed on yet")
	require.Equal(t, []string{"CS-66"}, rules(s.batches.HandOn(bg, s.op, s.id)))
	require.NoError(t, s.batches.HandOn(bg, s.qa, s.id))
	there := s.load(s.number)
	require.Equal(t, batch.EndSwitched, there.Ending.Cause)
	require.False(t, there.ClosedAt.IsZero())
	require.Equal(t, shipment.Closed, s.shipment(t).Status())
	require.NotEmpty(t, rules(s.batches.HandOn(bg, s.qa, s.id)), "once")

	file := s.dossier(t)
	carrier := s.fra.Who(people.Courier, false)
	number, err := s.takeOn(file, carrier)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(number, "FRA"))
	b, event := s.fra.State(number)
	require.Equal(t, s.number, b.TakenOn.Batch)
	require.Equal(t, "DE-FRA", b.Site)
	require.Equal(t, there.CoI, b.CoI)
	require.Equal(t, "DE-FRA", event.Site)
	blob, err := s.fra.Log.Blob(bg, b.TakenOn.Dossier)
	require.NoError(t, err)
	require.Equal(t, file, blob, "the dossier is kept byte for byte (I14)")
	st, _ := b.Current()
	require.Equal(t, "S08", st.Step.ID, "what was done stands as done")
	pulled, _ := b.Value("S05.last_pull_at")
	before, _ := there.Value("S05.last_pull_at")
	require.Equal(t, before.Value, pulled.Value)
	require.Equal(t, "ES-SVQ/"+before.By, pulled.By, "an account of the other plant is never taken for one of this plant")
	require.Contains(t, pulled.Ref, s.number)
	bag, ok := event.Container(s.bag.ID.String())
	require.True(t, ok)
	require.Equal(t, number, bag.Batch())
	require.Equal(t, s.bag.Label, bag.Label, "the label that is on the bag stays what it is")
	voyage, err := s.fra.Batches.Shipments().Load(bg, s.id)
	require.NoError(t, err)
	require.Equal(t, shipment.InTransit, voyage.Status())
	require.Equal(t, "es", voyage.Plan.Language, "the language of the labels stays that of the hospital")
	late, ok := b.LatestExpiry(b.Recipe)
	was, _ := there.LatestExpiry(there.Recipe)
	require.True(t, ok)
	require.Equal(t, was, late, "the expiry is computed from the collection, by the recipe here")

	_, err = s.takeOn(file, carrier)
	require.Equal(t, []string{"TR-8"}, rules(err), "taken on once")

	s.fra.Step(number, st.Step)
	s.Clock.Pass(2 * time.Hour)
	s.fra.Return()
	b, _ = s.fra.State(number)
	st, _ = b.Current()
	require.Equal(t, "S09", st.Step.ID)
	s.fra.Step(number, st.Step)
	voyage, err = s.fra.Batches.Shipments().Load(bg, s.id)
	require.NoError(t, err)
	require.Len(t, voyage.Legs, 2)
	require.Equal(t, []shipment.Flag(nil), missingLegs(voyage), "the courier is one person at both plants")
	s.fra.Values["S35"]["language"] = "es" // of the hospital, as the recipe holds
	s.fra.Play(number, "")
	b, _ = s.fra.State(number)
	found, _ := b.Exceptions()
	for _, x := range found {
		if x.Open() {
			require.Equal(t, batch.PlantChanged, x.Class, x.What)
			qa := s.fra.Who(people.QA, false)
			require.NoError(t, s.fra.Batches.Assess(bg, s.fra.As(people.QA, false), number, 0, x.ID, batch.Minor, "the record of Seville was read", s.fra.Sign(qa, people.QA)))
		}
	}
	for _, act := range []mbr.Act{mbr.ActQAReview, mbr.ActProduction, mbr.ActQuality, mbr.ActCertification, mbr.ActSponsor} {
		require.NoError(t, s.fra.Act(number, act), act)
	}
	b, _ = s.fra.State(number)
	_, certified := b.Act(mbr.ActCertification)
	require.True(t, certified)

	var signed []byte
	for ref, err := range s.fra.Release.Certificates(bg) {
		require.NoError(t, err)
		signed, _, err = s.fra.Release.Certificate(bg, ref.Number)
		require.NoError(t, err)
	}
	kept(t, "switched.pdf", signed)
	said := unspaced([]string{papertest.Text(t, signed)})
	require.Contains(t, said, s.number, "the certificate says where the collection was recorded")
	require.Contains(t, said, b.TakenOn.Dossier.String())
	require.Contains(t, said, "Spain")
	require.NotContains(t, said, "Germany", "the product goes to the hospital that ordered it")

	events, err := s.fra.Release.EPCIS(bg, b.CoI.String())
	require.NoError(t, err)
	require.Contains(t, string(events), "urn:rexbatch:entry:ES-SVQ:", "a handoff that Seville recorded is told as the entry of its log")
	source, err := record.Load(bg, s.fra.Batches, s.fra.Profile, number, func(account string) string { return account })
	require.NoError(t, err)
	pdf, err := record.Print(bg, source, record.Copy{Lang: "de", Name: "A Person", Account: "person", At: s.Clock.Now().Add(time.Minute)}, nil)
	require.NoError(t, err)
	everyEntryOnce(t, s.fra.Log, papertest.Pages(t, pdf), batch.Stream(number), chainofcustody.Stream(b.CoI))
	kept(t, number+"-record.pdf", pdf)
	blobs := func(d ledger.Digest) ([]byte, error) { return s.fra.Log.Blob(bg, d) }
	for stream, projection := range map[string]ledger.Projection{
		batch.Stream(number): batch.Projection(), chainofcustody.Stream(b.CoI): chainofcustody.Projection(), shipment.Stream(s.id): shipment.Projection(),
	} {
		docs, err := projection.Views(blobs, s.fra.Log.Stream(bg, stream, 0))
		require.NoError(t, err)
		for key, doc := range docs {
			stored, err := s.fra.Log.View(bg, key)
			if doc == nil {
				require.ErrorIs(t, err, ledger.ErrNotFound, key)
				continue
			}
			require.NoError(t, err, key)
			require.JSONEq(t, string(doc), string(stored), "%s is what a rebuild gives", key)
		}
	}
}

func missingLegs(s *shipment.Shipment) []shipment.Flag {
	var out []shipment.Flag
	for _, f := range s.Chain().Flags {
		if f.Kind == shipment.MissingLeg {
			out = append(out, f)
		}
	}
	return out
}

// I2, I14: nothing of a dossier is believed that the other plant's log does not prove.
func TestTakeOn_ADossierIsProvedOrRefused(t *testing.T) {
	s := newSwitched(t)
	require.NoError(t, s.batches.HandOn(bg, s.qa, s.id))
	file := s.dossier(t)
	refused := func(file []byte) []string {
		_, err := s.takeOn(file, "")
		return rules(err)
	}
	change := func(edit func(*batch.Dossier)) []byte {
		var d batch.Dossier
		require.NoError(t, json.Unmarshal(file, &d))
		edit(&d)
		out, err := json.Marshal(d)
		require.NoError(t, err)
		return out
	}
	require.Equal(t, []string{"I14"}, refused(nil))
	require.Equal(t, []string{"I14"}, refused(file[:len(file)/2]))
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.To = "ES-SVQ" })))
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.Proofs = d.Proofs[1:] })), "an entry is missing")
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.Proofs = d.Proofs[:len(d.Proofs)-1] })), "its end is missing")
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.Proofs[3], d.Proofs[4] = d.Proofs[4], d.Proofs[3] })))
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.Proofs[5].Entry = d.Proofs[4].Entry })), "another entry in its place")
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.Files = d.Files[1:] })), "a file is missing")
	require.Equal(t, []string{"I14"}, refused(change(func(d *batch.Dossier) { d.Files[0] = bytes.ToUpper(d.Files[0]) })))
	s.fra.Batches.FellowLogs = func(string) []string { return []string{s.fra.Log.Key()} }
	require.Equal(t, []string{"I2"}, refused(file), "the log is not known here")
}

// What the other plant learns later, such as what a phone delivers late, comes with its dossier fetched again; nothing comes twice.
func TestTakeOn_WhatComesLateIsCarriedOn(t *testing.T) {
	s := newSwitched(t)
	require.NoError(t, s.batches.HandOn(bg, s.qa, s.id))
	number, err := s.takeOn(s.dossier(t), "")
	require.NoError(t, err)
	require.NoError(t, s.batches.Shipments().Change(bg, s.courier, s.id, func(x *shipment.Shipment, now time.Time) ([]ledger.Draft, [][]byte, *ledger.Refusal, error) {
		return x.Deliver(shipment.Online(
			shipment.Holder{Party: "courier", Account: s.courier.Account}, shipment.Holder{Party: "courier", Account: "another"}, now, now, chainofcustody.Handover{Container: s.bag.ID.String(), Seals: seals, Place: "motorway"}, seals)), nil, nil, nil
	}))
	again, err := s.takeOn(s.dossier(t), "")
	require.NoError(t, err)
	require.Equal(t, number, again)
	voyage, err := s.fra.Batches.Shipments().Load(bg, s.id)
	require.NoError(t, err)
	require.Len(t, voyage.Legs, 2)
	require.Equal(t, "ES-SVQ/another", voyage.Chain().Holder().Account)
	_, err = s.takeOn(s.dossier(t), "")
	require.Equal(t, []string{"TR-8"}, rules(err), "nothing new")
}

// What the first plant finds later against what it did reaches the other one with its dossier: as an exception, and as a hold where it
// holds the batch there; QA's signature and the later dossier are kept.
func TestTakeOn_WhatIsFoundLaterHoldsTheBatchHere_AT20(t *testing.T) {
	s := newSwitched(t)
	require.NoError(t, s.batches.HandOn(bg, s.qa, s.id))
	number, err := s.takeOn(s.dossier(t), "")
	require.NoError(t, err)
	b, _ := s.fra.State(number)
	st, _ := b.Step("S03")
	require.NotEmpty(t, st.Lots, "what went in is found from the batch that is made (AT-20)")
	require.NotEmpty(t, st.Lots[0].By)
	require.Contains(t, st.Lots[0].By, "ES-SVQ/")
	lot := st.Lots[0].Lot
	traced, err := s.fra.Release.Trace(bg, lot, trace.Lot)
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(traced), number)

	n, err := material.ParseNumber(lot)
	require.NoError(t, err)
	require.NoError(t, s.batches.Materials().Block(bg, s.qa, n, 0, "recalled by its maker"))
	later := s.dossier(t)
	again, err := s.takeOn(later, "")
	require.NoError(t, err)
	require.Equal(t, number, again)
	b, _ = s.fra.State(number)
	h, held := b.Held()
	require.True(t, held, "what holds it there holds it here")
	require.Equal(t, batch.HoldLot, h.Cause)
	require.Len(t, b.TakenOn.Renewed, 1)
	require.Equal(t, ledger.DigestOf(later), b.TakenOn.Renewed[0].Dossier)
	require.NotEmpty(t, b.TakenOn.Renewed[0].Findings)
	kept, err := s.fra.Log.Blob(bg, ledger.DigestOf(later))
	require.NoError(t, err)
	require.Equal(t, later, kept)
	_, err = s.takeOn(later, "")
	require.Equal(t, []string{"TR-8"}, rules(err), "nothing new")
}

// A result of the patient's blood that comes after the switch is entered where the product is made, and stands on its labels.
func TestTakeOn_ALateSerologyIsEnteredHere(t *testing.T) {
	s := newSwitched(t)
	require.NoError(t, s.batches.HandOn(bg, s.qa, s.id))
	number, err := s.takeOn(s.dossier(t), "")
	require.NoError(t, err)
	there := s.load(s.number)
	investigator := s.by(s.s, s.sessions, people.Investigator)
	require.Equal(t, []string{"TR-8"}, rules(s.batches.Correct(bg, investigator, s.number, 0, "S02", "hiv", batch.Input{Text: "pos"}, "the laboratory telephoned")), "no more where it was handed on")
	require.Empty(t, there.Warnings())
	require.NoError(t, s.fra.Batches.Correct(bg, s.fra.As(people.Investigator, false), number, 0, "S02", "hiv", batch.Input{Text: "pos"}, "the laboratory telephoned"))
	b, _ := s.fra.State(number)
	require.NotEmpty(t, b.Warnings(), "BIOHAZARD")
	require.Equal(t, []string{"TR-8"}, rules(s.fra.Batches.Correct(bg, s.fra.As(people.Nurse, false), number, 0, "S06", "seals", batch.Input{Text: "3"}, "counted again")), "what else was done there stays")
}

// Nothing half done goes on, nothing that somebody else has, nothing twice.
func TestHandOn_WhatIsRefused_I6(t *testing.T) {
	s := newSwitched(t)
	investigator := s.by(s.s, s.sessions, people.Investigator)
	require.NoError(t, s.batches.Correct(bg, investigator, s.number, 0, "S02", "hiv", batch.Input{Text: "pos"}, "the laboratory telephoned"))
	require.Equal(t, []string{"CS-65"}, rules(s.batches.HandOn(bg, s.qa, s.id)), "S02 waits for its second person: its warning would be lost")

	s = newSwitched(t)
	s.handed(t, s.courier, s.op, "plant")
	require.Equal(t, []string{"I6"}, rules(s.batches.HandOn(bg, s.qa, s.id)), "the plant that gives it up has the box")

	s = newSwitched(t)
	require.NoError(t, s.batches.HandOn(bg, s.qa, s.id))
	b := s.load(s.number)
	h := chainofcustody.Handover{Container: s.bag.ID.String(), Seals: seals, Place: "dock"}
	require.Equal(t, []string{"TR-8"}, rules(s.batches.Give(bg, s.courier, b.CoI, h, "plant", s.bag.Label)), "it changes hands where it is recorded")
	_, err := s.takeOn(s.dossier(t), "no-such-account")
	require.Equal(t, []string{"I6"}, rules(err))
	_, err = s.takeOn(s.dossier(t), s.fra.Who(people.Operator, false))
	require.Equal(t, []string{"I6"}, rules(err), "an operator carries nothing")
	number, err := s.takeOn(s.dossier(t), "")
	require.NoError(t, err)
	lane, err := s.fra.Batches.Shipments().Lane("cold-2-8")
	require.NoError(t, err)
	now := s.Clock.Now()
	back := shipment.Switch{To: shipment.Place{Party: "plant", Name: "Seville", Site: "ES-SVQ"}, Lane: lane, Arrival: now.Add(6 * time.Hour), Variant: "ES-SVQ", Reason: "the other way round"}
	sign := s.fra.Sign(s.fra.Who(people.QA, false), people.QA)
	require.Equal(t, []string{"TR-8"}, rules(s.fra.Batches.SwitchPlant(bg, s.fra.As(people.QA, false), s.id, back, sign, sign)), "once")
	require.NotEmpty(t, number)
}
