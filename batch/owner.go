package batch

import "rexbatch/internal/people"

// Owner is the role that has to do something about an exception of the class (screens rule 17: each has an owner).
func (c Class) Owner() people.Role {
	switch c {
	case OOS, InvalidTest:
		return people.QP
	case Undecidable, DeviceOut:
		return people.QCReviewer
	case BrokenOff, Unexpected, Implausible, LateClock:
		return people.ProductionLead
	default:
		return people.QA
	}
}
