package vault_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/verify"
	"rexbatch/internal/people"
)

var bg = context.Background()

const password = "korrekt-horse-9-batería"

// plant is a data directory with a log, people of two hospitals, and a vault.
type plant struct {
	t        *testing.T
	dir      string
	log      *bolt.Log
	staff    *people.Directory
	master   vault.Master
	vault    *vault.Vault
	sessions map[string]people.Session
	treated  bool
	now      time.Time
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	p := &plant{t: t, dir: t.TempDir(), sessions: map[string]people.Session{}, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { p.now = p.now.Add(time.Millisecond); return p.now }
	var err error
	p.log, err = bolt.Open(filepath.Join(p.dir, "ES-SVQ"), bolt.Options{Site: "ES-SVQ", Clock: clock})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.log.Close()) })
	p.staff, err = people.Open(p.log, people.Options{Site: "ES-SVQ", Zone: time.UTC, Clock: clock, Cost: people.Cost{Time: 1, Memory: 64, Threads: 1}})
	require.NoError(t, err)
	p.master, err = vault.NewMasterFile(filepath.Join(t.TempDir(), "vault.key"))
	require.NoError(t, err)
	p.open()
	for _, who := range []struct {
		username, hospital string
		role               people.Role
	}{
		{"coord", "3401", people.Coordinator}, {"invest", "3401", people.Investigator}, {"nurse", "3401", people.Nurse}, {"other", "3402", people.Coordinator},
		{"oper", "", people.Operator}, {"qper", "", people.QP}, {"qaone", "", people.QA}, {"qatwo", "", people.QA}, {"admin", "", people.Admin}, {"sched", "", people.Scheduler},
	} {
		_, once, err := p.staff.Create(bg, people.System("test"), people.NewAccount{Username: who.username, Name: "Person " + who.username, Lang: "es", Roles: []people.Role{who.role}, Hospital: who.hospital})
		require.NoError(t, err, who.username)
		_, token, err := p.staff.SignIn(bg, who.username, once, "terminal-1")
		require.NoError(t, err)
		require.NoError(t, p.staff.ChangePassword(bg, token, once, password))
		_, token, err = p.staff.SignIn(bg, who.username, password, "terminal-1")
		require.NoError(t, err)
		p.sessions[who.username], err = p.staff.Session(bg, token)
		require.NoError(t, err)
	}
	return p
}

func (p *plant) open() {
	p.t.Helper()
	var err error
	p.vault, err = vault.Open(bg, vault.Options{
		Site: "ES-SVQ", Dir: filepath.Join(p.dir, "vault"), Log: p.log, Staff: p.staff, Master: p.master, Clock: func() time.Time { return p.now },
		Treated: func(context.Context, string) (bool, error) { return p.treated, nil },
	})
	require.NoError(p.t, err)
}

func (p *plant) as(username string) ledger.Author {
	p.t.Helper()
	s := p.sessions[username]
	by, err := s.Author(s.Roles[0])
	require.NoError(p.t, err)
	return by
}

func (p *plant) sign(username string) vault.Signer {
	s := p.sessions[username]
	return func(ctx context.Context, m people.Meaning, d ledger.Digest) (people.Signed, error) {
		return p.staff.Sign(ctx, s, password, s.Roles[0], m, d)
	}
}

func (p *plant) entries() []ledger.Entry {
	p.t.Helper()
	var out []ledger.Entry
	for e, err := range p.log.Entries(bg, 0) {
		require.NoError(p.t, err)
		out = append(out, e)
	}
	return out
}

// holds tells which files of the data directory hold the bytes, at any place: free pages of the database too.
func (p *plant) holds(what []byte) []string {
	p.t.Helper()
	var found []string
	require.NoError(p.t, filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, what) || strings.Contains(path, string(what)) {
			found = append(found, path)
		}
		return err
	}))
	return found
}

func refused(t *testing.T, code string, err error) *ledger.Refusal {
	t.Helper()
	rs := ledger.RefusalsOf(err)
	for _, r := range rs {
		if r.Code == code {
			return r
		}
	}
	require.Failf(t, "not refused", "want %s, got %v", code, err)
	return nil
}

