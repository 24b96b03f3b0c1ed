package pages

import (
	"rexbatch/batch/area"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// onArea does a command on the work area of the request and goes back to its page.
func (v *visit) onArea(done string, do func(*area.Book, ledger.Author, string) error) error {
	author, err := v.forArea()
	if err == nil {
		err = do(v.plant().Batches.Areas(), author, v.Param("area"))
	}
	if err != nil {
		return v.areaPage(status(err), v.problems(err, nil)...)
	}
	return v.to("/areas/" + v.Param("area") + "?done=" + done)
}

// areaClear is POST /areas/:area/clear: the second person signs at this terminal, the first stays signed in underneath.
func (v *visit) areaClear() error {
	return v.onArea("area-cleared", func(k *area.Book, by ledger.Author, id string) error {
		if v.FormValue("nothing_foreign") == "" || v.FormValue("previous_closed") == "" {
			return ledger.Refuse(ledger.Invalid, "AT-51", "checklist-open", "the checklist is not filled in", "look, and answer all three questions")
		}
		labels, err := v.count("foreign_labels")
		if err != nil {
			return err
		}
		c := area.Checklist{
			NothingForeign: v.FormValue("nothing_foreign") == "yes", PreviousClosed: v.FormValue("previous_closed") == "yes", ForeignLabels: labels,
		}
		signed, err := v.secondOf(area.Shown{Area: id, First: by.Account, Checklist: c})
		if err != nil {
			return err
		}
		return k.Clear(v.ctx(), by, id, c, signed)
	})
}

// secondOf is the signature of the second person over the checklist; none where it is not met, or nobody signed in the form.
func (v *visit) secondOf(shown area.Shown) (people.Signed, error) {
	if !shown.Checklist.Met() || v.FormValue("username") == "" {
		return people.Signed{}, nil
	}
	digest, err := shown.Digest()
	if err != nil {
		return people.Signed{}, err
	}
	_, sign, err := v.desk.SecondPerson(v.ctx(), v.FormValue("username"), v.FormValue("password"), people.Role(v.FormValue("role")), digest)
	if err != nil {
		return people.Signed{}, err
	}
	return sign(v.ctx(), people.Verified, digest)
}

// areaFree is POST /areas/:area/free.
func (v *visit) areaFree() error {
	return v.onArea("area-freed", func(k *area.Book, by ledger.Author, id string) error {
		return k.Free(v.ctx(), by, id, v.FormValue("reason"))
	})
}
