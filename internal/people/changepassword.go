package people

import (
	"context"
	"errors"
	"fmt"

	"rexbatch/internal/ledger"
)

// ChangePassword replaces the password of the session's own person, who gives the old one again. It ends every
// other session of the account; this one stays. A wrong old password counts towards the lock. The new one has at
// least twelve characters, is not the old one, not the username or the name, and not commonly used (CS-35).
func (d *Directory) ChangePassword(ctx context.Context, token, old, replacement string) error {
	key := keyOf(token)
	s, _, err := d.resolve(ctx, key)
	if err != nil {
		return err
	}
	err = checkPassword(replacement, account{Username: s.Account, Name: s.Name})
	if err != nil {
		return err
	}
	if old == replacement {
		return ledger.Refuse(ledger.Invalid, "CS-35", "password-same",
			"The new password is the old one.", "Choose another one.")
	}
	try := attempt{username: s.Account, password: old, terminal: s.Terminal, at: "password-change", session: s.ID, lane: desk}
	var fresh []byte
	err = d.prove(ctx, try, func(a account, _ credential) (ledger.Append, error) {
		kept, seen, err := d.stored(ctx, key) // signed out meanwhile: then it must not come back
		if err != nil {
			return ledger.Append{}, err
		}
		if fresh == nil {
			fresh, err = d.newCredential(ctx, desk, replacement, never)
			if err != nil {
				return ledger.Append{}, err
			}
		}
		kept.Epoch = a.Epoch + 1
		secrets, err := kept.secrets(key, seen)
		if err != nil {
			return ledger.Append{}, err
		}
		secrets[credentialPrefix+a.Username] = fresh
		return d.addition(a, holder(a.Username, s.Terminal), secrets,
			ledger.Draft{Type: TypePasswordChanged, Data: passwordChanged{Session: s.ID}})
	})
	err = tellHolder(err)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	return nil
}

// tellHolder turns a denial into what a person who is signed in may know.
func tellHolder(err error) error {
	var denied *denial
	if !errors.As(err, &denied) {
		return err
	}
	if denied.closed {
		return ledger.Refuse(ledger.Unauthorised, "CS-37", "account-locked",
			"This account is locked: too many wrong passwords.", "An administrator can unlock it, after checking with you.")
	}
	return ledger.Refuse(ledger.Unauthorised, "CS-47", "password-wrong",
		"The password is wrong. {left} more and the account is locked.", "Enter your own password again.",
		"left", fmt.Sprint(denied.left))
}
