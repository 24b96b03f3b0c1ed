package chainofcustody

import (
	"encoding/hex"
	"encoding/json"
	"time"
	"unicode/utf8"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// AnyLabel is the expectation that a label of this therapy event is scanned, whichever: a wristband, a form.
const AnyLabel Kind = "coi"

// Wristband is the expectation that the patient's wristband is scanned: the CoI without any container, so that a
// container's own label cannot stand for the patient.
const Wristband Kind = "wristband"

// Outcome is what became of a scan.
type Outcome string

// The outcomes of a scan. Each one is recorded with the raw bytes (screens rule 7).
const (
	Matched    Outcome = "matched"
	Mismatched Outcome = "mismatched" // a readable label, but not the expected identity: hard stop (AT-11)
	Unreadable Outcome = "unreadable" // no identifier could be read, or its check character does not hold (ID-12)
	Refused    Outcome = "refused"    // a lot or a device that may not be used
)

// ScanRecord is one scan, good or bad, as the ledger keeps it.
type ScanRecord struct {
	Purpose   string // "<batch>/<step>/<field>"
	Expected  Kind
	Raw       string
	Outcome   Outcome
	CoI       string // as read; empty when the label carries none
	Container string // as read
	Why       string
	By        string
	At        time.Time
	Seq       uint64
	Origin    string // site of the log in which Seq is its position; empty for this one
}

type scanned struct {
	Purpose   string  `json:"purpose"`
	Expected  Kind    `json:"expected"`
	Raw       string  `json:"raw,omitempty"`
	RawHex    string  `json:"raw_hex,omitempty"` // instead of raw when the bytes are not UTF-8
	Outcome   Outcome `json:"outcome"`
	CoI       string  `json:"coi,omitempty"`
	Container string  `json:"container,omitempty"`
	Why       string  `json:"why,omitempty"`
}

// maxRaw bounds what is kept of a scan.
const maxRaw = isbt128.MaxScan

// Scan compares a label that a person scanned now with what the purpose expects. The draft must be appended whatever came of
// it. The match is zero and the refusal not nil unless the outcome is Matched. Nobody can override a mismatch (I4).
func (t *TherapyEvent) Scan(by ledger.Author, now time.Time, purpose string, expected Kind, raw string) (ledger.Draft, Match, *ledger.Refusal) {
	raw = people.Masked(raw)
	record := scanned{Purpose: purpose, Expected: expected}
	record.keep(raw)
	match, refusal := t.compare(&record, purpose, expected, raw)
	if !match.IsZero() {
		match.by, match.at = by.Account, now
	}
	return ledger.Draft{Type: typeScanned, Data: record}, match, refusal
}

// keep puts the raw bytes into the record; what is longer than a label is unreadable anyway.
func (s *scanned) keep(raw string) {
	kept := raw[:min(len(raw), maxRaw)]
	if utf8.ValidString(kept) {
		s.Raw = kept
	} else {
		s.RawHex = hex.EncodeToString([]byte(kept))
	}
}

func (t *TherapyEvent) compare(record *scanned, purpose string, expected Kind, raw string) (Match, *ledger.Refusal) {
	scan, err := isbt128.ParseScan(raw)
	if err != nil {
		record.Outcome, record.Why = Unreadable, err.Error()
		if wrong := WrongKeyboard(raw, isLabel); wrong != nil {
			record.Why = wrong.Error()
			return Match{}, wrong
		}
		return Match{}, ledger.Refuse(ledger.Invalid, "ID-12", "scan-unreadable", "the label cannot be read: {why}", "scan again, or type the identifier with its check character", "why", err.Error(), "raw", printable(raw))
	}
	if !scan.CoI.IsZero() {
		record.CoI = scan.CoI.String()
	}
	if id := scan.ContainerID(); !id.IsZero() {
		record.Container = id.String()
	}
	if !scan.CoI.IsZero() && scan.CoI != t.CoI {
		return t.mismatch(record, "another patient", t.CoI.Print(), scan.CoI.Print())
	}
	if id := scan.ContainerID(); !id.IsZero() && expected == AnyLabel {
		if _, ours := t.byID[id.String()]; !ours {
			return t.mismatch(record, "a container of another treatment", t.CoI.Print(), id.Print())
		}
	}
	if expected == Wristband && (scan.CoI.IsZero() || !scan.DIN.IsZero()) {
		return t.mismatch(record, "not a wristband", t.CoI.Print(), printable(raw))
	}
	if expected == AnyLabel || expected == Wristband {
		return t.compareAny(record, purpose, scan)
	}
	id := scan.ContainerID()
	if id.IsZero() {
		return t.mismatch(record, "not a container label", string(expected), printable(raw))
	}
	c, ok := t.byID[id.String()]
	if !ok {
		return t.mismatch(record, "a container of another treatment", t.CoI.Print(), id.Print())
	}
	if c.Kind != expected {
		return t.mismatch(record, "another container", string(expected), string(c.Kind)+" "+id.Print())
	}
	if c.Gone() {
		return t.mismatch(record, "a container in which nothing is any more", string(expected), id.Print())
	}
	record.Outcome = Matched
	record.CoI = t.CoI.String()
	return Match{coi: t.CoI, container: id, purpose: purpose, keyed: scan.Typed, serial: scan.Serial, expiry: scan.Expiry, batch: scan.Batch}, nil
}

func (t *TherapyEvent) compareAny(record *scanned, purpose string, scan isbt128.Scan) (Match, *ledger.Refusal) {
	if scan.CoI.IsZero() {
		c, ok := t.byID[scan.ContainerID().String()]
		if scan.ContainerID().IsZero() || !ok {
			return t.mismatch(record, "a label without this CoI", t.CoI.Print(), scan.Raw)
		}
		record.Outcome = Matched
		return Match{coi: t.CoI, container: c.ID, purpose: purpose, keyed: scan.Typed, serial: scan.Serial, expiry: scan.Expiry, batch: scan.Batch}, nil
	}
	record.Outcome = Matched
	return Match{coi: t.CoI, container: scan.ContainerID(), purpose: purpose, keyed: scan.Typed, serial: scan.Serial, expiry: scan.Expiry, batch: scan.Batch}, nil
}

func (t *TherapyEvent) mismatch(record *scanned, why, want, got string) (Match, *ledger.Refusal) {
	record.Outcome, record.Why = Mismatched, why
	return Match{}, ledger.Refuse(ledger.Stop, "I4", "scan-mismatch",
		"STOP: the scanned label is {got}, expected is {want} ({why})",
		"put the container aside, scan the right one; the mismatch is recorded and QA has to assess it",
		"got", got, "want", want, "why", why)
}

// printable shortens raw scanner input for a message: control and foreign bytes become a middle dot.
func printable(raw string) string {
	out := make([]rune, 0, 64)
	for _, r := range raw {
		if len(out) == 60 {
			return string(out) + "…"
		}
		if r < 0x20 || r == utf8.RuneError || r > 0xFFFF {
			r = '·'
		}
		out = append(out, r)
	}
	return string(out)
}

func (t *TherapyEvent) applyScan(e ledger.Entry) error {
	var d scanned
	err := json.Unmarshal(e.Data, &d)
	if err != nil {
		return err
	}
	raw := d.Raw
	if d.RawHex != "" {
		b, err := hex.DecodeString(d.RawHex)
		if err != nil {
			return err
		}
		raw = string(b)
	}
	t.Scans = append(t.Scans, ScanRecord{
		Purpose: d.Purpose, Expected: d.Expected, Raw: raw, Outcome: d.Outcome, CoI: d.CoI,
		Container: d.Container, Why: d.Why, By: e.Author.Account, At: e.Time, Seq: e.Seq, Origin: e.Origin,
	})
	return nil
}
