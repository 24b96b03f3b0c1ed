package shipment

import (
	"slices"
	"strings"

	"rexbatch/chainofcustody"
	"rexbatch/internal/ledger"
	"rexbatch/internal/paper"
)

func holderOf(party chainofcustody.Party, by ledger.Author) Holder {
	return Holder{Party: party, Account: by.Account, Role: by.Role, Terminal: by.Terminal}
}

func describe(h Holder) string {
	if h.Account == "" {
		return string(h.Party)
	}
	return string(h.Party) + " (" + h.Account + ")"
}

func list(items []string) string { return "[" + strings.Join(items, " ") + "]" }

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// Bounds of what a shipment holds.
const (
	maxText       = 200
	maxContainers = 50
	maxSeals      = 20
	minReason     = 5
	maxReason     = 500
)

// line checks one line of text that stands in the record and on paper.
func line(part, text string, least int) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) < least || len(text) > maxText || strings.ContainsAny(text, "\r\n") {
		return "", ledger.Refuse(ledger.Invalid, "TR-1", "shipment-text", "{part} is missing or too long", "enter it again, shorter if need be", "part", part)
	}
	return text, printable(part, text)
}

// names checks a list of seals or containers: each once.
func names(part string, items []string, most int) ([]string, error) {
	out := make([]string, 0, len(items))
	for _, item := range items {
		item, err := line(part, item, 1)
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, item) {
			return nil, ledger.Refuse(ledger.Invalid, "TR-6", "named-twice", "{item} is named twice", "name each once", "item", item)
		}
		out = append(out, item)
	}
	if len(out) > most {
		return nil, ledger.Refuse(ledger.Invalid, "TR-6", "too-many", "there are more than {most} of {part}", "name those of this shipment", "most", "50", "part", part)
	}
	return out, nil
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