var maria = vault.Identity{Number: "NHC 00471-1839", Family: "Fernández-Quiñones Ibáñez", Given: "María Dolores", Birth: "1951-03-14", Country: "ES"}

// traces are what a disk may never hold of a patient.
func traces(id vault.Identity) []string {
	return []string{id.Number, "004711839", "00471-1839", id.Family, "Quiñones", "Quinones", "fernandez", "Fernández", id.Given, "Dolores", "dolores", id.Birth, "19510314"}
}

func TestLookIsForTheHospitalAndIsAnEntry_I12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	before := len(p.entries())
	for _, c := range []struct{ who, code string }{
		{"oper", "identity-hidden"}, {"qper", "identity-hidden"}, {"qaone", "identity-hidden"}, {"sched", "identity-hidden"}, {"admin", "identity-hidden"}, {"other", "other-hospital"},
	} {
		id, err := p.vault.Look(bg, p.as(c.who), "3401-007", "curious about the patient")
		require.Equal(t, "I12", refused(t, c.code, err).Rule, c.who)
		require.Zero(t, id)
	}
	require.Len(t, p.entries(), before, "who is refused leaves nothing and sees nothing")
	_, err := p.vault.Look(bg, p.as("nurse"), "3401-007", "")
	refused(t, "reason-missing", err)
	for _, who := range []string{"coord", "invest", "nurse"} {
		id, err := p.vault.Look(bg, p.as(who), "3401-007", "identity check before the harvest")
		require.NoError(t, err)
		require.Equal(t, maria.Family, id.Family)
		require.Equal(t, maria, id)
	}
	known, err := p.vault.Patient(bg, "3401-007")
	require.NoError(t, err)
	require.Len(t, known.Looks, 3)
	require.Equal(t, "nurse", known.Looks[2].By)
	require.Equal(t, "identity check before the harvest", known.Looks[2].Why)
	_, err = p.vault.Look(bg, p.as("nurse"), "3401-008", "identity check before the harvest")
	refused(t, "no-patient", err)
}

func TestReasonDoesNotNameThePatient_I12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	for _, why := range []string{
		"call from Dolores about the date", "señora QUINONES phoned", "asked for 004711839", "NHC 00471-1839 is at the desk", "born 14.03.1951, checking", "born 1951-03-14, checking",
	} {
		_, err := p.vault.Look(bg, p.as("nurse"), "3401-007", why)
		refused(t, "reason-tells", err)
	}
	_, err := p.vault.Find(bg, p.as("nurse"), maria.Number, "looking for 00471 1839")
	refused(t, "reason-tells", err)
	refused(t, "subject-tells", p.vault.Enrol(bg, p.as("coord"), "3401-004711839", maria))
}

func TestSearchByHospitalNumber_I12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	subject, err := p.vault.Find(bg, p.as("nurse"), "nhc 004711839", "relative phones the ward")
	require.NoError(t, err)
	require.Equal(t, "3401-007", subject)
	_, err = p.vault.Find(bg, p.as("other"), maria.Number, "relative phones the ward")
	refused(t, "number-unknown", err)
	_, err = p.vault.Find(bg, p.as("oper"), maria.Number, "relative phones the plant")
	refused(t, "identity-hidden", err)
	_, err = p.vault.Find(bg, p.as("nurse"), "999", "relative phones the ward")
	refused(t, "number-unknown", err)
	found, in := 0, 0
	for _, e := range p.entries() {
		switch e.Type {
		case "vault.patient-found":
			found++
		case "vault.searched":
			in++
		}
	}
	require.Equal(t, 1, found)
	require.Equal(t, 2, in, "a search in vain is an entry as well")
}

