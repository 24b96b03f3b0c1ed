package pages

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"rexbatch/internal/ledger"
	"rexbatch/internal/quantity"
	"rexbatch/templates"
)

// languages are those of the product; English is what a missing wording falls back to.
var languages = []string{"es", "de", "en"}

// catalogue is the wording of one language, by key.
type catalogue map[string]string

// catalogues reads every language file once. The files are compiled in, so an error is a broken build.
var catalogues = sync.OnceValues(func() (map[string]catalogue, error) {
	all := map[string]catalogue{}
	for _, lang := range languages {
		c, err := readCatalogue(lang)
		if err != nil {
			return nil, fmt.Errorf("page wording: %w", err)
		}
		all[lang] = c
	}
	return all, nil
})

// readCatalogue merges the files of a language, one for each part of the plant's work. A key stands in one of them.
func readCatalogue(lang string) (catalogue, error) {
	names, err := fs.Glob(templates.Lang, "lang/"+lang+"/*.json")
	if err != nil {
		return nil, err
	}
	c := catalogue{}
	for _, name := range names {
		raw, err := templates.Lang.ReadFile(name)
		if err != nil {
			return nil, err
		}
		part := catalogue{}
		err = json.Unmarshal(raw, &part)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, text := range part {
			if _, twice := c[key]; twice {
				return nil, fmt.Errorf("%s: %q stands in another file too", name, key)
			}
			c[key] = text
		}
	}
	return c, nil
}

// words speak to one person in their language.
type words struct {
	lang string
	own  catalogue
	en   catalogue
}

func wordsIn(all map[string]catalogue, lang string) words {
	own, ok := all[lang]
	if !ok {
		lang, own = "en", all["en"]
	}
	return words{lang: lang, own: own, en: all["en"]}
}

// T is the wording of a key with its placeholders {name} filled from name, value pairs. A key without wording
// shows itself, so that a hole is seen and not an empty button; a test keeps catalogues without holes.
func (w words) T(key string, pairs ...string) string {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	text, ok := w.numbered(key, args)
	if !ok {
		return key
	}
	return ledger.Fill(text, args)
}

// numbered is the wording of a key for the number {n}: of one thing it may have a wording of its own, KEY.one.
func (w words) numbered(key string, args map[string]string) (string, bool) {
	if args["n"] == "1" {
		text, ok := w.lookup(key + ".one")
		if ok {
			return text, true
		}
	}
	return w.lookup(key)
}

func (w words) lookup(key string) (string, bool) {
	text, ok := w.own[key]
	if !ok {
		text, ok = w.en[key]
	}
	return text, ok
}

// word is the wording of a code within a group, "role" and "qp"; the code itself where the group does not know it,
// because a newer recipe may bring codes that this program has not met.
func (w words) word(group, code string) string {
	text, ok := w.lookup(group + "." + code)
	if !ok {
		return code
	}
	return text
}

// unit is the printed form of a unit. Those that are words and not symbols are in the catalogue.
func (w words) unit(u quantity.Unit) string {
	text, ok := w.lookup("unit." + string(u))
	if ok {
		return text
	}
	return u.Label()
}

// in puts the unit in the person's language behind a number that was formatted with the unit's label.
func (w words) in(formatted string, u quantity.Unit) string {
	number, found := strings.CutSuffix(formatted, " "+u.Label())
	if !found || u.Label() == "" {
		return formatted
	}
	return number + "\u00a0" + w.unit(u)
}

// quantity is a value with its unit as the person reads it.
func (w words) quantity(q quantity.Quantity) string { return w.in(q.Format(w.lang), q.Unit()) }

// limit is a limit with its unit as the person reads it.
func (w words) limit(l quantity.Limit) string { return w.in(l.Format(w.lang), l.Unit()) }

// small begins a label within a sentence: "Gross mass" after a verb is "gross mass". German nouns and
// abbreviations stay as they are.
func (w words) small(label string) string {
	r := []rune(label)
	if w.lang == "de" || len(r) < 2 || strings.ToLower(string(r[1])) != string(r[1]) || r[1] == ' ' {
		return label
	}
	return strings.ToLower(string(r[0])) + string(r[1:])
}
