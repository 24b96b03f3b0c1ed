package shipment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/shipment"
)

// onItsWay is a box that the courier has.
func onItsWay(t require.TestingT) *trip {
	s := packed(t, plan())
	s.add(nurse, at("08:02"), s.Deliver(pickup())...)
	return s
}

// A receipt takes nothing over: the courier has the box until the plant confirms, which it may do afterwards, late. Then the
// chain is whole, and the container is free for another box (I6).
func TestReceiptBeforeTheTakeover_I6(t *testing.T) {
	s := onItsWay(t)
	receipt, err := s.Receive(operator, at("11:05"), inspection())
	require.NoError(t, err)
	require.Empty(t, receipt.Frees, "it is the courier's still")
	s.add(operator, at("11:05"), receipt)
	require.Equal(t, shipment.Received, s.Status())
	require.Equal(t, chainofcustody.Courier, s.Chain().Holder().Party)
	require.True(t, s.OnTheWay(bag))
	require.True(t, s.Untaken())

	late := leg(holder(chainofcustody.Courier, courier), holder(chainofcustody.Plant, operator), at("11:00"), at("12:40"))
	drafts := s.Deliver(late)
	require.Equal(t, []string{shipment.Carries(bag)}, drafts[0].Frees)
	s.add(operator, at("12:40"), drafts...)
	require.Equal(t, chainofcustody.Plant, s.Chain().Holder().Party)
	require.True(t, s.Chain().Whole(), "the inspection says where the box was: %v", s.Chain().Flags)
	require.True(t, s.AfterReceipt(s.Legs[1]))
	require.Equal(t, at("11:05"), s.TakenOver(), "it was there when it was inspected")
	require.False(t, s.OnTheWay(bag))
	require.False(t, s.Untaken())
	require.Empty(t, s.Deliver(late)[0].Frees, "once")
}

// Between the offer and an inspection that comes much later nobody answered for the box: that stays a gap.
func TestReceiptLongAfterTheOfferStaysAGap_I6(t *testing.T) {
	s := onItsWay(t)
	receipt, err := s.Receive(operator, at("12:00"), inspection())
	require.NoError(t, err)
	s.add(operator, at("12:00"), receipt)
	s.add(operator, at("12:40"), s.Deliver(leg(holder(chainofcustody.Courier, courier), holder(chainofcustody.Plant, operator), at("11:00"), at("12:40")))...)
	require.False(t, s.Chain().Whole())
	require.Equal(t, shipment.Gap, s.Chain().Flags[0].Kind)
	require.Equal(t, "1h0m0s", s.Chain().Flags[0].Span.String())
}

// What nobody took over is closed only with a reason, and then its container is free; the chain goes on saying who has it.
func TestClosingWhatNobodyTookOverNeedsAReason_I6(t *testing.T) {
	s := onItsWay(t)
	receipt, err := s.Receive(operator, at("11:05"), inspection())
	require.NoError(t, err)
	s.add(operator, at("11:05"), receipt)
	file, _, err := s.ReadLogger(operator, at("11:30"), shipment.File{Name: "cold.txt", Text: file(t, "qtag-cold.txt"), PDF: file(t, "qtag-cold.pdf")})
	require.NoError(t, err)
	s.add(operator, at("11:30"), file)
	_, err = s.Close(logistics, "")
	require.Equal(t, "TR-9 shipment-open-questions", rule(t, err))
	draft, err := s.Close(logistics, "the courier left without confirming")
	require.NoError(t, err)
	require.Equal(t, []string{shipment.Carries(bag)}, draft.Frees)
	s.add(logistics, at("12:00"), draft)
	require.Equal(t, chainofcustody.Courier, s.Chain().Holder().Party)
}
