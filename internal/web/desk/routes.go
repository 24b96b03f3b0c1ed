package desk

import (
	"net/http"
	"slices"

	"rexbatch/internal/people"
)

// API is the path under which the JSON API stands.
const API = "/api/v1"

const (
	get  = http.MethodGet
	post = http.MethodPost
	del  = http.MethodDelete
)

// Routes is the one table of routes: whoever is not let in here is let in nowhere (CS-40, CS-66). Rows of the API
// are written without its path.
func Routes() []Route {
	rows := slices.Concat(serverRoutes, peoplePageRoutes)
	for _, r := range slices.Concat(apiRoutes, peopleRoutes) {
		r.Path = API + r.Path
		rows = append(rows, r)
	}
	return append(rows, pageRoutes...)
}

var serverRoutes = []Route{
	{get, "/healthz", Anyone, Reads, false},
	{get, "/ca.pem", Anyone, Reads, false},
	{get, "/api/openapi.json", Anyone, Reads, false},
}

var (
	reader  = May(people.ReadRecord)
	looker  = May(people.ReadRecord, people.ReadOwnShipments)
	manager = May(people.ManageAccounts)
	// bedsider sees what was done at a bed, which tells of the patient's health: no courier.
	bedsider = Access{level: allowed, any: []people.Permission{people.ReadRecord, people.Administer, people.RequestSupply}, roles: []people.Role{people.Nurse}}
	worker   = May(people.ExecuteStep)
	storer   = May(people.ManageMaterials)
	freer    = May(people.ReleaseMaterial)
	monitor  = May(people.ExecuteStep, people.RecordResult) // of the environment
	keeper   = May(people.ManageEquipment)
	author   = May(people.WriteMaster)
	checker  = May(people.VerifyLog)
	told     = As(people.Coordinator, people.Investigator, people.Physician, people.Nurse, people.Interventionist) // of an incident
	signer   = May(people.Review, people.ApproveManufacture, people.ApproveTesting, people.Certify, people.SponsorRelease)

	second    = May(people.VerifyStep, people.ExecuteStep)
	holder    = May(people.HoldBatch)
	canceller = May(people.StopBatch, people.OpenOrder) // who ordered may cancel before anything is collected
	decider   = As(people.ProductionLead, people.QA)    // how it goes on with a batch that left the straight way
	disposer  = May(people.ExecuteStep, people.AssessDeviation)
	assessor  = As(people.QA)
	knower    = May(people.SeeIdentity) // of the patients of the own hospital (I12)
	planner   = May(people.OpenOrder, people.Schedule)
	raiser    = May(people.RaiseException)
	tracer    = As(people.QA, people.QP, people.Inspector)
	inquirer  = May(people.InvestigateDeviation)
	proposer  = May(people.ProposeAllowance)
	carrier   = May(people.HoldCustody)

	callee = May(people.HoldCustody, people.Review) // takes a call out of hours

	passer = May(people.HoldCustody, people.Schedule, people.IssueKit) // gives others a link for a shipment
)

