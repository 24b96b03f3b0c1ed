package batch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// Deviation is one or more exceptions under investigation (AT-59). A limit that was broken, a time that ran out and an
// identity that did not match open one by themselves, in the same append. QA closes a minor one with the assessment of
// its exceptions; a major or critical one is investigated, judged for the patient, and approved by another person.
type Deviation struct {
	Number         string
	Exceptions     []string // ids
	What           string
	ByRule         bool
	OpenedBy       string
	OpenedAt       time.Time
	Seq            uint64
	Classification Classification // empty while nobody has classified it
	Due            string         // calendar day until which it has to be closed
	Investigation  *Investigation
	Approved       *people.Signature
	ApprovedAt     time.Time
}

// Investigation is what was found out about a deviation.
type Investigation struct {
	Cause string // root cause
	Risk  string // for the patient
	CAPA  string // reference to a corrective and preventive action; empty when there is none
	By    string
	At    time.Time
	Seq   uint64
}

type deviationOpened struct {
	Number     string   `json:"number"`
	Exceptions []string `json:"exceptions"`
	What       string   `json:"what"`
	ByRule     bool     `json:"by_rule,omitempty"`
}

type classified struct {
	Deviation      string         `json:"deviation"`
	Classification Classification `json:"classification"`
	Due            string         `json:"due"`
}

type investigated struct {
	Deviation string `json:"deviation"`
	Cause     string `json:"cause"`
	Risk      string `json:"risk"`
	CAPA      string `json:"capa,omitempty"`
}

type approved struct {
	Deviation string           `json:"deviation"`
	Signature people.Signature `json:"signature"`
}

// Deviation finds a deviation of the batch by its number.
func (b *Batch) Deviation(number string) (*Deviation, bool) {
	i := slices.IndexFunc(b.Deviations, func(d *Deviation) bool { return d.Number == number })
	if i < 0 {
		return nil, false
	}
	return b.Deviations[i], true
}

// deviationOf is the deviation that an exception belongs to; nil when there is none.
func (b *Batch) deviationOf(exception string) *Deviation {
	for _, d := range b.Deviations {
		if slices.Contains(d.Exceptions, exception) {
			return d
		}
	}
	return nil
}

// Closed tells whether nothing of the deviation is open any more: it was approved, or each of its exceptions that
// still stands was assessed as minor: one that a correction removed is seen as a correction.
func (b *Batch) Closed(d *Deviation) bool {
	if d.Approved != nil {
		return true
	}
	if b.pendingUnder(d.Number) != nil || b.isIncident(d) {
		return false
	}
	if d.Classification != "" && d.Classification != Minor {
		return false
	}
	if len(d.Exceptions) == 0 { // somebody saw what no rule can find: it waits for its classification
		return d.Classification == Minor
	}
	standing := map[string]bool{}
	found, _ := b.Exceptions()
	for _, e := range found {
		standing[e.ID] = true
	}
	for _, id := range d.Exceptions {
		a, ok := b.assessed[id]
		if standing[id] && (!ok || a.Classification != Minor) {
			return false
		}
	}
	return true
}

// opensDeviation tells whether an exception of the class opens a deviation by itself.
func (c Class) opensDeviation() bool {
	return slices.Contains([]Class{OutOfLimit, Identity, Unscanned, TimeLimit, BrokenOff, Differing, Decision, DeviceOut, Environment, OnHold}, c)
}

// undeclared are the exceptions for which a deviation has to open now.
func (b *Batch) undeclared() []Exception {
	found, _ := b.Exceptions()
	return slices.DeleteFunc(found, func(e Exception) bool {
		return !e.Class.opensDeviation() || e.Assessment != nil || e.Deviation != nil
	})
}

// declare is the deviation that a rule opens for what it found.
func declare(number string, found []Exception) ledger.Draft {
	d := deviationOpened{Number: number, ByRule: true}
	var what []string
	for _, e := range found {
		d.Exceptions = append(d.Exceptions, e.ID)
		what = append(what, strings.TrimSpace(e.Step+" "+e.What))
	}
	d.What = strings.Join(what, "; ")
	if len(d.What) > maxText {
		d.What = strings.ToValidUTF8(d.What[:maxText], "")
	}
	return ledger.Draft{Type: typeDeviation, Data: d, Takes: []string{"deviation/" + number}}
}

