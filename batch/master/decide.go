package master

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// Bounds of texts.
const (
	maxShort  = 40
	minReason = 5
	maxReason = 1000
)

// grace is how long choosing a time and signing may take. A version is never in force before it was signed.
const grace = 2 * time.Minute

var changeForm = regexp.MustCompile(`^[A-Z0-9][A-Za-z0-9./-]{1,38}[A-Za-z0-9]$`)

// Start decides that a version is drafted, under a change request (CS-13). newest is the highest number that is known of
// the plant's recipe. A draft may have faults; it is not submitted with them.
func Start(by ledger.Author, recipe string, newest int, r Reading, change, note string) ([]ledger.Draft, error) {
	err := may(by, people.WriteMaster)
	if err != nil {
		return nil, err
	}
	if r.ID.Recipe != recipe {
		return nil, ledger.Refuse(ledger.Invalid, "AT-3", "master-other-recipe", "the file is of {got}, this plant makes {recipe}", "upload the file of the plant's own recipe", "got", r.ID.Recipe, "recipe", recipe)
	}
	if r.Number <= newest {
		return nil, ledger.Refuse(ledger.Unmet, "AT-5", "master-number", "the file says version {version}, and version {newest} of {recipe} exists already", "give it the next number; a draft is revised on its own page",
			"version", strconv.Itoa(r.Number), "newest", strconv.Itoa(newest), "recipe", recipe)
	}
	change = strings.TrimSpace(change)
	if !changeForm.MatchString(change) {
		return nil, ledger.Refuse(ledger.Invalid, "CS-13", "master-change", "a master batch record is changed under an approved change request: its number has 3 to 40 letters, digits, dots, slashes and hyphens", "enter the number, such as CC-2026-014")
	}
	note, err = textOf(note)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{
		Type: typeDrafted, Data: drafted{Recipe: recipe, Number: r.Number, Change: change, Note: note, Content: r.content()},
		Takes: []string{claimPrefix + recipe + "/" + strconv.Itoa(newest)}, Blobs: []ledger.Digest{r.content().File},
	}}, nil
}

// Revise decides that a draft has new bytes.
func (m *Master) Revise(by ledger.Author, r Reading, note string) ([]ledger.Draft, error) {
	err := may(by, people.WriteMaster)
	if err != nil {
		return nil, err
	}
	err = m.is(Draft)
	if err != nil {
		return nil, err
	}
	if r.ID != m.ID {
		return nil, ledger.Refuse(ledger.Invalid, "AT-5", "master-other-version", "the file says {got}, this is the draft of {want}", "upload the file of this version, or draft a new version", "got", r.ID.String(), "want", m.ID.String())
	}
	if r.content().File == m.File {
		return nil, ledger.Refuse(ledger.Invalid, "AT-5", "master-unchanged", "the file is the same as before", "upload the changed file")
	}
	note, err = textOf(note)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeRevised, Data: revised{Note: note, Content: r.content()}, Blobs: []ledger.Digest{r.content().File}}}, nil
}

// Submit decides that a draft goes to review. It has no error left.
func (m *Master) Submit(by ledger.Author, r Reading) ([]ledger.Draft, error) {
	err := may(by, people.WriteMaster)
	if err != nil {
		return nil, err
	}
	err = m.is(Draft)
	if err != nil {
		return nil, err
	}
	err = r.ready()
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeSubmitted, Data: submitted{File: m.File}}}, nil
}

// Return decides that a reviewer gives a version back to its authors.
func (m *Master) Return(by ledger.Author, reason string) ([]ledger.Draft, error) {
	err := may(by, people.ApproveMaster)
	if err != nil {
		return nil, err
	}
	err = m.is(InReview)
	if err != nil {
		return nil, err
	}
	reason, err = textOf(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeReturned, Data: returned{Reason: reason}}}, nil
}

// Withdraw decides that no batch is opened by the version any more, or that a draft is given up. Batches that run by it
// go on to their end (AT-5).
func (m *Master) Withdraw(by ledger.Author, now time.Time, reason string) ([]ledger.Draft, error) {
	if people.Role(by.Role) != people.QA {
		return nil, qaOnly(by.Role)
	}
	if m.Status == Withdrawn || m.Status == Shipped {
		return nil, m.fixed()
	}
	reason, err := textOf(reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeWithdrawn, Data: withdrawn{At: now.UTC().Truncate(time.Microsecond), Reason: reason}}}, nil
}

