package shipment

import (
	"slices"
	"sort"
	"time"

	"rexbatch/chainofcustody"
)

// Chain is who had the box, in order, as far as the handoffs say.
type Chain struct {
	Links []Link
	Flags []Flag
}

// Link is a time during which one holder answered for the box. One ends where the next begins, or there is a flag between.
type Link struct {
	Holder Holder
	From   chainofcustody.Moment // taken; the zero moment at the beginning when nothing was packed
	To     chainofcustody.Moment // given on; the zero moment while it lasts
	Leg    int                   // index of the leg in Legs by which it began; -1 for the one who packed
	Broken bool                  // it does not continue the link before: a missing leg
}

// Holder is who has the box now; the zero Holder while nobody has packed it.
func (c Chain) Holder() Holder {
	if len(c.Links) == 0 {
		return Holder{}
	}
	return c.Links[len(c.Links)-1].Holder
}

// Whole says whether every change of hands fits the one before.
func (c Chain) Whole() bool {
	return !slices.ContainsFunc(c.Flags, func(f Flag) bool { return f.Kind.Breaks() })
}

// Fault is what does not fit.
type Fault string

// The faults of a chain.
const (
	MissingLeg       Fault = "missing-leg"       // the giver is not the one who took it last
	Gap              Fault = "gap"               // nobody answered for the box in between
	Overlap          Fault = "overlap"           // it was taken before it was given, or given twice
	OrderUnknown     Fault = "order-unknown"     // the moments overlap: no order is claimed
	UnknownContainer Fault = "unknown-container" // was never packed
	LeftBehind       Fault = "left-behind"       // was packed and not handed on
	SealsDiffer      Fault = "seals-differ"
	WrongClock       Fault = "wrong-clock" // more than a minute off (scenario 54)
	RevokedPass      Fault = "revoked-pass"
	TooLong          Fault = "too-long" // the way took longer than the lane allows
	SamePerson       Fault = "same-person"
	NotInBox         Fault = "not-in-box" // handed on after the box was unpacked, or the shipment cancelled
)

// Breaks says whether custody itself is in doubt, and not only how it is known.
func (f Fault) Breaks() bool {
	return f != WrongClock && f != OrderUnknown && f != TooLong
}

// Flag is a fault at its place. A person looks at it; nothing is closed by a guess.
type Flag struct {
	Kind   Fault
	Leg    int // index in Legs; -1 where the shipment as a whole is meant
	Detail string
	Packed bool          // the seals that were given are not those of the packing; otherwise giver and receiver read others
	Span   time.Duration // of a gap, an overlap, a way that took too long
}

// Lacks says whether something is missing in the chain, and not only different from what was stated before.
func (c Chain) Lacks() bool {
	return slices.ContainsFunc(c.Flags, func(f Flag) bool { return f.Kind == MissingLeg || f.Kind == Gap || f.Kind == LeftBehind })
}

// slack is how far giving and taking may lie apart without being a gap: the receiver reads seals and scans in between.
const slack = 15 * time.Minute

// Chain puts the handoffs in the order in which they happened. It depends on what they say and not on when they were
// delivered: any order of arrival gives the same chain.
func (s *Shipment) Chain() Chain {
	var c Chain
	if !s.PackedAt.IsZero() {
		c.Links = append(c.Links, Link{Holder: holderOf(s.Plan.From.Party, s.PackedBy), From: chainofcustody.At(s.PackedAt), Leg: -1})
	}
	left := make([]int, len(s.Legs))
	for i := range left {
		left[i] = i
	}
	sort.SliceStable(left, func(a, b int) bool { return s.Legs[left[a]].key() < s.Legs[left[b]].key() })
	for len(left) > 0 {
		at, missing := s.next(c, left)
		leg := left[at]
		left = slices.Delete(left, at, at+1)
		s.add(&c, leg, missing)
	}
	s.whole(&c)
	return c
}

// next chooses the leg that continues the chain: one whose giver holds the box, and which no other such leg is certainly
// before. Where none continues it, the earliest that is left follows a missing leg.
func (s *Shipment) next(c Chain, left []int) (at int, missing bool) {
	holder := c.Holder()
	best := -1
	for i, leg := range left {
		if len(c.Links) > 0 && s.Legs[leg].Giver.Party != holder.Party {
			continue
		}
		if best < 0 || s.Legs[leg].Given.Before(s.Legs[left[best]].Given) || s.fits(holder, leg) && !s.fits(holder, left[best]) && !s.Legs[left[best]].Given.Before(s.Legs[leg].Given) {
			best = i
		}
	}
	first := s.first(left)
	// A leg that is certainly before the one that fits comes first all the same: what happened is not reordered to look whole.
	if best >= 0 && (first == best || !s.Legs[left[first]].Given.Before(s.Legs[left[best]].Given)) {
		return best, false
	}
	return first, len(c.Links) > 0
}

// fits says whether the giver is the very person who holds the box.
func (s *Shipment) fits(holder Holder, leg int) bool {
	giver := s.Legs[leg].Giver.Account
	return holder.Account != "" && (giver == holder.Account || s.TakenOn != nil && s.TakenOn.knows(holder.Account, giver))
}

