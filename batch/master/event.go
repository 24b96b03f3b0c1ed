package master

import (
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The types of entry in the stream of a version.
const (
	typeDrafted   = "master.drafted"
	typeRevised   = "master.revised"
	typeSubmitted = "master.submitted"
	typeReturned  = "master.returned"
	typeApproved  = "master.approved"
	typeWithdrawn = "master.withdrawn"

	streamPrefix = "master/"
	claimPrefix  = "master-after/" // the version on which a new one follows: two cannot follow on the same one
)

// Content is a file as it was uploaded. Its bytes are a blob of the log.
type Content struct {
	File     ledger.Digest `json:"file"`
	Size     int           `json:"size"`     // bytes
	Errors   int           `json:"errors"`   // as the program found them then
	Warnings int           `json:"warnings"` // as the program found them then
}

type drafted struct {
	Recipe string `json:"recipe"`
	Number int    `json:"number"`
	Change string `json:"change"` // number of the change request (CS-13)
	Note   string `json:"note"`
	Content
}

type revised struct {
	Note string `json:"note"`
	Content
}

type submitted struct {
	File ledger.Digest `json:"file"`
}

type returned struct {
	Reason string `json:"reason"`
}

type approved struct {
	Shown
	Signature people.Signature `json:"signature"`
}

// withdrawn has its own time: views show when a version ended, and what a view shows may not hang on the moment at which
// its entry becomes durable.
type withdrawn struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}
