package pages

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
)

// labelsPage shows the labels of a step as they are printed, and where each of them is.
type labelsPage struct {
	frame
	Strip    strip
	Step     string
	Path     string
	Seen     uint64
	Labels   []labelView
	Scanning bool // labels of the step wait to be scanned back by this person
	Open     int
	Again    bool // some are not on paper
	Seconds  []choice
	Kept     scrapForm
	Back     string
}

// labelView is one label.
type labelView struct {
	Title           string
	Mark            Mark
	CoI, ID         string // in groups, without the check character
	CoICheck, Check string
	Subject, Batch  string
	Matrix          template.HTML
	Content         string
	Serial          string
	File            string // the container as it is written in addresses
	Warnings        []string
	Print           *printView // nil where the system does not print it
}

// scrapForm is what was typed before a refusal.
type scrapForm struct{ Container, Reason, Username, What string }

// labelsShow is GET /batches/:batch/steps/:step/labels.
func (v *visit) labelsShow() error { return v.labelsPage(http.StatusOK) }

// labelsAgain shows the labels with what stood against a command.
func (v *visit) labelsAgain(err error) error {
	b, _, loadErr := v.stepOf()
	if loadErr != nil {
		return loadErr
	}
	return v.labelsPage(status(err), v.problems(err, b)...)
}

func (v *visit) labelsPage(code int, problems ...Problem) error {
	b, t, err := v.load()
	if err != nil {
		return err
	}
	st, ok := b.Step(v.Param("step"))
	if !ok || len(st.Labels) == 0 {
		return v.done("")
	}
	n := namer{visit: v, batch: b}
	p := labelsPage{
		frame: v.frame("labels", v.T("labels.title"), problems...), Strip: v.strip(b, v.acting(st)), Step: n.step(st.Step.ID),
		Path: v.labelsPath(), Seen: b.Version, Back: "/batches/" + b.Number, Open: len(unapplied(st)), Seconds: v.seconds(st),
		Kept: scrapForm{v.Param("container"), v.FormValue("reason"), v.FormValue("username"), v.FormValue("what")},
	}
	p.Strip.Around = p.Path // what becomes of each label is kept up to date where it stands
	p.Scanning = p.Open > 0 && st.Status == batch.Open && v.has(st.Step.Performer)
	for i, id := range st.Labels {
		c, ok := t.Container(id)
		if !ok {
			return fmt.Errorf("label of unknown container %s", id)
		}
		l, err := v.label(b, st, c)
		if err != nil {
			return err
		}
		l.Serial = fmt.Sprintf("%d / %d", i+1, len(st.Labels))
		l.Print = v.newest(b, st, id)
		p.Again = p.Again || l.Print != nil && l.Print.Again
		p.Labels = append(p.Labels, l)
	}
	slices.SortStableFunc(p.Labels, func(a, b labelView) int { return a.rank() - b.rank() })
	return v.render(code, "labels", p)
}

// rank puts the labels that wait for somebody first.
func (l labelView) rank() int {
	if l.Print != nil && l.Print.Waits {
		return 0
	}
	return 1
}

func (v *visit) label(b *batch.Batch, st *batch.StepState, c *chainofcustody.Container) (labelView, error) {
	title := v.word("kind", string(c.Kind))
	for _, made := range st.Step.Creates {
		if made.Kind == string(c.Kind) && made.Applies(b.Site) {
			title = made.Label.In(v.lang)
		}
	}
	if r := st.Step.Relabel(string(c.Kind)); r != nil {
		title = r.Label.In(v.lang)
	}
	content := v.plant().Batches.CodeOf(b, c, st.Label(c.ID.String()))
	code, err := matrix(content)
	if err != nil {
		return labelView{}, err
	}
	id, coi := c.ID.Print(), b.CoI.Print()
	return labelView{
		Warnings: v.warnings(b), Title: title, Mark: MarkOf(b.CoI), Subject: b.Subject, Batch: b.Number, Matrix: code, Content: content,
		File: strings.ReplaceAll(c.ID.String(), "/", "-"), ID: id[:len(id)-2], Check: id[len(id)-1:], CoI: coi[:len(coi)-2], CoICheck: coi[len(coi)-1:],
	}, nil
}
