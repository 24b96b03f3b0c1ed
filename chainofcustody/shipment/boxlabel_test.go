package shipment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/shipment"
	"rexbatch/internal/people"
)

// A label of the box that was sent and of which nothing is known since counts as printed: the next one has a new serial, a reason and
// a second person. What is known to have failed is printed again as the same (LB-1).
func TestBoxLabelOfWhichNobodyKnowsCountsAsPrinted_LB1(t *testing.T) {
	for name, c := range map[string]struct {
		outcome *shipment.BoxLabel // nil: the power went
		next    int
	}{
		"the power went":           {nil, 2},
		"it is on paper":           {&shipment.BoxLabel{Serial: 1}, 2},
		"it is not on paper":       {&shipment.BoxLabel{Serial: 1, Failed: "paper-out"}, 1},
		"nobody knows":             {&shipment.BoxLabel{Serial: 1, Failed: "stalled", Unsure: true}, 2},
		"that of another is known": {&shipment.BoxLabel{Serial: 7}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := packed(t, plan())
			draft, err := s.Label(nurse, shipment.BoxLabel{Serial: 1, Sending: true})
			require.NoError(t, err)
			s.add(nurse, at("07:46"), draft)
			require.Equal(t, 2, s.LabelSerial(), "while it is on its way")
			if c.outcome != nil {
				s.add(nurse, at("07:47"), s.Labelled(*c.outcome)...)
			}
			require.Len(t, s.BoxLabels, 1)
			require.Equal(t, c.next, s.LabelSerial())
			err = s.MayLabel(nurse, "", nil)
			if c.next == 1 {
				require.NoError(t, err)
				return
			}
			require.Equal(t, "LB-1 reason-missing", rule(t, err))
			require.Equal(t, "LB-1 reprint-second", rule(t, s.MayLabel(nurse, "it is torn", nil)))
			require.NoError(t, s.MayLabel(nurse, "it is torn", &people.Signature{Account: "another"}))
		})
	}
}
