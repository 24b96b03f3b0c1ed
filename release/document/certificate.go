// Package document prints the batch certificate of an investigational medicinal product as a PDF, from
// finished values to paper.
//
// A Certificate holds everything that is printed; the package decides nothing, reads no clock and knows no
// ledger. All fixed wording is in templates/certificate, one file per language; every certificate is printed
// in English and in the language of the plant, with the same content (requirements 8.2). The same Certificate
// gives the same bytes. What is missing, contradictory or unprintable is refused, never left out silently.
//
// The PDF has an empty rectangle for the signature of the Qualified Person; release/pades signs it and fills
// the rectangle with the page that Appearance makes.
package document

import "time"

// Bilingual is one statement in English and in the language of the plant. Both must say the same.
type Bilingual struct {
	English string
	Local   string
}

// Stage is the step of the two-step certification of a product with a short life.
type Stage int

// The stages: initial while listed tests are pending, final when every result is known.
const (
	StageInitial Stage = 1
	StageFinal   Stage = 2
)

// Certificate is the content of one batch certificate, as finished values. Texts are printed as they are;
// times are printed in their own zone and in UTC, so give them the zone of the plant.
type Certificate struct {
	Language string // second language: "es" or "de"
	Clinic   bool   // copy for blinded persons: results, exceptions and the attached record are refused

	Number     string // certificate number
	Version    int    // from 1
	Stage      Stage
	Supersedes string // number and version of the certificate that this one replaces; empty for the first

	Product       Bilingual   // requirements 3.3 item 1, "REX-001 / placebo" while blinded
	EUCT          string      // item 2; empty when there is none
	EudraCT       string      // item 2; empty when there is none
	Protocol      string      // item 2, the sponsor's code
	Strength      Bilingual   // item 3, must not unblind
	DosageForm    Bilingual   // item 4
	Package       Bilingual   // item 5
	Batch         string      // item 6, as on the label
	Expiry        time.Time   // item 7
	Manufacturer  string      // item 8, name; also the letterhead
	Address       string      // item 8
	Authorisation string      // item 9
	Remarks       []Bilingual // item 10, before the pending tests, which are printed by themselves
	Relevant      []Bilingual // item 11

	Certification SignatureBlock // items 14 to 16: the Qualified Person

	CoI              Identifier // Chain of Identity identifier
	DIN              Identifier // Donation Identification Number
	Subject          string     // subject number in the trial, a pseudonym
	Manufactured     time.Time
	Storage          Bilingual
	Destination      Bilingual // country
	Register         string    // entry number in the register of the site (requirements 3.5)
	Specification    Versioned
	Recipe           Versioned // the master batch record
	RecipeDigest     string    // SHA-256, 64 hexadecimal digits
	Sites            []Site
	Results          []Result
	Pending          []PendingTest
	Considered       []Considered
	PlantSignatures  []SignatureBlock // before certification: QA, head of production, head of quality control
	RecordDigest     string           // SHA-256 of the batch record, 64 hexadecimal digits
	LedgerCheckpoint Checkpoint
	Record           *Attachment // machine-readable record to embed; nil for none
}

// Identifier is a printed identifier with its check character (ISO/IEC 7064 mod 37-2), printed in a frame.
type Identifier struct {
	Value string
	Check string
}

// Versioned names a controlled document.
type Versioned struct {
	ID      string
	Version string
}

// Task is what a site does for the batch.
type Task string

// The tasks of a site.
const (
	TaskManufacture        Task = "manufacture"
	TaskTesting            Task = "testing"
	TaskManufactureTesting Task = "manufacture-testing"
)

// Site is a place where the batch was made or tested.
type Site struct {
	Task          Task
	Name          string
	Address       string
	Authorisation string // number of the authorisation and its authority
}

// Evaluation is the comparison of a result with its limit.
type Evaluation string

// The evaluations of a known result; a result that is not known yet is a PendingTest.
const (
	Complies           Evaluation = "complies"
	OutOfSpecification Evaluation = "out-of-specification"
	Information        Evaluation = "information" // reported without a limit
)

// Result is one tested attribute.
type Result struct {
	Attribute  Bilingual
	Method     string // method, or the step of the record where it was measured
	Limit      string // with unit, as in the specification
	Value      string // with qualifier, decimals and unit, as reported (I13)
	Evaluation Evaluation
}

// PendingTest is an attribute whose result is not known at certification.
type PendingTest struct {
	Attribute Bilingual
	Method    string
	Limit     string
	Due       time.Time // day on which the result is expected
}

// Class is the weight of something considered at certification.
type Class string

// The classes: an exception found by rule, or a deviation with its classification.
const (
	ClassException Class = "exception"
	ClassMinor     Class = "minor"
	ClassMajor     Class = "major"
	ClassCritical  Class = "critical"
)

// Considered is one exception or deviation that the Qualified Person took into account.
type Considered struct {
	ID         string
	Class      Class
	Subject    string // what happened, in one line
	Assessment string // why it does not stand against certification, as approved; may have several lines
}

// Role is the function in which a person signs.
type Role string

// The roles that sign for a batch (requirements 3.1, 8.2 terms 22 and 49).
const (
	RoleQualifiedPerson      Role = "qualified-person"
	RoleQualityAssurance     Role = "quality-assurance"
	RoleHeadOfProduction     Role = "head-of-production"
	RoleHeadOfQualityControl Role = "head-of-quality-control"
)

// SignatureBlock is how a signature is shown: who, in which role, with which meaning, when, over what (I8).
type SignatureBlock struct {
	Language string // second language, "es" or "de"; only Appearance needs it, Render uses the certificate's
	Name     string // full name
	Username string
	Role     Role
	Meaning  Bilingual // as it was shown to the person when signing
	At       time.Time // server time, in the zone of the plant
	Digest   string    // SHA-256 of what was signed, 64 hexadecimal digits
}

// Checkpoint is a signed state of the ledger (a C2SP checkpoint) in which the record is contained.
type Checkpoint struct {
	Origin string // name of the log
	Size   uint64 // entries
	Root   string // root hash, base64 as in the checkpoint
}

// Attachment is a file embedded in the PDF.
type Attachment struct {
	Name        string // plain ASCII
	Description string
	Content     []byte
}

// Document is a certificate ready to be signed.
type Document struct {
	PDF           []byte
	SignaturePage int        // page of the signature field, from 1
	SignatureRect [4]float64 // left, bottom, right, top of the field in PDF points, origin at the bottom left
}
