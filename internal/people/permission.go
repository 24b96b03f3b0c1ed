package people

import "slices"

// Permission is one kind of act that a role allows (CS-66). A room asks Person.May or Role.May before it decides;
// a recipe may narrow further which role does which step.
type Permission string

// The permissions. The first four have nothing to do with the content of a record.
const (
	ManageAccounts  Permission = "manage accounts"
	ConfigureSystem Permission = "configure system" // plants, terminals, connections
	ReadAccounts    Permission = "read accounts"
	VerifyLog       Permission = "verify log" // proofs and checkpoints, no content

	ReadRecord       Permission = "read record"
	ReadOwnShipments Permission = "read own shipments"
	SeeBlinded       Permission = "see blinded content" // the arm; every look is an entry (I11)
	OpenOrder        Permission = "open order"
	Schedule         Permission = "schedule"
	IssueKit         Permission = "issue kit"
	NameOnCall       Permission = "name on call"  // who answers for the plant out of hours (TR-2)
	PlanShipment     Permission = "plan shipment" // lane, box, logger, expected times (TR-1)
	Collect          Permission = "collect"
	HoldCustody      Permission = "hold custody" // hand over and receive
	ExecuteStep      Permission = "execute step"
	VerifyStep       Permission = "verify step"
	RaiseException   Permission = "raise exception"
	HoldBatch        Permission = "hold batch" // nothing is done with it until QA lets it go on
	StopBatch        Permission = "stop batch" // it is not made any further

	InvestigateDeviation Permission = "investigate deviation"
	ProposeAllowance     Permission = "propose allowance" // a change for one batch (AT-5)
	RecordResult         Permission = "record result"
	ReviewResult         Permission = "review result"
	WriteMaster          Permission = "write master"
	ApproveMaster        Permission = "approve master"
	Review               Permission = "review"
	AssessDeviation      Permission = "assess deviation"
	ApproveManufacture   Permission = "approve manufacture"
	ApproveTesting       Permission = "approve testing"
	Certify              Permission = "certify"
	SponsorRelease       Permission = "sponsor release"
	RequestSupply        Permission = "request supply" // of a product out of specification (AT-37)
	Administer           Permission = "administer"
	ExportRecord         Permission = "export record"
	ManageMaterials      Permission = "manage materials" // receive, discard, block (AT-21)
	ReleaseMaterial      Permission = "release material" // release, block, unblock (AT-21)
	RecordTraining       Permission = "record training"  // of others (CS-2)
	ManageEquipment      Permission = "manage equipment" // register, calibrate, qualify, approve programmes, retire (CS-67)
	ManageAreas          Permission = "manage areas"     // register work areas (AT-10)

	SeeIdentity     Permission = "see patient identity"     // of the own hospital's patients; every look is an entry (I12)
	DestroyIdentity Permission = "destroy patient identity" // two persons, one of QA (I12)
)

// grants is the one table of who may do what (CS-66). A role that is not in a row may not do it.
var grants = map[Role][]Permission{
	Coordinator:     {SeeIdentity, ReadOwnShipments, OpenOrder, ExecuteStep, RaiseException},
	Investigator:    {SeeIdentity, DestroyIdentity, StopBatch, ReadOwnShipments, OpenOrder, ExecuteStep, RaiseException, RequestSupply},
	Physician:       {SeeIdentity, ReadOwnShipments, OpenOrder, ExecuteStep, VerifyStep, RaiseException, HoldCustody, Collect, RequestSupply},
	Nurse:           {SeeIdentity, ReadOwnShipments, ExecuteStep, VerifyStep, RaiseException, HoldCustody, Collect},
	Interventionist: {SeeIdentity, ReadOwnShipments, ExecuteStep, VerifyStep, RaiseException, HoldCustody, Administer, RequestSupply},
	Courier:         {ReadOwnShipments, ExecuteStep, VerifyStep, RaiseException, HoldCustody},

	Scheduler: {ReadRecord, PlanShipment, OpenOrder, Schedule, NameOnCall, ExecuteStep, VerifyStep, RaiseException},
	Logistics: {ReadRecord, PlanShipment, ExecuteStep, VerifyStep, RaiseException, HoldCustody, IssueKit, ManageMaterials},
	Operator:  {ReadRecord, PlanShipment, ExecuteStep, VerifyStep, RaiseException, HoldCustody},
	ProductionLead: {HoldBatch, PlanShipment, StopBatch, InvestigateDeviation, ProposeAllowance, ReadRecord, ExecuteStep, VerifyStep, RaiseException, HoldCustody, Schedule, NameOnCall, WriteMaster, Review, ManageMaterials,
		ManageEquipment, ManageAreas},
	UnblindedOperator: {ReadRecord, ExecuteStep, VerifyStep, RaiseException, HoldCustody, SeeBlinded},
	Custodian:         {ReadRecord, ExecuteStep, VerifyStep, RaiseException, SeeBlinded},

	QCAnalyst:  {ReadRecord, ExecuteStep, VerifyStep, RaiseException, HoldCustody, RecordResult},
	QCReviewer: {InvestigateDeviation, ReadRecord, VerifyStep, RaiseException, ReviewResult},
	QA: {DestroyIdentity, HoldBatch, StopBatch, NameOnCall, InvestigateDeviation, ReadRecord, VerifyStep, RaiseException, Review, AssessDeviation, WriteMaster, ApproveMaster, ReadAccounts,
		VerifyLog, ExportRecord, ReleaseMaterial, ManageEquipment, ManageAreas, RecordTraining},

	HeadProduction: {NameOnCall, InvestigateDeviation, ProposeAllowance, ReadRecord, RaiseException, Review, WriteMaster, ApproveMaster, ApproveManufacture, ManageEquipment, ManageAreas, RecordTraining},
	HeadQC:         {InvestigateDeviation, ReadRecord, RaiseException, ReviewResult, WriteMaster, ApproveMaster, ApproveTesting, RecordTraining},
	// A Qualified Person executes and verifies nothing: who certifies performed no step (I9).
	QP: {HoldBatch, ReadRecord, RaiseException, Review, AssessDeviation, ApproveMaster, Certify, VerifyLog, ExportRecord},

	Sponsor:   {ReadRecord, SponsorRelease, ExportRecord},
	Inspector: {ReadRecord, ReadOwnShipments, ReadAccounts, VerifyLog, ExportRecord},
	Admin:     {DestroyIdentity, ManageAccounts, ConfigureSystem, ReadAccounts, VerifyLog},
}

// May says whether the role allows the act (CS-66).
func (r Role) May(p Permission) bool { return slices.Contains(grants[r], p) }

// May says whether any of the person's roles allows the act (CS-66). Whoever must first change an issued
// password, or is disabled or locked, may do nothing (CS-35, CS-37).
func (p Person) May(act Permission) bool {
	if p.MustChange || p.Disabled || p.Locked {
		return false
	}
	return slices.ContainsFunc(p.Roles, func(r Role) bool { return r.May(act) })
}
