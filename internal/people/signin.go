package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
)

// attempt is one password given somewhere.
type attempt struct {
	username string
	password string
	terminal string
	at       string // "sign-in", "signature", "password-change"
	session  string // the public id of the session in which it was asked for, if any
	lane     lane
}

// denial is why a password did not open anything. SignIn never tells which; a person who is signed in may know.
type denial struct {
	closed bool // unknown, locked or disabled: no password would do
	left   int  // tries before the lock
}

func (*denial) Error() string { return "people: the password did not open the account" }

// errNothing is returned by a decision that has nothing to write.
var errNothing = errors.New("people: nothing to write")

// prove checks a password. If it is right, then decides what is written; it sees the account and the credential
// that were checked, and its Append expects that version, so that a lock, a change of the password or five wrong
// tries made meanwhile win. If it is wrong, the failure becomes an entry and, at the limit, the lock (CS-37).
func (d *Directory) prove(ctx context.Context, try attempt, then func(account, credential) (ledger.Append, error)) error {
	var verdict struct {
		known bool
		hash  string
		right bool
	}
	var denied *denial
	decide := func(recording context.Context) (ledger.Append, error) {
		denied = nil
		a, err := d.load(recording, try.username)
		if err != nil {
			return ledger.Append{}, err
		}
		if !a.exists() || a.Locked || a.Disabled {
			denied = &denial{closed: true}
			if !verdict.known {
				verdict.known = true
				err = d.burn(ctx, try.lane, try.password)
				if err != nil {
					return ledger.Append{}, err
				}
			}
			return d.misuse(recording, a, try.terminal)
		}
		c, err := d.credential(recording, try.username)
		if err != nil {
			return ledger.Append{}, err
		}
		if !verdict.known || verdict.hash != c.Hash { // a conflict on the stream does not cost a second hash
			verdict.right, err = d.matches(ctx, try.lane, c.Hash, try.password)
			if err != nil {
				return ledger.Append{}, err
			}
			verdict.known, verdict.hash = true, c.Hash
		}
		if !verdict.right {
			denied = &denial{left: d.opt.Failures - a.Failures - 1}
			denied.closed = denied.left <= 0
			return d.failure(a, try)
		}
		return then(a, c)
	}
	// Once a password has been checked its failure is recorded, whether or not the caller still waits.
	_, err := ledger.Decide(context.WithoutCancel(ctx), d.log, decide)
	if err != nil && !errors.Is(err, errNothing) {
		return err
	}
	if denied != nil {
		return denied
	}
	return nil
}

// failure is the entry of a wrong password, and of the lock when it was one too many. Nobody is authenticated, so
// the author is the system; the stream says whose account it is, the author's terminal where it happened (CS-81).
func (d *Directory) failure(a account, try attempt) (ledger.Append, error) {
	drafts := []ledger.Draft{{Type: TypeSignInFailed, Data: signInFailed{At: try.at, Session: try.session}}}
	if a.Failures+1 >= d.opt.Failures {
		drafts = append(drafts, ledger.Draft{Type: TypeLocked, Data: locked{Failures: a.Failures + 1}})
	}
	return d.addition(a, System(try.terminal), nil, drafts...)
}

