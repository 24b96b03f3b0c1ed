package plantest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
	"rexbatch/testdata"
)

// Scenario is the part of a scenario file that tests need: who acts, and what they enter.
type Scenario struct {
	People map[string]struct {
		Name  string
		Roles []people.Role
	}
	Cast   map[people.Role]struct{ Performer, Second string }
	Values map[string]map[string]string
}

// Load reads a scenario, such as "seville-fresh".
func Load(t testing.TB, name string) Scenario {
	t.Helper()
	var s Scenario
	require.NoError(t, yaml.Unmarshal(File(t, testdata.Scenarios, "scenarios/"+name+".yaml"), &s))
	return s
}

// Who acts in a role; second is the other person of a step whose two persons have one role.
func (s Scenario) Who(role people.Role, second bool) string {
	c, ok := s.Cast[role]
	switch {
	case ok && second:
		return c.Second
	case ok:
		return c.Performer
	}
	var found []string
	for username, p := range s.People {
		if slices.Contains(p.Roles, role) {
			found = append(found, username)
		}
	}
	slices.Sort(found)
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// Value is what a person types for a value of the scenario: a time from now, a device or a lot of the plant.
func (p *Plant) Value(v string) string {
	now := p.Clock.Now()
	if after, ok := strings.CutPrefix(v, "now"); ok {
		d, err := time.ParseDuration(after)
		if err == nil || after == "" {
			return now.Add(d).Format(time.RFC3339)
		}
	}
	if strings.HasPrefix(v, "today") {
		var days int
		_, err := fmt.Sscanf(v, "today%dd", &days)
		if err != nil {
			days = 0
		}
		return now.AddDate(0, 0, days).Format(time.DateOnly)
	}
	if id, ok := strings.CutPrefix(v, "lot:"); ok {
		return p.lots[id]
	}
	if kind, ok := strings.CutPrefix(v, "device:"); ok {
		return p.devices[kind]
	}
	if v == "auto" {
		return "AUTO-1"
	}
	return v
}

// Enrol gives everybody of a scenario an account in one language, with their own password and the statement accepted,
// and signs them in.
func (p *Plant) Enrol(s Scenario, lang string) map[string]people.Session {
	p.T.Helper()
	sessions := map[string]people.Session{}
	for username, person := range s.People {
		sessions[username] = p.Hire(username, person.Name, lang, person.Roles...)
	}
	return sessions
}

// Hire makes an account that works at once, and signs it in.
func (p *Plant) Hire(username, name, lang string, roles ...people.Role) people.Session {
	t, ctx := p.T, context.Background()
	t.Helper()
	_, once, err := p.Staff.Create(ctx, people.System("test"), people.NewAccount{Username: username, Name: name, Lang: lang, Roles: roles})
	require.NoError(t, err, username)
	_, token, err := p.Staff.SignIn(ctx, username, once, Terminal)
	require.NoError(t, err, username)
	require.NoError(t, p.Staff.ChangePassword(ctx, token, once, Password))
	_, token, err = p.Staff.SignIn(ctx, username, Password, Terminal)
	require.NoError(t, err, username)
	session, err := p.Staff.Session(ctx, token)
	require.NoError(t, err, username)
	require.NoError(t, p.Staff.AcceptStatement(ctx, session, Password))
	session, err = p.Staff.Session(ctx, token)
	require.NoError(t, err, username)
	return session
}
