package chainofcustody_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/keyboard"
	"rexbatch/internal/ledger"
)

// A label that came through another keyboard is refused by the name of the keyboards, and stands in the record as it
// arrived (screens, rules 6 and 7).
func TestScanThroughAWrongKeyboard(t *testing.T) {
	ours := newEvent(t, 1)
	bag := ours.OfKind("harvest-bag")[0]
	gtin, err := gs1.ParseGTIN("09506000134352")
	require.NoError(t, err)
	elements := isbt128.LabelContent{CoI: ours.CoI, ID: bag.ID, Serial: 1, GTIN: gtin, Batch: "SVQ2600001X"}.String()
	for _, tt := range []struct {
		name              string
		fault             keyboard.Fault
		raw               string
		scanner, terminal string
	}{
		{"German terminal", keyboard.Fault{Scanner: "US", Terminal: "DE"}, bag.Label, "US", "DE"},
		{"French terminal", keyboard.Fault{Scanner: "US", Terminal: "FR"}, bag.Label, "US", "FR"},
		{"Spanish terminal", keyboard.Fault{Scanner: "US", Terminal: "ES"}, bag.Label, "US", "ES"},
		{"German terminal, with the symbology", keyboard.Fault{Scanner: "US", Terminal: "DE"}, "]d1" + bag.Label, "US", "DE"},
		{"scanner from the plant, terminal as it came", keyboard.Fault{Scanner: "FR", Terminal: "US"}, bag.Label, "FR", "US"},
		{"German terminal, code of GS1", keyboard.Fault{Scanner: "US", Terminal: "DE"}, "]d2" + elements, "US", "DE"},
		{"French terminal, code of GS1", keyboard.Fault{Scanner: "US", Terminal: "FR"}, "]d2" + elements, "US", "FR"},
		{"a wristband tells two apart no further", keyboard.Fault{Scanner: "US", Terminal: "ES"}, ours.CoI.Label(), "US", "DE / ES"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read := tt.fault.Through(tt.raw)
			draft, match, refusal := ours.Scan(author, scannedAt, "b/S20/bag", "harvest-bag", read)
			require.True(t, match.IsZero())
			require.Equal(t, "scan-layout", refusal.Code)
			require.Equal(t, ledger.Invalid, refusal.Kind)
			require.Equal(t, tt.scanner, refusal.Args["scanner"])
			require.Equal(t, tt.terminal, refusal.Args["keyboard"])
			e := newEvent(t, 1)
			e.add(author, draft)
			kept := e.Scans[len(e.Scans)-1]
			require.Equal(t, read, kept.Raw)
			require.Equal(t, chainofcustody.Unreadable, kept.Outcome)
			require.Empty(t, kept.CoI+kept.Container)
		})
	}
}

func TestScanThatNoKeyboardExplains(t *testing.T) {
	_, _, refusal := newEvent(t, 1).Scan(author, scannedAt, "b/S20/bag", "harvest-bag", "´`03000/-CHA99")
	require.Equal(t, "scan-unreadable", refusal.Code)
}

// What is read of a lot or a device stands in the record whatever came of it; a code that opens something does not.
func TestReadOfTheFloor(t *testing.T) {
	invalid := ledger.Refuse(ledger.Invalid, "AT-20", "lot-number", "{number} is not a lot number", "scan again", "number", "x")
	unmet := ledger.Refuse(ledger.Unmet, "CS-67", "lot-expired", "{lot} is expired", "take another", "lot", "L")
	for _, tt := range []struct {
		name, raw, kept string
		refused         ledger.Refusals
		outcome         chainofcustody.Outcome
	}{
		{"taken", "]d1L-SVQ26-00017-K", "]d1L-SVQ26-00017-K", nil, chainofcustody.Matched},
		{"not a number", "LßSVQ", "LßSVQ", ledger.Refusals{invalid}, chainofcustody.Unreadable},
		{"expired", "L-SVQ26-00017-K", "L-SVQ26-00017-K", ledger.Refusals{unmet}, chainofcustody.Refused},
		{"a badge", "RB-B-0123456789ABCDEFGHJKMNPQRSTV", "RB-B-…", ledger.Refusals{invalid}, chainofcustody.Unreadable},
		{"a badge through another keyboard", "rbßbß0123456789abcdefghjkmnpqrstv", "RB-B-…", ledger.Refusals{invalid}, chainofcustody.Unreadable},
		{"bytes that are no text", "\xff\xfe", "\xff\xfe", ledger.Refusals{invalid}, chainofcustody.Unreadable},
		{"too long", strings.Repeat("A", 600), strings.Repeat("A", 512), ledger.Refusals{invalid}, chainofcustody.Unreadable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEvent(t, 1)
			e.add(author, chainofcustody.Read("b/S10/lot", chainofcustody.LotCode, tt.raw, tt.refused))
			kept := e.Scans[len(e.Scans)-1]
			require.Equal(t, tt.kept, kept.Raw)
			require.Equal(t, tt.outcome, kept.Outcome)
			require.Equal(t, chainofcustody.LotCode, kept.Expected)
		})
	}
}
