package desk

import "rexbatch/internal/people"

const put = "PUT"

// What the people at a terminal need: who they are, where they are, what they are trained for, what they typed.
var (
	configurer = May(people.ConfigureSystem)
	printing   = May(people.ConfigureSystem, people.ManageAreas)
	trainer    = May(people.RecordTraining)
	overseer   = May(people.RecordTraining, people.ReadAccounts, people.Review) // reads who is trained
	registrar  = May(people.ReadAccounts, people.RecordTraining)                // reads who there is
	typist     = May(people.ExecuteStep, people.VerifyStep)
)

var peopleRoutes = []Route{
	{post, "/sessions/badge", Anyone, Session, false},
	{post, "/me/pin", SignedIn, Session, false},
	{post, "/me/badge/lost", SignedIn, Session, false},

	{post, "/accounts/:username/badge", manager, Manages, false},
	{post, "/accounts/:username/badge/withdraw", manager, Manages, false},
	{post, "/accounts/:username/pin/withdraw", manager, Manages, false},

	{get, "/training", overseer, Reads, false},
	{post, "/accounts/:username/training", trainer, Manages, false},
	{post, "/accounts/:username/training/:procedure/revoke", trainer, Manages, false},

	{get, "/terminals", configurer, Reads, false},
	{get, "/printers", printing, Reads, false},
	{post, "/printers/:area/test", printing, Session, false},
	{post, "/terminals", configurer, Configures, false},
	{post, "/terminals/:terminal/settings", configurer, Configures, false},
	{post, "/terminals/:terminal/code", configurer, Configures, false},
	{post, "/terminals/:terminal/revoke", configurer, Configures, false},
	{post, "/terminals/registration", Anyone, Configures, false},

	{get, "/batches/:batch/drafts", typist, Reads, true},
	{put, "/batches/:batch/steps/:step/fields/:field/draft", typist, Keeps, false},
	{del, "/batches/:batch/steps/:step/fields/:field/draft", typist, Keeps, false},
}

var peoplePageRoutes = []Route{
	{get, "/account", SignedIn, Reads, false},
	{post, "/account/pin", SignedIn, Session, false},
	{post, "/account/badge/lost", SignedIn, Session, false},

	{get, "/people", registrar, Reads, false},
	{get, "/people.csv", May(people.ReadAccounts), Reads, false},
	{post, "/people", manager, Manages, false},
	{get, "/people/:username", registrar, Reads, false},
	{post, "/people/:username/roles", manager, Manages, false},
	{post, "/people/:username/unlock", manager, Manages, false},
	{post, "/people/:username/disable", manager, Manages, false},
	{post, "/people/:username/enable", manager, Manages, false},
	{post, "/people/:username/password", manager, Manages, false},
	{post, "/people/:username/sessions", manager, Manages, false},
	{post, "/people/:username/badge", manager, Manages, false},
	{post, "/people/:username/badge/withdraw", manager, Manages, false},
	{post, "/people/:username/pin/withdraw", manager, Manages, false},
	{get, "/training", overseer, Reads, false},
	{get, "/training.csv", overseer, Reads, false},
	{post, "/training", trainer, Manages, false},
	{post, "/people/:username/training/revoke", trainer, Manages, false},

	{get, "/printers", printing, Reads, false},
	{get, "/printers/events", printing, Reads, true},
	{post, "/printers/:area/test", printing, Session, false},
	{get, "/terminals", configurer, Reads, false},
	{post, "/terminals", configurer, Configures, false},
	{get, "/terminals/:terminal", configurer, Reads, false},
	{post, "/terminals/:terminal", configurer, Configures, false},
	{post, "/terminals/:terminal/code", configurer, Configures, false},
	{post, "/terminals/:terminal/revoke", configurer, Configures, false},

	{get, "/terminal", Anyone, Reads, false},
	{post, "/terminal", Anyone, Configures, false},
	{get, "/terminal.css", Anyone, Reads, false},
	{get, "/courier/", Anyone, Reads, false},
	{get, "/courier/words.json", Anyone, Reads, false},
	{get, "/courier/sw.js", Anyone, Reads, false},
	{get, "/switch", Anyone, Reads, false},
	{post, "/switch", Anyone, Session, false},
	{post, "/switch/badge", Anyone, Reads, false},
}