// OpenDeviation decides that a person opens a deviation for exceptions that have none.
func (b *Batch) OpenDeviation(by ledger.Author, number string, exceptions []string, what string) ([]ledger.Draft, error) {
	if !people.Role(by.Role).May(people.RaiseException) {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "may-not-deviate", "the role {role} does not open deviations", "tell QA", "role", by.Role)
	}
	found, _ := b.Exceptions()
	for _, id := range exceptions {
		if !slices.ContainsFunc(found, func(e Exception) bool { return e.ID == id }) {
			return nil, ledger.Refuse(ledger.Missing, "AT-59", "no-exception", "batch {batch} has no exception {id}", "open the review list again", "batch", b.Number, "id", id)
		}
		if d := b.deviationOf(id); d != nil {
			return nil, ledger.Refuse(ledger.Unmet, "AT-59", "has-deviation", "{id} already belongs to deviation {deviation}", "go on with that one", "id", id, "deviation", d.Number)
		}
	}
	return []ledger.Draft{{
		Type: typeDeviation, Takes: []string{"deviation/" + number},
		Data: deviationOpened{Number: number, Exceptions: exceptions, What: what},
	}}, nil
}

// Classify decides the weight of a deviation, and until when it has to be closed. Only QA may.
func (b *Batch) Classify(by ledger.Author, number string, c Classification, due string) ([]ledger.Draft, error) {
	d, err := b.openDeviation(number)
	if err != nil {
		return nil, err
	}
	if people.Role(by.Role) != people.QA {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "not-qa", "exceptions are assessed by QA, not by {role}", "a QA reviewer has to assess", "role", by.Role)
	}
	if c != Minor && c != Major && c != Critical {
		return nil, ledger.Refuse(ledger.Invalid, "AT-59", "classification", "a classification is minor, major or critical, not {got}", "choose one of them", "got", string(c))
	}
	if c != Critical && b.isIncident(d) {
		return nil, isCritical(d, c)
	}
	_, err = time.Parse(time.DateOnly, due)
	if err != nil {
		return nil, ledger.Refuse(ledger.Invalid, "AT-59", "due-day", "{got} is no calendar day such as 2026-11-22", "enter the day until which it has to be closed", "got", due)
	}
	return []ledger.Draft{{Type: typeClassified, Data: classified{Deviation: d.Number, Classification: c, Due: due}}}, nil
}

// Investigate decides what was found out: cause, risk for the patient, and a reference to corrective action if any.
func (b *Batch) Investigate(by ledger.Author, number, cause, risk, capa string) ([]ledger.Draft, error) {
	d, err := b.openDeviation(number)
	if err != nil {
		return nil, err
	}
	if !people.Role(by.Role).May(people.InvestigateDeviation) {
		return nil, ledger.Refuse(ledger.Forbidden, "AT-59", "may-not-investigate", "the role {role} does not investigate deviations", "the production lead, QC or QA has to", "role", by.Role)
	}
	if d.Classification == "" {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "classify-first", "deviation {deviation} is not classified", "QA classifies it first", "deviation", number)
	}
	for _, text := range []string{cause, risk} {
		err = judgement(text)
		if err != nil {
			return nil, err
		}
	}
	if capa != "" {
		err = paper.Printable(capa)
		if err != nil || len(capa) > 64 {
			return nil, ledger.Refuse(ledger.Invalid, "AT-59", "capa-reference", "a reference to corrective action has at most 64 printable characters", "enter its number only")
		}
	}
	return []ledger.Draft{{Type: typeInvestigated, Data: investigated{Deviation: number, Cause: cause, Risk: risk, CAPA: capa}}}, nil
}

// judgement checks a text that explains something to an inspector.
func judgement(text string) error {
	if n := len(text); n < 10 || n > 2000 {
		return ledger.Refuse(ledger.Invalid, "AT-59", "assessment-text", "an assessment has 10 to 2000 characters", "say cause, effect on the product and on the patient")
	}
	err := paper.PrintableText(text)
	if err != nil {
		return ledger.Refuse(ledger.Invalid, "CS-10", "not-printable", "{field} has a character that cannot be printed in the record ({why})", "use letters, digits and common signs", "field", "assessment", "why", err.Error())
	}
	return nil
}

