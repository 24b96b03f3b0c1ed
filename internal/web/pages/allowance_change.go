package pages

import (
	"strings"

	"rexbatch/batch"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// allowancePropose is POST /batches/:batch/deviations/:deviation/allowances: production proposes a change for this batch
// alone.
func (v *visit) allowancePropose() error {
	return v.onDeviation("proposed", having(people.ProposeAllowance), func(by ledger.Author, number, deviation string) error {
		kind, target, _ := strings.Cut(v.FormValue("target"), " ")
		return v.plant().Batches.Propose(v.ctx(), by, number, v.seen(), deviation, batch.AllowanceKind(kind), target, v.FormValue("to"), v.FormValue("reason"), v.FormValue("assessment"))
	})
}

// allowanceApprove is POST …/allowances/:allowance/approve: QA signs what was proposed (I8).
func (v *visit) allowanceApprove() error {
	return v.onDeviation("allowed", isQA, func(by ledger.Author, number, deviation string) error {
		return v.plant().Batches.Allow(v.ctx(), by, number, v.seen(), v.allowanceID(deviation), v.desk.Signer(by.Role, v.FormValue("password")))
	})
}

// allowanceDecline is POST …/allowances/:allowance/decline.
func (v *visit) allowanceDecline() error {
	return v.onDeviation("declined", isQA, func(by ledger.Author, number, deviation string) error {
		return v.plant().Batches.Decline(v.ctx(), by, number, v.seen(), v.allowanceID(deviation), v.FormValue("reason"))
	})
}
