package scenario

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// administrator is the username of a plant's first administrator.
const administrator = "admin"

// actor is a person who is signed in.
type actor struct {
	username string
	token    string
	terminal string
	play     *play
}

type session struct {
	Token      string `json:"token"`
	MustChange bool   `json:"must_change"`
	Accepted   bool   `json:"accepted"`
}

// actor signs a person in, once; later calls give the same session.
func (p *play) actor(ctx context.Context, username string) (*actor, error) {
	if a := p.actors[username]; a != nil {
		return a, nil
	}
	a := &actor{username: username, terminal: "DEMO-" + strings.ToUpper(username), play: p}
	err := a.signIn(ctx)
	if err != nil {
		return nil, err
	}
	p.actors[username] = a
	return a, nil
}

// signIn opens a session. An issued password is changed at once, and the new one is kept; the statement of
// accountability is accepted.
func (a *actor) signIn(ctx context.Context) error {
	p := a.play
	password, ok := p.stage.Accounts.Password(p.s.Site, a.username)
	if !ok {
		return fmt.Errorf("no password of %s at %s is known", a.username, p.s.Site)
	}
	var opened session
	err := p.client.call(ctx, "", http.MethodPost, "/sessions", map[string]string{
		"site": p.s.Site, "username": a.username, "password": password, "terminal": a.terminal,
	}, &opened)
	if err != nil {
		return fmt.Errorf("sign in %s at %s: %w", a.username, p.s.Site, err)
	}
	a.token = opened.Token
	if opened.MustChange {
		fresh, err := a.change(ctx, password)
		if err != nil {
			return err
		}
		err = p.stage.Accounts.Set(p.s.Site, a.username, fresh)
		if err != nil {
			return err
		}
		password = fresh
	}
	if opened.Accepted {
		return nil
	}
	err = a.send(ctx, "/me/statement", map[string]string{"password": password}, nil)
	if err != nil {
		return fmt.Errorf("accept the statement of accountability as %s: %w", a.username, err)
	}
	return nil
}

// passwordTries is how often a random password is made: one may have the person's name in it by chance.
const passwordTries = 3

// change replaces the password and returns the new one.
func (a *actor) change(ctx context.Context, old string) (fresh string, err error) {
	for range passwordTries {
		fresh, err = newPassword()
		if err != nil {
			return "", err
		}
		err = a.send(ctx, "/me/password", map[string]string{"old": old, "new": fresh}, nil)
		p := problemOf(err)
		if p == nil || p.Code != "password-weak" {
			break
		}
	}
	if err != nil {
		return "", fmt.Errorf("change the password of %s: %w", a.username, err)
	}
	return fresh, nil
}

func (a *actor) send(ctx context.Context, path string, in, out any) error {
	return a.play.client.call(ctx, a.token, http.MethodPost, path, in, out)
}

func (a *actor) get(ctx context.Context, path string, out any) error {
	return a.play.client.call(ctx, a.token, http.MethodGet, path, nil, out)
}

// password is asked for at each signature: a session alone never signs (I8).
func (a *actor) password() string {
	password, _ := a.play.stage.Accounts.Password(a.play.s.Site, a.username)
	return password
}

// gather makes sure that everybody in the scenario has an account: the administrator creates those who have
// none.
func (p *play) gather(ctx context.Context) error {
	admin, err := p.actor(ctx, administrator)
	if err != nil {
		return err
	}
	var listed struct {
		Accounts []struct {
			Account string   `json:"account"`
			Roles   []string `json:"roles"`
		} `json:"accounts"`
	}
	err = admin.get(ctx, "/accounts", &listed)
	if err != nil {
		return fmt.Errorf("list accounts: %w", err)
	}
	has := map[string][]string{}
	for _, a := range listed.Accounts {
		has[a.Account] = a.Roles
	}
	made := 0
	for _, username := range slices.Sorted(maps.Keys(p.s.People)) {
		person := p.s.People[username]
		if roles, ok := has[username]; ok {
			for _, role := range person.Roles {
				if !slices.Contains(roles, role) {
					return fmt.Errorf("%s has an account at %s without the role %s", username, p.s.Site, role)
				}
			}
			if _, known := p.stage.Accounts.Password(p.s.Site, username); known {
				continue
			}
			err = p.reissue(ctx, admin, username)
		} else {
			err = p.create(ctx, admin, username, person)
		}
		if err != nil {
			return err
		}
		made++
	}
	p.say(fmt.Sprintf("%s: %d people, %d accounts made", p.s.Site, len(p.s.People), made))
	return nil
}

