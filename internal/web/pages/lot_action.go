package pages

import (
	"time"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// lotAction is something that this person may do with a lot now, or could if one rule did not stand against it.
type lotAction struct {
	Path          string // "/lots/L-…/block"
	Code          string
	Roles         *picker // where several of the person's roles could do it
	Reason, Count bool    // what is asked for
	Why           []Problem
}

// lotDeed asks the lot what it would say; the reason and the quantity stand for those that will be given.
type lotDeed struct {
	code          string
	may           func(people.Role) bool
	offered       func(*material.Lot) bool
	ask           func(*material.Lot, ledger.Author, time.Time) ([]ledger.Draft, error)
	reason, count bool
}

const anyReason = "reason to come"

var lotDeeds = []lotDeed{
	{"release", func(r people.Role) bool { return r.May(people.ReleaseMaterial) },
		func(l *material.Lot) bool { return l.Status == material.Quarantine },
		func(l *material.Lot, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
			return l.Release(by, now)
		}, false, false},
	{"unblock", func(r people.Role) bool { return r.May(people.ReleaseMaterial) },
		func(l *material.Lot) bool { return l.Status == material.Blocked },
		func(l *material.Lot, by ledger.Author, _ time.Time) ([]ledger.Draft, error) {
			return l.Unblock(by, anyReason)
		}, true, false},
	{"clear", func(r people.Role) bool { return r.May(people.ReleaseMaterial) },
		func(l *material.Lot) bool { return len(l.Suspected) > 0 },
		func(l *material.Lot, by ledger.Author, _ time.Time) ([]ledger.Draft, error) {
			return l.Clear(by, anyReason)
		}, true, false},
	{"open", func(r people.Role) bool { return r.May(people.ExecuteStep) },
		func(l *material.Lot) bool {
			return l.Status == material.Released && !l.OpenFor.IsZero() && l.Remaining.Sign() > 0
		},
		func(l *material.Lot, by ledger.Author, now time.Time) ([]ledger.Draft, error) {
			return l.Open(by, now)
		}, false, false},
	{"block", func(r people.Role) bool { return r.May(people.ManageMaterials) || r.May(people.ReleaseMaterial) },
		func(l *material.Lot) bool { return l.Status != material.Blocked },
		func(l *material.Lot, by ledger.Author, _ time.Time) ([]ledger.Draft, error) {
			return l.Block(by, anyReason)
		}, true, false},
	{"discard", func(r people.Role) bool { return r.May(people.ManageMaterials) },
		func(l *material.Lot) bool { return l.Remaining.Sign() > 0 },
		func(l *material.Lot, by ledger.Author, _ time.Time) ([]ledger.Draft, error) {
			return l.Discard(by, quantity.New(1, -6, l.Quantity.Unit()), anyReason)
		}, true, true},
}

// lotActions are the acts that are open to the person; nothing is decided here.
func (v *visit) lotActions(l *material.Lot) []lotAction {
	var out []lotAction
	for _, d := range lotDeeds {
		if !d.offered(l) {
			continue
		}
		act := lotAction{Path: "/lots/" + l.Number.String() + "/" + d.code, Code: d.code, Reason: d.reason, Count: d.count}
		roles := picker{Name: "role", Label: v.T("lot.role")}
		for _, r := range v.desk.Session.Roles {
			if d.may(r) {
				roles.add(v, string(r), v.word("role", string(r)))
			}
		}
		if len(roles.Options) == 0 {
			continue
		}
		if len(roles.Options) > 1 {
			act.Roles = &roles
		}
		by := ledger.Author{Account: v.desk.Session.Account, Role: roles.Options[0].Code, Terminal: v.desk.Session.Terminal}
		_, err := d.ask(l, by, v.now())
		if err != nil {
			act.Why = v.problems(err, nil)
		}
		out = append(out, act)
	}
	return out
}
