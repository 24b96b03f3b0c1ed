package material_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// modelLot is what a lot should be, by the rules alone, in tenths of a millilitre.
type modelLot struct {
	status    material.Status
	before    material.Status
	remaining int64
	uses      map[uint64]int64 // by entry; what stands
}

// tenths is a quantity in one of the units that convert.
func tenths(t *rapid.T) (int64, quantity.Quantity) {
	n := rapid.Int64Range(1, 6000).Draw(t, "tenths of mL")
	switch rapid.SampledFrom([]quantity.Unit{"mL", "L", "uL"}).Draw(t, "unit") {
	case "L":
		return n, quantity.New(n, -4, "L")
	case "uL":
		return n, quantity.New(n*100, 0, "uL")
	}
	return n, quantity.New(n, -1, "mL")
}

// Random commands by anybody: what remains is never below zero and always received less uses less waste; status and uses are
// those of the rules; the same entries give the same lot.
func TestRemainingIsNeverNegative_AT21(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := ficoll()
		d.OpenFor = quantity.Quantity{}
		s := received(t, d)
		m := modelLot{status: material.Quarantine, remaining: 5000, uses: map[uint64]int64{}}
		now := morning
		people := []ledger.Author{store, qa, operator, as("leo", people.QA)}
		reason := "for the sake of the test"
		took := func(by ledger.Author, drafts []ledger.Draft, err error, allowed bool) bool {
			require.Equal(t, allowed, err == nil, "%v", err)
			if err != nil {
				require.NotEmpty(t, ledger.RefusalsOf(err), "%v", err)
				return false
			}
			s.add(by, now, drafts, err)
			return true
		}
		t.Repeat(map[string]func(*rapid.T){
			"release": func(t *rapid.T) {
				by := rapid.SampledFrom(people).Draw(t, "by")
				drafts, err := s.Release(by, now)
				if took(by, drafts, err, by == qa && m.status == material.Quarantine) {
					m.status = material.Released
				}
			},
			"block": func(t *rapid.T) {
				by := rapid.SampledFrom(people).Draw(t, "by")
				drafts, err := s.Block(by, reason)
				if took(by, drafts, err, by != operator && m.status != material.Blocked) {
					m.before, m.status = m.status, material.Blocked
				}
			},
			"unblock": func(t *rapid.T) {
				by := rapid.SampledFrom(people).Draw(t, "by")
				drafts, err := s.Unblock(by, reason)
				if took(by, drafts, err, by.Role == "qa" && m.status == material.Blocked) {
					m.status = m.before
				}
			},
			"use": func(t *rapid.T) {
				n, q := tenths(t)
				u := use(rapid.SampledFrom([]string{"SVQ26000019", "SVQ26000027"}).Draw(t, "batch"), "1")
				u.Quantity = q
				drafts, err := s.Use(now, want(now), u)
				if took(operator, drafts, err, m.status == material.Released && n <= m.remaining) {
					m.remaining -= n
					m.uses[s.Version] = n
				}
			},
			"discard": func(t *rapid.T) {
				n, q := tenths(t)
				drafts, err := s.Discard(store, q, reason)
				if took(store, drafts, err, n <= m.remaining) {
					m.remaining -= n
				}
			},
			"reverse": func(t *rapid.T) {
				entry := rapid.Uint64Range(1, s.Version+1).Draw(t, "entry")
				n, stands := m.uses[entry]
				drafts, err := s.Reverse(entry, reason)
				if took(operator, drafts, err, stands) {
					m.remaining += n
					delete(m.uses, entry)
				}
			},
			"correct": func(t *rapid.T) {
				entry := rapid.Uint64Range(1, s.Version+1).Draw(t, "entry")
				n, q := tenths(t)
				was, stands := m.uses[entry]
				drafts, err := s.Correct(entry, q, reason)
				if took(operator, drafts, err, stands && n <= m.remaining+was) {
					m.remaining += was - n
					m.uses[entry] = n
				}
			},
			"": func(t *rapid.T) {
				require.GreaterOrEqual(t, s.Remaining.Sign(), 0)
				order, err := s.Remaining.Cmp(quantity.New(m.remaining, -1, "mL"))
				require.NoError(t, err)
				require.Zero(t, order, "%s instead of %d tenths", s.Remaining, m.remaining)
				require.Equal(t, m.status, s.Status)
				for _, u := range s.Uses {
					_, stands := m.uses[u.Entry]
					require.Equal(t, stands, !u.Reversed)
				}
				require.Equal(t, s.OpenedAt.IsZero(), len(s.Uses) == 0)
				now = now.Add(time.Minute)
			},
		})
	})
}
