package label

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/internal/ledger"
)

// LeastPoints is the smallest text on a label. At 8 dots for each millimetre it has capitals of twelve dots, which is
// about what people read at arm's length.
const LeastPoints = 6

// Template is the approved layout of one sort of label. Lengths are millimetres, sizes are points.
type Template struct {
	ID      string   `yaml:"id"`
	Version int      `yaml:"version"`
	Kinds   []string `yaml:"kinds"`   // of container
	Product bool     `yaml:"product"` // the label of the product, not of the container's identity alone
	Blinded bool     `yaml:"blinded"`
	Size    struct {
		Width  float64 `yaml:"width"`
		Height float64 `yaml:"height"`
	} `yaml:"size"`
	Matrix place   `yaml:"matrix"`
	Linear place   `yaml:"linear"`
	Mark   mark    `yaml:"mark"`
	Blocks []Block `yaml:"blocks"`
	GS1    *inGS1  `yaml:"gs1"` // what differs where the codes are those of GS1; nil when such a label has no other codes
}

// inGS1 is the part of a layout that belongs to the codes of GS1: the label may be taller, because the linear code is wider, and the
// line of its elements stands beneath. A label that is too narrow has no linear code then: the Data Matrix says all of it.
type inGS1 struct {
	Height float64 `yaml:"height"`
	Linear *place  `yaml:"linear"`
	Text   struct {
		X      float64 `yaml:"x"`
		Y      float64 `yaml:"y"`
		Width  float64 `yaml:"width"`
		Height float64 `yaml:"height"`
		Size   float64 `yaml:"size"`
	} `yaml:"text"`
}

// in is the template for a coding: as it is, or with what GS1 changes.
func (t *Template) in(codes gs1.GTIN) (*Template, error) {
	switch {
	case codes.IsZero():
		return t, nil
	case t.GS1 == nil:
		return nil, ledger.Refuse(ledger.Unmet, "LB-1", "no-template", "there is no label template for {kind}", "ask QA to approve one", "kind", strings.Join(t.Kinds, ", "))
	}
	out, text := *t, t.GS1.Text
	out.Size.Height = t.GS1.Height
	out.Linear = place{}
	if t.GS1.Linear != nil {
		out.Linear = *t.GS1.Linear
	}
	out.Blocks = append(slices.Clip(t.Blocks), Block{X: text.X, Y: text.Y, Width: text.Width, Height: text.Height, Lines: []Line{{Identifier: elements, Size: text.Size}}})
	return &out, nil
}

// elements is the identifier by which a line is that of a code of GS1: no wording, the same in every language.
const elements = "elements"

type place struct {
	X      float64 `yaml:"x"`
	Y      float64 `yaml:"y"`
	Module float64 `yaml:"module"`
	Height float64 `yaml:"height"`
}

type mark struct {
	X    float64 `yaml:"x"`
	Y    float64 `yaml:"y"`
	Size float64 `yaml:"size"`
	Code float64 `yaml:"code"` // points of the short code beneath
}

// Block is a part of a label with lines one beneath the other.
type Block struct {
	X      float64 `yaml:"x"`
	Y      float64 `yaml:"y"`
	Width  float64 `yaml:"width"`
	Height float64 `yaml:"height"`
	Lines  []Line  `yaml:"lines"`
}

// Line is one text of a block: a wording, or an identifier with its boxed check character.
type Line struct {
	Say        string  `yaml:"say"`
	Identifier string  `yaml:"identifier"` // "coi" or "container"
	When       string  `yaml:"when"`       // only where this fact is there
	Size       float64 `yaml:"size"`
	Bold       bool    `yaml:"bold"`
	Mono       bool    `yaml:"mono"`
	White      bool    `yaml:"white"`     // white on black
	Blank      bool    `yaml:"blank"`     // room to write behind it
	Accompany  bool    `yaml:"accompany"` // may move to the accompanying document when there is no room
}

// Set are the templates and wordings by which labels are made.
type Set struct {
	templates    []*Template
	wordings     map[string]map[string]string
	destinations map[string]Destination
}

// Destination is a country in which the product is given: the language that its law asks for, and its clock (LB-2).
type Destination struct {
	Country  string // ISO 3166-1 alpha-2
	Language string
	Zone     *time.Location
	Abroad   bool // it is another country than that of the plant
}

// Destination is what is approved for a country; false where nothing is.
func (s *Set) Destination(country string) (Destination, bool) {
	d, ok := s.destinations[country]
	return d, ok
}

// destinationsFile is the only file of the folder that is no template.
const destinationsFile = "labels/destinations.yaml"