var apiRoutes = []Route{
	{post, "/sessions", Anyone, Session, false},
	{del, "/sessions/current", SignedIn, Session, false},
	{get, "/me", SignedIn, Reads, true},
	{post, "/me/password", SignedIn, Session, false},
	{post, "/me/statement", SignedIn, Signs, false},

	{get, "/courier/time", Anyone, Reads, true},
	{post, "/courier/open", Anyone, Session, false},
	{post, "/courier/deliver", Anyone, Records, false},
	{get, "/shipments/:shipment/passes", looker, Reads, false},
	{post, "/shipments/:shipment/passes", passer, Session, false},
	{post, "/shipments/:shipment/passes/:pass/revoke", passer, Session, false},

	{get, "/accounts", May(people.ReadAccounts), Reads, false},
	{post, "/accounts", manager, Manages, false},
	{post, "/accounts/:username/unlock", manager, Manages, false},
	{post, "/accounts/:username/disable", manager, Manages, false},
	{post, "/accounts/:username/enable", manager, Manages, false},
	{post, "/accounts/:username/password", manager, Manages, false},
	{post, "/accounts/:username/roles", manager, Manages, false},
	{post, "/accounts/:username/sessions/end", manager, Manages, false},

	{get, "/batches", looker, Reads, false},
	{post, "/batches", May(people.OpenOrder), Records, false},
	{get, "/batches/:batch", looker, Reads, false},
	{get, "/batches/:batch/steps/:step", looker, Reads, false},
	{post, "/batches/:batch/steps/:step/start", worker, Records, false},
	{post, "/batches/:batch/steps/:step/fields/:field", worker, Records, false},
	{post, "/batches/:batch/steps/:step/fields/:field/correction", worker, Records, false},
	{post, "/batches/:batch/steps/:step/fields/:field/scan", worker, Records, false},
	{post, "/batches/:batch/steps/:step/fields/:field/comment", worker, Records, false},
	{get, "/batches/:batch/steps/:step/labels/:container/:file", looker, Reads, false},
	{post, "/batches/:batch/steps/:step/labels", worker, Records, false},
	{post, "/batches/:batch/steps/:step/labels/print", worker, Records, false},
	{post, "/batches/:batch/steps/:step/labels/scan", worker, Records, false},
	{post, "/batches/:batch/steps/:step/labels/:container/scrap", worker, Signs, false},
	{post, "/batches/:batch/steps/:step/complete", worker, Records, false},
	{post, "/batches/:batch/steps/:step/verify", second, Signs, false},
	{post, "/batches/:batch/steps/:step/shipment", worker, Records, false},
	{post, "/batches/:batch/steps/:step/bedside", worker, Records, false},
	{post, "/batches/:batch/steps/:step/takeover", worker, Records, false},
	{post, "/batches/:batch/steps/:step/interrupt", worker, Records, false},
	{post, "/batches/:batch/steps/:step/at-risk", worker, Records, false},
	{post, "/batches/:batch/steps/:step/unscanned", worker, Records, false},
	{post, "/batches/:batch/identity-proof", assessor, Signs, false},
	{post, "/batches/:batch/packs", decider, Records, false},
	{post, "/batches/:batch/packs/:pack/return", decider, Records, false},
	{get, "/batches/:batch/packs/:pack/pdf", decider, Reads, false},
	{post, "/batches/:batch/steps/:step/resume", decider, Records, false},
	{post, "/batches/:batch/steps/:step/reveal", May(people.SeeBlinded), Records, false},

	{post, "/batches/:batch/hold", holder, Records, false},
	{post, "/batches/:batch/holds/:hold/release", assessor, Records, false},
	{post, "/batches/:batch/holds/:hold/reading", told, Records, false},
	{post, "/batches/:batch/stop", canceller, Records, false},
	{post, "/batches/:batch/containers/:container/disposal", disposer, Records, false},
	{post, "/batches/:batch/containers/division", worker, Records, false},
	{post, "/batches/:batch/containers/pool", worker, Records, false},
	{post, "/batches/:batch/containers/freezing", disposer, Records, false},
	{post, "/batches/:batch/containers/thawing", disposer, Records, false},
	{post, "/batches/:batch/containers/destruction", disposer, Records, false},
	{post, "/batches/:batch/split", decider, Records, false},
	{post, "/batches/:batch/thaw", May(people.SeeBlinded), Signs, false},
	{get, "/batches/:batch/stored", reader, Reads, false},
	{get, "/batches/:batch/bedside", bedsider, Reads, false},
	{post, "/batches/:batch/bedside/passes", passer, Session, false},
	{post, "/batches/:batch/bedside/passes/:pass/revoke", passer, Session, false},
	{post, "/batches/:batch/bedside/recall", As(people.QP), Signs, false},
	{post, "/batches/:batch/bedside/requests/:request/answer", As(people.QP), Signs, false},
	{get, "/batches/:batch/deviations", reader, Reads, false},
	{post, "/batches/:batch/deviations", raiser, Records, false},
	{post, "/batches/:batch/deviations/:deviation/classification", assessor, Records, false},
	{post, "/batches/:batch/deviations/:deviation/investigation", inquirer, Records, false},
	{post, "/batches/:batch/deviations/:deviation/approval", assessor, Signs, false},
	{post, "/batches/:batch/deviations/:deviation/allowances", proposer, Records, false},
	{post, "/batches/:batch/deviations/:deviation/allowances/:allowance/approval", assessor, Signs, false},
	{post, "/batches/:batch/deviations/:deviation/allowances/:allowance/refusal", assessor, Records, false},

	{post, "/batches/:batch/exceptions/:exception/assessment", May(people.AssessDeviation), Signs, false},
	{get, "/batches/:batch/review", reader, Reads, false},
	{get, "/batches/:batch/audit", reader, Reads, false},
	{post, "/batches/:batch/record-print", reader, Reads, false},
	{get, "/batches/:batch/record-print/:print", reader, Reads, true},
	{get, "/batches/:batch/record-print/:print/pdf", reader, Reads, false},
	{get, "/batches/:batch/acts/:act", reader, Reads, false},
	{post, "/batches/:batch/acts/:act", signer, Signs, false},

	{get, "/therapy-events/:coi", looker, Reads, false},
	{post, "/therapy-events/:coi/further", May(people.OpenOrder), Signs, false},
	{post, "/therapy-events/:coi/containers/:container/offer", May(people.HoldCustody), Records, false},
	{post, "/therapy-events/:coi/containers/:container/withdraw", May(people.HoldCustody), Records, false},
	{post, "/therapy-events/:coi/containers/:container/accept", May(people.HoldCustody), Records, false},

	{post, "/therapy-events/:coi/slot", planner, Records, false},
	{get, "/calendar", May(people.ReadRecord, people.OpenOrder), Reads, false},
	{post, "/batches/:batch/order-amendment", As(people.Investigator), Signs, false},

	{post, "/patients", knower, Records, false},
	{post, "/patients/search", knower, Records, false},
	{get, "/patients/:subject", May(people.SeeIdentity, people.ReadRecord), Reads, false},
	{post, "/patients/:subject/look", knower, Records, false},
	{post, "/patients/:subject/correction", knower, Records, false},
	{post, "/patients/:subject/destruction", As(people.QA), Signs, false},

	{get, "/recipe", reader, Reads, false},

	{get, "/shipments", looker, Reads, false},
	{post, "/shipments", May(people.PlanShipment), Records, false},
	{post, "/shipments/unexpected", carrier, Records, false},
	{get, "/shipments/:shipment", looker, Reads, false},
	{post, "/shipments/:shipment/packing", carrier, Records, false},
	{post, "/shipments/:shipment/unpacking", carrier, Records, false},
	{post, "/shipments/:shipment/cancellation", May(people.PlanShipment), Records, false},
	{get, "/shipments/:shipment/box/:file", looker, Reads, false},
	{post, "/shipments/:shipment/box", May(people.HoldCustody, people.PlanShipment), Records, false},
	{post, "/shipments/:shipment/receipt", carrier, Records, false},
	{post, "/shipments/:shipment/storage", carrier, Records, false},
	{post, "/shipments/:shipment/logger", May(people.HoldCustody, people.Review), Records, false},
	{post, "/shipments/:shipment/excursion", assessor, Signs, false},
	{post, "/shipments/:shipment/quarantine", assessor, Signs, false},
	{post, "/shipments/:shipment/label", raiser, Signs, false},
	{post, "/shipments/:shipment/plant", assessor, Signs, false},
	{post, "/shipments/:shipment/hand-on", assessor, Records, false},
	{get, "/batches/:batch/dossier", reader, Reads, false},
	{post, "/taken-on", assessor, Signs, false},
	{post, "/shipments/:shipment/acknowledgement", raiser, Records, false},
	{post, "/shipments/:shipment/call", callee, Records, false},
	{get, "/on-call", reader, Reads, false},
	{post, "/on-call", May(people.NameOnCall, people.HoldCustody), Records, false},
	{post, "/shipments/:shipment/closing", May(people.PlanShipment, people.Review), Records, false},
	{get, "/harvests", reader, Reads, false},
	{get, "/lots", reader, Reads, false},
	{post, "/lots", storer, Records, false},
	{get, "/lots/:lot", reader, Reads, false},
	{post, "/lots/:lot/release", freer, Records, false},
	{post, "/lots/:lot/block", May(people.ManageMaterials, people.ReleaseMaterial), Records, false},
	{post, "/lots/:lot/unblock", freer, Records, false},
	{post, "/lots/:lot/clear", freer, Records, false},
	{post, "/lots/:lot/open", worker, Records, false},
	{post, "/lots/:lot/discard", storer, Records, false},

	{get, "/areas", reader, Reads, false},
	{post, "/areas", May(people.ManageAreas), Records, false},
	{get, "/areas/:area", reader, Reads, false},
	{post, "/areas/:area/clear", worker, Signs, false},
	{post, "/areas/:area/free", As(people.QA), Records, false},
	{post, "/areas/:area/readings", monitor, Records, false},
	{post, "/areas/:area/plates", monitor, Records, false},
	{post, "/areas/:area/plates/:plate/result", monitor, Records, false},

	{get, "/equipment", reader, Reads, false},
	{post, "/equipment", keeper, Records, false},
	{get, "/equipment/:device", reader, Reads, false},
	{post, "/equipment/:device/calibrate", keeper, Records, false},
	{post, "/equipment/:device/qualify", keeper, Records, false},
	{post, "/equipment/:device/clean", worker, Records, false},
	{post, "/equipment/:device/control", worker, Records, false},
	{post, "/equipment/:device/alarm", worker, Records, false},
	{post, "/equipment/:device/alarms/:alarm/close", As(people.ProductionLead), Records, false},
	{post, "/equipment/:device/programme", keeper, Records, false},
	{post, "/equipment/:device/retire", keeper, Records, false},

	{get, "/masters", reader, Reads, false},
	{post, "/masters", author, Records, false},
	{get, "/masters/effective/procedures", May(people.ReadRecord, people.RecordTraining), Reads, false},
	{get, "/masters/:recipe/:version", reader, Reads, false},
	{get, "/masters/:recipe/:version/changes", reader, Reads, false},
	{post, "/masters/:recipe/:version/revise", author, Records, false},
	{post, "/masters/:recipe/:version/submit", author, Records, false},
	{post, "/masters/:recipe/:version/return", May(people.ApproveMaster), Records, false},
	{post, "/masters/:recipe/:version/approve", As(people.QA), Signs, false},
	{post, "/masters/:recipe/:version/withdraw", As(people.QA), Records, false},

	{get, "/certificates", reader, Reads, false},
	{get, "/certificates/:certificate", reader, Reads, false},
	{get, "/certificates/:certificate/proof", May(people.ReadRecord, people.VerifyLog), Reads, false},
	{get, "/register", reader, Reads, false},
	{get, "/trace", tracer, Reads, false},
	{get, "/exports/epcis", tracer, Reads, false},
	{get, "/therapy-events/:coi/epcis", reader, Reads, false},
	{get, "/batches/:batch/fhir", reader, Reads, false},
	{post, "/imports/epcis", As(people.QA), Records, false},
	{post, "/imports/fhir", As(people.QA), Records, false},

	{get, "/ledger/head", checker, Reads, false},
	{get, "/ledger/checkpoint", checker, Reads, false},
	{get, "/ledger/key", checker, Reads, false},
	{get, "/ledger/entries", As(people.Inspector, people.QA, people.QP), Reads, false},
	{get, "/ledger/entries/:seq/proof", checker, Reads, false},
	{get, "/ledger/consistency", checker, Reads, false},
}
