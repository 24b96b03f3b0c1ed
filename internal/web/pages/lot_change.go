package pages

import (
	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// anyRole fits wherever the permission that a route needs says which role it is.
func anyRole(people.Role) bool { return true }

// onLot does a command on the lot of the request and goes back to its page.
func (v *visit) onLot(done string, do func(*material.Book, ledger.Author, material.Number, material.Seen) error) error {
	n, err := material.ParseNumber(v.Param("lot"))
	if err != nil {
		return err
	}
	author, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.lotPage(status(err), v.problems(err, nil)...)
	}
	err = do(v.plant().Batches.Materials(), author, n, material.Seen(number(v.FormValue("seen"))))
	if err != nil {
		return v.lotPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/lots/" + n.String() + "?done=" + done)
}

// lotRelease is POST /lots/:lot/release.
func (v *visit) lotRelease() error {
	return v.onLot("lot-released", func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Release(v.ctx(), by, n, seen)
	})
}

// lotBlock is POST /lots/:lot/block.
func (v *visit) lotBlock() error {
	return v.onLot("lot-blocked", func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Block(v.ctx(), by, n, seen, v.FormValue("reason"))
	})
}

// lotUnblock is POST /lots/:lot/unblock.
func (v *visit) lotUnblock() error {
	return v.onLot("lot-unblocked", func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Unblock(v.ctx(), by, n, seen, v.FormValue("reason"))
	})
}

// lotOpen is POST /lots/:lot/open: another package of the lot is opened.
func (v *visit) lotOpen() error {
	return v.onLot("lot-opened", func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		return k.Open(v.ctx(), by, n, seen)
	})
}

// lotDiscard is POST /lots/:lot/discard.
func (v *visit) lotDiscard() error {
	return v.onLot("lot-discarded", func(k *material.Book, by ledger.Author, n material.Number, seen material.Seen) error {
		q, err := quantity.Parse(v.FormValue("quantity"), quantity.Unit(v.FormValue("unit")))
		if err != nil {
			return err
		}
		return k.Discard(v.ctx(), by, n, seen, q, v.FormValue("reason"))
	})
}
