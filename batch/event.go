package batch

import (
	"encoding/json"
	"time"

	"rexbatch/batch/formula"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// The types of entry in a batch's stream.
const (
	typeOpened    = "batch.opened"
	typeStarted   = "batch.step-started"
	typeEntered   = "batch.field-entered"
	typeCorrected = "batch.field-corrected"
	typeComputed  = "batch.field-computed"
	typeStopped   = "batch.identity-stopped"
	typeLabels    = "batch.labels-issued"
	typeCompleted = "batch.step-completed"
	typeVerified  = "batch.step-verified"
	typeAssessed  = "batch.exception-assessed"
	typeActed     = "batch.act-signed"
	typeRevealed  = "batch.blinded-viewed"
	typeCustody   = "batch.custody-exception"
	typeInvalid   = "batch.field-not-computable"
	typeTakenOver = "batch.step-taken-over"

	typeCommented    = "batch.value-commented"
	typeDisagreed    = "batch.second-disagreed"
	typeInterrupted  = "batch.step-interrupted"
	typeResumed      = "batch.step-resumed"
	typeBegun        = "batch.infusion-begun"
	typeHeld         = "batch.held"
	typeHoldRead     = "batch.hold-read"
	typeUnscanned    = "batch.scans-absent"
	typePackIssued   = "batch.pack-issued"
	typePackReturned = "batch.pack-returned"
	typeProved       = "batch.identity-proved"
	typeLetGo        = "batch.let-go-on"
	typeStopAsked    = "batch.stop-asked"
	typeDisposed     = "batch.container-disposed"
	typeClosed       = "batch.closed"
	typeLotUsed      = "batch.lot-used"
	typeDeviceUsed   = "batch.equipment-used"
	typeAreaOpened   = "batch.area-opened"
	typeAreaFreed    = "batch.area-freed"
	typeFloor        = "batch.floor-exception"
	typeSending      = "batch.label-sending"
	typeUnknown      = "batch.label-unknown"
	typePrinted      = "batch.label-printed"
	typeScannedBack  = "batch.label-scanned-back"
	typeDestroyed    = "batch.label-destroyed"
	typeDeviation    = "batch.deviation-opened"
	typeClassified   = "batch.deviation-classified"
	typeInvestigated = "batch.deviation-investigated"
	typeApproved     = "batch.deviation-approved"
	typeProposed     = "batch.allowance-proposed"
	typeAllowed      = "batch.allowance-approved"
	typeDeclined     = "batch.allowance-declined"
	typeSplit        = "batch.split"
	typeInherited    = "batch.inherited"
	typeThawing      = "batch.thaw-ordered"
	typeHandedOn     = "batch.handed-on"
	typeRenewed      = "batch.dossier-renewed"
)

type opened struct {
	Number  string        `json:"number"`
	CoI     string        `json:"coi"`
	Subject string        `json:"subject"`
	Site    string        `json:"site"`
	Recipe  ledger.Digest `json:"recipe"` // the file's bytes are a blob of this entry: a batch pins its version (AT-5)
	Version int           `json:"recipe_version"`
	Spec    ledger.Digest `json:"specification"`
	Parent  string        `json:"parent,omitempty"`  // the batch from which it was split
	Harvest int           `json:"harvest,omitempty"` // of the therapy event; none for the first

	Further  Further           `json:"further,omitempty"` // why the patient is harvested again
	Reason   string            `json:"reason,omitempty"`
	Decision *people.Signature `json:"decision,omitempty"`

	TakenOn *TakenOn `json:"taken_on,omitempty"` // from another plant; none for a batch that was ordered here

	Thaw *Thaw `json:"thaw,omitempty"` // what is thawed; none for a batch that is made fresh
}

type started struct {
	Step   string   `json:"step"`
	Before []string `json:"before,omitempty"` // steps that were not done yet: begun at risk (scenario 26)
	Reason string   `json:"reason,omitempty"` // why it was
}

// entered is a value as it was captured, with the source of it.
type entered struct {
	Step   string `json:"step"`
	Field  string `json:"field"`
	Value  Value  `json:"value"`
	Source Origin `json:"source"`
	Reason string `json:"reason,omitempty"` // of a correction or a late entry; sealed in a blinded step
	// Performed is when what is entered late was done, as the person says; the entry's own time is the server's (DI-11).
	Performed time.Time `json:"performed,omitzero"`
	// Ref is where a value was taken from that nobody typed: the shipment, and the logger file by its digest; the phone's event
	// by its number and digest (I14).
	Ref string `json:"ref,omitempty"`
	// Ground is why a result that is out of specification is replaced (AT-33).
	Ground Ground `json:"ground,omitempty"`
}

// Origin tells typed, scanned and computed values apart (screens, "Numbers").
type Origin string

// The origins of a value.
const (
	Typed    Origin = "typed"
	Scanned  Origin = "scanned"
	Keyed    Origin = "keyed" // an identifier typed with its check character, because its label could not be read (ID-12)
	Computed Origin = "computed"
	Counted  Origin = "counted"  // by the system, from the record itself
	Ordered  Origin = "order"    // taken from the order of the therapy event
	Shipped  Origin = "shipment" // taken from the shipment: its receipt, or the figures of its logger
	AtTheBed Origin = "bedside"  // taken from what phones at the bed delivered
)

type computed struct {
	Step    string     `json:"step"`
	Field   string     `json:"field"`
	Value   Value      `json:"value"`
	Formula formula.ID `json:"formula,omitempty"`
	// Expression is the recipe's own, in place of a formula; the version then is that of the recipe.
	Expression string          `json:"expression,omitempty"`
	Version    int             `json:"formula_version"`
	Inputs     []ComputedInput `json:"inputs"`
}

// ComputedInput is one value that went into a computed one: which, how much, and the entry it stands in.
type ComputedInput struct {
	Name  string `json:"name"`
	Ref   string `json:"ref"`
	Value Value  `json:"value"`
	Entry uint64 `json:"entry,omitempty"` // absent when it was computed in the same append, or is a parameter
}

// notComputable says that a computed field has no value any more, and why.
type notComputable struct {
	Step  string `json:"step"`
	Field string `json:"field"`
	Why   string `json:"why"`
}

// takenOver is a step that another person goes on with.
type takenOver struct {
	Step   string `json:"step"`
	From   string `json:"from"`
	Reason string `json:"reason"`
}

type stopped struct {
	Step  string `json:"step"`
	Field string `json:"field"`
	Want  string `json:"want"`
	Got   string `json:"got"`
	Why   string `json:"why"`
}

// custodyException is what did not agree at a handoff of this batch's material.
type custodyException struct {
	Class     Class  `json:"class"` // Identity or CustodyDiffers
	Step      string `json:"step"`  // that was to be done then
	Container string `json:"container"`
	Want      string `json:"want,omitempty"`
	Got       string `json:"got,omitempty"`
	What      string `json:"what"`
}

type labelsIssued struct {
	Step       string   `json:"step"`
	Containers []string `json:"containers"`
	Print      []string `json:"print,omitempty"` // those whose label is printed, and has to be scanned back
}

type completed struct {
	Step string `json:"step"`
}

type verified struct {
	Step      string           `json:"step"`
	Signature people.Signature `json:"signature"`
	Scanned   string           `json:"scanned,omitempty"` // container that the second person scanned independently
	Keyed     bool             `json:"keyed,omitempty"`   // it was typed with its check character instead
}

type assessed struct {
	Exception      string           `json:"exception"`
	Step           string           `json:"step"`
	Classification Classification   `json:"classification"`
	Assessment     string           `json:"assessment"`
	Signature      people.Signature `json:"signature"`
}

type acted struct {
	Act       mbr.Act          `json:"act"`
	Record    ledger.Digest    `json:"record"` // the record as it stood
	Signature people.Signature `json:"signature"`
	Details   json.RawMessage  `json:"details,omitempty"`
}

type revealed struct {
	Step   string `json:"step"`
	Reason string `json:"reason"`
}

// SignedAct is a signed decision as it stands in the record.
type SignedAct struct {
	Act       mbr.Act
	Record    ledger.Digest
	Signature people.Signature
	Details   json.RawMessage
	Seq       uint64
	At        time.Time
}
