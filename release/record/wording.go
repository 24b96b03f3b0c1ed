package record

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/quantity"
	"rexbatch/templates"
)

// Languages are those in which a record is printed.
func Languages() []string { return []string{"es", "de", "en"} }

// catalogue is wording by key.
type catalogue map[string]string

// wording is all that a language has: the paper's own, and the words for codes that pages and paper share.
type wording struct{ own, codes catalogue }

// wordings reads every wording file once. The files are compiled in, so an error is a broken build.
var wordings = sync.OnceValues(func() (map[string]wording, error) {
	all := map[string]wording{}
	for _, lang := range Languages() {
		own, err := readAll(templates.Record, "record/"+lang+".json")
		if err != nil {
			return nil, fmt.Errorf("wording of the record: %w", err)
		}
		codes, err := readAll(templates.Lang, "lang/"+lang+"/*.json")
		if err != nil {
			return nil, fmt.Errorf("wording of the record: %w", err)
		}
		all[lang] = wording{own, codes}
	}
	return all, nil
})

func readAll(files fs.FS, pattern string) (catalogue, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	c := catalogue{}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		err = json.Unmarshal(raw, &c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

// words speak the language of the print and English. A key without wording stops the print: a record with a hole in its
// wording must not exist.
type words struct {
	lang           string
	local, english wording
	missing        []string
}

// Speaks refuses a language in which no record is printed.
func Speaks(lang string) error {
	if !slices.Contains(Languages(), lang) {
		return ledger.Refuse(ledger.Invalid, "CS-10", "record-language", "a record is not printed in {lang}", "choose es, de or en", "lang", lang)
	}
	return nil
}

func newWords(lang string) (*words, error) {
	all, err := wordings()
	if err != nil {
		return nil, err
	}
	err = Speaks(lang)
	if err != nil {
		return nil, err
	}
	return &words{lang: lang, local: all[lang], english: all["en"]}, nil
}

// both is one statement in the language of the print and in English.
type both struct{ local, english string }

func same(s string) both { return both{s, s} }

// get is the paper's own wording of a key with its placeholders filled from name, value pairs.
func (w *words) get(key string, pairs ...string) both {
	b := both{w.local.own[key], w.english.own[key]}
	if b.local == "" || b.english == "" {
		w.missing = append(w.missing, key)
	}
	return b.fill(pairs...)
}

func (b both) fill(pairs ...string) both {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return both{ledger.Fill(b.local, args), ledger.Fill(b.english, args)}
}

// word is the word for a code of a group, "role" and "qp"; the code itself where the group does not know it, because
// newer entries may bring codes that this program has not met.
func (w *words) word(group, code string) both {
	b, ok := w.code(group + "." + strings.ReplaceAll(strings.ToLower(code), " ", "-"))
	if !ok {
		return same(code)
	}
	return b
}

func (w *words) code(key string) (both, bool) {
	b := both{w.local.codes[key], w.english.codes[key]}
	return b, b.local != "" && b.english != ""
}

// unit is the printed form of a unit; those that are words and not symbols are in the catalogue.
func (w *words) unit(u quantity.Unit) string {
	b, ok := w.code("unit." + string(u))
	if !ok {
		return u.Label()
	}
	return b.local
}

// in puts the unit in the language of the print behind a number that was formatted with the unit's label.
func (w *words) in(formatted string, u quantity.Unit) string {
	number, found := strings.CutSuffix(formatted, " "+u.Label())
	if !found || u.Label() == "" {
		return formatted
	}
	return number + "\u00A0" + w.unit(u)
}

func (w *words) err() error {
	if len(w.missing) == 0 {
		return nil
	}
	slices.Sort(w.missing)
	return fmt.Errorf("no wording for %s", strings.Join(slices.Compact(w.missing), ", "))
}

// inline is "Español / English", for places with one line.
func (b both) inline() string {
	if b.local == b.english {
		return b.local
	}
	return b.local + " / " + b.english
}

// second is the English text, empty when it says nothing new.
func (b both) second() string {
	if b.local == b.english {
		return ""
	}
	return b.english
}

// in prints the statement in a style, English in grey below.
func (b both) in(style paper.Style) paper.Cell {
	cell := paper.Cell{{S: b.local, Style: style}}
	if b.second() != "" {
		cell = append(cell, paper.Text{S: b.english, Style: paper.Style{Size: paper.Small, Muted: true}})
	}
	return cell
}

var (
	small = paper.Style{Size: paper.Small}
	quiet = paper.Style{Size: paper.Small, Muted: true}
	bold  = paper.Style{Bold: true}
	mono  = paper.Style{Mono: true}
	code  = paper.Style{Size: paper.Small, Mono: true}
	faint = paper.Style{Size: paper.Small, Mono: true, Muted: true}
)
