package equipment

import (
	"maps"
	"slices"
	"strings"

	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
	"rexbatch/internal/people"
)

// Bounds of texts, in bytes.
const (
	maxName   = 80
	maxShort  = 40 // area, alarm code, programme, version
	maxRef    = 80
	minReason = 5
	maxReason = 500
)

// Registration is what is known of a new device.
type Registration struct {
	ID   ID
	Kind string // as recipes name it: 2 to 32 characters a–z, 0–9 and '-'
	Name string
	Area string
	// Checks are what the device has to pass again and again, with the day until which it is passed already, as on the
	// device's stickers. A zero Due says that it has not been passed yet: the device may not be used before.
	Checks map[Check]Due
}

// Register decides that the plant has a device.
func (r Registration) Register(by ledger.Author) ([]ledger.Draft, error) {
	err := may(by, people.ManageEquipment)
	if err != nil {
		return nil, err
	}
	id, err := ParseID(string(r.ID))
	if err != nil {
		return nil, err
	}
	if !kindForm.MatchString(r.Kind) {
		return nil, ledger.Refuse(ledger.Invalid, "CS-67", "device-kind",
			"a kind of equipment has 2 to 32 small letters, digits and hyphens", "use the kind that the recipes name, e.g. centrifuge")
	}
	data := registered{ID: id, Kind: r.Kind, Due: map[Check]Due{}}
	data.Name, err = line("name", r.Name, 1, maxName)
	if err != nil {
		return nil, err
	}
	data.Area, err = line("area", r.Area, 1, maxShort)
	if err != nil {
		return nil, err
	}
	for _, check := range slices.Sorted(maps.Keys(r.Checks)) {
		if !slices.Contains(Checks(), check) || check == DailyControl && !r.Checks[check].IsZero() {
			return nil, ledger.Refuse(ledger.Invalid, "CS-67", "device-check",
				"a device is qualified, calibrated and cleaned until a day, and controlled on the day itself", "choose among these checks")
		}
		if due := r.Checks[check]; !due.IsZero() {
			data.Due[check] = due
		}
	}
	for _, check := range Checks() {
		if _, ok := r.Checks[check]; ok {
			data.Needs = append(data.Needs, check)
		}
	}
	return []ledger.Draft{{Type: typeRegistered, Data: data}}, nil
}

// Retire decides that the device is never used again. Its identifier stays taken.
func (d *Device) Retire(by ledger.Author, reason string) ([]ledger.Draft, error) {
	reason, err := d.changing(by, reason)
	if err != nil {
		return nil, err
	}
	return []ledger.Draft{{Type: typeRetired, Data: retired{Reason: reason}}}, nil
}

// SetProgramme decides which version of a programme is approved on the device, e.g. "07" → "v2". An empty version takes
// the approval back.
func (d *Device) SetProgramme(by ledger.Author, programme, version, reason string) ([]ledger.Draft, error) {
	reason, err := d.changing(by, reason)
	if err != nil {
		return nil, err
	}
	programme, err = line("programme", programme, 1, maxShort)
	if err != nil {
		return nil, err
	}
	version, err = line("version", version, 0, maxShort)
	if err != nil {
		return nil, err
	}
	if d.Programmes[programme] == version {
		return nil, ledger.Refuse(ledger.Invalid, "CS-67", "programme-unchanged",
			"programme {programme} of {id} stands like this already", "leave it as it is", "programme", programme, "id", string(d.ID))
	}
	return []ledger.Draft{{Type: typeProgramme, Data: programmeApproved{Programme: programme, Version: version, Reason: reason}}}, nil
}

// changing checks that a person may change what the device is, and why they do.
func (d *Device) changing(by ledger.Author, reason string) (string, error) {
	err := may(by, people.ManageEquipment)
	if err != nil {
		return "", err
	}
	err = d.kept()
	if err != nil {
		return "", err
	}
	return reasonOf(reason)
}

// kept refuses whatever would be done with a retired device.
func (s *Sheet) kept() error {
	if s.Retired != "" {
		return ledger.Refuse(ledger.Unmet, "CS-67", "device-retired", "{id} is retired", "take another device", "id", string(s.ID))
	}
	return nil
}

func may(by ledger.Author, p people.Permission) error {
	if people.Role(by.Role).May(p) {
		return nil
	}
	return ledger.Refuse(ledger.Forbidden, "CS-66", "equipment-not-allowed", "the role {role} may not record this of a device",
		"production records checks and alarms; the production lead or QA manages devices", "role", by.Role)
}

// line checks one line of text that stands in the record and on paper.
func line(part, text string, least, most int) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) < least || len(text) > most {
		return "", ledger.Refuse(ledger.Invalid, "CS-67", "device-text", "{part} is missing or too long", "enter it again, shorter if need be", "part", part)
	}
	return text, printable(part, text)
}

func reasonOf(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) < minReason || len(text) > maxReason {
		return "", ledger.Refuse(ledger.Invalid, "CS-12", "reason-missing", "a reason of 5 to 500 characters is needed", "say why")
	}
	return text, printable("reason", text)
}

func printable(part, text string) error {
	err := paper.Printable(text)
	if err != nil {
		return ledger.Refuse(ledger.Invalid, "CS-10", "not-printable", "{field} has a character that cannot be printed in the record ({why})",
			"use letters, digits and common signs", "field", part, "why", err.Error())
	}
	return nil
}
