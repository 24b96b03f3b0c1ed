package people

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
)

// IssuePass makes a pass for a person who holds the role, for one thing that is carried. Who holds custody or
// plans transports may issue it, for another person or themselves.
func (d *Directory) IssuePass(ctx context.Context, by ledger.Author, n NewPass) (Pass, PassSecrets, error) {
	n.Account = fold(n.Account)
	secrets, id, err := d.passSecrets()
	if err != nil {
		return Pass{}, PassSecrets{}, err
	}
	pin, err := d.newCredential(ctx, desk, secrets.PIN, never)
	if err != nil {
		return Pass{}, PassSecrets{}, err
	}
	var issued Pass
	_, err = ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		err := d.mayIssue(ctx, by, n)
		if err != nil {
			return ledger.Append{}, err
		}
		var a ledger.Append
		issued, a, err = Pass{}.addition(id, by, d.now(), ledger.Draft{Type: TypePassIssued, Data: passIssued{
			ID: id, Account: n.Account, Role: n.Role, Scope: n.Scope, Until: n.Until.UTC().Truncate(time.Second),
		}})
		a.Secrets = map[string][]byte{passLinkPrefix + keyOf(secrets.Token): []byte(id), passPINPrefix + id: pin}
		return a, err
	})
	if err != nil {
		return Pass{}, PassSecrets{}, fmt.Errorf("issue a pass: %w", err)
	}
	return issued, secrets, nil
}

func (d *Directory) passSecrets() (PassSecrets, string, error) {
	token, _, _, err := d.newToken()
	if err != nil {
		return PassSecrets{}, "", err
	}
	id, err := d.random(passIDBytes)
	if err != nil {
		return PassSecrets{}, "", err
	}
	for {
		pin, err := d.pin()
		if err != nil {
			return PassSecrets{}, "", err
		}
		if pinFault(pin) == "" {
			return PassSecrets{Token: token, PIN: pin}, codeEncoding.EncodeToString(id), nil
		}
	}
}

// pin draws digits without bias.
func (d *Directory) pin() (string, error) {
	pin := make([]byte, 0, pinDigits)
	for len(pin) < pinDigits {
		b, err := d.random(1)
		if err != nil {
			return "", err
		}
		if b[0] < 250 {
			pin = append(pin, '0'+b[0]%10)
		}
	}
	return string(pin), nil
}

func (d *Directory) mayIssue(ctx context.Context, by ledger.Author, n NewPass) error {
	for _, act := range []Permission{HoldCustody, Schedule, IssueKit} {
		held, err := d.holds(ctx, by, act)
		if err != nil {
			return err
		}
		if held {
			return d.checkPass(ctx, n)
		}
	}
	return ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-issue-pass",
		"The role {role} gives nobody a pass for a shipment.", "Ask logistics, or who holds the material.", "role", by.Role)
}

func (d *Directory) checkPass(ctx context.Context, n NewPass) error {
	a, err := d.load(ctx, n.Account)
	if err != nil {
		return err
	}
	if !a.exists() || a.Disabled || !d.person(a).Has(n.Role) || !n.Role.May(HoldCustody) {
		return ledger.Refuse(ledger.Invalid, "CS-66", "pass-person",
			"{account} does not hold custody as {role} at {site}.", "Name a person with that role; an administrator makes their account.",
			"account", printed(n.Account), "role", string(n.Role), "site", d.opt.Site)
	}
	now := d.now()
	if n.Scope == "" || len(n.Scope) > maxScope || !n.Until.After(now) || n.Until.After(now.Add(maxPassFor)) {
		return ledger.Refuse(ledger.Invalid, "CS-38", "pass-time",
			"A pass is for one shipment and lasts at most seven days.", "Choose an end between now and seven days from now.")
	}
	return nil
}

// ParsePhoneKey reads the public key of a phone (PKIX): P-256 and nothing else, when it is enrolled and whenever
// something signed is opened (TR-10).
func ParsePhoneKey(der []byte) (*ecdsa.PublicKey, error) {
	parsed, err := x509.ParsePKIXPublicKey(der)
	public, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok || public.Curve != elliptic.P256() {
		return nil, ledger.Refuse(ledger.Invalid, "TR-10", "phone-key", "The phone's key is not a P-256 public key.", "Open the link of the shipment again with the browser of the phone.")
	}
	return public, nil
}

