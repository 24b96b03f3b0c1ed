package release_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/batch"
	"rexbatch/batch/mbr"
	"rexbatch/internal/paper/papertest"
	"rexbatch/internal/people"
	"rexbatch/release/record"
)

// roll is a printer that keeps what it was asked to print.
type roll struct{ jobs []batch.PrintJob }

func (r *roll) Print(_ context.Context, job batch.PrintJob) error {
	r.jobs = append(r.jobs, job)
	return nil
}

func warned(b *batch.Batch) []string {
	out := []string{}
	for _, w := range b.Warnings() {
		out = append(out, w.Code)
	}
	return out
}

// What serology says reaches the label, whatever was chosen beside it (requirements 6.1; process, S02).
func TestWarningsFollowTheMarkers_S02(t *testing.T) {
	for _, c := range []struct {
		name   string
		values map[string]string
		want   []string
	}{
		{"all negative", nil, []string{}},
		{"one pending", map[string]string{"hiv": "pending", "decision": "accept_with_label", "label_warning": "not_evaluated"}, []string{batch.NotEvaluated}},
		{"one positive, chosen too lightly", map[string]string{"hbsag": "pos", "decision": "accept_with_label", "label_warning": "not_evaluated"}, []string{batch.Biohazard, batch.NotEvaluated}},
		{"positive and pending, one chosen", map[string]string{"hbsag": "pos", "syphilis": "pending", "decision": "accept_with_label", "label_warning": "biohazard"}, []string{batch.Biohazard, batch.NotEvaluated}},
		{"negative, warned all the same", map[string]string{"decision": "accept_with_label", "label_warning": "biohazard"}, []string{batch.Biohazard}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := before(t, "S03", map[string]map[string]string{"S02": c.values})
			require.Equal(t, c.want, warned(s.batch()))
			require.True(t, s.batch().WarnedOf())
		})
	}
}

// The statement is on the label that is printed, in the language of the plant; a label that says something else after a
// late result is told to be replaced.
func TestWarningsAreOnTheLabel_S02(t *testing.T) {
	s := before(t, "S03", map[string]map[string]string{"S02": {"hiv": "pending", "decision": "accept_with_label", "label_warning": "not_evaluated"}})
	printer := &roll{}
	s.Batches.Printer = printer
	s.fill("S03")
	require.NotEmpty(t, printer.jobs)
	for _, job := range printer.jobs {
		require.Equal(t, []string{"NO EVALUADO PARA SUSTANCIAS INFECCIOSAS"}, job.Warnings)
	}
	b := s.batch()
	for _, l := range s.step("S03").Prints {
		require.Equal(t, []string{batch.NotEvaluated}, l.Warnings)
		require.False(t, b.Outdated(l))
	}
	require.NoError(t, s.correct("S02", "hiv", "pos"))
	b = s.batch()
	require.Equal(t, []string{batch.Biohazard, batch.NotEvaluated}, warned(b))
	for _, l := range s.step("S03").Prints {
		require.True(t, b.Outdated(l), "it does not say biohazard")
	}
}

// The same statement stands on the certificate and on the printed record, which go with the material.
func TestWarningsAreOnTheDocuments_S02(t *testing.T) {
	s := before(t, "", map[string]map[string]string{"S02": {"hiv": "pending", "decision": "accept_with_label", "label_warning": "not_evaluated"}})
	found, _ := s.batch().Exceptions()
	qa := s.Who(people.QA, false)
	for _, e := range found {
		require.NoError(t, s.Batches.Assess(bg, s.As(people.QA, false), s.number, 0, e.ID, batch.Minor, "Autologous use, the label says so, no effect on the product", s.Sign(qa, people.QA)), e.ID)
	}
	require.NoError(t, s.Act(s.number, mbr.ActQAReview))
	require.NoError(t, s.Act(s.number, mbr.ActCertification))
	for ref, err := range s.Release.Certificates(bg) {
		require.NoError(t, err)
		pdf, _, err := s.Release.Certificate(bg, ref.Number)
		require.NoError(t, err)
		text := papertest.Pages(t, pdf)[0]
		require.Contains(t, text, "NOT EVALUATED FOR INFECTIOUS SUBSTANCES")
		require.Contains(t, text, "NO EVALUADO PARA SUSTANCIAS INFECCIOSAS")
	}
	source, err := record.Load(bg, s.Batches, s.Release.Plant, s.number, func(account string) string { return account })
	require.NoError(t, err)
	pdf, err := record.Print(bg, source, record.Copy{Lang: "es", Name: "A Person", Account: "person", At: s.Clock.Now()}, nil)
	require.NoError(t, err)
	require.Contains(t, papertest.Pages(t, pdf)[0], "NO EVALUADO PARA SUSTANCIAS INFECCIOSAS")
}
