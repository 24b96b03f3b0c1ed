package desk

import (
	"context"
	"net/http"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// TerminalCookie makes a browser a registered terminal of a plant. Its value is a secret (CS-67).
const TerminalCookie = "rexbatch_place"

// terminalYears is how long a browser stays a terminal: until an administrator revokes it.
const terminalYears = 10 * 365 * 24 * 60 * 60

// Place is the registered terminal from which a request comes.
type Place struct {
	Plant    *Plant
	Terminal people.Terminal

	token string // the directory's
}

// Token is what SignIn takes as the proof of being this terminal.
func (p *Place) Token() string { return p.Plant.Site() + tokenMark + p.token }

// Place finds the registered terminal of a request; nil where there is none, because the browser was never
// registered or is no longer.
func (d *Deps) Place(r *http.Request) (*Place, error) {
	cookie, err := r.Cookie(TerminalCookie)
	if err != nil {
		return nil, nil
	}
	p, err := d.PlaceOf(r.Context(), cookie.Value)
	if ledger.RefusalsOf(err) != nil {
		return nil, nil
	}
	return p, err
}

// PlaceOf finds the registered terminal that a token names; a Refusal where it names none.
func (d *Deps) PlaceOf(ctx context.Context, token string) (*Place, error) {
	site, token, ok := strings.Cut(token, tokenMark)
	plant, err := d.Plant(site)
	if !ok || site == "" || err != nil {
		plant, token = d.Plants[0], "" // no terminal's: the answer is the directory's
	}
	t, err := plant.People.TerminalOf(ctx, token)
	if err != nil {
		return nil, err
	}
	return &Place{Plant: plant, Terminal: t, token: token}, nil
}

// Register makes the sender a terminal by the code that an administrator issued at one of the plants, and returns
// the terminal's token. Tries are limited for each address.
func (d *Deps) Register(ctx context.Context, code, address string) (people.Terminal, string, error) {
	err := d.addresses.Allow(address)
	if err != nil {
		return people.Terminal{}, "", err
	}
	var refused error
	for _, plant := range d.Plants {
		t, token, err := plant.People.RegisterTerminal(ctx, code)
		if err == nil {
			return t, plant.Site() + tokenMark + token, nil
		}
		if ledger.RefusalsOf(err) == nil {
			return people.Terminal{}, "", err
		}
		refused = err
	}
	return people.Terminal{}, "", refused
}

// Identify tells whose badge was scanned at the terminal. It opens nothing (CS-34).
func (p *Place) Identify(ctx context.Context, badge string) (people.Person, error) {
	return p.Plant.People.Identify(ctx, p.token, badge)
}

// SignInByBadge opens a session with a badge and its PIN at a registered terminal, and returns its token.
func (d *Deps) SignInByBadge(ctx context.Context, p *Place, badge, pin, address string) (*Desk, string, error) {
	err := d.addresses.Allow(address)
	if err != nil {
		return nil, "", err
	}
	session, token, err := p.Plant.People.SignInByBadge(ctx, p.token, badge, pin)
	if err != nil {
		return nil, "", err
	}
	return &Desk{Plant: p.Plant, Session: session, deps: d, token: token}, p.Plant.Site() + tokenMark + token, nil
}

// Leave ends the session that a browser still has while another person signs in there (DI-1). It is no error when
// it has none.
func (d *Deps) Leave(r *http.Request) error {
	at, err := d.at(r, true)
	if ledger.RefusalsOf(err) != nil {
		return nil
	}
	if err != nil {
		return err
	}
	return at.SignOut(r.Context())
}

// TerminalCookieOf is the cookie for a terminal's token: unreadable for scripts, and only over TLS, but for a
// browser on the server's own machine.
func TerminalCookieOf(r *http.Request, token string) *http.Cookie {
	c := Cookie(r, token)
	c.Name, c.MaxAge = TerminalCookie, terminalYears
	return c
}
