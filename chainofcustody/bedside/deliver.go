package bedside

import (
	"slices"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/phone"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

const (
	wristbandField = "/wristband"
	containerField = "/container"
)

// purpose is what a scan at the bed is made for.
func purpose(batch string, expect chainofcustody.Kind) string {
	if expect == chainofcustody.Wristband {
		return batch + "/bedside" + wristbandField
	}
	return batch + "/bedside" + containerField
}

// Own turns a match of a container of another batch of the same patient into a mismatch.
type Own func(chainofcustody.Match, *ledger.Refusal) (chainofcustody.Match, *ledger.Refusal)

// Delivered is what a phone's event adds to the record.
type Delivered struct {
	Bedside  ledger.Draft
	Therapy  []ledger.Draft // the scan, as every scan of the treatment stands there
	Mismatch *ledger.Refusal
	Doubts   []string // codes that a reviewer has to look at; of a stop, a start, an end or a request
}

// Deliver takes one event of a phone. It refuses nothing: what was signed happened, and what should not have is told. plant is
// whether the plant lets the product be given now, and since when it does not; the zero time where that is not known.
func (a *Administration) Deliver(t *chainofcustody.TherapyEvent, own Own, by ledger.Author, e phone.Delivered, plant Standing, since time.Time) (Delivered, error) {
	source := Source{Phone: e.Phone, N: e.Counter, Event: e.Digest, Moment: e.Moment, Off: e.Off}
	switch e.Kind {
	case phone.BedScan:
		return a.scanned(t, own, by, e, source), nil
	case phone.BedStop:
		return Delivered{Bedside: ledger.Draft{Type: typeStopped, Data: Stop{Source: source, Rules: e.Bed.Rules, Limb: e.Bed.Limb, Scans: e.Bed.Scans}}, Doubts: e.Bed.Rules}, nil
	case phone.BedStart:
		s := a.started(t, own, by, e, source, a.then(e, plant, since))
		return Delivered{Bedside: ledger.Draft{Type: typeStarted, Data: s}, Doubts: s.Doubts}, nil
	case phone.BedEnd:
		end, err := a.ended(e, source)
		if e.Worth == phone.Evidence {
			end.Faults = append(end.Faults, passOver)
		}
		return Delivered{Bedside: ledger.Draft{Type: typeEnded, Data: end}, Doubts: end.Faults}, err
	}
	r := Request{Source: source, Rules: e.Bed.Rules, Reason: e.Bed.Reason, Risk: e.Bed.Risk}
	if !people.Role(by.Role).May(people.RequestSupply) {
		r.Doubts = []string{"bed-not-physician"}
	}
	if e.Worth == phone.Evidence {
		r.Doubts = append(r.Doubts, passOver)
	}
	return Delivered{Bedside: ledger.Draft{Type: typeRequested, Data: r}, Doubts: append([]string{"bed-request"}, r.Doubts...)}, nil
}

func (a *Administration) scanned(t *chainofcustody.TherapyEvent, own Own, by ledger.Author, e phone.Delivered, source Source) Delivered {
	expect := chainofcustody.Kind(e.Bed.Expect)
	draft, match, refusal := t.Scan(by, e.Moment.Latest, purpose(a.Batch, expect), expect, e.Scanned)
	s := Scan{Source: source, Expect: expect, Raw: e.Scanned, Outcome: chainofcustody.Matched}
	match, refusal = own(match, refusal)
	switch {
	case refusal == nil:
		s.CoI, s.Container = match.CoI().String(), match.Container().String()
	case refusal.Kind == ledger.Stop:
		s.Outcome, s.Why, s.Container = chainofcustody.Mismatched, refusal.Args["why"], refusal.Args["got"]
	default:
		s.Outcome, s.Why = chainofcustody.Unreadable, refusal.Code
	}
	if e.Bed.Found != string(s.Outcome) {
		s.Said = e.Bed.Found
	}
	out := Delivered{Bedside: ledger.Draft{Type: typeScanned, Data: s}, Therapy: []ledger.Draft{draft}}
	if s.Outcome == chainofcustody.Mismatched {
		out.Mismatch = refusal
	}
	return out
}

// started decides again, by what the phone held and by what the plant knows now.
func (a *Administration) started(t *chainofcustody.TherapyEvent, own Own, by ledger.Author, e phone.Delivered, source Source, then Standing) Start {
	s := Start{Source: source, Limb: e.Bed.Limb}
	name, err := ledger.ParseDigest(e.Bed.Statement)
	if err == nil {
		s.Statement = name
	}
	s.Checked, _ = e.Bed.CheckedAt()
	then.Checked = s.Checked
	asked := Asked{Statement: a.Statement(s.Statement), Standing: then, Given: a.Given(), Limb: e.Bed.Limb, Now: e.Moment, Seen: a.reached(e.Phone, e.Counter)}
	for _, n := range e.Bed.Scans {
		kept, ok := a.scan(e.Phone, n)
		if !ok {
			continue
		}
		_, match, refusal := t.Scan(by, kept.Moment.Latest, purpose(a.Batch, kept.Expect), kept.Expect, kept.Raw) // its draft stands since it was delivered
		match, _ = own(match, refusal)
		if kept.Expect == chainofcustody.Wristband {
			asked.Wristband = Scanned{Match: match, At: kept.Moment}
			continue
		}
		asked.Containers = append(asked.Containers, Scanned{Match: match, At: kept.Moment})
		if id := match.Container(); !id.IsZero() && !slices.Contains(s.Containers, id.String()) {
			s.Containers = append(s.Containers, id.String())
		}
	}
	_, refused := Decide(asked)
	s.Doubts = Codes(refused)
	doubt := func(is bool, code string) {
		if is && !slices.Contains(s.Doubts, code) {
			s.Doubts = append(s.Doubts, code)
		}
	}
	now := a.Current()
	doubt(now != nil && now.Name != s.Statement && !e.Moment.Before(chainofcustody.At(now.At)), "bed-superseded")
	doubt(a.running(e.Phone) != nil || a.had(s.Containers), "bed-again")
	doubt(!people.Role(by.Role).May(people.Administer), "bed-not-physician")
	doubt(e.Worth == phone.Evidence, passOver)
	return s
}

// passOver is that the pass was withdrawn before the phone delivered.
const passOver = "bed-pass-over"

// then is how the product stood when something was done at the bed, by what the plant knows now.
func (a *Administration) then(e phone.Delivered, plant Standing, since time.Time) Standing {
	switch {
	case a.Recall != nil && !e.Moment.Before(chainofcustody.At(a.Recall.At)):
		return Standing{State: Recalled, Why: a.Recall.Reason}
	case e.Moment.Before(chainofcustody.At(since)):
		return Standing{State: Released}
	}
	return plant
}

// had tells whether one of the containers was given already.
func (a *Administration) had(containers []string) bool {
	return slices.ContainsFunc(a.Starts, func(s *Start) bool {
		return slices.ContainsFunc(s.Containers, func(c string) bool { return slices.Contains(containers, c) })
	})
}

func (a *Administration) ended(e phone.Delivered, source Source) (End, error) {
	end := End{Source: source, Ending: Ending{How: e.Bed.How, Residual: e.Bed.Residual, Reaction: e.Bed.Reaction, Reference: e.Bed.Reference}}
	var err error
	end.Given, err = quantity.ParseCanonical(e.Bed.Given, "mL")
	if err != nil {
		return End{}, err
	}
	end.Left, err = quantity.ParseCanonical(e.Bed.Left, "mL")
	if err != nil {
		return End{}, err
	}
	s := a.running(e.Phone)
	if s == nil {
		end.Faults = []string{"bed-no-start"}
		return end, nil
	}
	end.Start = s.Seq
	if statement := a.Statement(s.Statement); statement != nil {
		faults, err := statement.Faults(s.Containers, end.Ending)
		if err != nil {
			return End{}, err
		}
		end.Faults = Codes(faults)
	}
	if end.How == "interrupted" {
		end.Faults = append(end.Faults, "bed-interrupted")
	}
	if end.Reaction != "" {
		end.Faults = append(end.Faults, "bed-reaction")
	}
	if e.Moment.Before(s.Moment) {
		end.Faults = append(end.Faults, "bed-order")
	}
	return end, nil
}

// Age is how old the last look for a recall was when the infusion began, at most; false where the phone did not say.
func (s Start) Age() (time.Duration, bool) {
	return Standing{Checked: s.Checked}.Age(s.Moment), !s.Checked.IsZero()
}