// EnrolPhone takes the public key (PKIX, P-256) that a phone made, from whoever has the link and its PIN, and makes
// the phone one of the pass. The same key again is the same phone. A wrong PIN is an entry; the fifth in a row
// locks the pass.
func (d *Directory) EnrolPhone(ctx context.Context, token, pin string, key []byte) (Pass, Phone, error) {
	_, err := ParsePhoneKey(key)
	if err != nil {
		return Pass{}, Phone{}, err
	}
	var next Pass
	var refusal error
	var checked bool
	var right bool
	_, err = ledger.Decide(context.WithoutCancel(ctx), d.log, func(recording context.Context) (ledger.Append, error) {
		refusal = nil
		p, err := d.PassOfLink(recording, token)
		if err != nil {
			return ledger.Append{}, err
		}
		if !checked {
			right, err = d.passPIN(ctx, p.ID, pin)
			if err != nil {
				return ledger.Append{}, err
			}
			checked = true
		}
		var a ledger.Append
		next, a, refusal, err = d.enrol(p, key, right)
		return a, err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Pass{}, Phone{}, fmt.Errorf("enrol a phone: %w", err)
	}
	at := slices.IndexFunc(next.Phones, func(p Phone) bool { return bytes.Equal(p.Key, key) })
	return next, next.Phones[at], nil
}

func (d *Directory) enrol(p Pass, key []byte, right bool) (Pass, ledger.Append, error, error) {
	by := ledger.Author{Account: p.Account, Role: string(p.Role), Terminal: phonePrefix + p.ID}
	if !right {
		by = System(phonePrefix + p.ID)
		drafts := []ledger.Draft{{Type: TypePassFailed, Data: struct{}{}}}
		left := d.opt.Failures - p.Failures - 1
		refusal := error(ledger.Refuse(ledger.Unauthorised, "CS-34", "pass-pin-wrong",
			"The PIN is wrong. {left} more and the link is locked.", "Enter the PIN that came with the link.", "left", fmt.Sprint(left)))
		if left <= 0 {
			drafts = append(drafts, ledger.Draft{Type: TypePassLocked, Data: passLocked{Failures: p.Failures + 1}})
			locked := p
			locked.Locked = true
			refusal = locked.open(d.now())
		}
		next, a, err := p.addition(p.ID, by, d.now(), drafts...)
		return next, a, refusal, err
	}
	if slices.ContainsFunc(p.Phones, func(phone Phone) bool { return bytes.Equal(phone.Key, key) }) {
		return p, ledger.Append{}, nil, nil
	}
	if len(p.Phones) >= maxPhones {
		return p, ledger.Append{}, nil, ledger.Refuse(ledger.Forbidden, "CS-67", "phones-enough",
			"This link was opened on {count} phones already.", "Use one of them, or call the plant for another link.", "count", fmt.Sprint(maxPhones))
	}
	id := fmt.Sprintf("%s-%d", p.ID, len(p.Phones)+1)
	by.Terminal = phonePrefix + id
	next, a, err := p.addition(p.ID, by, d.now(), ledger.Draft{Type: TypePhoneEnrolled, Data: phoneEnrolled{Phone: id, Key: key}})
	return next, a, nil, err
}

func (d *Directory) passPIN(ctx context.Context, id, pin string) (bool, error) {
	var c credential
	doc, err := d.log.Secret(ctx, passPINPrefix+id)
	if err == nil {
		err = json.Unmarshal(doc, &c)
	}
	if err != nil {
		return false, errors.New("read the PIN of a pass: it cannot be read, or it is damaged") // the cause would quote it
	}
	return d.matches(ctx, door, c.Hash, pin)
}

// RevokePass ends a pass at once: no phone is enrolled with it, and what its phones deliver from now on is kept as
// evidence and moves no custody (CS-80). Whoever may issue one may end it, and its own person.
func (d *Directory) RevokePass(ctx context.Context, by ledger.Author, id string, why Why) (Pass, error) {
	err := why.check()
	if err != nil {
		return Pass{}, err
	}
	var next Pass
	_, err = ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		p, err := d.Pass(ctx, id)
		if err != nil {
			return ledger.Append{}, err
		}
		held := by.Account == p.Account
		for _, act := range []Permission{HoldCustody, Schedule, IssueKit, ManageAccounts} {
			may, err := d.holds(ctx, by, act)
			if err != nil {
				return ledger.Append{}, err
			}
			held = held || may
		}
		if !held {
			return ledger.Append{}, ledger.Refuse(ledger.Forbidden, "CS-66", "may-not-issue-pass",
				"The role {role} gives nobody a pass for a shipment.", "Ask logistics, or who holds the material.", "role", by.Role)
		}
		if p.Revoked {
			return ledger.Append{}, ledger.Refuse(ledger.Stale, "CS-80", "pass-ended", "This pass was withdrawn already.", "Look at the shipment again.")
		}
		var a ledger.Append
		next, a, err = p.addition(id, by, d.now(), ledger.Draft{Type: TypePassRevoked, Data: passRevoked{groundOf(why)}})
		return a, err
	})
	if err != nil {
		return Pass{}, fmt.Errorf("withdraw pass %s: %w", printed(id), err)
	}
	return next, nil
}

// addition is the Append that adds drafts to the pass's stream, with the view and the state that result.
func (p Pass) addition(id string, by ledger.Author, now time.Time, drafts ...ledger.Draft) (Pass, ledger.Append, error) {
	next := p
	next.Phones = slices.Clone(p.Phones)
	for _, draft := range drafts {
		e, err := ledger.Provisional(draft, by, now, next.Version+1)
		if err != nil {
			return p, ledger.Append{}, err
		}
		err = next.apply(e)
		if err != nil {
			return p, ledger.Append{}, err
		}
	}
	view, err := json.Marshal(next)
	if err != nil {
		return p, ledger.Append{}, fmt.Errorf("encode pass %s: %w", id, err)
	}
	return next, ledger.Append{
		Author:  by,
		Streams: []ledger.StreamAppend{{Stream: passPrefix + id, Expected: p.Version, Drafts: drafts}},
		Views:   map[string][]byte{passPrefix + id: view},
	}, nil
}
