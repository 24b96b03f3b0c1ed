package shipment

import (
	"fmt"
	"strings"
	"time"

	"rexbatch/chainofcustody/temperature"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// File is a logger file as a person brought it, with the device's own print where there is one.
type File struct {
	Name string
	Text []byte
	PDF  []byte // empty when there is none
}

// clockSlack is how far the logger's clock may be ahead of the server's: devices show whole minutes.
const clockSlack = time.Minute

// ReadLogger decides what a logger file says of the shipment. A file of another logger, of another time, with its clock
// ahead, or whose PDF says something else is rejected and kept as evidence (process scenario 18). One that fits is
// summarised for the lane; beyond it, the material is held until QA decides (process scenario 17, TR-2). The refusal is
// returned after the rejection is recorded.
func (s *Shipment) ReadLogger(by ledger.Author, now time.Time, f File) (ledger.Draft, *ledger.Refusal, error) {
	if s.side(by) == "" && people.Role(by.Role) != people.Courier {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Forbidden, "CS-66", "shipment-not-allowed", "the role {role} brings no logger files", "a side of the shipment brings it", "role", by.Role)
	}
	if s.PackedAt.IsZero() && len(s.Legs) == 0 {
		return ledger.Draft{}, nil, s.not(s.Status(), "the file is brought when the box has been on its way")
	}
	if len(f.Text) == 0 || len(f.Text) > temperature.MaxFile || len(f.PDF) > temperature.MaxFile {
		return ledger.Draft{}, nil, ledger.Refuse(ledger.Invalid, "I14", "logger-file-size", "the file is empty or larger than {most} bytes", "bring the file of this one run", "most", fmt.Sprint(temperature.MaxFile))
	}
	name, err := line("name", f.Name, 1)
	if err != nil {
		name = "logger file"
	}
	d := Import{File: ledger.DigestOf(f.Text), Name: name}
	blobs := []ledger.Digest{d.File}
	if len(f.PDF) > 0 {
		d.PDF = ledger.DigestOf(f.PDF)
		if d.PDF != d.File {
			blobs = append(blobs, d.PDF)
		}
	}
	l, err := temperature.Read(f.Text)
	if err != nil {
		d.Rejected = []Mismatch{{Code: Unreadable, Got: err.Error()}}
		return rejected(d, blobs)
	}
	d.Rejected = append(s.mismatches(l, now), printedMismatches(l, f.PDF)...)
	lane, err := s.Plan.Lane.Range()
	if err != nil {
		return ledger.Draft{}, nil, err
	}
	summary, err := temperature.Summarise(l, lane, quantity.Quantity{})
	if err != nil {
		d.Rejected = append(d.Rejected, Mismatch{Code: Unreadable, Got: err.Error()})
		return rejected(d, blobs)
	}
	figures := figuresOf(l, summary)
	d.Figures = &figures
	if len(d.Rejected) > 0 {
		return rejected(d, blobs)
	}
	return ledger.Draft{Type: typeImported, Data: d, Blobs: blobs}, nil, nil
}

func rejected(d Import, blobs []ledger.Digest) (ledger.Draft, *ledger.Refusal, error) {
	why := make([]string, len(d.Rejected))
	for i, m := range d.Rejected {
		why[i] = m.String()
	}
	return ledger.Draft{Type: typeRejected, Data: d, Blobs: blobs},
		ledger.Refuse(ledger.Unmet, "TR-9", "logger-rejected", "the logger file does not belong to this shipment: {why}", "bring the file of the logger in the box; this one is kept as evidence", "why", strings.Join(why, "; ")), nil
}

// mismatches says why the file is not that of the logger in this box on this way.
func (s *Shipment) mismatches(l *temperature.Log, now time.Time) []Mismatch {
	var out []Mismatch
	add := func(code MismatchCode, got, want time.Time) {
		out = append(out, Mismatch{Code: code, Got: got.UTC().Format(time.RFC3339), Want: want.UTC().Format(time.RFC3339)})
	}
	if l.Serial != s.Plan.Logger.Serial {
		out = append(out, Mismatch{Code: OtherSerial, Got: l.Serial, Want: s.Plan.Logger.Serial})
	}
	if l.Last().After(now.Add(clockSlack)) {
		add(ClockAhead, l.Last(), now)
	}
	begin, end := s.window(now)
	if l.First().After(begin.Add(clockSlack + l.Interval)) {
		add(BeginsLate, l.First(), begin)
	}
	if l.Last().Add(l.Interval).Before(end.Add(-clockSlack - l.Interval)) {
		add(EndsEarly, l.Last(), end)
	}
	return out
}

