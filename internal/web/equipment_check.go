package web

import (
	"context"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

// DeviceCheckBody is what every check states.
type DeviceCheckBody struct {
	At     time.Time `json:"at,omitzero" doc:"When it was made; now when left out"`
	Remark string    `json:"remark,omitempty" doc:"Needed when something was not as it should be"`
	Role   string    `json:"role,omitempty" example:"production-lead"`
}

func (b DeviceCheckBody) at(now time.Time) time.Time {
	if b.At.IsZero() {
		return now.UTC()
	}
	return b.At.UTC()
}

type calibrateIn struct {
	DevicePath
	Body struct {
		Result    string `json:"result" enum:"pass,fail" doc:"As the device was left"`
		AsFound   string `json:"as_found" enum:"in-tolerance,out-of-tolerance" doc:"Before anything was adjusted"`
		Due       string `json:"due,omitempty" example:"2027-06-30" doc:"The day until which it holds"`
		Reference string `json:"reference" example:"CERT-4711" doc:"Certificate"`
		DeviceCheckBody
	}
}

func (a *api) deviceCalibrate(ctx context.Context, at *desk.Desk, in *calibrateIn) (*answer[deviceOut], error) {
	b := in.Body
	c := equipment.Checking{
		At: b.at(a.Clock()), Passed: b.Result == "pass", AsFound: equipment.AsFound(b.AsFound), Reference: b.Reference, Remark: b.Remark,
	}
	return onDevice(ctx, at, in.DevicePath, b.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		var err error
		c.Due, err = k.Due(b.Due)
		if err != nil {
			return err
		}
		return at.Plant.Batches.CheckDevice(ctx, by, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) { return d.Calibrate(by, now, c) })
	})
}

type qualifyIn struct {
	DevicePath
	Body struct {
		Result    string `json:"result" enum:"pass,fail"`
		Due       string `json:"due,omitempty" example:"2027-06-30" doc:"The day until which it holds"`
		Reference string `json:"reference" example:"PQ-12" doc:"Report"`
		DeviceCheckBody
	}
}

func (a *api) deviceQualify(ctx context.Context, at *desk.Desk, in *qualifyIn) (*answer[deviceOut], error) {
	b := in.Body
	c := equipment.Checking{At: b.at(a.Clock()), Passed: b.Result == "pass", Reference: b.Reference, Remark: b.Remark}
	return onDevice(ctx, at, in.DevicePath, b.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		var err error
		c.Due, err = k.Due(b.Due)
		if err != nil {
			return err
		}
		return at.Plant.Batches.CheckDevice(ctx, by, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) { return d.Qualify(by, now, c) })
	})
}

type cleanIn struct {
	DevicePath
	Body struct {
		Due string `json:"due,omitempty" example:"2026-11-29" doc:"The day until which it holds"`
		DeviceCheckBody
	}
}

func (a *api) deviceClean(ctx context.Context, at *desk.Desk, in *cleanIn) (*answer[deviceOut], error) {
	b := in.Body
	return onDevice(ctx, at, in.DevicePath, b.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		due, err := k.Due(b.Due)
		if err != nil {
			return err
		}
		return k.Clean(ctx, by, id, equipment.Checking{At: b.at(a.Clock()), Due: due, Remark: b.Remark})
	})
}

type controlIn struct {
	DevicePath
	Body struct {
		Result string `json:"result" enum:"pass,fail" doc:"It counts for its calendar day at the plant"`
		DeviceCheckBody
	}
}

func (a *api) deviceControl(ctx context.Context, at *desk.Desk, in *controlIn) (*answer[deviceOut], error) {
	b := in.Body
	c := equipment.Checking{At: b.at(a.Clock()), Passed: b.Result == "pass", Remark: b.Remark}
	return onDevice(ctx, at, in.DevicePath, b.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		c.Due = k.Day(c.At)
		return at.Plant.Batches.CheckDevice(ctx, by, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) { return d.DailyControl(by, now, c) })
	})
}
