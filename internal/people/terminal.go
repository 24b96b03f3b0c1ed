package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"

	"rexbatch/internal/ledger"
)

const terminalPrefix = "terminal/" // of streams and views

var (
	terminalIDs = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,23}$`)
	themes      = []string{"", "light", "dark"}
)

// The density of a screen, in pixels per 100 mm: a number on which a person measures a ruler.
const (
	minDensity = 150
	maxDensity = 2000
)

// Settings are what an administrator sets for a terminal.
type Settings struct {
	Name    string `json:"name"`
	Area    string `json:"area,omitempty"`    // id of the work area in which it stands; empty for none
	Lang    string `json:"lang"`              // of its pages while nobody is signed in
	Theme   string `json:"theme,omitempty"`   // "light", "dark" or empty for what the browser prefers (screens, rule 19)
	Density int    `json:"density,omitempty"` // pixels per 100 mm of its screen, so that targets have their size (screens, rule 3); 0 unknown
}

// Terminal is a workplace that the site knows (CS-67). Its ID is what stands as the terminal in entries.
type Terminal struct {
	ID string `json:"id"`
	Settings
	Registered bool   `json:"registered"` // a browser is this terminal now
	Number     uint64 `json:"number"`     // of registrations and revocations so far: a browser of an older number is no longer it
	Version    uint64 `json:"version"`    // of the stream
}

func (t Terminal) exists() bool { return t.Version > 0 }

// Terminal returns the terminal with that id; a Refusal of kind Missing, terminal-missing, when the site knows
// none, which is so for a browser that was never registered.
func (d *Directory) Terminal(ctx context.Context, id string) (Terminal, error) {
	t, err := d.loadTerminal(ctx, id)
	if err != nil {
		return Terminal{}, err
	}
	return t, t.known(id)
}

// Terminals returns every terminal of the site in order of id.
func (d *Directory) Terminals(ctx context.Context) ([]Terminal, error) {
	var all []Terminal
	for doc, err := range d.log.Views(ctx, terminalPrefix) {
		if err != nil {
			return nil, fmt.Errorf("list terminals: %w", err)
		}
		var t Terminal
		err = json.Unmarshal(doc.Data, &t)
		if err != nil {
			return nil, fmt.Errorf("read terminal view %s: %w", doc.Key, err)
		}
		all = append(all, t)
	}
	return all, nil
}

// loadTerminal folds the terminal from its view and what has been appended since.
func (d *Directory) loadTerminal(ctx context.Context, id string) (Terminal, error) {
	var t Terminal
	if !terminalIDs.MatchString(id) {
		return t, nil
	}
	doc, err := d.log.View(ctx, terminalPrefix+id)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return t, fmt.Errorf("read terminal %s: %w", id, err)
	}
	if err == nil {
		err = json.Unmarshal(doc, &t)
		if err != nil {
			return Terminal{}, fmt.Errorf("read terminal view %s: %w", id, err)
		}
	}
	err = t.foldEntries(d.log.Stream(ctx, terminalPrefix+id, t.Version))
	return t, err
}

func (t *Terminal) foldEntries(entries iter.Seq2[ledger.Entry, error]) error {
	for e, err := range entries {
		if err != nil {
			return fmt.Errorf("read terminal: %w", err)
		}
		if e.Version != t.Version+1 {
			return fmt.Errorf("terminal stream %s: version %d follows %d", e.Stream, e.Version, t.Version)
		}
		err = t.apply(e.Type, e.Data)
		if err != nil {
			return err
		}
	}
	return nil
}

// TerminalProjection derives the view document "terminal/<id>" of each terminal from its stream alone, for reindex
// and verify.
func TerminalProjection() ledger.Projection {
	return ledger.Projection{Prefix: terminalPrefix, Views: func(_ ledger.BlobReader, entries iter.Seq2[ledger.Entry, error]) (map[string][]byte, error) {
		var t Terminal
		err := t.foldEntries(entries)
		if err != nil || !t.exists() {
			return nil, err
		}
		doc, err := json.Marshal(t)
		if err != nil {
			return nil, fmt.Errorf("encode terminal %s: %w", t.ID, err)
		}
		return map[string][]byte{terminalPrefix + t.ID: doc}, nil
	}}
}

// checkSettings collects everything that stands against a terminal's settings.
func (d *Directory) checkSettings(id string, s Settings) error {
	var faults ledger.Refusals
	if !terminalIDs.MatchString(id) {
		faults = append(faults, ledger.Refuse(ledger.Invalid, "CS-67", "terminal-id",
			"{terminal} cannot be the id of a terminal.", "Use 2 to 24 capital letters, digits and hyphens, for example SVQ-07.", "terminal", printed(id)))
	}
	fault := func(part, why string) {
		if why != "" {
			faults = append(faults, ledger.Refuse(ledger.Invalid, "CS-67", "terminal-setting",
				"Not possible for a terminal: {part} ({why}).", "Look at the hint beside it, then correct it.", "part", part, "why", why))
		}
	}
	fault("name", d.lineFault(s.Name, maxName))
	if s.Area != "" {
		fault("area", d.lineFault(s.Area, maxTerminal))
	}
	if !slices.Contains(themes, s.Theme) {
		fault("theme", "it is neither light nor dark")
	}
	if s.Density != 0 && (s.Density < minDensity || s.Density > maxDensity) {
		fault("density", "no screen has so many pixels")
	}
	faults = append(faults, ledger.RefusalsOf(checkLang(s.Lang))...)
	return faults.Err()
}
