package release_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/epcis"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/chainofcustody/trace"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
	"rexbatch/release/record"
	"rexbatch/testdata/schema"
)

// journey is a shipment of the marrow of one batch in a plant with the real parts.
type journey struct {
	*plant
	s                      scenario
	sessions               map[string]people.Session
	number                 string
	id                     shipment.ID
	bag                    *chainofcustody.Container
	nurse, courier, op, qa ledger.Author
	packed                 time.Time
}

// seals is what giver and receiver both read.
var seals = []string{"A1", "A2"}

func newJourney(t *testing.T) *journey {
	t.Helper()
	p, s, sessions, number := upTo(t, "S07")
	j := &journey{plant: p, s: s, sessions: sessions, number: number}
	j.nurse, j.courier, j.op, j.qa = p.by(s, sessions, people.Nurse), p.by(s, sessions, people.Courier), p.by(s, sessions, people.Operator), p.by(s, sessions, people.QA)
	p.Install(s.Scenario, "temperature-logger", "LOG-77")
	_, event, err := p.batches.LoadWithEvent(context.Background(), number)
	require.NoError(t, err)
	j.bag = event.OfKind("harvest-bag")[0]
	return j
}

func (j *journey) order() batch.ShipmentOrder {
	now := j.Clock.Now()
	return batch.ShipmentOrder{
		Batch: j.number, Direction: shipment.ToPlant, Lane: "cold-2-8", Box: "BOX-7", Logger: "log-77", Config: "CFG-2-8", Hospital: "Hospital, ward 3", Language: "es",
		Pickup: now, Arrival: now.Add(3 * time.Hour), UseBy: now.Add(24 * time.Hour),
	}
}

func (j *journey) ship(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	var err error
	j.id, err = j.batches.PlanShipment(ctx, j.op, j.order())
	require.NoError(t, err)
	require.NoError(t, j.batches.PackShipment(ctx, j.nurse, j.id, []string{j.bag.Label}, seals, "ward 3"))
	j.packed = j.Clock.Now()
}

// handed lets one side give the bag by a scan and the other take it by a scan.
func (j *journey) handed(t *testing.T, from, to ledger.Author, party chainofcustody.Party) {
	t.Helper()
	ctx := context.Background()
	b := j.load(j.number)
	h := chainofcustody.Handover{Container: j.bag.ID.String(), Seals: seals, Place: "dock"}
	require.NoError(t, j.batches.Give(ctx, from, b.CoI, h, party, j.bag.Label))
	require.NoError(t, j.batches.Accept(ctx, to, b.CoI, h, j.bag.Label))
}

func (j *journey) arrive(t *testing.T) {
	t.Helper()
	j.ship(t)
	j.handed(t, j.nurse, j.courier, chainofcustody.Courier)
	j.Clock.Pass(2 * time.Hour)
	j.handed(t, j.courier, j.op, chainofcustody.Plant)
}

func (j *journey) shipment(t *testing.T) *shipment.Shipment {
	t.Helper()
	s, err := j.batches.Shipments().Load(context.Background(), j.id)
	require.NoError(t, err)
	return s
}

// sheet is a logger file from packing until now, at those tenths of a degree in turn.
func (j *journey) sheet(serial string, tenths ...int) []byte {
	var s strings.Builder
	fmt.Fprintf(&s, "# rexbatch-temperature: 1\n# serial: %s\n# interval_min: 5\ntime,temperature_C\n", serial)
	for i, at := 0, j.packed.Add(-5*time.Minute); at.Before(j.Clock.Now()); i, at = i+1, at.Add(5*time.Minute) {
		v := tenths[i%len(tenths)]
		fmt.Fprintf(&s, "%s,%d.%d\n", at.UTC().Format(time.RFC3339), v/10, v%10)
	}
	return []byte(s.String())
}

// asQA lets somebody of QA sign in now: the sessions of the morning have ended.
func (j *journey) asQA() batch.Signer {
	session := j.Hire("quirina", "Quirina Alba", "es", people.QA)
	j.qa = j.author(session, people.QA)
	return j.signer(session, people.QA)
}

