package pages

import (
	"fmt"
	"html/template"
	"net/http"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
)

// labelsPage shows the labels of a step as they are printed.
type labelsPage struct {
	frame
	Strip  strip
	Step   string
	Labels []labelView
	Back   string
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
}

// labelsShow is GET /batches/:batch/steps/:step/labels.
func (v *visit) labelsShow() error {
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
		frame: v.frame("labels", v.T("labels.title")), Strip: v.strip(b, v.acting(st)), Step: n.step(st.Step.ID), Back: "/batches/" + b.Number,
	}
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
		p.Labels = append(p.Labels, l)
	}
	return v.render(http.StatusOK, "labels", p)
}

func (v *visit) label(b *batch.Batch, st *batch.StepState, c *chainofcustody.Container) (labelView, error) {
	title := v.word("kind", string(c.Kind))
	for _, made := range st.Step.Creates {
		if made.Kind == string(c.Kind) {
			title = made.Label.In(v.lang)
		}
	}
	code, err := matrix(c.Label)
	if err != nil {
		return labelView{}, err
	}
	id, coi := c.ID.Print(), b.CoI.Print()
	return labelView{
		Title: title, Mark: MarkOf(b.CoI), Subject: b.Subject, Batch: b.Number, Matrix: code, Content: c.Label,
		ID: id[:len(id)-2], Check: id[len(id)-1:], CoI: coi[:len(coi)-2], CoICheck: coi[len(coi)-1:],
	}, nil
}
