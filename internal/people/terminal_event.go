package people

import (
	"encoding/json"
	"fmt"
)

// Entry types of a terminal's stream. No code and no token is ever part of one.
const (
	TypeTerminalDefined    = "terminal.defined"
	TypeTerminalChanged    = "terminal.changed"
	TypeTerminalCodeIssued = "terminal.code-issued"
	TypeTerminalRegistered = "terminal.registered" // a browser gave the code and is the terminal from now on
	TypeTerminalRevoked    = "terminal.revoked"    // no browser is the terminal any more
)

type terminalDefined struct {
	ID string `json:"id"`
	Settings
	ground
}

// terminalChanged says what was and what is (CS-42).
type terminalChanged struct {
	Before Settings `json:"before"`
	After  Settings `json:"after"`
	ground
}

type terminalCodeIssued struct {
	ground
}

// terminalRegistered names who issued the code: nobody is signed in at a browser that gives it.
type terminalRegistered struct {
	Number   uint64 `json:"number"`
	IssuedBy string `json:"issuedBy"`
}

type terminalRevoked struct {
	ground
}

// apply folds one entry. It is the only place where the state changes.
func (t *Terminal) apply(kind string, data json.RawMessage) error {
	var err error
	switch kind {
	case TypeTerminalDefined:
		var e terminalDefined
		err = json.Unmarshal(data, &e)
		t.ID, t.Settings = e.ID, e.Settings
	case TypeTerminalChanged:
		var e terminalChanged
		err = json.Unmarshal(data, &e)
		t.Settings = e.After
	case TypeTerminalCodeIssued:
	case TypeTerminalRegistered:
		t.Registered = true
		t.Number++
	case TypeTerminalRevoked:
		t.Registered = false
		t.Number++
	default:
		return fmt.Errorf("terminal %s: unknown entry type %q", t.ID, kind)
	}
	if err != nil {
		return fmt.Errorf("terminal %s: read %s: %w", t.ID, kind, err)
	}
	t.Version++
	return nil
}