func TestPatientIsEnrolledOnce_AT13(t *testing.T) {
	p := newPlant(t)
	refused(t, "may-not-enrol", p.vault.Enrol(bg, p.as("nurse"), "3401-007", maria))
	refused(t, "identity-hidden", p.vault.Enrol(bg, p.as("sched"), "3401-007", maria))
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	n := len(p.entries())
	spaced := maria
	spaced.Given = "  María   Dolores "
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", spaced), "the same again is fine")
	require.Len(t, p.entries(), n)
	refused(t, "number-enrolled", p.vault.Enrol(bg, p.as("coord"), "3401-008", maria))
	another := maria
	another.Number, another.Given = "NHC 2", "Ana"
	refused(t, "subject-enrolled", p.vault.Enrol(bg, p.as("coord"), "3401-007", another))
	for field, id := range map[string]vault.Identity{
		"identity-number": {Number: "", Family: "A", Given: "B", Birth: "1951-03-14", Country: "ES"},
		"birth-date":      {Number: "1", Family: "A", Given: "B", Birth: "2031-03-14", Country: "ES"},
		"country":         {Number: "1", Family: "A", Given: "B", Birth: "1951-03-14", Country: "E5"},
	} {
		err := p.vault.Enrol(bg, p.as("coord"), "3401-009", id)
		refused(t, field, err)
		require.NotContains(t, err.Error(), "2031")
	}
	refused(t, "subject-number", p.vault.Enrol(bg, p.as("coord"), "3401 009", maria))
}

// Who is enrolled with an order is enrolled in its append: where that is refused nothing is left of them, no key either.
func TestEnrolledWithAnotherAppendOrNotAtAll_AT13(t *testing.T) {
	p := newPlant(t)
	by, refusal := p.as("coord"), ledger.Refuse(ledger.Unmet, "S01", "slot-taken", "the slot is taken", "choose a free one")
	err := p.vault.EnrolWith(bg, by, "3401-007", maria, func(with ledger.Append) error {
		require.Len(t, with.Streams, 1)
		return refusal
	})
	require.ErrorIs(t, err, refusal)
	_, err = p.vault.Patient(bg, "3401-007")
	refused(t, "no-patient", err)
	keys, err := filepath.Glob(filepath.Join(p.dir, "vault", "*.key"))
	require.NoError(t, err)
	require.Empty(t, keys)
	record := func(with ledger.Append) error {
		with.Author = by
		with.Streams = append(with.Streams, ledger.StreamAppend{Stream: "order", Drafts: []ledger.Draft{{Type: "test.ordered", Data: "order"}}})
		_, err := p.log.Append(bg, with)
		return err
	}
	require.NoError(t, p.vault.EnrolWith(bg, by, "3401-007", maria, record), "the same subject number is free for them")
	one, err := p.vault.Patient(bg, "3401-007")
	require.NoError(t, err)
	require.Equal(t, by.Account, one.EnrolledBy)
	require.NoError(t, p.vault.EnrolWith(bg, by, "3401-007", maria, func(with ledger.Append) error {
		require.Empty(t, with.Streams, "the same patient again")
		return nil
	}))
}

func TestCorrectionComesWithANewKey_CS12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	first := p.keyFile("3401-007", 1)
	right := maria
	right.Birth = "1951-03-15"
	refused(t, "nothing-changed", p.vault.Correct(bg, p.as("coord"), "3401-007", maria, "typed the wrong day"))
	require.NoError(t, p.vault.Correct(bg, p.as("coord"), "3401-007", right, "typed the wrong day"))
	id, err := p.vault.Look(bg, p.as("nurse"), "3401-007", "identity check before the harvest")
	require.NoError(t, err)
	require.Equal(t, right, id)
	require.Empty(t, p.holds(first), "the old key is gone")
	p.open()
	_, err = p.vault.Look(bg, p.as("nurse"), "3401-007", "identity check before the harvest")
	require.NoError(t, err)
}

func (p *plant) keyFile(subject string, generation int) []byte {
	p.t.Helper()
	content, err := os.ReadFile(filepath.Join(p.dir, "vault", fmt.Sprintf("%s-%d.key", hex.EncodeToString([]byte(subject)), generation)))
	require.NoError(p.t, err)
	return content
}

