// Package desk is what the JSON API and the HTML pages share: who is at the desk (person, plant, acting role), the
// one table of routes with the permission that each needs, and the one table of refusals and their HTTP answers.
//
// It turns a request into a person and an author; it decides nothing about a record. A route that is not in the
// table cannot be served, and a request whose person lacks the table's permission never reaches its handler
// (CS-40, CS-66).
package desk

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"rexbatch/batch"
	"rexbatch/chainofcustody"
	"rexbatch/chainofcustody/phone"
	"rexbatch/chainofcustody/vault"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/web/prints"
	"rexbatch/release"
)

// Plant is one manufacturing site as the server serves it.
type Plant struct {
	Profile  *release.Plant
	Log      ledger.Log
	People   *people.Directory
	Custody  *chainofcustody.Book
	Batches  *batch.Book
	Release  *release.Book
	Printers Printers     // nil: labels go to no printer on the network
	Spool    prints.Spool // prints beside the pages that ask for it
	Board    prints.Board // what the printers said last

	phoning sync.Once // the book of phones lives as long as the plant: what it folded is kept
	phones  *phone.Book
}

// Site is the plant's identifier, e.g. "ES-SVQ".
func (p *Plant) Site() string { return p.Profile.Site }

// LabelsKey is the key under which the Spool prints the labels of a step.
func (p *Plant) LabelsKey(batch, step string) string { return batch + "/" + step }

// Vault is the plant's patient vault; a refusal where the server runs without.
func (p *Plant) Vault() (*vault.Vault, error) {
	if p.Custody.Vault == nil {
		return nil, ledger.Refuse(ledger.Unmet, "I12", "no-vault", "this server runs without the patient vault", "the administrator starts it with the vault's key")
	}
	return p.Custody.Vault, nil
}

// Deps is what handlers work with. It is safe for concurrent use.
type Deps struct {
	Plants  []*Plant
	Demo    bool
	Version string
	Logger  *slog.Logger
	Clock   func() time.Time

	// ErrorPage answers a failed request of a browser. The API answers problems as JSON; where this is nil the
	// rest of the server does too.
	ErrorPage func(c echo.Context, p *Problem) error

	accounts, addresses *people.Limiter
	prints              *prints.Shop
}

// What may be tried at a sign-in before a wait. The lock of an account after wrong passwords (CS-37) does not
// depend on these; they keep one sender from occupying the password hashes of everybody.
const (
	accountBurst = 10
	accountEvery = 10 * time.Second
	addressBurst = 300 // a whole plant may come from one address
	addressEvery = time.Second
	limiterKeys  = 10_000
)

// NewDeps checks the plants and makes the limits. Logger and Clock have usable zero values.
func NewDeps(d Deps) (*Deps, error) {
	if len(d.Plants) == 0 {
		return nil, errors.New("web: no plant to serve")
	}
	for _, p := range d.Plants {
		if p == nil || p.Profile == nil || p.Log == nil || p.People == nil || p.Custody == nil || p.Batches == nil || p.Release == nil {
			return nil, errors.New("web: a plant is not complete")
		}
	}
	if d.Logger == nil {
		d.Logger = slog.Default()
	}
	for _, p := range d.Plants {
		if p.Spool.Logger == nil {
			p.Spool.Logger = d.Logger.With("plant", p.Site())
		}
	}
	if d.Clock == nil {
		d.Clock = time.Now
	}
	d.accounts = people.NewLimiter(accountEvery, accountBurst, limiterKeys, d.Clock)
	d.addresses = people.NewLimiter(addressEvery, addressBurst, limiterKeys, d.Clock)
	d.prints = prints.New(d.Clock)
	return &d, nil
}

// Plant finds a plant by its site. An empty site means the only plant there is.
func (d *Deps) Plant(site string) (*Plant, error) {
	if site == "" && len(d.Plants) == 1 {
		return d.Plants[0], nil
	}
	var sites []string
	for _, p := range d.Plants {
		if p.Site() == site {
			return p, nil
		}
		sites = append(sites, p.Site())
	}
	return nil, ledger.Refuse(ledger.Invalid, "CS-74", "site-unknown", "accounts belong to one plant: {sites}",
		"name the plant", "sites", strings.Join(sites, ", "))
}
