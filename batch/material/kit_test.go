package material_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/material"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
	"rexbatch/internal/quantity"
)

// morning is when the tests begin.
var morning = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func as(account string, role people.Role) ledger.Author {
	return ledger.Author{Account: account, Role: string(role), Terminal: "T1"}
}

var (
	store    = as("leo", people.Logistics)
	qa       = as("eva", people.QA)
	operator = as("ana", people.Operator)
)

func ml(text string) quantity.Quantity { return quantity.MustParse(text, "mL") }

// ficoll is a delivery of 500 mL that may be used for eight hours after opening.
func ficoll() material.Delivery {
	return material.Delivery{
		Material: "gradient-medium", Name: "Ficoll-Paque PREMIUM 1.077", Supplier: "Cytiva", SupplierLot: "10331275",
		Expiry: time.Date(2027, 3, 31, 21, 59, 59, 0, time.UTC), Quantity: ml("500"), OpenFor: quantity.MustParse("8", "h"),
	}
}

// shelf is a lot that is folded without a ledger: decisions are pure.
type shelf struct {
	t require.TestingT
	*material.Lot
}

// add applies a decision's drafts, made by somebody at a time.
func (s shelf) add(by ledger.Author, at time.Time, drafts []ledger.Draft, err error) {
	require.NoError(s.t, err)
	require.NotEmpty(s.t, drafts)
	_, err = s.Provisional(by, at, drafts)
	require.NoError(s.t, err)
}

func received(t require.TestingT, d material.Delivery) shelf {
	n, err := material.NewNumber("SVQ", 26, 17)
	require.NoError(t, err)
	s := shelf{t, &material.Lot{}}
	drafts, err := material.Receive(store, morning, n, "ES-SVQ", d)
	s.add(store, morning, drafts, err)
	return s
}

func released(t require.TestingT, d material.Delivery) shelf {
	s := received(t, d)
	drafts, err := s.Release(qa, morning)
	s.add(qa, morning, drafts, err)
	return s
}

// use is a use in a batch of Seville.
func use(batch, q string) material.Use {
	return material.Use{Batch: batch, CoI: "CHA999926000001", Subject: "3401-001", Step: "S17", Quantity: ml(q)}
}

func want(until time.Time) material.Want {
	return material.Want{Material: "gradient-medium", Until: until}
}

// refused asserts one refusal with its rule and code.
func refused(t require.TestingT, err error, kind ledger.Kind, rule, code string) {
	if h, ok := t.(*testing.T); ok {
		h.Helper()
	}
	rs := ledger.RefusalsOf(err)
	require.Len(t, rs, 1, "%v", err)
	require.Equal(t, code, rs[0].Code)
	require.Equal(t, rule, rs[0].Rule)
	require.Equal(t, kind, rs[0].Kind)
	require.NotContains(t, rs[0].What+rs[0].Next, "{")
}