// Scenario 6: two patients, same name and birth year. The plant learns the other's pseudonym and nothing else.
func TestLookAlikes_6(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	for subject, id := range map[string]vault.Identity{
		"3402-001": {Number: "1", Family: "FERNANDEZ QUIÑONES", Given: "Maria del Carmen", Birth: "1951-11-02", Country: "ES"},
		"3402-002": {Number: "2", Family: "Fernández Quiñones", Given: "María Dolores", Birth: "1952-03-14", Country: "ES"},
		"3402-003": {Number: "3", Family: "Müller", Given: "Jörg", Birth: "1960-01-01", Country: "DE"},
		"3402-004": {Number: "4", Family: "von Mueller", Given: "Joerg-Peter", Birth: "1960-12-31", Country: "DE"},
	} {
		require.NoError(t, p.vault.Enrol(bg, p.as("other"), subject, id))
	}
	for subject, want := range map[string][]string{"3401-007": {"3402-001"}, "3402-001": {"3401-007"}, "3402-002": nil, "3402-003": {"3402-004"}, "9": nil} {
		alike, err := p.vault.Alike(subject)
		require.NoError(t, err)
		require.Equal(t, want, alike, subject)
	}
}

// I12: not one byte of a patient is on the disk in clear, ever; and after the key is destroyed nothing opens what is left,
// while every entry and every proof is as it was.
func TestDestroyedKeyLeavesEveryProof_I12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	require.NoError(t, p.vault.Enrol(bg, p.as("other"), "3402-001", vault.Identity{Number: "77", Family: "García", Given: "Ana", Birth: "1949-05-05", Country: "ES"}))
	for i := range 50 {
		_, err := p.vault.Look(bg, p.as("nurse"), "3401-007", fmt.Sprintf("identity check number %d", i))
		require.NoError(t, err)
	}
	for _, trace := range traces(maria) {
		require.Empty(t, p.holds([]byte(trace)), "%q before the destruction", trace)
	}
	wrapped := p.keyFile("3401-007", 1)
	require.NotEmpty(t, p.holds(wrapped), "the test finds what is there")
	sealed, err := p.log.Secret(bg, "patient/3401-007")
	require.NoError(t, err)
	require.NotEmpty(t, p.holds(sealed))
	old, err := p.log.Head(bg)
	require.NoError(t, err)
	earlier := p.entries()

	p.treated = true
	refused(t, "still-treated", p.vault.Destroy(bg, "3401-007", "retention has ended", p.sign("qaone"), p.sign("admin")))
	p.treated = false
	refused(t, "same-person", p.vault.Destroy(bg, "3401-007", "retention has ended", p.sign("qaone"), p.sign("qaone")))
	refused(t, "destroy-without-qa", p.vault.Destroy(bg, "3401-007", "retention has ended", p.sign("admin"), p.sign("invest")))
	refused(t, "meaning-not-allowed", p.vault.Destroy(bg, "3401-007", "retention has ended", p.sign("qaone"), p.sign("oper")))
	refused(t, "reason-tells", p.vault.Destroy(bg, "3401-007", "Dolores asked for it", p.sign("qaone"), p.sign("admin")))
	_, err = p.vault.Look(bg, p.as("nurse"), "3401-007", "still there after refusals")
	require.NoError(t, err)

	require.NoError(t, p.vault.Destroy(bg, "3401-007", "retention has ended", p.sign("qaone"), p.sign("admin")))
	for _, trace := range append(traces(maria), string(wrapped), string(wrapped[:48]), string(wrapped[len(wrapped)-32:])) {
		require.Empty(t, p.holds([]byte(trace)), "%q after the destruction", trace)
	}
	_, err = p.vault.Look(bg, p.as("nurse"), "3401-007", "identity check again")
	refused(t, "identity-destroyed", err)
	_, err = p.vault.Find(bg, p.as("nurse"), maria.Number, "relative phones the ward")
	refused(t, "number-unknown", err)
	refused(t, "identity-destroyed", p.vault.Destroy(bg, "3401-007", "once more to be sure", p.sign("qaone"), p.sign("admin")))
	known, err := p.vault.Patient(bg, "3401-007")
	require.NoError(t, err)
	require.Len(t, known.Signatures, 2)
	require.Equal(t, "retention has ended", known.Destroyed)
	_, err = p.vault.Look(bg, p.as("other"), "3402-001", "the other patient stays")
	require.NoError(t, err)

	for i, e := range p.entries()[:len(earlier)] {
		require.Equal(t, earlier[i].Leaf, e.Leaf)
	}
	now, err := p.log.Head(bg)
	require.NoError(t, err)
	_, err = p.log.Consistency(bg, old.Size, now.Size)
	require.NoError(t, err)
	report, err := verify.Dir(bg, filepath.Join(p.dir, "ES-SVQ"), verify.Options{Projections: []ledger.Projection{people.Projection()}})
	require.NoError(t, err)
	require.Nil(t, report.Fault)
	require.Equal(t, now.Size, report.Entries)
}

