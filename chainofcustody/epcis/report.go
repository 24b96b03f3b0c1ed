package epcis

import (
	"slices"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/shipment"
)

// acknowledging is the business step of a side that has read what it was told of: the vocabulary has no word for it.
const acknowledging = Namespace + "step:acknowledging"

// reported is what was told from phones on the way, and that it was read. What a person wrote stays in the record; the event
// that the phone signed is named (TR-10, I12).
func (v voyage) reported() []Event {
	var out []Event
	for _, r := range v.s.Reports {
		out = append(out, v.report(r))
	}
	for i, a := range v.s.Informed {
		e := v.observed(a.At, acknowledging, "in_progress")
		e.Teller, e.Flags = v.p.side(chainofcustody.Party(a.Party)), []string{"acknowledged-" + a.What}
		if a.What == "report" {
			e.Evidence = v.answered(i)
		}
		out = append(out, e)
	}
	return out
}

// report is an observation of what is on its way, at the time that the phone states, as exactly as that is known.
func (v voyage) report(r shipment.Report) Event {
	at, flags := r.At.Latest, []string{"reported-" + string(r.Kind)}
	if at.IsZero() {
		at, flags = r.Known, append(flags, "time-not-known")
	}
	step := "transporting"
	if r.Kind == phone.Seals {
		step = "inspecting"
	}
	e := v.observedIn(v.s.PackedWhen(r.Known), at, step, "in_transit")
	e.RecordTime = stamp(later(r.Known, at))
	if !r.At.Certain() || r.At.Width() > 0 {
		e.Latest = stamp(at)
		if !r.At.Earliest.IsZero() {
			e.Earliest = stamp(r.At.Earliest)
		}
	}
	e.Teller, e.Seals, e.Evidence = v.p.side(r.By.Party), sealList(r.Seals), phoneEvents(r.Event)
	for kind, is := range map[shipment.Fault]bool{shipment.WrongClock: r.WrongClock, shipment.RevokedPass: r.Revoked} {
		if is {
			flags = append(flags, string(kind))
		}
	}
	slices.Sort(flags)
	e.Flags = flags
	return e
}

// answered are the reports of others that an acknowledgement is about: those that came since the side's last one.
func (v voyage) answered(at int) []string {
	a, since := v.s.Informed[at], uint64(0)
	for _, before := range v.s.Informed[:at] {
		if before.Party == a.Party && before.What == a.What {
			since = before.Version
		}
	}
	var out []string
	for _, r := range v.s.Reports {
		if r.Version > since && r.Version < a.Version && string(r.By.Party) != a.Party {
			out = append(out, phoneEvents(r.Event)...)
		}
	}
	return out
}

// phoneEvents names an event that a phone signed.
func phoneEvents(digest string) []string {
	if !digests.MatchString(digest) {
		return nil
	}
	return []string{Namespace + "phone-event:" + digest}
}
