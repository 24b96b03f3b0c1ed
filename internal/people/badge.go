package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"rexbatch/internal/ledger"
)

const (
	badgePrefix = "badge/" // of secrets, by the hash of the code; kept after withdrawal, so that a lost badge is known when it is used
	serialBytes = 5
)

// Badge is what is printed on a person's badge. Its Code identifies the person at a registered terminal and opens
// nothing without their PIN (CS-34). It is returned once, when the badge is issued.
type Badge struct {
	Code   string // as text and as Data Matrix
	Serial string // names the badge in entries, in letters that tell nothing
}

// badgeSecret is what stands under the hash of a badge's code.
type badgeSecret struct {
	Account string `json:"account"`
	Serial  string `json:"serial"`
}

// IssueBadge gives the person a new badge, which ends an earlier one and the sessions it opened. Only an
// administrator may, for another person.
func (d *Directory) IssueBadge(ctx context.Context, by ledger.Author, username string, why Why) (Person, Badge, error) {
	username = fold(username)
	code, err := d.newCode(badgeCode)
	if err != nil {
		return Person{}, Badge{}, err
	}
	serial, err := d.random(serialBytes)
	if err != nil {
		return Person{}, Badge{}, err
	}
	badge := Badge{Code: code, Serial: codeEncoding.EncodeToString(serial)}
	doc, err := json.Marshal(badgeSecret{Account: username, Serial: badge.Serial})
	if err != nil {
		return Person{}, Badge{}, fmt.Errorf("encode badge: %w", err)
	}
	p, err := d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if a.Disabled {
			return ledger.Draft{}, unchanged(a, "is disabled")
		}
		return ledger.Draft{Type: TypeBadgeIssued, Data: badgeIssued{Serial: badge.Serial, Replaces: a.Badge, ground: groundOf(why)}}, nil
	}, map[string][]byte{badgePrefix + keyOf(code): doc})
	if err != nil {
		return Person{}, Badge{}, err
	}
	return p, badge, nil
}

// WithdrawBadge makes the person's badge open nothing from now on, and ends the sessions it opened (CS-80).
func (d *Directory) WithdrawBadge(ctx context.Context, by ledger.Author, username string, why Why) (Person, error) {
	return d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if a.Badge == "" {
			return ledger.Draft{}, refuseBadgeNone(a)
		}
		return ledger.Draft{Type: TypeBadgeWithdrawn, Data: badgeWithdrawn{Serial: a.Badge, ground: groundOf(why)}}, nil
	}, nil)
}

// ReportBadgeLost is WithdrawBadge by the badge's own holder, who need not wait for an administrator (CS-80).
func (d *Directory) ReportBadgeLost(ctx context.Context, s Session) error {
	_, err := ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		live, _, err := d.resolve(ctx, s.key)
		if err != nil {
			return ledger.Append{}, err
		}
		a, err := d.load(ctx, live.Account)
		if err != nil {
			return ledger.Append{}, err
		}
		if a.Badge == "" {
			return ledger.Append{}, refuseBadgeNone(a)
		}
		return d.addition(a, holder(a.Username, live.Terminal), nil, ledger.Draft{
			Type: TypeBadgeWithdrawn, Data: badgeWithdrawn{Serial: a.Badge, ground: ground{Reason: "reported lost by its holder"}},
		})
	})
	if err != nil {
		return fmt.Errorf("report a badge lost: %w", err)
	}
	return nil
}

func refuseBadgeNone(a account) error {
	return ledger.Refuse(ledger.Stale, "CS-80", "badge-none", "{name} has no badge.", "Look at the account again.", "name", a.Name)
}

// Identify returns whose badge was scanned at the terminal that the token names. It opens nothing (CS-34). It
// refuses a badge, or a PIN, with which no session could be opened there.
func (d *Directory) Identify(ctx context.Context, terminalToken, code string) (Person, error) {
	_, err := d.TerminalOf(ctx, terminalToken)
	if err != nil {
		return Person{}, err
	}
	a, known, err := d.bearer(ctx, code)
	if err != nil {
		return Person{}, err
	}
	err = d.mayEnter(a, known)
	if err != nil {
		return Person{}, err
	}
	return d.person(a), nil
}

// bearer finds the account for which a badge was issued.
func (d *Directory) bearer(ctx context.Context, code string) (account, badgeSecret, error) {
	var known badgeSecret
	code, err := badgeCode.parse(code)
	if err != nil {
		return account{}, known, err
	}
	doc, err := d.log.Secret(ctx, badgePrefix+keyOf(code))
	if errors.Is(err, ledger.ErrNotFound) {
		return account{}, known, ledger.Refuse(ledger.Unauthorised, "CS-34", "badge-unknown",
			"This badge was not issued at {site}.", "Sign in with username and password, and have a badge issued.", "site", d.opt.Site)
	}
	if err == nil {
		err = json.Unmarshal(doc, &known)
	}
	if err != nil {
		return account{}, known, errors.New("read a badge: it cannot be read, or it is damaged") // the cause would quote it
	}
	a, err := d.load(ctx, known.Account)
	return a, known, err
}

// mayEnter says why no PIN would open a session with the badge. Whoever holds a badge may know: nobody guesses one.
func (d *Directory) mayEnter(a account, known badgeSecret) error {
	switch {
	case !a.exists() || a.Badge != known.Serial:
		return ledger.Refuse(ledger.Unauthorised, "CS-80", "badge-withdrawn",
			"This badge is withdrawn. That it was used is noted.", "Give it back to an administrator. Sign in with username and password.")
	case a.Disabled || a.Locked || a.MustChange:
		return ledger.Refuse(ledger.Unauthorised, "CS-37", "badge-closed",
			"The account of this badge is closed at the moment.", "Sign in with username and password, or ask an administrator.")
	case !a.PIN:
		return ledger.Refuse(ledger.Unauthorised, "CS-34", "pin-none",
			"No PIN was chosen for this badge yet.", "Sign in with username and password, then choose a PIN on the page of your account.")
	case a.PINLocked:
		return refusePINLocked()
	}
	return nil
}

func refusePINLocked() error {
	return ledger.Refuse(ledger.Unauthorised, "CS-37", "pin-locked",
		"The PIN is locked: it was wrong too often. The account is not.", "Sign in with username and password, then choose a new PIN on the page of your account.")
}
