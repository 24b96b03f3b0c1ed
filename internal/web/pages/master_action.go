package pages

import (
	"slices"
	"time"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// masterAction is something that this person may do with a version now, or could if no rule stood against it.
type masterAction struct {
	Code  string
	Path  string
	Roles *picker // where several of the person's roles could do it
	Why   []Problem
}

// masterDeed asks the version what it would say.
type masterDeed struct {
	code    string
	needs   people.Permission
	qa      bool
	offered []master.Status
	ask     func(m *master.Master, by ledger.Author, now time.Time, r master.Reading) error
}

var masterDeeds = []masterDeed{
	{"submit", people.WriteMaster, false, []master.Status{master.Draft}, func(m *master.Master, by ledger.Author, _ time.Time, r master.Reading) error {
		_, err := m.Submit(by, r)
		return err
	}},
	{"approve", people.ApproveMaster, true, []master.Status{master.InReview}, func(m *master.Master, by ledger.Author, now time.Time, r master.Reading) error {
		return m.MayApprove(by.Account, people.Role(by.Role), now, now, r, nil) // the time is still to be chosen
	}},
	{"return", people.ApproveMaster, false, []master.Status{master.InReview}, nil},
	{"revise", people.WriteMaster, false, []master.Status{master.Draft}, nil},
	{"withdraw", people.ApproveMaster, true, []master.Status{master.Draft, master.InReview, master.Approved}, nil},
}

// masterActions are the acts that are open to the person; nothing is decided here.
func (v *visit) masterActions(m *master.Master, r master.Reading) []masterAction {
	var out []masterAction
	for _, d := range masterDeeds {
		if !slices.Contains(d.offered, m.Status) {
			continue
		}
		roles := v.masterRoles(d.needs)
		if d.qa {
			roles.Options = nil
			if v.has(people.QA) {
				roles.add(v, string(people.QA), v.word("role", string(people.QA)))
			}
		}
		if len(roles.Options) == 0 {
			continue
		}
		act := masterAction{Code: d.code, Path: masterLink(m.ID) + "/" + d.code, Roles: several(roles)}
		if d.ask != nil {
			by := ledger.Author{Account: v.desk.Session.Account, Role: roles.Options[0].Code, Terminal: v.desk.Session.Terminal}
			err := d.ask(m, by, v.now(), r)
			if err != nil {
				act.Why = v.problems(err, nil)
			}
		}
		out = append(out, act)
	}
	return out
}
