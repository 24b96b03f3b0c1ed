package document

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"rexbatch/internal/paper"
	"rexbatch/templates"
)

// languages are those with a wording file; English is always the first language of a certificate.
var languages = []string{"en", "es", "de"}

// catalogue is the fixed wording of one language, by key.
type catalogue map[string]string

// catalogues reads every wording file once. The files are compiled in, so an error is a broken build.
var catalogues = sync.OnceValues(func() (map[string]catalogue, error) {
	all := map[string]catalogue{}
	for _, language := range languages {
		raw, err := templates.Certificate.ReadFile("certificate/" + language + ".json")
		if err != nil {
			return nil, fmt.Errorf("certificate wording: %w", err)
		}
		c := catalogue{}
		err = json.Unmarshal(raw, &c)
		if err != nil {
			return nil, fmt.Errorf("certificate wording %s.json: %w", language, err)
		}
		all[language] = c
	}
	return all, nil
})

// words gives fixed wording in the two languages of one certificate. A missing key is kept as an error and
// stops the document: a certificate with a hole in its wording must not exist.
type words struct {
	english, local catalogue
	missing        []string
}

func newWords(language string) (*words, error) {
	all, err := catalogues()
	if err != nil {
		return nil, err
	}
	local, ok := all[language]
	if !ok || language == "en" {
		return nil, &ContentError{Field: "Language", Reason: fmt.Sprintf("%q is not a second language; use es or de", language)}
	}
	return &words{english: all["en"], local: local}, nil
}

// get is the wording of a key in both languages. Pairs are placeholders and their values: "page", "2".
func (w *words) get(key string, pairs ...string) Bilingual {
	b := Bilingual{w.english[key], w.local[key]}
	if b.English == "" || b.Local == "" {
		w.missing = append(w.missing, key)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		b.English = strings.ReplaceAll(b.English, "{"+pairs[i]+"}", pairs[i+1])
		b.Local = strings.ReplaceAll(b.Local, "{"+pairs[i]+"}", pairs[i+1])
	}
	return b
}

func (w *words) err() error {
	if len(w.missing) == 0 {
		return nil
	}
	return &ContentError{Field: "wording", Reason: "no text for " + strings.Join(w.missing, ", ")}
}

// inline is "English / Español", for places with one line.
func (b Bilingual) inline() string {
	if b.English == b.Local {
		return b.English
	}
	return b.English + " / " + b.Local
}

// label is a caption: English in black, the second language in grey below.
func (b Bilingual) label() paper.Cell {
	return paper.Cell{{S: b.English, Style: paper.Style{Size: paper.Small}}, {S: b.Local, Style: paper.Style{Size: paper.Small, Muted: true}}}
}

// value is a statement of the record: both languages in black, once when they are the same.
func (b Bilingual) value() paper.Cell {
	if b.English == b.Local {
		return paper.Cell{{S: b.English}}
	}
	return paper.Cell{{S: b.English}, {S: b.Local}}
}
