package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rexbatch/internal/ledger"
)

const (
	pinPrefix = "pin/" // of secrets
	minPIN    = 6
	maxPIN    = 10 // digits; fewer than a password has characters, so that no PIN can be a password
)

// SetPIN makes pin the one that goes with the person's badge, after the password. It unlocks, and ends the other
// sessions that a badge opened. A PIN never signs: Sign and SignAs take the password alone (CS-47).
func (d *Directory) SetPIN(ctx context.Context, s Session, password, pin string) error {
	live, _, err := d.resolve(ctx, s.key)
	if err != nil {
		return err
	}
	if live.MustChange {
		return live.mayAct("")
	}
	why := pinFault(pin)
	if why != "" {
		return ledger.Refuse(ledger.Invalid, "CS-35", "pin-weak",
			"This PIN is not accepted: {why}.", "Choose six to ten digits that nobody could guess.", "why", why)
	}
	try := attempt{username: live.Account, password: password, terminal: live.Terminal, at: "pin", session: live.ID, lane: desk}
	var fresh []byte
	err = d.prove(ctx, try, func(a account, _ credential) (ledger.Append, error) {
		kept, seen, err := d.stored(ctx, s.key) // signed out meanwhile: then it must not come back
		if err != nil {
			return ledger.Append{}, err
		}
		kept.BadgeEpoch = a.BadgeEpoch + 1
		secrets, err := kept.secrets(s.key, seen)
		if err != nil {
			return ledger.Append{}, err
		}
		if fresh == nil {
			fresh, err = d.newCredential(ctx, desk, pin, never)
			if err != nil {
				return ledger.Append{}, err
			}
		}
		secrets[pinPrefix+a.Username] = fresh
		return d.addition(a, holder(a.Username, live.Terminal), secrets,
			ledger.Draft{Type: TypePINSet, Data: pinSet{Session: live.ID}})
	})
	err = tellHolder(err)
	if err != nil {
		return fmt.Errorf("choose a PIN: %w", err)
	}
	return nil
}

// WithdrawPIN destroys the person's PIN and ends the sessions that a badge opened, until they choose another one
// (CS-80). Only an administrator may, for another person.
func (d *Directory) WithdrawPIN(ctx context.Context, by ledger.Author, username string, why Why) (Person, error) {
	username = fold(username)
	return d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if !a.PIN {
			return ledger.Draft{}, ledger.Refuse(ledger.Stale, "CS-80", "pin-not-chosen",
				"{name} has chosen no PIN.", "Look at the account again.", "name", a.Name)
		}
		return ledger.Draft{Type: TypePINWithdrawn, Data: pinWithdrawn{groundOf(why)}}, nil
	}, map[string][]byte{pinPrefix + username: nil})
}

// pinFault says why nobody may choose the PIN, or "".
func pinFault(pin string) string {
	if strings.Trim(pin, "0123456789") != "" {
		return "it has something else than digits"
	}
	if len(pin) < minPIN || len(pin) > maxPIN {
		return "it does not have six to ten digits"
	}
	if isRun(pin) {
		return "it is a row of the keyboard or the alphabet"
	}
	for n := 1; n <= len(pin)/2; n++ {
		if strings.HasPrefix(strings.Repeat(pin[:n], len(pin)), pin) {
			return "it repeats a few characters"
		}
	}
	return ""
}

