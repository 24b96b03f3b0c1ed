package chainofcustody

import (
	"slices"
	"strings"

	"rexbatch/chainofcustody/isbt128"
	"rexbatch/chainofcustody/keyboard"
	"rexbatch/internal/ledger"
	"rexbatch/internal/people"
)

// WrongKeyboard is the refusal of what a scanner typed through another keyboard layout than its own, so that it only
// looks like no code at all; nil where no layout explains it. own tells what would be a code. Scanner and terminal are
// named as far as the text tells them apart; nothing is taken from it (screens, rule 6).
func WrongKeyboard(raw string, own func(string) bool) *ledger.Refusal {
	faults := keyboard.Faults(raw, own)
	if faults == nil {
		return nil
	}
	var scanner, terminal []string
	for _, f := range faults {
		scanner, terminal = append(scanner, string(f.Scanner)), append(terminal, string(f.Terminal))
	}
	return ledger.Refuse(ledger.Invalid, "CS-67", "scan-layout",
		"the scanner types for the keyboard {scanner}, this terminal reads {keyboard}: nothing was taken from {raw}",
		"set the scanner to {keyboard} with the code in its manual, then scan again",
		"scanner", alternatives(scanner), "keyboard", alternatives(terminal), "raw", printable(raw))
}

// alternatives are the layouts that a text leaves open: "DE / ES".
func alternatives(layouts []string) string {
	slices.Sort(layouts)
	return strings.Join(slices.Compact(layouts), " / ")
}

// isLabel tells whether a text is a label as a scanner reads it.
func isLabel(text string) bool {
	s, err := isbt128.ParseScan(text)
	return err == nil && !s.Typed
}

// What else is scanned for a batch: the plant gives these codes, not the treatment.
const (
	LotCode   Kind = "lot"
	DeviceTag Kind = "device"
)

// Read is the scan of a lot or a device, whatever came of it: its raw text stands in the record like that of a label
// (screens, rule 7).
func Read(purpose string, expected Kind, raw string, refused ledger.Refusals) ledger.Draft {
	record := scanned{Purpose: purpose, Expected: expected, Outcome: Matched}
	record.keep(people.Masked(raw))
	for i, r := range refused {
		record.Outcome = Refused
		if r.Kind == ledger.Invalid {
			record.Outcome = Unreadable
		}
		if i == 0 {
			record.Why = r.Error()
		}
	}
	return ledger.Draft{Type: typeScanned, Data: record}
}