// printed is the text of the printed record.
func (j *journey) printed(t *testing.T, lang string) string {
	t.Helper()
	source, err := record.Load(context.Background(), j.batches, j.Profile, j.number, func(account string) string { return account })
	require.NoError(t, err)
	pdf, err := record.Print(context.Background(), source, record.Copy{Lang: lang, Name: "A Person", Account: "person", At: j.Clock.Now()}, nil)
	require.NoError(t, err)
	return strings.Join(strings.Fields(papertest.Text(t, pdf)), " ")
}

func (j *journey) inspection() shipment.Inspection {
	return shipment.Inspection{Box: "BOX-7", Seals: seals, SealsOK: true}
}

func TestShipment_TR6_BothSidesScanAndTheChainIsWhole(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.arrive(t)
	s := j.shipment(t)
	require.Equal(t, shipment.Delivered, s.Status())
	require.True(t, s.Chain().Whole())
	require.Empty(t, s.Chain().Flags)
	require.Len(t, s.Legs, 2)
	require.Equal(t, seals, s.Legs[0].Seals)
	require.NoError(t, j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.bag.Label}, j.inspection()))
	require.NoError(t, j.batches.ReadLogger(ctx, j.op, j.id, shipment.File{Name: "run.csv", Text: j.sheet("LOG-77", 45, 46)}))
	require.NoError(t, j.batches.CloseShipment(ctx, j.op, j.id, ""))
	require.Equal(t, shipment.Closed, j.shipment(t).Status())
	_, held := j.load(j.number).Held()
	require.False(t, held)
	kept, err := j.log.Blob(ctx, j.shipment(t).Imports[0].File)
	require.NoError(t, err)
	require.Contains(t, string(kept), "LOG-77", "the file is kept byte for byte")
	sheets, err := j.batches.Shipments().List(ctx)
	require.NoError(t, err)
	require.Equal(t, []shipment.Sheet{j.shipment(t).Sheet()}, sheets)
}

func TestShipment_I4_TheGiverScansWhatIsInTheBox(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	require.Equal(t, []string{"I4"}, rules(func() error {
		id, err := j.batches.PlanShipment(ctx, j.op, j.order())
		require.NoError(t, err)
		other := j.otherBatch(j.s, j.sessions)
		return j.batches.PackShipment(ctx, j.nurse, id, []string{j.labelOf(other, "harvest-bag")}, seals, "ward 3")
	}()), "another patient's bag is not packed")
	require.Len(t, j.ofClass(j.number, batch.Identity), 1, "and it is an exception of the batch")
	j.ship(t)
	h := chainofcustody.Handover{Container: j.bag.ID.String(), Seals: seals, Place: "dock"}
	require.NotEmpty(t, rules(j.batches.Give(ctx, j.nurse, j.load(j.number).CoI, h, chainofcustody.Courier, "")), "without a scan nothing is given")
}

func TestShipment_I10_NoProductLeavesBeforeCertificationAndSponsorRelease(t *testing.T) {
	j := newJourney(t)
	o := j.order()
	o.Direction = shipment.ToHospital
	_, err := j.batches.PlanShipment(context.Background(), j.op, o)
	require.Equal(t, []string{"I10"}, rules(err))
}

func TestShipment_TR3_LoggerOutOfCalibrationIsRefused(t *testing.T) {
	j := newJourney(t)
	o := j.order()
	o.Logger = "LOG-78"
	_, err := j.batches.PlanShipment(context.Background(), j.op, o)
	require.Error(t, err, "a logger that the plant does not know")
	j.Clock.Pass(200 * 24 * time.Hour)
	o = j.order()
	_, err = j.batches.PlanShipment(context.Background(), j.op, o)
	require.NotEmpty(t, rules(err))
}

