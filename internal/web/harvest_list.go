package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

type hospitalTrendOut struct {
	Hospital  string `json:"hospital"`
	Harvests  int    `json:"harvests" doc:"That the plant has received and looked at"`
	Clots     int    `json:"clots" doc:"With clots"`
	LowVolume int    `json:"low_volume" doc:"Below the volume that the recipe needs"`
	LowCells  int    `json:"low_cells" doc:"From which less than a dose was to be expected"`
}

type harvestsOut struct {
	Hospitals []hospitalTrendOut `json:"hospitals"`
}

// harvestList counts harvests by hospital (scenarios 13 to 15).
func (a *api) harvestList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[harvestsOut], error) {
	trends, err := at.Plant.Batches.HospitalTrends(ctx)
	if err != nil {
		return nil, err
	}
	out := harvestsOut{Hospitals: []hospitalTrendOut{}}
	for _, t := range trends {
		out.Hospitals = append(out.Hospitals, hospitalTrendOut(t))
	}
	return &answer[harvestsOut]{Body: out}, nil
}
