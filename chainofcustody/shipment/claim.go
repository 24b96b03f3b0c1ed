package shipment

import (
	"slices"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

const carriesPrefix = "shipment-carries/"

// Carries is the claim of a container on the shipment that carries it: it is in one box at a time (I6).
func Carries(container string) string { return carriesPrefix + container }

// claim keeps which claims the entries of the shipment hold.
func (s *Shipment) claim(e ledger.Entry) {
	if len(e.Takes) == 0 && len(e.Frees) == 0 {
		return
	}
	claims := slices.DeleteFunc(slices.Clone(s.claims), func(c string) bool { return slices.Contains(e.Frees, c) })
	for _, c := range e.Takes {
		if strings.HasPrefix(c, carriesPrefix) {
			claims = append(claims, c)
		}
	}
	s.claims = claims
}

// frees are the claims that end with an entry, of those containers.
func (s *Shipment) frees(fits func(container string) bool) []string {
	var out []string
	for _, c := range s.claims {
		if fits(strings.TrimPrefix(c, carriesPrefix)) {
			out = append(out, c)
		}
	}
	return out
}

// OnTheWay tells whether a container was handed on and the receiving side has not taken it over: whoever has it may still be
// relieved of it, also after the box was inspected (I6).
func (s *Shipment) OnTheWay(container string) bool {
	handed := false
	for _, l := range s.Legs {
		if slices.Contains(l.Containers, container) {
			handed = true
			if l.Receiver.Party == s.Plan.To.Party {
				return false
			}
		}
	}
	return handed
}

// Untaken tells whether the box was inspected at its destination while the chain says that somebody else has it.
func (s *Shipment) Untaken() bool {
	return s.Receipt != nil && s.Plan.To.Party != "" && s.Chain().Holder().Party != s.Plan.To.Party
}

// AfterReceipt tells whether a leg to the receiving side was confirmed only when the box was inspected already.
func (s *Shipment) AfterReceipt(l Leg) bool {
	return s.Receipt != nil && l.Receiver.Party == s.Plan.To.Party && l.Taken.Earliest.After(s.Receipt.At)
}

// there is when the box of a leg was where it was taken over: the inspection says so where it came first.
func (s *Shipment) there(l Leg) chainofcustody.Moment {
	if s.AfterReceipt(l) {
		return chainofcustody.At(s.Receipt.At)
	}
	return l.Taken
}