// first is the earliest of the legs, as far as an order is known.
func (s *Shipment) first(left []int) int {
	best := 0
	for i := 1; i < len(left); i++ {
		if s.Legs[left[i]].Given.Before(s.Legs[left[best]].Given) {
			best = i
		}
	}
	return best
}

// add continues the chain by a leg and says what does not fit.
func (s *Shipment) add(c *Chain, at int, missing bool) {
	leg := s.Legs[at]
	flag := func(kind Fault, detail string, span time.Duration) {
		c.Flags = append(c.Flags, Flag{Kind: kind, Leg: at, Detail: detail, Span: span})
	}
	if n := len(c.Links); n > 0 {
		last := &c.Links[n-1]
		// Couriers of one plant may have the box for each other; of one at another plant nobody knows who they are here.
		if missing || s.TakenOn != nil && s.TakenOn.strangers(last.Holder, leg.Giver) {
			flag(MissingLeg, describe(last.Holder)+" → "+describe(leg.Giver), spanBetween(last.From, leg.Given))
			// The giver had it, from when on is not known.
			c.Links = append(c.Links, Link{Holder: leg.Giver, Leg: -1, Broken: true})
			last = &c.Links[len(c.Links)-1]
		}
		switch {
		case leg.Given.Before(last.From):
			flag(Overlap, describe(leg.Giver), last.From.Earliest.Sub(leg.Given.Latest))
		case !last.From.Before(leg.Given) && last.From.Certain() && leg.Given.Certain() && (last.From.Width() > 0 || leg.Given.Width() > 0):
			flag(OrderUnknown, describe(leg.Giver), 0)
		}
		last.To = leg.Given
	}
	there := s.there(leg)
	switch {
	case leg.Taken.Before(leg.Given):
		flag(Overlap, describe(leg.Receiver), leg.Given.Earliest.Sub(leg.Taken.Latest))
	case leg.Given.Before(there) && there.Earliest.Sub(leg.Given.Latest) > slack:
		flag(Gap, describe(leg.Giver)+" → "+describe(leg.Receiver), there.Earliest.Sub(leg.Given.Latest))
	}
	s.mark(leg, flag)
	if len(s.Packing.Seals) > 0 && !sameSet(s.Packing.Seals, leg.Seals) {
		c.Flags = append(c.Flags, Flag{Kind: SealsDiffer, Leg: at, Detail: list(s.Packing.Seals) + " / " + list(leg.Seals), Packed: true})
	}
	c.Links = append(c.Links, Link{Holder: leg.Receiver, From: leg.Taken, Leg: at})
}

// mark says what a leg has against itself.
func (s *Shipment) mark(leg Leg, flag func(Fault, string, time.Duration)) {
	if leg.Giver.Account == leg.Receiver.Account && leg.Giver.Account != "" {
		flag(SamePerson, leg.Giver.Account, 0)
	}
	if leg.SealsTaken != nil && !sameSet(leg.Seals, leg.SealsTaken) {
		flag(SealsDiffer, list(leg.Seals)+" / "+list(leg.SealsTaken), 0)
	}
	if len(s.Packing.Containers) > 0 {
		for _, id := range leg.Containers {
			if !slices.Contains(s.Packing.Containers, id) {
				flag(UnknownContainer, id, 0)
			}
		}
		for _, id := range s.Packing.Containers {
			if !slices.Contains(leg.Containers, id) {
				flag(LeftBehind, id, 0)
			}
		}
	}
	if s.unboxed() {
		flag(NotInBox, describe(leg.Giver), 0)
	}
	if leg.WrongClock {
		flag(WrongClock, describe(leg.Giver), 0)
	}
	if leg.Revoked {
		flag(RevokedPass, describe(leg.Giver), 0)
	}
}

// whole says what concerns the way as a whole: whether it took longer than the lane allows (process scenario 9).
func (s *Shipment) whole(c *Chain) {
	if s.Plan.Lane.Longest <= 0 || len(c.Links) < 2 {
		return
	}
	begin, end := chainofcustody.Moment{}, chainofcustody.Moment{}
	for _, l := range c.Links {
		if l.Leg >= 0 && begin == (chainofcustody.Moment{}) {
			begin = l.From
		}
		if l.Holder.Party == s.Plan.To.Party && l.Leg >= 0 {
			end = s.there(s.Legs[l.Leg])
		}
	}
	if !begin.Latest.IsZero() && !end.Earliest.IsZero() {
		took := end.Earliest.Sub(begin.Latest) // at least
		if took > s.Plan.Lane.Longest {
			c.Flags = append(c.Flags, Flag{Kind: TooLong, Leg: -1, Span: took})
		}
	}
}

func spanBetween(a, b chainofcustody.Moment) time.Duration {
	if a.Latest.IsZero() || b.Earliest.IsZero() || !a.Before(b) {
		return 0
	}
	return b.Earliest.Sub(a.Latest)
}
