package isbt128

import "fmt"

// String is the structure as it stands on a label, its identifier before its data.
func (s Structure) String() string { return s.Identifier + s.Data }

// Structure is the number as a structure of a label, flag 00. A number of a plant has none: its labels are its own.
func (d DIN) Structure() (Structure, error) {
	if d.Scheme() != ISBT128 {
		return Structure{}, notISBT(dinRule, dinName, d.code)
	}
	return Structure{"=", d.code + "00"}, nil
}

// Structure is the identifier as a structure of a label. An identifier of a plant has none: its labels are its own.
func (c CoI) Structure() (Structure, error) {
	if c.Scheme() != ISBT128 {
		return Structure{}, notISBT(coiRule, coiName, c.code)
	}
	return Structure{"&/", c.code}, nil
}

// Structure is the division as a structure of a label.
func (d Division) Structure() Structure { return Structure{"=,", d.code} }

func notISBT(rule, name, code string) error {
	return fail(rule, CodeStructure, "{text} is not {a} of ISBT 128", "print the label of the plant instead", "text", quote(code), "a", name)
}

// maxCompound is as many structures as two digits can count.
const maxCompound = 99

// Compound joins structures to one message in undefined order (DS 023): "=+04000" and the structures as they are given.
// Each is checked as a scanner's input is, so what comes out can be read back; two of one kind are refused.
func Compound(structures ...Structure) (string, error) {
	if len(structures) == 0 || len(structures) > maxCompound {
		return "", fail("ISBT 128 DS 023", CodeCount, "a compound message has 1 to 99 structures, not {count}", "give what the label carries",
			"count", fmt.Sprint(len(structures)))
	}
	text := fmt.Sprintf("=+%02d000", len(structures))
	for _, s := range structures {
		text += s.String()
	}
	scan, err := ParseScan(text)
	if err != nil {
		return "", err
	}
	for i, s := range structures {
		if scan.Structures[i] != s { // one that swallowed the beginning of the next
			return "", unknownStructure(s.String())
		}
	}
	return text, nil
}
