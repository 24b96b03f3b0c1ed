package pages

import "net/http"

// peopleRoutes are the pages of who works here, at which terminal, and for what they are trained.
func (s *site) peopleRoutes() []route {
	const person, terminal = "/people/:username", "/terminals/:terminal"
	return []route{
		{http.MethodGet, "/account", (*visit).accountShow},
		{http.MethodPost, "/account/pin", (*visit).accountPIN},
		{http.MethodPost, "/account/badge/lost", (*visit).accountBadgeLost},
		{http.MethodGet, "/people", (*visit).peopleShow},
		{http.MethodGet, "/people.csv", (*visit).peopleExport},
		{http.MethodPost, "/people", (*visit).accountCreate},
		{http.MethodGet, person, (*visit).personShow},
		{http.MethodPost, person + "/roles", (*visit).accountRoles},
		{http.MethodPost, person + "/unlock", (*visit).accountUnlock},
		{http.MethodPost, person + "/disable", (*visit).accountDisable},
		{http.MethodPost, person + "/enable", (*visit).accountEnable},
		{http.MethodPost, person + "/password", (*visit).accountPassword},
		{http.MethodPost, person + "/sessions", (*visit).accountSessions},
		{http.MethodPost, person + "/badge", (*visit).badgeIssue},
		{http.MethodPost, person + "/badge/withdraw", (*visit).badgeWithdraw},
		{http.MethodPost, person + "/pin/withdraw", (*visit).pinWithdraw},
		{http.MethodGet, "/training", (*visit).trainingShow},
		{http.MethodGet, "/training.csv", (*visit).trainingExport},
		{http.MethodPost, "/training", (*visit).trainingRecord},
		{http.MethodPost, person + "/training/revoke", (*visit).trainingRevoke},
		{http.MethodGet, "/printers", (*visit).printersShow},
		{http.MethodPost, "/printers/:area/test", (*visit).printerTest},
		{http.MethodGet, "/terminals", (*visit).terminalsShow},
		{http.MethodPost, "/terminals", (*visit).terminalDefine},
		{http.MethodGet, terminal, (*visit).terminalShow},
		{http.MethodPost, terminal, (*visit).terminalChange},
		{http.MethodPost, terminal + "/code", (*visit).terminalCode},
		{http.MethodPost, terminal + "/revoke", (*visit).terminalRevoke},
		{http.MethodGet, "/terminal", (*visit).hereShow},
		{http.MethodPost, "/terminal", (*visit).hereRegister},
		{http.MethodGet, "/terminal.css", (*visit).hereStyle},
		{http.MethodGet, "/courier/", (*visit).courierShow},
		{http.MethodGet, "/courier/words.json", (*visit).courierWords},
		{http.MethodGet, "/courier/sw.js", (*visit).courierWorker},
		{http.MethodGet, "/switch", (*visit).switchShow},
		{http.MethodPost, "/switch", (*visit).switchCreate},
		{http.MethodPost, "/switch/badge", (*visit).switchBadge},
	}
}
