package bedside

import (
	"slices"
	"strings"
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// ScanLife is how long before the start its scans may have been made: reading a wristband and some containers, and
// nothing else in between (I4).
const ScanLife = 10 * time.Minute

// Scanned is a label that matched, and when it was read. A Match is only made by a scan.
type Scanned struct {
	Match chainofcustody.Match
	At    chainofcustody.Moment
}

// Asked is everything that is known when somebody wants to begin an infusion.
type Asked struct {
	Statement  *Statement // nil where none was proved
	Standing   Standing
	Wristband  Scanned
	Containers []Scanned
	Given      []string // containers that an infusion began with, on any phone
	Limb       string   // that the person chose, without being told which was ordered
	Now        chainofcustody.Moment
	Seen       time.Time // the greatest time that the phone is known to have reached before
}

// Go is leave to begin one infusion. Only Decide makes one.
type Go struct {
	batch      string
	statement  ledger.Digest
	limb       string
	containers []string
	at         chainofcustody.Moment
	checked    time.Time
}

// Containers are those that may be given.
func (g Go) Containers() []string { return slices.Clone(g.containers) }

// IsZero tells that there is no leave.
func (g Go) IsZero() bool { return g.batch == "" }

// Decide gives leave to begin, or every rule that stands against it. Nothing in Asked can lift a rule.
func Decide(a Asked) (Go, ledger.Refusals) {
	var rs ledger.Refusals
	stop := func(r *ledger.Refusal) {
		r.Kind = ledger.Stop
		rs = append(rs, r)
	}
	s := a.Statement
	if s == nil {
		stop(ledger.Refuse(ledger.Stop, "I10", "bed-no-certificate", "there is no valid certificate for batch {batch}", "do not give it; call the plant", "batch", ""))
		return Go{}, rs
	}
	switch a.Standing.State {
	case Released:
	case Recalled:
		stop(ledger.Refuse(ledger.Stop, "AT-57", "bed-recalled", "batch {batch} was recalled: {why}", "do not give it; call the plant", "batch", s.Batch, "why", a.Standing.Why))
	default:
		stop(ledger.Refuse(ledger.Stop, "I10", "bed-not-released", "batch {batch} is not released: {why}", "do not give it; call the plant", "batch", s.Batch, "why", a.Standing.Why))
	}
	if r := s.timely(a); r != nil {
		stop(r)
	}
	for _, r := range s.identity(a) {
		stop(r)
	}
	if a.Limb == "" || a.Limb != s.Limb {
		stop(ledger.Refuse(ledger.Stop, "S01", "bed-limb", "{limb} is not the limb of the order", "look at the patient and the order; only the investigator changes it, by a signed amendment", "limb", a.Limb))
	}
	if s.again(a) {
		stop(ledger.Refuse(ledger.Stop, "I4", "bed-again", "something of batch {batch} was given before, or is being given", "look at the patient's infusion; call the plant", "batch", s.Batch))
	}
	if len(rs) > 0 {
		return Go{}, rs
	}
	digest, err := s.Digest()
	if err != nil {
		return Go{}, ledger.Refusals{ledger.Refuse(ledger.Stop, "I10", "bed-no-certificate", "there is no valid certificate for batch {batch}", "do not give it; call the plant", "batch", s.Batch)}
	}
	g := Go{batch: s.Batch, statement: digest, limb: a.Limb, at: a.Now, checked: a.Standing.Checked}
	for _, c := range a.Containers {
		g.containers = append(g.containers, c.Match.Container().String())
	}
	slices.Sort(g.containers)
	g.containers = slices.Compact(g.containers)
	return g, nil
}

// timely holds the expiry against the latest that it can be now. A clock that was set back since the server was last
// heard, or behind what the phone showed before, proves nothing (I10, scenarios 43 and 54).
func (s *Statement) timely(a Asked) *ledger.Refusal {
	switch {
	case !a.Now.Certain() || a.Now.Latest.Before(a.Standing.Checked) || a.Now.Latest.Before(a.Seen):
		return ledger.Refuse(ledger.Stop, "I10", "bed-clock", "the time is not known well enough to tell that batch {batch} has not expired", "connect the phone to the network once, then go on", "batch", s.Batch)
	case !a.Now.Latest.Before(s.Expiry):
		return ledger.Refuse(ledger.Stop, "I10", "bed-expired", "batch {batch} expired at {expiry}", "do not give it; the physician may ask the plant", "batch", s.Batch, "expiry", s.Expiry.Format(time.RFC3339))
	}
	return nil
}

// identity holds the scans against each other and against the statement: one patient, and only containers of this
// batch, read just before (I4).
func (s *Statement) identity(a Asked) ledger.Refusals {
	var rs ledger.Refusals
	w := a.Wristband
	if w.Match.IsZero() || w.Match.CoI().String() != s.CoI || !w.Match.Container().IsZero() || !strings.HasSuffix(w.Match.Purpose(), wristbandField) {
		rs = append(rs, ledger.Refuse(ledger.Stop, "I4", "bed-wristband", "the wristband is not that of {want}", "scan the wristband on the patient's arm", "want", s.CoI))
	}
	if len(a.Containers) == 0 {
		rs = append(rs, ledger.Refuse(ledger.Stop, "I4", "bed-container", "no container of {batch} was scanned", "scan every container that is given", "batch", s.Batch))
	}
	old := s.old(w, a.Now)
	for _, c := range a.Containers {
		id := c.Match.Container()
		_, ours := s.container(id.String())
		if c.Match.IsZero() || id.IsZero() || c.Match.CoI().String() != s.CoI || !ours {
			rs = append(rs, ledger.Refuse(ledger.Stop, "I4", "bed-container", "no container of {batch} was scanned", "scan every container that is given", "batch", s.Batch))
			continue
		}
		old = old || s.old(c, a.Now)
	}
	if old && len(rs) == 0 {
		rs = append(rs, ledger.Refuse(ledger.Stop, "I4", "bed-scan-old", "the scans are older than ten minutes", "scan wristband and containers again"))
	}
	return rs
}

// again tells whether a container that was scanned is given already, or no other is left.
func (s *Statement) again(a Asked) bool {
	if slices.ContainsFunc(a.Containers, func(c Scanned) bool { return slices.Contains(a.Given, c.Match.Container().String()) }) {
		return true
	}
	return len(a.Given) > 0 && !slices.ContainsFunc(s.Containers, func(c Filled) bool { return !slices.Contains(a.Given, c.ID) })
}

// old tells whether a scan was certainly made too long before, or after the start.
func (s *Statement) old(c Scanned, now chainofcustody.Moment) bool {
	return now.Earliest.Sub(c.At.Latest) > ScanLife || now.Before(c.At)
}

// Codes are the codes of refusals, each once, in order.
func Codes(rs ledger.Refusals) []string {
	var out []string
	for _, r := range rs {
		if !slices.Contains(out, r.Code) {
			out = append(out, r.Code)
		}
	}
	return out
}
