package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rexbatch/internal/ledger"
)

// NewAccount is what an administrator enters for a person whose identity was verified (CS-74).
type NewAccount struct {
	Username string // lower-case ASCII, 3 to 32; kept for life, never reused
	Name     string // full name as printed beside a signature
	Lang     string // of the pages: "es", "de", "en"
	Roles    []Role
	Hospital string // at which the person works, for those who treat: up to 32 visible ASCII characters; may be empty
	Why      Why    // the reason may be empty at creation: the account is the reason
}

// bootstrapUsername is the first administrator's.
const bootstrapUsername = "admin"

// Bootstrap makes the first administrator when the log has no account at all, and returns the username and the
// random one-time password, which is shown once on the server's console and does not expire: without it nobody
// could ever sign in. When there are accounts it does nothing and created is false. This account is nobody's name:
// it is there to make the named administrators' accounts, one of whom then disables it (CS-74).
func (d *Directory) Bootstrap(ctx context.Context) (username, oneTimePassword string, created bool, err error) {
	for _, err := range d.log.Streams(ctx, accountPrefix) {
		if err != nil {
			return "", "", false, fmt.Errorf("look for accounts: %w", err)
		}
		return "", "", false, nil
	}
	first := NewAccount{Username: bootstrapUsername, Name: "First administrator", Lang: "en", Roles: []Role{Admin},
		Why: Why{Reason: "first start on an empty log"}}
	_, oneTimePassword, err = d.create(ctx, System("server"), first, time.Time{})
	if refused := ledger.RefusalsOf(err); len(refused) == 1 && refused[0].Code == codeTaken {
		return "", "", false, nil // another copy of the program was first
	}
	if err != nil {
		return "", "", false, fmt.Errorf("bootstrap: %w", err)
	}
	return bootstrapUsername, oneTimePassword, true, nil
}

// Create makes an account and returns it with its random one-time password, which must be changed at the first
// sign-in (CS-35, CS-78). The username is claimed for ever (CS-74); roles that one person may not hold together
// are refused (CS-40). Only an administrator may, or the system.
func (d *Directory) Create(ctx context.Context, by ledger.Author, n NewAccount) (Person, string, error) {
	err := d.mayManage(ctx, by, "")
	if err != nil {
		return Person{}, "", err
	}
	return d.create(ctx, by, n, d.now().Add(d.opt.OneTimeFor))
}

func (d *Directory) create(ctx context.Context, by ledger.Author, n NewAccount, expires time.Time) (Person, string, error) {
	var faults ledger.Refusals
	for _, err := range []error{checkUsername(n.Username), d.checkName(n.Name), checkLang(n.Lang), checkHospital(n.Hospital), n.Why.checkOptional()} {
		faults = append(faults, ledger.RefusalsOf(err)...)
	}
	roles, err := checkRoles(n.Roles)
	faults = append(faults, ledger.RefusalsOf(err)...)
	if faults.Err() != nil {
		return Person{}, "", faults
	}
	password, secrets, err := d.issue(ctx, n.Username, expires)
	if err != nil {
		return Person{}, "", fmt.Errorf("create account %s: %w", n.Username, err)
	}
	claim := streamOf(n.Username)
	a, err := d.addition(account{Username: n.Username}, by, secrets, ledger.Draft{
		Type: TypeCreated, Takes: []string{claim},
		Data: created{Username: n.Username, Name: n.Name, Lang: n.Lang, Roles: roles, Hospital: n.Hospital, ground: groundOf(n.Why)},
	})
	if err != nil {
		return Person{}, "", err
	}
	_, err = d.log.Append(ctx, a)
	var conflict *ledger.ConflictError
	var taken *ledger.ClaimError
	if errors.As(err, &conflict) || errors.As(err, &taken) {
		return Person{}, "", ledger.Refuse(ledger.Invalid, "CS-74", codeTaken,
			"The username {username} is taken, perhaps by somebody who has left: usernames are never given again.",
			"Choose another username.", "username", n.Username)
	}
	if err != nil {
		return Person{}, "", fmt.Errorf("create account %s: %w", n.Username, err)
	}
	p, err := d.Person(ctx, n.Username)
	return p, password, err
}

const codeTaken = "username-taken"

// issue makes a one-time password and its secret.
func (d *Directory) issue(ctx context.Context, username string, expires time.Time) (string, map[string][]byte, error) {
	password, err := d.oneTimePassword()
	if err != nil {
		return "", nil, err
	}
	doc, err := d.newCredential(ctx, desk, password, expires)
	if err != nil {
		return "", nil, err
	}
	return password, map[string][]byte{credentialPrefix + username: doc}, nil
}