// SignIn opens a session for the person with that username and password at that terminal, and returns the token
// that names it. Every refusal for wrong credentials is the same one, after the same work, so that an outsider
// learns neither which usernames exist nor which are locked. The password may be an issued one: then the
// session's person MustChange it before anything else (CS-35).
func (d *Directory) SignIn(ctx context.Context, username, password, terminal string) (Session, string, error) {
	err := checkTerminal(terminal)
	if err != nil {
		return Session{}, "", err
	}
	token, key, id, err := d.newToken()
	if err != nil {
		return Session{}, "", err
	}
	var session Session
	try := attempt{username: fold(username), password: password, terminal: terminal, at: "sign-in", lane: door}
	err = d.prove(ctx, try, func(a account, c credential) (ledger.Append, error) {
		now := d.now()
		if c.expired(now) {
			return ledger.Append{}, ledger.Refuse(ledger.Unauthorised, "CS-35", "one-time-expired",
				"This one-time password has expired.", "Ask an administrator for a new one.")
		}
		kept := stored{Account: a.Username, ID: id, Terminal: terminal, Since: now, Epoch: a.Epoch}
		secrets, err := kept.secrets(key, now)
		if err != nil {
			return ledger.Append{}, err
		}
		err = d.sweep(ctx, key, now, secrets)
		if err != nil {
			return ledger.Append{}, err
		}
		if costOf(c.Hash) != d.opt.Cost {
			secrets[credentialPrefix+a.Username], err = d.newCredential(ctx, door, password, c.Expires)
			if err != nil {
				return ledger.Append{}, err
			}
		}
		session = d.session(kept, a, key)
		return d.addition(a, holder(a.Username, terminal), secrets, ledger.Draft{Type: TypeSignedIn, Data: signedIn{Session: id}})
	})
	var denied *denial
	if errors.As(err, &denied) {
		return Session{}, "", refuseEntry()
	}
	if err != nil {
		return Session{}, "", fmt.Errorf("sign in: %w", err)
	}
	session.Failures = 0
	return session, token, nil
}

// refuseEntry is the one answer to wrong credentials from somebody who is not signed in.
func refuseEntry() error {
	return ledger.Refuse(ledger.Unauthorised, "CS-75", "credentials-wrong",
		"The username or the password is wrong, or the account is closed.",
		"Check both and try again. After too many wrong passwords an account stays locked until an administrator unlocks it.")
}

const misusePrefix = "misuse/" // of secrets

// Misuse counts the passwords tried on an account that is locked or disabled, or on usernames that do not exist
// (Account is empty then). They are not entries, lest an outsider fill the record; an administrator is shown them
// (CS-81). What was typed as an unknown username is not kept: it is often a password.
type Misuse struct {
	Account  string    `json:"account"`
	Count    int       `json:"count"`
	First    time.Time `json:"first"`
	Last     time.Time `json:"last"`
	Terminal string    `json:"terminal"` // of the last
}

func misuseKey(account string) string {
	if account == "" {
		return misusePrefix + "unknown"
	}
	return misusePrefix + accountPrefix + account
}

// misuse counts one more. Two at the same moment may count as one: it is an alarm, not a record.
func (d *Directory) misuse(ctx context.Context, a account, terminal string) (ledger.Append, error) {
	now := d.now()
	m, err := d.misuseOf(ctx, a.Username)
	if err != nil {
		return ledger.Append{}, err
	}
	if m.Count == 0 {
		m = Misuse{Account: a.Username, First: now}
	}
	m.Count, m.Last, m.Terminal = m.Count+1, now, terminal
	doc, err := json.Marshal(m)
	if err != nil {
		return ledger.Append{}, fmt.Errorf("encode misuse: %w", err)
	}
	return ledger.Append{Author: System(terminal), Secrets: map[string][]byte{misuseKey(a.Username): doc}}, nil
}

func (d *Directory) misuseOf(ctx context.Context, account string) (Misuse, error) {
	var m Misuse
	doc, err := d.log.Secret(ctx, misuseKey(account))
	if errors.Is(err, ledger.ErrNotFound) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(doc, &m)
	}
	if err != nil {
		return m, fmt.Errorf("read misuse: %w", err)
	}
	return m, nil
}

// Misuses lists what was tried on closed and unknown accounts since each was last unlocked (CS-81).
func (d *Directory) Misuses(ctx context.Context) ([]Misuse, error) {
	var all []Misuse
	for doc, err := range d.log.Secrets(ctx, misusePrefix) {
		if err != nil {
			return nil, fmt.Errorf("list misuse: %w", err)
		}
		var m Misuse
		err = json.Unmarshal(doc.Data, &m)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", doc.Key, err)
		}
		all = append(all, m)
	}
	return all, nil
}