// MayApprove says why a person cannot approve a deviation; nil when they can.
func (b *Batch) MayApprove(account string, role people.Role, number string) error {
	d, err := b.openDeviation(number)
	if err != nil {
		return err
	}
	if role != people.QA {
		return ledger.Refuse(ledger.Forbidden, "AT-59", "not-qa", "exceptions are assessed by QA, not by {role}", "a QA reviewer has to assess", "role", string(role))
	}
	if d.Investigation == nil {
		return ledger.Refuse(ledger.Unmet, "AT-59", "investigate-first", "deviation {deviation} is not investigated", "cause and risk for the patient have to stand first", "deviation", number)
	}
	if a := b.pendingUnder(number); a != nil {
		return ledger.Refuse(ledger.Unmet, "AT-5", "allowance-pending", "{allowance} is proposed under deviation {deviation}, and nobody has decided on it", "approve or decline it first", "allowance", a.ID, "deviation", number)
	}
	if d.Investigation.By == account {
		return ledger.Refuse(ledger.Forbidden, "I7", "own-investigation", "{account} investigated deviation {deviation} and cannot approve it", "another QA reviewer has to", "account", account, "deviation", number)
	}
	return nil
}

// DeviationDigest is what the signature of an approval is over.
func (b *Batch) DeviationDigest(number string) (ledger.Digest, error) {
	d, err := b.openDeviation(number)
	if err != nil {
		return ledger.Digest{}, err
	}
	doc, err := json.Marshal(map[string]any{
		"batch": b.Number, "deviation": d.Number, "exceptions": d.Exceptions, "classification": d.Classification, "due": d.Due, "investigation": d.Investigation,
	})
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("approve %s: %w", number, err)
	}
	return ledger.DigestOf(doc), nil
}

// Approve decides QA's signed approval of a deviation: its exceptions are closed with it.
func (b *Batch) Approve(number string, signed people.Signed) ([]ledger.Draft, error) {
	s := signed.Signature()
	err := b.MayApprove(s.Account, people.Role(s.Role), number)
	if err != nil {
		return nil, err
	}
	digest, err := b.DeviationDigest(number)
	if err != nil {
		return nil, err
	}
	err = signed.For(people.Approved, digest)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeApproved, Data: approved{Deviation: number, Signature: s}}}, nil
}

func (b *Batch) openDeviation(number string) (*Deviation, error) {
	d, ok := b.Deviation(number)
	if !ok {
		return nil, ledger.Refuse(ledger.Missing, "AT-59", "no-deviation", "batch {batch} has no deviation {deviation}", "look at its deviations again", "batch", b.Number, "deviation", number)
	}
	if b.Closed(d) {
		return nil, ledger.Refuse(ledger.Unmet, "AT-59", "deviation-closed", "deviation {deviation} is closed", "an approval stands as it was signed", "deviation", number)
	}
	return d, nil
}

func (b *Batch) applyDeviation(e ledger.Entry, d deviationOpened) error {
	b.chainOpen(e)
	b.Deviations = append(b.Deviations, &Deviation{
		Number: d.Number, Exceptions: d.Exceptions, What: d.What, ByRule: d.ByRule, OpenedBy: e.Author.Account, OpenedAt: e.Time, Seq: e.Seq,
	})
	return nil
}

// change replaces a deviation by an altered copy: states that were handed out before stay as they were.
func (b *Batch) changeDeviation(e ledger.Entry, number string, alter func(*Deviation)) error {
	i := slices.IndexFunc(b.Deviations, func(d *Deviation) bool { return d.Number == number })
	if i < 0 {
		return fmt.Errorf("no deviation %q", number)
	}
	b.chainOpen(e)
	changed := *b.Deviations[i]
	alter(&changed)
	b.Deviations = slices.Clone(b.Deviations)
	b.Deviations[i] = &changed
	return nil
}

func (b *Batch) applyClassified(e ledger.Entry, c classified) error {
	return b.changeDeviation(e, c.Deviation, func(d *Deviation) { d.Classification, d.Due = c.Classification, c.Due })
}

func (b *Batch) applyInvestigated(e ledger.Entry, i investigated) error {
	return b.changeDeviation(e, i.Deviation, func(d *Deviation) {
		d.Investigation = &Investigation{Cause: i.Cause, Risk: i.Risk, CAPA: i.CAPA, By: e.Author.Account, At: e.Time, Seq: e.Seq}
	})
}

func (b *Batch) applyApproved(e ledger.Entry, a approved) error {
	return b.changeDeviation(e, a.Deviation, func(d *Deviation) { d.Approved, d.ApprovedAt = &a.Signature, e.Time })
}
