package pages

// handoffWithdraw is POST /batches/:batch/handoff/withdraw: the giver takes an offer back, or the receiver declines.
func (v *visit) handoffWithdraw() error {
	b, st, err := v.handoffStep()
	if err != nil {
		return err
	}
	author, err := v.desk.Acting("", v.holder(st))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Withdraw(v.ctx(), author, b.CoI, v.FormValue("container"), v.FormValue("reason"))
	if err != nil {
		return v.again(err)
	}
	return v.done("withdrawn")
}
