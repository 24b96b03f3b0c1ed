package bedside

import (
	"time"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The types of entry in the stream of a batch's bedside.
const (
	typeStated    = "bedside.stated"
	typeScanned   = "bedside.scanned"
	typeStopped   = "bedside.stopped"
	typeStarted   = "bedside.started"
	typeEnded     = "bedside.ended"
	typeRequested = "bedside.requested"
	typeAnswered  = "bedside.answered"
	typeRecalled  = "bedside.recalled"
)

const streamPrefix = "bedside/"

// Stream is the stream of a batch's bedside.
func Stream(batch string) string { return streamPrefix + batch }

// Source is which phone said it, when, and where it is proved.
type Source struct {
	Phone  string                `json:"phone"`
	N      uint64                `json:"n"` // number of the phone's event
	Event  ledger.Digest         `json:"event"`
	Moment chainofcustody.Moment `json:"moment"`
	Off    bool                  `json:"wrong_clock,omitempty"`

	Received time.Time `json:"-"`
	By       string    `json:"-"`
	Role     string    `json:"-"`
	Seq      uint64    `json:"-"`
}

// Scan is one label that was read at the bed, good or bad (I4, scenario 12).
type Scan struct {
	Source
	Expect    chainofcustody.Kind    `json:"expect"`
	Raw       string                 `json:"raw"`
	Outcome   chainofcustody.Outcome `json:"outcome"`
	CoI       string                 `json:"coi,omitempty"`
	Container string                 `json:"container,omitempty"`
	Why       string                 `json:"why,omitempty"`
	Said      string                 `json:"said,omitempty"` // what the phone made of it, where that is another outcome
}

// Stop is an infusion that was asked for and did not begin.
type Stop struct {
	Source
	Rules []string `json:"rules"`
	Limb  string   `json:"limb,omitempty"`
	Scans []uint64 `json:"scans,omitempty"`
}

// Start is an infusion that began. Doubts are the rules that stood against it as far as the server knows; a fact is not
// dropped for them.
type Start struct {
	Source
	Containers []string      `json:"containers"`
	Limb       string        `json:"limb"`
	Statement  ledger.Digest `json:"statement"`
	Checked    time.Time     `json:"checked,omitzero"` // when the phone last asked for a recall
	Doubts     []string      `json:"doubts,omitempty"`
	End        *End          `json:"-"`
}

// End is how it ended, and what does not fit.
type End struct {
	Source
	Start uint64 `json:"start"` // position of the start's entry; zero where the phone delivered none
	Ending
	Faults []string `json:"faults,omitempty"`
}

// Request is what a physician asks of the plant when a rule stops the infusion (scenarios 40 and 43). It lifts nothing.
type Request struct {
	Source
	Rules  []string `json:"rules"`
	Reason string   `json:"reason"`
	Risk   string   `json:"risk"`
	Doubts []string `json:"doubts,omitempty"`
	Answer *Answer  `json:"-"`
}

// Answer is what the Qualified Person answered, signed.
type Answer struct {
	Request   uint64           `json:"request"` // position of its entry
	Supply    bool             `json:"supply"`  // the plant will supply it at the physician's request, with its own document
	Text      string           `json:"text"`
	Signature people.Signature `json:"signature"`
	Seq       uint64           `json:"-"`
}

// Recall is the end of a certificate (AT-57).
type Recall struct {
	Certificate string           `json:"certificate"`
	Reason      string           `json:"reason"`
	Signature   people.Signature `json:"signature"`
	At          time.Time        `json:"-"`
	Seq         uint64           `json:"-"`
}

// Stated is a statement as it was made.
type Stated struct {
	Statement
	Name ledger.Digest
	At   time.Time
	Seq  uint64
}
