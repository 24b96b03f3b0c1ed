package bolt_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
	"rexbatch/internal/ledger/bolt"
	"rexbatch/internal/ledger/ledgertest"
)

func open(t *testing.T, dir string, clock func() time.Time) ledger.Log {
	l, err := bolt.Open(dir, bolt.Options{Site: "ES-SVQ", Clock: clock})
	require.NoError(t, err)
	return l
}

func TestConformance(t *testing.T) { ledgertest.Run(t, open) }
