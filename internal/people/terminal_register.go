package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rexbatch/internal/ledger"
)

const (
	terminalCodePrefix  = "terminal-code/"  // of secrets, by the hash of the code
	terminalTokenPrefix = "terminal-token/" // of secrets, by the hash of the token
	terminalCodeFor     = time.Hour
)

// terminalSecret is what stands under the hash of a code or a token.
type terminalSecret struct {
	Terminal string    `json:"terminal"`
	IssuedBy string    `json:"issuedBy,omitempty"` // of a code
	Expires  time.Time `json:"expires,omitzero"`   // of a code
	Number   uint64    `json:"number,omitempty"`   // of a token: the registration that made it
}

// RegisterTerminal takes a code that an administrator issued and returns the terminal and the token that makes the
// caller's browser this terminal from now on. The code is used up. A browser that was the terminal before is it no
// longer.
func (d *Directory) RegisterTerminal(ctx context.Context, code string) (Terminal, string, error) {
	code, err := terminalCode.parse(code)
	if err != nil {
		return Terminal{}, "", err
	}
	token, key, _, err := d.newToken()
	if err != nil {
		return Terminal{}, "", err
	}
	var next Terminal
	_, err = ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		issued, err := d.issuedCode(ctx, code)
		if err != nil {
			return ledger.Append{}, err
		}
		t, err := d.loadTerminal(ctx, issued.Terminal)
		if err != nil {
			return ledger.Append{}, err
		}
		// Looked at once more: whoever used the code before the terminal was read has used it up, and whoever uses it
		// from now on moves the terminal on, which is a conflict.
		_, err = d.issuedCode(ctx, code)
		if err != nil {
			return ledger.Append{}, err
		}
		secrets, err := d.forget(ctx, terminalTokenPrefix, t.ID)
		if err != nil {
			return ledger.Append{}, err
		}
		doc, err := json.Marshal(terminalSecret{Terminal: t.ID, Number: t.Number + 1})
		if err != nil {
			return ledger.Append{}, fmt.Errorf("encode token: %w", err)
		}
		secrets[terminalCodePrefix+keyOf(code)] = nil
		secrets[terminalTokenPrefix+key] = doc
		var a ledger.Append
		next, a, err = t.addition(t.ID, System(t.ID), secrets,
			ledger.Draft{Type: TypeTerminalRegistered, Data: terminalRegistered{Number: t.Number + 1, IssuedBy: issued.IssuedBy}})
		return a, err
	})
	if err != nil {
		return Terminal{}, "", fmt.Errorf("register a terminal: %w", err)
	}
	return next, token, nil
}

// issuedCode is what stands under a code that is valid now.
func (d *Directory) issuedCode(ctx context.Context, code string) (terminalSecret, error) {
	issued, err := d.terminalSecret(ctx, terminalCodePrefix+keyOf(code))
	if errors.Is(err, ledger.ErrNotFound) || err == nil && d.now().After(issued.Expires) {
		return issued, ledger.Refuse(ledger.Unauthorised, "CS-67", "terminal-code",
			"This code is not valid: it was used, it is older than an hour, or a newer one was issued.", "Ask an administrator for a new code.")
	}
	return issued, err
}

// TerminalOf returns the terminal that a token names; a Refusal, terminal-unregistered, when the token is not, or
// no longer, one of this site (CS-67).
func (d *Directory) TerminalOf(ctx context.Context, token string) (Terminal, error) {
	kept, err := d.terminalSecret(ctx, terminalTokenPrefix+keyOf(token))
	if errors.Is(err, ledger.ErrNotFound) {
		return Terminal{}, refuseTerminal()
	}
	if err != nil {
		return Terminal{}, err
	}
	t, err := d.loadTerminal(ctx, kept.Terminal)
	if err != nil {
		return Terminal{}, err
	}
	if !t.Registered || t.Number != kept.Number {
		return Terminal{}, refuseTerminal()
	}
	return t, nil
}

// TerminalName is what stands as the terminal of a session that a password opens: the id of the terminal whose token
// is given, otherwise the name that the client claims. Nobody may claim the id of a terminal without being it
// (CS-67): it would stand in entries.
func (d *Directory) TerminalName(ctx context.Context, token, claimed string) (string, error) {
	if token != "" {
		t, err := d.TerminalOf(ctx, token)
		if err == nil {
			return t.ID, nil
		}
		if ledger.RefusalsOf(err) == nil {
			return "", err
		}
	}
	t, err := d.loadTerminal(ctx, strings.ToUpper(strings.TrimSpace(claimed)))
	if err != nil {
		return "", err
	}
	if t.exists() {
		return "", ledger.Refuse(ledger.Forbidden, "CS-67", "terminal-claimed",
			"This is not the registered terminal {terminal}.", "Sign in at that terminal, or give another name.", "terminal", t.ID)
	}
	return claimed, nil
}

func refuseTerminal() error {
	return ledger.Refuse(ledger.Forbidden, "CS-67", "terminal-unregistered",
		"This browser is not a registered terminal.", "Sign in with username and password, or have the terminal registered.")
}

func (d *Directory) terminalSecret(ctx context.Context, key string) (terminalSecret, error) {
	var s terminalSecret
	doc, err := d.log.Secret(ctx, key)
	if err != nil {
		return s, fmt.Errorf("read the secret of a terminal: %w", err)
	}
	err = json.Unmarshal(doc, &s)
	if err != nil {
		return s, errors.New("read the secret of a terminal: it is damaged") // the cause would quote it
	}
	return s, nil
}

// forget destroys the secrets under prefix that speak of the terminal. A site has tens of terminals.
func (d *Directory) forget(ctx context.Context, prefix, id string) (map[string][]byte, error) {
	secrets := map[string][]byte{}
	for doc, err := range d.log.Secrets(ctx, prefix) {
		if err != nil {
			return nil, fmt.Errorf("look for secrets of terminals: %w", err)
		}
		var s terminalSecret
		err = json.Unmarshal(doc.Data, &s)
		if err != nil || s.Terminal == id {
			secrets[doc.Key] = nil
		}
	}
	return secrets, nil
}
