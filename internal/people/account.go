package people

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"rexbatch/internal/ledger"
)

const (
	accountPrefix = "account/" // of streams, claims and views alike
	systemAccount = "system"

	// SystemRole is the role of acts that no person makes: the bootstrap and the command line of the server.
	SystemRole = "system"
	// HolderRole is the role in which a person acts on nothing but their own account: signs in, changes the password.
	HolderRole = "account-holder"
)

// Person is an account as other rooms see it. Account is the username, Name the full name as it is printed.
type Person struct {
	Account    string `json:"account"`
	Name       string `json:"name"`
	Roles      []Role `json:"roles"`
	Lang       string `json:"lang"`
	Site       string `json:"site"`
	Hospital   string `json:"hospital,omitempty"` // at which the person works; empty for the plant's own people (I12)
	MustChange bool   `json:"mustChange"`         // the password is an issued one: nothing may be done before it is changed (CS-35)
	Disabled   bool   `json:"disabled"`
	Locked     bool   `json:"locked"`   // until an administrator unlocks (CS-37)
	Failures   int    `json:"failures"` // wrong passwords since the last right one
	Accepted   bool   `json:"accepted"` // the statement of accountability now in force (CS-69)

	Badge     string     `json:"badge,omitempty"` // serial of the badge now in force; none when empty
	PIN       bool       `json:"pin,omitempty"`   // was chosen
	PINLocked bool       `json:"pinLocked,omitempty"`
	Trainings []Training `json:"trainings,omitempty"` // in order of procedure and first day (CS-2)
}

// Has says whether the person holds the role.
func (p Person) Has(r Role) bool { return slices.Contains(p.Roles, r) }

// account is the state of one account stream. Its JSON is the view document, so it holds nothing that an entry
// does not, and no time: the ledger gives the time of an entry after the view is written.
type account struct {
	Username   string `json:"username"`
	Name       string `json:"name"`
	Lang       string `json:"lang"`
	Roles      []Role `json:"roles"`
	Hospital   string `json:"hospital,omitempty"`
	MustChange bool   `json:"mustChange"`
	Disabled   bool   `json:"disabled"`
	Locked     bool   `json:"locked"`
	Failures   int    `json:"failures"`
	Statement  string `json:"statement"` // digest of the accepted statement of accountability (CS-69)
	Epoch      uint64 `json:"epoch"`     // sessions of an older epoch are over
	Version    uint64 `json:"version"`   // of the stream

	Badge       string     `json:"badge,omitempty"` // serial
	PIN         bool       `json:"pin,omitempty"`
	PINLocked   bool       `json:"pinLocked,omitempty"`
	PINFailures int        `json:"pinFailures,omitempty"`
	BadgeEpoch  uint64     `json:"badgeEpoch,omitempty"` // sessions that a badge opened in an older one are over
	Trainings   []Training `json:"trainings,omitempty"`  // four of a procedure at most
}

func (a account) exists() bool { return a.Version > 0 }

func (a account) person(site, statement string) Person {
	return Person{
		Account: a.Username, Name: a.Name, Roles: slices.Clone(a.Roles), Lang: a.Lang, Site: site, Hospital: a.Hospital, MustChange: a.MustChange,
		Disabled: a.Disabled, Locked: a.Locked, Failures: a.Failures, Accepted: statement == "" || a.Statement == statement,
		Badge: a.Badge, PIN: a.PIN, PINLocked: a.PINLocked, Trainings: slices.Clone(a.Trainings),
	}
}

// apply folds one entry. It is the only place where the state changes. An entry type of a later release is
// refused: to pass over it might leave open what it closed.
func (a *account) apply(kind string, data json.RawMessage) error {
	event, known := newEvent[kind]
	if !known {
		return fmt.Errorf("account %s: unknown entry type %q", a.Username, kind)
	}
	e := event()
	err := json.Unmarshal(data, e)
	if err != nil {
		return fmt.Errorf("account %s: read %s: %w", a.Username, kind, err)
	}
	e.apply(a)
	a.Version++
	return nil
}

// foldEntries continues a over the entries of its stream.
func (a *account) foldEntries(entries iter.Seq2[ledger.Entry, error]) error {
	for e, err := range entries {
		if err != nil {
			return fmt.Errorf("read account: %w", err)
		}
		if e.Version != a.Version+1 {
			return fmt.Errorf("account stream %s: version %d follows %d", e.Stream, e.Version, a.Version)
		}
		err = a.apply(e.Type, e.Data)
		if err != nil {
			return err
		}
	}
	return nil
}

func (a account) document() ([]byte, error) {
	doc, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encode account %s: %w", a.Username, err)
	}
	return doc, nil
}

// Projection derives the view document "account/<username>" of each account from its stream alone, for reindex
// and verify. The documents are the same bytes as those written with the entries.
func Projection() ledger.Projection {
	return ledger.Projection{Prefix: accountPrefix, Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
		var a account
		err := a.foldEntries(entries)
		if err != nil {
			return nil, err
		}
		if !a.exists() {
			return nil, nil
		}
		doc, err := a.document()
		if err != nil {
			return nil, err
		}
		return map[string][]byte{streamOf(a.Username): doc}, nil
	}}
}

func streamOf(username string) string { return accountPrefix + username }
