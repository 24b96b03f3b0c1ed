package web_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rexbatch/internal/people"
)

type recipeAnswer struct {
	Recipe    struct{ ID, Digest string }
	Materials []struct{ Material, Unit string }
	Equipment []struct {
		Kind    string
		Control bool `json:"daily_control"`
	}
	Areas []struct {
		Kind      string
		Clearance int `json:"clearance_minutes"`
		Locks     bool
	}
	Procedures []struct{ Procedure string }
	Steps      []recipeStepAnswer
}

type recipeStepAnswer struct {
	Step, Role string
	Training   []string
	Equipment  []struct {
		Kind      string
		Programme string `json:"programme_field"`
	}
}

// A plant learns what it has to have before a batch, and nothing of what only the other plant needs (AT-21, CS-2, CS-67).
func TestRecipeSaysWhatThePlantNeeds_AT21(t *testing.T) {
	for site, only := range map[string]struct{ material, kind, absentMaterial, absentKind, step, programme string }{
		"es-svq": {"filter", "centrifuge", "sepax-kit", "sepax", "S21", "centrifuge_program"},
		"de-fra": {"sepax-kit", "sepax", "filter", "centrifuge", "S24", "protocol_id"},
	} {
		s := newSite(t, site)
		var r recipeAnswer
		s.hire("ana", people.Operator).get("/recipe").ok().into(&r)
		require.Equal(t, "REX-001", r.Recipe.ID)
		var materials, kinds, controlled, locked, procedures []string
		for _, m := range r.Materials {
			materials = append(materials, m.Material)
		}
		for _, k := range r.Equipment {
			kinds = append(kinds, k.Kind)
			if k.Control {
				controlled = append(controlled, k.Kind)
			}
		}
		for _, a := range r.Areas {
			if a.Locks {
				require.Positive(t, a.Clearance)
				locked = append(locked, a.Kind)
			}
		}
		for _, p := range r.Procedures {
			procedures = append(procedures, p.Procedure)
		}
		require.Contains(t, materials, only.material)
		require.NotContains(t, materials, only.absentMaterial)
		require.Contains(t, kinds, only.kind)
		require.NotContains(t, kinds, only.absentKind)
		require.Equal(t, []string{"balance", "cytometer", "hematology-analyser"}, controlled)
		require.Equal(t, []string{"aseptic", "receipt"}, locked)
		i := slices.IndexFunc(r.Steps, func(st recipeStepAnswer) bool { return st.Step == only.step })
		require.GreaterOrEqual(t, i, 0)
		require.Equal(t, "operator", r.Steps[i].Role)
		require.Equal(t, only.programme, r.Steps[i].Equipment[0].Programme)
		require.Subset(t, procedures, r.Steps[i].Training)
	}
}
