package pages

// handoffAccept is POST /batches/:batch/handoff/accept: the receiver scans the container and states seals and place
// without seeing what the giver stated.
func (v *visit) handoffAccept() error {
	b, st, err := v.handoffStep()
	if err != nil {
		return err
	}
	author, err := v.desk.Acting("", v.holder(st))
	if err != nil {
		return v.again(err)
	}
	err = v.plant().Batches.Accept(v.ctx(), author, b.CoI, v.stated(), v.raw())
	if isMismatch(err) {
		return v.stopped(b, st, err)
	}
	if err != nil {
		return v.again(err)
	}
	return v.done("accepted")
}
