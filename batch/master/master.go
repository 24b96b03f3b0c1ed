// Package master keeps the versions of master batch records: who wrote one, who reviewed and approved it, from when on
// batches are opened by it, and when it was withdrawn (AT-3, AT-5, AT-14, CS-13).
//
// One version is one aggregate (stream "master/<recipe>/<version>"). Its file is a blob of the log, named by its digest.
// Decisions are pure functions of the folded state; Book loads, decides and appends. The package knows no batch: a batch
// pins the digest of its version for ever, so that nothing that is decided here touches a batch that runs.
//
// Which version is in force follows from the approvals and the clock (InForce): of those whose day has come and that are
// not withdrawn, the newest. So there is one at most at any instant, and an older one never takes the place of a newer.
package master

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// ID names a version of a recipe.
type ID struct {
	Recipe string `json:"recipe"` // e.g. "REX-001"
	Number int    `json:"number"` // version, from 1
}

// String is the version as people name it, e.g. "REX-001 v3".
func (i ID) String() string { return fmt.Sprintf("%s v%d", i.Recipe, i.Number) }

// ParseID reads the two parts of an address. A refusal of kind Missing says that no version can have that name.
func ParseID(recipe, number string) (ID, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || strconv.Itoa(n) != number || len(recipe) > maxShort {
		return ID{}, ID{Recipe: legible(recipe), Number: n}.missing()
	}
	return ID{Recipe: recipe, Number: n}, nil
}

func (i ID) missing() *ledger.Refusal {
	return ledger.Refuse(ledger.Missing, "AT-5", "no-master", "there is no version {version} of {recipe} at this plant", "look at the list of versions", "version", strconv.Itoa(i.Number), "recipe", i.Recipe)
}

// Stream is the stream of a version.
func Stream(i ID) string { return streamPrefix + i.Recipe + "/" + strconv.Itoa(i.Number) }

// Status is where a version stands.
type Status string

// The statuses. People decide Draft, InReview, Approved and Withdrawn; Effective and Superseded follow from the clock and
// the other versions, see StatusAt. Shipped needs no decision.
const (
	Draft      Status = "draft"
	InReview   Status = "in-review"
	Approved   Status = "approved" // its day has not come
	Effective  Status = "effective"
	Superseded Status = "superseded"
	Withdrawn  Status = "withdrawn"
	Shipped    Status = "shipped" // it came with the program, for demonstration; nobody of the plant approved it
)

// Statuses are all of them, in the order of a version's life.
func Statuses() []Status {
	return []Status{Shipped, Draft, InReview, Approved, Effective, Superseded, Withdrawn}
}

// Master is one version of a master batch record, as the entries say.
type Master struct {
	ID
	Content
	Status      Status // as it was decided
	Change      string // number of the change request (CS-13)
	Note        string // what is new, as the newest draft says
	Authors     []string
	From        time.Time        // batches are opened by it from then on; zero before it is approved
	Approval    people.Signature // zero before it is approved
	WithdrawnAt time.Time        // zero while it is not
	History     []Event
	Version     uint64 // of the stream
}

// Event is one entry in the life of a version.
type Event struct {
	Type string // of the entry, e.g. "master.returned"
	Text string // note or reason
	By   ledger.Author
	At   time.Time
	Seq  uint64
}

// wrote tells whether a person had a hand in the version: they do not approve it (I7).
func (m *Master) wrote(account string) bool { return slices.Contains(m.Authors, account) }

// Shown is what the signature of an approval is over (I8): what the version is, under which change, and from when.
type Shown struct {
	Recipe string        `json:"recipe"`
	Number int           `json:"number"`
	File   ledger.Digest `json:"file"`
	Change string        `json:"change"`
	From   time.Time     `json:"effective_from"`
}
