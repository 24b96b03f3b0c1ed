package gs1

import (
	"fmt"
	"strconv"
	"time"
)

// calendar tells whether YYMMDD is a date in some century, or, with the day 00, a month.
func calendar(s string) bool {
	day := s[4:]
	if day == "00" {
		day = "01"
	}
	// 29 February 2000 to 2099 and of the century before are in the same years, but 1900; which no label here means.
	_, err := time.Parse("060102", s[:4]+day)
	return err == nil
}

// ParseDate reads YYMMDD in a zone. The century is the one that puts the year between 49 before and 50 after that of now
// (General Specifications 7.12); the day 00 is the last of its month. It is the end of the day, 23:59, for an expiry to hold
// through it; the caller who means the beginning truncates.
func ParseDate(s string, now time.Time, zone *time.Location) (time.Time, error) {
	if len(s) != 6 {
		return time.Time{}, fail(CodeTime, quote(s)+" is not a date YYMMDD")
	}
	return moment(s, "2359", now, zone)
}

// ParseDateTime reads YYMMDDhhmm, the form of AI (7003), in a zone; see ParseDate for the century.
func ParseDateTime(s string, now time.Time, zone *time.Location) (time.Time, error) {
	if len(s) != 10 || s[4:6] == "00" {
		return time.Time{}, fail(CodeTime, quote(s)+" is not a date and time YYMMDDhhmm")
	}
	return moment(s[:6], s[6:], now, zone)
}

func moment(date, clock string, now time.Time, zone *time.Location) (time.Time, error) {
	for _, c := range []byte(date + clock) {
		if !digit(c) {
			return time.Time{}, fail(CodeTime, quote(date+clock)+" is not a date")
		}
	}
	year, err := strconv.Atoi(date[:2])
	if err != nil {
		return time.Time{}, fmt.Errorf("year: %w", err)
	}
	this := now.In(zone).Year()
	year += this - this%100
	switch {
	case year-this > 50:
		year -= 100
	case this-year > 49:
		year += 100
	}
	day := date[4:]
	if day == "00" {
		first, err := time.Parse("20060102", fmt.Sprintf("%04d%s01", year, date[2:4]))
		if err != nil {
			return time.Time{}, fail(CodeTime, quote(date)+" is not a month")
		}
		day = fmt.Sprintf("%02d", first.AddDate(0, 1, -1).Day())
	}
	t, err := time.ParseInLocation("200601021504", fmt.Sprintf("%04d%s%s%s", year, date[2:4], day, clock), zone)
	if err != nil {
		return time.Time{}, fail(CodeTime, quote(date+clock)+" is not a date and time")
	}
	return t, nil
}

// Expiry is when the goods of a code expire: AI (7003) with its time, else the end of the day of AI (17). False when the code
// says neither, or says a time that is none.
func (m Message) Expiry(now time.Time, zone *time.Location) (time.Time, bool) {
	if v, ok := m.Value("7003"); ok {
		t, err := ParseDateTime(v, now, zone)
		return t, err == nil
	}
	v, ok := m.Value("17")
	if !ok {
		return time.Time{}, false
	}
	t, err := ParseDate(v, now, zone)
	return t, err == nil
}

// ExpiryTime is an expiry as AI (7003), in a zone; seconds are dropped, so the label never promises more than there is.
func ExpiryTime(t time.Time, zone *time.Location) Element {
	return Element{"7003", t.In(zone).Format("0601021504")}
}

// ExpiryDate is an expiry as AI (17), in a zone.
func ExpiryDate(t time.Time, zone *time.Location) Element {
	return Element{"17", t.In(zone).Format("060102")}
}