// SignInByBadge opens a session for the holder of a scanned badge who gives their PIN, at the registered terminal
// that the token names and nowhere else (CS-34, CS-67). A wrong PIN is an entry; the fifth in a row locks the PIN,
// not the account. The session is marked: Session.By is ByBadge.
func (d *Directory) SignInByBadge(ctx context.Context, terminalToken, code, pin string) (Session, string, error) {
	token, key, id, err := d.newToken()
	if err != nil {
		return Session{}, "", err
	}
	var session Session
	err = d.provePIN(ctx, terminalToken, code, pin, func(at Terminal, a account, serial string) (ledger.Append, error) {
		now := d.now()
		kept := stored{
			Account: a.Username, ID: id, Terminal: at.ID, Since: now, Epoch: a.Epoch, By: ByBadge, BadgeEpoch: a.BadgeEpoch, TerminalNumber: at.Number,
		}
		secrets, err := kept.secrets(key, now)
		if err != nil {
			return ledger.Append{}, err
		}
		err = d.sweep(ctx, key, now, secrets)
		if err != nil {
			return ledger.Append{}, err
		}
		session = d.session(kept, a, key)
		return d.addition(a, holder(a.Username, at.ID), secrets,
			ledger.Draft{Type: TypeSignedIn, Data: signedIn{Session: id, By: ByBadge, Badge: serial}})
	})
	if err != nil {
		return Session{}, "", fmt.Errorf("sign in by badge: %w", err)
	}
	return session, token, nil
}

// provePIN checks the PIN of a badge's holder, as prove checks a password.
func (d *Directory) provePIN(
	ctx context.Context, terminalToken, code, pin string, then func(at Terminal, a account, serial string) (ledger.Append, error),
) error {
	var checked string // hash
	var right bool
	var refusal error
	_, err := ledger.Decide(context.WithoutCancel(ctx), d.log, func(recording context.Context) (ledger.Append, error) {
		refusal = nil
		at, err := d.TerminalOf(recording, terminalToken)
		if err != nil {
			return ledger.Append{}, err
		}
		a, known, err := d.bearer(recording, code)
		if err != nil {
			return ledger.Append{}, err
		}
		refusal = d.mayEnter(a, known)
		if refusal != nil {
			return d.misuse(recording, a, at.ID)
		}
		hash, err := d.pinHash(recording, a.Username)
		if err != nil {
			return ledger.Append{}, err
		}
		if checked != hash { // a conflict on the stream does not cost a second hash
			right, err = d.matches(ctx, desk, hash, pin)
			if err != nil {
				return ledger.Append{}, err
			}
			checked = hash
		}
		if !right {
			var wrong ledger.Append
			wrong, refusal, err = d.wrongPIN(a, at)
			return wrong, err
		}
		entry, err := then(at, a, known.Serial)
		if err != nil {
			return ledger.Append{}, err
		}
		// A terminal that is revoked at this moment opens nothing.
		entry.Streams = append(entry.Streams, ledger.StreamAppend{Stream: terminalPrefix + at.ID, Expected: at.Version})
		return entry, nil
	})
	if err != nil {
		return err
	}
	return refusal
}

// wrongPIN is the entry of a wrong PIN, and of the lock when it was one too many, with what the person is told.
func (d *Directory) wrongPIN(a account, at Terminal) (ledger.Append, error, error) {
	drafts := []ledger.Draft{{Type: TypePINFailed, Data: pinFailed{Badge: a.Badge}}}
	left := d.opt.Failures - a.PINFailures - 1
	refusal := error(ledger.Refuse(ledger.Unauthorised, "CS-34", "pin-wrong",
		"The PIN is wrong. {left} more and it is locked.", "Enter your own PIN again.", "left", fmt.Sprint(left)))
	if left <= 0 {
		drafts = append(drafts, ledger.Draft{Type: TypePINLocked, Data: pinLocked{Failures: a.PINFailures + 1}})
		refusal = refusePINLocked()
	}
	entry, err := d.addition(a, System(at.ID), nil, drafts...)
	return entry, refusal, err
}

func (d *Directory) pinHash(ctx context.Context, username string) (string, error) {
	var c credential
	doc, err := d.log.Secret(ctx, pinPrefix+username)
	if err == nil {
		err = json.Unmarshal(doc, &c)
	}
	if err != nil {
		return "", errors.New("read a PIN: it cannot be read, or it is damaged") // the cause would quote it
	}
	return c.Hash, nil
}
