package record

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// appearance is how a person appears in the record.
type appearance struct {
	name      string
	roles     map[string]bool
	terminals map[string]bool
	entries   int
	signed    int
	first     ledger.Entry
	last      ledger.Entry
}

// persons prints who made and signed the entries: full name, username, roles, initials.
func (s *sheet) persons() {
	s.chapter("persons")
	s.note("persons.note")
	found := map[string]*appearance{}
	of := func(account string) *appearance {
		a, ok := found[account]
		if !ok {
			a = &appearance{name: s.Names(account), roles: map[string]bool{}, terminals: map[string]bool{}}
			found[account] = a
		}
		return a
	}
	for _, e := range s.log.entries {
		a := of(e.Author.Account)
		if a.entries == 0 {
			a.first = e
		}
		a.last = e
		a.entries++
		a.roles[e.Author.Role], a.terminals[e.Author.Terminal] = true, true
		if sig := mentioned(e).Signature; sig.Account != "" {
			signer(of(sig.Account), sig)
		}
	}
	var rows [][]paper.Cell
	for _, account := range slices.Sorted(maps.Keys(found)) {
		rows = append(rows, s.personRow(account, found[account]))
	}
	s.doc.Table(paper.Table{
		Where: "persons", Columns: []paper.Column{{Width: 52}, {Width: 16}, {Width: 48}, {Width: 22}, {}}, Rows: rows,
		Head: s.headRow("persons.name", "persons.initials", "persons.roles", "persons.entries", "persons.range"),
	})
}

func signer(a *appearance, sig people.Signature) {
	a.signed++
	a.roles[sig.Role] = true
	a.name = sig.Name
}

func (s *sheet) personRow(account string, a *appearance) []paper.Cell {
	var roles paper.Cell
	for _, role := range slices.Sorted(maps.Keys(a.roles)) {
		roles = append(roles, paper.Text{S: s.w.word("role", role).inline(), Style: small})
	}
	span := paper.Cell{{S: "–", Style: small}}
	if a.entries > 0 {
		span = paper.Cell{{S: "#" + seq(a.first) + " … #" + seq(a.last), Style: code}}
	}
	return []paper.Cell{
		{{S: s.plain(a.name), Style: bold}, {S: account, Style: code}, {S: s.plain(strings.Join(slices.Sorted(maps.Keys(a.terminals)), ", ")), Style: faint}},
		{{S: initials(a.name), Style: mono}}, roles,
		{{S: entryNumber(uint64(a.entries)), Style: mono}, {S: s.w.get("persons.signed").local + ": " + entryNumber(uint64(a.signed)), Style: small}}, span,
	}
}

// initials are the first letters of the parts of a name.
func initials(name string) string {
	var b strings.Builder
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }) {
		r, _ := utf8.DecodeRuneInString(part)
		if strings.ToUpper(string(r)) == string(r) && strings.ToLower(string(r)) != string(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
