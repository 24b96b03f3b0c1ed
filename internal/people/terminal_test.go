package people_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

var bench = people.Settings{Name: "Clean room 2, left", Area: "CR-2", Lang: "es", Theme: "dark", Density: 378}

// terminal defines a terminal and returns the token of the browser that is it.
func (s *site) terminal(t failer, id string) string {
	t.Helper()
	_, err := s.DefineTerminal(s.ctx, root, id, bench, people.Why{})
	require.NoError(t, err)
	return s.register(t, id)
}

func (s *site) register(t failer, id string) string {
	t.Helper()
	code, err := s.IssueTerminalCode(s.ctx, root, id, why)
	require.NoError(t, err)
	_, token, err := s.RegisterTerminal(s.ctx, code)
	require.NoError(t, err)
	return token
}

func (s *site) terminalTypes(t failer, id string) []string {
	t.Helper()
	var types []string
	for e, err := range s.log.Stream(s.ctx, "terminal/"+id, 0) {
		require.NoError(t, err)
		types = append(types, e.Type)
	}
	return types
}

func TestTerminalIsSetUpByAnAdministrator_CS67(t *testing.T) {
	s := newSite(t)
	s.hire(t, "root-admin", "Radia Admin", people.Admin)
	s.hire(t, "ana", "Ana Ruiz", people.Operator)
	by := s.author(t, "root-admin", people.Admin)
	_, err := s.DefineTerminal(s.ctx, s.author(t, "ana", people.Operator), "SVQ-07", bench, people.Why{})
	refused(t, err, "CS-67", "not-configurer")
	got, err := s.DefineTerminal(s.ctx, by, "SVQ-07", bench, people.Why{})
	require.NoError(t, err)
	require.Equal(t, people.Terminal{ID: "SVQ-07", Settings: bench, Version: 1}, got)
	_, err = s.DefineTerminal(s.ctx, by, "SVQ-07", bench, people.Why{})
	refused(t, err, "CS-67", "terminal-taken")

	_, err = s.ChangeTerminal(s.ctx, by, "SVQ-07", bench, why)
	refused(t, err, "CS-67", "terminal-unchanged")
	moved := bench
	moved.Area = "CR-3"
	_, err = s.ChangeTerminal(s.ctx, by, "SVQ-07", moved, people.Why{})
	refused(t, err, "CS-16", "reason-missing")
	_, err = s.ChangeTerminal(s.ctx, by, "SVQ-07", moved, why)
	require.NoError(t, err)
	got, err = s.Terminal(s.ctx, "SVQ-07")
	require.NoError(t, err)
	require.Equal(t, "CR-3", got.Area)
	_, err = s.Terminal(s.ctx, "SVQ-08")
	refused(t, err, "CS-67", "terminal-missing")
	_, err = s.Terminal(s.ctx, "network 10.0.0.1")
	refused(t, err, "CS-67", "terminal-missing")
	_, err = s.ChangeTerminal(s.ctx, by, "SVQ-08", moved, why)
	refused(t, err, "CS-67", "terminal-missing")
	all, err := s.Terminals(s.ctx)
	require.NoError(t, err)
	require.Equal(t, []people.Terminal{got}, all)
	s.rebuilt(t)
}

func TestSettingsOfATerminalAreHeld_CS67(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		id, code string
		change   func(*people.Settings)
	}{
		"lower case id": {"svq-07", "terminal-id", func(*people.Settings) {}},
		"no id":         {"", "terminal-id", func(*people.Settings) {}},
		"a path":        {"A/B", "terminal-id", func(*people.Settings) {}},
		"no name":       {"SVQ-07", "terminal-setting", func(s *people.Settings) { s.Name = "" }},
		"theme":         {"SVQ-07", "terminal-setting", func(s *people.Settings) { s.Theme = "pink" }},
		"area":          {"SVQ-07", "terminal-setting", func(s *people.Settings) { s.Area = "\u202e" }},
		"density":       {"SVQ-07", "terminal-setting", func(s *people.Settings) { s.Density = 3 }},
		"language":      {"SVQ-07", "language-invalid", func(s *people.Settings) { s.Lang = "Spanish" }},
	} {
		t.Run(name, func(t *testing.T) {
			settings := bench
			c.change(&settings)
			_, err := s.DefineTerminal(s.ctx, root, c.id, settings, people.Why{})
			require.Error(t, err)
			require.Equal(t, c.code, ledger.RefusalsOf(err)[0].Code)
		})
	}
}