// process scenario 17: the batch is held, both sides are told, the control of the start material goes on, QA decides with
// the viability before them.
func TestScenario17_ExcursionHoldsTheBatchUntilQADecides(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.arrive(t)
	require.NoError(t, j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.bag.Label}, j.inspection()))
	require.NoError(t, j.batches.ReadLogger(ctx, j.op, j.id, shipment.File{Name: "run.csv", Text: j.sheet("LOG-77", 45, 123, 124, 121)}))
	h, held := j.load(j.number).Held()
	require.True(t, held)
	require.Equal(t, batch.HoldExcursion, h.Cause)
	require.Equal(t, string(j.id), h.Ref)
	require.Contains(t, h.What, "12.4")
	require.Len(t, j.ofClass(j.number, batch.OnHold), 1)
	s := j.shipment(t)
	require.Len(t, s.Unread(), 2)
	require.NoError(t, j.batches.TellShipment(ctx, j.nurse, j.id, "excursion"))
	require.NoError(t, j.batches.TellShipment(ctx, j.op, j.id, "excursion"))
	require.Empty(t, j.shipment(t).Unread())
	decision := shipment.Decision{Verdict: shipment.UseOn, Reason: "covered by the stability study", Stability: "STAB-REX-003"}
	sign := j.asQA()
	require.NotEmpty(t, rules(j.batches.DecideExcursion(ctx, j.op, j.id, decision, sign)), "QA decides, for themselves")
	require.NoError(t, j.batches.DecideExcursion(ctx, j.qa, j.id, decision, sign))
	_, held = j.load(j.number).Held()
	require.False(t, held, "the batch goes on")
	require.Equal(t, "not measured yet", j.shipment(t).Excursion.Decision.Viability, "what was known of the cells stands in the decision")
	require.Empty(t, j.shipment(t).Held())
}

// process scenario 18: the file of another logger is refused, and kept.
func TestScenario18_FileOfAnotherLoggerIsKeptAsEvidence(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.arrive(t)
	text := j.sheet("LOG-99", 45)
	require.Equal(t, []string{"TR-9"}, rules(j.batches.ReadLogger(ctx, j.op, j.id, shipment.File{Name: "run.csv", Text: text})))
	kept, err := j.log.Blob(ctx, ledger.DigestOf(text))
	require.NoError(t, err)
	require.Equal(t, text, kept)
	_, held := j.load(j.number).Held()
	require.False(t, held, "it says nothing of this material")
}

// process scenarios 2 and 10, and a broken seal: received into quarantine; QA resolves it, signed.
func TestReceipt_AT12_QuarantineHoldsTheBatch(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.arrive(t)
	in := j.inspection()
	in.SealsOK, in.Missing = false, []shipment.Element{shipment.ElementCollected}
	require.NoError(t, j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.bag.Label}, in))
	h, held := j.load(j.number).Held()
	require.True(t, held)
	require.Equal(t, batch.HoldTransport, h.Cause)
	require.Contains(t, h.What, "broken-seal")
	require.Contains(t, h.What, "label-incomplete collected_at")
	sign := j.asQA()
	resolve := func() error {
		return j.batches.ResolveShipment(ctx, j.qa, j.id, shipment.Accepted, "the hospital confirmed the date of collection", sign)
	}
	require.Equal(t, []string{"AT-12"}, rules(resolve()), "the hospital has not confirmed it yet")
	elements := []shipment.Element{shipment.ElementCollected}
	require.Equal(t, []string{"AT-12"}, rules(j.batches.ConfirmLabel(ctx, j.qa, j.id, elements, "collected at 08:40", func(ctx context.Context, _ people.Meaning, shown ledger.Digest) (people.Signed, error) {
		return sign(ctx, people.Assessed, shown)
	})), "not by the plant")
	session := j.Hire("nora", "Nora Vega", "es", people.Nurse)
	require.NoError(t, j.batches.ConfirmLabel(ctx, j.author(session, people.Nurse), j.id, elements, "collected at 08:40", j.signer(session, people.Nurse)))
	require.NoError(t, resolve())
	_, held = j.load(j.number).Held()
	require.False(t, held)
}

func TestReceipt_I4_AnotherPatientsBagIsAStopThatNobodyAccepts(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	other := j.otherBatch(j.s, j.sessions)
	j.arrive(t)
	require.Equal(t, []string{"I4"}, rules(j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.labelOf(other, "harvest-bag")}, j.inspection())))
	require.Equal(t, shipment.Received, j.shipment(t).Status(), "it is here all the same")
	h, held := j.load(j.number).Held()
	require.True(t, held)
	require.Equal(t, batch.HoldIdentity, h.Cause)
	sign := j.asQA()
	require.Equal(t, []string{"I4"}, rules(j.batches.ResolveShipment(ctx, j.qa, j.id, shipment.Accepted, "looks the same to me", sign)))
}

