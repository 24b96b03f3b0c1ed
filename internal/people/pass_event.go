package people

import (
	"encoding/json"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
)

// Entry types of a pass's stream. No token and no PIN is ever part of one.
const (
	TypePassIssued    = "pass.issued"
	TypePhoneEnrolled = "pass.phone-enrolled"
	TypePassFailed    = "pass.pin-failed"
	TypePassLocked    = "pass.locked"
	TypePassRevoked   = "pass.revoked" // lost, stolen, or not needed any more
)

type passIssued struct {
	ID      string    `json:"id"`
	Account string    `json:"account"`
	Role    Role      `json:"role"`
	Scope   string    `json:"scope"`
	Until   time.Time `json:"until"`
}

type phoneEnrolled struct {
	Phone string `json:"phone"`
	Key   []byte `json:"key"`
}

type passLocked struct {
	Failures int `json:"failures"`
}

type passRevoked struct {
	ground
}

// apply folds one entry. It is the only place where the state changes.
func (p *Pass) apply(e ledger.Entry) error {
	if e.Version != p.Version+1 {
		return fmt.Errorf("pass stream %s: version %d follows %d", e.Stream, e.Version, p.Version)
	}
	var err error
	switch e.Type {
	case TypePassIssued:
		var d passIssued
		err = json.Unmarshal(e.Data, &d)
		p.ID, p.Account, p.Role, p.Scope, p.Until, p.IssuedBy = d.ID, d.Account, d.Role, d.Scope, d.Until, e.Author.Account
	case TypePhoneEnrolled:
		var d phoneEnrolled
		err = json.Unmarshal(e.Data, &d)
		p.Phones = append(p.Phones, Phone{ID: d.Phone, Key: d.Key})
		p.Failures = 0
	case TypePassFailed:
		p.Failures++
	case TypePassLocked:
		p.Locked = true
	case TypePassRevoked:
		p.Revoked = true
	default:
		return fmt.Errorf("pass %s: unknown entry type %q", p.ID, e.Type)
	}
	if err != nil {
		return fmt.Errorf("pass %s: read %s: %w", p.ID, e.Type, err)
	}
	p.Version++
	return nil
}
