package phone

import (
	"regexp"
	"slices"
	"time"

	"rexbatch/chainofcustody"
)

// The kinds of event at the bedside.
const (
	BedScan    Kind = "bed-scan"    // wristband or container, whatever was read
	BedStop    Kind = "bed-stop"    // the infusion was asked for and did not begin: the rules say why
	BedStart   Kind = "bed-start"   // the infusion began
	BedEnd     Kind = "bed-end"     // it ended, or was broken off
	BedRequest Kind = "bed-request" // a physician asks the plant for what the rules stop (scenario 43)
)

// BedScope is what a pass for the bedside of a batch is for.
func BedScope(batch string) string { return bedScope + batch }

const (
	bedScope      = "bedside/"
	shipmentScope = "shipment/"
)

// Bed is what an event at the bedside says beside the label that was read. What does not belong to its kind is empty.
type Bed struct {
	Batch     string   `json:"batch"`
	Expect    string   `json:"expect,omitempty"`    // of a scan: "wristband" or "final-container"
	Found     string   `json:"found,omitempty"`     // of a scan: what the phone made of it
	Rules     []string `json:"rules,omitempty"`     // of a stop and a request: codes of the refusals
	Limb      string   `json:"limb,omitempty"`      // that the person chose
	Statement string   `json:"statement,omitempty"` // digest of the plant's statement that the phone held
	Checked   string   `json:"checked,omitempty"`   // server's time of the last look for a recall
	Scans     []uint64 `json:"scans,omitempty"`     // numbers of the scans that a start or stop rests on
	How       string   `json:"how,omitempty"`       // of an end: "complete" or "interrupted"
	Given     string   `json:"given,omitempty"`     // mL, with a decimal point
	Left      string   `json:"left,omitempty"`      // mL
	Residual  string   `json:"residual,omitempty"`  // of what is left: "none", "kept" for culture, "discarded"
	Reaction  string   `json:"reaction,omitempty"`  // empty: none
	Reference string   `json:"reference,omitempty"` // of the adverse event's report
	Reason    string   `json:"reason,omitempty"`    // of a request
	Risk      string   `json:"risk,omitempty"`      // of a request: what the patient was told, and what not giving it means
}

// CheckedAt is when the phone last asked for a recall; false where it did not say.
func (b Bed) CheckedAt() (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, b.Checked)
	return t.UTC(), err == nil
}

// Scope is what a pass has to be for so that its phone delivers this event.
func (e Event) Scope() string {
	if e.Bed != nil {
		return BedScope(e.Bed.Batch)
	}
	return shipmentScope + e.Shipment
}

// About is the shipment or the batch that the event is about.
func (e Event) About() string {
	if e.Bed != nil {
		return e.Bed.Batch
	}
	return e.Shipment
}

const (
	maxBedScans = 60
	maxRules    = 12
)

var (
	batchNumbers = regexp.MustCompile(`^[A-Z0-9]{4,24}$`)
	ruleCodes    = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	volumes      = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$`)
)

// fault is what is wrong with the form; what it says is not judged here.
func (b *Bed) fault(kind Kind, scanned string) string {
	if !batchNumbers.MatchString(b.Batch) {
		return "it names no batch"
	}
	if len(b.Scans) > maxBedScans || len(b.Rules) > maxRules || slices.ContainsFunc(b.Rules, func(r string) bool { return !ruleCodes.MatchString(r) }) {
		return "its scans or rules are too many, or are none"
	}
	for _, text := range []string{b.Found, b.Limb, b.Reference} {
		if !fits(text, maxSeal) {
			return "a word of it is too long or cannot be printed"
		}
	}
	for _, text := range []string{b.Reaction, b.Reason, b.Risk} {
		if !fits(text, maxText) {
			return "a text of it is too long or cannot be printed"
		}
	}
	if b.Statement != "" && !digests.MatchString(b.Statement) {
		return "it names no statement of the plant"
	}
	if _, ok := b.CheckedAt(); !ok && b.Checked != "" {
		return "the time of the last check is none"
	}
	return b.kindFault(kind, scanned)
}

func (b *Bed) kindFault(kind Kind, scanned string) string {
	switch kind {
	case BedScan:
		if scanned == "" || b.Expect != string(chainofcustody.Wristband) && b.Expect != FinalContainer {
			return "a scan needs a label and what is expected"
		}
	case BedStop:
		if len(b.Rules) == 0 {
			return "a stop names the rules that stopped it"
		}
	case BedStart:
		if b.Limb == "" || len(b.Scans) < 2 || b.Statement == "" {
			return "a start needs the limb, the scans and the plant's statement"
		}
	case BedEnd:
		ended := []string{"complete", "interrupted"}
		kept := []string{"none", "kept", "discarded"}
		if !slices.Contains(ended, b.How) || !slices.Contains(kept, b.Residual) || !volumes.MatchString(b.Given) || !volumes.MatchString(b.Left) {
			return "an end needs how it ended, the volumes given and left, and what becomes of the rest"
		}
	case BedRequest:
		if b.Reason == "" || b.Risk == "" || len(b.Rules) == 0 {
			return "a request needs the rules that stop it, a reason and the risk"
		}
	default:
		return "its kind is unknown"
	}
	return ""
}

// FinalContainer is the kind of container that is given.
const FinalContainer = "final-container"
