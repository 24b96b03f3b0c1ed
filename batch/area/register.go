package area

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// Registration is what a plant says of a new work area.
type Registration struct {
	ID       string // 2 to 20 capital letters, digits and hyphens, e.g. "SVQ-A1"
	Kind     string // what recipes call such an area, e.g. "aseptic"
	Name     string
	Grade    Grade
	ValidFor time.Duration // of a clearance: 15 min to 24 h, whole minutes
	Limits   []Limits      // of its environment; those of the grade when none are stated
}

var (
	idForm   = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,18}[A-Z0-9]$`)
	kindForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
)

const (
	maxName     = 80
	minValidity = 15 * time.Minute
	maxValidity = 24 * time.Hour
)

// Register decides that a work area exists from now on. It is not clear: nobody has looked.
func Register(role people.Role, r Registration) (ledger.Draft, error) {
	if !role.May(people.ManageAreas) {
		return ledger.Draft{}, ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-manage-areas", "the role {role} does not manage work areas", "a production lead, the head of production or QA has to do it", "role", string(role))
	}
	r.Name = strings.TrimSpace(r.Name)
	err := r.check()
	if err != nil {
		return ledger.Draft{}, err
	}
	if len(r.Limits) == 0 {
		r.Limits = LimitsFor(r.Grade)
	}
	return ledger.Draft{Type: typeRegistered, Data: registered{
		ID: r.ID, Kind: r.Kind, Name: r.Name, Grade: r.Grade, Minutes: int(r.ValidFor / time.Minute), Limits: r.Limits,
	}}, nil
}

func (r Registration) check() error {
	var faults ledger.Refusals
	refuse := func(bad bool, code, what, next string) {
		if bad {
			faults = append(faults, ledger.Refuse(ledger.Invalid, "AT-10", code, what, next))
		}
	}
	refuse(!idForm.MatchString(r.ID), "area-id", "a work area's identifier has 2 to 20 capital letters, digits and hyphens", "type it as it stands on the door, such as SVQ-A1")
	refuse(!kindForm.MatchString(r.Kind), "area-kind", "the kind of a work area has at most 32 small letters, digits and hyphens", "use the kind that the recipe names, such as aseptic")
	refuse(r.Name == "" || len(r.Name) > maxName || paper.Printable(r.Name) != nil, "area-name", "a work area's name has 1 to 80 printable characters", "type the name that people use")
	_, known := grades[r.Grade]
	refuse(!known, "area-grade", "this is no grade of a work area", "choose one of the listed grades")
	refuse(r.ValidFor < minValidity || r.ValidFor > maxValidity || r.ValidFor%time.Minute != 0, "area-validity", "a clearance is valid for 15 minutes to 24 hours, in whole minutes", "state how long it may take until work begins")
	refuse(!limitsFit(r.Limits), "area-limits", "a limit of the environment does not fit its kind, or a kind has two", "state one action limit for each kind, in the unit of the kind")
	return faults.Err()
}

func limitsFit(limits []Limits) bool {
	var seen []Kind
	for _, l := range limits {
		bad := !l.Kind.known() || slices.Contains(seen, l.Kind) || l.Action.IsZero() || l.Action.Unit() != l.Kind.Unit()
		if bad || !l.Alert.IsZero() && l.Alert.Unit() != l.Kind.Unit() {
			return false
		}
		seen = append(seen, l.Kind)
	}
	return true
}
