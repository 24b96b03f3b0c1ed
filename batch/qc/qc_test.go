package qc_test

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rexbatch/batch/qc"
	"rexbatch/internal/quantity"
	"rexbatch/templates"
)

func specification(t *testing.T) *qc.Specification {
	t.Helper()
	raw, err := fs.ReadFile(templates.Specifications, "spec/demo-p1.yaml")
	require.NoError(t, err)
	s, err := qc.Load(raw)
	require.NoError(t, err)
	return s
}

// record is a made-up record: values by field reference.
type record map[string]string

func (r record) observe(s *qc.Specification) func(string) (qc.Observation, bool) {
	units := map[string]quantity.Unit{}
	for _, a := range s.Attributes {
		if !a.Limit.IsZero() || a.Information {
			units[a.Field] = a.Unit
		}
		for _, c := range a.ValidIf {
			units[c.Field] = c.Limit.Unit()
		}
	}
	return func(ref string) (qc.Observation, bool) {
		v, ok := r[ref]
		if !ok {
			return qc.Observation{}, false
		}
		q, err := quantity.ParseCanonical(v, units[ref])
		if err != nil {
			return qc.Observation{Text: v}, true
		}
		return qc.Observation{Number: &q, Text: ""}, true
	}
}

func within() record {
	return record{
		"S37.wbc_total": "5.2e8", "S37.lymph": "34", "S37.mono": "12.0", "S37.gran": "48.5", "S37.mnc": "51.5", "S37.diff_sum": "100",
		"S37.rbc_per_wbc": "4.2", "S37.plt_per_wbc": "10", "S38.viability_cd45": "97", "S38.cd34_pct": "2.4", "S38.cxcr4": "19.2",
		"S38.vegfr2": "1.90", "S38.cd34_cd38neg": "24.8", "S38.cd34_cxcr4": "3.6", "S38.cd34_events": "412", "S38.cd45_events": "80000",
		"S38.bead_events": "5000", "S39.endotoxin": "<0.50", "S39.spike_recovery": "98", "S40.gram": "no_organisms", "S41.mycoplasma": "waived",
	}
}

func evaluations(s *qc.Specification, r record) map[string]qc.Result {
	out := map[string]qc.Result{}
	for _, res := range s.Evaluate(r.observe(s), time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)) {
		out[res.Attribute.ID] = res
	}
	return out
}

func TestWithinLimits_EverythingPassesAndSterilityIsPending(t *testing.T) {
	s := specification(t)
	results := evaluations(s, within())
	for id, r := range results {
		switch {
		case r.Attribute.MayBePending:
			require.Equal(t, qc.Pending, r.Evaluation, id)
			require.False(t, r.Due.IsZero(), id)
		case r.Attribute.Information:
			continue
		default:
			require.Equal(t, qc.Pass, r.Evaluation, "%s %s: %s", id, r.Reported, r.Why)
		}
	}
	require.Equal(t, qc.Pending, results["sterility"].Evaluation)
}

func TestTooPureFails_OneCauseOneOOS(t *testing.T) {
	s, r := specification(t), within()
	r["S37.mnc"], r["S37.gran"] = "84.1", "15.9"
	results := s.Evaluate(r.observe(s), time.Time{})
	causes := qc.Causes(results)
	require.Len(t, causes, 1, "mononuclear cells and granulocytes are complements")
	require.Len(t, causes[0].Results, 2)
	require.False(t, causes[0].Invalid)
}

func TestRoundingHappensOnceAtTheLimitsDecimals_F22(t *testing.T) {
	for _, c := range []struct {
		field, value string
		want         qc.Evaluation
		reported     string
	}{
		{"S37.mnc", "83.34", qc.Pass, "83.3"},
		{"S37.mnc", "83.35", qc.Fail, "83.4"},
		{"S37.mnc", "25.25", qc.Pass, "25.3"},
		{"S37.mnc", "25.24", qc.Fail, "25.2"},
		{"S37.rbc_per_wbc", "6.74", qc.Pass, "6.7"},
		{"S37.rbc_per_wbc", "6.75", qc.Fail, "6.8"},
		{"S38.viability_cd45", "69.6", qc.Pass, "70"},
		{"S38.viability_cd45", "69.4", qc.Fail, "69"},
	} {
		t.Run(c.field+"="+c.value, func(t *testing.T) {
			s, r := specification(t), within()
			r[c.field] = c.value
			for _, res := range evaluations(s, r) {
				if res.Attribute.Field == c.field {
					require.Equal(t, c.want, res.Evaluation)
					require.True(t, strings.HasPrefix(res.Reported, c.reported), res.Reported)
				}
			}
		})
	}
}

func TestInvalidIsNeitherPassNorFail(t *testing.T) {
	s, r := specification(t), within()
	r["S39.spike_recovery"] = "31"
	require.Equal(t, qc.Invalid, evaluations(s, r)["endotoxin"].Evaluation)
	r = within()
	r["S38.cd34_events"] = "99"
	require.Equal(t, qc.Invalid, evaluations(s, r)["cd34"].Evaluation)
	causes := qc.Causes(s.Evaluate(r.observe(s), time.Time{}))
	require.NotEmpty(t, causes)
	require.True(t, causes[0].Invalid)
}

func TestQualifiedValueThatCannotBeJudgedIsInvalid(t *testing.T) {
	s, r := specification(t), within()
	r["S39.endotoxin"] = "<10.00"
	require.Equal(t, qc.Invalid, evaluations(s, r)["endotoxin"].Evaluation)
}

func TestOrganismsSeenFail(t *testing.T) {
	s, r := specification(t), within()
	r["S40.gram"] = "organisms_seen"
	require.Equal(t, qc.Fail, evaluations(s, r)["gram"].Evaluation)
}

func TestLoadRefusesDefects(t *testing.T) {
	for name, file := range map[string]string{
		"unknown key":      "specification: x\nversion: 1\ncolour: red\n",
		"nothing to judge": "specification: x\nversion: 1\nattributes: [{id: a, name: {en: a, es: a, de: a}, field: S01.a}]\n",
		"bad limit":        "specification: x\nversion: 1\nattributes: [{id: a, name: {en: a, es: a, de: a}, field: S01.a, limit: about 5, unit: mL}]\n",
		"bad unit":         "specification: x\nversion: 1\nattributes: [{id: a, name: {en: a, es: a, de: a}, field: S01.a, limit: '>5', unit: ml}]\n",
		"missing language": "specification: x\nversion: 1\nattributes: [{id: a, name: {en: a}, field: S01.a, limit: '>5', unit: mL}]\n",
		"no attributes":    "specification: x\nversion: 1\n",
		"not YAML":         "\t: [",
	} {
		_, err := qc.Load([]byte(file))
		require.Error(t, err, name)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("specification: x\nversion: 1\nattributes: [{id: a, limit: '25.3..83.3'}]\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := qc.Load(file)
		if err == nil {
			require.NotEmpty(t, s.Attributes)
		}
	})
}
