package batch

import (
	"maps"
	"slices"
	"sync"
)

// clone is an independent copy: what is appended to one is not seen in the other. Values that never change
// (recipe, specification, captured values) are shared.
func (b *Batch) clone() *Batch {
	c := *b
	c.Acts, c.found = slices.Clip(b.Acts), slices.Clip(b.found)
	c.assessed, c.hands = maps.Clone(b.assessed), maps.Clone(b.hands)
	c.Holds, c.Deviations = slices.Clone(b.Holds), slices.Clip(b.Deviations)
	c.Disposed, c.Areas = maps.Clone(b.Disposed), maps.Clone(b.Areas)
	if b.Ending != nil {
		ending := *b.Ending
		c.Ending = &ending
	}
	c.steps = make(map[string]*StepState, len(b.steps))
	for id, st := range b.steps {
		s := *st
		s.Stops, s.Labels, s.TakenOver = slices.Clip(st.Stops), slices.Clip(st.Labels), slices.Clip(st.TakenOver)
		s.Interruptions, s.Disagreements = slices.Clone(st.Interruptions), slices.Clip(st.Disagreements)
		s.Lots, s.Devices, s.Prints = slices.Clip(st.Lots), slices.Clip(st.Devices), slices.Clip(st.Prints)
		s.hands, s.stopped = maps.Clone(st.hands), maps.Clone(st.stopped)
		s.Fields = make(map[string]*FieldState, len(st.Fields))
		for name, f := range st.Fields {
			s.Fields[name] = &FieldState{Field: f.Field, Values: slices.Clip(f.Values), Comments: maps.Clone(f.Comments), since: f.since}
		}
		s.Scans = make(map[string]map[string]ScanEntry, len(st.Scans))
		for name, scans := range st.Scans {
			s.Scans[name] = maps.Clone(scans)
		}
		c.steps[id] = &s
	}
	return &c
}

// maxSnapshots bounds how many batches a process keeps folded: more than a plant has open at once.
const maxSnapshots = 128

// snapshots keeps batches folded up to a version, so that a command reads only what came since. They are derived: a
// process that has none folds the batch from its first entry and gets the same.
type snapshots struct {
	mu   sync.Mutex
	kept map[string]*Batch
}

// get returns a copy of what is kept; an empty batch when nothing is.
func (s *snapshots) get(number string) *Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.kept[number]; ok {
		return b.clone()
	}
	return &Batch{}
}

// put keeps a copy, unless a newer one is kept already.
func (s *snapshots) put(b *Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]*Batch{}
	}
	old, ok := s.kept[b.Number]
	if ok && old.Version >= b.Version {
		return
	}
	if !ok && len(s.kept) >= maxSnapshots {
		for number := range s.kept {
			delete(s.kept, number)
			break
		}
	}
	s.kept[b.Number] = b.clone()
}
