package pages

import (
	"mime"
	"net/http"
	"strconv"

	"rexbatch/batch/master"
	"rexbatch/internal/ledger"
)

// masterPage is one version: what it is, what it changes, what is wrong with it, and what this person may do.
type masterPage struct {
	frame
	masterLine
	ID        string
	Seen      uint64
	Facts     masterFacts
	Before    *masterChanges
	Errors    []masterFault
	Warnings  []masterFault
	Unfit     string
	Overview  []masterUnit
	History   []masterEvent
	Signature *masterSignature
	Actions   []masterAction
	Posted    string // path of the act that was refused
	Typed     map[string]string
	Moment    entryForm
}

// masterShow is GET /masters/:recipe/:version.
func (v *visit) masterShow() error { return v.masterPage(http.StatusOK) }

// masterPage shows the version, after a refusal with its problems.
func (v *visit) masterPage(code int, problems ...Problem) error {
	id, err := master.ParseID(v.Param("recipe"), v.Param("version"))
	if err != nil {
		return err
	}
	k := v.plant().Batches
	m, err := k.Masters().Load(v.ctx(), id)
	if err != nil {
		return err
	}
	r, err := k.Masters().Read(v.ctx(), m)
	if err != nil {
		return err
	}
	versions, err := k.Masters().Versions(v.ctx(), id.Recipe)
	if err != nil {
		return err
	}
	running, err := k.Running(v.ctx())
	if err != nil {
		return err
	}
	p := masterPage{
		frame: v.frame("masters", id.String(), problems...), masterLine: v.masterLine(m.Item(), versions, running), ID: id.String(), Seen: m.Version,
		Facts: v.masterFacts(m, r), Unfit: r.Unfit, Overview: v.masterOverview(r.Recipe), History: v.masterHistory(m),
		Signature: v.masterSignature(m), Actions: v.masterActions(m, r), Posted: v.Request().URL.Path,
		Typed: map[string]string{"note": v.FormValue("note"), "reason": v.FormValue("reason")},
	}
	p.Errors, p.Warnings = v.masterFaults(r)
	v.clockForm(&p.Moment)
	p.Before, err = v.masterChanges(m, r, versions, running)
	if err != nil {
		return err
	}
	return v.render(code, "master", p)
}

// masterFile is GET /masters/:recipe/:version/file: the bytes as they were uploaded.
func (v *visit) masterFile() error {
	id, err := master.ParseID(v.Param("recipe"), v.Param("version"))
	if err != nil {
		return err
	}
	k := v.plant().Batches.Masters()
	m, err := k.Load(v.ctx(), id)
	if err != nil {
		return err
	}
	r, err := k.Read(v.ctx(), m)
	if err != nil {
		return err
	}
	name := id.Recipe + "-v" + strconv.Itoa(id.Number) + ".yaml"
	v.Response().Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return v.Blob(http.StatusOK, "application/yaml", r.File)
}

// masterFacts are the facts of a version that stand beside its content.
type masterFacts struct {
	Title, Status string // as the file says
	File          ledger.Digest
	Size          string
	Demo          int // numbers that nobody has published
	Steps         int
}

func (v *visit) masterFacts(m *master.Master, r master.Reading) masterFacts {
	f := masterFacts{File: m.File, Size: v.T("master.bytes", "n", strconv.Itoa(m.Size))}
	if r.Recipe != nil {
		f.Title, f.Status, f.Demo, f.Steps = r.Recipe.Title.In(v.lang), r.Recipe.Status, r.Recipe.DemoNumbers(), len(r.Recipe.Steps())
	}
	return f
}
