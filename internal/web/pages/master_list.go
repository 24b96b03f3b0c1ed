package pages

import (
	"net/http"
	"strconv"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// mastersPage is the versions of the plant's recipe, the newest first.
type mastersPage struct {
	frame
	Recipe string
	Lines  []masterLine
	Draft  *masterForm // for those who may
}

// masterLine is one version.
type masterLine struct {
	Number         int
	Link           string
	State          state
	From, Until    string
	Change, Note   string
	Authors        string
	Approver       string
	Errors         int
	Running        []string // batches that are not finished
	Shipped, Draft bool
}

// masterForm asks for the file of a version, with what was typed before a refusal.
type masterForm struct {
	Change, Note string
	Roles        *picker
	Open         bool
}

// masterIcons give each status a shape of its own.
var masterIcons = map[master.Status]state{
	master.Shipped:    {Icon: "order"},
	master.Draft:      {Icon: "typed"},
	master.InReview:   {Icon: "two"},
	master.Approved:   {Icon: "clock"},
	master.Effective:  {Icon: "tick"},
	master.Superseded: {Icon: "dash"},
	master.Withdrawn:  {Icon: "lock"},
}

// masterList is GET /masters.
func (v *visit) masterList() error { return v.mastersPage(http.StatusOK) }

func (v *visit) mastersPage(code int, problems ...Problem) error {
	k := v.plant().Batches
	p := mastersPage{frame: v.frame("masters", v.T("masters.title"), problems...), Recipe: k.Recipe.ID}
	versions, err := k.Masters().Versions(v.ctx(), k.Recipe.ID)
	if err != nil {
		return err
	}
	running, err := k.Running(v.ctx())
	if err != nil {
		return err
	}
	for _, i := range versions {
		p.Lines = append(p.Lines, v.masterLine(i, versions, running))
	}
	roles := v.masterRoles(people.WriteMaster)
	if len(roles.Options) > 0 {
		p.Draft = &masterForm{Change: v.FormValue("change"), Note: v.FormValue("note"), Roles: several(roles), Open: code != http.StatusOK}
	}
	return v.render(code, "masters", p)
}

func (v *visit) masterLine(i master.Item, versions []master.Item, running map[ledger.Digest][]string) masterLine {
	now := i.StatusAt(versions, v.now())
	l := masterLine{
		Number: i.Number, Link: masterLink(i.ID), State: v.masterState(now), From: moment(i.From, v.zone()), Until: moment(i.WithdrawnAt, v.zone()),
		Change: i.Change, Note: i.Note, Authors: v.everybody(i.Authors), Approver: i.Approver, Errors: i.Errors, Running: running[i.File],
		Shipped: i.Status == master.Shipped, Draft: now == master.Draft,
	}
	if now == master.InReview && v.desk.Session.May(people.ApproveMaster) {
		l.State.Tone = "now"
	}
	return l
}

// masterState is the status of a version in the person's language.
func (v *visit) masterState(s master.Status) state {
	out := masterIcons[s]
	out.Word = v.word("master-status", string(s))
	return out
}

func masterLink(id master.ID) string { return "/masters/" + id.Recipe + "/" + strconv.Itoa(id.Number) }

// everybody are full names, in order.
func (v *visit) everybody(accounts []string) string {
	out := ""
	for i, a := range accounts {
		if i > 0 {
			out += ", "
		}
		out += v.full(a)
	}
	return out
}

// masterRoles are the person's roles that have a permission.
func (v *visit) masterRoles(needs people.Permission) picker {
	p := picker{Name: "role", Label: v.T("lot.role")}
	for _, r := range v.desk.Session.Roles {
		if r.May(needs) {
			p.add(v, string(r), v.word("role", string(r)))
		}
	}
	return p
}

// several is the picker where there is a choice.
func several(p picker) *picker {
	if len(p.Options) < 2 {
		return nil
	}
	return &p
}
