package desk

import "rexbatch/internal/people"

// pageRoutes are the rows of the HTML pages and their static files.
var pageRoutes = []Route{
	{get, "/static/*", Anyone, Reads, false},
	{get, "/", Anyone, Reads, false},
	{get, "/sign-in", Anyone, Reads, false},
	{post, "/sign-in", Anyone, Session, false},
	{post, "/sign-out", SignedIn, Session, false},
	{post, "/language", Anyone, Reads, false},
	{post, "/me/language", SignedIn, Session, false},
	{post, "/theme", Anyone, Reads, false},
	{get, "/password", SignedIn, Reads, false},
	{post, "/password", SignedIn, Session, false},
	{get, "/statement", SignedIn, Reads, false},
	{post, "/statement", SignedIn, Signs, false},

	{get, "/worklist", SignedIn, Reads, false},
	{post, "/orders", May(people.OpenOrder), Records, false},
	{get, "/batches/:batch", looker, Reads, false},
	{get, "/batches/:batch/record", reader, Reads, false},
	{get, "/batches/:batch/release", reader, Reads, false},
	{post, "/batches/:batch/exceptions", May(people.AssessDeviation), Signs, false},
	{post, "/batches/:batch/acts/:act", signer, Signs, false},
	{post, "/batches/:batch/handoff/offer", May(people.HoldCustody), Records, false},
	{post, "/batches/:batch/handoff/accept", May(people.HoldCustody), Records, false},
	{post, "/batches/:batch/handoff/withdraw", May(people.HoldCustody), Records, false},
	{post, "/batches/:batch/steps/:step/fields/:field/enter", worker, Records, false},
	{get, "/batches/:batch/steps/:step/fields/:field/echo", worker, Reads, false},
	{post, "/batches/:batch/steps/:step/fields/:field/scan", worker, Records, false},
	{post, "/batches/:batch/steps/:step/fields/:field/correct", worker, Records, false},
	{get, "/batches/:batch/steps/:step/stop", looker, Reads, false},
	{get, "/batches/:batch/steps/:step/labels", looker, Reads, false},
	{post, "/batches/:batch/steps/:step/labels", worker, Records, false},
	{post, "/batches/:batch/steps/:step/complete", worker, Records, false},
	{post, "/batches/:batch/steps/:step/takeover", worker, Records, false},
	{post, "/batches/:batch/steps/:step/verify", May(people.VerifyStep, people.ExecuteStep), Signs, false},

	{get, "/register", reader, Reads, false},
	{get, "/certificates", reader, Reads, false},
	{get, "/certificates/:certificate", reader, Reads, false},
}
