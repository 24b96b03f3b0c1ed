package release_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/paper/papertest"
	"rexbatch/release/record"
)

// warmed is a journey whose logger saw 12.4 °C on a lane of 2 to 8 °C, received, with the file brought in.
func warmed(t *testing.T) *journey {
	t.Helper()
	j := newJourney(t)
	j.ship(t)
	j.handed(t, j.nurse, j.courier, chainofcustody.Courier)
	j.playTo(j.s, j.number, j.sessions, "S09")
	j.Clock.Pass(2 * time.Hour)
	j.sessions = j.again(j.sessions) // those of the morning have ended
	j.handed(t, j.courier, j.op, chainofcustody.Plant)
	require.NoError(t, j.batches.ReceiveShipment(bg, j.op, j.id, []string{j.bag.Label}, j.inspection()))
	require.NoError(t, j.batches.ReadLogger(bg, j.op, j.id, shipment.File{Name: "run.csv", Text: j.sheet("LOG-77", 45, 123, 124, 121)}))
	return j
}

// The receipt and the figures of the logger are not typed a second time: steps S09 and S10 take them from the shipment, each
// value with its source (I14), and what is beyond its limit is found as if somebody had typed it.
func TestReceiptAndLoggerAreTakenFromTheShipment_I14(t *testing.T) {
	for step, want := range map[string]map[string]string{
		"S09": {"seal_ok": "true", "leak": "false", "arrival": "in_hours", "label_complete": "true"},
		"S10": {"logger_serial_match": "true", "max_T": "12.4 degC", "min_T": "4.5 degC", "stability_ref": "STAB-REX-003"},
	} {
		t.Run(step, func(t *testing.T) {
			j := warmed(t)
			sign := j.asQA()
			require.NoError(t, j.batches.DecideExcursion(bg, j.qa, j.id, shipment.Decision{Verdict: shipment.UseOn, Reason: "covered by the stability study", Stability: "STAB-REX-003"}, sign))
			j.playTo(j.s, j.number, j.sessions, step)
			st, _ := j.load(j.number).Step(step)
			by := j.by(j.s, j.sessions, st.Step.Performer)
			require.NoError(t, j.batches.Start(bg, by, j.number, 0, step))
			if step == "S09" {
				require.NoError(t, j.batches.Scan(bg, by, j.number, 0, step, "bag_scan", j.bag.Label), "the bag is scanned by who takes it")
			}
			require.NoError(t, j.batches.TakeFromShipment(bg, by, j.number, 0, step))
			require.Equal(t, []string{"I14"}, rules(j.batches.TakeFromShipment(bg, by, j.number, 0, step)), "nothing is left to take")
			for field, text := range want {
				c, ok := j.load(j.number).Value(step + "." + field)
				require.True(t, ok, field)
				require.Equal(t, text, c.Value.String(), field)
				require.Equal(t, batch.Shipped, c.Origin, field)
				require.Contains(t, c.Ref, string(j.id), "the value says where it is from")
			}
			if step == "S10" {
				c, _ := j.load(j.number).Value("S10.max_T")
				require.Contains(t, c.Ref, j.shipment(t).Imports[0].File.String(), "from which file")
				require.NotEmpty(t, j.ofClass(j.number, batch.OutOfLimit), "and is found as if it had been typed")
			}
		})
	}
}

// The executed batch record tells how the material travelled: who had it, what QA decided, the figures, and the curve.
func TestRecordShowsTheWayAndItsTemperature_TR9(t *testing.T) {
	j := warmed(t)
	source, err := record.Load(bg, j.batches, j.Profile, j.number, func(account string) string { return account })
	require.NoError(t, err)
	for lang, want := range map[string][]string{
		"es": {"Transporte", "Temperatura cinética media", "máxima permitida", "12,4 °C"},
		"de": {"Mittlere kinetische Temperatur", "12,4 °C"},
		"en": {"Mean kinetic temperature", "12.4 °C", "highest allowed", "Temperature excursion", "not decided"},
	} {
		pdf, err := record.Print(bg, source, record.Copy{Lang: lang, Account: "ana", At: j.Clock.Now()}, nil)
		require.NoError(t, err)
		text := strings.Join(papertest.Pages(t, pdf), "\n")
		for _, w := range want {
			require.True(t, strings.Contains(text, w), "%s: %q is not printed", lang, w)
		}
		require.True(t, strings.Contains(text, j.shipment(t).Imports[0].File.String()[:32]), "the digest of the file is printed")
		kept(t, "transport-"+lang+".pdf", pdf)
	}
}
