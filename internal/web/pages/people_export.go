package pages

import (
	"strings"

	"rexbatch/internal/people"
)

// peopleExport is GET /people.csv: every account of the plant with what it may do (DI-3). The heads of the columns and the
// codes are those of the record, so that two lists can be compared in any language.
func (v *visit) peopleExport() error {
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return err
	}
	rows := [][]string{{"plant", "username", "name", "roles", "privileges", "disabled", "locked", "password_to_change", "badge", "pin", "language"}}
	for _, p := range all {
		roles := make([]string, len(p.Roles))
		for i, r := range p.Roles {
			roles[i] = string(r)
		}
		var may []string
		for _, act := range people.Privileges(p.Roles) {
			may = append(may, string(act))
		}
		rows = append(rows, []string{
			v.plant().Site(), p.Account, p.Name, strings.Join(roles, "; "), strings.Join(may, "; "), yes(p.Disabled), yes(p.Locked), yes(p.MustChange), p.Badge, yes(p.PIN), p.Lang,
		})
	}
	return v.table("accounts-"+v.plant().Site(), rows)
}

// trainingExport is GET /training.csv: every record of training of the plant (CS-2).
func (v *visit) trainingExport() error {
	all, err := v.plant().People.People(v.ctx())
	if err != nil {
		return err
	}
	rows := [][]string{{"plant", "username", "name", "procedure", "version", "from", "until", "trainer", "evidence"}}
	for _, p := range all {
		for _, t := range p.Trainings {
			rows = append(rows, []string{v.plant().Site(), p.Account, p.Name, t.Procedure, t.Version, t.From, t.Until, t.Trainer, t.Evidence})
		}
	}
	return v.table("training-"+v.plant().Site(), rows)
}
