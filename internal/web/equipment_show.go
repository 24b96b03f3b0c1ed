package web

import (
	"context"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// DevicePath is the address of a device.
type DevicePath struct {
	Device string `path:"device" example:"CEN-03"`
}

func (a *api) deviceShow(ctx context.Context, at *desk.Desk, in *DevicePath) (*answer[deviceOut], error) {
	id, err := equipment.ParseID(in.Device)
	if err != nil {
		return nil, err
	}
	return deviceNow(ctx, at, id)
}

func deviceNow(ctx context.Context, at *desk.Desk, id equipment.ID) (*answer[deviceOut], error) {
	d, err := at.Plant.Batches.Equipment().Load(ctx, id)
	if err != nil {
		return nil, err
	}
	return &answer[deviceOut]{Body: deviceState(d)}, nil
}

// onDevice does a command on a device, and answers with the device as it then stands.
func onDevice(
	ctx context.Context, at *desk.Desk, in DevicePath, role string, do func(*equipment.Book, ledger.Author, equipment.ID) error,
) (*answer[deviceOut], error) {
	id, err := equipment.ParseID(in.Device)
	if err != nil {
		return nil, err
	}
	by, err := at.Acting(role, anyRole)
	if err != nil {
		return nil, err
	}
	err = do(at.Plant.Batches.Equipment(), by, id)
	if err != nil {
		return nil, err
	}
	return deviceNow(ctx, at, id)
}