// process scenario 10: what this plant does not expect goes into quarantine, with the plant to which it belongs.
func TestScenario10_NotExpectedHere(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	expected := func(f isbt128.FIN) string { return map[string]string{"A9998": "DE-FRA"}[f.String()] }
	_, err := j.batches.UnexpectedArrival(ctx, j.op, j.bag.Label, "shelf Q1", expected)
	require.Equal(t, []string{"TR-8"}, rules(err), "its own material is expected")
	fin, err := isbt128.NewFIN("A9998")
	require.NoError(t, err)
	coi, err := isbt128.NewCoI(fin, 26, 7)
	require.NoError(t, err)
	id, err := j.batches.UnexpectedArrival(ctx, j.op, coi.Label(), "shelf Q1", expected)
	require.NoError(t, err)
	s, err := j.batches.Shipments().Load(ctx, id)
	require.NoError(t, err)
	require.Equal(t, "DE-FRA", s.Unplanned.Expected)
	sign := j.asQA()
	require.NoError(t, j.batches.ResolveShipment(ctx, j.qa, id, shipment.Rerouted, "sent on to Frankfurt by courier", sign))
	s, err = j.batches.Shipments().Load(ctx, id)
	require.NoError(t, err)
	require.Equal(t, shipment.Rerouted, s.Resolved.How)
}

// process scenario 16: stored out of hours; the latest start of the work is shown.
func TestScenario16_OutOfHoursIsStored(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.arrive(t)
	in := j.inspection()
	in.OnCall = true
	require.NoError(t, j.batches.ReceiveShipment(ctx, j.op, j.id, []string{j.bag.Label}, in))
	require.NoError(t, j.batches.StoreShipment(ctx, j.op, j.id, "fridge 2", quantity.MustParse("4.1", "degC")))
	sheet := j.shipment(t).Sheet()
	require.True(t, sheet.OnCall)
	require.Equal(t, sheet.Expiry.Add(-7*time.Hour), sheet.Latest)
	_, held := j.load(j.number).Held()
	require.False(t, held, "the work begins when somebody is there")
}

// process scenario 53: both plants' QA sign over the same; here one directory stands for both.
func TestScenario53_PlantSwitchIsSignedByBothPlants(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.ship(t)
	j.handed(t, j.nurse, j.courier, chainofcustody.Courier)
	lane, err := j.batches.Shipments().Lane("ambient-15-25")
	require.NoError(t, err)
	now := j.Clock.Now()
	sw := shipment.Switch{
		To: shipment.Place{Party: chainofcustody.Plant, Name: "Frankfurt plant", Site: "DE-FRA"}, Lane: lane, Arrival: now.Add(6 * time.Hour), Expiry: now.Add(30 * time.Hour),
		Variant: "DE-FRA", Reason: "the clean room in Seville is down",
	}
	sign := j.asQA()
	elsewhere := func(ctx context.Context, m people.Meaning, _ ledger.Digest) (people.Signed, error) {
		return sign(ctx, m, ledger.DigestOf([]byte("something else")))
	}
	require.Equal(t, []string{"I8"}, rules(j.batches.SwitchPlant(ctx, j.qa, j.id, sw, sign, elsewhere)))
	require.NoError(t, j.batches.SwitchPlant(ctx, j.qa, j.id, sw, sign, sign))
	s := j.shipment(t)
	require.Equal(t, "DE-FRA", s.Plan.To.Site)
	require.Equal(t, "ambient-15-25", s.Plan.Lane.ID)
	require.Equal(t, sw.Expiry.UTC(), s.Plan.Expiry)
	require.Equal(t, "es", s.Plan.Language)
	require.Equal(t, "ES-SVQ", s.Switches[0].From)
}

