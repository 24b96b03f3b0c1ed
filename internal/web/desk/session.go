package desk

import (
	"context"
	"net"
	"net/http"
	"strings"

	"rexbatch/internal/ledger"
)

// CookieName is the cookie of the pages. Its value is the same token that the API takes as "Authorization: Bearer".
const CookieName = "rexbatch_session"

// tokenMark stands between the site and the directory's token: accounts belong to one plant, and so do sessions.
const tokenMark = "."

// SignIn is what a person gives to open a session.
type SignIn struct {
	Site     string // may be empty where there is one plant
	Username string
	Password string
	Terminal string // the name of the shop-floor terminal; empty for a client that has none
	Token    string // of the registered terminal that the client is; empty where it is none (CS-67)
	Address  string // from which the request came
}

// SignIn opens a session and returns its token. Tries are limited for each account and each address.
func (d *Deps) SignIn(ctx context.Context, in SignIn) (*Desk, string, error) {
	plant, err := d.Plant(in.Site)
	if err != nil {
		return nil, "", err
	}
	err = d.addresses.Allow(in.Address)
	if err != nil {
		return nil, "", err
	}
	err = d.allow(plant, in.Username)
	if err != nil {
		return nil, "", err
	}
	if in.Terminal == "" {
		in.Terminal = "network " + in.Address
	}
	terminal, err := plant.terminalName(ctx, in)
	if err != nil {
		return nil, "", err
	}
	session, token, err := plant.People.SignIn(ctx, in.Username, in.Password, terminal)
	if err != nil {
		return nil, "", err
	}
	return &Desk{Plant: plant, Session: session, deps: d, token: token}, plant.Site() + tokenMark + token, nil
}

// terminalName is the name under which the session's entries will stand. A terminal of another plant is none here.
func (p *Plant) terminalName(ctx context.Context, in SignIn) (string, error) {
	site, token, _ := strings.Cut(in.Token, tokenMark)
	if site != p.Site() {
		token = ""
	}
	return p.People.TerminalName(ctx, token, in.Terminal)
}

// allow takes one try of a password of an account.
func (d *Deps) allow(p *Plant, username string) error {
	return d.accounts.Allow(p.Site() + "/" + strings.ToLower(strings.TrimSpace(username)))
}

// bearer is the token of an API client. A browser never sends it by itself, so such a request needs no protection
// against forged ones.
func bearer(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

// IsBearer tells whether a request carries its own token rather than a cookie.
func IsBearer(r *http.Request) bool {
	_, ok := bearer(r)
	return ok
}

// at finds who makes a request. passive requests do not count as activity (CS-38).
func (d *Deps) at(r *http.Request, passive bool) (*Desk, error) {
	token, ok := bearer(r)
	if !ok {
		cookie, err := r.Cookie(CookieName)
		if err != nil {
			return nil, nobody()
		}
		token = cookie.Value
	}
	site, token, ok := strings.Cut(token, tokenMark)
	if !ok {
		return nil, nobody()
	}
	plant, err := d.Plant(site)
	if err != nil || site == "" {
		return nil, nobody()
	}
	look := plant.People.Session
	if passive {
		look = plant.People.Peek
	}
	session, err := look(r.Context(), token)
	if err != nil {
		return nil, err
	}
	return &Desk{Plant: plant, Session: session, deps: d, token: token}, nil
}

func nobody() error {
	return ledger.Refuse(ledger.Unauthorised, "I3", "no-session", "nobody is signed in here", "sign in")
}

// Cookie is the session cookie for a token: unreadable for scripts, never sent from another site, and only over
// TLS, but for a browser on the server's own machine.
func Cookie(r *http.Request, token string) *http.Cookie {
	return &http.Cookie{
		Name: CookieName, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: Encrypted(r) || !loopback(r.Host),
	}
}

// NoCookie makes the browser forget the session.
func NoCookie(r *http.Request) *http.Cookie {
	c := Cookie(r, "")
	c.MaxAge = -1
	return c
}

// Encrypted tells whether the client's connection is TLS, here or at the proxy in front.
func Encrypted(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

func loopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	ip := net.ParseIP(name)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}
