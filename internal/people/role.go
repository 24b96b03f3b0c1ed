package people

import (
	"slices"
	"strings"

	"rexbatch/internal/ledger"
)

// Role is what a person may act as at one site (CS-66). The string is what stands in entries and signatures.
type Role string

// The roles. Which may do what is one table: grants.
const (
	Coordinator       Role = "coordinator"        // clinical site: opens orders
	Investigator      Role = "investigator"       // answers for the trial at the clinical site, blinded
	Physician         Role = "physician"          // collects the marrow
	Nurse             Role = "nurse"              // second person at collection and administration
	Courier           Role = "courier"            // carries
	Scheduler         Role = "scheduler"          // plant: accepts orders, reserves slots
	Logistics         Role = "logistics"          // plant: kits, shippers, loggers
	Operator          Role = "operator"           // plant: manufactures
	ProductionLead    Role = "production-lead"    // plant: decides dose and disturbance on the floor
	QCAnalyst         Role = "qc-analyst"         // plant: tests
	QCReviewer        Role = "qc-reviewer"        // plant: reviews raw data and results
	QA                Role = "qa"                 // plant: reviews records, assesses deviations, approves masters
	QP                Role = "qp"                 // Qualified Person: certifies (CS-20)
	HeadProduction    Role = "head-production"    // approves manufacture (QP-7)
	HeadQC            Role = "head-qc"            // approves testing (QP-7)
	UnblindedOperator Role = "unblinded-operator" // makes the arm's product, sees the arm (I11)
	Custodian         Role = "custodian"          // keeps the randomisation, sees the arm (I11)
	Interventionist   Role = "interventionist"    // administers the product
	Sponsor           Role = "sponsor"            // releases after certification
	Admin             Role = "admin"              // runs the system, touches no record (CS-40)
	Inspector         Role = "inspector"          // reads everything but the arm, writes nothing
)

var allRoles = []Role{
	Coordinator, Investigator, Physician, Nurse, Courier, Scheduler, Logistics, Operator, ProductionLead, QCAnalyst,
	QCReviewer, QA, QP, HeadProduction, HeadQC, UnblindedOperator, Custodian, Interventionist, Sponsor, Admin, Inspector,
}

// Roles returns every role, in the order in which they are always listed.
func Roles() []Role { return slices.Clone(allRoles) }

// ParseRole reads a role's name as it stands in entries and forms. An unknown name is a Refusal (CS-66).
func ParseRole(name string) (Role, error) {
	r := Role(strings.ToLower(strings.TrimSpace(name)))
	if !slices.Contains(allRoles, r) {
		return "", ledger.Refuse(ledger.Invalid, "CS-66", "role-unknown",
			"There is no role {role}.", "Choose one of the listed roles.", "role", printed(name))
	}
	return r, nil
}

// apart lists the roles that one person may not hold together, and the rule that parts them. A role beside nil
// stands alone: it may be held with no other.
var apart = []struct {
	role Role
	from []Role
	rule string
	why  string
}{
	{Admin, nil, "CS-40", "an administrator has no role in the record"},
	{Inspector, nil, "CS-40", "an inspector reads and writes nothing"},
	{HeadProduction, []Role{HeadQC}, "QP-7", "the heads of production and of quality control are two independent persons"},
	{UnblindedOperator, blinded, "I11", "a person who sees the arm has no blinded role"},
	{Custodian, blinded, "I11", "a person who sees the arm has no blinded role"},
}

// blinded are the roles that judge or treat the patient, or report on the trial, without knowing the arm (I11).
var blinded = []Role{Coordinator, Investigator, Physician, Nurse, Interventionist}

// checkRoles returns roles once each, in listing order, or says why one person may not have them (CS-40, I11, QP-7).
func checkRoles(roles []Role) ([]Role, error) {
	var held []Role
	for _, r := range roles {
		known, err := ParseRole(string(r))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(held, known) {
			held = append(held, known)
		}
	}
	if len(held) == 0 {
		return nil, ledger.Refuse(ledger.Invalid, "CS-40", "role-missing",
			"An account needs at least one role.", "Choose a role, or disable the account.")
	}
	for _, rule := range apart {
		if !slices.Contains(held, rule.role) {
			continue
		}
		for _, other := range held {
			if other == rule.role || rule.from != nil && !slices.Contains(rule.from, other) {
				continue
			}
			return nil, ledger.Refuse(ledger.Forbidden, rule.rule, "roles-apart",
				"One person cannot be {role} and {other}: {why}.", "Give the roles to two persons.",
				"role", string(rule.role), "other", string(other), "why", rule.why)
		}
	}
	slices.SortFunc(held, func(a, b Role) int { return slices.Index(allRoles, a) - slices.Index(allRoles, b) })
	return held, nil
}
