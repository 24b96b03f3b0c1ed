package people

import (
	"slices"

	"rexbatch/internal/ledger"
)

// Meaning is what a signature says its person did (CS-48, CS-72). The string is printed beside it.
type Meaning string

// The meanings.
const (
	Performed           Meaning = "performed"
	Verified            Meaning = "verified"
	Reviewed            Meaning = "reviewed"
	Assessed            Meaning = "assessed" // a deviation
	Approved            Meaning = "approved" // a master, a deviation, a result's invalidation
	Rejected            Meaning = "rejected"
	ApprovedManufacture Meaning = "approved manufacture" // made per instruction (QP-7)
	ApprovedTesting     Meaning = "approved testing"     // tested per instruction, has the required quality (QP-7)
	Certified           Meaning = "certified"
	SponsorReleased     Meaning = "sponsor released"
	HandedOver          Meaning = "handed over"
	Received            Meaning = "received"
	Requested           Meaning = "requested" // supply of a product out of specification (AT-37)
	Authored            Meaning = "authored"  // a master
	Unblinded           Meaning = "unblinded" // looked at the arm (I11)
	Exported            Meaning = "exported"
	IdentityDestroyed   Meaning = "identity destroyed" // of a patient: the key is destroyed (I12)
	Recalled            Meaning = "recalled"           // a certificate (AT-57)
	Answered            Meaning = "answered"           // what a physician asked for at the bedside (AT-37)
)

// meant lists, for each meaning, the permissions of which the signing role needs one (CS-66).
var meant = map[Meaning][]Permission{
	Performed:           {ExecuteStep, RecordResult, Collect, Administer, IssueKit, OpenOrder, Schedule},
	Verified:            {VerifyStep, ReviewResult},
	Reviewed:            {Review, ReviewResult},
	Assessed:            {AssessDeviation},
	Approved:            {ApproveMaster, AssessDeviation, ReviewResult},
	Rejected:            {Certify, AssessDeviation, ReviewResult, ApproveMaster, ApproveManufacture, ApproveTesting, SponsorRelease},
	ApprovedManufacture: {ApproveManufacture},
	ApprovedTesting:     {ApproveTesting},
	Certified:           {Certify},
	SponsorReleased:     {SponsorRelease},
	HandedOver:          {HoldCustody},
	Received:            {HoldCustody},
	Requested:           {RequestSupply},
	Authored:            {WriteMaster},
	Unblinded:           {SeeBlinded, RequestSupply}, // or in an emergency, the treating physician
	Exported:            {ExportRecord},
	IdentityDestroyed:   {DestroyIdentity},
	Recalled:            {Certify},
	Answered:            {Certify},
}

// ParseMeaning reads a meaning as it stands in a recipe or a form.
func ParseMeaning(s string) (Meaning, error) {
	m := Meaning(s)
	if meant[m] == nil {
		return "", ledger.Refuse(ledger.Invalid, "CS-48", "meaning-unknown",
			"A signature cannot mean {meaning}.", "Choose one of the listed meanings.", "meaning", printed(s))
	}
	return m, nil
}

// MaySign says whether the role may sign with that meaning (CS-66).
func (r Role) MaySign(m Meaning) bool { return slices.ContainsFunc(meant[m], r.May) }
