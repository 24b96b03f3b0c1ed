package web

import (
	"context"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type deviceProgrammeIn struct {
	DevicePath
	Body struct {
		Programme string `json:"programme" example:"07"`
		Version   string `json:"version" example:"v2" doc:"Empty takes the approval back"`
		Reason    string `json:"reason" example:"validated in PQ-12"`
		Role      string `json:"role,omitempty" example:"qa"`
	}
}

func (a *api) deviceProgramme(ctx context.Context, at *desk.Desk, in *deviceProgrammeIn) (*answer[deviceOut], error) {
	return onDevice(ctx, at, in.DevicePath, in.Body.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		return k.SetProgramme(ctx, by, id, in.Body.Programme, in.Body.Version, in.Body.Reason)
	})
}

type deviceRetireIn struct {
	DevicePath
	Body struct {
		Reason string `json:"reason" example:"worn out, replaced by CEN-04"`
		Role   string `json:"role,omitempty" example:"production-lead"`
	}
}

func (a *api) deviceRetire(ctx context.Context, at *desk.Desk, in *deviceRetireIn) (*answer[deviceOut], error) {
	return onDevice(ctx, at, in.DevicePath, in.Body.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		return k.Retire(ctx, by, id, in.Body.Reason)
	})
}