// Shown is what an approval with effect from a time is over.
func (m *Master) Shown(from time.Time) Shown {
	return Shown{Recipe: m.ID.Recipe, Number: m.Number, File: m.File, Change: m.Change, From: from.UTC().Truncate(time.Second)}
}

// Digest is the SHA-256 of what is shown.
func (s Shown) Digest() (ledger.Digest, error) {
	doc, err := json.Marshal(s)
	if err != nil {
		return ledger.Digest{}, fmt.Errorf("digest of %s version %d: %w", s.Recipe, s.Number, err)
	}
	return ledger.DigestOf(doc), nil
}

// MayApprove says every rule that stands against an approval by this person, with effect from a time; nil when none does.
// now is the time of signing. versions are all versions of the recipe.
func (m *Master) MayApprove(account string, role people.Role, now, from time.Time, r Reading, versions []Item) error {
	if role != people.QA {
		return qaOnly(string(role))
	}
	err := m.is(InReview)
	if err != nil {
		return err
	}
	var rs ledger.Refusals
	if m.wrote(account) {
		rs = append(rs, ledger.Refuse(ledger.Forbidden, "I7", "master-own", "{account} worked on {version} and cannot approve it", "another QA reviewer has to", "account", account, "version", m.ID.String()))
	}
	rs = append(rs, ledger.RefusalsOf(r.ready())...)
	if from.Before(now.Add(-grace)) {
		rs = append(rs, ledger.Refuse(ledger.Invalid, "AT-5", "master-past", "{begin} is over: a version takes effect when it is signed at the earliest", "choose a time to come", "begin", stamp(from)))
	}
	for _, v := range versions {
		if v.Number > m.Number && v.Status == Approved && !v.From.After(from) {
			rs = append(rs, ledger.Refuse(ledger.Unmet, "AT-5", "master-overtaken", "version {newer} takes effect before {begin}: {version} would never be in force", "withdraw one of the two", "newer", strconv.Itoa(v.Number), "begin", stamp(from), "version", m.ID.String()))
			break
		}
	}
	return rs.Err()
}

// Approve decides that QA signed the version, with effect from a time. Nobody approves what they had a hand in (I7).
func (m *Master) Approve(signed people.Signed, from time.Time, r Reading, versions []Item) ([]ledger.Draft, error) {
	s := signed.Signature()
	err := m.MayApprove(s.Account, people.Role(s.Role), s.At, from, r, versions)
	if err != nil {
		return nil, err
	}
	shown := m.Shown(from)
	digest, err := shown.Digest()
	if err != nil {
		return nil, err
	}
	err = signed.For(people.Approved, digest)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeApproved, Data: approved{Shown: shown, Signature: s}}}, nil
}

// is refuses a version that does not stand where an act begins.
func (m *Master) is(want Status) error {
	switch m.Status {
	case want:
		return nil
	case Approved, Withdrawn, Shipped:
		return m.fixed()
	}
	return ledger.Refuse(ledger.Unmet, "AT-5", "master-status", "{version} is {status}: this cannot be done with it", "look at the version again", "version", m.ID.String(), "status", string(m.Status))
}

func (m *Master) fixed() *ledger.Refusal {
	return ledger.Refuse(ledger.Unmet, "AT-5", "master-fixed", "{version} is {status}: it never changes", "draft a new version", "version", m.ID.String(), "status", string(m.Status))
}

func may(by ledger.Author, p people.Permission) error {
	if people.Role(by.Role).May(p) {
		return nil
	}
	return ledger.Refuse(ledger.Forbidden, "CS-66", "master-role", "the role {role} may not do this with a master batch record", "production, QC and QA write it; who approves it may return it", "role", by.Role)
}

func qaOnly(role string) *ledger.Refusal {
	return ledger.Refuse(ledger.Forbidden, "AT-3", "master-qa", "a master batch record is approved and withdrawn by QA, not by {role}", "ask QA", "role", role)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// textOf checks a note or a reason.
func textOf(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if n := len([]rune(text)); n < minReason || n > maxReason {
		return "", ledger.Refuse(ledger.Invalid, "CS-12", "master-text", "what changed and why is said in 5 to 1000 characters", "say it in a sentence or two")
	}
	err := paper.PrintableText(text)
	if err != nil {
		return "", ledger.Refuse(ledger.Invalid, "CS-10", "not-printable", "{field} has a character that cannot be printed in the record ({why})", "use letters, digits and common signs", "field", "reason", "why", err.Error())
	}
	return text, nil
}
