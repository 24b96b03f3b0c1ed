package pages

import (
	"slices"

	"rexbatch/chainofcustody/shipment"
)

// reportView is what somebody told on the way, as it is shown.
type reportView struct {
	What, Text, Seals string
	Party, Name, Role string
	At, Bounds, Clock string
	Late              string
	Flags             []string
	News              bool
}

// reports are what phones told on the way, the newest to arrive first (TR-10).
func (v *visit) reports(s *shipment.Shipment) []reportView {
	var out []reportView
	for _, r := range slices.Backward(s.Reports) {
		line := reportView{
			What: v.T("shipment.report." + string(r.Kind)), Text: r.Text, Seals: listed(r.Seals),
			Party: v.word("party", string(r.By.Party)), Name: v.full(r.By.Account), Role: v.word("role", r.By.Role),
			At: v.when(r.At), Bounds: v.bounds(r.At), News: s.News(r),
			Clock: v.T("shipment.clock.reporter", "at", momentUTC(r.Claim.At), "offset", seconds(r.Claim.Offset), "bound", seconds(r.Claim.Bound)),
		}
		if late := r.Late(); late > 0 {
			line.Late = v.T("shipment.late", "span", v.span(late))
		}
		if r.WrongClock {
			line.Flags = append(line.Flags, v.word("shipment-flag", string(shipment.WrongClock)))
		}
		if r.Revoked {
			line.Flags = append(line.Flags, v.word("shipment-flag", string(shipment.RevokedPass)))
		}
		out = append(out, line)
	}
	return out
}
