package record_test

import (
	"os"
	"runtime"
	"testing"

	"rexbatch/release/record"

	"github.com/stretchr/testify/require"
)

// BenchmarkRecord2000 prints a batch of 48 steps and 2,000 entries, and reports the memory that is held at its end.
func BenchmarkRecord2000(b *testing.B) {
	m := everything(b, "es-svq", 2000)
	var before, after runtime.MemStats
	b.ReportMetric(float64(len(m.entries)), "entries")
	b.ReportAllocs()
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		pdf, err := record.Print(b.Context(), m.source(), m.copy("es"), nil)
		require.NoError(b, err)
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.Sys)/(1<<20), "MiB-of-process")
		b.ReportMetric(float64(len(pdf))/(1<<20), "MiB-of-file")
		if name := os.Getenv("REXBATCH_KEEP"); name != "" {
			require.NoError(b, os.WriteFile(name, pdf, 0o600))
		}
	}
}