// window is the time on which the file has to say something: from packing to delivery, or to what is known of it.
func (s *Shipment) window(now time.Time) (from, to time.Time) {
	from, to = s.PackedAt, s.PackedAt
	for _, l := range s.Chain().Links {
		if from.IsZero() {
			from, to = l.From.Earliest, l.From.Earliest
		}
		if l.Leg >= 0 {
			to = later(to, s.there(s.Legs[l.Leg]).Earliest)
		}
	}
	return from.UTC(), minTime(to, now).UTC()
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func printedMismatches(l *temperature.Log, pdf []byte) []Mismatch {
	if len(pdf) == 0 {
		return nil
	}
	p, err := temperature.ReadPrinted(pdf)
	if err != nil {
		return []Mismatch{{Code: UnreadPDF, Got: err.Error()}}
	}
	var out []Mismatch
	for _, what := range p.Differs(l) {
		out = append(out, Mismatch{Code: OtherPDF, Got: what})
	}
	return out
}

// excursion is what figures say beyond the lane; empty when they are within.
func (l Lane) excursion(f Figures) string {
	var parts []string
	if f.Above+f.Below > int(l.Outside/time.Minute) {
		parts = append(parts, fmt.Sprintf("%d min above, %d min below, %d min allowed", f.Above, f.Below, int(l.Outside/time.Minute)))
	}
	// The allowance is for the edges of the lane. What the device keeps for days without counting at the lane's limits has
	// only its extremes: they count at once.
	if len(parts) == 0 && f.Readings == 0 && (below(f.Min, l.Low) || below(l.High, f.Max)) {
		parts = append(parts, "beyond the lane, for how long is not known")
	}
	if f.Unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d min without a reading", f.Unknown))
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s to %s °C on a lane of %s to %s °C: %s", f.Min.Number(), f.Max.Number(), l.Low.Number(), l.High.Number(), strings.Join(parts, "; "))
}

func below(a, b quantity.Quantity) bool {
	return !a.IsZero() && !b.IsZero() && a.Decimal().Cmp(b.Decimal()) < 0
}

// DecideExcursion is QA's signed decision on what the logger shows. What the in-process control says of the viability is
// shown before (process scenario 17), and stands in the decision.
func (s *Shipment) DecideExcursion(signed people.Signed, v Decision) (ledger.Draft, error) {
	if s.Excursion == nil || s.Excursion.Decision != nil {
		return ledger.Draft{}, ledger.Refuse(ledger.Unmet, "TR-2", "no-excursion-open", "there is no excursion of {id} to decide on", "look at the shipment again", "id", string(s.ID))
	}
	var err error
	v.Reason, err = reasonOf(v.Reason)
	if err == nil {
		v.Stability, err = line("stability", v.Stability, 2)
	}
	if err == nil {
		v.Viability, err = line("viability", v.Viability, 2)
	}
	if err != nil {
		return ledger.Draft{}, err
	}
	if v.Verdict != UseOn && v.Verdict != Reject {
		return ledger.Draft{}, ledger.Refuse(ledger.Invalid, "TR-2", "excursion-verdict", "an excursion is decided by using the material or rejecting it", "choose one of them")
	}
	err = signed.For(people.Assessed, s.ShownExcursion(v))
	if err != nil {
		return ledger.Draft{}, err
	}
	v.Signature = signed.Signature()
	return ledger.Draft{Type: typeDecided, Data: decided{Import: s.Excursion.Import, Decision: v}}, nil
}

// ShownExcursion is the digest of what QA signs: the file, what it shows, what was known of the cells, and the decision.
func (s *Shipment) ShownExcursion(v Decision) ledger.Digest {
	text := []string{string(s.ID), s.Plan.CoI, string(v.Verdict), strings.TrimSpace(v.Reason), strings.TrimSpace(v.Stability), strings.TrimSpace(v.Viability)}
	if s.Excursion != nil {
		text = append(text, s.Excursion.What, s.Imports[s.Excursion.Import].File.String())
	}
	return ledger.DigestOf([]byte(strings.Join(text, "\n")))
}

// Recorded reads a kept file again against the lane as it stands: what is shown is what the evidence says (I14).
func (s *Shipment) Recorded(file []byte) (*temperature.Log, temperature.Summary, error) {
	l, err := temperature.Read(file)
	if err != nil {
		return nil, temperature.Summary{}, fmt.Errorf("logger file of %s: %w", s.ID, err)
	}
	lane, err := s.Plan.Lane.Range()
	if err != nil {
		return nil, temperature.Summary{}, fmt.Errorf("lane of %s: %w", s.ID, err)
	}
	summary, err := temperature.Summarise(l, lane, quantity.Quantity{})
	if err != nil {
		return nil, temperature.Summary{}, fmt.Errorf("logger file of %s: %w", s.ID, err)
	}
	return l, summary, nil
}