// The box of a packed shipment has a label: what a carrier may know, with the number of the shipment as its code, never that of a
// container. It is printed once; again only with a reason and a second person.
func TestBoxLabel_LB1(t *testing.T) { // LB-1, I4
	j := newJourney(t)
	paper := &roll{}
	j.batches.Printer = paper
	id, err := j.batches.PlanShipment(bg, j.op, j.order())
	require.NoError(t, err)
	require.Equal(t, []string{"TR-6"}, rules(j.batches.PrintBox(bg, j.nurse, id, "", nil)), "not packed yet")
	require.NoError(t, j.batches.PackShipment(bg, j.nurse, id, []string{j.bag.Label}, seals, "ward 3"))
	require.Equal(t, []string{"CS-66"}, rules(j.batches.PrintBox(bg, j.qa, id, "", nil)))
	require.NoError(t, j.batches.PrintBox(bg, j.nurse, id, "", nil))
	require.Equal(t, []string{"LB-1"}, rules(j.batches.PrintBox(bg, j.nurse, id, "", nil)), "a reprint says why")
	require.Equal(t, []string{"LB-1"}, rules(j.batches.PrintBox(bg, j.nurse, id, "torn at the edge", nil)), "and has a second person")
	require.Len(t, paper.jobs, 1)
	job := paper.jobs[0]
	require.Equal(t, string(id), job.Code)
	require.NotContains(t, job.Code, j.bag.ID.String())
	pdf, err := job.Label.PDF()
	require.NoError(t, err)
	kept(t, "box.pdf", pdf)
	said := papertest.Text(t, pdf)
	require.Contains(t, said, "Contenido: médula ósea")
	require.NotContains(t, said, "REX-001 / placebo", "nothing that is administered is in it yet")
	require.NoError(t, j.batches.PrintBox(bg, j.nurse, id, "torn at the edge", j.signer(j.sessions[j.s.who(people.Operator, false)], people.Operator)))
	s, err := j.batches.Shipments().Load(bg, id)
	require.NoError(t, err)
	require.Len(t, s.BoxLabels, 2)
	require.Equal(t, 2, s.BoxLabels[1].Serial)
	require.Equal(t, "torn at the edge", s.BoxLabels[1].Reason)
	j.handed(t, j.nurse, j.courier, chainofcustody.Courier)
	require.NotEmpty(t, rules(j.batches.PrintBox(bg, j.nurse, id, "torn at the edge", nil)), "it has left")
}

// A packed shipment that does not take place is unpacked by its sender, who scans what they take out, and cancelled by who may plan;
// its material stays where it is all along, and everything of it is free for another shipment (I4, I6).
func TestCancelledShipmentFreesWhatItHeld_I6(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.ship(t)
	b := j.load(j.number)
	h := chainofcustody.Handover{Container: j.bag.ID.String(), Seals: seals, Place: "dock"}
	require.NoError(t, j.batches.Give(ctx, j.nurse, b.CoI, h, chainofcustody.Courier, j.bag.Label))
	again := j.order()
	second, err := j.batches.PlanShipment(ctx, j.op, again)
	require.NoError(t, err)
	require.Error(t, j.batches.PackShipment(ctx, j.nurse, second, []string{j.bag.Label}, seals, "ward 3"), "it is in the first box")
	require.Equal(t, []string{"I6"}, rules(j.batches.CancelShipment(ctx, j.op, j.id, "the courier does not come")))

	other := j.labelOf(j.otherBatch(j.s, j.sessions), "harvest-bag")
	require.Equal(t, []string{"I4"}, rules(j.batches.UnpackShipment(ctx, j.nurse, j.id, []string{other}, "ward 3", "the courier does not come")))
	require.Equal(t, shipment.Packed, j.shipment(t).Status())
	require.NoError(t, j.batches.UnpackShipment(ctx, j.nurse, j.id, []string{j.bag.Label}, "ward 3", "the courier does not come"))
	require.Error(t, j.batches.Accept(ctx, j.courier, b.CoI, h, j.bag.Label), "the offer was taken back")
	_, event, err := j.batches.LoadWithEvent(ctx, j.number)
	require.NoError(t, err)
	c, _ := event.Container(j.bag.ID.String())
	require.Equal(t, chainofcustody.Hospital, c.Custodian.Party)

	require.NoError(t, j.batches.CancelShipment(ctx, j.op, j.id, "the courier does not come"))
	require.Equal(t, shipment.Cancelled, j.shipment(t).Status())
	open, err := j.batches.Shipments().Open(ctx)
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Equal(t, second, open[0].ID)
	first := j.id
	j.id = second
	require.NoError(t, j.batches.PackShipment(ctx, j.nurse, second, []string{j.bag.Label}, seals, "ward 3"), "container, box, logger and seals are free")
	j.handed(t, j.nurse, j.courier, chainofcustody.Courier)
	require.Len(t, j.shipment(t).Legs, 1)

	g, err := j.release.Trace(ctx, string(first), "")
	require.NoError(t, err)
	as := map[string]bool{}
	for _, e := range g.Edges {
		if e.Hub.ID == string(first) {
			as[e.As] = true
		}
	}
	require.Subset(t, slices.Collect(maps.Keys(as)), []string{"planned", "packed", "unpacked", "cancelled"})
	document, err := j.release.EPCIS(ctx, "")
	require.NoError(t, err)
	require.NoError(t, schema.EPCIS(document))
	require.Contains(t, string(document), "void_shipping")
	text := j.printed(t, "es")
	require.Contains(t, text, "the courier does not come")
	require.Contains(t, text, "Anulado")
	require.Contains(t, text, "Embalado y desembalado")
}

