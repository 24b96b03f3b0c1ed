package people_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/internal/people"
)

// modelBadge is what one person's badge and PIN should be, by the rules alone.
type modelBadge struct {
	s        *site
	terminal string // token
	badge    string // the newest code; "" when none is in force
	old      []string
	pin      bool
	failures int
	live     []string // tokens of sessions that a badge opened
	over     []string // of those that have ended
}

func (m *modelBadge) enter(t *rapid.T) {
	right := rapid.Bool().Draw(t, "right")
	given := pin
	if !right {
		given = "111222"
	}
	_, token, err := m.s.SignInByBadge(m.s.ctx, m.terminal, m.badge, given)
	switch {
	case m.badge == "":
		refused(t, err, "CS-67", "code-misread")
	case !m.pin:
		refused(t, err, "CS-34", "pin-none")
	case m.failures >= 5:
		refused(t, err, "CS-37", "pin-locked")
	case right:
		require.NoError(t, err)
		m.failures = 0
		m.live = append(m.live, token)
	default:
		m.failures++
		require.Error(t, err)
	}
}

func (m *modelBadge) useOld(t *rapid.T) {
	if len(m.old) == 0 {
		t.Skip("no old badge")
	}
	_, _, err := m.s.SignInByBadge(m.s.ctx, m.terminal, rapid.SampledFrom(m.old).Draw(t, "old"), pin)
	refused(t, err, "CS-80", "badge-withdrawn")
}

func (m *modelBadge) ended() { m.over, m.live = m.live, nil }

func (m *modelBadge) drop() {
	if m.badge != "" {
		m.old = append(m.old, m.badge)
		m.badge = ""
	}
	m.ended()
}

// Badge, PIN and terminal together decide who gets in, and taking one of them back ends what it opened (CS-34,
// CS-37, CS-67, CS-80).
func TestBadgeAgainstItsModel_CS34(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := newSite(t)
		s.hire(r, "ana", "Ana Ruiz", people.Operator)
		m := &modelBadge{s: s, terminal: s.terminal(r, "SVQ-07")}
		r.Repeat(map[string]func(*rapid.T){
			"enter": m.enter,
			"old":   m.useOld,
			"issue": func(t *rapid.T) {
				_, badge, err := s.IssueBadge(s.ctx, root, "ana", why)
				require.NoError(t, err)
				m.drop()
				m.badge = badge.Code
			},
			"withdraw": func(t *rapid.T) {
				_, err := s.WithdrawBadge(s.ctx, root, "ana", why)
				if m.badge == "" {
					refused(t, err, "CS-80", "badge-none")
					return
				}
				require.NoError(t, err)
				m.drop()
			},
			"choose": func(t *rapid.T) {
				session, _ := s.enter(t, "ana")
				require.NoError(t, s.SetPIN(s.ctx, session, password, pin))
				m.pin, m.failures = true, 0
				m.ended()
			},
			"no PIN": func(t *rapid.T) {
				_, err := s.WithdrawPIN(s.ctx, root, "ana", why)
				if !m.pin {
					refused(t, err, "CS-80", "pin-not-chosen")
					return
				}
				require.NoError(t, err)
				m.pin, m.failures = false, 0
				m.ended()
			},
			"another browser": func(t *rapid.T) {
				m.terminal = s.register(t, "SVQ-07")
				m.ended()
			},
			"time": func(*rapid.T) {
				s.pass(16 * time.Minute)
				m.ended()
			},
			"": func(t *rapid.T) {
				for _, token := range m.live {
					session, err := s.Session(s.ctx, token)
					require.NoError(t, err)
					require.Equal(t, people.ByBadge, session.By)
				}
				for _, token := range m.over {
					_, err := s.Session(s.ctx, token)
					require.Error(t, err)
				}
				p, err := s.Person(s.ctx, "ana")
				require.NoError(t, err)
				require.Equal(t, m.badge != "", p.Badge != "")
				require.Equal(t, m.pin, p.PIN)
				require.Equal(t, m.failures >= 5, p.PINLocked)
				require.False(t, p.Locked)
				s.rebuilt(t)
			},
		})
	})
}
