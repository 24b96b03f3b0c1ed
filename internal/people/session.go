package people

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
)

const (
	sessionPrefix = "session/"      // of secrets: written once, at sign-in
	seenPrefix    = "session-seen/" // of secrets: when the session was last active
	tokenBytes    = 32
	sweepMost     = 64 // expired sessions looked at, at each sign-in
	touchEvery    = time.Minute
)

// What opened a session.
const (
	ByPassword = "password"
	ByBadge    = "badge" // with its PIN, at a registered terminal
)

// Session is a person who is signed in at a terminal. It can only be had from a Directory: one made elsewhere
// authors and signs nothing.
type Session struct {
	Person
	ID       string // public; the same in the signed-in and signed-out entries (CS-39)
	Terminal string
	By       string // ByPassword or ByBadge
	Since    time.Time
	Ends     time.Time // however active the person is

	key string // of the secret: the hash of the token
}

// Author is the session's person as author of an entry in that role (I3). It refuses a role that the person does
// not have, and anybody who must first change an issued password (CS-35).
func (s Session) Author(role Role) (ledger.Author, error) {
	if s.key == "" {
		return ledger.Author{}, refuseSession()
	}
	err := s.mayAct(role)
	if err != nil {
		return ledger.Author{}, err
	}
	return ledger.Author{Account: s.Account, Role: string(role), Terminal: s.Terminal}, nil
}

// mayAct says why the person may not act in the role at all.
func (p Person) mayAct(role Role) error {
	if p.MustChange {
		return ledger.Refuse(ledger.Unmet, "CS-35", "password-must-change",
			"The password was issued by an administrator and must be changed first.", "Choose your own password, then repeat.")
	}
	if p.Disabled || p.Locked {
		return refuseSession()
	}
	if !p.Has(role) {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "role-not-held",
			"{name} does not have the role {role} at {site}.", "Ask somebody who has this role.",
			"name", p.Name, "role", string(role), "site", p.Site)
	}
	return nil
}

// stored is the secret of a session. It is never rewritten by a read, so a read that comes late cannot bring a
// session back that was signed out meanwhile: when it was last seen stands in a document of its own.
type stored struct {
	Account  string    `json:"account"`
	ID       string    `json:"id"`
	Terminal string    `json:"terminal"`
	Since    time.Time `json:"since"`
	Epoch    uint64    `json:"epoch"`

	By             string `json:"by,omitempty"` // ByBadge; empty for the password
	BadgeEpoch     uint64 `json:"badgeEpoch,omitempty"`
	TerminalNumber uint64 `json:"terminalNumber,omitempty"` // of the registration at which a badge opened it
}

func (s stored) secrets(key string, seen time.Time) (map[string][]byte, error) {
	doc, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode session: %w", err)
	}
	return map[string][]byte{sessionPrefix + key: doc, seenPrefix + key: encodeSeen(seen)}, nil
}

func encodeSeen(t time.Time) []byte { return []byte(t.UTC().Format(time.RFC3339Nano)) }

func (d *Directory) session(s stored, a account, key string) Session {
	by := s.By
	if by == "" {
		by = ByPassword
	}
	return Session{Person: d.person(a), ID: s.ID, Terminal: s.Terminal, By: by, Since: s.Since, Ends: s.Since.Add(d.longest(s.By)), key: key}
}

// longest is how long a session may last however active its person is.
func (d *Directory) longest(by string) time.Duration {
	if by == ByBadge {
		return min(d.opt.BadgeAbsolute, d.opt.Absolute)
	}
	return d.opt.Absolute
}

// newToken makes a token of 256 random bits, the key of its secret, and the public id of the session. The secret
// stands under the token's hash: who reads the store cannot use the sessions.
func (d *Directory) newToken() (token, key, id string, err error) {
	b, err := d.random(tokenBytes + 8)
	if err != nil {
		return "", "", "", err
	}
	token = base64.RawURLEncoding.EncodeToString(b[:tokenBytes])
	return token, keyOf(token), hex.EncodeToString(b[tokenBytes:]), nil
}

func keyOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Session returns the session that the token names and counts as activity, which is written at most once a
// minute. It ends 15 minutes after the last activity and 12 hours after the sign-in (CS-38), 8 hours when a badge
// opened it, when its person signs out, is locked or disabled, or changes the password elsewhere. Roles are as they are now.
func (d *Directory) Session(ctx context.Context, token string) (Session, error) {
	s, seen, err := d.resolve(ctx, keyOf(token))
	if err != nil {
		return Session{}, err
	}
	now := d.now()
	if now.Sub(seen) < min(touchEvery, d.opt.Idle/4) {
		return s, nil
	}
	_, err = d.log.Append(ctx, ledger.Append{
		Author: holder(s.Account, s.Terminal), Secrets: map[string][]byte{seenPrefix + s.key: encodeSeen(now)},
	})
	if err != nil {
		return Session{}, fmt.Errorf("note activity of session %s: %w", s.ID, err)
	}
	return s, nil
}

