package people

import (
	"context"
	"encoding/json"
	"fmt"

	"rexbatch/internal/ledger"
)

// DefineTerminal makes a terminal known under its id, which stands in entries for ever. It needs the permission
// ConfigureSystem (CS-67).
func (d *Directory) DefineTerminal(ctx context.Context, by ledger.Author, id string, s Settings, why Why) (Terminal, error) {
	err := d.checkSettings(id, s)
	if err == nil {
		err = why.checkOptional()
	}
	if err != nil {
		return Terminal{}, err
	}
	return d.configure(ctx, by, id, func(t Terminal) (ledger.Draft, map[string][]byte, error) {
		if t.exists() {
			return ledger.Draft{}, nil, ledger.Refuse(ledger.Invalid, "CS-67", "terminal-taken",
				"There is a terminal {terminal} already.", "Choose another id, or change that terminal.", "terminal", id)
		}
		return ledger.Draft{Type: TypeTerminalDefined, Data: terminalDefined{ID: id, Settings: s, ground: groundOf(why)}}, nil, nil
	})
}

// ChangeTerminal sets a terminal's name, area, language, theme and density (CS-42).
func (d *Directory) ChangeTerminal(ctx context.Context, by ledger.Author, id string, s Settings, why Why) (Terminal, error) {
	err := d.checkSettings(id, s)
	if err == nil {
		err = why.check()
	}
	if err != nil {
		return Terminal{}, err
	}
	return d.configure(ctx, by, id, func(t Terminal) (ledger.Draft, map[string][]byte, error) {
		err := t.known(id)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		if t.Settings == s {
			return ledger.Draft{}, nil, ledger.Refuse(ledger.Stale, "CS-67", "terminal-unchanged",
				"The terminal {terminal} is set like this already.", "Look at the terminal again.", "terminal", id)
		}
		return ledger.Draft{Type: TypeTerminalChanged, Data: terminalChanged{Before: t.Settings, After: s, ground: groundOf(why)}}, nil, nil
	})
}

// IssueTerminalCode makes the code that turns the browser into which it is typed or scanned into the terminal,
// once, within an hour. An earlier code of the terminal is void.
func (d *Directory) IssueTerminalCode(ctx context.Context, by ledger.Author, id string, why Why) (string, error) {
	err := why.check()
	if err != nil {
		return "", err
	}
	code, err := d.newCode(terminalCode)
	if err != nil {
		return "", err
	}
	_, err = d.configure(ctx, by, id, func(t Terminal) (ledger.Draft, map[string][]byte, error) {
		err := t.known(id)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		secrets, err := d.forget(ctx, terminalCodePrefix, id)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		doc, err := json.Marshal(terminalSecret{Terminal: id, IssuedBy: by.Account, Expires: d.now().Add(terminalCodeFor)})
		if err != nil {
			return ledger.Draft{}, nil, fmt.Errorf("encode code: %w", err)
		}
		secrets[terminalCodePrefix+keyOf(code)] = doc
		return ledger.Draft{Type: TypeTerminalCodeIssued, Data: terminalCodeIssued{groundOf(why)}}, secrets, nil
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// RevokeTerminal ends a browser's being the terminal, at once, with the sessions that a badge opened there (CS-80).
func (d *Directory) RevokeTerminal(ctx context.Context, by ledger.Author, id string, why Why) (Terminal, error) {
	err := why.check()
	if err != nil {
		return Terminal{}, err
	}
	return d.configure(ctx, by, id, func(t Terminal) (ledger.Draft, map[string][]byte, error) {
		err := t.known(id)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		secrets, err := d.forget(ctx, terminalCodePrefix, id)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		tokens, err := d.forget(ctx, terminalTokenPrefix, id)
		if err != nil {
			return ledger.Draft{}, nil, err
		}
		if !t.Registered && len(secrets) == 0 {
			return ledger.Draft{}, nil, ledger.Refuse(ledger.Stale, "CS-67", "terminal-free",
				"No browser is the terminal {terminal} now.", "Look at the terminal again.", "terminal", id)
		}
		for key := range tokens {
			secrets[key] = nil
		}
		return ledger.Draft{Type: TypeTerminalRevoked, Data: terminalRevoked{groundOf(why)}}, secrets, nil
	})
}

// known is the refusal of an id that no terminal has.
func (t Terminal) known(id string) error {
	if t.exists() {
		return nil
	}
	return ledger.Refuse(ledger.Missing, "CS-67", "terminal-missing",
		"The site has no terminal {terminal}.", "Work at a registered terminal, or have this one registered.", "terminal", printed(id))
}

// configure makes one administrator's act on a terminal.
func (d *Directory) configure(
	ctx context.Context, by ledger.Author, id string, decide func(Terminal) (ledger.Draft, map[string][]byte, error),
) (Terminal, error) {
	var next Terminal
	_, err := ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		held, err := d.holds(ctx, by, ConfigureSystem)
		if err != nil {
			return ledger.Append{}, err
		}
		if !held {
			return ledger.Append{}, ledger.Refuse(ledger.Forbidden, "CS-67", "not-configurer",
				"Only an administrator sets up terminals.", "Ask an administrator.")
		}
		t, err := d.loadTerminal(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, secrets, err := decide(t)
		if err != nil {
			return ledger.Append{}, err
		}
		var a ledger.Append
		next, a, err = t.addition(id, by, secrets, draft)
		return a, err
	})
	if err != nil {
		return Terminal{}, fmt.Errorf("set up terminal %s: %w", printed(id), err)
	}
	return next, nil
}

// addition is the Append that adds a draft to the terminal's stream, with the view and the state that result.
func (t Terminal) addition(id string, by ledger.Author, secrets map[string][]byte, draft ledger.Draft) (Terminal, ledger.Append, error) {
	raw, err := json.Marshal(draft.Data)
	if err != nil {
		return t, ledger.Append{}, fmt.Errorf("encode %s: %w", draft.Type, err)
	}
	next := t
	err = next.apply(draft.Type, raw)
	if err != nil {
		return t, ledger.Append{}, err
	}
	view, err := json.Marshal(next)
	if err != nil {
		return t, ledger.Append{}, fmt.Errorf("encode terminal %s: %w", id, err)
	}
	return next, ledger.Append{
		Author:  by,
		Streams: []ledger.StreamAppend{{Stream: terminalPrefix + id, Expected: t.Version, Drafts: []ledger.Draft{draft}}},
		Views:   map[string][]byte{terminalPrefix + id: view},
		Secrets: secrets,
	}, nil
}
