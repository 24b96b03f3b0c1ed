package pages

import (
	"net/http"

	"rexbatch/batch"
)

// echoPart is what was typed, said back before it is confirmed (screens, rule 4).
type echoPart struct {
	Value   string
	Limit   string
	Verdict string
	Faults  []string
	Problem *Problem
}

// fieldEcho is GET /batches/:batch/steps/:step/fields/:field/echo. It saves nothing.
func (v *visit) fieldEcho() error {
	b, err := v.plant().Batches.Load(v.ctx(), v.Param("batch"))
	if err != nil {
		return err
	}
	f, err := v.recipeField()
	if err != nil {
		return err
	}
	f = b.Judging(f)
	e := echoPart{Limit: v.limitText(f)}
	value, err := batch.Parse(f, batch.Input{Text: v.QueryParam("value")}, v.zone())
	if err != nil {
		e.Problem = &v.problems(err, b)[0]
	} else {
		e.Value, e.Verdict = v.shown(f, value), verdict(f, value)
		for _, text := range b.Faults(f, value) {
			e.Faults = append(e.Faults, text.In(v.lang))
		}
	}
	return v.renderPart(http.StatusOK, "batch", "echo", e)
}
