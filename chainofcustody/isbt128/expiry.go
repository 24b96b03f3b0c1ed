package isbt128

import (
	"fmt"
	"time"
)

const expiryRule = "ISBT 128 DS 005"

var expirySets = sets("nnnnnnnnnn")

// Expiry005 is the data of an expiry date and time, cyyjjjhhmm: century, year, day of the year, hour and minute in the
// zone of the label (DS 005). Seconds are dropped, so the label never promises more than there is. The code does not
// carry the zone; the label prints it, with UTC beneath.
func Expiry005(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return fmt.Sprintf("%d%02d%03d%02d%02d", t.Year()/100%10, t.Year()%100, t.YearDay(), t.Hour(), t.Minute())
}

// ParseExpiry005 reads the ten digits of DS 005, as local time of zone. In the hour that a clock change repeats the
// earlier instant is taken, since an expiry read too late could harm; a local time that the change leaves out is refused.
func ParseExpiry005(s string, zone *time.Location) (time.Time, error) {
	err := shape(expiryRule, "an expiry", s, expirySets)
	if err != nil {
		return time.Time{}, err
	}
	year := 2000 + 100*number(s[:1]) + number(s[1:3])
	if s[0] == '9' { // the century digit 9 is 19yy
		year = 1900 + number(s[1:3])
	}
	day, hour, minute := number(s[3:6]), number(s[6:8]), number(s[8:])
	wall := time.Date(year, time.January, 1, hour, minute, 0, 0, time.UTC).AddDate(0, 0, day-1)
	if day < 1 || wall.Year() != year || hour > 23 || minute > 59 {
		return time.Time{}, noSuchTime(s)
	}
	var earliest time.Time
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(zone).Zone()
		instant := wall.Add(-time.Duration(offset) * time.Second)
		if Expiry005(instant, zone) == s && (earliest.IsZero() || instant.Before(earliest)) {
			earliest = instant
		}
	}
	if earliest.IsZero() {
		return time.Time{}, noSuchTime(s)
	}
	return earliest, nil
}

func noSuchTime(s string) error {
	return fail(expiryRule, CodeTime, "{text} is not a date and time", "compare with the printed expiry", "text", quote(s))
}

func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