func TestCrashInADestructionIsFinishedAtTheNextStart_I12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	key := p.keyFile("3401-007", 1)
	path := filepath.Join(p.dir, "vault", hex.EncodeToString([]byte("3401-007"))+"-1.key")
	require.NoError(t, p.vault.Destroy(bg, "3401-007", "retention has ended", p.sign("qaone"), p.sign("qatwo")))
	require.NoError(t, os.WriteFile(path, key, 0o600), "as if the power had failed behind the entry")
	orphan := filepath.Join(p.dir, "vault", hex.EncodeToString([]byte("3401-099"))+"-1.key")
	require.NoError(t, os.WriteFile(orphan, key, 0o600), "as if the power had failed before an enrolment")
	left := filepath.Join(p.dir, "vault", ".new-123")
	require.NoError(t, os.WriteFile(left, key, 0o600))
	p.open()
	require.Empty(t, p.holds(key))
	for _, gone := range []string{path, orphan, left} {
		require.NoFileExists(t, gone)
	}
}

func TestKeyThatIsMissingIsToldAsSuch_I12(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	require.NoError(t, os.Remove(filepath.Join(p.dir, "vault", hex.EncodeToString([]byte("3401-007"))+"-1.key")))
	_, err := p.vault.Look(bg, p.as("nurse"), "3401-007", "identity check before the harvest")
	refused(t, "key-missing", err)
	require.NoError(t, p.vault.Destroy(bg, "3401-007", "the key was lost with its disk", p.sign("qaone"), p.sign("admin")))
}

func TestRestrictedToTheInvestigator_47(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	s, asked, err := p.vault.Restrict(bg, "3401-007", "the patient withdrew")
	require.NoError(t, err)
	require.True(t, asked)
	_, err = p.log.Append(bg, ledger.Append{Author: p.as("invest"), Streams: []ledger.StreamAppend{s}})
	require.NoError(t, err)
	_, err = p.vault.Look(bg, p.as("nurse"), "3401-007", "identity check before the harvest")
	refused(t, "identity-restricted", err)
	_, err = p.vault.Look(bg, p.as("invest"), "3401-007", "safety report of the patient")
	require.NoError(t, err)
	_, asked, err = p.vault.Restrict(bg, "3401-007", "the patient withdrew")
	require.NoError(t, err)
	require.False(t, asked)
	_, asked, err = p.vault.Restrict(bg, "3401-404", "the patient withdrew")
	require.NoError(t, err)
	require.False(t, asked)
}

func TestIdentifiersDoNotPrint_I12(t *testing.T) {
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "patient", maria)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "patient", &maria)
	text, err := json.Marshal(struct{ P vault.Identity }{maria})
	require.NoError(t, err)
	out := log.String() + string(text) + fmt.Sprintf("%v %+v %#v %s", maria, maria, maria, maria) + errors.Join(fmt.Errorf("%v", maria)).Error()
	for _, trace := range traces(maria) {
		require.NotContains(t, out, trace)
	}
}

func TestChangedCiphertextIsNotShown_I2(t *testing.T) {
	p := newPlant(t)
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-007", maria))
	ana := vault.Identity{Number: "77", Family: "García", Given: "Ana", Birth: "1949-05-05", Country: "ES"}
	require.NoError(t, p.vault.Enrol(bg, p.as("coord"), "3401-008", ana))
	sealed, err := p.log.Secret(bg, "patient/3401-008")
	require.NoError(t, err)
	_, err = p.log.Append(bg, ledger.Append{Author: p.as("coord"), Secrets: map[string][]byte{"patient/3401-007": sealed}})
	require.NoError(t, err)
	id, err := p.vault.Look(bg, p.as("nurse"), "3401-007", "identity check before the harvest")
	require.Error(t, err)
	require.Zero(t, id)
}
