package web

// people are the operations of badges, terminals, training and drafts.
func (a *api) people() {
	register(a, "POST /sessions/badge", "sign-in-by-badge", "Sign in by badge and PIN at a registered terminal (CS-34)", a.sessionBadge, makes)
	register(a, "POST /me/pin", "set-pin", "Choose the PIN of one's badge, with the password", a.mePIN)
	register(a, "POST /me/badge/lost", "report-badge-lost", "Report one's own badge lost (CS-80)", a.meBadgeLost)
	register(a, "POST /accounts/{username}/badge", "issue-badge", "Issue a badge; an earlier one is void", a.badgeIssue, makes)
	register(a, "POST /accounts/{username}/badge/withdraw", "withdraw-badge", "Withdraw a badge (CS-80)", a.badgeWithdraw)
	register(a, "POST /accounts/{username}/pin/withdraw", "withdraw-pin", "Withdraw a PIN (CS-80)", a.pinWithdraw)
	register(a, "GET /training", "training", "Who is trained in what, until when (CS-2)", a.trainingList)
	register(a, "POST /accounts/{username}/training", "record-training", "Record a training of another person (CS-2)", a.trainingRecord, makes)
	register(a, "POST /accounts/{username}/training/{procedure}/revoke", "revoke-training", "Take a qualification away (CS-2)", a.trainingRevoke)
	register(a, "GET /printers", "printers", "The label printers of the plant, and the labels that are not on paper", a.printerList)
	register(a, "POST /printers/{area}/test", "test-printer", "Print a test page; - is the printer of no area", a.printerTest)
	register(a, "GET /terminals", "terminals", "The terminals of the plant (CS-67)", a.terminalList)
	register(a, "POST /terminals", "define-terminal", "Make a terminal known", a.terminalDefine, makes)
	register(a, "POST /terminals/{terminal}/settings", "change-terminal", "Set a terminal's name, area, language, theme and density", a.terminalChange)
	register(a, "POST /terminals/{terminal}/code", "issue-terminal-code", "Issue the code that makes a browser the terminal, once", a.terminalCode, makes)
	register(a, "POST /terminals/{terminal}/revoke", "revoke-terminal", "End a browser's being the terminal (CS-80)", a.terminalRevoke)
	register(a, "POST /terminals/registration", "register-terminal", "Become a terminal by its code", a.terminalRegister, makes)
	register(a, "GET /batches/{batch}/drafts", "drafts", "What is typed and not confirmed (DI-19)", a.draftList)
	register(a, "PUT /batches/{batch}/steps/{step}/fields/{field}/draft", "keep-draft", "Keep what one typed and has not confirmed (DI-19)", a.draftKeep)
	register(a, "DELETE /batches/{batch}/steps/{step}/fields/{field}/draft", "drop-draft", "Forget what one typed and has not confirmed", a.draftDrop)
}
