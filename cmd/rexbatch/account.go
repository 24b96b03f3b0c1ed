package main

import (
	"context"
	"strings"

	"rexbatch/internal/people"
	"rexbatch/internal/web"
)

// The account commands are for the console of a stopped server: for a lost administrator's password above all.
// Everything else is done by an administrator who is signed in.
type accountCommand struct {
	List   accountListCommand   `cmd:"" help:"List the accounts."`
	Create accountCreateCommand `cmd:"" help:"Create an account and print its one-time password."`
	Reset  accountResetCommand  `cmd:"" help:"Issue a new one-time password."`
	Unlock accountUnlockCommand `cmd:"" help:"Unlock an account after too many wrong passwords."`
}

// Help implements kong's HelpProvider.
func (accountCommand) Help() string {
	return "Example: rexbatch account list --data /var/lib/rexbatch --site ES-SVQ"
}

// console is the author of what is done here: no person is signed in.
var console = people.System("console")

// atSite is where an account is.
type atSite struct {
	Data string `required:"" placeholder:"DIR" help:"Data directory; its server must be stopped."`
	Site string `required:"" placeholder:"SITE" help:"Plant, e.g. ES-SVQ."`
}

func (s atSite) open(ctx context.Context, a *App) (*people.Directory, error) {
	p, err := s.plant(ctx, a)
	if err != nil {
		return nil, err
	}
	return p.People, nil
}

func (s atSite) plant(ctx context.Context, a *App) (*web.Plant, error) {
	ready, err := isDataDir(s.Data)
	if err != nil {
		return nil, err
	}
	if !ready {
		return nil, usage(s.Data+" is not a data directory", "name the directory that the server uses")
	}
	d, err := openDataDir(ctx, s.Data, a.Clock)
	if err != nil {
		return nil, err
	}
	a.onClose(d.Close)
	return d.plant(s.Site)
}

type accountListCommand struct {
	atSite
	JSON bool `help:"Print as JSON."`
}

// Help implements kong's HelpProvider.
func (accountListCommand) Help() string {
	return "Example: rexbatch account list --data /var/lib/rexbatch --site ES-SVQ"
}

// Run lists the accounts of a plant.
func (c *accountListCommand) Run(ctx context.Context, a *App) error {
	directory, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	all, err := directory.People(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(all)
	}
	for _, p := range all {
		err = a.printf("%-24s %-10s %s (%s)\n", p.Account, state(p), p.Name, roleNames(p.Roles))
		if err != nil {
			return err
		}
	}
	return nil
}

func state(p people.Person) string {
	switch {
	case p.Disabled:
		return "disabled"
	case p.Locked:
		return "locked"
	case p.MustChange:
		return "one-time"
	default:
		return "active"
	}
}

func roleNames(roles []people.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

type accountCreateCommand struct {
	atSite
	Username string   `required:"" help:"3 to 32 lower-case letters and digits; never given again."`
	Name     string   `required:"" help:"Full name as it stands beside a signature."`
	Role     []string `required:"" help:"Role; may be repeated."`
	Lang     string   `default:"en" help:"Language of the pages: en, es or de."`
	Reason   string   `required:"" help:"Why, as it stands in the record."`
}

// Help implements kong's HelpProvider.
func (accountCreateCommand) Help() string {
	return "Example: rexbatch account create --data /var/lib/rexbatch --site ES-SVQ --username admin2 --name 'Carmen Ruiz' --role admin --reason 'second administrator'"
}

// Run creates an account.
func (c *accountCreateCommand) Run(ctx context.Context, a *App) error {
	directory, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	roles := make([]people.Role, len(c.Role))
	for i, name := range c.Role {
		roles[i], err = people.ParseRole(name)
		if err != nil {
			return usage(err.Error(), "the roles are "+roleNames(people.Roles()))
		}
	}
	p, password, err := directory.Create(ctx, console, people.NewAccount{
		Username: c.Username, Name: c.Name, Lang: c.Lang, Roles: roles, Why: people.Why{Reason: c.Reason},
	})
	if err != nil {
		return err
	}
	return a.printf("created %s for %s, one-time password: %s\n", p.Account, p.Name, password)
}

// oneAccount is an account and the reason for what is done to it.
type oneAccount struct {
	atSite
	Username string `required:"" help:"Whose account."`
	Reason   string `required:"" help:"Why, as it stands in the record."`
}

type accountResetCommand struct{ oneAccount }

// Help implements kong's HelpProvider.
func (accountResetCommand) Help() string {
	return "Example: rexbatch account reset --data /var/lib/rexbatch --site ES-SVQ --username admin --reason 'password lost, identity checked'"
}

// Run issues a new one-time password.
func (c *accountResetCommand) Run(ctx context.Context, a *App) error {
	directory, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	p, password, err := directory.ResetPassword(ctx, console, c.Username, people.Why{Reason: c.Reason})
	if err != nil {
		return err
	}
	return a.printf("new one-time password of %s: %s\n", p.Account, password)
}

type accountUnlockCommand struct{ oneAccount }

// Help implements kong's HelpProvider.
func (accountUnlockCommand) Help() string {
	return "Example: rexbatch account unlock --data /var/lib/rexbatch --site ES-SVQ --username admin --reason 'identity checked by telephone'"
}

// Run unlocks an account.
func (c *accountUnlockCommand) Run(ctx context.Context, a *App) error {
	directory, err := c.open(ctx, a)
	if err != nil {
		return err
	}
	p, err := directory.Unlock(ctx, console, c.Username, people.Why{Reason: c.Reason})
	if err != nil {
		return err
	}
	return a.printf("unlocked %s\n", p.Account)
}