// Peek is Session without counting as activity: for pages that ask again by themselves, which must not keep a
// session alive at a terminal that its person has left (CS-38).
func (d *Directory) Peek(ctx context.Context, token string) (Session, error) {
	s, _, err := d.resolve(ctx, keyOf(token))
	return s, err
}

func (d *Directory) resolve(ctx context.Context, key string) (Session, time.Time, error) {
	kept, seen, err := d.stored(ctx, key)
	if err != nil {
		return Session{}, seen, err
	}
	if d.over(kept.Since, seen, d.now()) || d.now().Sub(kept.Since) > d.longest(kept.By) {
		return Session{}, seen, ledger.Refuse(ledger.Unauthorised, "CS-38", "session-expired",
			"The session has ended because nobody worked in it, or because it was long.", "Sign in again; nothing typed is lost.")
	}
	a, err := d.load(ctx, kept.Account)
	if err != nil {
		return Session{}, seen, err
	}
	if !a.exists() || a.Epoch != kept.Epoch || a.Disabled || a.Locked {
		return Session{}, seen, refuseSession()
	}
	err = d.stillByBadge(ctx, kept, a)
	if err != nil {
		return Session{}, seen, err
	}
	return d.session(kept, a, key), seen, nil
}

// stillByBadge refuses a session whose badge, PIN or terminal was taken back since a badge opened it (CS-80).
func (d *Directory) stillByBadge(ctx context.Context, s stored, a account) error {
	if s.By != ByBadge {
		return nil
	}
	t, err := d.loadTerminal(ctx, s.Terminal)
	if err != nil {
		return err
	}
	if s.BadgeEpoch != a.BadgeEpoch || !t.Registered || t.Number != s.TerminalNumber {
		return refuseSession()
	}
	return nil
}

func (d *Directory) stored(ctx context.Context, key string) (stored, time.Time, error) {
	var s stored
	var seen time.Time
	doc, err := d.log.Secret(ctx, sessionPrefix+key)
	if errors.Is(err, ledger.ErrNotFound) {
		return s, seen, refuseSession()
	}
	if err != nil {
		return s, seen, fmt.Errorf("read session: %w", err)
	}
	err = json.Unmarshal(doc, &s)
	if err != nil {
		return s, seen, fmt.Errorf("read session: %w", err)
	}
	doc, err = d.log.Secret(ctx, seenPrefix+key)
	if errors.Is(err, ledger.ErrNotFound) {
		return s, seen, refuseSession() // signed out between the two reads
	}
	if err != nil {
		return s, seen, fmt.Errorf("read activity of session: %w", err)
	}
	seen, err = time.Parse(time.RFC3339Nano, string(doc))
	if err != nil {
		return s, seen, fmt.Errorf("read activity of session: %w", err)
	}
	return s, seen, nil
}

// over says whether a session has ended. A clock that was set back must not lengthen one: a session from the
// future is over too.
func (d *Directory) over(since, seen, now time.Time) bool {
	const skew = time.Minute // between copies of the program
	return now.Sub(seen) > d.opt.Idle || now.Sub(since) > d.opt.Absolute || since.Sub(now) > skew || seen.Sub(now) > skew
}

// SignOut ends the session. A token that names none is no error: the outcome is what was wanted.
func (d *Directory) SignOut(ctx context.Context, token string) error {
	key := keyOf(token)
	_, err := ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		kept, _, err := d.stored(ctx, key)
		if err != nil {
			return ledger.Append{}, err
		}
		a, err := d.load(ctx, kept.Account)
		if err != nil {
			return ledger.Append{}, err
		}
		return d.addition(a, holder(kept.Account, kept.Terminal), ended(key),
			ledger.Draft{Type: TypeSignedOut, Data: signedOut{Session: kept.ID}})
	})
	if refused := ledger.RefusalsOf(err); len(refused) == 1 && refused[0].Code == codeNoSession {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

func ended(key string) map[string][]byte {
	return map[string][]byte{sessionPrefix + key: nil, seenPrefix + key: nil}
}

// sweep adds the destruction of expired sessions to secrets. It looks at a bounded number of those whose key
// begins like the new one: keys are random, so each part of the store has its turn.
func (d *Directory) sweep(ctx context.Context, key string, now time.Time, secrets map[string][]byte) error {
	looked := 0
	for doc, err := range d.log.Secrets(ctx, seenPrefix+key[:1]) {
		if err != nil {
			return fmt.Errorf("look for expired sessions: %w", err)
		}
		looked++
		if looked > sweepMost {
			return nil
		}
		seen, err := time.Parse(time.RFC3339Nano, string(doc.Data))
		if err != nil || d.over(seen, seen, now) {
			old := doc.Key[len(seenPrefix):]
			secrets[sessionPrefix+old], secrets[seenPrefix+old] = nil, nil
		}
	}
	return nil
}

const codeNoSession = "no-session"

func refuseSession() error {
	return ledger.Refuse(ledger.Unauthorised, "I3", codeNoSession, "Nobody is signed in here.", "Sign in.")
}
