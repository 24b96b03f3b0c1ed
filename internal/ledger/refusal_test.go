package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/ledger"
)

// One refusal is told as one, and only several are counted.
func TestOneRefusalIsNotCounted(t *testing.T) {
	one := ledger.Refuse(ledger.Unmet, "I9", "open-step", "step {step} is open", "finish it", "step", "S01")
	require.Equal(t, one.Error(), ledger.Refusals{one}.Error())
	require.Contains(t, ledger.Refusals{one, one}.Error(), "2 rules unmet")
}
