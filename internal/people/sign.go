package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rexbatch/internal/ledger"
)

// never is the expiry of a password that its person chose.
var never time.Time

// Sign gives the electronic signature of the session's own person, in that role and with that meaning, over the
// digest of exactly what was shown. It is a full re-authentication with username and password each time: the
// session alone never signs (I8, CS-47, CS-76). A wrong password gives no signature, is an entry, and counts to
// the lock. Whoever must change an issued password, or has not accepted the statement of accountability (CS-69),
// does not sign. The time is the directory's clock.
func (d *Directory) Sign(
	ctx context.Context, s Session, password string, role Role, meaning Meaning, shown ledger.Digest,
) (Signed, error) {
	live, _, err := d.resolve(ctx, s.key)
	if err != nil {
		return Signed{}, err
	}
	err = d.maySign(live.Person, role, meaning, shown)
	if err != nil {
		return Signed{}, err
	}
	try := attempt{username: live.Account, password: password, terminal: live.Terminal, at: "signature", session: live.ID, lane: desk}
	signed, _, err := d.sign(ctx, try, role, meaning, shown)
	err = tellHolder(err)
	if err != nil {
		return Signed{}, fmt.Errorf("sign: %w", err)
	}
	return signed, nil
}

// SignAs is Sign for the second person, who gives username and password at the terminal where the first stays
// signed in (I7). It opens no session. A refusal for wrong credentials tells as little as SignIn's. It is for
// terminals at which somebody is signed in: its passwords are checked before those of sign-ins.
func (d *Directory) SignAs(
	ctx context.Context, terminal, username, password string, role Role, meaning Meaning, shown ledger.Digest,
) (Signed, Person, error) {
	err := checkTerminal(terminal)
	if err != nil {
		return Signed{}, Person{}, err
	}
	try := attempt{username: fold(username), password: password, terminal: terminal, at: "signature", lane: desk}
	signed, person, err := d.sign(ctx, try, role, meaning, shown)
	var denied *denial
	if errors.As(err, &denied) {
		return Signed{}, Person{}, refuseEntry()
	}
	if err != nil {
		return Signed{}, Person{}, fmt.Errorf("sign: %w", err)
	}
	return signed, person, nil
}

func (d *Directory) sign(ctx context.Context, try attempt, role Role, meaning Meaning, shown ledger.Digest) (Signed, Person, error) {
	var signer Person
	err := d.prove(ctx, try, func(a account, _ credential) (ledger.Append, error) {
		if a.Failures > 0 {
			signer = d.person(a)
			return d.addition(a, holder(a.Username, try.terminal), nil,
				ledger.Draft{Type: TypeReauthenticated, Data: reauthenticated{At: try.at}})
		}
		// Nothing is appended whose expected version would notice what happened while the password was being
		// checked: look once more.
		now, err := d.load(ctx, try.username)
		if err != nil {
			return ledger.Append{}, err
		}
		if now.Epoch != a.Epoch {
			return ledger.Append{}, refuseSession()
		}
		signer = d.person(now)
		return ledger.Append{}, errNothing
	})
	if err != nil {
		return Signed{}, Person{}, err
	}
	signer.Failures = 0
	err = d.maySign(signer, role, meaning, shown)
	if err != nil {
		return Signed{}, Person{}, err
	}
	at := d.now()
	return Signed{terminal: try.terminal, signature: Signature{
		Account: signer.Account, Name: signer.Name, Role: string(role), Meaning: string(meaning), Digest: shown,
		At: at, Offset: at.In(d.opt.Zone).Format("-07:00"), Zone: d.opt.Zone.String(),
	}}, signer, nil
}

// maySign says why the person may not give this signature, whatever the password.
func (d *Directory) maySign(p Person, role Role, meaning Meaning, shown ledger.Digest) error {
	err := p.mayAct(role)
	if err != nil {
		return err
	}
	_, err = ParseMeaning(string(meaning))
	if err != nil {
		return err
	}
	if !role.MaySign(meaning) {
		return ledger.Refuse(ledger.Forbidden, "CS-66", "meaning-not-allowed",
			"The role {role} does not sign as {meaning}.", "Ask somebody whose role does.",
			"role", string(role), "meaning", string(meaning))
	}
	if shown == (ledger.Digest{}) {
		return ledger.Refuse(ledger.Unmet, "I8", "nothing-shown", "Nothing was shown that could be signed.", "Open what is to be signed.")
	}
	if !p.Accepted {
		return ledger.Refuse(ledger.Unmet, "CS-69", "statement-not-accepted",
			"{name} has not yet accepted the statement of accountability for electronic signatures.",
			"Read and accept it, then sign.", "name", p.Name)
	}
	return nil
}