func TestCodeRegistersOneBrowserOnce_CS67(t *testing.T) {
	s := newSite(t)
	_, err := s.DefineTerminal(s.ctx, root, "SVQ-07", bench, people.Why{})
	require.NoError(t, err)
	void, err := s.IssueTerminalCode(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	require.Regexp(t, `^RB-T-[0-9A-HJKMNP-TV-Z]{17}$`, void)
	code, err := s.IssueTerminalCode(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	_, _, err = s.RegisterTerminal(s.ctx, void)
	refused(t, err, "CS-67", "terminal-code")

	got, token, err := s.RegisterTerminal(s.ctx, strings.ToLower(code))
	require.NoError(t, err)
	require.True(t, got.Registered)
	_, _, err = s.RegisterTerminal(s.ctx, code)
	refused(t, err, "CS-67", "terminal-code")
	got, err = s.TerminalOf(s.ctx, token)
	require.NoError(t, err)
	require.Equal(t, "SVQ-07", got.ID)
	_, err = s.TerminalOf(s.ctx, "of another browser")
	refused(t, err, "CS-67", "terminal-unregistered")

	// Another browser takes its place.
	second := s.register(t, "SVQ-07")
	_, err = s.TerminalOf(s.ctx, token)
	refused(t, err, "CS-67", "terminal-unregistered")
	_, err = s.RevokeTerminal(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	_, err = s.TerminalOf(s.ctx, second)
	refused(t, err, "CS-67", "terminal-unregistered")
	_, err = s.RevokeTerminal(s.ctx, root, "SVQ-07", why)
	refused(t, err, "CS-67", "terminal-free")

	late, err := s.IssueTerminalCode(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	s.pass(time.Hour + time.Second)
	_, _, err = s.RegisterTerminal(s.ctx, late)
	refused(t, err, "CS-67", "terminal-code")
	require.Equal(t, []string{
		people.TypeTerminalDefined, people.TypeTerminalCodeIssued, people.TypeTerminalCodeIssued, people.TypeTerminalRegistered,
		people.TypeTerminalCodeIssued, people.TypeTerminalRegistered, people.TypeTerminalRevoked, people.TypeTerminalCodeIssued,
	}, s.terminalTypes(t, "SVQ-07"))
	s.rebuilt(t)
	s.noSecretInTheRecord(t, void, code, token, second, late)
}

func TestTwoBrowsersOneCode_CS67(t *testing.T) {
	s := newSite(t)
	_, err := s.DefineTerminal(s.ctx, root, "SVQ-07", bench, people.Why{})
	require.NoError(t, err)
	code, err := s.IssueTerminalCode(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, _, errs[i] = s.RegisterTerminal(s.ctx, code) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refused(t, err, "CS-67", "terminal-code")
	}
	require.Equal(t, 1, won)
}

func TestNobodyClaimsATerminal_CS67(t *testing.T) {
	s := newSite(t)
	token := s.terminal(t, "SVQ-07")
	for _, claimed := range []string{"SVQ-07", "svq-07", " SVQ-07 "} {
		_, err := s.TerminalName(s.ctx, "", claimed)
		refused(t, err, "CS-67", "terminal-claimed")
	}
	name, err := s.TerminalName(s.ctx, token, "network 10.0.0.1")
	require.NoError(t, err)
	require.Equal(t, "SVQ-07", name)
	name, err = s.TerminalName(s.ctx, "", "network 10.0.0.1")
	require.NoError(t, err)
	require.Equal(t, "network 10.0.0.1", name)
	_, err = s.RevokeTerminal(s.ctx, root, "SVQ-07", why)
	require.NoError(t, err)
	name, err = s.TerminalName(s.ctx, token, "network 10.0.0.1") // a browser that was the terminal is any browser
	require.NoError(t, err)
	require.Equal(t, "network 10.0.0.1", name)
}

// noSecretInTheRecord looks for what was shown once, in every entry and view.
func (s *site) noSecretInTheRecord(t failer, secrets ...string) {
	t.Helper()
	var all strings.Builder
	for e, err := range s.log.Entries(s.ctx, 0) {
		require.NoError(t, err)
		all.Write(e.Data)
	}
	for doc, err := range s.log.Views(s.ctx, "") {
		require.NoError(t, err)
		all.Write(doc.Data)
	}
	for doc, err := range s.log.Secrets(s.ctx, "") {
		require.NoError(t, err)
		all.WriteString(doc.Key)
		all.Write(doc.Data)
	}
	for _, secret := range secrets {
		require.NotContains(t, all.String(), secret)
	}
}
