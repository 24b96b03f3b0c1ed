package batch

import (
	"fmt"

	"rexbatch/internal/ledger"
)

// applyCourse folds the entries with which a batch leaves the straight way, or is held against its plant.
func (b *Batch) applyCourse(e ledger.Entry) error {
	switch e.Type {
	case typeHandedOn:
		return apply(e, b.applyHandedOn)
	case typeRenewed:
		return apply(e, b.applyRenewed)
	case typeCommented:
		return apply(e, b.applyCommented)
	case typeDisagreed:
		return apply(e, b.applyDisagreed)
	case typeInterrupted:
		return apply(e, b.applyInterrupted)
	case typeResumed:
		return apply(e, b.applyResumed)
	case typeBegun:
		return apply(e, b.applyBegun)
	case typeHeld:
		return apply(e, b.applyHeld)
	case typeHoldRead:
		return apply(e, b.applyHoldRead)
	case typeUnscanned:
		return apply(e, b.applyUnscanned)
	case typePackIssued:
		return apply(e, b.applyPackIssued)
	case typePackReturned:
		return apply(e, b.applyPackReturned)
	case typeProved:
		return apply(e, b.applyProved)
	case typeLetGo:
		return apply(e, b.applyLetGo)
	case typeStopAsked:
		return apply(e, b.applyStopAsked)
	case typeDisposed:
		return apply(e, b.applyDisposed)
	case typeClosed:
		return apply(e, b.applyClosed)
	case typeLotUsed:
		return apply(e, b.applyLotUsed)
	case typeDeviceUsed:
		return apply(e, b.applyDeviceUsed)
	case typeAreaOpened:
		return apply(e, b.applyAreaOpened)
	case typeAreaFreed:
		return apply(e, b.applyAreaFreed)
	case typeFloor:
		return apply(e, b.applyFloor)
	case typeSending:
		return apply(e, b.applySending)
	case typeUnknown:
		return apply(e, b.applyUnknown)
	case typePrinted:
		return apply(e, b.applyPrinted)
	case typeScannedBack:
		return apply(e, b.applyScannedBack)
	case typeDestroyed:
		return apply(e, b.applyDestroyed)
	case typeDeviation:
		return apply(e, b.applyDeviation)
	case typeClassified:
		return apply(e, b.applyClassified)
	case typeInvestigated:
		return apply(e, b.applyInvestigated)
	case typeApproved:
		return apply(e, b.applyApproved)
	case typeProposed:
		return apply(e, b.applyProposed)
	case typeAllowed:
		return apply(e, b.applyAllowed)
	case typeDeclined:
		return apply(e, b.applyDeclined)
	case typeSplit:
		return apply(e, b.applySplit)
	case typeThawing:
		return apply(e, b.applyThawing)
	case typeInherited:
		return apply(e, b.applyInherited)
	default:
		return fmt.Errorf("unknown entry type %q", e.Type)
	}
}
