package batch

import (
	"maps"
	"slices"
)

// clone is an independent copy: what is appended to one is not seen in the other. Values that never change
// (recipe, specification, captured values) are shared.
func (b *Batch) clone() *Batch {
	c := *b
	c.Acts, c.found = slices.Clip(b.Acts), slices.Clip(b.found)
	c.assessed, c.hands = maps.Clone(b.assessed), maps.Clone(b.hands)
	c.Holds, c.Deviations = slices.Clone(b.Holds), slices.Clip(b.Deviations)
	c.Allowances = slices.Clip(b.Allowances)
	c.Disposed, c.Areas = maps.Clone(b.Disposed), maps.Clone(b.Areas)
	if b.Ending != nil {
		ending := *b.Ending
		c.Ending = &ending
	}
	c.steps = make(map[string]*StepState, len(b.steps))
	steps := make([]StepState, len(b.order)) // one piece of memory for all of them: a command copies the whole batch
	for i, step := range b.order {
		st, s := b.steps[step.ID], &steps[i]
		*s = *st
		s.Stops, s.Labels, s.TakenOver = slices.Clip(st.Stops), slices.Clip(st.Labels), slices.Clip(st.TakenOver)
		s.Risks = slices.Clip(st.Risks)
		s.Interruptions, s.Disagreements = slices.Clone(st.Interruptions), slices.Clip(st.Disagreements)
		s.Lots, s.Devices, s.Prints = slices.Clip(st.Lots), slices.Clip(st.Devices), slices.Clip(st.Prints)
		s.uncontrolled = slices.Clip(st.uncontrolled)
		s.hands, s.stopped = maps.Clone(st.hands), maps.Clone(st.stopped)
		s.Fields = make(map[string]*FieldState, len(st.Fields))
		fields := make([]FieldState, 0, len(st.Fields))
		for name, f := range st.Fields {
			fields = append(fields, *f)
			copied := &fields[len(fields)-1]
			copied.Values, copied.Comments = slices.Clip(f.Values), maps.Clone(f.Comments)
			s.Fields[name] = copied
		}
		s.Scans = make(map[string]map[string]ScanEntry, len(st.Scans))
		for name, scans := range st.Scans {
			s.Scans[name] = maps.Clone(scans)
		}
		c.steps[step.ID] = s
	}
	return &c
}
