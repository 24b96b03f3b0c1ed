package master_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/batch/qc"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// tighter is a change of one limit.
var tighter = []string{`limit: ">=60.0", source: C`, `limit: ">=65.0", source: C`}

func TestLifeOfAVersion_AT3(t *testing.T) {
	p := newPlant(t)
	require.Zero(t, p.inForce(p.time), "nothing of the log is in force: batches are opened by the shipped version")
	id := p.start("3", tighter...)
	require.Equal(t, master.ID{Recipe: recipe, Number: 3}, id)
	require.Equal(t, master.Draft, p.status(3))

	from := p.time.Add(2 * time.Hour)
	refused(t, p.Approve(p.ctx, eva, id, 0, from, p.signer(eva)), ledger.Unmet, "AT-5", "master-status")
	require.NoError(t, p.Submit(p.ctx, lea, id, 0))
	require.Equal(t, master.InReview, p.status(3))
	refused(t, p.Return(p.ctx, lea, id, 0, "not good enough"), ledger.Forbidden, "CS-66", "master-role")
	require.NoError(t, p.Return(p.ctx, ines, id, 0, "Say why the limit changes."))
	require.Equal(t, master.Draft, p.status(3))
	_, err := p.Revise(p.ctx, lea, id, 0, version(t, "3", append(tighter, "\nrecipe:", "\n# CC-2026-014\nrecipe:")...), "The comment names the change.")
	require.NoError(t, err)
	p.approve(id, from)
	require.Equal(t, master.Approved, p.status(3))

	m, err := p.Load(p.ctx, id)
	require.NoError(t, err)
	require.Equal(t, "CC-2026-014", m.Change)
	require.Equal(t, []string{"lea"}, m.Authors)
	require.Equal(t, "approved", m.Approval.Meaning)
	require.Equal(t, "Name of eva", m.Approval.Name)
	digest, err := m.Shown(from).Digest()
	require.NoError(t, err)
	require.True(t, m.Approval.Over(digest), "the signature is over recipe, version, file, change and date (I8)")
	require.Len(t, m.History, 6)
	require.Equal(t, "Say why the limit changes.", m.History[2].Text)

	require.Zero(t, p.inForce(from.Add(-time.Second)))
	require.Equal(t, 3, p.inForce(from))
	p.time = from
	require.Equal(t, master.Effective, p.status(3))
	for _, err := range []error{p.Submit(p.ctx, lea, id, 0), p.Return(p.ctx, ines, id, 0, "too late for that"), p.Approve(p.ctx, eva, id, 0, from, p.signer(eva))} {
		refused(t, err, ledger.Unmet, "AT-5", "master-fixed")
	}
	_, err = p.Revise(p.ctx, lea, id, 0, version(t, "3"), "one more thing")
	refused(t, err, ledger.Unmet, "AT-5", "master-fixed")
}

// Of the versions whose day has come the newest is in force; the one before is superseded and is not in force again.
func TestTheNextVersionSupersedes_AT5(t *testing.T) {
	p := newPlant(t)
	at8, at10 := p.time.Add(2*time.Hour), p.time.Add(4*time.Hour)
	p.approve(p.start("3"), at8)
	p.approve(p.start("5", tighter...), at10)
	require.Equal(t, 3, p.inForce(at10.Add(-time.Microsecond)))
	require.Equal(t, 5, p.inForce(at10))
	p.time = at10
	require.Equal(t, master.Superseded, p.status(3))
	require.Equal(t, master.Effective, p.status(5))
	require.Equal(t, 3, p.inForce(at8), "what was in force then stays known")

	for number, before := range map[int]int{5: 3, 3: 1} {
		replaced, ok := master.Before(p.versions(), number)
		require.True(t, ok)
		require.Equal(t, before, replaced.Number)
	}
	_, ok := master.Before(p.versions(), 1)
	require.False(t, ok)
}