type issued struct {
	Password string `json:"one_time_password"`
}

func (p *play) create(ctx context.Context, admin *actor, username string, person Person) error {
	var made issued
	err := admin.send(ctx, "/accounts", map[string]any{
		"username": username, "name": person.Name, "lang": p.language(), "roles": person.Roles,
		"reason": "scenario " + p.s.Name,
	}, &made)
	if err != nil {
		return fmt.Errorf("create account %s: %w", username, err)
	}
	return p.stage.Accounts.Set(p.s.Site, username, made.Password)
}

// reissue asks for a new one-time password of somebody whose password the file does not know.
func (p *play) reissue(ctx context.Context, admin *actor, username string) error {
	var made issued
	err := admin.send(ctx, at("accounts", username, "password"), map[string]string{
		"reason": "password not known to the player of scenario " + p.s.Name,
	}, &made)
	if err != nil {
		return fmt.Errorf("new password of %s: %w", username, err)
	}
	return p.stage.Accounts.Set(p.s.Site, username, made.Password)
}

// language of the pages: that of the site's country.
func (p *play) language() string {
	country, _, _ := strings.Cut(p.s.Site, "-")
	switch country {
	case "ES":
		return "es"
	case "DE":
		return "de"
	default:
		return "en"
	}
}

// train records what everybody of the scenario has to be trained in for the steps of their roles, and is not. Nobody
// records their own training (CS-2).
func (p *play) train(ctx context.Context, _ *actor, r recipe) error {
	head, err := p.as(ctx, "head-production", false)
	if err != nil {
		return err
	}
	var there struct {
		People []struct {
			Account  string `json:"account"`
			Training []struct {
				Procedure string `json:"procedure"`
				From      string `json:"from"`
				Until     string `json:"until"`
			} `json:"training"`
		} `json:"people"`
	}
	err = head.get(ctx, "/training", &there)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	today := p.day(0)
	for _, person := range there.People {
		for _, t := range person.Training {
			if t.From <= today && p.day(1) <= t.Until {
				has[person.Account+" "+t.Procedure] = true
			}
		}
	}
	recorded := 0
	for _, username := range slices.Sorted(maps.Keys(p.s.People)) {
		for _, procedure := range p.s.People[username].needs(r) {
			if has[username+" "+procedure] {
				continue
			}
			err = head.send(ctx, at("accounts", username)+"/training", map[string]string{
				"procedure": procedure, "version": "1", "from": p.day(-30), "until": p.day(validDays),
				"trainer": p.s.People[head.username].Name, "evidence": "Made-up evidence of a scenario",
			}, nil)
			if err != nil {
				return fmt.Errorf("%s in %s: %w", username, procedure, err)
			}
			recorded++
		}
	}
	p.say(fmt.Sprintf("%s: %d people, %d trainings recorded", p.s.Site, len(p.s.People), recorded))
	return nil
}

// needs are the procedures in which a person has to be trained for the steps of their roles.
func (person Person) needs(r recipe) []string {
	needed := map[string]bool{}
	for _, s := range r.Steps {
		if !slices.Contains(person.Roles, s.Role) && !slices.Contains(person.Roles, s.SecondRole) {
			continue
		}
		for _, procedure := range s.Training {
			needed[procedure] = true
		}
	}
	return slices.Sorted(maps.Keys(needed))
}