// What a courier reported on the way stands in every telling of the journey: in the printed record with its words, the phone's clock
// and when the server learned of it, in the trace, and in the custody events; so does who has read it (TR-10, TR-2).
func TestReportOnTheWayIsInRecordTraceAndEPCIS_TR10(t *testing.T) {
	j := newJourney(t)
	ctx := context.Background()
	j.ship(t)
	j.handed(t, j.nurse, j.courier, chainofcustody.Courier)
	h := j.handset(t, people.Courier)
	said := j.sign(t, h, phone.Note, "", map[string]any{"text": "Atasco, una hora tarde"})
	j.Clock.Pass(20 * time.Minute)
	j.deliver(t, h, said)
	require.Contains(t, j.printed(t, "en"), "not acknowledged")
	require.NoError(t, j.batches.TellShipment(ctx, j.op, j.id, "report"))

	r := j.shipment(t).Reports[0]
	for lang, want := range map[string][]string{
		"es": {"Comunicado en el camino", "Atasco, una hora tarde", "reloj del teléfono", "± ", "llegó al servidor", "Acuse de recibo"},
		"de": {"Unterwegs gemeldet", "Uhr des Telefons", "Bestätigt"},
		"en": {"Reported on the way", "Atasco, una hora tarde", "known at the server"},
	} {
		text := j.printed(t, lang)
		for _, w := range want {
			require.Contains(t, text, w, lang)
		}
	}

	g, err := j.release.Trace(ctx, string(j.id), "")
	require.NoError(t, err)
	told := map[string]trace.Link{}
	for _, e := range g.Edges {
		told[e.As] = e.Link
	}
	require.Equal(t, trace.Link{Node: trace.Node{Kind: trace.Courier, ID: r.By.Account}, As: "reported-note"}.At(r.At.Earliest, r.At.Latest, r.Known), told["reported-note"])
	require.NotEqual(t, told["reported-note"].Latest, told["reported-note"].Known, "it came later")
	require.Equal(t, j.op.Account, told["acknowledged-report"].ID)
	require.NotEmpty(t, told["acknowledged-report"].Known)

	document, err := j.release.EPCIS(ctx, "")
	require.NoError(t, err)
	require.NoError(t, schema.EPCIS(document))
	for _, w := range []string{"reported-note", "acknowledged-report", r.Event} {
		require.Contains(t, string(document), w)
	}
	require.NotContains(t, string(document), "Atasco")
	events, err := epcis.Parse(document, j.Clock.Now())
	require.NoError(t, err)
	again, err := epcis.Document(events)
	require.NoError(t, err)
	require.Equal(t, string(document), string(again))
}