// A version that would never be in force is not approved; one that a newer one has overtaken never comes into force.
func TestAnOldVersionIsNeverInForceAfterANewerOne_AT5(t *testing.T) {
	p := newPlant(t)
	late, soon := p.time.Add(48*time.Hour), p.time.Add(24*time.Hour)
	three, four := p.start("3"), p.start("4", tighter...)
	five := p.start("5")
	p.approve(four, soon)
	require.NoError(t, p.Submit(p.ctx, lea, three, 0))
	refused(t, p.Approve(p.ctx, eva, three, 0, soon, p.signer(eva)), ledger.Unmet, "AT-5", "master-overtaken")
	require.NoError(t, p.Approve(p.ctx, eva, three, 0, soon.Add(-time.Hour), p.signer(eva)))
	p.approve(five, late)
	require.Equal(t, []int{0, 3, 4, 5}, []int{p.inForce(p.time), p.inForce(soon.Add(-time.Minute)), p.inForce(soon), p.inForce(late)})
}

func TestAWithdrawnVersionIsUsedNoMore_AT5(t *testing.T) {
	p := newPlant(t)
	p.approve(p.start("3"), p.time)
	four := p.start("4", tighter...)
	p.approve(four, p.time)
	require.Equal(t, 4, p.inForce(p.time))
	p.time = p.time.Add(time.Hour)
	refused(t, p.Withdraw(p.ctx, lea, four, 0, "the limit is wrong"), ledger.Forbidden, "AT-3", "master-qa")
	refused(t, p.Withdraw(p.ctx, eva, four, 0, "no"), ledger.Invalid, "CS-12", "master-text")
	require.NoError(t, p.Withdraw(p.ctx, eva, four, 0, "the limit is wrong"))
	refused(t, p.Withdraw(p.ctx, eva, four, 0, "the limit is wrong"), ledger.Unmet, "AT-5", "master-fixed")
	require.Equal(t, 3, p.inForce(p.time), "the approval of version 3 still stands")
	require.Equal(t, 4, p.inForce(p.time.Add(-time.Second)), "what was in force then stays known")
	require.Equal(t, master.Withdrawn, p.status(4))
	replaced, _ := master.Before(p.versions(), 9)
	require.Equal(t, 3, replaced.Number)
	refused(t, p.Approve(p.ctx, eva, four, 0, p.time, p.signer(eva)), ledger.Unmet, "AT-5", "master-fixed")
	five := p.start("5")
	require.NoError(t, p.Withdraw(p.ctx, eva, five, 0, "the change was given up"))
	require.Equal(t, 3, p.inForce(p.time.AddDate(1, 0, 0)))
}

func (p *plant) versions() []master.Item {
	p.t.Helper()
	versions, err := p.Versions(p.ctx, recipe)
	require.NoError(p.t, err)
	return versions
}

// Whoever had a hand in a version does not approve it, and only QA does (I7).
func TestApproverIsNotTheAuthor_I7(t *testing.T) {
	p := newPlant(t)
	id, _, err := p.Start(p.ctx, eva, version(t, "3"), "CC-2026-014", "Written by QA.")
	require.NoError(t, err)
	_, err = p.Revise(p.ctx, ines, id, 0, version(t, "3", tighter...), "Revised by another.")
	require.NoError(t, err)
	require.NoError(t, p.Submit(p.ctx, lea, id, 0))
	for _, own := range []ledger.Author{eva, ines} {
		refused(t, p.Approve(p.ctx, own, id, 0, p.time, p.signer(own)), ledger.Forbidden, "I7", "master-own")
	}
	refused(t, p.Approve(p.ctx, as("hugo", people.HeadProduction), id, 0, p.time, nil), ledger.Forbidden, "AT-3", "master-qa")
	m, err := p.Load(p.ctx, id)
	require.NoError(t, err)
	require.Equal(t, []string{"eva", "ines", "lea"}, m.Authors)
	p.hire(as("nora", people.QA))
	require.NoError(t, p.Approve(p.ctx, as("nora", people.QA), id, 0, p.time, p.signer(as("nora", people.QA))))
}

// A signature over something else than what would be saved approves nothing (I8).
func TestApprovalIsOverWhatIsShown_I8(t *testing.T) {
	p := newPlant(t)
	id := p.start("3")
	require.NoError(t, p.Submit(p.ctx, lea, id, 0))
	m, err := p.Load(p.ctx, id)
	require.NoError(t, err)
	r, err := p.Read(p.ctx, m)
	require.NoError(t, err)
	digest, err := m.Shown(p.time).Digest()
	require.NoError(t, err)
	signed, err := p.signer(eva)(p.ctx, people.Approved, digest)
	require.NoError(t, err)
	_, err = m.Approve(signed, p.time.Add(time.Hour), r, nil)
	refused(t, err, ledger.Stale, "I8", "signature-elsewhere")
	other := *m
	other.File = ledger.DigestOf([]byte("other"))
	_, err = other.Approve(signed, p.time, r, nil)
	refused(t, err, ledger.Stale, "I8", "signature-elsewhere")
	_, err = m.Approve(people.Signed{}, p.time, r, nil)
	require.Error(t, err)
	refused(t, p.Approve(p.ctx, eva, id, 99, p.time, p.signer(eva)), ledger.Stale, "CS-65", "master-stale")
	drafts, err := m.Approve(signed, p.time, r, nil)
	require.NoError(t, err)
	require.Len(t, drafts, 1)
}

