package pages

import (
	"time"

	"rexbatch/batch/equipment"
	"rexbatch/internal/ledger"
)

// onDevice does a command on the device of the request and goes back to its page.
func (v *visit) onDevice(done string, do func(*equipment.Book, ledger.Author, equipment.ID) error) error {
	id, err := equipment.ParseID(v.Param("device"))
	if err != nil {
		return err
	}
	author, err := v.desk.Acting(v.FormValue("role"), anyRole)
	if err != nil {
		return v.devicePage(status(err), v.problems(err, nil)...)
	}
	err = do(v.plant().Batches.Equipment(), author, id)
	if err != nil {
		return v.devicePage(status(err), v.problems(err, nil)...)
	}
	return v.to("/equipment/" + string(id) + "?done=" + done)
}

// checking is what the form of a check says. A check without its own time was made now.
func (v *visit) checking(k *equipment.Book) (equipment.Checking, error) {
	c := equipment.Checking{
		At: v.now().UTC(), Passed: v.FormValue("result") == "pass", AsFound: equipment.AsFound(v.FormValue("as_found")),
		Reference: v.FormValue("reference"), Remark: v.FormValue("remark"),
	}
	var err error
	c.Due, err = k.Due(v.pickedDay("due"))
	if err != nil || v.pickedDay("made") == "" {
		return c, err
	}
	c.At, err = v.pickedTime("made")
	return c, err
}

// pickedDay joins the parts of a date; empty while none is picked, and of no form while one is missing.
func (v *visit) pickedDay(prefix string) string {
	d, m, y := v.FormValue(prefix+"_day"), v.FormValue(prefix+"_month"), v.FormValue(prefix+"_year")
	if d+m+y == "" {
		return ""
	}
	return y + "-" + m + "-" + d
}

// pickedLocal is a day, or a moment on the plant's clock, as the domain reads it; empty while none is picked, and of no form
// while a part is missing.
func (v *visit) pickedLocal(prefix string) string {
	day, hour, minute := v.pickedDay(prefix), v.FormValue(prefix+"_hour"), v.FormValue(prefix+"_minute")
	if hour+minute == "" {
		return day
	}
	return day + "T" + hour + ":" + minute
}

// pickedTime is a moment on the plant's clock. Of an hour that happens twice the first is taken: the time since a check
// is then rather too long than too short.
func (v *visit) pickedTime(prefix string) (time.Time, error) {
	const layout = "2006-01-02 15:04"
	for _, part := range []string{"_day", "_month", "_year", "_hour", "_minute"} {
		if v.FormValue(prefix+part) == "" {
			return time.Time{}, ledger.Refuse(ledger.Invalid, "DI-9", "moment-missing", "day, month, year, hour or minute of a time was not chosen", "choose all of them")
		}
	}
	text := v.pickedDay(prefix) + " " + v.FormValue(prefix+"_hour") + ":" + v.FormValue(prefix+"_minute")
	t, err := time.ParseInLocation(layout, text, v.zone())
	if err != nil || t.Format(layout) != text {
		return t, ledger.Refuse(ledger.Invalid, "DI-9", "device-moment", "this is no time of that day at the plant", "choose day, hour and minute again")
	}
	if earlier := t.Add(-time.Hour); earlier.Format(layout) == text {
		t = earlier
	}
	return t.UTC(), nil
}

type deviceCheck func(d *equipment.Device, by ledger.Author, now time.Time, c equipment.Checking) ([]ledger.Draft, error)

// check records a check that may throw doubt on batches: they are told in the same append.
func (v *visit) check(decide deviceCheck) error {
	return v.onDevice("device-checked", func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		c, err := v.checking(k)
		if err != nil {
			return err
		}
		return v.plant().Batches.CheckDevice(v.ctx(), by, id, func(d *equipment.Device, now time.Time) ([]ledger.Draft, error) {
			return decide(d, by, now, c)
		})
	})
}

// deviceCalibrate is POST /equipment/:device/calibrate.
func (v *visit) deviceCalibrate() error {
	return v.check(func(d *equipment.Device, by ledger.Author, now time.Time, c equipment.Checking) ([]ledger.Draft, error) {
		return d.Calibrate(by, now, c)
	})
}

// deviceQualify is POST /equipment/:device/qualify.
func (v *visit) deviceQualify() error {
	return v.check(func(d *equipment.Device, by ledger.Author, now time.Time, c equipment.Checking) ([]ledger.Draft, error) {
		return d.Qualify(by, now, c)
	})
}

// deviceControl is POST /equipment/:device/control: today's control.
func (v *visit) deviceControl() error {
	return v.check(func(d *equipment.Device, by ledger.Author, now time.Time, c equipment.Checking) ([]ledger.Draft, error) {
		c.Due = v.plant().Batches.Equipment().Day(c.At)
		return d.DailyControl(by, now, c)
	})
}

// deviceClean is POST /equipment/:device/clean.
func (v *visit) deviceClean() error {
	return v.onDevice("device-checked", func(k *equipment.Book, by ledger.Author, id equipment.ID) error {
		c, err := v.checking(k)
		if err != nil {
			return err
		}
		return k.Clean(v.ctx(), by, id, c)
	})
}
