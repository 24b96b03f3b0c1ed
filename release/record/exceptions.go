package record

import (
	"strconv"
	"strings"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper"
)

// exceptions prints what the rules found, each with QA's signed assessment (AT-59).
func (s *sheet) exceptions() {
	s.chapter("exceptions")
	found, checks := s.Batch.Exceptions()
	s.note("exceptions.note", "checks", strconv.Itoa(checks), "of", strconv.Itoa(s.Batch.Checks()), "found", strconv.Itoa(len(found)))
	if len(found) == 0 {
		s.none()
	} else {
		s.found(found)
	}
	s.list("exceptions.course", s.about("deviation-", "allowance-", "held", "let-go", "stop-", "container-disposed", "closed", "split", "inherited"))
}

// found is the table of exceptions.
func (s *sheet) found(found []batch.Exception) {
	var rows [][]paper.Cell
	for _, e := range found {
		class := append(s.w.word("class", string(e.Class)).in(bold), paper.Text{S: e.ID, Style: faint})
		what := append(paper.Cell{{S: s.stepName(e.Step).inline(), Style: small}}, s.exceptionText(e).in(paper.Style{})...)
		what = append(what,
			paper.Text{S: s.person(e.By), Style: small},
			paper.Text{S: s.stamp(e.At) + "  #" + entryNumber(e.Seq), Style: code})
		assessed := s.w.get("exceptions.open").in(bold)
		if a := e.Assessment; a != nil {
			assessed = append(s.w.word("classification", string(a.Classification)).in(bold), paper.Text{S: s.plain(a.Text)})
			assessed = append(assessed, s.signature(a.Signature)...)
			assessed = append(assessed, paper.Text{S: "#" + entryNumber(a.Seq), Style: code})
		}
		rows = append(rows, s.parts([]paper.Cell{class, what, assessed}, exceptionColumns)...)
	}
	s.doc.Table(paper.Table{Where: "exceptions", Columns: exceptionColumns, Head: s.headRow("exceptions.class", "exceptions.what", "exceptions.assessment"), Rows: rows})
}

var exceptionColumns = []paper.Column{{Width: 40}, {Width: 66}, {Width: 64}}

// exceptionText says what the rule found, in the words of the pages where they know the class.
func (s *sheet) exceptionText(e batch.Exception) both {
	if e.Class == batch.Allowed {
		return s.allowanceText(e)
	}
	f := s.fieldOf(e.Step, e.Field)
	text, ok := s.w.code("exception." + string(e.Class))
	if !ok {
		return same(s.plain(e.What))
	}
	if e.Class == batch.AtBedside {
		return s.atBedside(text, e)
	}
	name := both{e.Field, e.Field}
	if f != nil {
		name = both{f.Label.In(s.w.lang), f.Label.In("en")}
	}
	value, limit := s.side(f, e.Class, e.Value), s.side(f, e.Class, e.Limit)
	if e.Class == batch.Corrected || e.Class == batch.Retested {
		value, limit = s.correction(e, value, limit)
	} else if f != nil && e.Limit != "" && !f.Limit.IsZero() && e.Limit == f.Limit.String() {
		limit = s.expected(f)
	}
	out := both{
		fillOne(text.local, name.local, value.local, limit.local, e.What), fillOne(text.english, name.english, value.english, limit.english, e.What),
	}
	if strings.ContainsAny(out.local+out.english, "{}") { // the words ask for something that this print does not know
		return same(s.plain(e.What))
	}
	return both{s.plain(out.local), s.plain(out.english)}
}

// atBedside names what phones at the bed told, and the fields in which the record says otherwise.
func (s *sheet) atBedside(text both, e batch.Exception) both {
	var local, english []string
	for code := range strings.SplitSeq(e.Value, ",") {
		what := s.w.word("bedside", code)
		local, english = append(local, what.local), append(english, what.english)
	}
	for id := range strings.SplitSeq(e.Limit, ", ") {
		if f := s.fieldOf(e.Step, id); f != nil {
			local, english = append(local, f.Label.In(s.w.lang)), append(english, f.Label.In("en"))
		}
	}
	return both{
		s.plain(strings.ReplaceAll(text.local, "{what}", strings.Join(local, "; "))), s.plain(strings.ReplaceAll(text.english, "{what}", strings.Join(english, "; "))),
	}
}

func fillOne(text, field, value, limit, what string) string {
	return both{text, text}.fill("field", field, "value", value, "limit", limit, "got", value, "want", limit, "tests", what, "what", what).local
}

// side is one of the two things that an exception compares: values of a field, persons, labels.
func (s *sheet) side(f *mbr.Field, class batch.Class, text string) both {
	switch {
	case class == batch.TakenOver:
		return same(s.person(text))
	case class == batch.Identity:
		head, rest, _ := strings.Cut(text, " ")
		kind := s.w.word("kind", head)
		if rest != "" && kind.local != head {
			return both{kind.local + " " + rest, kind.english + " " + rest}
		}
		return s.w.word("kind", text)
	case f != nil:
		return s.canonical(f, text)
	}
	return same(s.plain(text))
}

// correction is the value now and the one before it, as the record keeps them.
func (s *sheet) correction(e batch.Exception, now, before both) (both, both) {
	f := s.fieldOf(e.Step, e.Field)
	values := s.log.of(e.Step).values[e.Field]
	for i, c := range values {
		if c.entry.Seq == e.Seq && i > 0 {
			return s.shown(f, c.Value), s.shown(f, values[i-1].Value)
		}
	}
	return now, before
}

// exceptionName names an exception by its class and its place: "out-of-limit:S11.net_volume:31".
func (s *sheet) exceptionName(id string) string {
	parts := strings.Split(id, ":")
	if len(parts) < 2 {
		return id
	}
	place := parts[1]
	if step, field, ok := strings.Cut(parts[1], "."); ok {
		place = s.fieldName(s.fieldOf(step, field), parts[1])
	} else if _, ok := s.Batch.Step(parts[1]); ok {
		place = s.stepName(parts[1]).inline()
	}
	return s.w.word("class", parts[0]).inline() + ": " + place + " [" + id + "]"
}

func entryNumber(n uint64) string { return strconv.FormatUint(n, 10) }