func TestEffectIsNotInThePast_AT5(t *testing.T) {
	p := newPlant(t)
	p.time = p.time.Add(30 * time.Second)
	id := p.start("3")
	require.NoError(t, p.Submit(p.ctx, lea, id, 0))
	minute := p.time.Truncate(time.Minute)
	refused(t, p.Approve(p.ctx, eva, id, 0, minute.Add(-2*time.Minute), p.signer(eva)), ledger.Invalid, "AT-5", "master-past")
	require.NoError(t, p.Approve(p.ctx, eva, id, 0, minute, p.signer(eva)), "the minute that has begun")
	require.Zero(t, p.inForce(minute), "but never before it was signed")
	require.Equal(t, 3, p.inForce(p.time))
}

// A draft is kept with its faults, each with its place, but it is not submitted with an error (AT-3).
func TestDraftWithFaultsIsKept_AT3(t *testing.T) {
	p := newPlant(t)
	file := version(t, "3", `limit: ">=60.0", source: C`, `limit: ">=60.0", source: X`, "flags: [ipc]", "flags: [icp]")
	id, faults, err := p.Start(p.ctx, lea, file, "CC-2026-014", "A slip in a source.")
	require.NoError(t, err)
	var found []string
	for _, f := range faults {
		if f.Severity == mbr.Error {
			found = append(found, f.Show("v3", file))
		}
	}
	require.Len(t, found, 1)
	require.Contains(t, found[0], `"X" is no source`)
	require.Contains(t, found[0], "^", "a mark stands under the part")
	m, err := p.Load(p.ctx, id)
	require.NoError(t, err)
	require.Equal(t, 1, m.Errors)
	require.Equal(t, 1, m.Warnings, "an unknown flag")
	refused(t, p.Submit(p.ctx, lea, id, 0), ledger.Unmet, "AT-3", "master-faults")
	_, err = p.Revise(p.ctx, lea, id, 0, version(t, "3"), "The slip is mended.")
	require.NoError(t, err)
	require.NoError(t, p.Submit(p.ctx, lea, id, 0))
}

// A file that cannot be executed at all is kept too, as long as it says which version it is.
func TestDraftThatCannotBeExecutedIsKept_AT3(t *testing.T) {
	p := newPlant(t)
	id, faults, err := p.Start(p.ctx, lea, version(t, "3", "performer: physician", "performer: magician"), "CC-2026-014", "A role that nobody has.")
	require.NoError(t, err)
	require.NotEmpty(t, faults)
	refused(t, p.Submit(p.ctx, lea, id, 0), ledger.Unmet, "AT-3", "master-faults")
	for _, file := range []string{"", "a: [", "recipe: BASE-1\nversion: three\n", "version: 3\n", strings.Repeat("#", master.MaxFile+1)} {
		_, _, err := p.Start(p.ctx, lea, []byte(file), "CC-2026-014", "Not a recipe at all.")
		require.Len(t, ledger.RefusalsOf(err), 1, "%.20q: %v", file, err)
		require.Contains(t, []string{"master-size", "master-unreadable"}, ledger.RefusalsOf(err)[0].Code, "%.20q", file)
	}
}

// A version without a field that the specification judges leaves its test pending for ever.
func TestVersionGoesWithTheSpecification_AT33(t *testing.T) {
	p := newPlant(t)
	p.Spec = &qc.Specification{ID: "P1", Version: 1, Attributes: []qc.Attribute{{ID: "lymph", Field: "S05.lymph", Unit: "% of WBC"}}}
	id := p.start("3")
	p.Spec.Attributes[0].Field = "S05.nothing"
	refused(t, p.Submit(p.ctx, lea, id, 0), ledger.Unmet, "AT-33", "master-unfit")
	p.Spec.Attributes[0].Field = "S05.lymph"
	require.NoError(t, p.Submit(p.ctx, lea, id, 0))
}

