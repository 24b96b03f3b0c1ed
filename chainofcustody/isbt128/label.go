package isbt128

import (
	"fmt"
	"strings"

	"rexbatch/chainofcustody/gs1"
	"rexbatch/chainofcustody/plantid"
)

// LabelContent is what the Data Matrix of one of our labels says. ISBT 128 leaves data identifiers with a small letter
// to the facility; "&z" is ours and ends every label that we print (screens rule 6, LB-1). Its nine characters are
//
//	nn      serial of the label on its container, 01 for the first print
//	yzQA-/  the Canary
//	K       check character (mod 37-2) over all capitals and digits of the message before it
//
// A scanner that types with another keyboard layout, or with the capitals locked, cannot type the canary; a character
// that was lost or changed anywhere in the message breaks K.
type LabelContent struct {
	CoI    CoI
	ID     ContainerID
	Expiry string // DS 005; empty on labels of what has no expiry yet
	Serial int    // 1 to 99

	GTIN  gs1.GTIN // of a plant whose codes are those of GS1; zero where they are those of its identifiers
	Batch string   // only the codes of GS1 say it
}

// Canary are characters that stand on other keys of a German (y, z, -, /), a Spanish (-, /) and a French (z, Q, A, -, /)
// keyboard than on the American one that scanners imitate when they are not set up. The letters are of both cases, so a
// locked capital key shows too.
const Canary = "yzQA-/"

const (
	ownIdentifier = "&z"
	ownLength     = 2 + len(Canary) + 1
	ownRule       = "LB-3"
)

// String is what the Data Matrix says: element strings of GS1 where there is a GTIN, else the compound message (DS 023): Chain of Identity, donation number whose flag repeats its check character
// (60 to 96), division, expiry where there is one, and the facility's own structure. ParseScan reads it back. It is empty
// without Chain of Identity or container: such a label must not exist (ID-11).
func (l LabelContent) String() string {
	if l.CoI.IsZero() || l.ID.IsZero() || l.Serial < 1 || l.Serial > 99 {
		return ""
	}
	if !l.GTIN.IsZero() {
		return l.elements()
	}
	if l.CoI.Scheme() == Plant || l.ID.Scheme() == Plant {
		return l.plant()
	}
	structures, expiry := 4, ""
	if l.Expiry != "" {
		structures, expiry = 5, "&>"+l.Expiry
	}
	text := fmt.Sprintf("=+%02d000%s%s=,%s%s%s%02d%s", structures, l.CoI.Label(), l.ID.din.LabelChecked(), l.ID.division.code, expiry, ownIdentifier, l.Serial, Canary)
	return text + string(mustCheck(ISBT128, alphanumerics(text)))
}

// LabelChecked is the donation number as Label gives it, but with a flag that repeats the check character, so that a
// reader can tell a wrong number: "=A99992600012385". The label of a plant's own number has its check character anyway.
func (d DIN) LabelChecked() string {
	if d.Scheme() != ISBT128 {
		return d.Label()
	}
	return fmt.Sprintf("=%s%d", d.code, 60+strings.IndexByte(alphabet, d.Check()))
}

// plant is the label of a plant that issues its own identifiers: "RB:", the parts with "/" between them, the check
// character over them, and the canary.
func (l LabelContent) plant() string {
	parts := []string{l.CoI.code, l.ID.din.code, l.ID.division.code}
	if l.Expiry != "" {
		parts = append(parts, l.Expiry)
	}
	label := plantid.Label(append(parts, fmt.Sprintf("%02d", l.Serial))...)
	if label == "" {
		return ""
	}
	return label + Canary
}

// takeOwn checks the facility's own structure, which ends at the end of message.
func (s *Scan) takeOwn(message, data string) error {
	if got := data[2 : ownLength-1]; got != Canary {
		return otherLayout(got)
	}
	body := message[:len(message)-1]
	if !strings.HasSuffix(message, data) || message[len(body)] != mustCheck(ISBT128, alphanumerics(body)) {
		return fail(ownRule, CodeCheck, "the check character of the label does not fit: a character was lost or changed", "scan again; if it stays, print the label anew", "text", quote(message))
	}
	s.Serial = number(data[:2])
	if !digit(data[0]) || !digit(data[1]) || s.Serial == 0 {
		return badCharacter(ownRule, data, 0)
	}
	return nil
}

func otherLayout(got string) error {
	return fail(ownRule, CodeLayout, "the scanner types with another keyboard layout than this computer: {got} was read, {want} stands on the label", "set the scanner to the layout of the keyboard, then scan again",
		"got", quote(got), "want", quote(Canary))
}

// alphanumerics are the capitals and digits of a text.
func alphanumerics(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && alphanumeric(byte(r)) {
			return r
		}
		return -1
	}, text)
}
