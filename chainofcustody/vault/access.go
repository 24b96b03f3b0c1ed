package vault

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// hospitalOf is the hospital at which a person works, when the role in which they act may see identifiers there.
func (v *Vault) hospitalOf(ctx context.Context, by ledger.Author) (string, error) {
	if !people.Role(by.Role).May(people.SeeIdentity) {
		return "", ledger.Refuse(ledger.Forbidden, "I12", "identity-hidden", "the role {role} does not see who a patient is", "the hospital's staff knows; ask them with the subject number", "role", by.Role)
	}
	who, err := v.opt.Staff.Person(ctx, by.Account)
	if err != nil {
		return "", fmt.Errorf("hospital of %s: %w", by.Account, err)
	}
	return who.Hospital, nil
}

// admit holds a person against a patient: their own hospital's, and the investigator's alone once restricted.
func (v *Vault) admit(ctx context.Context, by ledger.Author, p *Patient) error {
	hospital, err := v.hospitalOf(ctx, by)
	if err != nil {
		return err
	}
	if hospital != p.Hospital {
		return ledger.Refuse(ledger.Forbidden, "I12", "other-hospital", "patient {subject} is not of your hospital", "the staff of the patient's own hospital knows", "subject", p.Subject)
	}
	if !p.DestroyedAt.IsZero() {
		return ledger.Refuse(ledger.Missing, "I12", "identity-destroyed", "the identifiers of {subject} were destroyed ({reason})", "nobody can bring them back", "subject", p.Subject, "reason", p.Destroyed)
	}
	if !p.RestrictedAt.IsZero() && people.Role(by.Role) != people.Investigator {
		return ledger.Refuse(ledger.Forbidden, "I12", "identity-restricted", "the treatment of {subject} was ended: only the investigator may look who it was", "ask the investigator", "subject", p.Subject)
	}
	return nil
}

// maxReason bounds a reason, in characters.
const maxReason = 500

// reasonOf checks a reason that a person gives: it stands in the record for ever, where no identifier may (I12).
func reasonOf(text string, about ...Identity) (string, error) {
	text = strings.TrimSpace(text)
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if n := utf8.RuneCountInString(text); n < 5 || n > maxReason || !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable) {
		return "", ledger.Refuse(ledger.Invalid, "I12", "reason-missing", "a reason of 5 to 500 characters is needed", "say why")
	}
	for _, id := range about {
		if id.tellsIn(text) {
			return "", ledger.Refuse(ledger.Invalid, "I12", "reason-tells", "the reason names the patient, and it would stand in the record for ever", "say why without name, birth date or hospital number")
		}
	}
	return text, nil
}

// Treats refuses a person who is not of the hospital of an enrolled patient: what is told of the patient is told to those who
// treat them, whatever they may see of who it is. Nobody is refused for a patient whom the vault does not know.
func (v *Vault) Treats(ctx context.Context, account, subject string) error {
	p, err := v.load(ctx, subject)
	if err != nil || p.Version == 0 {
		return err
	}
	who, err := v.opt.Staff.Person(ctx, account)
	if err != nil {
		return fmt.Errorf("hospital of %s: %w", account, err)
	}
	if who.Hospital != p.Hospital {
		return ledger.Refuse(ledger.Forbidden, "I12", "other-hospital", "patient {subject} is not of your hospital", "the staff of the patient's own hospital knows", "subject", subject)
	}
	return nil
}