// SetRoles gives the person exactly these roles from now on, in sessions that are open too. The entry has who,
// whom, when, why, what was and what is (CS-16, CS-42).
func (d *Directory) SetRoles(ctx context.Context, by ledger.Author, username string, roles []Role, why Why) (Person, error) {
	roles, err := checkRoles(roles)
	if err != nil {
		return Person{}, err
	}
	return d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if slices.Equal(roles, a.Roles) {
			return ledger.Draft{}, unchanged(a, "has these roles already")
		}
		return ledger.Draft{Type: TypeRolesSet, Data: rolesSet{Before: a.Roles, Roles: roles, ground: groundOf(why)}}, nil
	}, nil)
}

// Disable ends every session of the account and lets nobody sign in to it (CS-16, CS-80). Badge and PIN are
// withdrawn. The username stays taken.
func (d *Directory) Disable(ctx context.Context, by ledger.Author, username string, why Why) (Person, error) {
	username = fold(username)
	return d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if a.Disabled {
			return ledger.Draft{}, unchanged(a, "is disabled already")
		}
		return ledger.Draft{Type: TypeDisabled, Data: disabled{groundOf(why)}}, nil
	}, map[string][]byte{pinPrefix + username: nil})
}

// Enable opens a disabled account again, for the same person (CS-74), with a new one-time password.
func (d *Directory) Enable(ctx context.Context, by ledger.Author, username string, why Why) (Person, string, error) {
	return d.reissue(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if !a.Disabled {
			return ledger.Draft{}, unchanged(a, "is not disabled")
		}
		return ledger.Draft{Type: TypeEnabled, Data: enabled{groundOf(why)}}, nil
	})
}

// ResetPassword issues a new one-time password to a person who has lost theirs and ends their sessions (CS-80).
// It does not unlock.
func (d *Directory) ResetPassword(ctx context.Context, by ledger.Author, username string, why Why) (Person, string, error) {
	return d.reissue(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if a.Disabled {
			return ledger.Draft{}, unchanged(a, "is disabled")
		}
		return ledger.Draft{Type: TypePasswordReset, Data: passwordReset{groundOf(why)}}, nil
	})
}

// Unlock opens an account that wrong passwords have locked, after the administrator has checked with its person
// (CS-37). Its password stays.
func (d *Directory) Unlock(ctx context.Context, by ledger.Author, username string, why Why) (Person, error) {
	username = fold(username)
	tried, err := d.misuseOf(ctx, username)
	if err != nil {
		return Person{}, err
	}
	return d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if !a.Locked {
			return ledger.Draft{}, unchanged(a, "is not locked")
		}
		return ledger.Draft{Type: TypeUnlocked, Data: unlocked{Tried: tried.Count, ground: groundOf(why)}}, nil
	}, map[string][]byte{misuseKey(username): nil})
}

func (d *Directory) reissue(
	ctx context.Context, by ledger.Author, username string, why Why, decide func(account) (ledger.Draft, error),
) (Person, string, error) {
	username = fold(username)
	err := d.mayManage(ctx, by, username) // before the work of a hash
	if err != nil {
		return Person{}, "", err
	}
	password, secrets, err := d.issue(ctx, username, d.now().Add(d.opt.OneTimeFor))
	if err != nil {
		return Person{}, "", fmt.Errorf("issue a password: %w", err)
	}
	p, err := d.manage(ctx, by, username, why, decide, secrets)
	if err != nil {
		return Person{}, "", err
	}
	return p, password, nil
}

// manage makes one administrator's act on another's account.
func (d *Directory) manage(
	ctx context.Context, by ledger.Author, username string, why Why,
	decide func(account) (ledger.Draft, error), secrets map[string][]byte,
) (Person, error) {
	username = fold(username)
	err := why.check()
	if err != nil {
		return Person{}, err
	}
	_, err = ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		err := d.mayManage(ctx, by, username)
		if err != nil {
			return ledger.Append{}, err
		}
		a, err := d.existing(ctx, username)
		if err != nil {
			return ledger.Append{}, err
		}
		draft, err := decide(a)
		if err != nil {
			return ledger.Append{}, err
		}
		return d.addition(a, by, secrets, draft)
	})
	if err != nil {
		return Person{}, fmt.Errorf("change account %s: %w", printed(username), err)
	}
	return d.Person(ctx, username)
}

// mayManage asks the record, not the caller, whether the author is an administrator now (CS-66), and lets nobody
// change their own access (CS-40).
func (d *Directory) mayManage(ctx context.Context, by ledger.Author, username string) error {
	held, err := d.holds(ctx, by, ManageAccounts)
	if err != nil {
		return err
	}
	if !held {
		return ledger.Refuse(ledger.Forbidden, "CS-40", "not-administrator",
			"Only an administrator manages accounts.", "Ask an administrator.")
	}
	if by.Account == username {
		return ledger.Refuse(ledger.Forbidden, "CS-40", "own-account",
			"Nobody changes their own access.", "Ask another administrator.")
	}
	return nil
}

func unchanged(a account, state string) error {
	return ledger.Refuse(ledger.Stale, "CS-16", "account-unchanged",
		"The account {username} {state}.", "Look at the account again.", "username", a.Username, "state", state)
}
