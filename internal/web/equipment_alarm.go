package web

import (
	"context"
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
	"rexbatch/internal/web/desk"
)

type deviceAlarmIn struct {
	DevicePath
	Body struct {
		Code string    `json:"code" example:"E-0417" doc:"As on the display"`
		Text string    `json:"text" example:"Pressure too high" doc:"In the words of the display"`
		At   time.Time `json:"at,omitzero" doc:"When it was given; now when left out"`
		Role string    `json:"role,omitempty" example:"operator"`
	}
}

func (a *api) deviceAlarm(ctx context.Context, at *desk.Desk, in *deviceAlarmIn) (*answer[deviceOut], error) {
	r := equipment.Report{Code: in.Body.Code, Text: in.Body.Text, At: in.Body.At}
	if r.At.IsZero() {
		r.At = a.Clock()
	}
	return onDevice(ctx, at, in.DevicePath, in.Body.Role, func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		return k.Alarm(ctx, by, id, r)
	})
}

type deviceAlarmCloseIn struct {
	DevicePath
	Alarm int `path:"alarm" example:"1"`
	Body  struct {
		Decision string `json:"decision" enum:"continue,restart,new-kit"`
		Reason   string `json:"reason" example:"valve of the kit stuck"`
		Lot      string `json:"lot,omitempty" example:"L-SVQ26-00017-K" doc:"Of the kit that may be the cause: it is pointed out to maintenance and QA; needed where a new kit is taken"`
		Role     string `json:"role,omitempty" example:"production-lead"`
	}
}

func (a *api) deviceAlarmClose(ctx context.Context, at *desk.Desk, in *deviceAlarmCloseIn) (*answer[deviceOut], error) {
	return onDevice(ctx, at, in.DevicePath, in.Body.Role, func(_ *equipment.Book, by ledger.Author, id equipment.ID) error {
		return at.Plant.Batches.CloseAlarm(ctx, by, id, in.Alarm, equipment.Decision(in.Body.Decision), in.Body.Reason, in.Body.Lot)
	})
}
