package release_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/keyboard"
	"rexbatch/internal/people"
)

// Every scan of a lot is an entry with its raw text: the one that came through another keyboard, the one that may not
// be used, the one that was taken (screens, rules 6 and 7). What is typed by hand is none.
func TestEveryScanOfALotStands(t *testing.T) {
	s := before(t, "S20")
	s.scan("S20")
	right, wrong := s.Value(s.Values["S20"]["gradient_lot"]), s.Deliver(s.Scenario, "wash-buffer", 100).String()
	read := func(raw string) error {
		return s.Batches.Enter(bg, s.As(people.Operator, false), s.number, 0, "S20", "gradient_lot", batch.Input{Text: raw, Scanned: true})
	}
	_, event := s.State(s.number)
	before := len(event.Scans)
	mangled := keyboard.Fault{Scanner: keyboard.US, Terminal: keyboard.DE}.Through(right)
	refusedAs(t, "scan-layout", read(mangled))
	refusedAs(t, "lot-wrong-material", read(wrong))
	refusedAs(t, "lot-number", read("RB-B-0123456789ABCDEFGHJKMNPQRSTV"))
	refusedAs(t, "lot-number", s.enter("S20", "gradient_lot", "L-1"))
	require.NoError(t, read("]d1"+right))
	_, event = s.State(s.number)
	type kept struct {
		raw     string
		outcome chainofcustody.Outcome
	}
	var got []kept
	for _, scan := range event.Scans[before:] {
		require.Equal(t, s.number+"/S20/gradient_lot", scan.Purpose)
		require.Equal(t, chainofcustody.LotCode, scan.Expected)
		got = append(got, kept{scan.Raw, scan.Outcome})
	}
	require.Equal(t, []kept{
		{mangled, chainofcustody.Unreadable}, {wrong, chainofcustody.Refused}, {"RB-B-…", chainofcustody.Unreadable}, {"]d1" + right, chainofcustody.Matched},
	}, got)
	taken, ok := s.batch().Value("S20.gradient_lot")
	require.True(t, ok)
	require.Equal(t, right, taken.Value.Text)
}
