package shipment

import (
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// SwitchPlant decides that the material goes to another plant than was planned, while it is on its way and before anybody
// has received it (process scenario 53). QA of both plants sign over the same; the new lane and expiry are those of the
// new plant, the language of the labels stays that of the hospital.
func (s *Shipment) SwitchPlant(now time.Time, sw Switch, giving, taking people.Signed) (ledger.Draft, error) {
	err := s.MaySwitch(now, sw)
	if err != nil {
		return ledger.Draft{}, err
	}
	sw.From = s.Plan.To.Site
	shown := sw.Shown(s)
	for _, signed := range []people.Signed{giving, taking} {
		if people.Role(signed.Signature().Role) != people.QA {
			return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "switch-needs-qa", "QA of both plants sign a change of the plant", "sign as QA")
		}
		err := signed.For(people.Approved, shown)
		if err != nil {
			return ledger.Draft{}, err
		}
	}
	sw.Giving, sw.Taking = giving.Signature(), taking.Signature()
	return ledger.Draft{Type: typeSwitched, Data: sw}, nil
}

// MaySwitch says what stands against a change of the plant, before anybody signs.
func (s *Shipment) MaySwitch(now time.Time, sw Switch) error {
	if s.Plan.Direction != ToPlant {
		return ledger.Refuse(ledger.Unmet, "TR-8", "switch-direction", "only material on its way to a plant changes the plant", "plan another shipment")
	}
	if status := s.Status(); status != Planned && status != Packed && status != InTransit {
		return s.not(status, "the plant changes only before the material is received there")
	}
	if sw.To.Party != chainofcustody.Plant || sw.To.Site == "" || sw.To.Site == s.Plan.To.Site {
		return ledger.Refuse(ledger.Invalid, "TR-8", "switch-same-plant", "the material goes to {site} already", "name the other plant", "site", s.Plan.To.Site)
	}
	_, err := reasonOf(sw.Reason)
	if err != nil {
		return err
	}
	err = sw.Lane.Check()
	if err != nil {
		return ledger.Refuse(ledger.Invalid, "TR-1", "lane-unknown", "the lane is not one of the plant: {why}", "choose a lane of the plant", "why", err.Error())
	}
	if !sw.Arrival.After(now) {
		return ledger.Refuse(ledger.Invalid, "TR-1", "shipment-times", "the expected arrival is not after the pick-up", "enter both times again")
	}
	if !sw.Expiry.IsZero() && !sw.Arrival.Before(sw.Expiry) {
		return ledger.Refuse(ledger.Unmet, "I10", "arrives-expired", "the material expires at {expiry}, before it arrives", "plan a faster way", "expiry", sw.Expiry.Format(time.RFC3339))
	}
	if !s.Plan.Logger.holdsAt(sw.Arrival) {
		return ledger.Refuse(ledger.Unmet, "TR-3", "logger-calibration", "the calibration of logger {serial} ends at {until}, the shipment lasts until {end}", "take another logger",
			"serial", s.Plan.Logger.Serial, "until", s.Plan.Logger.CalibratedUntil.Format(time.RFC3339), "end", sw.Arrival.Format(time.RFC3339))
	}
	return nil
}

// Shown is the digest of what both plants sign.
func (sw Switch) Shown(s *Shipment) ledger.Digest {
	text := strings.Join([]string{
		string(s.ID), s.Plan.CoI, s.Plan.To.Site, sw.To.Site, sw.Lane.ID, sw.Arrival.UTC().Format(time.RFC3339), sw.Expiry.UTC().Format(time.RFC3339), sw.Variant, s.Plan.Language, strings.TrimSpace(sw.Reason),
	}, "\n")
	return ledger.DigestOf([]byte(text))
}
