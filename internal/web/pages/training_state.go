package pages

import (
	"cmp"
	"slices"
	"time"

	"rexbatch/internal/people"
)

func proceduresOf(all []people.Person) []string {
	var out []string
	for _, p := range all {
		for _, t := range p.Trainings {
			out = append(out, t.Procedure)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// trainingCell shows the record that ends last.
func (v *visit) trainingCell(p people.Person, procedure string) trainingCell {
	var own []people.Training
	for _, t := range p.Trainings {
		if t.Procedure == procedure {
			own = append(own, t)
		}
	}
	if len(own) == 0 {
		return trainingCell{}
	}
	latest := slices.MaxFunc(own, func(a, b people.Training) int { return cmp.Compare(a.Until, b.Until) })
	return trainingCell{Has: true, Until: dayOf(latest.Until), State: v.trainingState(latest)}
}

// trainingState tells by shape and word whether a training is valid, due within thirty days, or over.
func (v *visit) trainingState(t people.Training) state {
	today := v.now().In(v.zone())
	switch {
	case t.Until < today.Format(time.DateOnly):
		return state{Icon: "triangle", Tone: "att", Word: v.T("training.expired")}
	case t.From > today.Format(time.DateOnly):
		return state{Icon: "ring", Word: v.T("training.later", "day", dayOf(t.From))}
	case t.Until <= today.AddDate(0, 0, dueSoon).Format(time.DateOnly):
		return state{Icon: "clock", Tone: "att", Word: v.T("training.due")}
	}
	return state{Icon: "tick", Word: v.T("training.valid")}
}

func (v *visit) trainingLines(p people.Person) []trainingLine {
	var out []trainingLine
	for i, t := range p.Trainings {
		out = append(out, trainingLine{
			Procedure: t.Procedure, Version: t.Version, From: dayOf(t.From), Until: dayOf(t.Until), Trainer: t.Trainer, Evidence: t.Evidence,
			State: v.trainingState(t), Last: i+1 == len(p.Trainings) || p.Trainings[i+1].Procedure != t.Procedure,
		})
	}
	return out
}

// dayOf writes a day with its month in letters (screens, rule 21).
func dayOf(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return day(t)
}