func TestNumbersOnlyGoUp_AT5(t *testing.T) {
	p := newPlant(t)
	_, _, err := p.Start(p.ctx, lea, version(t, "1"), "CC-2026-014", "The shipped number again.")
	refused(t, err, ledger.Unmet, "AT-5", "master-number")
	p.start("4")
	for _, number := range []string{"3", "4"} {
		_, _, err = p.Start(p.ctx, lea, version(t, number), "CC-2026-014", "A number that is behind.")
		refused(t, err, ledger.Unmet, "AT-5", "master-number")
	}
	_, _, err = p.Start(p.ctx, lea, version(t, "5", "\nrecipe: BASE-1\n", "\nrecipe: BASE-2\n"), "CC-2026-014", "Another recipe.")
	refused(t, err, ledger.Invalid, "AT-3", "master-other-recipe")
	_, err = p.Revise(p.ctx, lea, master.ID{Recipe: recipe, Number: 4}, 0, version(t, "5"), "Another number.")
	refused(t, err, ledger.Invalid, "AT-5", "master-other-version")
	_, err = p.Revise(p.ctx, lea, master.ID{Recipe: recipe, Number: 4}, 0, version(t, "4"), "Nothing is new.")
	refused(t, err, ledger.Invalid, "AT-5", "master-unchanged")
}

// Nobody changes a master batch record without an approved change request, and only who may.
func TestChangeControl_CS13(t *testing.T) {
	p := newPlant(t)
	for _, change := range []string{"", "x", "CC 2026", "cc-2026", strings.Repeat("C", 41)} {
		_, _, err := p.Start(p.ctx, lea, version(t, "3"), change, "Without a change request.")
		refused(t, err, ledger.Invalid, "CS-13", "master-change")
	}
	_, _, err := p.Start(p.ctx, ana, version(t, "3"), "CC-2026-014", "An operator may not.")
	refused(t, err, ledger.Forbidden, "CS-66", "master-role")
	for _, note := range []string{"", "abc", strings.Repeat("x", 1001)} {
		_, _, err = p.Start(p.ctx, lea, version(t, "3"), "CC-2026-014", note)
		refused(t, err, ledger.Invalid, "CS-12", "master-text")
	}
	_, _, err = p.Start(p.ctx, lea, version(t, "3"), "CC-2026-014", "an invisible \u202e character")
	refused(t, err, ledger.Invalid, "CS-10", "not-printable")
	_, err = p.Load(p.ctx, master.ID{Recipe: recipe, Number: 3})
	refused(t, err, ledger.Missing, "AT-5", "no-master")
}

// The version that came with the program is shown beside the others; nobody decides on it.
func TestShippedVersion_AT5(t *testing.T) {
	p := newPlant(t)
	id := master.ID{Recipe: recipe, Number: 1}
	require.Equal(t, master.Shipped, p.status(1))
	m, err := p.Load(p.ctx, id)
	require.NoError(t, err)
	r, err := p.Read(p.ctx, m)
	require.NoError(t, err)
	require.Equal(t, id, r.ID)
	require.Equal(t, len(r.File), m.Size)
	refused(t, p.Submit(p.ctx, lea, id, 0), ledger.Unmet, "AT-5", "master-fixed")
	refused(t, p.Withdraw(p.ctx, eva, id, 0, "it is for demonstration"), ledger.Unmet, "AT-5", "master-fixed")
	p.approve(p.start("2"), p.time)
	require.Equal(t, master.Superseded, p.status(1))
	require.NoError(t, p.Withdraw(p.ctx, eva, master.ID{Recipe: recipe, Number: 2}, 0, "it was a mistake"))
	require.Equal(t, master.Shipped, p.status(1))
}

func TestParseID(t *testing.T) {
	id, err := master.ParseID("REX-001", "3")
	require.NoError(t, err)
	require.Equal(t, "REX-001 v3", id.String())
	for _, bad := range []string{"", "0", "-1", "03", "3x", "99999999999999999999"} {
		_, err := master.ParseID("REX-001", bad)
		refused(t, err, ledger.Missing, "AT-5", "no-master")
	}
}
