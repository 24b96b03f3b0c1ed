package people

import (
	"context"
	"fmt"

	"rexbatch/internal/ledger"
)

// Statement is the text of accountability that everybody accepts before the first signature; "" when the site
// asks for none (CS-69).
func (d *Directory) Statement() string { return d.opt.Statement }

// AcceptStatement records that the session's person accepts the statement now in force, with the password. The
// exact text is part of the entry. A new text has to be accepted anew (CS-69).
func (d *Directory) AcceptStatement(ctx context.Context, s Session, password string) error {
	live, _, err := d.resolve(ctx, s.key)
	if err != nil {
		return err
	}
	if d.digest == "" || live.Accepted {
		return ledger.Refuse(ledger.Stale, "CS-69", "statement-not-asked", "There is no statement to accept.", "Go on.")
	}
	if live.MustChange {
		return live.mayAct("")
	}
	try := attempt{username: live.Account, password: password, terminal: live.Terminal, at: "signature", session: live.ID, lane: desk}
	err = d.prove(ctx, try, func(a account, _ credential) (ledger.Append, error) {
		return d.addition(a, holder(a.Username, live.Terminal), nil,
			ledger.Draft{Type: TypeStatementAccepted, Data: statementAccepted{Digest: d.digest, Text: d.opt.Statement}})
	})
	err = tellHolder(err)
	if err != nil {
		return fmt.Errorf("accept statement: %w", err)
	}
	return nil
}

// SetLang changes the language of the person's own pages.
func (d *Directory) SetLang(ctx context.Context, s Session, lang string) error {
	err := checkLang(lang)
	if err != nil {
		return err
	}
	_, err = ledger.Decide(ctx, d.log, func(ctx context.Context) (ledger.Append, error) {
		live, _, err := d.resolve(ctx, s.key)
		if err != nil {
			return ledger.Append{}, err
		}
		a, err := d.load(ctx, live.Account)
		if err != nil {
			return ledger.Append{}, err
		}
		return d.addition(a, holder(a.Username, live.Terminal), nil,
			ledger.Draft{Type: TypeLanguageSet, Data: languageSet{Lang: lang}})
	})
	if err != nil {
		return fmt.Errorf("set language: %w", err)
	}
	return nil
}
