package people

import (
	"context"
	"slices"

	"rexbatch/internal/ledger"
)

// sessionsEnded ends every session of the account; password, badge and PIN stay.
type sessionsEnded struct{ ground }

func (sessionsEnded) apply(a *account) { a.Epoch++ }

// EndSessions signs the person out everywhere, such as when a terminal was left open and nobody can get to it (CS-80).
// The account stays as it is: the person can sign in again.
func (d *Directory) EndSessions(ctx context.Context, by ledger.Author, username string, why Why) (Person, error) {
	return d.manage(ctx, by, username, why, func(a account) (ledger.Draft, error) {
		if a.Disabled {
			return ledger.Draft{}, unchanged(a, "is disabled")
		}
		return ledger.Draft{Type: TypeSessionsEnded, Data: sessionsEnded{groundOf(why)}}, nil
	}, nil)
}

// Privileges are what a person with these roles may do, each once, in alphabetical order (CS-66, DI-3).
func Privileges(roles []Role) []Permission {
	var out []Permission
	for _, r := range roles {
		out = append(out, grants[r]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
