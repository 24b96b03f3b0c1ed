package record

import (
	"rexbatch/batch"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
)

// allowances prints what approved deviations changed at a step, for this batch alone (AT-5), with QA's signature.
func (s *sheet) allowances(step string) {
	for _, a := range s.Batch.AllowancesAt(step) {
		text := s.allowance(a)
		lines := both{s.w.word("class", string(batch.Allowed)).local + ": " + text.local, text.english}.in(bold)
		lines = append(lines, s.signature(*a.Approved)...)
		s.doc.Paragraph(append(lines, paper.Text{S: a.ID + "  #" + entryNumber(a.Seq), Style: code})...)
	}
}

// allowanceText is the exception of an allowance in the words of the pages.
func (s *sheet) allowanceText(e batch.Exception) both {
	for _, a := range s.Batch.Allowances {
		if e.ID == string(batch.Allowed)+":"+a.ID {
			return s.allowance(a)
		}
	}
	return same(s.plain(e.What))
}

func (s *sheet) allowance(a *batch.Allowance) both {
	key := "exception.allowed"
	if a.Kind == batch.AllowSkip || a.Kind == batch.AllowDevice {
		key += "." + string(a.Kind)
	}
	text, _ := s.w.code(key)
	kind, target := s.w.word("allowance-kind", string(a.Kind)), s.allowanceTarget(a)
	was, to := s.allowanceValue(a, a.Was), s.allowanceValue(a, a.To)
	fill := func(text, kind, target string) string {
		return s.plain(same(text).fill("kind", kind, "target", target, "was", was, "to", to, "deviation", a.Deviation).local)
	}
	return both{fill(text.local, kind.local, target.local), fill(text.english, kind.english, target.english)}
}

func (s *sheet) allowanceTarget(a *batch.Allowance) both {
	switch a.Kind {
	case batch.AllowLimit, batch.AllowDevice:
		if f, ok := s.Batch.Recipe.FieldAt(a.Target, s.Batch.Site); ok {
			return both{f.Label.In(s.w.lang) + " (" + f.Ref() + ")", f.Label.In("en") + " (" + f.Ref() + ")"}
		}
	case batch.AllowTime:
		for _, c := range s.Batch.Recipe.Clocks {
			if c.ID == a.Target {
				return both{c.Name.In(s.w.lang), c.Name.In("en")}
			}
		}
	}
	return s.stepName(a.Target)
}

// allowanceValue is a limit with its unit; a time or a number as it stands.
func (s *sheet) allowanceValue(a *batch.Allowance, text string) string {
	f, ok := s.Batch.Recipe.FieldAt(a.Target, s.Batch.Site)
	if !ok || a.Kind != batch.AllowLimit {
		return text
	}
	limit, err := quantity.ParseLimit(text, f.Unit)
	if err != nil {
		return text
	}
	return s.w.in(limit.Format(s.w.lang), limit.Unit())
}
