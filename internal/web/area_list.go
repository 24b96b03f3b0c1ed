package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

func (a *api) areas() {
	register(a, "GET /areas", "areas", "Work areas of the plant, and which batch is in each (AT-10)", a.areaList)
	register(a, "POST /areas", "register-area", "Make a work area known to the plant", a.areaRegister, makes)
	register(a, "GET /areas/{area}", "area", "A work area with its clearances, occupations, readings and plates (AT-50, AT-51)", a.areaShow)
	register(a, "POST /areas/{area}/clear", "clear-area", "Two persons clear an area outside of a batch (AT-51)", a.areaClear)
	register(a, "POST /areas/{area}/free", "free-area", "QA takes an area from the batch in it (AT-10)", a.areaFree)
	register(a, "POST /areas/{area}/readings", "record-environment", "Record readings of the environment (AT-50)", a.areaReadings)
	register(a, "POST /areas/{area}/plates", "place-plate", "Record a plate that was taken away and now grows", a.platePlace)
	register(a, "POST /areas/{area}/plates/{plate}/result", "read-plate", "Record what grew on a plate", a.plateRead)
}

type areasOut struct {
	Areas []areaLineOut `json:"areas"`
}

func (a *api) areaList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[areasOut], error) {
	out := areasOut{Areas: []areaLineOut{}}
	for i, err := range at.Plant.Batches.Areas().Items(ctx) {
		if err != nil {
			return nil, err
		}
		out.Areas = append(out.Areas, areaLine(i, a.Clock()))
	}
	return &answer[areasOut]{Body: out}, nil
}