func (s *Set) readDestinations(text []byte) error {
	var countries map[string]struct {
		Language string `yaml:"language"`
		Zone     string `yaml:"zone"` // IANA
	}
	err := yaml.UnmarshalWithOptions(text, &countries, yaml.Strict())
	if err != nil {
		return err
	}
	s.destinations = map[string]Destination{}
	for country, d := range countries {
		zone, err := time.LoadLocation(d.Zone)
		if err != nil {
			return fmt.Errorf("%s: %w", country, err)
		}
		if len(country) != 2 || !slices.Contains(Languages, d.Language) {
			return fmt.Errorf("%q: labels are not made in the language %q", country, d.Language)
		}
		s.destinations[country] = Destination{Country: country, Language: d.Language, Zone: zone}
	}
	return nil
}

// Languages are those of the destinations (process, S35).
var Languages = []string{"cs", "de", "en", "es", "hu", "nl", "pl", "pt"}

// telling are the facts by which a label could tell the arm of a blinded trial (I11).
var telling = []string{"quantity", "strength", "prepared"}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// Load reads templates (*.yaml) and wordings (xx.json) from a folder named labels. Anything unknown in a file, and any
// template that could not be printed, is an error; a wording that is missing is not: it bars only the labels that need it.
func Load(files fs.FS) (*Set, error) {
	s := &Set{wordings: map[string]map[string]string{}}
	names, err := fs.Glob(files, "labels/*")
	if err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("labels: %w", err)
		}
		switch {
		case name == destinationsFile:
			err = s.readDestinations(text)
		case path.Ext(name) == ".json":
			wording := map[string]string{}
			err = json.Unmarshal(text, &wording)
			s.wordings[strings.TrimSuffix(path.Base(name), ".json")] = wording
		case path.Ext(name) == ".yaml":
			t := &Template{}
			err = yaml.UnmarshalWithOptions(text, t, yaml.Strict())
			if err == nil {
				err = t.check()
			}
			s.templates = append(s.templates, t)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return s, nil
}

func (t *Template) check() error {
	switch {
	case t.ID == "" || t.Version < 1 || len(t.Kinds) == 0 || len(t.Blocks) == 0:
		return fmt.Errorf("a template needs id, version, kinds and blocks")
	case t.Size.Width < 20 || t.Size.Height < 15 || t.Size.Width > 210 || t.Size.Height > 300:
		return fmt.Errorf("a label is between 20 x 15 and 210 x 300 mm")
	}
	if t.GS1 != nil && (t.GS1.Height < t.Size.Height || t.GS1.Text.Size < LeastPoints) {
		return fmt.Errorf("a label in the codes of GS1 is not lower than in others, and its line has %d points", LeastPoints)
	}
	for _, b := range t.Blocks {
		for _, l := range b.Lines {
			switch {
			case (l.Say == "") == (l.Identifier == ""):
				return fmt.Errorf("a line either says a wording or shows an identifier")
			case l.Identifier != "" && l.Identifier != "coi" && l.Identifier != "container":
				return fmt.Errorf("%q is no identifier of a label", l.Identifier)
			case l.Size < LeastPoints:
				return fmt.Errorf("%s%s has %g points, the least is %d", l.Say, l.Identifier, l.Size, LeastPoints)
			case t.Blinded && slices.Contains(telling, l.Say):
				return fmt.Errorf("%q would tell the arm on a blinded label (I11)", l.Say)
			}
		}
	}
	return nil
}

// Template finds the template of a label.
func (s *Set) Template(kind string, product, blinded bool) (*Template, error) {
	for _, t := range s.templates {
		if slices.Contains(t.Kinds, kind) && t.Product == product && (!product || t.Blinded == blinded) {
			return t, nil
		}
	}
	return nil, ledger.Refuse(ledger.Unmet, "LB-1", "no-template", "there is no label template for {kind}", "ask QA to approve one", "kind", kind)
}

// Templates are all templates, in order of their names.
func (s *Set) Templates() []*Template { return s.templates }

// Keys are the wordings that are known in a language.
func (s *Set) Keys(language string) []string {
	return slices.Sorted(maps.Keys(s.wordings[language]))
}

// wording is the approved text for a key, its facts filled in. A text that is missing in the language of the destination
// bars the print: there is no falling back on another language (LB-2).
func (s *Set) wording(language, key string, values map[string]string) (string, error) {
	text := s.wordings[language][key]
	if text == "" {
		return "", ledger.Refuse(ledger.Unmet, "LB-2", "no-wording", "the label wording {key} is missing in the language {language}", "choose another language of the destination, or ask QA to approve the wording", "key", key, "language", language)
	}
	var missing string
	filled := placeholder.ReplaceAllStringFunc(text, func(name string) string {
		value := values[name[1:len(name)-1]]
		if value == "" {
			missing = name[1 : len(name)-1]
		}
		return value
	})
	if missing != "" {
		return "", ledger.Refuse(ledger.Unmet, "LB-3", "no-fact", "the label cannot be printed without {fact}", "enter what is missing, then print", "fact", missing, "wording", key)
	}
	return filled, nil
}
