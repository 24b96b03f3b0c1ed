package pages

import (
	"slices"
	"time"

	"rexbatch/batch/master"
	"rexbatch/batch/mbr"
	"rexbatch/internal/ledger"
)

// onMaster does a command on the version of the request and goes back to its page. done is asked when it was done.
func (v *visit) onMaster(done func() string, do func(*master.Book, ledger.Author, master.ID, master.Seen) error) error {
	id, err := master.ParseID(v.Param("recipe"), v.Param("version"))
	if err != nil {
		return err
	}
	author, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.masterPage(status(err), v.problems(err, nil)...)
	}
	err = do(v.plant().Batches.Masters(), author, id, master.Seen(number(v.FormValue("seen"))))
	if err != nil {
		return v.masterPage(status(err), v.problems(err, nil)...)
	}
	return v.to(masterLink(id) + "?done=" + done())
}

func saying(done string) func() string { return func() string { return done } }

// drafted tells whether a file that was taken has errors.
func drafted(faults []mbr.Fault) string {
	if slices.ContainsFunc(faults, func(f mbr.Fault) bool { return f.Severity == mbr.Error }) {
		return "master-faulty"
	}
	return "master-drafted"
}

// masterSubmit is POST /masters/:recipe/:version/submit.
func (v *visit) masterSubmit() error {
	return v.onMaster(saying("master-submitted"), func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Submit(v.ctx(), by, id, seen)
	})
}

// masterReturn is POST /masters/:recipe/:version/return.
func (v *visit) masterReturn() error {
	return v.onMaster(saying("master-returned"), func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Return(v.ctx(), by, id, seen, v.FormValue("reason"))
	})
}

// masterWithdraw is POST /masters/:recipe/:version/withdraw.
func (v *visit) masterWithdraw() error {
	return v.onMaster(saying("master-withdrawn"), func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		return k.Withdraw(v.ctx(), by, id, seen, v.FormValue("reason"))
	})
}

// masterApprove is POST /masters/:recipe/:version/approve: QA's signed approval, with effect from a time (I8).
func (v *visit) masterApprove() error {
	return v.onMaster(saying("master-approved"), func(k *master.Book, by ledger.Author, id master.ID, seen master.Seen) error {
		from, err := v.inForceFrom()
		if err != nil {
			return err
		}
		return k.Approve(v.ctx(), by, id, seen, from, v.desk.Signer(by.Role, v.FormValue("password")))
	})
}

// inForceFrom is the time of the form: this minute, or one that was chosen on the plant's clock.
func (v *visit) inForceFrom() (time.Time, error) {
	if v.FormValue("now") == "" && v.localTime() == "" {
		return time.Time{}, ledger.Refuse(ledger.Invalid, "AT-5", "master-no-date", "it is not stated from when the version is in force", "choose date and time, or say that it is in force at once")
	}
	return v.ended()
}
