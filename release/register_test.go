package release

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A recall is of every certificate of its batch, and of no other's.
func TestRecallIsOfEveryCertificateOfTheBatch_57(t *testing.T) {
	refs := map[string]CertificateRef{}
	for i, line := range []registered{
		{Batch: "SVQ2600001K", Certificate: "SVQ-2026-0001", Decision: InitialCertification},
		{Batch: "SVQ2600002X", Certificate: "SVQ-2026-0002", Decision: InitialCertification},
		{Batch: "SVQ2600001K", Certificate: "SVQ-2026-0003", Decision: FinalCertification},
		{Batch: "SVQ2600001K", Certificate: "SVQ-2026-0003", Decision: Recall},
	} {
		refer(uint64(i+1), line, refs)
	}
	require.EqualValues(t, 4, refs["SVQ-2026-0001"].Recalled)
	require.EqualValues(t, 1, refs["SVQ-2026-0001"].Register, "the line of the certification is the one to prove")
	require.EqualValues(t, 4, refs["SVQ-2026-0003"].Recalled)
	require.Zero(t, refs["SVQ-2026-0002"].Recalled)
}
