package pages

import (
	"errors"
	"slices"
	"time"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
)

// prober asks the batch what it would say.
type prober struct {
	b   *batch.Batch
	t   *chainofcustody.TherapyEvent
	by  ledger.Author
	now time.Time
	st  *batch.StepState
}

// beyond finds a value beyond its limit that waits for a comment, before anything else (AT-59). Another field that the
// person chose comes first where the recipe bars the step: perhaps that one makes the value good.
func (p prober) beyond(wanted string) (todo, bool) {
	var err error
	switch {
	case p.st.Status == batch.Waiting: // its values came with the order: what is said of one begins it
		_, err = p.b.Start(p.by, p.now, p.st.Step.ID)
	case p.st.Status != batch.Open || p.st.Performer != p.by.Account:
		return todo{}, false
	}
	barred := todo{}
	for _, f := range p.st.Step.FieldsAt(p.b.Site) {
		if !p.b.Asked(f) || !p.b.Beyond(f) || p.st.Status == batch.Waiting && !p.holds(f) {
			continue
		}
		_, said := p.b.Remark(f)
		switch {
		case p.b.Bars(f):
			barred = todo{do: doMend, field: f.ID, why: err}
		case !said:
			return todo{do: doComment, field: f.ID, why: err}, true
		}
	}
	if barred.do == "" || p.wants(wanted) {
		return todo{}, false
	}
	return barred, true
}

// wants tells whether a field that the person chose waits for a value.
func (p prober) wants(id string) bool {
	state, ok := p.st.Fields[id]
	return ok && p.open(state.Field)
}

// field finds the field to capture next: the one the person chose, or the first one that is open.
func (p prober) field(wanted string) (todo, bool) {
	chosen, counted := p.wants(wanted), false
	for _, f := range p.st.Step.FieldsAt(p.b.Site) {
		before := counted
		counted = counted || p.countsLabels(f)
		if !p.open(f) || chosen && f.ID != wanted || !chosen && f.Optional {
			continue
		}
		if before && !chosen && (p.wantsLabels() || !p.scansOwn()) {
			if out, found := p.labels(); found {
				return out, true
			}
		}
		if f.Type == mbr.TypeScan && p.unlabelled(f) {
			return p.guard(todo{do: doLabels}), true
		}
		if f.Type == mbr.TypeScan {
			return p.guard(todo{do: doScan, field: f.ID}), true
		}
		return p.guard(todo{do: doEnter, field: f.ID}), true
	}
	return todo{}, false
}

// countsLabels tells whether a field says how many labels the step prints: what the recipe asks for after it is known
// once they are on paper, such as how many came out.
func (p prober) countsLabels(f *mbr.Field) bool {
	relabels := slices.ContainsFunc(p.st.Step.Relabels, func(r mbr.Relabel) bool { return r.After == f.ID })
	return relabels || slices.ContainsFunc(p.st.Step.Creates, func(c mbr.Creation) bool { return c.Print && c.Count == f.ID && c.Applies(p.b.Site) })
}

// scansOwn tells whether a field of the step scans what the step labels: that scan takes the label back as well.
func (p prober) scansOwn() bool {
	return slices.ContainsFunc(p.st.Step.FieldsAt(p.b.Site), func(f *mbr.Field) bool {
		return f.Type == mbr.TypeScan && slices.ContainsFunc(p.st.Step.Creates, func(c mbr.Creation) bool { return c.Kind == f.Expect })
	})
}

// labels are issued and printed, then scanned back.
func (p prober) labels() (todo, bool) {
	switch {
	case p.wantsLabels():
		return p.guard(todo{do: doLabels}), true
	case len(unapplied(p.st)) > 0:
		return p.guard(todo{do: doBack}), true
	}
	return todo{}, false
}

// open tells whether a field waits for a value.
func (p prober) open(f *mbr.Field) bool {
	if f.Type == mbr.TypeComputed || f.Captured == mbr.FromLedger || !p.b.Asked(f) || f.Type == mbr.TypeScan && p.st.Unscanned != nil {
		return false
	}
	if f.Each {
		for _, c := range p.b.Containers(p.t, f.Expect) {
			if _, ok := p.st.Scans[f.ID][c.ID.String()]; !ok {
				return true
			}
		}
		return p.unlabelled(f)
	}
	return !p.holds(f)
}

func (p prober) holds(f *mbr.Field) bool {
	_, ok := p.st.Fields[f.ID].Current()
	return ok
}

// unlabelled tells whether the step itself makes the containers that the field scans, and has not yet.
func (p prober) unlabelled(f *mbr.Field) bool {
	made := slices.ContainsFunc(p.st.Step.Creates, func(c mbr.Creation) bool { return c.Kind == f.Expect && c.Applies(p.b.Site) })
	return made && p.wantsLabels()
}

// wantsLabels tells whether labels of the step are still to be issued.
func (p prober) wantsLabels() bool {
	if len(p.st.Step.Relabels) == 0 && !slices.ContainsFunc(p.st.Step.Creates, func(c mbr.Creation) bool { return c.Applies(p.b.Site) }) {
		return false
	}
	err := p.handling(func(h batch.Handling) error {
		_, _, err := p.b.Labels(h, p.t)
		return err
	})
	var r *ledger.Refusal
	return !errors.As(err, &r) || r.Code != "labels-issued"
}

// handling asks what the batch has against this person working in the step now, then against one command.
func (p prober) handling(command func(batch.Handling) error) error {
	h, err := p.b.Handle(p.by, p.now, p.st.Step.ID)
	if err != nil {
		return err
	}
	return command(h)
}

// guard asks the batch about what is to be done. When a scan has grown too old, the scan comes first (I4).
func (p prober) guard(want todo) todo {
	var err error
	switch want.do {
	case doScan:
		_, err = p.b.Scan(p.by, p.now, p.st.Step.ID, want.field, chainofcustody.Match{}, nil)
	case doEnter:
		err = p.handling(func(h batch.Handling) error {
			_, err := p.b.Enter(h, want.field, batch.Value{Text: "?"}, batch.Typed)
			return err
		})
	case doLabels:
		err = p.handling(func(h batch.Handling) error {
			_, _, err := p.b.Labels(h, p.t)
			return err
		})
	case doBack: // the label is scanned with the command; until then nothing but the step can stand against it
		err = p.handling(func(batch.Handling) error { return nil })
	default:
		err = p.handling(func(h batch.Handling) error {
			_, err := p.b.Complete(h, p.t)
			return err
		})
	}
	var r *ledger.Refusal
	if errors.As(err, &r) && r.Code == "scan-first" {
		return todo{do: doScan, field: r.Args["field"]}
	}
	if errors.As(err, &r) && r.Code == "count-first" {
		return todo{do: doEnter, field: r.Args["field"]}
	}
	want.why = err
	return want
}
