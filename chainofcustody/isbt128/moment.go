package isbt128

import (
	"fmt"
	"time"
)

// The identifiers of the structures that hold a date, or a date and a time (DS 004 to 009).
const (
	ExpiryDate     = "=>" // DS 004; ExpiryTime is recommended now
	ExpiryTime     = "&>" // DS 005
	CollectionDate = "=*" // DS 006
	CollectionTime = "&*" // DS 007
	ProductionDate = "=}" // DS 008
	ProductionTime = "&}" // DS 009
)

const momentRule = "ISBT 128 DS 004-009"

// Moment is a date, or a date and time, as a structure of a label: local to zone, which the code does not carry. Seconds
// are dropped. Another identifier than one of the six is an error.
func Moment(identifier string, t time.Time, zone *time.Location) (Structure, error) {
	whole := Expiry005(t, zone)
	switch identifier {
	case ExpiryTime, CollectionTime, ProductionTime:
		return Structure{identifier, whole}, nil
	case ExpiryDate, CollectionDate, ProductionDate:
		return Structure{identifier, whole[:6]}, nil
	default:
		return Structure{}, fail(momentRule, CodeStructure, "{identifier} is no structure of a date", "use one of DS 004 to 009", "identifier", quote(identifier))
	}
}

// Time reads a structure of a date in the zone of the label. An expiry without a time is the end of its day, 23:59 (DS 005);
// every other date without a time its beginning.
func (s Structure) Time(zone *time.Location) (time.Time, error) {
	data := s.Data
	switch s.Identifier {
	case ExpiryTime, CollectionTime, ProductionTime:
	case ExpiryDate:
		data += "2359"
	case CollectionDate, ProductionDate:
		data += "0000"
	default:
		return time.Time{}, fail(momentRule, CodeStructure, "{identifier} is no structure of a date", "scan the date", "identifier", quote(s.Identifier))
	}
	return ParseExpiry005(data, zone)
}

// PrintMoment is a date and time as a label prints it: "2026-11-23 15:30 CET" and, since a shipment may cross zones, the
// same in UTC in parentheses, for the line beneath (ST-001 7.4.4.2).
func PrintMoment(t time.Time, zone *time.Location) (local, utc string) {
	return t.In(zone).Format("2006-01-02 15:04 MST"), fmt.Sprintf("(%s)", t.UTC().Format("2006-01-02 15:04 UTC"))
}
