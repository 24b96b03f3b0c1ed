package record

import (
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

// batchOfRows is how many entries are laid out at once: progress is told and an end of the request is seen between them.
const batchOfRows = 25

var entryColumns = []paper.Column{{Width: 24}, {Width: 33}, {Width: 37}, {Width: 76}}

// everyEntry prints every entry once, in the order of the ledger, with everything that it says.
func (s *sheet) everyEntry() {
	s.chapter("entries")
	s.note("entries.note", "n", entryNumber(uint64(len(s.log.entries))), "range", s.covered())
	s.entries(s.log.entries, s.advance)
}

// entries prints a table of entries; advance, if given, is told how many have been printed.
func (s *sheet) entries(list []ledger.Entry, advance func(int)) {
	for from := 0; from < len(list); from += batchOfRows {
		if s.context.Err() != nil || s.doc.Err() != nil {
			return
		}
		some := list[from:min(from+batchOfRows, len(list))]
		var rows [][]paper.Cell
		for _, e := range some {
			rows = append(rows, s.parts(s.entryRow(e), entryColumns)...)
		}
		s.doc.Table(paper.Table{
			Where: "entries", Columns: entryColumns, Rows: rows, Resumed: from > 0,
			Head: s.headRow("entries.position", "entries.time", "entries.who", "entries.what"),
		})
		if advance != nil {
			advance(len(some))
		}
	}
}

// list prints entries under a heading; nothing when there are none.
func (s *sheet) list(key string, list []ledger.Entry) {
	if len(list) == 0 {
		return
	}
	b := s.w.get(key)
	s.doc.Section(b.local, b.second())
	s.entries(list, nil)
}

// about are the entries of the batch whose type begins with one of the words: "lot-" for "batch.lot-used".
func (s *sheet) about(words ...string) []ledger.Entry {
	var out []ledger.Entry
	for _, e := range s.log.entries {
		for _, word := range words {
			if strings.HasPrefix(e.Type, typePrefix+word) {
				out = append(out, e)
				break
			}
		}
	}
	return out
}

func (s *sheet) entryRow(e ledger.Entry) []paper.Cell {
	stream, _, _ := strings.Cut(e.Stream, "/")
	return []paper.Cell{
		{
			{S: "#" + seq(e), Style: paper.Style{Mono: true, Bold: true}},
			{S: stream + " " + entryNumber(e.Version), Style: code},
			{S: e.Leaf.String()[:12], Style: faint},
		},
		s.when(e.Time),
		{
			{S: s.plain(s.Names(e.Author.Account)), Style: small},
			{S: e.Author.Account, Style: code},
			{S: s.w.word("role", e.Author.Role).local, Style: quiet},
			{S: s.plain(e.Author.Terminal), Style: faint},
		},
		append(paper.Cell{{S: s.kind(e).inline(), Style: paper.Style{Size: paper.Small, Bold: true}}}, s.telling(e)...),
	}
}
