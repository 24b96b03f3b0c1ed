package web

import (
	"context"

	"rexbatch/internal/web/desk"
)

func (a *api) equipment() {
	const device = "/equipment/{device}"
	register(a, "GET /equipment", "equipment", "Every device of the plant with its checks (CS-67)", a.deviceList)
	register(a, "POST /equipment", "register-device", "Enter a new device", a.deviceRegister, makes)
	register(a, "GET "+device, "device", "A device with its history and every batch it was used for (CS-67)", a.deviceShow)
	register(a, "POST "+device+"/calibrate", "calibrate-device", "Record a calibration", a.deviceCalibrate)
	register(a, "POST "+device+"/qualify", "qualify-device", "Record a qualification", a.deviceQualify)
	register(a, "POST "+device+"/clean", "clean-device", "Record a cleaning", a.deviceClean)
	register(a, "POST "+device+"/control", "control-device", "Record a daily control", a.deviceControl)
	register(a, "POST "+device+"/alarm", "raise-device-alarm", "Record an alarm; it blocks the device", a.deviceAlarm)
	register(a, "POST "+device+"/alarms/{alarm}/close", "close-device-alarm", "The production lead's decision on an alarm", a.deviceAlarmClose)
	register(a, "POST "+device+"/programme", "approve-programme", "Say which version of a programme is approved", a.deviceProgramme)
	register(a, "POST "+device+"/retire", "retire-device", "Take a device out of use for ever", a.deviceRetire)
}

type devicesOut struct {
	Devices []deviceLineOut `json:"devices"`
}

func (a *api) deviceList(ctx context.Context, at *desk.Desk, _ *struct{}) (*answer[devicesOut], error) {
	sheets, err := at.Plant.Batches.Equipment().List(ctx)
	if err != nil {
		return nil, err
	}
	out := devicesOut{Devices: []deviceLineOut{}}
	for _, s := range sheets {
		out.Devices = append(out.Devices, deviceLine(&s))
	}
	return &answer[devicesOut]{Body: out}, nil
}
