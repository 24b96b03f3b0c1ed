package pages

import (
	"strconv"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// deviceAlarm is POST /equipment/:device/alarm: the device gives an alarm now.
func (v *visit) deviceAlarm() error {
	return v.onDevice("device-alarm", func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		return k.Alarm(v.ctx(), by, id, equipment.Report{Code: v.FormValue("code"), Text: v.FormValue("text"), At: v.now()})
	})
}

// deviceAlarmClose is POST /equipment/:device/alarms/:alarm/close.
func (v *visit) deviceAlarmClose() error {
	return v.onDevice("device-alarm-closed", func(_ *equipment.Book, by ledger.Author, id equipment.ID) error {
		number, err := strconv.Atoi(v.Param("alarm"))
		if err != nil {
			number = 0 // there is no such alarm
		}
		return v.plant().Batches.CloseAlarm(v.ctx(), by, id, number, equipment.Decision(v.FormValue("decision")), v.FormValue("reason"), v.FormValue("lot"))
	})
}

// deviceProgramme is POST /equipment/:device/programme.
func (v *visit) deviceProgramme() error {
	return v.onDevice("device-programme", func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		return k.SetProgramme(v.ctx(), by, id, v.FormValue("programme"), v.FormValue("version"), v.FormValue("reason"))
	})
}

// deviceRetire is POST /equipment/:device/retire.
func (v *visit) deviceRetire() error {
	return v.onDevice("device-retired", func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		return k.Retire(v.ctx(), by, id, v.FormValue("reason"))
	})
}
