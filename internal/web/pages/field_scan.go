package pages

import (
	"strings"

	"rexbatch/internal/ledger"
)

// fieldScan is POST /batches/:batch/steps/:step/fields/:field/scan. A label of another identity is a full stop.
func (v *visit) fieldScan() error {
	author, err := v.performer(v.Param("step"))
	if err != nil {
		return v.again(err)
	}
	before, err := v.scansHere()
	if err != nil {
		return err
	}
	err = v.plant().Batches.Scan(v.ctx(), author, v.Param("batch"), v.seen(), v.Param("step"), v.Param("field"), v.raw())
	if isMismatch(err) {
		return v.to("/batches/" + v.Param("batch") + "/steps/" + v.Param("step") + "/stop")
	}
	if err != nil {
		return v.again(err)
	}
	after, err := v.scansHere()
	if err != nil {
		return err
	}
	if after == before { // it matches, and it did so before
		return v.done("scanned-again")
	}
	return v.done("scanned")
}

// scansHere is how many labels the step has of the field: one that is scanned twice counts once.
func (v *visit) scansHere() (int, error) {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return 0, err
	}
	st, ok := b.Step(v.Param("step"))
	if !ok {
		return 0, nil
	}
	return len(st.Scans[v.Param("field")]), nil
}

// raw is what the scanner sent; or, where the label cannot be scanned, the identifier that a person typed with its
// check character. Capitals are all that such an identifier has.
func (v *visit) raw() string {
	raw := strings.TrimRight(v.FormValue("raw"), "\r\n")
	if raw == "" {
		raw = strings.ToUpper(strings.TrimSpace(v.FormValue("typed")))
	}
	return raw
}

// isMismatch tells whether a label of another identity was scanned just now.
func isMismatch(err error) bool {
	rs := ledger.RefusalsOf(err)
	return len(rs) == 1 && rs[0].Kind == ledger.Stop && (rs[0].Code == "scan-mismatch" || rs[0].Code == "other-batch")
}
