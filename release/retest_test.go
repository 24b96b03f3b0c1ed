package release_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/equipment"
	"rexbatch/batch/qc"
)

// A test that was invalid is repeated on the device: a control that fails later throws doubt on the repeated value, and not on what
// stands before a good control. A result that was only typed again was not measured again (scenarios 33 and 35).
func TestRepeatedTestIsAUseOfItsDevice_33(t *testing.T) {
	for name, tt := range map[string]struct {
		ground batch.Ground
		uses   int
		marked []string
	}{
		"repeated":    {batch.TestInvalid, 2, []string{"S38.viability_cd45"}},
		"typed again": {batch.Mistyped, 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := before(t, "S42", map[string]map[string]string{"S38": {"viability_cd45": "69.4"}})
			s.controlOf("cytometer", true)
			s.Clock.Pass(time.Minute)
			require.NoError(t, s.Batches.Correct(bg, s.As(s.step("S38").Step.Performer, false), s.number, 0, "S38", "viability_cd45", batch.Input{Text: "96.3", Ground: tt.ground}, "see the print of the analyser"))
			device, err := s.Batches.Equipment().Load(bg, equipment.ID(s.Value("device:cytometer")))
			require.NoError(t, err)
			uses := 0
			for _, u := range device.Uses {
				if u.Step == "S38" && u.Batch == s.number {
					uses++
				}
			}
			require.Equal(t, tt.uses, uses)
			s.controlOf("cytometer", false)
			var marked []string
			for _, r := range s.batch().Results() {
				if r.Evaluation == qc.Invalid {
					marked = append(marked, r.Attribute.Field)
				}
			}
			require.Equal(t, tt.marked, marked)
		})
	}
}
